"""A tuple of arrays as one machine word: how handlers receive tables and state.

Numba passes a tuple of arrays as seven words an array and counts a reference for each at every use. With some fifty
arrays that made one event a hundred times dearer than its work and compilation minutes long. Here the caller
(`blocks.py`) writes the addresses and shapes of the arrays into one block of integers and keeps all of them alive;
compiled code receives the address of that block. In it, ``t.threat`` reads as the array itself.
"""

# Numba's extension interface carries no types.
# mypy: disable-error-code="no-untyped-call,misc,override,unused-ignore"

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import typeof, types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, models, register_model, typeof_impl, unbox
from numba.np.arrayobj import make_array, populate_array

WORDS_PER_ARRAY = 4  # address and up to three lengths


class BorrowedType(types.Type):  # type: ignore[misc]
    """Type of a block of borrowed, C-contiguous arrays; two blocks with equal fields have one type."""

    def __init__(self, label: str, fields: tuple[tuple[str, types.Array], ...]) -> None:
        self.label = label
        self.fields = fields
        # The fields go into the name as a digest: with all of them written out, each symbol was 15 kB long.
        super().__init__(name=f"Borrowed({label} {hashlib.sha256(repr(fields).encode()).hexdigest()[:16]})")

    def place_of(self, name: str) -> int | None:
        """Position of a field, None if there is none of that name."""
        for place, (field, _) in enumerate(self.fields):
            if field == name:
                return place
        return None


@register_model(BorrowedType)
class _BorrowedModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: BorrowedType) -> None:
        super().__init__(manager, fe_type, ir.IntType(64).as_pointer())


@infer_getattr
class _BorrowedAttributes(AttributeTemplate):  # type: ignore[misc]
    key = BorrowedType

    def generic_resolve(self, borrowed: BorrowedType, attribute: str) -> types.Array | None:
        place = borrowed.place_of(attribute)
        return None if place is None else borrowed.fields[place][1]


@lower_getattr_generic(BorrowedType)
def _array_of(context: Any, builder: Any, borrowed: BorrowedType, block: Any, attribute: str) -> Any:
    place = borrowed.place_of(attribute)
    assert place is not None
    kind = borrowed.fields[place][1]
    word = ir.IntType(64)

    def load(offset: int) -> Any:
        found = builder.load(builder.gep(block, [ir.Constant(word, place * WORDS_PER_ARRAY + offset)]))
        # The block never changes while compiled code runs, so LLVM need not read it again after each store.
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    array = make_array(kind)(context, builder)
    item_type = context.get_data_type(kind.dtype)
    item_size = context.get_constant(types.intp, context.get_abi_sizeof(item_type))
    lengths = [load(1 + axis) for axis in range(kind.ndim)]
    strides = [item_size]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=builder.inttoptr(load(0), array.data.type),
        shape=cgutils.pack_array(builder, lengths),
        strides=cgutils.pack_array(builder, strides),
        itemsize=item_size,
        meminfo=None,
    )
    return array._getvalue()


@dataclass(frozen=True, eq=False, slots=True)
class Lent:
    """A tuple of arrays in the form that compiled code takes; keeps the arrays alive.

    Attributes
    ----------
    kind : BorrowedType
    arrays : tuple of arrays
    block : (words,) int64
        Address and lengths of each array.
    address : int
        Of the block.
    """

    kind: BorrowedType
    arrays: Any
    block: npt.NDArray[np.int64]
    address: int


def borrowed_type(label: str, arrays: Any) -> BorrowedType:
    """Type of a named tuple of arrays; `label` also tells versions of the compiled sources apart."""
    return BorrowedType(label, tuple((name, typeof(array)) for name, array in arrays._asdict().items()))


def lend(label: str, arrays: Any) -> Lent:
    """Lend a named tuple of C-contiguous arrays to compiled code."""
    block = np.zeros(len(arrays) * WORDS_PER_ARRAY, np.int64)
    for place, array in enumerate(arrays):
        assert array.flags.c_contiguous
        block[place * WORDS_PER_ARRAY] = array.ctypes.data
        block[place * WORDS_PER_ARRAY + 1 : place * WORDS_PER_ARRAY + 1 + array.ndim] = array.shape
    return Lent(borrowed_type(label, arrays), arrays, block, block.ctypes.data)


@typeof_impl.register(Lent)
def _type_of_lent(lent: Lent, context: Any) -> BorrowedType:
    return lent.kind


@unbox(BorrowedType)
def _address_of_lent(kind: BorrowedType, lent: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(lent, "address")
    word = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.inttoptr(word, ir.IntType(64).as_pointer()))
