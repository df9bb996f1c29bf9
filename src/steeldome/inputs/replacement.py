"""The assumptions of a study against what they replace: names, units, bounds and order of their numbers."""

from collections.abc import Iterator
from typing import Final

from steeldome.inputs.prior import out_of_bounds, parse_amount, working_value
from steeldome.inputs.reading import Finding, at, matches, suggest
from steeldome.inputs.target import SSPK, Replaceable, Target, prior_target
from steeldome.inputs.threat import THREAT_GROUPS
from steeldome.units import format_quantity, parse_number

BRACKET: Final = ("low", "value", "high")
_EXAMPLES: Final = "write 'prior: sspk.lrad.cruise', or 'of: siper_b1' with 'quantity: sspk.cruise'"


def check_assumptions(assumptions: object, known: Replaceable) -> Iterator[Finding]:
    """Faults of a list of assumptions against what they replace; a place begins with the number of one."""
    seen: set[str] = set()
    for place, assumption in matches(assumptions, ("*",)):
        for where, message in _faults(assumption, known, seen):
            yield (*place, *where), message


def target_of(assumption: object, known: Replaceable) -> Target | None:
    """What an assumption replaces; None if its name says nothing that is known."""
    name, owner, quantity = (at(assumption, (key,)) for key in ("prior", "of", "quantity"))
    if isinstance(name, str):
        return prior_target(known.priors[name]) if name in known.priors else None
    if isinstance(owner, str) and isinstance(quantity, str) and owner in known.owners:
        return known.targets(owner).get(quantity)
    return None


def replaced_numbers(assumption: object, target: Target) -> tuple[dict[str, float], list[Finding]]:
    """Low, value and high (SI) after a replacement, and the faults of those that are wrong.

    A number that is not given stays as it is; low and high without a value put it at their `working_value`.
    """
    given = {key: at(assumption, (key,)) for key in BRACKET}
    numbers: dict[str, float] = {}
    faults: list[Finding] = []
    for key, text in given.items():
        if not isinstance(text, str):
            numbers[key] = getattr(target, key)
            continue
        try:
            number = parse_amount(text, target.quantity)
        except ValueError as reason:
            faults.append(((key,), _without_unit(text, target) or str(reason)))
            continue
        if message := out_of_bounds(target.quantity, [number]):
            faults.append(((key,), message))
        else:
            numbers[key] = number
    if given["value"] is None and None not in (given["low"], given["high"]) and not faults:
        numbers["value"] = working_value(numbers["low"], numbers["high"])
    return numbers, faults


def _faults(assumption: object, known: Replaceable, seen: set[str]) -> Iterator[Finding]:
    """Faults of one assumption; places inside it."""
    target = target_of(assumption, known)
    naming = list(_naming_faults(assumption, known))
    yield from naming
    if target is None or naming:
        return
    if target.name in seen:
        key = "prior" if at(assumption, ("prior",)) is not None else "quantity"
        yield (key,), f"'{target.name}' is replaced twice; keep one"
    seen.add(target.name)
    if all(at(assumption, (key,)) is None for key in BRACKET):
        yield (), "replaces nothing; write 'value', 'low' or 'high'"
    numbers, faults = replaced_numbers(assumption, target)
    yield from faults
    ordered = [numbers[key] for key in BRACKET if key in numbers]
    if not faults and sorted(ordered) != ordered:
        shown = ", ".join(_shown(number, target) for number in ordered)
        yield (), f"low, value and high would be {shown}, out of order; write all three"


def _naming_faults(assumption: object, known: Replaceable) -> Iterator[Finding]:
    """What is wrong with the name of what is replaced."""
    name, owner, quantity = (at(assumption, (key,)) for key in ("prior", "of", "quantity"))
    if name is not None:
        other = next((key for key in ("of", "quantity") if at(assumption, (key,)) is not None), None)
        if other is not None:
            yield (other,), "stands beside 'prior'; keep 'prior' for all peers, or 'of' and 'quantity' for one alone"
        elif isinstance(name, str) and name not in known.priors:
            yield ("prior",), f"no prior '{name}' in the catalogue{suggest(name, known.priors)}"
    elif owner is None:
        yield (), f"has no 'of'; {_EXAMPLES}" if quantity is not None else f"names nothing to replace; {_EXAMPLES}"
    elif isinstance(owner, str) and owner not in known.owners:
        yield ("of",), f"no item or threat '{owner}' in the catalogue{suggest(owner, known.owners)}"
    elif isinstance(owner, str) and quantity is None:
        yield (), f"says nothing of what it replaces for '{owner}'; {_allowed(owner, known)}"
    elif isinstance(owner, str) and isinstance(quantity, str) and quantity not in known.targets(owner):
        first, _, group = quantity.partition(".")
        has_any = any(name.startswith(f"{SSPK}.") for name in known.targets(owner))
        is_zero = has_any and first == SSPK and group in THREAT_GROUPS
        found = f"'{owner}' has no claim against '{group}', so that its sspk is zero by rule"
        hint = ("" if is_zero else suggest(quantity, known.targets(owner))) or f"; {_allowed(owner, known)}"
        yield ("quantity",), (found if is_zero else f"no model asks for '{quantity}' of '{owner}'") + hint


def _without_unit(text: str, target: Target) -> str:
    """Sentence for a bare number, with the unit that the catalogue writes; empty for anything else."""
    try:
        parse_number(text)
    except ValueError:
        return ""
    return f"{text} has no unit; write for example '{text} {target.unit}'"


def _shown(number: float, target: Target) -> str:
    text = format_quantity(number, target.dimension)
    return text.partition(" ")[0] if target.dimension in ("ratio", "count") else text


def _allowed(owner: str, known: Replaceable) -> str:
    names = sorted({target.name.partition(".")[2] for target in known.targets(owner).values()})
    return f"allowed: {', '.join(names)}" if names else f"no model asks anything of '{owner}' alone; name a prior"
