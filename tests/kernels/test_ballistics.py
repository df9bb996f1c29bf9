"""Ballistic motion: invariants, order, and an independent integrator; re-entry and free flight are validated cases."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.atmosphere import air_density
from steeldome.kernels.ballistics import (
    AT_APOGEE,
    AT_HEIGHT,
    AT_SPEED,
    DRAG_CEILING,
    TOLERANCE,
    WGS84_EARTH,
    Drive,
    Earth,
    acceleration,
    advance,
    coasting,
    fly,
    height_over,
)
from steeldome.kernels.geodesy import ecef_to_geodetic, enu_basis, geodetic_to_ecef
from steeldome.validation.falling import fall

MU = WGS84_EARTH.gravitational_parameter
STILL_SPHERE = Earth(MEAN_EARTH_RADIUS, 0.0, MU, 0.0, 0.0, 0.0, 0.0)
NO_TRACE = np.empty((0, 6))
VACUUM = coasting(math.inf)


def test_vacuum_keeps_energy_and_momentum() -> None:
    """MT-23: over 2 000 s, energy and angular momentum to 1e-9; on the turning, flattened earth, Jacobi's integral."""
    for earth in (STILL_SPHERE, WGS84_EARTH):
        trace = np.zeros((2001, 6))
        trace[0] = state = np.array([6.5e6, 1e5, 3e5, 5400.0, 5000.0, 500.0])
        ended = fly(state, 0.0, earth, VACUUM, AT_HEIGHT, 0.0, 2000.5, 1e-4, trace, 1.0, np.empty((9, 6)))
        assert ended == 2000.5
        r, v = trace[:, :3], trace[:, 3:]
        distance = np.linalg.norm(r, axis=1)
        bulge = 0.5 * earth.j2 * (earth.radius / distance) ** 2 * (3.0 * (r[:, 2] / distance) ** 2 - 1.0)
        spin = 0.5 * earth.rotation_rate**2 * (r[:, :2] ** 2).sum(axis=1)
        energy = 0.5 * (v**2).sum(axis=1) - MU / distance * (1.0 - bulge) - spin
        assert np.ptp(energy) < 1e-9 * abs(energy[0])
        if earth.rotation_rate == 0.0:
            momentum = np.cross(r, v)
            assert np.ptp(momentum, axis=0).max() < 1e-9 * np.abs(momentum[0]).max()


def test_integrator_is_of_fifth_order() -> None:
    """MT-22: halving the step divides the error by 2**5, order within 0.2; Kepler's ellipse from a tight run."""

    def end(step: float) -> np.ndarray:
        state, work = np.array([6.5e6, 0, 0, 4500.0, 4500.0, 0.0]), np.empty((9, 6))
        for k in range(int(512 / step)):
            work[0] = *state[3:], *acceleration(state, 0.0, STILL_SPHERE, VACUUM)
            advance(state, k * step, step, STILL_SPHERE, VACUUM, work)
            state = work[7].copy()
        return state

    exact = end(1.0)
    errors = np.array([np.linalg.norm(end(step)[:3] - exact[:3]) for step in (64.0, 32.0, 16.0)])
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 5.0, atol=0.2)


def slow_rate(beta: float):  # type: ignore[no-untyped-def]
    """The same forces in earth-centred axes that do not turn, geodetic heights, no shared code but the air."""
    spin = np.array([0.0, 0.0, WGS84_EARTH.rotation_rate])

    def rate(_: float, y: np.ndarray) -> np.ndarray:
        r, v = y[:3], y[3:]
        distance = float(np.linalg.norm(r))
        squeeze = 1.5 * WGS84_EARTH.j2 * (WGS84_EARTH.radius / distance) ** 2
        polar = 5.0 * (r[2] / distance) ** 2
        pull = -MU / distance**3 * r * (1.0 + squeeze * (np.array([1.0, 1.0, 3.0]) - polar))
        height = float(ecef_to_geodetic(r)[2])
        if height < DRAG_CEILING:
            wind = v - np.cross(spin, r)  # motion through air that turns with the earth
            pull = pull - 0.5 * air_density(max(height, 0.0)) * np.linalg.norm(wind) * wind / beta
        return np.concatenate([v, pull])

    return rate


@settings(max_examples=12, deadline=None)
@given(
    latitude=st.floats(-1.2, 1.2),
    course=st.floats(0.0, 6.28),
    slope=st.floats(0.25, 1.4),
    speed=st.floats(1_200.0, 4_000.0),
    beta=st.floats(1_000.0, 15_000.0),
)
def test_random_paths_against_a_slow_integrator(
    latitude: float, course: float, slope: float, speed: float, beta: float
) -> None:
    """Up from 25 km and down to 500 m, against SciPy's DOP853 at 1e-12: impact within 10 m, time within 20 ms."""
    place = geodetic_to_ecef(latitude, 0.6, 25e3)
    level = speed * math.cos(slope)
    local = np.array([level * math.sin(course), level * math.cos(course), speed * math.sin(slope)])
    state = np.concatenate([place, enu_basis(latitude, 0.6).T @ local])
    spin = np.array([0.0, 0.0, WGS84_EARTH.rotation_rate])
    inertial = np.concatenate([state[:3], state[3:] + np.cross(spin, state[:3])])
    time = fall(state, WGS84_EARTH, beta, 500.0)

    def ground(_: float, y: np.ndarray) -> float:
        return float(ecef_to_geodetic(y[:3])[2]) - 500.0

    ground.terminal = True  # type: ignore[attr-defined]
    ground.direction = -1.0  # type: ignore[attr-defined]
    slow = solve_ivp(
        slow_rate(beta), (0.0, 3e3), inertial, method="DOP853", rtol=1e-12, atol=1e-6, max_step=2.0, events=ground
    )
    end, ended = slow.y_events[0][0], slow.t_events[0][0]
    turn = WGS84_EARTH.rotation_rate * ended
    back = np.array([[math.cos(turn), math.sin(turn), 0], [-math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    assert time == pytest.approx(ended, abs=0.02)
    np.testing.assert_allclose(state[:3], back @ end[:3], atol=10.0)


def test_samples_lie_on_the_path() -> None:
    """Interpolated states at each second against a run that stops there: 2 m and 0.1 m/s anywhere."""
    start = np.array([*geodetic_to_ecef(0.6, 0.8, 30e3), -2100.0, 700.0, 2200.0])
    trace = np.full((2000, 6), np.nan)
    end = fall(start.copy(), WGS84_EARTH, 4_000.0, 0.0, TOLERANCE, trace, 1.0)
    flown = trace[: math.floor(end) + 1]
    assert not np.isnan(flown).any() and np.isnan(trace[flown.shape[0] :]).all()
    for second in range(0, flown.shape[0], 7):
        state = start.copy()
        drive, work = coasting(4_000.0), np.empty((9, 6))
        if second > 0:
            fly(state, 0.0, WGS84_EARTH, drive, AT_HEIGHT, -1e9, float(second), 1e-6, NO_TRACE, 1.0, work)
        np.testing.assert_allclose(flown[second, :3], state[:3], atol=2.0)
        np.testing.assert_allclose(flown[second, 3:], state[3:], atol=0.1)


def test_flight_ends_where_it_should() -> None:
    """At a speed, at the apogee, at a height: to 1e-6 of each, none of them on a step of the integrator."""
    start = np.array([*geodetic_to_ecef(0.6, 0.8, 30e3), -1500.0, 500.0, 1500.0])
    work = np.empty((9, 6))
    state = start.copy()
    fly(state, 0.0, WGS84_EARTH, coasting(4_000.0), AT_APOGEE, 0.0, 900.0, TOLERANCE, NO_TRACE, 1.0, work)
    assert abs(state[:3] @ state[3:]) < 1e-6 * np.linalg.norm(state[:3]) * np.linalg.norm(state[3:])
    fly(state, 0.0, WGS84_EARTH, coasting(4_000.0), AT_HEIGHT, 777.0, 900.0, TOLERANCE, NO_TRACE, 1.0, work)
    assert height_over(state, WGS84_EARTH) == pytest.approx(777.0, abs=1e-3)
    assert ecef_to_geodetic(state[:3])[2] == pytest.approx(777.0, abs=0.01)
    up = tuple(start[:3] / np.linalg.norm(start[:3]))
    rocket = Drive(0.2, 6_000.0, 60.0, 131_000.0, 0.7, 60.0, up, (0.0, 0.0, 0.0))
    state = np.array([*start[:3], 0.0, 0.0, 0.0])
    fly(state, 0.0, WGS84_EARTH, rocket, AT_SPEED, 600.0, 60.0, TOLERANCE, NO_TRACE, 1.0, work)
    assert np.linalg.norm(state[3:]) == pytest.approx(600.0, abs=1e-6)


def test_a_rocket_gains_what_the_rocket_equation_says() -> None:
    """Without gravity and air: c ln(m0/m1), and c t (1 - ln(R)/(R - 1)) of way [BateMuellerWhite1971]."""
    nowhere = Earth(1e10, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    state = np.array([1e10 + 1e6, 0.0, 0.0, 0.0, 0.0, 0.0])
    rocket = Drive(0.0, 5_900.0, 3_770.0 / 62.0, 131_000.0, 0.0, 1.0, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    assert fly(state, 0.0, nowhere, rocket, AT_SPEED, 1e9, 62.0, 1e-3, NO_TRACE, 1.0, np.empty((9, 6))) == 62.0
    exhaust, ratio = 131_000.0 * 62.0 / 3_770.0, 5_900.0 / 2_130.0
    assert state[3] == pytest.approx(exhaust * math.log(ratio), rel=1e-6)
    assert state[0] - 1e10 - 1e6 == pytest.approx(exhaust * 62.0 * (1.0 - math.log(ratio) / (ratio - 1.0)), rel=1e-4)


@pytest.mark.parametrize(
    ("masses", "specific_impulse", "thrust_kgf", "diameter", "is_dragged", "elevation", "published"),
    [
        ((975, 8900, 4000), 210, 27_461, 1.65, True, 37.0, (1374, 29.0, 68.1, 238, 77.5, 299)),
        ((500, 5600, 1200), 226, 9_177, 0.88, False, 46.0, (2037, 65.0, 137.9, 547, 173, 489)),
    ],
)
def test_boosted_flight_agrees_with_another_program(
    masses: tuple[int, int, int],
    specific_impulse: int,
    thrust_kgf: int,
    diameter: float,
    is_dragged: bool,
    elevation: float,
    published: tuple[float, ...],
) -> None:
    """V-BAL-5, 6: presets of GUI Missile Flyout; burn-out speed, height and time, range, apogee, duration within 5 %.

    Ours alone are the drag coefficient, 0.2 throughout for both, and the last direction of thrust, which the apogee
    fixes; the other five numbers then follow. Without drag on the way down where that program has none.
    """
    payload, fuel, dry = masses
    thrust = thrust_kgf * 9.80665
    burn_time, area = fuel * specific_impulse / thrust_kgf, 0.2 * math.pi / 4.0 * diameter**2
    tilt = math.radians(90.0 - elevation)
    rocket = Drive(
        area, payload + fuel + dry, fuel / burn_time, thrust, tilt, burn_time, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    )
    state, work = np.array([MEAN_EARTH_RADIUS, 0.0, 0.0, 0.0, 0.0, 0.0]), np.empty((9, 6))
    time = fly(state, 0.0, STILL_SPHERE, rocket, AT_SPEED, 1e9, burn_time, TOLERANCE, NO_TRACE, 1.0, work)
    found = [float(np.linalg.norm(state[3:])), height_over(state, STILL_SPHERE) / 1e3, time]
    rest = coasting((payload + dry) / area if is_dragged else math.inf)
    time = fly(state, time, STILL_SPHERE, rest, AT_APOGEE, 0.0, 3e3, TOLERANCE, NO_TRACE, 1.0, work)
    apogee = height_over(state, STILL_SPHERE) / 1e3
    time = fly(state, time, STILL_SPHERE, rest, AT_HEIGHT, 0.0, 3e3, TOLERANCE, NO_TRACE, 1.0, work)
    found += [MEAN_EARTH_RADIUS * math.atan2(state[1], state[0]) / 1e3, apogee, time]
    assert found == pytest.approx(published, rel=0.05)
