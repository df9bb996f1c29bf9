"""Tables as CSV: UTF-8, a point as decimal sign, the unit of every column of numbers in its name."""

import csv
import io
from typing import Final

from steeldome.report.contents import Measure
from steeldome.report.flat import NUMBERS, SHARE_UNIT, FlatColumn, flat_columns, unit_name
from steeldome.report.tables import Table, TableRow

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(table: Table) -> str:
    """A table as CSV.

    Every number of a measure stands in a column named ``<column>_<part>_<unit>``; where one column of the table holds
    several units, each unit has columns of its own. Text that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    named = [pair for column in flat_columns(table) for pair in _named(column, table)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(name for name, _, _ in named)
    for row in table.rows:
        writer.writerow(_held(column, row, unit) for _, column, unit in named)
    return out.getvalue()


def _named(flat: FlatColumn, table: Table) -> list[tuple[str, FlatColumn, str]]:
    """Name in the file, column, and the unit whose measures it holds; an empty unit holds all."""
    name = flat.column.id
    if flat.part == NUMBERS[0]:
        cells = (flat.cell(row) for row in table.rows)
        units = dict.fromkeys(cell.unit for cell in cells if isinstance(cell, Measure))
        return [
            (f"{name}_{part}_{unit_name(unit).replace(' ', '_')}", flat._replace(part=part), unit)
            for unit in units
            for part in NUMBERS
        ]
    if flat.part in (*NUMBERS, "unit"):
        return []
    if flat.part:
        return [(f"{name}_{flat.part}", flat, "")]
    return [(f"{name}_{SHARE_UNIT}" if flat.column.kind in ("share", "heat") else name, flat, "")]


def _held(flat: FlatColumn, row: TableRow, unit: str) -> str | int | float | None:
    cell = flat.cell(row)
    if unit and not (isinstance(cell, Measure) and cell.unit == unit):
        return None
    value = flat.value(row)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
