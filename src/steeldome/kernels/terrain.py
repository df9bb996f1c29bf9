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

_LEG = 64  # distance steps between exact grid positions; the parabola through three of them errs by less than a metre


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
def local_relief(height: Heights) -> npt.NDArray[np.float32]:
    """Standard deviation of the heights of each cell and its eight neighbours; at an edge, of those that there are.

    Parameters
    ----------
    height : (row, column) int16 or float32, m

    Returns
    -------
    (row, column) float32, m
    """
    n_rows, n_columns = height.shape
    relief = np.empty((n_rows, n_columns), np.float32)
    total = np.zeros(n_columns + 2)  # of up to three rows, with an empty column at each end
    squares = np.zeros(n_columns + 2)
    for row in range(n_rows):
        first, end = max(0, row - 1), min(n_rows, row + 2)
        total[:] = 0.0
        squares[:] = 0.0
        for r in range(first, end):
            for column in range(n_columns):
                value = float(height[r, column])
                total[column + 1] += value
                squares[column + 1] += value * value
        for column in range(n_columns):
            count = (end - first) * (min(column + 2, n_columns) - max(column - 1, 0))
            summed = total[column] + total[column + 1] + total[column + 2]
            squared = squares[column] + squares[column + 1] + squares[column + 2]
            relief[row, column] = math.sqrt(max(0.0, count * squared - summed * summed)) / count
    return relief


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
    relief: npt.NDArray[np.float32],
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
    relief : (row, column) float32, m
        Its `local_relief`.
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
        A cell screens as if it were higher by this many times its relief.
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
        relief,
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


@njit(cache=True, error_model="numpy")
def _profile_maxima(
    height: Heights,
    relief: npt.NDArray[np.float32],
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
    n_rows, n_columns = height.shape
    mask = np.empty((n_azimuths, n_distances), np.float32)
    basis = enu_basis(latitude, longitude)
    origin = np.array(point_ecef(latitude, longitude, 0.0))
    angle = 0.5 * distance_step / radius * np.arange(2 * n_distances + 1)  # at the earth's centre, at half steps
    cosine = np.cos(angle)
    sine = np.sin(angle)
    leg = _LEG * distance_step
    share = 0.5 / _LEG  # of a leg, in half a step
    for i in range(n_azimuths):
        azimuth = 2.0 * math.pi * i / n_azimuths
        steepest = -math.inf  # tangent of the highest screen so far
        y_end, x_end = _grid_position(origin, basis, azimuth, 0.0, north, west, step)
        for first in range(0, n_distances, _LEG):
            far = (first + _LEG) * distance_step
            y, x = y_end, x_end
            y_middle, x_middle = _grid_position(origin, basis, azimuth, far - 0.5 * leg, north, west, step)
            y_end, x_end = _grid_position(origin, basis, azimuth, far, north, west, step)
            y_bend = 2.0 * (y - 2.0 * y_middle + y_end) * share * share
            x_bend = 2.0 * (x - 2.0 * x_middle + x_end) * share * share
            dy = (4.0 * y_middle - 3.0 * y - y_end) * share
            dx = (4.0 * x_middle - 3.0 * x - x_end) * share
            for k in range(2 * first + 1, 2 * min(first + _LEG, n_distances) + 1):
                half = k - 2 * first
                row = math.floor(y + half * (dy + half * y_bend))
                column = math.floor(x + half * (dx + half * x_bend))
                ground = 0.0
                screen = 0.0
                if 0 <= row < n_rows and 0 <= column < n_columns:
                    ground = float(height[row, column])
                    screen = ground + spread_factor * relief[row, column] + (cover if ground > 0.0 else 0.0)
                if k % 2 == 0:
                    mask[i, k // 2 - 1] = max(ground, eye / (cosine[k] - steepest * sine[k]) - radius)
                steepest = max(steepest, (cosine[k] - eye / (radius + screen)) / sine[k])
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
