"""The waterfall on a terminal: a bar a stage, its number and both bands, then the steps by class."""

import textwrap
from typing import Final

from steeldome.app.printing import Translate, print_table
from steeldome.report.contents import Measure
from steeldome.report.labels import class_labels
from steeldome.report.waterfall import PLAYED, RINGS, Waterfall, counts, matchup, reading, sentences, stage_labels
from steeldome.report.wording import Wording

_WIDTH: Final = 118
_CELLS: Final = 36  # letters of a bar's row
_LEVEL, _MORE, _FEWER = "█", "▓", "░"


def print_waterfall(found: Waterfall, language: str, translate: Translate) -> None:
    """Print a waterfall with its caption, its sentences and the table by class."""
    wording = Wording(language, translate)
    print(matchup(found, translate))
    print_table(_rows(found, wording))
    for text in (reading(found, wording), counts(found, wording)):
        print(textwrap.fill(text, _WIDTH))
    print()
    for sentence in sentences(found, wording):
        print(textwrap.fill(f"- {sentence}", _WIDTH, subsequent_indent="  "))
    print()
    print(translate("Steps by class of threat, in points; in brackets the band of inputs and siting, 5–95%"))
    print_table(_class_rows(found, wording))


def _rows(found: Waterfall, wording: Wording) -> list[tuple[str, ...]]:
    """Rows of the chart: label, bar, mean, both bands."""
    translate, labels = wording.translate, stage_labels(wording.translate)
    top = max(stage.leakage.value for stage in found.stages)
    full = next(end for end in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 1.0) if top <= end)
    axis = "0" + wording.quantity(full, "1", 0.01).rjust(_CELLS - 1)
    rows: list[tuple[str, ...]] = [("", axis, translate("mean"), translate("chance, 95%"), translate("inputs, 5–95%"))]
    first, last = found.stages[0], found.stages[-1]
    rows.append(_row(labels[RINGS], first.leakage, 0.0, full, wording))
    rows.append(_row("  " + translate("outside every ring"), found.outside, 0.0, full, wording))
    for before, stage in zip(found.stages[:-1], found.stages[1:], strict=True):
        rows.append(_row("+ " + labels[stage.id], stage.step, before.leakage.value, full, wording, True))
    rows.append(_row(labels[PLAYED], last.leakage, 0.0, full, wording))
    return rows


def _row(
    label: str, measure: Measure, start: float, full: float, wording: Wording, is_step: bool = False
) -> tuple[str, ...]:
    low, high = sorted((start, start + measure.value))
    first, last = round(low / full * _CELLS), round(high / full * _CELLS)
    letter = _LEVEL if not is_step else _MORE if measure.value >= 0.0 else _FEWER
    bar = " " * first + letter * max(last - first, int(measure.value != 0.0))
    band = (wording.chance(measure, is_step, bare=is_step), wording.inputs(measure, is_step, bare=is_step))
    return label, bar, wording.value(measure, is_step, bare=is_step), *band


def _class_rows(found: Waterfall, wording: Wording) -> list[tuple[str, ...]]:
    translate, labels, names = wording.translate, stage_labels(wording.translate), class_labels(wording.translate)
    classes = found.by_class.values()

    def row(label: str, measures: list[Measure], is_step: bool) -> tuple[str, ...]:
        cells = []
        for measure in measures:
            value = wording.value(measure, is_step, bare=is_step)
            band = (
                "" if not is_step and measure.value == 0.0 else f" [{wording.inputs(measure, is_step, bare=is_step)}]"
            )
            cells.append(value + band)
        return label, *cells

    rows: list[tuple[str, ...]] = [("", *(names[key] for key in found.by_class))]
    rows.append(row(labels[RINGS], [one.stages[0].leakage for one in classes], False))
    rows.append(row("  " + translate("outside every ring"), [one.outside for one in classes], False))
    for i, stage in enumerate(found.stages[1:], start=1):
        rows.append(row("+ " + labels[stage.id], [one.stages[i].step for one in classes], True))
    rows.append(row(labels[PLAYED], [one.stages[-1].leakage for one in classes], False))
    return rows
