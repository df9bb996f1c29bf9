"""Units and assets at places, from the records of a table: degrees, rounded to what a study keeps."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar, get_args

from steeldome.errors import Fault
from steeldome.inputs.asset import AssetClass
from steeldome.inputs.reading import suggest
from steeldome.interop.csv_table import Record
from steeldome.units import parse_number

UNIT_COLUMNS: Final = ("name", "system", "lat", "lon")
MORE_UNIT_COLUMNS: Final = ("lent", "count")
ASSET_COLUMNS: Final = ("name", "class", "lat", "lon", "value", "radius_km")

_LONGEST_NAME: Final = 100
_MOST_UNITS: Final = 1_000
_YES: Final = frozenset(("true", "yes", "1", "evet"))
_NO: Final = frozenset(("", "false", "no", "0", "hayır"))

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """Units of one system at one place; degrees, rounded to a tenth."""

    line: int
    name: str
    system: str
    latitude: float
    longitude: float
    is_lent: bool
    count: int


@dataclass(frozen=True, slots=True)
class AssetPlace:
    """A defended asset; degrees, rounded to a tenth, and kilometres."""

    line: int
    name: str
    asset_class: str
    latitude: float
    longitude: float
    value: float
    radius_km: float


def read_units(file: str, records: Iterable[Record], systems: Collection[str]) -> tuple[list[UnitPlace], list[Fault]]:
    """Units of the records that have no fault, and all faults.

    Parameters
    ----------
    file : str
        For the faults.
    records : iterable of Record
        With `UNIT_COLUMNS` and `MORE_UNIT_COLUMNS`.
    systems : collection of str
        Ids of systems that a laydown may hold.
    """
    found, faults = [], []
    names: dict[str, int] = {}
    for record in records:
        row = _Row(file, record)
        system = row.read("system", lambda text: _system(text, systems))
        name = row.read("name", _name)
        latitude, longitude = row.place()
        is_lent, count = row.read("lent", _flag), row.read("count", _count)
        if name is not None and name != system:
            row.once(name, names)
        if not row.faults:
            assert name is not None and system is not None and is_lent is not None and count is not None
            found.append(UnitPlace(record.line, name, system, latitude, longitude, is_lent, count))
        faults += row.faults
    return found, faults


def read_assets(file: str, records: Iterable[Record]) -> tuple[list[AssetPlace], list[Fault]]:
    """Assets of the records (with `ASSET_COLUMNS`) that have no fault, and all faults."""
    found, faults = [], []
    names: dict[str, int] = {}
    for record in records:
        row = _Row(file, record)
        name, kind = row.read("name", _name), row.read("class", _asset_class)
        latitude, longitude = row.place()
        value, radius = row.read("value", _positive), row.read("radius_km", _positive)
        if name is not None:
            row.once(name, names)
        if not row.faults:
            assert name is not None and kind is not None and value is not None and radius is not None
            found.append(AssetPlace(record.line, name, kind, latitude, longitude, value, radius))
        faults += row.faults
    return found, faults


class _Row:
    """One record and what is wrong with it."""

    def __init__(self, file: str, record: Record) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._record = record

    def read(self, column: str, convert: Callable[[str], T]) -> T | None:
        """A cell converted; None and a fault if it cannot be."""
        try:
            return convert(self._record.cells[column])
        except ValueError as reason:
            self._add(column, str(reason))
            return None

    def once(self, name: str, names: dict[str, int]) -> None:
        """Refuse a name that another line has."""
        first = names.setdefault(name.casefold(), self._record.line)
        if first != self._record.line:
            self._add("name", f"'{name}' stands already in line {first}; give each its own name")

    def place(self) -> tuple[float, float]:
        """Latitude and longitude in degrees, rounded to a tenth; zeros and a fault where they are none."""
        latitude, longitude = self.read("lat", _degrees), self.read("lon", _degrees)
        if latitude is None or longitude is None:
            return 0.0, 0.0
        if abs(latitude) > 90.0 >= abs(longitude) and abs(latitude) <= 180.0:
            self._add("lat", f"{latitude:g} is no latitude; it looks swapped with lon {longitude:g}, swap the two")
        elif abs(latitude) > 90.0:
            self._add("lat", f"must be in -90..90 degrees, got {latitude:g}")
        if abs(longitude) > 180.0:
            self._add("lon", f"must be in -180..180 degrees, got {longitude:g}")
        return round(latitude, 1) + 0.0, round(longitude, 1) + 0.0

    def _add(self, column: str, message: str) -> None:
        self.faults.append(Fault(self._file, self._record.line, column, message))


def _name(text: str) -> str:
    if not text:
        raise ValueError("is empty; write a name")
    if len(text) > _LONGEST_NAME:
        raise ValueError(f"is {len(text)} characters long; at most {_LONGEST_NAME} are allowed")
    if "\n" in text or "\r" in text:
        raise ValueError("has a line break in it; remove it")
    return text


def _system(text: str, systems: Collection[str]) -> str:
    if not text:
        raise ValueError("is empty; write the id of a system, as 'steeldome catalogue list' shows it")
    if text not in systems:
        hint = suggest(text.lower(), sorted(systems)) or "; type 'steeldome catalogue list'"
        raise ValueError(f"no system '{text[:60]}' that a laydown may hold{hint}")
    return text


def _asset_class(text: str) -> str:
    allowed = get_args(AssetClass)
    if text not in allowed:
        raise ValueError(
            f"'{text[:40]}' is no class of asset{suggest(text.lower(), allowed)}; allowed: {', '.join(allowed)}"
        )
    return text


def _degrees(text: str) -> float:
    if text.count(",") == 1 and text.replace(",", "").removeprefix("-").isdigit():
        raise ValueError(f"'{text}' has a decimal comma; write '{text.replace(',', '.')}'")
    try:
        return parse_number(text)
    except ValueError:
        raise ValueError(
            f"'{text[:40]}' is not a number; write degrees such as '38.4', south and west of zero with a minus"
        ) from None


def _positive(text: str) -> float:
    number = _degrees(text) if "," in text else parse_number(text)
    if not number > 0.0:
        raise ValueError(f"must be more than 0, got {text}")
    return number


def _flag(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise ValueError(f"'{text[:40]}' is neither true nor false; write 'true', or leave it empty")
    return word in _YES


def _count(text: str) -> int:
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MOST_UNITS:
        raise ValueError(f"'{text[:40]}' is not a number of units; write 1 to {_MOST_UNITS}, or leave it empty")
    return int(text)
