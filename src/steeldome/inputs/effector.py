"""Effectors, batteries and launchers: their classes, guidance and parameters, and what they claim to engage."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from steeldome.inputs.base import Value

GuidanceType = Literal[
    "command", "semi_active", "track_via_missile", "active", "imaging_infrared", "gun", "laser", "soft_kill"
]

#: Classes of system that defeat a threat; shot rules and priors are stated for them.
SYSTEM_CLASSES: Final = (
    "srad_gun",
    "cuas",
    "laser",
    "soft_kill",
    "vshorad",
    "srad",
    "mrad",
    "lrad",
    "lower_tier_bmd",
    "upper_tier_bmd",
    "fighter_patrol",
    "air_to_air_missile",
)

#: Guidance of a round that is bought one by one, so that the price of the round is the price of a shot.
ROUND_GUIDANCE: Final = frozenset(("command", "semi_active", "track_via_missile", "active", "imaging_infrared"))

#: Classes built against ballistic missiles; the others need a published figure to claim that role.
BALLISTIC_CLASSES: Final = frozenset(("lower_tier_bmd", "upper_tier_bmd"))

#: What a model asks of a battery as a whole; every other number is asked of its parts.
BATTERY_QUANTITIES: Final = frozenset(
    (
        "launchers",
        "organic_sensor_range",
        "reaction_time",
        "readiness",
        "ready_rounds",
        "reload_time",
        "simultaneous_engagements",
        "war_stock_loads",
    )
)

_BALLISTIC_FIGURES: Final = ("range_max_ballistic", "altitude_max_ballistic", "ballistic_threat_class_range")

#: Kind of quantity of every parameter of an effector, battery, launcher or system of systems; ``share`` is a ratio in
#: 0..1.
EFFECTOR_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "altitude_max",
                "altitude_max_air",
                "altitude_max_ballistic",
                "altitude_min",
                "altitude_min_ballistic",
                "ballistic_threat_class_range",
                "battery_radar_range",
                "combat_radius",
                "detection_range_ballistic",
                "detection_range_small_uav",
                "effect_radius",
                "effect_radius_radar",
                "gun_calibre",
                "jamming_range",
                "offset_from_radar_max",
                "patrol_distance_ref",
                "radar_range_air",
                "range_max",
                "range_max_air",
                "range_max_ballistic",
                "range_min",
                "range_surface_launch",
                "search_radar_range",
            ),
            "length",
        ),
        **dict.fromkeys(
            (
                "aircraft_per_patrol",
                "batteries",
                "cells_per_ship",
                "crew_per_battery",
                "crew_per_unit",
                "engines_received",
                "fire_units",
                "fleet_block50_tr",
                "fleet_ordered_new",
                "fleet_ozgur_block30",
                "fleet_planned_block70",
                "fleet_planned_tr",
                "fleet_tr",
                "fleet_used_planned",
                "inventory_reported",
                "launchers",
                "launchers_per_battery",
                "missiles_air_to_air",
                "missiles_delivered",
                "missiles_per_launcher",
                "offered_to_turkey",
                "personnel",
                "ready_rounds_per_battery",
                "ready_rounds_per_vehicle",
                "ships_at_rota",
                "ships_on_station",
                "simultaneous_engagements",
                "sm3_per_ship",
                "stock_tr_notified",
                "system_engagements_full",
                "targets_in_parallel",
                "tracks_max",
                "units_delivered",
                "vehicles_first_handover",
                "vehicles_per_system",
                "vehicles_per_team",
            ),
            "count",
        ),
        **dict.fromkeys(
            (
                "delivery_lead_time",
                "deployment_time",
                "dwell_time_kill",
                "endurance_on_station",
                "flight_time_max",
                "flight_time_min",
                "lead_time",
                "reaction_time",
                "reload_time",
                "salvo_time",
                "salvo_time_8_missiles",
                "selection_to_cancel",
                "shelf_life",
                "time_to_effect",
                "turnaround_time",
                "withdrawal_notice",
            ),
            "time",
        ),
        **dict.fromkeys(
            (
                "contract_price",
                "cost_battery",
                "cost_per_burst",
                "cost_per_shot",
                "ozgur_programme_cost",
                "programme_cost",
                "unit_cost",
                "unit_price",
            ),
            "money",
        ),
        **dict.fromkeys(("cruise_speed", "muzzle_velocity", "speed_max", "target_speed_max"), "speed"),
        **dict.fromkeys(
            ("diverted_share_owa_uav", "domestic_content", "domestic_share", "mission_capable_rate"), "share"
        ),
        **dict.fromkeys(("production_rate", "rate_of_fire", "upkeep_fraction"), "rate"),
        **dict.fromkeys(("first_flight", "first_service", "first_used_aircraft"), "calendar year"),
        "azimuth_coverage": "angle",
        "laser_power": "power",
        "mass": "mass",
        "upkeep_cost_annual": "cost rate",
        "war_stock_loads": "ratio",
    }
)


def has_ballistic_claim(system_class: str | None, parameters: Mapping[str, Value]) -> bool:
    """Whether a system claims to engage ballistic missiles.

    Parameters
    ----------
    system_class : str or None
        One of `SYSTEM_CLASSES`.
    parameters : mapping of str to Value
        Published parameters; a positive figure for range, altitude or missile class is a claim, a missing one is not.
    """
    if system_class in BALLISTIC_CLASSES:
        return True
    figures = (parameters.get(name) for name in _BALLISTIC_FIGURES)
    return any(found is not None and (found.value or 0.0) > 0.0 for found in figures)
