"""Horizons against the smooth earth, single ridges and an exact ray march."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import directions, enu_from_ecef, geodetic_to_ecef
from steeldome.kernels.horizon import (
    Horizon,
    horizon,
    learn_every,
    lowest_in_view,
    nothing_hidden,
)
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS, height_at, local_relief, radar_horizon

SEA = (np.zeros((1, 1), np.int16), math.radians(90.0), 0.0, 1e-3)
STEP = math.radians(1 / 120)
NORTH, WEST = math.radians(41.0), math.radians(30.0)
SITE = math.radians(40.0), math.radians(31.5)  # in the middle of a 240 x 360 grid


def single_ridge(height: int, row: int) -> np.ndarray:
    """Flat ground at 0 with one wall from west to east."""
    grid = np.zeros((240, 360), np.int16)
    grid[row] = height
    return grid


def whole(grid: np.ndarray, *place: Any, **screen: float) -> Horizon:
    """Horizon with every bearing known."""
    found = horizon(grid, local_relief(grid), *place, **screen)  # type: ignore[arg-type]
    learn_every(found, 1)
    return found


def mask_of(grid: np.ndarray, *place: Any, **screen: float) -> np.ndarray:
    return whole(grid, *place, **screen).mask


@pytest.mark.parametrize("height", [50.0, 300.0, 3000.0])
def test_flat_sea_gives_the_four_thirds_horizon(height: float) -> None:
    """Farthest visible distance at each bearing within 1 % of the closed form; all bearings alike."""
    mask = mask_of(*SEA, *SITE, 30.0, 12, 600, 500.0)
    farthest = 500.0 * (mask <= height).sum(axis=1)
    np.testing.assert_allclose(farthest, radar_horizon(30.0, height), rtol=0.01)
    assert np.ptp(mask, axis=0).max() < 0.01


def test_ridge_throws_its_exact_shadow() -> None:
    """A 1 500 m wall 20 km north: the shadow line behind it, by plane geometry on the 4/3 earth, within 1 %."""
    row = 120 - round(20_000 / (STEP * MEAN_EARTH_RADIUS))
    mask = mask_of(single_ridge(1500, row), NORTH, WEST, STEP, *SITE, 100.0, 4, 200, 250.0)
    screens = 250.0 * (np.arange(200) + 1)
    wall = screens[mask[0] >= 1499.0][0]  # nearest distance at which the wall itself is the ground
    assert wall == pytest.approx(20_000.0, abs=1000.0)
    eye = EFFECTIVE_EARTH_RADIUS + 100.0
    for distance in (30_000.0, 45_000.0):
        near, far = wall / EFFECTIVE_EARTH_RADIUS, distance / EFFECTIVE_EARTH_RADIUS
        top = (EFFECTIVE_EARTH_RADIUS + 1500.0) * np.array([math.sin(near), math.cos(near)]) - [0.0, eye]
        slope = top[1] / top[0]
        shadow = eye / (math.cos(far) - slope * math.sin(far)) - EFFECTIVE_EARTH_RADIUS
        assert mask[0, int(distance / 250.0) - 1] == pytest.approx(shadow, rel=0.01)
    np.testing.assert_allclose(mask[2], mask_of(*SEA, *SITE, 100.0, 4, 200, 250.0)[2], atol=0.01)


def test_mask_agrees_with_a_ray_march_through_space() -> None:
    """Random hills: what the mask says at a target equals a march along the ray (true earth, no refraction)."""
    rng = np.random.default_rng(5)
    coarse = rng.uniform(0, 900, (24, 36))
    grid = np.kron(coarse, np.ones((10, 10))).astype(np.float32)
    antenna, distance_step = 1200.0, 500.0
    seen_from = whole(grid, NORTH, WEST, STEP, *SITE, antenna, 360, 160, distance_step, MEAN_EARTH_RADIUS)
    site = geodetic_to_ecef(*SITE, antenna)
    agree = total = 0
    for _ in range(150):
        latitude = SITE[0] + rng.uniform(-0.008, 0.008)
        longitude = SITE[1] + rng.uniform(-0.010, 0.010)
        altitude = height_at(grid, NORTH, WEST, STEP, latitude, longitude) + rng.uniform(1.0, 900.0)
        target = geodetic_to_ecef(latitude, longitude, altitude)
        azimuth, _, _, ground = directions(enu_from_ecef(*SITE, 0.0, target.reshape(1, 3)))
        is_seen = bool(altitude >= lowest_in_view(seen_from, azimuth[0], ground[0]))
        is_clear = True
        for share in np.linspace(0.002, 0.995, 400):
            x, y, z = site + share * (target - site)
            flat = math.hypot(x, y)  # good enough: the site's ellipsoid is locally a sphere of known centre
            here = math.atan2(z, flat * (1 - 0.00669437999))
            radius = 6378137.0 / math.sqrt(1 - 0.00669437999 * math.sin(here) ** 2)
            height = flat / math.cos(here) - radius
            is_clear &= height >= height_at(grid, NORTH, WEST, STEP, here, math.atan2(y, x))
        agree += is_seen == is_clear
        total += 1
    assert agree >= 0.97 * total


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), extra=st.floats(0.0, 2.0), lift=st.floats(0.0, 200.0))
def test_screens_hide_and_masts_help(seed: int, extra: float, lift: float) -> None:
    """More spread or cover never lowers the mask; a taller mast never raises it; never below the ground."""
    grid = np.random.default_rng(seed).integers(0, 1200, (240, 360)).astype(np.int16)
    place = (grid, NORTH, WEST, STEP, *SITE)
    base = mask_of(*place, 1300.0, 16, 60, 1000.0)
    screened = mask_of(*place, 1300.0, 16, 60, 1000.0, spread_factor=extra, cover=15.0)
    assert np.all(screened >= base - 1e-3)
    assert np.all(mask_of(*place, 1300.0 + lift, 16, 60, 1000.0) <= base + 1e-3)
    assert base.min() >= 0.0


def test_a_cell_screens_by_the_spread_of_the_cells_around_it_at_the_edge_of_the_grid_too() -> None:
    """A mask with spread and cover is, in the shadows, that of a grid which is higher by them cell by cell."""
    grid = np.random.default_rng(3).integers(0, 900, (24, 40)).astype(np.int16)
    grid[5:9] = 0
    cells = np.pad(grid.astype(float), 1, constant_values=np.nan)
    spread = np.nanstd(np.lib.stride_tricks.sliding_window_view(cells, (3, 3)), axis=(2, 3))
    np.testing.assert_allclose(local_relief(grid), spread, rtol=1e-6)
    higher = grid + 0.7 * spread + np.where(grid > 0, 12.0, 0.0)
    for row, column in ((12, 20), (0.5, 0.5), (23.5, 39.5)):
        place = NORTH, WEST, STEP, NORTH - row * STEP, WEST + column * STEP, 400.0, 60, 40, 500.0
        mask = mask_of(grid, *place, spread_factor=0.7, cover=12.0)
        is_shadow = mask > higher.max()
        assert is_shadow.sum() > 300
        np.testing.assert_allclose(mask[is_shadow], mask_of(higher, *place)[is_shadow], rtol=1e-6)


def test_a_horizon_is_read_between_bearings_and_distances() -> None:
    """Linear between bins and round the circle; the first value before the first bin."""
    seen_from = whole(*SEA, *SITE, 10.0, 2, 3, 1000.0)
    seen_from.mask[:] = [[10.0, 20.0, 40.0], [30.0, 40.0, 60.0]]
    asked = ((0.0, 1000.0), (0.0, 2500.0), (math.pi / 2, 1000.0), (1.5 * math.pi, 1000.0), (0.0, 10.0))
    lowest = [lowest_in_view(seen_from, *where) for where in asked]
    np.testing.assert_allclose(lowest, [10.0, 30.0, 20.0, 20.0, 10.0])


def test_beyond_the_mask_its_last_screen_holds() -> None:
    """A short mask, asked beyond its end, says what a long one does where nothing else rises."""
    place = single_ridge(1500, 100), NORTH, WEST, STEP, *SITE, 100.0, 4
    short, long = whole(*place, 40, 1000.0), whole(*place, 200, 1000.0)
    for distance in (41_000.0, 90_000.0, 180_000.0):
        assert lowest_in_view(short, 0.0, distance) == pytest.approx(lowest_in_view(long, 0.0, distance), rel=1e-3)


def test_a_bearing_is_worked_out_as_far_as_it_is_asked_for_and_is_then_what_it_is_when_whole() -> None:
    grid = np.random.default_rng(1).integers(0, 900, (240, 360)).astype(np.int16)
    place = grid, NORTH, WEST, STEP, *SITE, 700.0, 36, 200, 1000.0
    every, asked = whole(*place), horizon(grid, local_relief(grid), *place[1:])  # type: ignore[arg-type]
    azimuth = math.radians(354.0)
    for distance in (30_500.0, 120_500.0):
        assert lowest_in_view(asked, azimuth, distance) == lowest_in_view(every, azimuth, distance)
        assert np.flatnonzero(asked.n_known).tolist() == [0, 35]
        assert distance / 1000.0 < asked.n_known[0] < distance / 1000.0 + 70
        np.testing.assert_array_equal(asked.mask[0, : asked.n_known[0]], every.mask[0, : asked.n_known[0]])


def test_where_nothing_is_a_screen_everything_is_in_view() -> None:
    free = nothing_hidden(SEA[0], local_relief(SEA[0]), 100, 1000.0)
    assert lowest_in_view(free, 1.0, 90_000.0) < -6.4e6
