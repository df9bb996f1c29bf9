"""Tables of scenarios so simple that a formula says what must come out.

    tables = simple_tables(n_threats=20, layers=[Layer(p=0.7, ready=12), Layer(p=0.5, salvo=2)], interval_ms=1000)

Every threat is tracked, reported and known one millisecond after its start; nothing is delayed, lost or confused unless
the arguments say so. The layers' launch windows follow each other without overlap: a layer meets only what the layers
before it have left alive, because a destroyed object's track is dropped at once. Rows are ordered by hashed id, as in
every case; find one with `row_of`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import (
    BUSY_RULES,
    CERTAIN,
    MULTIPLIER_ONE,
    N_CLASSES,
    N_KNOTS,
    N_PAIR_KNOTS,
    N_ROW,
    POLICIES,
    RECORDS,
    THREAT_CLASSES,
    Tables,
    build_tables,
    quantise_p15,
    quantise_probability,
)
from steeldome.streams import stable_id

Array = npt.NDArray[Any]

PLENTY = 1_000_000
INSTANT_SCALE = 24  # a step of 65535 << 24 over one knot exceeds every draw within a millisecond


@dataclass(frozen=True)
class Layer:
    """Equal fire units of one group (`is_coordinated`), or each its own group.

    Attributes
    ----------
    p : float or function of the threat's number, 0..1
        Single-shot probability of kill.
    n_fire_units, channels, ready, stock : int
        Fire units; and of each its channels, ready rounds and rounds that reloads can draw on.
    salvo, looks, reserve, rounds_per_shot : int
        Shots an engagement, engagements a threat (`UNLIMITED_LOOKS`), rounds kept back, rounds a shot.
    window_ms : int
        From the first possible launch to the last; where the work must end within W, that is W less the work's time.
    flight_ms, prepare_ms, spacing_ms, reload_ms : int
        Times of flight, from order to launch, between shots of a salvo, of a reload.
    busy_rule : str
        One of `BUSY_RULES`; `busy_ms` is the channel's time under ``until_burst``, `handover` its share of the time of
        flight in 1/256 under ``until_handover``.
    assess_ms, p_false_kill, p_missed_kill, relook_ms
        Kill assessment: delay, the two errors, time until a wrong "dead" is seen (0: never).
    reliability, available : float, 0..1
        Of each shot; of each fire unit, which is then a unit of its own.
    available_common : float, 0..1
        Of all fire units of the layer together.
    common, common_object : sequence of 32 float, 0..2
        Equally likely multipliers of p: one draw a raid and class, one draw a threat.
    cost : int, USD a shot
    policy : str
        One of `POLICIES`.
    """

    p: float | Callable[[int], float] = 0.5
    n_fire_units: int = 1
    channels: int = PLENTY
    ready: int = PLENTY
    stock: int = 0
    salvo: int = 1
    looks: int = 1
    reserve: int = 0
    rounds_per_shot: int = 1
    window_ms: int = 60_000
    flight_ms: int = 1000
    prepare_ms: int = 0
    spacing_ms: int = 0
    reload_ms: int = 0
    busy_rule: str = "until_assessment"
    busy_ms: int = 0
    handover: int = 0
    assess_ms: int = 0
    p_false_kill: float = 0.0
    p_missed_kill: float = 0.0
    relook_ms: int = 0
    reliability: float = 1.0
    available: float = 1.0
    available_common: float = 1.0
    common: Sequence[float] = (1.0,) * N_ROW
    common_object: Sequence[float] = (1.0,) * N_ROW
    needs_guidance: bool = False
    is_soft_kill: bool = False
    is_coordinated: bool = True
    cost: int = 1
    policy: str = "nearest"

    @property
    def span_ms(self) -> int:
        """From the first launch to the last assessment."""
        return self.window_ms + (self.salvo - 1) * self.spacing_ms + self.flight_ms + self.assess_ms

    def shot_probability(self, threat: int) -> int:
        """Single-shot probability against a threat, p15."""
        return quantise_p15(self.p(threat) if callable(self.p) else self.p)


def row_of(tables: Tables, table: str, name: str) -> int:
    """Row of the entity with this name: ``threat-1``, ``layer-1/unit-1`` (fire unit and unit), ``asset-1``."""
    (rows,) = np.nonzero(getattr(tables, table)["id"] == stable_id(name))
    assert len(rows) == 1, f"{len(rows)} rows of {table} are called {name!r}"
    return int(rows[0])


def simple_tables(
    n_threats: int,
    layers: Sequence[Layer] = (),
    *,
    interval_ms: int = 0,
    start_ms: Sequence[int] | None = None,
    threat_class: str = "srbm",
    hostile: int = 1,
    reliability: float = 1.0,
    p_track: float = 1.0,
    n_assets: int = 1,
    p_asset_lost: float = 0.0,
    epoch_shift: int = 0,
) -> Tables:
    """Tables of a raid on layers of fire units that one sensor serves.

    Parameters
    ----------
    n_threats : int
        Threats, named ``threat-1`` and so on; number i starts at ``i * interval_ms`` or at ``start_ms[i]`` and aims at
        asset ``i % n_assets``.
    layers : sequence of Layer
        Outermost first.
    p_track : float
        Chance that the sensor ever holds a threat.
    p_asset_lost : float
        Chance that a leaker costs its asset, worth 1.
    epoch_shift : int
        Groups decide at multiples of ``2**epoch_shift`` ms.
    """
    starts = list(start_ms) if start_ms is not None else [i * interval_ms for i in range(n_threats)]
    assert len(starts) == n_threats, f"{len(starts)} starts for {n_threats} threats"
    duration = 2 + sum(layer.span_ms + 1 for layer in layers)
    threat, number = _named(
        "threat",
        [f"threat-{i + 1}" for i in range(n_threats)],
        lambda i: {
            "start_ms": starts[i],
            "impact_ms": starts[i] + duration,
            "asset": i % n_assets if n_assets else -1,
            "accuracy_row": -1,
            "signature_row": -1,
            "reliability": quantise_probability(reliability),
            "threat_class": THREAT_CLASSES.index(threat_class),
            "hostile": hostile,
        },
    )
    asset, asset_number = _named(
        "asset", [f"asset-{i + 1}" for i in range(n_assets)], lambda i: {"value": 1, "hardness_row": 0}
    )
    place = {i: row for row, i in enumerate(asset_number)}
    threat["asset"] = [place.get(aim, -1) for aim in threat["asset"].tolist()]
    raid = {"threat": threat, "asset": asset, **_sensing(threat, duration, p_track)}
    raid["hardness"] = np.full((1, N_CLASSES), quantise_probability(p_asset_lost), np.uint32)
    return build_tables(**raid, **_one_node(), **_fire(layers, threat, number, epoch_shift))


def _named(table: str, names: Sequence[str], make: Callable[[int], dict[str, Any]]) -> tuple[Array, list[int]]:
    """Records in order of their hashed ids, and the number of the name that stands in each row."""
    order = sorted(range(len(names)), key=lambda i: stable_id(names[i]))
    array = np.zeros(len(names), RECORDS[table])
    for row, i in enumerate(order):
        for field, value in {"id": stable_id(names[i]), **make(i)}.items():
            array[row][field] = value
    return array, order


def _plain(table: str, rows: Sequence[dict[str, Any]]) -> Array:
    array = np.zeros(len(rows), RECORDS[table])
    for row, values in enumerate(rows):
        for field, value in values.items():
            array[row][field] = value
    return array


def _shift(window_ms: int, n_knots: int) -> int:
    return next(shift for shift in range(31) if (n_knots - 1) << shift >= window_ms)


def _sensing(threat: Array, duration: int, p_track: float) -> dict[str, Array]:
    shift = _shift(duration, N_KNOTS)
    hazard = np.full((1, N_KNOTS), 65_535, np.uint16)
    hazard[0, 0] = 0
    scale = INSTANT_SCALE
    if p_track < 1.0:  # all of the hazard at once, 1/16 of a step
        hazard[0, :] = 0
        hazard[0, 1:] = round(-math.log1p(-p_track) * 65_536 / 16)
        scale = 4
    windows = [
        {
            "threat": i,
            "open_ms": record["start_ms"],
            "close_ms": record["impact_ms"],
            "shift": shift,
            "n_variants": 1,
        }
        for i, record in enumerate(threat)
    ]
    sensor, _ = _named("sensor", ["sensor"], lambda _: {"unit": -1, "capacity": PLENTY, "budget": CERTAIN})
    path, _ = _named("path", ["path"], lambda _: {"n_knots": 1})
    return {
        "path": path,
        "knot": _plain("knot", [{"predicted_asset": -1}]),
        "sense": _plain("sense", windows),
        "sensor": sensor,
        "hazard": hazard,
        "hazard_scale": np.array([scale]),
        "signature": np.full((1, N_ROW), 4096, np.uint16),
        "accuracy": np.zeros((1, N_ROW), np.int32),
    }


def _one_node() -> dict[str, Array]:
    node, _ = _named("node", ["node"], lambda _: {"unit": -1, "identify_row": -1, "authority": 1})
    return {
        "node": node,
        "link": _plain("link", []),
        "delay": np.zeros((1, N_ROW), np.int32),
        "identify": np.zeros((1, N_CLASSES, N_ROW), np.uint8),
        "schedule": _plain("schedule", []),
    }


def _fire(layers: Sequence[Layer], threat: Array, number: list[int], epoch_shift: int) -> dict[str, Array]:
    """Everything that shoots."""
    members = [(k, j) for k, layer in enumerate(layers) for j in range(layer.n_fire_units)]
    names = [f"layer-{k + 1}/unit-{j + 1}" for k, j in members]
    group_of = [f"layer-{k + 1}" if layers[k].is_coordinated else names[i] for i, (k, _) in enumerate(members)]
    groups = sorted(set(group_of), key=stable_id)
    layer_of = {name: layers[k] for name, (k, _) in zip(group_of, members, strict=True)}
    group, _ = _named(
        "group",
        groups,
        lambda i: {"policy": POLICIES.index(layer_of[groups[i]].policy), "epoch_shift": epoch_shift},
    )
    doctrine = [
        {"cost_cap": 2**62, "reserve": layer.reserve, "salvo": layer.salvo, "looks": layer.looks}
        for layer in (layer_of[name] for name in groups)
        for _ in range(N_CLASSES)
    ]
    effector, effector_layer = _named(
        "effector", [f"layer-{k + 1}/effector" for k in range(len(layers))], lambda k: _effector(k, layers[k])
    )
    effector_row = {k: row for row, k in enumerate(effector_layer)}
    availability, availability_layer = _named(
        "availability",
        [f"layer-{k + 1}/availability" for k in range(len(layers))],
        lambda k: {
            "p_common": quantise_probability(layers[k].available_common),
            "p_own": quantise_probability(layers[k].available),
        },
    )
    availability_row = {k: row for row, k in enumerate(availability_layer)}
    unit, _ = _named(
        "unit", names, lambda i: {"asset": -1, "available_row": availability_row[members[i][0]], "repair_ms": 0}
    )
    fire_unit, member = _named(
        "fire_unit", names, lambda i: _fire_unit(layers[members[i][0]], groups.index(group_of[i]))
    )
    fire_unit["unit"] = np.arange(len(names))  # same names, so the same order
    layer_by_row = [members[i][0] for i in member]
    return {
        "group": group,
        "doctrine": _plain("doctrine", doctrine).reshape(len(groups), N_CLASSES),
        "effector": effector,
        "assess": _plain("assess", [_assess(layer) for layer in layers]),
        "availability": availability,
        "unit": unit,
        "fire_unit": fire_unit,
        "pair": _plain("pair", _pairs(layers, threat, number, layer_by_row, effector_row)),
        "common": _multipliers([layers[k].common for k in effector_layer]),
        "common_object": _multipliers([layers[k].common_object for k in effector_layer]),
        "static_reason": np.full((len(threat), len(names)), 255, np.uint8),
    }


def _pairs(
    layers: Sequence[Layer], threat: Array, number: list[int], layer_by_row: list[int], effector_row: dict[int, int]
) -> list[dict[str, Any]]:
    delays = [2 + sum(layer.span_ms + 1 for layer in layers[:k]) for k in range(len(layers))]
    return [
        {
            "threat": i,
            "fire_unit": row,
            "effector": effector_row[k],
            "open_ms": int(record["start_ms"]) + delays[k],
            "close_ms": int(record["start_ms"]) + delays[k] + layers[k].window_ms,
            "shift": _shift(layers[k].window_ms, N_PAIR_KNOTS),
            "unit_shift": max(0, layers[k].flight_ms.bit_length() - 16),
            "tof": [layers[k].flight_ms >> max(0, layers[k].flight_ms.bit_length() - 16)] * N_PAIR_KNOTS,
            "p": [layers[k].shot_probability(number[i])] * N_PAIR_KNOTS,
        }
        for i, record in enumerate(threat)
        for row, k in enumerate(layer_by_row)
    ]


def _effector(k: int, layer: Layer) -> dict[str, Any]:
    return {
        "rounds_per_shot": layer.rounds_per_shot,
        "reliability": quantise_probability(layer.reliability),
        "assess_row": k,
        "cost": layer.cost,
        "needs_guidance": layer.needs_guidance,
        "soft_kill": layer.is_soft_kill,
    }


def _assess(layer: Layer) -> dict[str, Any]:
    return {
        "delay_ms": layer.assess_ms,
        "p_false_kill": quantise_probability(layer.p_false_kill),
        "p_missed_kill": quantise_probability(layer.p_missed_kill),
        "relook_ms": layer.relook_ms,
    }


def _fire_unit(layer: Layer, group: int) -> dict[str, Any]:
    return {
        "group": group,
        "fallback": -1,
        "sensor": -1,
        "channels": layer.channels,
        "prepare_ms": layer.prepare_ms,
        "launchers": 1,
        "ready": layer.ready,
        "stock": layer.stock,
        "reload_ms": layer.reload_ms,
        "spacing_ms": layer.spacing_ms,
        "burst_ms": layer.busy_ms,
        "busy_rule": BUSY_RULES.index(layer.busy_rule),
        "handover": layer.handover,
        "sector_width": 360_000,
    }


def _multipliers(rows: Sequence[Sequence[float]]) -> Array:
    """(layer, class, 32), the same for every class."""
    values = np.rint(np.array(rows, np.float64).reshape(-1, 1, N_ROW) * MULTIPLIER_ONE)
    return np.repeat(np.minimum(values, 65_535), N_CLASSES, axis=1).astype(np.uint16)
