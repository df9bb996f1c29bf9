"""Names of catalogue words in the reader's language: quantities, classes, grades, directions."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from steeldome.report.wording import Translate

if TYPE_CHECKING:
    from steeldome.inputs.force import Force


NO_UNIT: Final = "–"


def quantity_names(translate: Translate) -> Mapping[str, str]:
    """Names of the quantities that enter a run, by the catalogue's word."""
    return {word: name for names in quantity_groups(translate).values() for word, name in names.items()}


def quantity_groups(translate: Translate) -> Mapping[str, Mapping[str, str]]:
    """The same names under the headings of the report."""
    return {
        translate("Probabilities and shares"): _chances(translate),
        translate("Reach and geometry"): _reach(translate),
        translate("Times"): _times(translate),
        translate("Numbers and costs"): _numbers(translate),
        translate("Flight"): _flight(translate),
    }


def _reach(translate: Translate) -> dict[str, str]:
    return {
        "altitude_max": translate("Greatest altitude"),
        "altitude_max_air": translate("Greatest altitude, aircraft"),
        "altitude_max_ballistic": translate("Greatest altitude, ballistic"),
        "altitude_min": translate("Least altitude"),
        "altitude_min_ballistic": translate("Least altitude, ballistic"),
        "altitude_ops": translate("Altitude of the orbit"),
        "azimuth_coverage": translate("Sector in azimuth"),
        "ballistic_reach_ratio": translate("Lateral reach against ballistic missiles, share of reach in air"),
        "ballistic_threat_class_range": translate("Claimed class of ballistic missile, range"),
        "cover_height": translate("Height of trees and buildings"),
        "effect_radius": translate("Radius of effect"),
        "elevation_max": translate("Greatest elevation angle"),
        "elevation_min": translate("Least elevation angle"),
        "envelope_edge_factor": translate("Kill probability at the edge of the envelope, factor"),
        "frequency": translate("Frequency"),
        "keep_out_altitude": translate("Keep-out altitude"),
        "mast_height": translate("Height of the antenna"),
        "organic_sensor_range": translate("Range of the unit's own sensor"),
        "patrol_distance_ref": translate("Distance of the patrol from its base"),
        "range_instrumented": translate("Instrumented range"),
        "range_max_air": translate("Greatest range, aircraft"),
        "range_max_ballistic": translate("Greatest range, ballistic"),
        "range_min": translate("Least range"),
        "range_ballistic": translate("Detection range, ballistic"),
        "range_target": translate("Detection range, stated target"),
        "site_altitude": translate("Altitude of the site"),
        "rcs": translate("Radar cross section"),
        "rcs_ref": translate("Reference cross section of the stated range"),
        "reach_factor": translate("Reach against the class, share of the greatest range"),
        "search_ratio": translate("Detection range over instrumented range"),
        "signature_spread": translate("Spread of the signature"),
        "swerling_case": translate("Swerling case of the signature"),
        "speed_class_cutoff": translate("Speed at which nothing is left, multiple of the claimed class"),
        "speed_class_full_factor": translate("Speed up to which all is kept, multiple of the claimed class"),
        "terrain_kappa": translate("Roughness added to the terrain screen"),
    }


def _chances(translate: Translate) -> dict[str, str]:
    return {
        "common_cause_probability": translate("Probability of a common failure for the whole raid"),
        "confusion": translate("Probability of a wrong declaration"),
        "damage_given_hit": translate("Damage given a hit"),
        "false_kill": translate("Probability that a live threat is called dead"),
        "link_loss": translate("Loss of messages"),
        "lost_without_being_shot": translate("Threats lost without being shot at"),
        "mission_capable_rate": translate("Share of aircraft fit to fly"),
        "missed_kill": translate("Probability that a dead threat is called alive"),
        "object_common_cause": translate("Correlation of shots at one object"),
        "p_false_alarm": translate("Probability of a false alarm"),
        "p_in_basket": translate("Probability that the target is inside the basket"),
        "readiness": translate("Readiness"),
        "readiness_common": translate("Common part of unreadiness"),
        "reliability": translate("Reliability of the threat"),
        "shot_reliability": translate("Reliability of the round"),
        "sspk": translate("Single-shot probability of kill"),
        "sspk_generation_step": translate("Gain of kill probability a generation"),
        "unit_damage": translate("Probability that a unit is lost with its asset"),
    }


def _times(translate: Translate) -> dict[str, str]:
    return {
        "burst_time": translate("Time of a burst"),
        "decision_epoch": translate("Time between two decisions"),
        "dwell_time": translate("Dwell time"),
        "endurance_on_station": translate("Time on station"),
        "identification_time": translate("Time to identify"),
        "kill_assessment_delay": translate("Delay of kill assessment"),
        "latency": translate("Delay of a node"),
        "link_delay": translate("Delay of a link"),
        "operator_service_time": translate("Operator's time for one engagement"),
        "reaction_time": translate("Reaction time"),
        "relook_time": translate("Time to the second look"),
        "reload_time": translate("Reload time"),
        "resend_interval": translate("Time to resend a message"),
        "revisit_time": translate("Revisit time"),
        "rotation_period": translate("Rotation period"),
        "salvo_spacing": translate("Time between the shots of a salvo"),
        "salvo_time": translate("Time of a full salvo"),
        "time_to_effect": translate("Time to effect"),
        "turnaround_time": translate("Time from landing to the next take-off"),
        "track_drop_time": translate("Time until a lost track is dropped"),
    }


def _numbers(translate: Translate) -> dict[str, str]:
    return {
        "aircraft_per_patrol": translate("Aircraft a patrol"),
        "confirm_hits": translate("Detections that confirm a track"),
        "confirm_window": translate("Looks within which a track is confirmed"),
        "cost_per_shot": translate("Cost of a shot"),
        "handover_fraction": translate("Share of the flight under guidance"),
        "launchers": translate("Launchers"),
        "launchers_per_battery": translate("Launchers a battery"),
        "missiles_air_to_air": translate("Missiles an aircraft"),
        "missiles_per_launcher": translate("Missiles a launcher"),
        "rate_of_fire": translate("Rate of fire"),
        "ready_rounds": translate("Ready rounds"),
        "ready_rounds_per_battery": translate("Ready rounds a battery"),
        "rounds_per_burst": translate("Rounds a burst"),
        "simultaneous_engagements": translate("Simultaneous engagements"),
        "tracks_max": translate("Tracks held at once"),
        "unit_cost": translate("Unit cost"),
        "vehicles_per_team": translate("Vehicles a team"),
        "war_stock_loads": translate("Rounds owned over rounds on launchers"),
        "warhead_exponent": translate("Growth of the area laid waste with the warhead's mass, power"),
    }


def _flight(translate: Translate) -> dict[str, str]:
    return {
        "altitude": translate("Cruising altitude"),
        "apogee": translate("Apogee"),
        "ballistic_coefficient": translate("Ballistic coefficient"),
        "burn_time": translate("Burn time"),
        "burnout_speed": translate("Burnout speed"),
        "cep": translate("Circular error probable"),
        "cruise_speed": translate("Cruising speed of the patrol"),
        "notch_speed": translate("Speed towards the radar below which clutter hides a low target"),
        "mean_speed_ratio": translate("Mean over greatest speed"),
        "muzzle_velocity": translate("Muzzle velocity"),
        "range": translate("Range"),
        "speed": translate("Speed"),
        "speed_max": translate("Greatest speed"),
        "warhead_mass": translate("Mass of the warhead"),
        "target_speed_max": translate("Greatest target speed"),
    }


def class_labels(translate: Translate) -> Mapping[str, str]:
    """Names of system classes, sensor classes and threat groups, by the catalogue's word."""
    return {**_system_words(translate), **_threat_words(translate), **_sensor_words(translate)}


def laydown_name(force: "Force", language: str, translate: Translate) -> str:
    """Name of what stands against a raid: its laydown, the one change of it, and how it is read."""
    parts = [force.laydown.name]
    if force.delta is not None:
        parts.append(force.delta.name)
    if force.policy is not None and force.future is not None:
        parts += [force.policy.name, force.future.name]
    variants = {"alone": translate("without what allies lend"), "common": translate("common priors")}
    return ", ".join([*(part.in_language(language) for part in parts), *(variants[name] for name in force.variants)])


def reading_names(translate: Translate) -> Mapping[str, str]:
    """How the headline can be read."""
    return {
        "brochure": translate("published figures first"),
        "common": translate("common priors"),
        "alone": translate("without what allies lend"),
    }


def rule_names(translate: Translate) -> Mapping[str, str]:
    """Names of the siting rules."""
    return {
        "asset_value": translate("by asset value"),
        "threat_axis": translate("down the threat axis"),
        "area_cover": translate("spread over the area"),
    }


def verdict_names(translate: Translate) -> Mapping[str, str]:
    """Names of the verdicts on a claim."""
    return {
        "supported": translate("supported"),
        "not_supported": translate("not supported"),
        "depends": translate("depends on inputs or siting"),
        "not_testable": translate("not testable here"),
    }


def asset_labels(translate: Translate) -> Mapping[str, str]:
    """Names of asset classes."""
    return {
        "city": translate("cities"),
        "airbase": translate("air bases"),
        "port": translate("ports"),
        "power": translate("power stations"),
        "refinery": translate("refineries"),
        "command": translate("command posts"),
        "industry": translate("industry"),
    }


def _sensor_words(translate: Translate) -> dict[str, str]:
    return {
        "acquisition_radar": translate("acquisition radars"),
        "airborne_radar": translate("airborne radars"),
        "missile_warning_radar": translate("missile warning radars"),
        "multifunction_radar": translate("multifunction radars"),
        "surveillance_radar": translate("surveillance radars"),
        "own_track": translate("own track"),
        "remote_track": translate("remote track"),
    }


def _system_words(translate: Translate) -> dict[str, str]:
    return {
        "srad_gun": translate("guns"),
        "cuas": translate("counter-drone"),
        "laser": translate("lasers"),
        "soft_kill": translate("soft kill"),
        "vshorad": translate("very short range"),
        "srad": translate("short range"),
        "mrad": translate("medium range"),
        "lrad": translate("long range"),
        "lower_tier_bmd": translate("lower-tier ballistic defence"),
        "upper_tier_bmd": translate("upper-tier ballistic defence"),
        "fighter_patrol": translate("fighter patrol"),
        "air_to_air_missile": translate("air-to-air missiles"),
        "command": translate("command guidance"),
        "semi_active": translate("semi-active guidance"),
        "track_via_missile": translate("track-via-missile guidance"),
        "active": translate("active guidance"),
        "imaging_infrared": translate("imaging infrared guidance"),
        "gun": translate("guns"),
        "effector": translate("effectors"),
        "sensor": translate("sensors"),
        "battery": translate("batteries"),
    }


def _threat_words(translate: Translate) -> dict[str, str]:
    return {
        "ballistic_srbm": translate("short-range ballistic"),
        "ballistic_mrbm": translate("medium-range ballistic"),
        "quasiballistic": translate("quasi-ballistic"),
        "cruise": translate("cruise missiles"),
        "drone": translate("drones"),
        "owa_uav": translate("one-way attack drones"),
        "decoy_uav": translate("decoy drones"),
        "aeroballistic": translate("aeroballistic"),
        "aircraft": translate("aircraft"),
        "srbm": translate("short-range ballistic"),
        "mrbm": translate("medium-range ballistic"),
        "srbm_quasiballistic": translate("quasi-ballistic"),
        "background": translate("background traffic"),
        "ballistic": translate("ballistic missiles"),
    }


def grade_names(translate: Translate) -> Mapping[str, str]:
    """Names of the grades of evidence."""
    return {
        "measured": translate("measured"),
        "published": translate("published"),
        "estimated": translate("estimated"),
        "notional": translate("notional"),
        "official": translate("official"),
        "manufacturer": translate("manufacturer"),
        "trade": translate("trade press"),
        "press": translate("press"),
        "textbook": translate("textbook"),
        "encyclopaedic": translate("encyclopaedic"),
        "tertiary": translate("tertiary"),
        "assumption": translate("assumption"),
    }


def level_meanings(translate: Translate) -> dict[str, str]:
    """What each evidence level says."""
    return {
        "E0": translate("Placeholder: the form is there, the evidence is not."),
        "E1": translate(
            "Sourced: every number has a graded open source or a named assumption; the parts that matter most are not "
            "yet verified or validated."
        ),
        "E2": translate("Verified: the code solves its equations, shown against analytic or reference cases."),
        "E3": translate("Cross-compared: agrees with other models or published studies, with ranges on its inputs."),
        "E4": translate("Validated in a domain: compared with real events that were not used to fit it."),
        "E5": translate("Independently validated: by others, over the whole stated domain."),
    }


def direction_names(translate: Translate) -> Mapping[str, str]:
    """Whom the working value of an assumption favours if it errs."""
    return {
        "favours_defence": translate("the defence"),
        "favours_raid": translate("the raid"),
        "unknown": translate("unknown"),
    }


def unit_label(unit: str, translate: Translate) -> str:
    """A catalogue's unit as a table shows it: a word in the reader's language, or its symbol."""
    words = {
        "count": translate("number"),
        "1": NO_UNIT,
        "deg": "°",
        "MUSD": translate("USD million"),
        "h": translate("h"),
    }
    return words.get(unit, unit.replace("2", "²").replace("3", "³"))


def short_name(name: str) -> str:
    """A name without what stands in brackets."""
    return re.sub(r"\s*\([^)]*\)", "", name).strip() or name
