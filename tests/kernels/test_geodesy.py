"""Frames against PROJ, round trips and hand-made directions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod, Transformer

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import (
    directions,
    ecef_to_geodetic,
    enu_basis,
    enu_from_ecef,
    geodetic_to_ecef,
    places_along,
    route,
)


def many_points() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points over the whole globe, -500 m .. 1 000 km, with poles, equator and date line among them."""
    rng = np.random.default_rng(1)
    latitude = np.concatenate([np.arcsin(rng.uniform(-1, 1, 5_000)), np.radians([90, -90, 0, 89.999999, 0])])
    longitude = np.concatenate([rng.uniform(-math.pi, math.pi, 5_000), np.radians([0, 0, 180, -180, 0])])
    altitude = np.concatenate([rng.uniform(-500, 1e6, 5_000), [0.0, 1e6, -500.0, 1e3, 0.0]])
    return latitude, longitude, altitude


def test_reference_point() -> None:
    """30 E, 50 N, 1 000 m as PROJ gives it; 1e-6 m."""
    position = geodetic_to_ecef(math.radians(50), math.radians(30), 1000.0)
    np.testing.assert_allclose(position, [3558071.328679, 2054253.439408, 4863555.082150], rtol=0, atol=1e-6)


def test_agrees_with_proj_and_returns() -> None:
    """1e-6 m against PROJ both ways, and there and back [Karney2013]."""
    latitude, longitude, altitude = many_points()
    position = geodetic_to_ecef(latitude, longitude, altitude)
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    proj = np.column_stack(to_ecef.transform(np.degrees(longitude), np.degrees(latitude), altitude))
    np.testing.assert_allclose(position, proj, rtol=0, atol=2e-6)
    back = ecef_to_geodetic(position)
    np.testing.assert_allclose(back[0], latitude, rtol=0, atol=1e-13)
    np.testing.assert_allclose(back[2], altitude, rtol=0, atol=1e-6)
    np.testing.assert_allclose(geodetic_to_ecef(*back), position, rtol=0, atol=2e-6)


def test_local_frame() -> None:
    """The basis is a rotation; up is the ellipsoid's normal; a point straight above lies on the third axis."""
    basis = enu_basis(0.7, 0.5)
    np.testing.assert_allclose(basis @ basis.T, np.eye(3), atol=1e-15)
    assert np.linalg.det(basis) == pytest.approx(1.0)
    above = geodetic_to_ecef(0.7, 0.5, 1_500.0).reshape(1, 3)
    np.testing.assert_allclose(enu_from_ecef(0.7, 0.5, 1_000.0, above), [[0, 0, 500]], atol=1e-8)


def test_directions_of_known_points() -> None:
    """Bearings clockwise from north, elevation signed, ground distance on the touching sphere."""
    points = np.array([[0, 1000, 0], [1000, 0, 0], [0, -1000, 1000], [-1000, 0, -1000.0], [0, 0, 5]])
    azimuth, elevation, slant_range, _ = directions(points)
    np.testing.assert_allclose(np.degrees(azimuth), [0, 90, 180, 270, 0], atol=1e-12)
    np.testing.assert_allclose(np.degrees(elevation), [0, 0, 45, -45, 90], atol=1e-12)
    np.testing.assert_allclose(slant_range, np.linalg.norm(points, axis=1))
    angle, height = 0.05, 9_000.0
    raised = (MEAN_EARTH_RADIUS + height) * np.array([0.0, math.sin(angle), math.cos(angle)])
    seen = directions((raised - [0, 0, MEAN_EARTH_RADIUS]).reshape(1, 3))
    assert seen[3][0] == pytest.approx(MEAN_EARTH_RADIUS * angle, abs=1e-6)


def test_directions_agree_with_the_geodesic() -> None:
    """At 200 km: bearing within 0.01 degrees and distance within 0.4 % of PROJ (sphere against ellipsoid)."""
    geod = Geod(ellps="WGS84")
    bearing = np.arange(0.0, 360.0, 15.0)
    longitude, latitude, _ = geod.fwd(np.full(24, 32.8), np.full(24, 39.9), bearing, np.full(24, 2e5))
    position = geodetic_to_ecef(np.radians(latitude), np.radians(longitude), 0.0)
    seen = directions(enu_from_ecef(math.radians(39.9), math.radians(32.8), 0.0, position))
    assert np.abs((np.degrees(seen[0]) - bearing + 180) % 360 - 180).max() < 0.01
    np.testing.assert_allclose(seen[3], 2e5, rtol=4e-3)


def test_places_along_a_bearing_lie_where_the_geodesic_ends() -> None:
    """1 000 random ways up to 500 km: within 0.6 % of their length of PROJ's, for a sphere is no ellipsoid."""
    rng = np.random.default_rng(2)
    bearing, distance = rng.uniform(0.0, 360.0, 1_000), rng.uniform(1e3, 500e3, 1_000)
    latitude, longitude = places_along(math.radians(39.0), math.radians(33.0), np.radians(bearing), distance)
    east, north, _ = Geod(ellps="WGS84").fwd(np.full(1_000, 33.0), np.full(1_000, 39.0), bearing, distance)
    _, _, off = Geod(ellps="WGS84").inv(np.degrees(longitude), np.degrees(latitude), east, north)
    assert np.max(off / distance) < 0.006
    assert places_along(0.0, 0.0, 0.5 * math.pi, 0.5 * math.pi * MEAN_EARTH_RADIUS)[1] == pytest.approx(0.5 * math.pi)


def test_route_follows_the_geodesic() -> None:
    """Length within 1e-6, course within 0.02 % of the leg, spacing kept, waypoints among the points [Karney2013]."""
    geod = Geod(ellps="WGS84")
    rng = np.random.default_rng(2)
    for _ in range(20):
        start = rng.uniform(-60, 60), rng.uniform(-180, 180)
        bearing, length = rng.uniform(0, 360), rng.uniform(5e4, 2e6)
        longitude, latitude, _ = geod.fwd(start[1], start[0], bearing, length)
        points = route(np.radians([start[0], latitude]), np.radians([start[1], longitude]), 5_000.0)
        assert points[2][-1] == pytest.approx(length, rel=1e-6)
        assert np.diff(points[2]).max() <= 5_000.0
        middle = len(points[2]) // 2
        wanted = geod.fwd(start[1], start[0], bearing, points[2][middle])
        found = math.degrees(points[1][middle]), math.degrees(points[0][middle])
        assert geod.inv(*found, wanted[0], wanted[1])[2] < 2e-4 * length
        assert points[3].tolist() == [0, len(points[2]) - 1]


def test_route_passes_its_waypoints() -> None:
    """A dog-leg keeps all three corners exactly."""
    latitude, longitude = np.radians([36.0, 37.0, 39.9]), np.radians([42.0, 38.0, 32.8])
    points = route(latitude, longitude, 1_000.0)
    np.testing.assert_allclose(points[0][points[3]], latitude, atol=1e-14)
    np.testing.assert_allclose(points[1][points[3]], longitude, atol=1e-14)
    assert np.all(np.diff(points[2]) > 0)
