"""When a track is held at stated odds, from windows of cumulative hazard in which several sensors may come to it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Integers = npt.NDArray[np.int64]


@njit(cache=True)
def _hazard(at: int, opened: int, shift: int, knots: Integers) -> int:
    """Cumulative hazard of one window at a time inside it, straight between its knots."""
    k = (at - opened) >> shift
    if k >= knots.size - 1:
        return knots[knots.size - 1]
    rest = (at - opened) & ((1 << shift) - 1)
    return knots[k] + (((knots[k + 1] - knots[k]) * rest) >> shift)


@njit(cache=True)
def _summed(at: int, is_open: npt.NDArray[np.bool_], opens: Integers, shifts: Integers, knots: Integers) -> int:
    total = 0
    for w in range(opens.size):
        if is_open[w]:
            total += _hazard(at, opens[w], shifts[w], knots[w])
    return total


@njit(cache=True)
def held_spans(opens: Integers, closes: Integers, shifts: Integers, knots: Integers, need: int) -> Integers:
    """Stretches of time in which the windows that are open have together the hazard that is needed.

    Parameters
    ----------
    opens, closes : (window,) int64, ms
        A window whose close lies before its open counts for nothing.
    shifts : (window,) int64, 0..31
        Knots lie ``2**shift`` ms apart, from the open on.
    knots : (window, knot) int64
        Cumulative hazard, non-decreasing.
    need : int, > 0
        In the unit of ``knots``; ln 2 asks for even odds.

    Returns
    -------
    (span, 2) int64, ms
        First and last ms of each, in order, apart from each other.

    Notes
    -----
    Each window leads to a track of its own, which ends with it. Tracks start independently, so that the odds against
    any at a time are exp(-H), with H summed over the windows open then: it grows until one of them closes.
    """
    edges = np.unique(np.concatenate((opens, closes)))
    spans = np.empty((edges.size, 2), np.int64)
    n = 0
    is_open = np.zeros(opens.size, np.bool_)
    for i in range(edges.size - 1):
        first, last = edges[i], edges[i + 1]
        for w in range(opens.size):
            is_open[w] = opens[w] <= first and closes[w] >= last
        if _summed(last, is_open, opens, shifts, knots) < need:
            continue
        low, high = first - 1, last
        while high - low > 1:  # the first ms at which there is enough lies in low + 1..high
            middle = (low + high) // 2
            if middle >= first and _summed(middle, is_open, opens, shifts, knots) >= need:
                high = middle
            else:
                low = middle
        if n > 0 and spans[n - 1, 1] == high:
            spans[n - 1, 1] = last
        else:
            spans[n] = high, last
            n += 1
    return spans[:n].copy()
