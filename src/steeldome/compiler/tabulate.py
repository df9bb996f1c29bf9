"""A scene of named things becomes ranked, quantised rows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from steeldome.compiler.compiled import Names
from steeldome.compiler.equipment import OWN_SENSOR
from steeldome.compiler.network import CommandPlan, Words, delay_row, group_doctrine
from steeldome.compiler.opportunities import Shots
from steeldome.compiler.paths import FlownPath, RaidThreat
from steeldome.compiler.pruning import is_useful
from steeldome.compiler.rows import (
    common_multipliers,
    confusion_rows,
    matrix,
    miss_row,
    packed,
    ranked,
    records,
    signature_row,
)
from steeldome.compiler.sensing import SensorPath
from steeldome.compiler.siting import PlacedUnit
from steeldome.compiler.specs import Equipment, FireUnitSpec, Settings
from steeldome.compiler.tables import (
    ARMED,
    BACKGROUND,
    BUSY_RULES,
    CERTAIN,
    DECOY,
    MAX_SERVERS,
    N_CLASSES,
    N_KNOTS,
    N_ROW,
    POLICIES,
    RECORDS,
    STAGES,
    THREAT_CLASSES,
    Tables,
    build_tables,
    quantise_probability,
)
from steeldome.compiler.values import six_digits
from steeldome.inputs.study import Study
from steeldome.kernels.lethality import damage_probability
from steeldome.streams import stable_id

Array = npt.NDArray[Any]

VALUE_SCALE: Final = 1_000  # the tables count thousandths of a study's unit of value
REFERENCE_WARHEAD: Final = 500.0  # kg; the priors of damage given a hit are for this mass
HAS_PAIR: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All of one case before it becomes rows.

    ``watched`` and ``chances`` are by (path id, sensor id) and (path id, fire unit id); a chance that is a text is the
    stage at which the fire unit fails against the path.
    """

    study: Study
    settings: Settings
    units: tuple[PlacedUnit, ...]
    equipment: Equipment
    plan: CommandPlan
    words: Words
    threats: tuple[RaidThreat, ...]
    paths: Mapping[str, FlownPath]
    watched: Mapping[tuple[str, str], SensorPath]
    chances: Mapping[tuple[str, str], Shots | str]


@dataclass(frozen=True, slots=True)
class _Ranks:
    """Row of every name, by kind."""

    threats: dict[str, int]
    paths: dict[str, int]
    sensors: dict[str, int]
    fire_units: dict[str, int]
    effectors: dict[str, int]
    nodes: dict[str, int]
    units: dict[str, int]
    groups: dict[str, int]
    assets: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Flights:
    """Row of the path and start (ms) of each threat, in the order of their rows; both (threat,) int64."""

    path: Array
    start: Array

    def spread(self, rows: Array, path: Array) -> Array:
        """Rows that belong to paths, in their order, repeated for each threat of a path and moved to its start."""
        n_rows = np.bincount(path, minlength=int(self.path.max(initial=-1)) + 1)
        threat = np.repeat(np.arange(len(self.path)), n_rows[self.path])
        first = np.cumsum(n_rows) - n_rows
        moved: Array = rows[first[self.path[threat]] + _ordinals(n_rows[self.path])]
        moved["threat"] = threat
        moved["open_ms"] += self.start[threat]
        moved["close_ms"] += self.start[threat]
        return moved


def _ordinals(counts: Array) -> Array:
    """0, 1, 2 and so on within each of a row of groups of these sizes."""
    first: Array = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(len(first)) - first


def tabulate(scene: Scene, is_pruned: bool = True) -> tuple[Tables, Names]:
    """Rows of all tables, and the names of the rows; unless pruned, with sense rows that no decision depends on."""
    ranks = _rank(scene)
    starts = _starts(scene)
    path_of = {threat.id: ranks.paths[threat.path] for threat in scene.threats}
    flown = [(path_of[name], starts[name]) for name in ranks.threats]
    flights = _Flights(*np.array(flown, dtype=np.int64).reshape(-1, 2).T)
    arrays: dict[str, Any] = _threat_rows(scene, ranks, starts)
    arrays |= _sense_rows(scene, ranks, flights)
    arrays |= _pair_rows(scene, ranks, flights)
    arrays |= _weapon_rows(scene, ranks)
    arrays |= _command_rows(scene, ranks)
    arrays |= _ground_rows(scene, ranks)
    if is_pruned:
        arrays["sense"] = arrays["sense"][is_useful(arrays)]
    names = Names(
        *(
            tuple(getattr(ranks, kind))
            for kind in ("threats", "sensors", "fire_units", "effectors", "nodes", "units", "groups", "assets")
        )
    )
    return build_tables(**arrays), names


def _rank(scene: Scene) -> _Ranks:
    kit = scene.equipment
    groups = {scene.plan.group_of[fire_unit.unit] for fire_unit in kit.fire_units}
    groups |= {fire_unit.unit for fire_unit in kit.fire_units}
    return _Ranks(
        ranked("threats", (threat.id for threat in scene.threats)),
        ranked("paths", scene.paths),
        ranked("sensors", (sensor.id for sensor in kit.sensors)),
        ranked("fire units", (fire_unit.id for fire_unit in kit.fire_units)),
        ranked("effectors", (fire_unit.effector.id for fire_unit in kit.fire_units)),
        ranked("nodes", (node.id for node in scene.plan.nodes)),
        ranked("units", (unit.id for unit in scene.units)),
        ranked("groups", groups),
        ranked("assets", (asset.id for asset in scene.study.assets)),
    )


def _starts(scene: Scene) -> dict[str, int]:
    """Start of each threat, ms; the clock starts when the first one of the raid enters.

    Background traffic that is in the air before starts it earlier by a whole number of decision epochs, so that the
    raid meets the same epochs with it and without.
    """
    enter = {
        threat.id: round(1000.0 * threat.arrival) - scene.paths[threat.path].duration_ms for threat in scene.threats
    }
    of_raid = [enter[threat.id] for threat in scene.threats if threat.threat_class != "background"]
    earlier = min(of_raid, default=0) - min(enter.values(), default=0)
    epoch = 1 << _epoch_shift(scene.settings)
    first = min(of_raid, default=0) - math.ceil(earlier / epoch) * epoch
    return {name: start - first for name, start in enter.items()}


def _epoch_shift(settings: Settings) -> int:
    """Power of two, ms, that a group's decision epoch is rounded to."""
    return max(0, round(math.log2(max(1.0, 1000.0 * settings.epoch))))


def _threat_rows(scene: Scene, ranks: _Ranks, starts: Mapping[str, int]) -> dict[str, Any]:
    settings = scene.settings
    by_id = {threat.id: threat for threat in scene.threats}
    types = sorted({threat.threat_type for threat in scene.threats})
    accurate = [name for name in types if settings.threats[name].cep > 0.0]
    accuracy_row = {name: row for row, name in enumerate(accurate)}
    rows = []
    for name in ranks.threats:
        threat = by_id[name]
        flown = scene.paths[threat.path]
        hostile = DECOY if threat.is_decoy else BACKGROUND if threat.threat_class == "background" else ARMED
        rows.append(
            (
                stable_id(name),
                ranks.paths[threat.path],
                starts[name],
                starts[name] + flown.duration_ms,
                -1 if threat.asset is None else ranks.assets[threat.asset],
                accuracy_row.get(threat.threat_type, -1),
                0 if settings.signature_spread > 1.0 else -1,
                quantise_probability(settings.threats[threat.threat_type].reliability),
                THREAT_CLASSES.index(threat.threat_class),
                hostile,
            )
        )
    paths = [(stable_id(name), 2 * row, 2) for name, row in ranks.paths.items()]
    knots = []
    for name in ranks.paths:
        aim = scene.paths[name].asset
        asset = -1 if aim is None else ranks.assets[aim]
        knots += [(0, asset), (scene.paths[name].duration_ms, asset)]
    signature = [signature_row(settings.signature_spread)] if settings.signature_spread > 1.0 else []
    return {
        "threat": records("threat", rows),
        "path": records("path", paths),
        "knot": records("knot", knots),
        "accuracy": matrix("accuracy", [miss_row(settings.threats[name].cep) for name in accurate], N_ROW),
        "signature": matrix("signature", signature, N_ROW),
    }


def _sense_rows(scene: Scene, ranks: _Ranks, flights: _Flights) -> dict[str, Any]:
    """Sense rows by threat; threats of one path share hazard rows."""
    seen = [
        (path_row, row, found)
        for path, path_row in ranks.paths.items()
        for sensor, row in ranks.sensors.items()
        if len((found := scene.watched[path, sensor]).open_ms)
    ]
    counts = np.array([len(found.open_ms) for *_, found in seen], dtype=np.int64)
    owner = np.array([(path_row, row) for path_row, row, _ in seen], dtype=np.int64).reshape(-1, 2).repeat(counts, 0)
    rows = np.zeros(len(owner), RECORDS["sense"])
    rows["sensor"] = owner[:, 1]
    for field in ("open_ms", "close_ms", "shift"):
        rows[field] = np.concatenate([np.zeros(0, np.int64), *(getattr(found, field) for *_, found in seen)])
    rows["first_row"] = np.arange(len(rows))
    rows["n_variants"] = 1
    rows["index"] = _ordinals(counts)
    order = np.lexsort((rows["index"], rows["sensor"], rows["open_ms"], owner[:, 0]))
    knots, scale = packed(np.concatenate([np.zeros((0, N_KNOTS), np.int64), *(found.knots for *_, found in seen)]))
    return {
        "sense": flights.spread(rows[order], owner[:, 0]),
        "hazard": matrix("hazard", knots, N_KNOTS),
        "hazard_scale": matrix("hazard_scale", scale),
    }


def _pair_rows(scene: Scene, ranks: _Ranks, flights: _Flights) -> dict[str, Any]:
    """Pair rows by threat, and the reason wherever there is none."""
    effector_of = {item.id: ranks.effectors[item.effector.id] for item in scene.equipment.fire_units}
    reason = np.full((len(ranks.paths), len(ranks.fire_units)), HAS_PAIR, dtype=np.uint8)
    owners, shots = [], []
    for path, path_row in ranks.paths.items():
        for fire_unit, row in ranks.fire_units.items():
            chance = scene.chances[path, fire_unit]
            if isinstance(chance, str):
                reason[path_row, row] = STAGES.index(chance)
            else:
                owners.append((path_row, row, effector_of[fire_unit]))
                shots.append(chance)
    rows = np.zeros(len(shots), RECORDS["pair"])
    owner = np.array(owners, dtype=np.int64).reshape(-1, 3)
    rows["fire_unit"], rows["effector"] = owner[:, 1], owner[:, 2]
    for field in ("open_ms", "close_ms", "shift"):
        rows[field] = [getattr(chance, field) for chance in shots]
    if shots:
        rows["tof"], rows["unit_shift"] = packed(np.stack([chance.flight_ms for chance in shots]))
        rows["p"] = np.stack([chance.p15 for chance in shots])
    return {"pair": flights.spread(rows, owner[:, 0]), "static_reason": reason[flights.path]}


def _weapon_rows(scene: Scene, ranks: _Ranks) -> dict[str, Any]:
    """Sensors, fire units, effectors, and what their shots have in common."""
    settings, kit = scene.settings, scene.equipment
    sensors = {sensor.id: sensor for sensor in kit.sensors}
    fire_units = {item.id: item for item in kit.fire_units}
    effectors = {item.effector.id: item.effector for item in kit.fire_units}
    sensor_rows = [
        (
            stable_id(name),
            ranks.units[sensor.unit],
            ranks.nodes[sensor.unit],
            sensor.capacity,
            CERTAIN,
            round(1000.0 * sensor.drop),
        )
        for name, sensor in ((name, sensors[name]) for name in ranks.sensors)
    ]
    fire_unit_rows = [_fire_unit_row(scene, ranks, fire_units[name]) for name in ranks.fire_units]
    effector_rows: list[tuple[Any, ...]] = []
    common, common_object, assess_rows = [], [], []
    faults = quantise_probability(settings.p_false_kill), quantise_probability(settings.p_missed_kill)
    for name in ranks.effectors:
        effector = effectors[name]
        guided = int(effector.guidance in OWN_SENSOR)
        reliability = quantise_probability(effector.reliability)
        is_soft = int(effector.guidance == "soft_kill")
        row = len(effector_rows)
        effector_rows.append((stable_id(name), 1, reliability, row, round(effector.cost), guided, is_soft))
        assess_rows.append((round(1000.0 * effector.assess_delay), *faults, round(1000.0 * settings.relook)))
        sspk = [effector.sspk.get(threat_class, 0.0) for threat_class in THREAT_CLASSES]
        raid, one = common_multipliers(effector.p_common, effector.p_common_object, sspk)
        common.append(raid)
        common_object.append(one)
    return {
        "sensor": records("sensor", sensor_rows),
        "fire_unit": records("fire_unit", fire_unit_rows),
        "effector": records("effector", effector_rows),
        "common": matrix("common", common, N_CLASSES, N_ROW),
        "common_object": matrix("common_object", common_object, N_CLASSES, N_ROW),
        "assess": records("assess", assess_rows),
    }


def _fire_unit_row(scene: Scene, ranks: _Ranks, item: FireUnitSpec) -> tuple[Any, ...]:
    group, own = scene.plan.group_of[item.unit], item.unit
    return (
        stable_id(item.id),
        ranks.units[item.unit],
        ranks.nodes[item.unit],
        ranks.groups[group],
        -1 if group == own else ranks.groups[own],
        -1 if item.sensor is None else ranks.sensors[item.sensor],
        item.channels,
        round(1000.0 * item.prepare),
        item.launchers,
        item.ready,
        item.stock,
        round(1000.0 * item.reload),
        round(1000.0 * item.spacing),
        round(1000.0 * item.burst),
        BUSY_RULES.index(item.busy_rule),
        min(255, round(256.0 * item.handover)),
        0,
        0,
        round(1000.0 * math.degrees((item.sector_centre - 0.5 * item.sector_width) % (2.0 * math.pi))),
        round(1000.0 * math.degrees(item.sector_width)),
    )


def _command_rows(scene: Scene, ranks: _Ranks) -> dict[str, Any]:
    """Nodes, links, groups and their doctrine."""
    settings, plan = scene.settings, scene.plan
    nodes = {node.id: node for node in plan.nodes}
    node_rows = []
    for name in ranks.nodes:
        node = nodes[name]
        unit = -1 if node.unit is None else ranks.units[node.unit]
        service = round(1000.0 * settings.operator_service)
        identify = round(1000.0 * settings.identify)
        row = int(node.is_alone and bool(settings.own_confusion))
        node_rows.append((stable_id(name), unit, min(node.servers, MAX_SERVERS), service, identify, row, 1))
    ends = sorted((ranks.nodes[a], ranks.nodes[b]) for a, b in plan.links)
    loss = quantise_probability(settings.link_loss)
    members: dict[str, set[str]] = {name: set() for name in ranks.groups}
    for item in scene.equipment.fire_units:
        members[plan.group_of[item.unit]].add(item.effector.system_class)
        members[item.unit].add(item.effector.system_class)
    kinds = [(frozenset(members[name]), nodes[name].is_alone) for name in ranks.groups]
    rules = {kind: group_doctrine(scene.study.doctrine, scene.words, *kind) for kind in set(kinds)}
    doctrine = [rules[kind] for kind in kinds]
    confusions = [settings.confusion, *([settings.own_confusion] if settings.own_confusion else [])]
    policy = POLICIES.index(scene.study.doctrine.policy)
    epoch = _epoch_shift(settings)
    return {
        "node": records("node", node_rows),
        "link": records("link", [(a, b, 0, loss, 1) for a, b in ends]),
        "delay": matrix("delay", [delay_row(settings.link_delay, settings.link_loss, settings.link_resend)], N_ROW),
        "group": records("group", [(stable_id(name), ranks.nodes[name], policy, epoch) for name in ranks.groups]),
        "doctrine": np.array(doctrine, dtype=RECORDS["doctrine"]).reshape((len(doctrine), N_CLASSES)),
        "identify": matrix("identify", [confusion_rows(found) for found in confusions], N_CLASSES, N_ROW),
        "schedule": records("schedule", []),
    }


def _mean_warhead(scene: Scene, threat_class: str) -> float:
    """Mean mass (kg) of the warheads of one class in the raid; 0 if there is none."""
    armed = [
        scene.settings.threats[threat.threat_type].warhead
        for threat in scene.threats
        if threat.threat_class == threat_class and not threat.is_decoy
    ]
    return sum(armed) / len(armed) if armed else 0.0


def _ground_rows(scene: Scene, ranks: _Ranks) -> dict[str, Any]:
    """Units with their readiness, and assets with what a hit does to them."""
    settings = scene.settings
    units = {unit.id: unit for unit in scene.units}
    kinds_of_unit = sorted({(unit.system, unit.presence) for unit in scene.units})
    row_of = {kind: row for row, kind in enumerate(kinds_of_unit)}
    there = 1.0 - settings.ready_common
    ready = [
        (
            stable_id(system),
            quantise_probability(there),
            quantise_probability(presence * min(1.0, settings.readiness[system] / there)),
        )
        for system, presence in kinds_of_unit
    ]
    unit_rows = []
    for name in ranks.units:
        unit = units[name]
        asset = -1 if unit.asset is None else ranks.assets[unit.asset]
        damage = quantise_probability(settings.unit_damage)
        unit_rows.append((stable_id(name), asset, row_of[unit.system, unit.presence], damage, 0))
    assets = {asset.id: asset for asset in scene.study.assets}
    kinds = sorted({asset.asset_class for asset in scene.study.assets})
    ratios = [_mean_warhead(scene, kind) / REFERENCE_WARHEAD for kind in THREAT_CLASSES]
    chances = [damage_probability(settings.damage[kind], ratios, settings.warhead_exponent) for kind in kinds]
    hardness = [[quantise_probability(six_digits(float(p))) for p in row] for row in chances]
    asset_rows = [
        (
            stable_id(name),
            round(VALUE_SCALE * assets[name].value),
            kinds.index(assets[name].asset_class),
            round(assets[name].radius),
        )
        for name in ranks.assets
    ]
    return {
        "unit": records("unit", unit_rows),
        "availability": records("availability", ready),
        "asset": records("asset", asset_rows),
        "hardness": matrix("hardness", hardness, N_CLASSES),
    }
