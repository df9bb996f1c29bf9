"""Placemarks, wherever their system is written, and files that reach for others."""

import re
from pathlib import Path

import pytest

from steeldome.errors import ScenarioError
from steeldome.interop.csv_table import MAX_RECORDS
from steeldome.interop.kml import MAX_BYTES, read_placemarks

SYSTEMS = {"siper_battery", "eirs"}
COLUMNS = ("system", "count")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>All</name>\n'
)
POINT = "<Point><coordinates>\n 29.04,41.06,120 \n</coordinates></Point>"


def read(folder: Path, body: str, head: str = HEAD) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Records with their lines, and the faults without the name of the file."""
    file = folder / "t.kml"
    file.write_text(f"{head}{body}</Document></kml>\n", encoding="utf-8")
    records, faults = read_placemarks(file, COLUMNS, SYSTEMS)
    return [(line, dict(cells)) for line, cells in records], [str(fault).removeprefix(f"{file}:") for fault in faults]


@pytest.mark.parametrize(
    ("body", "name", "system"),
    [
        ("<name>A</name><ExtendedData><Data name='system'><displayName>s</displayName><value>eirs</value></Data>"
         "</ExtendedData>", "A", "eirs"),
        ("<name>A</name><ExtendedData><SchemaData><SimpleData name='System'>eirs</SimpleData></SchemaData>"
         "</ExtendedData>", "A", "eirs"),
        ("<name>A</name><description><![CDATA[ eirs ]]></description>", "A", "eirs"),
        ("<name>siper_battery</name><description>on the hill</description>", "siper_battery", "siper_battery"),
        ("<name>siper_battery</name><description>eirs</description>", "siper_battery", "eirs"),
        ("<name>eirs</name><ExtendedData><Data name='system'><value>er</value></Data></ExtendedData>", "eirs", "er"),
        ("<name>A &amp; B</name><description>eirs or so</description>", "A & B", ""),
    ],
)  # fmt: skip
def test_the_system_is_looked_for_in_turn(tmp_path: Path, body: str, name: str, system: str) -> None:
    records, faults = read(tmp_path, f"<Placemark>{body}{POINT}</Placemark>")
    assert faults == []
    assert records == [(3, {"name": name, "system": system, "count": "", "lat": "41.06", "lon": "29.04"})]


def test_folders_prefixes_and_points_among_others_are_read(tmp_path: Path) -> None:
    body = (
        f"<Folder><name>F</name><Placemark><MultiGeometry><LineString><coordinates>1,2 3,4</coordinates></LineString>"
        f"{POINT}</MultiGeometry><name>A</name></Placemark></Folder>\n"
        "<Placemark><name>a road</name><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>"
    )
    prefixed = body.replace("<", "<k:").replace("<k:/", "</k:")
    for text, head in ((body, HEAD), (prefixed, HEAD.replace("<kml xmlns", "<kml xmlns:k"))):
        records, faults = read(tmp_path, text, head)
        assert faults == [] and [(line, cells["name"]) for line, cells in records] == [(3, "A")]


def test_a_place_that_is_no_point_is_told(tmp_path: Path) -> None:
    body = f"<Placemark>{POINT}</Placemark>\n<Placemark>{POINT.replace(',41.06,', '41.06 ')}</Placemark>\n"
    (fault,) = read(tmp_path, body)[1]
    assert fault.startswith("6: coordinates: '29.0441.06 120' is not one point; write 'longitude,latitude'")


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        (HEAD, "", "has no placemark with a point"),
        (HEAD, "<Placemark><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>", "has no place"),
        (HEAD, "<Placemark>", "t.kml:3: is no XML here: mismatched tag"),
        ("", "", "t.kml:1: is no XML here"),
        ('<?xml version="1.0"?>\n<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<kml><Document>',
         f"<Placemark><name>&x;</name>{POINT}</Placemark>", r"t.kml:2: declares a document type \(DTD\)"),
        ('<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/a.dtd">\n<kml><Document>', f"<Placemark>{POINT}</Placemark>",
         r"t.kml:1: declares a document type"),
        ('<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<kml><Document>', f"<Placemark>{POINT}</Placemark>",
         "t.kml:1: declares a document type"),
        (HEAD, f"<Placemark><name>&b;</name>{POINT}</Placemark>", "t.kml:3: is no XML here: undefined entity"),
        (HEAD, f"<Placemark>{POINT}</Placemark>\n" * (MAX_RECORDS + 1), "has more than 1000 placemarks with a point"),
        (HEAD + " " * MAX_BYTES, "", "is larger than 10 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_placemarks_is_refused(tmp_path: Path, head: str, body: str, said: str) -> None:
    try:
        _, faults = read(tmp_path, body, head)
    except ScenarioError as refusal:
        faults = [str(fault) for fault in refusal.faults]
    assert len(faults) == 1 and re.search(said, faults[0])


def test_an_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.kml").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(ScenarioError, match="is a KMZ archive; save it as KML"):
        read_placemarks(tmp_path / "t.kml", COLUMNS, SYSTEMS)
