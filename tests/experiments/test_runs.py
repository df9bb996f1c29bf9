"""A run is the same whatever the workers, blocks, order and interruptions; nothing unchecked is believed."""

import errno
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from steeldome.compiler.compiled import Compiled
from steeldome.engine.blocks import run_block
from steeldome.errors import ResultsError
from steeldome.experiments.folder import Case, OpenRun, Plan, open_run
from steeldome.experiments.runs import BLOCK_SIZE, plan_run, resume, reusable, run_plan
from steeldome.experiments.session import Means, Report, RunStopped
from steeldome.experiments.verification import verify
from steeldome.inputs.study import Study
from steeldome.results.files import Files

CompileWith = Callable[[Study, Plan], Callable[[Case], Compiled]]


def small(plan: Plan, **changes: object) -> Plan:
    """One sample of one laydown against the few: enough where only the files matter."""
    return replace(plan, laydowns=("base",), raids=("few",), samples=1, **changes)  # type: ignore[arg-type]


@pytest.fixture
def whole(study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path) -> OpenRun:
    """The whole study, run once."""
    return run_plan(study, plan, tmp_path / "run", compile_with(study, plan), Means())


@pytest.mark.parametrize(("workers", "block_size"), [(1, 400), (2, 7), (3, 25)])
def test_workers_and_blocks_do_not_change_the_hash(
    whole: OpenRun, plan: Plan, compile_with: CompileWith, tmp_path: Path, workers: int, block_size: int
) -> None:
    other = replace(plan, block_size=block_size)
    run = run_plan(whole.study, other, tmp_path / "other", compile_with(whole.study, other), Means(workers=workers))
    assert run.result_hash == whole.result_hash
    assert run.measures["cases"] == whole.measures["cases"]


def test_the_order_of_laydowns_and_raids_does_not_change_the_hash(
    whole: OpenRun, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    other = replace(plan, laydowns=plan.laydowns[::-1], raids=plan.raids[::-1])
    run = run_plan(whole.study, other, tmp_path / "other", compile_with(whole.study, other), Means())
    assert run.result_hash == whole.result_hash


def test_a_replication_alone_equals_its_row_and_rows_can_be_read_by_anyone(whole: OpenRun) -> None:
    import pyarrow.parquet as pq

    record = whole.cases[7]
    alone, _ = run_block(whole.compiled(record.id).tables, whole.seed, 41, 42)
    assert alone[0] == whole.rows(record.id)[41]
    table = pq.read_table(whole.path / "rows.parquet", page_checksum_verification=True)
    assert table.num_rows == len(whole.cases) * whole.replications
    assert table.column_names[:4] == ["laydown", "raid", "sample", "replication"]
    assert int(whole.sums(record.id).replications[0]) == whole.replications


def test_more_replications_give_the_run_that_would_have_been(
    whole: OpenRun, study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    longer = replace(plan, replications=90)
    at_once = run_plan(study, longer, tmp_path / "longer", compile_with(study, longer), Means())
    extended = resume(whole.path, compile_with, Means(), replications=90)
    assert extended.result_hash == at_once.result_hash
    assert extended.measures["cases"] == at_once.measures["cases"]


def test_a_stopped_run_goes_on_where_it_was(
    whole: OpenRun, study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    asked = iter([False] * 6)
    out = tmp_path / "stopped"
    with pytest.raises(RunStopped, match=r"stopped; .* blocks are kept; type 'steeldome resume"):
        run_plan(study, plan, out, compile_with(study, plan), Means(is_cancelled=lambda: next(asked, True)))
    with pytest.raises(ResultsError, match="was stopped"):
        open_run(out)
    n_kept = len(list((out / "blocks").iterdir()))
    played: list[int] = []

    def counted(*job: object) -> object:
        played.append(1)
        return run_block(*job)  # type: ignore[arg-type]

    assert resume(out, compile_with, Means(simulate=counted)).result_hash == whole.result_hash  # type: ignore[arg-type]
    assert 0 < n_kept < len(whole.cases) and len(played) == 3 * (len(whole.cases) - n_kept)


def test_a_run_can_be_stopped_while_its_measures_are_worked_out(
    whole: OpenRun, study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    told: list[Report] = []
    out = tmp_path / "stopped"
    means = Means(listen=told.append, is_cancelled=lambda: bool(told) and told[-1].phase == "finishing")
    with pytest.raises(RunStopped, match=r"stopped; .* blocks are kept; type 'steeldome resume"):
        run_plan(study, plan, out, compile_with(study, plan), means)
    assert [(one.done, one.total) for one in told if one.phase == "finishing"] == [(0, len(plan.matches))]
    told.clear()

    def never(*job: object) -> object:
        raise AssertionError("nothing is played twice")

    again = resume(out, compile_with, Means(simulate=never, listen=told.append))  # type: ignore[arg-type]
    assert again.result_hash == whole.result_hash
    assert [one.done for one in told] == list(range(len(plan.matches) + 1))


def test_cases_of_one_sample_are_compiled_together_and_stand_in_their_order(
    study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    asked: list[Case] = []

    def compile_listed(study: Study, plan: Plan) -> Callable[[Case], Compiled]:
        return lambda case: (asked.append(case), compile_with(study, plan)(case))[1]  # type: ignore[func-returns-value]

    out = tmp_path / "run"
    run = run_plan(study, plan, out, compile_listed(study, plan), Means())
    verify(out, lambda study, run: compile_listed(study, run.plan), run_block)
    listed = [Case(record.laydown, record.raid, record.sample) for record in run.cases]
    assert listed == plan.cases()
    assert asked == 2 * sorted(listed, key=lambda case: case.sample)


def test_a_folder_that_is_there_is_refused_and_a_finished_one_is_used_again(
    whole: OpenRun, study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    with pytest.raises(ResultsError, match=r"exists already; type 'steeldome resume .*' to finish"):
        run_plan(study, plan, whole.path, compile_with(study, plan), Means())
    assert reusable(whole.path, plan) == "same" and reusable(tmp_path / "nothing", plan) == ""
    assert reusable(whole.path, replace(plan, seed=8)) == "other"

    def fail(study: Study, plan: Plan) -> Callable[[Case], Compiled]:
        raise AssertionError("a whole run was compiled again")

    assert resume(whole.path, fail, Means()).result_hash == whole.result_hash


def test_a_disk_that_is_too_small_is_refused_before_the_start(
    study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    full = Files(free_space=lambda folder: 1_000_000)
    with pytest.raises(ResultsError, match=r"needs \d+ MB, 1 MB are free; free some space"):
        run_plan(study, plan, tmp_path / "run", compile_with(study, plan), Means(files=full))
    assert not (tmp_path / "run").exists()


class FailingDisk:
    """Counts writes, fsyncs and renames; the n-th one fails, and every one after it."""

    def __init__(self, fails_at: int, code: int) -> None:
        self.calls, self.fails_at, self.code = 0, fails_at, code

    def __call__(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            self.calls += 1
            if self.calls >= self.fails_at > 0:
                raise OSError(self.code, os.strerror(self.code))
            return call(*arguments)

        return counted

    def files(self) -> Files:
        """The seam with this disk behind it."""
        return Files(self(os.open), self(os.write), self(os.fsync), self(os.replace))  # type: ignore[arg-type]


def test_every_operation_of_the_disk_may_fail(
    study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    asked = small(plan, replications=4, block_size=2)
    expected = run_plan(study, asked, tmp_path / "sound", compile_with(study, asked), Means()).result_hash
    for n in itertools.count(1):
        out = tmp_path / f"run-{n}"
        disk = FailingDisk(n, errno.ENOSPC if n % 2 else errno.EIO)
        try:
            run_plan(study, asked, out, compile_with(study, asked), Means(files=disk.files(), workers=1))
        except ResultsError as reason:
            said = "what is done is kept" if out.exists() else "nothing is kept"
            assert len(reason.faults) == 1 and said in str(reason), n
        else:
            break  # the n-th operation was never reached: every one has failed once
        if out.exists():
            assert resume(out, compile_with, Means(workers=1)).result_hash == expected, n
            shutil.rmtree(out)
    assert n > 40 and disk.calls < n


@pytest.mark.parametrize("trials", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_process_that_is_killed_leaves_a_run_that_can_be_finished(
    whole: OpenRun, plan: Plan, compile_with: CompileWith, tmp_path: Path, trials: int
) -> None:
    program = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import conftest; from steeldome.experiments.runs import *\n"
        "from steeldome.experiments.session import Means\n"
        "study = conftest.load_study(sys.argv[2]); plan = conftest.replace(plan_run(study), besides=())\n"
        "print('ready', flush=True)\n"
        "run_plan(study, plan, sys.argv[3], lambda case: conftest.make_case(case, plan), Means(listen=print))\n"
    )
    rng = random.Random(3)
    n_begun = 0
    for trial in range(trials):
        out = tmp_path / f"killed-{trial}"
        arguments = [str(Path(__file__).parent), str(whole.study.folder), str(out)]
        child = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
        assert child.stdout is not None
        for _ in range(1 + rng.randrange(len(whole.cases) + 2)):
            child.stdout.readline()
        time.sleep(rng.random() * 0.02)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if (out / "manifest.json").exists():
            n_begun += 1
            assert resume(out, compile_with, Means()).result_hash == whole.result_hash
    assert n_begun >= trials - 1


def test_a_changed_cut_or_missing_file_is_found_and_repaired(
    study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    asked = replace(plan, laydowns=("base",), raids=("few",), samples=2, replications=10)
    whole = run_plan(study, asked, tmp_path / "run", compile_with(study, asked), Means())
    rng = np.random.default_rng(5)
    names = sorted(path.relative_to(whole.path).as_posix() for path in whole.path.rglob("*") if path.is_file())
    assert len(names) == 10
    for damage in ("flip", "cut", "remove"):
        for name in names:
            copy = tmp_path / "copy"
            shutil.copytree(whole.path, copy)
            path = copy / name
            data = bytearray(path.read_bytes())
            if damage == "remove":
                path.unlink()
            else:
                bit = int(rng.integers(8 * len(data)))
                data[bit // 8] ^= 1 << bit % 8
                path.write_bytes(data if damage == "flip" else data[: bit // 8])
            with pytest.raises(ResultsError) as caught:
                open_run(copy)
            assert name in str(caught.value) or name == "manifest.json", (damage, name)
            assert "type 'steeldome" in str(caught.value) or "run the study again" in str(caught.value), name
            if name not in ("manifest.json", "study/study.yaml"):
                assert resume(copy, compile_with, Means()).result_hash == whole.result_hash, (damage, name)
            shutil.rmtree(copy)


def test_a_block_that_comes_out_different_is_an_alarm(whole: OpenRun, compile_with: CompileWith) -> None:
    block = next(iter((whole.path / "blocks").iterdir()))
    block.unlink()

    def other(*job: object) -> object:
        rows, sums = run_block(*job)  # type: ignore[arg-type]
        rows["shots"] += 1
        return rows, sums

    with pytest.raises(ResultsError, match="came out different from before"):
        resume(whole.path, compile_with, Means(simulate=other))  # type: ignore[arg-type]


def test_a_block_that_fails_again_and_again_is_named_and_left_out(
    study: Study, plan: Plan, compile_with: CompileWith, tmp_path: Path
) -> None:
    asked = small(plan, block_size=20)

    def poisoned(tables: object, seed: int, start: int, stop: int) -> object:
        if start == 40:
            raise RuntimeError("poison")
        return run_block(tables, seed, start, stop)  # type: ignore[arg-type]

    out = tmp_path / "run"
    run = run_plan(study, asked, out, compile_with(study, asked), Means(simulate=poisoned))  # type: ignore[arg-type]
    assert run.state == "partial" and run.measures["cases"][0]["replications"] == 40
    assert "RuntimeError: poison" in (out / "journal.jsonl").read_text()
    assert resume(out, compile_with, Means()).state == "complete"


def test_verify_replays_from_the_stored_tables_and_finds_another_row(
    whole: OpenRun, compile_with: CompileWith, plan: Plan
) -> None:
    def compile_run(study: Study, run: OpenRun) -> Callable[[Case], Compiled]:
        return compile_with(study, run.plan)

    found = verify(whole.path, compile_run, run_block)
    assert found.is_same and found.recomputed_hash == whole.result_hash and found.tables_different == 0
    moved = replace(plan, seed=99)
    found = verify(whole.path, lambda study, run: compile_with(study, moved), run_block, fraction=0.3)
    assert found.is_same and found.tables_different == found.tables == 4 and found.recomputed_hash == ""

    def other(*job: object) -> object:
        rows, sums = run_block(*job)  # type: ignore[arg-type]
        rows["shots"][11] += 1
        return rows, sums

    assert not verify(whole.path, compile_run, other).is_same  # type: ignore[arg-type]


def test_what_a_plan_leaves_out_stands_in_the_study(study: Study) -> None:
    plan = plan_run(study, raids=["many"], samples=2)
    assert (plan.seed, plan.replications, plan.laydowns, plan.block_size) == (7, 60, ("base", "base-more"), BLOCK_SIZE)
    assert [case.id for case in plan.cases()] == [f"{laydown}/many/s00{n}" for laydown in plan.laydowns for n in (0, 1)]
