"""What a study may replace: a prior for all peers, or a quantity of one item or threat alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from steeldome.inputs.effector import has_ballistic_claim
from steeldome.inputs.item import Item, published_band
from steeldome.inputs.prior import Bracket, Prior, UncertainInput, kind_of
from steeldome.inputs.threat import BALLISTIC_GROUPS, ThreatGroupName
from steeldome.units import base_unit

SSPK: Final = "sspk"

_UNIT: Final = (
    "reaction_time",
    "readiness",
    "ready_rounds",
    "reload_time",
    "simultaneous_engagements",
    "war_stock_loads",
)
_EFFECTOR: Final = (
    "altitude_max_air",
    "altitude_min",
    "common_cause_probability",
    "cost_per_shot",
    "kill_assessment_delay",
    "range_min",
    "salvo_spacing",
    "shot_reliability",
)
_ROUND: Final = ("mean_speed_ratio", "range_max_air", "speed_max")
_BY_GUIDANCE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "active": (*_ROUND, "handover_fraction"),
        "imaging_infrared": (*_ROUND, "handover_fraction"),
        "gun": (*_ROUND, "burst_time", "rounds_per_burst"),
        "laser": ("dwell_time", "range_max_air"),
        "soft_kill": ("effect_radius", "time_to_effect"),
    }
)
_FIGHTER: Final = (
    "aircraft_per_patrol",
    "altitude_ops",
    "azimuth_coverage",
    "cruise_speed",
    "elevation_max",
    "elevation_min",
    "endurance_on_station",
    "frequency",
    "mission_capable_rate",
    "notch_speed",
    "organic_sensor_range",
    "patrol_distance_ref",
    "range_instrumented",
    "revisit_time",
    "track_drop_time",
    "tracks_max",
    "turnaround_time",
)
_BALLISTIC_CLAIM: Final = (
    "altitude_max_ballistic",
    "ballistic_threat_class_range",
    "keep_out_altitude",
    "range_max_ballistic",
    "target_speed_max",
)
_SENSOR: Final = (
    "altitude_ops",
    "azimuth_coverage",
    "elevation_max",
    "elevation_min",
    "frequency",
    "mast_height",
    "notch_speed",
    "range_ballistic",
    "range_instrumented",
    "range_target",
    "rcs_ref",
    "readiness",
    "revisit_time",
    "search_ratio",
    "site_altitude",
    "track_drop_time",
    "tracks_max",
)
_THREAT: Final = ("cep", "lost_without_being_shot", "rcs", "reliability", "swerling_case", "warhead_mass")


@dataclass(frozen=True, slots=True)
class Target:
    """A number that a study may replace, as it stands without the study.

    Attributes
    ----------
    name : str
        Id of a prior, or ``siper_b1.sspk.cruise``.
    quantity : str
        One of `QUANTITIES` or `FIGURES`.
    unit : str
        As written in the catalogue.
    low, value, high : float
        SI units.
    drawn_as : str
        Name of the input whose draw it takes.
    """

    name: str
    quantity: str
    unit: str
    low: float
    value: float
    high: float
    drawn_as: str

    @property
    def dimension(self) -> str:
        """Kind of quantity, such as ``length``."""
        return kind_of(self.quantity).dimension


@dataclass(frozen=True, slots=True)
class OwnValue:
    """What a study says of one item or threat alone.

    Attributes
    ----------
    input : UncertainInput
        Named after the item or threat and the quantity; takes the draw of the input in whose place it stands, so that
        the two differ by their brackets alone.
    bracket : Bracket
        Its numbers, with the unit that the catalogue writes.
    reason : str
        Why.
    """

    input: UncertainInput
    bracket: Bracket
    reason: str


@dataclass(frozen=True, slots=True)
class Replaceable:
    """Everything that a study may replace.

    Attributes
    ----------
    priors : mapping of str to Prior
        For all peers, by id.
    owners : frozenset of str
        Items and threats, each of which can be given numbers of its own.
    targets : callable of str to (mapping of str to Target)
        What can be replaced for one of the owners, by quantity, and by every other name that the catalogue has for it.
    """

    priors: Mapping[str, Prior]
    owners: frozenset[str]
    targets: Callable[[str], Mapping[str, Target]]


def prior_target(prior: Prior) -> Target:
    """A prior, as a study may replace it."""
    bracket = prior.bracket
    return Target(prior.id, prior.quantity, bracket.unit, bracket.low, bracket.value, bracket.high, prior.id)


def own_value(target: Target, bracket: Bracket, reason: str) -> OwnValue:
    """A bracket in the place of a number of one item or threat."""
    numbers = bracket.low, bracket.value, bracket.high
    unit = base_unit(target.dimension)
    found = UncertainInput(target.name, target.quantity, *numbers, unit, "study", drawn_as=target.drawn_as)
    return OwnValue(found, bracket, reason)


def asked_of_item(item: Item) -> Iterator[str]:
    """Quantities that a model asks of an item by its own name; `SSPK` stands for one with a threat group behind it."""
    if item.kind == "sensor":
        published = {name for name, value in item.parameters.items() if value.value is not None}
        # A range against a stated target says something only with its cross-section, and then no ratio is asked for.
        needs = {"range_target": "rcs_ref", "rcs_ref": "range_target"}
        idle = {quantity for quantity, other in needs.items() if other not in published}
        idle |= {"search_ratio"} if needs.keys() <= published else set()
        idle |= {"frequency"} if published_band(item) is not None else set()
        yield from (quantity for quantity in _SENSOR if quantity not in idle)
        return
    if item.kind not in ("battery", "effector"):
        return
    if item.system_class != "air_to_air_missile":
        yield from _UNIT
    if item.system_class == "fighter_patrol":
        yield from _FIGHTER
        return
    if item.system_class != "air_to_air_missile":
        yield from asked_of_site(item)
    if item.kind == "effector":
        yield SSPK
        yield from _EFFECTOR
        yield from _BY_GUIDANCE.get(item.guidance_type or "", _ROUND)
        if has_ballistic_claim(item.system_class, item.parameters):
            yield from _BALLISTIC_CLAIM


def asked_of_site(item: Item) -> Iterator[str]:
    """Quantities that a model asks of a battery, or of an effector that stands alone, besides those of every unit."""
    if item.composition is None or not item.composition.sensor:
        yield "organic_sensor_range"
    if item.guidance_type not in ("gun", "laser", "soft_kill"):
        yield "missiles_per_launcher"
    if item.kind == "battery":
        yield "launchers"


def asked_of_threat(group: ThreatGroupName, has_thrust: bool) -> Iterator[str]:
    """Quantities that a model asks of a threat type of a group by its own name; ``has_thrust``: one is published."""
    yield from _THREAT
    if group in BALLISTIC_GROUPS:
        yield from ("ballistic_coefficient", "burn_time")
        if has_thrust:
            yield from ("launch_mass", "propellant_mass", "thrust")
        if group == "quasiballistic":
            yield "apogee"
    else:
        yield from ("altitude", "speed")
