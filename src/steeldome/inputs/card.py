"""What the catalogue knows of one item or threat, as data: published, assumed, unknown, each row with its source."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from steeldome.inputs.base import Grade, LocalText, Value
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.effector import BATTERY_QUANTITIES, has_ballistic_claim
from steeldome.inputs.gates import GateRow, gate_rows
from steeldome.inputs.item import Descriptor, Item, published_band
from steeldome.inputs.prior import Prior, best_match
from steeldome.inputs.resolution import item_keys, kind_and_class, quantity_of, threat_keys
from steeldome.inputs.threat import THREAT_GROUPS, ThreatType
from steeldome.units import UNITS

_BALLISTIC_QUANTITIES: Final = frozenset(
    ("altitude_max_ballistic", "ballistic_threat_class_range", "keep_out_altitude")
)


@dataclass(frozen=True, slots=True)
class CardRow:
    """One number of a card.

    Attributes
    ----------
    parameter : str
        Parameter, or quantity of a prior; ``sspk.cruise`` for a probability of kill.
    quantity : str
        Quantity for which the parameter stands.
    value, low, high : float or None
        In ``unit``.
    unit : str
        As written in the catalogue.
    source, publisher, date, grade : str
        Of the source; ``source`` is the id of the prior for an assumption shared by peers.
    note : str
        What the number means; the reason of a prior, or why no model uses the parameter.
    source_ids : tuple of str
        The source, then others that agree or bound the number; none for a prior.
    prior : str
        Id of the prior; empty for a figure.
    direction : str
        Whom an assumption favours if it errs; empty for what is published.
    """

    parameter: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    publisher: str
    date: str
    grade: str
    note: str
    source_ids: tuple[str, ...] = ()
    prior: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class CardPart:
    """One item that an entry consists of, carries or is part of; ``role`` as in a composition, or ``weapon``."""

    role: str
    id: str
    name: LocalText
    status: str


@dataclass(frozen=True, slots=True)
class CardFact:
    """One fact in words; ``source`` is a title, ``source_ids`` as in `CardRow`."""

    name: str
    text: str
    source: str
    source_ids: tuple[str, ...]
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Item or threat with its rows in three groups.

    Attributes
    ----------
    layer, producer, turkish_access : str
        Empty for a threat, as ``supplier_states`` and ``lent_by`` are.
    parts, part_of : tuple of CardPart
        What a battery consists of or an aircraft carries; the batteries and aircraft that have it.
    published : tuple of CardRow
        Figures with a source.
    assumed : tuple of CardRow
        Figures flagged as assumptions, and priors that stand where nothing is published.
    unknown : tuple of CardRow
        Parameters without a public figure that no model uses.
    facts : tuple of CardFact
    gates : tuple of GateRow
        Veto gates of the item, and of its parts.
    """

    id: str
    name: LocalText
    kind: str
    system_class: str
    generation: float | None
    origin: tuple[str, ...]
    status: str
    layer: str
    producer: str
    turkish_access: str
    supplier_states: tuple[str, ...]
    lent_by: tuple[str, ...]
    parts: tuple[CardPart, ...]
    part_of: tuple[CardPart, ...]
    published: tuple[CardRow, ...]
    assumed: tuple[CardRow, ...]
    unknown: tuple[CardRow, ...]
    facts: tuple[CardFact, ...]
    gates: tuple[GateRow, ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of the list of the catalogue, with the number of rows in each group of the card."""

    id: str
    name: LocalText
    kind: str
    system_class: str
    generation: float | None
    origin: tuple[str, ...]
    status: str
    reference_only: bool
    n_published: int
    n_assumed: int
    n_unknown: int


def card(catalogue: Catalogue, owner_id: str) -> Card:
    """Card of an item or threat type.

    Raises
    ------
    CatalogueError
        If there is no such item or threat type.
    """
    owner = catalogue.owner(owner_id)
    published, assumed, unknown = _rows(catalogue, owner)
    item = owner if isinstance(owner, Item) else None
    parts = _parts(catalogue, item) if item else ()
    kind, class_ = kind_and_class(owner)
    return Card(
        id=owner.id,
        name=owner.name,
        kind=kind,
        system_class=class_ or "",
        generation=item.generation if item else None,
        origin=(owner.origin,) if isinstance(owner, ThreatType) else owner.origin,
        status=item.status if item else "",
        layer=item.layer if item else "",
        producer=item.producer if item else "",
        turkish_access=item.turkish_access if item else "",
        supplier_states=item.supplier_states if item else (),
        lent_by=item.lent_by if item else (),
        parts=parts,
        part_of=_part_of(catalogue, owner_id),
        published=published,
        assumed=assumed,
        unknown=unknown,
        facts=_facts(catalogue, owner),
        gates=gate_rows(catalogue.records.veto_gates, (owner_id, *(part.id for part in parts))),
    )


def _rows(catalogue: Catalogue, owner: Item | ThreatType) -> tuple[tuple[CardRow, ...], ...]:
    """Rows that are published, assumed and unknown."""
    published: list[CardRow] = []
    assumed: list[CardRow] = []
    unknown: list[CardRow] = []
    for name, value in owner.parameters.items():
        has_number = any(number is not None for number in (value.low, value.value, value.high))
        if value.assumption and _gives_way(catalogue, owner, name):
            continue
        if has_number:
            (assumed if value.assumption else published).append(_figure_row(catalogue, owner, name, value))
        elif _gap(catalogue, owner, name) is not None:
            unknown.append(_gap_row(catalogue, owner, name, value))
    assumed += [*_prior_rows(catalogue, owner), *_sspk_rows(catalogue, owner)]
    return tuple(published), tuple(assumed), tuple(unknown)


def _parts(catalogue: Catalogue, item: Item) -> tuple[CardPart, ...]:
    held = item.composition
    roles = {
        "effector": held.effector if held else (),
        "launcher": held.launcher if held else (),
        "sensor": held.sensor if held else (),
        "c2": held.c2 if held else (),
        "weapon": item.weapons,
    }
    items = catalogue.items
    return tuple(
        CardPart(role, name, items[name].name, items[name].status) for role, names in roles.items() for name in names
    )


def _part_of(catalogue: Catalogue, owner_id: str) -> tuple[CardPart, ...]:
    return tuple(
        CardPart(part.role, item.id, item.name, item.status)
        for item in catalogue.items.values()
        for part in _parts(catalogue, item)
        if part.id == owner_id
    )


def _facts(catalogue: Catalogue, owner: Item | ThreatType) -> tuple[CardFact, ...]:
    return tuple(
        CardFact(
            name=name,
            text=found.value or "not settled",
            source=_title(catalogue, found.source_id),
            source_ids=_sources(found),
            is_assumed=found.assumption,
        )
        for name, found in owner.descriptors.items()
    )


def sharers(catalogue: Catalogue) -> Mapping[str, int]:
    """Number of items and threats on whose card each prior stands, by its id."""
    owners: tuple[Item | ThreatType, ...] = (*catalogue.items.values(), *catalogue.threats.values())
    return Counter(row.prior for owner in owners for row in _rows(catalogue, owner)[1] if row.prior)


def summary_rows(catalogue: Catalogue) -> tuple[SummaryRow, ...]:
    """One row for each item, then for each threat type, in the order of the files."""
    rows = []
    for owner_id in (*catalogue.items, *catalogue.threats):
        found = card(catalogue, owner_id)
        item = catalogue.items.get(owner_id)
        rows.append(
            SummaryRow(
                id=found.id,
                name=found.name,
                kind=found.kind,
                system_class=found.system_class,
                generation=found.generation,
                origin=found.origin,
                status=found.status,
                reference_only=item is not None and item.reference_only,
                n_published=len(found.published),
                n_assumed=len(found.assumed),
                n_unknown=len(found.unknown),
            )
        )
    return tuple(rows)


def _title(catalogue: Catalogue, source_id: str | None) -> str:
    return catalogue.sources[source_id].title if source_id else ""


def _sources(found: Value | Descriptor) -> tuple[str, ...]:
    return (found.source_id, *found.alt_source_ids) if found.source_id else ()


def _in_unit(number: float | None, unit: str) -> float | None:
    """Number (SI) in the unit of the file, free of the last digits that conversion leaves."""
    return None if number is None else float(f"{number / float(UNITS[unit].factor):.12g}")


def _figure_row(catalogue: Catalogue, owner: Item | ThreatType, name: str, value: Value) -> CardRow:
    source = catalogue.sources[value.source_id] if value.source_id else None
    return CardRow(
        parameter=name,
        quantity=quantity_of(owner, name),
        value=_in_unit(value.value, value.unit),
        low=_in_unit(value.low, value.unit),
        high=_in_unit(value.high, value.unit),
        unit=value.unit,
        source=source.title if source else "",
        publisher=(source.publisher or "") if source else "",
        date=(source.date or "") if source else "",
        grade=str(source.grade) if source else "",
        note=value.note or "",
        source_ids=_sources(value),
        direction="unknown" if value.assumption else "",
    )


def _gives_way(catalogue: Catalogue, owner: Item | ThreatType, name: str) -> bool:
    """Whether the prior of the peers stands in place of an assumption about the owner alone."""
    found = catalogue.find(owner.id, quantity_of(owner, name))
    return found is not None and found.prior_id is not None


def _gap(catalogue: Catalogue, owner: Item | ThreatType, name: str) -> str | None:
    """Why no model uses a parameter; None if a prior stands for it."""
    kind, class_ = kind_and_class(owner)
    return next((gap.reason for gap in catalogue.not_modelled if gap.covers(name, kind, class_)), None)


def _gap_row(catalogue: Catalogue, owner: Item | ThreatType, name: str, value: Value) -> CardRow:
    words = (value.note, f"not modelled: {_gap(catalogue, owner, name)}")
    note = "; ".join(word for word in words if word)
    return CardRow(name, quantity_of(owner, name), None, None, None, value.unit, "", "", "", "", note)


def _prior_rows(catalogue: Catalogue, owner: Item | ThreatType) -> Iterator[CardRow]:
    """Priors that were written for the class of the owner, where it has no published figure."""
    keys = item_keys(owner) if isinstance(owner, Item) else threat_keys(catalogue.threat_classes, owner)
    named = {quantity_of(owner, name) for name in owner.parameters}
    is_without_claim = isinstance(owner, Item) and not has_ballistic_claim(owner.system_class, owner.parameters)
    for quantity, peers in catalogue.priors_by_quantity.items():
        prior = best_match(peers, keys)
        if prior is None or not (prior.applies_to.keys or quantity in named):
            continue
        if is_without_claim and quantity in _BALLISTIC_QUANTITIES and quantity not in named:
            continue
        if isinstance(owner, Item) and owner.composition is not None and _is_of_the_parts(catalogue, owner, quantity):
            continue
        if quantity == "frequency" and isinstance(owner, Item) and published_band(owner) is not None:
            continue
        chosen = catalogue.find(owner.id, quantity)
        if chosen is not None and chosen.prior_id == prior.id:
            yield _prior_row(quantity, prior)


def _is_of_the_parts(catalogue: Catalogue, battery: Item, quantity: str) -> bool:
    """Whether the parts of a battery answer for a quantity, so that no prior of the battery's class stands for it."""
    parts = battery.composition
    if parts is None or quantity not in BATTERY_QUANTITIES:
        return True
    if quantity == "organic_sensor_range":
        return bool(parts.sensor)
    asked = "missiles_per_launcher" if quantity == "ready_rounds" else quantity
    is_published = catalogue.published(battery.id, asked) is not None
    return is_published or all(catalogue.published(effector, asked) is not None for effector in parts.effector)


def _sspk_rows(catalogue: Catalogue, owner: Item | ThreatType) -> Iterator[CardRow]:
    if not isinstance(owner, Item) or owner.kind != "effector":
        return
    for group in THREAT_GROUPS:
        base = catalogue.sspk(owner.id, group).base
        if base.prior_id is not None:
            yield _prior_row(f"sspk.{group}", catalogue.priors[base.prior_id])


def _prior_row(parameter: str, prior: Prior) -> CardRow:
    bracket = prior.bracket
    return CardRow(
        parameter=parameter,
        quantity=prior.quantity,
        value=_in_unit(bracket.value, bracket.unit),
        low=_in_unit(bracket.low, bracket.unit),
        high=_in_unit(bracket.high, bracket.unit),
        unit=bracket.unit,
        source=prior.id,
        publisher="",
        date="",
        grade=str(Grade.ASSUMPTION),
        note=prior.reason,
        prior=prior.id,
        direction=prior.direction,
    )
