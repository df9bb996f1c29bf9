"""A study folder from a list of units: everything else is a commented template that an analyst edits."""

import json
import re
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import radians
from pathlib import Path
from typing import Final

import jinja2

from steeldome.compiler.terrain import Extent, terrain_extent, terrain_faults
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.environment import NO_TERRAIN, Environment
from steeldome.inputs.reading import suggest
from steeldome.inputs.study import STUDY_FILE, Study, read_study
from steeldome.interop.csv_table import Record, read_table
from steeldome.interop.kml import read_placemarks
from steeldome.interop.places import (
    ASSET_COLUMNS,
    MORE_UNIT_COLUMNS,
    UNIT_COLUMNS,
    AssetPlace,
    UnitPlace,
    read_assets,
    read_units,
)
from steeldome.results.files import Files, write_file

TERRAIN: Final = "globe30s_6E50E_30N48N"
TEMPLATE: Final = "study.yaml.j2"
YEAR: Final = 2025
LAUNCH_KM: Final = 600
#: Catalogue ids of the notional raids.
THREATS: Final = {
    "cruise": "soumar_paveh",
    "drone": "shahed_136",
    "decoy": "decoy_uav",
    "ballistic": "zolfaghar",
}
_MARGIN: Final = 57_000.0  # m, the stand-off and three jitters of the template
_LETTERS: Final = str.maketrans("ıİğĞşŞçÇöÖüÜøØłŁđĐ", "iIgGsScCoOuUoOlLdD")
_KINDS: Final = (".csv", ".kml")


@dataclass(frozen=True, slots=True)
class UnitList:
    """What a study is made from.

    Attributes
    ----------
    units : Path
        Table (``.csv``) or placemarks (``.kml``) of units.
    assets : Path or None
        Table of assets; without one a generic asset stands at each place of a fire unit.
    name : str
        Of the study; that of the file if empty.
    threat_axis : float, degrees
        Bearing from which raids come.
    terrain : str
        As a study writes it; if empty, the shipped one where it covers every place, else none.
    coordinator : str
        Command node of the network.
    """

    units: Path
    assets: Path | None = None
    name: str = ""
    threat_axis: float = 110.0
    terrain: str = ""
    coordinator: str = "hakim_100"


@dataclass(frozen=True, slots=True)
class NewStudy:
    """A study that was made: its folder, what was read back from it, and the systems in it."""

    folder: Path
    study: Study
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asset:
    """An asset as the template writes it."""

    id: str
    name: str
    asset_class: str
    latitude: float
    longitude: float
    value: float
    radius_km: float


def new_study(asked: UnitList, out: Path | None, catalogue: Catalogue) -> NewStudy:
    """Make a study folder that is checked and can be run.

    Parameters
    ----------
    asked : UnitList
    out : Path or None
        Folder that does not exist yet; named after the study, in the working folder, if None.
    catalogue : Catalogue

    Raises
    ------
    ScenarioError
        With every fault of every file; nothing is left behind.
    """
    name = " ".join((asked.name or asked.units.stem).split())
    folder = out or Path(slug(name, "study"))
    if folder.exists():
        raise ScenarioError([Fault(str(folder), 0, "", "exists already; give another --out, or move it away")])
    units, assets = _read(asked, catalogue)
    terrain = asked.terrain or (TERRAIN if _is_covered((*units, *assets)) else NO_TERRAIN)
    text = _written(asked, name, units, assets, terrain, catalogue).encode("utf-8")
    study = read_study(text, str(folder / STUDY_FILE), catalogue.known_ids())
    if faults := terrain_faults(study, terrain_extent(study.environment, None)):
        raise ScenarioError(faults)
    _write(folder, text)
    return NewStudy(folder, study, tuple(sorted({unit.system for unit in units})))


def slug(text: str, otherwise: str) -> str:
    """Id made of a name: small letters and digits with hyphens between; ``otherwise`` where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or otherwise


def _read(asked: UnitList, catalogue: Catalogue) -> tuple[list[UnitPlace], list[AssetPlace]]:
    """Units and assets of the files; every fault of both at once."""
    systems = catalogue.known_ids().systems or frozenset()
    coordinators = catalogue.known_ids().coordinators or frozenset()
    faults: list[Fault] = []
    if asked.coordinator not in coordinators:
        hint = suggest(asked.coordinator, sorted(coordinators)) or f"; allowed: {', '.join(sorted(coordinators))}"
        faults.append(Fault("--coordinator", 0, "", f"no command node '{asked.coordinator}' in the catalogue{hint}"))
    records, found = _records(asked.units, systems)
    units, wrong = read_units(str(asked.units), records, systems)
    faults += [*found, *wrong]
    assets: list[AssetPlace] = []
    if asked.assets is not None:
        records, found = read_table(asked.assets, ASSET_COLUMNS, ())
        assets, wrong = read_assets(str(asked.assets), records)
        faults += [*found, *wrong]
    if asked.terrain != NO_TERRAIN:
        faults += _swapped(asked.units, units)
        faults += _swapped(asked.assets, assets) if asked.assets is not None else []
    if faults:
        raise ScenarioError(sorted(faults))
    return units, assets


def _records(path: Path, systems: Collection[str]) -> tuple[list[Record], list[Fault]]:
    kind = path.suffix.lower()
    if kind not in _KINDS:
        message = "is neither a table nor placemarks; give a .csv or a .kml file"
        raise ScenarioError([Fault(str(path), 0, "", message)])
    if kind == ".kml":
        return read_placemarks(path, ("system", *MORE_UNIT_COLUMNS), systems)
    return read_table(path, UNIT_COLUMNS, MORE_UNIT_COLUMNS)


def _swapped(path: Path, places: Iterable[UnitPlace | AssetPlace]) -> list[Fault]:
    """Places outside the shipped terrain that would lie inside if latitude and longitude changed places."""
    extent = _shipped_extent()
    message = "degrees are outside the shipped terrain and look swapped; swap lat and lon, or add --terrain none if not"
    return [
        Fault(str(path), place.line, "lat", f"{place.latitude:g}, {place.longitude:g} {message}")
        for place in places
        if not extent.holds(radians(place.latitude), radians(place.longitude), 0.0)
        and extent.holds(radians(place.longitude), radians(place.latitude), 0.0)
    ]


def _shipped_extent() -> Extent:
    return terrain_extent(Environment(terrain=TERRAIN), None)


def _is_covered(places: Iterable[UnitPlace | AssetPlace]) -> bool:
    """Whether the shipped terrain covers every place and what the rules may place around it."""
    extent = _shipped_extent()
    return all(extent.holds(radians(place.latitude), radians(place.longitude), _MARGIN) for place in places)


def _written(
    asked: UnitList,
    name: str,
    units: Sequence[UnitPlace],
    assets: Sequence[AssetPlace],
    terrain: str,
    catalogue: Catalogue,
) -> str:
    """Text of the study."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("steeldome.experiments"),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    environment.filters["number"] = lambda number: f"{number:g}"
    longest = catalogue.known_ids().threat_ranges
    reached = {key: threat for key, threat in THREATS.items() if longest.get(threat, 1e9) >= LAUNCH_KM * 1000.0}
    return environment.get_template(TEMPLATE).render(
        id=slug(name, "study"),
        name=name,
        units_file=" ".join(asked.units.name.split()),
        assets_file=" ".join(asked.assets.name.split()) if asked.assets is not None else "",
        terrain=terrain,
        axis=f"{asked.threat_axis:g}",
        year=YEAR,
        units=units,
        assets=_assets(units, assets, catalogue),
        systems=sorted({unit.system for unit in units}),
        coordinator=asked.coordinator,
        threats={**dict.fromkeys(THREATS), **reached},
        distance_km=LAUNCH_KM,
    )


def _assets(units: Sequence[UnitPlace], given: Sequence[AssetPlace], catalogue: Catalogue) -> list[_Asset]:
    """Assets with ids of their own: those given, or a generic one at each place of a fire unit, else of any unit."""
    rows = [(one.name, one.asset_class, one.latitude, one.longitude, one.value, one.radius_km) for one in given]
    if not rows:
        armed = [unit for unit in units if catalogue.items[unit.system].kind != "sensor"]
        first: dict[tuple[float, float], str] = {}
        for unit in armed or units:
            first.setdefault((unit.latitude, unit.longitude), unit.name)
        rows = [(name, "city", *place, 5.0, 5.0) for place, name in first.items()]
    taken: set[str] = set()
    found = []
    for row in rows:
        stem, number = slug(row[0], "asset"), 1
        key = stem
        while key in taken:
            number += 1
            key = f"{stem}-{number}"
        taken.add(key)
        found.append(_Asset(key, *row))
    return found


def _write(folder: Path, text: bytes) -> None:
    """The folder, whole or not at all."""
    part = folder.with_name(f"{folder.name}.part")
    try:
        part.mkdir(parents=True)
        try:
            write_file(part / STUDY_FILE, text, Files())
            part.rename(folder)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as reason:
        message = f"cannot be written ({reason.strerror or reason}); give another --out"
        raise ScenarioError([Fault(str(folder), 0, "", message)]) from reason
