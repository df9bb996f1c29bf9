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
def members(words: Any, found: Any) -> int:
    n = 0
    for place in range(len(words)):
        left = words[place]
        while left != 0:
            found[n] = place << 6 | lowest(left)
            left &= left - 1
            n += 1
    return n


@njit
def put(places: Any, words: Any) -> None:
    for place in places:
        words[place >> 6] |= bit(place)


@njit
def holds(place: int, words: Any) -> bool:
    return is_in(place, words[place >> 6])


@njit
def ordered(values: Any, bucket: Any, out: Any) -> None:
    sort_keys(values, len(values), bucket, out)


@given(keys)
def test_a_queue_keeps_its_keys_in_falling_order(values: list[int]) -> None:
    room = np.zeros(len(values) + 2, np.int64)
    queued(np.array(values, np.int64), room)
    assert room[: len(values) + 1].tolist() == [END_OF_TIME, *sorted(values, reverse=True)]


@given(st.sets(st.integers(0, 255)))
def test_words_are_a_set_of_places(places: set[int]) -> None:
    words = np.zeros(4, np.int64)
    put(np.array(sorted(places), np.int64), words)
    found = np.zeros(256, np.int64)
    assert found[: members(words, found)].tolist() == sorted(places)
    assert {place for place in range(256) if holds(place, words)} == places


@given(keys)
def test_keys_are_sorted_whatever_their_spread(values: list[int]) -> None:
    out = np.zeros(len(values), np.int64)
    ordered(np.array(values, np.int64), np.ones(N_BUCKETS + 1, np.int32), out)
    assert out.tolist() == sorted(values)
