"""The ground of a study: reads the elevation model, and says where it ends."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.compiler.elevation_file import read_header, read_heights
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.environment import NO_TERRAIN, Environment
from steeldome.inputs.study import Study

_WHERE: Final = "environment.terrain"
_EARTH_RADIUS: Final = 6.35e6  # m; a little less than anywhere, so that margins are not too small


@dataclass(frozen=True, slots=True)
class Extent:
    """Outer edges of an elevation model, rad."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float, margin: float) -> bool:
        """Whether a point and a margin (m) around it lie inside."""
        angle = margin / _EARTH_RADIUS
        wide = angle / math.cos(latitude)
        return (
            self.south + angle <= latitude <= self.north - angle and self.west + wide <= longitude <= self.east - wide
        )


WHOLE_EARTH: Final = Extent(-0.5 * math.pi, -math.pi, 0.5 * math.pi, math.pi)


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """A height grid: (row, column) int16 or float32 metres above mean sea level, row 0 northernmost.

    ``north`` and ``west`` are the outer edges of the first cell, ``step`` the size of a cell, all in radians. With
    ``is_screen`` false neither the ground nor the curve of the earth stands in the way of sight. ``missing`` is (row,
    column) bool, true where there is no data and the height 0 stands for nothing; None if there is data everywhere.
    """

    name: str
    height: npt.NDArray[Any]
    north: float
    west: float
    step: float
    is_screen: bool = True
    missing: npt.NDArray[np.bool_] | None = None

    @property
    def is_smooth(self) -> bool:
        """Whether it stands for a smooth earth at sea level, without any ground."""
        return self.name == NO_TERRAIN

    @property
    def extent(self) -> Extent:
        """Outer edges of the grid; the whole earth if it is smooth."""
        if self.is_smooth:
            return WHOLE_EARTH
        rows, columns = self.height.shape
        return Extent(self.north - rows * self.step, self.west, self.north, self.west + columns * self.step)


def smooth_earth() -> Terrain:
    """A smooth earth at sea level: one cell at the pole, outside of which every kernel reads the sea."""
    height = np.zeros((1, 1), np.int16)
    height.setflags(write=False)
    return Terrain(NO_TERRAIN, height, 0.5 * math.pi, -math.pi, 1e-9)


def terrain_file(environment: Environment, study_folder: Path | None) -> Path:
    """File of the terrain that a study names.

    Raises
    ------
    ScenarioError
        If there is none, or if it is of a kind that is not read yet.
    """
    name = environment.terrain
    if not environment.is_brought_along:
        shipped = Path(str(resources.files("steeldome"))) / "data" / "terrain"
        found = shipped / f"{name}.tif"
        if not found.is_file():
            known = ", ".join(sorted(item.stem for item in shipped.glob("*.tif")))
            raise _fault(f"no terrain '{name}' is shipped; shipped: {known}; or name a .tif file of the study folder")
        return found
    if not name.endswith((".tif", ".tiff")):
        shown = f"steeldome terrain import {name} --out STUDY_FOLDER/terrain.tif"
        raise _fault(f"'{name}' is not a GeoTIFF; type '{shown}' and name terrain.tif")
    if study_folder is None or not (study_folder / name).is_file():
        raise _fault(f"no file '{name}' in the study folder; put it there, or name a shipped terrain")
    return study_folder / name


def terrain_extent(environment: Environment, study_folder: Path | None) -> Extent:
    """Outer edges of a study's terrain, from the header of its file alone."""
    if not environment.has_terrain:
        return WHOLE_EARTH
    with _in_study():
        header = read_header(terrain_file(environment, study_folder))
    south, east = header.north - header.rows * header.step, header.west + header.columns * header.step
    return Extent(south, header.west, header.north, east)


def load_terrain(environment: Environment, study_folder: Path | None) -> Terrain:
    """Read a study's terrain.

    Parameters
    ----------
    environment : Environment
    study_folder : Path or None
        Where a file that the study brings along lies.

    Returns
    -------
    Terrain
        Read-only; cells without data count as sea (0 m) and are marked in ``missing``.

    Raises
    ------
    ScenarioError
        If the file is missing, is not such a GeoTIFF as `steeldome.compiler.elevation_file` reads, or is damaged.
    """
    if not environment.has_terrain:
        return smooth_earth()
    with _in_study():
        return terrain_from(terrain_file(environment, study_folder), environment.terrain)


def terrain_from(path: Path, name: str) -> Terrain:
    """Read a file as terrain under a name.

    Raises
    ------
    ScenarioError
        As `steeldome.compiler.elevation_file.read_heights`.
    """
    header, height, missing = read_heights(path)
    return Terrain(name, height, header.north, header.west, header.step, missing=missing)


def terrain_faults(study: Study, extent: Extent) -> list[Fault]:
    """Every asset and fixed site whose surroundings the terrain does not cover."""
    if not study.environment.has_terrain:
        return []
    margin = _margin(study)
    edges = ", ".join(
        f"{side} {math.degrees(getattr(extent, side)):.4g}" for side in ("south", "west", "north", "east")
    )
    file = str(study.folder / "study.yaml") if study.folder else ""
    return [
        Fault(
            file,
            0,
            where,
            f"'{name}' at {math.degrees(latitude):.1f} deg, {math.degrees(longitude):.1f} deg is not inside terrain "
            f"'{study.environment.terrain}' with {margin / 1000:.0f} km around it (edges in degrees: {edges}); "
            "name a terrain that covers it in 'environment.terrain', or write 'terrain: none' for a smooth earth",
        )
        for where, name, latitude, longitude in _places(study)
        if not extent.holds(latitude, longitude, margin)
    ]


class Gaps(NamedTuple):
    """Cells without data around the places of a study, and all cells there."""

    missing: int
    cells: int
    margin: float


def terrain_gaps(study: Study, terrain: Terrain) -> Gaps:
    """Cells without data in a square around each asset and fixed site, as wide as the siting rules reach.

    Parameters
    ----------
    study : Study
    terrain : Terrain
        That of the study.

    Returns
    -------
    Gaps
        Numbers of cells, each counted once; ``margin`` is from the place to the edge of its square, m.
    """
    margin = _margin(study)
    if terrain.missing is None:
        return Gaps(0, 0, margin)
    is_near = np.zeros(terrain.missing.shape, np.bool_)
    angle = margin / _EARTH_RADIUS
    for _, _, latitude, longitude in _places(study):
        wide = angle / math.cos(latitude)
        row, rows = (terrain.north - latitude - angle) / terrain.step, 2.0 * angle / terrain.step
        column, columns = (longitude - wide - terrain.west) / terrain.step, 2.0 * wide / terrain.step
        top, left = max(0, math.floor(row)), max(0, math.floor(column))
        is_near[top : max(0, math.ceil(row + rows)), left : max(0, math.ceil(column + columns))] = True
    return Gaps(int((terrain.missing & is_near).sum()), int(is_near.sum()), margin)


def _margin(study: Study) -> float:
    """How far from an asset the siting rules may place a unit, m."""
    return study.siting.stand_off + 3.0 * study.siting.jitter


def _places(study: Study) -> list[tuple[str, str, float, float]]:
    """Every asset and fixed site: where it stands in the file, its name, latitude and longitude (rad)."""
    places = [(f"assets[{i}]", asset.id, asset.latitude, asset.longitude) for i, asset in enumerate(study.assets)]
    listed = [(f"laydowns[{i}].units", laydown.units) for i, laydown in enumerate(study.laydowns)]
    listed += [(f"deltas[{i}].add", delta.add or ()) for i, delta in enumerate(study.deltas)]
    for part, entries in listed:
        for k, entry in enumerate(entries):
            if entry.site is not None:
                places.append((f"{part}[{k}].site", entry.system, entry.site.latitude, entry.site.longitude))
    return places


def _fault(message: str) -> ScenarioError:
    return ScenarioError([Fault("", 0, _WHERE, message)])


@contextmanager
def _in_study() -> Iterator[None]:
    """Say of a fault in a file where the study names the file."""
    try:
        yield
    except ScenarioError as error:
        raise ScenarioError(
            [
                replace(fault, file="", where=_WHERE, message=f"'{Path(fault.file).name}' {fault.message}")
                if fault.file
                else fault
                for fault in error.faults
            ]
        ) from None
