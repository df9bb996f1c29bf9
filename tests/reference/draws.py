"""Chance and interpolation, in unbounded Python integers."""

from __future__ import annotations

from collections.abc import Sequence

from steeldome.compiler.tables import CERTAIN, NEVER

__all__ = ["CERTAIN", "NEVER", "happens", "interpolate", "philox", "quantile"]

_WORD = 0xFFFFFFFF


def philox(key: Sequence[int], counter: Sequence[int]) -> tuple[int, int, int, int]:
    """Four words of Philox4x32-10 [Salmon2011]; the counter is used as given."""
    (k0, k1), (c0, c1, c2, c3) = key, counter
    for _ in range(10):
        even, odd = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (odd >> 32) ^ c1 ^ k0, odd & _WORD, (even >> 32) ^ c3 ^ k1, even & _WORD
        k0, k1 = (k0 + 0x9E3779B9) & _WORD, (k1 + 0xBB67AE85) & _WORD
    return c0, c1, c2, c3


def happens(word: int, p: int) -> bool:
    """Whether an event of ``u4`` probability `p` occurs for this word."""
    return p == CERTAIN or word < p


def quantile(row: Sequence[int], word: int) -> int:
    """Value of an inverse distribution row for this word."""
    return row[word >> 27]


def interpolate(knots: Sequence[int], open_ms: int, shift: int, t: int) -> int:
    """Value at time `t` between knots that lie ``2**shift`` ms apart from `open_ms` on."""
    k, f = divmod(t - open_ms, 1 << shift)
    if k >= len(knots) - 1:
        return knots[-1]
    return knots[k] + ((knots[k + 1] - knots[k]) * f >> shift)
