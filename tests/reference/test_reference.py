"""The reference engine against published answers, closed forms and its own balances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeldome.compiler.tables import UNLIMITED_LOOKS, replace_tables, table_hash
from steeldome.kernels.network import NO_LINK, UNREACHABLE, shortest_paths
from tests.reference.coverage import rare_items, report, scenario_shares
from tests.reference.draws import happens, interpolate, philox
from tests.reference.generator import random_tables
from tests.reference.machine import Outcome, run_replication
from tests.reference.network import Link, chosen_paths
from tests.reference.tables_by_hand import Layer, row_of, simple_tables

WORD = 0xFFFFFFFF
STANDARD_ERRORS = 4.4


def play(n_replications: int, *args: Any, **settings_: Any) -> list[Outcome]:
    """Replications of a hand-made scenario."""
    tables = simple_tables(*args, **settings_)
    return [run_replication(tables, 20, i) for i in range(n_replications)]


def assert_mean(outcomes: Sequence[Outcome], column: str, mean: float, variance: float) -> None:
    """The column's mean lies within the sampling error that the exact variance allows."""
    error = np.mean([outcome.row[column] for outcome in outcomes]) - mean
    assert abs(error) <= STANDARD_ERRORS * (variance / len(outcomes)) ** 0.5


@pytest.mark.parametrize(
    ("key", "counter", "answer"),
    [
        ([0, 0], [0, 0, 0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([WORD] * 2, [WORD] * 4, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0xA4093822, 0x299F31D0],
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_known_answers(key: list[int], counter: list[int], answer: str) -> None:
    """Random123 known-answer file, Philox4x32-10 [Salmon2011]."""
    assert " ".join(f"{word:08x}" for word in philox(key, counter)) == answer


def test_interpolation_floors_and_ends_at_the_last_knot() -> None:
    """A falling row rounds down, not towards zero; a certain event needs the flag."""
    assert [interpolate([10, 7, 20], 100, 1, t) for t in (100, 101, 102, 103, 104)] == [10, 8, 7, 13, 20]
    assert (happens(WORD, WORD), happens(WORD, WORD - 1), happens(0, 0)) == (True, False, False)


nodes = st.shared(st.integers(1, 6), key="nodes")


@settings(max_examples=300)
@given(
    is_up=nodes.flatmap(lambda n: st.lists(st.sampled_from([True, True, False]), min_size=n, max_size=n)),
    links=nodes.flatmap(
        lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(0, 3)), max_size=14)
    ),
)
def test_paths_agree_with_the_kernel(is_up: list[bool], links: list[Link]) -> None:
    """Same total delays and the same links on every path, ties included."""
    n = len(is_up)
    delay, via = np.zeros(n, np.int32), np.zeros(n, np.uint16)
    a, b, ms = np.ascontiguousarray(np.array(links, np.int32).reshape(-1, 3).T)
    paths = chosen_paths(dict(enumerate(links)), is_up)
    for source in range(n):
        shortest_paths(source, a, b, ms, np.array(is_up, np.uint8), delay, via)
        for target in range(n):
            path = paths[source][target]
            assert delay[target] == (UNREACHABLE if path is None else sum(links[i][2] for i in path))
            assert via[target] == (path[-1] if path else NO_LINK)


def test_generator_repeats_itself() -> None:
    """A seed names a scenario."""
    assert table_hash(random_tables(7)) == table_hash(random_tables(7)) != table_hash(random_tables(8))


def test_balances_hold() -> None:
    """Objects, shots and rounds balance in each of 200 random scenarios."""
    broken = {seed: run_replication(random_tables(seed), seed, 0).broken for seed in range(200)}
    assert not {seed: names for seed, names in broken.items() if names}


def test_scenarios_try_every_rule() -> None:
    """No event type, stage, busy rule, outcome or change of belief is rare among 500 random scenarios."""
    shares = scenario_shares(range(500), n_replications=1)
    assert not rare_items(shares), report(shares)


def test_zero_probability_is_no_defence() -> None:
    """Effectors that cannot kill leave every threat's fate as it is without them."""
    for seed in range(40):
        tables = random_tables(seed)
        pair = tables.pair.copy()
        pair["p"] = 0
        blunt = replace_tables(tables, pair=pair)
        bare = replace_tables(tables, pair=pair[:0], static_reason=np.zeros_like(tables.static_reason))
        outcome = run_replication(blunt, seed, 0)
        assert outcome.truth == run_replication(bare, seed, 0).truth
        assert outcome.row["shots"] == 0


def test_single_layer_is_binomial() -> None:
    """One shot each at p = 0.7: leakers are binomial with mean 6 and variance 4.2."""
    outcomes = play(300, 20, [Layer(p=0.7)])
    assert_mean(outcomes, "leaked", 6.0, 4.2)
    leaked = [outcome.row["leaked"] for outcome in outcomes]
    fourth_moment = 3 * 4.2**2 + 4.2 * (1 - 6 * 0.21)
    assert abs(np.var(leaked) - 4.2) <= STANDARD_ERRORS * ((fourth_moment - 4.2**2) / len(leaked)) ** 0.5
    assert {outcome.row["shots"] for outcome in outcomes} == {20}


def test_salvo() -> None:
    """Two shots without a look leave q squared."""
    assert_mean(play(300, 20, [Layer(p=0.7, salvo=2)]), "leaked", 20 * 0.09, 20 * 0.09 * 0.91)


def test_independent_layers() -> None:
    """Layers multiply; the second fires only at what the first left."""
    outcomes = play(300, 20, [Layer(p=0.7), Layer(p=0.5)])
    assert_mean(outcomes, "leaked", 20 * 0.15, 20 * 0.15 * 0.85)
    first = row_of(simple_tables(20, [Layer(), Layer()]), "fire_unit", "layer-1/unit-1")
    for outcome in outcomes:
        assert outcome.row["shots"] == 20 + 20 - outcome.killer.count(first)


def test_magazine_in_order_of_arrival() -> None:
    """Twelve rounds for twenty threats: the first twelve are engaged, 20 - 12 p leak."""
    outcomes = play(300, 20, [Layer(p=0.7, ready=12)], interval_ms=1000)
    assert_mean(outcomes, "leaked", 20 - 12 * 0.7, 12 * 0.21)
    tables = simple_tables(20, [Layer(p=0.7, ready=12)], interval_ms=1000)
    engaged = {row_of(tables, "threat", f"threat-{i + 1}") for i in range(12)}
    for outcome in outcomes:
        assert {int(tables.pair["threat"][w]) for w, shots in enumerate(outcome.shots) if shots} == engaged


def test_shoot_look_shoot() -> None:
    """Up to three looks at p = 0.6: kill 0.936, 1.56 shots a threat."""
    outcomes = play(300, 20, [Layer(p=0.6, looks=3)])
    assert_mean(outcomes, "leaked", 20 * 0.064, 20 * 0.064 * 0.936)
    assert_mean(outcomes, "shots", 20 * 1.56, 20 * (0.6 + 4 * 0.24 + 9 * 0.16 - 1.56**2))


def test_channels_and_service_time() -> None:
    """Four channels, 8 s each: 12 of 24 are served within 30 s, 16 within 32 s."""
    for within_ms, served in ((30_000, 12), (32_000, 16)):
        layer = Layer(p=1, channels=4, busy_rule="until_burst", busy_ms=8000, window_ms=within_ms - 8000)
        (outcome,) = play(1, 24, [layer])
        assert outcome.row["destroyed"] == served


def test_sure_kill_and_no_defence() -> None:
    """With p = 1 and no limits nothing leaks; without fire units everything does."""
    (sure,) = play(1, 30, [Layer(p=1.0, looks=UNLIMITED_LOOKS)], interval_ms=7)
    (bare,) = play(1, 30, interval_ms=7)
    assert (sure.row["leaked"], bare.row["leaked"]) == (0, 30)


def test_common_availability() -> None:
    """A layer that is there or not as a whole: the variance of kills is r N p q + r (1 - r) (N p)^2."""
    outcomes = play(600, 10, [Layer(p=0.8, available_common=0.9)])
    assert_mean(outcomes, "destroyed", 7.2, 7.2)
    assert {outcome.row["shots"] for outcome in outcomes} == {0, 10}
