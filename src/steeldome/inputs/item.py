"""Items of the catalogue: whatever a laydown can hold, and what it is made of."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from steeldome.inputs.base import EACH_ONCE, NOT_EMPTY, Flag, Id, Input, LocalText, PositiveNumber, Text, Value
from steeldome.inputs.effector import EFFECTOR_PARAMETERS, SYSTEM_CLASSES, GuidanceType
from steeldome.inputs.reading import suggest
from steeldome.inputs.sensor import SENSOR_CLASSES, SENSOR_PARAMETERS

ItemKind = Literal["effector", "battery", "sensor", "c2", "launcher", "system"]
T = TypeVar("T")

#: Kind of quantity of every parameter of a command node or data link.
C2_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bandwidth": "frequency",
        "first_service": "calendar year",
        "latency": "time",
        "programme_cost": "money",
        "tracks_max": "count",
        "upkeep_fraction": "rate",
    }
)

#: Classes and parameters that an item of a kind may have.
CLASSES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"effector": SYSTEM_CLASSES, "battery": SYSTEM_CLASSES, "sensor": SENSOR_CLASSES}
)
PARAMETERS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "effector": EFFECTOR_PARAMETERS,
        "battery": EFFECTOR_PARAMETERS,
        "launcher": EFFECTOR_PARAMETERS,
        "system": EFFECTOR_PARAMETERS,
        "sensor": SENSOR_PARAMETERS,
        "c2": C2_PARAMETERS,
    }
)


def _frozen(found: Mapping[str, T]) -> Mapping[str, T]:
    return MappingProxyType(dict(found))


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    return dict(found)


def no_entries() -> Mapping[str, Any]:
    """Frozen mapping without entries."""
    return MappingProxyType({})


class Descriptor(Input):
    """A fact in words, or yes or no; ``value`` is None where the record does not settle it."""

    value: Text | None = None
    source_id: Id | None = None
    note: Text | None = None
    assumption: Flag = False
    alt_source_ids: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.value is not None and self.source_id is None:
            raise ValueError("has a fact but no source; write 'source_id: ...'")
        return self


Parameters = Annotated[Mapping[str, Value], AfterValidator(_frozen), PlainSerializer(_plain)]
Descriptors = Annotated[Mapping[str, Descriptor], AfterValidator(_frozen), PlainSerializer(_plain)]
Ids = Annotated[tuple[Id, ...], EACH_ONCE]
States = Annotated[tuple[Text, ...], EACH_ONCE]


class Composition(Input):
    """Ids of the items that a battery consists of, by role."""

    effector: Annotated[Ids, NOT_EMPTY]
    sensor: Ids = ()
    c2: Ids = ()
    launcher: Ids = ()


class Item(Input):
    """Whatever can be bought, lent, sited or linked, with its published parameters.

    Attributes
    ----------
    name : LocalText
        As the producer writes it; what describes it stands in brackets, which short names leave out.
    kind : str
        Effector, battery, sensor, c2, launcher or system.
    system_class : str or None
        ``class`` in the file: one of `SYSTEM_CLASSES`, or of `SENSOR_CLASSES` for a sensor.
    generation : float or None
        Step inside the product family, 1 = first fielded form; the usual fighter generation for fighters.
    supplier_states, export_veto_states : tuple of str
        ISO 3166-1 alpha-2, ``NATO``, or ``XX`` for an unnamed state.
    lent_by : tuple of str
        States that lend, or lent, the item.
    composition : Composition or None
        Only for a battery.
    weapons, links : tuple of str
        Missiles that an aircraft carries; what a command node or link exchanges tracks or orders with.
    reference_only : bool
        True if the item carries costs and records but stands in no laydown.
    parameters : mapping of str to Value
        Numbers in SI; descriptors hold facts in words.
    """

    id: Id
    name: LocalText
    kind: ItemKind
    layer: Text
    status: Text
    producer: Text
    origin: States
    supplier_states: States
    export_veto_states: States
    turkish_access: Text
    parameters: Parameters = Field(default_factory=no_entries)
    descriptors: Descriptors = Field(default_factory=no_entries)
    system_class: Text | None = Field(default=None, alias="class")
    family: Id | None = None
    generation: PositiveNumber | None = None
    guidance_type: GuidanceType | None = None
    licence_heritage: States = ()
    lent_by: States = ()
    itar_free: Flag = False
    land_relevant: Flag = True
    reference_only: Flag = False
    composition: Composition | None = None
    weapons: Ids = ()
    links: Ids = ()

    @model_validator(mode="after")
    def _known_class(self) -> Self:
        allowed = CLASSES.get(self.kind, ())
        if self.system_class is None and allowed:
            raise ValueError(f"has no class; write 'class: {allowed[0]}', or another of: {', '.join(allowed)}")
        if self.system_class is not None and self.system_class not in allowed:
            hint = suggest(self.system_class, allowed)
            known = f"; allowed: {', '.join(allowed)}" if allowed else "; remove it"
            raise ValueError(f"no class '{self.system_class}' for kind '{self.kind}'{hint or known}")
        if (self.composition is None) == (self.kind == "battery"):
            raise ValueError("a battery has a 'composition: {effector: [...]}', and nothing else has one")
        if (self.guidance_type is None) == (self.kind == "effector"):
            raise ValueError("an effector has a guidance_type, and nothing else has one; write for example 'active'")
        return self


def published_band(item: Item) -> str | None:
    """Radar band of a sensor; None where none is published."""
    band = item.descriptors.get("band")
    return band.value if band is not None else None
