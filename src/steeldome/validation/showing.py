"""Numbers of the table as text, with the digits that matter and that every processor prints alike."""

import math
from typing import Final

from steeldome.validation.case import Tolerance
from steeldome.validation.checking import Verdict

_MOST_DIGITS: Final = 12


def reference_text(number: float) -> str:
    """A reference as it is written."""
    return f"{number:.{_MOST_DIGITS}g}"


def computed_text(number: float, reference: float, tolerance: Tolerance) -> str:
    """An answer to a tenth of its tolerance: finer digits decide nothing, and the last ones depend on the processor."""
    allowed = tolerance.allowed(reference)
    if allowed == 0.0 or not math.isfinite(number):
        return reference_text(number)
    finest = math.floor(math.log10(allowed)) - 1
    if number == 0.0 or abs(number) < 0.5 * 10.0**finest:
        return "0"
    digits = min(_MOST_DIGITS, max(1, math.floor(math.log10(abs(number))) - finest + 1))
    return reference_text(float(f"{number:.{digits}g}"))


def tolerance_text(tolerance: Tolerance) -> str:
    """Such as ``±0.01`` or ``±0.1 %``; empty where the very number is asked for."""
    if tolerance.size == 0.0:
        return ""
    return f"±{100.0 * tolerance.size:g} %" if tolerance.is_relative else f"±{tolerance.size:.3g}"


def worst(verdict: Verdict) -> int:
    """Which number of a case lies farthest from its reference, measured by the tolerance."""

    def distance(index: int) -> float:
        wanted, found = verdict.case.reference[index], verdict.computed[index]
        away, allowed = abs(found - wanted), verdict.case.tolerance.allowed(wanted)
        if math.isnan(away) or (allowed == 0.0 and away > 0.0):
            return math.inf
        return away / allowed if allowed else 0.0

    return max(range(min(len(verdict.case.reference), len(verdict.computed))), key=distance)
