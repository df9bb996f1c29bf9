"""Sensors, effectors and fire units of one case, in SI numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class SensorSpec:
    """One sensor at its site.

    Attributes
    ----------
    id : str
        ``unit/sensor type``.
    latitude, longitude : float, rad
    elevation, mast : float, m
        Of the ground above mean sea level, and of the antenna above it.
    instrumented_range : float, m
        Nothing is seen beyond.
    search_ratio : float
        Range against 1 m2 over the instrumented range, where no range against a stated target is published.
    target_range, target_cross_section : float; m, m2
        Published range against a stated cross-section; 0: none.
    ballistic_range : float, m
        Published range against ballistic targets; 0: none.
    fixed_range : float, m
        Range of an optical or organic sensor, whatever the target; 0: a radar.
    band : str
        Of a radar, one of `RADAR_BANDS`; ``optical`` for a sight; empty where nothing is known: the air takes nothing.
    notch_speed : float, m/s
        Of a target that flies low, the change of slant range below which it drowns in the clutter; 0: none.
    scan_period, drop : float, s
        Between two looks; and until a track without looks ends.
    elevation_min, elevation_max, sector_centre, sector_width : float, rad
    capacity : int
        Tracks held at once.
    """

    id: str
    unit: str
    latitude: float
    longitude: float
    elevation: float
    mast: float
    instrumented_range: float
    search_ratio: float
    target_range: float
    target_cross_section: float
    ballistic_range: float
    fixed_range: float
    band: str
    notch_speed: float
    scan_period: float
    p_false_alarm: float
    drop: float
    elevation_min: float
    elevation_max: float
    sector_centre: float
    sector_width: float
    capacity: int


@dataclass(frozen=True, slots=True, eq=False)
class EffectorSpec:
    """One type of round, burst or beam, with its envelope; lengths in m, times in s, heights over the unit's ground.

    Attributes
    ----------
    range_max : mapping of str to float
        Longest slant range by class of threat, reach factor applied; a class that it has no business with is missing.
    ballistic_reach : float
        Lateral reach against ballistic paths; 0: no ballistic claim.
    ballistic_class_speed : float, m/s
        Re-entry speed of the claimed class.
    ballistic_cutoff : float
        Multiple of the class speed at which nothing is left.
    kinematic_range : float
        Published maximum range, over which the mean speed is stated.
    effect_time : float
        From meeting the target to the effect: the dwell of a beam, the delay of a jammer.
    sspk : mapping of str to float
        Single-shot probability of kill by class of threat, over common cause and the rest.
    edge_factor : float
        Share of it that is left at the edge of the range.
    p_common, p_common_object : float
        Probability that all its shots fail together, against a class for the whole raid and against one object.
    """

    id: str
    system_class: str
    guidance: str
    range_min: float
    range_max: Mapping[str, float]
    height_min: float
    height_max: float
    ballistic_reach: float
    ballistic_height_min: float
    ballistic_height_max: float
    ballistic_class_speed: float
    ballistic_cutoff: float
    kinematic_range: float
    speed: float
    mean_speed_ratio: float
    boost_time: float
    effect_time: float
    sspk: Mapping[str, float]
    edge_factor: float
    reliability: float
    p_common: float
    p_common_object: float
    cost: float
    assess_delay: float


@dataclass(frozen=True, slots=True, eq=False)
class FireUnitSpec:
    """One effector type of one unit at its site, with its share of channels and rounds.

    Attributes
    ----------
    sensor : str or None
        Sensor that must hold the track itself; None: it fires on its group's picture.
    mast, sight_range : float, m
        Height of the director above ground, and how far its horizon mask must go.
    needs_sight : bool
        Whether the unit itself must see the target where the round meets it.
    p_basket : float
        Probability that the round opens its seeker on the target.
    channels, launchers, ready, stock : int
    prepare, reload, spacing, burst : float, s
    busy_rule : str
        One of `BUSY_RULES`.
    handover : float
        Share of the flight under guidance.
    """

    id: str
    unit: str
    effector: EffectorSpec
    sensor: str | None
    latitude: float
    longitude: float
    elevation: float
    mast: float
    sight_range: float
    needs_sight: bool
    p_basket: float
    channels: int
    launchers: int
    ready: int
    stock: int
    prepare: float
    reload: float
    spacing: float
    burst: float
    busy_rule: str
    handover: float
    sector_centre: float = 0.0
    sector_width: float = 2.0 * math.pi


@dataclass(frozen=True, slots=True)
class Equipment:
    """All sensors and fire units of a laydown."""

    sensors: tuple[SensorSpec, ...]
    fire_units: tuple[FireUnitSpec, ...]


@dataclass(frozen=True, slots=True)
class ThreatSpec:
    """What a threat type is apart from its path.

    Attributes
    ----------
    cross_section : float, m2
    swerling_case : int, 0, 1 or 3
        Law by which it fluctuates.
    cep : float, m
    reliability : float
        Probability of reaching the target area if nobody shoots.
    warhead : float, kg
        0 for none.
    """

    cross_section: float
    swerling_case: int
    cep: float
    reliability: float
    warhead: float


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Numbers of a case that belong to no single unit; times in s.

    Attributes
    ----------
    screen_spread, cover : float
        Roughness factor of the terrain's screen, and height (m) of trees and buildings.
    rain_rate, rain_radius : float; m/s, m
        Rain around each sensor, and how far it reaches; 0: dry.
    jamming : tuple of (float, float, float); rad, rad, 1
        Bearing and width of the sector of each jammer, and its noise over that of a receiver.
    hits, looks : int
        Detections among the last looks that confirm a track.
    signature_spread : float
        One-sigma factor of the cross-section between objects of one type.
    readiness : mapping of str to float
        Chance that a unit is there, by system.
    damage : mapping of str to float
        Chance that a hit by a warhead of the reference mass costs the asset, by class of asset.
    warhead_exponent : float
        See `damage_probability`.
    confusion, own_confusion : mapping of (str, str) to float
        Chance that a true class is declared as another: on a shared picture, and on the picture of one unit.
    """

    screen_spread: float
    cover: float
    rain_rate: float
    rain_radius: float
    jamming: tuple[tuple[float, float, float], ...]
    hits: int
    looks: int
    signature_spread: float
    link_delay: float
    link_loss: float
    link_resend: float
    operator_service: float
    identify: float
    epoch: float
    p_false_kill: float
    p_missed_kill: float
    relook: float
    ready_common: float
    unit_damage: float
    readiness: Mapping[str, float]
    damage: Mapping[str, float]
    warhead_exponent: float
    confusion: Mapping[tuple[str, str], float]
    own_confusion: Mapping[tuple[str, str], float]
    threats: Mapping[str, ThreatSpec]
