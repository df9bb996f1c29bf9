"""The map: ground, coast and borders as far as the package's base map has them, and what the study puts on it.

On a light ground of its own, so that it reads the same in dark mode and on paper. Longitudes
are squeezed by the cosine of the middle latitude (an equirectangular map), so that the scale bar holds in both
directions within a few per cent over the area shown.
"""

import json
import math
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import tifffile
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path as MapPath
from matplotlib.patheffects import withStroke
from PIL import Image

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.report.contents import Arrow, MapContents, Outline, Place
from steeldome.report.figures import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, legend_columns, styled

Array = npt.NDArray[Any]

TERRAIN_FILE: Final = "globe30s_6E50E_30N48N.tif"
SEA, LAND_LOW, LAND_HIGH, LINE, BORDER, TEXT = "#dfe9ef", "#eef0e6", "#c9bfa9", "#8d9aa3", "#5b5b66", "#1c1c22"
#: Drawn in this order; a kind of system beyond the sixth takes the next marker.
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "h", "p", "<", ">", "d")
MARKER_COLOURS: Final = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY)
ADDED_EDGE: Final = "#000000"
_MARGIN: Final = (1.5, 1.2)  # degrees of longitude, latitude
_APPROACH: Final = (3.2, 0.6)  # more room on the side that the raids come from
_SHADES: Final = 48
_PIXELS: Final = 1100


class Frame(NamedTuple):
    """What the map covers, degrees."""

    west: float
    east: float
    south: float
    north: float

    @property
    def stretch(self) -> float:
        """Height of a degree of latitude over the width of a degree of longitude."""
        return 1.0 / math.cos(math.radians((self.south + self.north) / 2.0))

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies inside."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


SHADED: Final = Frame(6.1, 49.9, 30.1, 47.9)  # a little inside the package's elevation model
MAPPED: Final = Frame(10.0, 60.0, 25.0, 55.0)  # edges of the package's coast and borders
_WORLD: Final = Frame(-180.0, 180.0, -85.0, 85.0)


def frame_around(chart: MapContents) -> Frame:
    """Frame of assets and sites, with more room where the raids come from; inside the package's terrain if shaded."""
    return _frame(chart, SHADED if ground_of(chart) == "shaded" else _WORLD)


def _frame(chart: MapContents, limits: Frame) -> Frame:
    places = [*chart.assets, *chart.sites]
    longitudes = [place.longitude for place in places] or [26.0, 45.0]
    latitudes = [place.latitude for place in places] or [36.0, 42.0]
    east = [math.sin(math.radians(arrow.bearing)) * _APPROACH[0] for arrow in chart.arrows] or [0.0]
    north = [math.cos(math.radians(arrow.bearing)) * _APPROACH[1] for arrow in chart.arrows] or [0.0]
    return Frame(
        max(limits.west, min(longitudes) - _MARGIN[0] + min(0.0, *east)),
        min(limits.east, max(longitudes) + _MARGIN[0] + max(0.0, *east)),
        max(limits.south, min(latitudes) - _MARGIN[1] + min(0.0, *north)),
        min(limits.north, max(latitudes) + _MARGIN[1] + max(0.0, *north)),
    )


def ground_of(chart: MapContents) -> Literal["shaded", "mapped", "blank"]:
    """What the package has for the ground of a chart: relief, coast and borders alone, or nothing but degrees."""
    if not chart.has_base_map:
        return "blank"
    places = [*chart.assets, *chart.sites]
    if chart.has_terrain and all(SHADED.holds(place.longitude, place.latitude) for place in places):
        return "shaded"
    frame = _frame(chart, _WORLD)
    is_mapped = MAPPED.holds(frame.west, frame.south) and MAPPED.holds(frame.east, frame.north)
    return "mapped" if is_mapped else "blank"


def draw_map(chart: MapContents, north: str, added: str) -> Figure:
    """Map of one study.

    Parameters
    ----------
    chart : MapContents
    north, added : str
        The letter of north; what the legend calls a unit of a later laydown.
    """
    frame = frame_around(chart)
    with styled():
        width = 7.6
        height = width * (frame.north - frame.south) * frame.stretch / (frame.east - frame.west)
        handles = _legend_handles(chart, added)
        n_columns = legend_columns([str(handle.get_label()) for handle in handles], 7.0, gap=23.0, width=545.0)
        foot = 0.2 + 0.165 * -(-len(handles) // n_columns)
        figure = Figure(figsize=(width, height + foot), facecolor="#ffffff")
        axis = figure.add_axes((0.0, foot / (height + foot), 1.0, height / (height + foot)))
        axis.set_xlim(frame.west, frame.east)
        axis.set_ylim(frame.south, frame.north)
        axis.set_axis_off()
        ground = ground_of(chart)
        if ground == "blank":
            draw_degrees(axis, frame)
        else:
            _draw_ground(axis, frame, ground == "shaded")
            draw_lines(axis, frame)
        _draw_outlines(axis, chart.outlines, first_laydown(chart))
        _draw_assets(axis, chart.assets)
        _draw_sites(axis, chart)
        _draw_arrows(axis, frame, chart.arrows)
        _draw_scale(axis, frame, north)
        if handles:
            _draw_legend(figure, handles, n_columns)
        return figure


def first_laydown(chart: MapContents) -> str:
    """Laydown whose sites come first; units of any other are drawn as additions."""
    return chart.sites[0].laydown if chart.sites else ""


def hill_shade(elevation: Array, cell_east_m: float, cell_north_m: float) -> Array:
    """Brightness of ground lit from the north-west at 45 degrees.

    Parameters
    ----------
    elevation : (row, column) float, m
        Rows run from north to south.
    cell_east_m, cell_north_m : float, m
        Size of a cell.

    Returns
    -------
    (row, column) float, 0..1; flat ground is sin 45°.
    """
    south, east = np.gradient(elevation, cell_north_m, cell_east_m)
    slope = np.hypot(east, south)
    light = (1.0 + (east + south) * math.sqrt(0.5)) / np.sqrt(2.0 * (1.0 + slope**2))
    shade: Array = np.clip(light, 0.0, 1.0)
    return shade


def read_elevation(frame: Frame, pixels: int) -> tuple[Array, Frame]:
    """Elevation (row from the north, column) in metres, thinned to about so many columns, and the frame it fills."""
    path = resources.files("steeldome") / "data" / "terrain" / TERRAIN_FILE
    with path.open("rb") as stream, tifffile.TiffFile(stream) as file:
        page: Any = file.pages[0]
        step = float(page.tags["ModelPixelScaleTag"].value[0])
        west, north = (float(x) for x in page.tags["ModelTiepointTag"].value[3:5])
        grid = page.asarray()
    thin = max(1, round((frame.east - frame.west) / step / pixels))
    rows = slice(max(0, int((north - frame.north) / step)), math.ceil((north - frame.south) / step))
    columns = slice(max(0, int((frame.west - west) / step)), math.ceil((frame.east - west) / step))
    cut = grid[rows, columns].astype(np.float64)
    cut = cut[: cut.shape[0] // thin * thin, : cut.shape[1] // thin * thin]
    mean = cut.reshape(cut.shape[0] // thin, thin, cut.shape[1] // thin, thin).mean(axis=(1, 3))
    left, top = west + columns.start * step, north - rows.start * step
    size = step * thin
    return mean, Frame(left, left + mean.shape[1] * size, top - mean.shape[0] * size, top)


def _draw_ground(axis: Any, frame: Frame, is_shaded: bool) -> None:
    """Sea as the card's colour; land in one tint, or as a shaded picture cut at the coast by the vector land."""
    axis.add_patch(_rectangle(frame, SEA))
    if is_shaded:
        _draw_shades(axis, frame)
    else:
        axis.add_patch(PathPatch(_land_path(frame), facecolor=LAND_LOW, edgecolor="none", zorder=1.2))
    lakes = [ring for ring in _rings("lakes", frame) if len(ring) > 3]
    axis.add_collection(PolyCollection(lakes, facecolors=SEA, edgecolors=LINE, linewidths=0.4, zorder=1.3))


def _draw_shades(axis: Any, frame: Frame) -> None:
    elevation, filled = read_elevation(frame, _PIXELS)
    metres = math.radians(1.0) * MEAN_EARTH_RADIUS
    cell = (filled.north - filled.south) / elevation.shape[0] * metres
    shade = hill_shade(elevation * 5.0, cell / frame.stretch, cell)
    tint = np.clip(elevation / 3000.0, 0.0, 1.0)[..., None]
    low, high = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (LAND_LOW, LAND_HIGH))
    colour = (low * (1.0 - tint) + high * tint) * (0.62 + 0.54 * shade[..., None])
    picture = Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8)).quantize(_SHADES, dither=Image.Dither.NONE)
    image = axis.imshow(
        np.asarray(picture.convert("RGB")),
        extent=(filled.west, filled.east, filled.south, filled.north),
        aspect="auto",
        zorder=1.2,
    )
    image.set_clip_path(_land_path(frame), axis.transData)


def draw_degrees(axis: Any, frame: Frame) -> None:
    """Meridians and parallels on a ground without a map."""
    axis.add_patch(_rectangle(frame, LAND_LOW))
    halo = [withStroke(linewidth=2.2, foreground=LAND_LOW)]
    style: dict[str, Any] = {"fontsize": 6.5, "color": LINE, "path_effects": halo, "zorder": 1.6}
    step = max(1, round((frame.east - frame.west) / 8.0))
    for longitude in range(math.ceil(frame.west), math.floor(frame.east) + 1):
        if longitude % step == 0:
            axis.plot([longitude] * 2, [frame.south, frame.north], color=LINE, linewidth=0.3, zorder=1.5)
            axis.text(longitude, frame.north, f"{longitude}°", ha="center", va="top", **style)
    for latitude in range(math.ceil(frame.south), math.floor(frame.north) + 1):
        if latitude % step == 0:
            axis.plot([frame.west, frame.east], [latitude] * 2, color=LINE, linewidth=0.3, zorder=1.5)
            axis.text(frame.east, latitude, f"{latitude}°", ha="right", va="center", **style)


def draw_lines(axis: Any, frame: Frame) -> None:
    """Coast, borders and provinces of the package's base map."""
    for name, colour, width in (
        ("admin_1_states_provinces_lines", LINE, 0.25),
        ("land", "#6f808c", 0.5),
        ("admin_0_boundary_lines_land", BORDER, 0.8),
    ):
        style = (0, (4, 2)) if name.startswith("admin_0") else "solid"
        lines = _rings(name, frame)
        axis.add_collection(LineCollection(lines, colors=colour, linewidths=width, linestyles=[style], zorder=1.5))


def _draw_outlines(axis: Any, outlines: Sequence[Outline], first: str) -> None:
    for outline in outlines:
        is_added = outline.laydown != first
        axis.add_patch(
            Polygon(
                outline.points,
                closed=True,
                facecolor=VERMILION if is_added else BLUE,
                edgecolor="none",
                alpha=0.20 if is_added else 0.13,
                zorder=3,
            )
        )
        edge = VERMILION if is_added else BLUE
        axis.add_patch(Polygon(outline.points, closed=True, fill=False, edgecolor=edge, linewidth=0.7, zorder=4))


def _draw_assets(axis: Any, assets: Sequence[Place]) -> None:
    halo = [withStroke(linewidth=2.2, foreground="#ffffff")]
    above: list[Place] = []
    for asset in assets:
        axis.plot(asset.longitude, asset.latitude, "+", color=TEXT, markersize=7, markeredgewidth=1.3, zorder=6)
        is_crowded = any(
            abs(a.longitude - asset.longitude) < 0.9 and abs(a.latitude - asset.latitude) < 0.28 for a in above
        )
        if not is_crowded:
            above.append(asset)
        axis.annotate(
            asset.name,
            (asset.longitude, asset.latitude),
            xytext=(0, -6 if is_crowded else 5),
            textcoords="offset points",
            ha="center",
            va="top" if is_crowded else "bottom",
            fontsize=7,
            color=TEXT,
            path_effects=halo,
            zorder=9,
        )


def _draw_sites(axis: Any, chart: MapContents) -> None:
    looks = marker_looks(chart.kinds)
    first = first_laydown(chart)
    for site in chart.sites:
        marker, colour = looks.get(site.kind, ("o", TEXT))
        is_added = site.laydown != first
        axis.plot(
            site.longitude,
            site.latitude,
            marker,
            color=colour,
            markersize=8.5 if is_added else 6.2 if marker in "PX" else 5,
            markeredgecolor=ADDED_EDGE if is_added else "#ffffff",
            markeredgewidth=1.4 if is_added else 0.6,
            zorder=8 if is_added else 7,
        )


def marker_looks(kinds: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Marker and colour of each kind of site; no two kinds share both."""
    n = len(MARKER_COLOURS)
    return {
        key: (MARKERS[i % len(MARKERS)], MARKER_COLOURS[(i + i // len(MARKERS)) % n]) for i, key in enumerate(kinds)
    }


def _draw_arrows(axis: Any, frame: Frame, arrows: Sequence[Arrow]) -> None:
    """Arrows that come in from the map's edge towards its middle: directions, never positions."""
    halo = [withStroke(linewidth=2.4, foreground="#ffffff")]
    middle = ((frame.west + frame.east) / 2.0, (frame.south + frame.north) / 2.0)
    half = ((frame.east - frame.west) / 2.0, (frame.north - frame.south) / 2.0)
    for arrow in arrows:
        east, north = math.sin(math.radians(arrow.bearing)), math.cos(math.radians(arrow.bearing))
        step = (east * frame.stretch, north)
        reach = min(h / abs(s) for h, s in zip(half, step, strict=True) if abs(s) > 1e-9)
        tail = [m + 0.985 * reach * s for m, s in zip(middle, step, strict=True)]
        head = [m + 0.985 * reach * s - 0.85 * s for m, s in zip(middle, step, strict=True)]
        shape = {
            "arrowstyle": "simple,head_length=0.7,head_width=0.8,tail_width=0.32",
            "color": "#3a3a44",
            "alpha": 0.9,
        }
        axis.annotate("", head, tail, arrowprops=shape, zorder=10)
        inset = [m + 0.985 * reach * s - 1.0 * s for m, s in zip(middle, step, strict=True)]
        horizontal = "right" if east > 0.35 else "left" if east < -0.35 else "center"
        vertical = "center" if abs(north) < 0.5 else "top" if north > 0 else "bottom"
        axis.annotate(
            arrow.label, inset, ha=horizontal, va=vertical, fontsize=7, color="#3a3a44", path_effects=halo, zorder=11
        )


def _draw_scale(axis: Any, frame: Frame, north: str) -> None:
    length_m = 200_000.0
    degrees = math.degrees(length_m / MEAN_EARTH_RADIUS) * frame.stretch
    x, y = frame.west + 0.35, frame.south + 0.3
    axis.plot([x, x + degrees], [y, y], color=TEXT, linewidth=2, solid_capstyle="butt", zorder=12)
    axis.text(x + degrees / 2, y + 0.1, "200 km", ha="center", va="bottom", fontsize=7, color=TEXT, zorder=12)
    x = frame.west + 0.45
    tip = (x, frame.south + 1.65)
    axis.annotate("", tip, (x, frame.south + 0.9), arrowprops={"arrowstyle": "-|>", "color": TEXT}, zorder=12)
    axis.text(
        x, frame.south + 1.7, north, ha="center", va="bottom", fontsize=7.5, fontweight="bold", color=TEXT, zorder=12
    )


def _legend_handles(chart: MapContents, added: str) -> list[Line2D]:
    looks = marker_looks(chart.kinds)
    first = first_laydown(chart)
    present = {(site.kind, site.laydown != first) for site in chart.sites}
    return [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=looks[key][0],
            color=looks[key][1],
            markeredgecolor=ADDED_EDGE if is_added else "#ffffff",
            markersize=7 if is_added else 5.5,
            label=f"{name} ({added})" if is_added else name,
        )
        for key, name in chart.kinds.items()
        for is_added in (False, True)
        if (key, is_added) in present
    ]


def _draw_legend(figure: Figure, handles: list[Line2D], n_columns: int) -> None:
    legend = figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.0, 0.0),
        ncols=n_columns,
        fontsize=7,
        handletextpad=0.3,
        columnspacing=1.0,
        borderpad=0.6,
    )
    for text in legend.get_texts():
        text.set_color(TEXT)


def _rectangle(frame: Frame, colour: str) -> Rectangle:
    return Rectangle(
        (frame.west, frame.south), frame.east - frame.west, frame.north - frame.south, color=colour, linewidth=0
    )


def _features(name: str) -> list[Any]:
    """Coordinates of each ring or line of a base-map layer, whole."""
    text = (resources.files("steeldome") / "data" / "basemap" / f"{name}.geojson").read_text(encoding="utf-8")
    parts: list[Any] = []
    for feature in json.loads(text)["features"]:
        geometry = feature["geometry"]
        depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}[geometry["type"]]
        found = [geometry["coordinates"]]
        for _ in range(depth):
            found = [part for group in found for part in group]
        parts.extend(found)
    return parts


def _rings(name: str, frame: Frame) -> list[Array]:
    """Lines or rings of a layer that touch the frame, thinned to the width of a drawn line."""
    found = []
    for part in _features(name):
        points = np.asarray(part, dtype=np.float64)[:, :2]
        west, south = points.min(axis=0)
        east, north = points.max(axis=0)
        if west <= frame.east and east >= frame.west and south <= frame.north and north >= frame.south:
            found.append(_thinned(points, 0.012))
    return found


def _thinned(points: Array, spacing: float) -> Array:
    """Points at least so many degrees apart, ends kept; a ring keeps at least its corners."""
    if len(points) <= 4:
        return points
    kept = [0]
    for i in range(1, len(points) - 1):
        if abs(points[i] - points[kept[-1]]).max() >= spacing:
            kept.append(i)
    return points[[*kept, len(points) - 1]]


def _land_path(frame: Frame) -> MapPath:
    rings = [_clipped(ring, frame) for ring in _rings("land", frame)]
    paths = [MapPath(ring, closed=False) for ring in rings if len(ring) > 3]
    return MapPath.make_compound_path(*paths)


def _clipped(ring: Array, frame: Frame) -> Array:
    """Ring cut to the frame with a margin (Sutherland and Hodgman)."""
    sides = ((0, frame.west - 0.2, 1), (0, frame.east + 0.2, -1), (1, frame.south - 0.2, 1), (1, frame.north + 0.2, -1))
    for index, limit, sign in sides:
        if not len(ring):
            return ring
        before = np.roll(ring, 1, axis=0)
        is_in = sign * (ring[:, index] - limit) >= 0
        was_in = sign * (before[:, index] - limit) >= 0
        kept: list[Array] = []
        for i in range(len(ring)):
            if is_in[i] != was_in[i]:
                share = (limit - before[i, index]) / (ring[i, index] - before[i, index])
                kept.append(before[i] + share * (ring[i] - before[i]))
            if is_in[i]:
                kept.append(ring[i])
        ring = np.array(kept)
    return ring
