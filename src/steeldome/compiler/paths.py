"""From a raid to threats and the paths they fly; a path is shared by all threats of one type, launch and asset."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.terrain import Terrain
from steeldome.compiler.values import Values
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.asset import DefendedAsset
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.raid import Launch, Raid, ThreatGroup
from steeldome.inputs.study import Study
from steeldome.kernels.arcs import Missile, ballistic_path, free_flight
from steeldome.kernels.geodesy import ecef_to_geodetic, route
from steeldome.kernels.philox import words
from steeldome.kernels.terrain import heights_along
from steeldome.kernels.trajectory import (
    Path,
    rounded_route,
    terrain_following_altitude,
    turn_radius,
    waypoint_path,
    with_orbit,
)
from steeldome.streams import Purpose, stable_id
from steeldome.units import format_quantity

Floats = npt.NDArray[np.float64]
GroundTrack = tuple[Floats, Floats, Floats, Floats]  # latitude, longitude (rad), distance from the launch, ground (m)

BALLISTIC: Final = ("srbm", "mrbm", "srbm_quasiballistic")
LONGEST_APPROACH: Final = 600_000.0  # m before the aim at which a flat path enters
CLASS_OF: Final = {"aeroballistic": "srbm_quasiballistic"}  # a catalogue class that the tables fold into another

SAMPLE: Final = 500.0  # m between points of a flat path
_BALLISTIC_STEP: Final = 1.0  # s
_LOOK: Final = 5_000.0  # m ahead and behind within which a flat path clears the ground
_WORST_MISS: Final = 100.0  # m
_DEPRESSED_APOGEE: Final = 50_000.0  # m, of a quasi-ballistic type without a figure
_FLATTEST: Final = 0.1  # apogee over range that a quasi-ballistic type goes down to: an assumption; flatter needs lift
_HIGHER: Final = 1.1  # step in which it goes higher where its other figures do not let it come so flat
_BANK: Final = math.radians(45.0)  # of every flat turn, 1.4 g: an assumption; unknown direction


@dataclass(frozen=True, slots=True, eq=False)
class FlownPath:
    """Motion of one (type, launch, asset): times from entering, positions, and what sensors and fire units ask of it.

    Attributes
    ----------
    asset : str or None
        Aimed asset; None for background traffic, which aims at nothing.
    time : (sample,) float, s
    position_ecef : (sample, xyz) float, m
    altitude, height_above_ground : (sample,) float, m
        Above mean sea level (read as the ellipsoid), and above the terrain.
    reentry_speed : float, m/s
        Speed class of a ballistic path by the range that it flies; 0 for a flat one.
    """

    id: str
    threat_type: str
    threat_class: str
    asset: str | None
    time: Floats
    position_ecef: Floats
    altitude: Floats
    height_above_ground: Floats
    reentry_speed: float

    @property
    def is_ballistic(self) -> bool:
        """Whether it is an arc."""
        return self.threat_class in BALLISTIC

    @property
    def engaged_as(self) -> str:
        """Class whose rules and envelopes hold for whoever fires at it: an aircraft, where background traffic is."""
        return "aircraft" if self.threat_class == "background" else self.threat_class

    @property
    def duration_ms(self) -> int:
        """Time from entering to the aim."""
        return round(1000.0 * float(self.time[-1]))


@dataclass(frozen=True, slots=True)
class RaidThreat:
    """One object of a raid or of the traffic around it; ``arrival`` (s) counts from the raid's first possible one."""

    id: str
    threat_type: str
    threat_class: str
    is_decoy: bool
    asset: str | None
    path: str
    arrival: float


def table_class(catalogue: Catalogue, threat_type: str) -> str:
    """Class of the tables that a threat type of the catalogue belongs to."""
    found = catalogue.threats[threat_type].threat_class
    return CLASS_OF.get(found, found)


def raid_threats(study: Study, catalogue: Catalogue, raid: Raid) -> tuple[RaidThreat, ...]:
    """All objects of a raid with the time at which each arrives.

    A group with a spacing arrives at that spacing, from a start drawn for the group; without one, each of its objects
    arrives at a time drawn uniformly over the raid's spread. Draws are keyed by the id and the study's seed, so the
    schedule is the same for every laydown and every input sample.
    """
    by_value = sorted(study.assets, key=lambda asset: (-asset.value, asset.id))
    threats = []
    for group in raid.groups:
        prefix = f"{raid.objects_of}/{group.id}"
        threat_class = table_class(catalogue, group.threat)
        aims = _aims(by_value, group)
        room = raid.spread
        if group.spacing is not None:
            room = max(0.0, raid.spread - group.spacing * (group.count - 1))
        for number in range(1, group.count + 1):
            threat_id = f"{prefix}/{number}"
            aim = aims[number - 1]
            if group.spacing is not None:
                arrival = room * uniform(study, prefix) + group.spacing * (number - 1)
            else:
                arrival = room * uniform(study, threat_id)
            is_decoy = group.decoy or threat_class == "decoy_uav"
            path = path_id(group, aim)
            threats.append(RaidThreat(threat_id, group.threat, threat_class, is_decoy, aim, path, arrival))
    return tuple(threats)


def uniform(study: Study, name: str) -> float:
    """Number in 0..1 (exclusive) that belongs to a name and the study's seed."""
    word = words(study.experiments.seed, 0, stable_id(name), 0, Purpose.SITING << 24 | 0xFFFFFF)[0]
    return (word + 0.5) / 2**32


def _aims(by_value: list[DefendedAsset], group: ThreatGroup) -> list[str]:
    """Asset of each object: in turn from the most valuable, or dealt in proportion to value (largest remainders)."""
    if not group.is_aimed_by_value:
        listed = [asset.id for asset in by_value if asset.id in group.aim]
        return [listed[i % len(listed)] for i in range(group.count)]
    total = math.fsum(asset.value for asset in by_value)
    share = [group.count * asset.value / total for asset in by_value]
    number = [math.floor(x + 1e-9) for x in share]
    left = sorted(range(len(share)), key=lambda i: (-round(share[i] - number[i], 9), i))
    for i in left[: group.count - sum(number)]:
        number[i] += 1
    return [asset.id for asset, n in zip(by_value, number, strict=True) for _ in range(n)]


def path_id(group: ThreatGroup, asset: str) -> str:
    """Text id of the path that a group flies to an asset; the same for any unit of length or angle in the file."""
    words = [group.threat, *_polar(group.launch.bearing, group.launch.distance)]
    for point in group.via:
        words += ["via", *_polar(point.bearing, point.distance)]
    if group.apogee is not None:
        words += ["apogee", f"{round(group.apogee):d}"]
    if group.loiter is not None:
        words += ["loiter", f"{round(group.loiter.distance):d}", f"{round(group.loiter.time):d}"]
    return "/".join((*words, asset))


def _polar(bearing: float, distance: float) -> tuple[str, str]:
    return f"{round(math.degrees(bearing), 6):g}", f"{round(distance):d}"


def fly_paths(
    study: Study, catalogue: Catalogue, raid: Raid, values: Values, terrain: Terrain, cache: CompilerCache
) -> dict[str, FlownPath]:
    """Every path of a raid by its id.

    Raises
    ------
    ScenarioError
        If a ballistic path cannot reach its asset, or a flat one cannot turn or loiter as stated.
    """
    by_id = {asset.id: asset for asset in study.assets}
    by_value = sorted(study.assets, key=lambda asset: (-asset.value, asset.id))
    paths: dict[str, FlownPath] = {}
    for group in raid.groups:
        threat_class = table_class(catalogue, group.threat)
        fly: Callable[[DefendedAsset], FlownPath]
        flight: Missile | FlatFlight
        if threat_class in BALLISTIC:
            apogee, flight = _missile(values, catalogue, group, threat_class)
            fly = partial(_fly_arc, group, threat_class, apogee, flight, terrain)
        else:
            flight = _flat_flight(values, catalogue, group)
            fly = partial(_fly_flat, group, threat_class, flight, terrain, cache)
        for asset_id in sorted(set(_aims(by_value, group))):
            name = path_id(group, asset_id)
            asset = by_id[asset_id]
            stated = group.launch, group.via, group.apogee, group.loiter
            key = "path", name, stated, asset, threat_class, flight, terrain
            if name not in paths:
                paths[name] = cache.get(key, partial(fly, asset))
    return paths


def _missile(values: Values, catalogue: Catalogue, group: ThreatGroup, threat_class: str) -> tuple[float, Missile]:
    """Apogee (m; 0: least energy) and what else shapes the arc of a ballistic group."""
    name = group.threat
    apogee = group.apogee or 0.0
    if apogee == 0.0 and threat_class == "srbm_quasiballistic":
        apogee = max(values.find(name, "apogee") or _DEPRESSED_APOGEE, _FLATTEST * group.launch.distance)
    coefficient, burn_time = values.of(name, "ballistic_coefficient"), values.of(name, "burn_time")
    thrust = values.published(name, "thrust") if _is_one_body(catalogue, name) else None
    launch_mass = propellant_mass = None
    if thrust is not None:
        launch_mass, propellant_mass = (values.published(name, mass) for mass in ("launch_mass", "propellant_mass"))
    if thrust is None or launch_mass is None or propellant_mass is None:
        return apogee, Missile(coefficient, burn_time)
    drag_area = (launch_mass - propellant_mass) / coefficient
    return apogee, Missile(coefficient, burn_time, thrust, launch_mass, propellant_mass, drag_area)


def _is_one_body(catalogue: Catalogue, threat_type: str) -> bool:
    """Whether a missile comes down whole and has one stage: its coefficient then holds while it burns too."""
    threat = catalogue.threats[threat_type]
    body, stages = threat.descriptors.get("reentry_body"), threat.parameters.get("stages")
    return body is not None and body.value == "unitary" and stages is not None and stages.value == 1.0


def _fly_arc(
    group: ThreatGroup, threat_class: str, apogee: float, missile: Missile, terrain: Terrain, asset: DefendedAsset
) -> FlownPath:
    grid = terrain.height, terrain.north, terrain.west, terrain.step
    aim_ground = float(heights_along(*grid, np.array([asset.latitude]), np.array([asset.longitude]))[0])
    aim = asset.latitude, asset.longitude, aim_ground

    def fly(distance: float, apogee: float) -> Path:
        north, east = _place_at(asset, group.launch.bearing, distance)
        return ballistic_path((north, east, 0.0), aim, apogee, missile, _BALLISTIC_STEP)

    path = fly(group.launch.distance, apogee)
    while not path.miss_distance <= _WORST_MISS:
        if group.apogee is not None or not 0.0 < apogee < group.launch.distance:
            raise _out_of_reach(group, asset, partial(fly, apogee=apogee))
        apogee *= _HIGHER  # what it draws lets it come no flatter
        path = fly(group.launch.distance, apogee)
    speed_class = free_flight(group.launch.distance, 0.0)[0]
    return flown_path(path_id(group, asset.id), group.threat, threat_class, asset.id, path, terrain, speed_class)


def _out_of_reach(group: ThreatGroup, asset: DefendedAsset, fly: Callable[[float], Path]) -> ScenarioError:
    """That a missile cannot reach its asset on its path, and from how far it could."""
    low, high = 0.0, group.launch.distance
    while high - low > 1_000.0:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if fly(middle).miss_distance <= _WORST_MISS else (low, middle)
    remedy = "state another apogee"
    if low > 0.0:
        remedy = f"the largest distance is {format_quantity(1_000.0 * math.floor(low / 1_000.0), 'length')}; write it"
    message = f"'{group.threat}' cannot reach '{asset.id}' on this path; {remedy}"
    return ScenarioError([Fault("", 0, f"raids: {group.id}.launch.distance", message)])


class FlatFlight(NamedTuple):
    """What shapes a flat path: speed (m/s), height above ground (m), and the fastest speed (m/s) of its type."""

    speed: float
    clearance: float
    fastest: float


def _flat_flight(values: Values, catalogue: Catalogue, group: ThreatGroup) -> FlatFlight:
    speed, clearance = values.of(group.threat, "speed"), values.of(group.threat, "altitude")
    return FlatFlight(speed, clearance, max(speed, catalogue.uncertain(group.threat, "speed").high))


def _fly_flat(
    group: ThreatGroup,
    threat_class: str,
    flight: FlatFlight,
    terrain: Terrain,
    cache: CompilerCache,
    asset: DefendedAsset,
) -> FlownPath:
    radius = turn_radius(flight.speed, _BANK)
    track = ground_track(group.launch, asset, terrain, cache)
    if group.via or group.loiter is not None:
        latitude, longitude, distance = _route(group, asset, flight, radius)
        grid = terrain.height, terrain.north, terrain.west, terrain.step
        track = latitude, longitude, distance, heights_along(*grid, latitude, longitude)
    latitude, longitude, distance, ground = track
    follow = terrain_following_altitude(distance, ground, flight.clearance, _LOOK)
    path = waypoint_path(latitude, longitude, follow, flight.speed, SAMPLE / flight.speed)
    return flown_path(path_id(group, asset.id), group.threat, threat_class, asset.id, path, terrain, 0.0)


def _route(
    group: ThreatGroup, asset: DefendedAsset, flight: FlatFlight, radius: float
) -> tuple[Floats, Floats, Floats]:
    """Points and distance along the last `LONGEST_APPROACH` of a way over way-points, with its circles."""
    places = [_place_at(asset, group.launch.bearing, group.launch.distance)]
    places += [_place_at(asset, point.bearing, point.distance) for point in group.via]
    latitude, longitude = np.array([*places, (asset.latitude, asset.longitude)]).T.copy()
    widest = turn_radius(flight.fastest, _BANK)
    unflown = int(rounded_route(latitude, longitude, widest)[2])
    if unflown >= 0:
        found, turn = format_quantity(flight.fastest, "speed"), format_quantity(round(widest, -2), "length")
        message = f"the leg at this way-point is too short for turns of {turn}, those of '{group.threat}' at {found}"
        place = f"raids: {group.id}.via[{max(unflown - 1, 0)}]"
        raise ScenarioError([Fault("", 0, place, f"{message}; move it away, or remove it")])
    latitude, longitude, _ = rounded_route(latitude, longitude, radius)
    latitude, longitude, distance, _ = route(latitude, longitude, SAMPLE)
    first = int(np.searchsorted(distance, distance[-1] - LONGEST_APPROACH))
    latitude, longitude, distance = latitude[first:], longitude[first:], distance[first:]
    if group.loiter is not None:
        laps = math.floor(flight.speed * group.loiter.time / (2.0 * math.pi * radius))
        least = math.ceil(2.0 * math.pi * widest / flight.fastest)
        left = distance[-1] - distance
        if group.loiter.time < least or not left[-2] <= group.loiter.distance <= left[0]:
            limit = format_quantity(1_000.0 * math.floor(left[0] / 1_000.0), "length")
            message = f"write a time of {least} s or more, that of one turn, and a distance of {limit} or less"
            raise ScenarioError([Fault("", 0, f"raids: {group.id}.loiter", f"cannot be flown; {message}")])
        where = int(np.searchsorted(-left, -group.loiter.distance))
        circle = flight.speed * group.loiter.time / (2.0 * math.pi * laps)
        latitude, longitude = with_orbit(latitude, longitude, min(where, left.size - 2), circle, laps)
        latitude, longitude, distance, _ = route(latitude, longitude, SAMPLE)
    return latitude, longitude, distance


def flown_path(
    name: str, threat_type: str, threat_class: str, asset: str | None, path: Path, terrain: Terrain, speed_class: float
) -> FlownPath:
    """A motion with its heights above mean sea level and above the ground."""
    latitude, longitude, altitude = ecef_to_geodetic(path.position_ecef)
    grid = (terrain.height, terrain.north, terrain.west, terrain.step)
    above = altitude - heights_along(*grid, np.ascontiguousarray(latitude), np.ascontiguousarray(longitude))
    return FlownPath(
        name,
        threat_type,
        threat_class,
        asset,
        path.time,
        path.position_ecef,
        np.ascontiguousarray(altitude),
        above,
        speed_class,
    )


def _place_at(asset: DefendedAsset, bearing: float, distance: float) -> tuple[float, float]:
    """Latitude and longitude (rad) of a place that lies at a bearing (rad) and a distance (m) from an asset."""
    east, north, _ = Geod(ellps="WGS84").fwd(asset.longitude, asset.latitude, bearing, distance, radians=True)
    return north, east


def ground_track(launch: Launch, asset: DefendedAsset, terrain: Terrain, cache: CompilerCache) -> GroundTrack:
    """Under a flat path from a launch, or at most the last `LONGEST_APPROACH` of it, to an asset."""
    return cache.keep(("track", launch, asset, terrain), partial(_track, launch, asset, terrain))


def _track(launch: Launch, asset: DefendedAsset, terrain: Terrain) -> GroundTrack:
    north, east = _place_at(asset, launch.bearing, launch.distance)
    latitude, longitude, distance, _ = route(
        np.array([north, asset.latitude]), np.array([east, asset.longitude]), SAMPLE
    )
    first = int(np.searchsorted(distance, distance[-1] - LONGEST_APPROACH))
    latitude, longitude, distance = latitude[first:], longitude[first:], distance[first:]
    grid = terrain.height, terrain.north, terrain.west, terrain.step
    return latitude, longitude, distance, heights_along(*grid, latitude, longitude)
