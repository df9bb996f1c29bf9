"""Tables as spreadsheets save them: one header, comma, semicolon or tab, every fault with its line and column."""

import csv
import difflib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.reading import decode, read_bytes, suggest

MAX_BYTES: Final = 1_000_000
MAX_RECORDS: Final = 1_000
_DELIMITERS: Final = (",", ";", "\t")


class Record(NamedTuple):
    """One row: its line, counted from 1, and its cells by column, without the blanks around them."""

    line: int
    cells: Mapping[str, str]


def read_table(path: Path, required: Sequence[str], optional: Sequence[str]) -> tuple[list[Record], list[Fault]]:
    """Read a table with a header.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark.
    required, optional : sequence of str
        Columns that the header must and may name, in any order; a cell of one that it does not name is empty.

    Returns
    -------
    records : list of Record
        Rows that have as many fields as the header; empty if the header is wrong.
    faults : list of Fault

    Raises
    ------
    ScenarioError
        The file cannot be read, is too large, or is not text.
    """
    file = str(path)
    data = read_bytes(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 10**6} MB; at most {MAX_RECORDS} rows are read, split the file"
        raise ScenarioError([Fault(file, 0, "", message)])
    text = decode(data, file)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    wrong_header: list[Fault] = []
    records: list[Record] = []
    faults: list[Fault] = []
    before = 0
    try:
        for row in rows:
            line, before = before + 1, rows.line_num
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not header:
                header = [cell.lower() for cell in cells]
                wrong_header = _header_faults(file, line, header, required, optional)
            elif len(cells) != len(header):
                faults.append(Fault(file, line, "", _count_fault(len(cells), len(header), delimiter)))
            elif len(records) == MAX_RECORDS:
                return [], [Fault(file, line, "", f"has more than {MAX_RECORDS} rows; split the file")]
            else:
                records.append(Record(line, dict.fromkeys(optional, "") | dict(zip(header, cells, strict=True))))
    except csv.Error as reason:
        faults.append(Fault(file, rows.line_num, "", f"is no table here: {reason}; check the quotes"))
    if not header:
        return [], [Fault(file, 1, "", f"is empty; the first line names the columns: {delimiter.join(required)}")]
    if wrong_header:
        return [], wrong_header
    if not records and not faults:
        faults = [Fault(file, 1, "", "has no rows below the header")]
    return records, faults


def _header_faults(
    file: str, line: int, header: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> list[Fault]:
    """Columns that are missing, stand twice or are not known."""
    known = (*required, *optional)
    faults = []
    unknown = [name for name in header if name not in known]
    for name in required:
        if name not in header:
            close = difflib.get_close_matches(name, unknown, 1, 0.6) or [other for other in unknown if name in other]
            hint = f"rename '{close[0]}'" if close else f"the header must name {', '.join(required)}"
            faults.append(Fault(file, line, name, f"column is missing; {hint}"))
            unknown = [other for other in unknown if other not in close[:1]]
    for name in unknown:
        hint = suggest(name, [one for one in optional if one not in header]) or f"; allowed: {', '.join(known)}"
        faults.append(Fault(file, line, name, f"unknown column{hint}; remove or rename it"))
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(Fault(file, line, name, "column stands twice; keep one"))
    return faults


def _count_fault(found: int, wanted: int, delimiter: str) -> str:
    message = f"has {found} fields, the header has {wanted}"
    if found > wanted and delimiter == ",":
        return f"{message}; write numbers with a point (38.4, not 38,4) and texts with a comma in quotes"
    return f"{message}; fill the row up, or remove what is too much"
