"""Tuples of arrays as one machine word: how handlers receive tables and state.

Numba passes a tuple of arrays as seven words an array and counts a reference for each at every use. With some fifty
arrays that made one event a hundred times dearer than its work and compilation minutes long. Here the caller
(`blocks.py`) writes the addresses and lengths of the arrays into one block of integers and keeps all of them alive;
compiled code receives the address of that block.

In it, ``t.threat`` is a *borrowed array*. It knows three things: ``t.threat[i]`` (one index an axis), which neither
checks nor wraps an index, so -1 is not the last element but a fault; ``t.threat.shape``; and ``t.threat.array``, the
NumPy array itself, for slices and for kernels. Not looking for negative indices takes a tenth off a replication.
"""

# Numba's extension interface carries no types.
# mypy: disable-error-code="no-untyped-call,misc,override,unused-ignore"

import hashlib
import operator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_getattr, lower_getattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_global, signature
from numba.extending import (
    NativeValue,
    infer_getattr,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import load_item, make_array, populate_array, store_item
from numba.np.numpy_support import from_dtype

WORDS_PER_ARRAY = 4  # address and up to three lengths
_WORD = ir.IntType(64)


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


class BorrowedArrayType(types.Type):  # type: ignore[misc]
    """Type of one array of a block: the address of its four words there."""

    def __init__(self, kind: types.Array) -> None:
        self.kind = kind
        super().__init__(name=f"BorrowedArray({hashlib.sha256(str(kind).encode()).hexdigest()[:16]})")


class _AddressModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: types.Type) -> None:
        super().__init__(manager, fe_type, _WORD.as_pointer())


register_model(BorrowedType)(_AddressModel)
register_model(BorrowedArrayType)(_AddressModel)


# --- what a borrowed array is asked, and the type of the answer ---


@infer_getattr
class _BlockAttributes(AttributeTemplate):  # type: ignore[misc]
    key = BorrowedType

    def generic_resolve(self, borrowed: BorrowedType, attribute: str) -> BorrowedArrayType | None:
        place = borrowed.place_of(attribute)
        return None if place is None else BorrowedArrayType(borrowed.fields[place][1])


@infer_getattr
class _ArrayAttributes(AttributeTemplate):  # type: ignore[misc]
    key = BorrowedArrayType

    def resolve_shape(self, borrowed: BorrowedArrayType) -> types.UniTuple:
        return types.UniTuple(types.intp, borrowed.kind.ndim)

    def resolve_array(self, borrowed: BorrowedArrayType) -> types.Array:
        return borrowed.kind


def _parts(index: Any) -> tuple[Any, ...]:
    """Types of the parts of an index."""
    is_tuple = isinstance(index, types.BaseTuple)
    return tuple(index.types) if is_tuple else (index,)


def _fits(borrowed: Any, index: Any) -> bool:
    """Whether this is one integer an axis of a borrowed array."""
    if not isinstance(borrowed, BorrowedArrayType):
        return False
    parts = _parts(index)
    return len(parts) == borrowed.kind.ndim and all(isinstance(part, types.Integer) for part in parts)


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 2 and _fits(*args):
            return signature(args[0].kind.dtype, *args)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 3 and _fits(*args[:2]):
            return signature(types.none, args[0], args[1], args[0].kind.dtype)
        return None


# --- and how it answers ---


def _word(builder: Any, words: Any, offset: int) -> Any:
    found = builder.load(builder.gep(words, [ir.Constant(_WORD, offset)]))
    # The block never changes while compiled code runs, so LLVM need not read it again after each store.
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def _lengths(builder: Any, kind: types.Array, words: Any) -> list[Any]:
    return [_word(builder, words, 1 + axis) for axis in range(kind.ndim)]


def _item_address(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Address of one item; sig and args begin with the borrowed array and the index."""
    kind = sig.args[0].kind
    index_types = _parts(sig.args[1])
    indices = cgutils.unpack_tuple(builder, args[1]) if isinstance(sig.args[1], types.BaseTuple) else [args[1]]
    place = context.cast(builder, indices[0], index_types[0], types.intp)
    for axis in range(1, kind.ndim):
        index = context.cast(builder, indices[axis], index_types[axis], types.intp)
        place = builder.add(builder.mul(place, _word(builder, args[0], 1 + axis)), index)
    item = context.get_data_type(kind.dtype)
    return builder.gep(builder.inttoptr(_word(builder, args[0], 0), item.as_pointer()), [place])


@lower_getattr_generic(BorrowedType)
def _array_of(context: Any, builder: Any, borrowed: BorrowedType, block: Any, attribute: str) -> Any:
    place = borrowed.place_of(attribute)
    assert place is not None
    return builder.gep(block, [ir.Constant(_WORD, place * WORDS_PER_ARRAY)])


@lower_getattr(BorrowedArrayType, "shape")
def _shape_of(context: Any, builder: Any, borrowed: BorrowedArrayType, words: Any) -> Any:
    return cgutils.pack_array(builder, _lengths(builder, borrowed.kind, words))


@lower_getattr(BorrowedArrayType, "array")
def _numpy_array_of(context: Any, builder: Any, borrowed: BorrowedArrayType, words: Any) -> Any:
    kind = borrowed.kind
    array = make_array(kind)(context, builder)
    item_size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    lengths = _lengths(builder, kind, words)
    strides = [item_size]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=builder.inttoptr(_word(builder, words, 0), array.data.type),
        shape=cgutils.pack_array(builder, lengths),
        strides=cgutils.pack_array(builder, strides),
        itemsize=item_size,
        meminfo=None,
    )
    return array._getvalue()


@lower_builtin(operator.getitem, BorrowedArrayType, types.Any)
def _get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return load_item(context, builder, sig.args[0].kind, _item_address(context, builder, sig, args))


@lower_builtin(operator.setitem, BorrowedArrayType, types.Any, types.Any)
def _set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind = sig.args[0].kind
    value = context.cast(builder, args[2], sig.args[2], kind.dtype)
    store_item(context, builder, kind, value, _item_address(context, builder, sig, args))
    return context.get_dummy_value()


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
    kinds = tuple((array.dtype, array.ndim, array.flags.writeable) for array in arrays)
    return _type_of(label, arrays._fields, kinds)


@cache
def _type_of(label: str, names: tuple[str, ...], kinds: tuple[tuple[np.dtype[Any], int, bool], ...]) -> BorrowedType:
    """Made once for all tuples of the same arrays: to type fifty of them takes milliseconds."""
    fields = [
        types.Array(from_dtype(dtype), ndim, "C", readonly=not is_writeable) for dtype, ndim, is_writeable in kinds
    ]
    return BorrowedType(label, tuple(zip(names, fields, strict=True)))


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
