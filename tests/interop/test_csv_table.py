"""Tables as spreadsheets save them, and everything that can be wrong with one."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steeldome.errors import ScenarioError
from steeldome.interop.csv_table import MAX_BYTES, MAX_RECORDS, read_table

NEEDED, MORE = ("name", "lat"), ("count",)


def read(folder: Path, data: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Rows with their lines, and the faults without the name of the file."""
    file = folder / "t.csv"
    file.write_bytes(data)
    records, faults = read_table(file, NEEDED, MORE)
    return [(line, dict(cells)) for line, cells in records], [str(fault).removeprefix(f"{file}:") for fault in faults]


@pytest.mark.parametrize(
    "data",
    [
        b"name,lat\nA,1.5\n",
        b"\xef\xbb\xbfLat ; NAME\r\n1.5;A\r\n",
        b"\n\nname\tlat\tcount\n\n A \t 1.5\t\n\t\t\n",
        b'name,lat\n"A","1.5"',
    ],
)
def test_order_delimiter_mark_and_blank_lines_do_not_matter(tmp_path: Path, data: bytes) -> None:
    records, faults = read(tmp_path, data)
    assert faults == [] and [cells for _, cells in records] == [{"name": "A", "lat": "1.5", "count": ""}]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    records, faults = read(tmp_path, b'name,lat\n\nA,1\n"B\nb",2\nC,3\nD\n')
    assert [line for line, _ in records] == [3, 4, 6]
    assert faults == ["7: has 1 fields, the header has 2; fill the row up, or remove what is too much"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ["1: is empty; the first line names the columns: name,lat"]),
        (b"\n\n", ["1: is empty; the first line names the columns: name,lat"]),
        (b"name,lat\n", ["1: has no rows below the header"]),
        (b"name;latitude\nA;1\n", ["1: lat: column is missing; rename 'latitude'"]),
        (b"name,cuont,lat,x\nA,1,1,1", ["1: cuont: unknown column. Did you mean 'count'?; remove or rename it",
                                        "1: x: unknown column; allowed: name, lat, count; remove or rename it"]),
        (b"name,lat,lat\nA,1,2", ["1: lat: column stands twice; keep one"]),
        (b"A,1\nB,2\n", ["1: name: column is missing; the header must name name, lat",
                         "1: lat: column is missing; the header must name name, lat",
                         "1: a: unknown column; allowed: name, lat, count; remove or rename it",
                         "1: 1: unknown column; allowed: name, lat, count; remove or rename it"]),
        (b"name,lat\nA,38,4\n", ["2: has 3 fields, the header has 2; write numbers with a point (38.4, not 38,4) and "
                                 "texts with a comma in quotes"]),
        (b'name,lat\n"A"x,1\n', ["2: is no table here: ',' expected after '\"'; check the quotes"]),
        (b"name,lat\n" + b"A,1\n" * (MAX_RECORDS + 1), [f"{MAX_RECORDS + 2}: has more than 1000 rows; split the file"]),
    ],
)  # fmt: skip
def test_every_fault_has_its_line(tmp_path: Path, data: bytes, said: list[str]) -> None:
    assert read(tmp_path, data)[1] == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("name,lat\nA,1\n".encode("utf-16"), "t.csv:1: is not UTF-8 text; save it as UTF-8"),
        ("name,lat\nİ,1\n".encode("cp1254"), "t.csv:2: is not UTF-8 text; save it as UTF-8"),
        (b"name,lat\nA\0,1\n", r"t.csv:2: contains the control character U\+0000; remove it"),
        (b"x" * (MAX_BYTES + 1), "t.csv: is larger than 1 MB; at most 1000 rows are read, split the file"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read(tmp_path, data)


def test_a_million_lines_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    with file.open("w") as stream:
        stream.write("name,lat\n")
        stream.writelines("A,1\n" for _ in range(1_000_000))
    with pytest.raises(ScenarioError, match="is larger than 1 MB"):
        read_table(file, NEEDED, MORE)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5), delimiter=st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_back(tmp_path: Path, rows: list[tuple[str, str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([("name", "lat"), *rows])
    records, faults = read(tmp_path, text.getvalue().encode())
    kept = [(name.strip(), lat.strip()) for name, lat in rows if name.strip() or lat.strip()]
    assert [(cells["name"], cells["lat"]) for _, cells in records] == kept
    assert len(faults) == (0 if kept else 1)
