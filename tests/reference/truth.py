"""What really happens to the threats (`docs/engine.md`, Truth)."""

from __future__ import annotations

from steeldome.compiler.tables import BUSY_RULES
from steeldome.streams import Purpose

from .command import ask
from .deciding import BACKGROUND, kill_probability, release
from .draws import happens, quantile
from .sensing import admit, end_soon
from .world import (
    DESTROYED,
    DIVERTED,
    FELL_CLEAR,
    INBOUND,
    LEAKED,
    MALFUNCTIONED,
    PASSED,
    Engagement,
    State,
    Status,
    Threat,
    Type,
    World,
)

DECOY = 2


def probability_now(world: World, engagement: Engagement, shot: int) -> int:
    """Kill probability of a shot with the luck that it shares with others, p15."""
    pair = engagement.pair
    effector, threat, index = pair.effector, pair.threat.data, 0
    if world.fault == "common_cause_per_shot":
        index = shot << 1
    kind = threat.threat_class
    row = pair.data.effector
    p = kill_probability(pair, engagement.launch_ms)
    p = p * quantile(world.common[row][kind], world.draw(Purpose.COMMON, effector.id, kind, index)) >> 15
    word = world.draw(Purpose.COMMON, threat.id, effector.id, 1)
    p = p * quantile(world.common_object[row][kind], word) >> 15
    return min(p, 1 << 15)


def on_intercept(world: World, number: int) -> bool:
    """INTERCEPT: each shot of the salvo hits, misses or fails."""
    engagement = world.engagements[number]
    pair, threat, fire_unit = engagement.pair, engagement.pair.threat, engagement.pair.fire_unit
    for shot in range(engagement.first_shot, engagement.first_shot + engagement.salvo):
        fly(world, engagement, shot)
    rule = BUSY_RULES[fire_unit.data.busy_rule]
    if rule == "until_intercept":
        release(world, fire_unit)
    delay = world.assess[pair.effector.assess_row].delay_ms
    world.push(world.now + delay, Type.ASSESS, number)
    if threat.truth not in (INBOUND, DESTROYED, DIVERTED):
        world.note("note:intercept after the end of the flight")
    return True


def fly(world: World, engagement: Engagement, shot: int) -> None:
    """One shot against the truth."""
    pair, effector = engagement.pair, engagement.pair.effector
    threat, fire_unit = pair.threat, pair.fire_unit
    is_unguided = effector.needs_guidance and world.epoch(fire_unit.data.unit) != engagement.epoch
    if is_unguided:
        world.note("note:guidance lost")
    if threat.truth != INBOUND or (is_unguided and world.fault != "guidance_loss_ignored"):
        world.misses += 1
        return
    word = world.draw(Purpose.RELIABILITY, threat.data.id, fire_unit.data.id, 1 + shot)
    if not happens(word, effector.reliability):
        world.duds += 1
        return
    purpose = Purpose.SOFT_KILL if effector.soft_kill else Purpose.KILL
    index = engagement.first_shot if world.fault == "kill_draw_reused" else shot
    word = world.draw(purpose, threat.data.id, fire_unit.data.id, index)
    if word >= probability_now(world, engagement, shot) << 17:
        world.misses += 1
        return
    world.hits += 1
    threat.truth = DIVERTED if effector.soft_kill else DESTROYED
    threat.killer = fire_unit.row
    for sense in threat.senses:
        if sense.status is Status.TRACKED:
            end_soon(world, sense)


def on_assess(world: World, number: int) -> bool:
    """ASSESS: the group judges whether the object is dead; a second time, it sees that it lives."""
    engagement = world.engagements[number]
    pair, threat, fire_unit = engagement.pair, engagement.pair.threat, engagement.pair.fire_unit
    belief = engagement.group.beliefs[threat.row]
    if engagement.is_assessed:
        if belief.state is State.BELIEVED_DEAD and threat.truth == INBOUND:
            world.believe(belief, State.KNOWN)
            ask(world, engagement.group, world.now)
            world.note("note:wrong kill corrected")
        return True
    engagement.is_assessed = True
    rule = BUSY_RULES[fire_unit.data.busy_rule]
    if rule == "until_assessment" or (rule == "until_intercept" and world.fault == "double_release"):
        release(world, fire_unit)
    assess = world.assess[pair.effector.assess_row]
    word = world.draw(Purpose.ASSESS, threat.data.id, fire_unit.data.id, engagement.first_shot)
    false_kill, missed_kill = assess.p_false_kill, assess.p_missed_kill
    if world.fault == "assess_errors_swapped":
        false_kill, missed_kill = missed_kill, false_kill
    is_dead = threat.truth in (DESTROYED, DIVERTED)
    judged_dead = not happens(word, missed_kill) if is_dead else happens(word, false_kill)
    if belief.state is not State.ENGAGED:
        return True
    if judged_dead:
        world.believe(belief, State.BELIEVED_DEAD)
        if threat.truth == INBOUND and assess.relook_ms > 0:
            world.push(world.now + assess.relook_ms, Type.ASSESS, number)
    else:
        world.believe(belief, State.KNOWN)
        ask(world, engagement.group, world.now)
    return True


def on_impact(world: World, row: int) -> bool:
    """IMPACT: the flight ends, whatever became of the object."""
    threat = world.threats[row]
    if threat.truth == INBOUND:
        threat.truth = end_of_flight(world, threat)
        if threat.truth == LEAKED and threat.data.asset >= 0:
            strike(world, threat)
    lost_tracks = []
    for sense in threat.senses:
        if sense.status is Status.TRACKED:
            sense.sensor.n_tracks -= 1
            lost_tracks.append(sense.sensor)
        sense.status = Status.DONE
    for group in world.groups:
        world.believe(group.beliefs[row], State.UNSEEN)
    for sensor in lost_tracks:
        admit(world, sensor)
    return True


def end_of_flight(world: World, threat: Threat) -> int:
    """How an object that nobody stopped ends."""
    data = threat.data
    if data.hostile == BACKGROUND:
        return PASSED
    if not happens(world.draw(Purpose.RELIABILITY, data.id, 0, 0), data.reliability):
        return MALFUNCTIONED
    if data.hostile == DECOY:
        return LEAKED if world.fault == "decoy_counted_as_leaker" else FELL_CLEAR
    if data.asset >= 0 and data.accuracy_row >= 0:
        miss_m = quantile(world.accuracy[data.accuracy_row], world.draw(Purpose.ACCURACY, data.id, 0, 0))
        if miss_m > world.assets[data.asset].size_m:
            return FELL_CLEAR
    return LEAKED


def strike(world: World, threat: Threat) -> None:
    """A leaker at its asset: the asset may be lost, and the units that stand there."""
    data, row = threat.data, threat.data.asset
    asset = world.assets[row]
    if world.asset_stands[row] and asset.hardness_row >= 0:
        p = world.hardness[asset.hardness_row][data.threat_class]
        if happens(world.draw(Purpose.DAMAGE, data.id, asset.id, 0), p):
            world.asset_stands[row] = False
            world.note("note:asset lost")
    for unit in world.units:
        if unit.data.asset != row or not unit.up:
            continue
        if happens(world.draw(Purpose.DAMAGE, data.id, unit.data.id, 1), unit.data.p_damage):
            world.push(world.now, Type.LOST, unit.row)
            world.note("note:unit damaged")
            if unit.data.repair_ms > 0:
                world.push(world.now + unit.data.repair_ms, Type.RESTORE, unit.row)
