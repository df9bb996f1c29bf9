"""Arrays lent to compiled code read and write as themselves, and code of other sources is never reused."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

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
        pair.grid[i, 3] = -pair.grid[i, 3]
    pair.points.array["x"][0] += 100
    return total + 1000 * pair.grid.shape[1]


def test_lent_arrays_are_the_arrays_themselves() -> None:
    points = np.zeros(3, POINT)
    points["x"] = [10, 20, 30]
    points["tail"][:, 2] = 7
    grid = np.arange(12).reshape(3, 4)
    assert add_up(lend("a", Pair(points, grid))) == 63 + 21 + (1 + 5 + 9) + 4000
    assert points["x"].tolist() == [111, 21, 31]
    assert grid[:, 3].tolist() == [-3, -7, -11]


INDICES = {
    "one for two axes": lambda pair: pair.grid[0],
    "three for two axes": lambda pair: pair.grid[0, 0, 0],
    "a fraction": lambda pair: pair.grid[0, 0.5],
    "a slice": lambda pair: pair.points[:1],
}


@pytest.mark.parametrize("name", INDICES)
def test_an_index_other_than_one_integer_an_axis_does_not_compile(name: str) -> None:
    read = njit(INDICES[name])
    with pytest.raises(TypingError, match="BorrowedArray"):
        read(lend("a", Pair(np.zeros(1, POINT), np.zeros((3, 4), np.int64))))


def test_code_compiled_for_one_label_is_not_used_for_another() -> None:
    arrays = Pair(np.zeros(1, POINT), np.zeros((1, 2), np.int64))
    before = len(add_up.signatures)
    add_up(lend("sources of yesterday", arrays))
    add_up(lend("sources of today", arrays))
    assert len(add_up.signatures) == before + 2
