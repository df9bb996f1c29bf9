"""Threat motion against Kepler, closed re-entry formulas and an independent integrator."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.atmosphere import air_density
from steeldome.kernels.geodesy import ecef_to_geodetic, geodetic_to_ecef, route
from steeldome.kernels.trajectory import (
    WGS84_EARTH,
    Earth,
    _ellipse,
    ballistic_path,
    fall,
    free_flight,
    reentry_speed,
    terrain_following_altitude,
    waypoint_path,
)

MU = WGS84_EARTH.gravitational_parameter
STILL_SPHERE = Earth(MEAN_EARTH_RADIUS, 0.0, MU, 0.0, 0.0, 0.0)
FLAT = Earth(1e10, 0.0, 9.81e20, 0.0, 1.225, 7200.0)  # so large that it is flat, with g = 9.81 m/s2 throughout
NO_TRACE = np.empty((0, 6))
AIM = math.radians(39.9), math.radians(32.8), 900.0


@pytest.mark.parametrize(
    ("distance", "speed", "angle", "apogee", "time"),
    [
        (300, 1696.479, 44.3255, 74.110, 251.035),
        (600, 2371.7, 43.65, 146.4, 360.4),
        (1000, 3016.114, 42.7517, 239.938, 474.361),
        (2000, 4112.9, 40.50, 458.8, 701.8),
        (3000, 4864.990, 38.2551, 655.207, 895.037),
        (10000, 7198.076, 22.5170, 1319.478, 1930.959),
    ],
)
def test_least_energy_arcs(distance: float, speed: float, angle: float, apogee: float, time: float) -> None:
    """V-BAL-1: closed form [Wheelon1959], and the integrator lands where it says; 1e-3 of the table."""
    arc = free_flight(distance * 1e3, 0.0)
    assert arc == pytest.approx((speed, apogee * 1e3, time), rel=1e-3)
    slope = _ellipse(distance * 1e3 / MEAN_EARTH_RADIUS, MEAN_EARTH_RADIUS, 0.0, MU)[1]
    assert math.degrees(slope) == pytest.approx(angle, rel=1e-3)
    state = np.array([MEAN_EARTH_RADIUS, 0.0, 0.0, arc[0] * math.sin(slope), arc[0] * math.cos(slope), 0.0])
    flown = fall(state, STILL_SPHERE, math.inf, 1.0, 0.0, NO_TRACE)
    assert flown == pytest.approx(arc[2], abs=1e-3)
    assert MEAN_EARTH_RADIUS * math.atan2(state[1], state[0]) == pytest.approx(distance * 1e3, abs=1.0)


def test_flat_earth_limit() -> None:
    """V-BAL-2: at 100 km, V**2 = gR and apogee R/4 within 1 %."""
    speed, apogee, time = free_flight(100e3, 0.0)
    assert (speed, apogee, time) == pytest.approx((987.1, 24.9e3, 143.5), rel=1e-3)
    assert speed**2 == pytest.approx(9.82 * 100e3, rel=0.01)
    assert apogee == pytest.approx(25e3, rel=0.01)


@pytest.mark.parametrize(
    ("distance", "apogee", "time", "speed"), [(998e3, 3724.9e3, 43.12, 6810.0), (932e3, 2800e3, 34.42, 6204.0)]
)
def test_lofted_flight_tests(distance: float, apogee: float, time: float, speed: float) -> None:
    """V-BAL-3, 4: the published range and apogee of July 2017; 1 %."""
    arc = free_flight(distance, apogee)
    assert arc[2] / 60 == pytest.approx(time, rel=0.01)
    assert arc[0] == pytest.approx(speed, rel=0.01)


@pytest.mark.parametrize(
    ("beta", "closed", "numerical"),
    [
        (5000.0, (2027, 1584, 1139, 589), (2202, 1801, 1367, 802)),
        (2000.0, (1792, 967, 424, 82), (1971, 1174, 614, 242)),
    ],
)
def test_reentry_speeds(beta: float, closed: tuple[int, ...], numerical: tuple[int, ...]) -> None:
    """V-BAL-9: 2 200 m/s at 42 degrees from 60 km; without gravity [AllenEggers1958] and with; 1e-3."""
    angle = math.radians(42.0)
    for height, without, with_gravity in zip((20e3, 10e3, 5e3, 0.0), closed, numerical, strict=True):
        assert reentry_speed(2200.0, angle, beta, height, 1.225, 7200.0) == pytest.approx(without, abs=0.6)
        state = np.array([FLAT.radius + 60e3, 0, 0, -2200 * math.sin(angle), 2200 * math.cos(angle), 0])
        fall(state, FLAT, beta, 0.1, height, NO_TRACE)
        assert np.linalg.norm(state[3:]) == pytest.approx(with_gravity, rel=1e-3, abs=0.5)


def test_peak_deceleration() -> None:
    """V-BAL-8: a 1 600 kg/m2 sphere at 30 000 ft/s straight down: 233.9 g at 13.37 km [AllenEggers1958]."""
    heights = np.arange(12e3, 15e3, 5.0)
    density, scale = 0.0034 * 515.378818, 22_000 * 0.3048
    speed = np.array([reentry_speed(9144.0, math.pi / 2, 1600.0, h, density, scale) for h in heights])
    deceleration = density * np.exp(-heights / scale) * speed**2 / 3200.0 / 9.80665
    assert deceleration.max() == pytest.approx(233.9, rel=1e-3)
    assert heights[deceleration.argmax()] == pytest.approx(13_370, abs=20)


def test_vacuum_keeps_energy_and_momentum() -> None:
    """MT-23: over a long arc, energy and angular momentum to 1e-9; on the turning earth, Jacobi's integral."""
    for earth in (STILL_SPHERE, WGS84_EARTH):
        state = np.array([6.5e6, 1e5, 3e5, 4500.0, 4500.0, 500.0])
        trace = np.zeros((1500, 6))
        assert fall(state, earth, math.inf, 1.0, 0.0, trace) > 1500.0
        r, v = trace[:, :3], trace[:, 3:]
        spin = 0.5 * earth.rotation_rate**2 * (r[:, :2] ** 2).sum(axis=1)
        energy = 0.5 * (v**2).sum(axis=1) - MU / np.linalg.norm(r, axis=1) - spin
        assert np.ptp(energy) < 1e-9 * abs(energy[0])
        if earth.rotation_rate == 0.0:
            momentum = np.cross(r, v)
            assert np.ptp(momentum, axis=0).max() < 1e-9 * np.abs(momentum[0]).max()


def test_integrator_is_of_fourth_order() -> None:
    """MT-22: halving the step divides the error by 2**4, order within 0.2."""
    errors = []
    for step in (16.0, 8.0, 4.0):
        trace = np.zeros((int(512 / step) + 1, 6))
        for size, out in ((step, trace), (0.5, exact := np.zeros((1025, 6)))):
            fall(np.array([6.5e6, 0, 0, 4500.0, 4500.0, 0.0]), STILL_SPHERE, math.inf, size, 0.0, out)
        errors.append(np.linalg.norm(trace[-1, :3] - exact[-1, :3]))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    np.testing.assert_allclose(orders, 4.0, atol=0.2)


@pytest.mark.parametrize(
    ("launch", "apogee", "beta"),
    [
        ((38.5, 32.8), 0.0, 3000.0),
        ((36.0, 42.0), 0.0, 5000.0),
        ((33.0, 52.0), 0.0, 1000.0),
        ((33.0, 52.0), 700e3, 800.0),
        ((37.0, 36.0), 50e3, 2000.0),
        ((33.0, 52.0), 0.0, math.inf),
    ],
)
def test_ballistic_path_is_closed_on_its_aim(launch: tuple[float, float], apogee: float, beta: float) -> None:
    """Ends within 100 m of the aim, at its height; starts at the launch point; reaches the stated apogee."""
    start = math.radians(launch[0]), math.radians(launch[1]), 300.0
    path = ballistic_path(start, AIM, apogee, beta, 1.0)
    assert path.miss_distance < 10.0
    assert np.linalg.norm(path.position_ecef[-1] - geodetic_to_ecef(*AIM)) < 10.0
    np.testing.assert_allclose(path.position_ecef[0], geodetic_to_ecef(*start), atol=1e-6)
    height = ecef_to_geodetic(path.position_ecef)[2]
    assert height[-1] == pytest.approx(900.0, abs=1.0)
    if apogee > 0.0:
        assert height.max() == pytest.approx(apogee, abs=3_500.0)  # over the launch point's radius, not the ellipsoid
    steps = np.diff(path.time)
    assert np.allclose(steps[:-1], 1.0) and 0.0 < steps[-1] <= 1.0
    chord = np.linalg.norm(np.diff(path.position_ecef, axis=0), axis=1) / steps
    np.testing.assert_allclose(chord, 0.5 * (path.speed[1:] + path.speed[:-1]), rtol=0.01, atol=5.0)


def test_descent_agrees_with_an_independent_integrator() -> None:
    """From 99 km down, with drag and spin, against SciPy's DOP853 in earth-centred inertial axes; 10 m, 1 m/s."""
    state = np.array([*geodetic_to_ecef(0.7, 0.6, 99_000.0), -1500.0, 1200.0, -2500.0])
    spin = np.array([0.0, 0.0, WGS84_EARTH.rotation_rate])

    def rate(_: float, y: np.ndarray) -> np.ndarray:
        r, v = y[:3], y[3:]
        wind = v - np.cross(spin, r)  # motion through air that turns with the earth
        height = max(float(ecef_to_geodetic(r)[2]), 0.0)
        drag = -0.5 * air_density(height) * np.linalg.norm(wind) * wind / 3000.0
        return np.concatenate([v, -MU * r / np.linalg.norm(r) ** 3 + drag])

    inertial = np.concatenate([state[:3], state[3:] + np.cross(spin, state[:3])])
    time = fall(state, WGS84_EARTH, 3000.0, 1.0, 2_000.0, NO_TRACE)
    end = solve_ivp(rate, (0.0, time), inertial, method="DOP853", rtol=1e-10, atol=1e-6).y[:, -1]
    turn = WGS84_EARTH.rotation_rate * time
    back = np.array([[math.cos(turn), math.sin(turn), 0], [-math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    np.testing.assert_allclose(state[:3], back @ end[:3], atol=10.0)
    np.testing.assert_allclose(state[3:], back @ (end[3:] - np.cross(spin, end[:3])), atol=1.0)


def test_drag_only_slows() -> None:
    """A lighter body arrives later and slower; without drag the impact speed is the start's (same height)."""
    start = math.radians(36.0), math.radians(42.0), 900.0
    paths = [ballistic_path(start, AIM, 200e3, beta, 1.0) for beta in (math.inf, 8000.0, 2000.0)]
    impact = [path.speed[-1] for path in paths]
    assert impact[0] > impact[1] > impact[2]
    assert impact[0] == pytest.approx(paths[0].speed[0], rel=2e-3)


@settings(max_examples=25, deadline=None)
@given(
    latitude=st.floats(0.5, 0.8), longitude=st.floats(0.4, 0.7), speed=st.floats(40.0, 400.0), step=st.floats(1.0, 10.0)
)
def test_waypoint_flight_keeps_its_speed(latitude: float, longitude: float, speed: float, step: float) -> None:
    """Constant speed, right duration, ends on the last waypoint at its altitude."""
    points = route(np.array([latitude, 0.65, AIM[0]]), np.array([longitude, 0.6, AIM[1]]), 1_000.0)
    altitude = np.linspace(3_000.0, AIM[2], points[0].size)
    path = waypoint_path(points[0], points[1], altitude, speed, step)
    assert path.time[-1] * speed == pytest.approx(points[2][-1], rel=2e-3)  # altitude lengthens it a little
    np.testing.assert_allclose(path.position_ecef[-1], geodetic_to_ecef(*AIM), atol=1e-3)
    flown = np.linalg.norm(np.diff(path.position_ecef, axis=0), axis=1)
    assert np.all(flown <= speed * np.diff(path.time) * (1 + 1e-9))
    straight = np.diff(path.time) > 0.99 * step
    assert np.median(flown[straight]) == pytest.approx(speed * step, rel=1e-4)


def test_terrain_following_clears_the_ground() -> None:
    """Clearance over the highest ground within the look distance, nowhere less, by a plain search."""
    rng = np.random.default_rng(6)
    distance = np.cumsum(rng.uniform(100.0, 900.0, 200))
    ground = rng.uniform(0.0, 1500.0, 200)
    altitude = terrain_following_altitude(distance, ground, 60.0, 3_000.0)
    for i in range(200):
        assert altitude[i] == 60.0 + ground[np.abs(distance - distance[i]) <= 3_000.0].max()
