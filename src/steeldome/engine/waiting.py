"""Waiting lists: the threats that a group knows and has not engaged, in order of predicted impact.

A list holds *ranks*, places in the order of (impact, row), as bits. An entry is *awake* if the next decision has to
look at it, and *asleep* if the last look found nothing that could change before its `retry`, but for what wakes it.
"""

from typing import Any

from steeldome.compiler.tables import NEVER
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.masks import bit, lowest
from steeldome.engine.state import State


@inlined
def enlist(s: State, group: int, threat: int) -> None:
    """Put a threat on the group's list, awake."""
    rank = wide(s.impact_rank[threat])
    s.awake[group, rank >> 6] |= bit(rank)
    s.n_waiting[group] += 1


@handler
def find_wake(s: State, group: int) -> None:
    """Earliest `retry` of the entries that are asleep."""
    earliest = wide(NEVER)
    for place in range(s.asleep.shape[1]):
        left = s.asleep[group, place]
        while left != 0:
            earliest = min(earliest, wide(s.retry[group, place << 6 | lowest(left)]))
            left &= left - 1
    s.wake[group] = earliest


@inlined
def take_out(s: State, group: int, rank: int) -> None:
    """Take an entry out of the sleepers, if it is one."""
    place = bit(rank)
    if s.asleep[group, rank >> 6] & place == 0:
        return
    s.asleep[group, rank >> 6] &= ~place
    if s.retry[group, rank] == s.wake[group] and s.wake[group] != NEVER:
        find_wake(s, group)


@handler
def unlist(s: State, group: int, threat: int) -> None:
    """Take a threat off the group's list."""
    rank = wide(s.impact_rank[threat])
    take_out(s, group, rank)
    s.awake[group, rank >> 6] &= ~bit(rank)
    s.n_waiting[group] -= 1


@handler
def reconsider(s: State, group: int, threat: int) -> None:
    """Something new about a listed threat: it wakes."""
    rank = wide(s.impact_rank[threat])
    take_out(s, group, rank)
    s.awake[group, rank >> 6] |= bit(rank)


@handler
def wake_all(s: State, group: int) -> None:
    """Something new about everything: all entries wake."""
    for place in range(s.asleep.shape[1]):
        s.awake[group, place] |= s.asleep[group, place]
        s.asleep[group, place] = 0
    s.wake[group] = NEVER


@handler
def wake_due(s: State, group: int, ms: int) -> None:
    """Entries whose `retry` has come wake."""
    for place in range(s.asleep.shape[1]):
        left = s.asleep[group, place]
        while left != 0:
            rank = place << 6 | lowest(left)
            if s.retry[group, rank] <= ms:
                s.asleep[group, place] &= ~(left & -left)
                s.awake[group, place] |= left & -left
            left &= left - 1
    find_wake(s, group)


@inlined
def send_to_sleep(s: State, group: int, threat: int, retry: int) -> Any:
    """An entry that is awake sleeps until `retry`."""
    rank = wide(s.impact_rank[threat])
    s.awake[group, rank >> 6] &= ~bit(rank)
    s.asleep[group, rank >> 6] |= bit(rank)
    s.retry[group, rank] = retry
    s.wake[group] = min(wide(s.wake[group]), retry)
