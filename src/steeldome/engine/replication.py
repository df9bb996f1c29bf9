"""One replication, integers only: tables and key in, outcome out (and a trace when one is kept)."""

from typing import Any

from steeldome.compiler.tables import NEVER, SCHEDULE_LOST, SCHEDULE_RESTORE, Tables
from steeldome.engine.command import connect, on_ready
from steeldome.engine.deciding import on_decide
from steeldome.engine.draws import AVAILABLE, happens, word
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
    event_key,
    pop_least,
)
from steeldome.engine.sensing import on_shift, on_track, on_track_end
from steeldome.engine.state import (
    IDLE,
    INBOUND,
    N_HEAP,
    NEXT_DECISION,
    REPLICATION,
    STATUS,
    UNSEEN,
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
    s.scalar[:] = 0
    s.scalar[REPLICATION] = replication
    draw_availability(t, s, seed)
    for i in range(t.sense.shape[0]):
        s.sense[i].status = IDLE
        s.sense[i].attempt = 0
    for threat in range(t.threat.shape[0]):
        state = s.threat[threat]
        state.truth = INBOUND
        state.friendly = 0
        state.tracked = 0
        state.killer = -1
        for i in range(s.engaged[0]):
            belief = s.belief[threat, s.engaged[1 + i]]
            belief.state = UNSEEN
            belief.looks = 0
            belief.seen = 0
    s.engaged[0] = 0
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
    for group in range(t.group.shape[0]):
        s.group[group].decide_due = NEVER
        s.group[group].n_waiting = 0
        s.group[group].engaged = 0
    for pair in range(t.pair.shape[0]):
        s.pair[pair].shots = 0
        s.pair[pair].stage = 0
    s.next_free[:] = 0
    s.asset_lost[:] = 0
    connect(t, s)
    queue_start(t, s)


@handler
def queue_start(t: Tables, s: State) -> None:
    """Queue the schedule; `simulate` merges the other events that are known from the start."""
    s.scalar[NEXT_DECISION] = event_key(NEVER, DECIDE, 0)
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
def next_of(order: Any, times: Any, kind: int, i: int) -> Any:
    """Key of the i-th event of a fixed order, or the end of time, and the number of the one after it."""
    if i >= order.shape[0]:
        return event_key(NEVER, 0, 0), i
    return event_key(times[order[i]], kind, order[i]), i + 1


@merged
def simulate(t: Tables, s: State, seed: int, replication: int) -> None:
    """Run one replication to its end; the outcome stays in the state.

    The least key comes from the queue, from the impacts and the openings and closings of sense rows in their fixed
    orders, or is the next decision of a group. Most events thus never pass through the queue.
    """
    reset(t, s, seed, replication)
    end = event_key(NEVER, 0, 0)
    impact, next_impact = next_of(t.impact_order, t.threat["impact_ms"], IMPACT, 0)
    opening, next_opening = next_of(s.opening, t.sense["open_ms"], TRACK, 0)
    closing, next_closing = next_of(s.closing, t.sense["close_ms"], TRACK_END, 0)
    while s.scalar[STATUS] == 0:
        n = s.scalar[N_HEAP]
        queued = s.heap[0] if n > 0 else end
        decision = s.scalar[NEXT_DECISION]
        key = min(min(queued, impact), min(min(opening, closing), decision))
        if key >= end:
            break
        if key == queued:
            pop_least(s.heap, n)
            s.scalar[N_HEAP] = n - 1
        elif key == opening:
            opening, next_opening = next_of(s.opening, t.sense["open_ms"], TRACK, next_opening)
        elif key == closing:
            closing, next_closing = next_of(s.closing, t.sense["close_ms"], TRACK_END, next_closing)
        elif key == impact:
            impact, next_impact = next_of(t.impact_order, t.threat["impact_ms"], IMPACT, next_impact)
        handle(t, s, seed, (key >> TYPE_SHIFT) & TYPE_MASK, wide(key & ENTITY_MASK), key >> TIME_SHIFT)
