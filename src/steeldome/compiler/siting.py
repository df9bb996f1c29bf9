"""Where units stand: generated, notional sites from the declared rules, on the study's terrain.

A site depends on the seed, the layout and the unit's own id, for ``area_cover`` also on the units of the same system
that come before it; never on other systems or on units added later.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final

from pyproj import Geod

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.horizon import relief_of
from steeldome.compiler.terrain import Terrain
from steeldome.compiler.values import six_digits
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.asset import DefendedAsset
from steeldome.inputs.force import Force
from steeldome.inputs.laydown import UnitEntry
from steeldome.inputs.study import Siting, Study
from steeldome.kernels.philox import words
from steeldome.kernels.terrain import height_at, highest_cell_within
from steeldome.streams import Purpose, stable_id

RULES: Final = ("asset_value", "threat_axis", "area_cover")  # the order in which layouts take them
SITE_GRID: Final = 100  # sites are rounded to 1/100 degree
NO_STATIONS: Final[Mapping[str, float]] = MappingProxyType({})

_ROUNDING: Final = 1_000.0  # m; sites are no more exact than this
_CLIMB: Final = 2_000.0  # m; a unit stands on the highest ground this near
_ASHORE: Final = tuple(1_000.0 * n for n in range(1, 11))  # m; land is looked for ever farther from an asset at sea
_ATTEMPTS: Final = 8  # draws until a site lies on land
_OFF_SHORE: Final = tuple(range(60_000, 200_001, 20_000))  # m from an asset
_OPEN_SEA: Final = 20_000.0  # m of sea around a ship


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """One unit of a laydown at its site.

    Attributes
    ----------
    id : str
        ``system/number``; numbers run over a base laydown and then over what extends it.
    latitude, longitude : float, rad
    elevation : float, m
        Of the highest cell within the rounding of the site, above mean sea level; 0 at sea.
    relief : float, m
        Standard deviation of the heights of that cell and its neighbours.
    asset : str or None
        Asset whose circle the unit stands in; None for a patrol, which flies above.
    presence : float, 0..1
        Chance that it is part of the laydown at all: below 1 for the last of a fractional number of patrols.
    """

    id: str
    system: str
    latitude: float
    longitude: float
    elevation: float
    relief: float
    lent: bool
    asset: str | None
    presence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Place:
    latitude: float
    longitude: float


def place_units(
    study: Study,
    force: Force,
    layout: int,
    terrain: Terrain,
    reach: Mapping[str, float],
    cache: CompilerCache,
    stations: Mapping[str, float] = NO_STATIONS,
) -> tuple[PlacedUnit, ...]:
    """Sites of all units of a laydown in one layout.

    Parameters
    ----------
    study : Study
    force : Force
        A unit that an ally takes away leaves the numbers, and with them the sites, of all others as they are.
    layout : int, >= 0
        Number of the layout; its rule is ``RULES`` that the study declares, taken in turn.
    terrain : Terrain
    reach : mapping of str to float, m
        Longest range of a system's effectors, where it has any; nearness to the asset is scaled to it.
    stations : mapping of str to float
        Patrols on station, for systems whose entries count aircraft; each becomes one unit, a fraction left over one
        more that is there with this chance.

    Returns
    -------
    tuple of PlacedUnit
        Rounded to 0.01 degree.

    Raises
    ------
    ScenarioError
        A ship finds no sea, or a unit no land.
    """
    placer = _Placer(study, layout, terrain, cache)
    by_system: dict[str, list[UnitEntry]] = {}
    for entry in force.all_units:
        by_system.setdefault(entry.system, []).extend([entry] * entry.count)
    ground = placer.seed, layout, study.siting, study.assets, terrain
    placed: list[PlacedUnit] = []
    for system in sorted(by_system):
        asked = system, tuple(by_system[system]), stations.get(system), reach.get(system, math.inf)
        units = cache.get(("units", ground, asked), partial(placer.units, *asked))
        placed += [unit for unit in units if not (force.is_alone and unit.lent)]
    return tuple(placed)


class _Placer:
    """One layout of one study: the keyed draws and the ground."""

    def __init__(self, study: Study, layout: int, terrain: Terrain, cache: CompilerCache) -> None:
        self.cache = cache
        self.seed = study.experiments.seed
        self.layout = layout
        self.terrain = terrain
        self.siting: Siting = study.siting
        self.assets = sorted(study.assets, key=lambda asset: (-asset.value, asset.id))
        rules = [rule for rule in RULES if rule in study.siting.rules]
        self.rule = rules[layout % len(rules)]
        self.geod = Geod(ellps="WGS84")

    def draws(self, name: str, index: int) -> tuple[float, ...]:
        """Four numbers in 0..1 (exclusive) that belong to a name, this layout and an index."""
        keyed = words(self.seed, self.layout, stable_id(name), 0, Purpose.SITING << 24 | index)
        return tuple((word + 0.5) / 2**32 for word in keyed)

    def dealt(self, system: str) -> list[DefendedAsset]:
        """Assets in the order in which a system's units take them: drawn without replacement, by value."""
        weight = {asset.id: self.draws(f"{system}@{asset.id}", 0)[0] ** (1.0 / asset.value) for asset in self.assets}
        return sorted(self.assets, key=lambda asset: (-weight[asset.id], asset.id))

    def units(
        self, system: str, entries: Sequence[UnitEntry], on_station: float | None, reach: float
    ) -> list[PlacedUnit]:
        """All units of one system; ``on_station`` is the number of its patrols if it flies them."""
        order, earlier, units = self.dealt(system), list[DefendedAsset](), list[PlacedUnit]()
        count = float(len(entries)) if on_station is None else on_station
        n_units = math.ceil(count)
        for number in range(1, n_units + 1):
            entry = entries[(number - 1) * len(entries) // n_units]
            unit_id = f"{system}/{number}"
            if entry.site is not None:
                place = _Place(entry.site.latitude, entry.site.longitude)
            elif entry.rule == "sea":
                place = self.at_sea(unit_id)
            else:
                place = self.near_asset(order, unit_id, number, earlier, reach)
            unit = self.unit(unit_id, entry, place)
            if on_station is not None:
                unit = replace(unit, asset=None, presence=six_digits(min(1.0, count - number + 1)))
            units.append(unit)
        return units

    def near_asset(
        self, order: Sequence[DefendedAsset], unit_id: str, number: int, earlier: list[DefendedAsset], reach: float
    ) -> _Place:
        """Land site by the layout's rule; ``earlier`` collects the assets that the system's units have taken."""
        asset = order[(number - 1) % len(order)]
        if self.rule == "area_cover" and earlier:
            asset = self.farthest(order, earlier)
        earlier.append(asset)
        stand_off = min(self.siting.stand_off, 0.4 * reach)
        jitter = min(self.siting.jitter, 0.3 * reach)
        if stand_off == 0.0 and jitter == 0.0:
            return self.climbed(_Place(asset.latitude, asset.longitude), min(_CLIMB, 0.25 * reach))
        for attempt in range(_ATTEMPTS):
            towards, away, turn, _ = self.draws(unit_id, attempt)
            bearing = 2.0 * math.pi * towards
            if self.rule == "threat_axis" and self.siting.threat_axis is not None:
                bearing = self.siting.threat_axis
            centre = self.moved(asset.latitude, asset.longitude, bearing, stand_off)
            radius = jitter * math.sqrt(-2.0 * math.log(away))
            place = self.moved(centre.latitude, centre.longitude, 2.0 * math.pi * turn, min(radius, 3.0 * jitter))
            place = self.climbed(place, min(_CLIMB, 0.25 * reach))
            if self.is_land(place):
                return place
        for radius in _ASHORE:
            place = self.climbed(_Place(asset.latitude, asset.longitude), radius)
            if self.is_land(place):
                return place
        message = f"no land within {_ASHORE[-1] / 1000.0:.0f} km for '{unit_id}'; write 'rule: sea' for it"
        raise ScenarioError([Fault("", 0, f"assets: {asset.id}", message)])

    def farthest(self, order: Sequence[DefendedAsset], taken: Sequence[DefendedAsset]) -> DefendedAsset:
        """Asset farthest from those already taken; once all are, the one taken least often comes next."""
        count = {asset.id: 0 for asset in order}
        for asset in taken:
            count[asset.id] += 1
        fewest = min(count.values())
        free = [asset for asset in order if count[asset.id] == fewest]
        taken_now = taken if fewest == 0 else [asset for asset in taken if count[asset.id] > fewest] or taken[-1:]

        return max(free, key=lambda asset: (min(self.apart(asset, other) for other in taken_now), asset.id))

    def apart(self, asset: DefendedAsset, place: DefendedAsset | _Place) -> int:
        """Distance between an asset and a place, whole metres."""
        ends = asset.longitude, asset.latitude, place.longitude, place.latitude
        return round(float(self.geod.inv(*ends, radians=True)[2]))

    def at_sea(self, unit_id: str) -> _Place:
        """Notional place off the coast: of all open sea near an asset, that farthest down the threat axis."""
        axis = self.siting.threat_axis if self.siting.threat_axis is not None else math.pi
        key = ("sea", self.terrain, axis, tuple((asset.latitude, asset.longitude) for asset in self.assets))
        best = self.cache.keep(key, lambda: self.farthest_sea(axis))
        if best is None:
            raise ScenarioError(
                [Fault("", 0, f"laydowns: {unit_id}", "no open sea within 200 km of an asset; take out 'rule: sea'")]
            )
        for attempt in range(_ATTEMPTS):
            away, turn, _, _ = self.draws(unit_id, attempt)
            radius = self.siting.jitter * math.sqrt(-2.0 * math.log(away))
            place = self.moved(best.latitude, best.longitude, 2.0 * math.pi * turn, radius)
            if self.is_open_sea(place, 0.5 * _OPEN_SEA):
                return place
        return best

    def farthest_sea(self, axis: float) -> _Place | None:
        """Of all open sea near an asset, the place farthest along a bearing; a plane is enough to choose by."""
        best, most = None, -math.inf
        for asset in self.assets:
            for distance in _OFF_SHORE:
                for step in range(16):
                    place = self.moved(asset.latitude, asset.longitude, math.pi * step / 8.0, distance)
                    east = place.longitude * math.cos(self.assets[0].latitude)
                    along = round(place.latitude * math.cos(axis) + east * math.sin(axis), 6)
                    if along > most and self.is_open_sea(place, _OPEN_SEA):
                        best, most = place, along
        return best

    def is_open_sea(self, place: _Place, radius: float) -> bool:
        """Whether there is no land within a radius (m), nor the edge of the terrain; everywhere on a smooth earth."""
        terrain = self.terrain
        if terrain.is_smooth:
            return True
        if not terrain.extent.holds(place.latitude, place.longitude, radius):
            return False
        *_, highest = highest_cell_within(
            terrain.height, terrain.north, terrain.west, terrain.step, place.latitude, place.longitude, radius
        )
        return bool(highest <= 0.0)

    def moved(self, latitude: float, longitude: float, bearing: float, distance: float) -> _Place:
        """Point at a bearing and a distance along the geodesic, rounded to the site grid."""
        east, north, _ = self.geod.fwd(longitude, latitude, bearing, distance, radians=True)
        return _rounded(north, east)

    def climbed(self, place: _Place, radius: float) -> _Place:
        """Highest ground within a radius, rounded to the site grid."""
        terrain = self.terrain
        latitude, longitude, _ = highest_cell_within(
            terrain.height, terrain.north, terrain.west, terrain.step, place.latitude, place.longitude, radius
        )
        return _rounded(latitude, longitude)

    def is_land(self, place: _Place) -> bool:
        """Whether the cell at a place lies above the sea; everywhere on a smooth earth."""
        terrain = self.terrain
        grid = terrain.height, terrain.north, terrain.west, terrain.step
        return terrain.is_smooth or float(height_at(*grid, place.latitude, place.longitude)) > 0.0

    def best_ground(self, place: _Place) -> tuple[float, float]:
        """Height of the highest cell within the rounding of a site, and the spread of heights around it, m."""
        terrain = self.terrain
        if terrain.is_smooth:
            return 0.0, 0.0
        latitude, longitude, height = highest_cell_within(
            terrain.height, terrain.north, terrain.west, terrain.step, place.latitude, place.longitude, _ROUNDING
        )
        row = math.floor((terrain.north - latitude) / terrain.step)
        column = math.floor((longitude - terrain.west) / terrain.step)
        return height, round(float(relief_of(terrain, self.cache)[row, column]), 3)

    def unit(self, unit_id: str, entry: UnitEntry, place: _Place) -> PlacedUnit:
        """Finish a unit: ground under it, and the asset that it stands in."""
        asset = None
        for candidate in self.assets:
            if self.apart(candidate, place) <= candidate.radius:
                asset = candidate.id
                break
        ground, relief = self.best_ground(place) if entry.rule != "sea" else (0.0, 0.0)
        site = place.latitude, place.longitude, ground, relief
        return PlacedUnit(unit_id, entry.system, *site, entry.lent, asset)


def _rounded(latitude: float, longitude: float) -> _Place:
    return _Place(
        math.radians(round(math.degrees(latitude) * SITE_GRID) / SITE_GRID),
        math.radians(round(math.degrees(longitude) * SITE_GRID) / SITE_GRID),
    )
