"""A study's own assumptions, laid over the priors and figures of a catalogue."""

from collections.abc import Sequence
from typing import NamedTuple

from steeldome.errors import Fault
from steeldome.inputs.prior import Bracket, Prior
from steeldome.inputs.reading import dotted
from steeldome.inputs.replacement import check_assumptions, replaced_numbers, target_of
from steeldome.inputs.study import Assumption, Study
from steeldome.inputs.target import OwnValue, Replaceable, own_value


class Overlay(NamedTuple):
    """What a study puts in place of the catalogue's own.

    Attributes
    ----------
    priors : dict of str to Prior
        By id.
    own : dict of (str, str) to OwnValue
        By item or threat, and quantity.
    """

    priors: dict[str, Prior]
    own: dict[tuple[str, str], OwnValue]


def read_overlay(known: Replaceable, overlay: Study | Sequence[Assumption] | None) -> tuple[Overlay, list[Fault]]:
    """What a study replaces.

    Parameters
    ----------
    known : Replaceable
        What there is to replace.
    overlay : Study, or sequence of Assumption, or None
        A number that is not given stays as it is; a text without a unit is allowed for ratios and counts.

    Returns
    -------
    found : Overlay
    faults : list of Fault
        With lines if the study was read from a file.
    """
    tree = overlay._tree if isinstance(overlay, Study) else None
    assumptions = overlay.assumptions if isinstance(overlay, Study) else tuple(overlay or ())
    faults, broken = [], set()
    for place, message in check_assumptions(assumptions, known):
        broken.add(place[0])
        place = ("assumptions", *place)
        faults.append(tree.fault(place, message) if tree else Fault("", 0, dotted(place), message))
    found = Overlay({}, {})
    for index, assumption in enumerate(assumptions):
        target = target_of(assumption, known)
        if index in broken or target is None:
            continue
        numbers, _ = replaced_numbers(assumption, target)
        bracket = Bracket(unit=target.unit, low=numbers["low"], value=numbers["value"], high=numbers["high"])
        if assumption.prior is not None:
            changed = {"bracket": bracket, "reason": assumption.reason, "direction": "unknown"}
            found.priors[assumption.prior] = known.priors[assumption.prior].model_copy(update=changed)
        else:
            owner, _, quantity = target.name.partition(".")
            found.own[owner, quantity] = own_value(target, bracket, assumption.reason)
    return found, faults
