"""Command and control: topology, reports, identification, operators, decision requests."""

from typing import Any

from steeldome.compiler.tables import Tables
from steeldome.engine.draws import IDENTIFY, MESSAGE, word
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.masks import bit, is_in, lowest
from steeldome.engine.queue import DECIDE, END_OF_TIME, READY, event_key
from steeldome.engine.state import (
    ACTIVE,
    AUTHORISED,
    HAS_NEW_GROUP,
    HAS_SEARCHED,
    KNOWN,
    NEXT_DECISION,
    REPORTED,
    State,
    is_up,
    note,
    push,
)
from steeldome.engine.waiting import enlist
from steeldome.kernels.network import UNREACHABLE, shortest_paths
from steeldome.results.schema import EVENT_KINDS

_REPORTED = EVENT_KINDS.index("reported")
_KNOWN = EVENT_KINDS.index("known")


@handler
def search_paths(t: Tables, s: State, via: Any, reach: Any, group_reach: Any) -> None:
    """Shortest delays between the nodes that are up, and masks of the nodes, and of the groups at them, in reach."""
    links: Any = t.link
    ends = links.array
    shortest_paths(t.node.shape[0], ends["a"], ends["b"], s.link_delay.array, s.node_up.array, s.delay.array, via.array)
    for source in range(t.node.shape[0]):
        reach[source] = group_reach[source] = 0
        for target in range(t.node.shape[0]):
            if s.delay[source, target] != UNREACHABLE:
                reach[source] |= bit(target)
        for group in range(t.group.shape[0]):
            if is_in(t.group[group].node, reach[source]):
                group_reach[source] |= bit(group)


@handler
def survey_network(t: Tables, s: State) -> None:
    """Paths with every node up, and the nodes that relay; once for all replications."""
    s.node_up.array[:] = 1
    s.is_relay.array[:] = 0
    search_paths(t, s, s.whole_via, s.whole_reach, s.whole_group_reach)
    for source in range(t.node.shape[0]):
        for target in range(t.node.shape[0]):
            link = s.whole_via[source, target]
            if link >= 0 and t.link[link].a != source:
                s.is_relay[t.link[link].a] = 1


@handler
def find_paths(t: Tables, s: State) -> None:
    """Who reaches whom between the nodes that are up.

    Without nodes that relay nothing the other paths stay as they are, so only the loss of a relay needs a new search.
    """
    needs_search = False
    nodes_up = groups_up = wide(0)
    for node in range(t.node.shape[0]):
        s.node_up[node] = 1 if is_up(s, t.node[node].unit) else 0
        if s.node_up[node] == 1:
            nodes_up |= bit(node)
        needs_search = needs_search or (s.node_up[node] == 0 and s.is_relay[node] == 1)
    s.scalar[HAS_SEARCHED] = 1 if needs_search else 0
    if needs_search:
        search_paths(t, s, s.via, s.reach, s.group_reach)
        return
    for group in range(t.group.shape[0]):
        if is_in(t.group[group].node, nodes_up):
            groups_up |= bit(group)
    for node in range(t.node.shape[0]):
        is_there = is_in(node, nodes_up)
        s.reach[node] = s.whole_reach[node] & nodes_up if is_there else 0
        s.group_reach[node] = s.whole_group_reach[node] & groups_up if is_there else 0


@handler
def connect(t: Tables, s: State) -> None:
    """Recompute who reaches whom, each fire unit's commanding group, the active groups and their authority."""
    find_paths(t, s)
    active = authorised = wide(0)
    for k in range(t.fire_unit.shape[0]):
        unit = t.fire_unit[k]
        group = wide(-1)
        if is_in(unit.node, s.reach[t.group[unit.group].node]):
            group = wide(unit.group)
        elif unit.fallback >= 0 and is_in(unit.node, s.reach[t.group[unit.fallback].node]):
            group = wide(unit.fallback)
        s.fire_unit[k].group = group
        if group >= 0:
            active |= bit(group)
    for node in range(t.node.shape[0]):
        if t.node[node].authority == 1:
            authorised |= s.group_reach[node]
    s.scalar[HAS_NEW_GROUP] = 1 if active & ~s.scalar[ACTIVE] != 0 else 0
    s.scalar[ACTIVE] = active
    s.scalar[AUTHORISED] = authorised


@handler
def path_delay(t: Tables, s: State, source: int, target: int, quantile: int) -> Any:
    """Delay of a message along the present path, ms; all its links at the same quantile of their delay rows."""
    via = s.via if s.scalar[HAS_SEARCHED] == 1 else s.whole_via
    total = wide(0)
    node = target
    while node != source:
        link = via[source, node]
        total += wide(t.delay[t.link[link].delay_row, quantile])
        node = t.link[link].a
    return total


@inlined
def serve(t: Tables, s: State, node: int, arrival: int) -> Any:
    """End of the service by the node's first free operator."""
    server = 0
    for other in range(1, t.node[node].servers):
        if s.next_free[node, other] < s.next_free[node, server]:
            server = other
    end = max(arrival, wide(s.next_free[node, server])) + wide(t.node[node].service_ms)
    s.next_free[node, server] = end
    return end


@handler
def report(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """Tell a firm track to every active group that has not heard of the threat and can be reached."""
    sense = t.sense[row]
    source = t.sensor[sense.sensor].node
    threat = t.threat[sense.threat]
    state = s.threat[sense.threat]
    to_tell = s.group_reach[source] & s.scalar[ACTIVE] & ~state.told
    state.told |= to_tell
    while to_tell != 0:
        group = lowest(to_tell)
        to_tell &= to_tell - 1
        belief = s.belief[sense.threat, group]
        node = t.group[group].node
        quantile = word(s, seed, MESSAGE, threat.id, t.group[group].id, 0) >> 27
        declared = wide(threat.threat_class)
        if t.node[node].identify_row >= 0:
            drawn = word(s, seed, IDENTIFY, threat.id, t.group[group].id, 0)
            declared = wide(t.identify[t.node[node].identify_row, declared, drawn >> 27])
        ready = ms + path_delay(t, s, wide(source), wide(node), quantile) + wide(t.node[node].identify_ms)
        if t.node[node].servers > 0:
            ready = serve(t, s, wide(node), ready)
        if not is_in(group, state.was_told):
            state.was_told |= bit(group)
            belief.looks = 0
        belief.state = REPORTED
        belief.declared = declared
        belief.ready_due = ready
        push(s, ready, READY, group * t.threat.shape[0] + sense.threat)
        note(s, ms, _REPORTED, sense.threat, sense.sensor, -1, group, ready)


@handler
def request_decision(t: Tables, s: State, group: int, ms: int) -> None:
    """Ask a group to decide at its next epoch; at most one request is pending.

    With nothing on its waiting list a decision would only drop the later one that is pending. Whatever comes onto the
    list asks for a decision itself, so that is all that is done here.
    """
    mask = bit(t.group[group].epoch_shift) - 1
    due = event_key((ms + mask) & ~mask, DECIDE, group)
    if due < s.decision[group]:
        s.decision[group] = due if s.n_waiting[group] > 0 else END_OF_TIME
        s.scalar[NEXT_DECISION] = min(s.scalar[NEXT_DECISION], s.decision[group])


@inlined
def become_known(s: State, group: int, threat: int) -> None:
    """The group knows the threat and may engage it (again)."""
    s.belief[threat, group].state = KNOWN
    enlist(s, group, threat)


@handler
def on_ready(t: Tables, s: State, entity: int, ms: int) -> None:
    """READY: track, message, identification and operator are through."""
    n_threats = t.threat.shape[0]
    group = entity // n_threats
    threat = entity - group * n_threats
    belief = s.belief[threat, group]
    if belief.state != REPORTED or belief.ready_due != ms:
        return
    s.threat[threat].was_known |= bit(group)
    become_known(s, group, threat)
    note(s, ms, _KNOWN, threat, -1, -1, group, belief.declared)
    request_decision(t, s, group, ms)


@inlined
def ask_active(t: Tables, s: State, ms: int) -> None:
    """Every active group asks for a decision."""
    for group in range(t.group.shape[0]):
        if is_in(group, s.scalar[ACTIVE]):
            request_decision(t, s, wide(group), ms)
