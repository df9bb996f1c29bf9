"""What a reader may count on in the shipped study: one answer, and causes that are causes."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from steeldome.compiler.compiled import Compiled
from steeldome.compiler.tables import CERTAIN, MULTIPLIER_ONE, ONE_P15, THREAT_CLASSES, Tables, replace_tables
from steeldome.engine.blocks import run_block, trace_replication
from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.folder import Case
from steeldome.experiments.ledger import LEAKED, NONE_OR_SEVERAL, causes, relaxations
from steeldome.experiments.runs import plan_run
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import load_study
from tests.reference.machine import run_replication

SEED = 2025


@pytest.fixture(scope="module")
def compile_case() -> CaseCompiler:
    """The shipped study's cases."""
    study = load_study("turkiye-steel-dome")
    return CaseCompiler(study, load_catalogue(), plan_run(study))


@pytest.fixture(scope="module")
def mixed(compile_case: CaseCompiler) -> list[Compiled]:
    """Four samples of the mixed raid against the larger laydown."""
    return [compile_case(Case("base-2025-sampt-ng", "mixed", sample)) for sample in (0, 3, 9, 20)]


def test_a_replication_alone_is_its_row_in_a_block_and_in_the_reference(mixed: list[Compiled]) -> None:
    tables = mixed[1].tables
    rows, _ = run_block(tables, SEED, 4690, 4730)
    alone, _ = run_block(tables, SEED, 4711, 4712)
    assert alone[0] == rows[21] == trace_replication(tables, SEED, 4711).row
    reference = run_replication(tables, SEED, 4711)
    assert {name: int(alone[0][name]) for name in reference.row} == reference.row


def edited(tables: Tables, **edits: Mapping[str, Any]) -> Tables:
    """Tables with whole columns set by hand."""
    changed = {}
    for name, columns in edits.items():
        changed[name] = np.array(getattr(tables, name))
        for column, value in columns.items():
            changed[name][column] = value
    return replace_tables(tables, **changed)


def every_shot_kills(tables: Tables) -> Tables:
    """One wherever a shot had any chance, and no luck that the whole raid or one object shares."""
    certain = edited(tables, pair={"p": np.where(tables.pair["p"] > 0, ONE_P15, 0)}, effector={"reliability": CERTAIN})
    none = np.full_like(tables.common, MULTIPLIER_ONE)
    return replace_tables(certain, common=none, common_object=none)


def all_are_heard(tables: Tables) -> Tables:
    """A link without delay from every node to every other."""
    ends = [(a, b) for a in range(len(tables.node)) for b in range(len(tables.node)) if a != b]
    link = np.zeros(len(ends), tables.link.dtype)
    link["a"], link["b"] = np.array(ends).T
    link["classes"] = 1
    return replace_tables(tables, link=link, delay=np.zeros_like(tables.delay))


def spare_traffic(tables: Tables) -> np.ndarray:
    """The hold of each class, but only against airliners: without it rounds would go there that others miss."""
    classes = np.array(THREAT_CLASSES)
    return np.where(classes == "background", tables.doctrine["hold"], 0)


#: The named condition taken away in the tables, written without a look at how the ledger relaxes it.
BY_HAND: dict[str, Callable[[Tables], Tables]] = {
    "no_track": lambda t: replace_tables(
        edited(t, sensor={"capacity": 9_999}),
        hazard=np.tile(np.append(0, np.full(31, 60_000)).astype(np.uint16), (len(t.hazard), 1)),
        hazard_scale=np.full_like(t.hazard_scale, 13),
    ),
    "no_link": all_are_heard,
    "not_identified": lambda t: edited(t, node={"identify_row": -1, "servers": 0}),
    "no_authority": lambda t: edited(t, node={"authority": 1}),
    "doctrine_hold": lambda t: edited(
        t, doctrine={"hold": spare_traffic(t), "looks": 255, "cost_cap": 10**15, "reserve": 0}
    ),
    "not_ready": lambda t: edited(t, availability={"p_common": CERTAIN, "p_own": CERTAIN}),
    "unit_lost": lambda t: edited(t, unit={"p_damage": 0}),
    "too_late": lambda t: edited(
        t, fire_unit={"prepare_ms": 0}, node={"identify_ms": 0, "servers": 0}, group={"epoch_shift": 0}
    ),
    "no_rounds": lambda t: edited(t, fire_unit={"ready": 20_000}),
    "no_channel": lambda t: edited(t, fire_unit={"channels": 500}),
    "engaged_missed": every_shot_kills,
}


def test_without_the_named_cause_the_leaker_is_stopped_in_the_reference_too(mixed: list[Compiled]) -> None:
    """Twenty leakers with a cause, at random over samples, replications and threats."""
    rng = np.random.default_rng(20)
    relaxed = [relaxations(case.tables) for case in mixed]
    seen = set()
    for _ in range(20):
        while True:
            k, replication = int(rng.integers(len(mixed))), int(rng.integers(100))
            tables = mixed[k].tables
            named = [
                cause
                for cause in causes(tables, SEED, replication, relaxed[k])
                if cause.helped and cause.cause != NONE_OR_SEVERAL
            ]
            if named:
                break
        cause = named[int(rng.integers(len(named)))]
        assert run_replication(tables, SEED, replication).truth[cause.threat] == LEAKED
        without = run_replication(BY_HAND[cause.cause](tables), SEED, replication)
        assert without.truth[cause.threat] != LEAKED, (k, replication, mixed[k].names.threats[cause.threat], cause)
        seen.add(cause.cause)
    assert len(seen) >= 4
