"""One replication, integers only: tables and key in, outcome out (and a trace when one is kept)."""

from steeldome.compiler.tables import NEVER, SCHEDULE_LOST, SCHEDULE_RESTORE, SIGNATURE_ONE, Tables
from steeldome.engine.command import connect, on_ready
from steeldome.engine.deciding import on_decide
from steeldome.engine.draws import AVAILABLE, SIGNATURE, happens, word
from steeldome.engine.fighting import (
    on_assess,
    on_free,
    on_impact,
    on_intercept,
    on_launch,
    on_lost,
    on_restore,
)
from steeldome.engine.jit import handler, merged, wide
from steeldome.engine.queue import (
    ASSESS,
    DECIDE,
    END_OF_TIME,
    ENTITY_MASK,
    FREE,
    IMPACT,
    INTERCEPT,
    LAUNCH,
    LOST,
    READY,
    RESTORE,
    SHIFT,
    TIME_SHIFT,
    TRACK,
    TRACK_END,
    TYPE_MASK,
    TYPE_SHIFT,
)
from steeldome.engine.sensing import begin_all_searches, on_shift, on_track, on_track_end
from steeldome.engine.state import (
    INBOUND,
    N_QUEUED,
    NEXT_DECISION,
    REPLICATION,
    STATUS,
    State,
    note,
    push,
)
from steeldome.results.schema import EVENT_KINDS

_UNAVAILABLE = EVENT_KINDS.index("unit_unavailable")


@handler
def draw_availability(t: Tables, s: State, seed: int) -> None:
    """Which units are there when the raid comes: a common part and each unit's own."""
    for unit in range(t.unit.shape[0]):
        state = s.unit[unit]
        state.up = 1
        state.lost = 0
        state.epoch = 0
        row = t.unit[unit].available_row
        if row >= 0:
            rule = t.availability[row]
            is_there = happens(word(s, seed, AVAILABLE, rule.id, 0, 0), rule.p_common) and happens(
                word(s, seed, AVAILABLE, t.unit[unit].id, 0, 1), rule.p_own
            )
            if not is_there:
                state.up = 0
                note(s, 0, _UNAVAILABLE, -1, -1, -1, -1, unit)


@handler
def reset(t: Tables, s: State, seed: int, replication: int) -> None:
    """The start of a replication."""
    s.scalar.array[:] = 0
    s.scalar[REPLICATION] = replication
    draw_availability(t, s, seed)
    for threat in range(t.threat.shape[0]):
        state = s.threat[threat]
        state.truth = INBOUND
        state.friendly = 0
        state.tracked = 0
        state.killer = -1
        for place in range(s.audience.shape[0]):
            audience = s.audience[place, threat]
            audience.told = audience.was_told = audience.was_known = 0
        state.signature = SIGNATURE_ONE
        row = t.threat[threat].signature_row
        if row >= 0:
            state.signature = t.signature[row, word(s, seed, SIGNATURE, t.threat[threat].id, 0, 0) >> 27]
    for sensor in range(t.sensor.shape[0]):
        s.sensor[sensor].variant = 0
        s.sensor[sensor].n_tracks = 0
        s.sensor[sensor].n_waiting = 0
    for k in range(t.fire_unit.shape[0]):
        state = s.fire_unit[k]
        state.free = t.fire_unit[k].channels
        state.ready = t.fire_unit[k].ready
        state.stock = t.fire_unit[k].stock
        state.reloading = 0
        state.fired = 0
    s.decision.array[:] = END_OF_TIME
    s.n_waiting.array[:] = 0
    s.awake.array[:] = 0
    s.asleep.array[:] = 0
    s.wake.array[:] = NEVER
    for pair in range(t.pair.shape[0]):
        s.pair[pair].shots = 0
        s.pair[pair].stage = 0
    s.next_free.array[:] = 0
    s.asset_lost.array[:] = 0
    connect(t, s)
    begin_all_searches(t, s, seed)
    queue_schedule(t, s)


@handler
def queue_schedule(t: Tables, s: State) -> None:
    """Queue the schedule; `simulate` merges the other events that are known from the start."""
    s.scalar[NEXT_DECISION] = END_OF_TIME
    s.queue[0] = END_OF_TIME
    for entry in range(t.schedule.shape[0]):
        record = t.schedule[entry]
        if record.kind == SCHEDULE_RESTORE:
            push(s, record.t_ms, RESTORE, record.entity)
        elif record.kind == SCHEDULE_LOST:
            push(s, record.t_ms, LOST, record.entity)
        else:
            push(s, record.t_ms, SHIFT, entry)


@merged
def handle(t: Tables, s: State, seed: int, kind: int, entity: int, ms: int) -> None:
    """Give one event to its handler."""
    if kind == TRACK:
        on_track(t, s, seed, entity, ms)
    elif kind == TRACK_END:
        on_track_end(t, s, seed, entity, ms)
    elif kind == READY:
        on_ready(t, s, entity, ms)
    elif kind == DECIDE:
        on_decide(t, s, entity, ms)
    elif kind == LAUNCH:
        on_launch(t, s, entity, ms)
    elif kind == INTERCEPT:
        on_intercept(t, s, seed, entity, ms)
    elif kind == ASSESS:
        on_assess(t, s, seed, entity, ms)
    elif kind == FREE:
        on_free(t, s, entity, ms)
    elif kind == IMPACT:
        on_impact(t, s, seed, entity, ms)
    elif kind == LOST:
        on_lost(t, s, seed, entity, ms)
    elif kind == RESTORE:
        on_restore(t, s, seed, entity, ms)
    elif kind == SHIFT:
        on_shift(t, s, entity, ms)


@merged
def simulate(t: Tables, s: State, seed: int, replication: int) -> None:
    """Run one replication to its end; the outcome stays in the state.

    The least key comes from the queue, from the impacts, the firm tracks foreseen at the start and the closings of
    sense rows, each in order, or is the next decision of a group. Most events thus never pass through the queue.
    """
    reset(t, s, seed, replication)
    next_impact = next_track = next_closing = 0
    while s.scalar[STATUS] == 0:
        queued, impact = s.queue[s.scalar[N_QUEUED]], s.impacts[next_impact]
        track, closing = s.tracks[next_track], s.closings[next_closing]
        key = min(min(queued, impact), min(min(track, closing), s.scalar[NEXT_DECISION]))
        if key >= END_OF_TIME:
            break
        if key == queued:
            s.scalar[N_QUEUED] -= 1
        elif key == track:
            next_track += 1
        elif key == closing:
            next_closing += 1
        elif key == impact:
            next_impact += 1
        handle(t, s, seed, (key >> TYPE_SHIFT) & TYPE_MASK, wide(key & ENTITY_MASK), key >> TIME_SHIFT)
