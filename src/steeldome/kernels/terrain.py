"""Line of sight over terrain: horizon masks, site and profile heights, the radar horizon.

A height grid is (row, column), int16 or float32 metres above mean sea level; row 0 is the northernmost, cells are equal
steps of latitude and longitude, ``north`` and ``west`` are the outer edges of the first cell. Outside the grid is sea.
Mean sea level stands for the ellipsoid here: the geoid lifts radar, screen and target alike (20-40 m over Anatolia), so
what is left is its change along one line of sight.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import EFFECTIVE_EARTH_RADIUS_FACTOR, MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import enu_basis, point_ecef, point_geodetic

Floats = npt.NDArray[np.float64]
Heights = npt.NDArray[Any]

#: Earth radius (m) on which rays of a standard atmosphere are straight, below 10 km and within 300 km [ITURP834].
EFFECTIVE_EARTH_RADIUS = EFFECTIVE_EARTH_RADIUS_FACTOR * MEAN_EARTH_RADIUS

_LEG = 8  # distance steps between exact grid positions; a straight line between them errs by metres


@njit(cache=True)
def radar_horizon(height_1: float, height_2: float, effective_radius: float = EFFECTIVE_EARTH_RADIUS) -> float:
    """Longest straight line of sight between two heights over a smooth sea.

    Parameters
    ----------
    height_1, height_2 : float, m, >= 0
        Antenna and target above the sea.
    effective_radius : float, m

    Returns
    -------
    float, m
        Sum of the two distances to the common tangent point, sqrt(2 R h) each.

    Notes
    -----
    4/3 earth by default [Skolnik2008]. The textbook form: for a height of 10 km it lies 0.03 % below the length of the
    ray and 0.05 % above the distance along the ground.
    """
    return math.sqrt(2.0 * effective_radius * height_1) + math.sqrt(2.0 * effective_radius * height_2)


@njit(cache=True)
def height_at(height: Heights, north: float, west: float, step: float, latitude: float, longitude: float) -> float:
    """Height (m) of the grid cell that holds one point; 0 outside the grid. Angles in radians."""
    row = math.floor((north - latitude) / step)
    column = math.floor((longitude - west) / step)
    if 0 <= row < height.shape[0] and 0 <= column < height.shape[1]:
        return float(height[row, column])
    return 0.0


@njit(cache=True)
def heights_along(
    height: Heights, north: float, west: float, step: float, latitude: Floats, longitude: Floats
) -> Floats:
    """Ground height under many points, bilinear between the centres of the cells.

    Parameters
    ----------
    height : (row, column) int16 or float32, m
    north, west, step : float, rad
        Outer edges of the first cell; size of a cell.
    latitude, longitude : (point,) float, rad

    Returns
    -------
    (point,) float, m
        Above mean sea level; the sea around the grid is 0.
    """
    n_rows, n_columns = height.shape
    ground = np.empty(latitude.size)
    for i in range(latitude.size):
        y = (north - latitude[i]) / step - 0.5
        x = (longitude[i] - west) / step - 0.5
        row = math.floor(y)
        column = math.floor(x)
        total = 0.0
        for a in range(2):
            for b in range(2):
                if 0 <= row + a < n_rows and 0 <= column + b < n_columns:
                    share = (y - row if a else 1.0 - y + row) * (x - column if b else 1.0 - x + column)
                    total += share * height[row + a, column + b]
        ground[i] = total
    return ground


@njit(cache=True)
def highest_cell_within(
    height: Heights, north: float, west: float, step: float, latitude: float, longitude: float, radius: float
) -> tuple[float, float, float]:
    """Centre and height of the highest grid cell near a point: where a radar of this grid's scale would stand.

    Parameters
    ----------
    height : (row, column) int16 or float32, m
    north, west, step : float, rad
        Outer edges of the first cell; size of a cell.
    latitude, longitude : float, rad
        The declared site.
    radius : float, m
        Only cells whose centre lies this near count.

    Returns
    -------
    latitude, longitude, height : float; rad, rad, m
        The declared site itself, at the height of its own cell, where no centre is near enough or none is higher.
    """
    best_latitude = latitude
    best_longitude = longitude
    best_height = height_at(height, north, west, step, latitude, longitude)
    shrink = math.cos(latitude)
    reach = radius / MEAN_EARTH_RADIUS
    first_row = max(0, math.floor((north - latitude - reach) / step))
    last_row = min(height.shape[0] - 1, math.floor((north - latitude + reach) / step))
    first_column = max(0, math.floor((longitude - reach / shrink - west) / step))
    last_column = min(height.shape[1] - 1, math.floor((longitude + reach / shrink - west) / step))
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell_latitude = north - (row + 0.5) * step
            cell_longitude = west + (column + 0.5) * step
            away = math.hypot(cell_latitude - latitude, shrink * (cell_longitude - longitude))
            if away <= reach and height[row, column] > best_height:
                best_latitude = cell_latitude
                best_longitude = cell_longitude
                best_height = float(height[row, column])
    return best_latitude, best_longitude, best_height


@njit(cache=True)
def _screen(height: Heights, row: int, column: int, spread_factor: float, cover: float) -> tuple[float, float]:
    """Ground height and screen height of a cell; both 0 outside the grid."""
    n_rows, n_columns = height.shape
    if not (0 <= row < n_rows and 0 <= column < n_columns):
        return 0.0, 0.0
    ground = float(height[row, column])
    spread = 0.0
    if spread_factor > 0.0:
        total = 0.0
        squares = 0.0
        count = 9
        if 0 < row < n_rows - 1 and 0 < column < n_columns - 1:
            for r in range(3):  # of known length, so that it is unrolled
                for c in range(3):
                    difference = float(height[row - 1 + r, column - 1 + c]) - ground
                    total += difference
                    squares += difference * difference
        else:
            count = 0
            for r in range(max(0, row - 1), min(n_rows, row + 2)):
                for c in range(max(0, column - 1), min(n_columns, column + 2)):
                    difference = float(height[r, c]) - ground
                    total += difference
                    squares += difference * difference
                    count += 1
        mean = total / count
        spread = math.sqrt(max(0.0, squares / count - mean * mean))
    return ground, ground + spread_factor * spread + (cover if ground > 0.0 else 0.0)


@njit(cache=True)
def _grid_position(
    origin: Floats, basis: Floats, azimuth: float, distance: float, north: float, west: float, step: float
) -> tuple[float, float]:
    """Fractional row and column of the ground point at a bearing and ground distance from a site."""
    angle = distance / MEAN_EARTH_RADIUS
    across = MEAN_EARTH_RADIUS * math.sin(angle)
    down = 2.0 * MEAN_EARTH_RADIUS * math.sin(0.5 * angle) ** 2
    east = across * math.sin(azimuth)
    ahead = across * math.cos(azimuth)
    x = origin[0] + east * basis[0, 0] + ahead * basis[1, 0] - down * basis[2, 0]
    y = origin[1] + east * basis[0, 1] + ahead * basis[1, 1] - down * basis[2, 1]
    z = origin[2] + east * basis[0, 2] + ahead * basis[1, 2] - down * basis[2, 2]
    latitude, longitude, _ = point_geodetic(x, y, z)
    return (north - latitude) / step, (longitude - west) / step


def horizon_mask(
    height: Heights,
    north: float,
    west: float,
    step: float,
    latitude: float,
    longitude: float,
    antenna_height: float,
    n_azimuths: int,
    n_distances: int,
    distance_step: float,
    effective_radius: float = EFFECTIVE_EARTH_RADIUS,
    spread_factor: float = 0.0,
    cover: float = 0.0,
) -> npt.NDArray[np.float32]:
    """Lowest height at which a target is in line of sight of a site, by bearing and distance.

    Parameters
    ----------
    height : (row, column) int16 or float32, m
        Terrain; any all-outside grid, such as one cell at the pole, stands for open sea.
    north, west, step : float, rad
        Outer edges of the grid's first cell; size of a cell.
    latitude, longitude : float, rad
        The site.
    antenna_height : float, m
        Above mean sea level: ground height of the site plus mast.
    n_azimuths, n_distances : int
        Bearing i is 2 pi i / n_azimuths; distance j is (j + 1) * distance_step along the ground.
    distance_step : float, m
        About the size of a cell; each step is sampled twice.
    effective_radius : float, m
        Earth radius on which rays are straight.
    spread_factor : float, 0..2
        A cell screens as if it were higher by this many standard deviations of the 3 x 3 cells around it.
    cover : float, m, 0..15
        Trees and buildings on land cells (height above 0), as a screen.

    Returns
    -------
    (azimuth, distance) float32, m
        Above mean sea level; never below the ground itself.

    Notes
    -----
    Running maximum of the screen's elevation angle along each profile; the target's own cell hides it only by its
    ground. A point answer below about 300 m above 1 km terrain is false precision: compute a band of masks over
    ``spread_factor`` and ``cover``. Checked on a flat sea and on single ridges.
    """
    return _profile_maxima(
        height,
        float(north),
        float(west),
        float(step),
        float(latitude),
        float(longitude),
        float(effective_radius),
        effective_radius + float(antenna_height),
        int(n_azimuths),
        int(n_distances),
        float(distance_step),
        float(spread_factor),
        float(cover),
    )


@njit(cache=True)
def _profile_maxima(
    height: Heights,
    north: float,
    west: float,
    step: float,
    latitude: float,
    longitude: float,
    radius: float,
    eye: float,
    n_azimuths: int,
    n_distances: int,
    distance_step: float,
    spread_factor: float,
    cover: float,
) -> npt.NDArray[np.float32]:
    mask = np.empty((n_azimuths, n_distances), np.float32)
    basis = enu_basis(latitude, longitude)
    origin = np.array(point_ecef(latitude, longitude, 0.0))
    cosine = np.empty(2 * n_distances + 1)  # of the angle at the earth's centre, at half steps of distance
    sine = np.empty(2 * n_distances + 1)
    for j in range(2 * n_distances + 1):
        cosine[j] = math.cos(0.5 * j * distance_step / radius)
        sine[j] = math.sin(0.5 * j * distance_step / radius)
    for i in range(n_azimuths):
        azimuth = 2.0 * math.pi * i / n_azimuths
        y, x = _grid_position(origin, basis, azimuth, 0.0, north, west, step)
        dy = 0.0
        dx = 0.0
        row = math.floor(y)
        column = math.floor(x)
        ground, screen = _screen(height, row, column, spread_factor, cover)
        steepest = -math.inf  # tangent of the highest screen so far
        for j in range(n_distances):
            if j % _LEG == 0:
                y_leg, x_leg = _grid_position(origin, basis, azimuth, (j + _LEG) * distance_step, north, west, step)
                dy = (y_leg - y) / _LEG
                dx = (x_leg - x) / _LEG
            for half in range(1, 3):
                row_now = math.floor(y + 0.5 * half * dy)
                column_now = math.floor(x + 0.5 * half * dx)
                if row_now != row or column_now != column:
                    row, column = row_now, column_now
                    ground, screen = _screen(height, row, column, spread_factor, cover)
                k = 2 * j + half
                if half == 2:
                    mask[i, j] = max(ground, eye / (cosine[k] - steepest * sine[k]) - radius)
                steepest = max(steepest, (cosine[k] - eye / (radius + screen)) / sine[k])
            y += dy
            x += dx
    return mask


@njit(cache=True)
def lowest_visible_height(
    mask: npt.NDArray[np.float32], distance_step: float, azimuth: Floats, ground_distance: Floats
) -> Floats:
    """Heights read from a horizon mask, linear between its bearings and distances.

    Parameters
    ----------
    mask : (azimuth, distance) float32, m
        From :func:`horizon_mask`.
    distance_step : float, m
        The mask's own.
    azimuth : (point,) float, rad, 0..2 pi
        From the site.
    ground_distance : (point,) float, m
        From the site, as :func:`steeldome.kernels.geodesy.directions` gives it.

    Returns
    -------
    (point,) float, m
        Above mean sea level; inf beyond the mask's last distance, the first column's value before its first.
    """
    n_azimuths, n_distances = mask.shape
    lowest = np.empty(azimuth.size)
    for k in range(azimuth.size):
        x = ground_distance[k] / distance_step - 1.0
        if x > n_distances - 1.0:
            lowest[k] = math.inf
            continue
        x = max(x, 0.0)
        j = min(math.floor(x), n_distances - 2) if n_distances > 1 else 0
        j_next = min(j + 1, n_distances - 1)
        y = azimuth[k] * n_azimuths / (2.0 * math.pi)
        i = math.floor(y)
        here = (1.0 - x + j) * mask[i % n_azimuths, j] + (x - j) * mask[i % n_azimuths, j_next]
        there = (1.0 - x + j) * mask[(i + 1) % n_azimuths, j] + (x - j) * mask[(i + 1) % n_azimuths, j_next]
        lowest[k] = (1.0 - y + i) * here + (y - i) * there
    return lowest
