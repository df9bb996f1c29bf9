"""Rules for laydowns, their deltas, the inventory behind them, and the questions that name them.

As in `steeldome.inputs.references`, all checks walk places, so that they run alike on the tree of a file that does not
validate and on a built study.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from steeldome.inputs.laydown import VARIANTS, split_variants
from steeldome.inputs.reading import Finding, Place, at, ids_at, matches, suggest
from steeldome.units import format_quantity

QUERIES: Final = ("comparison", "years", "suppliers", "picture", "recorded")
_CHANGES: Final = ("add", "remove", "join")
_UNITS: Final = (("laydowns", "*", "units", "*"), ("deltas", "*", "add", "*"))
_ORDERS: Final = (
    ("pathways", "policies", "*", "orders", "*"),
    ("pathways", "futures", "*", "orders", "*"),
)
_COUNTS: Final = ("inventory", "*", "counts", "*")

#: Where the id of a system stands.
SYSTEM_PLACES: Final = (
    *((*place, "system") for place in (*_UNITS, *_ORDERS)),
    ("deltas", "*", "remove", "*", "system"),
    ("deltas", "*", "join", "*", "system"),
    ("inventory", "*", "system"),
)
#: Where the id of a source stands.
SOURCE_PLACES: Final = (*((*place, "source") for place in (*_UNITS, *_ORDERS, _COUNTS)), ("claims", "*", "source"))
#: Where the id of a laydown stands that a delta, a policy or a variant may have changed.
_FORCES: Final = (
    ("experiments", "laydowns", "*"),
    ("claims", "*", "comparison", "of"),
    ("claims", "*", "comparison", "than", "*"),
    ("claims", "*", "suppliers", "of"),
    ("claims", "*", "suppliers", "than"),
    ("claims", "*", "picture", "of"),
    ("claims", "*", "picture", "than"),
)


def check_laydowns(study: object) -> Iterator[Finding]:
    """Faults of laydowns, deltas, inventory and orders."""
    yield from _delta_rules(study)
    yield from _reasons(study)
    yield from _sites(study)
    yield from _holdings(study)
    yield from _within_inventory(study)
    yield from _double_ids(study)


def check_questions(study: object) -> Iterator[Finding]:
    """Faults of experiments, pathways and claims: laydowns that do not exist, comparisons across years."""
    allowed = _forces(study)
    if allowed is not None:
        for place, found in chain.from_iterable(matches(study, pattern) for pattern in _FORCES):
            if isinstance(found, str) and split_variants(found)[0] not in allowed:
                yield place, f"no laydown '{found}' in this study{suggest(found, sorted(allowed)) or _how(allowed)}"
    yield from _claim_rules(study)
    yield from _years(study, allowed or {})
    seen: dict[int, str] = {}
    for place, name in matches(study, ("pathways", "laydowns", "*")):
        year = (allowed or {}).get(str(name))
        if year is not None and year in seen:
            yield place, f"is of {year}, as '{seen[year]}' is; name one laydown a year"
        elif year is not None:
            seen[year] = str(name)


def equal_money(study: object, prices: Mapping[str, tuple[float, float]]) -> Iterator[Finding]:
    """Deltas that claim to cost as much as another one and cannot, whatever the prices inside their brackets."""
    by_id = {at(delta, ("id",)): delta for _, delta in matches(study, ("deltas", "*"))}
    for place, delta in matches(study, ("deltas", "*")):
        other = by_id.get(at(delta, ("equal_money_to",)))
        if other is None:
            continue
        own, its = _cost(delta, prices), _cost(other, prices)
        if own is None or its is None:
            yield (*place, "equal_money_to"), "a system of one of the two has no price in the catalogue; take it out"
        elif own[0] > its[1] or own[1] < its[0]:
            shown = [" to ".join(format_quantity(end, "money") for end in cost) for cost in (own, its)]
            yield (
                (*place, "equal_money_to"),
                f"costs {shown[0]} and '{at(other, ('id',))}' {shown[1]}; change a count until the brackets meet",
            )


def _cost(delta: object, prices: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    low = high = 0.0
    for _, entry in matches(delta, ("add", "*")):
        price, count = prices.get(str(at(entry, ("system",)))), _number(at(entry, ("count",)))
        if price is None or count is None:
            return None
        low, high = low + count * price[0], high + count * price[1]
    return low, high


def _delta_rules(study: object) -> Iterator[Finding]:
    """A delta changes something, takes away what is there, and joins what stands alone."""
    pictures = {
        system: at(study, (*place[:2], "id"))
        for place, system in matches(study, ("networks", "*", "members", "*"))
        if isinstance(system, str)
    }
    for place, delta in matches(study, ("deltas", "*")):
        if all(at(delta, (key,)) is None for key in _CHANGES):
            yield place, "changes nothing; write 'add', 'remove' or 'join'"
        added = Counter({system: 1 for _, system in matches(delta, ("add", "*", "system")) if isinstance(system, str)})
        for where, removal in matches(delta, ("remove", "*")):
            system, count = at(removal, ("system",)), _number(at(removal, ("count",)))
            for laydown, held in _held(study, delta):
                if isinstance(system, str) and count is not None and count > held[system]:
                    there = f"there are {held[system]}" if held[system] else "there is none"
                    message = f"takes {count} of '{system}' away, in '{laydown}' {there}; lower it, or narrow 'to'"
                    yield (*place, *where, "count"), message
                    break
        for where, joining in matches(delta, ("join", "*")):
            system = at(joining, ("system",))
            if not isinstance(system, str):
                continue
            if system in pictures:
                message = f"'{system}' is already a member of network '{pictures[system]}'; remove the entry"
                yield (*place, *where, "system"), message
                continue
            for laydown, held in _held(study, delta):
                if not held[system] and system not in added:
                    yield (
                        (*place, *where, "system"),
                        f"no '{system}' stands in '{laydown}'; add it, or narrow 'to'",
                    )
                    break


def _held(study: object, delta: object) -> Iterator[tuple[str, Counter[str]]]:
    """Each laydown that a delta changes, and its units by system; one that is wrong in another way is left out."""
    chosen = at(delta, ("to",))
    for _, laydown in matches(study, ("laydowns", "*")):
        name, held = str(at(laydown, ("id",))), _units_of(laydown)
        if held is not None and (not isinstance(chosen, list | tuple) or name in chosen):
            yield name, held


def _units_of(laydown: object) -> Counter[str] | None:
    """Units by system; None where an entry is wrong in another way."""
    held: Counter[str] = Counter()
    for _, entry in matches(laydown, ("units", "*")):
        system, count = at(entry, ("system",)), _number(at(entry, ("count",)))
        if not isinstance(system, str) or count is None:
            return None
        held[system] += count
    return held


def _reasons(study: object) -> Iterator[Finding]:
    """Every count has a source or a reason; units that are held have it in the inventory, if there is one."""
    has_inventory = any(True for _ in matches(study, ("inventory", "*")))
    for pattern in (*_UNITS, *_ORDERS, _COUNTS):
        for place, entry in matches(study, pattern):
            source, reason = at(entry, ("source",)), at(entry, ("assumption",))
            is_own = not (_flag(entry, "lent") or _flag(entry, "acquired"))
            is_known = pattern in _UNITS and is_own and has_inventory
            if source is not None and reason is not None:
                yield (*place, "assumption"), "stands beside a source; keep one of 'source' and 'assumption'"
            elif source is None and reason is None and not is_known:
                yield place, "has neither a source nor an assumption; write 'source: ID' or 'assumption: reason'"


def _sites(study: object) -> Iterator[Finding]:
    for pattern in _UNITS:
        for place, unit in matches(study, pattern):
            rule, site = at(unit, ("rule",)), at(unit, ("site",))
            if rule == "fixed" and site is None:
                shown = "site: {latitude: 38.3 deg, longitude: 37.8 deg}"
                yield (*place, "rule"), f"a fixed unit needs a site; write for example '{shown}'"
            elif site is not None and rule != "fixed":
                yield (*place, "site"), "only a unit with 'rule: fixed' has a site; add it or remove the site"


def _holdings(study: object) -> Iterator[Finding]:
    """A system stands in the inventory once, and each of its years once."""
    systems: dict[str, int] = {}
    for place, holding in matches(study, ("inventory", "*")):
        system = at(holding, ("system",))
        if isinstance(system, str) and systems.setdefault(system, int(place[1])) != place[1]:
            yield (*place, "system"), f"'{system}' stands already at item [{systems[system]}]; keep one"
        years: set[object] = set()
        for where, year in matches(holding, ("counts", "*", "year")):
            number = _number(year)
            if number is not None and number in years:
                yield (*place, *where), f"{number} stands here twice; keep one"
            years.add(number)


def _within_inventory(study: object) -> Iterator[Finding]:
    """Units that are neither lent nor acquired are within the inventory of the laydown's year."""
    inventory = {
        str(at(holding, ("system",))): {
            _number(at(entry, ("year",))): _number(at(entry, ("count",)))
            for _, entry in matches(holding, ("counts", "*"))
        }
        for _, holding in matches(study, ("inventory", "*"))
    }
    if not inventory:
        return
    for place, laydown in matches(study, ("laydowns", "*")):
        year = _number(at(laydown, ("year",)))
        name = str(at(laydown, ("id",)))
        held: Counter[str] = Counter()
        yield from _over(place, "units", laydown, held, inventory, year)
        for where, delta in matches(study, ("deltas", "*")):
            chosen = at(delta, ("to",))
            if not isinstance(chosen, list | tuple) or name in chosen:
                left = Counter(held)
                for _, removal in matches(delta, ("remove", "*")):
                    left[str(at(removal, ("system",)))] -= _number(at(removal, ("count",))) or 0
                yield from _over(where, "add", delta, left, inventory, year)


def _over(
    place: Place,
    key: str,
    owner: object,
    held: Counter[str],
    inventory: Mapping[str, Mapping[int | None, int | None]],
    year: int | None,
) -> Iterator[Finding]:
    """Entries that take more out of the inventory than it holds; ``held`` counts what is taken."""
    for where, entry in matches(owner, (key, "*")):
        system, count = at(entry, ("system",)), _number(at(entry, ("count",)))
        if not isinstance(system, str) or count is None or year is None:
            continue
        if _flag(entry, "lent") or _flag(entry, "acquired"):
            continue
        held[system] += count
        limit = inventory.get(system, {}).get(year)
        if limit is None:
            message = f"the inventory has no count of '{system}' for {year}; add one under 'inventory', or mark the"
            yield (*place, *where, "system"), f"{message} unit 'lent: true' or 'acquired: true'"
        elif held[system] > limit:
            message = f"{held[system]} of '{system}' stand here, the inventory of {year} has {limit}; lower the count,"
            yield (
                (*place, *where, "count"),
                f"{message} raise the inventory with its source, or mark what is bought 'acquired: true'",
            )


def _double_ids(study: object) -> Iterator[Finding]:
    """No two ways lead to the same id, and no id ends like a variant."""
    for pattern in (("laydowns", "*", "id"), ("deltas", "*", "id"), ("pathways", "futures", "*", "id")):
        for place, name in matches(study, pattern):
            ending = str(name).rpartition("-")[2]
            if isinstance(name, str) and ending in VARIANTS:
                yield place, f"must not end in '{ending}', which stands for a variant of every laydown; choose another"
    seen: dict[str, object] = {}
    for _, place, name, _ in _expanded(study):
        own = at(study, place)
        if seen.setdefault(name, own) != own:
            yield place, f"gives a laydown '{name}' that is there already; choose another id"


def _expanded(study: object) -> Iterator[tuple[str, Place, str, int | None]]:
    """Laydown, place, id and year of everything that can stand against a raid, without variants."""
    for place, laydown in matches(study, ("laydowns", "*")):
        base, year = str(at(laydown, ("id",))), _number(at(laydown, ("year",)))
        yield base, (*place, "id"), base, year
        for where, delta in matches(study, ("deltas", "*")):
            chosen = at(delta, ("to",))
            if not isinstance(chosen, list | tuple) or base in chosen:
                yield base, (*where, "id"), f"{base}-{at(delta, ('id',))}", year
        if base in [name for _, name in matches(study, ("pathways", "laydowns", "*"))]:
            for where, policy in matches(study, ("pathways", "policies", "*", "id")):
                for _, future in matches(study, ("pathways", "futures", "*", "id")):
                    yield base, where, f"{base}-{policy}-{future}", year


def _forces(study: object) -> dict[str, int | None] | None:
    """Year of everything that can stand against a raid, by id; None where an id is missing."""
    if ids_at(study, ("laydowns", "*", "id")) is None:
        return None
    return {name: year for _, _, name, year in _expanded(study)}


def _how(allowed: Mapping[str, object]) -> str:
    shown = ", ".join(list(allowed)[:6])
    return f"; allowed: {shown}{', ...' if len(allowed) > 6 else ''}, each also with '-alone' or '-common'"


def _claim_rules(study: object) -> Iterator[Finding]:
    for place, claim in matches(study, ("claims", "*")):
        asked = [key for key in QUERIES if at(claim, (key,)) is not None]
        if not asked:
            yield place, f"asks nothing; write one of {', '.join(QUERIES)}"
        elif len(asked) > 1:
            yield (*place, asked[1]), f"stands beside '{asked[0]}'; a claim has one query, make two claims"
        if "years" in asked and at(study, ("pathways",)) is None:
            yield (*place, "years"), "needs 'pathways'; add policies and futures to the study"


def _years(study: object, years: Mapping[str, int | None]) -> Iterator[Finding]:
    """Only laydowns of one year are compared."""
    for key in ("comparison", "suppliers", "picture"):
        for place, query in matches(study, ("claims", "*", key)):
            of, than = str(at(query, ("of",))), at(query, ("than",))
            for other in than if isinstance(than, list | tuple) else [than]:
                own, its = years.get(split_variants(of)[0]), years.get(split_variants(str(other))[0])
                if own is not None and its is not None and own != its:
                    message = f"compares '{of}' of {own} with '{other}' of {its}; only laydowns of one year are"
                    yield (*place, "than"), f"{message} compared, name one of {own}"


def _flag(entry: object, key: str) -> bool:
    return at(entry, (key,)) in (True, "true")


def _number(found: object) -> int | None:
    """Whole number of a text or a number; None where the schema already complains."""
    try:
        return int(found)  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError):
        return None
