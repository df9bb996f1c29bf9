"""Rules across the entries of a catalogue: every id means something, every unit fits, every gap is covered."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from steeldome.constants import RADAR_BANDS
from steeldome.errors import Fault
from steeldome.inputs.base import Grade, Source, Value, has_dimension
from steeldome.inputs.catalogue_reading import KINDS, Contents, Entry
from steeldome.inputs.effector import SYSTEM_CLASSES
from steeldome.inputs.item import PARAMETERS, Descriptor, Item, published_band
from steeldome.inputs.prior import NotModelled, Prior, best_match, can_clash
from steeldome.inputs.reading import Place, suggest
from steeldome.inputs.record import ClassRate, Contract, ExchangeRate, Fact, HostedUnit, Integration, VetoGate
from steeldome.inputs.resolution import item_keys, kind_and_class, lineage, quantity_of, threat_keys
from steeldome.inputs.sensor import SENSOR_CLASSES
from steeldome.inputs.threat import (
    THREAT_GROUPS,
    THREAT_PARAMETERS,
    InterceptorCost,
    TextbookRcs,
    ThreatClass,
    ThreatType,
)

_ROLES: Final = {"effector": "effector", "sensor": "sensor", "c2": "c2", "launcher": "launcher"}
_SOURCE_KEYS: Final = ("source_id", "alt_source_ids")


def check(contents: Contents) -> Iterator[Fault]:
    """Faults that show only between entries; entries that were refused are passed over."""
    yield from _duplicates(contents)
    yield from _sources(contents)
    yield from _units(contents)
    yield from _items(contents)
    yield from _threats(contents)
    yield from _records(contents)
    yield from _priors(contents)
    if not contents.broken & {"priors", "not_modelled", "threat_classes"}:
        yield from _gaps(contents)


def _duplicates(contents: Contents) -> Iterator[Fault]:
    spaces: dict[str, dict[str, Entry]] = {}
    for section, entries in contents.entries.items():
        # Items and threats share one space of ids, because both can be asked for a parameter.
        space = "items" if section == "threats" else section
        for entry in entries:
            name = getattr(entry.built, "id", None)
            if name is None:
                continue
            first = spaces.setdefault(space, {}).setdefault(name, entry)
            if first is not entry:
                where = f"{Path(first.tree.file).name}:{first.tree.line(first.place)}"
                yield entry.fault(("id",), f"id '{name}' is already used at {where}; choose another")


def _values(contents: Contents) -> Iterator[tuple[Entry, Place, str, str | None, Value]]:
    """All values with their place, parameter, and kind of quantity; None for a parameter that is not known."""
    for entry, item in contents.all_of("items", Item):
        for name, value in item.parameters.items():
            yield entry, ("parameters", name), name, PARAMETERS[item.kind].get(name), value
    for entry, threat in contents.all_of("threats", ThreatType):
        for name, value in threat.parameters.items():
            yield entry, ("parameters", name), name, THREAT_PARAMETERS.get(name), value
    for entry, textbook in contents.all_of("textbook_rcs", TextbookRcs):
        yield entry, ("rcs",), "rcs", "area", textbook.rcs
    for entry, cost in contents.all_of("interceptor_costs", InterceptorCost):
        yield entry, ("unit_cost",), "unit_cost", "money", cost.unit_cost
        for name, value in cost.parameters.items():
            yield entry, ("parameters", name), name, THREAT_PARAMETERS.get(name), value
    for entry, rate in contents.all_of("exchange_rates", ExchangeRate):
        yield entry, ("rate",), "rate", "ratio", rate.rate
    for entry, contract in contents.all_of("contracts", Contract):
        yield entry, ("price",), "price", "money", contract.price
    for entry, fact in contents.all_of("f35_facts", Fact):
        if fact.amount is not None:
            yield entry, ("amount",), "amount", fact.amount.dimension, fact.amount


def _units(contents: Contents) -> Iterator[Fault]:
    for entry, place, name, kind, value in _values(contents):
        if kind is None:
            built = entry.built
            known = PARAMETERS[built.kind] if isinstance(built, Item) else THREAT_PARAMETERS
            hint = suggest(name, known) or f"; allowed: {', '.join(sorted(known))}"
            yield entry.fault(place, f"no parameter '{name}' is known here{hint}")
            continue
        dimension, high = ("ratio", 1.0) if kind == "share" else (kind, float("inf"))
        low = -1.6 if kind == "angle" else 0.0
        try:
            has_dimension(dimension, low, high).func(value)  # type: ignore[call-arg]
        except ValueError as reason:
            yield entry.fault(place, str(reason))


def _sources(contents: Contents) -> Iterator[Fault]:
    known = {entry.place[-1]: source for entry, source in contents.all_of("sources", Source)}
    for entries in contents.entries.values():
        for entry in entries:
            for place, found in _citations(entry.built):
                if found not in contents.source_ids:
                    hint = suggest(found, contents.source_ids)
                    yield entry.fault(place, f"no source '{found}' in sources.yaml{hint}")
    for entry, place, _, _, value in _values(contents):
        source = known.get(value.source_id or "")
        if source is not None and source.grade is Grade.ASSUMPTION and not value.assumption:
            message = f"'{value.source_id}' is no publication; write 'assumption: true'"
            yield entry.fault((*place, "source_id"), message)


def _citations(node: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Ids of sources that stand anywhere inside an entry."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _citations(child, (*place, key))
        return
    for key in _SOURCE_KEYS:
        found = getattr(node, key, None)
        if isinstance(found, str):
            yield (*place, key), found
        elif isinstance(found, tuple):
            for index, text in enumerate(found):
                yield (*place, key, index), text
    for key in ("parameters", "descriptors", "rcs", "unit_cost", "rate", "price", "amount"):
        child = getattr(node, key, None)
        if isinstance(child, Mapping | Value | Descriptor):
            yield from _citations(child, (*place, key))


def _items(contents: Contents) -> Iterator[Fault]:
    kinds = {item.id: item.kind for item in contents.built("items", Item)}
    is_whole = "items" not in contents.broken
    for entry, item in contents.all_of("items", Item):
        allowed = KINDS[Path(entry.tree.file).name]
        if item.kind not in allowed:
            home = next(name for name, those in KINDS.items() if item.kind in those)
            yield entry.fault(("kind",), f"kind '{item.kind}' does not belong in this file; move the item to {home}")
        band = published_band(item) if item.kind == "sensor" else None
        if band is not None and band not in RADAR_BANDS:
            message = f"no radar band '{band}'; allowed: {', '.join(RADAR_BANDS)}"
            yield entry.fault(("descriptors", "band", "value"), message)
        if not is_whole:
            continue
        for role, kind in _ROLES.items():
            for index, part in enumerate(getattr(item.composition, role, ())):
                if kinds.get(part) != kind:
                    names = [name for name, found in kinds.items() if found == kind]
                    message = f"no {kind} '{part}' in the catalogue{suggest(part, names)}"
                    yield entry.fault(("composition", role, index), message)
        for key in ("weapons", "links"):
            for index, part in enumerate(getattr(item, key)):
                if part not in kinds:
                    yield entry.fault((key, index), f"no item '{part}' in the catalogue{suggest(part, kinds)}")


def _threats(contents: Contents) -> Iterator[Fault]:
    classes = {found.id: found for found in contents.built("threat_classes", ThreatClass)}
    types = {found.id for found in contents.built("threats", ThreatType)}
    if "threat_classes" not in contents.broken:
        for entry, threat_class in contents.all_of("threat_classes", ThreatClass):
            parent, example = threat_class.parent, threat_class.threat_id
            if parent is not None and parent not in classes:
                yield entry.fault(("parent",), f"no threat class '{parent}'{suggest(parent, classes)}")
            elif threat_class.id in lineage(classes, threat_class.id)[1:]:
                yield entry.fault(("parent",), f"'{threat_class.id}' is its own ancestor; remove one 'parent'")
            if example is not None and example not in types and "threats" not in contents.broken:
                yield entry.fault(("threat_id",), f"no threat '{example}'{suggest(example, types)}")
        for entry, threat in contents.all_of("threats", ThreatType):
            name = threat.threat_class
            if name not in classes:
                yield entry.fault(("threat_class",), f"no threat class '{name}'{suggest(name, classes)}")
            elif classes[name].group is None:
                message = f"threat class '{name}' has no group; name a narrower class, or write 'group: ...' there"
                yield entry.fault(("threat_class",), message)
    if "items" in contents.broken:
        return
    items = {item.id: item for item in contents.built("items", Item)}
    for entry, cost in contents.all_of("interceptor_costs", InterceptorCost):
        if cost.id not in items:
            yield entry.fault(("id",), f"no item '{cost.id}' in the catalogue{suggest(cost.id, items)}")
            continue
        own = items[cost.id].parameters.get("unit_cost")
        if own is not None and own.value is not None and own.value != cost.unit_cost.value:
            message = f"{cost.unit_cost.value} USD, but the item has {own.value} USD; one fact has one value"
            yield entry.fault(("unit_cost",), message)


def _records(contents: Contents) -> Iterator[Fault]:
    if "items" in contents.broken:
        return
    known = {item.id for item in contents.built("items", Item)}
    for entry, pair in contents.all_of("integration", Integration):
        for key, name in (("a", pair.a), ("b", pair.b)):
            if name not in known:
                yield entry.fault((key,), f"no item '{name}' in the catalogue{suggest(name, known)}")
    for entry, contract in contents.all_of("contracts", Contract):
        for index, name in enumerate(contract.system_ids):
            if name not in known:
                yield entry.fault(("system_ids", index), f"no item '{name}' in the catalogue{suggest(name, known)}")
    for entry, fact in contents.all_of("f35_facts", Fact):
        if (fact.amount is None) == (fact.text is None) or (fact.text is not None and fact.source_id is None):
            yield entry.fault((), "needs either an 'amount', or a 'text' with its 'source_id'")
    for entry, rate in contents.all_of("class_rates", ClassRate):
        if rate.threats not in {found.id for found in contents.built("threat_classes", ThreatClass)}:
            yield entry.fault(("threats",), f"no threat class '{rate.threats}' in the catalogue")
        if rate.stopped + rate.lost > rate.launched:
            yield entry.fault(("stopped",), f"{rate.stopped} and {rate.lost} lost are more than {rate.launched}")
    for section, model in (("hosted_units", HostedUnit), ("veto_gates", VetoGate)):
        for entry in contents.entries.get(section, ()):
            assert isinstance(entry.built, model)
            if entry.built.system not in known:
                name = entry.built.system
                yield entry.fault(("system",), f"no item '{name}' in the catalogue{suggest(name, known)}")


def _priors(contents: Contents) -> Iterator[Fault]:
    classes = [found.id for found in contents.built("threat_classes", ThreatClass)]
    words: dict[str, tuple[str, ...]] = {
        "kind": tuple(PARAMETERS),
        "system_class": SYSTEM_CLASSES,
        "sensor_class": SENSOR_CLASSES,
        "threat_group": THREAT_GROUPS,
    }
    if "threat_classes" not in contents.broken:
        words |= dict.fromkeys(("true_class", "declared_class"), (*classes, "background"))
        words |= {"threat_class": tuple(classes)}
    by_quantity: dict[str, list[Prior]] = {}
    for entry, prior in contents.all_of("priors", Prior):
        for key, found in prior.applies_to.keys.items():
            for index, word in enumerate(found):
                if key in words and word not in words[key]:
                    hint = suggest(str(word), words[key]) or f"; allowed: {', '.join(words[key])}"
                    yield entry.fault(("applies_to", key, index), f"no {key} '{word}'{hint}")
        peers = by_quantity.setdefault(prior.quantity, [])
        other = next((peer for peer in peers if peer.id != prior.id and can_clash(prior, peer)), None)
        if other is not None:
            message = f"could apply where '{other.id}' does, with as many keys; make one of the two more specific"
            yield entry.fault(("applies_to",), message)
        peers.append(prior)
    for entry, gap in contents.all_of("not_modelled", NotModelled):
        if gap.instead is not None and gap.instead not in by_quantity:
            yield entry.fault(("instead",), f"no prior has the quantity '{gap.instead}'")


def _gaps(contents: Contents) -> Iterator[Fault]:
    """Every parameter without a public figure has a prior, or a reason why no model uses it, and not both."""
    priors = contents.built("priors", Prior)
    classes = {found.id: found for found in contents.built("threat_classes", ThreatClass)}
    entries = list(contents.all_of("not_modelled", NotModelled))
    used: set[int] = set()
    owners: list[tuple[Entry, Item | ThreatType]] = list(contents.all_of("items", Item))
    owners += [pair for pair in contents.all_of("threats", ThreatType) if pair[1].threat_class in classes]
    for entry, owner in owners:
        kind, class_ = kind_and_class(owner)
        keys = item_keys(owner) if isinstance(owner, Item) else threat_keys(classes, owner)
        for name in (name for name, value in owner.parameters.items() if value.value is None):
            quantity = quantity_of(owner, name)
            prior = best_match((found for found in priors if found.quantity == quantity), keys)
            covered = [i for i, (_, gap) in enumerate(entries) if gap.covers(name, kind, class_)]
            used.update(covered)
            place = ("parameters", name)
            if prior is None and not covered:
                whose = f"{kind}, class {class_}"
                message = f"has no value; add a prior for '{quantity}' ({whose}), or list it in not_modelled"
                yield entry.fault(place, message)
            elif prior is not None and covered:
                gap_entry = entries[covered[0]][0]
                yield gap_entry.fault((), f"'{name}' of '{owner.id}' has the prior '{prior.id}'; keep one of the two")
    if "items" not in contents.broken:
        for index, (entry, gap) in enumerate(entries):
            if index not in used:
                yield entry.fault((), f"no item lacks '{gap.parameter}' here; remove the entry")
