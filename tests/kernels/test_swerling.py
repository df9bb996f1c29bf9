"""Probability of detection against published values, SciPy, averaging over the fluctuation and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from steeldome.kernels.swerling import (
    CURVE_END,
    curve_detection,
    detection_curve,
    detection_threshold,
    gamma_upper,
    swerling_detection,
    swerling_signal_to_noise,
)

CASES = (0, 1, 3)

cases = st.sampled_from(CASES)
pulses = st.integers(1, 100)
false_alarms = st.floats(-9.0, -4.0).map(lambda power: 10.0**power)
ratios = st.floats(-20.0, 30.0).map(lambda decibels: 10.0 ** (decibels / 10.0))


def ratio(decibels: float) -> float:
    """Power ratio of a value in dB."""
    return float(10.0 ** (decibels / 10.0))


def decibels(power_ratio: float) -> float:
    """Value in dB of a power ratio."""
    return 10.0 * math.log10(power_ratio)


@pytest.mark.parametrize(
    ("case", "n", "level", "p_detection", "within"),
    [
        (0, 1, 10, 0.2480, 1e-4),  # V-RAD-9
        (0, 1, 13, 0.874441, 1e-6),
        (0, 1, 15, 0.9972, 1e-4),
        (1, 1, 10, 0.2848, 1e-4),  # V-RAD-8
        (1, 1, 13, 0.517178, 1e-6),
        (1, 1, 20, 0.8722, 1e-4),
        (3, 1, 10, 0.291882, 1e-6),
        (3, 1, 15, 0.779446, 1e-6),
        (0, 10, 5, 0.8533, 2e-4),  # V-RAD-10
        (1, 10, 5, 0.4855, 2e-4),
    ],
)
def test_published_probabilities(case: int, n: int, level: float, p_detection: float, within: float) -> None:
    """P_d at a level in dB and P_fa = 1e-6 [Marcum1960], [Swerling1960], to the digits given."""
    assert swerling_detection(case, n, ratio(level), 1e-6) == pytest.approx(p_detection, abs=within)


@pytest.mark.parametrize(
    ("case", "n", "p_detection", "level", "within"),
    [
        (0, 1, 0.9, 13.1835, 1e-4),
        (0, 1, 0.5, 11.2426, 1e-4),
        (1, 1, 0.9, 21.1436, 1e-4),
        (0, 10, 0.9, 5.27, 0.01),
        (1, 10, 0.9, 13.50, 0.01),
    ],
)
def test_published_levels(case: int, n: int, p_detection: float, level: float, within: float) -> None:
    """V-RAD-8, 9, 10: level (dB) for a probability at P_fa = 1e-6."""
    found = decibels(swerling_signal_to_noise(case, n, p_detection, 1e-6))
    assert found == pytest.approx(level, abs=within)


@pytest.mark.parametrize(
    ("n", "p_detection", "level"),
    [
        # V-RAD-5, V-RAD-6: Albersheim's fit, within its 0.2 dB between 0.1 and 0.9.
        (1, 0.30, 10.211758),
        (1, 0.50, 11.231985),
        (1, 0.90, 13.114544),
        (5, 0.50, 5.670572),
        (10, 0.50, 3.556291),
        (20, 0.50, 1.600093),
        (100, 0.50, -2.514880),
        # V-RAD-7: Shnidman's fit, within its 0.5 dB.
        (1, 0.10, 8.638220),
        (1, 0.50, 11.171614),
        (1, 0.90, 13.121693),
    ],
)
def test_fits_of_others_lie_near(n: int, p_detection: float, level: float) -> None:
    """Two published fits to case 0 at P_fa = 1e-6: 0.2 dB, which is Albersheim's own bound."""
    assert decibels(swerling_signal_to_noise(0, n, p_detection, 1e-6)) == pytest.approx(level, abs=0.2)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 37, 100])
def test_steady_target_against_scipy(n: int) -> None:
    """Case 0 is the tail of a noncentral chi-squared law: 1e-12 from -20 to 30 dB; threshold to 1e-12 of itself."""
    for p_false_alarm in (1e-4, 1e-6, 1e-9):
        threshold = detection_threshold(n, p_false_alarm)
        assert threshold == pytest.approx(special.gammainccinv(n, p_false_alarm), rel=1e-12)
        for level in range(-20, 31):
            expected = stats.ncx2.sf(2.0 * threshold, 2 * n, 2.0 * n * ratio(level))
            assert swerling_detection(0, n, ratio(level), p_false_alarm) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("case", [1, 3])
@pytest.mark.parametrize("n", [1, 2, 10, 100])
def test_fluctuation_by_averaging(case: int, n: int) -> None:
    """Cases 1 and 3 as the mean of case 0 over gamma laws of shape 1 and 2, by quadrature; 1e-9 absolute."""
    law = stats.gamma((case + 1) / 2, scale=2.0 / (case + 1))
    for p_false_alarm in (1e-4, 1e-9):
        twice = 2.0 * special.gammainccinv(n, p_false_alarm)
        for level in (0, 7, 15, 30):
            energy = 2.0 * n * ratio(level)
            # Twice the threshold in energy is where the tail turns; beyond it and 45 means hardly anything is left.
            points = [min(share, 44.0) for share in (0.1, 0.5, 1.0, 2.0, 4.0)] + [min(44.0, twice / energy)]
            expected, _ = integrate.quad(
                lambda share, twice=twice, energy=energy: stats.ncx2.sf(twice, 2 * n, energy * share) * law.pdf(share),
                0.0,
                45.0,
                points=sorted(set(points)),
                epsabs=1e-12,
                epsrel=1e-12,
                limit=400,
            )
            assert swerling_detection(case, n, ratio(level), p_false_alarm) == pytest.approx(expected, abs=1e-9)


def test_one_pulse_in_closed_form() -> None:
    """Case 1, one pulse: P_fa**(1 / (1 + S)) [Swerling1960]; 1e-13."""
    for level in range(-20, 61, 5):
        expected = 1e-6 ** (1.0 / (1.0 + ratio(level)))
        assert swerling_detection(1, 1, ratio(level), 1e-6) == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("case", CASES)
def test_detection_by_simulation(case: int) -> None:
    """Five pulses of one signal in complex noise, squared and added: four standard errors of 200 000 looks."""
    rng = np.random.default_rng(6)
    trials, n, p_false_alarm, level = 200_000, 5, 1e-3, 4.0
    strength = np.ones(trials) if case == 0 else rng.gamma((case + 1) / 2, 2.0 / (case + 1), trials)
    amplitude = np.sqrt(ratio(level) * strength)[:, None]
    noise = rng.standard_normal((2, trials, n)) / math.sqrt(2.0)
    power = ((amplitude + noise[0]) ** 2 + noise[1] ** 2).sum(axis=1)
    share = np.mean(power > special.gammainccinv(n, p_false_alarm))
    expected = swerling_detection(case, n, ratio(level), p_false_alarm)
    assert abs(share - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / trials)


@given(shape=st.integers(1, 300), x=st.floats(0.0, 700.0))
def test_incomplete_gamma_against_scipy(shape: int, x: float) -> None:
    """Upper incomplete gamma function of whole shape; 1e-12 absolute."""
    assert gamma_upper(shape, x) == pytest.approx(special.gammaincc(shape, x), abs=1e-12)


@settings(deadline=None)
@given(case=cases, n=pulses, signal=ratios, p_false_alarm=false_alarms)
def test_more_of_anything_detects_more(case: int, n: int, signal: float, p_false_alarm: float) -> None:
    """P_fa <= P_d <= 1; rises with signal, with pulses and with false alarms; P_fa without a signal."""
    slack = 1e-12
    p = swerling_detection(case, n, signal, p_false_alarm)
    assert p_false_alarm * (1.0 - 1e-9) <= p <= 1.0
    assert swerling_detection(case, n, 1.1 * signal, p_false_alarm) >= p - slack
    assert swerling_detection(case, n + 1, signal, p_false_alarm) >= p - slack
    assert swerling_detection(case, n, signal, 2.0 * p_false_alarm) >= p - slack
    assert swerling_detection(case, n, 0.0, p_false_alarm) == pytest.approx(p_false_alarm, rel=1e-11)


@settings(deadline=None)
@given(case=cases, n=pulses, p_detection=st.floats(0.001, 0.999), p_false_alarm=false_alarms)
def test_level_and_probability_are_inverse(case: int, n: int, p_detection: float, p_false_alarm: float) -> None:
    """There and back again; 1e-10 absolute."""
    signal = swerling_signal_to_noise(case, n, p_detection, p_false_alarm)
    assert swerling_detection(case, n, signal, p_false_alarm) == pytest.approx(p_detection, abs=1e-10)


def test_what_noise_reaches_needs_no_signal() -> None:
    """A probability at or below that of a false alarm: no signal at all."""
    assert swerling_signal_to_noise(0, 3, 1e-6, 1e-6) == 0.0
    assert swerling_signal_to_noise(3, 1, 1e-8, 1e-6) == 0.0


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("n", [1, 4, 20, 100])
def test_curve_against_exact(case: int, n: int) -> None:
    """The table is within 1e-5 of the exact curve everywhere, one half at R_50, sure at range 0, blind far away."""
    for p_false_alarm in (1e-4, 1e-6, 1e-9):
        curve = detection_curve(case, n, p_false_alarm)
        reference = swerling_signal_to_noise(case, n, 0.5, p_false_alarm)
        for at in (*np.linspace(0.003, 1.1 * CURVE_END, 1999), CURVE_END, 50.0, 1e4):
            exact = swerling_detection(case, n, reference / at**4, p_false_alarm)
            assert abs(curve_detection(curve, at) - exact) <= 1e-5
        assert curve_detection(curve, 1.0) == pytest.approx(0.5, abs=2e-6)
        assert curve_detection(curve, 0.0) == 1.0
        assert curve_detection(curve, math.inf) == p_false_alarm
