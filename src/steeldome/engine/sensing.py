"""Sensing: cumulative hazard against one draw, track capacity, loss and re-acquisition."""

from typing import Any

import numpy as np

from steeldome.compiler.tables import NEVER, Tables
from steeldome.engine.command import report, request_decision
from steeldome.engine.draws import DETECT, SEED_SHIFT, word
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.masks import is_in, lowest
from steeldome.engine.queue import END_OF_TIME, TRACK, TRACK_END, event_key, sort_keys
from steeldome.engine.state import (
    DONE,
    INBOUND,
    KNOWN,
    N_ATTEMPTS,
    REPLICATION,
    SEARCHING,
    TRACKED,
    UNSEEN,
    WAITING,
    State,
    is_up,
    note,
    push,
)
from steeldome.engine.waiting import reconsider, unlist
from steeldome.kernels.philox import philox4x32
from steeldome.results.schema import EVENT_KINDS

_TRACK = EVENT_KINDS.index("track")
_TRACK_WAITING = EVENT_KINDS.index("track_waiting")
_TRACK_END = EVENT_KINDS.index("track_end")

_LAST_KNOT = 31


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
    below = wide(0)
    for half in (16, 8, 4, 2, 1):  # the last knot that falls short
        below += half * (wide(t.hazard[knots, below + half]) < wanted)
    low = wide(t.hazard[knots, below]) << scale
    rise = (wide(t.hazard[knots, below + 1]) << scale) - low
    shift = wide(sense.shift)
    # H reaches the target where rise * since >> shift >= target - low; the one division of the engine.
    since = np.uint64(((target - low) << shift) + rise - 1) // np.uint64(rise)
    ms = wide(sense.open_ms) + (below << shift) + wide(since)
    return ms if ms <= sense.close_ms else wide(NEVER)


@handler
def foresee(t: Tables, s: State, row: int) -> None:
    """Set the moment at which the hazard since `since` reaches what is needed."""
    state = s.sense[row]
    state.due = passage_ms(t, s, row, hazard_at(t, s, row, wide(state.since)) + wide(state.need))


@inlined
def schedule_track(t: Tables, s: State, row: int) -> None:
    """Foresee the firm track and queue it."""
    foresee(t, s, row)
    if s.sense[row].due != NEVER:
        push(s, s.sense[row].due, TRACK, row)


@inlined
def begin_search(t: Tables, s: State, row: int, drawn: int, ms: int) -> None:
    """Begin to look for a threat at `ms`: from a draw to the hazard it takes and to the moment of the firm track."""
    state = s.sense[row]
    sense = t.sense[row]
    need = wide(t.neglog_tail[drawn >> 8 & 4095]) if drawn >> 20 == 0 else wide(t.neglog[drawn >> 20])
    state.need = max(wide(1), need * wide(s.threat[sense.threat].signature) >> 12)
    state.status = SEARCHING
    if is_up(s, t.sensor[sense.sensor].unit):
        state.since = ms
        foresee(t, s, row)
    else:
        state.since = NEVER
        state.due = NEVER


@handler
def draw_detections(s: State, seed: int) -> None:
    """First draw of every sense row, in a loop without branches that runs in vector registers."""
    key = np.uint64(seed)
    replication = np.uint64(s.scalar[REPLICATION])
    drawn, threat_key, sensor_key, index_key = s.drawn, s.threat_key, s.sensor_key, s.index_key
    for row in range(drawn.shape[0]):
        words = philox4x32(key, key >> SEED_SHIFT, replication, threat_key[row], sensor_key[row], index_key[row])
        drawn[row] = wide(words[0])


@handler
def begin_all_searches(t: Tables, s: State, seed: int) -> None:
    """Foresee every firm track as if its window had opened already; whatever changes a sensor foresees it anew."""
    draw_detections(s, seed)
    n = 0
    for row in range(t.sense.shape[0]):
        s.sense[row].attempt = 0
        begin_search(t, s, row, s.drawn[row], wide(t.sense[row].open_ms))
        if s.sense[row].due != NEVER:
            s.unsorted[n] = event_key(s.sense[row].due, TRACK, row)
            n += 1
    sort_keys(s.unsorted, n, s.bucket, s.tracks)
    s.tracks[n] = END_OF_TIME


@inlined
def spend(t: Tables, s: State, row: int, ms: int) -> None:
    """Take the hazard met since `since` off what is needed, if the window has opened."""
    state = s.sense[row]
    if state.since >= ms:
        return
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
    for i in range(s.guided_first[sense.sensor], s.guided_first[sense.sensor + 1]):
        group = wide(s.fire_unit[s.guided[i]].group)
        if group < 0 or not is_in(group, s.audience[group >> 6, sense.threat].told):
            continue
        if s.belief[sense.threat, group].state == KNOWN:
            reconsider(s, group, wide(sense.threat))
            request_decision(t, s, group, ms)


@handler
def on_track(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """TRACK: the hazard has been met."""
    sense = t.sense[row]
    state = s.sense[row]
    if state.status != SEARCHING or state.due != ms:
        return
    if s.threat[sense.threat].truth != INBOUND:
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
def lose_sight(t: Tables, s: State, threat: int, place: int, groups: int) -> None:
    """These groups of one word, all of which have been told of the threat, know nothing of it any more."""
    s.audience[place, threat].told &= ~groups
    while groups != 0:
        group = place << 6 | lowest(groups)
        groups &= groups - 1
        belief = s.belief[threat, group]
        if belief.state == KNOWN:
            unlist(s, group, threat)
        belief.state = UNSEEN


@handler
def look_for_blind(t: Tables, s: State, threat: int, place: int) -> None:
    """The groups of one word that no live track of the threat reaches any more lose sight of it."""
    blind = s.audience[place, threat].told
    for row in range(t.threat_sense_first[threat], t.threat_sense_first[threat + 1]):
        if s.sense[row].status == TRACKED:
            blind &= ~s.group_reach[place, t.sensor[t.sense[row].sensor].node]
            if blind == 0:
                return
    lose_sight(t, s, threat, place, blind)


@inlined
def forget(t: Tables, s: State, threat: int) -> None:
    """A group that no live track of the threat reaches any more loses sight of it."""
    for place in range(s.audience.shape[0]):
        if s.audience[place, threat].told != 0:
            look_for_blind(t, s, threat, place)


@handler
def search_again(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """Begin anew to look for a threat whose track was dropped."""
    sense = t.sense[row]
    state = s.sense[row]
    state.attempt = min(N_ATTEMPTS - 1, wide(state.attempt) + 1)
    index = wide(sense.index) * N_ATTEMPTS + wide(state.attempt)
    drawn = word(s, seed, DETECT, t.threat[sense.threat].id, t.sensor[sense.sensor].id, index)
    begin_search(t, s, row, drawn, ms)
    if state.due != NEVER:
        push(s, state.due, TRACK, row)


@handler
def on_track_end(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """TRACK_END: out of coverage, dropped, or the object is gone; then all its tracks that end now, in one go."""
    if s.sense[row].status != TRACKED or s.sense[row].end_due != ms:
        return
    threat = wide(t.sense[row].threat)
    is_inbound = s.threat[threat].truth == INBOUND
    last = row + 1 if is_inbound else t.threat_sense_first[threat + 1]
    for ended in range(row, last):
        state = s.sense[ended]
        if state.status != TRACKED or state.end_due != ms:
            continue
        sensor = wide(t.sense[ended].sensor)
        s.sensor[sensor].n_tracks -= 1
        note(s, ms, _TRACK_END, threat, sensor, -1, -1, 0)
        if is_inbound and ms < t.sense[ended].close_ms:
            search_again(t, s, seed, ended, ms)
        else:
            state.status = DONE
        admit(t, s, seed, sensor, ms)
    forget(t, s, threat)


@handler
def end_tracks(t: Tables, s: State, threat: int, ms: int) -> None:
    """The object is gone: each of its tracks lasts until the sensor drops it.

    The first row of those that end together is queued for all, see `on_track_end`; one queued in vain is stale.
    """
    queued = wide(NEVER)
    for row in range(t.threat_sense_first[threat], t.threat_sense_first[threat + 1]):
        if s.sense[row].status == TRACKED and drop(t, s, row, ms) and s.sense[row].end_due != queued:
            queued = wide(s.sense[row].end_due)
            push(s, queued, TRACK_END, row)


@inlined
def drop(t: Tables, s: State, row: int, ms: int) -> Any:
    """A track without measurements ends after the sensor's drop time; returns whether that is sooner than foreseen."""
    state = s.sense[row]
    end = ms + wide(t.sensor[t.sense[row].sensor].drop_ms)
    if end >= state.end_due:
        return False
    state.end_due = end
    return True


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
    for place in range(s.audience.shape[0]):
        if s.audience[place, threat].told != 0:
            lose_sight(t, s, threat, place, s.audience[place, threat].told)
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
            spend(t, s, row, ms)
        elif state.status == TRACKED:
            if drop(t, s, row, ms):
                push(s, s.sense[row].end_due, TRACK_END, row)
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
        if s.sense[row].status == SEARCHING and ms <= t.sense[row].close_ms:
            s.sense[row].since = max(ms, wide(t.sense[row].open_ms))
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
            s.sense[row].since = max(ms, wide(s.sense[row].since))
    s.sensor[sensor].variant = t.schedule[entry].value
    for i in range(first, last):
        row = wide(t.sensor_sense[i])
        if s.sense[row].status == SEARCHING and s.sense[row].since != NEVER:
            schedule_track(t, s, row)
