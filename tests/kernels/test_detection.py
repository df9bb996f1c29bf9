"""Detection against closed forms and against simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeldome.kernels.detection import (
    HAZARD_CAP,
    jammed_range_factor,
    jammer_noise,
    reference_range,
    seen_beside_clutter,
    track_hazard,
)

probability = st.floats(0.0, 1.0)


def test_reference_range_scales_with_the_fourth_root() -> None:
    """Sixteen times less cross-section halves the range; what a display shows is no business of power."""
    assert reference_range(400e3, 0.6, 1.0, 1.0, 1.0) == pytest.approx(240e3)
    assert reference_range(400e3, 0.6, 1 / 16, 1.0, 1.0) == pytest.approx(120e3)
    assert reference_range(400e3, 0.6, 1 / 16, 8.0, 2.0) == pytest.approx(240e3)
    assert reference_range(400e3, 0.6, 1e4, 1.0, 1.0) == pytest.approx(2.4e6)


@pytest.mark.parametrize(("m", "n", "value"), [(2, 3, 0.784), (3, 5, 0.83692)])
def test_binary_integration(m: int, n: int, value: float) -> None:
    """V-RAD-17, MT-21: p = 0.7, binomial tail after n scans; 1e-12."""
    firm = 1.0 - np.exp(-track_hazard(np.full(n, 0.7), m, n))
    assert firm[-1] == pytest.approx(value, abs=1e-12)
    assert np.all(firm[: m - 1] == 0.0)


def test_confirmation_by_simulation() -> None:
    """MT-21: 3 of 5 over 20 scans with changing p, four standard errors at each scan."""
    rng = np.random.default_rng(4)
    trials = 40_000
    p = rng.uniform(0.05, 0.5, 20)
    hits = (rng.random((trials, 20)) < p).astype(int)
    window = np.stack([hits[:, max(0, k - 4) : k + 1].sum(axis=1) >= 3 for k in range(20)], axis=1)
    share = np.maximum.accumulate(window, axis=1).mean(axis=0)
    firm = 1.0 - np.exp(-track_hazard(p, 3, 5))
    assert np.all(np.abs(share - firm) <= 4 * np.sqrt(firm * (1 - firm) / trials) + 1e-12)


@settings(deadline=None)
@given(p=st.lists(probability, min_size=1, max_size=30), data=st.data())
def test_hazard_is_monotone_and_finite(p: list[float], data: st.DataObject) -> None:
    """Never falls, never passes the cap; more detection never hurts; stricter rules never help."""
    n = data.draw(st.integers(1, 6))
    m = data.draw(st.integers(1, n))
    base = np.array(p)
    hazard = track_hazard(base, m, n)
    assert np.all(np.diff(hazard) >= 0.0) and hazard[0] >= 0.0 and hazard[-1] <= HAZARD_CAP
    assert np.all(track_hazard(np.minimum(base + 0.1, 1.0), m, n) >= hazard - 1e-9)
    if m < n:
        assert np.all(track_hazard(base, m + 1, n) <= hazard + 1e-9)


def test_certain_detection_reaches_the_cap_at_once() -> None:
    """p = 1: firm at the m-th scan and not before; p = 0: never."""
    assert track_hazard(np.ones(4), 3, 5).tolist() == [0.0, 0.0, HAZARD_CAP, HAZARD_CAP]
    assert track_hazard(np.zeros(4), 1, 1).tolist() == [0.0] * 4


def test_notch_hides_what_crosses() -> None:
    """A target that crosses is lost, one that comes or goes is not; no notch hides nothing."""
    speed, notch = 250.0, 25.0
    seen = [seen_beside_clutter(-speed * math.cos(math.radians(aspect)), notch) for aspect in (0, 80, 85, 90, 95, 180)]
    assert seen == [True, True, False, False, False, True]
    assert seen_beside_clutter(0.0, 0.0)


def test_burn_through_by_hand() -> None:
    """15 times the noise more halves the range in the sector, 30 half a width beyond it, 15 x 512 three halves."""
    width = math.radians(10.0)
    for off, noise_ratio in ((0.0, 15.0), (-0.5 * width, 15.0), (width, 30.0), (-2.0 * width, 15.0 * 512.0)):
        assert jammed_range_factor(jammer_noise(off, noise_ratio, width)) == pytest.approx(0.5)
    assert jammed_range_factor(jammer_noise(math.pi, 1e6, width)) == 1.0


@given(off=st.floats(-math.pi, math.pi), noise=st.floats(0.0, 1e6), width=st.floats(0.01, 2.0 * math.pi))
def test_jamming_only_takes_away(off: float, noise: float, width: float) -> None:
    """Alike to both sides, worse with more noise and nearer to the jammer; none without noise."""
    added = jammer_noise(off, noise, width)
    assert 0.0 <= added <= noise and added == jammer_noise(-off, noise, width)
    assert jammer_noise(off, 2.0 * noise, width) >= added <= jammer_noise(0.5 * off, noise, width)
    assert 0.0 < jammed_range_factor(2.0 * added) <= jammed_range_factor(added) <= jammed_range_factor(0.0) == 1.0
