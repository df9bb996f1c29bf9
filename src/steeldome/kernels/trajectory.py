"""Threat motion: ballistic arcs closed on their aim point, and flight along waypoints.

Both give a :class:`Path`: earth-fixed positions on a fixed time step from launch to impact. A path is geometry for
sensors and fire units; how it was started (direction, angle, speed at burn-out) stays inside and is not returned.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import (
    MEAN_EARTH_RADIUS,
    WGS84_FLATTENING,
    WGS84_GRAVITATIONAL_PARAMETER,
    WGS84_ROTATION_RATE,
    WGS84_SEMI_MAJOR_AXIS,
)
from steeldome.kernels.atmosphere import air_density
from steeldome.kernels.geodesy import point_ecef

Floats = npt.NDArray[np.float64]

#: Drag is left out above this height (m): less than 3e-4 of gravity for bodies of 1 000 kg/m2 at 3 km/s.
DRAG_CEILING: Final = 100_000.0

_SUBSTEP = 0.25  # s, within the air
_CLOSE_ENOUGH = 5.0  # m
_MOST_SHOTS = 60


class Earth(NamedTuple):
    """The planet that a body flies over: shape, gravity, spin and air.

    Gravity is central; the oblateness term (0.1 %) is left out because every arc is closed on its aim point anyway.
    """

    radius: float  # m, equatorial
    flattening: float
    gravitational_parameter: float  # m3/s2
    rotation_rate: float  # rad/s
    surface_density: float  # kg/m3, of an exponential atmosphere
    scale_height: float  # m, of an exponential atmosphere; 0: US Standard Atmosphere 1976


WGS84_EARTH: Final = Earth(
    WGS84_SEMI_MAJOR_AXIS, WGS84_FLATTENING, WGS84_GRAVITATIONAL_PARAMETER, WGS84_ROTATION_RATE, 0.0, 0.0
)


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
def _ellipse(
    range_angle: float, radius: float, apogee: float, gravitational_parameter: float
) -> tuple[float, float, float, float]:
    """Speed, flight-path angle at the surface, apogee height and time of a surface-to-surface Kepler ellipse."""
    half = 0.5 * range_angle
    if apogee <= 0.0:  # least energy
        apogee = 0.5 * radius * (math.sin(half) + math.cos(half) - 1.0)
    highest = radius + apogee
    eccentricity = apogee / (apogee + 2.0 * radius * math.sin(0.5 * half) ** 2)
    semi_major = highest / (1.0 + eccentricity)
    speed = math.sqrt(gravitational_parameter * (2.0 / radius - 1.0 / semi_major))
    momentum = math.sqrt(gravitational_parameter * semi_major * (1.0 - eccentricity * eccentricity))
    angle = math.acos(min(1.0, momentum / (radius * speed)))
    anomaly = math.acos((1.0 - radius / semi_major) / eccentricity)
    motion = math.sqrt(gravitational_parameter / semi_major**3)
    time = 2.0 * (math.pi - anomaly + eccentricity * math.sin(anomaly)) / motion
    return speed, angle, apogee, time


@njit(cache=True)
def free_flight(ground_range: float, apogee: float) -> tuple[float, float, float]:
    """Surface-to-surface flight without air, on a sphere of the mean earth radius that does not turn.

    Parameters
    ----------
    ground_range : float, m, > 0
        Along the surface, at most half way round.
    apogee : float, m
        Height of the highest point; 0: that of the path of least energy.

    Returns
    -------
    speed : float, m/s
        At the surface, on the way up and on re-entry.
    apogee : float, m
    time : float, s

    Notes
    -----
    Kepler ellipse [BateMuellerWhite1971, ch. 6]; least energy: V**2 = (mu / R) 2 sin(p) / (1 + sin(p)) with p half the
    range angle [Wheelon1959]. The speed for the range of a published missile class is that class's re-entry speed.
    """
    speed, _, highest, time = _ellipse(
        ground_range / MEAN_EARTH_RADIUS, MEAN_EARTH_RADIUS, apogee, WGS84_GRAVITATIONAL_PARAMETER
    )
    return speed, highest, time


@njit(cache=True)
def reentry_speed(
    entry_speed: float,
    entry_angle: float,
    ballistic_coefficient: float,
    height: float,
    surface_density: float,
    scale_height: float,
) -> float:
    """Speed of a body that falls through an exponential atmosphere on a straight line, gravity left out.

    Parameters
    ----------
    entry_speed : float, m/s
        Above the air.
    entry_angle : float, rad, > 0
        Below the horizontal.
    ballistic_coefficient : float, kg/m2
        Mass over drag coefficient and reference area.
    height : float, m
    surface_density, scale_height : float; kg/m3, m

    Returns
    -------
    float, m/s

    Notes
    -----
    [AllenEggers1958]. For checks: from 20 to 5 km gravity adds 9-20 % for a body of 5 000 kg/m2 at 2.2 km/s.
    """
    column = surface_density * scale_height * math.exp(-height / scale_height)
    return entry_speed * math.exp(-column / (2.0 * ballistic_coefficient * math.sin(entry_angle)))


@njit(cache=True)
def _height(state: Floats, earth: Earth) -> float:
    """Height (m) over the ellipsoid, along the radius; within 5 m of the geodetic one below 100 km."""
    across = state[0] * state[0] + state[1] * state[1]
    squared = across + state[2] * state[2]
    polar = 1.0 - earth.flattening
    surface = earth.radius * polar * math.sqrt(squared / (polar * polar * across + state[2] * state[2]))
    return math.sqrt(squared) - surface


@njit(cache=True)
def _derivative(state: Floats, earth: Earth, ballistic_coefficient: float, has_drag: bool, rate: Floats) -> None:
    """Write velocity and acceleration in earth-fixed axes: central gravity, spin, and drag against the air at rest."""
    x, y, z = state[0], state[1], state[2]
    vx, vy, vz = state[3], state[4], state[5]
    squared = x * x + y * y + z * z
    pull = -earth.gravitational_parameter / (squared * math.sqrt(squared))
    spin = earth.rotation_rate
    rate[0] = vx
    rate[1] = vy
    rate[2] = vz
    rate[3] = pull * x + 2.0 * spin * vy + spin * spin * x
    rate[4] = pull * y - 2.0 * spin * vx + spin * spin * y
    rate[5] = pull * z
    if has_drag:
        height = max(_height(state, earth), 0.0)
        if earth.scale_height > 0.0:
            density = earth.surface_density * math.exp(-height / earth.scale_height)
        else:
            density = air_density(height)
        brake = -0.5 * density * math.sqrt(vx * vx + vy * vy + vz * vz) / ballistic_coefficient
        rate[3] += brake * vx
        rate[4] += brake * vy
        rate[5] += brake * vz


@njit(cache=True)
def _advance(
    state: Floats, step: float, earth: Earth, ballistic_coefficient: float, has_drag: bool, work: Floats
) -> None:
    """One classical Runge-Kutta step of fourth order; ``work`` is (5, 6) scratch."""
    _derivative(state, earth, ballistic_coefficient, has_drag, work[0])
    for i in range(6):
        work[4, i] = state[i] + 0.5 * step * work[0, i]
    _derivative(work[4], earth, ballistic_coefficient, has_drag, work[1])
    for i in range(6):
        work[4, i] = state[i] + 0.5 * step * work[1, i]
    _derivative(work[4], earth, ballistic_coefficient, has_drag, work[2])
    for i in range(6):
        work[4, i] = state[i] + step * work[2, i]
    _derivative(work[4], earth, ballistic_coefficient, has_drag, work[3])
    for i in range(6):
        state[i] += step / 6.0 * (work[0, i] + 2.0 * work[1, i] + 2.0 * work[2, i] + work[3, i])


@njit(cache=True)
def _copy(source: Floats, target: Floats) -> None:
    for i in range(source.size):
        target[i] = source[i]


@njit(cache=True)
def fall(
    state: Floats, earth: Earth, ballistic_coefficient: float, step: float, end_height: float, trace: Floats
) -> float:
    """Fly a body until it comes down to a height; ``state`` is moved there.

    Parameters
    ----------
    state : (6,) float; m, m/s
        Earth-fixed position and velocity; changed in place.
    earth : Earth
    ballistic_coefficient : float, kg/m2
        Mass over drag coefficient and reference area; inf: no drag. Drag acts on the way down only, below 100 km.
    step : float, s
        Of the trace; divided further within the air.
    end_height : float, m
        Over the ellipsoid.
    trace : (time, 6) float, output
        State at each step from the start, as far as the array goes; it may be empty.

    Returns
    -------
    float, s
        Time of flight; at most two hours.

    Notes
    -----
    Three degrees of freedom, Runge-Kutta of fourth order; the last substep is halved until the end is met to 1e-9 s.
    """
    work = np.empty((5, 6))
    before = np.empty(6)
    n_substeps = max(1, math.ceil(step / _SUBSTEP))
    time = 0.0
    for k in range(math.ceil(7200.0 / step)):
        if k < trace.shape[0]:
            _copy(state, trace[k])
        time = k * step
        descent = state[0] * state[3] + state[1] * state[4] + state[2] * state[5]
        has_drag = descent < 0.0 and _height(state, earth) < DRAG_CEILING
        n = n_substeps if has_drag else 1
        for i in range(n):
            _copy(state, before)
            _advance(state, step / n, earth, ballistic_coefficient, has_drag, work)
            descent = state[0] * state[3] + state[1] * state[4] + state[2] * state[5]
            if descent < 0.0 and _height(state, earth) <= end_height:
                low = 0.0
                high = step / n
                while high - low > 1e-9:
                    middle = 0.5 * (low + high)
                    _copy(before, state)
                    _advance(state, middle, earth, ballistic_coefficient, has_drag, work)
                    if _height(state, earth) <= end_height:
                        high = middle
                    else:
                        low = middle
                return time + i * (step / n) + high
    return time


@njit(cache=True)
def _start(launch: Floats, aim: Floats, apogee: float, earth: Earth, state: Floats) -> None:
    """Set ``state`` at ``launch`` with the velocity that, without air, leads to the direction of ``aim``."""
    radius = math.sqrt(launch[0] * launch[0] + launch[1] * launch[1] + launch[2] * launch[2])
    length = math.sqrt(aim[0] * aim[0] + aim[1] * aim[1] + aim[2] * aim[2])
    ux, uy, uz = launch[0] / radius, launch[1] / radius, launch[2] / radius
    ax, ay, az = 0.0, 0.0, 0.0
    vertical, horizontal = 0.0, 0.0
    time = 0.0
    for _ in range(6):  # the aim turns with the earth while the body flies
        cosine = math.cos(earth.rotation_rate * time)
        sine = math.sin(earth.rotation_rate * time)
        x = (aim[0] * cosine - aim[1] * sine) / length
        y = (aim[0] * sine + aim[1] * cosine) / length
        z = aim[2] / length
        along = x * ux + y * uy + z * uz
        ax, ay, az = x - along * ux, y - along * uy, z - along * uz
        across = math.sqrt(ax * ax + ay * ay + az * az)
        speed, angle, _, time = _ellipse(math.atan2(across, along), radius, apogee, earth.gravitational_parameter)
        vertical = speed * math.sin(angle)
        horizontal = speed * math.cos(angle) / across
    state[0], state[1], state[2] = launch[0], launch[1], launch[2]
    state[3] = vertical * ux + horizontal * ax + earth.rotation_rate * launch[1]
    state[4] = vertical * uy + horizontal * ay - earth.rotation_rate * launch[0]
    state[5] = vertical * uz + horizontal * az


@njit(cache=True)
def _dot(a: Floats, b: Floats) -> float:
    return float(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


@njit(cache=True)
def _closed_arc(
    launch: Floats,
    aim: Floats,
    aim_height: float,
    apogee: float,
    ballistic_coefficient: float,
    step: float,
    earth: Earth,
) -> tuple[Floats, float, float]:
    """States at each step and at impact, time of impact and miss distance, after moving a stand-in aim point."""
    state = np.empty(6)
    no_trace = np.empty((0, 6))
    stand_in = aim.copy()
    shift = np.zeros(3)
    error = np.zeros(3)
    change = np.zeros(3)
    miss = math.inf
    time = 0.0
    for shot in range(_MOST_SHOTS):
        _start(launch, stand_in, apogee, earth, state)
        time = fall(state, earth, ballistic_coefficient, step, aim_height, no_trace)
        for i in range(3):
            change[i] = error[i] - (aim[i] - state[i])
            error[i] = aim[i] - state[i]
        miss = math.sqrt(_dot(error, error))
        if miss < _CLOSE_ENOUGH:
            break
        gain = 1.0
        if shot > 0:  # secant along the last shift
            gain = 1.0 / min(max(_dot(shift, change) / _dot(shift, shift), 0.3), 3.0)
        for i in range(3):
            shift[i] = gain * error[i]
            stand_in[i] += shift[i]
    trace = np.empty((math.ceil(time / step) + 1, 6))
    _start(launch, stand_in, apogee, earth, state)
    time = fall(state, earth, ballistic_coefficient, step, aim_height, trace)
    _copy(state, trace[-1])
    return trace, time, miss


def ballistic_path(
    launch: tuple[float, float, float],
    aim: tuple[float, float, float],
    apogee: float,
    ballistic_coefficient: float,
    step: float,
    earth: Earth = WGS84_EARTH,
) -> Path:
    """Ballistic flight from one declared place to another, with drag on the way down.

    Parameters
    ----------
    launch, aim : (latitude, longitude, altitude); rad, rad, m
        Start, taken as burn-out at the surface, and the place where the flight ends.
    apogee : float, m
        Height of the highest point over the launch altitude; 0: that of the vacuum path of least energy.
    ballistic_coefficient : float, kg/m2
        Of the part that comes down; inf: no drag.
    step : float, s
    earth : Earth
        Of the size and shape of WGS-84, since places are geodetic; spin and air may differ.

    Returns
    -------
    Path
        ``miss_distance`` above 100 m means that this apogee and drag cannot reach the aim; the compiler refuses it.

    Notes
    -----
    First form: no boost phase (real flights last 1-5 minutes longer and start further forward), no drag on the way up.
    Central gravity on the turning ellipsoid; a stand-in aim point is moved until the impact falls on the true one.
    [BateMuellerWhite1971, ch. 6], [Wilkening2000].
    """
    trace, end, miss = _closed_arc(
        np.array(point_ecef(*launch)),
        np.array(point_ecef(*aim)),
        float(aim[2]),
        float(apogee),
        float(ballistic_coefficient),
        float(step),
        earth,
    )
    time = step * np.arange(trace.shape[0], dtype=np.float64)
    time[-1] = end
    return Path(time, np.ascontiguousarray(trace[:, :3]), _speeds(trace), float(miss))


@njit(cache=True)
def _speeds(trace: Floats) -> Floats:
    speed = np.empty(trace.shape[0])
    for i in range(trace.shape[0]):
        speed[i] = math.sqrt(trace[i, 3] ** 2 + trace[i, 4] ** 2 + trace[i, 5] ** 2)
    return speed


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
