"""Contents of a made-up run: realistic in shape and size, every number invented."""

import math
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from steeldome.compiler.compiled import InputUsed, SensorCoverage, UnitSite
from steeldome.compiler.tables import ARMED, CERTAIN, DECOY, RECORDS
from steeldome.experiments.folder import CaseRecord
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import load_study
from steeldome.report.contents import (
    Arrow,
    Assumption,
    Case,
    Contents,
    Difference,
    Laydown,
    MapContents,
    Measure,
    Outline,
    Place,
    Provenance,
    PublishedInput,
    Raid,
    SourceLine,
    System,
    SystemUse,
)
from steeldome.report.wording import class_names, stage_names

BASE, ADDED = "base-2025", "base-2025-sampt-ng"
SYSTEMS = (
    ("korkut_team", "KORKUT", 0, 13),
    ("gokberk", "GÖKBERK", 0, 2),
    ("sungur", "SUNGUR", 1, 12),
    ("hisar_a_battery", "HİSAR-A+", 2, 3),
    ("hisar_o_battery", "HİSAR-O+", 3, 5),
    ("siper_battery", "SİPER", 4, 1),
    ("s400_tr", "S-400", 5, 2),
    ("patriot_battery", "Patriot", 6, 1),
    ("sampt_ng_battery", "SAMP/T NG", 6, 1),
    ("nato_sea_upper_tier", "Aegis SM-3", 7, 1),
)
ASSETS = (
    ("İstanbul", 41.0, 29.0, "city"),
    ("Ankara", 39.9, 32.9, "city"),
    ("Akkuyu santrali", 36.1, 33.5, "power"),
    ("Adana İncirlik hava üssü", 37.0, 35.4, "airbase"),
    ("Kürecik radar bölgesi", 38.3, 37.8, "command"),
    ("İzmit rafinerisi", 40.8, 29.8, "refinery"),
    ("İzmir limanı", 38.4, 27.1, "port"),
    ("Ceyhan petrol terminali", 36.9, 35.9, "port"),
    ("Diyarbakır hava üssü", 37.9, 40.2, "airbase"),
    ("Konya hava üssü", 38.0, 32.6, "airbase"),
    ("Gaziantep", 37.1, 37.4, "city"),
    ("Kırıkkale sanayisi", 39.8, 33.5, "industry"),
)
MIX = {"srbm": 6.0, "mrbm": 14.0, "cruise": 30.0, "owa_uav": 60.0}
N = 12_800


def share(value: float, inputs: float = 0.15, chance: float = 0.004) -> Measure:
    """A share with both bands."""
    return Measure(
        value,
        max(0.0, value - chance),
        min(1.0, value + chance),
        max(0.0, value - inputs),
        min(1.0, value + inputs),
        N,
        "E1",
        "1",
    )


def amount(value: float, unit: str, inputs: float = 0.25) -> Measure:
    """An amount with both bands."""
    half = abs(value) * 0.006 + 1e-4
    return Measure(value, value - half, value + half, value * (1 - inputs), value * (1 + inputs), N, "E1", unit)


def difference(value: float, chance: float = 0.003, inputs: float = 0.02) -> Measure:
    """A paired difference of shares."""
    return Measure(value, value - chance, value + chance, value - inputs, value + inputs, N, "E1", "1")


def _case(laydown: str, raid: str, mix: dict[str, float], gain: float) -> Case:
    leak = {"srbm": 0.91, "mrbm": 0.93, "cruise": 0.55, "owa_uav": 0.42}
    measures: dict[str, Measure] = {}
    use: dict[tuple[str, str], SystemUse] = {}
    others: dict[str, float] = {}
    for key, launched in mix.items():
        leaked = leak[key] - (gain if key in ("srbm", "mrbm", "cruise") else 0.0)
        footprint = min(1.0, 1.15 - leaked)
        measures[f"leakage.{key}"] = share(leaked)
        measures[f"footprint.{key}"] = share(footprint, 0.12)
        measures[f"conditional_leakage.{key}"] = share(max(0.0, 1 - (1 - leaked) / footprint), 0.2)
        others[key] = 0.04 * launched
        killers = {
            "srbm": ["patriot_battery"],
            "mrbm": ["nato_sea_upper_tier", "patriot_battery"],
            "cruise": ["hisar_a_battery", "hisar_o_battery", "siper_battery", "s400_tr", "korkut_team"],
            "owa_uav": ["korkut_team", "gokberk", "sungur", "hisar_a_battery", "hisar_o_battery"],
        }[key]
        if laydown == ADDED and key != "owa_uav":
            killers = [*killers, "sampt_ng_battery"]
        killed = launched * (1.0 - leaked - 0.04)
        for i, killer in enumerate(killers):
            weight = (len(killers) - i) / (len(killers) * (len(killers) + 1) / 2)
            use[killer, key] = SystemUse(amount(killed * weight, "objects"), amount(killed * weight * 2.1, "shots"))
    total = sum(mix.values())
    for part in ("leakage", "footprint", "conditional_leakage"):
        mean = sum(measures[f"{part}.{key}"].value * launched for key, launched in mix.items()) / total
        measures[part] = share(mean)
    shots = sum(item.shots.value for item in use.values())
    measures |= {
        "rounds": amount(shots * 4, "rounds"),
        "shots": amount(shots, "shots"),
        "cost": amount(shots * 480_000, "USD"),
        "cost_per_intercept": amount(1_010_000, "USD"),
    }
    causes = {
        "outside_envelope": share(0.46),
        "no_channel": share(0.14),
        "too_late": share(0.11),
        "engaged_missed": share(0.08),
    }
    causes["none_or_several"] = share(1.0 - sum(c.value for c in causes.values()))
    stages = {}
    for i, (system, *_) in enumerate(SYSTEMS):
        weights = [math.exp(-abs(j - 2 - i) / 2.0) for j in range(14)]
        for stage, weight in zip(stage_names(str), weights, strict=True):
            stages[system, stage] = weight / sum(weights)
    pairs = {system: 500 + 17 * i for i, (system, *_) in enumerate(SYSTEMS)}
    return Case(laydown, raid, measures, mix, others, use, causes, 1874, stages, pairs, N, 0)


def _chart() -> MapContents:
    assets = tuple(Place(lat, lon, kind, name, "") for name, lat, lon, kind in ASSETS)
    sites, outlines = [], []
    for i, (system, name, _, count) in enumerate(SYSTEMS):
        for j in range(count):
            _, lat, lon, _ = ASSETS[(3 * i + j) % 12]
            laydown = ADDED if system == "sampt_ng_battery" else BASE
            place = Place(lat + 0.12 * math.sin(i + 2 * j), lon + 0.15 * math.cos(2 * i + j), system, name, laydown)
            sites.append(place)
            if system in ("siper_battery", "s400_tr", "hisar_o_battery", "sampt_ng_battery"):
                ring = tuple(
                    (
                        place.longitude + (0.35 + 0.12 * math.sin(5 * a + i)) * math.sin(a) * 1.25,
                        place.latitude + (0.35 + 0.12 * math.sin(5 * a + i)) * math.cos(a),
                    )
                    for a in (k * math.tau / 72 for k in range(72))
                )
                outlines.append(Outline(ring, laydown))
    sites.sort(key=lambda site: site.laydown)
    arrows = (Arrow(110.0, "Ballistic missiles"), Arrow(97.0, "Cruise missiles, drones"))
    return MapContents(
        assets, tuple(sites), tuple(outlines), arrows, {system: name for system, name, *_ in SYSTEMS}, 300.0, 32
    )


RAIDS = (
    Raid("mrbm-single", "One medium-range ballistic missile", (("Shahab-3", 1, False),), 600.0),
    Raid(
        "mixed",
        "Mixed raid",
        (
            ("Zolfaghar", 6, False),
            ("Shahab-3", 4, False),
            ("Soumar", 30, False),
            ("Shahed-136", 60, False),
            ("decoy", 20, True),
        ),
        600.0,
    ),
)
MIXES = {"mrbm-single": {"mrbm": 1.0}, "mixed": MIX}


def fake_contents(gain: float = 0.04, title: str = "Türkiye's Steel Dome", translate: object = None) -> Contents:
    """Contents of an invented run; ``gain`` is what the second laydown takes off the leakage of the fast classes."""
    names = class_names(translate if callable(translate) else str)
    references = {
        "no_defence": share(0.96, 0.02, 0.0)._replace(n=32),
        "perfect_information": share(0.51),
        "unlimited_rounds": share(0.49),
    }
    return Contents(
        "turkiye-steel-dome",
        title,
        "What would one SAMP/T NG battery add to the air defence that Türkiye had, or was lent, in 2025?",
        "leakage",
        _laydowns(),
        RAIDS,
        {key: names[key] for key in ("srbm", "mrbm", "cruise", "owa_uav")},
        tuple(System(key, name, layer) for key, name, layer, _ in SYSTEMS),
        tuple(
            _case(key, raid.id, MIXES[raid.id], gain if key == ADDED else 0.0)
            for raid in RAIDS
            for key in (BASE, ADDED)
        ),
        tuple(_difference(raid, gain) for raid in RAIDS),
        _chart(),
        _assumptions(),
        tuple(
            PublishedInput(name, parameter, 90.0, 100.0, 120.0, unit, f"source_{i % 7}", "press")
            for i, (_, name, _, _) in enumerate(SYSTEMS)
            for parameter, unit in (("range_max_air", "km"), ("unit_cost", "USD"), ("missiles_per_launcher", "count"))
        ),
        _sources(),
        _provenance(),
        ("Background traffic and mistaken identity.", "Damage to radars and fire units.", "Jamming."),
        {raid.id: references for raid in RAIDS},
    )


def _laydowns() -> tuple[Laydown, ...]:
    return tuple(
        Laydown(
            key,
            name,
            tuple(
                (s[1], s[3], s[0].startswith(("patriot", "nato")))
                for s in SYSTEMS
                if key == ADDED or "sampt" not in s[0]
            ),
        )
        for key, name in ((BASE, "Base 2025"), (ADDED, "Base 2025 with one SAMP/T NG"))
    )


def _difference(raid: Raid, gain: float) -> Difference:
    mix = MIXES[raid.id]
    fast = sum(n for key, n in mix.items() if key != "owa_uav") / sum(mix.values())
    measures = {"leakage": difference(-gain * fast)}
    for key in mix:
        measures[f"leakage.{key}"] = difference(0.0 if key == "owa_uav" else -gain)
    measures["cost"] = amount(5_300_000, "USD")
    measures["assets_held"] = amount(0.11, "assets")
    return Difference(raid.id, BASE, ADDED, measures)


def _assumptions() -> tuple[Assumption, ...]:
    reason = "No public figure; bracket between the lowest credible test record and the vendor claim for the class."
    favours = {"Lower-tier ballistic defence": "unknown", "Long range": "defence", "Guns": "raid"}
    return tuple(
        Assumption(group, what, f"{group} systems", 0.35, 0.6, 0.8, "1", reason, direction)
        for group, direction in favours.items()
        for what in ("single-shot kill probability, cruise", "reaction time", "search range ratio")
    )


def _sources() -> tuple[SourceLine, ...]:
    return tuple(
        SourceLine(
            f"source_{i}",
            f"An article on layered air defence, part {i}",
            "A Journal",
            "2025-06-25",
            f"https://example.org/{i}",
            "press",
        )
        for i in range(7)
    )


def _provenance() -> Provenance:
    hashes = {key: f"{i}{'0123456789abcdef' * 4}"[:64] for i, key in enumerate(("result", "study", "catalogue"))}
    return Provenance(
        seed=2025,
        samples=32,
        replications=400,
        version="0.1.0",
        versions={"steeldome": "0.1.0", "python": "3.11.9", "numpy": "2.1", "numba": "0.63"},
        hashes=hashes,
        seconds=93.0,
        finished="2026-11-23 12:00",
        reproduce="steeldome run turkiye-steel-dome --seed 2025",
        verify="steeldome verify runs/turkiye-steel-dome",
        level="E1",
        weakest="single-shot kill probability",
        replications_in_all=51_200,
        unsound_in_all=0,
    )


@cache
def shipped_catalogue() -> Catalogue:
    """The shipped catalogue, read once."""
    return load_catalogue()


def as_json(measure: Measure) -> dict[str, object]:
    """A measure as ``measures.json`` holds it."""
    return {**measure._asdict(), "noise": 0.01}


def _case_json(case: Case) -> dict[str, object]:
    ends = {
        f"malfunctioned.{key}": share(count / case.launched[key], 0.01, 0.001)
        for key, count in case.other_ends.items()
        if case.launched[key] > 0.0
    }
    use: dict[str, dict[str, object]] = {}
    for (system, key), part in case.use.items():
        use.setdefault(system, {})[key] = {"kills": as_json(part.kills), "shots": as_json(part.shots)}
    stages: dict[str, dict[str, float]] = {}
    for (system, stage), weight in case.stages.items():
        stages.setdefault(system, {})[stage] = weight
    return {
        "laydown": case.laydown,
        "raid": case.raid,
        "replications": case.n,
        "samples": 32,
        "broken": case.n_broken,
        "launched": dict(case.launched),
        "measures": {key: as_json(measure) for key, measure in {**case.measures, **ends}.items()},
        "use": use,
        "stages": stages,
        "stage_pairs": dict(case.n_stage_pairs),
        "causes": {key: as_json(measure) for key, measure in case.causes.items()},
        "cause_leakers": case.n_cause_leakers,
    }


def _tables() -> SimpleNamespace:
    """What a report reads from the tables of a case: three armed threats and a decoy at one asset."""
    threat = np.zeros(4, RECORDS["threat"])
    threat["hostile"] = [ARMED, ARMED, DECOY, ARMED]
    threat["reliability"] = [CERTAIN, 1 << 31, CERTAIN, 1 << 31]
    threat["accuracy_row"] = [-1, -1, -1, 0]
    asset = np.zeros(1, RECORDS["asset"])
    asset["size_m"] = 100
    return SimpleNamespace(threat=threat, asset=asset, accuracy=np.array([[50] * 24 + [200] * 8]))


def fake_open_run() -> SimpleNamespace:
    """What a run of the shipped study answers to, with invented measures."""
    contents = fake_contents()
    site = UnitSite(
        41.0, 29.2, 120.0, "siper_battery", "battery", False, None, (SensorCoverage("a", (60.0,) * 72, ()),)
    )
    added = UnitSite(39.9, 32.9, 900.0, "sampt_ng_battery", "battery", False, None, ())
    used = (
        InputUsed("siper_b1.range_max_air", "published", 1.1e5, "m"),
        InputUsed("sspk.lrad.cruise", "prior", 0.6, "1"),
        InputUsed("shahab_3.range", "published", 1.3e6, "m"),
    )
    tables = _tables()
    sites = {BASE: {"siper_battery/1": site}, ADDED: {"siper_battery/1": site, "sampt_ng_battery/1": added}}
    cases = tuple(
        CaseRecord(f"{case.laydown}/{case.raid}/s000", case.laydown, case.raid, 0, "ab" * 32) for case in contents.cases
    )
    by_id = {record.id: record for record in cases}
    return SimpleNamespace(
        path=Path("runs") / "a run",
        manifest={"versions": {"steeldome": "0.1.0"}, "finished": "2026-11-23T12:00:00+00:00", "seconds": 93.0},
        plan=SimpleNamespace(
            study=contents.study,
            study_hash="1" * 64,
            catalogue_hash="2" * 64,
            laydowns=(BASE, ADDED),
            raids=("mrbm-single", "mixed"),
            besides=(),
        ),
        study=load_study(contents.study),
        cases=cases,
        measures={
            "level": "E1",
            "cases": [_case_json(case) for case in contents.cases],
            "references": {
                raid: {name: as_json(one) for name, one in kept.items() if name != "no_defence"}
                for raid, kept in contents.references.items()
            },
            "differences": [
                {
                    "raid": item.raid,
                    "first": item.first,
                    "second": item.second,
                    "measures": {key: as_json(measure) for key, measure in item.measures.items()},
                    "by_rule": {},
                }
                for item in contents.differences
            ],
        },
        seed=2025,
        samples=32,
        replications=400,
        result_hash="3" * 64,
        catalogue=shipped_catalogue,
        compiled=lambda case: SimpleNamespace(tables=tables, sites=sites[by_id[case].laydown], inputs_used=used),
    )
