"""Declared misfits: reference numbers that the product is known not to meet, each with reason, date and reviewer."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator

from steeldome.errors import CatalogueError
from steeldome.inputs.base import Example, Input, LocalText, Text
from steeldome.inputs.reading import build, read_yaml, suggest

MISFITS: Final = Path(__file__).parents[1] / "data" / "validation" / "misfits.yaml"


def _iso_date(found: str) -> str:
    try:
        return date.fromisoformat(found).isoformat()
    except ValueError:
        raise ValueError(f"'{found}' is not a date; write for example '2026-11-24'") from None


class Misfit(Input):
    """One declared misfit; ``reviewer`` is the role of who found out that it may stand."""

    id: Annotated[Text, Example("V-RAD-8a")]
    reason: LocalText
    date: Annotated[Text, AfterValidator(_iso_date), Example("2026-11-24")]
    reviewer: Annotated[Text, Example("maintainer of the flight models")]


class Misfits(Input):
    """All declared misfits."""

    misfits: tuple[Misfit, ...]


def read_misfits(known: Collection[str], path: Path = MISFITS) -> Mapping[str, Misfit]:
    """Declared misfits by the id of their case.

    Parameters
    ----------
    known : collection of str
        Ids of the cases that something answers.
    path : Path

    Raises
    ------
    CatalogueError
        With every fault of the file.
    """
    tree = read_yaml(path, error=CatalogueError)
    listed = build(Misfits, tree, error=CatalogueError).misfits
    faults = []
    for index, misfit in enumerate(listed):
        place = ("misfits", index, "id")
        if misfit.id not in known:
            hint = suggest(misfit.id, known) or "; type 'steeldome validate' to see all"
            faults.append(tree.fault(place, f"no answered case '{misfit.id}'{hint}"))
        elif any(misfit.id == other.id for other in listed[:index]):
            faults.append(tree.fault(place, f"'{misfit.id}' is declared twice; write it once"))
    if faults:
        raise CatalogueError(faults)
    return {misfit.id: misfit for misfit in listed}
