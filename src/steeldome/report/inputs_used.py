"""Which numbers entered a run: assumptions with their reasons, published values with their sources."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from steeldome.errors import ResultsError
from steeldome.inputs.what_if import REASON
from steeldome.report.collation import alphabetical
from steeldome.report.contents import Assumption, PublishedInput, SourceLine
from steeldome.report.labels import (
    asset_labels,
    class_labels,
    direction_names,
    grade_names,
    quantity_groups,
    quantity_names,
    unit_label,
)
from steeldome.report.wording import Translate
from steeldome.units import UNITS

if TYPE_CHECKING:
    from steeldome.experiments.folder import OpenRun
    from steeldome.inputs.base import LocalText, Value
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.prior import Bracket, Prior

PUBLISHED = "published"


def used_names(run: "OpenRun") -> dict[str, str]:
    """Origin of every number that entered the tables of any laydown and raid, by name, in order of name."""
    found: dict[str, str] = {}
    for case in run.cases:
        if case.sample == run.cases[0].sample:
            for entry in run.compiled(case.id).inputs_used:
                found[entry.name] = entry.origin
    return dict(sorted(found.items()))


def assumptions(
    catalogue: "Catalogue", entered: Mapping[str, str], language: str, translate: Translate
) -> tuple[Assumption, ...]:
    """Priors, what the study says itself, and figures marked as assumptions, in the order of the headings."""
    own = {value.input.name: value for value in catalogue.own.values()}
    groups = {
        word: (group, name) for group, names in quantity_groups(translate).items() for word, name in names.items()
    }
    order = {quantity: i for i, (_, quantity) in enumerate(groups.values())}
    directions = direction_names(translate)
    found: list[Assumption] = []
    for name, origin in entered.items():
        if origin == PUBLISHED:
            continue
        entry: Value | Bracket
        if name in catalogue.priors:
            prior = catalogue.priors[name]
            word, who, entry = prior.quantity, _applies(prior, translate), prior.bracket
            reason, direction = prior.reason, directions[prior.direction]
        elif name in own:
            word, entry, reason, direction = (
                own[name].input.quantity,
                own[name].bracket,
                own[name].reason,
                directions["unknown"],
            )
            who = _owner(catalogue, name, language, translate)
        else:
            owner, word, entry = _lookup(catalogue, name)
            who = owner.in_language(language)
            reason, direction = entry.note or "", directions["unknown"]
        group, quantity = groups.get(word, (translate("Others"), named(word, {})))
        low, value, high = (in_unit(number, entry.unit) for number in (entry.low, entry.value, entry.high))
        unit = unit_label(entry.unit, translate)
        found.append(Assumption(group, quantity, who, low, value, high, unit, reason, direction))
    by_name = alphabetical(language)
    merged = _merged(found, language)
    merged.sort(key=lambda line: (order.get(line.quantity, len(order)), by_name(line.quantity), by_name(line.name)))
    return tuple(merged)


def idle_what_ifs(catalogue: "Catalogue", entered: Mapping[str, str]) -> tuple[str, ...]:
    """What-ifs that nothing in the run asked for, by the names under which they were given."""
    priors = [name for name in catalogue.replaced if catalogue.priors[name].reason == REASON]
    own = [value.input.name for value in catalogue.own.values() if value.reason == REASON]
    return tuple(sorted(name for name in (*priors, *own) if name not in entered))


def _merged(lines: Iterable[Assumption], language: str) -> list[Assumption]:
    """Lines that differ only in whom they are for, as one line."""
    found: dict[Assumption, list[str]] = {}
    for line in lines:
        found.setdefault(line._replace(name=""), []).append(line.name)
    by_name = alphabetical(language)
    return [line._replace(name="; ".join(sorted(names, key=by_name)), n=len(names)) for line, names in found.items()]


def published(
    catalogue: "Catalogue", entered: Mapping[str, str], language: str, translate: Translate
) -> tuple[PublishedInput, ...]:
    """Published values that entered, item by item."""
    names, grades = quantity_names(translate), grade_names(translate)
    found: list[PublishedInput] = []
    for name, origin in entered.items():
        if origin != PUBLISHED:
            continue
        owner, parameter, entry = _lookup(catalogue, name)
        source_id = entry.source_id or ""
        grade = str(catalogue.sources[source_id].grade) if source_id else ""
        low, value, high = (in_unit(number, entry.unit) for number in (entry.low, entry.value, entry.high))
        item, what, how_good = owner.in_language(language), named(parameter, names), grades.get(grade, grade)
        found.append(
            PublishedInput(item, what, low, value, high, unit_label(entry.unit, translate), source_id, how_good)
        )
    by_name = alphabetical(language)
    return tuple(sorted(found, key=lambda line: (by_name(line.item), by_name(line.parameter))))


def sources(
    catalogue: "Catalogue",
    entered: Mapping[str, str],
    others: Iterable[str | None],
    language: str,
    translate: Translate,
) -> tuple[SourceLine, ...]:
    """Publications behind the published values and whatever else the study names, by title."""
    keys = {_lookup(catalogue, name)[2].source_id for name, origin in entered.items() if origin == PUBLISHED}
    grades = grade_names(translate)
    lines = []
    for key in sorted(key for key in keys | set(others) if key):
        source = catalogue.sources[key]
        grade = grades.get(str(source.grade), str(source.grade))
        lines.append(SourceLine(key, source.title, source.publisher or "", source.date or "", source.url or "", grade))
    by_name = alphabetical(language)
    return tuple(sorted(lines, key=lambda line: (by_name(line.title), line.id)))


def in_unit(number: float | None, unit: str) -> float | None:
    """A number in SI units, expressed in a unit of the catalogue; the unit ``1`` of a share stays as it is."""
    if number is None:
        return None
    found = UNITS[unit]
    if found.is_decibel:
        return 10.0 * math.log10(number)
    return float(f"{number / float(found.factor):.10g}")


def named(word: str, names: Mapping[str, str]) -> str:
    """Name of a quantity; a word without a name is written without underscores."""
    return names.get(word, word.replace("_", " "))


def _lookup(catalogue: "Catalogue", name: str) -> tuple["LocalText", str, "Value"]:
    """Name of the item or threat, parameter and value behind ``item.parameter``."""
    key, _, parameter = name.partition(".")
    found = catalogue.threats.get(key) or catalogue.items.get(key)
    if found is None or parameter not in found.parameters:
        raise ResultsError(
            f"{name}: entered the run, but the catalogue of this version has no such figure; run the study again, or "
            "write the report with the version that made the run"
        )
    return found.name, parameter, found.parameters[parameter]


def _owner(catalogue: "Catalogue", name: str, language: str, translate: Translate) -> str:
    """Who a number of one item or threat is for, such as ``sungur.sspk.drone``."""
    owner, _, quantity = name.partition(".")
    group = quantity.partition(".")[2]
    words = [catalogue.owner(owner).name.in_language(language), named(group, class_labels(translate))]
    return " / ".join(word for word in words if word)


def _applies(prior: "Prior", translate: Translate) -> str:
    """Who a prior is for."""
    labels, places = class_labels(translate), asset_labels(translate)
    words = [
        ", ".join(named(str(word), places if key == "asset_class" else labels) for word in found)
        for key, found in prior.applies_to.keys.items()
    ]
    return " / ".join(words) or translate("all systems")
