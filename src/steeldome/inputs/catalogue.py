"""Types by id, and the number that stands for every parameter: published, or assumed and shared by peers."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from steeldome.errors import CatalogueError
from steeldome.inputs.base import Input, Source, Value
from steeldome.inputs.catalogue_checks import check
from steeldome.inputs.catalogue_reading import Contents, in_order, read_folder
from steeldome.inputs.effector import SYSTEM_CLASSES, has_ballistic_claim
from steeldome.inputs.item import Item
from steeldome.inputs.overlay import read_overlay
from steeldome.inputs.prior import (
    SHARED_BY_PEERS,
    NotModelled,
    Prior,
    UncertainInput,
    best_match,
    from_prior,
    working_value,
)
from steeldome.inputs.reading import suggest
from steeldome.inputs.record import (
    ClassRate,
    Contract,
    Event,
    ExchangeRate,
    Fact,
    HostedUnit,
    Integration,
    Offer,
    Records,
    VetoGate,
)
from steeldome.inputs.references import KnownIds
from steeldome.inputs.resolution import figure, item_keys, lineage, quantity_of, threat_keys
from steeldome.inputs.study import Assumption, Study
from steeldome.inputs.target import SSPK, OwnValue, Replaceable, Target, asked_of_item, asked_of_threat
from steeldome.inputs.threat import (
    BALLISTIC_GROUPS,
    THREAT_GROUPS,
    InterceptorCost,
    TextbookRcs,
    ThreatClass,
    ThreatGroupName,
    ThreatType,
)
from steeldome.units import base_unit

#: ``brochure``: published figures first.  ``common``: where peers share a quantity, the prior stands for all of them.
Basis = Literal["brochure", "common"]

HIGHEST_SSPK: Final = 0.95
_SITED_KINDS: Final = frozenset(("battery", "effector", "sensor"))

T = TypeVar("T", Item, ThreatType, ThreatClass, Prior)


@dataclass(frozen=True, slots=True)
class SspkInput:
    """Single-shot probability of kill of one effector against one group of threats.

    Attributes
    ----------
    base : UncertainInput
        First generation of the class; zero by rule where the system has no claim.
    step : UncertainInput or None
        Factor for each further generation; None where the class has none.
    generations : float
        Generations after the first.
    """

    base: UncertainInput
    step: UncertainInput | None = None
    generations: float = 0.0

    def combine(self, base: float, step: float = 1.0) -> float:
        """Probability, 0..`HIGHEST_SSPK`, for drawn values of the two parts."""
        return min(HIGHEST_SSPK, base * float(step**self.generations))

    @property
    def value(self) -> float:
        """Working value."""
        return self.combine(self.base.value, self.step.value if self.step else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Everything that is known, by id, and where each number comes from.

    Attributes
    ----------
    items, threats, threat_classes, priors, sources : mapping
        By id, in the order of the files.
    not_modelled : tuple of NotModelled
        Parameters without a public figure that no model uses.
    textbook_rcs, interceptor_costs : tuple
        Generic radar cross sections; what rounds cost in the records of past raids.
    records : Records
        Connections, events, contracts, offers, lent units, veto gates.
    replaced : frozenset of str
        Ids of priors that a study replaced.
    own : mapping of (str, str) to OwnValue
        What a study says of one item or threat alone, by its id and the quantity; it wins over figures and priors.
    digest : str
        SHA-256 of the files and of what was replaced.
    priors_by_quantity : mapping of str to tuple of Prior
        The priors again, as they are looked up.
    """

    items: Mapping[str, Item]
    threats: Mapping[str, ThreatType]
    threat_classes: Mapping[str, ThreatClass]
    priors: Mapping[str, Prior]
    not_modelled: tuple[NotModelled, ...]
    textbook_rcs: tuple[TextbookRcs, ...]
    interceptor_costs: tuple[InterceptorCost, ...]
    records: Records
    sources: Mapping[str, Source]
    replaced: frozenset[str]
    own: Mapping[tuple[str, str], OwnValue]
    digest: str
    priors_by_quantity: Mapping[str, tuple[Prior, ...]] = field(repr=False)

    def uncertain(self, owner_id: str, quantity: str, basis: Basis = "brochure") -> UncertainInput:
        """Number for a quantity of an item or threat.

        Parameters
        ----------
        owner_id : str
            Id of an item or threat type.
        quantity : str
            Parameter, or quantity of a prior, such as ``range_max_air`` or ``reaction_time``.
        basis : str
            ``brochure`` or ``common``, see `Basis`.

        Returns
        -------
        UncertainInput
            What the study says of this item or threat alone; else a published figure; else the prior that peers share;
            else a figure of the item flagged as an assumption. A figure that is only a bracket works at its geometric
            mean, or at its middle if the bracket begins at zero.

        Raises
        ------
        CatalogueError
            If there is no such item or threat, or neither a figure nor a prior.
        """
        found = self.find(owner_id, quantity, basis)
        if found is None:
            raise CatalogueError(f"{owner_id}.{quantity}: neither a public figure nor a prior; add one to priors.yaml")
        return found

    def find(self, owner_id: str, quantity: str, basis: Basis = "brochure") -> UncertainInput | None:
        """As `uncertain`, but None if there is neither a figure nor a prior."""
        if (owner_id, quantity) in self.own:
            return self.own[owner_id, quantity].input
        found = self._standing(self.owner(owner_id), quantity, basis)
        return found and found[0]

    def _standing(self, owner: Item | ThreatType, quantity: str, basis: Basis) -> tuple[UncertainInput, str] | None:
        """Number for a quantity without what the study says of its owner alone, and the unit that is written there."""
        own = figure(owner, quantity)
        gives_way = own is not None and quantity in SHARED_BY_PEERS and (own[1].assumption or basis == "common")
        if own is not None and not gives_way:
            return _from_value(owner.id, own[0], quantity, own[1]), own[1].unit
        prior = best_match(self.priors_by_quantity.get(quantity, ()), self._keys(owner))
        if prior is not None:
            return from_prior(prior), prior.bracket.unit
        return (_from_value(owner.id, own[0], quantity, own[1]), own[1].unit) if own is not None else None

    def published(self, owner_id: str, quantity: str) -> UncertainInput | None:
        """Published figure of an item or threat, or the study's own; None if there is only an assumption."""
        if (owner_id, quantity) in self.own:
            return self.own[owner_id, quantity].input
        own = figure(self.owner(owner_id), quantity)
        return _from_value(owner_id, own[0], quantity, own[1]) if own and not own[1].assumption else None

    def prior(self, quantity: str, **keys: str | float) -> UncertainInput:
        """Number of the prior for a quantity, such as ``prior("reach_factor", threat_group="cruise")``.

        Raises
        ------
        CatalogueError
            If no prior of the quantity applies.
        """
        asked: dict[str, Sequence[object]] = {name: (word,) for name, word in keys.items()}
        threat_class = keys.get("threat_class")
        if isinstance(threat_class, str) and threat_class in self.threat_classes:
            asked["threat_class"] = lineage(self.threat_classes, threat_class)
        found = best_match(self.priors_by_quantity.get(quantity, ()), asked)
        if found is None:
            shown = ", ".join(f"{name} {word}" for name, word in keys.items()) or "everything"
            hint = "" if quantity in self.priors_by_quantity else suggest(quantity, self.priors_by_quantity)
            raise CatalogueError(f"no prior of the quantity '{quantity}' for {shown}{hint}")
        return from_prior(found)

    def sspk(self, effector_id: str, threat_group: ThreatGroupName) -> SspkInput:
        """Single-shot probability of kill, given intercept, of an effector against a group of threats.

        Returns
        -------
        SspkInput
            Zero by rule where the class has no claim against the group, or the system none against ballistic missiles.

        Raises
        ------
        CatalogueError
            If there is no such effector, or no such group.
        """
        if threat_group not in THREAT_GROUPS:
            raise CatalogueError(f"no threat group '{threat_group}'; allowed: {', '.join(THREAT_GROUPS)}")
        item = self.items.get(effector_id)
        if item is None or item.kind != "effector":
            raise CatalogueError(f"no effector '{effector_id}' in the catalogue{suggest(effector_id, self.items)}")
        own = self.own.get((effector_id, f"{SSPK}.{threat_group}"))
        return SspkInput(own.input) if own is not None else self._sspk_of_class(item, threat_group)

    def _sspk_of_class(self, item: Item, threat_group: ThreatGroupName) -> SspkInput:
        keys = {**item_keys(item), "threat_group": (threat_group,)}
        prior = best_match(self.priors_by_quantity.get("sspk", ()), keys)
        needs_claim = threat_group in BALLISTIC_GROUPS
        if prior is None or (needs_claim and not has_ballistic_claim(item.system_class, item.parameters)):
            return SspkInput(UncertainInput("sspk.no_claim", "sspk", 0.0, 0.0, 0.0, "1", "rule"))
        step = best_match(self.priors_by_quantity.get("sspk_generation_step", ()), keys)
        generations = (item.generation or 1.0) - 1.0
        if step is None or generations == 0.0:
            return SspkInput(from_prior(prior))
        return SspkInput(from_prior(prior), from_prior(step), generations)

    def targets(self, owner_id: str) -> Mapping[str, Target]:
        """What a study may replace for one item or threat alone.

        Returns
        -------
        mapping of str to Target
            By quantity, ``sspk.cruise`` for a probability of kill; also by other names that the catalogue has for it.

        Raises
        ------
        CatalogueError
            If there is no such item or threat.
        """
        owner = self.owner(owner_id)
        if isinstance(owner, Item):
            asked = asked_of_item(owner)
        else:
            asked = asked_of_threat(self.threat_group(owner.threat_class), "thrust" in owner.parameters)
        found: dict[str, Target] = {}
        for quantity in asked:
            if quantity == SSPK:
                assert isinstance(owner, Item)
                found |= self._sspk_targets(owner)
            elif (standing := self._standing(owner, quantity, "brochure")) is not None:
                number, unit = standing
                name, numbers = f"{owner_id}.{quantity}", (number.low, number.value, number.high)
                found[quantity] = Target(name, quantity, unit, *numbers, number.name)
        others = {name: quantity_of(owner, name) for name in owner.parameters if name not in found}
        return found | {name: found[quantity] for name, quantity in others.items() if quantity in found}

    def _sspk_targets(self, item: Item) -> dict[str, Target]:
        found = {}
        for group in THREAT_GROUPS:
            sspk = self._sspk_of_class(item, group)
            if sspk.base.origin != "rule":
                name, step = f"{SSPK}.{group}", sspk.step
                ends = (getattr(sspk.base, key) for key in ("low", "value", "high"))
                steps = (getattr(step, key) if step else 1.0 for key in ("low", "value", "high"))
                low, value, high = map(sspk.combine, ends, steps)
                found[name] = Target(f"{item.id}.{name}", SSPK, "1", low, value, high, sspk.base.name)
        return found

    def threat_group(self, threat_class: str) -> ThreatGroupName:
        """Group of a threat class: its own, or that of the closest wider class with one.

        Raises
        ------
        CatalogueError
            If there is no such class, or none of its line has a group.
        """
        _known(self.threat_classes, threat_class, "threat class")
        for name in lineage(self.threat_classes, threat_class):
            group = self.threat_classes[name].group
            if group is not None:
                return group
        raise CatalogueError(f"threat class '{threat_class}' has no group; a raid must name a more specific class")

    def doctrine_words(self, threat_class: str) -> tuple[str, ...]:
        """Words under which a shot rule can name a threat class, the closest first: class, group, wider classes."""
        _known(self.threat_classes, threat_class, "threat class")
        first, *wider = lineage(self.threat_classes, threat_class)
        return tuple(dict.fromkeys((first, self.threat_group(threat_class), *wider)))

    def known_ids(self) -> KnownIds:
        """What a study may name; terrains are left unchecked."""
        sited = (
            item.id
            for item in self.items.values()
            if item.kind in _SITED_KINDS and not item.reference_only and item.system_class != "air_to_air_missile"
        )
        ranges = {name: threat.parameters.get("range") for name, threat in self.threats.items()}
        prices = {item.id: self.find(item.id, "cost_battery") for item in self.items.values() if item.kind == "battery"}
        return KnownIds(
            systems=frozenset(sited),
            coordinators=frozenset(item.id for item in self.items.values() if item.kind == "c2"),
            system_classes=frozenset(SYSTEM_CLASSES) - {"air_to_air_missile"},  # its aircraft is ruled
            threats=frozenset(self.threats),
            aircraft=frozenset(name for name, threat in self.threats.items() if threat.threat_class == "aircraft"),
            threat_groups=frozenset((*self.threat_classes, *THREAT_GROUPS)),
            replaceable=self.replaceable(),
            sources=frozenset(self.sources),
            threat_ranges={
                name: longest
                for name, value in ranges.items()
                if value is not None and (longest := value.high or value.value) is not None
            },
            threat_kinds={name: self.threat_group(threat.threat_class) for name, threat in self.threats.items()},
            prices={name: (price.low, price.high) for name, price in prices.items() if price is not None},
        )

    def replaceable(self) -> Replaceable:
        """Everything that a study may replace."""
        return Replaceable(self.priors, frozenset((*self.items, *self.threats)), self.targets)

    def owner(self, owner_id: str) -> Item | ThreatType:
        """Item or threat type of this id.

        Raises
        ------
        CatalogueError
            If there is none.
        """
        owner = self.items.get(owner_id) or self.threats.get(owner_id)
        if owner is None:
            hint = suggest(owner_id, (*self.items, *self.threats))
            raise CatalogueError(f"no item or threat '{owner_id}' in the catalogue{hint}")
        return owner

    def _keys(self, owner: Item | ThreatType) -> Mapping[str, Sequence[object]]:
        return item_keys(owner) if isinstance(owner, Item) else threat_keys(self.threat_classes, owner)


def load_catalogue(overlay: Study | Sequence[Assumption] | None = None, folder: str | Path | None = None) -> Catalogue:
    """Read the catalogue, check all of it, and lay a study's assumptions over its priors.

    Parameters
    ----------
    overlay : Study, or sequence of Assumption, optional
        Priors to replace, by id.
    folder : str or Path, optional
        Catalogue to read instead of the shipped one.

    Returns
    -------
    Catalogue

    Raises
    ------
    CatalogueError
        With every fault of every file, and of the overlay.
    """
    contents = read_folder(Path(folder) if folder is not None else shipped_folder())
    faults = in_order((*contents.faults, *check(contents)))
    found = _assemble(contents)
    replaced, overlay_faults = read_overlay(found.replaceable(), overlay)
    if faults or overlay_faults:
        raise CatalogueError([*faults, *overlay_faults])
    if not replaced.priors and not replaced.own:
        return found
    changed = {name: prior.model_dump(mode="json") for name, prior in sorted(replaced.priors.items())}
    own = {own.input.name: [*astuple(own.input), own.reason] for _, own in sorted(replaced.own.items())}
    text = found.digest + json.dumps([changed, own], sort_keys=True)
    priors = {**found.priors, **replaced.priors}
    return replace(
        found,
        priors=MappingProxyType(priors),
        replaced=frozenset(replaced.priors),
        own=MappingProxyType(replaced.own),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        priors_by_quantity=_by_quantity(priors.values()),
    )


def shipped_folder() -> Path:
    """Folder of the catalogue that comes with Steeldome."""
    return Path(str(resources.files("steeldome"))) / "data" / "catalogue"


def _by_quantity(priors: Iterable[Prior]) -> Mapping[str, tuple[Prior, ...]]:
    found: dict[str, tuple[Prior, ...]] = {}
    for prior in priors:
        found[prior.quantity] = (*found.get(prior.quantity, ()), prior)
    return MappingProxyType(found)


def _assemble(contents: Contents) -> Catalogue:
    priors = _by_id(contents.built("priors", Prior))
    sources = {str(entry.place[-1]): source for entry, source in contents.all_of("sources", Source)}
    return Catalogue(
        items=MappingProxyType(_by_id(contents.built("items", Item))),
        threats=MappingProxyType(_by_id(contents.built("threats", ThreatType))),
        threat_classes=MappingProxyType(_by_id(contents.built("threat_classes", ThreatClass))),
        priors=MappingProxyType(priors),
        not_modelled=contents.built("not_modelled", NotModelled),
        textbook_rcs=contents.built("textbook_rcs", TextbookRcs),
        interceptor_costs=contents.built("interceptor_costs", InterceptorCost),
        records=Records(
            exchange_rates=contents.built("exchange_rates", ExchangeRate),
            integration=contents.built("integration", Integration),
            timeline=contents.built("timeline", Event),
            contracts=contents.built("contracts", Contract),
            s400_f35_offers=contents.built("s400_f35_offers", Offer),
            f35_facts=contents.built("f35_facts", Fact),
            hosted_units=contents.built("hosted_units", HostedUnit),
            class_rates=contents.built("class_rates", ClassRate),
            veto_gates=contents.built("veto_gates", VetoGate),
        ),
        sources=MappingProxyType(sources),
        replaced=frozenset(),
        own=MappingProxyType({}),
        digest=contents.digest,
        priors_by_quantity=_by_quantity(priors.values()),
    )


def _by_id(found: Iterable[T]) -> dict[str, T]:
    return {one.id: one for one in found}


def _known(mapping: Mapping[str, Input], name: str, what: str) -> None:
    if name not in mapping:
        raise CatalogueError(f"no {what} '{name}' in the catalogue{suggest(name, mapping)}")


def _from_value(owner_id: str, parameter: str, quantity: str, value: Value) -> UncertainInput:
    """Number of a figure that has a working value or a full bracket."""
    middle = value.value
    if middle is None:
        assert value.low is not None and value.high is not None
        middle = working_value(value.low, value.high)
    return UncertainInput(
        name=f"{owner_id}.{parameter}",
        quantity=quantity,
        low=middle if value.low is None else value.low,
        value=middle,
        high=middle if value.high is None else value.high,
        unit=base_unit(value.dimension),
        origin="assumed" if value.assumption else "published",
        source_id=value.source_id,
    )
