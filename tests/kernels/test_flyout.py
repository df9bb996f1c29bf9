"""Interceptor reach and intercept windows against closed forms and a plain search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from steeldome.kernels.flyout import (
    coast_decay,
    constant_speed_intercept,
    intercept_windows,
    reach,
    speed_class_factor,
    time_of_flight,
)

speeds = st.floats(300.0, 3000.0)
boosts = st.floats(0.0, 20.0)
ratios = st.floats(0.3, 0.95)
ANYWHERE = np.array([0.0, 1e9, math.inf, 0.0, 1e9])


@given(max_speed=speeds, ratio=ratios, boost_time=boosts, range_max=st.floats(5e3, 4e5))
def test_mean_speed_is_met(max_speed: float, ratio: float, boost_time: float, range_max: float) -> None:
    """The stated mean speed over the maximum range comes out, unless the boost is slower or covers it."""
    decay = coast_decay(max_speed, ratio, boost_time, range_max)
    time = time_of_flight(range_max, max_speed, boost_time, decay)
    if decay > 0.0:
        assert range_max / time == pytest.approx(ratio * max_speed, rel=1e-9)
    elif range_max > 0.5 * max_speed * boost_time:
        assert range_max / time <= ratio * max_speed * (1 + 1e-9)


@given(max_speed=speeds, ratio=ratios, boost_time=boosts, a=st.floats(0.0, 3e5), b=st.floats(0.0, 3e5))
def test_reach_and_time_are_inverse_and_increase(
    max_speed: float, ratio: float, boost_time: float, a: float, b: float
) -> None:
    """There and back; farther takes longer; never faster than the maximum speed."""
    decay = coast_decay(max_speed, ratio, boost_time, 1e5)
    time_a, time_b = (time_of_flight(s, max_speed, boost_time, decay) for s in (a, b))
    assert reach(time_a, max_speed, boost_time, decay) == pytest.approx(a, rel=1e-9, abs=1e-6)
    if a < b - 1e-3:
        assert time_a < time_b
    assert time_a * max_speed >= a * (1 - 1e-12) - 1e-12  # of a distance below the least normal number little is left


def test_coast_agrees_with_its_equation_of_motion() -> None:
    """dv/dt = -k v**2 after the boost, integrated by SciPy; 1e-6."""
    max_speed, boost_time = 1400.0, 8.0
    decay = coast_decay(max_speed, 0.6, boost_time, 1e5)
    flown = solve_ivp(lambda _, y: [y[1], -decay * y[1] ** 2], (0, 60), [5600.0, 1400.0], rtol=1e-10, atol=1e-8)
    assert reach(68.0, max_speed, boost_time, decay) == pytest.approx(flown.y[0, -1], rel=1e-6)


def test_constant_speed_intercept_value() -> None:
    """MT-19: r = (30 000, 5 000), v = (-250, 0), s = 800: 29.0890385 s."""
    time = constant_speed_intercept(np.array([30e3, 5e3]), np.array([-250.0, 0.0]), 800.0)
    assert time == pytest.approx(29.0890385, abs=1e-7)
    assert constant_speed_intercept(np.array([30e3, 0.0]), np.array([250.0, 0.0]), 200.0) == math.inf
    assert constant_speed_intercept(np.array([30e3, 0.0]), np.array([-200.0, 0.0]), 200.0) == pytest.approx(75.0)


axis = st.floats(-5e4, 5e4)
rate = st.floats(-900.0, 900.0)


@given(r=st.tuples(axis, axis, axis), v=st.tuples(rate, rate, rate), speed=st.floats(50.0, 2000.0))
def test_constant_speed_intercept_meets(r: tuple[float, ...], v: tuple[float, ...], speed: float) -> None:
    """The root is a meeting, and at no earlier sampled time is the target within reach."""
    position, velocity = np.array(r), np.array(v)
    assume(np.linalg.norm(position) > 100.0 and abs(np.linalg.norm(velocity) - speed) > 1.0)
    time = constant_speed_intercept(position, velocity, speed)
    if time < 1e5:
        assert np.linalg.norm(position + velocity * time) == pytest.approx(speed * time, rel=1e-6, abs=1e-3)
    for share in (0.1, 0.5, 0.9, 0.999):
        earlier = share * min(time, 1e4)
        assert np.linalg.norm(position + velocity * earlier) > speed * earlier * (1 - 1e-9)


def test_speed_class() -> None:
    """1 up to the class, half way at the middle of the ramp, 0 from the cutoff on."""
    values = [speed_class_factor(v, 2000.0, 1.2) for v in (0.0, 2000.0, 2200.0, 2400.0, 9000.0)]
    assert values == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.0])


def straight_pass(offset: float, speed: float) -> tuple[np.ndarray, np.ndarray]:
    """A level pass at 3 km height, 1 s samples."""
    time = np.arange(0.0, 400.0)
    position = np.column_stack([90e3 - speed * time, np.full_like(time, offset), np.full_like(time, 3e3)])
    return time, position


def test_windows_of_a_straight_pass_agree_with_the_quadratic() -> None:
    """No boost, no decay: each launch's time of flight is the constant-speed root; 1e-4 s."""
    time, position = straight_pass(8e3, 250.0)
    launch = np.arange(0.5, 300.0, 7.0)
    windows = intercept_windows(
        time, position, position[:, 2], np.ones(400, np.uint8), launch, np.array([900.0, 0.0, 0.0]), ANYWHERE
    )
    for q, start in enumerate(launch):
        now = np.array([90e3 - 250.0 * start, 8e3, 3e3])
        wanted = constant_speed_intercept(now, np.array([-250.0, 0.0, 0.0]), 900.0)
        assert windows[1][q] == pytest.approx(wanted, abs=1e-4)
        assert windows[2][q] == pytest.approx(900.0 * wanted, abs=0.1)
    assert windows[0].all()


@settings(max_examples=30, deadline=None)
@given(
    offset=st.floats(0.0, 40e3),
    speed=st.floats(60.0, 700.0),
    range_min=st.floats(0.0, 5e3),
    range_max=st.floats(10e3, 80e3),
    height_max=st.sampled_from([2e3, 10e3]),
)
def test_windows_agree_with_a_plain_search(
    offset: float, speed: float, range_min: float, range_max: float, height_max: float
) -> None:
    """First meeting by stepping through time at 0.05 s; envelope decided alike except within a step of its edge."""
    time, position = straight_pass(offset, speed)
    decay = coast_decay(1100.0, 0.6, 6.0, 70e3)
    launch = np.arange(0.0, 399.0, 37.0)
    allowed = (np.arange(400) % 90 < 70).astype(np.uint8)
    is_open, flight, slant_range, height = intercept_windows(
        time,
        position,
        position[:, 2],
        allowed,
        launch,
        np.array([1100.0, 6.0, decay]),
        np.array([range_min, range_max, math.inf, 0.0, height_max]),
    )
    for q, start in enumerate(launch):
        t = np.arange(start, 399.0, 0.05)
        distance = np.linalg.norm(np.column_stack([np.interp(t, time, position[:, k]) for k in range(3)]), axis=1)
        met = np.flatnonzero(distance <= [reach(x - start, 1100.0, 6.0, decay) for x in t])
        if met.size == 0:
            assert flight[q] > 399.0 - start - 0.1
            continue
        assert flight[q] == pytest.approx(t[met[0]] - start, abs=0.0501)
        assert height[q] == pytest.approx(3e3)
        i = int(start + flight[q])
        is_inside = range_min <= slant_range[q] <= range_max and height_max > 3e3
        assert bool(is_open[q]) == (is_inside and bool(allowed[i] and allowed[i + 1]))


def test_lateral_reach_closes_the_window() -> None:
    """A body falling 20 km away is out of a lateral reach of 15 km and within one of 25 km, at any slant range."""
    time = np.arange(0.0, 60.0)
    position = np.column_stack([np.full(60, 20e3), np.zeros(60), 60e3 - 1000.0 * time])
    motion = np.array([1500.0, 3.0, 0.0])
    base = (time, position, position[:, 2], np.ones(60, np.uint8), np.arange(0.0, 40.0), motion)
    assert not intercept_windows(*base, np.array([0.0, 1e5, 15e3, 0.0, 1e5]))[0].any()
    assert intercept_windows(*base, np.array([0.0, 1e5, 25e3, 0.0, 1e5]))[0].any()


def test_target_out_of_reach_never_opens() -> None:
    """A target that outruns the round, or launches outside the path, leave inf and a closed window."""
    time = np.arange(0.0, 100.0)
    position = np.column_stack([30e3 + 900.0 * time, np.zeros(100), np.full(100, 2e3)])
    is_open, flight, slant_range, height = intercept_windows(
        time, position, position[:, 2], np.ones(100, np.uint8), np.array([-5.0, 0.0, 50.0, 120.0]),
        np.array([800.0, 0.0, 0.0]), ANYWHERE,
    )  # fmt: skip
    assert not is_open.any() and np.isinf(flight).all() and np.isinf(slant_range).all() and np.isnan(height).all()
