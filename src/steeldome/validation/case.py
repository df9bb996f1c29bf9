"""What a reference case is: published or computed numbers, and the functions of the product that answer for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

#: How the reference number came about; ``formula`` is an own calculation from the published formula.
Obtained = Literal["published", "formula", "program"]
Inputs = Mapping[str, float | tuple[float, ...]]


class Tolerance(NamedTuple):
    """Largest difference from the reference that passes, in the case's unit, or as a share of the reference."""

    size: float
    is_relative: bool

    def allowed(self, reference: float) -> float:
        """Largest difference from one number, in its unit."""
        return self.size * abs(reference) if self.is_relative else self.size


def absolute(size: float) -> Tolerance:
    """Tolerance in the unit of the case; 0 asks for the very number."""
    return Tolerance(size, False)


def relative(size: float) -> Tolerance:
    """Tolerance as a share of the reference, which is not 0."""
    return Tolerance(size, True)


def gettext(sentence: str) -> str:
    """Mark a sentence under the name that ``make messages`` looks for; it is translated where it is shown."""
    return sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One reference number, or a few that belong together, and what answers for them.

    Attributes
    ----------
    id : str
        Such as ``V-RAD-8a``; rows with one number before the letter come from one reference.
    quantity : str
        What is compared, a marked sentence; with ``left_out``, what would be.
    unit : str
        Of reference, answer and absolute tolerance; ``1`` for a ratio.
    reference : tuple of float
        Empty only where the case is left out and its numbers are not part of the product.
    tolerance : Tolerance
    source : str
        Key of ``references.bib``: of the number where it is published, else of the formula or the program.
    obtained : str
        How the number came about.
    inputs : mapping of str
        What `answer` is called with, and what the table shows; each name carries its unit.
    functions : tuple of callable
        Functions of the product that `answer` calls; each is used by a model.
    answer : callable
        From `inputs` to as many numbers as `reference` has; None where the case is left out.
    left_out : str
        Why no function of the product answers, a marked sentence; empty where one does.
    """

    id: str
    quantity: str
    unit: str
    reference: tuple[float, ...]
    tolerance: Tolerance
    source: str
    obtained: Obtained
    inputs: Inputs = field(default_factory=dict)
    functions: tuple[Callable[..., Any], ...] = ()
    answer: Callable[..., Iterable[float]] | None = None
    left_out: str = ""
