"""Ask the product for every reference number and say which it meets."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, Literal

from steeldome.errors import Fault, SteeldomeError
from steeldome.inputs.reading import suggest
from steeldome.validation.case import Case
from steeldome.validation.misfits import Misfit, read_misfits
from steeldome.validation.table import CASES

Status = Literal["passed", "misfit", "failed", "left_out"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case.

    Attributes
    ----------
    case : Case
    status : str
        ``misfit`` where a difference is declared; ``failed`` where it is not, or where a declared one is gone.
    computed : tuple of float
        What the product says; empty where the case is left out or the product raised.
    misfit : Misfit or None
        Its declaration.
    raised : str
        What went wrong instead of an answer.
    """

    case: Case
    status: Status
    computed: tuple[float, ...] = ()
    misfit: Misfit | None = None
    raised: str = ""

    @property
    def is_stale(self) -> bool:
        """Whether a misfit is declared and there is none."""
        return self.status == "failed" and self.misfit is not None and not self.raised

    def as_record(self) -> dict[str, Any]:
        """The verdict in plain values, as JSON shows it."""
        case = self.case
        note = self.raised or case.left_out or (self.misfit.reason.en if self.misfit else "")
        return {
            "id": case.id,
            "source": case.source if case.obtained != "formula" else "own calculation",
            "key": case.source,
            "obtained": case.obtained,
            "quantity": case.quantity,
            "unit": case.unit,
            "inputs": dict(case.inputs),
            "functions": [function_name(function) for function in case.functions],
            "reference": list(case.reference),
            "computed": list(self.computed),
            "tolerance": case.tolerance.size,
            "is_relative": case.tolerance.is_relative,
            "status": self.status,
            "note": note,
        }


@dataclass(frozen=True, slots=True)
class Validation:
    """What came of all cases asked for."""

    verdicts: tuple[Verdict, ...]

    @property
    def is_valid(self) -> bool:
        """Whether no case failed and no declared misfit has gone."""
        return self.count("failed") == 0

    def count(self, status: Status) -> int:
        """Cases of one status."""
        return sum(verdict.status == status for verdict in self.verdicts)

    def as_record(self) -> dict[str, Any]:
        """All verdicts in plain values, with how many there are of each status."""
        return {
            "cases": [verdict.as_record() for verdict in self.verdicts],
            "passed": self.count("passed"),
            "misfits": self.count("misfit"),
            "failed": self.count("failed"),
            "left_out": self.count("left_out"),
        }


def validate(ids: Iterable[str] = ()) -> Validation:
    """Compare the product's own functions with published and computed reference numbers.

    Parameters
    ----------
    ids : iterable of str
        Ids of cases such as ``V-RAD-8a``, or of all rows of one reference such as ``V-RAD-8``; all cases if empty.

    Returns
    -------
    Validation
        A verdict a case, in the order of the table.

    Raises
    ------
    SteeldomeError
        If an id is not known, or the file of declared misfits has faults.
    """
    misfits = read_misfits([case.id for case in CASES if case.answer is not None])
    return Validation(tuple(judge(case, misfits.get(case.id)) for case in _chosen(tuple(ids))))


def judge(case: Case, misfit: Misfit | None = None) -> Verdict:
    """Ask the product for one case and compare."""
    if case.answer is None:
        return Verdict(case, "left_out")
    try:
        computed = tuple(float(number) for number in case.answer(**case.inputs))
        is_met = all(
            abs(number - wanted) <= case.tolerance.allowed(wanted)
            for number, wanted in zip(computed, case.reference, strict=True)
        )
    except Exception as error:
        return Verdict(case, "failed", misfit=misfit, raised=f"{type(error).__name__}: {error}")
    if misfit is None:
        return Verdict(case, "passed" if is_met else "failed", computed)
    return Verdict(case, "failed" if is_met else "misfit", computed, misfit)


def function_name(function: Callable[..., Any]) -> str:
    """A function with its module, such as ``kernels.atmosphere.air_density``."""
    return f"{function.__module__}.{function.__name__}".removeprefix("steeldome.")


def _chosen(ids: Sequence[str]) -> Sequence[Case]:
    """Cases of some ids, or of the numbers before their letters; all of them where none is given."""
    if not ids:
        return CASES
    numbers = list(dict.fromkeys(_number(case) for case in CASES))
    known = {case.id for case in CASES} | set(numbers)
    faults = []
    for name in ids:
        if name not in known:
            message = f"no such case{suggest(name, known)}; allowed, with or without a letter: {', '.join(numbers)}"
            faults.append(Fault(name, 0, "", message))
    if faults:
        raise SteeldomeError(faults)
    return [case for case in CASES if case.id in ids or _number(case) in ids]


def _number(case: Case) -> str:
    """Id of the reference that a case belongs to: its own without the letter."""
    return case.id.rstrip(ascii_lowercase)
