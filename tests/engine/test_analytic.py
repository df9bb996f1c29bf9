"""The engine against closed forms and against itself under changes that must not matter.

Known answers: exact recursions and binomial sums, computed apart from this project. Statistical tests use n = 10**5
replications with a fixed seed and allow |z| <= 4.4.
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from steeldome.compiler.tables import RECORDS, Tables, replace_tables
from steeldome.engine.blocks import run_block
from steeldome.results.schema import Sums, add_sums
from tests.reference.generator import random_tables
from tests.reference.tables_by_hand import Layer, simple_tables

N = 100_000
Z = 4.4


def column(tables: Tables, name: str, n: int = N) -> npt.NDArray[np.int64]:
    rows, _ = run_block(tables, 2025, 0, n)
    assert np.all(rows["status"] == 0)
    return rows[name].astype(np.int64)


def assert_mean(found: npt.NDArray[np.int64], mean: float, variance: float) -> None:
    z = (found.mean() - mean) / math.sqrt(variance / len(found))
    assert abs(z) <= Z, f"mean {found.mean()}, expected {mean}, z = {z}"


def assert_variance(found: npt.NDArray[np.int64], variance: float) -> None:
    spread = (found - found.mean()) ** 2
    z = (spread.mean() - variance) / (spread.std() / math.sqrt(len(found)))
    assert abs(z) <= Z, f"variance {spread.mean()}, expected {variance}, z = {z}"


def assert_share(found: npt.NDArray[np.bool_], share: float) -> None:
    assert_mean(found.astype(np.int64), share, share * (1 - share))


def test_one_layer_one_shot_is_binomial() -> None:
    leaked = column(simple_tables(20, [Layer(p=0.7)]), "leaked")
    assert_mean(leaked, 6.0, 4.2)
    assert_variance(leaked, 4.2)
    assert_share(leaked == 0, 7.97923e-4)
    assert_share(leaked <= 5, 0.416371)


def test_salvo_multiplies_misses() -> None:
    leaked = column(simple_tables(10, [Layer(p=0.7, salvo=2)]), "leaked")
    assert_mean(leaked, 0.9, 10 * 0.09 * 0.91)


def test_independent_layers_multiply() -> None:
    leaked = column(simple_tables(10, [Layer(p=0.7), Layer(p=0.5)]), "leaked")
    assert_mean(leaked, 1.5, 10 * 0.15 * 0.85)


def test_finite_magazine_in_order_of_arrival() -> None:
    leaked = column(simple_tables(20, [Layer(p=0.7, ready=12)], interval_ms=1000), "leaked")
    assert_mean(leaked, 11.6, 12 * 0.21)


@pytest.mark.parametrize(
    ("magazines", "mean", "p_none"),
    [([(15, 0.6), (12, 0.7)], 3.547495, 0.0229977), ([(15, 0.6), (12, 0.7), (8, 0.3)], 2.487560, 0.0762960)],
)
def test_layers_with_magazines(magazines: Sequence[tuple[int, float]], mean: float, p_none: float) -> None:
    leaked = column(simple_tables(20, [Layer(p=p, ready=n) for n, p in magazines]), "leaked")
    assert_mean(leaked, mean, float(leaked.var()))
    assert_share(leaked == 0, p_none)
    if len(magazines) == 2:
        assert_variance(leaked, 3.332778)


def test_shoot_look_shoot() -> None:
    tables = simple_tables(10, [Layer(p=0.6, looks=3, assess_ms=500)])
    leaked, shots = column(tables, "leaked"), column(tables, "shots")
    assert_mean(leaked, 10 * 0.064, 10 * 0.064 * 0.936)
    assert_mean(shots, 15.6, float(shots.var()))


def test_common_readiness_widens_the_spread() -> None:
    destroyed = column(simple_tables(10, [Layer(p=0.8, available=0.9)]), "destroyed")
    assert_mean(destroyed, 7.2, 7.2)
    assert_variance(destroyed, 7.2)


@pytest.mark.parametrize(("window_s", "engaged"), [(30, 12), (32, 16)])
def test_channels_serve_in_turn(window_s: int, engaged: int) -> None:
    layer = Layer(p=1.0, channels=4, window_ms=(window_s - 8) * 1000, flight_ms=5000, assess_ms=3000)
    assert np.all(column(simple_tables(24, [layer]), "shots", 10) == engaged)


@pytest.mark.parametrize("scenario", range(40))
def test_every_replication_balances(scenario: int) -> None:
    tables = random_tables(scenario)
    rows, sums = run_block(tables, 3, 0, 50)
    assert np.all(rows["status"] == 0)
    outcomes = ("destroyed", "diverted", "malfunctioned", "leaked", "fell_clear", "passed")
    ends = sum(rows[name].astype(int) for name in outcomes)
    assert np.all(ends == len(tables.threat))
    assert sums.shots.sum() == rows["shots"].sum() == sums.class_outcomes[:, 7, 0].sum()
    assert sums.kills.sum() == rows["destroyed"].sum() + rows["diverted"].sum()
    assert np.all(sums.rounds <= 50 * (tables.fire_unit["ready"].astype(int) + tables.fire_unit["stock"]))


def shifted(tables: Tables, ms: int) -> Tables:
    moved = {}
    for name, fields in (
        ("threat", ("start_ms", "impact_ms")),
        ("sense", ("open_ms", "close_ms")),
        ("pair", ("open_ms", "close_ms")),
        ("schedule", ("t_ms",)),
    ):
        array = getattr(tables, name).copy()
        for field in fields:
            array[field] += ms
        moved[name] = array
    return replace_tables(tables, **moved)


@pytest.mark.parametrize("scenario", range(25))
def test_a_shift_in_time_changes_nothing(scenario: int) -> None:
    tables = random_tables(scenario)
    whole_epochs = 4096 * 1000
    assert np.array_equal(run_block(tables, 5, 0, 40)[0], run_block(shifted(tables, whole_epochs), 5, 0, 40)[0])


def test_new_names_change_only_the_luck() -> None:
    tables = simple_tables(20, [Layer(p=0.7, ready=12), Layer(p=0.5)], interval_ms=500)
    threat = tables.threat.copy()
    threat["id"] += np.uint32(12345)
    renamed = replace_tables(tables, threat=threat)
    first, second = column(tables, "leaked"), column(renamed, "leaked")
    assert not np.array_equal(first, second)
    assert_mean(second - first, 0.0, float((second - first).var()))


def test_an_irrelevant_layer_changes_no_replication() -> None:
    useful = Layer(p=0.6, ready=9, looks=2)
    alone = run_block(simple_tables(12, [useful]), 1, 0, 2000)[0]
    beside = run_block(simple_tables(12, [useful, Layer(p=0.0)]), 1, 0, 2000)[0]
    assert np.array_equal(alone, beside)


@pytest.mark.parametrize(
    "tables",
    [
        simple_tables(15, [Layer(p=0.0)], reliability=0.8),
        simple_tables(15, [Layer(p=0.9, channels=0)], reliability=0.8),
        simple_tables(15, [Layer(p=0.9, ready=0)], reliability=0.8),
        simple_tables(15, [Layer(p=0.9)], reliability=0.8, p_track=0.0),
    ],
    ids=["zero p", "no channels", "no rounds", "sensors off"],
)
def test_a_defence_that_cannot_act_is_no_defence(tables: Tables) -> None:
    none = run_block(simple_tables(15, [], reliability=0.8), 1, 0, 2000)[0]
    assert np.array_equal(run_block(tables, 1, 0, 2000)[0]["leaked"], none["leaked"])
    assert 0.7 < none["leaked"].mean() / 15 < 0.9


def test_perfect_and_unlimited_lets_nothing_through() -> None:
    assert np.all(column(simple_tables(40, [Layer(p=1.0)]), "leaked", 2000) == 0)


def subset(tables: Tables, rows: Sequence[int]) -> Tables:
    """The same case with some of its threats only."""
    keep = np.asarray(sorted(rows))
    place = np.full(len(tables.threat), -1)
    place[keep] = np.arange(len(keep))
    parts: dict[str, npt.NDArray[np.void]] = {}
    for name in ("sense", "pair"):
        array = getattr(tables, name)
        array = array[place[array["threat"]] >= 0].astype(RECORDS[name])
        array["threat"] = place[array["threat"]]
        parts[name] = array
    return replace_tables(tables, threat=tables.threat[keep], static_reason=tables.static_reason[keep], **parts)


def test_raids_far_apart_add() -> None:
    starts = [0] * 10 + [10_000_000] * 10
    layers = [Layer(p=0.7, channels=3, looks=2, assess_ms=4000), Layer(p=0.4, channels=2)]
    both = simple_tables(20, layers, start_ms=starts)
    early = np.nonzero(both.threat["start_ms"] == 0)[0]
    late = np.nonzero(both.threat["start_ms"] > 0)[0]
    whole, first, second = (run_block(t, 9, 0, 3000)[0] for t in (both, subset(both, early), subset(both, late)))
    for name in ("leaked", "destroyed", "shots", "cost"):
        assert np.array_equal(whole[name], first[name] + second[name])


@pytest.mark.parametrize("parts", [(0, 1, 700, 2999, 3000), (0, 1500, 3000)])
def test_blocks_add_up_in_any_split(parts: tuple[int, ...]) -> None:
    tables = random_tables(11)
    rows, sums = run_block(tables, 4, 0, 3000)
    pieces = [run_block(tables, 4, a, b) for a, b in itertools.pairwise(parts)]
    assert np.array_equal(rows, np.concatenate([piece[0] for piece in pieces]))
    added: Sums = pieces[-1][1]
    for piece in reversed(pieces[:-1]):
        added = add_sums(added, piece[1])
    assert all(np.array_equal(a, b) for a, b in zip(sums, added, strict=True))
