"""Footprints on a plain grid of kilometres around each fire unit, with the bearing that the threat comes from."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch

from steeldome.compiler.tables import STAGES
from steeldome.experiments.footprint import DEFENDED, Footprint, rectangles
from steeldome.report.figures import (
    BLUE,
    GRID,
    INK,
    ORANGE,
    OTHER_COLOUR,
    PAPER,
    PURPLE,
    SKY,
    SOFT,
    VERMILION,
    YELLOW,
    legend_columns,
    styled,
    wrapped,
)
from steeldome.report.wording import Wording, rounding_step, stage_names

ONE, MORE, OUTSIDE = "one", "more", "outside_envelope"
#: Colour and hatch of a cell by what becomes of it; blue is defended, and only blue.
LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    ONE: (SKY, ""),
    MORE: (BLUE, ""),
    "too_late": (VERMILION, "////"),
    "below_horizon": (ORANGE, "...."),
    "no_track": (YELLOW, "xxxx"),
    "never_in_coverage": (OTHER_COLOUR, "----"),
    "doctrine_hold": (PURPLE, "||||"),
    OUTSIDE: (GRID, ""),
}
MOST_PANELS: Final = 12

_COLUMNS: Final = 3
_WIDTH: Final = 7.2  # inches
_SIDE, _GAP, _HEAD, _FOOT = 0.45, 0.15, 0.78, 0.34  # inches: left of a panel, between, above, below
_TITLE: Final = 7.2  # points
_TITLE_LINES: Final = 4
_LEGEND_ROW: Final = 14.0  # points


class _Panel(NamedTuple):
    axis: Any
    footprint: Footprint
    title: str
    extent: float  # km


def footprint_figure(found: Sequence[Footprint], titles: Sequence[str], wording: Wording) -> Figure:
    """A panel for each footprint: cells, the unit, its reach as a circle, an arrow along which the threat comes.

    Parameters
    ----------
    found : sequence of Footprint
        At most `MOST_PANELS`.
    titles : sequence of str
        Name of each fire unit and of the threat that it meets.
    wording : Wording
    """
    assert len(found) == len(titles) <= MOST_PANELS
    with styled():
        return _footprint_figure(found, titles, wording)


def _footprint_figure(found: Sequence[Footprint], titles: Sequence[str], wording: Wording) -> Figure:
    labels = _labels(wording)
    shown = [name for name in LOOKS if any(_cells(one)[name].any() for one in found if one.area.size)]
    handles: list[Artist] = [
        Patch(facecolor=LOOKS[name][0], hatch=LOOKS[name][1], edgecolor=PAPER, label=labels[name]) for name in shown
    ]
    handles.append(Line2D([], [], color=SOFT, linestyle="--", label=wording.translate("reach")))
    n_legend = legend_columns([str(handle.get_label()) for handle in handles], 8.0, gap=36.0, width=510.0)
    legend = (math.ceil(len(handles) / n_legend) * _LEGEND_ROW + 22.0) / 72.0
    n_columns = min(_COLUMNS, len(found))
    n_rows = math.ceil(len(found) / n_columns)
    side = min(4.6, (_WIDTH - n_columns * _SIDE - (n_columns - 1) * _GAP) / n_columns)
    height = n_rows * (side + _HEAD + _FOOT) + legend
    figure = Figure(figsize=(_WIDTH, height))
    for i, (one, title) in enumerate(zip(found, titles, strict=True)):
        row, column = divmod(i, n_columns)
        left = _SIDE + column * (side + _SIDE + _GAP)
        bottom = height - row * (side + _HEAD + _FOOT) - _HEAD - side
        axis = figure.add_axes((left / _WIDTH, bottom / height, side / _WIDTH, side / height))
        _draw(_Panel(axis, one, "\n".join(wrapped(title, 72.0 * side, _TITLE)[:_TITLE_LINES]), _extent(one)), wording)
    figure.legend(
        handles=handles, loc="lower left", ncols=n_legend, fontsize=8.0, bbox_to_anchor=(0.0, 0.0), handlelength=1.6
    )
    return figure


def _labels(wording: Wording) -> dict[str, str]:
    translate, stages = wording.translate, stage_names(wording.translate)
    return {
        **{name: stages[name] for name in LOOKS if name in stages},
        ONE: translate("defended, one salvo"),
        MORE: translate("defended, two salvos or more"),
    }


def _cells(one: Footprint) -> dict[str, Any]:
    """Which cells have which look, (cell,) bool each."""
    is_defended = one.stage == DEFENDED
    found = {name: one.stage == STAGES.index(name) for name in LOOKS if name in STAGES}
    return {**found, ONE: is_defended & (one.salvos == 1), MORE: is_defended & (one.salvos > 1)}


def _extent(one: Footprint) -> float:
    """Half the side of a panel, km: all that is defended or within the envelope, and the reach."""
    is_inside = one.stage != STAGES.index(OUTSIDE)
    reached = [np.abs(found[is_inside]).max(initial=0.0) for found in (one.east, one.north)]
    return 1e-3 * (1.12 * max(*reached, one.reach) or 1_000.0)


def _draw(panel: _Panel, wording: Wording) -> None:
    axis, one, extent = panel.axis, panel.footprint, panel.extent
    for name, is_wanted in _cells(one).items():
        west, east, south, north = 1e-3 * rectangles(one, is_wanted).T
        if west.size:
            corners = np.stack([west, south, east, south, east, north, west, north], axis=1).reshape(-1, 4, 2)
            colour, hatch = LOOKS[name]
            axis.add_collection(
                PolyCollection(
                    list(corners),
                    facecolor=colour,
                    hatch=hatch,
                    edgecolor=PAPER if hatch else colour,
                    linewidth=0.0 if hatch else 0.3,
                    zorder=2,
                )
            )
    if one.reach > 0.0:
        axis.add_patch(Circle((0.0, 0.0), 1e-3 * one.reach, fill=False, edgecolor=SOFT, linestyle="--", zorder=3))
    axis.plot([0.0], [0.0], "^", color=INK, markeredgecolor=PAPER, markersize=6, zorder=5)
    x, y = extent * math.sin(one.approach.bearing), extent * math.cos(one.approach.bearing)
    axis.annotate(
        "",
        (0.72 * x, 0.72 * y),
        (1.0 * x, 1.0 * y),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4, "shrinkA": 0.0, "shrinkB": 0.0},
        zorder=6,
    )
    if one.barred:
        said = stage_names(wording.translate)[one.barred]
        axis.text(0.0, -0.4 * extent, said, ha="center", va="center", fontsize=8, color=INK, zorder=6)
    _set_up(panel, wording)


def _set_up(panel: _Panel, wording: Wording) -> None:
    axis, one = panel.axis, panel.footprint
    axis.set_facecolor("none")
    axis.set_xlim(-panel.extent, panel.extent)
    axis.set_ylim(-panel.extent, panel.extent)
    axis.set_aspect("equal")
    steps = (digit * 10.0**power for power in range(-2, 5) for digit in (1.0, 2.0, 5.0))
    step = next(step for step in steps if panel.extent < 3.0 * step)
    ticks = [i * step for i in range(-2, 3) if abs(i * step) <= panel.extent]
    for along in (axis.xaxis, axis.yaxis):
        along.set_ticks(ticks, [wording.number(tick, min(step, 1.0)) for tick in ticks])
    axis.tick_params(length=2.0, labelsize=7.0, color=GRID, labelcolor=SOFT, pad=2.0)
    area = wording.number(one.area_km2, rounding_step(one.area_km2, one.area_km2, one.area_km2))
    axis.set_title(f"{panel.title}\n{area} km²", fontsize=_TITLE, color=INK, loc="left", pad=4)
    axis.set_xlabel(wording.translate("km east of the unit"), fontsize=7.0, labelpad=2.0)
    axis.set_ylabel(wording.translate("km north"), fontsize=7.0, labelpad=0.0)
    axis.grid(color=GRID, linewidth=0.4)
    axis.set_axisbelow(True)
