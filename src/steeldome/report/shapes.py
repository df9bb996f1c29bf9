"""What the templates are handed: rows and tables of the report, without a number computed anew."""

from typing import NamedTuple

from markupsafe import Markup

from steeldome.report.contents import Measure
from steeldome.report.tables import Table
from steeldome.report.wording import Sentence


class Tile(NamedTuple):
    """One big number of the answer."""

    what: str
    measure: Measure | None
    is_difference: bool = False
    kind: str = ""


class AnswerRow(NamedTuple):
    """One laydown in the answer of many; the first and the reference have no difference."""

    label: str
    measure: Measure | None
    difference: Measure | None = None
    kind: str = ""
    reading: str = ""


class Answer(NamedTuple):
    """The answer for one raid: tiles for a few laydowns, else rows."""

    name: str
    composition: str
    tiles: list[Tile]
    rows: list[AnswerRow]
    measure: str
    sentences: list[Sentence]
    caption: str


class UseRow(NamedTuple):
    """One row of a table of use or cost; a heading has no measures."""

    label: str
    measures: list[Measure | None]
    is_heading: bool = False


class LeakageView(NamedTuple):
    """Figure and table of leakage for one raid."""

    name: str
    title: str
    caption: str
    figure: Markup
    number: int
    table: Table


class KillsView(NamedTuple):
    """Who destroyed what in one raid: figure, table by system and class, table of rounds and cost."""

    name: str
    title: str
    caption: str
    figure: Markup
    number: int
    table_title: str
    table_caption: str
    table_number: int
    rows: list[UseRow]
    laydowns: list[str]
    cost_title: str
    cost_number: int
    costs: list[UseRow]
