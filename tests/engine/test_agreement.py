"""The engine agrees to the bit with the plain-Python reference on random scenarios."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from steeldome.compiler.tables import Tables
from steeldome.engine.blocks import run_block, trace_replication
from steeldome.results.schema import EVENT_KINDS, Sums, add_sums
from tests.reference.generator import WIDE_EVERY, random_tables
from tests.reference.machine import run_replication

N_SCENARIOS = int(os.environ.get("STEELDOME_SCENARIOS", "500"))
N_SLOW_SCENARIOS = 3000
N_REPLICATIONS = 3
SPREAD = 0x9E3779B97F4A7C15


def disagreements(tables: Tables, seed: int, start: int) -> list[str]:
    """What differs in `N_REPLICATIONS` replications from number `start` on."""
    rows, sums = run_block(tables, seed, start, start + N_REPLICATIONS)
    found = []
    expected_sums = None
    for i, number in enumerate(range(start, start + N_REPLICATIONS)):
        expected = run_replication(tables, seed, number)
        expected_sums = expected.sums if expected_sums is None else add_sums(expected_sums, expected.sums)
        trace = trace_replication(tables, seed, number)
        for name, value in expected.row.items():
            if {int(rows[name][i]), int(trace.row[name])} != {value}:
                found.append(f"{number}: {name}: block {rows[name][i]}, trace {trace.row[name]}, reference {value}")
        for name in ("truth", "killer", "stage", "shots"):
            got, wanted = getattr(trace, name).tolist(), getattr(expected, name)
            if got != wanted:
                places = [(k, g, w) for k, (g, w) in enumerate(zip(got, wanted, strict=True)) if g != w]
                found.append(f"{number}: {name}: (row, engine, reference) {places}")
    assert expected_sums is not None
    for name in Sums._fields:
        if not np.array_equal(getattr(sums, name), getattr(expected_sums, name)):
            found.append(f"sums: {name}")
    return found


def assert_agreement(scenarios: Iterable[int]) -> None:
    """No scenario differs; if some do, the smallest is shown."""
    wrong = []
    for scenario in scenarios:
        tables = random_tables(scenario)
        found = disagreements(tables, scenario * SPREAD % 2**63, start=scenario % 5)
        if found:
            wrong.append((len(tables.pair) + len(tables.sense), scenario, found))
    assert not wrong, f"{len(wrong)} scenarios differ; the smallest is {min(wrong)[1]}: " + "\n".join(min(wrong)[2])


def test_scenarios_go_beyond_one_word_and_beyond_two() -> None:
    """In over 2 % of the scenarios a group beyond the first word of a set gives orders, in over 2 % one beyond two."""
    n_beyond = Counter[int]()
    for scenario in range(WIDE_EVERY - 1, N_SCENARIOS, WIDE_EVERY):
        events = trace_replication(random_tables(scenario), scenario * SPREAD % 2**63, scenario % 5).events
        words = events["group"][events["kind"] == EVENT_KINDS.index("order")] >> 6
        n_beyond.update(beyond for beyond in (1, 2) if np.any(words >= beyond))
    assert min(n_beyond[1], n_beyond[2]) > 0.02 * N_SCENARIOS


def test_engine_agrees_with_the_reference() -> None:
    """Rows, truth, killers, stages, shots and sums of the first scenarios."""
    assert_agreement(range(N_SCENARIOS))


def test_all_64_bits_of_the_seed_count() -> None:
    """The largest seed is as good as any."""
    assert not disagreements(random_tables(1), 2**64 - 1, start=0)


@pytest.mark.slow
def test_engine_agrees_with_the_reference_at_length() -> None:
    """As above, on other scenarios."""
    assert_agreement(range(N_SCENARIOS, N_SCENARIOS + N_SLOW_SCENARIOS))
