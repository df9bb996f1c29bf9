"""Which fire unit can meet which path, when it must launch, how long the round flies and how likely it kills."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.bundle import Bundle, bundle_of, samples_within, shift_over
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import site_horizon
from steeldome.compiler.paths import FlownPath
from steeldome.compiler.specs import EffectorSpec, FireUnitSpec, Settings
from steeldome.compiler.tables import N_PAIR_KNOTS, ONE_P15
from steeldome.compiler.terrain import Terrain
from steeldome.kernels.flyout import coast_decay, intercept_windows, speed_class_factor, time_of_flight
from steeldome.kernels.geodesy import bearing_of, enu_from_ecef, ground_distance_of, is_in_sector, point_ecef
from steeldome.kernels.horizon import Horizon, lowest_in_view

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

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
    fire_unit: FireUnitSpec,
    aimed: Sequence[tuple[FlownPath, int]],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> list[Shots | str]:
    """Launch window of a fire unit against each of some paths, or the stage that it fails at.

    Parameters
    ----------
    fire_unit : FireUnitSpec
    aimed : sequence of (FlownPath, int)
        With the shots of one engagement; the last must still find the target in the envelope.
    settings : Settings
        Roughness and cover of the screen, where the unit itself must see the target.

    Returns
    -------
    list of Shots, or 'outside_envelope' or 'below_horizon'
    """
    key = "shots", fire_unit, settings.screen_spread, settings.cover, terrain
    known = cache.get(key, dict[tuple[FlownPath, int], Shots | str])
    new = [pair for pair in aimed if pair not in known]
    if new:
        known |= zip(new, _shots_of(fire_unit, new, terrain, cache, settings), strict=True)
    return [known[pair] for pair in aimed]


def _envelopes(effector: EffectorSpec, bundle: Bundle) -> Floats:
    """Probability of kill inside, and the five limits of `envelope`, against each path; (path, 6)."""
    return np.array(
        [
            (class_factor(effector, path) * effector.sspk.get(path.engaged_as, 0.0), *envelope(effector, path))
            for path in bundle.paths
        ]
    )


def _shots_of(
    fire_unit: FireUnitSpec,
    aimed: Sequence[tuple[FlownPath, int]],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> Iterator[Shots | str]:
    """Launch window of a fire unit against each path."""
    effector = fire_unit.effector
    bundle = bundle_of([path for path, _ in aimed], cache)
    envelopes = cache.get(("envelopes", effector, bundle), partial(_envelopes, effector, bundle))
    place = fire_unit.latitude, fire_unit.longitude, fire_unit.elevation + fire_unit.mast
    screen = settings.screen_spread, settings.cover
    farthest = max(fire_unit.sight_range, *effector.range_max.values(), effector.kinematic_range)
    motion = effector.speed, effector.mean_speed_ratio, effector.boost_time, effector.kinematic_range
    decay = cache.get(("decay", *motion), partial(coast_decay, *motion))
    codes, opens, closes, shifts, flight, p15 = _shots(
        bundle.first,
        bundle.time,
        bundle.position_ecef,
        bundle.altitude,
        bundle.height_above_ground,
        bundle.ball,
        bundle.is_ballistic,
        site_horizon(terrain, cache, *place, farthest if fire_unit.needs_sight else 0.0, *screen),
        np.array([*place, fire_unit.elevation]),
        envelopes,
        np.array([fire_unit.spacing * (salvo - 1) for _, salvo in aimed]),
        np.array([fire_unit.sector_centre, fire_unit.sector_width, fire_unit.p_basket]),
        np.array([effector.speed, effector.boost_time, decay, effector.effect_time, effector.edge_factor]),
        fire_unit.needs_sight,
    )
    for k, code in enumerate(codes.tolist()):
        if code == _SHOT:
            yield Shots(int(opens[k]), int(closes[k]), int(shifts[k]), flight[k], p15[k])
        else:
            yield "below_horizon" if code == _NO_SIGHT else "outside_envelope"


@njit(cache=True)
def _allowed(
    position: Floats, altitude: Floats, seen_from: Horizon, sector: Floats, longest: float, needs_sight: bool
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """By sample: inside range and sector at all; and inside with nothing in the way."""
    n = position.shape[0]
    inside = np.zeros(n, np.uint8)
    free = np.zeros(n, np.uint8)
    for i in range(n):
        east, north, up = position[i]
        across = math.sqrt(east * east + north * north)
        if math.sqrt(across * across + up * up) > longest:
            continue
        azimuth = bearing_of(east, north)
        if not is_in_sector(azimuth, sector[0], sector[1]):
            continue
        inside[i] = 1
        free[i] = not needs_sight or altitude[i] >= lowest_in_view(seen_from, azimuth, ground_distance_of(across, up))
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
    is_open, _, _, _ = intercept_windows(time, position, height, free, launch, motion, limits)
    a, b = _longest_run(is_open)
    if b < a:
        return 0.0, -1.0
    opening = launch[a]
    closing = launch[b]
    if a > 0:
        trial = np.linspace(launch[a - 1], launch[a], _FINE)
        is_open, _, _, _ = intercept_windows(time, position, height, free, trial, motion, limits)
        k = _FINE - 1
        while k > 0 and is_open[k - 1] != 0:
            k -= 1
        opening = trial[k]
    if b < _COARSE - 1:
        trial = np.linspace(launch[b], launch[b + 1], _FINE)
        is_open, _, _, _ = intercept_windows(time, position, height, free, trial, motion, limits)
        k = 0
        while k < _FINE - 1 and is_open[k + 1] != 0:
            k += 1
        closing = trial[k]
    return opening, closing


@njit(cache=True)
def _heights(altitude: Floats, above_ground: Floats, ground: float, lowest: float, is_ballistic: int) -> Floats:
    """Height over the fire unit's ground; -1 where a flat path is too low over its own ground."""
    height = np.maximum(altitude - ground, 0.0)
    if not is_ballistic:
        for i in range(height.size):
            if above_ground[i] < lowest:
                height[i] = -1.0
    return height


@njit(cache=True)
def _shots(
    first: Integers,
    time: Floats,
    path: Floats,
    altitude: Floats,
    above_ground: Floats,
    ball: Floats,
    is_ballistic: npt.NDArray[np.uint8],
    seen_from: Horizon,
    site: Floats,
    envelopes: Floats,
    spacing: Floats,
    sector: Floats,
    motion: Floats,
    needs_sight: bool,
) -> tuple[Integers, Integers, Integers, Integers, Integers, Integers]:
    """Code, first and last launch, shift, flight and chance by launch, against each path of a bundle."""
    n_paths = first.size - 1
    code = np.full(n_paths, _NO_SHOT)
    opens = np.zeros(n_paths, np.int64)
    closes = np.zeros(n_paths, np.int64)
    shifts = np.zeros(n_paths, np.int64)
    flight = np.zeros((n_paths, N_PAIR_KNOTS), np.int64)
    p15 = np.zeros((n_paths, N_PAIR_KNOTS), np.int64)
    place = np.array(point_ecef(site[0], site[1], site[2]))
    for p in range(n_paths):
        factor = envelopes[p, 0] * sector[2]
        limits = envelopes[p, 1:].copy()
        if factor <= 0.0 or limits[1] <= 0.0:
            continue
        a, b = samples_within(path, first[p], first[p + 1], ball[p], place, limits[1])
        if b - a < 2:
            continue
        start = max(time[first[p]], time[a] - time_of_flight(limits[1], motion[0], motion[1], motion[2]))
        while a > first[p] and time[a] > start:
            a -= 1
        near = time[a:b]
        position = enu_from_ecef(site[0], site[1], site[2], path[a:b])
        height = _heights(altitude[a:b], above_ground[a:b], site[3], limits[3], is_ballistic[p])
        inside, free = _allowed(position, altitude[a:b], seen_from, sector, limits[1], needs_sight)
        if np.any(inside != 0) and not np.any(free != 0):
            code[p] = _NO_SIGHT
        if not is_ballistic[p]:
            limits[3] = 0.0  # _heights has judged it
        opening, closing = _run_of_launches(near, position, height, free, start, motion, limits)
        opens[p] = math.ceil(1000.0 * opening)
        closes[p] = math.floor(1000.0 * (closing - spacing[p] - motion[3]))
        if closes[p] < opens[p]:
            continue
        code[p] = _SHOT
        shifts[p] = shift_over(closes[p] - opens[p], N_PAIR_KNOTS)
        launch = np.minimum(0.001 * (opens[p] + (np.arange(N_PAIR_KNOTS) << shifts[p])), closing)
        seconds, slant_range, met = intercept_windows(near, position, height, free, launch, motion, limits)[1:]
        for k in range(N_PAIR_KNOTS):
            flight[p, k] = round(1000.0 * (seconds[k] + motion[3]))
            lateral = math.sqrt(max(0.0, slant_range[k] ** 2 - met[k] ** 2))
            share = max(slant_range[k] / limits[1], lateral / limits[2])
            outer = min(1.0, max(0.0, share - (1.0 - EDGE)) / EDGE)
            p15[p, k] = round(ONE_P15 * factor * (1.0 - (1.0 - motion[4]) * outer))
    return code, opens, closes, shifts, flight, p15
