"""From blocks to answers: rows, sums, measures, causes and the result hash of a run."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.analysis.batches import facts_of
from steeldome.analysis.measures import (
    EVIDENCE_LEVEL,
    SampleResult,
    as_measure,
    as_observed,
    difference,
    sample_result,
    summarise,
)
from steeldome.analysis.uncertainty import Stratum, pooled_ratio, share
from steeldome.analysis.years import years_to_threshold
from steeldome.compiler.compiled import Compiled
from steeldome.compiler.siting import RULES
from steeldome.engine.blocks import run_block
from steeldome.experiments.folder import (
    MEASURES,
    ROWS,
    RUN_FORMAT,
    STUDY,
    SUMS,
    Case,
    CaseRecord,
    Plan,
    Progress,
    block_path,
    file_checks,
    names_of,
    result_hash,
    table_path,
)
from steeldome.experiments.ledger import REFERENCES, causes, reference, relaxations
from steeldome.experiments.playing import play
from steeldome.experiments.questions import comparisons
from steeldome.experiments.stored import decode_case, systems_of
from steeldome.inputs.force import pathway_id
from steeldome.inputs.study import STUDY_FILE, Study, load_study
from steeldome.results.files import Files, sync_folder, write_file
from steeldome.results.schema import ROW, Sums, add_sums, empty_sums
from steeldome.results.store import add_batches, encode_arrays, read_arrays, read_block, write_record, write_rows

Array = npt.NDArray[Any]
Tell = Callable[[int, int], None]

REFERENCE_REPLICATIONS: Final = 400  # at most, of each outer sample, for each of the reference cases
CAUSE_SAMPLES: Final = 16  # outer samples of one laydown against one raid that the but-for test looks at
CAUSE_LEAKERS: Final = 16  # that it expects to find in each by replaying enough replications
CAUSE_REPLAYS: Final = 8  # at least; the luck of a replication is the same in all samples


class Played(NamedTuple):
    """All replications of one set of tables, from the first on without a gap."""

    rows: Array
    sums: Sums
    batches: Array


class Sample(NamedTuple):
    """One outer sample of a laydown against a raid: its case, its result, and how much was played and leaked."""

    case: Compiled
    result: SampleResult
    replications: int
    leaked: int


def played(folder: Path, progress: Progress, table: str) -> Played:
    """Put the blocks of one set of tables together; what follows a gap is left out."""
    rows, parts = [], []
    sums: Sums | None = None
    at = 0
    for record in progress.ranges(table):
        if record.start != at:
            break
        block = read_block(block_path(folder, table, record.start, record.stop), record.check)
        rows.append(block.rows)
        parts.append((block.start, block.batches))
        sums = block.sums if sums is None else add_sums(sums, block.sums)
        at = record.stop
    if sums is None:
        return Played(np.zeros(0, ROW), empty_sums(0, 0, 0, 0), np.zeros((0, 1), np.int64))
    return Played(np.concatenate(rows), sums, add_batches(parts))


def finish(folder: Path, plan: Plan, progress: Progress, tell: Tell, files: Files) -> dict[str, Any]:
    """Write rows, sums and measures.

    Parameters
    ----------
    folder : Path
    plan : Plan
    progress : Progress
    tell : callable of two int
        Is told how many pairs of laydown and raid are done, and of how many; may raise to stop.
    files : Files

    Returns
    -------
    dict
        What the manifest of a finished run adds: cases, result hash, files.
    """
    cases = plan.cases()
    records = [CaseRecord(case.id, *case, progress.tables_of[case.id]) for case in cases]
    counted: list[tuple[str, Array]] = []
    sums: dict[str, Array] = {}

    def rows() -> Iterator[tuple[str, str, int, Array]]:
        for record in records:
            whole = played(folder, progress, record.table_hash)
            counted.append((record.table_hash, whole.rows))
            sums.update({f"{record.table_hash}/{name}": array for name, array in whole.sums._asdict().items()})
            yield record.laydown, record.raid, record.sample, whole.rows

    write_rows(folder / ROWS, rows(), files)
    found = result_hash(plan.seed, counted)
    write_file(folder / SUMS, encode_arrays(sums), files)
    sync_folder(folder, files)
    write_record(folder / MEASURES, measures_of(folder, plan, progress, found, tell), files)
    tables = sorted(set(progress.tables_of.values()))
    blocks = [block_path(folder, table, record.start, record.stop) for table, record in progress.all_blocks()]
    return {
        "cases": [record._asdict() for record in records],
        "result_hash": found,
        "files": file_checks(folder, names_of(tables, blocks, folder)),
    }


def measures_of(folder: Path, plan: Plan, progress: Progress, found: str, tell: Tell) -> dict[str, Any]:
    """Content of ``measures.json``."""
    tell(0, len(plan.matches))
    study = load_study(folder / STUDY / STUDY_FILE)
    observed = {raid.id: raid.observed for raid in study.raids if raid.observed is not None}
    listed, differences, references, years = [], [], {}, {}
    for raid in dict.fromkeys(raid for _, raid in plan.matches):
        results: dict[str, list[SampleResult]] = {}
        for laydown in [laydown for laydown, met in plan.matches if met == raid]:
            is_told = laydown in plan.laydowns and raid in plan.raids
            loaded = [_load(folder, progress, Case(laydown, raid, sample)) for sample in range(plan.samples)]
            results[laydown] = [one.result for one in loaded]
            summary = summarise(results[laydown])
            measures = {**summary.measures}
            if raid in observed:
                measures["as_observed"] = as_observed(results[laydown], observed[raid].events, observed[raid].stopped)
            shares, leakers = cause_shares(loaded, plan.seed) if is_told else ({}, 0)
            listed.append(
                {
                    "laydown": laydown,
                    "raid": raid,
                    "samples": plan.samples,
                    **summary._asdict(),
                    "measures": measures,
                    "causes": shares,
                    "cause_leakers": leakers,
                }
            )
            if is_told and raid not in references:
                references[raid] = reference_measures(loaded, plan.seed)
            tell(len(listed), len(plan.matches))
        for first, second in comparisons(study, raid, results):
            differences.append(
                {
                    "raid": raid,
                    "first": first,
                    "second": second,
                    "measures": difference(results[first], results[second]),
                    "by_rule": _by_rule(study, results[first], results[second]),
                }
            )
        years.update(years_gained(study, raid, results))
    return {
        "format": RUN_FORMAT,
        "result_hash": found,
        "level": EVIDENCE_LEVEL,
        "cases": listed,
        "references": references,
        "differences": differences,
        "years_gained": years,
    }


def _by_rule(study: Study, first: list[SampleResult], second: list[SampleResult]) -> dict[str, Any]:
    """The headline's paired difference over the layouts of each siting rule alone."""
    rules = [rule for rule in RULES if rule in study.siting.rules]
    found: dict[str, Any] = {}
    for place, rule in enumerate(rules):
        measured = difference(first[place :: len(rules)], second[place :: len(rules)])
        if study.report.headline in measured:
            found[rule] = measured[study.report.headline]
    return found


def years_gained(study: Study, raid: str, results: Mapping[str, list[SampleResult]]) -> dict[str, Any]:
    """Answers to the claims that count years against this raid, by claim, as far as their cases were played."""
    found: dict[str, Any] = {}
    if study.pathways is None:
        return found
    by_year = {laydown.year: laydown.id for laydown in study.laydowns if laydown.id in study.pathways.laydowns}
    for claim in study.claims:
        asked = claim.years
        if asked is None or asked.raid != raid:
            continue
        one, other = (
            {
                year: results[name]
                for year, laydown in by_year.items()
                if (name := pathway_id(laydown, path.policy, path.future)) in results
            }
            for path in (asked, asked.than)
        )
        if len(one) == len(other) == len(by_year):
            found[claim.id] = years_to_threshold(one, other, asked.measure, asked.threshold)
    return found


def _load(folder: Path, progress: Progress, case: Case) -> Sample:
    table = progress.tables_of[case.id]
    stored = decode_case(read_arrays(table_path(folder, table), progress.tables[table]))
    whole = played(folder, progress, table)
    facts = facts_of(stored.tables, systems_of(stored))
    result = sample_result(whole.rows, whole.sums, whole.batches, facts)
    return Sample(stored, result, len(whole.rows), int(whole.rows["leaked"].sum()))


def reference_measures(loaded: list[Sample], seed: int) -> dict[str, Any]:
    """Leakage of the reference cases of one laydown against one raid, on the draws of its first replications."""
    found = {}
    for name in REFERENCES:
        results = []
        for sample in loaded:
            tables = reference(sample.case.tables, name)
            facts = facts_of(tables, systems_of(sample.case))
            block = play(run_block, seed, tables, facts, 0, min(REFERENCE_REPLICATIONS, sample.replications))
            results.append(sample_result(block.rows, block.sums, block.batches, facts))
        found[name] = summarise(results).measures.get("leakage")
    return {name: measure for name, measure in found.items() if measure is not None}


def cause_shares(loaded: list[Sample], seed: int) -> tuple[dict[str, Any], int]:
    """Shares of leakers by but-for cause over replayed replications, and the number of those leakers.

    Replays the first replications of evenly spaced samples, the more the fewer leakers a replication has. Every leaker
    has one cause, so the counts behind the shares add up to the leakers exactly.
    """
    n_samples = min(len(loaded), CAUSE_SAMPLES)
    chosen = sorted({round(step * (len(loaded) - 1) / max(n_samples - 1, 1)) for step in range(n_samples)})
    counts: list[list[Counter[str]]] = []
    for index in chosen:
        tables, replications = loaded[index].case.tables, loaded[index].replications
        relaxed = relaxations(tables)
        wanted = math.ceil(CAUSE_LEAKERS * replications / max(1, loaded[index].leaked))
        each = min(replications, max(CAUSE_REPLAYS, wanted))
        found = [causes(tables, seed, replication, relaxed) for replication in range(each)]
        counts.append([Counter(cause.cause for cause in listed) for listed in found])
    leakers = sum(count.total() for listed in counts for count in listed)
    named = sorted({name for listed in counts for count in listed for name in count})
    shares = {}
    for name in named:
        strata = [
            Stratum(
                np.array([float(count[name]) for count in listed]),
                np.array([float(count.total()) for count in listed]),
                len(listed),
                np.arange(len(listed)),
            )
            for listed in counts
        ]
        shares[name] = as_measure(share(pooled_ratio(strata)), "1")
    return shares, leakers
