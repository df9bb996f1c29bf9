"""Which sensor has which chance to track which path: windows of cumulative hazard."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.air import NO_BAND, air_around, range_in_rain
from steeldome.compiler.bundle import bundle_of, samples_within, shift_over
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import site_horizon
from steeldome.compiler.paths import FlownPath
from steeldome.compiler.specs import SensorSpec, Settings
from steeldome.compiler.tables import HAZARD_ONE, N_KNOTS
from steeldome.compiler.terrain import Terrain
from steeldome.kernels.detection import (
    jammed_range_factor,
    jammer_noise,
    reference_range,
    seen_beside_clutter,
    track_hazard,
)
from steeldome.kernels.geodesy import bearing_of, enu_basis, ground_distance_of, into_axes, is_in_sector, point_ecef
from steeldome.kernels.horizon import Horizon, lowest_in_view
from steeldome.kernels.propagation import Air, horizon_dip, range_ratio
from steeldome.kernels.swerling import CURVE_END, curve_detection, detection_curve

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Seen = tuple[FlownPath, float, int]  # with the cross-section (m2) and the Swerling case of what flies it

#: The lowest beam sees this much below its axis, and as much above it still meets the ground.
HALF_BEAM: Final = math.radians(1.5)

_ANYWHERE: Final = 2.0e7  # m
_PULSES: Final = 1  # added in one look; no number of them is published
_SIGHT_CASE: Final = 1  # of the curve by which a sight or an organic sensor sees
LEAST_HAZARD: Final = 0.001  # a window with less is left out
MOST_WINDOWS: Final = 15  # of one (path, sensor)

# How far a path came into a sensor's sight.
OUT_OF_REACH, MASKED, SEEN = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class SensorPath:
    """Chances of one sensor against one path.

    Attributes
    ----------
    sight : int
        OUT_OF_REACH, MASKED (in range, never in view) or SEEN.
    open_ms, close_ms : (window,) int64
        From the path's start.
    shift : (window,) int64
    knots : (window, 32) int64
        Cumulative hazard in 2**-16, at ``2**shift`` ms apart.
    """

    sight: int
    open_ms: npt.NDArray[np.int64]
    close_ms: npt.NDArray[np.int64]
    shift: npt.NDArray[np.int64]
    knots: npt.NDArray[np.int64]


def sensor_ranges(sensor: SensorSpec, cross_section: float, is_ballistic: bool) -> tuple[float, float]:
    """Range of one look in two, and range beyond which nothing is seen, m."""
    by_power, longest = uncapped_ranges(sensor, cross_section, is_ballistic)
    return min(by_power, longest), longest


def uncapped_ranges(sensor: SensorSpec, cross_section: float, is_ballistic: bool) -> tuple[float, float]:
    """Range of one look in two by power alone, and range beyond which nothing is seen, m; of a sight they are one."""
    if sensor.fixed_range > 0.0:
        return sensor.fixed_range, sensor.fixed_range
    if is_ballistic and sensor.ballistic_range > 0.0:
        return sensor.ballistic_range, max(sensor.ballistic_range, sensor.instrumented_range)
    if sensor.target_range > 0.0 and sensor.target_cross_section > 0.0:
        ratio = cross_section / sensor.target_cross_section
        return sensor.target_range * ratio**0.25, sensor.instrumented_range
    looks = reference_range(sensor.instrumented_range, sensor.search_ratio, cross_section, 1.0, 1.0)
    return looks, sensor.instrumented_range


def all_seeing(sensor: SensorSpec) -> SensorSpec:
    """The same sensor where it stands, without limits of range, sector and elevation: its horizon remains."""
    return replace(
        sensor,
        fixed_range=_ANYWHERE,
        band=NO_BAND,
        notch_speed=0.0,
        elevation_min=-0.5 * math.pi,
        elevation_max=0.5 * math.pi,
        sector_width=2.0 * math.pi,
    )


def watch(
    paths: Iterable[FlownPath],
    sensors: Iterable[SensorSpec],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> dict[tuple[str, str], SensorPath]:
    """Windows in which each sensor may come to track each path, by (path id, sensor id).

    Parameters
    ----------
    paths, sensors
    settings : Settings
        Cross-section and Swerling case of each threat type, rule of confirmation, roughness and cover of the
        screen, weather, jamming.
    """
    threats = settings.threats
    asked = [(p, threats[p.threat_type].cross_section, threats[p.threat_type].swerling_case) for p in paths]
    names = [path.id for path, *_ in asked]
    screen, rain = (settings.screen_spread, settings.cover), (settings.rain_rate, settings.rain_radius)
    rule = settings.hits, settings.looks, screen, rain, settings.jamming
    found: dict[tuple[str, str], SensorPath] = {}
    for sensor in sensors:
        known = cache.get(("watched", sensor, rule, terrain), dict[Seen, SensorPath])
        new = [seen for seen in asked if seen not in known]
        if new:
            known |= zip(new, _watched(sensor, new, terrain, cache, settings), strict=True)
        found |= {(name, sensor.id): known[pair] for name, pair in zip(names, asked, strict=True)}
    return found


def _watched(
    sensor: SensorSpec,
    seen: Sequence[Seen],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> Iterator[SensorPath]:
    """Chances of one sensor against paths."""
    bundle = bundle_of([path for path, *_ in seen], cache)
    kinds = {(area, path.is_ballistic) for path, area, _ in seen}
    of_kind = {kind: _ranges(sensor, *kind, settings) for kind in kinds}
    ranges = np.array([of_kind[area, path.is_ballistic] for path, area, _ in seen])
    cases = [_SIGHT_CASE if sensor.fixed_range > 0.0 else case for *_, case in seen]
    curves, curve_index = _curves(cases, sensor.p_false_alarm, cache)
    place = sensor.latitude, sensor.longitude, sensor.elevation + sensor.mast
    longest = float(ranges[:, 1].max())
    over_ground = HALF_BEAM - horizon_dip(max(0.0, place[2]))
    sight, count, *windows = _windows(
        bundle.first,
        bundle.time,
        bundle.position_ecef,
        bundle.altitude,
        bundle.ball,
        bundle.is_ballistic,
        site_horizon(terrain, cache, *place, longest, settings.screen_spread, settings.cover),
        np.array(place),
        ranges,
        curves,
        curve_index,
        air_around(sensor, longest, settings, cache),
        np.array([] if sensor.fixed_range > 0.0 else settings.jamming).reshape(-1, 3),
        np.array([sensor.scan_period, sensor.drop, sensor.notch_speed]),
        np.array([sensor.elevation_min, sensor.elevation_max, sensor.sector_centre, sensor.sector_width, over_ground]),
        settings.hits,
        settings.looks,
    )
    never = [SensorPath(how, *(column[:0] for column in windows)) for how in (OUT_OF_REACH, MASKED, SEEN)]
    first = 0
    for how, n in zip(sight.tolist(), count.tolist(), strict=True):
        yield SensorPath(how, *(column[first : first + n] for column in windows)) if n else never[how]
        first += n


def _ranges(sensor: SensorSpec, cross_section: float, is_ballistic: bool, settings: Settings) -> tuple[float, float]:
    """As `sensor_ranges`, in the weather, which shortens a sight at once and a radar look by look."""
    by_power, longest = sensor_ranges(sensor, cross_section, is_ballistic)
    longest = range_in_rain(sensor, longest, settings)
    return min(by_power, longest), longest


def _curves(cases: Sequence[int], p_false_alarm: float, cache: CompilerCache) -> tuple[Floats, Integers]:
    """Curves of detection of all Swerling cases among some, (case, cell, coefficient), and which of them is whose."""
    order = sorted(set(cases))
    curves = [
        cache.keep(("curve", case, p_false_alarm), partial(detection_curve, case, _PULSES, p_false_alarm))
        for case in order
    ]
    return np.array(curves), np.array([order.index(case) for case in cases])


@njit(cache=True)
def _in_view(
    path: Floats,
    altitude: Floats,
    seen_from: Horizon,
    site: Floats,
    basis: Floats,
    limits: Floats,
    air: Air,
    jammers: Floats,
    range_50: float,
) -> tuple[Flags, Flags, Flags, Floats, Floats]:
    """In the sector's volume, in line of sight too, and so low that the beam meets the ground, by sample; slant range
    (m), and what it counts for over the range of one look in two; ``site`` is earth-centred.
    """
    lowest = math.sin(limits[0])
    highest = math.sin(limits[1])
    n = path.shape[0]
    over_ground = math.sin(limits[4])
    in_volume = np.zeros(n, np.bool_)
    in_view = np.zeros(n, np.bool_)
    is_low = np.zeros(n, np.bool_)
    slant_range = np.empty(n)
    ratio = np.full(n, CURVE_END)
    for i in range(n):
        east, north, up = into_axes(basis, path[i, 0] - site[0], path[i, 1] - site[1], path[i, 2] - site[2])
        across = math.sqrt(east * east + north * north)
        slant_range[i] = math.sqrt(across * across + up * up)
        if not lowest * slant_range[i] <= up <= highest * slant_range[i]:
            continue
        is_low[i] = up < over_ground * slant_range[i]
        azimuth = bearing_of(east, north)
        if is_in_sector(azimuth, limits[2], limits[3]):
            in_volume[i] = True
            in_view[i] = altitude[i] >= lowest_in_view(seen_from, azimuth, ground_distance_of(across, up))
        if in_view[i] and range_50 > 0.0:
            ratio[i] = range_ratio(air, slant_range[i], math.atan2(up, across), range_50)
            ratio[i] = min(CURVE_END, ratio[i] / _factor_left(jammers, azimuth))
    return in_volume, in_view, is_low, slant_range, ratio


@njit(cache=True)
def _factor_left(jammers: Floats, azimuth: float) -> float:
    """Factor on range that jammers, (jammer, 3) as in `Settings`, leave to a look at a bearing (rad)."""
    noise = 0.0
    for bearing, width, noise_ratio in jammers:
        off = azimuth - bearing
        noise += jammer_noise(off - 2.0 * math.pi * round(off / (2.0 * math.pi)), noise_ratio, width)
    return jammed_range_factor(noise)


@njit(cache=True)
def _outside_notch(in_view: Flags, is_low: Flags, time: Floats, slant_range: Floats, notch_speed: float) -> Flags:
    """Whether a target is seen between two samples: in view, and beside the clutter where it is low."""
    is_seen = in_view[:-1] & in_view[1:]
    for i in range(is_seen.size):
        if is_seen[i] and is_low[i] and is_low[i + 1]:
            rate = (slant_range[i + 1] - slant_range[i]) / (time[i + 1] - time[i])
            is_seen[i] = seen_beside_clutter(rate, notch_speed)
    return is_seen


@njit(cache=True)
def _spans(is_seen: Flags, time: Floats, slant_range: Floats, longest: float, drop: float) -> Floats:
    """Start and end (s) of each stretch seen and in range; gaps up to ``drop`` (s) are part of a stretch."""
    spans = np.empty((MOST_WINDOWS, 2))
    n = 0
    for i in range(is_seen.size):
        if not is_seen[i]:
            continue
        start = time[i]
        end = time[i + 1]
        if slant_range[i] > longest and slant_range[i + 1] > longest:
            continue
        if slant_range[i] > longest:
            start += (end - start) * (slant_range[i] - longest) / (slant_range[i] - slant_range[i + 1])
        elif slant_range[i + 1] > longest:
            end = start + (end - start) * (longest - slant_range[i]) / (slant_range[i + 1] - slant_range[i])
        if n > 0 and (start - spans[n - 1, 1] <= drop or n == MOST_WINDOWS):
            spans[n - 1, 1] = end
        else:
            spans[n, 0] = start
            spans[n, 1] = end
            n += 1
    return spans[:n]


@njit(cache=True)
def _place(x: float, xs: Floats, start: int) -> tuple[int, float]:
    """Interval of samples that holds ``x``, looked for from one on, and how far into it that is."""
    i = start
    while i < xs.size - 2 and xs[i + 1] <= x:
        i += 1
    return i, (x - xs[i]) / (xs[i + 1] - xs[i])


@njit(cache=True)
def _scan_hazard(
    start: float,
    end: float,
    time: Floats,
    slant_range: Floats,
    is_seen: Flags,
    ratio: Floats,
    longest: float,
    curve: Floats,
    scan_period: float,
    hits: int,
    looks: int,
) -> Floats:
    """Cumulative hazard after each scan of a stretch; scans in a gap see nothing."""
    n = max(1, math.floor((end - start) / scan_period))
    p_detection = np.zeros(n)
    hint = 0
    for k in range(n):
        now = min(start + (k + 1) * scan_period, end)
        hint, share = _place(now, time, hint)
        looked = slant_range[hint] + share * (slant_range[hint + 1] - slant_range[hint])
        if is_seen[hint] and looked <= longest:
            p_detection[k] = curve_detection(curve, ratio[hint] + share * (ratio[hint + 1] - ratio[hint]))
    return track_hazard(p_detection, hits, looks)


@njit(cache=True)
def _fill(knots: Integers, hazard: Floats, opened: int, shift: int, start: float, scan_period: float) -> None:
    """Write the hazard at each knot from an open (ms) on, straight between the scans that follow a start (s)."""
    for k in range(knots.size):
        at = (0.001 * (opened + (k << shift)) - start) / scan_period  # in scans
        done = math.floor(at)
        before = hazard[min(done, hazard.size) - 1] if done >= 1 else 0.0
        after = hazard[min(done, hazard.size - 1)]
        knots[k] = round((before + (at - done) * (after - before)) * HAZARD_ONE)


@njit(cache=True)
def _windows(
    first: npt.NDArray[np.int64],
    time: Floats,
    position: Floats,
    altitude: Floats,
    ball: Floats,
    is_ballistic: npt.NDArray[np.uint8],
    seen_from: Horizon,
    place: Floats,
    ranges: Floats,
    curves: Floats,
    curve_index: Integers,
    air: Air,
    jammers: Floats,
    radar: Floats,
    limits: Floats,
    hits: int,
    looks: int,
) -> tuple[Integers, Integers, Integers, Integers, Integers, Integers]:
    """Sight and number of windows of each path of a bundle, and the windows: open, close, shift, knots."""
    n_paths = first.size - 1
    sight, count = np.zeros(n_paths, np.int64), np.zeros(n_paths, np.int64)
    opens = np.empty(MOST_WINDOWS * n_paths, np.int64)
    closes = np.empty(MOST_WINDOWS * n_paths, np.int64)
    shifts = np.empty(MOST_WINDOWS * n_paths, np.int64)
    knots = np.empty((MOST_WINDOWS * n_paths, N_KNOTS), np.int64)
    site = np.array(point_ecef(place[0], place[1], place[2]))
    basis = enu_basis(place[0], place[1])
    n = 0
    for p in range(n_paths):
        range_50, longest = ranges[p, 0], ranges[p, 1]
        a, b = samples_within(position, first[p], first[p + 1], ball[p], site, longest)
        if b - a < 2:
            continue
        near = time[a:b]
        in_volume, in_view, is_low, slant_range, ratio = _in_view(
            position[a:b], altitude[a:b], seen_from, site, basis, limits, air, jammers, range_50
        )
        if np.any(in_volume & (slant_range <= longest)):
            sight[p] = MASKED
        is_seen = in_view[:-1] & in_view[1:]
        if np.any(is_seen & (np.minimum(slant_range[:-1], slant_range[1:]) <= longest)):
            sight[p] = SEEN
        if radar[2] > 0.0 and not is_ballistic[p]:
            is_seen = _outside_notch(in_view, is_low, near, slant_range, radar[2])
        spans = _spans(is_seen, near, slant_range, longest, radar[1])
        for s in range(spans.shape[0]):
            start, end = spans[s]
            hazard = _scan_hazard(
                start, end, near, slant_range, is_seen, ratio, longest, curves[curve_index[p]], radar[0], hits, looks
            )
            if hazard[-1] < LEAST_HAZARD:
                continue
            opens[n] = math.ceil(1000.0 * start)
            closes[n] = max(opens[n], math.floor(1000.0 * end))
            shifts[n] = shift_over(closes[n] - opens[n], N_KNOTS)
            _fill(knots[n], hazard, opens[n], shifts[n], start, radar[0])
            n += 1
            count[p] += 1
    return sight, count, opens[:n].copy(), closes[:n].copy(), shifts[:n].copy(), knots[:n].copy()
