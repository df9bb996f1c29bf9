"""From hazard to firm track and back (`docs/engine.md`, Sensing; LOST, RESTORE and SHIFT)."""

from __future__ import annotations

from bisect import bisect_left

from steeldome.streams import Purpose

from .command import ask, ask_active, change_topology, forget, report
from .draws import NEVER, interpolate, quantile
from .world import INBOUND, Sense, Sensor, State, Status, Type, World


def hazard(world: World, sense: Sense, t: int) -> int:
    """Cumulative hazard of the row at `t` in the sensor's present variant."""
    variant = min(sense.sensor.variant, sense.data.n_variants - 1)
    knots = world.hazard[sense.data.first_row + variant]
    return interpolate(knots, sense.data.open_ms, sense.data.shift, min(t, sense.data.close_ms))


def search(world: World, sense: Sense) -> None:
    """Begin to search with a fresh draw of the hazard needed."""
    threat, index = sense.threat.data, sense.data.index * 16 + sense.attempt
    word = world.draw(Purpose.DETECT, threat.id, sense.sensor.data.id, index)
    exponential = world.neglog[word >> 20] if word >> 20 else world.neglog_tail[(word >> 8) & 4095]
    multiplier = 4096
    if threat.signature_row >= 0:
        multiplier = quantile(world.signature[threat.signature_row], world.draw(Purpose.SIGNATURE, threat.id, 0, 0))
    sense.need = max(1, exponential * multiplier >> 12)
    sense.status = Status.SEARCHING
    sense.since = sense.due = NEVER
    if world.is_up(sense.sensor.data.unit):
        sense.since = world.now
        schedule(world, sense)


def schedule(world: World, sense: Sense) -> None:
    """Find when the hazard still needed is reached, and queue it."""
    times = range(sense.since, sense.data.close_ms + 1)
    place = 0
    if times:
        goal = hazard(world, sense, sense.since) + sense.need
        place = bisect_left(times, goal, key=lambda t: hazard(world, sense, t))
    sense.due = NEVER
    if place < len(times):
        sense.due = times[place]
        world.push(sense.due, Type.TRACK, sense.row)


def spend(world: World, sense: Sense) -> None:
    """Take what was gathered since the search began off the hazard needed."""
    sense.need = max(1, sense.need - (hazard(world, sense, world.now) - hazard(world, sense, sense.since)))


def has_room(world: World, sensor: Sensor) -> bool:
    """Whether the sensor can hold one more track."""
    capacity: int = sensor.data.capacity
    return sensor.n_tracks < capacity + (world.fault == "capacity_off_by_one")


def on_track(world: World, row: int) -> bool:
    """TRACK: the window opens, or the hazard needed is reached."""
    sense = world.senses[row]
    if sense.status is Status.IDLE:
        if sense.threat.truth != INBOUND:
            sense.status = Status.DONE
        else:
            search(world, sense)
        return True
    is_stale = sense.due != world.now and world.fault != "stale_track_accepted"
    if sense.status is not Status.SEARCHING or is_stale:
        return False
    if sense.threat.truth != INBOUND:
        sense.status = Status.DONE
    elif has_room(world, sense.sensor):
        hold(world, sense)
    else:
        sense.status = Status.WAITING
        world.note("note:track waits")
    return True


def hold(world: World, sense: Sense) -> None:
    """The sensor holds the track."""
    sense.status = Status.TRACKED
    sense.sensor.n_tracks += 1
    sense.end_due = sense.data.close_ms
    sense.threat.was_tracked = True
    world.push(sense.end_due, Type.TRACK_END, sense.row)
    report(world, sense)
    for fire_unit in world.fire_units:
        group = fire_unit.group
        if group is None or fire_unit.data.sensor != sense.data.sensor:
            continue
        if group.beliefs[sense.threat.row].state is State.KNOWN:
            ask(world, group, world.now)


def end_soon(world: World, sense: Sense) -> None:
    """Without measurements the track ends after the sensor's drop time."""
    drop_ms = 0 if world.fault == "drop_time_ignored" else sense.sensor.data.drop_ms
    sense.end_due = min(sense.end_due, world.now + drop_ms)
    world.push(sense.end_due, Type.TRACK_END, sense.row)


def on_track_end(world: World, row: int) -> bool:
    """TRACK_END: the track is lost; search again or be done."""
    sense = world.senses[row]
    if sense.status is not Status.TRACKED or sense.end_due != world.now:
        return False
    sense.sensor.n_tracks -= 1
    if world.now < sense.data.close_ms and sense.threat.truth == INBOUND:
        sense.attempt = min(15, sense.attempt + 1)
        search(world, sense)
        world.note("note:search again")
    else:
        sense.status = Status.DONE
    admit(world, sense.sensor)
    forget(world, sense.threat)
    return True


def admit(world: World, sensor: Sensor) -> None:
    """Let waiting rows take the room that came free, earliest impact first."""
    if not world.is_up(sensor.data.unit):
        return
    for sense in sorted(sensor.senses, key=lambda s: (s.threat.data.impact_ms, s.row)):
        if not has_room(world, sensor):
            return
        if sense.status is not Status.WAITING:
            continue
        if sense.threat.truth != INBOUND or sense.data.close_ms <= world.now:
            sense.status = Status.DONE
        else:
            hold(world, sense)
            world.note("note:waiting track admitted")


def on_shift(world: World, row: int) -> bool:
    """SHIFT: a sensor changes its variant; what was gathered stays gathered."""
    change = world.schedule[row]
    sensor = world.sensors[change.entity]
    searching = [s for s in sensor.senses if s.status is Status.SEARCHING and s.since != NEVER]
    for sense in searching:
        spend(world, sense)
        sense.since = world.now
        world.note("note:variant changed while searching")
    sensor.variant = change.value
    for sense in searching:
        schedule(world, sense)
    return True


def on_lost(world: World, row: int) -> bool:
    """LOST: the unit is gone with all that stands on it."""
    unit = world.units[row]
    if not unit.up:
        return False
    unit.up = False
    unit.epoch += 1
    unit.lost_in_battle = True
    for sensor in unit.sensors:
        for sense in sensor.senses:
            if sense.status is Status.SEARCHING and sense.since != NEVER:
                if world.fault != "hazard_not_spent_on_loss":
                    spend(world, sense)
                sense.since = sense.due = NEVER
            elif sense.status is Status.TRACKED:
                end_soon(world, sense)
            elif sense.status is Status.WAITING:
                sense.status = Status.SEARCHING
                sense.need = 1
                sense.since = sense.due = NEVER
    _after_change(world, unit.owns_node)
    return True


def on_restore(world: World, row: int) -> bool:
    """RESTORE: the unit is back; its sensors go on with what they still need."""
    unit = world.units[row]
    if unit.up:
        return False
    unit.up = True
    for sensor in unit.sensors:
        for sense in sensor.senses:
            if sense.status is Status.SEARCHING and sense.data.open_ms <= world.now <= sense.data.close_ms:
                sense.since = world.now
                schedule(world, sense)
    _after_change(world, unit.owns_node)
    return True


def _after_change(world: World, owns_node: bool) -> None:
    if owns_node:
        change_topology(world)
        world.note("note:topology changed")
    else:
        ask_active(world)
