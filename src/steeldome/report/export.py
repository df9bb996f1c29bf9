"""What a report shows, for people who go on working with it: a workbook, plain tables, figures for slides."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from steeldome.errors import Fault, ResultsError
from steeldome.report.about import about_table, provenance_line
from steeldome.report.brief import body
from steeldome.report.formats import Format
from steeldome.report.gathering import gather
from steeldome.report.standalone import stand_alone
from steeldome.report.table_files import csv_text
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import Translate, Wording
from steeldome.report.workbook import ABOUT, CONTENTS, PLACE, sheet_names, workbook
from steeldome.results.files import Files, write_file

if TYPE_CHECKING:
    from steeldome.experiments.folder import OpenRun


def write_export(run: "OpenRun", folder: Path, wanted: Format, language: str, translate: Translate) -> list[str]:
    """Write tables and figures of the report of a run into a new folder.

    Parameters
    ----------
    run : OpenRun
    folder : Path
        Comes into being whole or not at all; an empty one is taken.
    wanted : Format
    language : str
        ``en`` or ``tr``; decides names, headings and the decimal signs in figures.
    translate : callable
        From an English sentence to the same sentence in the language.

    Returns
    -------
    list of str
        Files written, relative to the folder.

    Raises
    ------
    ResultsError
        There is something in the folder, or the disk takes no more.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ResultsError([Fault(str(folder), 0, "", "is there and is not an empty folder; give another --out")])
    views = Views(gather(run, language, translate), Wording(language, translate))
    body(views)
    written: list[str] = []
    with _whole_or_nothing(folder) as part:
        for name, data in _files(views, wanted):
            path = part / name
            path.parent.mkdir(exist_ok=True)
            write_file(path, data, Files())
            written.append(name)
    return written


def _files(views: Views, wanted: Format) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files, one at a time."""
    contents, translate = views.contents, views.wording.translate
    about = about_table(contents, views.wording)
    if wanted in (Format.XLSX, Format.ALL):
        listed = contents_table(views, sheet_names(views.tables))
        provenance = provenance_line(contents, translate)
        yield "tables.xlsx", workbook(contents, listed, views.tables, about, provenance, translate)
    if wanted in (Format.CSV, Format.ALL):
        names = [f"{i:02d}-{table.id}.csv" for i, table in enumerate(views.tables, start=1)]
        listed = contents_table(views, names)
        last = f"{len(names) + 1:02d}-{ABOUT}.csv"
        pages = zip((f"00-{CONTENTS}.csv", *names, last), (listed, *views.tables, about), strict=True)
        for name, table in pages:
            yield f"tables/{name}", csv_text(table).encode()
    if wanted in (Format.FIGURES, Format.ALL):
        foot = f"{contents.title}. {provenance_line(contents, translate, 12)}"
        for picture in views.pictures:
            for name, data in stand_alone(picture, foot, translate):
                yield f"figures/{name}", data


def contents_table(views: Views, places: list[str]) -> Table:
    """What there is: a row a table, with its number and its place."""
    translate = views.wording.translate
    pictures = {picture.title: picture.number for picture in views.pictures}

    def shown(table: Table) -> str:
        if table.number:
            return translate("Table {number}.").format(number=table.number).rstrip(".")
        number = pictures.get(table.title)
        return translate("Figure {number}.").format(number=number).rstrip(".") if number else translate("text")

    rows = [
        TableRow((i, shown(table), table.title, table.caption, place))
        for i, (table, place) in enumerate(zip(views.tables, places, strict=True), start=1)
    ]
    columns = (
        Column("number", translate("Number"), "count"),
        Column("in_the_report", translate("In the report")),
        Column("title", translate("Title")),
        Column("caption", translate("Caption")),
        Column(PLACE, translate("Sheet or file")),
    )
    return Table(CONTENTS, views.contents.title, views.contents.question, columns, tuple(rows))


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[Path]:
    """A folder beside the one asked for; what is in it moves there when all is written, and is gone otherwise."""
    part = folder.absolute().with_name(f".{folder.absolute().name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        try:
            yield part
            folder.mkdir(exist_ok=True)
            for child in part.iterdir():
                child.rename(folder / child.name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as reason:
        message = f"cannot be written ({reason.strerror}); give another --out"
        raise ResultsError([Fault(str(folder), 0, "", message)]) from reason
