"""Event queue of one replication: a binary heap of 64-bit keys, so equal times have one order.

A key is ``ms << 32 | type << 28 | entity``. Stale events are known by state when they are taken out; they are never
removed.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from steeldome.engine.jit import handler, merged, wide

Keys = npt.NDArray[np.int64]

RESTORE, LOST, SHIFT, TRACK, TRACK_END, INTERCEPT, IMPACT = 0, 1, 2, 3, 4, 5, 6
ASSESS, READY, FREE, DECIDE, LAUNCH, END = 7, 8, 9, 10, 11, 12

TYPE_SHIFT = 28
TIME_SHIFT = 32
ENTITY_MASK = (1 << TYPE_SHIFT) - 1
TYPE_MASK = 15


@merged
def event_key(ms: int, kind: int, entity: int) -> Any:
    """Key of an event: ms 0..2**31 - 1, kind 0..12, entity 0..2**28 - 1."""
    return wide(ms) << TIME_SHIFT | wide(kind) << TYPE_SHIFT | wide(entity)


@handler
def sift_up(heap: Keys, n: int, key: int) -> None:
    """Insert `key` into a heap of n keys; the array must have room for n + 1."""
    i = n
    while i > 0:
        parent = (i - 1) >> 1
        if heap[parent] <= key:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = key


@handler
def pop_least(heap: Keys, n: int) -> Any:
    """Remove and return the least of n >= 1 keys; the caller counts the size down."""
    least = heap[0]
    last = heap[n - 1]
    size = n - 1
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= last:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = last
    return least
