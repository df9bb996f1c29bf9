"""Where a sensor sees a target, and the one condition that is in the way where it does not."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import bearing_of, ground_distance_of, into_axes, is_in_sector
from steeldome.kernels.horizon import Horizon, lowest_in_view
from steeldome.kernels.propagation import Air, range_ratio

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

#: What a code says of a place: it is covered; or the one condition that keeps a sensor from seeing it, the nearest of
#: those that lack one alone; ``several``: every sensor lacks more than one.
CAUSES: Final = (
    "covered",
    "power",
    "horizon",
    "terrain",
    "sector",
    "instrumented_range",
    "time_budget",
    "no_data",
    "several",
)
COVERED, POWER, HORIZON, TERRAIN, SECTOR, INSTRUMENTED_RANGE, TIME_BUDGET, NO_DATA, SEVERAL = range(len(CAUSES))


@njit(cache=True, nogil=True)
def is_beyond_smooth_horizon(distance: float, antenna: float, altitude: float, radius: float) -> bool:
    """Whether a smooth earth at sea level hides a target.

    Parameters
    ----------
    distance : float, m
        Along the ground.
    antenna, altitude : float, m
        Above mean sea level; what lies lower stands at the sea.
    radius : float, m
        On which rays are straight.

    Returns
    -------
    bool

    Notes
    -----
    The tangents of the two heights meet: acos(R / (R + h)) each, exact on the sphere [Skolnik2008].
    """
    reach = math.acos(radius / (radius + max(antenna, 0.0))) + math.acos(radius / (radius + max(altitude, 0.0)))
    return distance > radius * reach


class Sight(NamedTuple):
    """What a look of one sensor at one type of target needs.

    Attributes
    ----------
    seen_from : Horizon
        Learns what it is asked for.
    foot, site : (xyz,) float, m
        Point of the ellipsoid under the antenna, and the antenna, earth-centred.
    basis : (3, xyz) float
        East, north, up of the site.
    ranges : (2,) float, m
        Slant range at which one look in two detects the target by power alone, and the instrumented range.
    limits : (4,) float, rad
        Least and greatest elevation, centre and width of the sector.
    air : Air
        Around the sensor; what it takes more than clear air is a matter of power.
    is_full : bool
        Whether the sensor has no time or no channel left for a further track.
    """

    seen_from: Horizon
    foot: Floats
    site: Floats
    basis: Floats
    ranges: Floats
    limits: Floats
    air: Air
    is_full: bool


@njit(cache=True, nogil=True)
def limit_of_view(sight: Sight, target: Floats, altitude: float) -> tuple[int, int, float]:
    """What keeps a sensor from seeing a target at a place.

    Parameters
    ----------
    sight : Sight
    target : (xyz,) float, m
        Earth-centred.
    altitude : float, m
        Of the target above mean sea level.

    Returns
    -------
    n_unmet : int
        Conditions that are not met: 0 seen; from 2 on not all are counted.
    cause : int
        One of those that are not met; COVERED if all are.
    slant_range : float, m
    """
    site, ranges, limits, seen_from = sight.site, sight.ranges, sight.limits, sight.seen_from
    east, north, up = into_axes(sight.basis, target[0] - site[0], target[1] - site[1], target[2] - site[2])
    across = math.sqrt(east * east + north * north)
    slant_range = math.sqrt(across * across + up * up)
    n_unmet = 0
    cause = COVERED
    if slant_range > ranges[1]:
        n_unmet += 1
        cause = INSTRUMENTED_RANGE
    elevation = math.atan2(up, across)
    if slant_range > ranges[0] or (
        sight.air.rain > 0.0 and range_ratio(sight.air, slant_range, elevation, ranges[0]) > 1.0
    ):
        n_unmet += 1
        cause = POWER
    if sight.is_full:
        n_unmet += 1
        cause = TIME_BUDGET
    if n_unmet > 1:
        return n_unmet, cause, slant_range
    azimuth = bearing_of(east, north)
    if not limits[0] <= elevation <= limits[1] or not is_in_sector(azimuth, limits[2], limits[3]):
        n_unmet += 1
        cause = SECTOR
    distance = ground_distance_of(across, up)
    if altitude < lowest_in_view(seen_from, azimuth, distance):
        n_unmet += 1
        is_far = is_beyond_smooth_horizon(distance, seen_from.antenna, altitude, seen_from.effective_radius)
        cause = HORIZON if is_far else TERRAIN
    return n_unmet, cause, slant_range


@njit(cache=True, nogil=True)
def look_over(
    place: Floats,
    vertical: Floats,
    ground: Floats,
    height: Floats,
    sight: Sight,
    cause: Codes,
    nearest: Floats,
) -> None:
    """Add what one sensor sees to what others saw.

    Parameters
    ----------
    place, vertical : (cell, xyz) float; m, -
        Point of the ellipsoid under the middle of each cell, earth-centred, and the unit vector of its vertical.
    ground : (cell,) float, m
        Height of the ground above mean sea level.
    height : (height,) float, m
        Of the target above ground.
    sight : Sight
    cause : (height, cell) uint8, changed
        COVERED where a sensor sees the target; else the cause of the nearest sensor that lacks one condition alone, or
        SEVERAL, with which it starts.
    nearest : (height, cell) float, m, changed
        Slant range from that sensor, inf at the start.
    """
    target = np.empty(3)
    for h in range(height.size):
        for i in range(ground.size):
            if cause[h, i] == COVERED:
                continue
            altitude = ground[i] + height[h]
            for k in range(3):
                target[k] = place[i, k] + altitude * vertical[i, k]
            n_unmet, found, slant_range = limit_of_view(sight, target, altitude)
            if n_unmet == 0:
                cause[h, i] = COVERED
            elif n_unmet == 1 and slant_range < nearest[h, i]:
                cause[h, i] = found
                nearest[h, i] = slant_range


@njit(cache=True, nogil=True)
def look_along(sight: Sight, distance: Floats, azimuth: float, altitude: Floats) -> Codes:
    """What one sensor sees along one bearing.

    Parameters
    ----------
    sight : Sight
    distance : (distance,) float, m
        From the site along a sphere of the mean earth radius.
    azimuth : float, rad
    altitude : (row, distance) float, m
        Of the target above mean sea level.

    Returns
    -------
    (row, distance) uint8
        One of `CAUSES`; SEVERAL where more than one condition is not met.
    """
    foot, basis = sight.foot, sight.basis
    radius = MEAN_EARTH_RADIUS
    cause = np.empty(altitude.shape, np.uint8)
    target = np.empty(3)
    for a in range(altitude.shape[0]):
        for j in range(distance.size):
            angle = distance[j] / radius
            across = (radius + altitude[a, j]) * math.sin(angle)
            up = (radius + altitude[a, j]) * math.cos(angle) - radius
            east, north = across * math.sin(azimuth), across * math.cos(azimuth)
            for k in range(3):
                target[k] = foot[k] + east * basis[0, k] + north * basis[1, k] + up * basis[2, k]
            n_unmet, found, _ = limit_of_view(sight, target, altitude[a, j])
            cause[a, j] = found if n_unmet < 2 else SEVERAL
    return cause
