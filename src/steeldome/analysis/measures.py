"""Measures of one laydown against one raid, each with its two bands, and paired differences between laydowns.

Leakage comes with its parts: with F the footprint (share of launched armed objects that at least one fire unit has a
window against), l the leakage of those and u the leakage of the rest, ``L = sum over classes of w [(1 - F) u + F l]``,
w the share of the class among the launched armed objects. l and u are ratios of totals, so that this holds as printed.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.analysis.batches import Batches, Facts, split
from steeldome.analysis.uncertainty import (
    Estimate,
    Stratum,
    exact,
    paired,
    pooled_ratio,
    share,
    stratified,
    yes_or_no,
)
from steeldome.compiler.tables import N_CLASSES, STAGES, THREAT_CLASSES
from steeldome.results.schema import STATUS_OK, Sums
from steeldome.results.store import BATCH

Array = npt.NDArray[Any]
Measure = dict[str, Any]

EVIDENCE_LEVEL: Final = "E1"
#: Measures of which less is better for the defence; of all others more is.
LOWER_IS_BETTER: Final = frozenset(("leakage", "shots", "cost"))
_ENDS: Final = ("destroyed", "diverted", "malfunctioned", "fell_clear")


class SampleResult(NamedTuple):
    """What the sound replications of one outer sample of one laydown against one raid left behind.

    Attributes
    ----------
    rows : (sound replication,) ROW
    replication : (sound replication,) int
        Their numbers.
    sums : Sums
    batches : Batches
    facts : Facts
    broken : int
        Replications set aside because they are not sound.
    """

    rows: Array
    replication: Array
    sums: Sums
    batches: Batches
    facts: Facts
    broken: int

    def mean(self, tops: Array, scale: float = 1.0) -> Stratum:
        """One cluster a replication."""
        return Stratum(tops.astype(float), np.full(len(tops), scale), len(tops), self.replication)

    def batch_mean(self, tops: Array, scale: float = 1.0) -> Stratum:
        """One cluster a batch of replications."""
        return Stratum(tops.astype(float), self.batches.sound * scale, len(self.rows), self.batches.number)


def sample_result(rows: Array, sums: Sums, batches: Array, facts: Facts) -> SampleResult:
    """Set unsound replications aside.

    Parameters
    ----------
    rows : (replication,) ROW
        All replications, in order.
    sums : Sums
    batches : (batch, column) i8
        As `steeldome.analysis.batches.totals` lays them out.
    facts : Facts
    """
    is_sound = rows["status"] == STATUS_OK
    parts = split(batches, len(facts.systems))
    return SampleResult(rows[is_sound], np.flatnonzero(is_sound), sums, parts, facts, int((~is_sound).sum()))


class Summary(NamedTuple):
    """Measures of one laydown against one raid, as JSON shows them."""

    measures: Mapping[str, Measure]
    launched: Mapping[str, float]
    use: Mapping[str, Mapping[str, Mapping[str, Measure]]]
    stages: Mapping[str, Mapping[str, float]]
    stage_pairs: Mapping[str, int]
    replications: int
    broken: int


def as_measure(estimate: Estimate, unit: str) -> Measure:
    """JSON form of an estimate; a bound that nothing is known about is null."""
    fields = {name: number if math.isfinite(number) else None for name, number in estimate._asdict().items()}
    del fields["luck"]
    return {**fields, "level": EVIDENCE_LEVEL, "unit": unit}


def summarise(samples: Sequence[SampleResult]) -> Summary:
    """All measures of one laydown against one raid.

    Parameters
    ----------
    samples : sequence of SampleResult
        One an outer sample, in order; samples without a sound replication are left out.
    """
    used = [sample for sample in samples if len(sample.rows)]
    found: dict[str, Measure] = {}
    if used:
        for part in (_leakage, _ends, _of_rows, _rounds):
            found.update(part(used))
    armed = np.mean([sample.facts.armed for sample in used], axis=0) if used else np.zeros(N_CLASSES)
    stages, pairs = _stages(used)
    return Summary(
        found,
        {name: float(armed[kind]) for kind, name in enumerate(THREAT_CLASSES) if armed[kind]},
        _use(used),
        stages,
        pairs,
        sum(len(sample.rows) for sample in used),
        sum(sample.broken for sample in samples),
    )


def difference(first: Sequence[SampleResult], second: Sequence[SampleResult]) -> dict[str, Measure]:
    """Second laydown minus first against the same raid, paired by sample and replication.

    Replications that are unsound on either side are left out on both. ``is_shown`` is false where the interval from
    chance covers zero: no difference shown.
    """
    pairs = [_both_sound(a, b) for a, b in zip(first, second, strict=True)]
    used = [(a, b) for a, b in pairs if len(a.rows)]
    found: dict[str, Measure] = {}
    if not used:
        return found
    for key, (unit, stratum) in _PAIRED.items():
        sides = [(stratum(a), stratum(b)) for a, b in used]
        if all(a.bottoms.sum() > 0 and b.bottoms.sum() > 0 for a, b in sides):
            found[key] = _difference([a for a, _ in sides], [b for _, b in sides], unit)
    for kind, name in enumerate(THREAT_CLASSES):
        armed = [(a.facts.armed[kind], b.facts.armed[kind]) for a, b in used]
        is_same = all(np.array_equal(a.batches.sound, b.batches.sound) for a, b in used)
        if is_same and all(a > 0 and b > 0 for a, b in armed):
            strata = [
                [s.batch_mean(s.batches.of("leaked")[:, kind], s.facts.armed[kind]) for s in pair] for pair in used
            ]
            found[f"leakage.{name}"] = _difference([a for a, _ in strata], [b for _, b in strata], "1")
    return found


def without_batches(sample: SampleResult, batches: Array) -> SampleResult:
    """The same result without some batches of replications; ``sums`` stays that of the whole.

    Parameters
    ----------
    sample : SampleResult
    batches : (n,) int
        Numbers of the batches. Left out of several results, differences between any two of them add up.
    """
    is_kept = ~np.isin(sample.replication // BATCH, batches)
    in_kept = ~np.isin(sample.batches.number, batches)
    kept = Batches(*(column[in_kept] for column in sample.batches))
    return sample._replace(rows=sample.rows[is_kept], replication=sample.replication[is_kept], batches=kept)


def outside_reach(samples: Sequence[SampleResult]) -> dict[str, Measure]:
    """Armed objects that leak and that no fire unit has a window against, as shares of all armed objects.

    Keys are ``outside_reach`` and, for each class of which every sample has armed objects, ``outside_reach.<class>``.
    """
    found: dict[str, Measure] = {}
    for name, some in _class_groups():
        armed = [float(s.facts.armed[some].sum()) for s in samples]
        if min(armed, default=0.0) <= 0.0:
            continue
        strata = []
        for sample, n in zip(samples, armed, strict=True):
            outside = sample.batches.of("leaked") - sample.batches.of("leaked_covered")
            strata.append(sample.batch_mean(outside[:, some].sum(axis=1), n))
        found[f"outside_reach{name}"] = as_measure(share(stratified(strata)), "1")
    return found


def _difference(first: list[Stratum], second: list[Stratum], unit: str) -> Measure:
    estimate = paired(first, second)
    is_shown = estimate.low > 0 or estimate.high < 0
    return {**as_measure(estimate, unit), "is_shown": is_shown}


def _both_sound(a: SampleResult, b: SampleResult) -> tuple[SampleResult, SampleResult]:
    common = np.intersect1d(a.replication, b.replication)
    return _only(a, common), _only(b, common)


def _only(sample: SampleResult, replications: Array) -> SampleResult:
    is_kept = np.isin(sample.replication, replications)
    return sample._replace(rows=sample.rows[is_kept], replication=replications)


def per_replication(sample: SampleResult, measure: str) -> Array:
    """A measure of `difference` in each sound replication of a sample."""
    stratum = _PAIRED[measure][1](sample)
    return np.asarray(stratum.tops / stratum.bottoms)


def as_observed(samples: Sequence[SampleResult], events: int, stopped: int) -> Measure:
    """Probability that the defence stops just so many of some independent raids whole, as the record has it.

    Parameters
    ----------
    samples : sequence of SampleResult
    events, stopped : int
        Raids, and those of them of which every armed object is destroyed or turned away.

    Notes
    -----
    For raids without decoys. A record knows of raids that came: replications in which an object fails by itself are
    left out. The others, in a row, are independent raids on one sample of inputs and sites: as many as there are events
    make one yes or no.
    """
    strata = []
    for sample in samples:
        came = sample.rows[sample.rows["malfunctioned"] == 0]
        n = len(came) // events
        is_stopped = ((came["leaked"] == 0) & (came["fell_clear"] == 0))[: n * events].reshape(n, events)
        counts = is_stopped.sum(axis=1) == stopped
        strata.append(Stratum(counts.astype(float), np.ones(n), n, np.arange(n)))
    return as_measure(yes_or_no([stratum for stratum in strata if stratum.n]), "1")


def _armed(sample: SampleResult) -> float:
    return float(sample.facts.armed.sum())


#: Measures that differ a replication: unit, and how one sample becomes a mean, of zero bottoms where there is none.
_PAIRED: Final[Mapping[str, tuple[str, Callable[[SampleResult], Stratum]]]] = {
    "leakage": ("1", lambda s: s.mean(s.rows["leaked"], _armed(s))),
    "raid_annihilation": ("1", lambda s: s.mean(s.rows["leaked"] == 0)),
    "assets_held": ("assets", lambda s: s.mean(s.rows["assets_held"])),
    "value_saved": ("1", lambda s: s.mean(s.facts.value - s.rows["value_lost"].astype(float), float(s.facts.value))),
    "shots": ("shots", lambda s: s.mean(s.rows["shots"])),
    "cost": ("USD", lambda s: s.mean(s.rows["cost"])),
    "friendly_engaged": ("objects", lambda s: s.mean(s.rows["friendly_engaged"], float(s.facts.background > 0))),
}


def _class_groups() -> list[tuple[str, Array]]:
    """All classes together, then each alone: suffix of a measure's key, and the rows of the classes."""
    return [("", np.arange(N_CLASSES)), *((f".{name}", np.array([k])) for k, name in enumerate(THREAT_CLASSES))]


def _leakage(samples: list[SampleResult]) -> dict[str, Measure]:
    """Leakage overall and by class, with footprint, leakage of the covered and of the others."""
    found: dict[str, Measure] = {}
    for name, some in _class_groups():
        armed = [float(s.facts.armed[some].sum()) for s in samples]
        covered = [float(s.facts.covered[some].sum()) for s in samples]
        if min(armed) <= 0:
            continue
        leaked = [s.batches.of("leaked")[:, some].sum(axis=1) for s in samples]
        leaked_covered = [s.batches.of("leaked_covered")[:, some].sum(axis=1) for s in samples]
        if name:
            whole = [s.batch_mean(top, n) for s, top, n in zip(samples, leaked, armed, strict=True)]
        else:
            whole = [_PAIRED["leakage"][1](s) for s in samples]
        found[f"leakage{name}"] = as_measure(share(stratified(whole)), "1")
        n = sum(len(s.rows) for s in samples)
        ratios = [c / a for c, a in zip(covered, armed, strict=True)]
        found[f"footprint{name}"] = as_measure(share(exact(ratios, n), has_chance=False), "1")
        parts = zip(samples, leaked, leaked_covered, armed, covered, strict=True)
        inside = [(s.batch_mean(lc, c), s.batch_mean(total - lc, a - c)) for s, total, lc, a, c in parts]
        for key, part in (("conditional_leakage", 0), ("uncovered_leakage", 1)):
            strata = [pair[part] for pair in inside]
            if sum(float(stratum.bottoms.sum()) for stratum in strata) > 0:
                found[f"{key}{name}"] = as_measure(share(pooled_ratio(strata)), "1")
    return found


def _ends(samples: list[SampleResult]) -> dict[str, Measure]:
    """Other ends, as shares of the hostile objects launched (decoys among them)."""
    found: dict[str, Measure] = {}
    hostile = np.flatnonzero([name != "background" for name in THREAT_CLASSES])
    kinds = [np.array([kind]) for kind in hostile]
    for name, some in [("", hostile), *((f".{THREAT_CLASSES[kind[0]]}", kind) for kind in kinds)]:
        objects = [float(s.facts.objects[some].sum()) for s in samples]
        if min(objects) <= 0:
            continue
        for end in _ENDS:
            strata = [
                s.batch_mean(s.batches.of(end)[:, some].sum(axis=1), n) for s, n in zip(samples, objects, strict=True)
            ]
            found[f"{end}{name}"] = as_measure(share(stratified(strata)), "1")
    return found


def _of_rows(samples: list[SampleResult]) -> dict[str, Measure]:
    """Measures that stand in the rows of replications."""
    held = [_PAIRED["raid_annihilation"][1](s) for s in samples]
    found = {"raid_annihilation": as_measure(yes_or_no(held), "1")}
    for key in ("assets_held", "value_saved", "shots", "cost", "friendly_engaged"):
        unit, stratum = _PAIRED[key]
        strata = [stratum(s) for s in samples]
        if all(s.bottoms.sum() > 0 for s in strata):
            estimate = stratified(strata)
            found[key] = as_measure(share(estimate) if unit == "1" else estimate, unit)
    kills = [s.mean(s.rows["cost"])._replace(bottoms=_hostile_kills(s)) for s in samples]
    if sum(float(stratum.bottoms.sum()) for stratum in kills) > 0:
        found["cost_per_intercept"] = as_measure(pooled_ratio(kills), "USD")
    return found


def _hostile_kills(sample: SampleResult) -> Array:
    """Hostile objects destroyed or diverted, by replication: background traffic that did not fly on is none."""
    rows = sample.rows
    kills: Array = rows["destroyed"].astype(float) + rows["diverted"] + rows["passed"] - sample.facts.background
    return kills


def _rounds(samples: list[SampleResult]) -> dict[str, Measure]:
    strata = [s.batch_mean(s.batches.rounds.sum(axis=1)) for s in samples]
    return {"rounds": as_measure(stratified(strata), "rounds")}


def _use(samples: list[SampleResult]) -> dict[str, dict[str, dict[str, Measure]]]:
    """Kills and shots a replication by system and class, where any shot was fired."""
    found: dict[str, dict[str, dict[str, Measure]]] = {}
    for system in sorted({name for s in samples for name in s.facts.systems}):
        for kind, name in enumerate(THREAT_CLASSES):
            counts = [_column(s, s.batches.kills, system, kind) for s in samples]
            shots = [_column(s, s.batches.shots, system, kind) for s in samples]
            if sum(int(column.sum()) for column in shots) == 0:
                continue
            found.setdefault(system, {})[name] = {
                key: as_measure(stratified([s.batch_mean(c) for s, c in zip(samples, columns, strict=True)]), unit)
                for key, columns, unit in (("kills", counts, "objects"), ("shots", shots, "shots"))
            }
    return found


def _column(sample: SampleResult, counts: Array, system: str, kind: int) -> Array:
    if system not in sample.facts.systems:
        return np.zeros(len(counts), np.int64)
    return np.asarray(counts[:, kind, sample.facts.systems.index(system)])


def _stages(samples: list[SampleResult]) -> tuple[dict[str, dict[str, float]], dict[str, int]]:
    """Furthest condition met against leakers, as shares by system."""
    totals: dict[str, Array] = {}
    for sample in samples:
        by_unit = sample.sums.stages.sum(axis=0)
        for index, system in enumerate(sample.facts.systems):
            counts = by_unit[sample.facts.system_index == index].sum(axis=0)
            totals[system] = totals.get(system, np.zeros(len(STAGES), np.int64)) + counts
    pairs = {system: int(counts.sum()) for system, counts in totals.items() if counts.sum()}
    shares = {
        system: {STAGES[code]: int(totals[system][code]) / n for code in np.flatnonzero(totals[system])}
        for system, n in pairs.items()
    }
    return shares, pairs
