"""The brochure-to-reality waterfall: which link of the chain eats what range rings and P_k^n promise.

A case is played with the same samples and the same keyed luck at eight *stages*. The first has nothing but reach and
the kill probability of a shot; each later one gives one link of the chain its limits back; the last is the case as a
run plays it. A *step* is the paired difference in leakage between a stage and the one before, so steps add up to the
leakage of the last. What a step says depends on the order: it is measured with all links before in place and all after
still ideal.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import reduce
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.analysis.batches import Facts, facts_of
from steeldome.analysis.measures import (
    EVIDENCE_LEVEL,
    SampleResult,
    difference,
    outside_reach,
    sample_result,
    summarise,
    without_batches,
)
from steeldome.compiler.compiled import Compiled
from steeldome.errors import Fault, ScenarioError
from steeldome.experiments.folder import Case, Plan
from steeldome.experiments.ledger import lift
from steeldome.experiments.playing import play
from steeldome.experiments.session import Means, Report, RunStopped
from steeldome.experiments.stored import systems_of
from steeldome.inputs.study import Study
from steeldome.results.schema import STATUS_OK, Sums, add_sums
from steeldome.results.store import BATCH, Block, add_batches

Array = npt.NDArray[Any]
Record = dict[str, Any]
CompileWithout = Callable[[Case, tuple[str, ...]], Compiled]

SAMPLES: Final = 8  # of the hypercube, if nothing else is asked
REPLICATIONS: Final = 200  # of each sample at each stage


class Stage(NamedTuple):
    """One stage of the waterfall, by what it gives back.

    Attributes
    ----------
    id : str
    compiled : tuple of str
        Limits that come back when the case is compiled; see `steeldome.experiments.compiling.CaseCompiler.without`.
    limits : tuple of str
        Limits that come back in the tables; keys of `steeldome.experiments.ledger.LIMITS`.
    """

    id: str
    compiled: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


STAGES: Final = (
    Stage("rings"),
    Stage("horizon", compiled=("horizon",)),
    Stage("search", compiled=("search",), limits=("no_track", "no_link")),
    Stage("time", limits=("reaction", "service", "assessment_time")),
    Stage("channels", compiled=("doctrine",), limits=("doctrine_hold", "no_rounds", "no_channel")),
    Stage("identification", limits=("confusion", "identification_time", "no_authority", "assessment_error")),
    Stage("readiness", limits=("not_ready", "unit_lost")),
    Stage("siting", compiled=("siting",)),
)


class Played(NamedTuple):
    """All replications of one stage of one sample."""

    rows: Array
    sums: Sums
    batches: Array
    facts: Facts


def explain(plan: Plan, compile_without: CompileWithout, numbers: Sequence[int], means: Means) -> Record:
    """Play one laydown against one raid at every stage.

    Parameters
    ----------
    plan : Plan
        The first laydown and the first raid of it; its samples are the whole hypercube.
    compile_without : callable
        `CaseCompiler.without` of the same plan.
    numbers : sequence of int
        Samples of the hypercube that are played; see `spread_samples`.
    means : Means

    Returns
    -------
    dict
        ``study, laydown, raid, seed, hypercube, samples, sample_numbers, replications, left_out, level, armed``;
        ``stages``, each with ``id``, ``leakage``, ``step``, ``shots`` and the exact number ``leaked`` of all
        replications; ``outside_rings``; ``by_class``, each with its ``armed``, ``stages`` and ``outside_rings``. The
        ``step`` of the first stage is its leakage.

    Raises
    ------
    ScenarioError
        The case cannot be compiled.
    RunStopped
        On request; nothing is kept.
    """
    stages: list[list[SampleResult]] = [[] for _ in STAGES]
    left_out = 0
    for of_sample in _Player(plan, compile_without, means).play_all(numbers):
        unsound = np.concatenate([np.flatnonzero(played.rows["status"] != STATUS_OK) for played in of_sample])
        batches = np.unique(unsound // BATCH)
        left_out += int(np.isin(np.arange(plan.replications) // BATCH, batches).sum())
        for results, played in zip(stages, of_sample, strict=True):
            results.append(without_batches(sample_result(*played), batches))
    return {
        "study": plan.study,
        "laydown": plan.laydowns[0],
        "raid": plan.raids[0],
        "seed": plan.seed,
        "hypercube": plan.samples,
        "samples": len(numbers),
        "sample_numbers": list(numbers),
        "replications": plan.replications,
        "left_out": left_out,
        "level": EVIDENCE_LEVEL,
        **waterfall(stages),
    }


def waterfall(stages: Sequence[Sequence[SampleResult]]) -> Record:
    """Levels and steps of leakage, whole and by class, from the results of every stage, one a sample.

    Raises
    ------
    ScenarioError
        No replication is sound at every stage, or the raid has no armed object.
    """
    summaries = [summarise(results) for results in stages]
    steps = [difference(before, after) for before, after in pairwise(stages)]
    outside = outside_reach([result for result in stages[0] if len(result.rows)])
    names = [key.removeprefix("leakage") for key in summaries[-1].measures if key.split(".")[0] == "leakage"]
    if "" not in names:
        raise ScenarioError([Fault("", 0, "", "no replication is sound at every stage, or the raid is not armed")])
    launched = summaries[-1].launched

    def listed(name: str) -> list[Record]:
        key = f"leakage{name}"
        levels = [summary.measures[key] for summary in summaries]
        changes = [levels[0], *(step[key] for step in steps)]
        pairs = zip(STAGES, levels, changes, strict=True)
        return [{"id": stage.id, "leakage": level, "step": change} for stage, level, change in pairs]

    whole = listed("")
    for entry, summary, results in zip(whole, summaries, stages, strict=True):
        entry["shots"] = summary.measures["shots"]
        entry["leaked"] = sum(int(result.rows["leaked"].sum()) for result in results)
    by_class = {
        name[1:]: {
            "armed": launched[name[1:]],
            "outside_rings": outside[f"outside_reach{name}"],
            "stages": listed(name),
        }
        for name in names
        if name
    }
    return {
        "armed": sum(launched.values()),
        "outside_rings": outside["outside_reach"],
        "stages": whole,
        "by_class": by_class,
    }


def pick_samples(study: Study, n: int | None) -> list[int]:
    """Numbers of the study's samples that are played.

    Parameters
    ----------
    study : Study
    n : int or None
        How many; None for `SAMPLES`, or all if the study has fewer.

    Raises
    ------
    ScenarioError
        The study has fewer samples.
    """
    count = study.experiments.samples
    if n is not None and n > count:
        message = f"{n} samples are asked for and the study has {count}; write '--samples {count}' or fewer"
        raise ScenarioError([Fault(study.meta.id, 0, "experiments.samples", message)])
    return spread_samples(count, n or min(SAMPLES, count), len(study.siting.rules))


def spread_samples(count: int, n: int, n_rules: int) -> list[int]:
    """Numbers of ``n`` of ``count`` samples, in order: from every siting rule equally many, spread over its samples.

    Parameters
    ----------
    count : int, >= n
        Samples of the hypercube.
    n : int, >= 1
    n_rules : int, >= 1
        Siting rules, which samples take in turn; even steps alone could meet one rule again and again.
    """
    chosen = []
    for rule in range(min(n_rules, n)):
        own = range(rule, count, n_rules)
        wanted = len(range(rule, n, n_rules))
        chosen += [own[i * len(own) // wanted] for i in range(wanted)]
    return sorted(chosen)


class _Job(NamedTuple):
    """Some replications of one stage of one sample."""

    sample: int
    stage: int
    start: int
    stop: int


class _Player:
    """Plays the stages of one case: this thread compiles, others play."""

    def __init__(self, plan: Plan, compile_without: CompileWithout, means: Means) -> None:
        self.plan, self.compile_without, self.means = plan, compile_without, means
        self.began, self.done = time.monotonic(), 0
        self.facts: dict[tuple[int, int], Facts] = {}
        self.flying: dict[Future[Block], _Job] = {}
        self.blocks: dict[_Job, Block] = {}

    def play_all(self, numbers: Sequence[int]) -> Iterator[list[Played]]:
        """Stages of each sample, in the order of the numbers."""
        total = len(numbers) * len(STAGES) * self.plan.replications
        with ThreadPoolExecutor(self.means.workers or len(os.sched_getaffinity(0))) as pool:
            try:
                for number in numbers:
                    for stage, case in self._cases(number):
                        self._submit(pool, number, stage, case)
                        self._take(total, 0.0)
                while self.flying:
                    self._take(total, None)
            except BaseException:
                for future in self.flying:
                    future.cancel()
                raise
        for number in numbers:
            yield [self._joined(number, stage) for stage in range(len(STAGES))]

    def _cases(self, number: int) -> Iterator[tuple[int, Compiled]]:
        """The case of one sample as every stage compiles it; stages that compile alike share it."""
        case = Case(self.plan.laydowns[0], self.plan.raids[0], number)
        lifted: tuple[str, ...] | None = None
        compiled = None
        for stage in range(len(STAGES)):
            still = tuple(limit for later in STAGES[stage + 1 :] for limit in later.compiled)
            if compiled is None or still != lifted:
                compiled, lifted = self.compile_without(case, still), still
            yield stage, compiled

    def _submit(self, pool: ThreadPoolExecutor, number: int, stage: int, case: Compiled) -> None:
        tables = lift(case.tables, [limit for later in STAGES[stage + 1 :] for limit in later.limits])
        facts = self.facts[number, stage] = facts_of(tables, systems_of(case))
        for start in range(0, self.plan.replications, self.plan.block_size):
            job = self._job(number, stage, start)
            future = pool.submit(play, self.means.simulate, self.plan.seed, tables, facts, job.start, job.stop)
            self.flying[future] = job

    def _job(self, number: int, stage: int, start: int) -> _Job:
        return _Job(number, stage, start, min(start + self.plan.block_size, self.plan.replications))

    def _take(self, total: int, timeout: float | None) -> None:
        """Keep the blocks that are done, waiting for one up to a timeout (s); tell how far it is, or stop."""
        for future in wait(self.flying, timeout, return_when=FIRST_COMPLETED).done:
            job = self.flying.pop(future)
            self.blocks[job] = future.result()
            self.done += job.stop - job.start
        self.means.listen(Report(self.done, total, self.done, time.monotonic() - self.began, "simulating"))
        if self.means.is_cancelled():
            raise RunStopped([Fault("", 0, "", "stopped; nothing is kept")])

    def _joined(self, number: int, stage: int) -> Played:
        """All replications of one stage of one sample."""
        starts = range(0, self.plan.replications, self.plan.block_size)
        blocks = [self.blocks[self._job(number, stage, start)] for start in starts]
        sums = reduce(add_sums, (block.sums for block in blocks))
        batches = add_batches([(block.start, block.batches) for block in blocks])
        return Played(np.concatenate([block.rows for block in blocks]), sums, batches, self.facts[number, stage])
