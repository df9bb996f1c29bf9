"""Command and control: topology, reports, identification, operators, decision requests."""

from typing import Any

from steeldome.compiler.tables import Tables
from steeldome.engine.draws import IDENTIFY, MESSAGE, word
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.masks import bit, is_in, lowest
from steeldome.engine.queue import DECIDE, END_OF_TIME, READY, event_key
from steeldome.engine.state import (
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
from steeldome.kernels.network import NO_LINK, UNREACHABLE, shortest_paths
from steeldome.results.schema import EVENT_KINDS

_REPORTED = EVENT_KINDS.index("reported")
_KNOWN = EVENT_KINDS.index("known")


@handler
def search_paths(t: Tables, s: State, via: Any, group_reach: Any, reached_by: Any) -> None:
    """Shortest paths between the nodes that are up, and masks of the groups in reach of each node and reaching it."""
    links: Any = t.link
    ends = links.array
    group_reach.array[:] = 0
    reached_by.array[:] = 0
    for source in range(t.node.shape[0]):
        last = via.array[source]
        shortest_paths(source, ends["a"], ends["b"], s.link_delay.array, s.node_up.array, s.delay.array, last)
        for group in range(t.group.shape[0]):
            if s.delay[t.group[group].node] != UNREACHABLE:
                group_reach[group >> 6, source] |= bit(group)
            if t.group[group].node == source:
                for target in range(t.node.shape[0]):
                    if s.delay[target] != UNREACHABLE:
                        reached_by[group >> 6, target] |= bit(group)


@handler
def survey_network(t: Tables, s: State) -> None:
    """Paths with every node up, and the nodes that relay; once for all replications."""
    s.node_up.array[:] = 1
    s.is_relay.array[:] = 0
    search_paths(t, s, s.whole_via, s.whole_group_reach, s.whole_reached_by)
    for source in range(t.node.shape[0]):
        for target in range(t.node.shape[0]):
            link = wide(s.whole_via[source, target])
            if link != NO_LINK and t.link[link].a != source:
                s.is_relay[t.link[link].a] = 1


@handler
def find_paths(t: Tables, s: State) -> None:
    """Who reaches whom between the nodes that are up.

    Without nodes that relay nothing the other paths stay as they are, so only the loss of a relay needs a new search.
    """
    needs_search = False
    for node in range(t.node.shape[0]):
        s.node_up[node] = 1 if is_up(s, t.node[node].unit) else 0
        needs_search = needs_search or (s.node_up[node] == 0 and s.is_relay[node] == 1)
    s.scalar[HAS_SEARCHED] = 1 if needs_search else 0
    if needs_search:
        search_paths(t, s, s.via, s.group_reach, s.reached_by)
        return
    for place in range(s.active.shape[0]):
        groups_up = wide(0)
        for group in range(place << 6, min(t.group.shape[0], (place + 1) << 6)):
            if s.node_up[t.group[group].node] == 1:
                groups_up |= bit(group)
        for node in range(t.node.shape[0]):
            present = groups_up if s.node_up[node] == 1 else wide(0)
            s.group_reach[place, node] = s.whole_group_reach[place, node] & present
            s.reached_by[place, node] = s.whole_reached_by[place, node] & present


@handler
def commander(t: Tables, s: State, fire_unit: int) -> Any:
    """Group that a fire unit takes its orders from: its own, else its fallback, whichever reaches it; -1: none."""
    unit = t.fire_unit[fire_unit]
    for group in (wide(unit.group), wide(unit.fallback)):
        if group >= 0 and is_in(group, s.reached_by[group >> 6, unit.node]):
            return group
    return wide(-1)


@handler
def connect(t: Tables, s: State) -> None:
    """Recompute who reaches whom, each fire unit's commanding group, the active groups and their authority."""
    find_paths(t, s)
    for k in range(t.fire_unit.shape[0]):
        s.fire_unit[k].group = commander(t, s, wide(k))
    has_new_group = False
    for place in range(s.active.shape[0]):
        active = authorised = wide(0)
        for k in range(t.fire_unit.shape[0]):
            if s.fire_unit[k].group >> 6 == place:  # -1, for none, is in no word
                active |= bit(s.fire_unit[k].group)
        for node in range(t.node.shape[0]):
            if t.node[node].authority == 1:
                authorised |= s.group_reach[place, node]
        has_new_group = has_new_group or active & ~s.active[place] != 0
        s.active[place] = active
        s.authorised[place] = authorised
    s.scalar[HAS_NEW_GROUP] = 1 if has_new_group else 0


@handler
def path_delay(t: Tables, s: State, source: int, target: int, quantile: int) -> Any:
    """Delay of a message along the present path, ms; all its links at the same quantile of their delay rows."""
    via = s.via if s.scalar[HAS_SEARCHED] == 1 else s.whole_via
    total = wide(0)
    node = target
    while node != source:
        link = wide(via[source, node])
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
def tell(t: Tables, s: State, seed: int, row: int, place: int, groups: int, ms: int) -> None:
    """Tell these groups of one word of a firm track; none of them knows of the threat."""
    sense = t.sense[row]
    source = t.sensor[sense.sensor].node
    threat = t.threat[sense.threat]
    audience = s.audience[place, sense.threat]
    audience.told |= groups
    while groups != 0:
        group = place << 6 | lowest(groups)
        groups &= groups - 1
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
        if not is_in(group, audience.was_told):
            audience.was_told |= bit(group)
            belief.looks = 0
        belief.state = REPORTED
        belief.declared = declared
        belief.ready_due = ready
        push(s, ready, READY, group * t.threat.shape[0] + sense.threat)
        note(s, ms, _REPORTED, sense.threat, sense.sensor, -1, group, ready)


@inlined
def report(t: Tables, s: State, seed: int, row: int, ms: int) -> None:
    """Tell a firm track to every active group that has not heard of the threat and can be reached."""
    source = t.sensor[t.sense[row].sensor].node
    for place in range(s.active.shape[0]):
        groups = s.group_reach[place, source] & s.active[place] & ~s.audience[place, t.sense[row].threat].told
        if groups != 0:
            tell(t, s, seed, row, place, groups, ms)


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
    s.audience[group >> 6, threat].was_known |= bit(group)
    become_known(s, group, threat)
    note(s, ms, _KNOWN, threat, -1, -1, group, belief.declared)
    request_decision(t, s, group, ms)


@inlined
def ask_active(t: Tables, s: State, ms: int) -> None:
    """Every active group asks for a decision."""
    for group in range(t.group.shape[0]):
        if is_in(group, s.active[group >> 6]):
            request_decision(t, s, wide(group), ms)
