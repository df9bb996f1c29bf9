"""Background traffic: flights that land around the raid's time, and the corridors that they fly."""

import math
from functools import partial
from typing import Final

import numpy as np

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.paths import SAMPLE, FlownPath, RaidThreat, flown_path, ground_track, uniform
from steeldome.compiler.terrain import Terrain
from steeldome.compiler.values import Values
from steeldome.inputs.asset import DefendedAsset
from steeldome.inputs.background import BACKGROUND, Corridor
from steeldome.inputs.study import Study
from steeldome.kernels.trajectory import waypoint_path

GLIDE: Final = math.tan(math.radians(3.0))  # descent over ground of the usual instrument approach [ICAO8168]


def flights(study: Study, spread: float) -> tuple[RaidThreat, ...]:
    """All background flights of a study, with the time at which each lands.

    The flights of a corridor land evenly spaced over the spread of the raid (s) and the corridor's margin before and
    after, from a start drawn for the corridor. Ids and draws know no raid and no laydown.
    """
    found = []
    for corridor in study.background:
        name = corridor_id(corridor)
        between = (spread + 2.0 * corridor.margin) / corridor.count
        first = between * uniform(study, name) - corridor.margin
        found += [
            RaidThreat(
                f"{name}/{number}", corridor.threat, BACKGROUND, False, None, name, first + between * (number - 1)
            )
            for number in range(1, corridor.count + 1)
        ]
    return tuple(found)


def corridor_id(corridor: Corridor) -> str:
    """Text id of the path of a corridor."""
    return f"{BACKGROUND}/{corridor.id}"


def fly_corridors(study: Study, values: Values, terrain: Terrain, cache: CompilerCache) -> dict[str, FlownPath]:
    """The path of every corridor of a study by its id."""
    by_id = {asset.id: asset for asset in study.assets}
    paths = {}
    for corridor in study.background:
        asset, name = by_id[corridor.to], corridor_id(corridor)
        speed = values.of(corridor.threat, "speed")
        key = "corridor", name, corridor, asset, speed, terrain
        paths[name] = cache.get(key, partial(_fly, corridor, asset, speed, terrain, cache))
    return paths


def _fly(corridor: Corridor, asset: DefendedAsset, speed: float, terrain: Terrain, cache: CompilerCache) -> FlownPath:
    """Level at the corridor's height, then down a straight glide to the asset, never below the ground."""
    latitude, longitude, distance, ground = ground_track(corridor.start, asset, terrain, cache)
    left = distance[-1] - distance
    altitude = np.maximum(ground, np.minimum(corridor.altitude, ground[-1] + GLIDE * left))
    path = waypoint_path(latitude, longitude, altitude, speed, SAMPLE / speed)
    return flown_path(corridor_id(corridor), corridor.threat, BACKGROUND, None, path, terrain, 0.0)
