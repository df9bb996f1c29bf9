"""What the ground hides from a site: horizon masks, each bearing worked out as far as it is asked for.

A mask is the running maximum of the screen's elevation angle along each profile; the target's own cell hides it only
by its ground. A point answer below about 300 m above 1 km terrain is false precision: compute a band over
``spread_factor`` and ``cover``. Checked on a flat sea, on single ridges and by a march through space. A height grid is
as in :mod:`steeldome.kernels.terrain`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.geodesy import enu_basis, point_ecef, point_geodetic
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS

Floats = npt.NDArray[np.float64]

_LEG = 64  # distance steps between exact grid positions; the parabola through three of them errs by less than a metre
_BELOW_ALL = -1.0e7  # m, below the centre of the earth


class Horizon(NamedTuple):
    """Lowest height at which a target is in line of sight of a site, by bearing and distance.

    Attributes
    ----------
    mask : (azimuth, distance) float32, m
        Above mean sea level, never below the ground itself. Bearing i is 2 pi i / n; distance j is (j + 1)
        ``distance_step`` along the ground.
    n_known : (azimuth,) int64
        How many distances of a row are worked out; the rest of it holds nothing.
    steepest : (azimuth,) float
        Tangent of the highest screen among them.
    distance_step : float, m
    antenna : float, m
        Above mean sea level.
    height, relief, north, west, step
        The grid, as for :func:`horizon`.
    origin : (xyz,) float, m
        The site on the ellipsoid, earth-centred.
    basis : (3, xyz) float
        Its east, north, up.
    cosine, sine : (2 distance + 1,) float
        Of the angle at the earth's centre, at half steps.
    effective_radius, spread_factor, cover : float
        As for :func:`horizon`.
    """

    mask: npt.NDArray[np.float32]
    n_known: npt.NDArray[np.int64]
    steepest: Floats
    distance_step: float
    antenna: float
    height: npt.NDArray[Any]
    relief: npt.NDArray[np.float32]
    north: float
    west: float
    step: float
    origin: Floats
    basis: Floats
    cosine: Floats
    sine: Floats
    effective_radius: float
    spread_factor: float
    cover: float


def horizon(
    height: npt.NDArray[Any],
    relief: npt.NDArray[np.float32],
    north: float,
    west: float,
    step: float,
    latitude: float,
    longitude: float,
    antenna: float,
    n_azimuths: int,
    n_distances: int,
    distance_step: float,
    effective_radius: float = EFFECTIVE_EARTH_RADIUS,
    spread_factor: float = 0.0,
    cover: float = 0.0,
) -> Horizon:
    """Horizon of a site, nothing of it known yet.

    Parameters
    ----------
    height : (row, column) int16 or float32, m
        Terrain; any all-outside grid, such as one cell at the pole, stands for open sea.
    relief : (row, column) float32, m
        Its :func:`steeldome.kernels.terrain.local_relief`.
    north, west, step : float, rad
        Outer edges of the grid's first cell; size of a cell.
    latitude, longitude, antenna : float; rad, rad, m
        The site, and its ground height plus mast above mean sea level.
    n_azimuths, n_distances : int
        Size of the mask; at least two distances.
    distance_step : float, m
        About the size of a cell; each step is sampled twice.
    effective_radius : float, m
        Earth radius on which rays are straight.
    spread_factor : float, 0..2
        A cell screens as if it were higher by this many times its relief.
    cover : float, m, 0..15
        Trees and buildings on land cells (height above 0), as a screen.
    """
    angle = 0.5 * distance_step / effective_radius * np.arange(2 * n_distances + 1)
    return Horizon(
        np.empty((n_azimuths, n_distances), np.float32),
        np.zeros(n_azimuths, np.int64),
        np.full(n_azimuths, -math.inf),
        float(distance_step),
        float(antenna),
        height,
        relief,
        float(north),
        float(west),
        float(step),
        np.array(point_ecef(latitude, longitude, 0.0)),
        enu_basis(latitude, longitude),
        np.cos(angle),
        np.sin(angle),
        float(effective_radius),
        float(spread_factor),
        float(cover),
    )


def nothing_hidden(
    height: npt.NDArray[Any], relief: npt.NDArray[np.float32], n_distances: int, distance_step: float
) -> Horizon:
    """Horizon that lets everything be seen; of the grid it has only the types."""
    free = horizon(height, relief, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1, n_distances, distance_step)
    free.mask[:] = _BELOW_ALL
    free.n_known[:] = n_distances
    return free


@njit(cache=True)
def _grid_position(seen_from: Horizon, azimuth: float, distance: float) -> tuple[float, float]:
    """Fractional row and column of the ground point at a bearing and ground distance from a site."""
    origin = seen_from.origin
    basis = seen_from.basis
    angle = distance / MEAN_EARTH_RADIUS
    across = MEAN_EARTH_RADIUS * math.sin(angle)
    down = 2.0 * MEAN_EARTH_RADIUS * math.sin(0.5 * angle) ** 2
    east = across * math.sin(azimuth)
    ahead = across * math.cos(azimuth)
    x = origin[0] + east * basis[0, 0] + ahead * basis[1, 0] - down * basis[2, 0]
    y = origin[1] + east * basis[0, 1] + ahead * basis[1, 1] - down * basis[2, 1]
    z = origin[2] + east * basis[0, 2] + ahead * basis[1, 2] - down * basis[2, 2]
    latitude, longitude, _ = point_geodetic(x, y, z)
    return (seen_from.north - latitude) / seen_from.step, (longitude - seen_from.west) / seen_from.step


@njit(cache=True, error_model="numpy")
def learn_bearing(seen_from: Horizon, i: int, n: int) -> None:
    """Work out one row of a mask as far as its first ``n`` distances, and a little further."""
    height, relief, mask = seen_from.height, seen_from.relief, seen_from.mask
    cosine, sine, radius = seen_from.cosine, seen_from.sine, seen_from.effective_radius
    spread_factor, cover = seen_from.spread_factor, seen_from.cover
    n_rows, n_columns = height.shape
    n_azimuths, n_distances = mask.shape
    eye = radius + seen_from.antenna
    leg = _LEG * seen_from.distance_step
    share = 0.5 / _LEG  # of a leg, in half a step
    azimuth = 2.0 * math.pi * i / n_azimuths
    steepest = seen_from.steepest[i]
    first = seen_from.n_known[i]
    y_end, x_end = _grid_position(seen_from, azimuth, first * seen_from.distance_step)
    while first < min(n, n_distances):
        far = (first + _LEG) * seen_from.distance_step
        y, x = y_end, x_end
        y_middle, x_middle = _grid_position(seen_from, azimuth, far - 0.5 * leg)
        y_end, x_end = _grid_position(seen_from, azimuth, far)
        y_bend = 2.0 * (y - 2.0 * y_middle + y_end) * share * share
        x_bend = 2.0 * (x - 2.0 * x_middle + x_end) * share * share
        dy = (4.0 * y_middle - 3.0 * y - y_end) * share
        dx = (4.0 * x_middle - 3.0 * x - x_end) * share
        last = min(first + _LEG, n_distances)
        for k in range(2 * first + 1, 2 * last + 1):
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
        first = last
    seen_from.n_known[i] = first
    seen_from.steepest[i] = steepest


@njit(cache=True)
def learn_every(seen_from: Horizon, stride: int) -> None:
    """Work out each ``stride``-th row of a mask from the first on."""
    n_azimuths, n_distances = seen_from.mask.shape
    for i in range(0, n_azimuths, stride):
        learn_bearing(seen_from, i, n_distances)


@njit(cache=True, inline="always")
def lowest_in_view(seen_from: Horizon, azimuth: float, distance: float) -> float:
    """Lowest height in view at a bearing and ground distance, linear between the mask's bearings and distances.

    Parameters
    ----------
    seen_from : Horizon
        Learns what it is asked for.
    azimuth : float, rad, 0..2 pi
    distance : float, m
        From the site, as :func:`steeldome.kernels.geodesy.directions` gives it.

    Returns
    -------
    float, m
        Above mean sea level. Before the first distance the value there; beyond the last, the last screen holds.
    """
    mask = seen_from.mask
    n_azimuths, n_distances = mask.shape
    y = azimuth * n_azimuths / (2.0 * math.pi)
    i = math.floor(y)
    y -= i
    here = i if i < n_azimuths else i - n_azimuths
    there = here + 1 if here + 1 < n_azimuths else 0
    x = min(max(distance / seen_from.distance_step - 1.0, 0.0), n_distances - 1.0)
    j = min(math.floor(x), n_distances - 2)
    x -= j
    if seen_from.n_known[here] < j + 2:
        learn_bearing(seen_from, here, j + 2)
    if seen_from.n_known[there] < j + 2:
        learn_bearing(seen_from, there, j + 2)
    first = (1.0 - x) * mask[here, j] + x * mask[here, j + 1]
    second = (1.0 - x) * mask[there, j] + x * mask[there, j + 1]
    lowest = (1.0 - y) * first + y * second
    end = n_distances * seen_from.distance_step
    if distance <= end:
        return float(lowest)
    radius = seen_from.effective_radius
    tangent = (math.cos(end / radius) - (radius + seen_from.antenna) / (radius + lowest)) / math.sin(end / radius)
    below = math.cos(distance / radius) - tangent * math.sin(distance / radius)
    highest: float = (radius + seen_from.antenna) / below - radius if below > 0.0 else math.inf
    return highest
