"""State of one replication: small records in arrays that one thread owns and uses again.

Nothing here outlives a replication; `reset` in ``replication.py`` restores the start. Meanings: ``docs/engine.md``.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from steeldome.compiler.tables import MAX_SERVERS, Tables
from steeldome.engine.jit import handler, merged, wide
from steeldome.engine.queue import (
    END_OF_TIME,
    IMPACT,
    N_BUCKETS,
    TIME_SHIFT,
    TRACK_END,
    TYPE_SHIFT,
    event_key,
    insert,
)
from steeldome.results.schema import EVENT, STATUS_FULL
from steeldome.streams import Purpose

Array = Any  # a NumPy array; in compiled code a borrowed one (`borrow.py`)

# sense row status
SEARCHING, TRACKED, WAITING, DONE = 0, 1, 2, 3
# belief of a group about a threat
UNSEEN, REPORTED, KNOWN, ENGAGED, BELIEVED_DEAD = 0, 1, 2, 3, 4
# truth of a threat, index into results.schema.TRUTH
INBOUND, DESTROYED, DIVERTED, MALFUNCTIONED, LEAKED, FELL_CLEAR, PASSED = 0, 1, 2, 3, 4, 5, 6
# engagement.state
PREPARING, GUIDING, ASSESSING, RELOOK, CLOSED = 0, 1, 2, 3, 4

# slots of State.scalar
(
    N_QUEUED,
    N_ENGAGEMENTS,
    STATUS,
    N_EVENTS,
    HITS,
    MISSES,
    DUDS,
    SHOTS,
    COST,
    VALUE_LOST,
    FRIENDLY,
    REPLICATION,
    NEXT_DECISION,
    HAS_SEARCHED,
    HAS_NEW_GROUP,
    N_SCALARS,
) = range(16)

SPARE = 64
N_ATTEMPTS = 16  # detection draws of one sense row
POOL_LIMIT = 16384
QUEUE_LIMIT = 4096


def _record(*fields: tuple[str, str]) -> np.dtype[np.void]:
    return np.dtype([(name, "<" + kind) for name, kind in fields], align=True)


SENSE_STATE = _record(
    ("need", "i8"), ("since", "i4"), ("due", "i4"), ("end_due", "i4"), ("status", "u1"), ("attempt", "u1")
)
BELIEF = _record(("ready_due", "i4"), ("state", "u1"), ("declared", "u1"), ("looks", "u1"))
THREAT_STATE = _record(("signature", "i4"), ("killer", "i4"), ("truth", "u1"), ("friendly", "u1"), ("tracked", "u1"))
# masks of the groups whose belief about a threat is not UNSEEN; that ever heard of it; that ever knew it
AUDIENCE = _record(("told", "i8"), ("was_told", "i8"), ("was_known", "i8"))
SENSOR_STATE = _record(("variant", "i4"), ("n_tracks", "i4"), ("n_waiting", "i4"))
UNIT_STATE = _record(("epoch", "i4"), ("up", "u1"), ("lost", "u1"))
FIRE_UNIT_STATE = _record(
    ("free", "i4"), ("ready", "i4"), ("stock", "i4"), ("group", "i4"), ("fired", "i4"), ("reloading", "u1")
)
PAIR_STATE = _record(("shots", "i4"), ("stage", "u1"))
ENGAGEMENT = _record(
    ("pair", "i4"),
    ("group", "i4"),
    ("launch", "i4"),
    ("epoch", "i4"),
    ("first_shot", "i4"),
    ("shots", "i4"),
    ("state", "u1"),
)


#: Element type of each array of the state.
STATE_ARRAYS: Mapping[str, Any] = {
    "sense": SENSE_STATE,
    "belief": BELIEF,
    "threat": THREAT_STATE,
    "audience": AUDIENCE,
    "sensor": SENSOR_STATE,
    "unit": UNIT_STATE,
    "fire_unit": FIRE_UNIT_STATE,
    "pair": PAIR_STATE,
    "engagement": ENGAGEMENT,
    "awake": np.int64,
    "asleep": np.int64,
    "retry": np.int32,
    "wake": np.int32,
    "n_waiting": np.int32,
    "decision": np.int64,
    "next_free": np.int32,
    "node_up": np.uint8,
    "delay": np.int32,
    "via": np.uint16,
    "group_reach": np.int64,
    "reached_by": np.int64,
    "active": np.int64,
    "authorised": np.int64,
    "asset_lost": np.uint8,
    "queue": np.int64,
    "tracks": np.int64,
    "unsorted": np.int64,
    "bucket": np.int32,
    "drawn": np.int64,
    "scalar": np.int64,
    "events": EVENT,
    "impacts": np.int64,
    "closings": np.int64,
    "impact_rank": np.int32,
    "threat_key": np.uint64,
    "sensor_key": np.uint64,
    "index_key": np.uint64,
    "own_sense": np.int32,
    "own_sense_first": np.int32,
    "guided": np.int32,
    "guided_first": np.int32,
    "standing": np.int32,
    "standing_first": np.int32,
    "link_delay": np.int32,
    "whole_via": np.uint16,
    "whole_group_reach": np.int64,
    "whole_reached_by": np.int64,
    "is_relay": np.uint8,
}


class State(NamedTuple):
    """Workspace of one replication. Axes as in `Tables`; a *mask* is an i8, one word of a set (`masks.py`)."""

    sense: Array  # (S1,)
    belief: Array  # (N, G)
    threat: Array  # (N,)
    audience: Array  # (G / 64, N) masks of groups
    sensor: Array  # (S,)
    unit: Array  # (U,)
    fire_unit: Array  # (K,)
    pair: Array  # (W,)
    engagement: Array  # (pool,)
    awake: Array  # (G, N / 64) masks: ranks on a waiting list that the next decision looks at
    asleep: Array  # (G, N / 64) masks: ranks on it that need no look before `retry`
    retry: Array  # (G, N) i4
    wake: Array  # (G,) i4: earliest retry of those asleep
    n_waiting: Array  # (G,) i4
    decision: Array  # (G,) i8: key of the group's next decision
    next_free: Array  # (M, 8) i4
    node_up: Array  # (M,) u1
    delay: Array  # (M,) i4: least delays from one node, while paths are searched
    via: Array  # (M, M) u2: last links of the paths of the last search, in use while some relay is down
    group_reach: Array  # (G / 64, M) masks of the groups whose node a node reaches
    reached_by: Array  # (G / 64, M) masks of the groups whose node reaches a node
    active: Array  # (G / 64,) masks of the groups that some fire unit takes its orders from
    authorised: Array  # (G / 64,) masks of the groups that release authority reaches
    asset_lost: Array  # (A,) u1
    queue: Array  # i8
    tracks: Array  # (S1 + 1,) i8: keys of the firm tracks foreseen at the start, in order, then the end of time
    unsorted: Array  # (S1,) i8: the same before they are sorted
    bucket: Array  # (N_BUCKETS + 1,) i4
    drawn: Array  # (S1,) i8: first detection draw of each sense row
    scalar: Array  # (N_SCALARS,) i8
    events: Array  # (0 or n,) EVENT: the trace
    # What follows from the tables alone and stays as it is.
    impacts: Array  # (N + 1,) i8: keys of all impacts in order, then the end of time
    closings: Array  # (S1 + 1,) i8: keys of the closings of all sense rows in order, then the end of time
    impact_rank: Array  # (N,) i4: place of a threat in the order of (impact, row)
    threat_key: Array  # (S1,) u8: three words of the key of each sense row's first detection draw
    sensor_key: Array  # (S1,) u8
    index_key: Array  # (S1,) u8
    own_sense: Array  # i4: sense rows of a pair's threat by the sensor that its fire unit needs, by pair
    own_sense_first: Array  # (W + 1,) i4
    guided: Array  # i4: fire units that need a sensor of their own, by that sensor
    guided_first: Array  # (S + 1,) i4
    standing: Array  # i4: units that stand at an asset, by asset
    standing_first: Array  # (A + 1,) i4
    link_delay: Array  # (L,) i4, -1 where the link carries no tracks
    whole_via: Array  # (M, M) u2: via and the masks of both directions with every node up
    whole_group_reach: Array  # (G / 64, M)
    whole_reached_by: Array  # (G / 64, M)
    is_relay: Array  # (M,) u1: some path of the whole network runs through the node


def _by_owner(owner: Array, n: int) -> tuple[Array, Array]:
    """Rows that have an owner (>= 0) by owner, and offsets (n + 1,)."""
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], np.arange(n + 1), side="left")
    return order[first[0] :], first - first[0]


def _own_sense(tables: Tables) -> tuple[Array, Array]:
    """For each pair the sense rows of its threat by the fire unit's own sensor, and offsets (W + 1,)."""
    n_sensors = len(tables.sensor)
    seen = tables.sense["threat"].astype(np.int64) * n_sensors + tables.sense["sensor"]
    needed = tables.fire_unit["sensor"][tables.pair["fire_unit"]].astype(np.int64)
    wanted = np.where(needed < 0, -1, tables.pair["threat"].astype(np.int64) * n_sensors + needed)
    order = np.argsort(seen, kind="stable")
    start, stop = (np.searchsorted(seen[order], wanted, side=side) for side in ("left", "right"))
    first = np.append(0, np.cumsum(stop - start))
    return order[np.arange(first[-1]) + np.repeat(start - first[:-1], stop - start)], first


def _keys(times: Array, kind: int) -> Array:
    """Event keys of all rows in order, then the end of time."""
    keys = times.astype(np.int64) << TIME_SHIFT | kind << TYPE_SHIFT | np.arange(len(times))
    return np.append(np.sort(keys), END_OF_TIME)


def _fixed(tables: Tables) -> dict[str, Array]:
    """The arrays that follow from the tables alone, but for the whole network (`command.survey_network`)."""
    carries = (tables.link["classes"] & 1) == 1
    typical = tables.delay[tables.link["delay_row"], 16] if len(tables.link) else np.zeros(0, np.int32)
    guided, guided_first = _by_owner(tables.fire_unit["sensor"], len(tables.sensor))
    standing, standing_first = _by_owner(tables.unit["asset"], len(tables.asset))
    own_sense, own_sense_first = _own_sense(tables)
    return {
        "impacts": _keys(tables.threat["impact_ms"], IMPACT),
        "closings": _keys(tables.sense["close_ms"], TRACK_END),
        "impact_rank": np.argsort(tables.impact_order),
        "threat_key": tables.threat["id"][tables.sense["threat"]],
        "sensor_key": tables.sensor["id"][tables.sense["sensor"]],
        "index_key": int(Purpose.DETECT) << 24 | tables.sense["index"].astype(np.int64) * N_ATTEMPTS,
        "own_sense": own_sense,
        "own_sense_first": own_sense_first,
        "guided": guided,
        "guided_first": guided_first,
        "standing": standing,
        "standing_first": standing_first,
        "link_delay": np.where(carries, typical, -1),
    }


def new_state(tables: Tables, n_events: int = 0) -> State:
    """Workspace for these tables; `n_events` > 0 keeps a trace of at most that many lines."""
    n, g, m, s1 = len(tables.threat), len(tables.group), len(tables.node), len(tables.sense)
    n_places, n_words = -(-n // 64), -(-g // 64)
    pool = min(POOL_LIMIT, 16 * len(tables.pair) + SPARE)
    queue = 2 * s1 + 3 * pool + n * g + len(tables.schedule) + 2 * len(tables.unit)
    shapes = {
        "sense": s1,
        "belief": (n, g),
        "threat": n,
        "audience": (n_words, n),
        "sensor": len(tables.sensor),
        "unit": len(tables.unit),
        "fire_unit": len(tables.fire_unit),
        "pair": len(tables.pair),
        "engagement": pool,
        "awake": (g, n_places),
        "asleep": (g, n_places),
        "retry": (g, n),
        "wake": g,
        "n_waiting": g,
        "decision": g,
        "next_free": (m, MAX_SERVERS),
        "node_up": m,
        "delay": m,
        "via": (m, m),
        "group_reach": (n_words, m),
        "reached_by": (n_words, m),
        "active": n_words,
        "authorised": n_words,
        "asset_lost": len(tables.asset),
        "queue": min(QUEUE_LIMIT, queue + SPARE),
        "tracks": s1 + 1,
        "unsorted": s1,
        "bucket": N_BUCKETS + 1,
        "drawn": s1,
        "scalar": N_SCALARS,
        "events": n_events,
        "whole_via": (m, m),
        "whole_group_reach": (n_words, m),
        "whole_reached_by": (n_words, m),
        "is_relay": m,
    }
    fixed = _fixed(tables)
    arrays = {name: np.zeros(shape, STATE_ARRAYS[name]) for name, shape in shapes.items()}
    for name, array in fixed.items():
        arrays[name] = np.ascontiguousarray(array, STATE_ARRAYS[name])
    return State(**arrays)


@handler
def queue_event(s: State, ms: int, kind: int, entity: int) -> None:
    """Put an event into the queue; a full queue ends the replication with status FULL."""
    n = s.scalar[N_QUEUED]
    if n + 2 > s.queue.shape[0]:
        s.scalar[STATUS] = STATUS_FULL
        return
    insert(s.queue, n, event_key(ms, kind, entity))
    s.scalar[N_QUEUED] = n + 1


@merged
def push(s: State, ms: int, kind: int, entity: int) -> None:
    """Queue an event."""
    queue_event(s, wide(ms), wide(kind), wide(entity))


@merged
def is_up(s: State, unit: int) -> Any:
    """Whether a unit is up; unit -1 always is."""
    return unit < 0 or s.unit[unit].up == 1


@handler
def write_event(
    events: Array, scalar: Array, ms: int, kind: int, threat: int, sensor: int, fire_unit: int, group: int, value: int
) -> None:
    """Write one line of the trace, if it has room."""
    i = scalar[N_EVENTS]
    if i < events.shape[0]:
        line = events[i]
        line.t_ms = ms
        line.kind = kind
        line.threat = threat
        line.sensor = sensor
        line.fire_unit = fire_unit
        line.group = group
        line.value = value
    scalar[N_EVENTS] = i + 1


@merged
def note(s: State, ms: int, kind: int, threat: int, sensor: int, fire_unit: int, group: int, value: int) -> None:
    """Write one line of the trace, if one is kept."""
    if s.events.shape[0] > 0:
        write_event(
            s.events,
            s.scalar,
            wide(ms),
            wide(kind),
            wide(threat),
            wide(sensor),
            wide(fire_unit),
            wide(group),
            wide(value),
        )
