"""Which parameter stands for which quantity, and which prior speaks for which item or threat."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from steeldome.inputs.base import Value
from steeldome.inputs.effector import ROUND_GUIDANCE
from steeldome.inputs.item import Item
from steeldome.inputs.prior import QUANTITIES
from steeldome.inputs.threat import ThreatClass, ThreatType

#: Parameters of the record that also answer for a quantity, in the order in which they are asked.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "altitude_max_air": ("altitude_max",),
        "cost_per_shot": ("cost_per_burst", "unit_cost"),
        "dwell_time": ("dwell_time_kill",),
        "keep_out_altitude": ("altitude_min_ballistic",),
        "launchers": ("launchers_per_battery",),
        "range_max_air": ("range_max", "effect_radius"),
        "ready_rounds": (
            "ready_rounds_per_battery",
            "ready_rounds_per_vehicle",
            "missiles_air_to_air",
            "sm3_per_ship",
        ),
        "revisit_time": ("rotation_period",),
        "simultaneous_engagements": ("targets_in_parallel",),
        "speed_max": ("muzzle_velocity",),
    }
)


def quantity_of(owner: Item | ThreatType, parameter: str) -> str:
    """Quantity for which a parameter of an item or threat stands; the parameter itself if for no other."""
    if parameter in QUANTITIES:
        return parameter
    for quantity, names in ALIASES.items():
        if parameter in names and _counts(owner, parameter):
            return quantity
    return parameter


def figure(owner: Item | ThreatType, quantity: str) -> tuple[str, Value] | None:
    """Parameter with a number, working value or full bracket, that stands for a quantity; None if there is none."""
    for name in (quantity, *ALIASES.get(quantity, ())):
        value = owner.parameters.get(name)
        if value is None or (name != quantity and not _counts(owner, name)):
            continue
        if name == "rotation_period" and not value.value:
            continue  # an array that does not turn still needs time between two looks
        if value.value is not None or (value.low is not None and value.high is not None):
            return name, value
    return None


def _counts(owner: Item | ThreatType, parameter: str) -> bool:
    """The price of an item is the price of a shot only where the item is one round."""
    if parameter != "unit_cost" or not isinstance(owner, Item):
        return parameter != "unit_cost"
    return owner.guidance_type in ROUND_GUIDANCE and owner.system_class != "fighter_patrol"


def kind_and_class(owner: Item | ThreatType) -> tuple[str, str | None]:
    """Kind, and class inside the kind, of an item or threat."""
    return (owner.kind, owner.system_class) if isinstance(owner, Item) else ("threat", owner.threat_class)


def item_keys(item: Item) -> Mapping[str, Sequence[object]]:
    """Words under which an item asks for a prior."""
    keys: dict[str, Sequence[object]] = {"kind": (item.kind,)}
    if item.system_class is not None:
        keys["sensor_class" if item.kind == "sensor" else "system_class"] = (item.system_class,)
    if item.generation is not None:
        keys["generation"] = (item.generation,)
    if item.guidance_type is not None:
        keys["guidance_type"] = (item.guidance_type,)
    return keys


def threat_keys(classes: Mapping[str, ThreatClass], threat: ThreatType) -> Mapping[str, Sequence[object]]:
    """Words under which a threat asks for a prior: its class with all wider classes, and its group."""
    group = classes[threat.threat_class].group
    return {
        "kind": ("threat",),
        "threat_class": lineage(classes, threat.threat_class),
        "threat_group": (group,) if group else (),
    }


def lineage(classes: Mapping[str, ThreatClass], threat_class: str) -> tuple[str, ...]:
    """A threat class, then its parent, and so on; a circle is walked once, its first class then stands at both ends."""
    found = [threat_class]
    parent = classes[threat_class].parent
    while parent is not None and parent in classes:
        found.append(parent)
        if parent == threat_class or parent in found[:-1]:
            break
        parent = classes[parent].parent
    return tuple(found)
