"""What the catalogue knows of one item or threat, as data: published, assumed, unknown, each row with its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from steeldome.inputs.base import Grade, LocalText, Value
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.effector import BATTERY_QUANTITIES, has_ballistic_claim
from steeldome.inputs.item import Item
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
    value, low, high : float or None
        In ``unit``.
    unit : str
        As written in the catalogue.
    source, publisher, date, grade : str
        Of the source; ``source`` is the id of the prior for an assumption shared by peers.
    note : str
        What the number means; the reason of a prior, or why no model uses the parameter.
    """

    parameter: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    publisher: str
    date: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """Item or threat with its rows in three groups.

    Attributes
    ----------
    published : tuple of CardRow
        Figures with a source.
    assumed : tuple of CardRow
        Figures flagged as assumptions, and priors that stand where nothing is published.
    unknown : tuple of CardRow
        Parameters without a public figure that no model uses.
    facts : tuple of (name, text, source)
        Facts in words.
    """

    id: str
    name: LocalText
    kind: str
    system_class: str
    generation: float | None
    origin: tuple[str, ...]
    status: str
    published: tuple[CardRow, ...]
    assumed: tuple[CardRow, ...]
    unknown: tuple[CardRow, ...]
    facts: tuple[tuple[str, str, str], ...]


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
    groups: dict[str, list[CardRow]] = {"published": [], "assumed": [], "unknown": []}
    for name, value in owner.parameters.items():
        has_number = any(number is not None for number in (value.low, value.value, value.high))
        if value.assumption and _gives_way(catalogue, owner, name):
            continue
        if has_number:
            groups["assumed" if value.assumption else "published"].append(_figure_row(catalogue, name, value))
        elif _gap(catalogue, owner, name) is not None:
            groups["unknown"].append(_gap_row(catalogue, owner, name, value))
    groups["assumed"].extend(_prior_rows(catalogue, owner))
    groups["assumed"].extend(_sspk_rows(catalogue, owner))
    facts = tuple(
        (name, found.value or "not settled", _title(catalogue, found.source_id))
        for name, found in owner.descriptors.items()
    )
    kind, class_ = kind_and_class(owner)
    return Card(
        id=owner.id,
        name=owner.name,
        kind=kind,
        system_class=class_ or "",
        generation=owner.generation if isinstance(owner, Item) else None,
        origin=owner.origin if isinstance(owner, Item) else (owner.origin,),
        status=owner.status if isinstance(owner, Item) else "",
        published=tuple(groups["published"]),
        assumed=tuple(groups["assumed"]),
        unknown=tuple(groups["unknown"]),
        facts=facts,
    )


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


def _in_unit(number: float | None, unit: str) -> float | None:
    """Number (SI) in the unit of the file, free of the last digits that conversion leaves."""
    return None if number is None else float(f"{number / float(UNITS[unit].factor):.12g}")


def _figure_row(catalogue: Catalogue, name: str, value: Value) -> CardRow:
    source = catalogue.sources[value.source_id] if value.source_id else None
    return CardRow(
        parameter=name,
        value=_in_unit(value.value, value.unit),
        low=_in_unit(value.low, value.unit),
        high=_in_unit(value.high, value.unit),
        unit=value.unit,
        source=source.title if source else "",
        publisher=(source.publisher or "") if source else "",
        date=(source.date or "") if source else "",
        grade=str(source.grade) if source else "",
        note=value.note or "",
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
    return CardRow(name, None, None, None, value.unit, "", "", "", "", note)


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
        value=_in_unit(bracket.value, bracket.unit),
        low=_in_unit(bracket.low, bracket.unit),
        high=_in_unit(bracket.high, bracket.unit),
        unit=bracket.unit,
        source=prior.id,
        publisher="",
        date="",
        grade=str(Grade.ASSUMPTION),
        note=prior.reason,
    )
