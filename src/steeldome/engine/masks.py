"""Sets as bits of signed 64-bit words: member i is bit i & 63 of word i >> 6."""

from typing import Any

from numba.cpython.unsafe.numbers import trailing_zeros

from steeldome.engine.jit import inlined, wide

_trailing_zeros: Any = trailing_zeros


@inlined
def bit(place: int) -> Any:
    """Mask with the bit of a member set, in the member's word."""
    return wide(1) << (wide(place) & 63)


@inlined
def is_in(place: int, mask: int) -> Any:
    """Whether a member is in the set, given the member's word."""
    return mask >> (wide(place) & 63) & 1 == 1


@inlined
def lowest(mask: int) -> Any:
    """Place of the lowest bit of a word that is not 0."""
    return wide(_trailing_zeros(mask))
