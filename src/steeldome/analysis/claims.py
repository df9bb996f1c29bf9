"""Whether the measures of a run support what was claimed: verdicts by rule, or by the record where no model can."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from steeldome.analysis.measures import LOWER_IS_BETTER
from steeldome.analysis.procurement import holders, on_picture
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.claim import Claim, Comparison, Verdict
from steeldome.inputs.force import force_of
from steeldome.inputs.study import Study

Shown = Literal["none", "depends", "lower", "higher"]


class Finding(NamedTuple):
    """One comparison behind a verdict: the second laydown minus the first against a raid."""

    raid: str
    first: str
    second: str
    measure: Mapping[str, Any]


class Answer(NamedTuple):
    """What a run says of one claim.

    Attributes
    ----------
    verdict : str or None
        None if the cases that it asks for were not played.
    findings : tuple of Finding
        Of a comparison.
    years : mapping or None
        As `steeldome.analysis.years.years_to_threshold` gives them.
    states : (tuple of str, tuple of str) or None
        Those who can withhold something from the second and from the first laydown.
    shares : ((int, int), (int, int)) or None
        Fire units on the picture, and all fire units, of the second and of the first laydown.
    """

    claim: Claim
    verdict: Verdict | None
    findings: tuple[Finding, ...] = ()
    years: Mapping[str, Any] | None = None
    states: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    shares: tuple[tuple[int, int], tuple[int, int]] | None = None


def shown(value: float, low: float, high: float, input_low: float, input_high: float) -> Shown:
    """What a paired difference shows: nothing if chance covers zero, ``depends`` if the input band has both signs."""
    if low <= 0.0 <= high:
        return "none"
    if input_low < 0.0 < input_high:
        return "depends"
    return "lower" if value < 0.0 else "higher"


def answers(study: Study, catalogue: Catalogue, measures: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Answer to each claim of a study.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
    measures : mapping
        Content of ``measures.json`` of a run.
    """
    differences = {(d["raid"], d["first"], d["second"]): d["measures"] for d in measures["differences"]}
    found = []
    for claim in study.claims:
        if claim.comparison is not None:
            found.append(_compared(claim, claim.comparison, differences))
        elif claim.years is not None:
            years = measures["years_gained"].get(claim.id)
            found.append(Answer(claim, _of_years(years) if years else None, years=years))
        elif claim.suppliers is not None:
            forces = (force_of(study, name) for name in (claim.suppliers.of, claim.suppliers.than))
            own, its = (tuple(sorted(holders(catalogue, force.units, study.meta.country))) for force in forces)
            found.append(Answer(claim, "supported" if len(own) < len(its) else "not_supported", states=(own, its)))
        elif claim.picture is not None:
            asked = claim.picture
            one, other = (on_picture(catalogue, force_of(study, n), asked.network) for n in (asked.of, asked.than))
            is_more = one[0] * other[1] > other[0] * one[1]
            found.append(Answer(claim, "supported" if is_more else "not_supported", shares=(one, other)))
        elif claim.recorded is not None:
            found.append(Answer(claim, claim.recorded.verdict))
    return tuple(found)


def _compared(claim: Claim, asked: Comparison, differences: Mapping[tuple[str, str, str], Mapping[str, Any]]) -> Answer:
    found = []
    for raid in asked.raids:
        for other in asked.than:
            measure = differences.get((raid, other, asked.of), {}).get(asked.measure)
            if measure is None:
                return Answer(claim, None)
            found.append(Finding(raid, other, asked.of, measure))
    said = [shown(*(one.measure[key] for key in ("value", "low", "high", "input_low", "input_high"))) for one in found]
    return Answer(claim, verdict_of(said, asked.measure, asked.needs), tuple(found))


def verdict_of(said: Sequence[Shown], measure: str, needs: Literal["better", "no_worse"]) -> Verdict:
    """Verdict on a comparison from what its differences show.

    Notes
    -----
    Shown worse in any of them: not supported. Else a sign that hangs on the inputs: depends. Else supported, if it is
    shown better in one of them or nothing more than no worse is asked.
    """
    better, worse = ("lower", "higher") if measure in LOWER_IS_BETTER else ("higher", "lower")
    if worse in said:
        return "not_supported"
    if "depends" in said:
        return "depends"
    return "supported" if better in said or needs == "no_worse" else "not_supported"


def _of_years(years: Mapping[str, Any]) -> Verdict:
    said = shown(*(years[key] for key in ("value", "low", "high", "input_low", "input_high")))
    return {"higher": "supported", "depends": "depends"}.get(said, "not_supported")  # type: ignore[return-value]
