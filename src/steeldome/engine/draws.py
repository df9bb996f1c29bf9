"""Keyed draws in the forms that the event handlers use; the encodings are those of ``compiler/tables.py``."""

from typing import Any

import numpy as np

from steeldome.compiler.tables import CERTAIN
from steeldome.engine.jit import handler, merged, wide
from steeldome.engine.state import REPLICATION, State
from steeldome.kernels.philox import philox4x32
from steeldome.streams import Purpose

AVAILABLE = int(Purpose.AVAILABLE)
RELIABILITY = int(Purpose.RELIABILITY)
SIGNATURE = int(Purpose.SIGNATURE)
DETECT = int(Purpose.DETECT)
MESSAGE = int(Purpose.MESSAGE)
IDENTIFY = int(Purpose.IDENTIFY)
COMMON = int(Purpose.COMMON)
KILL = int(Purpose.KILL)
ASSESS = int(Purpose.ASSESS)
ACCURACY = int(Purpose.ACCURACY)
DAMAGE = int(Purpose.DAMAGE)
SOFT_KILL = int(Purpose.SOFT_KILL)

SEED_SHIFT = np.uint64(32)


@handler
def keyed_word(seed: int, replication: int, purpose: int, id_a: int, id_b: int, index: int) -> Any:
    """Word 0 of the draw for (seed; replication, id_a, id_b, purpose, index), as a signed 64-bit integer."""
    key = np.uint64(seed)
    words = philox4x32(
        key,
        key >> SEED_SHIFT,
        np.uint64(replication),
        np.uint64(id_a),
        np.uint64(id_b),
        np.uint64(purpose << 24 | index),
    )
    return wide(words[0])


@merged
def word(s: State, seed: int, purpose: int, id_a: int, id_b: int, index: int) -> Any:
    """Word of this replication."""
    return keyed_word(wide(seed), s.scalar[REPLICATION], wide(purpose), wide(id_a), wide(id_b), wide(index))


@merged
def happens(drawn: int, probability: int) -> Any:
    """Whether a draw falls below a ``u4`` probability."""
    return drawn < wide(probability) or probability == CERTAIN
