"""All tables of a report as one workbook: a sheet a table, numbers as numbers, the provenance above each.

The same run gives the same bytes: the day on which the run finished stands for that of the workbook.
"""

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from steeldome.report.contents import Contents, Measure
from steeldome.report.flat import NUMBERS, FlatColumn, flat_columns
from steeldome.report.tables import WORDS, Table, TableRow
from steeldome.report.wording import SHARE, Translate, rounding_step

SHEET_NAME_LENGTH: Final = 31
CONTENTS, ABOUT, PLACE = "contents", "about", "place"
WIDEST: Final = 70  # letters, from which text runs over several lines
_HEADING_ROW = 5  # below title, caption, provenance, the way back and the names of measures
_FROZEN_WIDTH = 80  # letters
_FILTER_WIDTH = 3  # letters that the sign of a filter covers
_LINE_HEIGHT = 15  # points
_LARGE = 1000.0  # from which an input is shown without decimals
_A4 = 9
_SOFT, _LINK, _GROUND = "#565D64", "#0A5273", "#EEF2F4"
_HEAT: Final = {
    "type": "2_color_scale",
    "min_type": "num",
    "min_value": 0,
    "min_color": "#FFFFFF",
    "max_type": "num",
    "max_value": 1,
    "max_color": "#E69F00",
}


def workbook(
    contents: Contents, listed: Table, tables: Sequence[Table], about: Table, provenance: str, translate: Translate
) -> bytes:
    """A workbook as bytes.

    Parameters
    ----------
    listed : Table
        What there is: a row a table, the name of its sheet in the last column.
    tables : sequence of Table
    about : Table
        What stands on the last sheet.
    provenance : str
        Line above each table: evidence level, seed, version, result hash.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    finished = datetime.strptime(contents.provenance.finished, "%Y-%m-%d %H:%M")
    said = {"title": contents.title, "subject": contents.question, "created": finished}
    book.set_properties({**said, "author": f"Steeldome {contents.provenance.version}"})
    sheets = dict(zip((table.id for table in tables), sheet_names(tables), strict=True))
    writer = _Writer(book, sheets, provenance, translate)
    writer.write(CONTENTS, listed)
    for table in tables:
        writer.write(sheets[table.id], table)
    writer.write(ABOUT, about)
    book.close()
    return out.getvalue()


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """Names of the sheets, unique by the number that they begin with."""
    return [f"{i:02d}-{table.id}"[:SHEET_NAME_LENGTH] for i, table in enumerate(tables, start=1)]


class _Writer:
    """Writes tables as sheets of one workbook, and keeps the formats that they share."""

    def __init__(self, book: Any, sheets: Mapping[str, str], provenance: str, translate: Translate) -> None:
        self._book = book
        self._sheets = sheets
        self._provenance = provenance
        self.translate = translate
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def write(self, name: str, table: Table) -> None:
        """One table on a sheet of its own."""
        sheet = self._book.add_worksheet(name)
        flat = flat_columns(table)
        widths = [self._width(column, table) for column in flat]
        self._write_head(sheet, table, is_first=name == CONTENTS)
        self._write_headings(sheet, flat, widths)
        for j, width in enumerate(widths):
            sheet.set_column(j, j, width)
        for i, row in enumerate(table.rows, start=_HEADING_ROW + 1):
            _set_height(sheet, i, [_shown(column, row) for column in flat], widths)
            for j, column in enumerate(flat):
                self._write_cell(sheet, i, j, column, row, is_wide=widths[j] >= WIDEST)
        last = _HEADING_ROW + len(table.rows)
        for j, column in enumerate(flat):
            if column.column.kind == "heat":
                sheet.conditional_format(_HEADING_ROW + 1, j, last, j, _HEAT)
        sheet.autofilter(_HEADING_ROW, 0, last, len(flat) - 1)
        sheet.freeze_panes(_HEADING_ROW + 1, _n_frozen(flat, widths))
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADING_ROW - 1, _HEADING_ROW)

    def _format(self, **look: object) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": "Calibri", "valign": "top", **look})
        return self._formats[key]

    def _write_head(self, sheet: Any, table: Table, is_first: bool) -> None:
        number = self.translate("Table {number}.").format(number=table.number) + " " if table.number else ""
        sheet.write_string(0, 0, number + table.title, self._format(bold=True, font_size=14))
        sheet.write_string(1, 0, table.caption, self._format(font_color=_SOFT))
        sheet.write_string(2, 0, self._provenance, self._format(font_color=_SOFT))
        if not is_first:
            link = self._format(font_color=_LINK, underline=1)
            sheet.write_url(3, 0, f"internal:'{CONTENTS}'!A1", link, self.translate("to the contents"))

    def _write_headings(self, sheet: Any, flat: Sequence[FlatColumn], widths: Sequence[int]) -> None:
        """Names of the columns; over the parts of a measure its own name."""
        headings = [self._heading(column) for column in flat]
        _set_height(sheet, _HEADING_ROW, headings, [width - _FILTER_WIDTH for width in widths])
        for j, (column, heading) in enumerate(zip(flat, headings, strict=True)):
            if column.part == Measure._fields[0]:
                over = self._format(bold=True, bg_color=_GROUND, left=1, indent=1)
                last = j + len(Measure._fields) - 1
                sheet.merge_range(_HEADING_ROW - 1, j, _HEADING_ROW - 1, last, _over(column), over)
            look = _alignment(column, j) | {"bold": True, "bg_color": _GROUND, "valign": "bottom"}
            sheet.write_string(_HEADING_ROW, j, heading, self._format(**look, text_wrap=True, bottom=1))

    def _heading(self, flat: FlatColumn) -> str:
        return part_names(self.translate)[flat.part] if flat.part else _over(flat)

    def _write_cell(self, sheet: Any, i: int, j: int, flat: FlatColumn, row: TableRow, is_wide: bool) -> None:
        value = flat.value(row)
        look = _alignment(flat, j) | ({"text_wrap": True} if is_wide else {})
        if row.kind:
            look["italic" if row.kind == "reference" else "bold"] = True
        target = self._target(flat, value)
        if value is None:
            sheet.write_blank(i, j, None, self._format(**look))
        elif target:
            link = self._format(**look, font_color=_LINK, underline=1)
            sheet.write_url(i, j, target, link, value if isinstance(value, str) else None)
            if not isinstance(value, str):
                sheet.write_number(i, j, value, link)
        elif isinstance(value, str):
            sheet.write_string(i, j, value, self._format(**look))
        else:
            sheet.write_number(i, j, value, self._format(**look, num_format=number_format(flat, row)))

    def _target(self, flat: FlatColumn, value: str | int | float | None) -> str:
        """Where a cell leads: to a sheet, to a publication in the list, to a page of the web."""
        if flat.column.id == PLACE:
            return f"internal:'{value}'!A1"
        if flat.column.kind == "source" and isinstance(value, int):
            return f"internal:'{self._sheets['sources']}'!A{_HEADING_ROW + 1 + value}"
        is_web = flat.column.kind == "address" and str(value).startswith(("https://", "http://"))
        return str(value) if is_web else ""

    def _width(self, flat: FlatColumn, table: Table) -> int:
        """Letters that a column needs; a heading may run over several lines between its words."""
        shown = [_shown(flat, row) for row in table.rows]
        words = self._heading(flat).split()
        longest = max([*(len(text) + 2 for text in shown), *(len(word) + _FILTER_WIDTH for word in words), 7])
        return min(longest, WIDEST)


def _over(flat: FlatColumn) -> str:
    """Heading of a column of the table, with what stands over it and its neighbours on the page."""
    column = flat.column
    return f"{column.over}: {column.heading}" if column.over else column.heading


def _alignment(flat: FlatColumn, j: int) -> dict[str, object]:
    if flat.part in ("level", "unit"):
        return {"align": "center"}
    if flat.part or flat.column.is_number:
        return {"align": "right"}
    return {"align": "left", "indent": 1 if j else 0}


def _set_height(sheet: Any, i: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    """Room for the longest text of a row in the lines over which it runs; not every program finds that by itself."""
    lines = max(len(textwrap.wrap(text, max(width, 1))) for text, width in zip(texts, widths, strict=True))
    if lines > 1:
        sheet.set_row(i, lines * _LINE_HEIGHT)


def part_names(translate: Translate) -> dict[str, str]:
    """Headings of the columns of a measure, by part."""
    return {
        "value": translate("value"),
        "low": translate("low"),
        "high": translate("high"),
        "input_low": translate("input_low"),
        "input_high": translate("input_high"),
        "n": translate("n"),
        "level": translate("level"),
        "unit": translate("unit"),
    }


def number_format(flat: FlatColumn, row: TableRow) -> str:
    """How a spreadsheet shows a number: shares in per cent, no digit beyond the first of the band of chance."""
    cell, kind = flat.cell(row), flat.column.kind
    if isinstance(cell, Measure) and flat.part in NUMBERS:
        step = rounding_step(cell.low, cell.high, cell.value) * (100.0 if cell.unit == SHARE else 1.0)
        digits = min(3, max(0, -math.floor(math.log10(step) + 1e-9)))
        point = "." + "0" * digits if digits else ""
        return f"0{point}%" if cell.unit == SHARE else f"#,##0{point}"
    if kind in ("share", "heat"):
        return "0.0%"
    is_small = isinstance(cell, float) and not cell.is_integer() and abs(cell) < _LARGE
    return "General" if kind in WORDS or is_small else "#,##0"


def _shown(flat: FlatColumn, row: TableRow) -> str:
    """About what a spreadsheet shows in a cell, to measure it."""
    value = flat.value(row)
    if value is None or isinstance(value, str):
        return value or ""
    _, _, decimals = number_format(flat, row).rstrip("%").partition(".")
    is_general = number_format(flat, row) == "General"
    return f"{value:.10g}" if is_general else f"{value:,.{len(decimals)}f}"


def _n_frozen(flat: Sequence[FlatColumn], widths: Sequence[int]) -> int:
    """Columns that stay in sight: words before the first number, or the first of them where they are wide."""
    n = next((j for j, column in enumerate(flat) if column.part or column.column.is_number), 0)
    return n if sum(widths[:n]) <= _FROZEN_WIDTH else min(n, 1)
