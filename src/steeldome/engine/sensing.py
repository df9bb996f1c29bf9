"""Sensing: cumulative hazard against one draw, track capacity, loss and re-acquisition."""

from typing import Any

from steeldome.compiler.tables import NEVER, SIGNATURE_ONE, Tables
from steeldome.engine.command import reconsider, report, request_decision, unlist
from steeldome.engine.draws import DETECT, SIGNATURE, word
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.queue import TRACK, TRACK_END
from steeldome.engine.state import (
    DONE,
    IDLE,
    INBOUND,
    KNOWN,
    SEARCHING,
    TRACKED,
    UNSEEN,
    WAITING,
    State,
    is_up,
    note,
    push,
)
from steeldome.kernels.network import UNREACHABLE
from steeldome.results.schema import EVENT_KINDS

_TRACK = EVENT_KINDS.index("track")
_TRACK_WAITING = EVENT_KINDS.index("track_waiting")
_TRACK_END = EVENT_KINDS.index("track_end")

_LAST_KNOT = 31
_MAX_ATTEMPT = 15


@inlined
def hazard_row(t: Tables, s: State, row: int) -> Any:
    """Row of `hazard` that a sense row uses under its sensor's present variant."""
    sense = t.sense[row]
    variant = wide(s.sensor[sense.sensor].variant)
    return wide(sense.first_row) + min(variant, wide(sense.n_variants) - 1)


@handler
def hazard_at(t: Tables, s: State, row: int, ms: int) -> Any:
    """Cumulative hazard H of a sense row at `ms`, in 2**-16; held at its value at close."""
    sense = t.sense[row]
    knots = hazard_row(t, s, row)
    scale = wide(t.hazard_scale[knots])
    shift = wide(sense.shift)
    since_open = min(ms, wide(sense.close_ms)) - wide(sense.open_ms)
    k = since_open >> shift
    low = wide(t.hazard[knots, k]) << scale
    if k >= _LAST_KNOT:
        return low
    high = wide(t.hazard[knots, k + 1]) << scale
    return low + ((high - low) * (since_open & ((1 << shift) - 1)) >> shift)


@handler
def passage_ms(t: Tables, s: State, row: int, target: int) -> Any:
    """Earliest ms at which H reaches `target` (> H at the opening), or NEVER if not up to close."""
    sense = t.sense[row]
    knots = hazard_row(t, s, row)
    scale = wide(t.hazard_scale[knots])
    wanted = (target + (1 << scale) - 1) >> scale
    if wide(t.hazard[knots, _LAST_KNOT]) < wanted:
        return wide(NEVER)
    below, above = 0, _LAST_KNOT
    while above - below > 1:
        middle = (below + above) >> 1
        if wide(t.hazard[knots, middle]) < wanted:
            below = middle
        else:
            above = middle
    low = wide(t.hazard[knots, below]) << scale
    rise = (wide(t.hazard[knots, above]) << scale) - low
    shift = wide(sense.shift)
    need = target - low
    first, last = wide(0), wide(1) << shift
    while last - first > 1:
        middle = (first + last) >> 1
        if rise * middle >> shift < need:
            first = middle
        else:
            last = middle
    ms = wide(sense.open_ms) + (below << shift) + last
    return ms if ms <= sense.close_ms else wide(NEVER)


@handler
def schedule_track(t: Tables, s: State, row: int) -> None:
    """Queue the moment at which the hazard since `since` reaches what is needed."""
    state = s.sense[row]
    target = hazard_at(t, s, row, wide(state.since)) + wide(state.need)
    due = passage_ms(t, s, row, target)
    state.due = due
    if due != NEVER:
        push(s, due, TRACK, row)


@handler
def search(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """Begin to look for a threat: draw what hazard it takes, and queue the firm track."""
    state = s.sense[row]
    sense = t.sense[row]
    threat = t.threat[sense.threat]
    sensor = t.sensor[sense.sensor]
    drawn = word(s, seed, DETECT, threat.id, sensor.id, wide(sense.index) * 16 + wide(state.attempt))
    need = wide(t.neglog_tail[drawn >> 8 & 4095]) if drawn >> 20 == 0 else wide(t.neglog[drawn >> 20])
    multiplier = wide(SIGNATURE_ONE)
    if threat.signature_row >= 0:
        multiplier = wide(t.signature[threat.signature_row, word(s, seed, SIGNATURE, threat.id, 0, 0) >> 27])
    state.need = max(wide(1), need * multiplier >> 12)
    state.status = SEARCHING
    if is_up(s, sensor.unit):
        state.since = ms
        schedule_track(t, s, row)
    else:
        state.since = NEVER
        state.due = NEVER


@inlined
def spend(t: Tables, s: State, row: int, ms: int) -> None:
    """Take the hazard met since `since` off what is needed."""
    state = s.sense[row]
    met = hazard_at(t, s, row, ms) - hazard_at(t, s, row, wide(state.since))
    state.need = max(wide(1), wide(state.need) - met)


@handler
def hold(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """A firm track begins."""
    sense = t.sense[row]
    state = s.sense[row]
    state.status = TRACKED
    state.end_due = sense.close_ms
    s.sensor[sense.sensor].n_tracks += 1
    s.threat[sense.threat].tracked = 1
    note(s, ms, _TRACK, sense.threat, sense.sensor, -1, -1, 0)
    report(t, s, seed, row, ms)
    if s.sensor[sense.sensor].n_guided > 0:
        for k in range(t.fire_unit.shape[0]):
            group = wide(s.fire_unit[k].group)
            if t.fire_unit[k].sensor == sense.sensor and group >= 0 and s.belief[sense.threat, group].state == KNOWN:
                reconsider(s, group, wide(sense.threat))
                request_decision(t, s, group, ms)


@handler
def on_track(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """TRACK: the window opens, or the hazard has been met."""
    sense = t.sense[row]
    state = s.sense[row]
    is_inbound = s.threat[sense.threat].truth == INBOUND
    if state.status == IDLE:
        if is_inbound:
            search(t, s, seed, row, ms)
        return
    if state.status != SEARCHING or state.due != ms:
        return
    if not is_inbound:
        state.status = DONE
    elif s.sensor[sense.sensor].n_tracks < t.sensor[sense.sensor].capacity:
        hold(t, s, seed, row, ms)
    else:
        state.status = WAITING
        s.sensor[sense.sensor].n_waiting += 1
        note(s, ms, _TRACK_WAITING, sense.threat, sense.sensor, -1, -1, 0)


@handler
def admit(t: Tables, s: State, seed: int, sensor: int, ms: int) -> None:
    """Give free track slots to waiting rows, earliest predicted impact first."""
    state = s.sensor[sensor]
    if state.n_waiting == 0 or not is_up(s, t.sensor[sensor].unit):
        return
    for i in range(t.sensor_sense_first[sensor], t.sensor_sense_first[sensor + 1]):
        if state.n_waiting == 0 or state.n_tracks >= t.sensor[sensor].capacity:
            return
        row = wide(t.sensor_sense[i])
        if s.sense[row].status != WAITING:
            continue
        state.n_waiting -= 1
        if s.threat[t.sense[row].threat].truth != INBOUND or t.sense[row].close_ms <= ms:
            s.sense[row].status = DONE
        else:
            hold(t, s, seed, row, ms)


@handler
def forget(t: Tables, s: State, threat: int) -> None:
    """A group that no live track of the threat reaches any more loses sight of it."""
    for i in range(s.engaged[0]):
        group = wide(s.engaged[1 + i])
        belief = s.belief[threat, group]
        if belief.state == UNSEEN:
            continue
        node = t.group[group].node
        is_supported = False
        for row in range(t.threat_sense_first[threat], t.threat_sense_first[threat + 1]):
            if s.sense[row].status == TRACKED and s.delay[t.sensor[t.sense[row].sensor].node, node] != UNREACHABLE:
                is_supported = True
                break
        if not is_supported:
            if belief.state == KNOWN:
                unlist(t, s, group, threat)
            belief.state = UNSEEN


@handler
def forget_through(t: Tables, s: State, unit: int) -> None:
    """Groups that saw a threat only through sensors at this unit's nodes lose sight of it."""
    for sensor in range(t.sensor.shape[0]):
        if t.node[t.sensor[sensor].node].unit != unit:
            continue
        for i in range(t.sensor_sense_first[sensor], t.sensor_sense_first[sensor + 1]):
            row = wide(t.sensor_sense[i])
            if s.sense[row].status == TRACKED:
                forget(t, s, wide(t.sense[row].threat))


@handler
def on_track_end(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """TRACK_END: out of coverage, dropped, or the object is gone."""
    state = s.sense[row]
    if state.status != TRACKED or state.end_due != ms:
        return
    sense = t.sense[row]
    s.sensor[sense.sensor].n_tracks -= 1
    note(s, ms, _TRACK_END, sense.threat, sense.sensor, -1, -1, 0)
    if ms < sense.close_ms and s.threat[sense.threat].truth == INBOUND:
        state.attempt = min(_MAX_ATTEMPT, wide(state.attempt) + 1)
        search(t, s, seed, row, ms)
    else:
        state.status = DONE
    admit(t, s, seed, wide(sense.sensor), ms)
    forget(t, s, wide(sense.threat))


@handler
def end_tracks(t: Tables, s: State, threat: int, ms: int) -> None:
    """The object is gone: each of its tracks lasts until the sensor drops it."""
    for row in range(t.threat_sense_first[threat], t.threat_sense_first[threat + 1]):
        if s.sense[row].status == TRACKED:
            drop(t, s, row, ms)


@inlined
def drop(t: Tables, s: State, row: int, ms: int) -> None:
    """A track without measurements ends after the sensor's drop time."""
    state = s.sense[row]
    state.end_due = min(wide(state.end_due), ms + wide(t.sensor[t.sense[row].sensor].drop_ms))
    push(s, state.end_due, TRACK_END, row)


@handler
def clear_threat(t: Tables, s: State, seed: int, threat: int, ms: int) -> None:
    """At its impact an object leaves every sensor and every picture."""
    first, last = t.threat_sense_first[threat], t.threat_sense_first[threat + 1]
    for row in range(first, last):
        state = s.sense[row]
        sensor = s.sensor[t.sense[row].sensor]
        if state.status == TRACKED:
            sensor.n_tracks -= 1
            state.due = -1  # marks the rows whose sensor may admit another
        elif state.status == WAITING:
            sensor.n_waiting -= 1
            state.due = NEVER
        else:
            state.due = NEVER
        state.status = DONE
    for i in range(s.engaged[0]):
        group = wide(s.engaged[1 + i])
        belief = s.belief[threat, group]
        if belief.state == KNOWN:
            unlist(t, s, group, threat)
        belief.state = UNSEEN
    for row in range(first, last):
        if s.sense[row].due == -1:
            admit(t, s, seed, wide(t.sense[row].sensor), ms)


@handler
def silence_sensor(t: Tables, s: State, sensor: int, ms: int) -> None:
    """A sensor is lost: searches keep what is left of their draw, tracks are dropped, waiting rows search again."""
    for i in range(t.sensor_sense_first[sensor], t.sensor_sense_first[sensor + 1]):
        row = wide(t.sensor_sense[i])
        state = s.sense[row]
        if state.status == SEARCHING:
            if state.since != NEVER:
                spend(t, s, row, ms)
        elif state.status == TRACKED:
            drop(t, s, row, ms)
            continue
        elif state.status == WAITING:
            s.sensor[sensor].n_waiting -= 1
            state.status = SEARCHING
            state.need = 1
        else:
            continue
        state.since = NEVER
        state.due = NEVER


@handler
def wake_sensor(t: Tables, s: State, sensor: int, ms: int) -> None:
    """A sensor is back: open searches go on with what is left of their draw."""
    for i in range(t.sensor_sense_first[sensor], t.sensor_sense_first[sensor + 1]):
        row = wide(t.sensor_sense[i])
        if s.sense[row].status == SEARCHING and t.sense[row].open_ms <= ms <= t.sense[row].close_ms:
            s.sense[row].since = ms
            schedule_track(t, s, row)


@handler
def on_shift(t: Tables, s: State, entry: int, ms: int) -> None:
    """SHIFT: a sensor changes its variant (cued, loaded, jammed)."""
    sensor = t.schedule[entry].entity
    first, last = t.sensor_sense_first[sensor], t.sensor_sense_first[sensor + 1]
    for i in range(first, last):
        row = wide(t.sensor_sense[i])
        if s.sense[row].status == SEARCHING and s.sense[row].since != NEVER:
            spend(t, s, row, ms)
            s.sense[row].since = ms
    s.sensor[sensor].variant = t.schedule[entry].value
    for i in range(first, last):
        row = wide(t.sensor_sense[i])
        if s.sense[row].status == SEARCHING and s.sense[row].since != NEVER:
            schedule_track(t, s, row)
