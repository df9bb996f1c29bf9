"""A study's own assumptions, laid over the priors of a catalogue."""

from collections.abc import Mapping, Sequence

from steeldome.errors import Fault
from steeldome.inputs.prior import QUANTITIES, Bracket, Prior, parse_amount
from steeldome.inputs.reading import dotted
from steeldome.inputs.references import BRACKET, check_assumptions
from steeldome.inputs.study import Assumption, Study
from steeldome.units import base_unit


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
    assumptions = assumptions_of(overlay)
    replaced, faults, broken = dict(priors), [], set()
    for place, message in check_assumptions(assumptions, priors):
        broken.add(place[0])
        place = ("assumptions", *place)
        faults.append(tree.fault(place, message) if tree else Fault("", 0, dotted(place), message))
    for index, assumption in enumerate(assumptions):
        if index not in broken:
            prior = priors[assumption.prior]
            low, value, high = _numbers(prior, assumption)
            unit = base_unit(QUANTITIES[prior.quantity].dimension)
            bracket = Bracket(unit=unit, low=low, value=value, high=high)
            changed = {"bracket": bracket, "reason": assumption.reason, "direction": "unknown"}
            replaced[prior.id] = prior.model_copy(update=changed)
    return replaced, faults


def _numbers(prior: Prior, assumption: Assumption) -> tuple[float, float, float]:
    """Low, value and high in SI after the replacement."""
    given = {key: getattr(assumption, key) for key in BRACKET}
    low, value, high = (
        getattr(prior.bracket, key) if text is None else parse_amount(text, prior.quantity)
        for key, text in given.items()
    )
    return low, value, high
