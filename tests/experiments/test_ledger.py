"""The but-for test names the condition that was broken, and every leaker has exactly one cause."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from steeldome.compiler.compiled import Compiled
from steeldome.compiler.tables import (
    CERTAIN,
    RECORDS,
    SCHEDULE_LOST,
    THREAT_CLASSES,
    Tables,
    replace_tables,
    table_hash,
)
from steeldome.engine.blocks import run_block, trace_replication
from steeldome.experiments.folder import Case, Plan
from steeldome.experiments.ledger import LEAKED, NONE_OR_SEVERAL, RELAXATIONS, causes, furthest, reference, relax
from steeldome.inputs.study import Study
from steeldome.streams import stable_id

Made = Callable[[Study, Plan], Callable[[Case], Compiled]]


def changed(tables: Tables, name: str, **columns: Any) -> Tables:
    """The tables with some columns of one table set."""
    rows = np.array(getattr(tables, name))
    for column, value in columns.items():
        rows[column] = value
    return replace_tables(tables, **{name: rows})


@pytest.fixture
def sound(study: Study, plan: Plan, compile_with: Made) -> Tables:
    """Four cruise missiles and drones of which the first two are certain to be stopped."""
    tables = compile_with(study, plan)(Case("base", "few", 0)).tables
    tables = changed(tables, "threat", reliability=CERTAIN)
    tables = changed(tables, "availability", p_own=CERTAIN)
    return relax(tables, "engaged_missed")


def far_post(tables: Tables) -> Tables:
    """The sensor reports to a second node that nothing is linked to."""
    node = np.concatenate([tables.node, tables.node])
    node["id"] = sorted((stable_id("post"), stable_id("far post")))
    post = int(np.flatnonzero(node["id"] == stable_id("post"))[0])
    sensor, group, fire_unit = (np.array(getattr(tables, name)) for name in ("sensor", "group", "fire_unit"))
    sensor["node"], group["node"], fire_unit["node"] = 1 - post, post, post
    return replace_tables(tables, node=node, sensor=sensor, group=group, fire_unit=fire_unit)


def lost_at_once(tables: Tables) -> Tables:
    """The fire unit goes before anything happens."""
    schedule = np.zeros(1, RECORDS["schedule"])
    schedule["t_ms"], schedule["kind"] = 10, SCHEDULE_LOST
    return replace_tables(tables, schedule=schedule)


BREAK: dict[str, Callable[[Tables], Tables]] = {
    "no_track": lambda t: changed(t, "sensor", capacity=0),
    "no_link": far_post,
    "not_identified": lambda t: changed(t, "node", servers=1, service_ms=900_000),
    "no_authority": lambda t: changed(t, "node", authority=0),
    "doctrine_hold": lambda t: changed(t, "doctrine", hold=1),
    "not_ready": lambda t: changed(t, "availability", p_own=0),
    "unit_lost": lost_at_once,
    "too_late": lambda t: changed(t, "fire_unit", prepare_ms=900_000),
    "no_rounds": lambda t: changed(t, "fire_unit", ready=0, stock=0),
    "no_channel": lambda t: changed(t, "fire_unit", channels=0),
    "engaged_missed": lambda t: changed(t, "effector", reliability=0),
}


@pytest.mark.parametrize("condition", RELAXATIONS)
def test_the_condition_that_was_broken_is_named(sound: Tables, condition: str) -> None:
    covered = np.diff(sound.threat_pair_first) > 0
    assert not np.any(trace_replication(sound, 3, 0).truth[covered] == LEAKED)
    broken = BREAK[condition](sound)
    found = [cause for cause in causes(broken, 3, 0) if covered[cause.threat]]
    assert len(found) == covered.sum()
    for cause in found:
        assert cause.cause == condition
        # Operators that are too slow are also a want of time.
        assert set(cause.helped) - {condition} <= ({"too_late"} if condition == "not_identified" else set())


def test_without_doctrine_background_traffic_is_still_held(sound: Tables) -> None:
    relaxed = relax(changed(sound, "doctrine", hold=1), "doctrine_hold")
    held = relaxed.doctrine["hold"].any(axis=0)
    assert [name for name, is_held in zip(THREAT_CLASSES, held, strict=True) if is_held] == ["background"]


def test_slow_identification_is_a_want_of_time(sound: Tables) -> None:
    broken = changed(sound, "node", identify_ms=900_000)
    covered = np.diff(sound.threat_pair_first) > 0
    assert {cause.cause for cause in causes(broken, 3, 0) if covered[cause.threat]} == {"too_late"}


def test_two_broken_conditions_are_none_or_several(sound: Tables) -> None:
    broken = BREAK["no_channel"](BREAK["no_authority"](sound))
    named = {cause.threat: cause.cause for cause in causes(broken, 3, 0)}
    covered = np.diff(sound.threat_pair_first) > 0
    assert [named[threat] for threat in np.flatnonzero(covered).tolist()] == [NONE_OR_SEVERAL] * int(covered.sum())
    assert {named[threat] for threat in np.flatnonzero(~covered).tolist()} == {"outside_envelope"}


def test_every_leaker_has_one_cause_and_relaxing_keeps_the_draws(study: Study, plan: Plan, compile_with: Made) -> None:
    case = compile_with(study, plan)(Case("base-more", "many", 1))
    rows, _ = run_block(case.tables, plan.seed, 0, 12)
    for replication in range(12):
        found = causes(case.tables, plan.seed, replication)
        assert len(found) == len({cause.threat for cause in found}) == rows["leaked"][replication]
        assert all(cause.cause == (cause.helped or (cause.cause,))[0] for cause in found)
    story = trace_replication(case.tables, plan.seed, 0)
    assert [unit for unit, _ in furthest(case.tables, story, 0)] == [0, 1]


def test_what_is_relaxed_already_changes_nothing(sound: Tables) -> None:
    for condition in RELAXATIONS:
        once = relax(sound, condition)
        assert table_hash(relax(once, condition)) == table_hash(once), condition
    assert set(RELAXATIONS) == set(BREAK)


def test_reference_cases_lift_their_limit_and_nothing_else(sound: Tables) -> None:
    dry = changed(sound, "fire_unit", ready=1, stock=0)
    assert (
        run_block(dry, 3, 0, 50)[0]["leaked"].mean()
        > run_block(reference(dry, "unlimited_rounds"), 3, 0, 50)[0]["leaked"].mean()
    )
    blind = changed(sound, "sensor", capacity=0)
    assert run_block(blind, 3, 0, 50)[0]["shots"].sum() == 0
    assert run_block(reference(blind, "perfect_information"), 3, 0, 50)[0]["shots"].sum() > 0
    assert table_hash(reference(sound, "unlimited_rounds")) == table_hash(relax(sound, "no_rounds"))
