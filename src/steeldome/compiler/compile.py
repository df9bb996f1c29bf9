"""From a study, a catalogue and one sample of the uncertain inputs to the tables of one case."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compiled import Compiled, SensorCoverage, UnitSite
from steeldome.compiler.equipment import longest_reach, outfit
from steeldome.compiler.horizon import coverage_ring, site_horizon
from steeldome.compiler.network import CommandPlan, plan_command, rule_for
from steeldome.compiler.opportunities import Shots, all_shots
from steeldome.compiler.paths import FlownPath, fly_paths, raid_threats
from steeldome.compiler.patrol import stations_of
from steeldome.compiler.sensing import MASKED, SEEN, SensorPath, all_seeing, sensor_ranges, watch
from steeldome.compiler.settings import draw_settings
from steeldome.compiler.siting import PlacedUnit, place_units
from steeldome.compiler.specs import Equipment, FireUnitSpec, SensorSpec, Settings
from steeldome.compiler.tabulate import Scene, tabulate
from steeldome.compiler.terrain import Terrain, terrain_faults
from steeldome.compiler.traffic import flights, fly_corridors
from steeldome.compiler.values import Values
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.doctrine import EngagementRule
from steeldome.inputs.force import Force, force_ids, force_of, is_force
from steeldome.inputs.raid import Raid
from steeldome.inputs.study import Study, raid_of

CRUISE_HEIGHT: Final = 300.0  # m above ground, of the nominal cruise missile of a coverage ring
DRONE_HEIGHT: Final = 3_000.0  # m above ground, of the nominal drone

Watched = Mapping[tuple[str, str], SensorPath]


def compile_scenario(
    study: Study,
    catalogue: Catalogue,
    laydown_id: str,
    raid_id: str,
    *,
    quantile: Callable[[str], float],
    layout: int,
    terrain: Terrain,
    cache: CompilerCache | None = None,
    with_coverage: bool = True,
    is_search_perfect: bool = False,
) -> Compiled:
    """Tables of one case.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
        With the study's assumptions laid over its priors.
    laydown_id : str
        As `steeldome.inputs.force` writes it.
    raid_id : str
    quantile : callable of str to float, 0..1
        Where this outer sample stands in the distribution of the uncertain input of a name; 0.5 is the working value.
    layout : int, >= 0
        Number of the siting layout.
    terrain : Terrain
    cache : CompilerCache, optional
        Shares what is worked out with other cases of the process, most of it with those of the same ``quantile``.
    with_coverage : bool
        Whether sites carry the coverage of their sensors, for maps.
    is_search_perfect : bool
        Whether every sensor sees whatever is above its horizon, one look makes a track, and no fire unit is without a
        window because nobody who tells it sees the path.

    Returns
    -------
    Compiled
        The same for any order of the study's lists.

    Raises
    ------
    ScenarioError
        The study asks for what cannot be: no such laydown or raid, ground that the terrain does not cover, a system
        that is not modelled, an arc that no missile flies.
    CatalogueError
        A number that a model needs is nowhere.
    """
    raid = _checked(study, laydown_id, raid_id, terrain)
    cache = cache or CompilerCache()
    force = force_of(study, laydown_id)
    values = _values(catalogue, quantile, force, cache)
    units, equipment = equip(study, catalogue, force, layout, terrain, values, cache)
    scene = _scene(study, catalogue, force, raid, units, equipment, values, terrain, cache, is_search_perfect)
    tables, names = tabulate(scene, is_pruned=not is_search_perfect)
    types = {threat.id: threat.threat_type for threat in scene.threats}
    sites = _sites(catalogue, scene, terrain, cache, values if with_coverage else None)
    return Compiled(tables, names, sites, values.used, tuple(types[name] for name in names.threats))


def _values(catalogue: Catalogue, quantile: Callable[[str], float], force: Force, cache: CompilerCache) -> Values:
    """Numbers of one outer sample, for a force's reading of the catalogue."""
    drawn_from = catalogue, quantile, force.basis
    return cache.get(("values", drawn_from), partial(Values, *drawn_from, cache)).part()


def equip(
    study: Study,
    catalogue: Catalogue,
    force: Force,
    layout: int,
    terrain: Terrain,
    values: Values,
    cache: CompilerCache,
) -> tuple[tuple[PlacedUnit, ...], Equipment]:
    """All units of a laydown at their sites, fighters as patrols on station, and what stands at each site."""
    counts: Counter[str] = Counter()
    for entry in force.all_units:
        counts[entry.system] += entry.count
    stations = stations_of(catalogue, counts, values)
    units = place_units(study, force, layout, terrain, longest_reach(catalogue, counts), cache, stations)
    networked = {member for network in force.networks for member in network.members}
    return units, outfit(study, catalogue, units, networked, values)


def _checked(study: Study, laydown_id: str, raid_id: str, terrain: Terrain) -> Raid:
    """The raid of a case that can be compiled; every fault at once otherwise."""
    faults = terrain_faults(study, terrain.extent)
    if raid_id not in {raid.id for raid in study.raids}:
        faults.append(_unknown("raids", raid_id, [found.id for found in study.raids]))
    if not is_force(study, laydown_id):
        faults.append(_unknown("laydowns", laydown_id, force_ids(study)))
    if faults:
        raise ScenarioError(faults)
    return raid_of(study, raid_id)


def _scene(
    study: Study,
    catalogue: Catalogue,
    force: Force,
    raid: Raid,
    units: tuple[PlacedUnit, ...],
    equipment: Equipment,
    values: Values,
    terrain: Terrain,
    cache: CompilerCache,
    is_search_perfect: bool,
) -> Scene:
    """Everything of one case, with what each sensor and fire unit can do about each path."""
    if is_search_perfect:
        equipment = replace(equipment, sensors=tuple(all_seeing(sensor) for sensor in equipment.sensors))
    paths = fly_paths(study, catalogue, raid, values, terrain, cache) | fly_corridors(study, values, terrain, cache)
    systems = {unit.system for unit in units}
    types = {path.threat_type for path in paths.values()}
    settings = draw_settings(study, catalogue, systems, types, values, raid)
    plan = plan_command(force.networks, {unit.id: unit.system for unit in units}, 1)
    if is_search_perfect:
        settings = replace(settings, hits=1, looks=1)
    watched = watch(paths.values(), equipment.sensors, terrain, cache, settings)
    if is_search_perfect:
        watched = {key: replace(seen, sight=SEEN) for key, seen in watched.items()}
    return Scene(
        study=study,
        settings=settings,
        units=units,
        equipment=equipment,
        plan=plan,
        words=partial(_words, catalogue),
        threats=(*raid_threats(study, catalogue, raid), *flights(study, raid.spread)),
        paths=paths,
        watched=watched,
        chances=launch_chances(study, catalogue, equipment, plan, paths, watched, terrain, cache, settings),
    )


def _unknown(where: str, found: str, allowed: Sequence[str]) -> Fault:
    return Fault("", 0, where, f"no '{found}' in this study; allowed: {', '.join(allowed)}")


def _words(catalogue: Catalogue, threat_class: str) -> tuple[str, ...]:
    return () if threat_class == "background" else catalogue.doctrine_words(threat_class)


def launch_chances(
    study: Study,
    catalogue: Catalogue,
    equipment: Equipment,
    plan: CommandPlan,
    paths: Mapping[str, FlownPath],
    watched: Watched,
    terrain: Terrain,
    cache: CompilerCache,
    settings: Settings,
) -> dict[tuple[str, str], Shots | str]:
    """Launch window, or the stage of failure, of every fire unit against every path, by (path id, fire unit id).

    ``equipment`` holds at least the sensors that its fire units fire on.
    """
    found: dict[tuple[str, str], Shots | str] = {}
    by_group: dict[str, list[SensorSpec]] = {}
    for sensor in equipment.sensors:
        by_group.setdefault(plan.group_of[sensor.unit], []).append(sensor)
    sight = {
        (path, group): max(watched[path, sensor.id].sight for sensor in sensors)
        for path in paths
        for group, sensors in by_group.items()
    }
    kinds = {item.effector.system_class for item in equipment.fire_units}
    words = {path.engaged_as: _words(catalogue, path.engaged_as) for path in paths.values()}
    rules = {(name, kind): rule_for(study.doctrine, said, kind) for name, said in words.items() for kind in kinds}
    aimed = {kind: [(path, rules[path.engaged_as, kind].salvo) for path in paths.values()] for kind in kinds}
    for fire_unit in equipment.fire_units:
        kind = fire_unit.effector.system_class
        chances = all_shots(fire_unit, aimed[kind], terrain, cache, settings)
        for path, chance in zip(paths.values(), chances, strict=True):
            if not isinstance(chance, str):
                seen = _sight_of(path, fire_unit, plan, sight, watched)
                if seen != SEEN:
                    chance = "below_horizon" if seen == MASKED else "never_in_coverage"
                elif is_held(rules[path.engaged_as, kind], fire_unit):
                    chance = "doctrine_hold"
            found[path.id, fire_unit.id] = chance
    return found


def is_held(rule: EngagementRule, fire_unit: FireUnitSpec) -> bool:
    """Whether a rule forbids this fire unit's shots."""
    return rule.hold or (rule.cost_cap is not None and round(fire_unit.effector.cost) > round(rule.cost_cap))


def _sight_of(
    path: FlownPath,
    fire_unit: FireUnitSpec,
    plan: CommandPlan,
    sight: Mapping[tuple[str, str], int],
    watched: Watched,
) -> int:
    """How far the path comes into sight of whatever this fire unit can fire on."""
    if fire_unit.sensor is not None:
        return watched[path.id, fire_unit.sensor].sight
    return max(sight.get((path.id, plan.group_of[fire_unit.unit]), 0), sight.get((path.id, fire_unit.unit), 0))


def _sites(
    catalogue: Catalogue,
    scene: Scene,
    terrain: Terrain,
    cache: CompilerCache,
    values: Values | None,
) -> dict[str, UnitSite]:
    """Where every unit stands; with values, how far its sensors detect."""
    sites = {}
    for unit in scene.units:
        coverage: tuple[SensorCoverage, ...] = ()
        if values is not None:
            own = (sensor for sensor in scene.equipment.sensors if sensor.unit == unit.id)
            coverage = tuple(_coverage(sensor, terrain, cache, scene.settings, values) for sensor in own)
        sites[unit.id] = UnitSite(
            latitude_deg=round(math.degrees(unit.latitude), 2),
            longitude_deg=round(math.degrees(unit.longitude), 2),
            elevation_m=round(unit.elevation, 1),
            system=unit.system,
            kind=catalogue.items[unit.system].kind,
            lent=unit.lent,
            asset=unit.asset,
            coverage=coverage,
        )
    return sites


def _coverage(
    sensor: SensorSpec, terrain: Terrain, cache: CompilerCache, settings: Settings, values: Values
) -> SensorCoverage:
    eye = sensor.elevation + sensor.mast
    place = sensor.latitude, sensor.longitude
    screen = settings.screen_spread, settings.cover
    rings = []
    for threat_class, height in (("cruise", CRUISE_HEIGHT), ("owa_uav", DRONE_HEIGHT)):
        range_50, longest = sensor_ranges(sensor, values.prior("rcs", threat_class=threat_class), False)
        seen_from = site_horizon(terrain, cache, *place, eye, longest, *screen)
        key = ("ring", terrain, *place, eye, longest, *screen, range_50, height)
        ring = partial(coverage_ring, terrain, seen_from, *place, height, range_50)
        rings.append(tuple(cache.get(key, ring)))
    return SensorCoverage(sensor.id, rings[0], rings[1])
