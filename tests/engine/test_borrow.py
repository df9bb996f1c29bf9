"""Arrays lent to compiled code read and write as themselves, and code of other sources is never reused."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from steeldome.engine.borrow import lend

POINT = np.dtype([("x", "<i4"), ("tail", "<u2", (3,))])


class Pair(NamedTuple):
    points: Any
    grid: Any


@njit(_nrt=False)
def add_up(pair: Any) -> int:
    total = 0
    for i in range(pair.points.shape[0]):
        pair.points[i].x += 1
        total += pair.points[i].x + pair.points[i].tail[2] + pair.grid[i, 1]
    return total + 1000 * pair.grid.shape[1]


def test_lent_arrays_are_the_arrays_themselves() -> None:
    points = np.zeros(3, POINT)
    points["x"] = [10, 20, 30]
    points["tail"][:, 2] = 7
    grid = np.arange(12).reshape(3, 4)
    assert add_up(lend("a", Pair(points, grid))) == 63 + 21 + (1 + 5 + 9) + 4000
    assert points["x"].tolist() == [11, 21, 31]


def test_code_compiled_for_one_label_is_not_used_for_another() -> None:
    arrays = Pair(np.zeros(1, POINT), np.zeros((1, 2), np.int64))
    before = len(add_up.signatures)
    add_up(lend("sources of yesterday", arrays))
    add_up(lend("sources of today", arrays))
    assert len(add_up.signatures) == before + 2
