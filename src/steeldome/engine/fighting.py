"""Launch, intercept, assessment, impact; units lost and restored."""

from steeldome.compiler.tables import (
    ARMED,
    BACKGROUND,
    ONE_P15,
    STAGES,
    UNTIL_ASSESSMENT,
    UNTIL_BURST,
    UNTIL_HANDOVER,
    UNTIL_INTERCEPT,
    UNTIL_RETURN,
    Tables,
)
from steeldome.engine.command import (
    ask_active,
    become_known,
    connect,
    report,
    request_decision,
)
from steeldome.engine.deciding import UNIT_LOST, holds_track, reach_stage
from steeldome.engine.draws import (
    ACCURACY,
    ASSESS,
    COMMON,
    DAMAGE,
    KILL,
    RELIABILITY,
    SOFT_KILL,
    happens,
    word,
)
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.policies import predicted_p, time_of_flight
from steeldome.engine.queue import ASSESS as ASSESS_EVENT
from steeldome.engine.queue import FREE, INTERCEPT, LOST, RESTORE
from steeldome.engine.sensing import (
    clear_threat,
    end_tracks,
    forget,
    silence_sensor,
    wake_sensor,
)
from steeldome.engine.state import (
    ASSESSING,
    BELIEVED_DEAD,
    CLOSED,
    COST,
    DESTROYED,
    DIVERTED,
    DUDS,
    ENGAGED,
    FELL_CLEAR,
    FRIENDLY,
    GUIDING,
    HAS_NEW_GROUP,
    HITS,
    INBOUND,
    KNOWN,
    LEAKED,
    MALFUNCTIONED,
    MISSES,
    PASSED,
    RELOOK,
    SHOTS,
    TRACKED,
    VALUE_LOST,
    State,
    note,
    push,
)
from steeldome.engine.waiting import reconsider, wake_all
from steeldome.results.schema import EVENT_KINDS

_ABORT = EVENT_KINDS.index("abort")
_LAUNCH = EVENT_KINDS.index("launch")
_HIT = EVENT_KINDS.index("hit")
_MISS = EVENT_KINDS.index("miss")
_DEAD = EVENT_KINDS.index("assessed_dead")
_ALIVE = EVENT_KINDS.index("assessed_alive")
_RELOOK = EVENT_KINDS.index("relook_alive")
_RELOAD = EVENT_KINDS.index("reload")
_LEAKED = EVENT_KINDS.index("leaked")
_FELL_CLEAR = EVENT_KINDS.index("fell_clear")
_MALFUNCTIONED = EVENT_KINDS.index("malfunctioned")
_PASSED = EVENT_KINDS.index("passed")
_ASSET_LOST = EVENT_KINDS.index("asset_lost")
_UNIT_LOST = EVENT_KINDS.index("unit_lost")
_UNIT_RESTORED = EVENT_KINDS.index("unit_restored")
ENGAGED_MISSED = STAGES.index("engaged_missed")


@handler
def ask_commander(t: Tables, s: State, unit: int, ms: int) -> None:
    """The group that commands a fire unit now, if any, asks for a decision."""
    if s.fire_unit[unit].group >= 0:
        request_decision(t, s, wide(s.fire_unit[unit].group), ms)


@handler
def release(t: Tables, s: State, unit: int, ms: int) -> None:
    """A channel comes free."""
    s.fire_unit[unit].free += 1
    ask_commander(t, s, unit, ms)


@inlined
def has_lost_unit(t: Tables, s: State, engagement: int) -> bool:
    """Whether the unit is down, or went down since the order."""
    e = s.engagement[engagement]
    unit = t.fire_unit[t.pair[e.pair].fire_unit].unit
    return unit >= 0 and (s.unit[unit].up == 0 or s.unit[unit].epoch != e.epoch)


@handler
def abort(t: Tables, s: State, engagement: int, ms: int) -> None:
    """A launch that can't go ahead gives rounds, channel and look back."""
    e = s.engagement[engagement]
    w = t.pair[e.pair]
    e.state = CLOSED
    s.fire_unit[w.fire_unit].ready += wide(e.shots) * wide(t.effector[w.effector].rounds_per_shot)
    s.fire_unit[w.fire_unit].free += 1
    belief = s.belief[w.threat, e.group]
    belief.looks -= 1
    if belief.state == KNOWN:
        reconsider(s, wide(e.group), wide(w.threat))
    note(s, ms, _ABORT, w.threat, -1, w.fire_unit, e.group, 0)
    if belief.state == ENGAGED:
        become_known(s, wide(e.group), wide(w.threat))
    request_decision(t, s, wide(e.group), ms)
    ask_commander(t, s, wide(w.fire_unit), ms)


@handler
def on_launch(t: Tables, s: State, engagement: int, ms: int) -> None:
    """LAUNCH: recheck unit, picture and guidance track; then the shots are away."""
    e = s.engagement[engagement]
    w = t.pair[e.pair]
    k = w.fire_unit
    unit = t.fire_unit[k]
    is_lost = has_lost_unit(t, s, engagement)
    if is_lost:
        reach_stage(s, e.pair, UNIT_LOST)
    if is_lost or s.belief[w.threat, e.group].state != ENGAGED or not holds_track(t, s, wide(e.pair)):
        abort(t, s, engagement, ms)
        return
    shots = wide(e.shots)
    effector = t.effector[w.effector]
    reach_stage(s, e.pair, ENGAGED_MISSED)
    e.state = GUIDING
    e.first_shot = s.pair[e.pair].shots
    s.pair[e.pair].shots += shots
    s.fire_unit[k].fired += shots * wide(effector.rounds_per_shot)
    s.scalar[SHOTS] += shots
    s.scalar[COST] += shots * wide(effector.cost)
    if t.threat[w.threat].hostile == BACKGROUND and s.threat[w.threat].friendly == 0:
        s.threat[w.threat].friendly = 1
        s.scalar[FRIENDLY] += 1
    flight = time_of_flight(w, ms)
    last_launch = ms + (shots - 1) * wide(unit.spacing_ms)
    push(s, last_launch + flight, INTERCEPT, engagement)
    if unit.busy_rule == UNTIL_HANDOVER:
        push(s, last_launch + (flight * wide(unit.handover) >> 8), FREE, 2 * k)
    elif unit.busy_rule == UNTIL_BURST:
        push(s, ms + wide(unit.burst_ms), FREE, 2 * k)
    elif unit.busy_rule == UNTIL_RETURN:
        push(s, last_launch + 2 * flight, FREE, 2 * k)
    magazine = s.fire_unit[k]
    if magazine.ready < effector.rounds_per_shot and magazine.stock > 0 and magazine.reloading == 0:
        magazine.reloading = 1
        push(s, ms + wide(unit.reload_ms), FREE, 2 * k + 1)
    note(s, ms, _LAUNCH, w.threat, -1, k, e.group, shots)


@handler
def effective_p(t: Tables, s: State, seed: int, pair: int, launch: int) -> int:
    """Kill probability of each shot after the common causes of raid and object, in 2**-15."""
    w = t.pair[pair]
    threat = t.threat[w.threat]
    effector = t.effector[w.effector]
    p = predicted_p(w, launch)
    raid = word(s, seed, COMMON, effector.id, threat.threat_class, 0) >> 27
    p = p * wide(t.common[w.effector, threat.threat_class, raid]) >> 15
    of_object = word(s, seed, COMMON, threat.id, effector.id, 1) >> 27
    p = p * wide(t.common_object[w.effector, threat.threat_class, of_object]) >> 15
    return min(p, wide(ONE_P15))


@handler
def on_intercept(t: Tables, s: State, seed: int, engagement: int, ms: int) -> None:
    """INTERCEPT: each shot of the salvo is a hit, a miss or a dud; truth alone decides."""
    e = s.engagement[engagement]
    w = t.pair[e.pair]
    threat = t.threat[w.threat]
    unit_id = t.fire_unit[w.fire_unit].id
    effector = t.effector[w.effector]
    is_unguided = effector.needs_guidance == 1 and has_lost_unit(t, s, engagement)
    purpose = SOFT_KILL if effector.soft_kill == 1 else KILL
    threshold = effective_p(t, s, seed, wide(e.pair), wide(e.launch)) << 17
    for i in range(e.shots):
        shot = wide(e.first_shot) + i
        if s.threat[w.threat].truth != INBOUND or is_unguided:
            s.scalar[MISSES] += 1
        elif not happens(word(s, seed, RELIABILITY, threat.id, unit_id, 1 + shot), effector.reliability):
            s.scalar[DUDS] += 1
        elif word(s, seed, purpose, threat.id, unit_id, shot) < threshold:
            s.scalar[HITS] += 1
            s.threat[w.threat].truth = DIVERTED if effector.soft_kill == 1 else DESTROYED
            s.threat[w.threat].killer = w.fire_unit
            end_tracks(t, s, wide(w.threat), ms)
            note(s, ms, _HIT, w.threat, -1, w.fire_unit, e.group, i + 1)
        else:
            s.scalar[MISSES] += 1
    if s.threat[w.threat].truth == INBOUND:
        note(s, ms, _MISS, w.threat, -1, w.fire_unit, e.group, e.shots)
    e.state = ASSESSING
    push(s, ms + wide(t.assess[effector.assess_row].delay_ms), ASSESS_EVENT, engagement)
    if t.fire_unit[w.fire_unit].busy_rule == UNTIL_INTERCEPT:
        release(t, s, wide(w.fire_unit), ms)


@handler
def on_assess(t: Tables, s: State, seed: int, engagement: int, ms: int) -> None:
    """ASSESS: the group makes up its mind, with both errors; a wrong "dead" is corrected at the re-look."""
    e = s.engagement[engagement]
    w = t.pair[e.pair]
    rule = t.assess[t.effector[w.effector].assess_row]
    belief = s.belief[w.threat, e.group]
    truth = s.threat[w.threat].truth
    if e.state == RELOOK:
        e.state = CLOSED
        if belief.state == BELIEVED_DEAD and truth == INBOUND:
            note(s, ms, _RELOOK, w.threat, -1, w.fire_unit, e.group, 0)
            become_known(s, wide(e.group), wide(w.threat))
            request_decision(t, s, wide(e.group), ms)
        return
    e.state = CLOSED
    if t.fire_unit[w.fire_unit].busy_rule == UNTIL_ASSESSMENT:
        release(t, s, wide(w.fire_unit), ms)
    drawn = word(s, seed, ASSESS, t.threat[w.threat].id, t.fire_unit[w.fire_unit].id, wide(e.first_shot))
    if truth in (DESTROYED, DIVERTED):
        is_judged_dead = not happens(drawn, rule.p_missed_kill)
    else:
        is_judged_dead = happens(drawn, rule.p_false_kill)
    if belief.state != ENGAGED:
        return
    if is_judged_dead:
        note(s, ms, _DEAD, w.threat, -1, w.fire_unit, e.group, 0)
        belief.state = BELIEVED_DEAD
        if truth == INBOUND and rule.relook_ms > 0:
            e.state = RELOOK
            push(s, ms + wide(rule.relook_ms), ASSESS_EVENT, engagement)
    else:
        note(s, ms, _ALIVE, w.threat, -1, w.fire_unit, e.group, 0)
        become_known(s, wide(e.group), wide(w.threat))
        request_decision(t, s, wide(e.group), ms)


@handler
def on_free(t: Tables, s: State, entity: int, ms: int) -> None:
    """FREE: a channel comes free, or a reload is done."""
    k = entity >> 1
    if entity & 1 == 0:
        release(t, s, k, ms)
        return
    magazine = s.fire_unit[k]
    magazine.reloading = 0
    rounds = max(wide(0), min(wide(t.fire_unit[k].ready) - wide(magazine.ready), wide(magazine.stock)))
    magazine.ready += rounds
    magazine.stock -= rounds
    note(s, ms, _RELOAD, -1, -1, k, -1, rounds)
    ask_commander(t, s, k, ms)


@handler
def damage(t: Tables, s: State, seed: int, threat: int, ms: int) -> None:
    """What a leaker does to its asset and to the units that stand there."""
    hit = t.threat[threat]
    asset = t.asset[hit.asset]
    if s.asset_lost[hit.asset] == 0 and asset.hardness_row >= 0:
        probability = t.hardness[asset.hardness_row, hit.threat_class]
        if happens(word(s, seed, DAMAGE, hit.id, asset.id, 0), probability):
            s.asset_lost[hit.asset] = 1
            s.scalar[VALUE_LOST] += wide(asset.value)
            note(s, ms, _ASSET_LOST, threat, -1, -1, -1, hit.asset)
    for i in range(s.standing_first[hit.asset], s.standing_first[hit.asset + 1]):
        unit = wide(s.standing[i])
        if s.unit[unit].up == 0:
            continue
        if happens(word(s, seed, DAMAGE, hit.id, t.unit[unit].id, 1), t.unit[unit].p_damage):
            push(s, ms, LOST, unit)
            if t.unit[unit].repair_ms > 0:
                push(s, ms + wide(t.unit[unit].repair_ms), RESTORE, unit)


@handler
def on_impact(t: Tables, s: State, seed: int, threat: int, ms: int) -> None:
    """IMPACT: an object that nothing stopped ends its flight."""
    record = t.threat[threat]
    state = s.threat[threat]
    if state.truth == INBOUND:
        if record.hostile == BACKGROUND:
            state.truth = PASSED
        elif not happens(word(s, seed, RELIABILITY, record.id, 0, 0), record.reliability):
            state.truth = MALFUNCTIONED
        elif record.hostile != ARMED:
            state.truth = FELL_CLEAR
        elif record.asset >= 0 and record.accuracy_row >= 0:
            drawn = word(s, seed, ACCURACY, record.id, 0, 0)
            miss = t.accuracy[record.accuracy_row, drawn >> 27]
            state.truth = FELL_CLEAR if miss > t.asset[record.asset].size_m else LEAKED
        else:
            state.truth = LEAKED
        kind = _PASSED
        if state.truth == LEAKED:
            kind = _LEAKED
        elif state.truth == FELL_CLEAR:
            kind = _FELL_CLEAR
        elif state.truth == MALFUNCTIONED:
            kind = _MALFUNCTIONED
        note(s, ms, kind, threat, -1, -1, -1, record.asset)
        if state.truth == LEAKED and record.asset >= 0:
            damage(t, s, seed, threat, ms)
    clear_threat(t, s, seed, threat, ms)


@handler
def reconnect(t: Tables, s: State, seed: int, unit: int, ms: int, is_loss: int) -> None:
    """After a unit went down or came back: the command graph anew, reports over it, and new decisions.

    A loss opens no path, so only a group that was not active before can have something new to hear.
    """
    owns_node = False
    for node in range(t.node.shape[0]):
        owns_node = owns_node or t.node[node].unit == unit
    if owns_node:
        connect(t, s)
        if is_loss == 0 or s.scalar[HAS_NEW_GROUP] == 1:
            for row in range(t.sense.shape[0]):
                if s.sense[row].status == TRACKED:
                    report(t, s, seed, row, ms)
        for threat in range(t.threat.shape[0]):
            forget(t, s, threat)
    for group in range(t.group.shape[0]):
        wake_all(s, wide(group))
    ask_active(t, s, ms)


@handler
def on_lost(t: Tables, s: State, seed: int, unit: int, ms: int) -> None:
    """LOST: a unit, with its sensors and nodes, goes down."""
    state = s.unit[unit]
    if state.up == 0:
        return
    state.up = 0
    state.lost = 1
    state.epoch += 1
    note(s, ms, _UNIT_LOST, -1, -1, -1, -1, unit)
    for sensor in range(t.sensor.shape[0]):
        if t.sensor[sensor].unit == unit:
            silence_sensor(t, s, sensor, ms)
    reconnect(t, s, seed, unit, ms, wide(1))


@handler
def on_restore(t: Tables, s: State, seed: int, unit: int, ms: int) -> None:
    """RESTORE: a unit comes back, with what its magazines hold."""
    state = s.unit[unit]
    if state.up == 1:
        return
    state.up = 1
    note(s, ms, _UNIT_RESTORED, -1, -1, -1, -1, unit)
    for sensor in range(t.sensor.shape[0]):
        if t.sensor[sensor].unit == unit:
            wake_sensor(t, s, sensor, ms)
    reconnect(t, s, seed, unit, ms, wide(0))
