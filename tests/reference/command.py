"""Messages, beliefs and who commands whom (`docs/engine.md`, Command and control)."""

from __future__ import annotations

from steeldome.streams import Purpose

from .draws import quantile
from .network import chosen_paths
from .world import FireUnit, Group, Sense, State, Status, Threat, Type, World


def is_active(world: World, group: Group) -> bool:
    """Whether some fire unit takes its orders from this group now."""
    return any(fire_unit.group is group for fire_unit in world.fire_units)


def ask(world: World, group: Group, t: int) -> None:
    """The group asks to decide at `t`, rounded up to its epoch."""
    epoch = 1 << group.data.epoch_shift
    t = -(-t // epoch) * epoch
    if t < group.decide_due:
        group.decide_due = t
        world.push(t, Type.DECIDE, group.row)


def ask_current(world: World, fire_unit: FireUnit) -> None:
    """The group that commands the fire unit, if any, asks."""
    if fire_unit.group is not None:
        ask(world, fire_unit.group, world.now)


def ask_active(world: World) -> None:
    """Every active group asks."""
    for group in world.groups:
        if is_active(world, group):
            ask(world, group, world.now)


def set_paths(world: World) -> None:
    """Choose the paths between nodes anew and give each fire unit its group."""
    is_up = [world.is_up(node.data.unit) for node in world.nodes]
    links = {i: (r.a, r.b, world.delay[r.delay_row][16]) for i, r in enumerate(world.links) if r.classes & 1}
    world.paths = chosen_paths(links, is_up)
    for fire_unit in world.fire_units:
        candidates = [fire_unit.data.group]
        if fire_unit.data.fallback >= 0 and world.fault != "fallback_ignored":
            candidates.append(fire_unit.data.fallback)
        fire_unit.group = None
        for place, row in enumerate(candidates):
            group = world.groups[row]
            if world.paths[group.data.node][fire_unit.data.node] is not None:
                fire_unit.group = group
                if place == 1:
                    world.note("note:fallback commands")
                break
        if fire_unit.group is None:
            world.note("note:nobody commands")


def change_topology(world: World) -> None:
    """A node came or went: paths, groups, late reports, forgotten tracks, decisions."""
    set_paths(world)
    for sense in world.senses:
        if sense.status is Status.TRACKED:
            report(world, sense)
    for threat in world.threats:
        forget(world, threat)
    ask_active(world)


def report(world: World, sense: Sense) -> None:
    """Send a firm track to every group that does not have it."""
    threat = sense.threat
    for group in world.groups:
        belief = group.beliefs[threat.row]
        path = world.paths[sense.sensor.data.node][group.data.node]
        if belief.state is not State.UNSEEN or path is None or not is_active(world, group):
            continue
        index = world.now & 0xFFFFFF if world.fault == "message_draw_by_time" else 0
        word = world.draw(Purpose.MESSAGE, threat.data.id, group.data.id, index)
        delay = sum(quantile(world.delay[world.links[link].delay_row], word) for link in path)
        node = group.node
        if node.data.identify_row < 0:
            belief.declared = threat.data.threat_class
        else:
            row = world.identify[node.data.identify_row][threat.data.threat_class]
            belief.declared = quantile(row, world.draw(Purpose.IDENTIFY, threat.data.id, group.data.id, 0))
            if belief.declared != threat.data.threat_class:
                world.note("note:declared wrongly")
        ready = world.now + delay + node.data.identify_ms
        if node.next_free:
            server = node.next_free.index(min(node.next_free))
            if node.next_free[server] > ready:
                world.note("note:operator busy")
            ready = max(ready, node.next_free[server]) + node.data.service_ms
            node.next_free[server] = ready
        if len(path) > 1:
            world.note("note:message relayed")
        world.believe(belief, State.TRACKED)
        belief.was_reported = True
        belief.ready_due = ready
        world.push(ready, Type.READY, group.row * len(world.threats) + threat.row)


def forget(world: World, threat: Threat) -> None:
    """Groups that no firm track reaches any more drop the threat."""
    held = [sense.sensor.data.node for sense in threat.senses if sense.status is Status.TRACKED]
    for group in world.groups:
        if all(world.paths[node][group.data.node] is None for node in held):
            world.believe(group.beliefs[threat.row], State.UNSEEN)


def on_ready(world: World, entity: int) -> bool:
    """READY: the group knows the threat."""
    group_row, threat_row = divmod(entity, len(world.threats))
    group = world.groups[group_row]
    belief = group.beliefs[threat_row]
    if belief.state is not State.TRACKED or belief.ready_due != world.now:
        return False
    world.believe(belief, State.KNOWN)
    belief.was_known = True
    ask(world, group, world.now)
    return True
