"""A study's own assumptions, laid over the priors of a catalogue."""

from collections.abc import Iterator, Mapping, Sequence

from steeldome.errors import Fault
from steeldome.inputs.prior import QUANTITIES, Bracket, Prior, out_of_bounds, parse_amount
from steeldome.inputs.reading import suggest
from steeldome.inputs.study import Assumption, Study
from steeldome.units import base_unit, format_quantity


def assumptions_of(overlay: Study | Sequence[Assumption] | None) -> tuple[Assumption, ...]:
    """Assumptions of a study, or of a plain list."""
    if overlay is None:
        return ()
    return overlay.assumptions if isinstance(overlay, Study) else tuple(overlay)


def apply_overlay(
    priors: Mapping[str, Prior], overlay: Study | Sequence[Assumption] | None
) -> tuple[dict[str, Prior], list[Fault]]:
    """Replace brackets and reasons of priors by those of a study.

    Parameters
    ----------
    priors : mapping of str to Prior
        By id.
    overlay : Study, or sequence of Assumption, or None
        A number that is not given stays as it is; a text without a unit is allowed for ratios and counts.

    Returns
    -------
    replaced : dict of str to Prior
    faults : list of Fault
        With lines if the study was read from a file.
    """
    tree = overlay._tree if isinstance(overlay, Study) else None
    replaced, faults = dict(priors), []
    seen: set[str] = set()
    for index, assumption in enumerate(assumptions_of(overlay)):
        findings = list(_findings(priors, seen, assumption))
        for key, message in findings:
            place = ("assumptions", index, *((key,) if key else ()))
            where = f"assumptions[{index}]" + (f".{key}" if key else "")
            faults.append(tree.fault(place, message) if tree else Fault("", 0, where, message))
        if not findings:
            prior = priors[assumption.prior]
            low, value, high = _numbers(prior, assumption)
            unit = base_unit(QUANTITIES[prior.quantity].dimension)
            bracket = Bracket(unit=unit, low=low, value=value, high=high)
            changed = {"bracket": bracket, "reason": assumption.reason, "direction": "unknown"}
            replaced[prior.id] = prior.model_copy(update=changed)
        seen.add(assumption.prior)
    return replaced, faults


def _findings(priors: Mapping[str, Prior], seen: set[str], assumption: Assumption) -> Iterator[tuple[str, str]]:
    """What is wrong with one assumption: the key, and a sentence."""
    prior = priors.get(assumption.prior)
    if prior is None:
        yield "prior", f"no prior '{assumption.prior}' in the catalogue{suggest(assumption.prior, priors)}"
        return
    if prior.id in seen:
        yield "prior", f"'{prior.id}' is replaced twice; keep one"
    if assumption.low is None and assumption.value is None and assumption.high is None:
        yield "", "replaces nothing; write 'value', 'low' or 'high'"
    broken = False
    for key in ("low", "value", "high"):
        text = getattr(assumption, key)
        if text is None:
            continue
        try:
            number = parse_amount(text, prior.quantity)
        except ValueError as reason:
            yield key, str(reason)
            broken = True
            continue
        message = out_of_bounds(prior.quantity, (number,))
        if message:
            yield key, message
            broken = True
    if broken:
        return
    numbers = _numbers(prior, assumption)
    if not numbers[0] <= numbers[1] <= numbers[2]:
        dimension = QUANTITIES[prior.quantity].dimension
        shown = ", ".join(format_quantity(number, dimension) for number in numbers)
        yield "", f"low, value and high would be {shown}, out of order; write all three"


def _numbers(prior: Prior, assumption: Assumption) -> tuple[float, float, float]:
    """Low, value and high in SI after the replacement."""
    low, value, high = (
        getattr(prior.bracket, key) if text is None else parse_amount(text, prior.quantity)
        for key, text in (("low", assumption.low), ("value", assumption.value), ("high", assumption.high))
    )
    return low, value, high
