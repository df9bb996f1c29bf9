"""Kill arithmetic against published closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.kernels.lethality import (
    circular_error_probable,
    circular_normal_hit,
    common_cause_split,
    damage_probability,
    gaussian_lethality,
    salvo_kill,
    shoot_look_shoot,
    survival_probability,
)

probability = st.floats(0.0, 1.0)


def test_barrage_values() -> None:
    """V-BMD-1: 0.7 and 0.8, one to four shots [Wilkening2000]; exact."""
    np.testing.assert_allclose(salvo_kill(0.7, [1, 2, 3, 4]), [0.7, 0.91, 0.973, 0.9919], rtol=1e-12)
    np.testing.assert_allclose(salvo_kill(0.8, [1, 2, 3, 4]), [0.8, 0.96, 0.992, 0.9984], rtol=1e-12)


@given(sspk=probability, shots=st.integers(0, 20))
def test_one_more_shot_never_helps_the_threat(sspk: float, shots: int) -> None:
    """Survival never rises with shots and stays in 0..1."""
    assert 0.0 <= survival_probability(sspk, shots + 1) <= survival_probability(sspk, shots) <= 1.0


@pytest.mark.parametrize(
    ("sspk", "salvo", "looks", "kill", "shots"),
    [(0.6, 1, 3, 0.936, 1.56), (0.7, 1, 2, 0.91, 1.30), (0.7, 1, 3, 0.973, 1.39), (0.7, 2, 2, 0.9919, 2.18)],
)
def test_shoot_look_shoot(sspk: float, salvo: int, looks: int, kill: float, shots: float) -> None:
    """MT-06 and V-BMD-5; exact."""
    assert shoot_look_shoot(sspk, salvo, looks) == pytest.approx((kill, shots), rel=1e-12)


def test_shoot_look_shoot_at_no_effect_fires_all() -> None:
    """A hopeless shot is fired at every look."""
    assert shoot_look_shoot(0.0, 2, 3) == (0.0, 6.0)


def test_circular_normal() -> None:
    """MT-17 and V-TRK-3: two sigma 0.864665; half within one CEP; multiples of it."""
    assert circular_normal_hit(2.0, 1.0) == pytest.approx(0.864665, abs=1e-6)
    assert circular_error_probable(1.0) == pytest.approx(1.177410, abs=1e-6)
    radii = np.array([0.5, 1.0, 1.5, 2.0]) * circular_error_probable(3.0)
    np.testing.assert_allclose(circular_normal_hit(radii, 3.0), [0.1591, 0.5, 0.7898, 0.9375], atol=1e-4)


def test_gaussian_lethality_by_integration() -> None:
    """MT-16: b = 1, sigma = 0.5 gives 0.8, and so does the integral of lethality over the miss."""
    assert gaussian_lethality(1.0, 0.5) == pytest.approx(0.8, rel=1e-12)
    r = np.linspace(0.0, 5.0, 20_001)
    integral = np.trapezoid(np.exp(-(r**2) / 2) * r / 0.25 * np.exp(-(r**2) / 0.5), r)
    assert integral == pytest.approx(0.8, abs=1e-6)


@given(sspk=probability, p_common=probability)
def test_common_cause_keeps_the_whole(sspk: float, p_common: float) -> None:
    """Both parts together give the single-shot probability back; the nearest possible share of 32 is taken."""
    n_failing, otherwise = common_cause_split(sspk, p_common)
    assert 0.0 <= otherwise <= 1.0
    assert (1 - n_failing / 32) * otherwise == pytest.approx(sspk, abs=1e-9)
    assert n_failing <= 32 * (1 - sspk) + 1e-6
    assert abs(n_failing / 32 - p_common) <= 1 / 64 + 1e-12 or n_failing == math.floor(32 * (1 - sspk) + 1e-9)


@given(p=probability, ratio=st.floats(0.0, 20.0), exponent=st.floats(0.5, 1.0))
def test_a_heavier_warhead_never_does_less(p: float, ratio: float, exponent: float) -> None:
    """Damage rises with the mass, is none without a warhead, and is the reference's at its mass."""
    low, high = damage_probability(p, [ratio, ratio + 1.0], exponent)
    assert 0.0 <= low <= high <= 1.0
    np.testing.assert_allclose(damage_probability(p, [0.0, 1.0], exponent), [0.0, p], atol=1e-12)


def test_warheads_by_cube_root_scaling() -> None:
    """An eighth of the mass does the same harm at half the distance [Glasstone1977, ch. 3]: four hits are one."""
    one, eighth = damage_probability(0.4, [1.0, 1.0 / 8.0], 2.0 / 3.0)
    assert 1.0 - (1.0 - eighth) ** 4 == pytest.approx(one, rel=1e-12)
