"""Every column that a run leaves behind: name, type, unit and meaning.

A *row* is one replication in 32 bytes. *Sums* are exact integers over a block of replications; they add across blocks
in any order. A *trace* is the story of one replication, made by replay.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

RESULTS_FORMAT = 1

STATUS_OK, STATUS_FULL, STATUS_BROKEN = 0, 1, 2

#: One replication. Counts are of objects, shots or assets; cost in USD; value in the study's own value points.
ROW = np.dtype(
    [
        ("cost", "<i8"),
        ("value_lost", "<i4"),
        ("destroyed", "<u2"),
        ("diverted", "<u2"),
        ("malfunctioned", "<u2"),
        ("leaked", "<u2"),
        ("fell_clear", "<u2"),
        ("passed", "<u2"),
        ("shots", "<u2"),
        ("assets_held", "<u2"),
        ("friendly_engaged", "<u2"),
        ("status", "<u2"),
    ]
)
ROW_COLUMNS: Mapping[str, tuple[str, str]] = {
    "cost": ("USD", "price of the shots fired"),
    "value_lost": ("value points", "value of the assets lost"),
    "destroyed": ("objects", "threats killed"),
    "diverted": ("objects", "threats that soft kill turned away"),
    "malfunctioned": ("objects", "threats that failed by themselves"),
    "leaked": ("objects", "armed threats that reached their aim"),
    "fell_clear": ("objects", "armed threats that missed by themselves, and decoys at the end of their flight"),
    "passed": ("objects", "background traffic that flew on"),
    "shots": ("shots", "shots fired (a gun's burst is one)"),
    "assets_held": ("assets", "assets not lost"),
    "friendly_engaged": ("objects", "background objects shot at"),
    "status": ("code", "0 sound, 1 a queue was full, 2 an invariant failed; only 0 is used"),
}

#: Per class, in this order, in `Sums.class_outcomes` (sum and sum of squares of the count a replication).
CLASS_OUTCOMES = (
    "launched",
    "destroyed",
    "diverted",
    "malfunctioned",
    "leaked",
    "fell_clear",
    "leaked_covered",
    "shots",
)


class Sums(NamedTuple):
    """Exact sums over sound replications; all ``i8``. Axes: C classes, A assets, K fire units, stage."""

    replications: Array  # (3,) by status
    class_outcomes: Array  # (C, 8, 2): sum, sum of squares
    leaked_products: Array  # (C, C): sum of products of the counts of leakers by class
    leaked_asset: Array  # (C, A)
    kills: Array  # (C, K): destroyed or diverted by fire unit
    shots: Array  # (C, K)
    stages: Array  # (C, K, 14): leakers by furthest condition met by that fire unit
    rounds: Array  # (K,): rounds fired
    dry: Array  # (K,): replications in which the fire unit ended with no ready round


def empty_sums(n_classes: int, n_assets: int, n_fire_units: int, n_stages: int) -> Sums:
    """Sums of no replication."""
    shapes = (
        (3,),
        (n_classes, len(CLASS_OUTCOMES), 2),
        (n_classes, n_classes),
        (n_classes, n_assets),
        (n_classes, n_fire_units),
        (n_classes, n_fire_units),
        (n_classes, n_fire_units, n_stages),
        (n_fire_units,),
        (n_fire_units,),
    )
    return Sums(*(np.zeros(shape, dtype=np.int64) for shape in shapes))


def add_sums(a: Sums, b: Sums) -> Sums:
    """Sums of both; exact, in any order."""
    return Sums(*(x + y for x, y in zip(a, b, strict=True)))


#: One line of a trace. `kind` is an index into EVENT_KINDS; -1 means "does not apply".
EVENT = np.dtype(
    [
        ("t_ms", "<i4"),
        ("kind", "<i4"),
        ("threat", "<i4"),
        ("sensor", "<i4"),
        ("fire_unit", "<i4"),
        ("group", "<i4"),
        ("value", "<i8"),
    ]
)
EVENT_KINDS = (
    "unit_unavailable",  # value: unit
    "unit_lost",  # value: unit
    "unit_restored",  # value: unit
    "sensor_variant",  # value: variant
    "track",
    "track_waiting",
    "track_end",
    "reported",  # value: ready_due, ms
    "known",  # value: declared class
    "order",  # value: shots ordered
    "abort",
    "launch",  # value: shots
    "hit",  # value: shots used up to the hit
    "miss",  # value: shots
    "assessed_dead",
    "assessed_alive",
    "relook_alive",
    "reload",  # value: rounds
    "leaked",  # value: asset
    "fell_clear",
    "malfunctioned",
    "passed",
    "asset_lost",  # value: asset
)

#: Outcome of each threat of one replication.
TRUTH = ("inbound", "destroyed", "diverted", "malfunctioned", "leaked", "fell_clear", "passed")


class Trace(NamedTuple):
    """One replication, whole."""

    row: Array  # () ROW
    events: Array  # (n,) EVENT, in order of time
    truth: Array  # (threat,) u1, index into TRUTH
    killer: Array  # (threat,) i4 fire unit, -1 none
    stage: Array  # (pair,) u1, stage code
    shots: Array  # (pair,) i4
