"""Who stands in the defence: what is held by year, laydowns drawn from it, and deltas that change them in one way."""

from typing import Annotated, Final, Literal

from steeldome.inputs.base import (
    EACH_ONCE,
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

#: Endings of a laydown's id, in the order in which they are written: the same without what allies lend; the same with
#: the priors of the class in place of a system's own published figures.
VARIANTS: Final = ("alone", "common")

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
        Number of units; of fighters the aircraft set aside for patrol.
    rule : str
        ``near_assets`` by the siting rules, ``fixed`` at a published site, ``sea`` off the coast.
    site : Site or None
        Only with ``rule: fixed``.
    lent : bool
        True if an ally owns the unit and can take it away.
    acquired : bool
        True if the unit is bought or built on top of what the inventory of the year holds.
    source, assumption : str or None
        Catalogue id of the source of the count, or the reason for assuming it; one of the two at most, and none only
        where the inventory says what is held.
    """

    system: Id
    count: Annotated[int, count_between(1, 1000), Example("2")]
    rule: DeploymentRule = "near_assets"
    site: Site | None = None
    lent: Flag = False
    acquired: Flag = False
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


class HeldCount(Input):
    """How many units of a system are held at the end of a year, with the source of the count or the reason for it."""

    year: Year
    count: Annotated[int, count_between(0, 100_000), Example("3")]
    source: Id | None = None
    assumption: Text | None = None


class Holding(Input):
    """What the defender holds of one system, by year; the counts of a laydown stay within those of its year."""

    system: Id
    counts: Annotated[tuple[HeldCount, ...], NOT_EMPTY]


class Laydown(Input):
    """Who stands in the defence in one year, before any what-if."""

    id: Id
    name: LocalText
    year: Year
    units: Annotated[tuple[UnitEntry, ...], NOT_EMPTY]


class Delta(Input):
    """One named change of laydowns; it has at least one of `add`, `remove` and `join`.

    Applied to a laydown ``base-2025`` the delta ``no-ship`` gives the laydown ``base-2025-no-ship``.

    Attributes
    ----------
    name : LocalText
        Follows the name of the laydown after a comma, such as ``without the ship``.
    to : tuple of str or None
        Laydowns that it changes; None for all.
    equal_money_to : str or None
        Delta whose units cost as much as those of this one, inside the brackets of both prices.
    """

    id: Id
    name: LocalText
    to: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE] | None = None
    add: Annotated[tuple[UnitEntry, ...], NOT_EMPTY] | None = None
    remove: Annotated[tuple[Removal, ...], NOT_EMPTY] | None = None
    join: Annotated[tuple[Joining, ...], NOT_EMPTY] | None = None
    equal_money_to: Id | None = None


def split_variants(laydown_id: str) -> tuple[str, tuple[str, ...]]:
    """An id without its endings, and those."""
    stem, found = laydown_id, []
    for variant in reversed(VARIANTS):
        if stem.endswith(f"-{variant}"):
            stem = stem.removesuffix(f"-{variant}")
            found.append(variant)
    return stem, tuple(found[::-1])
