"""The card of a system or threat on a terminal: what is published, what is assumed, what nobody has published."""

import textwrap
from collections.abc import Iterable

from steeldome.app.printing import Translate, number
from steeldome.inputs.card import Card, CardRow

_WIDTH = 118
_PLAIN_UNITS = frozenset(("1", "count", "CE"))


def print_card(card: Card, language: str, translate: Translate) -> None:
    """Print a card: a head line, three groups of numbers and the facts in words."""
    print(f"{card.id}: {card.name.in_language(language)}")
    generation = "" if card.generation is None else translate("generation {n}").format(n=f"{card.generation:g}")
    head = (card.kind, card.system_class, generation, ", ".join(card.origin), card.status)
    print("  " + " · ".join(part for part in head if part))
    groups = (
        (translate("Published"), translate("a figure with a source and its grade"), card.published),
        (translate("Assumed"), translate("no public figure; a named assumption, shared by its peers"), card.assumed),
        (translate("Unknown"), translate("no public figure, and no model needs one"), card.unknown),
    )
    for title, meaning, rows in groups:
        print(f"\n{title}: {meaning} ({len(rows)})")
        _print_rows(rows, translate)
    if card.facts:
        print("\n" + translate("In words"))
        for fact in card.facts:
            _print_folded(f"  {fact.name}: {fact.text} [{fact.source}]", 4)


def _print_rows(rows: Iterable[CardRow], translate: Translate) -> None:
    listed = [(row.parameter, _figure(row), _origin(row, translate)) for row in rows]
    name = max((len(parameter) for parameter, _, _ in listed), default=0)
    figure = max((len(found) for _, found, _ in listed), default=0)
    for parameter, found, origin in listed:
        _print_folded(f"  {parameter:<{name}}  {found:<{figure}}  {origin}", name + figure + 6)


def _print_folded(line: str, indent: int) -> None:
    print(textwrap.fill(line.rstrip(), _WIDTH, subsequent_indent=" " * indent, break_long_words=False))


def _figure(row: CardRow) -> str:
    """Such as ``100 (100-150) km``; a bracket without a working value stands alone, and nothing is a dash."""
    unit = "" if row.unit in _PLAIN_UNITS else f" {row.unit}"
    low, high = (None if bound is None else number(bound) for bound in (row.low, row.high))
    bracket = "" if low is None and high is None else f"({low or ''}-{high or ''})"
    shown = " ".join(part for part in ("" if row.value is None else number(row.value), bracket) if part)
    return f"{shown}{unit}" if shown else "-"


def _origin(row: CardRow, translate: Translate) -> str:
    """Where a number comes from and what it means."""
    dated = " ".join(part for part in (row.publisher, row.date) if part)
    source = ", ".join(part for part in (row.source, dated, row.grade) if part)
    note = translate(row.note) if row.note else ""
    return f"{note} [{source}]".strip() if source else note
