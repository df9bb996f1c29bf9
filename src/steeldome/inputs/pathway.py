"""Ways of buying: what the country orders, what others decide, and what stands at the end of each year."""

from typing import Annotated, Final

from steeldome.inputs.base import (
    EACH_ONCE,
    NOT_EMPTY,
    Duration,
    Example,
    Flag,
    Id,
    Input,
    LocalText,
    PositiveDuration,
    Text,
    Year,
    count_between,
)
from steeldome.inputs.laydown import UnitEntry
from steeldome.units import UNITS

_YEAR: Final = float(UNITS["year"].factor)


class Order(Input):
    """Units that come into service after an order.

    Attributes
    ----------
    ordered : int
        The order stands at the end of this year.
    lead_time : float, s
        From the order to the first unit in service: production, delivery, training.
    interval : float, s
        Between two units.
    only_if : tuple of str or None
        Futures in which the order is honoured; None for all.
    lent : bool
        True if an ally keeps the units and can take them away.
    source, assumption : str or None
        Catalogue id of the source, or the reason for assuming it; exactly one of the two.
    """

    system: Id
    count: Annotated[int, count_between(1, 1000), Example("2")]
    ordered: Year
    lead_time: PositiveDuration
    interval: Duration = 0.0
    only_if: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE] | None = None
    lent: Flag = False
    source: Id | None = None
    assumption: Text | None = None


class Policy(Input):
    """What the country decides."""

    id: Id
    name: LocalText
    orders: tuple[Order, ...] = ()


class Future(Input):
    """What others decide; one of all futures comes true, and no policy chooses which.

    Attributes
    ----------
    orders : tuple of Order
        What others then send, whatever the policy.
    """

    id: Id
    name: LocalText
    orders: tuple[Order, ...] = ()


class Pathways(Input):
    """Policies against futures, looked at in some years.

    Attributes
    ----------
    laydowns : tuple of str
        What stands in each year without any order; one laydown a year.
    raids : tuple of str
        What attacks.
    """

    laydowns: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
    raids: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
    policies: Annotated[tuple[Policy, ...], NOT_EMPTY]
    futures: Annotated[tuple[Future, ...], NOT_EMPTY]


def orders_of(policy: Policy, future: Future) -> tuple[Order, ...]:
    """Orders that are honoured when a policy meets a future."""
    honoured = [order for order in policy.orders if order.only_if is None or future.id in order.only_if]
    return (*honoured, *future.orders)


def in_service(order: Order, year: int) -> int:
    """Units of an order in service at the end of a year."""
    waited = (year - order.ordered) * _YEAR - order.lead_time
    if waited < -1.0:
        return 0
    return order.count if order.interval == 0.0 else min(order.count, 1 + int((waited + 1.0) // order.interval))


def delivered(policy: Policy, future: Future, year: int) -> tuple[UnitEntry, ...]:
    """Units that the orders of a policy in a future have brought by the end of a year."""
    found = []
    for order in orders_of(policy, future):
        count = in_service(order, year)
        if count:
            found.append(
                UnitEntry(
                    system=order.system,
                    count=count,
                    lent=order.lent,
                    acquired=not order.lent,
                    source=order.source,
                    assumption=order.assumption,
                )
            )
    return tuple(found)
