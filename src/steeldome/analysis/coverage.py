"""Coverage of a laydown by cells of a map, and by altitude along one bearing, straight from arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from steeldome.compiler.air import air_around, range_in_rain
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import site_horizon
from steeldome.compiler.sensing import uncapped_ranges
from steeldome.compiler.specs import SensorSpec, Settings
from steeldome.compiler.terrain import Terrain
from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.coverage import COVERED, NO_DATA, SEVERAL, Sight, look_along, look_over
from steeldome.kernels.geodesy import enu_basis, geodetic_to_ecef, places_along
from steeldome.kernels.terrain import heights_along

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

MOST_CELLS: Final = 400_000
N_SECTORS: Final = 36  # bearings of a sensor's reach


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of equal steps of latitude and longitude, row 0 the southernmost; rad.

    Attributes
    ----------
    south, west : float
        Outer edges of the first cell.
    step_north, step_east : float
    n_rows, n_columns : int
    """

    south: float
    west: float
    step_north: float
    step_east: float
    n_rows: int
    n_columns: int

    @property
    def latitude(self) -> Floats:
        """Middle of each cell, (row, column)."""
        rows = self.south + (np.arange(self.n_rows) + 0.5) * self.step_north
        return np.repeat(rows[:, None], self.n_columns, axis=1)

    @property
    def longitude(self) -> Floats:
        """Middle of each cell, (row, column)."""
        columns = self.west + (np.arange(self.n_columns) + 0.5) * self.step_east
        return np.repeat(columns[None, :], self.n_rows, axis=0)

    @property
    def area(self) -> Floats:
        """Of each cell on a sphere of the mean earth radius, (row, column), m2."""
        edges = np.sin(self.south + np.arange(self.n_rows + 1) * self.step_north)
        rows = MEAN_EARTH_RADIUS**2 * self.step_east * np.diff(edges)
        return np.repeat(rows[:, None], self.n_columns, axis=1)

    def cell_of(self, latitude: float, longitude: float) -> tuple[int, int]:
        """Row and column of the cell that holds a point of the grid."""
        return math.floor((latitude - self.south) / self.step_north), math.floor(
            (longitude - self.west) / self.step_east
        )


def grid_around(latitude: Sequence[float], longitude: Sequence[float], margin: float, cell: float) -> Grid:
    """Cells of about ``cell`` (m) over all of some points (rad) and a ``margin`` (m) around them."""
    middle = 0.5 * (min(latitude) + max(latitude))
    north = margin / MEAN_EARTH_RADIUS
    east = north / math.cos(middle)
    step_north = cell / MEAN_EARTH_RADIUS
    step_east = step_north / math.cos(middle)
    south, west = min(latitude) - north, min(longitude) - east
    n_rows = math.ceil((max(latitude) + north - south) / step_north)
    n_columns = math.ceil((max(longitude) + east - west) / step_east)
    return Grid(south, west, step_north, step_east, n_rows, n_columns)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What lies under the middle of each cell of a grid.

    Attributes
    ----------
    place, vertical : (cell, xyz) float; m, -
        As for :func:`steeldome.kernels.coverage.look_over`.
    height : (cell,) float, m
        Above mean sea level; the sea is 0.
    has_data : (cell,) bool
        Whether the terrain says what is there.
    """

    place: Floats
    vertical: Floats
    height: Floats
    has_data: npt.NDArray[np.bool_]


def ground_of(grid: Grid, terrain: Terrain) -> Ground:
    """Ground under a grid."""
    latitude, longitude = grid.latitude.reshape(-1), grid.longitude.reshape(-1)
    place = geodetic_to_ecef(latitude, longitude, np.zeros(latitude.size))
    vertical = geodetic_to_ecef(latitude, longitude, np.ones(latitude.size)) - place
    has_data = np.ones(latitude.size, np.bool_)
    if not terrain.is_smooth:
        rows, columns = terrain.height.shape
        row = np.floor((terrain.north - latitude) / terrain.step).astype(np.int64)
        column = np.floor((longitude - terrain.west) / terrain.step).astype(np.int64)
        has_data = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        if terrain.missing is not None:
            has_data[has_data] = ~terrain.missing[row[has_data], column[has_data]]
    grid_of_heights = terrain.height, terrain.north, terrain.west, terrain.step
    return Ground(place, vertical, heights_along(*grid_of_heights, latitude, longitude), has_data)


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """One sensor against one type of target: what a look from it needs.

    Attributes
    ----------
    sensor : SensorSpec
    sight : Sight
    """

    sensor: SensorSpec
    sight: Sight


def eyes_of(
    sensors: Sequence[SensorSpec],
    cross_section: float,
    is_ballistic: bool,
    settings: Settings,
    n_tracks: int,
    terrain: Terrain,
    cache: CompilerCache,
) -> list[Eye]:
    """Every sensor against a target of a cross-section (m2).

    Parameters
    ----------
    settings : Settings
        Roughness and cover of what the ground screens, and rain.
    n_tracks : int
        Objects that each sensor holds already; one that can hold no more takes no new one.
    """
    eyes = []
    for sensor in sensors:
        place = sensor.latitude, sensor.longitude, sensor.elevation + sensor.mast
        by_power, longest = uncapped_ranges(sensor, cross_section, is_ballistic)
        limits = sensor.elevation_min, sensor.elevation_max, sensor.sector_centre, sensor.sector_width
        sight = Sight(
            seen_from=site_horizon(terrain, cache, *place, longest, settings.screen_spread, settings.cover),
            foot=geodetic_to_ecef(*place[:2], 0.0),
            site=geodetic_to_ecef(*place),
            basis=enu_basis(*place[:2]),
            ranges=np.array([by_power, range_in_rain(sensor, longest, settings)]),
            limits=np.array(limits),
            air=air_around(sensor, longest, settings, cache),
            is_full=n_tracks >= sensor.capacity,
        )
        eyes.append(Eye(sensor, sight))
    return eyes


def cover(eyes: Sequence[Eye], ground: Ground, heights: Floats) -> Codes:
    """Whether any of some sensors sees a target over each cell, and if none does, why.

    Parameters
    ----------
    heights : (height,) float, m
        Of the target above ground.

    Returns
    -------
    (height, cell) uint8
        One of `steeldome.kernels.coverage.CAUSES`.
    """
    cause = np.full((heights.size, ground.height.size), SEVERAL, np.uint8)
    nearest = np.full(cause.shape, math.inf)
    for eye in eyes:
        look_over(ground.place, ground.vertical, ground.height, heights, eye.sight, cause, nearest)
    cause[:, ~ground.has_data] = NO_DATA
    return cause


@dataclass(frozen=True, slots=True, eq=False)
class SideView:
    """What one sensor sees along one bearing.

    Attributes
    ----------
    distance, ground : (distance,) float, m
    altitude : (altitude,) float, m
        Above mean sea level.
    cause : (altitude, distance) uint8
        Of no meaning below the ground.
    """

    distance: Floats
    ground: Floats
    altitude: Floats
    cause: Codes


def side_view(eye: Eye, bearing: float, altitude: Floats, n_distances: int, terrain: Terrain) -> SideView:
    """Side view of one sensor along a bearing (rad), out to a little beyond what it can see."""
    farthest = 1.05 * min(float(eye.sight.ranges[1]), 1.5 * float(eye.sight.ranges[0]))
    distance = np.linspace(0.0, farthest, n_distances + 1)[1:]
    ground = ground_along(eye, bearing, distance, terrain)
    every = np.repeat(altitude[:, None], n_distances, axis=1)
    return SideView(distance, ground, altitude, look_along(eye.sight, distance, bearing, every))


def ground_along(eye: Eye, bearing: float, distance: Floats, terrain: Terrain) -> Floats:
    """Height of the ground (m) along a bearing (rad) at distances (m) from a sensor."""
    latitude, longitude = places_along(eye.sensor.latitude, eye.sensor.longitude, bearing, distance)
    return heights_along(terrain.height, terrain.north, terrain.west, terrain.step, latitude, longitude)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a sensor sees a target at a height above ground in one direction, and what ends it.

    Attributes
    ----------
    bearing_deg : float
    range_km : float
        From where it is first seen up to here it is seen without a gap; 0: it is never seen.
    cause : int
        One of `steeldome.kernels.coverage.CAUSES`: what hides it there.
    """

    bearing_deg: float
    range_km: float
    cause: int


def reach_by_sector(eye: Eye, heights: Floats, terrain: Terrain, step: float = 1_000.0) -> list[list[Reach]]:
    """Reach of one sensor against a target at each height (m) above ground, by bearing; distance goes in steps (m)."""
    found: list[list[Reach]] = [[] for _ in heights]
    distance = np.arange(step, eye.sight.ranges[1] + 2.0 * step, step)
    for k in range(N_SECTORS):
        bearing = 2.0 * math.pi * k / N_SECTORS
        ground = ground_along(eye, bearing, distance, terrain)
        for reaches, cause in zip(
            found, look_along(eye.sight, distance, bearing, ground + heights[:, None]), strict=True
        ):
            is_seen = cause == COVERED
            start = int(np.argmax(is_seen))
            end = start + int(np.argmin(is_seen[start:]))
            reaches.append(Reach(math.degrees(bearing), end * step / 1000.0, int(cause[end])))
    return found
