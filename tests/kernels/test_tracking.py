"""Accuracy of a track against values by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from steeldome.kernels.lethality import circular_normal_hit
from steeldome.kernels.tracking import track_error


def test_error_by_hand() -> None:
    """A beam of 1.6 mrad at S = 50 points to 0.1 mrad [BartonWard1969], 10 m at 100 km; alignment adds in squares."""
    assert track_error(100e3, 1.6e-3, 50.0, 0.0) == pytest.approx(10.0)
    assert track_error(100e3, 1.6e-3, 50.0, 0.1e-3) == pytest.approx(10.0 * math.sqrt(2.0))


def test_error_grows_with_the_third_power_of_range() -> None:
    """S falls with the fourth power of range, its root with the second: twice as far off, eight times the error."""
    ranges = np.array([50e3, 100e3])
    errors = track_error(ranges, 0.03, 12.8 * (100e3 / ranges) ** 4, 0.0)
    assert errors[1] == pytest.approx(8.0 * errors[0])


def test_basket_from_error() -> None:
    """A basket of one standard deviation holds 39.3 %, of three 98.9 % [WashburnKress2009]; a stronger signal helps."""
    sigma = track_error(60e3, 0.02, [10.0, 100.0], 1e-3)
    assert circular_normal_hit(sigma[0], sigma[0]) == pytest.approx(1.0 - math.exp(-0.5))
    assert circular_normal_hit(3.0 * sigma[0], sigma[0]) == pytest.approx(0.98889, abs=1e-5)
    near, far = circular_normal_hit(500.0, sigma[::-1])
    assert 0.0 < far < near < 1.0
