"""A small study whose cases are made here, not compiled: two systems, four assets, one sensor, real engine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from steeldome.compiler.compiled import Compiled, InputUsed, Names, SensorCoverage, UnitSite
from steeldome.compiler.tables import (
    ARMED,
    CERTAIN,
    DTYPES,
    N_CLASSES,
    ONE_P15,
    RECORDS,
    STAGES,
    THREAT_CLASSES,
    Tables,
    build_tables,
    quantise_p15,
    quantise_probability,
)
from steeldome.experiments.folder import Case, Plan
from steeldome.experiments.runs import plan_run
from steeldome.experiments.samples import OuterSample
from steeldome.inputs.study import Study, load_study
from steeldome.streams import stable_id

STUDY = """\
format: 1
meta: {id: small, name: {en: S, tr: S}, question: {en: Who, tr: Kim}, summary: {en: S, tr: S}}
environment: {terrain: none, base_map: natural_earth}
assets:
  - {id: town, name: {en: T, tr: K}, class: city, latitude: 41 deg, longitude: 29 deg, value: 10, radius: 5 km}
siting: {rules: [asset_value], layouts: 4, jitter: 1 km, stand_off: 3 km}
laydowns:
  - id: base
    name: {en: Base, tr: Temel}
    year: 2025
    units: [{system: gun, count: 1, assumption: made up}]
deltas:
  - {id: more, name: {en: more, tr: fazla}, add: [{system: missile, count: 1, assumption: made up}]}
doctrine: {policy: nearest, rules: [{applies_to: default, threat: any, salvo: 1, looks: 2}]}
raids:
  - id: few
    name: {en: Few, tr: Az}
    spread: 1 min
    groups: [{id: a, threat: x, count: 4, launch: {bearing: 90 deg, distance: 100 km}, aim: [town]}]
  - id: many
    name: {en: Many, tr: Çok}
    spread: 1 min
    groups: [{id: a, threat: x, count: 12, launch: {bearing: 90 deg, distance: 100 km}, aim: [town]}]
experiments: {seed: 7, samples: 3, replications: 60, laydowns: [base, base-more], raids: [few, many]}
report: {headline: leakage, languages: [en, tr]}
"""
N_ASSETS = 4


def records(name: str, ids: list[str], **columns: object) -> np.ndarray:
    """Rows of one table in the order of their ids; columns left out are zero."""
    rows = np.zeros(len(ids), RECORDS[name])
    if "id" in (rows.dtype.names or ()):
        rows["id"] = [stable_id(text) for text in ids]
    for column, values in columns.items():
        rows[column] = values
    return rows[np.argsort(rows["id"])] if "id" in (rows.dtype.names or ()) else rows


def in_order(ids: list[str]) -> list[str]:
    """Ids in the order of the rows."""
    return sorted(ids, key=stable_id)


def make_tables(n_threats: int, systems: list[str], p: float) -> Tables:
    """Threats a second apart, alternately cruise missiles and drones; every fire unit meets all but the last two."""
    impact = 60_000 + 1_000 * np.arange(n_threats)
    kinds = [THREAT_CLASSES.index("cruise"), THREAT_CLASSES.index("owa_uav")]
    threat_ids = in_order([f"threat/{i}" for i in range(n_threats)])
    threat = records("threat", threat_ids, path=0, impact_ms=impact, asset=np.arange(n_threats) % N_ASSETS)
    threat["accuracy_row"], threat["signature_row"], threat["hostile"] = -1, -1, ARMED
    threat["reliability"] = quantise_probability(0.95)
    threat["threat_class"] = [kinds[i % 2] for i in range(n_threats)]
    sense = np.zeros(n_threats, RECORDS["sense"])
    sense["threat"], sense["open_ms"], sense["close_ms"] = np.arange(n_threats), 1_000, impact
    sense["shift"], sense["n_variants"] = 13, 1
    k, covered = len(systems), max(n_threats - 2, 1)
    pair = np.zeros(covered * k, RECORDS["pair"])
    pair["threat"], pair["fire_unit"] = np.divmod(np.arange(covered * k), k)
    pair["open_ms"], pair["close_ms"], pair["shift"] = 20_000, impact[pair["threat"]] - 5_000, 13
    pair["tof"], pair["p"] = 4_000, quantise_p15(p)
    static = np.full((n_threats, k), STAGES.index("outside_envelope"), np.uint8)
    static[:covered] = 255
    arrays: dict[str, object] = {name: np.zeros(0, RECORDS[name]) for name in RECORDS}
    arrays |= {
        "threat": threat,
        "path": records("path", ["path"]),
        "sense": sense,
        "sensor": records("sensor", ["radar"], unit=-1, capacity=30, drop_ms=1_000),
        "pair": pair,
        "fire_unit": records(
            "fire_unit", systems, unit=np.arange(k), fallback=-1, sensor=-1, channels=1, prepare_ms=2_000, launchers=1,
            ready=3, stock=3, reload_ms=9_000, spacing_ms=500, busy_rule=1,
        ),
        "effector": records("effector", ["round"], rounds_per_shot=1, reliability=CERTAIN, cost=1_000),
        "node": records("node", ["post"], unit=-1, identify_row=-1, authority=1),
        "unit": records("unit", systems, asset=-1, available_row=0),
        "availability": records("availability", ["all"], p_common=CERTAIN, p_own=quantise_probability(0.9)),
        "group": records("group", ["group"], epoch_shift=10),
        "assess": records("assess", [""], delay_ms=1_000),
        "doctrine": np.full((1, N_CLASSES), np.array((10**9, 0, 0, 1, 2, 0), RECORDS["doctrine"])),
        "asset": records("asset", [f"asset/{i}" for i in range(N_ASSETS)], value=10, hardness_row=0, size_m=100),
        "hazard": np.minimum(np.arange(32) * 20_000, 65_535)[None].astype(np.uint16),
        "hazard_scale": np.zeros(1, np.uint8),
        "common": np.full((1, N_CLASSES, 32), ONE_P15, np.uint16),
        "common_object": np.full((1, N_CLASSES, 32), ONE_P15, np.uint16),
        "delay": np.zeros((1, 32), np.int32),
        "identify": np.zeros((0, N_CLASSES, 32), np.uint8),
        "signature": np.zeros((0, 32), np.uint16),
        "accuracy": np.zeros((0, 32), np.int32),
        "hardness": np.full((1, N_CLASSES), quantise_probability(0.5), np.uint32),
        "static_reason": static,
    }  # fmt: skip
    wanted = {name for name in Tables._fields if name in arrays}
    assert set(DTYPES) >= wanted - set(RECORDS)
    return build_tables(**{name: arrays[name] for name in wanted})


def make_case(case: Case, plan: Plan) -> Compiled:
    """Tables of one case: more threats in the large raid, a second fire unit in the larger laydown."""
    systems = in_order(["gun/1"] if case.laydown == "base" else ["gun/1", "missile/1"])
    p = 0.2 + 0.5 * OuterSample(case.sample, plan.samples, plan.seed).quantile("p")
    tables = make_tables(4 if case.raid == "few" else 12, systems, p)
    n = len(tables.threat)
    names = Names(
        tuple(in_order([f"threat/{i}" for i in range(n)])), ("radar",), tuple(systems), ("round",), ("post",),
        tuple(systems), ("group",), tuple(in_order([f"asset/{i}" for i in range(N_ASSETS)])),
    )  # fmt: skip
    ring = SensorCoverage("radar", (1.0,), (2.0,))
    sites = {name: UnitSite(41.0, 29.0, 0.0, name.split("/")[0], "gun", False, None, (ring,)) for name in systems}
    return Compiled(tables, names, sites, (InputUsed("p", "prior", p, "1"),), ("x",) * n)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The small study, read from a file."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return load_study(folder)


@pytest.fixture
def compile_with() -> Callable[[Study, Plan], Callable[[Case], Compiled]]:
    """Maker of cases for a plan."""
    return lambda study, plan: lambda case: make_case(case, plan)


@pytest.fixture
def plan(study: Study) -> Iterator[Plan]:
    """What the study asks, without the other readings of its headline."""
    yield replace(plan_run(study), besides=())
