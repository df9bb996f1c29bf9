"""US Standard Atmosphere 1976 against its own table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.kernels.atmosphere import air_density, standard_atmosphere

RADIUS = 6_356_766.0


def test_layer_bases() -> None:
    """V-ATM-1: temperature, pressure, density at geopotential 0..71 km [USStandardAtmosphere1976]; 1e-5."""
    geopotential = np.array([0, 11, 20, 32, 47, 51, 71]) * 1e3
    temperature, pressure, density, _ = standard_atmosphere(RADIUS * geopotential / (RADIUS - geopotential))
    np.testing.assert_allclose(temperature, [288.15, 216.65, 216.65, 228.65, 270.65, 270.65, 214.65], rtol=1e-5)
    np.testing.assert_allclose(pressure, [101325, 22632.1, 5474.89, 868.019, 110.906, 66.9389, 3.95642], rtol=1e-5)
    np.testing.assert_allclose(
        density, [1.2250, 0.363918, 0.0880348, 0.0132250, 1.42753e-3, 8.61605e-4, 6.4211e-5], rtol=1e-5
    )


def test_geometric_heights() -> None:
    """V-ATM-2: at 1, 10, 20, 30 km geometric [USStandardAtmosphere1976]; 1e-5."""
    states = standard_atmosphere([1e3, 1e4, 2e4, 3e4])
    table = [
        [281.651, 223.252, 216.65, 226.509],
        [89876.3, 26499.9, 5529.31, 1197.03],
        [1.11166, 0.413510, 0.0889099, 0.0184102],
        [336.435, 299.532, 295.070, 301.709],
    ]
    for computed, reference in zip(states, table, strict=True):
        np.testing.assert_allclose(computed, reference, rtol=1e-5)


def test_edges_are_continuous() -> None:
    """One centimetre across each layer's edge changes pressure by no more than the hydrostatic share."""
    for edge in np.array([11, 20, 32, 47, 51, 71, 84.852]) * 1e3:
        height = RADIUS * edge / (RADIUS - edge)
        _, pressure, density, _ = standard_atmosphere([height - 0.005, height + 0.005])
        assert pressure[1] - pressure[0] == pytest.approx(-9.6 * 0.01 * density[0], rel=0.05)


@given(height=st.floats(-2_000.0, 119_000.0), rise=st.floats(1.0, 1_000.0))
def test_air_thins_with_height(height: float, rise: float) -> None:
    """Density falls strictly; the scalar form equals the batch."""
    assert air_density(height + rise) < air_density(height)
    assert air_density(height) == standard_atmosphere(height)[2]
