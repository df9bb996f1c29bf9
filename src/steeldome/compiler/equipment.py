"""What stands at each site, in numbers: sensors, fire units and their effectors, from the catalogue and the priors."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from steeldome.compiler.air import NO_BAND, OPTICAL, nearest_band
from steeldome.compiler.paths import BALLISTIC
from steeldome.compiler.patrol import FIGHTER, missile_of, patrol_fire_unit, patrol_radar
from steeldome.compiler.sensing import HALF_BEAM
from steeldome.compiler.siting import PlacedUnit
from steeldome.compiler.specs import EffectorSpec, Equipment, FireUnitSpec, SensorSpec
from steeldome.compiler.tables import THREAT_CLASSES
from steeldome.compiler.values import Values, six_digits
from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.effector import has_ballistic_claim
from steeldome.inputs.item import Item, published_band
from steeldome.inputs.study import Study
from steeldome.kernels.arcs import free_flight
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS

#: Guidance whose rounds need the unit's own sensor, and miss when the unit is lost.
OWN_SENSOR: Final = frozenset(("command", "semi_active", "track_via_missile", "gun", "laser", "soft_kill"))
BUSY_RULE: Final[Mapping[str, str]] = {
    "command": "until_assessment",
    "semi_active": "until_assessment",
    "track_via_missile": "until_assessment",
    "active": "until_handover",
    "imaging_infrared": "until_handover",
    "gun": "until_burst",
    "laser": "until_burst",
    "soft_kill": "until_burst",
}

#: Classes of system whose own sensor is an optical or infrared one; of the others' nothing is known.
SIGHTED: Final = frozenset(("laser", "vshorad"))

_ORGANIC_MAST: Final = 3.0  # m, of a sight on a vehicle
_ORGANIC_LOW, _ORGANIC_HIGH = math.radians(-10.0), math.radians(80.0)
_BOOST: Final = 245.0  # m/s2, mean acceleration of a boost (25 g)
_BOOST_UPPER: Final = 70.0  # m/s2, of a staged upper-tier round (7 g)
_BEAM_SPEED: Final = 1.0e6  # m/s; a beam arrives within a millisecond or so


def longest_reach(catalogue: Catalogue, systems: Iterable[str]) -> dict[str, float]:
    """Longest published range against aircraft of each system that has effectors, m; missing where it has none.

    Sites depend on it and are the same in every outer sample, so the working value is taken.
    """
    reach = {}
    for system in systems:
        ranges = [
            found.value
            for effector in _effectors(catalogue, catalogue.items[system])
            if (found := catalogue.find(effector.id, "range_max_air")) is not None
        ]
        if ranges:
            reach[system] = max(ranges)
    return reach


def outfit(
    study: Study, catalogue: Catalogue, units: Iterable[PlacedUnit], networked: Collection[str], values: Values
) -> Equipment:
    """All sensors and fire units of a laydown.

    Parameters
    ----------
    networked : collection of str
        Systems that are on the picture of some network.

    Raises
    ------
    ScenarioError
        A system is a missile without its aircraft.
    """
    sensors: list[SensorSpec] = []
    fire_units: list[FireUnitSpec] = []
    axis = study.siting.threat_axis
    faults = set()
    for unit in units:
        item = catalogue.items[unit.system]
        effectors = _effectors(catalogue, item)
        if item.system_class == "air_to_air_missile":
            message = f"'{unit.system}' is a missile that an aircraft carries; name the aircraft"
            faults.add(Fault("", 0, "laydowns", message))
            continue
        own = values.once(("sensors", unit, axis), partial(_sensors, catalogue, unit, axis))
        sensors += own
        if effectors:
            is_networked = unit.system in networked
            make = partial(_fire_units, catalogue, unit, own, is_networked)
            fire_units += values.once(("fire units", unit, axis, is_networked), make)
    if faults:
        raise ScenarioError(sorted(faults))
    return Equipment(tuple(sensors), tuple(fire_units))


def _effectors(catalogue: Catalogue, item: Item) -> list[Item]:
    if item.system_class == FIGHTER:
        return [missile_of(catalogue, item)]
    if item.kind == "effector":
        return [item]
    return [catalogue.items[name] for name in sorted(item.composition.effector)] if item.composition else []


def _sensors(catalogue: Catalogue, unit: PlacedUnit, axis: float | None, values: Values) -> list[SensorSpec]:
    """Sensors of one unit; a unit with effectors and no radar has an organic sight."""
    item = catalogue.items[unit.system]
    if item.system_class == FIGHTER:
        return [patrol_radar(unit, axis, values)]
    names = (item.id,) if item.kind == "sensor" else item.composition.sensor if item.composition else ()
    found = [_radar(unit, catalogue.items[name], axis, values) for name in sorted(names)]
    if not found and _effectors(catalogue, item):
        found.append(_sight(unit, item, values))
    return found


def _radar(unit: PlacedUnit, item: Item, axis: float | None, values: Values) -> SensorSpec:
    name, band = item.id, published_band(item)
    ground, mast = _spot(unit, values), values.of(name, "mast_height")
    ceiling = values.find(name, "altitude_ops")
    if ceiling is not None:
        ground, mast = 0.0, ceiling
    ground = max(ground, values.find(name, "site_altitude") or 0.0)
    lowest, highest = values.of(name, "elevation_min"), values.of(name, "elevation_max")
    _refuse_blind(unit, name, ground + mast, lowest, highest)
    dip = math.sqrt(2.0 * max(ground + mast, 0.0) / EFFECTIVE_EARTH_RADIUS)
    target, reference = values.published(name, "range_target"), values.published(name, "rcs_ref")
    width = values.of(name, "azimuth_coverage")
    return SensorSpec(
        id=f"{unit.id}/{name}",
        unit=unit.id,
        latitude=unit.latitude,
        longitude=unit.longitude,
        elevation=ground,
        mast=mast,
        instrumented_range=values.of(name, "range_instrumented"),
        search_ratio=values.of(name, "search_ratio"),
        target_range=target if target is not None and reference is not None else 0.0,
        target_cross_section=reference if target is not None and reference is not None else 0.0,
        ballistic_range=values.published(name, "range_ballistic") or 0.0,
        fixed_range=0.0,
        band=band or nearest_band(values.of(name, "frequency")),
        notch_speed=values.of(name, "notch_speed"),
        scan_period=values.of(name, "revisit_time"),
        p_false_alarm=values.prior("p_false_alarm"),
        drop=values.of(name, "track_drop_time"),
        elevation_min=lowest - dip - HALF_BEAM,
        elevation_max=highest,
        sector_centre=axis or 0.0,
        sector_width=2.0 * math.pi if axis is None else min(width, 2.0 * math.pi),
        capacity=round(values.of(name, "tracks_max")),
    )


def _refuse_blind(unit: PlacedUnit, name: str, antenna: float, lowest: float, highest: float) -> None:
    """Refuse a radar in the ground, or one that looks at no elevation; antenna in m, elevations in rad.

    Raises
    ------
    ScenarioError
    """
    faults = []
    if antenna < unit.elevation:
        message = (
            f"the antenna of '{unit.id}' at {antenna:.0f} m lies below the ground of its site, {unit.elevation:.0f} m; "
            "write a higher one, or another site"
        )
        faults.append(Fault("", 0, f"{name}.altitude_ops", message))
    if highest <= lowest:
        edges = f"{math.degrees(highest):.4g} deg is not above elevation_min, {math.degrees(lowest):.4g} deg"
        faults.append(Fault("", 0, f"{name}.elevation_max", f"{edges}; write a larger one"))
    if faults:
        raise ScenarioError(faults)


def _spot(unit: PlacedUnit, values: Values) -> float:
    """Height of the ground that a sensor picks: above its cell by as much as the ridges that screen it."""
    return unit.elevation + values.prior("terrain_kappa") * unit.relief


def _sight(unit: PlacedUnit, item: Item, values: Values) -> SensorSpec:
    """Optical or other organic sensor of a unit without a radar."""
    reach = values.of(item.id, "organic_sensor_range")
    return SensorSpec(
        id=f"{unit.id}/organic",
        unit=unit.id,
        latitude=unit.latitude,
        longitude=unit.longitude,
        elevation=_spot(unit, values),
        mast=_ORGANIC_MAST,
        instrumented_range=reach,
        search_ratio=1.0,
        target_range=0.0,
        target_cross_section=0.0,
        ballistic_range=0.0,
        fixed_range=reach,
        band=OPTICAL if item.system_class in SIGHTED else NO_BAND,
        notch_speed=0.0,
        scan_period=values.prior("revisit_time", sensor_class="acquisition_radar"),
        p_false_alarm=values.prior("p_false_alarm"),
        drop=values.prior("track_drop_time", sensor_class="acquisition_radar"),
        elevation_min=_ORGANIC_LOW,
        elevation_max=_ORGANIC_HIGH,
        sector_centre=0.0,
        sector_width=2.0 * math.pi,
        capacity=round(values.prior("tracks_max", sensor_class="acquisition_radar")),
    )


def effector_spec(catalogue: Catalogue, item: Item, values: Values) -> EffectorSpec:
    """Numbers of one type of effector."""
    name, kind, guidance = item.id, item.system_class or "", item.guidance_type or ""
    is_beam = guidance in ("laser", "soft_kill")
    air = values.of(name, "effect_radius") if guidance == "soft_kill" else values.find(name, "range_max_air")
    range_max, sspk = {}, {}
    for threat_class in THREAT_CLASSES:
        if threat_class != "background":
            group = catalogue.threat_group(threat_class)
            sspk[threat_class] = values.sspk(name, group)
            if threat_class not in BALLISTIC and air is not None:
                range_max[threat_class] = air * values.prior("reach_factor", threat_group=group)
    reach, low, high, class_speed = _ballistic(item, air, values)
    speed = _BEAM_SPEED if is_beam else values.of(name, "speed_max")
    boost = 0.0 if is_beam or guidance == "gun" else speed / (_BOOST_UPPER if kind == "upper_tier_bmd" else _BOOST)
    effect = 0.0
    if is_beam:
        effect = values.of(name, "dwell_time" if guidance == "laser" else "time_to_effect")
    return EffectorSpec(
        id=name,
        system_class=kind,
        guidance=guidance,
        range_min=values.of(name, "range_min"),
        range_max=range_max,
        height_min=values.of(name, "altitude_min"),
        height_max=0.0 if air is None else values.of(name, "altitude_max_air"),
        ballistic_reach=reach,
        ballistic_height_min=low,
        ballistic_height_max=high,
        ballistic_class_speed=class_speed,
        ballistic_cutoff=values.prior("speed_class_cutoff"),
        kinematic_range=air if air is not None else reach,
        speed=speed,
        mean_speed_ratio=1.0 if is_beam else values.of(name, "mean_speed_ratio"),
        boost_time=boost,
        effect_time=effect,
        sspk=sspk,
        edge_factor=values.prior("envelope_edge_factor"),
        reliability=values.of(name, "shot_reliability"),
        p_common=values.of(name, "common_cause_probability"),
        p_common_object=values.prior("object_common_cause"),
        cost=values.of(name, "cost_per_shot"),
        assess_delay=values.of(name, "kill_assessment_delay"),
    )


def _ballistic(item: Item, air: float | None, values: Values) -> tuple[float, float, float, float]:
    """Lateral reach, least and greatest height and class speed against ballistic paths; zeros without a claim."""
    name = item.id
    if not has_ballistic_claim(item.system_class, item.parameters):
        return 0.0, 0.0, 0.0, 0.0
    published = values.published(name, "range_max_ballistic")
    if item.system_class == "upper_tier_bmd":
        if not published:
            message = f"'{name}' has no 'range_max_ballistic', which an upper tier needs; add it to the catalogue"
            raise ScenarioError([Fault("", 0, "catalogue", message)])
        reach = published
    else:
        reach = values.prior("ballistic_reach_ratio") * (air or 0.0)
        reach = min(reach, published) if published else reach
    class_speed = values.published(name, "target_speed_max")
    if class_speed is None or values.own(name, "ballistic_threat_class_range") is not None:
        class_speed = float(free_flight(values.of(name, "ballistic_threat_class_range"), 0.0)[0])
    low, high = values.of(name, "keep_out_altitude"), values.of(name, "altitude_max_ballistic")
    return reach, low, high, six_digits(class_speed)


def _fire_units(
    catalogue: Catalogue, unit: PlacedUnit, own: Sequence[SensorSpec], is_networked: bool, values: Values
) -> list[FireUnitSpec]:
    """One fire unit for each effector of a unit; launchers, channels and rounds are shared out among them."""
    item = catalogue.items[unit.system]
    effectors = [
        values.once(("effector", effector.id), partial(effector_spec, catalogue, effector))
        for effector in _effectors(catalogue, item)
    ]
    if item.system_class == FIGHTER:
        return [patrol_fire_unit(unit, effectors[0], own[0], values)]
    n = len(effectors)
    director = _director(catalogue, own)
    launchers = _shares(1 if item.kind == "effector" else _number(values, item.id, effectors[0].id, "launchers"), n)
    made = []
    for k, spec in enumerate(effectors):
        channels = _shares(_number(values, item.id, spec.id, "simultaneous_engagements"), n)[k]
        ready = _ready(values, item.id, spec, launchers[k], n)
        loads = max(1.0, values.of(item.id, "war_stock_loads"))
        needs_own = spec.guidance in OWN_SENSOR or not is_networked
        rule = BUSY_RULE[spec.guidance]
        made.append(
            FireUnitSpec(
                id=f"{unit.id}/{spec.id}",
                unit=unit.id,
                effector=spec,
                sensor=director.id if needs_own else None,
                latitude=unit.latitude,
                longitude=unit.longitude,
                elevation=unit.elevation,
                mast=director.elevation + director.mast - unit.elevation,
                sight_range=director.instrumented_range,
                needs_sight=needs_own or spec.system_class == "vshorad",
                p_basket=values.prior("p_in_basket", track_source="own_track" if needs_own else "remote_track"),
                channels=channels * (launchers[k] if spec.guidance == "gun" else 1),
                launchers=launchers[k],
                ready=ready,
                stock=math.floor(ready * (loads - 1.0) + 1e-6),
                prepare=_quantity(values, item.id, spec.id, "reaction_time"),
                reload=_quantity(values, item.id, spec.id, "reload_time"),
                spacing=values.of(spec.id, "salvo_spacing"),
                burst=values.of(spec.id, "burst_time") if spec.guidance == "gun" else spec.effect_time,
                busy_rule=rule,
                handover=values.of(spec.id, "handover_fraction") if rule == "until_handover" else 1.0,
            )
        )
    return made


def _director(catalogue: Catalogue, own: Sequence[SensorSpec]) -> SensorSpec:
    """Sensor of a unit that guides its rounds: the narrowest of its multifunction radars, else of all it has."""
    guiding = [
        sensor
        for sensor in own
        if sensor.fixed_range > 0.0 or catalogue.items[sensor.id.split("/")[-1]].system_class == "multifunction_radar"
    ]
    return min(guiding or own, key=lambda sensor: (sensor.sector_width, -sensor.instrumented_range, sensor.id))


def _quantity(values: Values, unit: str, effector: str, quantity: str) -> float:
    """A figure of the system, else of its effector, else the prior of the system's class."""
    found = _figure(values, (unit, effector), quantity)
    return values.of(unit, quantity) if found is None else found


def _figure(values: Values, owners: tuple[str, str], quantity: str) -> float | None:
    """What the study says of the first owner, else of the second; else a published figure in the same order."""
    for look_up in (values.own, values.published):
        for owner in owners:
            found = look_up(owner, quantity)
            if found is not None:
                return found
    return None


def _number(values: Values, unit: str, effector: str, quantity: str) -> int:
    return max(1, round(_quantity(values, unit, effector, quantity)))


def _shares(total: int, n: int) -> list[int]:
    """A number of things shared out as evenly as whole numbers allow, one each at least."""
    return [max(1, total // n + (k < total % n)) for k in range(n)]


def _ready(values: Values, unit: str, effector: EffectorSpec, launchers: int, n_effectors: int) -> int:
    """Rounds on the launchers; a burst of a gun counts as one round."""
    if effector.guidance == "gun":
        rounds = values.of(unit, "ready_rounds") * launchers
        return max(1, math.floor(rounds / values.of(effector.id, "rounds_per_burst")))
    if effector.guidance not in ("laser", "soft_kill") and values.own(unit, "ready_rounds") is None:
        each = _figure(values, (effector.id, unit), "missiles_per_launcher")
        if each is not None:
            return max(1, round(each) * launchers)
    return max(1, round(values.of(unit, "ready_rounds") / n_effectors))
