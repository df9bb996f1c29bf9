"""Which fire unit can meet which path, when it must launch, how long the round flies and how likely it kills."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import SLACK, Mask, clear_of_screen, closest_approach, samples_within, site_mask
from steeldome.compiler.paths import FlownPath
from steeldome.compiler.specs import EffectorSpec, FireUnitSpec, Settings
from steeldome.compiler.tables import N_PAIR_KNOTS, ONE_P15
from steeldome.compiler.terrain import Terrain
from steeldome.kernels.flyout import coast_decay, intercept_windows, speed_class_factor, time_of_flight
from steeldome.kernels.geodesy import directions, enu_from_ecef, geodetic_to_ecef

Floats = npt.NDArray[np.float64]

EDGE: Final = 0.1  # outer share of the range in which a shot is less likely to kill

_COARSE: Final = 96  # launch times tried over all that could matter
_FINE: Final = 16  # launch times tried to place each end of the window
_NO_SHOT, _NO_SIGHT, _SHOT = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Shots:
    """Launch window of one fire unit against one path.

    Attributes
    ----------
    open_ms, close_ms : int
        First and last launch, from the path's start.
    shift : int
        Knots lie ``2**shift`` ms apart, from ``open_ms`` on.
    flight_ms : (16,) int64
        Time of flight by launch time.
    p15 : (16,) int64
        Probability of kill by launch time, 32768 = 1; 0 where the round meets nothing.
    """

    open_ms: int
    close_ms: int
    shift: int
    flight_ms: npt.NDArray[np.int64]
    p15: npt.NDArray[np.int64]


def class_factor(effector: EffectorSpec, path: FlownPath) -> float:
    """Share of its probability of kill that an effector keeps against a ballistic path's speed; 1 for a flat path."""
    if not path.is_ballistic:
        return 1.0
    if effector.ballistic_reach <= 0.0:
        return 0.0
    if math.isinf(effector.ballistic_class_speed):
        return 1.0
    return float(speed_class_factor(path.reentry_speed, effector.ballistic_class_speed, effector.ballistic_cutoff))


def envelope(effector: EffectorSpec, path: FlownPath) -> tuple[float, float, float, float, float]:
    """Least and greatest slant range, greatest lateral distance, least and greatest height, m; zeros: no shot."""
    if path.is_ballistic:
        if effector.ballistic_reach <= 0.0:
            return 0.0, 0.0, 0.0, 0.0, 0.0
        low, high = effector.ballistic_height_min, effector.ballistic_height_max
        longest = min(effector.kinematic_range, math.hypot(effector.ballistic_reach, high))
        return effector.range_min, longest, effector.ballistic_reach, low, high
    longest = effector.range_max.get(path.engaged_as, 0.0)
    return effector.range_min, longest, longest, effector.height_min, effector.height_max


def all_shots(
    path: FlownPath,
    aimed: Sequence[tuple[FireUnitSpec, int]],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> list[Shots | str]:
    """Launch window of each fire unit against a path, or the stage that it fails at.

    Parameters
    ----------
    path : FlownPath
    aimed : sequence of (FireUnitSpec, int)
        With the shots of one engagement; the last must still find the target in the envelope.
    settings : Settings
        Roughness and cover of the screen, where the unit itself must see the target.

    Returns
    -------
    list of Shots, or 'outside_envelope' or 'below_horizon'
    """
    key = "shots", path, settings.screen_spread, settings.cover, terrain
    known = cache.get(key, dict[tuple[FireUnitSpec, int], Shots | str])
    new = [pair for pair in aimed if pair not in known]
    places = np.array([(item.latitude, item.longitude, item.elevation + item.mast) for item, _ in new]).reshape(-1, 3)
    sites = geodetic_to_ecef(*places.T)
    for pair, closest in zip(new, closest_approach(path.position_ecef, sites), strict=True):
        known[pair] = _shots_of(path, *pair, float(closest), terrain, cache, settings)
    return [known[pair] for pair in aimed]


def _shots_of(
    path: FlownPath,
    fire_unit: FireUnitSpec,
    salvo: int,
    closest: float,
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> Shots | str:
    """Launch window of one fire unit against a path that comes as close as ``closest`` (m)."""
    effector = fire_unit.effector
    factor = class_factor(effector, path) * effector.sspk.get(path.engaged_as, 0.0) * fire_unit.p_basket
    least, longest, lateral, low, high = envelope(effector, path)
    if factor <= 0.0 or longest <= 0.0 or closest > longest + SLACK:
        return "outside_envelope"
    eye = fire_unit.elevation + fire_unit.mast
    mask = np.zeros((1, 2), np.float32)
    if fire_unit.needs_sight:
        place = fire_unit.latitude, fire_unit.longitude, eye
        screen = settings.screen_spread, settings.cover
        mask = site_mask(terrain, cache, *place, max(longest, fire_unit.sight_range), *screen)
    decay = cache.get(
        ("decay", effector.speed, effector.mean_speed_ratio, effector.boost_time, effector.kinematic_range),
        lambda: coast_decay(effector.speed, effector.mean_speed_ratio, effector.boost_time, effector.kinematic_range),
    )
    spacing = fire_unit.spacing * (salvo - 1)
    effect = effector.effect_time
    code, open_ms, close_ms, shift, flight, p15 = _shots(
        path.time,
        path.position_ecef,
        path.altitude,
        path.height_above_ground,
        mask,
        np.array([fire_unit.latitude, fire_unit.longitude, eye, fire_unit.elevation]),
        np.array([least, longest, lateral, low, high, fire_unit.sector_centre, fire_unit.sector_width]),
        np.array([effector.speed, effector.boost_time, decay]),
        fire_unit.needs_sight,
        path.is_ballistic,
        factor,
        np.array([spacing, effect, effector.edge_factor]),
    )
    if code != _SHOT:
        return "below_horizon" if code == _NO_SIGHT else "outside_envelope"
    return Shots(int(open_ms), int(close_ms), int(shift), flight, p15)


@njit(cache=True)
def _allowed(
    position: Floats, altitude: Floats, mask: Mask, site: Floats, limits: Floats, needs_sight: bool
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """By sample: inside range and sector at all; and inside with nothing in the way."""
    azimuth, _, slant_range, ground_distance = directions(position)
    n = slant_range.size
    inside = np.zeros(n, np.uint8)
    free = np.zeros(n, np.uint8)
    for i in range(n):
        off = (azimuth[i] - limits[5] + math.pi) % (2.0 * math.pi) - math.pi
        if slant_range[i] > limits[1] or abs(off) > 0.5 * limits[6]:
            continue
        inside[i] = 1
        is_seen = not needs_sight or altitude[i] >= clear_of_screen(mask, site[2], azimuth[i], ground_distance[i])
        free[i] = is_seen
    return inside, free


@njit(cache=True)
def _longest_run(is_open: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """First and last index of the longest run of ones; (0, -1) without one. Of equals the first."""
    best_first = 0
    best_last = -1
    first = 0
    for i in range(is_open.size):
        if is_open[i] == 0:
            first = i + 1
        elif i - first > best_last - best_first:
            best_first = first
            best_last = i
    return best_first, best_last


@njit(cache=True)
def _run_of_launches(
    time: Floats,
    position: Floats,
    height: Floats,
    free: npt.NDArray[np.uint8],
    start: float,
    motion: Floats,
    limits: Floats,
) -> tuple[float, float]:
    """First and last launch time (s) of the longest run that leads to an intercept; the last before the first: none."""
    launch = np.linspace(start, time[-1], _COARSE)
    is_open, _, _, _ = _meet(time, position, height, free, launch, motion, limits)
    a, b = _longest_run(is_open)
    if b < a:
        return 0.0, -1.0
    opening = launch[a]
    closing = launch[b]
    if a > 0:
        trial = np.linspace(launch[a - 1], launch[a], _FINE)
        is_open, _, _, _ = _meet(time, position, height, free, trial, motion, limits)
        k = _FINE - 1
        while k > 0 and is_open[k - 1] != 0:
            k -= 1
        opening = trial[k]
    if b < _COARSE - 1:
        trial = np.linspace(launch[b], launch[b + 1], _FINE)
        is_open, _, _, _ = _meet(time, position, height, free, trial, motion, limits)
        k = 0
        while k < _FINE - 1 and is_open[k + 1] != 0:
            k += 1
        closing = trial[k]
    return opening, closing


@njit(cache=True)
def _heights(altitude: Floats, above_ground: Floats, ground: float, lowest: float, is_ballistic: bool) -> Floats:
    """Height over the fire unit's ground; -1 where a flat path is too low over its own ground."""
    height = np.maximum(altitude - ground, 0.0)
    if not is_ballistic:
        for i in range(height.size):
            if above_ground[i] < lowest:
                height[i] = -1.0
    return height


@njit(cache=True)
def _shots(
    time: Floats,
    path: Floats,
    altitude: Floats,
    above_ground: Floats,
    mask: Mask,
    site: Floats,
    limits: Floats,
    motion: Floats,
    needs_sight: bool,
    is_ballistic: bool,
    factor: float,
    rule: Floats,
) -> tuple[int, int, int, int, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    flight = np.zeros(N_PAIR_KNOTS, np.int64)
    p15 = np.zeros(N_PAIR_KNOTS, np.int64)
    first, last = samples_within(path, site, limits[1])
    if last - first < 2:
        return _NO_SHOT, 0, 0, 0, flight, p15
    start = max(time[0], time[first] - time_of_flight(limits[1], motion[0], motion[1], motion[2]))
    while first > 0 and time[first] > start:
        first -= 1
    near = time[first:last]
    position = enu_from_ecef(site[0], site[1], site[2], path[first:last])
    height = _heights(altitude[first:last], above_ground[first:last], site[3], limits[3], is_ballistic)
    inside, free = _allowed(position, altitude[first:last], mask, site, limits, needs_sight)
    code = _NO_SIGHT if np.any(inside != 0) and not np.any(free != 0) else _NO_SHOT
    limits = limits.copy()
    if not is_ballistic:
        limits[3] = 0.0  # _heights has judged it
    opening, closing = _run_of_launches(near, position, height, free, start, motion, limits)
    open_ms = math.ceil(1000.0 * opening)
    close_ms = math.floor(1000.0 * (closing - rule[0] - rule[1]))
    if close_ms < open_ms:
        return code, 0, 0, 0, flight, p15
    shift = 0
    while ((N_PAIR_KNOTS - 1) << shift) < close_ms - open_ms:
        shift += 1
    knot = np.empty(N_PAIR_KNOTS)
    for k in range(N_PAIR_KNOTS):
        knot[k] = min(0.001 * (open_ms + (k << shift)), closing)
    seconds, slant_range, met_height = _meet(near, position, height, free, knot, motion, limits)[1:]
    for k in range(N_PAIR_KNOTS):
        flight[k] = round(1000.0 * (seconds[k] + rule[1]))
        lateral = math.sqrt(max(0.0, slant_range[k] ** 2 - met_height[k] ** 2))
        share = max(slant_range[k] / limits[1], lateral / limits[2])
        outer = min(1.0, max(0.0, share - (1.0 - EDGE)) / EDGE)
        p15[k] = round(ONE_P15 * factor * (1.0 - (1.0 - rule[2]) * outer))
    return _SHOT, open_ms, close_ms, shift, flight, p15


@njit(cache=True)
def _meet(
    time: Floats,
    position: Floats,
    height: Floats,
    free: npt.NDArray[np.uint8],
    launch: Floats,
    motion: Floats,
    limits: Floats,
) -> tuple[npt.NDArray[np.uint8], Floats, Floats, Floats]:
    return intercept_windows(
        time,
        position,
        height,
        free,
        launch,
        motion[0],
        motion[1],
        motion[2],
        limits[0],
        limits[1],
        limits[2],
        limits[3],
        limits[4],
    )
