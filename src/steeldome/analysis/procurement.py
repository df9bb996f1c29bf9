"""What ways of buying cost, and who can withhold what: straight from the catalogue, without the engine."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.force import Force
from steeldome.inputs.laydown import UnitEntry
from steeldome.inputs.pathway import Future, Order, Policy, in_service, orders_of
from steeldome.inputs.record import VetoGate

_HARMLESS: Final = frozenset(("none_known",))
_PAST: Final = frozenset(("lifted",))


class Bracket(NamedTuple):
    """An amount of money, USD: lowest, working and highest value."""

    low: float
    value: float
    high: float


def gates_of(catalogue: Catalogue, systems: Iterable[str]) -> tuple[VetoGate, ...]:
    """Gates at which some state can withhold something from systems or from what they are made of.

    A gate without known effect, or one that was lifted, is left out.
    """
    parts: set[str] = set()
    for system in systems:
        parts.add(system)
        composition = catalogue.items[system].composition
        if composition is not None:
            parts |= {name for kind in composition.__class__.model_fields for name in getattr(composition, kind)}
    return tuple(
        gate
        for gate in catalogue.records.veto_gates
        if gate.system in parts and gate.effect not in _HARMLESS and gate.status not in _PAST
    )


def holders(
    catalogue: Catalogue, units: Iterable[UnitEntry], country: str | None
) -> Mapping[str, tuple[VetoGate, ...]]:
    """Gates by the state that holds them, for the systems of some units; the country itself is left out."""
    found: dict[str, tuple[VetoGate, ...]] = {}
    for gate in gates_of(catalogue, {unit.system for unit in units}):
        if gate.state != country:
            found[gate.state] = (*found.get(gate.state, ()), gate)
    return found


def on_picture(catalogue: Catalogue, force: Force, network: str) -> tuple[int, int]:
    """Fire units on the picture of a network, and all fire units."""
    members = next(one.members for one in force.networks if one.id == network)
    armed = [unit for unit in force.units if catalogue.items[unit.system].kind != "sensor"]
    return sum(u.count for u in armed if u.system in members), sum(u.count for u in armed)


def cost_of(catalogue: Catalogue, policy: Policy, future: Future, year: int) -> Bracket:
    """What the orders of a policy in a future cost up to the end of a year, on top of everything else; USD as quoted.

    Notes
    -----
    Price of the units in service by then, and upkeep as a share of the price for each whole year after a unit came into
    service. What allies lend costs nothing here. Prices of all units are at their low end together, or at their high
    end: they are not independent.
    """
    low = value = high = 0.0
    for order in orders_of(policy, future):
        if order.lent or not in_service(order, year):
            continue
        price = catalogue.uncertain(order.system, "cost_battery")
        upkeep = catalogue.uncertain(order.system, "upkeep_fraction")
        count, unit_years = in_service(order, year), _unit_years(order, year)
        per_year = 365.25 * 86_400.0
        low += price.low * (count + unit_years * upkeep.low * per_year)
        value += price.value * (count + unit_years * upkeep.value * per_year)
        high += price.high * (count + unit_years * upkeep.high * per_year)
    return Bracket(low, value, high)


def _unit_years(order: Order, year: int) -> int:
    """Whole years of service of all units of an order by the end of a year."""
    return sum(in_service(order, past) for past in range(order.ordered, year))
