"""Who engages what: the built-in policies, each an order among feasible pairs of fire unit and threat.

A policy sees the picture only: time of flight, predicted kill probability, cost. ``docs/engine.md`` states each.
"""

from typing import Any

from steeldome.compiler.tables import POLICIES
from steeldome.engine.jit import handler, inlined, wide

NEAREST, LAYERED = POLICIES.index("nearest"), POLICIES.index("layered")


@inlined
def is_better(policy: int, cost: int, p: int, intercept: int, best_cost: int, best_p: int, best_intercept: int) -> Any:
    """Whether a candidate goes before the best so far; equals keep the earlier pair.

    *nearest*: earlier intercept. *layered*: cheaper shots, then higher p, then earlier intercept.
    """
    if policy == LAYERED:
        if cost != best_cost:
            return cost < best_cost
        if p != best_p:
            return p > best_p
    return intercept < best_intercept


@inlined
def knot_value(low: int, high: int, fraction: int, shift: int) -> Any:
    """Linear interpolation between two knots, floored."""
    return low + ((high - low) * fraction >> shift)


@handler
def time_of_flight(pair: Any, launch: int) -> Any:
    """Time of flight of one pair record at a launch time inside its window, ms."""
    shift = wide(pair.shift)
    since = launch - wide(pair.open_ms)
    k = since >> shift
    low = wide(pair.tof[k])
    if k < 15:
        low = knot_value(low, wide(pair.tof[k + 1]), since & ((1 << shift) - 1), shift)
    return low << wide(pair.unit_shift)


@handler
def predicted_p(pair: Any, launch: int) -> Any:
    """Predicted kill probability of one shot at a launch time inside the window, in 2**-15."""
    shift = wide(pair.shift)
    since = launch - wide(pair.open_ms)
    k = since >> shift
    low = wide(pair.p[k])
    if k < 15:
        low = knot_value(low, wide(pair.p[k + 1]), since & ((1 << shift) - 1), shift)
    return low
