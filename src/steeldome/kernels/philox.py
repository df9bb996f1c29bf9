"""Philox4x32-10: a pure function from (seed; replication, entity, entity, purpose and index) to four 32-bit words.

There is no generator object and no state: a draw belongs to its key, not to the order in which things happen. Two
laydowns then face the same luck, and the number of workers cannot change an answer. Algorithm and known answers
[Salmon2011]. The counter is used as given; it is not stepped before the first block, as some libraries do.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)


@njit(inline="always")
def philox4x32(
    key0: np.uint64, key1: np.uint64, counter0: np.uint64, counter1: np.uint64, counter2: np.uint64, counter3: np.uint64
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32]:
    """Four random words from a 64-bit key and a 128-bit counter, ten rounds.

    Parameters
    ----------
    key0, key1 : integer
        Key words; only the low 32 bits count.
    counter0, counter1, counter2, counter3 : integer
        Counter words; only the low 32 bits count.

    Returns
    -------
    tuple of four uint32
        Each uniform on 0..2**32 - 1.

    Notes
    -----
    Everything stays unsigned 64-bit inside: Numba turns a sum of uint64 and int64 into a float64. Source: [Salmon2011].
    """
    k0 = np.uint64(key0) & _MASK
    k1 = np.uint64(key1) & _MASK
    c0 = np.uint64(counter0) & _MASK
    c1 = np.uint64(counter1) & _MASK
    c2 = np.uint64(counter2) & _MASK
    c3 = np.uint64(counter3) & _MASK
    for _ in range(10):
        product0 = _MULTIPLIER_0 * c0
        product1 = _MULTIPLIER_1 * c2
        c0 = (product1 >> _SHIFT) ^ c1 ^ k0
        c1 = product1 & _MASK
        c2 = (product0 >> _SHIFT) ^ c3 ^ k1
        c3 = product0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@njit(cache=True)
def draw(
    seed: np.uint64, replication: np.uint64, id_a: np.uint64, id_b: np.uint64, purpose_index: np.uint64
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32]:
    """Four words that belong to one keyed chance event; the form that compiled code calls.

    Parameters
    ----------
    seed : uint64
        Seed of the run.
    replication, id_a, id_b : integer, 0..2**32 - 1
        Replication number and the stable 32-bit ids of the entities concerned (0 where there is none).
    purpose_index : integer, 0..2**32 - 1
        Draw purpose in the high 8 bits, index within that purpose in the low 24: ``purpose << 24 | index``.

    Returns
    -------
    tuple of four uint32

    Notes
    -----
    Key = low and high half of the seed; counter = the other four arguments, in this order. Source: [Salmon2011].
    """
    wide_seed = np.uint64(seed)
    return philox4x32(wide_seed & _MASK, wide_seed >> _SHIFT, replication, id_a, id_b, purpose_index)


def words(seed: int, replication: int, id_a: int, id_b: int, purpose_index: int) -> tuple[int, int, int, int]:
    """Four words of one keyed chance event, as Python integers; the form for code that is not compiled.

    Parameters
    ----------
    seed : int, 0..2**64 - 1
        Seed of the run.
    replication, id_a, id_b, purpose_index : int, 0..2**32 - 1
        As in :func:`draw`.

    Returns
    -------
    tuple of four int, each 0..2**32 - 1
    """
    w0, w1, w2, w3 = draw(
        np.uint64(seed), np.uint64(replication), np.uint64(id_a), np.uint64(id_b), np.uint64(purpose_index)
    )
    return int(w0), int(w1), int(w2), int(w3)


@njit(cache=True)
def rank_and_word(seed: int, sample: int, n_samples: int, id_a: int, purpose_index: int) -> tuple[int, int]:
    """Rank of one sample's draw among those of all samples, and a further word of it.

    Parameters
    ----------
    seed : int, 0..2**63 - 1
    sample, n_samples : int
        Samples 0..n_samples - 1 take the place of the replication in :func:`draw`.
    id_a, purpose_index : int, 0..2**32 - 1
        As in :func:`draw`.

    Returns
    -------
    rank : int, 0..n_samples - 1
        By the first word, then the second, then the number of the sample.
    word : int, 0..2**32 - 1
        The third word of the sample's draw.
    """
    own = draw(np.uint64(seed), np.uint64(sample), np.uint64(id_a), np.uint64(0), np.uint64(purpose_index))
    rank = 0
    for other in range(n_samples):
        drawn = draw(np.uint64(seed), np.uint64(other), np.uint64(id_a), np.uint64(0), np.uint64(purpose_index))
        rank += (drawn[0], drawn[1], other) < (own[0], own[1], sample)
    return rank, int(own[2])
