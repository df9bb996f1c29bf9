"""Replications of one case, batch by batch."""

from collections.abc import Callable
from typing import Any

import numpy as np

from steeldome.analysis.batches import Facts, totals
from steeldome.compiler.tables import N_CLASSES, N_STAGES, Tables
from steeldome.results.schema import add_sums, empty_sums
from steeldome.results.store import BATCH, Block

Simulate = Callable[[Tables, int, int, int], tuple[Any, Any]]


def play(simulate: Simulate, seed: int, tables: Tables, facts: Facts, start: int, stop: int) -> Block:
    """Simulate replications `start` to `stop` - 1.

    Parameters
    ----------
    simulate : callable
        As `steeldome.engine.blocks.run_block`.
    seed : int
    tables : Tables
    facts : Facts
        Of these tables.
    start, stop : int
    """
    sums = empty_sums(N_CLASSES, len(tables.asset), len(tables.fire_unit), N_STAGES)
    rows, batches = [], []
    at = start
    while at < stop:
        end = min(stop, (at // BATCH + 1) * BATCH)
        part_rows, part = simulate(tables, seed, at, end)
        rows.append(part_rows)
        batches.append(totals(part, facts))
        sums = add_sums(sums, part)
        at = end
    return Block(start, stop, np.concatenate(rows), sums, np.stack(batches))
