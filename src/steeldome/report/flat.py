"""A table as files hold it: one plain value a cell, a column for each part of a measure, and one for the groups."""

import math
from typing import Final, NamedTuple

from steeldome.report.contents import Measure
from steeldome.report.tables import MEASURES, Cell, Column, Table, TableRow
from steeldome.report.wording import SHARE, Said

NUMBERS: Final = Measure._fields[:5]  # value, both bands: the parts in the measure's unit
SHARE_UNIT: Final = "share"


class FlatColumn(NamedTuple):
    """One column of a file.

    Attributes
    ----------
    column : Column
        The column of the table that it comes from.
    part : str
        Part of the measure that it holds, such as ``input_low``; empty if the column holds no measures.
    at : int
        Place of the cell in a row; -1 for the row's group.
    """

    column: Column
    part: str
    at: int

    def cell(self, row: TableRow) -> Cell:
        """The cell of a row as it stands in the table."""
        return row.group if self.at < 0 else row.cells[self.at]

    def value(self, row: TableRow) -> str | int | float | None:
        """What a file holds for a row; None where there is nothing, or no number."""
        cell = self.cell(row)
        if isinstance(cell, Measure):
            part: str | int | float = getattr(cell, self.part)
            cell = unit_name(cell.unit) if self.part == "unit" else part
        if isinstance(cell, Said):
            cell = cell.text
        return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def flat_columns(table: Table) -> list[FlatColumn]:
    """Columns of the files of a table: its groups first, then every column that is not for the page alone."""
    found = [FlatColumn(table.group, "", -1)] if table.group else []
    for i, column in enumerate(table.columns):
        if column.place != "page":
            parts = Measure._fields if column.kind in MEASURES else ("",)
            found += [FlatColumn(column, part, i) for part in parts]
    return found


def unit_name(unit: str) -> str:
    """Unit of a measure as files name it: a share of one is ``share``."""
    return SHARE_UNIT if unit == SHARE else unit
