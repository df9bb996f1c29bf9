"""The ground: heights at points, the highest cell near a site, roughness; and the radar horizon over a smooth sea.

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

Floats = npt.NDArray[np.float64]
Heights = npt.NDArray[Any]

#: Earth radius (m) on which rays of a standard atmosphere are straight, below 10 km and within 300 km [ITURP834].
EFFECTIVE_EARTH_RADIUS = EFFECTIVE_EARTH_RADIUS_FACTOR * MEAN_EARTH_RADIUS


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
