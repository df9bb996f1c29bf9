"""How a card says a number, and how its sources are counted."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from steeldome.inputs.base import Grade, LocalText
from steeldome.inputs.card import CardRow
from steeldome.inputs.catalogue import Catalogue
from steeldome.report.card_labels import parameter_names, state_names, unit_names
from steeldome.report.labels import grade_names
from steeldome.report.wording import DASH, Translate, Wording

_NO_DATE = frozenset((None, "n.d.", "undated"))


class SourceEntry(NamedTuple):
    """One publication; ``url`` and ``host`` are empty where it has no address."""

    number: int
    title: str
    publisher: str
    date: str
    url: str
    host: str
    grade: str
    is_seen: bool


class CardWords:
    """Words of one card: names in the reader's language, numbers with units, sources by number as they come.

    Parameters
    ----------
    catalogue : Catalogue
    wording : Wording
    """

    def __init__(self, catalogue: Catalogue, wording: Wording) -> None:
        self.catalogue = catalogue
        self.wording = wording
        self.translate = wording.translate
        self.names = parameter_names(wording.translate)
        self.grades = grade_names(wording.translate)
        self._numbers: dict[str, int] = {}

    def local(self, name: LocalText) -> str:
        """A name in the reader's language."""
        return name.in_language(self.wording.language)

    def amount(self, row: CardRow) -> str:
        """A number with its spread and unit; empty where there is none."""
        return amount((row.value, row.low, row.high), row.unit, self.wording)

    def cited(self, source_ids: Iterable[str]) -> tuple[int, ...]:
        """Numbers of sources; an assumption of the catalogue is no publication and has none."""
        public = (name for name in source_ids if self.catalogue.sources[name].grade is not Grade.ASSUMPTION)
        return tuple(self._numbers.setdefault(name, len(self._numbers) + 1) for name in public)

    def sources(self) -> tuple[SourceEntry, ...]:
        """Every source cited so far."""
        return tuple(self._entry(name, number) for name, number in self._numbers.items())

    def _entry(self, name: str, number: int) -> SourceEntry:
        source = self.catalogue.sources[name]
        parts = urlsplit(source.url or "")
        host = (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""
        return SourceEntry(
            number=number,
            title=source.title,
            publisher=source.publisher or "",
            date="" if source.date in _NO_DATE else str(source.date),
            url=source.url or "" if host else "",
            host=host,
            grade=self.grades[str(source.grade)],
            is_seen=source.verified,
        )


def states(codes: Iterable[str], translate: Translate) -> str:
    """Names of states; a code such as ``Iran/DPRK`` names two."""
    names = state_names(translate)
    return ", ".join(names.get(word, word) for code in codes for word in code.split("/"))


def newest_date(catalogue: Catalogue) -> str:
    """Date of the newest publication with an address; empty if none has a date to the month."""
    found = catalogue.sources.values()
    dates = (one.date for one in found if one.url and one.date and re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", one.date))
    return max(dates, default="")


def amount(numbers: tuple[float | None, float | None, float | None], unit: str, wording: Wording) -> str:
    """A number with its spread and unit, such as ``100 (100–150) km``.

    Parameters
    ----------
    numbers : (value, low, high)
        In ``unit``; a bracket without a value stands alone, an open one reads "at least" or "at most".
    unit : str
        As in the catalogue.
    wording : Wording
    """
    value, low, high = numbers
    if value is not None:
        low, high = (value if end is None else end for end in (low, high))
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        text = _spread(value, low, high, unit, wording)
    elif low is not None:
        text = wording.translate("at least {number}").format(number=_number(low, unit, wording))
    else:
        text = wording.translate("at most {number}").format(number=_number(high, unit, wording))
    symbol = unit_names(wording.translate).get(unit, unit)
    return text + ("" if symbol in ("", "°") else "\u00a0") + symbol


def _spread(value: float | None, low: float, high: float, unit: str, wording: Wording) -> str:
    first, last = _number(low, unit, wording), _number(high, unit, wording)
    joiner = wording.translate("{low} to {high}") if low < 0.0 else "{low}" + DASH + "{high}"
    spread = first if first == last else joiner.format(low=first, high=last)
    return spread if value is None or first == last else f"{_number(value, unit, wording)} ({spread})"


def _number(value: float | None, unit: str, wording: Wording) -> str:
    return f"{value:.0f}" if unit == "CE" and value is not None else wording.plain(value)
