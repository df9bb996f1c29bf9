"""State of one replication: small records in arrays that one thread owns and uses again.

Nothing here outlives a replication; `reset` in ``replication.py`` restores the start. Meanings: ``docs/engine.md``.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import MAX_SERVERS, Tables
from steeldome.engine.jit import handler, merged, wide
from steeldome.engine.queue import event_key, sift_up
from steeldome.results.schema import EVENT, STATUS_FULL

Array = npt.NDArray[Any]

# sense row status
IDLE, SEARCHING, TRACKED, WAITING, DONE = 0, 1, 2, 3, 4
# belief of a group about a threat
UNSEEN, REPORTED, KNOWN, ENGAGED, BELIEVED_DEAD = 0, 1, 2, 3, 4
# truth of a threat, index into results.schema.TRUTH
INBOUND, DESTROYED, DIVERTED, MALFUNCTIONED, LEAKED, FELL_CLEAR, PASSED = 0, 1, 2, 3, 4, 5, 6
# belief.seen: bits that stay
WAS_REPORTED, WAS_KNOWN = 1, 2
# engagement.state
PREPARING, GUIDING, ASSESSING, RELOOK, CLOSED = 0, 1, 2, 3, 4

# slots of State.scalar
(
    N_HEAP,
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
POOL_LIMIT = 2048
HEAP_LIMIT = 8192

SENSE_STATE = np.dtype(
    [("need", "<i8"), ("since", "<i4"), ("due", "<i4"), ("end_due", "<i4"), ("status", "u1"), ("attempt", "u1")]
)
BELIEF = np.dtype([("ready_due", "<i4"), ("state", "u1"), ("declared", "u1"), ("looks", "u1"), ("seen", "u1")])
THREAT_STATE = np.dtype([("truth", "u1"), ("friendly", "u1"), ("tracked", "u1"), ("killer", "<i4")])
SENSOR_STATE = np.dtype([("variant", "<i4"), ("n_tracks", "<i4"), ("n_waiting", "<i4"), ("n_guided", "<i4")])
UNIT_STATE = np.dtype([("up", "u1"), ("lost", "u1"), ("epoch", "<i4")])
FIRE_UNIT_STATE = np.dtype(
    [("free", "<i4"), ("ready", "<i4"), ("stock", "<i4"), ("group", "<i4"), ("reloading", "u1"), ("fired", "<i4")]
)
GROUP_STATE = np.dtype(
    [
        ("decide_due", "<i4"),
        ("n_waiting", "<i4"),
        ("members", "<i4"),
        ("authority", "u1"),
        ("engaged", "u1"),
        ("was_active", "u1"),
    ]
)
PAIR_STATE = np.dtype([("shots", "<i4"), ("stage", "u1")])
ENGAGEMENT = np.dtype(
    [
        ("pair", "<i4"),
        ("group", "<i4"),
        ("launch", "<i4"),
        ("epoch", "<i4"),
        ("first_shot", "<i4"),
        ("shots", "<i4"),
        ("state", "u1"),
    ]
)


#: Element type of each array of the state.
STATE_ARRAYS: Mapping[str, Any] = {
    "sense": SENSE_STATE,
    "belief": BELIEF,
    "threat": THREAT_STATE,
    "sensor": SENSOR_STATE,
    "unit": UNIT_STATE,
    "fire_unit": FIRE_UNIT_STATE,
    "group": GROUP_STATE,
    "pair": PAIR_STATE,
    "engagement": ENGAGEMENT,
    "waiting": np.int64,
    "impact_rank": np.int32,
    "active": np.int32,
    "engaged": np.int32,
    "next_free": np.int32,
    "delay": np.int32,
    "via": np.int32,
    "whole_delay": np.int32,
    "whole_via": np.int32,
    "is_relay": np.uint8,
    "node_up": np.uint8,
    "link_delay": np.int32,
    "asset_lost": np.uint8,
    "heap": np.int64,
    "scalar": np.int64,
    "opening": np.int32,
    "closing": np.int32,
    "events": EVENT,
}


class State(NamedTuple):
    """Workspace of one replication. Axes as in `Tables`."""

    sense: Array  # (S1,)
    belief: Array  # (N, G)
    threat: Array  # (N,)
    sensor: Array  # (S,)
    unit: Array  # (U,)
    fire_unit: Array  # (K,)
    group: Array  # (G,)
    pair: Array  # (W,)
    engagement: Array  # (pool,)
    waiting: Array  # (G, N) i8: retry << 32 | rank of each threat KNOWN to the group, by rank
    impact_rank: Array  # (N,) i4: place of a threat in the order of (impact, row)
    active: Array  # (G + 1,) i4: count, then the active groups
    engaged: Array  # (G + 1,) i4: count, then every group that was active in this replication
    next_free: Array  # (M, 8) i4
    delay: Array  # (M, M) i4
    via: Array  # (M, M) i4
    whole_delay: Array  # (M, M) i4: delay and via with every node up
    whole_via: Array  # (M, M) i4
    is_relay: Array  # (M,) u1: some path of the whole network runs through the node
    node_up: Array  # (M,) u1
    link_delay: Array  # (L,) i4, -1 where the link carries no tracks
    asset_lost: Array  # (A,) u1
    heap: Array  # i8
    scalar: Array  # (N_SCALARS,) i8
    opening: Array  # (S1,) i4: sense rows by (open_ms, row)
    closing: Array  # (S1,) i4: sense rows by (close_ms, row)
    events: Array  # (0 or n,) EVENT: the trace


def new_state(tables: Tables, n_events: int = 0) -> State:
    """Workspace for these tables; `n_events` > 0 keeps a trace of at most that many lines."""
    n, g, m = len(tables.threat), len(tables.group), len(tables.node)
    pool = min(POOL_LIMIT, 4 * len(tables.pair) + SPARE)
    heap = 2 * len(tables.sense) + 3 * pool + n * g + len(tables.schedule) + 2 * len(tables.unit)
    carries = (tables.link["classes"] & 1) == 1
    typical = tables.delay[tables.link["delay_row"], 16] if len(tables.link) else np.zeros(0, np.int32)
    shapes = {
        "sense": len(tables.sense),
        "belief": (n, g),
        "threat": n,
        "sensor": len(tables.sensor),
        "unit": len(tables.unit),
        "fire_unit": len(tables.fire_unit),
        "group": g,
        "pair": len(tables.pair),
        "engagement": pool,
        "waiting": (g, n),
        "impact_rank": n,
        "active": g + 1,
        "engaged": g + 1,
        "next_free": (m, MAX_SERVERS),
        "delay": (m, m),
        "via": (m, m),
        "whole_delay": (m, m),
        "whole_via": (m, m),
        "is_relay": m,
        "node_up": m,
        "link_delay": len(tables.link),
        "asset_lost": len(tables.asset),
        "heap": min(HEAP_LIMIT, heap + SPARE),
        "scalar": N_SCALARS,
        "opening": len(tables.sense),
        "closing": len(tables.sense),
        "events": n_events,
    }
    state = State(**{name: np.zeros(shapes[name], dtype) for name, dtype in STATE_ARRAYS.items()})
    state.impact_rank[tables.impact_order] = np.arange(n)
    state.sensor["n_guided"] = np.bincount(
        tables.fire_unit["sensor"][tables.fire_unit["sensor"] >= 0], minlength=len(tables.sensor)
    )
    state.opening[:] = np.argsort(tables.sense["open_ms"], kind="stable")
    state.closing[:] = np.argsort(tables.sense["close_ms"], kind="stable")
    state.link_delay[:] = np.where(carries, typical, -1)
    return state


@handler
def queue_event(s: State, ms: int, kind: int, entity: int) -> None:
    """Put an event into the heap; a full heap ends the replication with status FULL."""
    n = s.scalar[N_HEAP]
    if n >= s.heap.shape[0]:
        s.scalar[STATUS] = STATUS_FULL
        return
    sift_up(s.heap, n, event_key(ms, kind, entity))
    s.scalar[N_HEAP] = n + 1


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
