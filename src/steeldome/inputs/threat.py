"""Threat types and the tree of threat classes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from pydantic import Field

from steeldome.inputs.base import Id, Input, LocalText, Text, Value
from steeldome.inputs.item import Descriptors, Parameters, no_entries

ThreatGroupName = Literal["ballistic_srbm", "ballistic_mrbm", "quasiballistic", "cruise", "drone", "aircraft"]

#: Groups of threat for which a single-shot probability of kill is stated.
THREAT_GROUPS: Final[tuple[ThreatGroupName, ...]] = (
    "ballistic_srbm",
    "ballistic_mrbm",
    "quasiballistic",
    "cruise",
    "drone",
    "aircraft",
)

#: Groups that only a system with a ballistic claim fires at.
BALLISTIC_GROUPS: Final = frozenset(("ballistic_srbm", "ballistic_mrbm", "quasiballistic"))

#: Kind of quantity of every parameter of a threat type; ``share`` is a ratio in 0..1.
THREAT_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("altitude", "apogee", "cep", "diameter", "length", "range", "wingspan"), "length"),
        **dict.fromkeys(("burnout_speed", "impact_speed", "peak_speed", "speed"), "speed"),
        **dict.fromkeys(("launch_mass", "mass", "propellant_mass", "warhead_mass"), "mass"),
        **dict.fromkeys(("burn_time", "flight_time"), "time"),
        **dict.fromkeys(("lost_without_being_shot", "reliability"), "share"),
        "ballistic_coefficient": "areal density",
        "production_per_year": "rate",
        "rcs": "area",
        "stages": "ratio",
        "thrust": "force",
        "unit_cost": "money",
    }
)


class ThreatClass(Input):
    """A class of threat, in a tree.

    Attributes
    ----------
    parent : str or None
        Wider class.
    group : str or None
        One of `THREAT_GROUPS`; None for classes that only sort records of past raids.
    threat_id : str or None
        The one threat type that the class stands for.
    """

    id: Id
    note: Text
    parent: Id | None = None
    group: ThreatGroupName | None = None
    threat_id: Id | None = None


class ThreatType(Input):
    """A type of attacking object: published parameters and where they come from."""

    id: Id
    name: LocalText
    threat_class: Id
    origin: Text
    parameters: Parameters
    descriptors: Descriptors = Field(default_factory=no_entries)


class TextbookRcs(Input):
    """Radar cross section of a generic target, from a textbook."""

    target: Text
    rcs: Value


class InterceptorCost(Input):
    """What a round of an item costs, as the record of past raids counts it."""

    id: Id
    name: Text
    role: Text
    unit_cost: Value
    parameters: Parameters = Field(default_factory=no_entries)
