"""Keys in order and sets as bits, against plain Python, up to the last bit and far beyond one stride."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from steeldome.engine.masks import bit, is_in, lowest
from steeldome.engine.queue import END_OF_TIME, N_BUCKETS, insert, sort_keys

keys = st.lists(st.integers(0, END_OF_TIME - 1), unique=True, max_size=300)


@njit
def queued(values: Any, room: Any) -> None:
    room[0] = END_OF_TIME
    for n in range(len(values)):
        insert(room, n, values[n])


@njit
def members(mask: int, found: Any) -> int:
    n = 0
    while mask != 0:
        found[n] = lowest(mask)
        mask &= mask - 1
        n += 1
    return n


@njit
def mask_of(places: Any) -> int:
    mask = np.int64(0)
    for place in places:
        mask |= bit(place)
    return mask


@njit
def holds(place: int, mask: int) -> bool:
    return is_in(place, mask)


@njit
def ordered(values: Any, bucket: Any, out: Any) -> None:
    sort_keys(values, len(values), bucket, out)


@given(keys)
def test_a_queue_keeps_its_keys_in_falling_order(values: list[int]) -> None:
    room = np.zeros(len(values) + 2, np.int64)
    queued(np.array(values, np.int64), room)
    assert room[: len(values) + 1].tolist() == [END_OF_TIME, *sorted(values, reverse=True)]


@given(st.sets(st.integers(0, 63)))
def test_a_mask_is_a_set_of_places(places: set[int]) -> None:
    mask = mask_of(np.array(sorted(places), np.int64))
    found = np.zeros(64, np.int64)
    assert found[: members(mask, found)].tolist() == sorted(places)
    assert {place for place in range(64) if holds(place, mask)} == places


@given(keys)
def test_keys_are_sorted_whatever_their_spread(values: list[int]) -> None:
    out = np.zeros(len(values), np.int64)
    ordered(np.array(values, np.int64), np.ones(N_BUCKETS + 1, np.int32), out)
    assert out.tolist() == sorted(values)
