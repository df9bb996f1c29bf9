"""What a site can see: horizon masks, and how far a target at a stated height above ground is in view by bearing."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.terrain import Terrain
from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import point_ecef
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS, heights_along, horizon_mask, local_relief, radar_horizon

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.float32]

MASK_STEP: Final = 1_000.0  # m
N_AZIMUTHS: Final = 216  # of a mask: three for each bearing of a ring
N_RING: Final = 72
SLACK: Final = 2_500.0  # m, more than half the distance between two samples of any path
_LEAST_MASK: Final = 250_000.0  # m; beyond, the last screen stands for all that follows
_HALF_ROUND: Final = 20_100_000.0  # m, a little more than half the way round the earth
_BELOW_ALL: Final = -1.0e7  # m, below the centre of the earth
_GAP: Final = 5  # steps of shadow that a ring overlooks


def relief_of(terrain: Terrain, cache: CompilerCache) -> npt.NDArray[np.float32]:
    """Spread of the heights around each cell of a terrain, (row, column) float32, m."""
    return cache.keep(("relief", terrain), lambda: local_relief(terrain.height))


def site_mask(
    terrain: Terrain,
    cache: CompilerCache,
    latitude: float,
    longitude: float,
    antenna: float,
    longest: float,
    spread_factor: float,
    cover: float,
) -> Mask:
    """Horizon mask of a site, (azimuth, distance) float32, m above mean sea level.

    Parameters
    ----------
    latitude, longitude : float, rad
    antenna : float, m
        Above mean sea level.
    longest : float, m
        Range beyond which nothing is asked; the mask ends there, or at 250 km, or at the antenna's own sea horizon.
    spread_factor, cover : float
        As for :func:`steeldome.kernels.terrain.horizon_mask`.

    Notes
    -----
    Terrain that is no screen has one mask for all sites, which lets everything on earth be seen.
    """
    if not terrain.is_screen:
        return cache.keep(("no mask",), lambda: np.full((1, round(_HALF_ROUND / MASK_STEP)), _BELOW_ALL, np.float32))
    reach = min(longest, max(_LEAST_MASK, radar_horizon(max(antenna, 0.0), 0.0)))
    n = max(2, math.ceil(reach / MASK_STEP))
    key = ("mask", terrain, latitude, longitude, antenna, n, spread_factor, cover)
    return cache.get(
        key,
        lambda: horizon_mask(
            terrain.height,
            relief_of(terrain, cache),
            terrain.north,
            terrain.west,
            terrain.step,
            latitude,
            longitude,
            antenna,
            N_AZIMUTHS,
            n,
            MASK_STEP,
            spread_factor=spread_factor,
            cover=cover,
        ),
    )


@njit(cache=True)
def clear_of_screen(mask: Mask, eye: float, azimuth: float, distance: float) -> float:
    """Lowest height in view at a bearing and ground distance, m; the mask's last screen holds beyond its end.

    Parameters
    ----------
    mask : (azimuth, distance) float32, m
    eye : float, m
        Antenna above mean sea level.
    azimuth, distance : float; rad 0..2 pi, m
    """
    n_azimuths, n_distances = mask.shape
    y = azimuth * n_azimuths / (2.0 * math.pi)
    i = math.floor(y)
    y -= i
    x = min(max(distance / MASK_STEP - 1.0, 0.0), n_distances - 1.0)
    j = min(math.floor(x), n_distances - 2)
    x -= j
    first = (1.0 - x) * mask[i % n_azimuths, j] + x * mask[i % n_azimuths, j + 1]
    second = (1.0 - x) * mask[(i + 1) % n_azimuths, j] + x * mask[(i + 1) % n_azimuths, j + 1]
    lowest = (1.0 - y) * first + y * second
    end = n_distances * MASK_STEP
    if distance <= end:
        return float(lowest)
    radius = EFFECTIVE_EARTH_RADIUS
    tangent = (math.cos(end / radius) - (radius + eye) / (radius + lowest)) / math.sin(end / radius)
    below = math.cos(distance / radius) - tangent * math.sin(distance / radius)
    highest: float = (radius + eye) / below - radius if below > 0.0 else math.inf
    return highest


@njit(cache=True)
def samples_within(path: Floats, site: Floats, longest: float) -> tuple[int, int]:
    """First sample of a path within a distance of a site, and one past the last; a neighbour at each end belongs to it.

    Parameters
    ----------
    path : (sample, xyz) float, m
        Earth-centred.
    site : (3 or more,) float; rad, rad, m
        Latitude, longitude, altitude.
    longest : float, m

    Returns
    -------
    int, int
        Equal where no sample is near.
    """
    x, y, z = point_ecef(site[0], site[1], site[2])
    first = -1
    last = -1
    for i in range(path.shape[0]):
        squared = (path[i, 0] - x) ** 2 + (path[i, 1] - y) ** 2 + (path[i, 2] - z) ** 2
        if squared <= longest * longest:
            last = i
            if first < 0:
                first = i
    if first < 0:
        return 0, 0
    return max(0, first - 1), min(path.shape[0], last + 2)


@njit(cache=True)
def closest_approach(path: Floats, site: Floats) -> Floats:
    """Distance from each site to the nearest sample of a path.

    Parameters
    ----------
    path : (sample, xyz) float, m
    site : (site, xyz) float, m
        Both earth-centred.

    Returns
    -------
    (site,) float, m
    """
    nearest = np.empty(site.shape[0])
    for k in range(site.shape[0]):
        least = math.inf
        for i in range(path.shape[0]):
            squared = 0.0
            for axis in range(3):
                squared += (path[i, axis] - site[k, axis]) ** 2
            least = min(least, squared)
        nearest[k] = math.sqrt(least)
    return nearest


def coverage_ring(
    terrain: Terrain, mask: Mask, latitude: float, longitude: float, height: float, longest: float
) -> list[float]:
    """Distance up to which a target at a height above ground stays in view, for 72 bearings, km.

    Shadows up to 5 km deep are overlooked; ``longest`` (m) is the range at which the sensor detects the target at all.
    """
    n = max(1, min(mask.shape[1], math.ceil(longest / MASK_STEP)))
    angle = np.arange(1, n + 1) * (MASK_STEP / MEAN_EARTH_RADIUS)
    bearing = np.arange(N_RING)[:, None] * (2.0 * math.pi / N_RING)
    sine = math.sin(latitude) * np.cos(angle) + math.cos(latitude) * np.sin(angle) * np.cos(bearing)
    east = np.arctan2(np.sin(bearing) * np.sin(angle) * math.cos(latitude), np.cos(angle) - math.sin(latitude) * sine)
    ground = heights_along(
        terrain.height,
        terrain.north,
        terrain.west,
        terrain.step,
        np.arcsin(sine).reshape(-1),
        (longitude + east).reshape(-1),
    ).reshape(N_RING, n)
    in_view = mask[:: N_AZIMUTHS // N_RING, :n] <= ground + height
    return [round(min(float(steps), longest / MASK_STEP) * MASK_STEP / 1000.0, 1) for steps in _unbroken(in_view)]


@njit(cache=True)
def _unbroken(in_view: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    reach = np.zeros(in_view.shape[0], np.int64)
    for i in range(in_view.shape[0]):
        for j in range(in_view.shape[1]):
            if in_view[i, j]:
                reach[i] = j + 1
            elif j - reach[i] >= _GAP:
                break
    return reach
