"""One table of the report: typed cells, which the page shows as text and an export keeps as numbers.

A view makes a `Table` and hands it to `Views.add`, which numbers and lists it; the template shows it with the macro
``data_table`` and the export writes it as a sheet and a file. Nobody lays out rows twice, and no table of the page is
missing from the export:

    table = views.add(
        Table(
            "prices",
            translate("What a round costs."),
            translate("Unit: USD a round; {n}").format(n=n),
            (
                Column("system", translate("System")),
                Column("price", translate("Price"), "measure"),
                Column("rounds", translate("Rounds"), "count"),
            ),
            tuple(TableRow((system.name, price, rounds), group=layer) for ...),
            group=Column("layer", translate("Layer")),
        )
    )

and in a template ``{{ data_table(table) }}``. The first column is the head of each row.
"""

import itertools
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from steeldome.report.contents import Measure
from steeldome.report.wording import Said

Cell = str | int | float | Measure | Said | None
Kind = Literal[
    "text", "said", "english", "address", "measure", "difference", "share", "heat", "count", "number", "source"
]
Form = Literal["stacked", "bare", "spread"]
Place = Literal["both", "page", "file"]

WORDS: Final = ("text", "said", "english", "address")
MEASURES: Final = ("measure", "difference")


class Column(NamedTuple):
    """One column of a table.

    Attributes
    ----------
    id : str
        Name in files: English words in snake case, whatever the language; unique in its table.
    heading : str
        What stands above it, in the reader's language.
    kind : str
        What the cells hold: ``text``; ``said``, words of the data with or without a translation; ``english``, text
        that is not translated; ``address``, one of the web; ``measure``; ``difference``, a measure that is a paired
        difference; ``share``, a float from 0 to 1; ``heat``, a share shown by shading as well; ``count``, a whole
        number; ``number``, a float in the unit that the row names; ``source``, the number of a publication in the
        list of sources, or the id of one that is not there. None is an empty cell.
    form : str
        How the page shows a measure: ``stacked``, mean and both bands in one cell; ``bare``, the same without units;
        ``spread``, in three cells side by side.
    over : str
        Heading over this column and its neighbours of the same ``over``.
    place : str
        ``both``; ``page``, where an export says the same in another column; ``file``, where a page is too narrow.
    """

    id: str
    heading: str
    kind: Kind = "text"
    form: Form = "stacked"
    over: str = ""
    place: Place = "both"

    @property
    def width(self) -> int:
        """Cells that it takes on the page."""
        return 3 if self.kind in MEASURES and self.form == "spread" else 1

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right."""
        return self.kind not in (*WORDS, "source")


class TableRow(NamedTuple):
    """One row: a cell a column.

    Attributes
    ----------
    group : str
        Heading over all neighbours of the same group.
    kind : str
        ``reference`` for a row to compare with, ``marked`` for the one among its peers that holds here.
    """

    cells: tuple[Cell, ...]
    group: str = ""
    kind: Literal["", "reference", "marked"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything that a reader must see beside it.

    Attributes
    ----------
    id : str
        Name in files, unique in the report: ``leakage-mixed``.
    title : str
        One sentence, with its full stop.
    caption : str
        Unit and n.
    number : int
        Its number on the page; 0 if the page shows it in another way than as a table with a number.
    group : Column, optional
        Column that holds the rows' groups in an export; without one they stand on the page only.
    corner : str
        Heading of the first column on the page, where groups stand in it too; its own heading if empty.
    across : str
        Id of a column whose entries the page sets side by side: a row a first cell, and for each entry of this column
        the cells of the columns besides these two. Where only one such column is on the page, the entries are its
        headings.
    style : str
        Style classes on the page.
    reading : str
        How a cell reads on the page, for the end of the caption there.
    """

    id: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    number: int = 0
    group: Column | None = None
    corner: str = ""
    across: str = ""
    style: str = ""
    reading: str = ""

    @property
    def width(self) -> int:
        """Cells of a row on the page."""
        return sum(column.width for column in self.columns)

    @property
    def overs(self) -> list[tuple[str, list[Column]]]:
        """Headings over neighbours, with their columns; empty text where none stands."""
        return [(over, list(columns)) for over, columns in itertools.groupby(self.columns, lambda column: column.over)]

    @property
    def records(self) -> list[dict[str, Cell]]:
        """Each row as its cells by the ids of their columns."""
        return [{column.id: cell for column, cell in zip(self.columns, row.cells, strict=True)} for row in self.rows]

    def on_page(self) -> "Table":
        """The same table as the page shows it: its columns, and side by side what is to run across."""
        shown = [i for i, column in enumerate(self.columns) if column.place != "file"]
        if self.across:
            page = self._spread_out(shown)
        else:
            columns = tuple(self.columns[i] for i in shown)
            rows = tuple(row._replace(cells=tuple(row.cells[i] for i in shown)) for row in self.rows)
            page = replace(self, columns=columns, rows=rows)
        first = page.columns[0]._replace(heading=self.corner or self.columns[0].heading)
        return replace(page, columns=(first, *page.columns[1:]), corner="", across="")

    def _spread_out(self, shown: list[int]) -> "Table":
        across = next(i for i, column in enumerate(self.columns) if column.id == self.across)
        held = [i for i in shown if i not in (0, across)]
        entries = list(dict.fromkeys(str(row.cells[across]) for row in self.rows))
        found: dict[tuple[str, str], dict[str, TableRow]] = {}
        for row in self.rows:
            found.setdefault((row.group, str(row.cells[0])), {})[str(row.cells[across])] = row
        columns = [
            self.columns[i]._replace(over=entry) if len(held) > 1 else self.columns[i]._replace(heading=entry)
            for entry in entries
            for i in held
        ]
        rows = [
            TableRow(
                (head, *(rows[entry].cells[i] if entry in rows else None for entry in entries for i in held)),
                group,
                next(iter(rows.values())).kind,
            )
            for (group, head), rows in found.items()
        ]
        return replace(self, columns=(self.columns[0], *columns), rows=tuple(rows))
