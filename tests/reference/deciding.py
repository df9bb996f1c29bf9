"""From belief to launch (`docs/engine.md`, Decision)."""

from __future__ import annotations

from steeldome.compiler.tables import BUSY_RULES, UNLIMITED_LOOKS

from .command import ask, ask_current, is_active
from .draws import NEVER, interpolate
from .world import Engagement, FireUnit, Group, Pair, Row, State, Status, Threat, Type, World

NO_AUTHORITY, DOCTRINE_HOLD, NOT_READY, UNIT_LOST, TOO_LATE, NO_ROUNDS, NO_CHANNEL, ENGAGED_MISSED = range(6, 14)
OUTSIDE_ENVELOPE = 2
BACKGROUND = 0
LAYERED = 1

Candidate = tuple[tuple[int, ...], Pair, int]


def time_of_flight(pair: Pair, launch_ms: int) -> int:
    """Launch to intercept, ms."""
    flight: int = interpolate(pair.data.tof, pair.data.open_ms, pair.data.shift, launch_ms) << pair.data.unit_shift
    return flight


def kill_probability(pair: Pair, launch_ms: int) -> int:
    """Probability that one reliable shot kills, p15."""
    return interpolate(pair.data.p, pair.data.open_ms, pair.data.shift, launch_ms)


def reach_stage(pair: Pair, stage: int) -> None:
    """Remember the furthest condition that the pair met."""
    pair.stage = max(pair.stage, stage)


def holds_own_track(pair: Pair) -> bool:
    """Whether the fire unit's own sensor, if it needs one, holds the track."""
    own = pair.fire_unit.data.sensor
    return own < 0 or any(s.status is Status.TRACKED and s.sensor.row == own for s in pair.threat.senses)


def on_decide(world: World, row: int) -> bool:
    """DECIDE: the group goes through the threats that it knows, earliest impact first."""
    group = world.groups[row]
    if group.decide_due != world.now:
        return False
    group.decide_due = NEVER
    if not is_active(world, group):
        return True
    has_authority = any(
        node.data.authority and world.paths[node.row][group.node.row] is not None for node in world.nodes
    )
    waiting = [threat for threat in world.threats if group.beliefs[threat.row].state is State.KNOWN]
    waiting.sort(key=lambda threat: (threat.data.impact_ms, threat.row))
    wakes: list[int] = []
    for threat in waiting:
        belief = group.beliefs[threat.row]
        doctrine = group.doctrine[belief.declared]
        pairs = [pair for pair in threat.pairs if pair.fire_unit.group is group]
        is_spent = doctrine.looks != UNLIMITED_LOOKS and belief.looks >= doctrine.looks
        if not has_authority or doctrine.hold or is_spent:
            for pair in pairs:
                reach_stage(pair, DOCTRINE_HOLD if has_authority else NO_AUTHORITY)
            continue
        candidates = []
        for pair in pairs:
            candidate = consider(world, group, doctrine, pair, wakes)
            if candidate is not None:
                candidates.append(candidate)
        if candidates:
            _, pair, salvo = min(candidates, key=lambda candidate: candidate[0])
            order(world, group, pair, salvo)
    if wakes:
        ask(world, group, min(wakes))
        world.note("note:wakes for a window")
    return True


def consider(world: World, group: Group, doctrine: Row, pair: Pair, wakes: list[int]) -> Candidate | None:
    """The pair as a candidate, if nothing stands in its way."""
    launch_ms = world.now + pair.fire_unit.data.prepare_ms
    salvo = affordable(world, doctrine, pair)
    stage = obstacle(world, doctrine, pair, launch_ms, salvo, wakes)
    reach_stage(pair, DOCTRINE_HOLD if stage is None else stage)
    if stage is not None:
        return None
    arrival = launch_ms + time_of_flight(pair, launch_ms)
    last = -pair.row if world.fault == "tie_break_reversed" else pair.row
    if group.data.policy == LAYERED:
        return (salvo * pair.effector.cost, -kill_probability(pair, launch_ms), arrival, last), pair, salvo
    return (arrival, last), pair, salvo


def obstacle(world: World, doctrine: Row, pair: Pair, launch_ms: int, salvo: int, wakes: list[int]) -> int | None:
    """Stage at which the pair stops now, 0 if it stops without one; None: nothing is in the way."""
    fire_unit = pair.fire_unit
    if not world.is_up(fire_unit.data.unit):
        return UNIT_LOST if world.units[fire_unit.data.unit].lost_in_battle else NOT_READY
    if pair.effector.cost > doctrine.cost_cap and world.fault != "cost_cap_ignored":
        world.note("note:too dear")
        return DOCTRINE_HOLD
    if launch_ms < pair.data.open_ms:
        wakes.append(pair.data.open_ms - fire_unit.data.prepare_ms)
        return 0
    if not holds_own_track(pair):
        world.note("note:own sensor does not hold the track")
        return 0
    if launch_ms > pair.data.close_ms - (world.fault == "le_for_lt_in_window"):
        return TOO_LATE
    if kill_probability(pair, launch_ms) == 0:
        return OUTSIDE_ENVELOPE
    if salvo == 0:
        return NO_ROUNDS
    return NO_CHANNEL if fire_unit.free <= 0 else None


def affordable(world: World, doctrine: Row, pair: Pair) -> int:
    """Largest salvo that doctrine and magazine allow; 0: none."""
    ready, per_shot = pair.fire_unit.ready, pair.effector.rounds_per_shot
    reserve = 0 if world.fault == "reserve_ignored" else doctrine.reserve
    if world.fault == "magazine_off_by_one":
        reserve += 1
    if doctrine.salvo and ready >= per_shot > ready - reserve:
        world.note("note:reserve kept")
    return max((m for m in range(1, doctrine.salvo + 1) if ready >= m * per_shot + reserve), default=0)


def order(world: World, group: Group, pair: Pair, salvo: int) -> None:
    """Take rounds and channel, and launch when prepared."""
    fire_unit = pair.fire_unit
    fire_unit.ready -= salvo * pair.effector.rounds_per_shot
    fire_unit.free -= 1
    belief = group.beliefs[pair.threat.row]
    world.believe(belief, State.ENGAGED)
    belief.looks += 1
    launch_ms = world.now + fire_unit.data.prepare_ms
    number = len(world.engagements)
    epoch = world.epoch(fire_unit.data.unit)
    world.engagements.append(Engagement(number, pair, group, salvo, launch_ms, epoch))
    world.push(launch_ms, Type.LAUNCH, number)


def on_launch(world: World, number: int) -> bool:
    """LAUNCH: check once more, then fire."""
    engagement = world.engagements[number]
    pair, fire_unit = engagement.pair, engagement.pair.fire_unit
    belief = engagement.group.beliefs[pair.threat.row]
    unit = fire_unit.data.unit
    is_lost = not world.is_up(unit) or world.epoch(unit) != engagement.epoch
    if is_lost:
        reach_stage(pair, UNIT_LOST)
    if is_lost or belief.state is not State.ENGAGED or not holds_own_track(pair):
        world.note("note:launch aborted")
        fire_unit.ready += engagement.salvo * pair.effector.rounds_per_shot
        fire_unit.free += 1
        belief.looks -= 1
        if belief.state is State.ENGAGED:
            world.believe(belief, State.KNOWN)
        ask(world, engagement.group, world.now)
        ask_current(world, fire_unit)
        return True
    fire(world, engagement)
    return True


def fire(world: World, engagement: Engagement) -> None:
    """Shots leave; the intercept and the end of the channel's work are queued."""
    pair, fire_unit, salvo = engagement.pair, engagement.pair.fire_unit, engagement.salvo
    reach_stage(pair, ENGAGED_MISSED)
    if world.fault == "salvo_one_short":
        salvo = engagement.salvo = max(1, salvo - 1)
    engagement.first_shot = pair.shots
    pair.shots += salvo
    per_shot = pair.effector.rounds_per_shot
    fire_unit.fired += salvo * per_shot
    world.cost += salvo * pair.effector.cost
    note_background(world, pair.threat)
    flight = time_of_flight(pair, engagement.launch_ms)
    last_launch = world.now + (salvo - 1) * fire_unit.data.spacing_ms
    world.push(last_launch + flight, Type.INTERCEPT, engagement.number)
    rule = BUSY_RULES[fire_unit.data.busy_rule]
    world.note(f"busy:{rule}")
    if rule == "until_handover":
        world.push(last_launch + (flight * fire_unit.data.handover >> 8), Type.FREE, 2 * fire_unit.row)
    elif rule == "until_burst":
        world.push(world.now + fire_unit.data.burst_ms, Type.FREE, 2 * fire_unit.row)
    elif rule == "until_return":
        world.push(last_launch + flight + flight, Type.FREE, 2 * fire_unit.row)
    if fire_unit.ready < per_shot and fire_unit.stock > 0 and not fire_unit.reloading:
        fire_unit.reloading = True
        world.push(world.now + fire_unit.data.reload_ms, Type.FREE, 2 * fire_unit.row + 1)


def note_background(world: World, threat: Threat) -> None:
    """Count a background object at the first shot against it."""
    if threat.data.hostile == BACKGROUND and not threat.was_engaged:
        world.friendly_engaged += 1
        world.note("note:friendly engaged")
    threat.was_engaged = True


def on_free(world: World, entity: int) -> bool:
    """FREE: a channel is free, or a reload is done."""
    row, is_reload = divmod(entity, 2)
    fire_unit = world.fire_units[row]
    if not is_reload:
        release(world, fire_unit)
        return True
    fire_unit.reloading = False
    moved = min(fire_unit.data.ready - fire_unit.ready, fire_unit.stock)
    if world.fault == "reload_off_by_one" and moved > 0:
        moved -= 1
    world.note("note:reload")
    if moved < 0:
        world.note("note:reload of a magazine above its size")
    fire_unit.ready += moved
    fire_unit.stock -= moved
    ask_current(world, fire_unit)
    return True


def release(world: World, fire_unit: FireUnit) -> None:
    """A channel of the fire unit is free again."""
    if world.fault != "channel_never_freed":
        fire_unit.free += 1
    ask_current(world, fire_unit)
