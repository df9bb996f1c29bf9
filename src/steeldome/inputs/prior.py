"""Priors: named assumptions, shared by peers, for what the model needs and the open record does not publish."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, ValidationInfo, field_validator, model_validator

from steeldome.inputs.base import EACH_ONCE, NOT_EMPTY, Example, Input, PositiveNumber, Text, describe, span
from steeldome.inputs.effector import GuidanceType
from steeldome.units import UNITS, base_unit, example, parse_number, parse_quantity, to_si

_PRIOR_PATTERN: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,62}(\.[a-z0-9][a-z0-9_]{0,62}){0,3}")

_ALL_KINDS: Final[frozenset[object]] = frozenset(
    ("effector", "battery", "sensor", "c2", "launcher", "system", "threat")
)

Direction = Literal["favours_defence", "favours_raid", "unknown"]
Origin = Literal["published", "assumed", "study", "rule"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Kind and physical bounds (SI) of a quantity that a prior can stand for."""

    dimension: str
    low: float
    high: float


_SHARE: Final = Quantity("ratio", 0.0, 1.0)
_RATIO: Final = Quantity("ratio", 0.0, 10.0)
_TIME: Final = Quantity("time", 0.0, 4e6)
_LENGTH: Final = Quantity("length", 0.0, 1e7)
_SPEED: Final = Quantity("speed", 1.0, 12_000.0)
_COUNT: Final = Quantity("count", 1.0, 1e6)
_ELEVATION: Final = Quantity("angle", -math.pi / 2, math.pi / 2)
_RANGE: Final = Quantity("length", 100.0, 1e7)
_AREA: Final = Quantity("area", 1e-6, 1e4)

#: Every quantity that a prior can stand for.
QUANTITIES: Final[Mapping[str, Quantity]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "ballistic_reach_ratio",
                "common_cause_probability",
                "confusion",
                "damage_given_hit",
                "envelope_edge_factor",
                "false_kill",
                "handover_fraction",
                "link_loss",
                "lost_without_being_shot",
                "mean_speed_ratio",
                "missed_kill",
                "object_common_cause",
                "p_in_basket",
                "reach_factor",
                "readiness",
                "readiness_common",
                "reliability",
                "shot_reliability",
                "sspk",
                "unit_damage",
            ),
            _SHARE,
        ),
        **dict.fromkeys(
            (
                "search_ratio",
                "signature_spread",
                "speed_class_cutoff",
                "speed_class_full_factor",
                "sspk_generation_step",
                "terrain_kappa",
                "war_stock_loads",
                "warhead_exponent",
            ),
            _RATIO,
        ),
        **dict.fromkeys(
            (
                "burn_time",
                "burst_time",
                "decision_epoch",
                "dwell_time",
                "identification_time",
                "kill_assessment_delay",
                "link_delay",
                "operator_service_time",
                "reaction_time",
                "relook_time",
                "reload_time",
                "resend_interval",
                "salvo_spacing",
                "time_to_effect",
                "track_drop_time",
            ),
            _TIME,
        ),
        **dict.fromkeys(
            (
                "altitude",
                "altitude_max_air",
                "altitude_max_ballistic",
                "altitude_min",
                "altitude_ops",
                "ballistic_threat_class_range",
                "cep",
                "cover_height",
                "effect_radius",
                "keep_out_altitude",
                "mast_height",
                "patrol_distance_ref",
                "range_min",
            ),
            _LENGTH,
        ),
        **dict.fromkeys(("speed", "speed_max"), _SPEED),
        **dict.fromkeys(
            (
                "confirm_hits",
                "confirm_window",
                "launchers",
                "missiles_per_launcher",
                "ready_rounds",
                "rounds_per_burst",
                "simultaneous_engagements",
                "tracks_max",
            ),
            _COUNT,
        ),
        **dict.fromkeys(("elevation_max", "elevation_min"), _ELEVATION),
        **dict.fromkeys(("organic_sensor_range", "range_instrumented"), _RANGE),
        "azimuth_coverage": Quantity("angle", math.radians(1.0), 2 * math.pi),
        "revisit_time": Quantity("time", 0.01, 3600.0),
        **dict.fromkeys(("rcs", "rcs_ref"), _AREA),
        "ballistic_coefficient": Quantity("areal density", 50.0, 50_000.0),
        "cost_per_shot": Quantity("money", 0.0, 1e9),
        "frequency": Quantity("frequency", 1e9, 2e10),
        "notch_speed": Quantity("speed", 0.0, 300.0),
        "p_false_alarm": Quantity("ratio", 1e-9, 1e-4),
        "swerling_case": Quantity("ratio", 0.0, 3.0),
        "warhead_mass": Quantity("mass", 1e-2, 1e5),
    }
)

#: Figures of one item or threat that no prior stands for, and that a study may replace.
FIGURES: Final[Mapping[str, Quantity]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "apogee",
                "range_ballistic",
                "range_max_air",
                "range_max_ballistic",
                "range_target",
                "site_altitude",
            ),
            _LENGTH,
        ),
        **dict.fromkeys(("endurance_on_station", "turnaround_time"), _TIME),
        **dict.fromkeys(("cruise_speed", "target_speed_max"), _SPEED),
        **dict.fromkeys(("launch_mass", "propellant_mass"), Quantity("mass", 1.0, 1e6)),
        "aircraft_per_patrol": _COUNT,
        "thrust": Quantity("force", 1e3, 1e8),
        "mission_capable_rate": _SHARE,
    }
)

#: Quantities that peers share: a figure flagged as an assumption gives way to the prior, published evidence does not.
SHARED_BY_PEERS: Final = frozenset(
    (
        "altitude_min",
        "cost_per_shot",
        "launchers",
        "range_min",
        "reaction_time",
        "ready_rounds",
        "reload_time",
        "simultaneous_engagements",
        "speed_max",
        "war_stock_loads",
    )
)


def _prior_id(found: object) -> str:
    if not isinstance(found, str) or not _PRIOR_PATTERN.fullmatch(found):
        raise ValueError(f"{describe(found)} is not the id of a prior; write for example 'sspk.lrad.cruise'")
    return found


def _own_quantity(found: object) -> str:
    if not isinstance(found, str) or not _PRIOR_PATTERN.fullmatch(found):
        raise ValueError(f"{describe(found)} is not a quantity; write for example 'sspk.cruise' or 'reaction_time'")
    return found


def _quantity_name(found: object) -> str:
    if not isinstance(found, str) or found not in QUANTITIES:
        raise ValueError(f"{describe(found)} is not a quantity; allowed: {', '.join(QUANTITIES)}")
    return found


PriorId = Annotated[str, BeforeValidator(_prior_id), Example("sspk.lrad.cruise")]
OwnQuantity = Annotated[str, BeforeValidator(_own_quantity), Example("sspk.cruise")]
QuantityName = Annotated[str, BeforeValidator(_quantity_name), Example("sspk")]


class Bracket(Input):
    """Low, working value and high of one quantity, in SI units; ``unit`` as written in the file."""

    unit: str
    low: float
    value: float
    high: float

    @field_validator("unit", mode="before")
    @classmethod
    def _known_unit(cls, found: object) -> str:
        if not isinstance(found, str) or found not in UNITS:
            raise ValueError(f"no unit {describe(found)}; allowed: {', '.join(UNITS)}")
        return found

    @field_validator("low", "value", "high", mode="before")
    @classmethod
    def _in_si(cls, found: object, info: ValidationInfo) -> object:
        if not isinstance(found, str) or "unit" not in info.data:
            return found
        parse_number(found)
        return to_si(found, UNITS[info.data["unit"]])

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.low <= self.value <= self.high:
            found = f"{self.low:g}, {self.value:g}, {self.high:g}"
            raise ValueError(f"low, value and high are out of order; found {found} (SI)")
        return self

    @property
    def dimension(self) -> str:
        """Kind of quantity, such as ``length``."""
        return UNITS[self.unit].dimension


Words = Annotated[tuple[Text, ...], NOT_EMPTY, EACH_ONCE]


class AppliesTo(Input):
    """Who a prior is for: several keys must all match, a missing key matches anything."""

    kind: Words | None = None
    system_class: Words | None = None
    sensor_class: Words | None = None
    generation: Annotated[tuple[PositiveNumber, ...], NOT_EMPTY, EACH_ONCE] | None = None
    guidance_type: Annotated[tuple[GuidanceType, ...], NOT_EMPTY, EACH_ONCE] | None = None
    threat_class: Words | None = None
    threat_group: Words | None = None
    asset_class: Words | None = None
    track_source: Words | None = None
    true_class: Words | None = None
    declared_class: Words | None = None

    @cached_property
    def keys(self) -> Mapping[str, tuple[object, ...]]:
        """Keys that are given, with their words."""
        found = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: words for name, words in found if words is not None}


class Prior(Input):
    """One named assumption.

    Attributes
    ----------
    quantity : str
        One of `QUANTITIES`.
    applies_to : AppliesTo
        Who it is for; the entry with most keys wins.
    bracket : Bracket
        SI units.
    direction : str
        Whom the working value favours if it errs.
    reason : str
        Why this range.
    """

    id: PriorId
    quantity: QuantityName
    bracket: Bracket
    direction: Direction
    reason: Text
    applies_to: AppliesTo = AppliesTo()

    @model_validator(mode="after")
    def _inside_bounds(self) -> Self:
        bracket, dimension = self.bracket, QUANTITIES[self.quantity].dimension
        if bracket.dimension != dimension:
            needed = f"{dimension} is needed, for example '{example(dimension)}'"
            raise ValueError(f"unit '{bracket.unit}' is for {bracket.dimension}; {needed}")
        message = out_of_bounds(self.quantity, (bracket.low, bracket.value, bracket.high))
        if message:
            raise ValueError(message)
        return self


class NotModelled(Input):
    """Parameters without a public figure that no model uses, or in whose place ``instead`` stands."""

    parameter: Text
    reason: Text
    instead: QuantityName | None = None
    kind: Words | None = None
    system_class: Words | None = None

    def covers(self, parameter: str, kind: str, system_class: str | None) -> bool:
        """Whether the entry speaks of this parameter of an item of this kind and class."""
        return (
            parameter == self.parameter
            and (self.kind is None or kind in self.kind)
            and (self.system_class is None or system_class in self.system_class)
        )


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """One number that the outer sample draws.

    Attributes
    ----------
    name : str
        ``siper_b1.range_max_air`` for a figure of an item; the id of the prior for a shared one, so that all peers move
        together.
    quantity : str
        What it is.
    low, value, high : float
        SI units.
    unit : str
        SI unit of the three numbers.
    origin : str
        ``published``, ``assumed``, ``study`` for what a study says of one item or threat alone, or ``rule`` for a
        number that follows from a rule of the model.
    source_id, prior_id : str or None
        Where it comes from.
    drawn_as : str or None
        Name of the input in whose place it stands and whose draw it takes; None if it has a draw of its own.
    """

    name: str
    quantity: str
    low: float
    value: float
    high: float
    unit: str
    origin: Origin
    source_id: str | None = None
    prior_id: str | None = None
    drawn_as: str | None = None

    def quantile(self, u: float) -> float:
        """Value at a cumulative probability ``u`` in 0..1: piecewise linear, low at 0, value at one half, high at 1."""
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"u must be in 0..1, got {u}")
        start, end, share = (self.low, self.value, 2.0 * u) if u <= 0.5 else (self.value, self.high, 2.0 * u - 1.0)
        return start * (1.0 - share) + end * share


def from_prior(prior: Prior) -> UncertainInput:
    """The number that a prior stands for."""
    bracket = prior.bracket
    return UncertainInput(
        name=prior.id,
        quantity=prior.quantity,
        low=bracket.low,
        value=bracket.value,
        high=bracket.high,
        unit=base_unit(bracket.dimension),
        origin="assumed",
        source_id=None,
        prior_id=prior.id,
    )


def best_match(priors: Iterable[Prior], keys: Mapping[str, Sequence[object]]) -> Prior | None:
    """Prior with most keys among those whose keys all match; None if none does.

    Parameters
    ----------
    priors : iterable of Prior
        Priors of one quantity; no two that can match at once have the same number of keys.
    keys : mapping of str to sequence
        What is asked for: each key with all the words it answers to, the closest first; between priors with the same
        number of keys the closer word wins.
    """
    best, best_rank = None, (-1, 0)
    for prior in priors:
        wanted = prior.applies_to.keys
        distance = 0
        for key, words in wanted.items():
            found = [index for index, word in enumerate(keys.get(key, ())) if word in words]
            if not found:
                break
            distance += found[0]
        else:
            rank = (len(wanted), -distance)
            if rank > best_rank:
                best, best_rank = prior, rank
    return best


def can_clash(first: Prior, second: Prior) -> bool:
    """Whether two priors could match one question with the same number of keys."""
    a, b = first.applies_to.keys, second.applies_to.keys
    if first.quantity != second.quantity or len(a) != len(b) or not _kinds(a) & _kinds(b):
        return False
    return all(set(a[key]) & set(b[key]) for key in a.keys() & b.keys())


def _kinds(keys: Mapping[str, tuple[object, ...]]) -> frozenset[object]:
    """Kinds of item that can match."""
    if "kind" in keys:
        return frozenset(keys["kind"])
    if "sensor_class" in keys:
        return frozenset(("sensor",))
    if "system_class" in keys:
        return frozenset(("effector", "battery"))
    return _ALL_KINDS


def kind_of(quantity: str) -> Quantity:
    """Kind and physical bounds of a quantity of `QUANTITIES` or `FIGURES`."""
    return QUANTITIES.get(quantity) or FIGURES[quantity]


def working_value(low: float, high: float) -> float:
    """Working value of a bracket that names none: its geometric mean, or its middle if it does not begin above zero."""
    return math.sqrt(low * high) if low > 0.0 else 0.5 * (low + high)


def out_of_bounds(quantity: str, numbers: Sequence[float]) -> str:
    """Sentence for numbers (SI) outside the physical bounds of a quantity; empty if all are inside."""
    bounds = kind_of(quantity)
    for number in numbers:
        if not bounds.low <= number <= bounds.high:
            return f"{quantity} must be in {span(bounds.low, bounds.high, bounds.dimension)}, got {number:g}"
    return ""


def parse_amount(text: str, quantity: str) -> float:
    """Number (SI) of a text for a quantity; ratios and counts may go without a unit.

    Raises
    ------
    ValueError
        With the sentence to show.
    """
    dimension = kind_of(quantity).dimension
    if dimension in ("ratio", "count") and " " not in text:
        return parse_number(text)
    return parse_quantity(text, dimension)
