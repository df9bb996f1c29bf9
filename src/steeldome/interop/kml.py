"""Placemarks of a KML file as records of a table; a document type, and with it every entity, is refused."""

import io
import xml.sax
import xml.sax.handler
from collections.abc import Container
from pathlib import Path
from typing import Final, NoReturn
from xml.sax.xmlreader import AttributesImpl, Locator

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.reading import read_bytes
from steeldome.interop.csv_table import MAX_RECORDS, Record

MAX_BYTES: Final = 10_000_000
_ARCHIVE: Final = b"PK\x03\x04"


def read_placemarks(path: Path, columns: tuple[str, ...], systems: Container[str]) -> tuple[list[Record], list[Fault]]:
    """Read the placemarks that have a point.

    Parameters
    ----------
    path : Path
    columns : tuple of str
        Names of extended data that are taken over; ``system`` falls back to the description, then to the name, where
        that is the id of a system.
    systems : container of str
        Ids of systems.

    Returns
    -------
    records : list of Record
        With ``name``, ``lat``, ``lon`` and the columns; at most `MAX_RECORDS`.
    faults : list of Fault

    Raises
    ------
    ScenarioError
        The file cannot be read, is too large, is no XML, or declares a document type.
    """
    file = str(path)
    data = read_bytes(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise ScenarioError([Fault(file, 0, "", f"is larger than {MAX_BYTES // 10**6} MB; keep the placemarks alone")])
    if data.startswith(_ARCHIVE):
        raise ScenarioError([Fault(file, 0, "", "is a KMZ archive; save it as KML, or unpack the .kml inside")])
    handler = _Placemarks(file, columns)
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setFeature(xml.sax.handler.feature_external_pes, False)
    parser.setProperty(xml.sax.handler.property_lexical_handler, _NoDocumentType(handler))
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(data))
    except xml.sax.SAXParseException as reason:
        message = f"is no XML here: {reason.getMessage()}; save it again as KML"
        raise ScenarioError([Fault(file, reason.getLineNumber() or 0, "", message)]) from None
    records = [_with_system(record, systems) for record in handler.records]
    if not records:
        return [], [Fault(file, 0, "", "has no placemark with a point; draw each unit as a point")]
    return records, handler.faults


def _with_system(record: Record, systems: Container[str]) -> Record:
    """System of the extended data, else of the description, else of the name."""
    cells = dict(record.cells)
    description = cells.pop("description")
    said = (cells["system"], description, cells["name"])
    found = cells["system"] or next((text for text in said if text in systems), "")
    return Record(record.line, {**cells, "system": found})


class _Placemarks(xml.sax.handler.ContentHandler):
    """Collects placemarks; names of elements count without their prefix."""

    def __init__(self, file: str, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.faults: list[Fault] = []
        self._file = file
        self._columns = columns
        self._locator: Locator | None = None
        self._open: list[str] = []
        self._text: list[str] = []
        self._data = ""
        self._line = 0
        self._cells: dict[str, str] | None = None
        self._point: str | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        """Remember who knows the line."""
        self._locator = locator

    def line(self) -> int:
        """Line of what is being read."""
        return (self._locator.getLineNumber() or 0) if self._locator is not None else 0

    def refuse(self, message: str) -> NoReturn:
        """Stop reading."""
        raise ScenarioError([Fault(self._file, self.line(), "", message)])

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Begin a placemark, or the text of one of its parts."""
        local = name.rpartition(":")[2]
        self._open.append(local)
        self._text.clear()
        if local == "Placemark":
            self._line, self._point = self.line(), None
            self._cells = dict.fromkeys(("name", "description", *self._columns), "")
        elif local in ("Data", "SimpleData"):
            self._data = attrs.get("name", "").strip().lower()

    def characters(self, content: str) -> None:
        """Collect text."""
        self._text.append(content)

    def endElement(self, name: str) -> None:
        """Take over the text of a part, or finish a placemark."""
        local = self._open.pop()
        parent = self._open[-1] if self._open else ""
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if self._cells is None:
            return
        if local == "Placemark":
            self._finish(self._cells)
            self._cells = None
        elif parent == "Placemark" and local in ("name", "description"):
            self._cells[local] = text
        elif (parent, local) == ("Point", "coordinates") and self._point is None:
            self._point = text
        elif (local == "SimpleData" or (parent, local) == ("Data", "value")) and self._data in self._columns:
            self._cells[self._data] = text

    def _finish(self, cells: dict[str, str]) -> None:
        if self._point is None:
            return
        if len(self.records) == MAX_RECORDS:
            self.refuse(f"has more than {MAX_RECORDS} placemarks with a point; split the file")
        parts = self._point.split(",")
        if len(parts) not in (2, 3) or " " in self._point:
            message = f"'{self._point[:40]}' is not one point; write 'longitude,latitude' in degrees with points"
            self.faults.append(Fault(self._file, self._line, "coordinates", message))
            return
        self.records.append(Record(self._line, {**cells, "lon": parts[0], "lat": parts[1]}))


class _NoDocumentType(xml.sax.handler.LexicalHandler):
    """Refuses a document type before anything in it is read."""

    def __init__(self, handler: _Placemarks) -> None:
        self._handler = handler

    def startDTD(self, name: str, public_id: str | None, system_id: str | None) -> None:
        """Refuse it."""
        self._handler.refuse("declares a document type (DTD), which could name entities and other files; remove it")
