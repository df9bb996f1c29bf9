"""What the templates are handed besides tables and figures."""

from typing import NamedTuple

from steeldome.report.contents import Measure
from steeldome.report.figures import Picture
from steeldome.report.tables import Table
from steeldome.report.wording import Sentence


class Tile(NamedTuple):
    """One big number of the answer."""

    what: str
    measure: Measure | None
    is_difference: bool = False
    kind: str = ""


class Answer(NamedTuple):
    """The answer for one raid; ``tiles`` stand in place of the table where there are few laydowns."""

    name: str
    composition: str
    tiles: list[Tile]
    table: Table
    sentences: list[Sentence]
    caption: str


class RaidView(NamedTuple):
    """One raid in a section: its figure and its tables."""

    name: str
    picture: Picture
    tables: tuple[Table, ...]
