"""Fighters on patrol: how many patrols are on station at once, and what one of them sees with and fires."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from steeldome.compiler.air import nearest_band
from steeldome.compiler.siting import PlacedUnit
from steeldome.compiler.specs import EffectorSpec, FireUnitSpec, SensorSpec
from steeldome.compiler.values import Values, six_digits
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.item import Item

FIGHTER: Final = "fighter_patrol"
REFERENCE_CROSS_SECTION: Final = 1.0  # m2, of the target for which the range of an organic sensor is stated


def patrols_on_station(
    aircraft: float,
    per_patrol: float,
    mission_capable: float,
    on_station: float,
    transit: float,
    turnaround: float,
) -> float:
    """Mean number of patrols on station at once.

    Parameters
    ----------
    aircraft, per_patrol : float
        Aircraft set aside, and aircraft that fly together.
    mission_capable : float, 0..1
        Share of them that is fit to fly.
    on_station, transit, turnaround : float, s
        Time on station, one way to it, and from landing to the next take-off.

    Notes
    -----
    Each patrol goes round without a pause; the share of its cycle that it spends on station is the share of the patrols
    that are there.
    """
    return aircraft / per_patrol * mission_capable * on_station / (on_station + 2.0 * transit + turnaround)


def stations_of(catalogue: Catalogue, aircraft: Mapping[str, int], values: Values) -> dict[str, float]:
    """Patrols on station by system, for the fighters among the systems of a laydown and their number of aircraft."""
    found = {}
    for system in sorted(aircraft):
        if catalogue.items[system].system_class == FIGHTER:
            on_station, turnaround = values.of(system, "endurance_on_station"), values.of(system, "turnaround_time")
            transit = values.of(system, "patrol_distance_ref") / values.of(system, "cruise_speed")
            capable, each = values.of(system, "mission_capable_rate"), _aircraft_per_patrol(system, values)
            mean = patrols_on_station(aircraft[system], each, capable, on_station, transit, turnaround)
            found[system] = six_digits(mean)
    return found


def missile_of(catalogue: Catalogue, item: Item) -> Item:
    """Missile that a fighter fires: the first of its weapons.

    Raises
    ------
    ScenarioError
        It carries none.
    """
    if not item.weapons:
        message = f"'{item.id}' carries no missile; write 'weapons: [...]' for it in the catalogue"
        raise ScenarioError([Fault("", 0, "catalogue", message)])
    return catalogue.items[item.weapons[0]]


def patrol_radar(unit: PlacedUnit, axis: float | None, values: Values) -> SensorSpec:
    """Radar of one patrol on its orbit, turned to an axis (rad); its range follows the cross-section of the target."""
    system = unit.system
    width = values.of(system, "azimuth_coverage")
    return SensorSpec(
        id=f"{unit.id}/radar",
        unit=unit.id,
        latitude=unit.latitude,
        longitude=unit.longitude,
        elevation=0.0,
        mast=max(values.of(system, "altitude_ops"), unit.elevation),
        instrumented_range=values.of(system, "range_instrumented"),
        search_ratio=1.0,
        target_range=values.of(system, "organic_sensor_range"),
        target_cross_section=REFERENCE_CROSS_SECTION,
        ballistic_range=0.0,
        fixed_range=0.0,
        band=nearest_band(values.of(system, "frequency")),
        notch_speed=values.of(system, "notch_speed"),
        scan_period=values.of(system, "revisit_time"),
        p_false_alarm=values.prior("p_false_alarm"),
        drop=values.of(system, "track_drop_time"),
        elevation_min=values.of(system, "elevation_min"),
        elevation_max=values.of(system, "elevation_max"),
        sector_centre=axis or 0.0,
        sector_width=2.0 * math.pi if axis is None else min(width, 2.0 * math.pi),
        capacity=round(values.of(system, "tracks_max")),
    )


def patrol_fire_unit(unit: PlacedUnit, missile: EffectorSpec, radar: SensorSpec, values: Values) -> FireUnitSpec:
    """One patrol as a fire unit that stays at its station and guides its missiles with its own radar."""
    system = unit.system
    aircraft = _aircraft_per_patrol(system, values)
    ready = aircraft * max(1, round(values.of(system, "ready_rounds")))
    loads = max(1.0, values.of(system, "war_stock_loads"))
    return FireUnitSpec(
        id=f"{unit.id}/{missile.id}",
        unit=unit.id,
        effector=replace(missile, system_class=FIGHTER),
        sensor=radar.id,
        latitude=unit.latitude,
        longitude=unit.longitude,
        elevation=unit.elevation,
        mast=radar.elevation + radar.mast - unit.elevation,
        sight_range=radar.instrumented_range,
        needs_sight=True,
        p_basket=values.prior("p_in_basket", track_source="own_track"),
        channels=aircraft * max(1, round(values.of(system, "simultaneous_engagements"))),
        launchers=aircraft,
        ready=ready,
        stock=math.floor(ready * (loads - 1.0) + 1e-6),
        prepare=values.of(system, "reaction_time"),
        reload=values.of(system, "reload_time"),
        spacing=values.of(missile.id, "salvo_spacing"),
        burst=0.0,
        busy_rule="until_handover",
        handover=values.of(missile.id, "handover_fraction"),
    )


def _aircraft_per_patrol(system: str, values: Values) -> int:
    return max(1, round(values.of(system, "aircraft_per_patrol")))
