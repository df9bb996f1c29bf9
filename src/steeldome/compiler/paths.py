"""From a raid to threats and the paths they fly; a path is shared by all threats of one type, launch and asset."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Final

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
from steeldome.kernels.geodesy import ecef_to_geodetic, route
from steeldome.kernels.philox import words
from steeldome.kernels.terrain import heights_along
from steeldome.kernels.trajectory import (
    Path,
    ballistic_path,
    free_flight,
    terrain_following_altitude,
    waypoint_path,
)
from steeldome.streams import Purpose, stable_id

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
    bearing = round(math.degrees(group.launch.bearing), 6)
    return f"{group.threat}/{bearing:g}/{round(group.launch.distance):d}/{asset}"


def fly_paths(
    study: Study, catalogue: Catalogue, raid: Raid, values: Values, terrain: Terrain, cache: CompilerCache
) -> dict[str, FlownPath]:
    """Every path of a raid by its id.

    Raises
    ------
    ScenarioError
        If a ballistic path cannot reach its asset.
    """
    by_id = {asset.id: asset for asset in study.assets}
    by_value = sorted(study.assets, key=lambda asset: (-asset.value, asset.id))
    paths: dict[str, FlownPath] = {}
    for group in raid.groups:
        threat_class = table_class(catalogue, group.threat)
        flight = _flight_values(values, group.threat, threat_class)
        for asset_id in sorted(set(_aims(by_value, group))):
            name = path_id(group, asset_id)
            asset = by_id[asset_id]
            key = "path", name, group.launch, asset, threat_class, flight, terrain
            if name not in paths:
                paths[name] = cache.get(key, partial(_fly, group, asset, name, threat_class, flight, terrain, cache))
    return paths


def _flight_values(values: Values, threat_type: str, threat_class: str) -> tuple[float, float]:
    """Numbers that shape a path: apogee and ballistic coefficient, or speed and height."""
    if threat_class in BALLISTIC:
        apogee = 0.0
        if threat_class == "srbm_quasiballistic":
            apogee = values.find(threat_type, "apogee") or _DEPRESSED_APOGEE
        return apogee, values.of(threat_type, "ballistic_coefficient")
    return values.of(threat_type, "speed"), values.of(threat_type, "altitude")


def _fly(
    group: ThreatGroup,
    asset: DefendedAsset,
    name: str,
    threat_class: str,
    flight: tuple[float, float],
    terrain: Terrain,
    cache: CompilerCache,
) -> FlownPath:
    grid = terrain.height, terrain.north, terrain.west, terrain.step
    speed_class = 0.0
    if threat_class in BALLISTIC:
        north, east = _launch_site(group.launch, asset)
        aim_ground = float(heights_along(*grid, np.array([asset.latitude]), np.array([asset.longitude]))[0])
        path = ballistic_path(
            (north, east, 0.0), (asset.latitude, asset.longitude, aim_ground), *flight, _BALLISTIC_STEP
        )
        if not path.miss_distance <= _WORST_MISS:
            where = f"raids: {group.id}.launch"
            message = f"'{group.threat}' cannot reach '{asset.id}' on this arc; write a shorter distance"
            raise ScenarioError([Fault("", 0, where, message)])
        speed_class = free_flight(group.launch.distance, 0.0)[0]
    else:
        speed, clearance = flight
        latitude, longitude, distance, ground = ground_track(group.launch, asset, terrain, cache)
        follow = terrain_following_altitude(distance, ground, clearance, _LOOK)
        path = waypoint_path(latitude, longitude, follow, speed, SAMPLE / speed)
    return flown_path(name, group.threat, threat_class, asset.id, path, terrain, speed_class)


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


def _launch_site(launch: Launch, asset: DefendedAsset) -> tuple[float, float]:
    """Latitude and longitude (rad) of a launch against an asset."""
    ends = asset.longitude, asset.latitude, launch.bearing, launch.distance
    east, north, _ = Geod(ellps="WGS84").fwd(*ends, radians=True)
    return north, east


def ground_track(launch: Launch, asset: DefendedAsset, terrain: Terrain, cache: CompilerCache) -> GroundTrack:
    """Under a flat path from a launch, or at most the last `LONGEST_APPROACH` of it, to an asset."""
    return cache.keep(("track", launch, asset, terrain), partial(_track, launch, asset, terrain))


def _track(launch: Launch, asset: DefendedAsset, terrain: Terrain) -> GroundTrack:
    north, east = _launch_site(launch, asset)
    latitude, longitude, distance, _ = route(
        np.array([north, asset.latitude]), np.array([east, asset.longitude]), SAMPLE
    )
    first = int(np.searchsorted(distance, distance[-1] - LONGEST_APPROACH))
    latitude, longitude, distance = latitude[first:], longitude[first:], distance[first:]
    grid = terrain.height, terrain.north, terrain.west, terrain.step
    return latitude, longitude, distance, heights_along(*grid, latitude, longitude)
