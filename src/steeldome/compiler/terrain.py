"""The ground of a study: reads the elevation model, and says where it ends."""

import math
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import tifffile

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.environment import NO_TERRAIN, Environment
from steeldome.inputs.study import Study

_GEOGRAPHIC: Final = 2  # GTModelTypeGeoKey
_WGS84: Final = 4326
_POINT: Final = 2  # GTRasterTypeGeoKey: the tie point is the centre of a cell, not its corner
_NODATA_TAG: Final = 42113
_READERS: Final = 4  # threads that unpack tiles


@dataclass(frozen=True, slots=True)
class Extent:
    """Outer edges of an elevation model, rad."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float, margin: float) -> bool:
        """Whether a point and a margin (m) around it lie inside."""
        angle = margin / 6.35e6
        wide = angle / math.cos(latitude)
        return (
            self.south + angle <= latitude <= self.north - angle and self.west + wide <= longitude <= self.east - wide
        )


WHOLE_EARTH: Final = Extent(-0.5 * math.pi, -math.pi, 0.5 * math.pi, math.pi)


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """A height grid: (row, column) int16 or float32 metres above mean sea level, row 0 northernmost.

    ``north`` and ``west`` are the outer edges of the first cell, ``step`` the size of a cell, all in radians. With
    ``is_screen`` false neither the ground nor the curve of the earth stands in the way of sight.
    """

    name: str
    height: npt.NDArray[Any]
    north: float
    west: float
    step: float
    is_screen: bool = True

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
    if "." not in name:
        shipped = Path(str(resources.files("steeldome"))) / "data" / "terrain"
        found = shipped / f"{name}.tif"
        if not found.is_file():
            known = ", ".join(sorted(item.stem for item in shipped.glob("*.tif")))
            raise _fault(f"no terrain '{name}' is shipped; shipped: {known}; or name a .tif file of the study folder")
        return found
    if not name.endswith((".tif", ".tiff")):
        raise _fault(f"'{name}' is not a GeoTIFF; convert it, for example with 'gdal_translate {name} terrain.tif'")
    if study_folder is None or not (study_folder / name).is_file():
        raise _fault(f"no file '{name}' in the study folder; put it there, or name a shipped terrain")
    return study_folder / name


def terrain_extent(environment: Environment, study_folder: Path | None) -> Extent:
    """Outer edges of a study's terrain, from the header of its file alone."""
    if not environment.has_terrain:
        return WHOLE_EARTH
    path = terrain_file(environment, study_folder)
    with tifffile.TiffFile(path) as file:
        north, west, step, shape = _georeference(file, path)
    return Extent(north - shape[0] * step, west, north, west + shape[1] * step)


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
        Read-only; cells without data count as sea (0 m).

    Raises
    ------
    ScenarioError
        If the file is missing, is not a GeoTIFF in WGS-84 geographic coordinates, or has unequal steps.
    """
    if not environment.has_terrain:
        return smooth_earth()
    path = terrain_file(environment, study_folder)
    with tifffile.TiffFile(path) as file:
        north, west, step, _ = _georeference(file, path)
        height = file.pages.first.asarray(maxworkers=_READERS)
        nodata = file.pages.first.tags.get(_NODATA_TAG)
    height = np.nan_to_num(height, nan=0.0).astype(np.float32) if height.dtype.kind == "f" else height.astype(np.int16)
    if nodata is not None:
        height[height == height.dtype.type(float(str(nodata.value).strip("\0 ")))] = 0
    height = np.ascontiguousarray(height)
    height.setflags(write=False)
    return Terrain(environment.terrain, height, north, west, step)


def terrain_faults(study: Study, extent: Extent) -> list[Fault]:
    """Every asset and fixed site whose surroundings the terrain does not cover."""
    if not study.environment.has_terrain:
        return []
    siting = study.siting
    margin = siting.stand_off + 3.0 * siting.jitter
    places = [(f"assets[{i}]", asset.id, asset.latitude, asset.longitude) for i, asset in enumerate(study.assets)]
    listed = [(f"laydowns[{i}].units", laydown.units) for i, laydown in enumerate(study.laydowns)]
    listed += [(f"deltas[{i}].add", delta.add or ()) for i, delta in enumerate(study.deltas)]
    for part, entries in listed:
        for k, entry in enumerate(entries):
            if entry.site is not None:
                places.append((f"{part}[{k}].site", entry.system, entry.site.latitude, entry.site.longitude))
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
        for where, name, latitude, longitude in places
        if not extent.holds(latitude, longitude, margin)
    ]


def _fault(message: str) -> ScenarioError:
    return ScenarioError([Fault("", 0, "environment.terrain", message)])


def _georeference(file: Any, path: Path) -> tuple[float, float, float, tuple[int, int]]:
    """North and west edge and step (rad), and shape, of the first page of a GeoTIFF."""
    page = file.pages.first
    tags = page.geotiff_tags or {}
    scale, tie = tags.get("ModelPixelScale"), tags.get("ModelTiepoint")
    if scale is None or tie is None or len(tie) != 6:
        raise _fault(f"'{path.name}' carries no place on earth; write it as GeoTIFF with a pixel scale and a tie point")
    if int(tags.get("GTModelTypeGeoKey", 0)) != _GEOGRAPHIC or int(tags.get("GeographicTypeGeoKey", _WGS84)) != _WGS84:
        raise _fault(f"'{path.name}' is not in WGS-84 degrees; write it again with 'gdalwarp -t_srs EPSG:4326'")
    if abs(scale[0] - scale[1]) > 1e-9 * scale[0]:
        raise _fault(f"'{path.name}' has unequal steps, {scale[0]} and {scale[1]} deg; resample with 'gdalwarp -tr'")
    shift = 0.5 if int(tags.get("GTRasterTypeGeoKey", 1)) == _POINT else 0.0
    step = math.radians(scale[0])
    west = math.radians(tie[3]) - (tie[0] + shift) * step
    north = math.radians(tie[4]) + (tie[1] + shift) * step
    return north, west, step, (int(page.shape[0]), int(page.shape[1]))
