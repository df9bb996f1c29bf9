"""Sets of at most 64 nodes, groups or places as the bits of one signed 64-bit integer."""

from typing import Any

from numba.cpython.unsafe.numbers import trailing_zeros

from steeldome.engine.jit import inlined, wide

_trailing_zeros: Any = trailing_zeros


@inlined
def bit(place: int) -> Any:
    """Mask with one bit set, place 0..63."""
    return wide(1) << wide(place)


@inlined
def is_in(place: int, mask: int) -> Any:
    """Whether a bit of a mask is set."""
    return mask >> wide(place) & 1 == 1


@inlined
def lowest(mask: int) -> Any:
    """Place of the lowest bit of a mask that is not 0."""
    return wide(_trailing_zeros(mask))
