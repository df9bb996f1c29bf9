"""Heights of a grid, and the radar horizon."""

from __future__ import annotations

import math

import numpy as np
import pytest

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.terrain import (
    height_at,
    heights_along,
    highest_cell_within,
    radar_horizon,
)

STEP = math.radians(1 / 120)
NORTH, WEST = math.radians(41.0), math.radians(30.0)


def test_radar_horizon_values() -> None:
    """V-RAD-11: 13.0, 22.6, 41.2, 130.3 km within 0.1 km; two heights to a metre [Skolnik2008]."""
    for height, distance in ((10, 13.0), (30, 22.6), (100, 41.2), (1000, 130.3)):
        assert radar_horizon(height, 0.0) == pytest.approx(distance * 1e3, abs=100.0)
    assert radar_horizon(10.0, 50.0) == pytest.approx(42_180.0, abs=1.0)
    assert radar_horizon(15.0, 10_000.0) == pytest.approx(428_145.0, abs=1.0)


def test_grid_look_up() -> None:
    """Cells, bilinear heights, sea outside, and the highest cell near a site."""
    grid = np.zeros((240, 360), np.int16)
    grid[100, 200] = 800
    centre = NORTH - 100.5 * STEP, WEST + 200.5 * STEP
    assert height_at(grid, NORTH, WEST, STEP, *centre) == 800.0
    assert height_at(grid, NORTH, WEST, STEP, 0.0, 0.0) == 0.0
    halfway = heights_along(
        grid, NORTH, WEST, STEP, np.array([centre[0], centre[0], 0.0]), centre[1] + np.array([0.0, 0.5, 0.0]) * STEP
    )
    np.testing.assert_allclose(halfway, [800.0, 400.0, 0.0], rtol=1e-9)
    near = centre[0] + 1_500.0 / MEAN_EARTH_RADIUS, centre[1]
    found = highest_cell_within(grid, NORTH, WEST, STEP, *near, 2_000.0)
    np.testing.assert_allclose(found, [*centre, 800.0])
    assert highest_cell_within(grid, NORTH, WEST, STEP, *near, 1_000.0) == (*near, 0.0)
