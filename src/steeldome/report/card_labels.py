"""Names that a card needs besides: kinds, roles, layers, states, gates, parameters that no model uses, units."""

from collections.abc import Mapping

from steeldome.report.labels import class_labels, quantity_names
from steeldome.report.wording import Translate


def kind_names(translate: Translate) -> Mapping[str, str]:
    """Kinds of entry, one of each."""
    return {
        "battery": translate("battery"),
        "effector": translate("effector"),
        "sensor": translate("sensor"),
        "c2": translate("command node or data link"),
        "launcher": translate("launcher"),
        "system": translate("system of systems"),
        "threat": translate("threat"),
    }


def kind_headings(translate: Translate) -> Mapping[str, str]:
    """Kinds of entry, many of each, in the order of the index."""
    return {
        "system": translate("Systems of systems"),
        "battery": translate("Batteries"),
        "effector": translate("Effectors and aircraft"),
        "launcher": translate("Launchers"),
        "sensor": translate("Sensors"),
        "c2": translate("Command nodes and data links"),
        "threat": translate("Threats"),
    }


def role_names(translate: Translate) -> Mapping[str, str]:
    """What a part is for, in the order of the card."""
    return {
        "effector": translate("Effector"),
        "weapon": translate("Weapon"),
        "launcher": translate("Launcher"),
        "sensor": translate("Sensor"),
        "c2": translate("Command"),
    }


def layer_names(translate: Translate) -> Mapping[str, str]:
    """Layers of a defence, by the catalogue's word."""
    return {
        "LRAD": translate("long range"),
        "LRAD_BMD_lower": translate("long range and lower-tier ballistic defence"),
        "BMD_lower": translate("lower-tier ballistic defence"),
        "BMD_upper": translate("upper-tier ballistic defence"),
        "MRAD": translate("medium range"),
        "SHORAD": translate("short range"),
        "VSHORAD": translate("very short range"),
        "CUAS": translate("counter-drone"),
        "soft_kill": translate("soft kill"),
        "fighter": translate("fighters"),
        "air_to_air": translate("air-to-air missiles"),
        "sensor": translate("sensors"),
        "c2": translate("command"),
        "launcher": translate("launchers"),
        "national": translate("national layers"),
        "system": translate("all layers"),
        "reference": translate("for reference only"),
    }


def state_names(translate: Translate) -> Mapping[str, str]:
    """States and the alliance by code, origins of threats by the catalogue's word."""
    return {
        "CA": translate("Canada"),
        "CH": translate("Switzerland"),
        "DE": translate("Germany"),
        "ES": translate("Spain"),
        "FR": translate("France"),
        "GB": translate("United Kingdom"),
        "IL": translate("Israel"),
        "IT": translate("Italy"),
        "JP": translate("Japan"),
        "NATO": translate("NATO"),
        "RU": translate("Russia"),
        "SE": translate("Sweden"),
        "TR": translate("Türkiye"),
        "US": translate("United States"),
        "XX": translate("unnamed state"),
        "DPRK": translate("North Korea"),
        "Houthi": translate("the Houthis"),
        "Iran": translate("Iran"),
        "Iraq": translate("Iraq"),
        "Russia": translate("Russia"),
        "USSR": translate("Soviet Union"),
        "generic": translate("generic"),
    }


def gate_names(translate: Translate) -> Mapping[str, str]:
    """What a state can withhold, in the order in which a buyer meets it."""
    return {
        "sale": translate("Sale"),
        "co_production": translate("Co-production"),
        "third_party_component": translate("Third-party component"),
        "software_keys": translate("Software and keys"),
        "resupply": translate("Resupply"),
        "depot_spares": translate("Depot and spares"),
        "end_use": translate("End use"),
        "lending": translate("Lending"),
    }


def effect_names(translate: Translate) -> Mapping[str, str]:
    """What a gate does if it is used, hardest first."""
    return {
        "blocks": translate("blocks"),
        "stops_after_stock": translate("stops after stock"),
        "delays": translate("delays"),
        "degrades": translate("degrades"),
        "limits_use": translate("limits use"),
        "none_known": translate("none known"),
    }


def status_names(translate: Translate) -> Mapping[str, str]:
    """Whether a gate is in use."""
    return {
        "active": translate("active"),
        "latent": translate("latent"),
        "precedent_elsewhere": translate("precedent elsewhere"),
        "lifted": translate("lifted"),
    }


def usual_words(translate: Translate) -> Mapping[str, str]:
    """What the catalogue says most often of status and access; other words of it stay English."""
    return {
        "in service": translate("in service"),
        "delivered": translate("delivered"),
        "offered for export": translate("offered for export"),
        "see effector": translate("see effector"),
        "national": translate("national"),
        "not available": translate("not available"),
        "not available: French political hold": translate("not available: French political hold"),
        "not relevant or not offered": translate("not relevant or not offered"),
        "owned, not networked": translate("owned, not networked"),
    }


def unit_names(translate: Translate) -> Mapping[str, str]:
    """Units as a card prints them behind a number; a unit that is missing is printed as it is."""
    return {
        "1": "",
        "count": "",
        "CE": "",
        "deg": "°",
        "m2": "m²",
        "kg/m2": "kg/m²",
        "min": translate("min"),
        "h": translate("h"),
        "d": translate("days"),
        "month": translate("months"),
        "year": translate("years"),
        "1/min": translate("a minute"),
        "1/year": translate("a year"),
        "kUSD": translate("thousand USD"),
        "MUSD": translate("million USD"),
        "USD/year": translate("USD a year"),
    }


def parameter_names(translate: Translate) -> Mapping[str, str]:
    """Names of everything that has a number on a card; a probability of kill is named with its threats."""
    sspk, groups = translate("Probability of kill, {threats}"), class_labels(translate)
    threats = ("ballistic_srbm", "ballistic_mrbm", "quasiballistic", "cruise", "drone", "aircraft")
    return {
        **quantity_names(translate),
        **_fleet_names(translate),
        **_unit_parameters(translate),
        **_figures_of_merit(translate),
        **_buying_names(translate),
        **{f"sspk.{group}": sspk.format(threats=groups[group]) for group in threats},
    }


def _fleet_names(translate: Translate) -> dict[str, str]:
    return {
        "aircraft": translate("Aircraft"),
        "aircraft_per_patrol": translate("Aircraft a patrol"),
        "batteries": translate("Batteries"),
        "engines_received": translate("Engines received"),
        "fire_units": translate("Fire units"),
        "fleet_block50_tr": translate("Turkish fleet, Block 50"),
        "fleet_ordered_new": translate("New aircraft ordered"),
        "fleet_ozgur_block30": translate("Turkish fleet, Block 30 with ÖZGÜR"),
        "fleet_planned_block70": translate("Block 70 planned"),
        "fleet_planned_tr": translate("Turkish fleet planned"),
        "fleet_tr": translate("Turkish fleet"),
        "fleet_used_planned": translate("Used aircraft planned"),
        "inventory_reported": translate("Stock reported"),
        "missiles_delivered": translate("Missiles delivered"),
        "offered_to_turkey": translate("Offered to Türkiye"),
        "ships_at_rota": translate("Ships at Rota"),
        "ships_on_station": translate("Ships on station"),
        "stock_tr_notified": translate("Turkish stock notified"),
        "units_delivered": translate("Units delivered"),
        "vehicles_first_handover": translate("Vehicles of the first hand-over"),
    }


def _unit_parameters(translate: Translate) -> dict[str, str]:
    return {
        "battery_radar_range": translate("Range of the battery's radar"),
        "cells_per_ship": translate("Cells a ship"),
        "crew_per_battery": translate("Crew of a battery"),
        "crew_per_unit": translate("Crew of a unit"),
        "deployment_time": translate("Deployment time"),
        "digital_channels": translate("Digital channels"),
        "engagement_channels": translate("Engagement channels"),
        "missiles_air_to_air": translate("Air-to-air missiles carried"),
        "offset_from_radar_max": translate("Greatest distance from the radar"),
        "personnel": translate("Personnel"),
        "ready_rounds_per_vehicle": translate("Ready rounds a vehicle"),
        "salvo_time_8_missiles": translate("Time of a salvo of eight"),
        "search_radar_range": translate("Range of the search radar"),
        "sm3_per_ship": translate("SM-3 a ship"),
        "system_engagements_full": translate("Engagements of a full system"),
        "targets_in_parallel": translate("Targets in parallel"),
        "turnaround_time": translate("Turnaround time"),
        "vehicles_per_system": translate("Vehicles a system"),
        "withdrawal_notice": translate("Notice of withdrawal"),
    }


def _figures_of_merit(translate: Translate) -> dict[str, str]:
    return {
        "bandwidth": translate("Bandwidth"),
        "combat_radius": translate("Combat radius"),
        "cruise_speed": translate("Cruise speed"),
        "detection_range_ballistic": translate("Detection range, ballistic"),
        "detection_range_small_uav": translate("Detection range, small drone"),
        "diameter": translate("Diameter"),
        "diverted_share_owa_uav": translate("One-way drones diverted, share"),
        "dwell_time_kill": translate("Dwell time to kill"),
        "effect_radius_radar": translate("Radius of effect on radars"),
        "endurance_on_station": translate("Time on station"),
        "flight_time": translate("Flight time"),
        "flight_time_max": translate("Longest flight time"),
        "flight_time_min": translate("Shortest flight time"),
        "gun_calibre": translate("Calibre"),
        "impact_speed": translate("Impact speed"),
        "jamming_range": translate("Jamming range"),
        "laser_power": translate("Power of the laser"),
        "launch_mass": translate("Launch mass"),
        "length": translate("Length"),
        "mass": translate("Mass"),
        "patrol_distance_ref": translate("Patrol distance of the stated time"),
        "peak_speed": translate("Peak speed"),
        "propellant_mass": translate("Mass of propellant"),
        "radar_range_air": translate("Radar range, aircraft"),
        "range_max": translate("Greatest range"),
        "range_surface_launch": translate("Range from a ground launcher"),
        "stages": translate("Stages"),
        "thrust": translate("Thrust"),
        "wingspan": translate("Wingspan"),
    }


def _buying_names(translate: Translate) -> dict[str, str]:
    return {
        "contract_price": translate("Contract price"),
        "cost_battery": translate("Cost of a battery"),
        "cost_per_burst": translate("Cost of a burst"),
        "delivery_lead_time": translate("Time from order to delivery"),
        "domestic_content": translate("Domestic content, share"),
        "domestic_share": translate("Domestic share of production"),
        "first_flight": translate("First flight"),
        "first_service": translate("First service"),
        "first_used_aircraft": translate("First used aircraft"),
        "lead_time": translate("Time to make a round"),
        "mission_capable_rate": translate("Mission-capable rate"),
        "ozgur_programme_cost": translate("Cost of the ÖZGÜR programme"),
        "production_per_year": translate("Production a year"),
        "production_rate": translate("Production rate"),
        "programme_cost": translate("Cost of the programme"),
        "selection_to_cancel": translate("From selection to cancellation"),
        "shelf_life": translate("Shelf life"),
        "unit_price": translate("Unit price"),
        "upkeep_cost_annual": translate("Upkeep a year"),
        "upkeep_fraction": translate("Upkeep, share of the price"),
    }


def fact_names(translate: Translate) -> Mapping[str, str]:
    """Names of facts in words."""
    return {
        "ammunition": translate("Ammunition"),
        "autonomous_mode": translate("Autonomous mode"),
        "ballistic_detection": translate("Ballistic detection"),
        "band": translate("Band"),
        "combat_record": translate("Record in combat"),
        "datalink": translate("Data link"),
        "engagement_zone": translate("Engagement zone"),
        "engine_path": translate("Engine"),
        "exports": translate("Exports"),
        "fire_channel": translate("Fire channel"),
        "fire_on_the_move": translate("Fire on the move"),
        "function": translate("Function"),
        "guidance": translate("Guidance"),
        "gun_origin": translate("Origin of the gun"),
        "in_turkish_package": translate("In the Turkish package"),
        "integration": translate("Integration"),
        "kill_mechanism": translate("Kill mechanism"),
        "launch_mode": translate("Launch"),
        "members": translate("Members"),
        "mixed_effectors": translate("Mixed effectors"),
        "nato_interface": translate("Interface to NATO"),
        "network_planning": translate("Network planning"),
        "note_kurecik": translate("The site in Türkiye"),
        "ozgur": translate("ÖZGÜR"),
        "platform": translate("Platform"),
        "reentry_body": translate("Re-entry body"),
        "role_here": translate("Role in the studies"),
        "sanction_risk": translate("Risk of sanctions"),
        "shares_with": translate("Shares with"),
        "side_effects": translate("Side effects"),
        "signature": translate("Signature"),
        "soft_kill": translate("Soft kill"),
        "soft_kill_means": translate("Means of soft kill"),
        "structure": translate("Structure"),
        "target_sensor": translate("Sensor of the target"),
        "war_stock_practice": translate("War stock"),
        "weapons_package": translate("Weapons package"),
    }
