"""Verify a run: compile its study again, simulate it again, and compare hashes."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from steeldome.compiler.tables import Tables, table_hash
from steeldome.experiments.folder import Case, CaseRecord, OpenRun, open_run, result_hash
from steeldome.experiments.playing import Simulate
from steeldome.experiments.session import Compile, Report
from steeldome.inputs.study import Study


class Verification(NamedTuple):
    """What a verification found.

    Attributes
    ----------
    tables, tables_different : int
        Cases compiled again, and those whose tables came out different. They are replayed from the stored tables.
    cases, cases_different : int
        Cases simulated again, and those of which any row came out different.
    result_hash : str
        Of the run.
    recomputed_hash : str
        Of the rows simulated now; empty if only a part was.
    is_same : bool
        Whether everything that was compared is the same.
    """

    tables: int
    tables_different: int
    cases: int
    cases_different: int
    result_hash: str
    recomputed_hash: str
    is_same: bool


def verify(
    path: str | Path,
    compile_with: Callable[[Study, OpenRun], Compile],
    simulate: Simulate,
    fraction: float = 1.0,
    listen: Callable[[Report], None] = lambda report: None,
) -> Verification:
    """Verify a run.

    Parameters
    ----------
    path : path
        Run folder; every file in it is compared with the manifest first.
    compile_with : callable
        Maker of `Compile` for the study copy of the run.
    simulate : callable
        As `steeldome.engine.blocks.run_block`.
    fraction : float, 0 < fraction <= 1
        Share of the cases to compile and simulate again, evenly spread.
    listen : callable
        Is told how far it is.

    Raises
    ------
    ResultsError
        The folder is not whole.
    """
    run = open_run(path)
    compile_case = compile_with(run.study, run)
    chosen = _spread(run.cases, fraction)
    tables_different = cases_different = done = 0
    replays: dict[str, np.ndarray] = {}
    for record in sorted(chosen, key=lambda record: record.sample):  # those of one sample share what is compiled
        again = compile_case(Case(record.laydown, record.raid, record.sample))
        tables_different += table_hash(again.tables) != record.table_hash
        stored = run.compiled(record.id).tables
        is_stored_sound = table_hash(stored) == record.table_hash
        rows = run.rows(record.id)
        replays[record.id] = _replay(simulate, stored, run.seed, len(rows))
        cases_different += not is_stored_sound or not np.array_equal(replays[record.id], rows)
        done += len(rows)
        listen(Report(done, len(chosen) * run.replications, done, 0.0, "verifying"))
    is_all = len(chosen) == len(run.cases)
    recomputed = ""
    if is_all:
        recomputed = result_hash(run.seed, [(record.table_hash, replays[record.id]) for record in chosen])
    is_same = not cases_different and recomputed in ("", run.result_hash)
    return Verification(
        len(chosen), tables_different, len(chosen), cases_different, run.result_hash, recomputed, is_same
    )


def _replay(simulate: Simulate, tables: Tables, seed: int, replications: int) -> np.ndarray:
    rows, _ = simulate(tables, seed, 0, replications)
    return np.asarray(rows)


def _spread(cases: tuple[CaseRecord, ...], fraction: float) -> list[CaseRecord]:
    """Evenly spread cases, at least one."""
    n = max(1, min(len(cases), round(fraction * len(cases))))
    return [cases[index * len(cases) // n] for index in range(n)]
