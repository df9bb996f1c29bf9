"""An export holds what the page shows, as numbers; the same run gives the same bytes; it is whole or not there."""

import csv
import errno
import io
import itertools
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any, cast

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from steeldome.app.language import translator
from steeldome.errors import ResultsError
from steeldome.report import export
from steeldome.report.brief import render
from steeldome.report.contents import Measure
from steeldome.report.export import write_export
from steeldome.report.figures import Segments
from steeldome.report.flat import flat_columns
from steeldome.report.formats import Format
from steeldome.report.gathering import gather
from steeldome.report.standalone import ROWS_ON_A_SLIDE, parts_of
from steeldome.report.table_files import csv_text
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.workbook import number_format
from tests.report.fake_run import amount, fake_open_run, share

RUN = cast(Any, fake_open_run())
NUMBERS = ("value", "low", "high", "input_low", "input_high")
Sheet = list[dict[str, Any]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "all"
    files = write_export(RUN, folder, Format.ALL, "en", str)
    assert sorted(files) == sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return folder


@pytest.fixture(scope="module")
def book(exported: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(exported / "tables.xlsx")


def rows_of(sheet: Any) -> Sheet:
    """Rows below the headings; parts of a measure are keyed ``<heading>.<part>``."""
    over, headings, *rows = sheet.iter_rows(min_row=5, values_only=True)
    keys, last = [], ""
    for above, heading in zip(over, headings, strict=True):
        last = above or last
        keys.append(f"{last}.{heading}" if last and heading in Measure._fields else heading)
    return [dict(zip(keys, row, strict=True)) for row in rows]


def titled(book: Any, title: str) -> Sheet:
    (sheet,) = [sheet for sheet in book if re.sub(r"^(Table|Tablo) \d+\. ", "", sheet["A1"].value) == title]
    return rows_of(sheet)


def assert_same(row: dict[str, Any], heading: str, entry: dict[str, Any]) -> None:
    """All eight columns of a measure hold what ``measures.json`` holds, to the digits that a workbook keeps."""
    for part in NUMBERS:
        assert isinstance(row[f"{heading}.{part}"], int | float)
        assert row[f"{heading}.{part}"] == pytest.approx(entry[part], rel=1e-14, abs=1e-300)
    assert (row[f"{heading}.n"], row[f"{heading}.level"]) == (entry["n"], entry["level"])
    assert row[f"{heading}.unit"] == ("share" if entry["unit"] == "1" else entry["unit"])


@pytest.mark.parametrize("language", ["en", "tr"])
def test_page_and_workbook_name_the_same_tables(language: str, tmp_path: Path) -> None:
    translate = translator(language)
    write_export(RUN, tmp_path / "out", Format.XLSX, language, translate)
    book = openpyxl.load_workbook(tmp_path / "out" / "tables.xlsx")
    page = unescape(render(gather(RUN, language, translate), language, translate))
    first, *sheets, last = book.sheetnames
    assert (first, last) == ("contents", "about")
    assert len(set(book.sheetnames)) == len(book.sheetnames) and max(map(len, book.sheetnames)) <= 31
    titles = [book[name]["A1"].value for name in sheets]
    numbered = [title for title in titles if re.match(r"(Table|Tablo) \d", title)]
    assert numbered == re.findall(r"<caption><b>(.*?)</b>", page) and len(numbered) > 10
    assert [title for title in titles if title.rstrip(".") not in page] == []
    assert [(row[0].value, row[-1].value) for row in book[first].iter_rows(min_row=7)] == [
        (i, name) for i, name in enumerate(sheets, start=1)
    ]
    for sheet in book:
        assert sheet.auto_filter.ref and sheet.freeze_panes.endswith("7")
        said = " ".join(str(sheet.cell(row, 1).value) for row in (2, 3))
        assert "E1" in said and "2025" in said and "0.1.0" in said and RUN.result_hash in said


def test_the_numbers_are_those_of_the_run(book: openpyxl.Workbook) -> None:
    headings = {"leakage": "Leakage", "footprint": "Footprint share"}
    headings["conditional_leakage"] = "Leakage inside the footprint"
    gathered = gather(RUN, "en", str)
    names = {laydown.id: laydown.name for laydown in gathered.laydowns}
    systems = {system.id: system.name for system in gathered.systems}
    raids = {raid.id: raid.name for raid in gathered.raids}
    for case in RUN.measures["cases"]:
        laydown, raid = names[case["laydown"]], raids[case["raid"]]
        leakage = {(row["Class"], row["Laydown"]): row for row in titled(book, f"Leakage and its two parts: {raid}.")}
        for key in case["launched"]:
            for part, heading in headings.items():
                name = part if len(case["launched"]) == 1 else f"{part}.{key}"
                assert_same(leakage[gathered.classes[key], laydown], heading, case["measures"][name])
        use = {
            (row["System"], row["Class"], row["Laydown"]): row
            for row in titled(book, f"Kills and shots by system and class: {raid}.")
        }
        for system, parts in case["use"].items():
            for key, entry in parts.items():
                row = use[systems[system], gathered.classes[key], laydown]
                assert_same(row, "kills, objects", entry["kills"])
                assert_same(row, "shots", entry["shots"])
        costs = {(row["Measure"], row["Laydown"]): row for row in titled(book, f"Rounds used and their cost: {raid}.")}
        assert_same(costs["Cost of the rounds", laydown], "Mean", case["measures"]["cost"])
    found = {
        (row["Measure"], row["Raid"], row["Laydown"], row["Minus laydown"]): row
        for row in titled(book, "Paired differences of all measures.")
    }
    for one in RUN.measures["differences"]:
        row = found["Leakage", raids[one["raid"]], names[one["second"]], names[one["first"]]]
        assert_same(row, "Difference", one["measures"]["leakage"])


def test_every_number_of_the_workbook_is_a_number(book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=7) for cell in row]
    as_text = [
        cell for cell in cells if isinstance(cell.value, str) and re.fullmatch(r"[-+%]?[\d.,]{1,15}%?", cell.value)
    ]
    words = {"Unit", "Date"}  # the unit of a share is 1; some dates are years
    assert {cell.parent.cell(6, cell.column).value for cell in as_text} <= words
    assert sum(isinstance(cell.value, int | float) for cell in cells) > 1000


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (share(0.484, chance=0.006), "0.0%"),
        (share(0.484, chance=0.0004), "0.00%"),
        (amount(123_456_789.0, "USD"), "#,##0"),
        (amount(3.2, "objects"), "#,##0.00"),
    ],
)
def test_a_spreadsheet_shows_no_digit_beyond_the_first_of_the_band(measure: Measure, expected: str) -> None:
    table = Table("t", "T.", "", (Column("a", "A"), Column("m", "M", "measure")), (TableRow(("x", measure)),))
    assert number_format(flat_columns(table)[1], table.rows[0]) == expected


def test_the_same_run_gives_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    files = write_export(RUN, tmp_path / "again", Format.ALL, "en", str)
    assert [name for name in files if (exported / name).read_bytes() != (tmp_path / "again" / name).read_bytes()] == []
    assert {Path(name).suffix for name in files} == {".xlsx", ".csv", ".svg", ".png"}
    book = openpyxl.load_workbook(exported / "tables.xlsx")
    assert book.properties.created.isoformat(sep=" ") == "2026-11-23 12:00:00"


def test_tables_as_csv_name_the_unit_of_each_column() -> None:
    columns = (Column("name", "Name"), Column("mean", "Mean", "measure"), Column("hits", "Hits", "heat"))
    rows = (
        TableRow(("=1+1", amount(2.0, "shots"), 0.25), "first"),
        TableRow(("Ü, ü", share(0.5)._replace(low=float("nan")), None), "second"),
        TableRow(("none", None, 1.0), "second"),
    )
    table = Table("t", "T.", "", columns, rows, group=Column("raid", "Raid"))
    read = list(csv.DictReader(io.StringIO(csv_text(table))))
    assert list(read[0]) == [
        "raid",
        "name",
        *(f"mean_{part}_{unit}" for unit in ("shots", "share") for part in NUMBERS),
        "mean_n",
        "mean_level",
        "hits_share",
    ]
    assert [row["name"] for row in read] == ["'=1+1", "Ü, ü", "none"]
    assert [row["mean_value_shots"] for row in read] == ["2.0", "", ""]
    assert [row["mean_value_share"] for row in read] == ["", "0.5", ""]
    assert read[1]["mean_low_share"] == "" and float(read[1]["mean_high_share"]) == share(0.5).high
    assert [row["raid"] for row in read] == ["first", "second", "second"]


def test_each_csv_file_holds_the_rows_of_its_sheet(exported: Path, book: openpyxl.Workbook) -> None:
    files = sorted((exported / "tables").iterdir())
    assert len(files) == len(book.sheetnames)
    for path, sheet in zip(files, book, strict=True):
        read = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert len(read) - 1 == sheet.max_row - 6, path.name
        assert len(set(read[0])) == len(read[0])


def test_figures_stand_alone(exported: Path) -> None:
    pictures = sorted((exported / "figures").glob("*.png"))
    assert [path.stem[:2] for path in pictures] == [f"{i:02d}" for i in range(1, 10)]
    for path in pictures:
        with Image.open(path) as picture:
            assert abs(picture.width - 2000) <= 2 and picture.height < 2200
            assert [round(x) for x in picture.info["dpi"]] == [200, 200]
            pixels = np.asarray(picture.convert("RGB"))
        edge = np.concatenate([pixels[[0, -1]].reshape(-1, 3), pixels[:, [0, -1]].reshape(-1, 3)])
        assert (edge == 255).all(), f"{path.name}: something is cut off at its edge"
        assert (pixels < 60).any(), f"{path.name}: no ink"
        text = path.with_suffix(".svg").read_text(encoding="utf-8")
        assert "var(--" not in text and "<text" not in text and "fill: #ffffff" in text


@given(st.lists(st.integers(0, 25), min_size=1, max_size=12))
def test_tall_figures_are_parted_at_their_headings(sizes: list[int]) -> None:
    rows = [
        bar
        for i, size in enumerate(sizes)
        for bar in (Segments(str(i), {}, True), *(Segments(f"{i}.{j}", {}) for j in range(size)))
    ]
    parts = parts_of(rows)
    assert [row for part in parts for row in part] == rows
    for part in parts:
        assert part[0].is_heading
        assert len(part) <= ROWS_ON_A_SLIDE or sum(row.is_heading for row in part) == 1
    for one, other in itertools.pairwise(parts):
        following = next((i for i, row in enumerate(other[1:], 1) if row.is_heading), len(other))
        assert len(one) + following > ROWS_ON_A_SLIDE


class TestWhereItCannotBeWritten:
    def test_a_folder_with_something_in_it_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("x")
        with pytest.raises(ResultsError, match="is there and is not an empty folder; give another --out"):
            write_export(RUN, tmp_path, Format.CSV, "en", str)
        with pytest.raises(ResultsError, match="not an empty folder"):
            write_export(RUN, tmp_path / "mine", Format.CSV, "en", str)
        assert [path.name for path in tmp_path.iterdir()] == ["mine"]

    def test_a_full_disk_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(export, "write_file", full_after(3))
        with pytest.raises(ResultsError, match=r"out: cannot be written \(No space left on device\); give another"):
            write_export(RUN, tmp_path / "out", Format.CSV, "en", str)
        assert list(tmp_path.iterdir()) == []

    def test_an_empty_folder_is_taken(self, tmp_path: Path) -> None:
        files = write_export(RUN, tmp_path, Format.CSV, "en", str)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["tables"] and "tables/00-contents.csv" in files


def full_after(n: int) -> Callable[..., None]:
    """Writes so many files and finds the disk full then."""
    left: Iterator[int] = iter(range(n))

    def write(path: Path, data: bytes, files: object) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_bytes(data)

    return write
