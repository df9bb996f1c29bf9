"""The comparison of the two engines finds each of twenty deliberate errors."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from steeldome.engine.blocks import run_block, trace_replication
from steeldome.results.schema import Sums
from tests.reference.generator import random_tables
from tests.reference.machine import FAULTS, Outcome, run_replication

N_SCENARIOS = 150

Comparable = tuple[object, ...]


@cache
def engine_outcome(scenario: int) -> Comparable:
    """All that the engine says of the first replication of a scenario."""
    tables = random_tables(scenario)
    rows, sums = run_block(tables, scenario, 0, 1)
    trace = trace_replication(tables, scenario, 0)
    row = {name: int(rows[name][0]) for name in sorted(rows.dtype.names or ())}
    arrays = (trace.truth, trace.killer, trace.stage, trace.shots, *sums)
    return (row, *(array.tolist() for array in arrays))


def reference_outcome(outcome: Outcome) -> Comparable:
    """The same of the reference."""
    row = dict(sorted(outcome.row.items()))
    sums = (np.asarray(getattr(outcome.sums, name)).tolist() for name in Sums._fields)
    return (row, outcome.truth, outcome.killer, outcome.stage, outcome.shots, *sums)


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(fault: str) -> None:
    """Some scenario differs from the engine with the fault, and does not differ without it."""

    def shows_it(scenario: int) -> bool:
        faulty = run_replication(random_tables(scenario), scenario, 0, fault)
        if reference_outcome(faulty) == engine_outcome(scenario):
            return False
        sound = run_replication(random_tables(scenario), scenario, 0)
        return reference_outcome(sound) == engine_outcome(scenario)

    assert any(shows_it(scenario) for scenario in range(N_SCENARIOS)), f"nothing shows: {FAULTS[fault]}"


def test_there_are_twenty_faults() -> None:
    """The list keeps its length, and an unknown name is refused."""
    assert len(FAULTS) == 20
    with pytest.raises(AssertionError, match="no fault 'none'"):
        run_replication(random_tables(0), 0, 0, "none")
