"""The waterfall as figure and tables of a report, as a page and as a file of its own.

A report that has the record of a waterfall stored asks `waterfall_view` for picture, tables and sentences.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from steeldome import __version__
from steeldome.report.figures import Picture
from steeldome.report.pages import page_environment
from steeldome.report.standalone import stand_alone
from steeldome.report.tables import Cell, Column, Table, TableRow
from steeldome.report.waterfall import (
    PLAYED,
    RINGS,
    ClassSteps,
    Translate,
    Waterfall,
    counts,
    matchup,
    reading,
    sentences,
    stage_labels,
    stage_meanings,
)
from steeldome.report.waterfall_figure import Bar, waterfall_figure
from steeldome.report.wording import Wording, class_names, verdict
from steeldome.results.files import Files, write_file

TEMPLATE: Final = "waterfall.html.j2"


@dataclass(frozen=True, slots=True)
class WaterfallView:
    """What a page shows of a waterfall; figure and tables have yet to be numbered where they stand among others.

    Attributes
    ----------
    picture : Picture
    tables : tuple of Table
        What each stage gives back and costs; levels by class; steps by class.
    sentences : list of str
    """

    picture: Picture
    tables: tuple[Table, ...]
    sentences: list[str]


def waterfall_view(found: Waterfall, wording: Wording) -> WaterfallView:
    """Figure, tables and sentences of a waterfall.

    Parameters
    ----------
    found : Waterfall
    wording : Wording
    """
    translate = wording.translate
    heading = translate("From brochure to reality: what lets the raid through")
    bars = _bars(found, wording)
    picture = Picture(
        id="waterfall",
        title=f"{heading}. {matchup(found, translate)}.",
        caption=f"{reading(found, wording)} {counts(found, wording)}",
        draw=lambda _: waterfall_figure(bars, wording),
        number=1,
        has_bands=True,
    )
    tables = _stage_table(found, wording), _level_table(found, wording), _step_table(found, wording)
    return WaterfallView(picture, tables, sentences(found, wording))


def _stage_table(found: Waterfall, wording: Wording) -> Table:
    translate = wording.translate
    labels, meanings = stage_labels(translate), stage_meanings(translate)
    rows = []
    for stage, shots in zip(found.stages, found.shots, strict=True):
        step = None if stage.id == RINGS else stage.step
        rows.append(TableRow((labels[stage.id], meanings[stage.id], step, stage.leakage, shots)))
    return Table(
        "waterfall",
        translate("What each stage gives back, and what it costs."),
        counts(found, wording),
        (
            Column("stage", translate("Stage")),
            Column("gives_back", translate("What comes back")),
            Column("step", translate("Step, points"), "difference", "bare"),
            Column("leakage", translate("Leakage"), "measure"),
            Column("shots", translate("Shots fired"), "measure", "bare"),
        ),
        tuple(rows),
        number=1,
        style="wide",
        reading=translate("First line: mean; second: chance, 95%; third: inputs and siting, 5–95%."),
    )


def _level_table(found: Waterfall, wording: Wording) -> Table:
    """Where each class begins, what of that no ring covers, and where it ends."""
    translate, labels = wording.translate, stage_labels(wording.translate)
    rows: list[tuple[Cell, ...]] = []
    for name, one in _classes(found, translate):
        rows.append((labels[RINGS], name, one.stages[0].leakage))
        rows.append((translate("outside every ring"), name, one.outside))
        rows.append((labels[PLAYED], name, one.stages[-1].leakage))
    title = translate("Leakage by class of threat, as promised and as played.")
    return _by_class(
        found, wording, 2, "waterfall-levels", title, Column("leakage", translate("Leakage"), "measure"), rows
    )


def _step_table(found: Waterfall, wording: Wording) -> Table:
    translate, labels = wording.translate, stage_labels(wording.translate)
    rows: list[tuple[Cell, ...]] = [
        (labels[stage.id], name, stage.step) for name, one in _classes(found, translate) for stage in one.stages[1:]
    ]
    title = translate("Steps by class of threat, in percentage points.")
    column = Column("step", translate("Step, points"), "difference", "bare")
    return _by_class(found, wording, 3, "waterfall-steps", title, column, rows)


def _classes(found: Waterfall, translate: Translate) -> list[tuple[str, ClassSteps]]:
    names = class_names(translate)
    return [(names[key], one) for key, one in found.by_class.items()]


def _by_class(
    found: Waterfall,
    wording: Wording,
    number: int,
    name: str,
    title: str,
    column: Column,
    rows: list[tuple[Cell, ...]],
) -> Table:
    """A table of one measure, stages down and classes across."""
    translate = wording.translate
    return Table(
        name,
        title,
        counts(found, wording),
        (Column("stage", translate("Stage")), Column("class", translate("Class")), column),
        tuple(TableRow(cells) for cells in rows),
        number=number,
        across="class",
        reading=translate("First line: mean; second: chance, 95%; third: inputs and siting, 5–95%."),
    )


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
        picture = waterfall_view(found, wording).picture
        files = dict(stand_alone(picture, f"{found.study}. Steeldome {__version__}.", translate))
        data = next(data for name, data in files.items() if name.endswith(path.suffix))
    write_file(path, data, Files())


def render_waterfall(found: Waterfall, wording: Wording) -> str:
    """The page as HTML text; the same waterfall gives the same text."""
    translate = wording.translate
    environment, style = page_environment(wording)
    environment.globals.update({"verdict": verdict})
    quote = translate(
        "Quote together or not at all: the result, both bands, evidence level {level}, Steeldome {version}, "
        "seed {seed}."
    )
    page = environment.get_template(TEMPLATE).render(
        language=wording.language,
        page_title=" – ".join((translate("From brochure to reality"), found.study)),
        study=found.study,
        version=__version__,
        style=style,
        view=waterfall_view(found, wording),
        quote=quote.format(level=found.level, version=__version__, seed=found.seed),
    )
    return page.strip() + "\n"
