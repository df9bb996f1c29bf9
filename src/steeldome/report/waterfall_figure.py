"""The waterfall as a figure: levels from zero, steps from where the last one ended, both bands beneath each bar."""

import itertools
import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from steeldome.report.contents import Measure
from steeldome.report.figures import BLUE, GREEN, GRID, INK, PAPER, SOFT, VERMILION, styled
from steeldome.report.wording import Wording

LEVEL_COLOUR, MORE_COLOUR, FEWER_COLOUR = BLUE, VERMILION, GREEN
FEWER_HATCH, OUTSIDE_HATCH = "xxxx", "////"

_WIDTH: Final = 9.0  # inches
_LABELS, _PANEL, _VALUE, _BAND = 1.85, 3.35, 1.05, 1.3  # inches
_ROW, _HEAD, _FOOT = 29.0, 20.0, 40.0  # points
_BAR, _BANDS, _THIN = 0.42, 0.2, 0.07  # heights; the bands lie beneath the bar
_BENEATH: Final = 0.36


class Bar(NamedTuple):
    """One bar.

    Attributes
    ----------
    label : str
    measure : Measure
        A level of leakage, or a step.
    start : float
        Where a step begins; 0 for a level.
    is_level : bool
    outside : float
        Part of a level that is marked as outside every ring.
    """

    label: str
    measure: Measure
    start: float
    is_level: bool
    outside: float = 0.0


def waterfall_figure(bars: Sequence[Bar], wording: Wording) -> Figure:
    """Levels and steps one below the other, with numbers and bands at the right.

    Parameters
    ----------
    bars : sequence of Bar
        Each step begins where the bar before it ends.
    wording : Wording
    """
    with styled():
        return _waterfall_figure(bars, wording)


def _waterfall_figure(bars: Sequence[Bar], wording: Wording) -> Figure:
    height = (len(bars) * _ROW + _HEAD + _FOOT) / 72.0
    figure = Figure(figsize=(_WIDTH, height))
    axis: Any = figure.add_axes(
        (_LABELS / _WIDTH, _FOOT / 72.0 / height, _PANEL / _WIDTH, len(bars) * _ROW / 72.0 / height)
    )
    _set_up(axis, bars, wording)
    for i, bar in enumerate(bars):
        _draw_bar(axis, -i, bar)
    for i, (bar, after) in enumerate(itertools.pairwise(bars)):
        end = bar.start + bar.measure.value
        axis.plot([end, end], [-i, -i - 1], color=SOFT, linewidth=0.8, zorder=2.5)
        assert after.is_level or math.isclose(after.start, end, abs_tol=1e-9)
    _write_numbers(axis, bars, wording)
    _legend(figure, bars, wording)
    return figure


def _set_up(axis: Any, bars: Sequence[Bar], wording: Wording) -> None:
    """Axis of leakage from 0 to a round number that holds every bar and band, 100 % at most; labels at the left."""
    ends = [end + bar.start for bar in bars for end in bar.measure[:5] if math.isfinite(end)]
    low, high = min(0.0, *ends), min(1.0, max(0.02, *ends))
    step = next(step for step in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25) if high / step <= 6.5)
    ticks = [i * step for i in range(math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9) + 1)]
    axis.set_facecolor("none")
    axis.set_xlim(ticks[0] if low < -0.1 * step else -0.01 * ticks[-1], ticks[-1])
    axis.set_ylim(-len(bars) + 0.42, 0.42)
    axis.set_yticks([])
    axis.set_xticks(ticks, [wording.quantity(tick, "1", min(step, 0.01)) for tick in ticks])
    axis.tick_params(axis="x", length=0, labelsize=8)
    for side in ("left", "right", "top"):
        axis.spines[side].set_visible(False)
    axis.grid(axis="x", color=GRID, linewidth=0.6)
    axis.set_axisbelow(True)
    axis.axvline(0.0, color=SOFT, linewidth=0.8, zorder=1)
    for i, bar in enumerate(bars):
        weight = "bold" if bar.is_level else "normal"
        _beside(axis, 0.0, -8.0, -i, bar.label, "right", fontsize=9, fontweight=weight)


def _draw_bar(axis: Any, y: float, bar: Bar) -> None:
    measure, start = bar.measure, bar.start
    colour = LEVEL_COLOUR if bar.is_level else MORE_COLOUR if measure.value >= 0.0 else FEWER_COLOUR
    hatch = FEWER_HATCH if colour == FEWER_COLOUR else ""
    axis.barh(y, measure.value, _BAR, start, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0.6, zorder=3)
    if bar.outside > 0.0:
        axis.barh(
            y, bar.outside, _BAR, start, color=colour, hatch=OUTSIDE_HATCH, edgecolor=PAPER, linewidth=0, zorder=3
        )
    under = y - _BENEATH
    if math.isfinite(measure.input_low) and math.isfinite(measure.input_high):
        width = measure.input_high - measure.input_low
        axis.barh(under, width, _BANDS, start + measure.input_low, color=colour, alpha=0.45, linewidth=0, zorder=3)
    if math.isfinite(measure.low) and math.isfinite(measure.high):
        width = measure.high - measure.low
        axis.barh(under, width, _THIN, start + measure.low, color=INK, linewidth=0, zorder=4)
    axis.plot([start + measure.value], [under], "o", color=INK, markersize=3.4, clip_on=False, zorder=5)


def _write_numbers(axis: Any, bars: Sequence[Bar], wording: Wording) -> None:
    """Three columns at the right: mean, band of chance, band of inputs."""
    translate = wording.translate
    columns = [_VALUE, _VALUE + _BAND, _VALUE + 2.0 * _BAND]
    heads = (translate("mean"), translate("chance, 95%"), translate("inputs, 5–95%"))
    for inches, head in zip(columns, heads, strict=True):
        _beside(axis, 1.0, 72.0 * inches, 0.72, head, "right", fontsize=8, color=SOFT)
    for i, bar in enumerate(bars):
        is_step = not bar.is_level
        shown = (
            wording.value(bar.measure, is_step),
            wording.chance(bar.measure, is_step, bare=is_step),
            wording.inputs(bar.measure, is_step, bare=is_step),
        )
        for inches, text, size in zip(columns, shown, (9, 8, 8), strict=True):
            weight = "bold" if size == 9 else "normal"
            _beside(axis, 1.0, 72.0 * inches, -i, text, "right", fontsize=size, fontweight=weight)


def _beside(axis: Any, edge: float, points: float, y: float, text: str, align: str, **look: Any) -> None:
    """A text in a row, so many points from the left (0) or right (1) edge of the panel."""
    axis.annotate(
        text,
        (edge, y),
        xycoords=("axes fraction", "data"),
        xytext=(points, 0.0),
        textcoords="offset points",
        ha=align,
        va="center",
        annotation_clip=False,
        **{"color": INK, **look},
    )


def _legend(figure: Figure, bars: Sequence[Bar], wording: Wording) -> None:
    translate = wording.translate
    looks = [(translate("leakage"), LEVEL_COLOUR, "")]
    if any(bar.outside > 0.0 for bar in bars):
        looks.append((translate("outside every ring"), LEVEL_COLOUR, OUTSIDE_HATCH))
    looks.append((translate("more gets through"), MORE_COLOUR, ""))
    if any(bar.measure.value < 0.0 for bar in bars if not bar.is_level):
        looks.append((translate("less gets through"), FEWER_COLOUR, FEWER_HATCH))
    handles = [Patch(facecolor=colour, hatch=hatch, edgecolor=PAPER, label=label) for label, colour, hatch in looks]
    place = (_LABELS / _WIDTH, 0.0)
    figure.legend(handles=handles, loc="lower left", ncols=len(handles), fontsize=8, bbox_to_anchor=place, borderpad=0)
