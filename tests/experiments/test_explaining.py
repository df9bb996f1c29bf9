"""The waterfall begins at rings, ends at the case as a run plays it, and its steps add up."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from steeldome.compiler.compiled import Compiled, UnitSite
from steeldome.compiler.tables import CERTAIN, Tables, replace_tables, table_hash
from steeldome.compiler.tables import STAGES as CONDITIONS
from steeldome.engine.blocks import run_block
from steeldome.errors import ScenarioError
from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.explaining import STAGES, explain, pick_samples, spread_samples
from steeldome.experiments.folder import Case, Plan
from steeldome.experiments.ledger import LIMITS, lift
from steeldome.experiments.runs import plan_run, run_plan
from steeldome.experiments.session import Means, RunStopped
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import Study, load_study
from steeldome.results.schema import STATUS_FULL
from tests.experiments.test_ledger import BREAK, changed

Made = Callable[[Study, Plan], Callable[[Case], Compiled]]
CompileWithout = Callable[[Case, tuple[str, ...]], Compiled]


@pytest.fixture
def one_case(plan: Plan) -> Plan:
    """The larger laydown against the larger raid."""
    return replace(plan, laydowns=("more",), raids=("many",))


@pytest.fixture
def compile_without(study: Study, one_case: Plan, compile_with: Made) -> CompileWithout:
    """Cases made by hand have no limit that comes with compiling."""
    compile_case = compile_with(study, one_case)
    return lambda case, limits: compile_case(case)


def test_every_limit_comes_back_at_one_stage() -> None:
    limits = Counter(limit for stage in STAGES for limit in stage.limits)
    assert limits == Counter(set(LIMITS) - {"engaged_missed"})
    compiled = Counter(limit for stage in STAGES for limit in stage.compiled)
    assert compiled == Counter(("horizon", "search", "doctrine", "siting"))
    assert [stage.id for stage in STAGES] == [
        "rings", "horizon", "search", "time", "channels", "identification", "readiness", "siting",
    ]  # fmt: skip


def test_steps_add_up_and_the_last_stage_is_the_case(one_case: Plan, compile_without: CompileWithout) -> None:
    record = explain(one_case, compile_without, [0, 1, 2], Means())
    stages = record["stages"]
    rows = [
        run_block(compile_without(Case("more", "many", number), ()).tables, one_case.seed, 0, one_case.replications)[0]
        for number in range(3)
    ]
    assert stages[-1]["leaked"] == sum(int(part["leaked"].sum()) for part in rows)
    for entries, armed in [(stages, 12), *((one["stages"], one["armed"]) for one in record["by_class"].values())]:
        steps = [entry["step"]["value"] for entry in entries]
        assert sum(steps) == pytest.approx(entries[-1]["leakage"]["value"], abs=1e-12)
        assert armed in (12, 6)
    for before, after in pairwise(stages):
        moved = (after["leaked"] - before["leaked"]) / (12 * 3 * one_case.replications)
        assert after["step"]["value"] == pytest.approx(moved, abs=1e-12)
    by_class = [one["stages"][0]["leakage"]["value"] * one["armed"] for one in record["by_class"].values()]
    assert sum(by_class) == pytest.approx(stages[0]["leakage"]["value"] * record["armed"])
    assert record["left_out"] == 0


def test_what_no_ring_covers_leaks_at_the_first_stage(one_case: Plan, compile_without: CompileWithout) -> None:
    def compile_apart(case: Case, limits: tuple[str, ...]) -> Compiled:
        """As it is played, no fire unit has a window against anything; that is not the rings' fault."""
        compiled = compile_without(case, limits)
        if "siting" in limits:
            return compiled
        reasons = np.zeros_like(compiled.tables.static_reason)
        none = replace_tables(compiled.tables, pair=compiled.tables.pair[:0], static_reason=reasons)
        return replace(compiled, tables=none)

    record = explain(one_case, compile_apart, [0, 1, 2], Means())
    outside = record["outside_rings"]["value"]
    assert outside == pytest.approx(2 / 12 * 0.95, rel=0.1)  # two objects of twelve, which fail by themselves at 5 %
    assert record["stages"][-1]["leakage"]["value"] == pytest.approx(0.95, abs=0.02)
    parts = [one["outside_rings"]["value"] * one["armed"] for one in record["by_class"].values()]
    assert sum(parts) == pytest.approx(outside * 12)


STAGE_OF = {
    "no_track": "search",
    "no_link": "search",
    "not_identified": "time",  # broken by slow operators
    "no_authority": "identification",
    "doctrine_hold": "channels",
    "not_ready": "readiness",
    "unit_lost": "readiness",
    "too_late": "time",
    "no_rounds": "channels",
    "no_channel": "channels",
}


@pytest.mark.parametrize("condition", STAGE_OF)
def test_a_broken_link_is_the_step_of_its_stage(
    one_case: Plan, compile_without: CompileWithout, condition: str
) -> None:
    def compile_broken(case: Case, limits: tuple[str, ...]) -> Compiled:
        """Only one limit bites, and at once for all."""
        compiled = compile_without(case, limits)
        free = lift(compiled.tables, set(LIMITS) - {"engaged_missed", "not_ready"})
        return replace(compiled, tables=BREAK[condition](changed(free, "availability", p_own=CERTAIN)))

    stages = explain(replace(one_case, laydowns=("base",)), compile_broken, [0], Means())["stages"]
    moved = [stage["id"] for stage in stages[1:] if stage["step"]["value"] != 0.0]
    assert moved == [STAGE_OF[condition]]


def test_workers_and_blocks_do_not_change_the_answer(one_case: Plan, compile_without: CompileWithout) -> None:
    once = explain(one_case, compile_without, [0, 2], Means(workers=1))
    again = explain(replace(one_case, block_size=7), compile_without, [0, 2], Means(workers=3))
    assert once == again


def test_what_is_unsound_at_one_stage_is_left_out_at_all(one_case: Plan, compile_without: CompileWithout) -> None:
    broken = table_hash(compile_without(Case("more", "many", 1), ()).tables)

    def simulate(tables: Tables, seed: int, start: int, stop: int) -> tuple[Any, Any]:
        rows, sums = run_block(tables, seed, start, stop)
        if table_hash(tables) == broken and start == 20:
            rows["status"][3] = STATUS_FULL
        return rows, sums

    whole = explain(one_case, compile_without, [0, 1], Means())
    record = explain(one_case, compile_without, [0, 1], Means(simulate=simulate))
    assert record["left_out"] == 20
    assert {entry["leakage"]["n"] for entry in record["stages"]} == {2 * one_case.replications - 20}
    steps = [entry["step"]["value"] for entry in record["stages"]]
    assert sum(steps) == pytest.approx(record["stages"][-1]["leakage"]["value"], abs=1e-12)
    assert record["stages"][0]["leaked"] < whole["stages"][0]["leaked"]


def test_it_stops_when_asked(one_case: Plan, compile_without: CompileWithout) -> None:
    told: list[int] = []
    means = Means(listen=lambda report: told.append(report.done), is_cancelled=lambda: len(told) > 5)
    with pytest.raises(RunStopped, match="nothing is kept"):
        explain(one_case, compile_without, [0, 1, 2], means)
    assert len(told) == 6


@given(count=st.integers(1, 100), share=st.floats(0.0, 1.0), n_rules=st.integers(1, 3))
def test_samples_are_spread_over_the_rules(count: int, share: float, n_rules: int) -> None:
    n = max(1, round(share * count))
    chosen = spread_samples(count, n, n_rules)
    assert len(chosen) == len(set(chosen)) == n and 0 <= min(chosen) <= max(chosen) < count
    met = np.bincount([number % n_rules for number in chosen], minlength=n_rules)
    assert met.max() - met.min() <= 1
    assert spread_samples(count, count, n_rules) == list(range(count))
    assert spread_samples(32, 8, 3) == [0, 1, 2, 9, 10, 17, 21, 22]


def test_more_samples_than_the_study_has_are_refused(study: Study) -> None:
    assert pick_samples(study, None) == [0, 1, 2]
    with pytest.raises(ScenarioError, match="the study has 3; write '--samples 3' or fewer"):
        pick_samples(study, 4)


@pytest.fixture(scope="module")
def shipped() -> tuple[Study, Plan, CaseCompiler]:
    """The shipped study's first laydown against its salvo of medium-range missiles, four samples."""
    study = load_study("turkiye-steel-dome")
    plan = plan_run(study, laydowns=("base-2025",), raids=("mrbm-salvo",), samples=4, replications=40)
    return study, plan, CaseCompiler(study, load_catalogue(), plan)


def test_the_last_stage_is_what_a_run_plays(shipped: tuple[Study, Plan, CaseCompiler], tmp_path: Path) -> None:
    study, plan, compiler = shipped
    run = run_plan(study, plan, tmp_path / "run", compiler, Means())
    record = explain(plan, compiler.without, [0, 1, 2, 3], Means())
    measures = run.measures["cases"][0]["measures"]
    last = record["stages"][-1]
    assert last["leakage"] == measures["leakage"] and last["shots"] == measures["shots"]
    assert record["by_class"]["mrbm"]["stages"][-1]["leakage"] == measures["leakage.mrbm"]
    some = explain(plan, compiler.without, [1, 3], Means())
    leaked = [int(run.rows(f"base-2025/mrbm-salvo/s00{number}")["leaked"].sum()) for number in (1, 3)]
    assert some["stages"][-1]["leaked"] == sum(leaked)
    values = [entry["leakage"]["value"] for entry in record["stages"]]
    assert values[0] < 0.5 * values[-1], "near a brochure, far from reality"


def test_without_limits_every_unit_stands_at_its_asset(shipped: tuple[Study, Plan, CaseCompiler]) -> None:
    study, _, compiler = shipped
    case = Case("base-2025", "mrbm-salvo", 1)  # its layout would stand off down the threat axis
    geod = Geod(ellps="WGS84")

    def farthest(sites: Mapping[str, UnitSite]) -> float:
        """Greatest distance (m) of a land unit from its nearest asset."""
        places = [(site.longitude_deg, site.latitude_deg) for site in sites.values() if "sea" not in site.system]
        assets = [(math.degrees(asset.longitude), math.degrees(asset.latitude)) for asset in study.assets]
        return max(min(geod.inv(*place, *asset)[2] for asset in assets) for place in places)

    assert farthest(compiler.without(case, ("siting",)).sites) < 3_000.0  # highest ground within 2 km, rounded
    assert farthest(compiler.without(case, ()).sites) > 20_000.0


def test_a_perfect_search_leaves_nobody_without_a_window_for_want_of_a_sensor(
    shipped: tuple[Study, Plan, CaseCompiler],
) -> None:
    _, _, compiler = shipped
    case = Case("base-2025", "cruise-and-drones", 2)
    real, seen = (compiler.without(case, (*limits, "doctrine")).tables for limits in ((), ("search",)))
    unseen = np.isin(real.static_reason, [CONDITIONS.index(name) for name in ("never_in_coverage", "below_horizon")])
    gained = unseen & (seen.static_reason == 255)
    assert gained.sum() > 20
    assert np.array_equal(real.static_reason[~unseen], seen.static_reason[~unseen])
    assert CONDITIONS.index("never_in_coverage") not in seen.static_reason


@pytest.mark.parametrize("change", [{"hold": True}, {"cost_cap": 1.0}], ids=["held", "too dear"])
def test_without_the_doctrine_what_was_held_may_fire(
    shipped: tuple[Study, Plan, CaseCompiler], change: dict[str, Any]
) -> None:
    study, plan, compiler = shipped
    rules = tuple(rule.model_copy(update=change) for rule in study.doctrine.rules)
    strict = study.model_copy(update={"doctrine": study.doctrine.model_copy(update={"rules": rules})})
    case = Case("base-2025", "mrbm-salvo", 0)
    free = CaseCompiler(strict, load_catalogue(), plan).without(case, ("doctrine",)).tables
    held = CaseCompiler(strict, load_catalogue(), plan).without(case, ()).tables
    assert len(held.pair) == 0 and len(free.pair) > 0
    assert np.array_equal(free.pair, compiler.without(case, ("doctrine",)).tables.pair)
