"""Horizon masks of the shipped terrain against a march along each ray."""

import math

import numpy as np
from pyproj import Geod

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import site_horizon
from steeldome.compiler.terrain import Terrain, load_terrain
from steeldome.inputs.environment import Environment
from steeldome.kernels.horizon import lowest_in_view
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS, height_at, highest_cell_within

N_SITES, N_TARGETS = 100, 100
MAST = 15.0  # m
STEP = 100.0  # m of a march


def sites_on_land(terrain: Terrain, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Latitude, longitude (rad) and height (m) of the highest cell within 2 km of random places in Anatolia."""
    found = []
    grid = terrain.height, terrain.north, terrain.west, terrain.step
    while len(found) < N_SITES:
        place = math.radians(rng.uniform(36.5, 41.5)), math.radians(rng.uniform(26.5, 44.5))
        if height_at(*grid, *place) > 0.0:
            found.append(highest_cell_within(*grid, *place, 2_000.0))
    return found


def marched(terrain: Terrain, site: tuple[float, float, float], azimuth: float, distance: float) -> tuple[float, float]:
    """Lowest height in view (m) by the ground under each step of a geodesic, and the ground at its end."""
    latitude, longitude = math.degrees(site[0]), math.degrees(site[1])
    along = np.append(np.arange(STEP, distance - 0.5 * STEP, STEP), distance)
    n = along.size
    east, north, _ = Geod(ellps="WGS84").fwd(
        np.full(n, longitude), np.full(n, latitude), np.full(n, math.degrees(azimuth)), along
    )
    row = np.floor((terrain.north - np.radians(north)) / terrain.step).astype(int)
    column = np.floor((np.radians(east) - terrain.west) / terrain.step).astype(int)
    ground = terrain.height[row, column].astype(float)
    eye = EFFECTIVE_EARTH_RADIUS + site[2] + MAST
    angle = along / EFFECTIVE_EARTH_RADIUS
    steepest = ((np.cos(angle) - eye / (EFFECTIVE_EARTH_RADIUS + ground)) / np.sin(angle))[:-1].max()
    lowest = eye / (math.cos(angle[-1]) - steepest * math.sin(angle[-1])) - EFFECTIVE_EARTH_RADIUS
    return max(float(ground[-1]), lowest), float(ground[-1])


def test_ten_thousand_rays_over_anatolia_agree_with_a_march_of_100_m() -> None:
    """A target 100 m to 10 km above ground at 5-240 km: the same answer in 98 of 100, and where not, mostly seen.

    A mask has bearings 1.7 degrees apart and steps of 500 m, so it passes beside some peaks.
    """
    terrain = load_terrain(Environment(terrain="globe30s_6E50E_30N48N"), None)
    rng = np.random.default_rng(1)
    read, exact = [], []
    for site in sites_on_land(terrain, rng):
        antenna = site[2] + MAST
        seen_from = site_horizon(terrain, CompilerCache(), site[0], site[1], antenna, 250e3, 0.0, 0.0)
        for _ in range(N_TARGETS):
            azimuth, distance = rng.uniform(0.0, 2.0 * math.pi), rng.uniform(5e3, 240e3)
            lowest, ground = marched(terrain, site, azimuth, distance)
            exact.append(lowest - ground)
            read.append(lowest_in_view(seen_from, azimuth, distance) - ground)
    for height in (100.0, 300.0, 1_000.0, 3_000.0, 10_000.0):
        by_mask, by_march = np.array(read) <= height, np.array(exact) <= height
        assert (by_mask == by_march).mean() >= 0.98
        assert 0.0 <= by_mask.mean() - by_march.mean() <= 0.02
    is_low = np.array(exact) < 3_000.0
    error = (np.array(read) - np.array(exact))[is_low]
    assert abs(float(np.median(error))) < 15.0
    assert np.quantile(error, 0.05) > -300.0 and np.quantile(error, 0.95) < 150.0
