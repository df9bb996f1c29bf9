"""The waterfall as rows, as a page and as a file of its own.

A report that has the record of a waterfall stored asks `waterfall_view` for figure, rows and sentences.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import jinja2
from markupsafe import Markup

from steeldome import __version__
from steeldome.report.contents import Measure
from steeldome.report.figures import styled, to_svg
from steeldome.report.waterfall import (
    PLAYED,
    RINGS,
    Translate,
    Waterfall,
    counts,
    matchup,
    reading,
    sentences,
    stage_labels,
    stage_meanings,
    title,
)
from steeldome.report.waterfall_figure import Bar, waterfall_figure
from steeldome.report.wording import Wording, class_names
from steeldome.results.files import Files, write_file

TEMPLATE: Final = "waterfall.html.j2"
_NAME: Final = "waterfall"
_DOTS_PER_INCH: Final = 200


class StageRow(NamedTuple):
    """One row of the table: a stage, what comes back at it, and its numbers."""

    label: str
    meaning: str
    leakage: Measure
    step: Measure
    shots: Measure


class ClassRow(NamedTuple):
    """One row of the table by class; of the first and the last row the cells are leakage, else steps."""

    label: str
    cells: list[Measure]
    is_level: bool


@dataclass(frozen=True, slots=True)
class WaterfallView:
    """What a page shows of a waterfall."""

    title: str
    caption: str
    counts: str
    figure: Markup
    rows: list[StageRow]
    classes: list[str]
    class_rows: list[ClassRow]
    sentences: list[str]


def waterfall_view(found: Waterfall, wording: Wording) -> WaterfallView:
    """Figure, rows, sentences and caption of a waterfall, for a page that has its own heading.

    Parameters
    ----------
    found : Waterfall
    wording : Wording
    """
    labels, meanings = stage_labels(wording.translate), stage_meanings(wording.translate)
    heading = f"{title(wording.translate)}. {matchup(found, wording.translate)}"
    with styled(_NAME):
        drawn = to_svg(waterfall_figure(_bars(found, wording), wording), _NAME, heading)
    rows = [
        StageRow(labels[stage.id], meanings[stage.id], stage.leakage, stage.step, shots)
        for stage, shots in zip(found.stages, found.shots, strict=True)
    ]
    names = class_names(wording.translate)
    classes = found.by_class.values()
    class_rows = [
        ClassRow(labels[stage.id], [one.stages[i].step for one in classes], i == 0)
        for i, stage in enumerate(found.stages)
    ]
    class_rows.insert(1, ClassRow(wording.translate("outside every ring"), [one.outside for one in classes], True))
    class_rows.append(ClassRow(labels[PLAYED], [one.stages[-1].leakage for one in classes], True))
    return WaterfallView(
        title=heading,
        caption=_caption(found, wording),
        counts=counts(found, wording),
        figure=drawn,
        rows=rows,
        classes=[names[key] for key in found.by_class],
        class_rows=class_rows,
        sentences=sentences(found, wording),
    )


def _caption(found: Waterfall, wording: Wording) -> str:
    """How the figure is read, and what stands behind it."""
    beneath = wording.translate(
        "Beneath each bar: inputs, assumptions and siting, 5–95% (wide); chance, 95% (thin); mean (dot)."
    )
    return f"{reading(found, wording)} {beneath} {counts(found, wording)}"


def _bars(found: Waterfall, wording: Wording) -> list[Bar]:
    """Bars of the figure: the first level, every step, the last level."""
    labels = stage_labels(wording.translate)
    first, last = found.stages[0], found.stages[-1]
    bars = [Bar(labels[RINGS], first.leakage, 0.0, True, found.outside.value)]
    for before, stage in zip(found.stages[:-1], found.stages[1:], strict=True):
        bars.append(Bar(labels[stage.id], stage.step, before.leakage.value, False))
    return [*bars, Bar(labels[PLAYED], last.leakage, 0.0, True)]


def write_waterfall(found: Waterfall, path: Path, language: str, translate: Translate) -> None:
    """Write a waterfall as one file; its ending decides what it is.

    Parameters
    ----------
    found : Waterfall
    path : Path
        Ends in ``.html``, ``.svg`` or ``.png``; an older file is replaced.
    language : str
        ``en`` or ``tr``.
    translate : callable
        From an English sentence to the same sentence in the language.
    """
    wording = Wording(language, translate)
    if path.suffix == ".html":
        data = render_waterfall(found, wording).encode()
    else:
        data = draw_waterfall(found, wording, path.suffix[1:])
    write_file(path, data, Files())


def draw_waterfall(found: Waterfall, wording: Wording, kind: str) -> bytes:
    """The figure as a file of its own, with title and caption inside; ``kind`` is ``svg`` or ``png``."""
    heads = title(wording.translate), matchup(found, wording.translate)
    buffer = io.BytesIO()
    with styled(_NAME):
        figure = waterfall_figure(_bars(found, wording), wording, heads, _caption(found, wording))
        metadata = {"Date": None} if kind == "svg" else {"Software": f"Steeldome {__version__}"}
        figure.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, facecolor="white", metadata=metadata)
    return buffer.getvalue()


def render_waterfall(found: Waterfall, wording: Wording) -> str:
    """The page as HTML text; the same waterfall gives the same text."""
    loader = jinja2.PackageLoader("steeldome.report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    style, _, _ = loader.get_source(environment, "style.css")
    environment.globals.update({"translate": wording.translate, "wording": wording})
    page = environment.get_template(TEMPLATE).render(
        language=wording.language,
        study=found.study,
        version=__version__,
        style=Markup(style),
        view=waterfall_view(found, wording),
        quote=_quote(found, wording.translate),
    )
    return page.strip() + "\n"


def _quote(found: Waterfall, translate: Translate) -> str:
    pattern = translate(
        "Quote together or not at all: the result, both bands, evidence level {level}, Steeldome {version}, "
        "seed {seed}."
    )
    return pattern.format(level=found.level, version=__version__, seed=found.seed)
