"""The objects of one replication: what the tables say of each (`data`) and its state."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from types import SimpleNamespace
from typing import Any

import numpy.typing as npt

from steeldome.compiler.tables import Tables
from steeldome.results.schema import TRUTH
from steeldome.streams import Purpose

from .draws import NEVER, philox

Row = SimpleNamespace


class Type(IntEnum):
    """Event types; the number orders equal times."""

    RESTORE = 0
    LOST = 1
    SHIFT = 2
    TRACK = 3
    TRACK_END = 4
    INTERCEPT = 5
    IMPACT = 6
    ASSESS = 7
    READY = 8
    FREE = 9
    DECIDE = 10
    LAUNCH = 11
    END = 12


class Status(IntEnum):
    """State of a sense row."""

    IDLE = 0
    SEARCHING = 1
    TRACKED = 2
    WAITING = 3
    DONE = 4


class State(IntEnum):
    """Belief of a group about a threat."""

    UNSEEN = 0
    TRACKED = 1
    KNOWN = 2
    ENGAGED = 3
    BELIEVED_DEAD = 4


INBOUND, DESTROYED, DIVERTED, MALFUNCTIONED, LEAKED, FELL_CLEAR, PASSED = range(len(TRUTH))


@dataclass(eq=False)
class Unit:
    """Something that can be lost as a whole."""

    data: Row
    row: int
    sensors: list[Sensor] = field(default_factory=list)
    owns_node: bool = False
    up: bool = True
    epoch: int = 0
    lost_in_battle: bool = False


@dataclass(eq=False)
class Node:
    """A command post or relay, with the times at which its operators are free again."""

    data: Row
    row: int
    next_free: list[int]


@dataclass(eq=False)
class Sensor:
    """A sensor with the variant it works in and the tracks it holds."""

    data: Row
    row: int
    senses: list[Sense] = field(default_factory=list)
    variant: int = 0
    n_tracks: int = 0


@dataclass(eq=False)
class Threat:
    """An attacking or background object, in truth."""

    data: Row
    row: int
    senses: list[Sense] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    truth: int = INBOUND
    killer: int = -1
    was_tracked: bool = False
    was_engaged: bool = False


@dataclass(eq=False)
class Sense:
    """One chance of one sensor to track one threat."""

    data: Row
    row: int
    threat: Threat
    sensor: Sensor
    status: Status = Status.IDLE
    need: int = 0
    since: int = NEVER
    due: int = NEVER
    end_due: int = NEVER
    attempt: int = 0


@dataclass(eq=False)
class Belief:
    """What a group holds of a threat."""

    state: State = State.UNSEEN
    declared: int = 0
    ready_due: int = NEVER
    looks: int = 0
    was_reported: bool = False
    was_known: bool = False


@dataclass(eq=False)
class Group:
    """Fire units that decide together."""

    data: Row
    row: int
    node: Node
    doctrine: list[Row]
    beliefs: list[Belief]
    decide_due: int = NEVER


@dataclass(eq=False)
class FireUnit:
    """A fire unit with its magazine, its channels and the group that commands it now."""

    data: Row
    row: int
    free: int
    ready: int
    stock: int
    group: Group | None = None
    reloading: bool = False
    fired: int = 0


@dataclass(eq=False)
class Pair:
    """Fire unit against threat."""

    data: Row
    row: int
    threat: Threat
    fire_unit: FireUnit
    effector: Row
    stage: int = 0
    shots: int = 0


@dataclass(eq=False)
class Engagement:
    """An order: `salvo` shots of one pair, ordered by `group`, launched at `launch_ms`."""

    number: int
    pair: Pair
    group: Group
    salvo: int
    launch_ms: int
    epoch: int
    first_shot: int = 0
    is_assessed: bool = False


def read_rows(array: npt.NDArray[Any]) -> list[Row]:
    """Records as objects of plain integers."""
    names: tuple[str, ...] = array.dtype.names or ()
    return [Row(**{name: record[name].tolist() for name in names}) for record in array]


class World:
    """All objects of one replication, the queue, the clock and the log of what was seen."""

    def __init__(self, tables: Tables, seed: int, replication: int, fault: str | None) -> None:
        self.seed, self.replication, self.fault = seed, replication, fault
        self.now = 0
        self.queue: list[tuple[int, int, int]] = []
        self.seen: Counter[str] = Counter()
        self.cost = 0
        self.friendly_engaged = 0
        self.hits = self.misses = self.duds = 0
        self.engagements: list[Engagement] = []
        self.paths: list[list[list[int] | None]] = []
        self._read_fixed(tables)
        self._read_objects(tables)

    def _read_fixed(self, tables: Tables) -> None:
        self.availability = read_rows(tables.availability)
        self.links = read_rows(tables.link)
        self.assess = read_rows(tables.assess)
        self.schedule = read_rows(tables.schedule)
        self.effectors = read_rows(tables.effector)
        scales: list[int] = tables.hazard_scale.tolist()
        self.hazard = [[h << scale for h in row] for row, scale in zip(tables.hazard.tolist(), scales, strict=True)]
        self.neglog: list[int] = tables.neglog.tolist()
        self.neglog_tail: list[int] = tables.neglog_tail.tolist()
        self.common: list[list[list[int]]] = tables.common.tolist()
        self.common_object: list[list[list[int]]] = tables.common_object.tolist()
        self.delay: list[list[int]] = tables.delay.tolist()
        self.identify: list[list[list[int]]] = tables.identify.tolist()
        self.signature: list[list[int]] = tables.signature.tolist()
        self.accuracy: list[list[int]] = tables.accuracy.tolist()
        self.hardness: list[list[int]] = tables.hardness.tolist()
        self.static_reason: list[list[int]] = tables.static_reason.tolist()

    def _read_objects(self, tables: Tables) -> None:
        self.assets = read_rows(tables.asset)
        self.asset_stands = [True] * len(self.assets)
        self.units = [Unit(data, i) for i, data in enumerate(read_rows(tables.unit))]
        self.nodes = [Node(data, i, [0] * data.servers) for i, data in enumerate(read_rows(tables.node))]
        for node in self.nodes:
            if node.data.unit >= 0:
                self.units[node.data.unit].owns_node = True
        self.sensors = [Sensor(data, i) for i, data in enumerate(read_rows(tables.sensor))]
        for sensor in self.sensors:
            if sensor.data.unit >= 0:
                self.units[sensor.data.unit].sensors.append(sensor)
        self.threats = [Threat(data, i) for i, data in enumerate(read_rows(tables.threat))]
        self.senses: list[Sense] = []
        for i, data in enumerate(read_rows(tables.sense)):
            sense = Sense(data, i, self.threats[data.threat], self.sensors[data.sensor])
            sense.threat.senses.append(sense)
            sense.sensor.senses.append(sense)
            self.senses.append(sense)
        self.groups = [
            Group(data, i, self.nodes[data.node], read_rows(tables.doctrine[i]), [Belief() for _ in self.threats])
            for i, data in enumerate(read_rows(tables.group))
        ]
        self.fire_units = [
            FireUnit(data, i, data.channels, data.ready, data.stock)
            for i, data in enumerate(read_rows(tables.fire_unit))
        ]
        self.pairs: list[Pair] = []
        for i, data in enumerate(read_rows(tables.pair)):
            threat, fire_unit = self.threats[data.threat], self.fire_units[data.fire_unit]
            pair = Pair(data, i, threat, fire_unit, self.effectors[data.effector])
            threat.pairs.append(pair)
            self.pairs.append(pair)

    def draw(self, purpose: Purpose, a: int, b: int, index: int) -> int:
        """Word of one keyed chance event."""
        key = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        return philox(key, (self.replication, a, b, purpose << 24 | index))[0]

    def push(self, ms: int, kind: Type, entity: int) -> None:
        """Queue an event."""
        heapq.heappush(self.queue, (ms, kind, entity))

    def is_up(self, unit: int) -> bool:
        """Whether the unit stands; -1 always does."""
        return unit < 0 or self.units[unit].up

    def epoch(self, unit: int) -> int:
        """Times that the unit was lost."""
        return 0 if unit < 0 else self.units[unit].epoch

    def note(self, text: str) -> None:
        """Log that something occurred."""
        self.seen[text] += 1

    def believe(self, belief: Belief, state: State) -> None:
        """Change a belief and log the transition."""
        if belief.state is not state:
            self.note(f"belief:{belief.state.name}>{state.name}")
            belief.state = state
