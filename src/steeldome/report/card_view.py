"""One card as its template takes it: rows with names and numbers in the reader's language, sources by number."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from steeldome.inputs.card import Card, CardPart, CardRow, card
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.gates import GATES, GateRow
from steeldome.report.card_labels import (
    effect_names,
    fact_names,
    gate_names,
    kind_names,
    layer_names,
    role_names,
    state_names,
    status_names,
    usual_words,
)
from steeldome.report.card_words import CardWords, SourceEntry, amount, states
from steeldome.report.envelope import Envelope, envelope
from steeldome.report.labels import class_labels, direction_names, short_name
from steeldome.report.wording import Said, Wording, say

#: Shape of each status of a gate, so that it is told without colour.
STATUS_SYMBOLS: Final[Mapping[str, str]] = {"active": "●", "latent": "○", "precedent_elsewhere": "◇", "lifted": "×"}

_EFFECTOR_BRIEF: Final = (
    "range_max_air",
    "range_max_ballistic",
    "altitude_max_air",
    "altitude_max_ballistic",
    "ballistic_threat_class_range",
    "speed_max",
    "cost_per_shot",
    "sspk.ballistic_srbm",
    "sspk.ballistic_mrbm",
    "sspk.quasiballistic",
    "sspk.cruise",
    "sspk.drone",
    "sspk.aircraft",
)
_SENSOR_BRIEF: Final = (
    "range_instrumented",
    "range_target",
    "range_ballistic",
    "search_ratio",
    "azimuth_coverage",
    "elevation_max",
    "tracks_max",
    "revisit_time",
)
_COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "effector": ("ready_rounds",),
    "launcher": ("launchers", "missiles_per_launcher"),
}


class Line(NamedTuple):
    """One number of a card; ``anchor`` is its id on the page."""

    anchor: str
    name: str
    amount: str
    grade: str
    sources: tuple[int, ...]
    note: Said
    favours: str
    shared: str


class Part(NamedTuple):
    """Parts of one role: id, name and status of each, and how many are published."""

    role: str
    items: tuple[tuple[str, str, Said], ...]
    numbers: str


class Fact(NamedTuple):
    """One fact in words."""

    name: str
    text: str
    sources: tuple[int, ...]
    is_assumed: bool


class BriefCell(NamedTuple):
    """One number of a part; ``standing`` is published, assumed or unknown."""

    amount: str
    standing: str
    sources: tuple[int, ...]


class Brief(NamedTuple):
    """Numbers of parts side by side; a row has a cell, or None, for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[BriefCell | None, ...]], ...]


class GateLine(NamedTuple):
    """One veto gate in words; ``part`` is empty for a gate of the entry itself."""

    symbol: str
    status: str
    status_name: str
    state: str
    gate: str
    effect: str
    months: str
    is_judged: bool
    sources: tuple[int, ...]
    note: str
    part: str


class CardView(NamedTuple):
    """Everything that a card shows.

    Attributes
    ----------
    head : tuple of (name, what is said)
    part_of : tuple of (id, name)
    matrix : tuple of (state, one tuple of gates for each of ``gate_columns``)
    """

    id: str
    name: str
    kind: str
    subtitle: str
    head: tuple[tuple[str, Said], ...]
    parts: tuple[Part, ...]
    part_of: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    published: tuple[Line, ...]
    assumed: tuple[Line, ...]
    unknown: tuple[Line, ...]
    briefs: tuple[Brief, ...]
    gate_columns: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[tuple[GateLine, ...], ...]], ...]
    gates: tuple[GateLine, ...]
    envelope: Envelope | None
    sources: tuple[SourceEntry, ...]


def card_view(catalogue: Catalogue, owner_id: str, sharers: Mapping[str, int], wording: Wording) -> CardView:
    """Card of an item or threat; sources are numbered in the order of the page.

    Parameters
    ----------
    catalogue : Catalogue
    owner_id : str
    sharers : mapping of str to int
        Number of entries on whose card each prior stands.
    wording : Wording

    Raises
    ------
    CatalogueError
        There is no such item or threat.
    """
    found = card(catalogue, owner_id)
    words = CardWords(catalogue, wording)
    facts = _facts(found, words)
    published, assumed, unknown = (
        tuple(_line(row, group, sharers, words) for row in rows)
        for group, rows in (("published", found.published), ("assumed", found.assumed), ("unknown", found.unknown))
    )
    briefs = _briefs(found, words) if found.kind == "battery" else ()
    gates = tuple(_gate(gate, found, words) for gate in found.gates)
    return CardView(
        id=found.id,
        name=words.local(found.name),
        kind=found.kind,
        subtitle=_subtitle(found, words),
        head=_head(found, words),
        parts=_parts(found, words),
        part_of=tuple((part.id, words.local(part.name)) for part in found.part_of),
        facts=facts,
        published=published,
        assumed=assumed,
        unknown=unknown,
        briefs=briefs,
        gate_columns=tuple(gate_names(words.translate)[gate] for gate in GATES),
        matrix=_matrix(gates, words),
        gates=gates,
        envelope=envelope(catalogue, found, wording),
        sources=words.sources(),
    )


def _subtitle(found: Card, words: CardWords) -> str:
    translate = words.translate
    generation = translate("generation {n}").format(n=words.wording.plain(found.generation))
    said = (
        kind_names(translate)[found.kind],
        class_labels(translate).get(found.system_class, found.system_class),
        generation if found.generation is not None else "",
    )
    return " · ".join(word for word in said if word)


def _head(found: Card, words: CardWords) -> tuple[tuple[str, Said], ...]:
    translate = words.translate
    is_made_elsewhere = set(found.supplier_states) != set(found.origin)
    rows = (
        (translate("Layer"), Said(layer_names(translate).get(found.layer, found.layer))),
        (translate("Origin"), Said(states(found.origin, translate))),
        (translate("Supplied by"), Said(states(found.supplier_states, translate) if is_made_elsewhere else "")),
        (translate("Producer"), Said(found.producer, is_english=True)),
        (translate("Status"), _said(found.status, words)),
        (translate("Turkish access"), _said(found.turkish_access, words)),
        (translate("Lent by"), Said(states(found.lent_by, translate))),
    )
    return tuple(row for row in rows if row[1].text)


def _said(text: str, words: CardWords) -> Said:
    usual = usual_words(words.translate).get(text)
    return Said(text, is_english=True) if usual is None else Said(usual)


def _parts(found: Card, words: CardWords) -> tuple[Part, ...]:
    made = []
    for role, name in role_names(words.translate).items():
        items = tuple(
            (part.id, words.local(part.name), _said(part.status, words)) for part in found.parts if part.role == role
        )
        counted = [row for row in found.published if row.quantity in _COUNTED.get(role, ())]
        numbers = "; ".join(f"{words.names[row.quantity]} {words.amount(row)}" for row in counted)
        if items or (numbers and found.kind == "battery"):
            made.append(Part(name, items, numbers))
    return tuple(made)


def _facts(found: Card, words: CardWords) -> tuple[Fact, ...]:
    names = fact_names(words.translate)
    return tuple(
        Fact(names.get(fact.name, fact.name), fact.text, words.cited(fact.source_ids), fact.is_assumed)
        for fact in found.facts
    )


def _line(row: CardRow, group: str, sharers: Mapping[str, int], words: CardWords) -> Line:
    translate = words.translate
    others = sharers.get(row.prior, 1) - 1
    shared = {0: translate("no other"), 1: translate("one other")}.get(others, translate("{n} others").format(n=others))
    return Line(
        anchor=f"{group}-{row.parameter}",
        name=words.names.get(row.parameter, row.parameter),
        amount=words.amount(row),
        grade=words.grades.get(row.grade, row.grade),
        sources=words.cited(row.source_ids),
        note=say(row.note, translate),
        favours=direction_names(translate)[row.direction] if row.direction else "",
        shared=shared if row.prior else translate("this entry alone"),
    )


def _briefs(found: Card, words: CardWords) -> tuple[Brief, ...]:
    briefs = (
        _brief([part for part in found.parts if part.role == role], wanted, words)
        for role, wanted in (("effector", _EFFECTOR_BRIEF), ("sensor", _SENSOR_BRIEF))
    )
    return tuple(brief for brief in briefs if brief.columns)


def _brief(parts: Sequence[CardPart], wanted: Sequence[str], words: CardWords) -> Brief:
    cards = [card(words.catalogue, part.id) for part in parts]
    rows = ((words.names[key], tuple(_brief_cell(one, key, words) for one in cards)) for key in wanted)
    return Brief(tuple(short_name(words.local(part.name)) for part in parts), tuple(row for row in rows if any(row[1])))


def _brief_cell(found: Card, key: str, words: CardWords) -> BriefCell | None:
    """What stands for a quantity of a part: a published figure in full, else what is assumed, else what is left."""
    groups = (("published", found.published), ("assumed", found.assumed), ("unknown", found.unknown))
    rows = [(standing, row) for standing, group in groups for row in group if key in (row.parameter, row.quantity)]
    rows = [pair for pair in rows if pair[1].parameter != "rotation_period" or pair[1].value]
    if not rows:
        return None
    in_full = (pair for pair in rows if pair[1].value is not None or None not in (pair[1].low, pair[1].high))
    standing, row = next(in_full, rows[0])
    return BriefCell(words.amount(row), standing, words.cited(row.source_ids))


def _gate(gate: GateRow, found: Card, words: CardWords) -> GateLine:
    translate = words.translate
    return GateLine(
        symbol=STATUS_SYMBOLS[gate.status],
        status=gate.status,
        status_name=status_names(translate)[gate.status],
        state=state_names(translate).get(gate.state, gate.state),
        gate=gate_names(translate)[gate.gate],
        effect=effect_names(translate)[gate.effect],
        months=amount((gate.value_months, gate.low_months, gate.high_months), "1", words.wording),
        is_judged=gate.is_judged,
        sources=words.cited(gate.source_ids),
        note=gate.note,
        part=next((short_name(words.local(part.name)) for part in found.parts if part.id == gate.system), ""),
    )


def _matrix(gates: Sequence[GateLine], words: CardWords) -> tuple[tuple[str, tuple[tuple[GateLine, ...], ...]], ...]:
    """A row for each state, in the order of its hardest gate."""
    columns = [gate_names(words.translate)[gate] for gate in GATES]
    return tuple(
        (state, tuple(tuple(one for one in gates if (one.state, one.gate) == (state, gate)) for gate in columns))
        for state in dict.fromkeys(one.state for one in gates)
    )
