"""Command and control: topology, reports, identification, operators, waiting lists, decision requests."""

from typing import Any

from steeldome.compiler.tables import Tables
from steeldome.engine.draws import IDENTIFY, MESSAGE, word
from steeldome.engine.jit import handler, inlined, wide
from steeldome.engine.queue import DECIDE, READY, event_key
from steeldome.engine.state import (
    HAS_NEW_GROUP,
    HAS_SEARCHED,
    KNOWN,
    NEXT_DECISION,
    REPORTED,
    UNSEEN,
    WAS_KNOWN,
    WAS_REPORTED,
    State,
    is_up,
    note,
    push,
)
from steeldome.kernels.network import UNREACHABLE, shortest_paths
from steeldome.results.schema import EVENT_KINDS

_REPORTED = EVENT_KINDS.index("reported")
_KNOWN = EVENT_KINDS.index("known")

RETRY_SHIFT = 32
RANK_MASK = (1 << RETRY_SHIFT) - 1


@handler
def survey_network(t: Tables, s: State) -> None:
    """Shortest delays with every node up, and the nodes that relay; once for all replications."""
    n_nodes = t.node.shape[0]
    s.node_up[:] = 1
    shortest_paths(n_nodes, t.link["a"], t.link["b"], s.link_delay, s.node_up, s.whole_delay, s.whole_via)
    s.is_relay[:] = 0
    for source in range(n_nodes):
        for target in range(n_nodes):
            link = s.whole_via[source, target]
            if link >= 0 and t.link[link].a != source:
                s.is_relay[t.link[link].a] = 1


@handler
def find_paths(t: Tables, s: State) -> None:
    """Shortest delays between the nodes that are up.

    Without nodes that relay nothing the other paths stay as they are, so only the loss of a relay needs a new search.
    """
    n_nodes = t.node.shape[0]
    needs_search = False
    for node in range(n_nodes):
        s.node_up[node] = 1 if is_up(s, t.node[node].unit) else 0
        needs_search = needs_search or (s.node_up[node] == 0 and s.is_relay[node] == 1)
    s.scalar[HAS_SEARCHED] = 1 if needs_search else 0
    if needs_search:
        shortest_paths(n_nodes, t.link["a"], t.link["b"], s.link_delay, s.node_up, s.delay, s.via)
        return
    for source in range(n_nodes):
        for target in range(n_nodes):
            s.delay[source, target] = s.whole_delay[source, target]
            s.via[source, target] = s.whole_via[source, target]
    for node in range(n_nodes):
        if s.node_up[node] == 0:
            for other in range(n_nodes):
                s.delay[node, other] = s.delay[other, node] = UNREACHABLE
                s.via[node, other] = s.via[other, node] = -1


@handler
def connect(t: Tables, s: State) -> None:
    """Recompute shortest delays, each fire unit's commanding group, the active groups and their authority."""
    n_nodes = t.node.shape[0]
    find_paths(t, s)
    for group in range(t.group.shape[0]):
        s.group[group].was_active = 1 if s.group[group].members > 0 else 0
        s.group[group].members = 0
    for k in range(t.fire_unit.shape[0]):
        unit = t.fire_unit[k]
        group = -1
        if s.node_up[unit.node] == 1:
            if s.delay[t.group[unit.group].node, unit.node] != UNREACHABLE:
                group = unit.group
            elif unit.fallback >= 0 and s.delay[t.group[unit.fallback].node, unit.node] != UNREACHABLE:
                group = unit.fallback
        s.fire_unit[k].group = group
        if group >= 0:
            s.group[group].members += 1
    s.scalar[HAS_NEW_GROUP] = 0
    n_active = 0
    for group in range(t.group.shape[0]):
        if s.group[group].members == 0:
            continue
        n_active += 1
        s.active[n_active] = group
        if s.group[group].was_active == 0:
            s.scalar[HAS_NEW_GROUP] = 1
        if s.group[group].engaged == 0:
            s.group[group].engaged = 1
            s.engaged[0] += 1
            s.engaged[s.engaged[0]] = group
        s.group[group].authority = 0
        for node in range(n_nodes):
            if t.node[node].authority == 1 and s.delay[node, t.group[group].node] != UNREACHABLE:
                s.group[group].authority = 1
                break
    s.active[0] = n_active


@handler
def path_delay(t: Tables, s: State, source: int, target: int, quantile: int) -> Any:
    """Delay of a message along the present path, ms; all its links at the same quantile of their delay rows."""
    total = wide(0)
    node = target
    while node != source:
        link = s.via[source, node]
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
    for i in range(s.active[0]):
        group = wide(s.active[1 + i])
        belief = s.belief[sense.threat, group]
        node = t.group[group].node
        if belief.state != UNSEEN or s.delay[source, node] == UNREACHABLE:
            continue
        quantile = word(s, seed, MESSAGE, threat.id, t.group[group].id, 0) >> 27
        declared = wide(threat.threat_class)
        if t.node[node].identify_row >= 0:
            drawn = word(s, seed, IDENTIFY, threat.id, t.group[group].id, 0)
            declared = wide(t.identify[t.node[node].identify_row, declared, drawn >> 27])
        ready = ms + path_delay(t, s, wide(source), wide(node), quantile) + wide(t.node[node].identify_ms)
        if t.node[node].servers > 0:
            ready = serve(t, s, wide(node), ready)
        belief.state = REPORTED
        belief.seen |= WAS_REPORTED
        belief.declared = declared
        belief.ready_due = ready
        push(s, ready, READY, group * t.threat.shape[0] + sense.threat)
        note(s, ms, _REPORTED, sense.threat, sense.sensor, -1, group, ready)


@handler
def request_decision(t: Tables, s: State, group: int, ms: int) -> None:
    """Ask a group to decide at its next epoch; at most one request is pending."""
    mask = (wide(1) << wide(t.group[group].epoch_shift)) - 1
    due = (ms + mask) & ~mask
    if due < s.group[group].decide_due:
        s.group[group].decide_due = due
        s.scalar[NEXT_DECISION] = min(s.scalar[NEXT_DECISION], event_key(due, DECIDE, group))


@handler
def enlist(t: Tables, s: State, group: int, threat: int) -> None:
    """Put a KNOWN threat on the group's waiting list, to be looked at by the next decision."""
    i = wide(s.group[group].n_waiting)
    rank = wide(s.impact_rank[threat])
    while i > 0 and s.waiting[group, i - 1] & RANK_MASK > rank:
        s.waiting[group, i] = s.waiting[group, i - 1]
        i -= 1
    s.waiting[group, i] = rank
    s.group[group].n_waiting += 1


@inlined
def place_in_list(s: State, group: int, threat: int) -> Any:
    """Where a KNOWN threat stands on the group's waiting list."""
    rank = wide(s.impact_rank[threat])
    i = 0
    while s.waiting[group, i] & RANK_MASK != rank:
        i += 1
    return i


@handler
def unlist(t: Tables, s: State, group: int, threat: int) -> None:
    """Take a threat off the group's waiting list."""
    n = wide(s.group[group].n_waiting)
    for i in range(place_in_list(s, group, threat), n - 1):
        s.waiting[group, i] = s.waiting[group, i + 1]
    s.group[group].n_waiting = n - 1


@handler
def reconsider(s: State, group: int, threat: int) -> None:
    """Something new about a KNOWN threat: the next decision looks at it again."""
    i = place_in_list(s, group, threat)
    s.waiting[group, i] &= RANK_MASK


@inlined
def become_known(t: Tables, s: State, group: int, threat: int) -> None:
    """The group knows the threat and may engage it (again)."""
    s.belief[threat, group].state = KNOWN
    enlist(t, s, group, threat)


@handler
def on_ready(t: Tables, s: State, entity: int, ms: int) -> None:
    """READY: track, message, identification and operator are through."""
    n_threats = t.threat.shape[0]
    group = entity // n_threats
    threat = entity - group * n_threats
    belief = s.belief[threat, group]
    if belief.state != REPORTED or belief.ready_due != ms:
        return
    belief.seen |= WAS_KNOWN
    become_known(t, s, group, threat)
    note(s, ms, _KNOWN, threat, -1, -1, group, belief.declared)
    request_decision(t, s, group, ms)


@inlined
def ask_active(t: Tables, s: State, ms: int) -> None:
    """Every active group asks for a decision."""
    for i in range(s.active[0]):
        request_decision(t, s, wide(s.active[1 + i]), ms)
