"""Coverage as pictures: a map for each height above ground, and the side view of one sensor."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from steeldome.analysis.coverage import SideView
from steeldome.experiments.coverage import Coverage
from steeldome.inputs.study import Study
from steeldome.kernels.coverage import CAUSES, COVERED
from steeldome.report.coverage_words import caption, cause_names, height_label, side_caption
from steeldome.report.figures import BLUE, Picture, styled
from steeldome.report.map import MAPPED, Frame, draw_degrees, draw_lines
from steeldome.report.wording import Wording

#: Seen in all samples; what some see lies between this and the pale one.
SEEN: Final = BLUE
PALE: Final = "#dcebf5"
#: Light, and apart in lightness as well as in hue.
COLOURS: Final = {
    "power": "#e9e9ee",
    "horizon": "#f6e7a1",
    "terrain": "#b98b5e",
    "sector": "#e3b7d3",
    "instrumented_range": "#c3c7cf",
    "time_budget": "#e8a27c",
    "no_data": "#4a4a52",
    "several": "#ffffff",
}
INK: Final = "#1c1c22"

_WIDTH: Final = 9.6  # inches
_DOTS: Final = 160  # per inch, of what is no vector
_RASTER: Final = 2  # what is drawn below this is no vector
_GAP, _HEAD, _LEGEND_ROW = 0.12, 0.28, 0.21  # inches


def coverage_figure(found: Coverage, study: Study, wording: Wording) -> Figure:
    """A map for each height, two in a row, with the assets of the study, its sites and a legend of what is in the way.

    Parameters
    ----------
    found : Coverage
    study : Study
        Whose assets and names are drawn.
    wording : Wording
    """
    grid = found.grid
    north, east = grid.south + grid.n_rows * grid.step_north, grid.west + grid.n_columns * grid.step_east
    frame = Frame(*(math.degrees(edge) for edge in (grid.west, east, grid.south, north)))
    n = len(found.question.heights)
    n_columns = min(2, n)
    n_rows = -(-n // n_columns)
    panel = (_WIDTH - (n_columns + 1) * _GAP) / n_columns
    tall = panel * (frame.north - frame.south) * frame.stretch / (frame.east - frame.west)
    patches = legend_patches(found.share, found.cause, wording)
    foot = _GAP + _LEGEND_ROW * (-(-len(patches) // 3))
    height = n_rows * (tall + _HEAD) + foot
    with styled():
        figure = Figure(figsize=(_WIDTH, height), facecolor="#ffffff", dpi=_DOTS)
        for h, above in enumerate(found.question.heights):
            row, column = divmod(h, n_columns)
            left = _GAP + column * (panel + _GAP)
            bottom = foot + (n_rows - 1 - row) * (tall + _HEAD)
            axis = figure.add_axes((left / _WIDTH, bottom / height, panel / _WIDTH, tall / height))
            _draw_panel(axis, found, h, frame)
            _draw_places(axis, found, study, frame, wording.language)
            axis.set_title(height_label(above, wording), loc="left", fontsize=8.5, color=INK, pad=3)
        _draw_legend(figure, patches, foot / height)
        return figure


def colours_of(share: npt.NDArray[np.float64], cause: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Colour of each cell: blue, the darker the more samples see it; of what is in the way where none does."""
    table = np.array([to_rgb(COLOURS.get(name, SEEN)) for name in CAUSES])
    pale, full = np.array(to_rgb(PALE)), np.array(to_rgb(SEEN))
    weight = np.where(share >= 1.0, 1.0, 0.75 * share)[..., None]
    blue: npt.NDArray[np.float64] = weight * full + (1.0 - weight) * pale
    return np.where((share > 0.0)[..., None], blue, table[cause])


def legend_patches(share: npt.NDArray[np.float64], cause: npt.NDArray[np.uint8], wording: Wording) -> list[Patch]:
    """Seen, seen in some samples, then each cause that there is."""
    translate, names = wording.translate, cause_names(wording.translate)
    patches = [Patch(facecolor=SEEN, edgecolor=INK, linewidth=0.4, label=translate("seen in all samples"))]
    if np.any((share > 0.0) & (share < 1.0)):
        mixed = colours_of(np.array([0.5]), np.array([COVERED], np.uint8))[0]
        label = translate("seen in some: the darker, the more")
        patches.append(Patch(facecolor=tuple(mixed), edgecolor=INK, linewidth=0.4, label=label))
    present = set(np.unique(cause[share <= 0.0]).tolist())
    for code in sorted(present):
        name = CAUSES[code]
        patches.append(Patch(facecolor=COLOURS[name], edgecolor=INK, linewidth=0.4, label=names[name]))
    return patches


def _draw_panel(axis: Any, found: Coverage, h: int, frame: Frame) -> None:
    axis.imshow(
        colours_of(found.share[h], found.cause[h]),
        origin="lower",
        extent=(frame.west, frame.east, frame.south, frame.north),
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )
    if MAPPED.holds(frame.west, frame.south) and MAPPED.holds(frame.east, frame.north):
        draw_lines(axis, frame)
    else:
        draw_degrees(axis, frame)
    axis.set_rasterization_zorder(_RASTER)  # cells and coasts of four panels as vectors would be a megabyte
    axis.set_xlim(frame.west, frame.east)
    axis.set_ylim(frame.south, frame.north)
    axis.set_xticks([])
    axis.set_yticks([])


def _draw_places(axis: Any, found: Coverage, study: Study, frame: Frame, language: str) -> None:
    for unit in found.sites:
        longitude, latitude = math.degrees(unit.longitude), math.degrees(unit.latitude)
        if frame.holds(longitude, latitude):
            axis.plot(longitude, latitude, ".", color="#ffffff", markeredgecolor=INK, markeredgewidth=0.5, markersize=5)
    for asset in study.assets:
        longitude, latitude = math.degrees(asset.longitude), math.degrees(asset.latitude)
        if frame.holds(longitude, latitude):
            axis.plot(longitude, latitude, "+", color=INK, markersize=6, markeredgewidth=1.2, zorder=6)
            if found.question.around == asset.id:
                name = asset.name.in_language(language)
                axis.annotate(name, (longitude, latitude), (4, 4), textcoords="offset points", fontsize=7, color=INK)


def _draw_legend(figure: Figure, patches: Sequence[Patch], top: float) -> None:
    legend = figure.legend(
        handles=list(patches), loc="upper left", bbox_to_anchor=(0.005, top), ncols=3, fontsize=7.5, borderaxespad=0.2
    )
    for text in legend.get_texts():
        text.set_color(INK)


def side_figure(view: SideView, wording: Wording) -> Figure:
    """What one sensor sees, altitude against range."""
    is_seen = (view.cause == COVERED).astype(np.float64)
    is_ground = view.altitude[:, None] < view.ground[None, :]
    patches = legend_patches(np.where(is_ground, 1.0, is_seen), view.cause, wording)
    patches[0].set_label(cause_names(wording.translate)["covered"])
    patches.append(Patch(facecolor="#6b5844", edgecolor=INK, linewidth=0.4, label=wording.translate("ground")))
    foot = 0.6 + _LEGEND_ROW * (-(-len(patches) // 3))
    height = 3.4 + foot
    with styled():
        figure = Figure(figsize=(_WIDTH, height), facecolor="#ffffff")
        axis: Any = figure.add_axes((0.075, foot / height, 0.9, 3.2 / height))
        extent = (0.0, view.distance[-1] / 1000.0, 0.0, view.altitude[-1] / 1000.0)
        axis.imshow(
            colours_of(is_seen, view.cause), origin="lower", extent=extent, aspect="auto", interpolation="nearest"
        )
        axis.fill_between(view.distance / 1000.0, 0.0, view.ground / 1000.0, color="#6b5844", linewidth=0)
        axis.set_xlim(extent[:2])
        axis.set_ylim(extent[2:])
        axis.set_xlabel(wording.translate("distance along the ground, km"), color=INK, fontsize=8)
        axis.set_ylabel(wording.translate("altitude above the sea, km"), color=INK, fontsize=8)
        axis.tick_params(colors=INK, labelsize=8)
        _draw_legend(figure, patches, (foot - 0.45) / height)
        return figure


def coverage_pictures(found: Coverage, study: Study, names: Mapping[str, str], wording: Wording) -> list[Picture]:
    """The map, and the side view where one was asked for; ``names`` as for :func:`caption`."""
    translate = wording.translate
    title = translate("Coverage of the laydown ({laydown}) against {threat}.").format(**names)

    def draw_map(_: object) -> Figure:
        return coverage_figure(found, study, wording)

    pictures = [Picture("coverage", title, caption(found, names, wording), draw_map, number=1)]
    if found.side is not None:
        view = found.side

        def draw_side(_: object) -> Figure:
            return side_figure(view, wording)

        title = translate("Side view from {sensor} against {threat}.").format(sensor=found.question.side, **names)
        pictures.append(Picture("side-view", title, side_caption(found, names, wording), draw_side, number=2))
    return pictures
