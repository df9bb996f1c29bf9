"""Records of the catalogue: connections, events, contracts, offers, lent units and veto gates."""

from typing import Literal

from steeldome.inputs.base import Count, Flag, Id, Input, LocalText, PositiveCount, Text, Value
from steeldome.inputs.prior import Bracket

#: From the hardest effect to none.
GateEffect = Literal["blocks", "stops_after_stock", "delays", "degrades", "limits_use", "none_known"]
#: From what holds today to what held once.
GateStatus = Literal["active", "latent", "precedent_elsewhere", "lifted"]
#: The gates of a purchase, in the order in which they are met.
GateName = Literal[
    "sale",
    "co_production",
    "third_party_component",
    "software_keys",
    "resupply",
    "depot_spares",
    "end_use",
    "lending",
]


class ExchangeRate(Input):
    """Rate at which quoted prices were converted."""

    id: Id
    rate: Value


class Integration(Input):
    """What is published about the connection of two items."""

    a: Id
    b: Id
    status: Text
    source_id: Id
    link: Text | None = None
    note: Text | None = None


class Event(Input):
    """One dated event; ``confidence`` says how firm it is."""

    date: Text
    event: Text
    actors: tuple[Text, ...]
    confidence: Text
    source_id: Id
    alt_source_ids: tuple[Id, ...] = ()


class Contract(Input):
    """One contract, notified sale or selection, with its price."""

    id: Id
    buyer: Text
    seller: Text
    system: Text
    system_ids: tuple[Id, ...]
    price: Value
    date: Text | None = None
    deliveries: Text | None = None


class Offer(Input):
    """One published way out of the dispute over the S-400 and the F-35."""

    id: Id
    date: Text
    proposer: Text
    option: Text
    status: Text
    source_id: Id


class Fact(Input):
    """One fact about the F-35 programme: an ``amount``, or ``text`` with its source."""

    id: Id
    amount: Value | None = None
    text: Text | None = None
    source_id: Id | None = None
    note: Text | None = None


class HostedUnit(Input):
    """A unit that an ally placed in the country; ``date_to`` is None while it stays."""

    id: Id
    system: Id
    lent_by: tuple[Text, ...]
    place: Text
    date_from: Text
    source_id: Id
    date_to: Text | None = None
    alt_source_ids: tuple[Id, ...] = ()
    note: Text | None = None


class ClassRate(Input):
    """What the public record says of one class of threat in one war or raid: claims, often of one side.

    Attributes
    ----------
    threats : str
        Class of threat, or group of classes.
    launched, stopped, lost : int
        Objects counted, said to be destroyed, and said to be lost without being shot down (jammed, crashed, decoys).
    """

    id: Id
    name: LocalText
    threats: Id
    launched: PositiveCount
    stopped: Count
    lost: Count
    source_id: Id
    note: Text | None = None


class VetoGate(Input):
    """What one state can withhold from one system, with effect and time constant (s)."""

    id: Id
    system: Id
    state: Text
    gate: GateName
    effect: GateEffect
    status: GateStatus
    time_constant: Bracket
    source_id: Id
    assumption: Flag = False
    alt_source_ids: tuple[Id, ...] = ()
    note: Text | None = None


class Records(Input):
    """All records of the catalogue."""

    exchange_rates: tuple[ExchangeRate, ...] = ()
    integration: tuple[Integration, ...] = ()
    timeline: tuple[Event, ...] = ()
    contracts: tuple[Contract, ...] = ()
    s400_f35_offers: tuple[Offer, ...] = ()
    f35_facts: tuple[Fact, ...] = ()
    hosted_units: tuple[HostedUnit, ...] = ()
    class_rates: tuple[ClassRate, ...] = ()
    veto_gates: tuple[VetoGate, ...] = ()
