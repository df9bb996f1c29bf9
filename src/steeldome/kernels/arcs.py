"""Ballistic paths: closed forms without air, and flights from a launch place that are closed on an aim.

A path is geometry for sensors and fire units. How it was started (direction, angle, speed at burn-out) is found by the
solver, stays inside it, and is neither returned nor kept.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import MEAN_EARTH_RADIUS, STANDARD_GRAVITY, WGS84_GRAVITATIONAL_PARAMETER
from steeldome.kernels.ballistics import (
    AT_APOGEE,
    AT_HEIGHT,
    AT_SPEED,
    TOLERANCE,
    WGS84_EARTH,
    Drive,
    Earth,
    coasting,
    fly,
    height_over,
)
from steeldome.kernels.geodesy import enu_basis, point_ecef
from steeldome.kernels.trajectory import Path

Floats = npt.NDArray[np.float64]

_CLOSE_ENOUGH: Final = 1.0  # m, on the ground
_APOGEE_CLOSE_ENOUGH: Final = 10.0  # m
_MOST_SHOTS: Final = 60
#: Longest flight that is looked at (s).
LONGEST: Final = 7200.0

#: Speed while the motor burns goes with this power of time where no thrust is published: a rocket of constant thrust
#: and a mass ratio of 2.5 to 4 flies 0.42 to 0.39 of burn-out speed times burn time, this power 0.40 of it.
_BOOST_POWER: Final = 1.5


class Missile(NamedTuple):
    """What of a ballistic missile shapes its path.

    With a thrust it is flown from rest: one stage of constant thrust and flow, cut off at the speed that the path
    needs; what it lacks of that speed when its propellant is burnt is added at once. Without, the boost is a straight
    line along which the speed grows with time, and forces act from burn-out on.
    """

    ballistic_coefficient: float  # kg/m2, from burn-out on: of what comes down; inf: no drag
    burn_time: float  # s; 0: starts at the launch place with its burn-out speed
    thrust: float = 0.0  # N; 0: not published, and neither are the rest
    launch_mass: float = 0.0  # kg
    propellant_mass: float = 0.0  # kg
    drag_area: float = 0.0  # m2, while it burns: drag coefficient times reference area


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
def _distance(a: Floats, b: Floats) -> float:
    return math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)


@njit(cache=True)
def _length(v: Floats) -> float:
    return math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])


@njit(cache=True)
def _start(launch: Floats, aim: Floats, apogee: float, earth: Earth, state: Floats) -> None:
    """Set ``state`` at ``launch`` with the ground velocity that leads over an apogee to the direction of ``aim``, as if
    nothing but a central pull acted."""
    radius, length = _length(launch), _length(aim)
    along = (launch[0] * aim[0] + launch[1] * aim[1] + launch[2] * aim[2]) / (radius * length)
    across = math.sqrt(max(1.0 - along * along, 1e-18))
    speed, angle, _, _ = _ellipse(math.atan2(across, along), radius, apogee, earth.gravitational_parameter)
    vertical = speed * math.sin(angle)
    horizontal = speed * math.cos(angle) / across
    for i in range(3):
        up = launch[i] / radius
        state[i] = launch[i]
        state[3 + i] = vertical * up + horizontal * (aim[i] / length - along * up)


@njit(cache=True)
def _start_at_least_speed(launch: Floats, aim: Floats, reach: float, earth: Earth, state: Floats) -> None:
    """Set ``state`` at ``launch`` with the least ground velocity that leads from the end of the boost to ``aim``, as if
    nothing but a central pull acted; the boost ends ``reach`` (s) times that velocity away.

    That velocity halves the angle between the vertical and the line to the aim, and its ellipse has the half perimeter
    of the triangle (centre, start, aim) as its major axis [Battin1999, ch. 6].
    """
    place = state[:3]
    for i in range(3):
        place[i] = launch[i]
    for _ in range(4):
        radius, chord = _length(place), _distance(place, aim)
        major = 0.5 * (radius + _length(aim) + chord)
        speed = math.sqrt(2.0 * earth.gravitational_parameter * (1.0 / radius - 1.0 / major))
        for i in range(3):
            state[3 + i] = place[i] / radius + (aim[i] - place[i]) / chord
        factor = speed / _length(state[3:])
        for i in range(3):
            state[3 + i] *= factor
            place[i] = launch[i] + reach * state[3 + i]
    for i in range(3):
        place[i] = launch[i]


@njit(cache=True)
def _too_flat(state: Floats, aim: Floats) -> float:
    """Angle (rad) by which a velocity lies below that of the least energy towards an aim."""
    radius, chord, speed = _length(state), _distance(state, aim), _length(state[3:])
    rise, line = 0.0, 0.0
    for i in range(3):
        rise += state[i] * state[3 + i] / (radius * speed)
        line += state[i] * (aim[i] - state[i]) / (radius * chord)
    return 0.5 * (0.5 * math.pi + math.asin(line)) - math.asin(rise)


@njit(cache=True)
def _straight_boost(state: Floats, burn_time: float, trace: Floats, trace_step: float) -> None:
    """Move ``state`` along its velocity to where it burns out, and write the samples on the way."""
    power = _BOOST_POWER
    reach = burn_time / (power + 1.0)  # s times the burn-out speed
    for sample in range(min(trace.shape[0], math.floor(burn_time / trace_step) + 1)):
        share = sample * trace_step / burn_time if burn_time > 0.0 else 1.0
        for i in range(3):
            trace[sample, i] = state[i] + state[3 + i] * reach * share ** (power + 1.0)
            trace[sample, 3 + i] = state[3 + i] * share**power
    for i in range(3):
        state[i] += state[3 + i] * reach


@njit(cache=True)
def _boost_drive(state: Floats, missile: Missile) -> Drive:
    """Thrust that takes a missile from rest to about the velocity of ``state``.

    It turns from the vertical to the direction of that velocity in the time in which the speed is expected: that of the
    rocket equation with gravity against the mean climb.
    """
    radius = math.sqrt(state[0] * state[0] + state[1] * state[1] + state[2] * state[2])
    up = (state[0] / radius, state[1] / radius, state[2] / radius)
    rise = state[3] * up[0] + state[4] * up[1] + state[5] * up[2]
    ax, ay, az = state[3] - rise * up[0], state[4] - rise * up[1], state[5] - rise * up[2]
    across = max(math.sqrt(ax * ax + ay * ay + az * az), 1e-9)
    speed = math.sqrt(rise * rise + across * across)
    flow = missile.propellant_mass / missile.burn_time
    exhaust = missile.thrust / flow
    against = 0.5 * STANDARD_GRAVITY * (1.0 + rise / speed)
    time = missile.burn_time
    for _ in range(8):
        burnt = missile.launch_mass / flow * (1.0 - math.exp(-(speed + against * time) / exhaust))
        time = min(burnt, missile.burn_time)
    return Drive(
        missile.drag_area,
        missile.launch_mass,
        flow,
        missile.thrust,
        math.atan2(across, rise),
        time,
        up,
        (ax / across, ay / across, az / across),
    )


@njit(cache=True)
def _shoot(
    launch: Floats,
    heading: Floats,
    apogee: float,
    missile: Missile,
    earth: Earth,
    end_height: float,
    tolerance: float,
    state: Floats,
    trace: Floats,
    trace_step: float,
    work: Floats,
) -> tuple[float, float]:
    """Fly to the ground from a start that without air leads to ``heading``; ``state`` is left at the impact.

    Returns the time of impact and by how much (m) the path is too low: its apogee against the stated one, or, where
    none is stated (0), that which a boosted missile lacks of the angle of least energy.
    """
    if apogee > 0.0 or missile.thrust > 0.0:
        _start(launch, heading, heading[3], earth, state)
    else:
        _start_at_least_speed(launch, heading, missile.burn_time / (_BOOST_POWER + 1.0), earth, state)
    time, too_low = missile.burn_time, 0.0
    if missile.thrust > 0.0:
        drive, speed = _boost_drive(state, missile), _length(state[3:])
        state[3:] = 0.0
        if trace.shape[0] > 0:
            trace[0] = state
        burn_out = missile.burn_time
        time = fly(state, 0.0, earth, drive, AT_SPEED, speed, burn_out, tolerance, trace, trace_step, work)
        factor = speed / _length(state[3:])
        for i in range(3, 6):  # what published thrust lacks is added at burn-out
            state[i] *= factor
        too_low = 2.0 * heading[3] * _too_flat(state, heading)
    else:
        _straight_boost(state, missile.burn_time, trace, trace_step)
    drive = coasting(missile.ballistic_coefficient)
    if apogee > 0.0:
        time = fly(state, time, earth, drive, AT_APOGEE, 0.0, LONGEST, tolerance, trace, trace_step, work)
        too_low = apogee - height_over(state, earth)
    time = fly(state, time, earth, drive, AT_HEIGHT, end_height, LONGEST, tolerance, trace, trace_step, work)
    return time, too_low


@njit(cache=True)
def _improve(inverse: Floats, shift: Floats, change: Floats, n: int) -> None:
    """Rank-one update of an inverse Jacobian after a shift that lessened the residual by ``change`` [Broyden1965]."""
    image = np.zeros(3)
    for i in range(n):
        for j in range(n):
            image[i] += inverse[i, j] * change[j]
    weight = 0.0
    for i in range(n):
        weight += shift[i] * image[i]
    if weight == 0.0:
        return
    row = np.zeros(3)
    for j in range(n):
        for i in range(n):
            row[j] += shift[i] * inverse[i, j]
    for i in range(n):
        for j in range(n):
            inverse[i, j] += (shift[i] - image[i]) * row[j] / weight


@njit(cache=True)
def _set_residual(axes: Floats, aim: Floats, state: Floats, too_low: float, residual: Floats) -> None:
    """How far a path ends short of its aim, east and north (m), and by how much it is too low."""
    for i in range(2):
        residual[i] = 0.0
        for j in range(3):
            residual[i] += axes[i, j] * (aim[j] - state[j])
    residual[2] = too_low


@njit(cache=True)
def _shift(
    inverse: Floats, residual: Floats, n: int, farthest: float, axes: Floats, heading: Floats, shift: Floats
) -> bool:
    """Move the heading by what should take the residual to zero; False if nothing that is tried moves the impact."""
    longest = 0.0
    for i in range(n):
        shift[i] = 0.0
        for j in range(n):
            shift[i] += inverse[i, j] * residual[j]
        longest = max(longest, abs(shift[i]))
    if not longest > 0.0:
        return False
    for i in range(n):
        shift[i] *= min(1.0, farthest / longest)
        if i < 2:
            for j in range(3):
                heading[j] += shift[i] * axes[i, j]
        else:
            shift[i] = max(shift[i], -0.5 * heading[3])
            heading[3] += shift[i]
    return True


@njit(cache=True)
def solve_arc(
    launch: Floats,
    aim: Floats,
    axes: Floats,
    aim_height: float,
    apogee: float,
    missile: Missile,
    tolerance: float,
    earth: Earth,
) -> tuple[Floats, float, float]:
    """Where to head for, so that a flight ends on its aim.

    Parameters
    ----------
    launch, aim : (xyz,) float, m
        Earth-centred.
    axes : (3, xyz) float
        East, north, up at the aim.
    aim_height, apogee : float, m
        Over the ellipsoid; apogee 0: least energy.
    missile, tolerance, earth : Missile, float (m), Earth

    Returns
    -------
    heading : (4,) float, m
        A stand-in for the aim, earth-centred, and the apogee, of a start without air.
    time : float, s
    miss_distance : float, m
        Of the impact, or by how much a stated apogee is missed where that is more.

    Notes
    -----
    Two or three unknowns by the secant method of [Broyden1965] from the identity: without air the stand-in is the aim.
    """
    n = 3 if apogee > 0.0 or missile.thrust > 0.0 else 2
    state, work, no_trace = np.empty(6), np.empty((9, 6)), np.empty((0, 6))
    first = apogee if apogee > 0.0 else 0.25 * _distance(launch, aim)
    heading = np.array([aim[0], aim[1], aim[2], first])
    best, best_time, least = heading.copy(), 0.0, math.inf
    inverse, residual, shift, change = np.eye(3), np.zeros(3), np.zeros(3), np.zeros(3)
    farthest = 0.3 * _distance(launch, aim)
    for shot in range(_MOST_SHOTS):
        time, too_low = _shoot(
            launch, heading, apogee, missile, earth, aim_height, tolerance, state, no_trace, 1.0, work
        )
        for i in range(3):
            change[i] = residual[i]
        _set_residual(axes, aim, state, too_low, residual)
        wrong = max(_distance(aim, state), abs(too_low) * _CLOSE_ENOUGH / _APOGEE_CLOSE_ENOUGH)
        if wrong < least:
            best[:], best_time, least = heading, time, wrong
        if wrong < _CLOSE_ENOUGH or not math.isfinite(wrong):
            break
        if shot > 0:
            for i in range(3):
                change[i] -= residual[i]
            _improve(inverse, shift, change, n)
        if not _shift(inverse, residual, n, farthest, axes, heading, shift):
            break
    return best, best_time, least


@njit(cache=True)
def _sampled_arc(
    launch: Floats,
    heading: Floats,
    aim_height: float,
    apogee: float,
    missile: Missile,
    step: float,
    earth: Earth,
    time: float,
) -> tuple[Floats, float]:
    """States at each step and at impact, and the time of impact, of a flight that `solve_arc` has found."""
    state, work = np.empty(6), np.empty((9, 6))
    trace = np.empty((math.ceil(time / step) + 1, 6))
    end, _ = _shoot(launch, heading, apogee, missile, earth, aim_height, TOLERANCE, state, trace, step, work)
    trace[-1] = state
    return trace, end


def ballistic_path(
    launch: tuple[float, float, float],
    aim: tuple[float, float, float],
    apogee: float,
    missile: Missile,
    step: float,
    earth: Earth = WGS84_EARTH,
) -> Path:
    """Ballistic flight from one declared place to another.

    Parameters
    ----------
    launch, aim : (latitude, longitude, altitude); rad, rad, m
        Where it starts and where it ends.
    apogee : float, m
        Height of the highest point over the ellipsoid, for a lofted or a depressed path; 0: least energy.
    missile : Missile
    step : float, s
        Between samples.
    earth : Earth
        Of the size and shape of WGS-84, since places are geodetic; gravity, spin and air may differ.

    Returns
    -------
    Path
        ``miss_distance`` above 100 m means that this missile cannot reach the aim on this kind of path; the compiler
        refuses it.

    Notes
    -----
    Least energy is that of the start without air: the path is flown at the angle that is the best one there
    [BateMuellerWhite1971, ch. 6], [Wheelon1959].
    """
    place, target = np.array(point_ecef(*launch)), np.array(point_ecef(*aim))
    axes = enu_basis(aim[0], aim[1])
    heading, time, miss = solve_arc(place, target, axes, float(aim[2]), float(apogee), missile, TOLERANCE, earth)
    trace, end = _sampled_arc(place, heading, float(aim[2]), float(apogee), missile, float(step), earth, time)
    times = step * np.arange(trace.shape[0], dtype=np.float64)
    times[-1] = end
    return Path(times, np.ascontiguousarray(trace[:, :3]), np.linalg.norm(trace[:, 3:], axis=1), float(miss))
