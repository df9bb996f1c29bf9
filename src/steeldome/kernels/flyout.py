"""Interceptor time of flight and reach, and the launch times that lead to an intercept.

The interceptor is a point mass on a straight line: constant acceleration during the boost, then a coast slowed in
proportion to the square of its speed. No guidance is modelled; the envelope comes from published limits.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]


@njit(cache=True)
def coast_decay(max_speed: float, mean_speed_ratio: float, boost_time: float, range_max: float) -> float:
    """Fall of the coasting speed with distance that gives a stated mean speed over the maximum range.

    Parameters
    ----------
    max_speed : float, m/s
        At the end of the boost.
    mean_speed_ratio : float, 0..1
        Mean speed from launch to ``range_max`` over ``max_speed``.
    boost_time : float, s, >= 0
    range_max : float, m

    Returns
    -------
    float, 1/m, >= 0
        k of v = v_max exp(-k s). 0, a coast at constant speed, where the boost covers the range or leaves the mean too
        low already.

    Notes
    -----
    Solves (exp(x) - 1) / x = (mean coasting slowness) v_max for x = k s by bisection. Drag with the square of the speed
    in air of constant density [Zarchan2012].
    """
    coast = range_max - 0.5 * max_speed * boost_time
    if coast <= 0.0:
        return 0.0
    slowness = (range_max / (mean_speed_ratio * max_speed) - boost_time) * max_speed / coast
    if slowness <= 1.0:
        return 0.0
    low = 0.0
    high = 1.0
    while math.expm1(high) < slowness * high:
        high *= 2.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        if math.expm1(middle) < slowness * middle:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high) / coast


@njit(cache=True)
def time_of_flight(slant_range: float, max_speed: float, boost_time: float, decay: float) -> float:
    """Time from launch until the interceptor has come a distance.

    Parameters
    ----------
    slant_range : float, m, >= 0
    max_speed : float, m/s
    boost_time : float, s, >= 0
    decay : float, 1/m, >= 0
        From :func:`coast_decay`.

    Returns
    -------
    float, s
        Strictly increasing with range.

    Notes
    -----
    Boost: t = sqrt(2 s t_b / v); coast: t = t_b + (exp(k (s - s_b)) - 1) / (k v) [Zarchan2012].
    """
    boost = 0.5 * max_speed * boost_time
    if slant_range <= boost:
        return math.sqrt(2.0 * slant_range * boost_time / max_speed)
    coast = slant_range - boost
    if decay <= 0.0:
        return boost_time + coast / max_speed
    return boost_time + math.expm1(decay * coast) / (decay * max_speed)


@njit(cache=True)
def reach(time: float, max_speed: float, boost_time: float, decay: float) -> float:
    """Distance (m) that the interceptor has come after a time (s); inverse of :func:`time_of_flight`."""
    if time <= 0.0:
        return 0.0
    if time <= boost_time:
        return 0.5 * max_speed * time * time / boost_time
    coast = max_speed * (time - boost_time)
    if decay > 0.0:
        coast = math.log1p(decay * coast) / decay
    return 0.5 * max_speed * boost_time + coast


@njit(cache=True)
def constant_speed_intercept(position: Floats, velocity: Floats, speed: float) -> float:
    """Time until an interceptor of constant speed can meet a target of constant velocity.

    Parameters
    ----------
    position, velocity : (xyz,) float; m, m/s
        Of the target, seen from the launcher; two or three axes.
    speed : float, m/s, > 0

    Returns
    -------
    float, s
        Smallest positive root of abs(r + v t) = s t; inf where there is none.
    """
    a = -speed * speed
    b = 0.0
    c = 0.0
    for k in range(position.size):
        a += velocity[k] * velocity[k]
        b += position[k] * velocity[k]
        c += position[k] * position[k]
    if a == 0.0:
        return -0.5 * c / b if b < 0.0 else math.inf
    under = b * b - a * c
    if under < 0.0:
        return math.inf
    root = math.sqrt(under)
    away = -(b + root) if b >= 0.0 else -b + root  # no cancellation
    best = math.inf
    if away / a > 0.0:
        best = away / a
    if away != 0.0 and c / away > 0.0:
        best = min(best, c / away)
    return best


@njit(cache=True)
def speed_class_factor(speed: float, class_speed: float, cutoff: float) -> float:
    """Share of its reach that a system keeps against a ballistic target faster than the class it claims.

    Parameters
    ----------
    speed : float, m/s
        Re-entry speed of the target, by the range that it flies.
    class_speed : float, m/s
        Re-entry speed for the range of the published class (:func:`steeldome.kernels.arcs.free_flight`).
    cutoff : float, > 1
        Multiple of ``class_speed`` at which nothing is left.

    Returns
    -------
    float, 0..1
        1 up to the class, then linear to 0 at the cutoff.

    Notes
    -----
    An assumption of the project: "600 km class" is read as a claim about speed.
    """
    if speed <= class_speed:
        return 1.0
    return max(0.0, (cutoff - speed / class_speed) / (cutoff - 1.0))


@njit(cache=True)
def _point(position: Floats, i: int, share: float) -> tuple[float, float, float]:
    """Target's position (m) at a share of sample interval i."""
    x = position[i, 0] + share * (position[i + 1, 0] - position[i, 0])
    y = position[i, 1] + share * (position[i + 1, 1] - position[i, 1])
    z = position[i, 2] + share * (position[i + 1, 2] - position[i, 2])
    return x, y, z


@njit(cache=True)
def _distance_ahead(time: float, launch: float, times: Floats, position: Floats, i: int, motion: Floats) -> float:
    """Target's distance less the interceptor's reach at a time in sample interval i."""
    x, y, z = _point(position, i, (time - times[i]) / (times[i + 1] - times[i]))
    return math.sqrt(x * x + y * y + z * z) - reach(time - launch, motion[0], motion[1], motion[2])


@njit(cache=True)
def _is_met(launch: float, times: Floats, position: Floats, i: int, motion: Floats) -> bool:
    """Whether a round has caught up with the target by the end of sample interval i."""
    return times[i + 1] > launch and _distance_ahead(times[i + 1], launch, times, position, i, motion) <= 0.0


@njit(cache=True)
def _meeting(launch: float, times: Floats, position: Floats, i: int, motion: Floats) -> float:
    """Time at which a round has caught up with the target in sample interval i, at most 1e-6 s late.

    False position, in which an end that stays counts half (the Illinois rule): some six evaluations for bisection's
    twenty.
    """
    low = max(times[i], launch)
    high = times[i + 1]
    ahead = _distance_ahead(low, launch, times, position, i, motion)
    behind = _distance_ahead(high, launch, times, position, i, motion)
    if ahead <= 0.0:
        return low
    side = 0
    while high - low > 1e-6:
        trial = (ahead * high - behind * low) / (ahead - behind)
        trial = min(max(trial, low + 4e-7), high - 4e-7)
        at = _distance_ahead(trial, launch, times, position, i, motion)
        if at > 0.0:
            low, ahead = trial, at
            if side > 0:
                behind *= 0.5
            side = 1
        else:
            high, behind = trial, at
            if side < 0:
                ahead *= 0.5
            side = -1
    return high


@njit(cache=True)
def intercept_windows(
    time: Floats,
    position_enu: Floats,
    height: Floats,
    is_allowed: Flags,
    launch_time: Floats,
    motion: Floats,
    envelope: Floats,
) -> tuple[Flags, Floats, Floats, Floats]:
    """Where and when a round launched at each time would meet a target on a known path.

    Parameters
    ----------
    time : (sample,) float, s, increasing
        Of the target's path.
    position_enu : (sample, xyz) float, m
        Of the target, from the fire unit.
    height : (sample,) float, m
        Of the target, in whatever sense ``height_min`` and ``height_max`` are given.
    is_allowed : (sample,) uint8
        0: no intercept here (masked, out of the sector); an intercept needs both neighbouring samples.
    launch_time : (launch,) float, s, non-decreasing
    motion : (3 or more,) float; m/s, s, 1/m
        Largest speed, boost time and decay, as for :func:`time_of_flight`.
    envelope : (5,) float, m
        Of an intercept: least and greatest slant range, reach factors applied; greatest horizontal distance, which is
        the lateral reach against ballistic targets and inf where it does not apply; least height, which is the keep-out
        altitude where there is one, and greatest.

    Returns
    -------
    is_open : (launch,) uint8
        1: the first meeting point lies inside the envelope.
    time_of_flight, slant_range, height : (launch,) float; s, m, m
        From launch to meeting point, and of that; inf, inf, nan where the round never catches up before the path ends.

    Notes
    -----
    Smallest positive root of abs(target(t)) = reach(t - launch), target linear between samples, to 1e-6 s. A later
    launch never meets earlier, so one sweep serves all launches.
    """
    n = launch_time.size
    is_open = np.zeros(n, np.uint8)
    flight = np.full(n, math.inf)
    slant_range = np.full(n, math.inf)
    met_height = np.full(n, math.nan)
    i = 0
    for q in range(n):
        launch = launch_time[q]
        if launch < time[0]:
            continue
        while i < time.size - 1 and not _is_met(launch, time, position_enu, i, motion):
            i += 1
        if i >= time.size - 1:
            break
        met = _meeting(launch, time, position_enu, i, motion)
        share = (met - time[i]) / (time[i + 1] - time[i])
        flight[q] = met - launch
        met_height[q] = height[i] + share * (height[i + 1] - height[i])
        east, north, up = _point(position_enu, i, share)
        slant_range[q] = math.sqrt(east * east + north * north + up * up)
        is_open[q] = (
            is_allowed[i] != 0
            and is_allowed[i + 1] != 0
            and envelope[0] <= slant_range[q] <= envelope[1]
            and math.sqrt(east * east + north * north) <= envelope[2]
            and envelope[3] <= met_height[q] <= envelope[4]
        )
    return is_open, flight, slant_range, met_height
