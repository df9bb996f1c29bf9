"""What ``steeldome explain`` asks: one laydown of a study against one raid, link by link."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from steeldome.app.asked import load_asked
from steeldome.errors import Fault, ResultsError

if TYPE_CHECKING:
    from steeldome.app.asked import Asked
    from steeldome.app.printing import Translate
    from steeldome.experiments.session import Means
    from steeldome.report.waterfall import Waterfall

PICTURES: Final = (".html", ".svg", ".png")  # what a waterfall is written as


def check_place(out: Path) -> None:
    """Refuse a file that could not be written when all is played.

    Raises
    ------
    ResultsError
    """
    if out.suffix not in PICTURES:
        message = f"ends in none of {', '.join(PICTURES)}; give --out one of these endings"
        raise ResultsError([Fault(str(out), 0, "", message)])
    if not out.parent.is_dir():
        raise ResultsError([Fault(str(out), 0, "", "there is no such folder; make it, or give another --out")])


def explain_study(
    name: str, asked: "Asked", means: "Means", language: str, translate: "Translate"
) -> tuple[dict[str, Any], "Waterfall"]:
    """The record of a waterfall, and the same with names in a language.

    Parameters
    ----------
    name : str
        Id of a shipped study, or its folder.
    asked : Asked
        The first laydown of the study's experiments, their last raid, 8 samples and 200 replications of each where
        nothing else is asked.
    means : Means
    language : str
    translate : callable
        From an English sentence to the same sentence in the language.
    """
    from steeldome.experiments.compiling import CaseCompiler
    from steeldome.experiments.explaining import REPLICATIONS, explain, pick_samples
    from steeldome.experiments.runs import plan_run
    from steeldome.inputs.force import force_of
    from steeldome.inputs.study import raid_of
    from steeldome.report.labels import laydown_name
    from steeldome.report.waterfall import read_waterfall

    study, catalogue = load_asked(name, asked.what_ifs)
    plan = plan_run(
        study,
        laydowns=asked.laydowns or study.experiments.laydowns[:1],
        raids=asked.raids or study.experiments.raids[-1:],
        replications=asked.replications or REPLICATIONS,
        seed=asked.seed,
    )
    numbers = pick_samples(study, asked.samples)
    record = explain(plan, CaseCompiler(study, catalogue, plan).without, numbers, means)
    laydown = laydown_name(force_of(study, plan.laydowns[0]), language, translate)
    raid = raid_of(study, plan.raids[0]).name.in_language(language)
    return record, read_waterfall(record, study.meta.name.in_language(language), laydown, raid)
