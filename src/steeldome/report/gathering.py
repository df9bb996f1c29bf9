"""From a run folder to the contents of a report: names in the reader's language, inputs with their sources, the map."""

import math
import shlex
from collections.abc import Callable, Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from steeldome.analysis.procurement import gates_of
from steeldome.compiler.tables import ARMED, CERTAIN, Tables
from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.experiments.coverage import Question, coverage
from steeldome.experiments.identity import data_digest
from steeldome.inputs.doctrine import ANY_THREAT, DEFAULT_CLASS
from steeldome.inputs.effector import SYSTEM_CLASSES
from steeldome.inputs.force import force_of
from steeldome.inputs.study import raid_of
from steeldome.inputs.what_if import REASON, what_ifs_of
from steeldome.report.contents import (
    Arrow,
    Case,
    Contents,
    Difference,
    DoctrineLine,
    Laydown,
    MapContents,
    Measure,
    Outline,
    Place,
    Provenance,
    Raid,
    Seen,
    System,
    SystemUse,
    as_measure,
)
from steeldome.report.inputs_used import assumptions, idle_what_ifs, published, sources, used_names
from steeldome.report.labels import class_labels, laydown_name, short_name
from steeldome.report.questions import gather_questions
from steeldome.report.wording import class_names, measure_names

if TYPE_CHECKING:
    from steeldome.experiments.folder import OpenRun
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.pathway import Order
    from steeldome.inputs.study import Study

Translate = Callable[[str], str]

CRUISE_HEIGHT_M: Final = 300.0
SEEN_CELL: Final = 10_000.0  # m, of the coverage: two seconds of a report
SENSOR: Final = "sensor"
ENDS_BESIDES: Final = ("diverted", "malfunctioned", "fell_clear")
_INPUT_BAND: Final = (5.0, 95.0)


def gather(run: "OpenRun", language: str, translate: Translate) -> Contents:
    """Everything that the report of a run shows.

    Parameters
    ----------
    run : OpenRun
    language : str
        ``en`` or ``tr``.
    translate : callable
        From an English sentence to the same sentence in the language.
    """
    study, manifest, found, catalogue = run.study, run.manifest, run.measures, run.catalogue()
    names = class_names(translate)
    told = {(laydown, raid) for laydown in run.plan.laydowns for raid in run.plan.raids}
    besides = [key for key in dict.fromkeys(raid for _, raid in run.plan.besides) if key not in run.plan.raids]
    cases = tuple(_case(entry) for entry in found["cases"] if (entry["laydown"], entry["raid"]) in told)
    shown = {key for case in cases for key, count in case.launched.items() if count > 0.0}
    shown |= {key for case in cases for (_, key), use in case.use.items() if use.shots.value > 0.0}
    present = [key for key in names if key in shown]
    used = {system for case in cases for system in (*case.n_stage_pairs, *(system for system, _ in case.use))}
    entered = used_names(run)
    listed = assumptions(catalogue, entered, language, translate)
    return Contents(
        study=study.meta.id,
        title=study.meta.name.in_language(language),
        question=study.meta.question.in_language(language),
        headline=study.report.headline,
        laydowns=tuple(_laydown(run, catalogue, key, language, translate) for key in run.plan.laydowns),
        raids=tuple(_raid(run, catalogue, key, language) for key in run.plan.raids),
        doctrine=_doctrine(study, translate),
        raids_besides=tuple(_raid(run, catalogue, key, language) for key in besides),
        classes={key: names[key] for key in present},
        systems=_systems(catalogue, used, language),
        cases=cases,
        differences=tuple(_difference(entry) for entry in _told_differences(found, told)),
        chart=_chart(run, catalogue, language, translate),
        assumptions=listed,
        inputs=published(catalogue, entered, language, translate),
        sources=sources(
            catalogue,
            entered,
            named_sources(study, catalogue, run.plan.laydowns),
            language,
            translate,
        ),
        provenance=_provenance(run, manifest, found, translate),
        not_modelled=not_modelled(translate, study),
        references=_references(run, found),
        questions=gather_questions(run, catalogue, language, translate),
        what_ifs=tuple(line for line in listed if line.reason == REASON),
        idle_what_ifs=idle_what_ifs(catalogue, entered),
        seen=_seen(run, catalogue, language, translate),
    )


def _seen(run: "OpenRun", catalogue: "Catalogue", language: str, translate: Translate) -> Seen | None:
    """Coverage of the first laydown against the first cruise missile of the raids, on coarse cells."""
    flown = [group.threat for key in run.plan.raids for group in raid_of(run.study, key).groups]
    cruise = next((name for name in flown if catalogue.threats[name].threat_class == "cruise"), None)
    if cruise is None:
        return None
    laydown = run.plan.laydowns[0]
    found = coverage(run.study, catalogue, Question(laydown, cruise, cell=SEEN_CELL), run.seed)
    names = {
        "laydown": laydown_name(force_of(run.study, laydown), language, translate),
        "threat": catalogue.threats[cruise].name.in_language(language),
    }
    return Seen(found, run.study, names)


def named_sources(study: "Study", catalogue: "Catalogue", laydowns: Iterable[str]) -> tuple[str, ...]:
    """Ids of the sources behind counts, orders, observations, claims, gates and the record."""
    units = [unit for key in laydowns for unit in force_of(study, key).units]
    counts = [count for holding in study.inventory for count in holding.counts]
    orders: list[Order] = []
    if study.pathways is not None:
        orders += [order for policy in study.pathways.policies for order in policy.orders]
        orders += [order for future in study.pathways.futures for order in future.orders]
    observed = [raid.observed for raid in study.raids if raid.observed is not None]
    named: list[str | None] = [rate.source_id for rate in catalogue.records.class_rates]
    named += [unit.source for unit in units] + [count.source for count in counts] + [order.source for order in orders]
    named += [*(one.source for one in observed), *(claim.source for claim in study.claims)]
    named += [gate.source_id for gate in gates_of(catalogue, {order.system for order in orders})]
    facts = {name for claim in study.claims if claim.recorded is not None for name in claim.recorded.facts}
    named += [fact.source_id for fact in catalogue.records.f35_facts if fact.id in facts]
    return tuple(dict.fromkeys(source for source in named if source is not None))


def not_modelled(translate: Translate, study: "Study") -> tuple[str, ...]:
    """What the run leaves out, one line each, with the side that the omission favours where that is clear."""
    traffic = translate("Background air traffic and the risk of engaging it: favours the defence.")
    smooth = translate("Terrain: on a smooth earth at sea level low flyers are seen from afar: favours the defence.")
    buying = translate("Prices beyond the rounds, delivery dates, and the decisions of supplier states.")
    slips = translate("Slips of deliveries and prices: orders come as the study's policies and futures say.")
    jamming = translate("Jamming of radars: favours the defence.")
    weather = translate("Weather, and the state of training and upkeep of crews: unknown.")
    crews = translate("Weather other than rain, and the state of training and upkeep of crews: unknown.")
    return (
        *(() if study.environment.has_terrain else (smooth,)),
        *(() if study.background else (traffic,)),
        *(() if any(raid.jamming for raid in study.raids) else (jamming,)),
        translate("Echoes of rain, and the time budget of radars: favours the defence."),
        translate("Manoeuvre and gliding of threats: favours the defence."),
        translate("Wrong prediction of where a threat is heading: favours the defence."),
        translate("Debris, and warheads that survive a hit: favours the defence."),
        translate("Radars cued by other radars: favours the raid."),
        translate("Patrols that leave their station to meet a threat: favours the raid."),
        translate("Repair of lost units during the battle: favours the raid."),
        translate("A unit at an asset is as likely lost to a drone as to a missile: favours the raid."),
        weather if study.environment.weather is None else crews,
        buying if study.pathways is None else slips,
    )


def _told_differences(found: Mapping[str, Any], told: Set[tuple[str, str]]) -> list[Mapping[str, Any]]:
    """Differences between laydowns in detail, one for each that is compared: those of claims are told elsewhere."""
    kept: dict[tuple[str, str], Mapping[str, Any]] = {}
    for entry in found["differences"]:
        if {(entry["first"], entry["raid"]), (entry["second"], entry["raid"])} <= told:
            kept.setdefault((entry["second"], entry["raid"]), entry)
    return list(kept.values())


def _measures(entries: Mapping[str, Any]) -> dict[str, Measure]:
    return {key: as_measure(entry) for key, entry in entries.items()}


def _case(entry: Mapping[str, Any]) -> Case:
    measures = _measures(entry["measures"])
    launched = {key: float(count) for key, count in entry["launched"].items()}
    ends = {
        key: count * sum(measures[f"{end}.{key}"].value for end in ENDS_BESIDES if f"{end}.{key}" in measures)
        for key, count in launched.items()
    }
    use = {
        (system, key): SystemUse(as_measure(part["kills"]), as_measure(part["shots"]))
        for system, parts in entry["use"].items()
        for key, part in parts.items()
    }
    stages = {
        (system, stage): float(share) for system, parts in entry["stages"].items() for stage, share in parts.items()
    }
    return Case(
        laydown=entry["laydown"],
        raid=entry["raid"],
        measures=measures,
        launched=launched,
        other_ends=ends,
        use=use,
        causes=_measures(entry["causes"]),
        n_cause_leakers=int(entry["cause_leakers"]),
        stages=stages,
        n_stage_pairs={system: int(n) for system, n in entry["stage_pairs"].items()},
        n=int(entry["replications"]),
        n_broken=int(entry["broken"]),
    )


def _difference(entry: Mapping[str, Any]) -> Difference:
    """Measures in the order of the report; what is exactly zero on both sides, and no leakage, is left out."""
    stems, classes = list(measure_names(str)), ["", *class_names(str)]

    def place(key: str) -> tuple[int, int]:
        stem, _, part = key.partition(".")
        return (
            stems.index(stem) if stem in stems else len(stems),
            classes.index(part) if part in classes else len(classes),
        )

    found = _measures(entry["measures"])
    shown = [key for key in found if key.startswith("leakage") or any(found[key][:5])]
    return Difference(
        entry["raid"], entry["first"], entry["second"], {key: found[key] for key in sorted(shown, key=place)}
    )


def _laydown(run: "OpenRun", catalogue: "Catalogue", key: str, language: str, translate: Translate) -> Laydown:
    force = force_of(run.study, key)
    counts: dict[tuple[str, bool], int] = {}
    for entry in force.units:
        counts[entry.system, entry.lent] = counts.get((entry.system, entry.lent), 0) + entry.count
    units = tuple((short_name(_item_name(catalogue, s, language)), n, lent) for (s, lent), n in counts.items())
    joined = tuple(
        (short_name(_item_name(catalogue, system, language)), network.name.in_language(language))
        for network, own in zip(force.networks, run.study.networks, strict=True)
        for system in network.members[len(own.members) :]
    )
    return Laydown(key, laydown_name(force, language, translate), units, joined)


def _item_name(catalogue: "Catalogue", key: str, language: str) -> str:
    return catalogue.items[key].name.in_language(language)


def _raid(run: "OpenRun", catalogue: "Catalogue", key: str, language: str) -> Raid:
    raid = raid_of(run.study, key)
    groups = tuple((catalogue.threats[g.threat].name.in_language(language), g.count, g.decoy) for g in raid.groups)
    n_flights = sum(corridor.count for corridor in run.study.background)
    aimed = {name for group in raid.groups for name in group.aim}
    by_value = any(group.is_aimed_by_value for group in raid.groups)
    aims = tuple(a.name.in_language(language) for a in run.study.assets if by_value or a.id in aimed)
    return Raid(key, raid.name.in_language(language), groups, raid.spread, n_flights, aims)


def _doctrine(study: "Study", translate: Translate) -> tuple[DoctrineLine, ...]:
    names = {**class_labels(translate), DEFAULT_CLASS: translate("all others"), ANY_THREAT: translate("all others")}
    return tuple(
        DoctrineLine(
            names.get(rule.applies_to, rule.applies_to),
            names.get(rule.threat, rule.threat),
            rule.salvo,
            rule.looks,
            rule.reserve,
            rule.cost_cap,
            rule.hold,
        )
        for rule in study.doctrine.rules
    )


def _systems(catalogue: "Catalogue", used: Iterable[str], language: str) -> tuple[System, ...]:
    def layer(key: str) -> int:
        kind = str(catalogue.items[key].system_class)
        return SYSTEM_CLASSES.index(kind) if kind in SYSTEM_CLASSES else len(SYSTEM_CLASSES)

    found = [System(key, short_name(_item_name(catalogue, key, language)), layer(key)) for key in used]
    return tuple(sorted(found, key=lambda system: (system.layer, system.id)))


def _chart(run: "OpenRun", catalogue: "Catalogue", language: str, translate: Translate) -> MapContents:
    """Assets; sites and coverage of layout 0, of later laydowns only what is new; directions of the raids."""
    assets = tuple(
        Place(math.degrees(a.latitude), math.degrees(a.longitude), a.asset_class, a.name.in_language(language), "")
        for a in run.study.assets
    )
    sites: list[Place] = []
    outlines: list[Outline] = []
    seen: set[str] = set()
    for key in run.plan.laydowns:
        case = next(case for case in run.cases if case.laydown == key and case.sample == 0)
        for unit, site in sorted(run.compiled(case.id).sites.items()):
            if unit in seen:
                continue
            seen.add(unit)
            kind = SENSOR if site.kind == SENSOR else site.system
            sites.append(Place(site.latitude_deg, site.longitude_deg, kind, unit, key))
            outlines += [
                Outline(ring(site.latitude_deg, site.longitude_deg, sensor.cruise_km), key) for sensor in site.coverage
            ]
    armed = _systems(catalogue, {site.kind for site in sites} - {SENSOR}, language)
    kinds = {**{system.id: system.name for system in armed}, SENSOR: translate("radars without fire units")}
    environment = run.study.environment
    return MapContents(
        assets,
        tuple(sites),
        tuple(outlines),
        _arrows(run, translate),
        kinds,
        CRUISE_HEIGHT_M,
        run.study.siting.layouts,
        environment.has_terrain,
        environment.base_map != "none",
    )


def ring(latitude: float, longitude: float, ranges_km: Iterable[float]) -> tuple[tuple[float, float], ...]:
    """Points (longitude, latitude in degrees) at ground distances along evenly spaced bearings from north."""
    distance = np.asarray(list(ranges_km), dtype=np.float64) * 1000.0 / MEAN_EARTH_RADIUS
    bearing = np.arange(len(distance)) * (2.0 * math.pi / max(1, len(distance)))
    start = math.radians(latitude)
    sine = math.sin(start) * np.cos(distance) + math.cos(start) * np.sin(distance) * np.cos(bearing)
    east = np.arctan2(np.sin(bearing) * np.sin(distance) * math.cos(start), np.cos(distance) - math.sin(start) * sine)
    return tuple(zip((longitude + np.degrees(east)).tolist(), np.degrees(np.arcsin(sine)).tolist(), strict=True))


def _arrows(run: "OpenRun", translate: Translate) -> tuple[Arrow, ...]:
    """One arrow for each direction, groups within ten degrees together."""
    raids = [raid_of(run.study, key) for key in run.plan.raids]
    bearings = sorted({math.degrees(group.launch.bearing) for raid in raids for group in raid.groups})
    bundles: list[list[float]] = []
    for bearing in bearings:
        if bundles and bearing - bundles[-1][0] <= 10.0:
            bundles[-1].append(bearing)
        else:
            bundles.append([bearing])
    label = translate("direction of the raids")
    return tuple(Arrow(sum(bundle) / len(bundle), label if i == 0 else "") for i, bundle in enumerate(bundles))


def _references(run: "OpenRun", found: Mapping[str, Any]) -> dict[str, dict[str, Measure]]:
    """Leakage of each raid against nothing, and against the first laydown without one of its limits."""
    undefended = _no_defence(run)
    references: dict[str, dict[str, Measure]] = {}
    for raid in run.plan.raids:
        references[raid] = {"no_defence": undefended[raid]} if raid in undefended else {}
        references[raid] |= {name: as_measure(entry) for name, entry in found["references"].get(raid, {}).items()}
    return references


def _no_defence(run: "OpenRun") -> dict[str, Measure]:
    """Leakage of each raid against nothing: reliability and accuracy alone, computed from the tables without chance."""
    found: dict[str, Measure] = {}
    for raid in run.plan.raids:
        laydown = run.plan.laydowns[0]
        cases = [case for case in run.cases if (case.laydown, case.raid) == (laydown, raid)]
        shares = [share for case in cases if (share := undefended_leakage(run.compiled(case.id).tables)) is not None]
        if shares:
            mean = sum(shares) / len(shares)
            low, high = (float(x) for x in np.percentile(shares, _INPUT_BAND))
            level = str(run.measures["level"])
            found[raid] = Measure(mean, mean, mean, low, high, len(shares), level, "1")
    return found


def undefended_leakage(tables: Tables) -> float | None:
    """Expected share of armed objects that work and strike within the size of their asset; None if there are none."""
    armed = tables.threat[tables.threat["hostile"] == ARMED]
    if not len(armed):
        return None
    works = np.where(armed["reliability"] == CERTAIN, 1.0, armed["reliability"] / 2.0**32)
    strikes = np.ones(len(armed))
    for i, threat in enumerate(armed):
        if threat["asset"] >= 0 and threat["accuracy_row"] >= 0:
            miss = tables.accuracy[threat["accuracy_row"]]
            strikes[i] = float(np.mean(miss <= tables.asset["size_m"][threat["asset"]]))
    return float(np.mean(works * strikes))


def _provenance(
    run: "OpenRun", manifest: Mapping[str, Any], found: Mapping[str, Any], translate: Translate
) -> Provenance:
    asked = run.study.experiments
    parts = [f"steeldome run {shlex.quote(run.plan.study)}"]
    parts += [f"--laydown {key}" for key in run.plan.laydowns if run.plan.laydowns != asked.laydowns]
    parts += [f"--raid {key}" for key in run.plan.raids if run.plan.raids != asked.raids]
    parts += [f"--set {shlex.quote(what_if)}" for what_if in what_ifs_of(run.study)]
    parts.append(f"--seed {run.seed} --samples {run.samples} --replications {run.replications}")
    versions = {str(name): str(version) for name, version in manifest["versions"].items()}
    return Provenance(
        seed=run.seed,
        samples=run.samples,
        replications=run.replications,
        version=versions.get("steeldome", ""),
        versions=versions,
        hashes={
            "result": run.result_hash,
            "study": run.plan.study_hash,
            "catalogue": run.plan.catalogue_hash,
            "tables": run.cases[0].table_hash,
        },
        seconds=float(manifest["seconds"]),
        finished=str(manifest["finished"])[:16].replace("T", " "),
        reproduce=" ".join(parts),
        verify=f"steeldome verify {shlex.quote(run.path.name)}",
        level=str(found["level"]),
        is_other_catalogue=data_digest() != run.plan.catalogue_hash,
        weakest=translate("single-shot probability of kill"),
        replications_in_all=sum(int(case["replications"]) + int(case["broken"]) for case in found["cases"]),
        unsound_in_all=sum(int(case["broken"]) for case in found["cases"]),
    )
