"""Decisions: from known threats and open pairs to orders, checked against rounds, channels and doctrine."""

from typing import Any

from steeldome.compiler.tables import NEVER, STAGES, UNLIMITED_LOOKS, Tables
from steeldome.engine.command import request_decision
from steeldome.engine.jit import handler, inlined, merged, wide
from steeldome.engine.masks import is_in, lowest
from steeldome.engine.policies import is_better, predicted_p, time_of_flight
from steeldome.engine.queue import DECIDE, END_OF_TIME, LAUNCH, event_key
from steeldome.engine.state import (
    ENGAGED,
    N_ENGAGEMENTS,
    NEXT_DECISION,
    PREPARING,
    STATUS,
    TRACKED,
    State,
    is_up,
    note,
    push,
)
from steeldome.engine.waiting import send_to_sleep, unlist, wake_due
from steeldome.results.schema import EVENT_KINDS, STATUS_FULL

_ORDER = EVENT_KINDS.index("order")
OUTSIDE_ENVELOPE = STAGES.index("outside_envelope")
NO_AUTHORITY = STAGES.index("no_authority")
DOCTRINE_HOLD = STAGES.index("doctrine_hold")
NOT_READY = STAGES.index("not_ready")
UNIT_LOST = STAGES.index("unit_lost")
TOO_LATE = STAGES.index("too_late")
NO_ROUNDS = STAGES.index("no_rounds")
NO_CHANNEL = STAGES.index("no_channel")
NO_OBSTACLE, NO_OWN_TRACK, NOT_YET_OPEN = -1, -2, -3


@merged
def reach_stage(s: State, pair: int, stage: int) -> None:
    """Remember the furthest condition that a pair met."""
    if s.pair[pair].stage < stage:
        s.pair[pair].stage = stage


@inlined
def holds_track(t: Tables, s: State, pair: int) -> Any:
    """Whether the fire unit's own sensor holds a firm track of the threat, or none is needed."""
    if t.fire_unit[t.pair[pair].fire_unit].sensor < 0:
        return True
    for i in range(s.own_sense_first[pair], s.own_sense_first[pair + 1]):
        if s.sense[s.own_sense[i]].status == TRACKED:
            return True
    return False


@inlined
def affordable_shots(t: Tables, s: State, unit: int, effector: int, salvo: int, reserve: int) -> Any:
    """Shots of a salvo that the ready rounds allow after the reserve, where they allow one."""
    each = wide(t.effector[effector].rounds_per_shot)
    left = wide(s.fire_unit[unit].ready) - reserve
    shots = wide(salvo)
    while shots * each > left:
        shots -= 1
    return shots


@inlined
def obstacle(t: Tables, s: State, pair: int, launch: int, rule: Any) -> Any:
    """First condition that an open pair fails: a stage code, NO_OWN_TRACK, NOT_YET_OPEN, or NO_OBSTACLE."""
    w = t.pair[pair]
    unit = t.fire_unit[w.fire_unit]
    if not is_up(s, unit.unit):
        return UNIT_LOST if s.unit[unit.unit].lost == 1 else NOT_READY
    if t.effector[w.effector].cost > rule.cost_cap:
        return DOCTRINE_HOLD
    if launch < w.open_ms:
        return NOT_YET_OPEN
    if not holds_track(t, s, pair):
        return NO_OWN_TRACK
    if launch > w.close_ms:
        return TOO_LATE
    if predicted_p(w, launch) == 0:
        return OUTSIDE_ENVELOPE
    left = wide(s.fire_unit[w.fire_unit].ready) - rule.reserve
    if rule.salvo == 0 or left < t.effector[w.effector].rounds_per_shot:
        return NO_ROUNDS
    if s.fire_unit[w.fire_unit].free <= 0:
        return NO_CHANNEL
    return NO_OBSTACLE


@handler
def order(t: Tables, s: State, group: int, threat: int, pair: int, shots: int, ms: int) -> None:
    """Commit rounds and a channel, and queue the launch."""
    engagement = s.scalar[N_ENGAGEMENTS]
    if engagement >= s.engagement.shape[0]:
        s.scalar[STATUS] = STATUS_FULL
        return
    s.scalar[N_ENGAGEMENTS] = engagement + 1
    k = t.pair[pair].fire_unit
    s.fire_unit[k].ready -= shots * wide(t.effector[t.pair[pair].effector].rounds_per_shot)
    s.fire_unit[k].free -= 1
    unlist(s, group, threat)
    s.belief[threat, group].state = ENGAGED
    s.belief[threat, group].looks += 1
    e = s.engagement[engagement]
    e.pair = pair
    e.group = group
    e.launch = ms + wide(t.fire_unit[k].prepare_ms)
    e.epoch = s.unit[t.fire_unit[k].unit].epoch if t.fire_unit[k].unit >= 0 else 0
    e.shots = shots
    e.state = PREPARING
    push(s, e.launch, LAUNCH, engagement)
    note(s, ms, _ORDER, threat, -1, k, group, shots)


@handler
def withhold(t: Tables, s: State, group: int, threat: int, stage: int) -> None:
    """The group may not fire at this threat: every pair that it commands gets no further than `stage`."""
    for pair in range(t.threat_pair_first[threat], t.threat_pair_first[threat + 1]):
        if s.fire_unit[t.pair[pair].fire_unit].group == group:
            reach_stage(s, pair, stage)


@handler
def consider(t: Tables, s: State, group: int, threat: int, ms: int) -> Any:
    """Engage one known threat with the policy's best pair; returns when its next pair opens, or NEVER.

    Its entry on the waiting list sleeps until that time: until then nothing but a lost or restored unit or a new track
    can change the finding, because every pair is not yet open, or closed for good. A full channel, an empty magazine or
    an open pair with p = 0 is looked at each time.
    """
    belief = s.belief[threat, group]
    rule = t.doctrine[group, belief.declared]
    if not is_in(group, s.authorised[group >> 6]):
        withhold(t, s, group, threat, NO_AUTHORITY)
        send_to_sleep(s, group, threat, wide(NEVER))
        return wide(NEVER)
    if rule.hold == 1 or (rule.looks != UNLIMITED_LOOKS and belief.looks >= rule.looks):
        withhold(t, s, group, threat, DOCTRINE_HOLD)
        send_to_sleep(s, group, threat, wide(NEVER))
        return wide(NEVER)
    policy = wide(t.group[group].policy)
    wake = wide(NEVER)
    is_settled = True
    best = wide(-1)
    best_shots = best_cost = best_p = best_intercept = wide(0)
    for pair in range(t.threat_pair_first[threat], t.threat_pair_first[threat + 1]):
        w = t.pair[pair]
        k = w.fire_unit
        if s.fire_unit[k].group != group:
            continue
        launch = ms + wide(t.fire_unit[k].prepare_ms)
        found = obstacle(t, s, wide(pair), launch, rule)
        if found == NOT_YET_OPEN:
            wake = min(wake, wide(w.open_ms) - wide(t.fire_unit[k].prepare_ms))
        elif found >= 0:
            reach_stage(s, pair, found)
            is_settled = is_settled and found not in (OUTSIDE_ENVELOPE, NO_ROUNDS, NO_CHANNEL)
        elif found == NO_OBSTACLE:
            reach_stage(s, pair, DOCTRINE_HOLD)
            shots = affordable_shots(t, s, wide(k), wide(w.effector), wide(rule.salvo), wide(rule.reserve))
            cost = wide(t.effector[w.effector].cost) * shots
            p = predicted_p(w, launch)
            intercept = launch + time_of_flight(w, launch)
            if best < 0 or is_better(policy, cost, p, intercept, best_cost, best_p, best_intercept):
                best = wide(pair)
                best_shots, best_cost, best_p, best_intercept = shots, cost, p, intercept
    if best >= 0:
        order(t, s, group, threat, best, best_shots, ms)
    elif is_settled:
        send_to_sleep(s, group, threat, wake)
    return wake


@handler
def on_decide(t: Tables, s: State, group: int, ms: int) -> None:
    """DECIDE: go through the known threats in order of predicted impact."""
    is_due = s.decision[group] == event_key(ms, DECIDE, group)
    if is_due:
        s.decision[group] = END_OF_TIME
    following = wide(END_OF_TIME)
    for other in range(s.decision.shape[0]):
        following = min(following, s.decision[other])
    s.scalar[NEXT_DECISION] = following
    if not is_due or not is_in(group, s.active[group >> 6]):
        return
    if s.wake[group] <= ms:
        wake_due(s, group, ms)
    opens = wide(NEVER)
    for place in range(s.awake.shape[1]):
        left = s.awake[group, place]
        while left != 0:
            threat = wide(t.impact_order[place << 6 | lowest(left)])
            opens = min(opens, consider(t, s, group, threat, ms))
            left &= left - 1
    opens = min(opens, wide(s.wake[group]))
    if opens != NEVER:
        request_decision(t, s, group, opens)
