"""Who stands in the defence: a base laydown lists units, a delta changes another laydown in one named way."""

from typing import Annotated, Literal

from steeldome.inputs.base import (
    NOT_EMPTY,
    CoarseLatitude,
    CoarseLongitude,
    Example,
    Flag,
    Id,
    Input,
    LocalText,
    Text,
    Year,
    count_between,
)

DeploymentRule = Literal["near_assets", "fixed", "sea"]


class Site(Input):
    """A published fixed site: geodetic coordinates (rad), a multiple of 0.1 degree."""

    latitude: CoarseLatitude
    longitude: CoarseLongitude


class UnitEntry(Input):
    """Some units of one system in a laydown.

    Attributes
    ----------
    system : str
        Catalogue id.
    count : int
        Number of units.
    rule : str
        ``near_assets`` by the siting rules, ``fixed`` at a published site, ``sea`` off the coast.
    site : Site or None
        Only with ``rule: fixed``.
    lent : bool
        True if an ally owns the unit and can take it away.
    source, assumption : str or None
        Catalogue id of the source of the count, or the reason for assuming it; exactly one of the two.
    """

    system: Id
    count: Annotated[int, count_between(1, 1000), Example("2")]
    rule: DeploymentRule = "near_assets"
    site: Site | None = None
    lent: Flag = False
    source: Id | None = None
    assumption: Text | None = None


class Removal(Input):
    """Units that a delta takes away; those that stay keep their names, and with them their sites and their luck."""

    system: Id
    count: Annotated[int, count_between(1, 1000), Example("1")]


class Joining(Input):
    """A system that a delta puts on the picture of a network."""

    system: Id
    network: Id


class Laydown(Input):
    """Who stands in the defence.

    Attributes
    ----------
    year : int
        Of the inventory.
    units : tuple of UnitEntry or None
        All units of a base.
    extends : str or None
        Laydown that a delta changes; it has at least one of `add`, `remove` and `join`.
    """

    id: Id
    name: LocalText
    year: Year
    extends: Id | None = None
    units: tuple[UnitEntry, ...] | None = None
    add: Annotated[tuple[UnitEntry, ...], NOT_EMPTY] | None = None
    remove: Annotated[tuple[Removal, ...], NOT_EMPTY] | None = None
    join: Annotated[tuple[Joining, ...], NOT_EMPTY] | None = None
