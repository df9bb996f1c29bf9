"""Who is told what by whom: nodes, links, groups and the doctrine that each group follows."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from steeldome.compiler.tables import MAX_NODES, N_ROW, THREAT_CLASSES, UNLIMITED_LOOKS
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.c2 import Network
from steeldome.inputs.doctrine import ANY_THREAT, DEFAULT_CLASS, Doctrine, EngagementRule

Words = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A place where tracks arrive and orders start; ``unit`` is None if it cannot be lost.

    ``is_alone`` marks the node of a unit that is a member of no network.
    """

    id: str
    unit: str | None
    servers: int
    is_coordinator: bool
    is_alone: bool


@dataclass(frozen=True, slots=True)
class CommandPlan:
    """The graph of one laydown.

    Attributes
    ----------
    nodes : tuple of NodeSpec
    links : tuple of (str, str)
        From node to node; a two-way link is there twice.
    group_of : mapping of str to str
        Node of the group that commands a unit, by unit id. This group and the one that a unit falls back to, its own,
        have the names of their nodes, so there are never more groups than nodes.
    """

    nodes: tuple[NodeSpec, ...]
    links: tuple[tuple[str, str], ...]
    group_of: Mapping[str, str]


def plan_command(networks: Sequence[Network], systems: Mapping[str, str], own_servers: int) -> CommandPlan:
    """Nodes, links and groups of a laydown.

    Parameters
    ----------
    networks : sequence of Network
    systems : mapping of str to str
        System of each unit of the laydown.
    own_servers : int
        Operators at the node of a single unit.

    Raises
    ------
    ScenarioError
        More nodes than the tables hold.
    """
    network_of = {member: network for network in networks for member in network.members}
    nodes = {
        unit: NodeSpec(unit, unit, own_servers, False, system not in network_of) for unit, system in systems.items()
    }
    links: list[tuple[str, str]] = []
    group_of: dict[str, str] = {}
    seat: dict[str, str] = {}
    for unit in sorted(systems):
        network = network_of.get(systems[unit])
        group_of[unit] = unit
        if network is None:
            continue
        if network.id not in seat:
            own = sorted(other for other, system in systems.items() if system == network.coordinator)
            at = own[0] if own else network.coordinator
            seat[network.id] = at
            nodes[at] = NodeSpec(at, at if own else None, network.operators, True, False)
        at = seat[network.id]
        if at != unit:
            links += [(unit, at), (at, unit)]
            group_of[unit] = at
    if len(nodes) > MAX_NODES:
        found = f"{len(nodes)} command nodes (units and command posts)"
        message = f"{found}, at most {MAX_NODES} fit; lower some 'count' or take out units"
        raise ScenarioError([Fault("", 0, "laydowns", message)])
    return CommandPlan(tuple(nodes[name] for name in sorted(nodes)), tuple(links), group_of)


def delay_row(delay: float, loss: float, resend: float) -> list[int]:
    """Inverse distribution of one link's delay, 32 values in ms, each sent again until it arrives.

    Parameters
    ----------
    delay, resend : float, s
        Of a message that arrives, and between two attempts.
    loss : float, 0..1 exclusive
        Probability that one attempt is lost.
    """
    row = []
    for i in range(N_ROW):
        left = 1.0 - (i + 0.5) / N_ROW
        lost = 0 if loss <= 0.0 or left >= loss else math.ceil(math.log(left) / math.log(loss)) - 1
        row.append(round(1000.0 * (delay + lost * resend)))
    return row


def rule_for(doctrine: Doctrine, words: Sequence[str], system_class: str) -> EngagementRule:
    """The most specific rule of a doctrine for one class of system against a threat that answers to some words."""
    groups = (*words, ANY_THREAT)
    by_key = {(rule.applies_to, rule.threat): rule for rule in doctrine.rules}
    for applies_to in (system_class, DEFAULT_CLASS):
        for group in groups:
            if (applies_to, group) in by_key:
                return by_key[applies_to, group]
    raise AssertionError("a doctrine has a rule for 'default' and 'any'")


def group_doctrine(
    doctrine: Doctrine, words: Words, system_classes: Iterable[str], is_alone: bool = False
) -> list[tuple[int, int, int, int, int, int]]:
    """Doctrine rows (cost cap, reserve, layer, salvo, looks, hold) of one group, one for each class of threat.

    ``words`` gives the words under which a rule can name a class of threat.

    A group of several classes of system has one row a threat class: the largest salvo, number of looks, reserve and
    cost cap of those classes that do not hold. What a class may not do at all, its pairs leave out. What is declared
    background is held; so is what is declared an aircraft by a unit that stands alone under ``tight``.
    """
    held = {"background", "aircraft"} if is_alone and doctrine.stand_alone == "tight" else {"background"}
    classes = sorted(set(system_classes))
    rows = []
    for threat_class in THREAT_CLASSES:
        rules = [rule_for(doctrine, words(threat_class), name) for name in classes]
        active = [rule for rule in rules if not rule.hold]
        is_held = not active or threat_class in held
        rules = active or rules
        caps = [rule.cost_cap for rule in rules]
        top = -1 if any(cap is None for cap in caps) else max(round(cap) for cap in caps if cap is not None)
        looks = min(max(rule.looks for rule in rules), UNLIMITED_LOOKS)
        rows.append(
            (
                2**62 if top < 0 else top,
                max(rule.reserve for rule in rules),
                0,
                max(rule.salvo for rule in rules),
                looks,
                int(is_held),
            )
        )
    return rows
