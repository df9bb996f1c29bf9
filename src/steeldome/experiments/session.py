"""One stretch of work on a run folder: compile what is missing, simulate it by blocks, make every block durable."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from steeldome.analysis.batches import Facts, facts_of
from steeldome.compiler.compiled import Compiled
from steeldome.compiler.tables import Tables, table_hash
from steeldome.engine.blocks import run_block
from steeldome.errors import Fault, ResultsError
from steeldome.experiments.folder import (
    BLOCKS,
    CANCELLED,
    COMPLETE,
    JOURNAL,
    PARTIAL,
    RUNNING,
    BlockRecord,
    Case,
    Plan,
    Progress,
    block_path,
    check_files,
    read_progress,
    resume_command,
    table_path,
)
from steeldome.experiments.playing import Simulate, play
from steeldome.experiments.stored import decode_case, encode_case, systems_of
from steeldome.results.files import Files, sync_folder, write_file
from steeldome.results.store import (
    Block,
    FileCheck,
    append_lines,
    content_hash,
    encode_arrays,
    encode_block,
    encode_checked,
    read_arrays,
    sha256,
)

ATTEMPTS: Final = 3  # of a block that fails, before it is named and left out


class Report(NamedTuple):
    """How far a run is.

    Attributes
    ----------
    done, total : int
        Replications; pairs of laydown and raid while the measures are worked out.
    simulated : int
        Of those done, the ones of this session.
    seconds : float
        Since this session began.
    phase : str
        ``simulating`` or ``finishing``.
    """

    done: int
    total: int
    simulated: int
    seconds: float
    phase: str


Compile = Callable[[Case], Compiled]
Listen = Callable[[Report], None]


class RunStopped(ResultsError):
    """A run was stopped on request; what is done is kept."""


def ignore(report: Report) -> None:
    """Listen to nothing."""


def never() -> bool:
    """Never cancelled."""
    return False


class Means(NamedTuple):
    """What a run works with; tests put other things in their place.

    Attributes
    ----------
    simulate : callable
        As `steeldome.engine.blocks.run_block`.
    files : Files
    listen : callable
        Is told how far the run is.
    is_cancelled : callable
        Asked between blocks.
    workers : int
        Threads; 0 for one a processor.
    """

    simulate: Simulate = run_block
    files: Files = Files()
    listen: Listen = ignore
    is_cancelled: Callable[[], bool] = never
    workers: int = 0


class _Job(NamedTuple):
    table: str
    tables: Tables
    facts: Facts
    start: int
    stop: int
    attempt: int = 1


class Session:
    """One stretch of work on a run folder; the only writer in it."""

    def __init__(self, folder: Path, plan: Plan, compile_case: Compile, means: Means) -> None:
        self.folder, self.plan, self.compile_case, self.means = folder, plan, compile_case, means
        self.began = time.monotonic()
        self.cases = sorted(plan.cases(), key=lambda case: case.sample)  # those of one sample share what is compiled
        self.progress, self.expected = _repaired(folder, means.files)
        self.failed: list[str] = []
        self.simulated = 0
        self.found = sum(block.stop - block.start for _, block in self.progress.all_blocks())
        self.seen: set[str] = set()
        append_lines(folder / JOURNAL, [{"kind": "state", "state": RUNNING}], means.files)

    def seconds(self) -> float:
        """Since the session began."""
        return time.monotonic() - self.began

    def report(self) -> Report:
        """How far the playing is; cases with equal tables are played once and count once."""
        done = self.found + self.simulated
        waiting = len(self.cases) - len(self.progress.tables_of)
        total = (len(self.progress.tables) + waiting) * self.plan.replications
        return Report(done, max(total, done), self.simulated, self.seconds(), "simulating")

    def finishing(self, done: int, total: int) -> None:
        """Tell for how many pairs of laydown and raid the measures are worked out, and stop if that is asked."""
        self.means.listen(Report(done, total, done, self.seconds(), "finishing"))
        if self._is_stopped():
            self._stop()

    def simulate_all(self) -> str:
        """Play whatever is missing; the answer is the state of the run."""
        workers = self.means.workers or len(os.sched_getaffinity(0))
        jobs = self._jobs()
        flying: dict[Future[Block], _Job] = {}
        is_exhausted = False
        with ThreadPoolExecutor(workers) as pool:
            try:
                while True:
                    while not is_exhausted and len(flying) < 2 * workers and not self._is_stopped():
                        job = next(jobs, None)
                        is_exhausted = job is None
                        if job is not None:
                            flying[pool.submit(self._play, job)] = job
                        if any(future.done() for future in flying):
                            break
                    if not flying:
                        break
                    done, _ = wait(flying, return_when=FIRST_COMPLETED)
                    again = self._take({future: flying.pop(future) for future in done})
                    for job in again:
                        flying[pool.submit(self._play, job)] = job
            except BaseException:
                for future in flying:
                    future.cancel()
                raise
        if not is_exhausted:
            self._stop()
        return PARTIAL if self.failed else COMPLETE

    def _stop(self) -> NoReturn:
        append_lines(self.folder / JOURNAL, [{"kind": "state", "state": CANCELLED}], self.means.files)
        n_blocks = sum(1 for _ in self.progress.all_blocks())
        message = f"stopped; {n_blocks} blocks are kept; {resume_command(self.folder)} to go on"
        raise RunStopped([Fault(str(self.folder), 0, "", message)])

    def _play(self, job: _Job) -> Block:
        return play(self.means.simulate, self.plan.seed, job.tables, job.facts, job.start, job.stop)

    def _is_stopped(self) -> bool:
        return self.means.is_cancelled()

    def _jobs(self) -> Iterator[_Job]:
        """Blocks that are missing, case by case; a case is compiled only if its tables are not there."""
        for case in self.cases:
            table = self.progress.tables_of.get(case.id)
            stored = None
            if table is None or table not in self.progress.tables:
                stored = self.compile_case(case)
                table = self._keep_tables(case, stored)
            if table in self.seen:
                continue
            self.seen.add(table)
            missing = _missing(self.progress.ranges(table), self.plan.replications, self.plan.block_size)
            if missing and stored is None:
                stored = decode_case(read_arrays(table_path(self.folder, table)))
            for start, stop in missing:
                assert stored is not None
                facts = facts_of(stored.tables, systems_of(stored))
                yield _Job(table, stored.tables, facts, start, stop)

    def _keep_tables(self, case: Case, stored: Compiled) -> str:
        table = table_hash(stored.tables)
        lines: list[dict[str, Any]] = []
        if self.progress.tables_of.get(case.id, table) != table:
            message = f"case {case.id} compiles to other tables than before; run the study again into another folder"
            raise ResultsError([Fault(str(self.folder), 0, "", message)])
        if table not in self.progress.tables:
            data = encode_arrays(encode_case(stored))
            path = table_path(self.folder, table)
            write_file(path, data, self.means.files)
            sync_folder(path.parent, self.means.files)
            check = FileCheck(len(data), sha256(data))
            lines.append({"kind": "tables", "table": table, **check._asdict()})
            self.progress.tables[table] = check
        lines.append({"kind": "case", "case": case.id, "table": table})
        append_lines(self.folder / JOURNAL, lines, self.means.files)
        self.progress.tables_of[case.id] = table
        return table

    def _take(self, finished: dict[Future[Block], _Job]) -> list[_Job]:
        """Keep finished blocks; the answer is the jobs to try again."""
        again: list[_Job] = []
        kept: list[tuple[_Job, Block]] = []
        for future, job in finished.items():
            error = future.exception()
            if error is None:
                kept.append((job, future.result()))
            elif not isinstance(error, Exception):
                raise error
            elif job.attempt < ATTEMPTS:
                again.append(job._replace(attempt=job.attempt + 1))
            else:
                self._name_poison(job, error)
        commit(self.folder, self.progress, self.expected, kept, self.means.files)
        self.simulated += sum(block.stop - block.start for _, block in kept)
        self.means.listen(self.report())
        return again

    def _name_poison(self, job: _Job, error: BaseException) -> None:
        said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        self.failed.append(said)
        line = {"kind": "poison", "table": job.table, "start": job.start, "stop": job.stop, "error": said}
        append_lines(self.folder / JOURNAL, [line], self.means.files)


def commit(
    folder: Path,
    progress: Progress,
    expected: Progress,
    blocks: list[tuple[Any, Block]],
    files: Files,
) -> None:
    """Make blocks exist: files first, then the folder, then their journal lines, all durable.

    Parameters
    ----------
    folder : Path
    progress : Progress
        Is brought up to date.
    expected : Progress
        What the journal ever said of blocks; the same block must come out the same.
    blocks : list of (job with a table hash, Block)
    files : Files

    Raises
    ------
    ResultsError
        A block differs from what it was before: the computation is not deterministic.
    """
    lines = []
    for job, block in blocks:
        content = content_hash(block)
        before = progress.block(job.table, block.start) or expected.block(job.table, block.start)
        if before and before.stop == block.stop and before.content != content:
            message = (
                f"replications {block.start}..{block.stop - 1} of tables {job.table[:12]} came out different from "
                "before: memory, processor or program is at fault; run 'steeldome verify' on another machine"
            )
            raise ResultsError([Fault(str(folder), 0, "", message)])
        if progress.block(job.table, block.start):
            continue
        data = encode_block(block)
        write_file(block_path(folder, job.table, block.start, block.stop), data, files)
        check = FileCheck(len(data), sha256(data))
        progress.keep(job.table, BlockRecord(block.start, block.stop, content, check))
        extent = {"table": job.table, "start": block.start, "stop": block.stop, "content": content}
        lines.append({"kind": "block", **extent, **check._asdict()})
    if lines:
        sync_folder(folder / BLOCKS, files)
        append_lines(folder / JOURNAL, lines, files)


def _repaired(folder: Path, files: Files) -> tuple[Progress, Progress]:
    """What exists, and what the journal says of blocks; a journal with damaged lines is first written anew."""
    found = read_progress(folder)
    if found.faults:
        journal = folder / JOURNAL
        shutil.copyfile(journal, journal.with_suffix(".damaged"))
        data = b"".join(encode_checked(line) + b"\n" for line in _journal_lines(found))
        write_file(journal, data, files)
        sync_folder(folder, files)
        found.faults.clear()
    expected = Progress()
    for table, block in found.all_blocks():
        expected.keep(table, block)
    check_files(folder, found)
    return found, expected


def _journal_lines(found: Progress) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    lines += [{"kind": "tables", "table": table, **check._asdict()} for table, check in found.tables.items()]
    lines += [{"kind": "case", "case": case, "table": table} for case, table in found.tables_of.items()]
    for table, block in found.all_blocks():
        extent = {"table": table, "start": block.start, "stop": block.stop, "content": block.content}
        lines.append({"kind": "block", **extent, **block.check._asdict()})
    return lines


def _missing(ranges: list[BlockRecord], replications: int, size: int) -> list[tuple[int, int]]:
    """Ranges of replications that no block covers, cut to blocks."""
    missing, at = [], 0
    for start, stop in [*((record.start, record.stop) for record in ranges), (replications, replications)]:
        while at < min(start, replications):
            end = min(start, replications, (at // size + 1) * size)
            missing.append((at, end))
            at = end
        at = max(at, stop)
    return missing
