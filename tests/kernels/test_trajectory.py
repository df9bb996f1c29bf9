"""Flat flight: turns, circles, constant speed, clearance over the ground."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import geodetic_to_ecef, route
from steeldome.kernels.trajectory import (
    rounded_route,
    terrain_following_altitude,
    turn_radius,
    waypoint_path,
    with_orbit,
)

AIM = math.radians(39.9), math.radians(32.8), 900.0


def test_radius_of_a_turn() -> None:
    """[Anderson1999, ch. 6]: 100 m/s at a load of sqrt(2), 45 degrees of bank: v**2 / g; at 60 degrees a load of 2."""
    assert turn_radius(100.0, math.radians(45.0)) == pytest.approx(1019.7, abs=0.1)
    assert turn_radius(100.0, math.radians(60.0)) == pytest.approx(1e4 / (9.80665 * math.sqrt(3.0)))


def curvature_radii(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Radius of the circle through each three neighbouring points, m."""
    p = MEAN_EARTH_RADIUS * np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )
    a, b, c = (np.linalg.norm(x, axis=1) for x in (p[1:-1] - p[:-2], p[2:] - p[1:-1], p[2:] - p[:-2]))
    area = 0.5 * np.linalg.norm(np.cross(p[1:-1] - p[:-2], p[2:] - p[:-2]), axis=1)
    return a * b * c / (4.0 * area)


@settings(max_examples=40, deadline=None)
@given(turn=st.floats(5.0, 150.0), radius=st.floats(300.0, 8_000.0), course=st.floats(0.0, 360.0))
def test_corners_are_arcs_of_the_radius_that_touch_both_legs(turn: float, radius: float, course: float) -> None:
    """Length saved at a corner is r (2 tan(t/2) - t); the arc has its radius, and legs stay where they were."""
    there = math.radians(course)
    back = there + math.pi + math.radians(turn)
    leg = 60e3 / MEAN_EARTH_RADIUS
    latitude = np.array([0.6 + leg * math.cos(there), 0.6, 0.6 + leg * math.cos(back + math.pi)])
    longitude = 0.5 + np.array([leg * math.sin(there), 0.0, leg * math.sin(back + math.pi)]) / math.cos(0.6)
    latitude[2], longitude[2] = 0.6 + leg * math.cos(back), 0.5 + leg * math.sin(back) / math.cos(0.6)
    found_latitude, found_longitude, unflown = rounded_route(latitude, longitude, radius)
    assert unflown == -1
    whole = route(latitude, longitude, 200.0)[2][-1]
    cut = route(found_latitude, found_longitude, 200.0)[2][-1]
    half = 0.5 * math.radians(turn)
    assert whole - cut == pytest.approx(2.0 * radius * (math.tan(half) - half), rel=0.05, abs=5.0)
    np.testing.assert_allclose(curvature_radii(found_latitude[1:-1], found_longitude[1:-1]), radius, rtol=0.01)


def test_a_leg_shorter_than_its_turns_is_told() -> None:
    """Two right angles 5 km apart: turns of 2 km fit, turns of 3 km do not."""
    step = 5e3 / MEAN_EARTH_RADIUS
    latitude, longitude = np.array([-10 * step, 0.0, 0.0, 10 * step]), np.array([0.0, 0.0, step, step])
    assert rounded_route(latitude, longitude, 2_000.0)[2] == -1
    assert rounded_route(latitude, longitude, 3_000.0)[2] == 1


def test_an_orbit_is_whole_circles_that_touch_the_route() -> None:
    """Three circles of 6 km add 3 * 2 pi * 6 km, keep their radius, and leave the route as it was."""
    latitude, longitude, distance, _ = route(np.array([0.6, 0.62]), np.array([0.5, 0.55]), 500.0)
    found = with_orbit(latitude, longitude, 100, 6_000.0, 3)
    flown = route(*found, 500.0)[2][-1]
    assert flown - distance[-1] == pytest.approx(3 * 2 * math.pi * 6_000.0, rel=5e-3)
    n = found[0].size - latitude.size
    np.testing.assert_allclose(curvature_radii(found[0][101 : 99 + n], found[1][101 : 99 + n]), 6_000.0, rtol=0.01)
    np.testing.assert_array_equal(found[0][101 + n :], latitude[101:])
    assert found[0][100 + n] == pytest.approx(latitude[100], abs=1e-12)


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
