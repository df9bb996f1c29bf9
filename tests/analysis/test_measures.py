"""Measures from results made by hand."""

import numpy as np
import pytest

from steeldome.analysis.batches import Facts, split, totals
from steeldome.analysis.measures import SampleResult, as_observed, difference, sample_result, summarise
from steeldome.compiler.tables import N_CLASSES, N_STAGES, THREAT_CLASSES
from steeldome.results.schema import CLASS_OUTCOMES, ROW, STATUS_FULL, empty_sums

CRUISE, DRONE = THREAT_CLASSES.index("cruise"), THREAT_CLASSES.index("owa_uav")
N, BATCH = 200, 20


def test_a_raid_counts_as_stopped_if_the_defence_stopped_it_and_it_came_at_all() -> None:
    """Two events: stopped twice, stopped and leaked, stopped and missed by itself; those that failed are no events."""
    ends = ["destroyed", "destroyed", "malfunctioned", "diverted", "leaked", "malfunctioned", "destroyed", "fell_clear"]
    rows = np.zeros(len(ends), ROW)
    for row, end in zip(rows, ends, strict=True):
        row[end] = 1
    sample = make(0, 0.5, 0.5)._replace(rows=rows)
    assert as_observed([sample], 2, 2)["value"] == pytest.approx(1 / 3)
    assert as_observed([sample], 2, 1)["value"] == pytest.approx(2 / 3)
    assert as_observed([sample], 2, 2)["n"] == 3


def make(seed: int, p_covered: float, p_open: float, covered: tuple[int, int] = (3, 5)) -> SampleResult:
    """Six cruise missiles and eight drones; some inside the footprint; the luck belongs to the seed."""
    rng = np.random.default_rng(seed)
    armed = np.zeros(N_CLASSES, int)
    armed[[CRUISE, DRONE]] = 6, 8
    inside = np.zeros(N_CLASSES, int)
    inside[[CRUISE, DRONE]] = covered
    facts = Facts(armed, inside, armed, 0, 100, 4, ("gun", "missile"), np.array([0, 1, 1]))
    luck = rng.random((N, 2, 8))
    leaked_covered = np.stack([(luck[:, i, : inside[k]] < p_covered).sum(1) for i, k in enumerate((CRUISE, DRONE))], 1)
    leaked_open = np.stack(
        [(luck[:, i, inside[k] : armed[k]] < p_open).sum(1) for i, k in enumerate((CRUISE, DRONE))], 1
    )
    rows = np.zeros(N, ROW)
    rows["leaked"] = (leaked_covered + leaked_open).sum(1)
    rows["destroyed"] = armed.sum() - rows["leaked"]
    rows["shots"], rows["cost"] = 2 * rows["destroyed"], 1000 * rows["destroyed"]
    rows["assets_held"], rows["value_lost"] = 4, rows["leaked"]
    sums = empty_sums(N_CLASSES, 4, 3, N_STAGES)
    table = []
    for start in range(0, N, BATCH):
        part = empty_sums(N_CLASSES, 4, 3, N_STAGES)
        part.replications[0] = BATCH
        some = slice(start, start + BATCH)
        for i, kind in enumerate((CRUISE, DRONE)):
            counts = {
                "launched": BATCH * armed[kind],
                "leaked_covered": leaked_covered[some, i].sum(),
                "leaked": (leaked_covered + leaked_open)[some, i].sum(),
            }
            counts["destroyed"] = counts["launched"] - counts["leaked"]
            for name, count in counts.items():
                part.class_outcomes[kind, CLASS_OUTCOMES.index(name), 0] = count
            part.kills[kind], part.shots[kind] = [0, 1, counts["destroyed"] - 1], [5, 2, 2 * counts["destroyed"]]
        part.rounds[:] = 7, 1, 2
        table.append(totals(part, facts))
    return sample_result(rows, sums, np.stack(table), facts)


def test_leakage_is_the_sum_of_its_parts() -> None:
    found = summarise([make(1, 0.2, 0.9), make(2, 0.4, 0.8, (2, 8)), make(3, 0.1, 0.9, (6, 0))]).measures
    total = 0.0
    for name, weight in (("cruise", 6 / 14), ("owa_uav", 8 / 14)):
        parts = {
            key: found[f"{key}.{name}"]["value"] for key in ("footprint", "conditional_leakage", "uncovered_leakage")
        }
        whole = (1 - parts["footprint"]) * parts["uncovered_leakage"] + parts["footprint"] * parts[
            "conditional_leakage"
        ]
        assert whole == pytest.approx(found[f"leakage.{name}"]["value"], abs=1e-12)
        total += weight * whole
    assert total == pytest.approx(found["leakage"]["value"], abs=1e-12)
    assert found["footprint"]["low"] == found["footprint"]["high"] == found["footprint"]["value"]
    assert (
        found["leakage"]["input_low"]
        < found["leakage"]["low"]
        < found["leakage"]["high"]
        < found["leakage"]["input_high"]
    )


def test_every_measure_has_the_same_shape() -> None:
    summary = summarise([make(1, 0.2, 0.9), make(2, 0.4, 0.8)])
    keys = {"value", "low", "high", "input_low", "input_high", "noise", "n", "level", "unit"}
    assert all(set(measure) == keys for measure in summary.measures.values())
    assert {m["n"] for m in summary.measures.values()} == {2 * N} and summary.replications == 2 * N
    assert all(m["low"] <= m["value"] <= m["high"] for m in summary.measures.values())
    assert summary.measures["cost_per_intercept"]["value"] == pytest.approx(1000)
    assert summary.measures["rounds"]["value"] == pytest.approx(10 / BATCH)
    assert summary.use["gun"]["cruise"]["kills"]["value"] == 0
    assert summary.use["missile"]["owa_uav"]["shots"]["value"] > summary.use["missile"]["owa_uav"]["kills"]["value"] > 1
    assert summary.launched == {"cruise": 6.0, "owa_uav": 8.0}


def test_a_difference_is_paired_and_says_when_nothing_is_shown() -> None:
    first, better = [make(1, 0.30, 0.9)], [make(1, 0.25, 0.9)]
    found = difference(first, better)["leakage"]
    assert found["is_shown"] and found["high"] < 0
    spread = summarise(first).measures["leakage"]
    assert found["high"] - found["low"] < 0.5 * (spread["high"] - spread["low"])
    same = difference(first, first)["leakage.cruise"]
    assert not same["is_shown"] and same["value"] == 0


def test_replications_that_are_not_sound_are_counted_and_set_aside() -> None:
    sample = make(1, 0.3, 0.9)
    rows = sample.rows.copy()
    rows["status"][3] = STATUS_FULL
    rows["leaked"][3] = 999
    table = np.concatenate([np.ones((1, 1)), np.zeros((1, 8 * 8 + 8 * 2 * 2 + 2))], axis=1).astype(np.int64)
    damaged = sample_result(rows, sample.sums, table, sample.facts)
    summary = summarise([damaged])
    assert (summary.replications, summary.broken) == (N - 1, 1)
    assert summary.measures["leakage"]["value"] < 1
    nothing = summarise([sample_result(rows[3:4], sample.sums, table, sample.facts)])
    assert nothing.measures == {} and nothing.broken == 1


def test_friendly_objects_are_counted_where_there_are_any_and_are_no_intercepts() -> None:
    without = make(1, 0.3, 0.9)
    assert "friendly_engaged" not in summarise([without]).measures
    rows = without.rows.copy()
    rows["friendly_engaged"][:50], rows["passed"] = 1, 7
    rows["passed"][:20], rows["destroyed"][:20] = 6, rows["destroyed"][:20] + 1
    among = without._replace(rows=rows, facts=without.facts._replace(background=7))
    found = summarise([among, among]).measures
    engaged = found["friendly_engaged"]
    assert (engaged["value"], engaged["unit"]) == (pytest.approx(50 / N), "objects")
    assert engaged["low"] < engaged["value"] < engaged["high"] and engaged["input_low"] == engaged["input_high"]
    assert found["cost_per_intercept"]["value"] == pytest.approx(1000)
    assert "friendly_engaged" not in difference([without], [among])
    assert difference([among], [among])["friendly_engaged"]["value"] == 0


def test_batches_without_a_sound_replication_are_left_out() -> None:
    table = np.zeros((2, 1 + 8 * 8 + 8 * 1 * 2 + 1), np.int64)
    table[1, 0] = 5
    assert split(table, 1).sound.tolist() == [5]
