"""Which sensor has which chance to track which path: windows of cumulative hazard."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import SLACK, Mask, clear_of_screen, closest_approach, samples_within, site_mask
from steeldome.compiler.paths import FlownPath
from steeldome.compiler.specs import SensorSpec, Settings
from steeldome.compiler.tables import HAZARD_ONE, N_KNOTS
from steeldome.compiler.terrain import Terrain
from steeldome.kernels.detection import look_detection, reference_range, track_hazard
from steeldome.kernels.geodesy import directions, enu_from_ecef, geodetic_to_ecef

Floats = npt.NDArray[np.float64]

_ANYWHERE: Final = 2.0e7  # m
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
    if sensor.fixed_range > 0.0:
        return sensor.fixed_range, sensor.fixed_range
    if is_ballistic and sensor.ballistic_range > 0.0:
        return sensor.ballistic_range, max(sensor.ballistic_range, sensor.instrumented_range)
    if sensor.target_range > 0.0 and sensor.target_cross_section > 0.0:
        ratio = cross_section / sensor.target_cross_section
        return min(sensor.instrumented_range, sensor.target_range * ratio**0.25), sensor.instrumented_range
    looks = reference_range(sensor.instrumented_range, sensor.search_ratio, cross_section, 1.0, 1.0)
    return looks, sensor.instrumented_range


def all_seeing(sensor: SensorSpec) -> SensorSpec:
    """The same sensor where it stands, without limits of range, sector and elevation: its horizon remains."""
    return replace(
        sensor,
        fixed_range=_ANYWHERE,
        elevation_min=-0.5 * math.pi,
        elevation_max=0.5 * math.pi,
        sector_width=2.0 * math.pi,
    )


def watch(
    paths: Iterable[FlownPath],
    sensors: Sequence[SensorSpec],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> dict[tuple[str, str], SensorPath]:
    """Windows in which each sensor may come to track each path, by (path id, sensor id).

    Parameters
    ----------
    paths, sensors
    settings : Settings
        Cross-section of each threat type, rule of confirmation, roughness and cover of the screen.
    """
    eyes = [sensor.elevation + sensor.mast for sensor in sensors]
    sites = geodetic_to_ecef([s.latitude for s in sensors], [s.longitude for s in sensors], eyes)
    none = np.zeros(0, dtype=np.int64)
    never_near = SensorPath(OUT_OF_REACH, none, none, none, np.zeros((0, N_KNOTS), dtype=np.int64))
    rule = settings.hits, settings.looks, settings.screen_spread, settings.cover
    found: dict[tuple[str, str], SensorPath] = {}
    for path in paths:
        cross_section = settings.threats[path.threat_type].cross_section
        known = cache.get(("watched", path, cross_section, rule, terrain), dict[SensorSpec, SensorPath])
        new = [k for k, sensor in enumerate(sensors) if sensor not in known]
        for k, closest in zip(new, closest_approach(path.position_ecef, sites[new]), strict=True):
            ranges = sensor_ranges(sensors[k], cross_section, path.is_ballistic)
            is_near = closest <= ranges[1] + SLACK
            known[sensors[k]] = _watched(path, sensors[k], ranges, terrain, cache, settings) if is_near else never_near
        found |= {(path.id, sensor.id): known[sensor] for sensor in sensors}
    return found


def _watched(
    path: FlownPath,
    sensor: SensorSpec,
    ranges: tuple[float, float],
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> SensorPath:
    place = sensor.latitude, sensor.longitude, sensor.elevation + sensor.mast
    windows = _windows(
        path.time,
        path.position_ecef,
        path.altitude,
        site_mask(terrain, cache, *place, ranges[1], settings.screen_spread, settings.cover),
        np.array(place),
        np.array([*ranges, sensor.scan_period, sensor.p_false_alarm, sensor.drop]),
        np.array([sensor.elevation_min, sensor.elevation_max, sensor.sector_centre, sensor.sector_width]),
        settings.hits,
        settings.looks,
    )
    return SensorPath(*windows)


@njit(cache=True)
def _in_view(
    path: Floats, altitude: Floats, mask: Mask, site: Floats, limits: Floats
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], Floats]:
    """In the sector's volume, and in line of sight too, by sample; slant range (m)."""
    position = enu_from_ecef(site[0], site[1], site[2], path)
    azimuth, elevation, slant_range, ground_distance = directions(position)
    n = slant_range.size
    in_volume = np.zeros(n, np.bool_)
    in_view = np.zeros(n, np.bool_)
    for i in range(n):
        off = (azimuth[i] - limits[2] + math.pi) % (2.0 * math.pi) - math.pi
        in_volume[i] = limits[0] <= elevation[i] <= limits[1] and abs(off) <= 0.5 * limits[3]
        if in_volume[i]:
            in_view[i] = altitude[i] >= clear_of_screen(mask, site[2], azimuth[i], ground_distance[i])
    return in_volume, in_view, slant_range


@njit(cache=True)
def _spans(in_view: npt.NDArray[np.bool_], time: Floats, slant_range: Floats, longest: float, drop: float) -> Floats:
    """Start and end (s) of each stretch in view and range; gaps up to ``drop`` (s) are part of a stretch."""
    spans = np.empty((MOST_WINDOWS, 2))
    n = 0
    for i in range(in_view.size - 1):
        if not (in_view[i] and in_view[i + 1]):
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
def _sample(x: float, xs: Floats, ys: Floats, start: int) -> tuple[float, int]:
    """Linear interpolation with a hint that only moves forward."""
    i = start
    while i < xs.size - 2 and xs[i + 1] <= x:
        i += 1
    share = (x - xs[i]) / (xs[i + 1] - xs[i])
    return ys[i] + share * (ys[i + 1] - ys[i]), i


@njit(cache=True)
def _scan_hazard(
    start: float,
    end: float,
    time: Floats,
    slant_range: Floats,
    in_view: npt.NDArray[np.bool_],
    radar: Floats,
    hits: int,
    looks: int,
) -> Floats:
    """Cumulative hazard after each scan of a stretch; scans in a gap see nothing."""
    n = max(1, math.floor((end - start) / radar[2]))
    looked = np.empty(n)
    hidden = np.zeros(n, np.bool_)
    hint = 0
    for k in range(n):
        now = min(start + (k + 1) * radar[2], end)
        looked[k], hint = _sample(now, time, slant_range, hint)
        hidden[k] = not (in_view[hint] and in_view[hint + 1]) or looked[k] > radar[1]
    p_detection = look_detection(looked, radar[0], radar[3])
    for k in range(n):
        if hidden[k]:
            p_detection[k] = 0.0
    return track_hazard(p_detection, hits, looks)


@njit(cache=True)
def _windows(
    time: Floats,
    path: Floats,
    altitude: Floats,
    mask: Mask,
    site: Floats,
    radar: Floats,
    limits: Floats,
    hits: int,
    looks: int,
) -> tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    opens = np.zeros(MOST_WINDOWS, np.int64)
    closes = np.zeros(MOST_WINDOWS, np.int64)
    shifts = np.zeros(MOST_WINDOWS, np.int64)
    knots = np.zeros((MOST_WINDOWS, N_KNOTS), np.int64)
    n = 0
    sight = OUT_OF_REACH
    first, last = samples_within(path, site, radar[1])
    if last - first >= 2:
        near = time[first:last]
        in_volume, in_view, slant_range = _in_view(path[first:last], altitude[first:last], mask, site, limits)
        if np.any(in_volume & (slant_range <= radar[1])):
            sight = MASKED
        spans = _spans(in_view, near, slant_range, radar[1], radar[4])
        if spans.shape[0] > 0:
            sight = SEEN
        for s in range(spans.shape[0]):
            hazard = _scan_hazard(spans[s, 0], spans[s, 1], near, slant_range, in_view, radar, hits, looks)
            if hazard[-1] < LEAST_HAZARD:
                continue
            opens[n] = math.ceil(1000.0 * spans[s, 0])
            closes[n] = max(opens[n], math.floor(1000.0 * spans[s, 1]))
            shifts[n] = 0
            while ((N_KNOTS - 1) << shifts[n]) < closes[n] - opens[n]:
                shifts[n] += 1
            for k in range(N_KNOTS):
                at = (0.001 * (opens[n] + (k << shifts[n])) - spans[s, 0]) / radar[2]  # in scans
                done = math.floor(at)
                before = hazard[min(done, hazard.size) - 1] if done >= 1 else 0.0
                after = hazard[min(done, hazard.size - 1)]
                knots[n, k] = round((before + (at - done) * (after - before)) * HAZARD_ONE)
            n += 1
    return sight, opens[:n], closes[:n], shifts[:n], knots[:n]
