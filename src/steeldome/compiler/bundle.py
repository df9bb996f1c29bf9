"""Paths laid end to end, so that one compiled call goes through all that a site may see."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.paths import FlownPath

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Samples of several paths, one path after the other.

    Attributes
    ----------
    paths : tuple of FlownPath
    first : (path + 1,) int64
        Row of each path's first sample; the last is the number of all.
    time : (sample,) float, s
    position_ecef : (sample, xyz) float, m
    altitude, height_above_ground : (sample,) float, m
    ball : (path, 4) float, m
        Earth-centred middle and radius of a ball that holds the path.
    is_ballistic : (path,) uint8
    """

    paths: tuple[FlownPath, ...]
    first: npt.NDArray[np.int64]
    time: Floats
    position_ecef: Floats
    altitude: Floats
    height_above_ground: Floats
    ball: Floats
    is_ballistic: npt.NDArray[np.uint8]


def bundle_of(paths: Sequence[FlownPath], cache: CompilerCache) -> Bundle:
    """Some paths in this order, end to end."""
    asked: Hashable = ("bundle", *paths)
    return cache.get(asked, partial(_lay, tuple(paths)))


def _lay(paths: tuple[FlownPath, ...]) -> Bundle:
    return Bundle(
        paths,
        np.concatenate([[0], np.cumsum([path.time.size for path in paths])]).astype(np.int64),
        np.concatenate([path.time for path in paths]),
        np.concatenate([path.position_ecef for path in paths]),
        np.concatenate([path.altitude for path in paths]),
        np.concatenate([path.height_above_ground for path in paths]),
        np.array([_ball(path.position_ecef) for path in paths]),
        np.array([path.is_ballistic for path in paths], np.uint8),
    )


@njit(cache=True)
def _ball(position: Floats) -> tuple[float, float, float, float]:
    """A ball around the middle of the first and last sample."""
    n = position.shape[0]
    x = 0.5 * (position[0, 0] + position[n - 1, 0])
    y = 0.5 * (position[0, 1] + position[n - 1, 1])
    z = 0.5 * (position[0, 2] + position[n - 1, 2])
    most = 0.0
    for i in range(n):
        most = max(most, (position[i, 0] - x) ** 2 + (position[i, 1] - y) ** 2 + (position[i, 2] - z) ** 2)
    return x, y, z, math.sqrt(most) + 1.0


@njit(cache=True)
def samples_within(
    position: Floats, first: int, end: int, ball: Floats, site_ecef: Floats, longest: float
) -> tuple[int, int]:
    """First sample of one path within a distance of a site, and one past the last; a neighbour at each end counts too.

    Parameters
    ----------
    position : (sample, xyz) float, m
        Of a bundle; ``first`` and ``end`` are the rows of the path in it.
    ball : (4,) float, m
        That of the path.
    site_ecef : (xyz,) float, m
    longest : float, m

    Returns
    -------
    int, int
        Rows of the bundle; equal where no sample is near.
    """
    x, y, z = site_ecef[0], site_ecef[1], site_ecef[2]
    reach = longest + ball[3]
    if (ball[0] - x) ** 2 + (ball[1] - y) ** 2 + (ball[2] - z) ** 2 > reach * reach:
        return first, first
    nearest = -1
    last = -1
    for i in range(first, end):
        squared = (position[i, 0] - x) ** 2 + (position[i, 1] - y) ** 2 + (position[i, 2] - z) ** 2
        if squared <= longest * longest:
            last = i
            if nearest < 0:
                nearest = i
    if nearest < 0:
        return first, first
    return max(first, nearest - 1), min(end, last + 2)


@njit(cache=True)
def shift_over(duration: int, n_knots: int) -> int:
    """Least shift at which knots ``2**shift`` ms apart span a duration (ms)."""
    shift = 0
    while ((n_knots - 1) << shift) < duration:
        shift += 1
    return shift
