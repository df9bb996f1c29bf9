"""Philox4x32-10 against the published known answers and against a plain-Python version."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from steeldome.kernels.philox import draw, philox4x32, words

MASK = 0xFFFFFFFF
word = st.integers(0, MASK)


def philox_in_python(key: list[int], counter: list[int]) -> tuple[int, ...]:
    """The algorithm as published, in unbounded integers."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & MASK, (a >> 32) ^ c3 ^ k1, a & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


@pytest.mark.parametrize(
    ("key", "counter", "answer"),
    [
        ([0, 0], [0, 0, 0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([MASK] * 2, [MASK] * 4, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0xA4093822, 0x299F31D0],
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_known_answers(key: list[int], counter: list[int], answer: list[int]) -> None:
    """Random123 known-answer file, Philox4x32-10 [Salmon2011]; exact. The counter is not stepped first."""
    assert words(key[0] | key[1] << 32, *counter) == tuple(answer)
    assert philox_in_python(key, counter) == tuple(answer)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**64 - 1), counter=st.lists(word, min_size=4, max_size=4))
def test_compiled_equals_plain(seed: int, counter: list[int]) -> None:
    """Every key and counter, the all-ones corners among them, gives the words of the plain version."""
    assert words(seed, *counter) == philox_in_python([seed & MASK, seed >> 32], counter)


def test_signed_arguments_in_compiled_code_give_the_same_words() -> None:
    """A caller may hold ids and counts in int64: no promotion to float, no lost bit."""

    @njit
    def from_signed(seed, replication, id_a, id_b, purpose_index):  # type: ignore[no-untyped-def]
        direct = philox4x32(seed & 0xFFFFFFFF, seed >> 32, replication, id_a, id_b, purpose_index)
        return draw(seed, replication, id_a, id_b, purpose_index), direct

    key = (2**62 + 12345, 7, 0xFFFFFFFE, 0x80000001, 7 << 24 | 3)
    keyed, direct = from_signed(*(np.int64(value) for value in key))
    assert tuple(map(int, keyed)) == tuple(map(int, direct)) == words(*key)


def test_neighbouring_keys_are_uncorrelated() -> None:
    """Mean of 20 000 neighbouring draws within four standard errors; neighbours' correlation within 4 / sqrt(n)."""
    n = 20_000
    sample = np.array([words(1, replication, 3, 4, 5) for replication in range(n)]) / 2**32
    assert np.all(np.abs(sample.mean(axis=0) - 0.5) < 4 * np.sqrt(1 / 12 / n))
    correlation = np.corrcoef(np.column_stack([sample[:-1], sample[1:]]).T)
    assert np.abs(correlation - np.eye(8)).max() < 4.5 / np.sqrt(n)
