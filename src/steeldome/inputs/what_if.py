"""What-ifs in one line, such as ``siper_b1.sspk.cruise=0.5:0.8``, written into a study as assumptions."""

from collections.abc import Mapping, Sequence
from typing import Final

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.editing import ASSUMPTIONS, with_assumptions
from steeldome.inputs.reading import parse_yaml, suggest
from steeldome.inputs.references import KnownIds
from steeldome.inputs.replacement import BRACKET, check_assumptions, target_of
from steeldome.inputs.study import Study, read_study
from steeldome.inputs.target import Replaceable
from steeldome.units import parse_number

OPTION: Final = "--set"
REASON: Final = "what-if given on the command line"

_FORMS: Final[Mapping[int, tuple[str, ...]]] = {1: ("value",), 2: ("low", "high"), 3: BRACKET}
_EXAMPLE: Final = "write NAME=VALUE, NAME=LOW:HIGH or NAME=LOW:VALUE:HIGH, for example 'siper_b1.sspk.cruise=0.5:0.8'"


def with_what_ifs(study: Study, what_ifs: Sequence[str], known: KnownIds) -> Study:
    """A study with what-ifs among its assumptions; what it says of the same numbers itself gives way.

    Parameters
    ----------
    study : Study
        Read from a file, without faults.
    what_ifs : sequence of str
        ``NAME=VALUE``, ``NAME=LOW:HIGH`` or ``NAME=LOW:VALUE:HIGH``. The name is the id of a prior, for all peers, or
        ``ITEM.QUANTITY`` for one item or threat alone. A value alone keeps the bracket; low and high alone put the
        value at their geometric mean, or in their middle if the bracket does not begin above zero.
    known : KnownIds
        With what may be replaced.

    Returns
    -------
    Study
        As if read from the edited text; its folder is that of the study.

    Raises
    ------
    ScenarioError
        With every fault of every what-if.
    """
    if not what_ifs:
        return study
    assert known.replaceable is not None and study.text is not None and study.folder is not None
    standing = [assumption.model_dump(exclude_none=True) for assumption in study.assumptions]
    entries, faults = _entries(what_ifs, standing, known.replaceable)
    if faults:
        raise ScenarioError(faults)
    changed = {number: keys for number, keys in entries if number is not None}
    new = [keys for number, keys in entries if number is None]
    text = study.text.decode("utf-8-sig")
    edited = with_assumptions(text, changed, new).encode("utf-8")
    before, after = (parse_yaml(data, study.file).root for data in (study.text, edited))
    assert isinstance(before, dict) and isinstance(after, dict)
    listed = before.get(ASSUMPTIONS) or []
    assert isinstance(listed, list)
    wanted = [*new, *(changed.get(number, keys) for number, keys in enumerate(listed))]
    if {**before, ASSUMPTIONS: wanted} != after:
        message = f"cannot be edited by the program; write the assumptions into it yourself: {new}"
        raise ScenarioError([Fault(study.file, 0, ASSUMPTIONS, message)])
    return read_study(edited, study.file, known)


def what_ifs_of(study: Study) -> tuple[str, ...]:
    """The what-ifs in a study, as they would be asked for again."""
    found = []
    for assumption in study.assumptions:
        if assumption.reason == REASON:
            name = assumption.prior or f"{assumption.of}.{assumption.quantity}"
            numbers = (getattr(assumption, key) for key in BRACKET)
            found.append(f"{name}={':'.join(number for number in numbers if number is not None)}")
    return tuple(found)


def _entries(
    what_ifs: Sequence[str], standing: Sequence[Mapping[str, str]], known: Replaceable
) -> tuple[list[tuple[int | None, dict[str, str]]], list[Fault]]:
    """Keys of the assumption of each what-if, with the number of the standing one that it changes; and all faults."""
    by_target = {target.name: n for n, keys in enumerate(standing) if (target := target_of(keys, known)) is not None}
    names, entries, faults = [], [], []
    for asked in what_ifs:
        name, equals, numbers = (part.strip() for part in asked.partition("="))
        parts = [part.strip() for part in numbers.split(":")]
        naming = _naming(name, known)
        if not equals or len(parts) not in _FORMS:
            faults.append(Fault(OPTION, 0, asked, f"is no what-if; {_EXAMPLE}"))
        elif isinstance(naming, str):
            faults.append(Fault(OPTION, 0, name, naming))
        else:
            given = dict(zip(_FORMS[len(parts)], _with_units(parts), strict=True))
            target = target_of(naming, known)
            number = by_target.get(target.name) if target is not None else None
            kept = dict(standing[number]) if number is not None else {}
            if len(parts) == 2:
                kept.pop("value", None)
            names.append(name)
            entries.append((number, {**kept, **(naming if number is None else {}), **given, "reason": REASON}))
    for place, message in check_assumptions([keys for _, keys in entries], known):
        assert isinstance(place[0], int)
        faults.append(Fault(OPTION, 0, names[place[0]], message.replace("write all three", "write LOW:VALUE:HIGH")))
    return entries, faults


def _naming(name: str, known: Replaceable) -> dict[str, str] | str:
    """Keys that name what is replaced, or what is wrong with the name."""
    owner, dot, quantity = name.partition(".")
    if name in known.priors:
        return {"prior": name}
    if owner in known.owners:
        return {"of": owner, "quantity": quantity} if quantity else {"of": owner}
    owned = (f"{other}{dot}{quantity}" for other in known.owners)
    hint = suggest(name, (*known.priors, *owned)) or "; type 'steeldome catalogue list'"
    return f"no such prior, and no item or threat '{owner}' in the catalogue{hint}"


def _with_units(parts: Sequence[str]) -> list[str]:
    """Numbers without a unit take that of the last."""
    _, space, unit = parts[-1].partition(" ")
    return [f"{part}{space}{unit}" if space and _is_number(part) else part for part in parts]


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except ValueError:
        return False
    return True
