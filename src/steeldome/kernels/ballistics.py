"""Ballistic motion: the forces on a body, and an adaptive integrator that stops where something happens.

A body is flown in earth-fixed axes over the turning ellipsoid. Steps are as long as the tolerance allows: samples,
where they are asked for, come from the interpolant of each step and cost no step of their own.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import (
    ATMOSPHERE_EARTH_RADIUS,
    US_STANDARD_ATMOSPHERE_LAYERS,
    WGS84_FLATTENING,
    WGS84_GRAVITATIONAL_PARAMETER,
    WGS84_J2,
    WGS84_ROTATION_RATE,
    WGS84_SEMI_MAJOR_AXIS,
)
from steeldome.kernels.atmosphere import air_density

Floats = npt.NDArray[np.float64]

#: Drag is left out above this height (m): less than 3e-4 of gravity for bodies of 1 000 kg/m2 at 3 km/s.
DRAG_CEILING: Final = 100_000.0

#: Error that one step of an integration may make (m): a whole flight then ends within metres of its exact end.
TOLERANCE: Final = 0.05

# What ends an integration, and the level that goes with it.
AT_SPEED: Final = 0  # the ground speed (m/s) is reached
AT_APOGEE: Final = 1  # no longer climbing
AT_HEIGHT: Final = 2  # down to a height (m) over the ellipsoid

_MOST_STEPS: Final = 20_000
_TIME_SCALE: Final = 20.0  # s: an error in speed counts as the distance it makes in this time
_FIRST_STEP: Final = 4.0  # s

# Heights (m) at which the air's gradient jumps, upwards: a step ends near them, since none can look across a corner.
_CORNERS = (
    *(
        ATMOSPHERE_EARTH_RADIUS * base / (ATMOSPHERE_EARTH_RADIUS - base)
        for base, _, _ in US_STANDARD_ATMOSPHERE_LAYERS[1:]
    ),
    DRAG_CEILING,
)
_N_CORNERS = len(_CORNERS)
_NEAR = 20.0  # m: near enough to a corner

# Formula of Dormand and Prince, order 5 with an error estimate of order 4 [DormandPrince1980, table 2]; in the names of
# [HairerNorsettWanner1993, table II.5.2]. The last row gives the next state: its stage is the first of the next step.
_C = (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
_A2 = 1 / 5
_A3 = (3 / 40, 9 / 40)
_A4 = (44 / 45, -56 / 15, 32 / 9)
_A5 = (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729)
_A6 = (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656)
_B = (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84)
_E = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
# Interpolant of order 4 [HairerNorsettWanner1993, section II.6].
_D = (
    -12715105075 / 11282082432,
    0.0,
    87487479700 / 32700410799,
    -10690763975 / 1880347072,
    701980252875 / 199316789632,
    -1453857185 / 822651844,
    69997945 / 29380423,
)


class Earth(NamedTuple):
    """The planet that a body flies over: shape, gravity, spin and air."""

    radius: float  # m, equatorial
    flattening: float
    gravitational_parameter: float  # m3/s2
    j2: float  # oblateness of its gravity
    rotation_rate: float  # rad/s
    surface_density: float  # kg/m3, of an exponential atmosphere
    scale_height: float  # m, of an exponential atmosphere; 0: US Standard Atmosphere 1976


WGS84_EARTH: Final = Earth(
    WGS84_SEMI_MAJOR_AXIS, WGS84_FLATTENING, WGS84_GRAVITATIONAL_PARAMETER, WGS84_J2, WGS84_ROTATION_RATE, 0.0, 0.0
)


class Drive(NamedTuple):
    """What acts on a body besides gravity: drag, and thrust whose direction tilts from the vertical as time goes on.

    The thrust points ``up`` at time 0 and tilts towards ``ahead`` (two unit vectors, earth-fixed) in proportion to
    time, until it has tilted by ``tilt``. A body that coasts has no thrust, a mass of 1, and 1/coefficient as its area.
    """

    drag_area: float  # m2: drag coefficient times reference area
    mass: float  # kg, at time 0
    mass_flow: float  # kg/s
    thrust: float  # N
    tilt: float  # rad
    tilt_time: float  # s
    up: tuple[float, float, float]
    ahead: tuple[float, float, float]


@njit(cache=True)
def coasting(ballistic_coefficient: float) -> Drive:
    """Free flight of a body with a ballistic coefficient (kg/m2); inf: no drag."""
    return Drive(1.0 / ballistic_coefficient, 1.0, 0.0, 0.0, 0.0, 1.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


@njit(cache=True)
def height_over(state: Floats, earth: Earth) -> float:
    """Height (m) over the ellipsoid; within 1 cm of the geodetic one below 100 km.

    Height along the radius, times the cosine of the angle f sin(2 latitude) between radius and vertical.
    """
    across = state[0] * state[0] + state[1] * state[1]
    squared = across + state[2] * state[2]
    polar = 1.0 - earth.flattening
    surface = earth.radius * polar * math.sqrt(squared / (polar * polar * across + state[2] * state[2]))
    tilt = 2.0 * earth.flattening**2 * across * state[2] * state[2] / (squared * squared)
    return (math.sqrt(squared) - surface) * (1.0 - tilt)


@njit(cache=True)
def acceleration(state: Floats, time: float, earth: Earth, drive: Drive) -> tuple[float, float, float]:
    """Acceleration (m/s2) in earth-fixed axes: gravity with J2, spin, drag against air that turns along, and thrust.

    Parameters
    ----------
    state : (6,) float; m, m/s
        Earth-fixed position and velocity.
    time : float, s
        Since the drive's time 0.
    earth : Earth
    drive : Drive

    Notes
    -----
    Gravity to the second zonal harmonic and motion in turning axes [MontenbruckGill2000, ch. 3]; drag from the density
    at the height, zero above `DRAG_CEILING` [USStandardAtmosphere1976]. The coefficient does not change with speed.
    """
    x, y, z = state[0], state[1], state[2]
    vx, vy, vz = state[3], state[4], state[5]
    squared = x * x + y * y + z * z
    pull = -earth.gravitational_parameter / (squared * math.sqrt(squared))
    bulge = 1.5 * earth.j2 * earth.radius * earth.radius / squared
    polar = 5.0 * z * z / squared
    spin = earth.rotation_rate
    along = pull * (1.0 + bulge * (1.0 - polar)) + spin * spin
    ax = along * x + 2.0 * spin * vy
    ay = along * y - 2.0 * spin * vx
    az = pull * (1.0 + bulge * (3.0 - polar)) * z
    mass = drive.mass - drive.mass_flow * time
    if drive.drag_area > 0.0 and squared < (earth.radius + DRAG_CEILING) ** 2:
        height = max(height_over(state, earth), 0.0)
        if height < DRAG_CEILING:
            if earth.scale_height > 0.0:
                density = earth.surface_density * math.exp(-height / earth.scale_height)
            else:
                density = air_density(height)
            brake = -0.5 * density * math.sqrt(vx * vx + vy * vy + vz * vz) * drive.drag_area / mass
            ax += brake * vx
            ay += brake * vy
            az += brake * vz
    if drive.thrust > 0.0:
        tilt = drive.tilt * min(time / drive.tilt_time, 1.0)
        rise = drive.thrust / mass * math.cos(tilt)
        push = drive.thrust / mass * math.sin(tilt)
        ax += rise * drive.up[0] + push * drive.ahead[0]
        ay += rise * drive.up[1] + push * drive.ahead[1]
        az += rise * drive.up[2] + push * drive.ahead[2]
    return ax, ay, az


@njit(cache=True)
def _stage(state: Floats, time: float, earth: Earth, drive: Drive, rate: Floats) -> None:
    ax, ay, az = acceleration(state, time, earth, drive)
    rate[0] = state[3]
    rate[1] = state[4]
    rate[2] = state[5]
    rate[3] = ax
    rate[4] = ay
    rate[5] = az


@njit(cache=True)
def advance(state: Floats, time: float, step: float, earth: Earth, drive: Drive, work: Floats) -> float:
    """One step of the formula of Dormand and Prince.

    Parameters
    ----------
    state : (6,) float; m, m/s
        At ``time``; not changed.
    time, step : float, s
    earth : Earth
    drive : Drive
    work : (9, 6) float
        Row 0: the rates at ``state``, given. Written: rows 1 to 6, the other stages, of which row 6 is the rates at the
        end; row 7, the state at the end; row 8 is scratch.

    Returns
    -------
    float, m
        Estimated error: of the position, or of the velocity times 20 s where that is more.
    """
    k, point, end = work, work[8], work[7]
    for i in range(6):
        point[i] = state[i] + step * (_A2 * k[0, i])
    _stage(point, time + _C[1] * step, earth, drive, k[1])
    for i in range(6):
        point[i] = state[i] + step * (_A3[0] * k[0, i] + _A3[1] * k[1, i])
    _stage(point, time + _C[2] * step, earth, drive, k[2])
    for i in range(6):
        point[i] = state[i] + step * (_A4[0] * k[0, i] + _A4[1] * k[1, i] + _A4[2] * k[2, i])
    _stage(point, time + _C[3] * step, earth, drive, k[3])
    for i in range(6):
        point[i] = state[i] + step * (_A5[0] * k[0, i] + _A5[1] * k[1, i] + _A5[2] * k[2, i] + _A5[3] * k[3, i])
    _stage(point, time + _C[4] * step, earth, drive, k[4])
    for i in range(6):
        point[i] = state[i] + step * (
            _A6[0] * k[0, i] + _A6[1] * k[1, i] + _A6[2] * k[2, i] + _A6[3] * k[3, i] + _A6[4] * k[4, i]
        )
    _stage(point, time + step, earth, drive, k[5])
    for i in range(6):
        end[i] = state[i] + step * (
            _B[0] * k[0, i] + _B[2] * k[2, i] + _B[3] * k[3, i] + _B[4] * k[4, i] + _B[5] * k[5, i]
        )
    _stage(end, time + step, earth, drive, k[6])
    place, speed = 0.0, 0.0
    for i in range(6):
        error = (
            _E[0] * k[0, i] + _E[2] * k[2, i] + _E[3] * k[3, i] + _E[4] * k[4, i] + _E[5] * k[5, i] + _E[6] * k[6, i]
        )
        if i < 3:
            place = max(place, abs(error))
        else:
            speed = max(speed, abs(error))
    return step * max(place, _TIME_SCALE * speed)


@njit(cache=True)
def _interpolate(state: Floats, step: float, share: float, work: Floats, out: Floats) -> None:
    """State at a share of the step that `advance` has just made."""
    rest = 1.0 - share
    for i in range(6):
        whole = work[7, i] - state[i]
        first = step * work[0, i] - whole
        last = whole - step * work[6, i] - first
        bend = step * (
            _D[0] * work[0, i]
            + _D[2] * work[2, i]
            + _D[3] * work[3, i]
            + _D[4] * work[4, i]
            + _D[5] * work[5, i]
            + _D[6] * work[6, i]
        )
        out[i] = state[i] + share * (whole + rest * (first + share * (last + rest * bend)))


@njit(cache=True)
def _climb(state: Floats) -> float:
    return state[0] * state[3] + state[1] * state[4] + state[2] * state[5]


@njit(cache=True)
def _progress(state: Floats, earth: Earth, end: int, level: float) -> float:
    """Below 0 until the end is met; its unit is that of the end."""
    if end == AT_SPEED:
        return math.sqrt(state[3] * state[3] + state[4] * state[4] + state[5] * state[5]) - level
    if end == AT_APOGEE:
        return -_climb(state)
    return level - height_over(state, earth) if _climb(state) < 0.0 else -1.0


@njit(cache=True)
def _progress_rate(state: Floats, rate: Floats, end: int) -> float:
    squared = state[3] * state[3] + state[4] * state[4] + state[5] * state[5]
    if end == AT_SPEED:
        return (state[3] * rate[3] + state[4] * rate[4] + state[5] * rate[5]) / math.sqrt(squared)
    if end == AT_APOGEE:
        return -(squared + state[0] * rate[3] + state[1] * rate[4] + state[2] * rate[5])
    return -_climb(state) / math.sqrt(state[0] * state[0] + state[1] * state[1] + state[2] * state[2])


@njit(cache=True)
def _time_to_corner(state: Floats, rate: Floats, earth: Earth) -> float:
    """Time (s) to the next corner of the air on the body's way up or down, as at constant acceleration; inf: none."""
    radius = math.sqrt(state[0] * state[0] + state[1] * state[1] + state[2] * state[2])
    rise = _climb(state) / radius
    height = height_over(state, earth)
    if rise > 0.0:
        ahead = 0
        while ahead < _N_CORNERS and _CORNERS[ahead] < height + _NEAR:
            ahead += 1
    else:
        ahead = _N_CORNERS - 1
        while ahead >= 0 and _CORNERS[ahead] > height - _NEAR:
            ahead -= 1
    if not 0 <= ahead < _N_CORNERS:
        return math.inf
    way = _CORNERS[ahead] - height
    squared = state[3] * state[3] + state[4] * state[4] + state[5] * state[5]
    pull = (squared - rise * rise + state[0] * rate[3] + state[1] * rate[4] + state[2] * rate[5]) / radius
    root = rise * rise + 2.0 * pull * way
    return 2.0 * abs(way) / (abs(rise) + math.sqrt(root)) if root > 0.0 else math.inf


@njit(cache=True)
def _length_to_end(
    state: Floats, time: float, step: float, earth: Earth, drive: Drive, end: int, level: float, work: Floats
) -> float:
    """Length (s) of the step, of the one just made, that ends where the end is met; that step is left in ``work``."""
    low, high = 0.0, 1.0
    below, above = -1.0, 1.0
    for halving in range(60):
        middle = 0.5 * (low + high)
        if halving > 5 and below < 0.0 < above:  # false position, once the bracket is short
            middle = low + (high - low) * below / (below - above)
        _interpolate(state, step, middle, work, work[8])
        value = _progress(work[8], earth, end, level)
        if value < 0.0:
            low, below = middle, value
        else:
            high, above = middle, value
        if abs(value) < 1e-3 or high - low < 1e-9:
            break
    length = step * high if end == AT_HEIGHT and below == -1.0 else step * middle
    for _ in range(2):  # of the exact step
        advance(state, time, length, earth, drive, work)
        rate = _progress_rate(work[7], work[6], end)
        if rate > 0.0:
            length -= _progress(work[7], earth, end, level) / rate
    advance(state, time, length, earth, drive, work)
    return length


@njit(cache=True)
def _sample(state: Floats, time: float, step: float, work: Floats, trace: Floats, trace_step: float) -> None:
    """Write the states at the multiples of ``trace_step`` (s) that the step just made has passed."""
    sample = math.floor(time / trace_step) + 1
    while sample * trace_step <= time + step and sample < trace.shape[0]:
        _interpolate(state, step, (sample * trace_step - time) / step, work, trace[sample])
        sample += 1


@njit(cache=True)
def fly(
    state: Floats,
    time: float,
    earth: Earth,
    drive: Drive,
    end: int,
    level: float,
    latest: float,
    tolerance: float,
    trace: Floats,
    trace_step: float,
    work: Floats,
) -> float:
    """Fly a body until something happens; ``state`` is moved there.

    Parameters
    ----------
    state : (6,) float; m, m/s; earth-fixed, changed in place
    time : float, s
        At the start.
    earth, drive : Earth, Drive
    end, level : int, float
        `AT_SPEED` (m/s), `AT_APOGEE`, or `AT_HEIGHT` (m), which asks for a descent.
    latest : float, s
        Ends there if nothing happens before.
    tolerance : float, m, > 0
        Error that a step may make.
    trace : (time, 6) float, output
        State at each multiple of ``trace_step`` (s) that is passed, as far as the array goes; it may be empty.
    work : (9, 6) float, scratch

    Returns
    -------
    float, s
        Time at the end, to 1e-6 s or so: the last step is cut to meet it.
    """
    _stage(state, time, earth, drive, work[0])
    step = _FIRST_STEP
    has_corners = drive.drag_area > 0.0 and earth.scale_height == 0.0
    for _ in range(_MOST_STEPS):
        step = min(step, latest - time)
        if has_corners:
            step = min(step, _time_to_corner(state, work[0], earth))
        ratio = advance(state, time, step, earth, drive, work) / tolerance
        if ratio > 1.0:
            step *= max(0.2, 0.9 * ratio**-0.2)
            continue
        is_over = _progress(work[7], earth, end, level) >= 0.0
        taken = _length_to_end(state, time, step, earth, drive, end, level, work) if is_over else step
        if trace.shape[0] > 0:
            _sample(state, time, taken, work, trace, trace_step)
        for i in range(6):
            state[i] = work[7, i]
            work[0, i] = work[6, i]
        time += taken
        if is_over or time >= latest:
            break
        # [HairerNorsettWanner1993, section II.4]
        step *= 5.0 if ratio < 1e-4 else min(5.0, 0.9 * ratio**-0.2)
    return time
