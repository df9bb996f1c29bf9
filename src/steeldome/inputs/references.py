"""Rules across the parts of a study: every id means something, no raid is empty.

All checks walk places, so they run alike on the tree of a file that does not validate and on a built study; that is how
every fault of a file is reported at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from steeldome.inputs.background import BACKGROUND
from steeldome.inputs.doctrine import ANY_THREAT, DEFAULT_CLASS
from steeldome.inputs.environment import NO_TERRAIN
from steeldome.inputs.laydown_rules import SOURCE_PLACES, SYSTEM_PLACES, check_laydowns, check_questions, equal_money
from steeldome.inputs.raid import BY_VALUE
from steeldome.inputs.reading import Finding, Place, at, ids_at, matches, suggest
from steeldome.inputs.replacement import check_assumptions
from steeldome.inputs.route_rules import check_routes
from steeldome.inputs.target import Replaceable


@dataclass(frozen=True, slots=True)
class KnownIds:
    """What a catalogue knows, for the cross-check of a study; None leaves a kind unchecked.

    Attributes
    ----------
    systems : frozenset of str
        Systems that a laydown may hold.
    coordinators : frozenset of str
        Command nodes that a network may name.
    system_classes, threats, aircraft, threat_groups, sources, terrains : frozenset of str
        Other ids that a study may name; ``aircraft`` are the threats that background traffic may be.
    replaceable : Replaceable
        What an assumption may replace.
    threat_ranges : mapping of str to float, m
        Longest published range by threat id; a launch from farther away is refused.
    threat_kinds : mapping of str to str
        Group of each threat, which says what it can fly.
    prices : mapping of str to (float, float), USD
        Lowest and highest price of one unit by system.
    """

    systems: frozenset[str] | None = None
    coordinators: frozenset[str] | None = None
    system_classes: frozenset[str] | None = None
    threats: frozenset[str] | None = None
    aircraft: frozenset[str] | None = None
    threat_groups: frozenset[str] | None = None
    replaceable: Replaceable | None = None
    sources: frozenset[str] | None = None
    terrains: frozenset[str] | None = None
    threat_ranges: Mapping[str, float] = field(default_factory=dict)
    threat_kinds: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, tuple[float, float]] | None = None


# Lists whose items carry an id that must be unique.
_LISTS: Final[tuple[tuple[str, ...], ...]] = (
    ("assets",),
    ("laydowns",),
    ("deltas",),
    ("networks",),
    ("raids",),
    ("background",),
    ("pathways", "policies"),
    ("pathways", "futures"),
    ("claims",),
)

# Where an id stands, what it names, where the ids allowed stand.
_INSIDE: Final[tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]] = (
    (("deltas", "*", "to", "*"), "laydown", ("laydowns", "*", "id")),
    (("deltas", "*", "equal_money_to"), "delta", ("deltas", "*", "id")),
    (("deltas", "*", "join", "*", "network"), "network", ("networks", "*", "id")),
    (("raids", "*", "groups", "*", "aim", "*"), "asset", ("assets", "*", "id")),
    (("raids", "*", "extends"), "raid", ("raids", "*", "id")),
    (("background", "*", "to"), "destination", ("assets", "*", "id")),
    (("pathways", "laydowns", "*"), "laydown", ("laydowns", "*", "id")),
    (("pathways", "raids", "*"), "raid", ("raids", "*", "id")),
    (("pathways", "policies", "*", "orders", "*", "only_if", "*"), "future", ("pathways", "futures", "*", "id")),
    (("claims", "*", "comparison", "raids", "*"), "raid", ("raids", "*", "id")),
    (("claims", "*", "years", "raid"), "raid", ("pathways", "raids", "*")),
    (("claims", "*", "years", "policy"), "policy", ("pathways", "policies", "*", "id")),
    (("claims", "*", "years", "future"), "future", ("pathways", "futures", "*", "id")),
    (("claims", "*", "years", "than", "policy"), "policy", ("pathways", "policies", "*", "id")),
    (("claims", "*", "years", "than", "future"), "future", ("pathways", "futures", "*", "id")),
    (("claims", "*", "picture", "network"), "network", ("networks", "*", "id")),
    (("experiments", "raids", "*"), "raid", ("raids", "*", "id")),
)

# Where an id stands, what it names, the set of `KnownIds` that holds it, the word that needs no entry.
_OUTSIDE: Final[tuple[tuple[tuple[str, ...], str, str, str], ...]] = (
    *((place, "system", "systems", "") for place in SYSTEM_PLACES),
    *((place, "source", "sources", "") for place in SOURCE_PLACES),
    (("networks", "*", "coordinator"), "command node", "coordinators", ""),
    (("networks", "*", "members", "*"), "system", "systems", ""),
    (("doctrine", "rules", "*", "applies_to"), "system class", "system_classes", DEFAULT_CLASS),
    (("doctrine", "rules", "*", "threat"), "threat group", "threat_groups", ANY_THREAT),
    (("raids", "*", "groups", "*", "threat"), "threat", "threats", ""),
    (("background", "*", "threat"), "aircraft", "aircraft", ""),
)


def check_inside(study: object) -> Iterator[Finding]:
    """Faults of a study that can be seen without a catalogue.

    Parameters
    ----------
    study : Study or Node
        A built study, or the root of a tree that may be wrong in other ways.

    Yields
    ------
    (place, message)
    """
    yield from _duplicates(study)
    for pattern, what, targets in _INSIDE:
        allowed = ids_at(study, targets)
        if allowed is not None:
            yield from _unknown(study, pattern, what, allowed, BY_VALUE if what == "asset" else "", "this study")
    yield from check_laydowns(study)
    yield from check_questions(study)
    yield from _network_rules(study)
    yield from _raid_rules(study)
    yield from _doctrine_rules(study)
    rules = at(study, ("siting", "rules"))
    if isinstance(rules, list | tuple) and "threat_axis" in rules and at(study, ("siting", "threat_axis")) is None:
        yield ("siting", "threat_axis"), "is missing and the rule 'threat_axis' needs it; write 'threat_axis: 110 deg'"


def check_outside(study: object, known: KnownIds) -> Iterator[Finding]:
    """Faults of a study against a catalogue: ids it does not have, launches beyond a threat's range, assumptions."""
    for pattern, what, name, reserved in _OUTSIDE:
        allowed: frozenset[str] | None = getattr(known, name)
        if allowed is not None:
            yield from _unknown(study, pattern, what, allowed, reserved, "the catalogue")
    terrain = at(study, ("environment", "terrain"))
    if known.terrains is not None and isinstance(terrain, str) and "." not in terrain:
        yield from _unknown(
            study, ("environment", "terrain"), "terrain", known.terrains, NO_TERRAIN, "the shipped data"
        )
    yield from check_routes(study, known.threat_kinds, known.threat_ranges)
    if known.prices is not None:
        yield from equal_money(study, known.prices)
    if known.replaceable is not None:
        for place, message in check_assumptions(at(study, ("assumptions",)), known.replaceable):
            yield ("assumptions", *place), message


def _unknown(
    study: object, pattern: tuple[str, ...], what: str, allowed: frozenset[str], reserved: str, owner: str
) -> Iterator[Finding]:
    for place, text in matches(study, pattern):
        if isinstance(text, str) and text not in allowed and text != reserved:
            words = sorted(allowed | ({reserved} if reserved else set()))
            hint = suggest(text, words) or (f"; allowed: {', '.join(words)}" if len(words) <= 12 else "")
            yield place, f"no {what} '{text}' in {owner}{hint}"


def _duplicates(study: object) -> Iterator[Finding]:
    raids = [(*place, "groups") for place, _ in matches(study, ("raids", "*"))]
    for where in chain(_LISTS, raids):
        seen: dict[str, int] = {}
        for (index, *_), text in matches(at(study, where), ("*", "id")):
            if isinstance(text, str) and isinstance(index, int):
                if text in seen:
                    yield (*where, index, "id"), f"id '{text}' is already used by item [{seen[text]}]; choose another"
                seen.setdefault(text, index)


def _network_rules(study: object) -> Iterator[Finding]:
    owners: dict[str, Place] = {}
    for place, system in matches(study, ("networks", "*", "members", "*")):
        if isinstance(system, str) and owners.setdefault(system, place[:2]) != place[:2]:
            other = at(study, (*owners[system], "id"))
            yield place, f"'{system}' is already a member of network '{other}'; a system has one picture, remove one"


def _raid_rules(study: object) -> Iterator[Finding]:
    by_id = {str(at(raid, ("id",))): raid for _, raid in matches(study, ("raids", "*"))}
    for place, raid in matches(study, ("raids", "*")):
        groups, extends = at(raid, ("groups",)), at(raid, ("extends",))
        if groups is None and extends is None:
            yield place, "has neither 'groups' nor 'extends'; list what attacks, or extend another raid"
        elif groups and extends is not None:
            message = "a raid that extends another one has its objects; keep one of 'groups' and 'extends'"
            yield (*place, "groups"), message
        elif extends is not None and at(by_id.get(str(extends)), ("extends",)) is not None:
            yield (*place, "extends"), f"'{extends}' extends another raid itself; extend that one"
        elif isinstance(groups, list | tuple) and not groups and extends is None:
            yield (*place, "groups"), "empty raid; a raid needs at least one group with a count of 1 or more"
    for place, name in matches(study, ("assets", "*", "id")):
        if name == BY_VALUE:
            yield place, f"'{BY_VALUE}' is a reserved word; choose another id"
    for place, name in matches(study, ("raids", "*", "id")):
        if name == BACKGROUND:
            yield place, f"'{BACKGROUND}' is a reserved word; choose another id"


def _doctrine_rules(study: object) -> Iterator[Finding]:
    rules = at(study, ("doctrine", "rules"))
    if not isinstance(rules, list | tuple):
        return
    pairs = [(at(rule, ("applies_to",)), at(rule, ("threat",)) or ANY_THREAT) for rule in rules]
    for index, pair in enumerate(pairs):
        if isinstance(pair[0], str) and pair in pairs[:index]:
            message = f"a rule for '{pair[0]}' against '{pair[1]}' already stands at [{pairs.index(pair)}]; keep one"
            yield ("doctrine", "rules", index), message
    if (DEFAULT_CLASS, ANY_THREAT) not in pairs:
        shown = f"- {{applies_to: {DEFAULT_CLASS}, threat: {ANY_THREAT}, salvo: 2}}"
        yield ("doctrine", "rules"), f"has no rule for '{DEFAULT_CLASS}' against '{ANY_THREAT}'; add '{shown}'"
