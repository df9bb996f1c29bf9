"""Threat motion: a path through space, and flight along way-points; ballistic flight is :mod:`steeldome.kernels.arcs`.

A path is geometry for sensors and fire units: earth-fixed positions on a fixed time step from launch to impact.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import MEAN_EARTH_RADIUS, STANDARD_GRAVITY
from steeldome.kernels.geodesy import enu_basis, point_ecef

Floats = npt.NDArray[np.float64]

_ARC_STEP: Final = math.radians(5.0)  # of a turn, between points
_STRAIGHT: Final = math.radians(0.1)  # a smaller change of course is no turn


class Path(NamedTuple):
    """Motion of one threat from launch to impact.

    Time steps are equal but for the last, which is as short as the impact needs. ``speed`` is relative to the ground;
    ``miss_distance`` is how far from its aim point the path ends.
    """

    time: Floats  # (time,) s from launch
    position_ecef: Floats  # (time, xyz) m
    speed: Floats  # (time,) m/s
    miss_distance: float  # m


@njit(cache=True)
def turn_radius(speed: float, bank: float) -> float:
    """Radius (m) of a level turn at a speed (m/s) and a bank (rad): v**2 / (g tan(bank)) [Anderson1999, ch. 6]."""
    return speed * speed / (STANDARD_GRAVITY * math.tan(bank))


@njit(cache=True)
def _along(start: Floats, end: Floats) -> Floats:
    """Unit vector at ``start``, square to it, towards ``end``; both on the unit sphere."""
    way = end - np.dot(start, end) * start
    return way / math.sqrt(np.dot(way, way))


@njit(cache=True)
def _place(normal: Floats) -> tuple[float, float]:
    """Latitude and longitude (rad) of a direction of any length."""
    across = math.sqrt(normal[0] * normal[0] + normal[1] * normal[1])
    return math.atan2(normal[2], across), math.atan2(normal[1], normal[0])


@njit(cache=True)
def rounded_route(latitude: Floats, longitude: Floats, radius: float) -> tuple[Floats, Floats, int]:
    """Way-points of a route whose corners are flown as arcs that touch both legs.

    Parameters
    ----------
    latitude, longitude : (waypoint,) float, rad
        At least two; neighbours neither equal nor opposite.
    radius : float, m
        Of a turn; small against the radius of the earth.

    Returns
    -------
    latitude, longitude : (point,) float, rad
        The first and the last way-point, and points every 5 degrees of each turn; a corner is cut, not passed.
    unflown : int
        First way-point from which the leg to the next is shorter than the parts of it that the turns at its ends need;
        -1: none. The points are then of no use.

    Notes
    -----
    An arc takes radius * tan(turn / 2) of each leg. It is drawn in the plane that touches the earth at the corner.
    """
    n = latitude.size
    normal, share = np.empty((n, 3)), np.zeros(n)
    for i in range(n):
        normal[i] = enu_basis(latitude[i], longitude[i])[2]
    for i in range(1, n - 1):
        cosine = np.dot(-_along(normal[i], normal[i - 1]), _along(normal[i], normal[i + 1]))
        share[i] = radius / MEAN_EARTH_RADIUS * math.tan(0.5 * math.acos(max(-1.0, min(1.0, cosine))))
    for i in range(n - 1):
        chord = normal[i + 1] - normal[i]
        if share[i] + share[i + 1] > 2.0 * math.asin(0.5 * math.sqrt(np.dot(chord, chord))):
            return latitude, longitude, i
    points = [(latitude[0], longitude[0])]
    for i in range(1, n - 1):
        back, ahead = _along(normal[i], normal[i - 1]), _along(normal[i], normal[i + 1])
        turn = math.acos(max(-1.0, min(1.0, np.dot(-back, ahead))))
        if turn < _STRAIGHT:
            points.append((latitude[i], longitude[i]))
            continue
        towards = (back + ahead) / math.sqrt(np.dot(back + ahead, back + ahead))
        side = (ahead - back) / math.sqrt(np.dot(ahead - back, ahead - back))
        arc = radius / MEAN_EARTH_RADIUS
        centre = normal[i] + arc / math.cos(0.5 * turn) * towards
        n_steps = math.ceil(turn / _ARC_STEP)
        for k in range(n_steps + 1):
            angle = turn * (k / n_steps - 0.5)
            points.append(_place(centre + arc * (math.sin(angle) * side - math.cos(angle) * towards)))
    points.append((latitude[-1], longitude[-1]))
    found = np.array(points)
    return found[:, 0].copy(), found[:, 1].copy(), -1


@njit(cache=True)
def with_orbit(latitude: Floats, longitude: Floats, where: int, radius: float, laps: int) -> tuple[Floats, Floats]:
    """A route that flies whole circles to the right at one of its points before it goes on.

    Parameters
    ----------
    latitude, longitude : (point,) float, rad
    where : int, 0..points - 2
        The circles touch the route there.
    radius : float, m
        Small against the radius of the earth.
    laps : int, >= 1

    Returns
    -------
    latitude, longitude : (longer,) float, rad
    """
    here = enu_basis(latitude[where], longitude[where])[2].copy()
    ahead = _along(here, enu_basis(latitude[where + 1], longitude[where + 1])[2].copy())
    right = np.cross(ahead, here)
    arc = radius / MEAN_EARTH_RADIUS
    n_steps = laps * math.ceil(2.0 * math.pi / _ARC_STEP)
    circle = np.empty((n_steps, 2))
    for k in range(n_steps):
        angle = 2.0 * math.pi * laps * (k + 1) / n_steps
        point = here + arc * (math.sin(angle) * ahead + (1.0 - math.cos(angle)) * right)
        circle[k, 0], circle[k, 1] = _place(point)
    before, after = where + 1, where + 1 + n_steps
    new_latitude, new_longitude = np.empty(latitude.size + n_steps), np.empty(latitude.size + n_steps)
    new_latitude[:before], new_longitude[:before] = latitude[:before], longitude[:before]
    new_latitude[before:after], new_longitude[before:after] = circle[:, 0], circle[:, 1]
    new_latitude[after:], new_longitude[after:] = latitude[before:], longitude[before:]
    return new_latitude, new_longitude


@njit(cache=True)
def terrain_following_altitude(distance: Floats, ground: Floats, clearance: float, look: float) -> Floats:
    """Altitude of a body that keeps a clearance over the highest ground near it along its route.

    Parameters
    ----------
    distance : (point,) float, m, increasing
        Along the route.
    ground : (point,) float, m
        Height of the ground or sea there.
    clearance : float, m
    look : float, m
        How far ahead and behind ground counts: the length of a climb or descent.

    Returns
    -------
    (point,) float, m
    """
    n = distance.size
    altitude = np.empty(n)
    first = 0
    for i in range(n):
        while distance[i] - distance[first] > look:
            first += 1
        highest = ground[i]
        j = first
        while j < n and distance[j] - distance[i] <= look:
            highest = max(highest, ground[j])
            j += 1
        altitude[i] = highest + clearance
    return altitude


@njit(cache=True)
def _along_route(
    latitude: Floats, longitude: Floats, altitude: Floats, speed: float, step: float
) -> tuple[Floats, Floats]:
    n_points = latitude.size
    point = np.empty((n_points, 3))
    arrival = np.zeros(n_points)  # s
    for i in range(n_points):
        x, y, z = point_ecef(latitude[i], longitude[i], altitude[i])
        point[i, 0] = x
        point[i, 1] = y
        point[i, 2] = z
        if i > 0:
            length = 0.0
            for k in range(3):
                length += (point[i, k] - point[i - 1, k]) ** 2
            arrival[i] = arrival[i - 1] + math.sqrt(length) / speed
    n_times = math.ceil(arrival[-1] / step) + 1
    time = np.empty(n_times)
    position = np.empty((n_times, 3))
    i = 0
    for t in range(n_times):
        time[t] = min(t * step, arrival[-1])
        while i < n_points - 2 and arrival[i + 1] <= time[t]:
            i += 1
        duration = arrival[i + 1] - arrival[i]
        share = (time[t] - arrival[i]) / duration if duration > 0.0 else 1.0
        for k in range(3):
            position[t, k] = point[i, k] + share * (point[i + 1, k] - point[i, k])
    return time, position


def waypoint_path(latitude: Floats, longitude: Floats, altitude: Floats, speed: float, step: float) -> Path:
    """Flight along a dense route at constant speed: cruise missiles, one-way drones, aircraft.

    Parameters
    ----------
    latitude, longitude : (point,) float, rad
        At least two points, no more than some kilometres apart, as :func:`steeldome.kernels.geodesy.route` gives them.
    altitude : (point,) float, m
        Above the ellipsoid, as :func:`terrain_following_altitude` or a declared profile gives it.
    speed : float, m/s, > 0
        Along the path, climbs included.
    step : float, s

    Returns
    -------
    Path
        Ends on the last point; ``miss_distance`` is 0.

    Notes
    -----
    Straight chords between the points: at 1 km spacing they pass 2 cm below the arc.
    """
    time, position = _along_route(latitude, longitude, altitude, float(speed), float(step))
    return Path(time, position, np.full(time.size, float(speed)), 0.0)
