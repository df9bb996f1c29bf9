"""What the compiler hands over: tables, the names of their rows, where everything stands, and which inputs went in."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from steeldome.compiler.tables import Tables


@dataclass(frozen=True, slots=True)
class Names:
    """Text ids of the rows of the tables, in the order of the rows."""

    threats: tuple[str, ...]
    sensors: tuple[str, ...]
    fire_units: tuple[str, ...]
    effectors: tuple[str, ...]
    nodes: tuple[str, ...]
    units: tuple[str, ...]
    groups: tuple[str, ...]
    assets: tuple[str, ...]

    def to_json(self) -> str:
        """As JSON text, keys in order."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        return cls(**{key: tuple(value) for key, value in json.loads(text).items()})


@dataclass(frozen=True, slots=True)
class SensorCoverage:
    """How far one sensor detects, by bearing, against two nominal targets; ranges in km, 72 bearings from north.

    ``cruise_km``: the cross-section of a cruise missile 300 m above ground; ``drone_km``: that of a one-way drone 3 km
    above ground. Indicative: the ground has cells of a kilometre.
    """

    sensor: str
    cruise_km: tuple[float, ...]
    drone_km: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class UnitSite:
    """Where one unit stands in this layout; generated sites are notional."""

    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    system: str
    kind: str
    lent: bool
    asset: str | None
    coverage: tuple[SensorCoverage, ...]


@dataclass(frozen=True, slots=True)
class InputUsed:
    """One uncertain number that entered the tables: where it comes from, and its value in SI units.

    ``origin`` is ``published``, ``assumed`` (a prior, or a figure marked as an assumption) or ``study`` (a prior that
    the study replaces).
    """

    name: str
    origin: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """One case, ready to run and to be explained.

    Attributes
    ----------
    tables : Tables
    names : Names
    sites : mapping of str to UnitSite
        By unit id.
    inputs_used : tuple of InputUsed
        Sorted by name.
    threat_types : tuple of str
        Catalogue id of each threat's type, in table row order.
    """

    tables: Tables
    names: Names
    sites: Mapping[str, UnitSite]
    inputs_used: tuple[InputUsed, ...]
    threat_types: tuple[str, ...]

    def sites_json(self) -> dict[str, Any]:
        """Sites as plain data, by unit id."""
        return {name: asdict(site) for name, site in self.sites.items()}
