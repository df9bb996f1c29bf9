"""What a site can see: its horizon, and how far a target at a stated height above ground is in view by bearing."""

import math
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.terrain import Terrain
from steeldome.kernels.geodesy import places_along
from steeldome.kernels.horizon import Horizon, horizon, learn_every, nothing_hidden
from steeldome.kernels.terrain import heights_along, local_relief, radar_horizon

MASK_STEP: Final = 1_000.0  # m
N_AZIMUTHS: Final = 216  # of a mask: three for each bearing of a ring
N_RING: Final = 72
_LEAST_MASK: Final = 250_000.0  # m; beyond, the last screen stands for all that follows
_HALF_ROUND: Final = 20_100_000.0  # m, a little more than half the way round the earth
_GAP: Final = 5  # steps of shadow that a ring overlooks


def relief_of(terrain: Terrain, cache: CompilerCache) -> npt.NDArray[np.float32]:
    """Spread of the heights around each cell of a terrain, (row, column) float32, m."""
    return cache.keep(("relief", terrain), lambda: local_relief(terrain.height))


def site_horizon(
    terrain: Terrain,
    cache: CompilerCache,
    latitude: float,
    longitude: float,
    antenna: float,
    longest: float,
    spread_factor: float,
    cover: float,
) -> Horizon:
    """Horizon of a site.

    Parameters
    ----------
    latitude, longitude : float, rad
    antenna : float, m
        Above mean sea level.
    longest : float, m
        Range beyond which nothing is asked; the mask ends there, or at 250 km, or at the antenna's own sea horizon.
    spread_factor, cover : float
        As for :func:`steeldome.kernels.horizon.horizon`.

    Notes
    -----
    Terrain that is no screen has one horizon for all sites, which lets everything on earth be seen.
    """
    relief = relief_of(terrain, cache)
    if not terrain.is_screen:
        n = round(_HALF_ROUND / MASK_STEP)
        return cache.keep(("no screen", terrain), partial(nothing_hidden, terrain.height, relief, n, MASK_STEP))
    reach = min(longest, max(_LEAST_MASK, radar_horizon(max(antenna, 0.0), 0.0)))
    n = max(2, math.ceil(reach / MASK_STEP))
    grid = terrain.height, relief, terrain.north, terrain.west, terrain.step
    site = latitude, longitude, antenna
    key = ("horizon", terrain, *site, n, spread_factor, cover)
    return cache.get(
        key,
        lambda: horizon(*grid, *site, N_AZIMUTHS, n, MASK_STEP, spread_factor=spread_factor, cover=cover),
    )


def coverage_ring(
    terrain: Terrain, seen_from: Horizon, latitude: float, longitude: float, height: float, longest: float
) -> list[float]:
    """Distance up to which a target at a height above ground stays in view, for 72 bearings, km.

    Shadows up to 5 km deep are overlooked; ``longest`` (m) is the range at which the sensor detects the target at all.
    """
    stride = max(1, seen_from.mask.shape[0] // N_RING)
    learn_every(seen_from, stride)
    n = max(1, min(seen_from.mask.shape[1], math.ceil(longest / MASK_STEP)))
    bearing = np.arange(N_RING)[:, None] * (2.0 * math.pi / N_RING)
    north, east = places_along(latitude, longitude, bearing, np.arange(1, n + 1) * MASK_STEP)
    grid = terrain.height, terrain.north, terrain.west, terrain.step
    ground = heights_along(*grid, north.reshape(-1), east.reshape(-1)).reshape(N_RING, n)
    in_view = seen_from.mask[::stride, :n] <= ground + height
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
