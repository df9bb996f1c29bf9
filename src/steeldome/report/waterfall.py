"""The brochure-to-reality waterfall in plain values and words; figure and page are made from these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from steeldome.report.contents import Measure, as_measure
from steeldome.report.wording import COARSEST_INPUT_SHARE, Wording, rounding_step, verdict

Translate = Callable[[str], str]

RINGS: Final = "rings"
PLAYED: Final = "played"
_FEW: Final = 2.0  # armed objects below which a step is said in points only


class Step(NamedTuple):
    """One stage: leakage at it, and the paired difference from the stage before (of the first: its leakage)."""

    id: str
    leakage: Measure
    step: Measure


class ClassSteps(NamedTuple):
    """One class of threat: armed objects, the share that no ring covers, and its stages."""

    armed: float
    outside: Measure
    stages: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """One laydown against one raid at every stage; names are in the reader's language.

    Attributes
    ----------
    armed : float
        Armed objects of the raid.
    outside : Measure
        Share of them that leaks at the first stage because no fire unit reaches its path.
    stages : tuple of Step
    shots : tuple of Measure
        Shots a replication, by stage.
    by_class : mapping of str to ClassSteps
    samples, hypercube : int
        Samples played, of so many.
    left_out : int
        Replications of the samples that were not sound at some stage, with those that share a batch with one.
    """

    study: str
    laydown: str
    raid: str
    armed: float
    outside: Measure
    stages: tuple[Step, ...]
    shots: tuple[Measure, ...]
    by_class: Mapping[str, ClassSteps]
    seed: int
    samples: int
    hypercube: int
    replications: int
    left_out: int
    level: str


def read_waterfall(record: Mapping[str, Any], study: str, laydown: str, raid: str) -> Waterfall:
    """Plain values from a record of `steeldome.experiments.explaining.explain`.

    Parameters
    ----------
    record : mapping
    study, laydown, raid : str
        Names as a reader knows them.
    """
    classes = {
        key: ClassSteps(float(entry["armed"]), as_measure(entry["outside_rings"]), _steps(entry["stages"]))
        for key, entry in record["by_class"].items()
    }
    counts = {name: int(record[name]) for name in ("seed", "samples", "hypercube", "replications", "left_out")}
    return Waterfall(
        study=study,
        laydown=laydown,
        raid=raid,
        armed=float(record["armed"]),
        outside=as_measure(record["outside_rings"]),
        stages=_steps(record["stages"]),
        shots=tuple(as_measure(entry["shots"]) for entry in record["stages"]),
        by_class=classes,
        level=str(record["level"]),
        **counts,
    )


def _steps(entries: list[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(str(entry["id"]), as_measure(entry["leakage"]), as_measure(entry["step"])) for entry in entries)


def stage_labels(translate: Translate) -> Mapping[str, str]:
    """Names of the stages, and of the last level, by id in order."""
    return {
        RINGS: translate("rings and Pkⁿ"),
        "horizon": translate("horizon"),
        "search": translate("search and links"),
        "time": translate("time"),
        "channels": translate("channels and rounds"),
        "identification": translate("identification"),
        "readiness": translate("readiness"),
        "siting": translate("siting"),
        PLAYED: translate("as played"),
    }


def stage_meanings(translate: Translate) -> Mapping[str, str]:
    """What each stage gives back to the case, by id."""
    return {
        RINGS: translate(
            "Every unit is ready at its asset and fires at once, as often as reach and flight time allow; what is left "
            "is no reach, or shots that miss."
        ),
        "horizon": translate("Ground and the curve of the earth hide objects from radars and from fire units."),
        "search": translate(
            "Radars have a range, a sector and a chance to see; tracks need confirmation, and only what is linked is "
            "told."
        ),
        "time": translate("Reaction, decisions, operators and the assessment of a kill take time."),
        "channels": translate("Channels, magazines, and the doctrine's holds, looks, reserves and limits of cost."),
        "identification": translate(
            "Objects are taken for others, and live ones for dead; to tell them apart takes time."
        ),
        "readiness": translate("Some units are not there, others are lost in battle."),
        "siting": translate("Units stand where the study's rules, stand-off and jitter put them."),
    }


def _subjects(translate: Translate) -> Mapping[str, str]:
    """Stages as the subject of a sentence, by id."""
    return {
        "horizon": translate("The horizon"),
        "search": translate("Search, with the links behind it,"),
        "time": translate("The time that the defence needs"),
        "channels": translate("The want of channels and rounds, with the rules that spare them,"),
        "identification": translate("Identification"),
        "readiness": translate("Readiness"),
        "siting": translate("Siting"),
    }


def matchup(found: Waterfall, translate: Translate) -> str:
    """Who stands against what."""
    return translate("“{laydown}” against “{raid}”").format(laydown=found.laydown, raid=found.raid)


def reading(found: Waterfall, wording: Wording) -> str:
    """How the numbers are read."""
    pattern = wording.translate(
        "Leakage: share of the raid's armed objects ({armed}) that reach their aim. From the second on, each is the "
        "paired difference from the stage above it, with the same samples and the same luck; its size depends on this "
        "order."
    )
    return pattern.format(armed=wording.count(found.armed))


def counts(found: Waterfall, wording: Wording) -> str:
    """What stands behind the numbers: replications, samples, evidence level, seed."""
    translate = wording.translate
    said = translate(
        "n = {n} replications a stage ({samples} of {hypercube} samples of inputs and sites × {replications} "
        "replications); evidence level {level}; seed {seed}."
    ).format(
        n=wording.count(found.samples * found.replications - found.left_out),
        samples=wording.count(found.samples),
        hypercube=wording.count(found.hypercube),
        replications=wording.count(found.replications),
        level=found.level,
        seed=found.seed,
    )
    if found.left_out:
        pattern = translate(
            "{n} replications were not sound at some stage, or near one that was not, and are left out."
        )
        said += " " + pattern.format(n=wording.count(found.left_out))
    return said


def sentences(found: Waterfall, wording: Wording) -> list[str]:
    """What the waterfall says: the promise, every step, and the largest."""
    translate = wording.translate
    first, last = found.stages[0], found.stages[-1]
    said = [_promise(first.leakage, found.outside, wording)]
    said += [_step_sentence(stage, found.armed, wording) for stage in found.stages[1:]]
    pattern = translate("As it is played, {value} get through ({bands}).")
    said.append(pattern.format(value=wording.value(last.leakage), bands=wording.bands(last.leakage)))
    gap = last.leakage.value - first.leakage.value
    largest = max(found.stages[1:], key=lambda stage: stage.step.value)
    if gap > 0.0 and largest.step.low > 0.0:
        pattern = translate("The largest step is “{stage}”: {share} of all that lies between promise and reality.")
        share = wording.quantity(largest.step.value / gap, "1", 0.01)
        said.append(pattern.format(stage=stage_labels(translate)[largest.id], share=share))
    return said


def _promise(leakage: Measure, outside: Measure, wording: Wording) -> str:
    """What rings and kill probabilities leave over, and how much of it no ring covers."""
    if outside.value > 0.0:
        pattern = wording.translate(
            "If nothing but reach and the kill probability of a shot counted, {value} would get through ({bands}): "
            "{outside} lie outside every ring ({outside_bands}), the rest is met and missed."
        )
    else:
        pattern = wording.translate(
            "If nothing but reach and the kill probability of a shot counted, {value} would get through ({bands}); no "
            "object lies outside every ring, what is left is met and missed."
        )
    numbers = {"value": wording.value(leakage), "bands": wording.bands(leakage)}
    return pattern.format(**numbers, outside=wording.value(outside), outside_bands=wording.bands(outside))


def _step_sentence(stage: Step, armed: float, wording: Wording) -> str:
    """One step in words, by the verdict of its paired difference."""
    translate = wording.translate
    measure, found = stage.step, verdict(_as_printed(stage.step))
    patterns = {
        "higher": translate("{stage} lets {objects} of {armed} more through ({value}; {bands})."),
        "lower": translate("{stage} lets {objects} of {armed} fewer through ({value}; {bands})."),
        "depends": translate(
            "{stage} changes leakage by {value} on average, but the sign depends on assumptions and siting ({bands})."
        ),
        "none": translate("{stage} shows no difference here: the chance band of {value} covers zero ({bands})."),
    }
    alone = {
        "higher": translate("{stage} raises leakage by {value} ({bands})."),
        "lower": translate("{stage} lowers leakage by {value} ({bands})."),
    }
    step = rounding_step(measure.low, measure.high, measure.value)
    size = wording.quantity(abs(measure.value), measure.unit, step, difference=True).removeprefix("+")
    is_alone = armed < _FEW and found in alone
    counted = rounding_step(measure.low * armed, measure.high * armed, measure.value * armed)
    return (alone if is_alone else patterns)[found].format(
        stage=_subjects(translate)[stage.id],
        objects=wording.number(abs(measure.value) * armed, counted),
        armed=wording.count(armed),
        value=size if is_alone else wording.value(measure, difference=True),
        bands=wording.bands(measure, difference=True),
    )


def _as_printed(measure: Measure) -> Measure:
    """A step with its band of inputs cut to the digits that are printed: a sign that is not seen there is not said."""
    step = min(rounding_step(measure.input_low, measure.input_high, measure.value), COARSEST_INPUT_SHARE)
    ends = (round(end / step) * step for end in (measure.input_low, measure.input_high))
    low, high = ends
    return measure._replace(input_low=low, input_high=high)
