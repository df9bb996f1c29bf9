"""How the engine's functions are compiled: for the disk cache, without reference counts.

Handlers borrow their arrays (``borrow.py``) and allocate none, so there is nothing to count; Numba refuses to compile
a handler that would allocate.
"""

from typing import Any

import numpy as np
from numba import njit

_compile: Any = njit
_BORROWS = {"cache": True, "_nrt": False, "no_cfunc_wrapper": True}

#: A handler: called from compiled code only. Pass `wide` integers, or it is compiled once for each type of argument.
handler: Any = _compile(**_BORROWS, no_cpython_wrapper=True)
#: A handler small enough to be part of its caller's machine code.
inlined: Any = _compile(**_BORROWS, no_cpython_wrapper=True, forceinline=True)
#: A handler that becomes part of its caller before types are known: thin wrappers, and the few that hold the engine.
merged: Any = _compile(inline="always", **_BORROWS)
#: The door from Python: releases the interpreter lock.
entry: Any = _compile(**_BORROWS, nogil=True)

#: Signed 64-bit integer: all arithmetic of the engine is done in it (Numba would make uint64 + int64 a float).
wide: Any = np.int64
