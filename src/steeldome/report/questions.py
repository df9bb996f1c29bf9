"""What claims, pathways and other readings of the headline add to a report, gathered from a run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from steeldome.analysis.claims import Answer, answers
from steeldome.analysis.procurement import cost_of, gates_of, holders
from steeldome.inputs.force import force_of, pathway_id
from steeldome.inputs.gates import GateRow, gate_rows
from steeldome.inputs.laydown import split_variants
from steeldome.inputs.pathway import Future, Policy, delivered, orders_of
from steeldome.report.card_labels import effect_names, gate_names, state_names, status_names
from steeldome.report.collation import alphabetical
from steeldome.report.contents import (
    ClaimLine,
    FindingLine,
    GateLine,
    Measure,
    ObservedLine,
    PathLine,
    Questions,
    ReadingLine,
    RecordLine,
    SitingLine,
    YearsLine,
    as_measure,
)
from steeldome.report.labels import laydown_name, reading_names, short_name
from steeldome.report.wording import Translate, class_names

if TYPE_CHECKING:
    from steeldome.experiments.folder import OpenRun
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.study import Study


class _Names(NamedTuple):
    """What turns ids into words."""

    study: "Study"
    catalogue: "Catalogue"
    language: str
    translate: Translate

    def laydown(self, key: str) -> str:
        return laydown_name(force_of(self.study, key), self.language, self.translate)

    def raid(self, key: str) -> str:
        return next(raid.name for raid in self.study.raids if raid.id == key).in_language(self.language)

    def system(self, key: str) -> str:
        return short_name(self.catalogue.items[key].name.in_language(self.language))

    def states(self, keys: set[str]) -> tuple[str, ...]:
        names = state_names(self.translate)
        return tuple(sorted((names.get(key, key) for key in keys), key=alphabetical(self.language)))


class _Found(NamedTuple):
    """Measures of a run by what they are of."""

    cases: Mapping[tuple[str, str], Mapping[str, Any]]
    differences: Mapping[tuple[str, str, str], Mapping[str, Any]]
    headline: str

    def level(self, laydown: str, raid: str) -> Measure | None:
        measures = self.cases.get((laydown, raid), {}).get("measures", {})
        return as_measure(measures[self.headline]) if self.headline in measures else None

    def change(self, raid: str, first: str | None, second: str) -> Measure | None:
        measures = self.differences.get((raid, first or "", second), {}).get("measures", {})
        return as_measure(measures[self.headline]) if self.headline in measures else None


def gather_questions(run: "OpenRun", catalogue: "Catalogue", language: str, translate: Translate) -> Questions:
    """Everything that a run says beyond its laydowns and raids in detail.

    Parameters
    ----------
    run : OpenRun
    catalogue : Catalogue
        With the study's assumptions laid over its priors.
    language : str
        ``en`` or ``tr``.
    translate : callable
        From an English sentence to the same sentence in the language.
    """
    study = run.study
    names = _Names(study, catalogue, language, translate)
    found = _Found(
        {(case["laydown"], case["raid"]): case for case in run.measures["cases"]},
        {(d["raid"], d["first"], d["second"]): d for d in run.measures["differences"]},
        study.report.headline,
    )
    is_whole = bool(run.plan.besides)
    listed = answers(study, catalogue, run.measures) if is_whole else ()
    paths = _paths(names, found) if is_whole else ()
    return Questions(
        claims=tuple(_claim(one, names) for one in listed),
        paths=paths,
        gates=_gates(names) if paths else (),
        readings=_readings(run, names, found),
        observed=_observed(run, names, found),
        siting=_siting(run, names),
        everything=_everything(run, names, found),
        record=_record(run, names),
    )


def _claim(answer: Answer, names: _Names) -> ClaimLine:
    claim = answer.claim
    findings = tuple(
        FindingLine(
            names.raid(one.raid),
            names.laydown(one.first),
            names.laydown(one.second),
            claim.comparison.measure if claim.comparison else "",
            as_measure(one.measure),
        )
        for one in answer.findings
    )
    network = ""
    if claim.picture is not None:
        found = next(one for one in names.study.networks if one.id == claim.picture.network)
        network = found.name.in_language(names.language)
    told = claim.recorded.because if claim.recorded else claim.note
    return ClaimLine(
        claim.id,
        claim.said.in_language(names.language),
        claim.source,
        claim.support.in_language(names.language),
        answer.verdict or "",
        findings,
        _years(answer, names),
        tuple(names.states(set(states)) for states in answer.states) if answer.states else None,  # type: ignore[arg-type]
        answer.shares,
        network,
        told.in_language(names.language) if told is not None else "",
        _costs(answer, names),
    )


def _costs(answer: Answer, names: _Names) -> tuple[tuple[str, tuple[float, float, float]], ...]:
    """What the ways of buying behind a claim cost up to the year of the comparison, or the last year of a path."""
    asked, pathways = answer.claim.years, names.study.pathways
    ids = [name for one in answer.findings for name in (one.second, one.first)]
    if asked is not None and pathways is not None:
        last = max(pathways.laydowns, key=lambda laydown: force_of(names.study, laydown).year)
        ids += [pathway_id(last, path.policy, path.future) for path in (asked, asked.than)]
    forces = [force_of(names.study, name) for name in dict.fromkeys(ids)]
    return tuple(
        (names.laydown(force.id), _cost(names, force.policy, force.future, force.year))
        for force in forces
        if force.policy is not None and force.future is not None
    )


def _cost(names: _Names, policy: Policy, future: Future, year: int) -> tuple[float, float, float]:
    found = cost_of(names.catalogue, policy, future, year)
    return found.low, found.value, found.high


def _years(answer: Answer, names: _Names) -> YearsLine | None:
    asked = answer.claim.years
    if asked is None or answer.years is None or names.study.pathways is None:
        return None
    policies = {one.id: one.name.in_language(names.language) for one in names.study.pathways.policies}
    futures = {one.id: one.name.in_language(names.language) for one in names.study.pathways.futures}
    first, second = (f"{policies[path.policy]}, {futures[path.future]}" for path in (asked.than, asked))
    return YearsLine(
        first,
        second,
        names.raid(asked.raid),
        asked.measure,
        asked.threshold,
        as_measure(answer.years),
        answer.years["reached_other"],
        answer.years["reached"],
        answer.years["open"],
    )


def _paths(names: _Names, found: _Found) -> tuple[PathLine, ...]:
    """Policies against futures by year and raid."""
    asked = names.study.pathways
    if asked is None:
        return ()
    lines = []
    for raid in asked.raids:
        for laydown in asked.laydowns:
            before = set(holders(names.catalogue, force_of(names.study, laydown).units, names.study.meta.country))
            for policy in asked.policies:
                for future in asked.futures:
                    key = pathway_id(laydown, policy.id, future.id)
                    measure = found.level(key, raid)
                    if measure is None:
                        continue
                    force = force_of(names.study, key)
                    brought = delivered(policy, future, force.year)
                    after = set(holders(names.catalogue, force.units, names.study.meta.country))
                    lines.append(
                        PathLine(
                            force.year,
                            policy.name.in_language(names.language),
                            future.name.in_language(names.language),
                            names.raid(raid),
                            tuple((names.system(unit.system), unit.count, unit.lent) for unit in brought),
                            measure,
                            found.change(raid, laydown, key) if brought else None,
                            _cost(names, policy, future, force.year),
                            names.states(after - before),
                        )
                    )
    return tuple(lines)


def _gates(names: _Names) -> tuple[GateLine, ...]:
    """Gates on the systems that the policies and futures order, those that block first."""
    asked = names.study.pathways
    if asked is None:
        return ()
    orders = [order for policy in asked.policies for future in asked.futures for order in orders_of(policy, future)]
    systems = dict.fromkeys(order.system for order in orders)
    lines: list[GateLine] = []
    for system in systems:
        found = gates_of(names.catalogue, [system])
        rows = gate_rows(found, (system, *sorted({gate.system for gate in found} - {system})))
        lines += [_gate(row, system, names) for row in rows if row.state != names.study.meta.country]
    return tuple(lines)


def _gate(row: GateRow, system: str, names: _Names) -> GateLine:
    translate = names.translate
    return GateLine(
        names.states({row.state})[0],
        names.system(system),
        gate_names(translate)[row.gate],
        effect_names(translate)[row.effect],
        status_names(translate)[row.status],
        row.low_months,
        row.value_months,
        row.high_months,
        row.source_ids[0],
        row.is_judged,
    )


def _readings(run: "OpenRun", names: _Names, found: _Found) -> tuple[ReadingLine, ...]:
    """The headline of the laydowns that are told of: as published, with common priors, without what allies lend."""
    words = reading_names(names.translate)
    lines = []
    for raid in run.plan.raids:
        for laydown in run.plan.laydowns:
            keys = {variant: f"{laydown}-{variant}" for variant in ("common", "alone")}
            if split_variants(laydown)[1] or any((key, raid) not in found.cases for key in keys.values()):
                continue
            for reading, key in {"brochure": laydown, **keys}.items():
                measure = found.level(key, raid)
                if measure is not None:
                    force = force_of(names.study, key)
                    is_changed = force.delta is not None or force.policy is not None
                    change = found.change(raid, force.reference, key) if is_changed else None
                    lines.append(ReadingLine(names.raid(raid), names.laydown(laydown), words[reading], measure, change))
    return tuple(lines)


def _observed(run: "OpenRun", names: _Names, found: _Found) -> tuple[ObservedLine, ...]:
    lines = []
    for raid in run.study.raids:
        if raid.observed is None:
            continue
        for (laydown, met), case in found.cases.items():
            if met == raid.id and laydown in run.plan.laydowns and "as_observed" in case["measures"]:
                lines.append(
                    ObservedLine(
                        raid.name.in_language(names.language),
                        names.laydown(laydown),
                        raid.observed.note.in_language(names.language),
                        raid.observed.events,
                        raid.observed.stopped,
                        as_measure(case["measures"]["as_observed"]),
                    )
                )
    return tuple(lines)


def _siting(run: "OpenRun", names: _Names) -> tuple[SitingLine, ...]:
    """Differences of the laydowns that are told of, by siting rule."""
    return tuple(
        SitingLine(
            names.raid(one["raid"]),
            names.laydown(one["first"]),
            names.laydown(one["second"]),
            {rule: as_measure(entry) for rule, entry in one["by_rule"].items()},
        )
        for one in run.measures["differences"]
        if one["raid"] in run.plan.raids and {one["first"], one["second"]} <= set(run.plan.laydowns) and one["by_rule"]
    )


def _record(run: "OpenRun", names: _Names) -> tuple[RecordLine, ...]:
    """Class rates of the public record for the classes that the run's raids have."""
    present = {key for case in run.measures["cases"] for key in case["launched"]}
    labels = class_names(names.translate)
    return tuple(
        RecordLine(
            labels[rate.threats],
            rate.name.in_language(names.language),
            rate.launched,
            1.0 - (rate.stopped + rate.lost) / rate.launched,
            1.0 - rate.stopped / rate.launched,
            rate.source_id,
            rate.note or "",
        )
        for threats in labels
        for rate in names.catalogue.records.class_rates
        if rate.threats == threats and threats in present
    )


def _everything(run: "OpenRun", names: _Names, found: _Found) -> tuple[ReadingLine, ...]:
    """Every laydown against every raid that the run played beyond those in detail and those of claims and pathways."""
    lines = []
    for laydown, raid in run.plan.besides:
        force = force_of(names.study, laydown)
        if force.policy is not None or force.basis == "common":
            continue
        measure = found.level(laydown, raid)
        if measure is not None:
            change = found.change(raid, force.reference, laydown)
            lines.append(ReadingLine(names.raid(raid), names.laydown(laydown), "", measure, change))
    return tuple(lines)
