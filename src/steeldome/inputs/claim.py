"""Claims that were made in public, and the query whose answer supports them or does not."""

from typing import Annotated, Literal

from steeldome.inputs.base import EACH_ONCE, NOT_EMPTY, Id, Input, LocalText, Number

Verdict = Literal["supported", "not_supported", "depends", "not_testable"]
ClaimMeasure = Literal["leakage", "raid_annihilation", "assets_held", "value_saved"]


class Comparison(Input):
    """Whether one laydown is better than others of its year, or at least no worse, against some raids.

    Attributes
    ----------
    of : str
        Id of a laydown as `steeldome.inputs.force` writes it.
    than : tuple of str
        Those that it is compared with.
    needs : str
        ``better``: shown to be better in one comparison at least and worse in none; ``no_worse``: shown worse in none.
    """

    of: Id
    than: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
    raids: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
    measure: ClaimMeasure
    needs: Literal["better", "no_worse"]


class Path(Input):
    """A policy in a future."""

    policy: Id
    future: Id


class YearsGained(Input):
    """How many years earlier one policy and future reach a threshold than another."""

    policy: Id
    future: Id
    than: Path
    raid: Id
    measure: ClaimMeasure
    threshold: Number


class Suppliers(Input):
    """Whether fewer states can withhold something from one laydown than from another."""

    of: Id
    than: Id


class Picture(Input):
    """Whether a larger share of the fire units is on the picture of a network."""

    of: Id
    than: Id
    network: Id


class Recorded(Input):
    """A claim that the record answers and no model can: verdict, and the facts of the catalogue behind it."""

    verdict: Verdict
    facts: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
    because: LocalText


class Claim(Input):
    """One claim with exactly one query.

    Attributes
    ----------
    said : LocalText
        The claim, restated.
    source : str
        Catalogue id of where it was made.
    support : LocalText
        What would support it.
    note : LocalText or None
        What a reader must know of the inputs to read the answer; printed behind it.
    """

    id: Id
    said: LocalText
    source: Id
    support: LocalText
    note: LocalText | None = None
    comparison: Comparison | None = None
    years: YearsGained | None = None
    suppliers: Suppliers | None = None
    picture: Picture | None = None
    recorded: Recorded | None = None
