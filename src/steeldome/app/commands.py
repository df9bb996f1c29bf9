"""What each command does; the answer is the exit status."""

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from steeldome.app.asked import Asked, load_asked
from steeldome.app.printing import (
    ProgressLine,
    Translate,
    number,
    print_claims,
    print_faults,
    print_json,
    print_measures,
    print_table,
)
from steeldome.errors import Fault, ResultsError, ScenarioError, SteeldomeError

if TYPE_CHECKING:
    from steeldome.experiments.folder import OpenRun, Plan
    from steeldome.experiments.new_study import UnitList
    from steeldome.experiments.session import Compile, Means
    from steeldome.inputs.base import LocalText
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.study import Study
    from steeldome.report.formats import Format


def list_studies(as_json: bool, translate: Translate) -> int:
    """Studies that come with Steeldome."""
    from steeldome.app.language import choose_language
    from steeldome.inputs.force import force_ids
    from steeldome.inputs.study import load_study, shipped_studies

    language = choose_language()
    found = [load_study(name) for name in shipped_studies()]
    if as_json:
        print_json(
            [
                {
                    "id": study.meta.id,
                    "name": study.meta.name.model_dump(),
                    "question": study.meta.question.model_dump(),
                    "laydowns": list(force_ids(study)),
                    "raids": [raid.id for raid in study.raids],
                }
                for study in found
            ]
        )
        return 0
    for study in found:
        print(f"{study.meta.id}: {study.meta.name.in_language(language)}")
        print("  " + study.meta.question.in_language(language))
        parts = ((translate("laydowns"), study.laydowns), (translate("deltas"), study.deltas))
        for title, listed in (*parts, (translate("raids"), study.raids)):
            if listed:
                print(f"  {title}: " + ", ".join(item.id for item in listed))
    return 0


def list_catalogue(as_json: bool, translate: Translate) -> int:
    """Everything in the catalogue, one a line."""
    from steeldome.app.language import choose_language
    from steeldome.inputs.catalogue import load_catalogue

    known = load_catalogue()
    rows: list[tuple[str, str, str, LocalText]]
    rows = [(item.id, item.kind, item.system_class or "", item.name) for item in known.items.values()]
    rows += [(threat.id, "threat", threat.threat_class, threat.name) for threat in known.threats.values()]
    if as_json:
        print_json(
            [{"id": key, "kind": kind, "class": class_, "name": name.model_dump()} for key, kind, class_, name in rows]
        )
    else:
        language = choose_language()
        print_table((key, kind, class_, name.in_language(language)) for key, kind, class_, name in rows)
    return 0


def show_catalogue(name: str, as_json: bool, translate: Translate) -> int:
    """The card of one entry of the catalogue."""
    from steeldome.app.cards import print_card
    from steeldome.app.language import choose_language
    from steeldome.inputs.card import card
    from steeldome.inputs.catalogue import load_catalogue

    known = load_catalogue()
    _check_entry(known, name)
    found = card(known, name)
    if as_json:
        print_json(asdict(found))
    else:
        print_card(found, choose_language(), translate)
    return 0


def write_catalogue_card(name: str, out: Path | None, language: str | None, as_json: bool, translate: Translate) -> int:
    """Write the card of one entry of the catalogue as a page."""
    from steeldome.app.language import choose_language, translator
    from steeldome.inputs.catalogue import load_catalogue
    from steeldome.report.card_page import write_card

    chosen = choose_language(language)
    known = load_catalogue()
    _check_entry(known, name)
    path = out or Path(f"{name}.html")
    with _told_where(path):
        write_card(known, name, path, chosen, translator(chosen))
    if as_json:
        print_json({"id": name, "card": str(path), "language": chosen})
    else:
        print(translate("card {file}").format(file=path))
    return 0


def write_catalogue_cards(out: Path | None, language: str | None, as_json: bool, translate: Translate) -> int:
    """Write the cards of all entries of the catalogue, and an index, into a folder."""
    from steeldome.app.language import choose_language, translator
    from steeldome.inputs.catalogue import load_catalogue
    from steeldome.report.card_page import INDEX, write_cards

    chosen = choose_language(language)
    folder = out or Path("cards")
    with _told_where(folder):
        n = write_cards(load_catalogue(), folder, chosen, translator(chosen))
    if as_json:
        print_json({"cards": n, "folder": str(folder), "index": str(folder / INDEX), "language": chosen})
    else:
        print(translate("{n} cards, index {file}").format(n=n, file=folder / INDEX))
    return 0


def _check_entry(known: "Catalogue", name: str) -> None:
    from steeldome.inputs.reading import suggest

    if name not in known.items and name not in known.threats:
        hint = suggest(name, (*known.items, *known.threats)) or "; type 'steeldome catalogue list'"
        raise ScenarioError([Fault(name, 0, "", f"no such entry in the catalogue{hint}")])


@contextmanager
def _told_where(out: Path) -> Iterator[None]:
    """Say which file or folder cannot be written."""
    try:
        yield
    except OSError as reason:
        message = f"cannot be written ({reason.strerror}); give another --out"
        raise ResultsError([Fault(str(out), 0, "", message)]) from reason


def check_study(name: str, what_ifs: tuple[str, ...], as_json: bool, translate: Translate) -> int:
    """Read a study against the catalogue, with what-ifs; exit status 1 if it has faults."""
    from steeldome.experiments.checking import check_with_ground

    faults, gaps = check_with_ground(name, what_ifs)
    if as_json:
        listed = [
            {"file": fault.file, "line": fault.line, "where": fault.where, "message": fault.message} for fault in faults
        ]
        lacking = None if gaps is None else {"cells": gaps.cells, "cells_without_data": gaps.missing}
        print_json({"study": name, "is_valid": not faults, "faults": listed, "ground": lacking})
    elif faults:
        print_faults(SteeldomeError(faults))
    else:
        print(translate("{study}: no faults").format(study=name))
    if gaps is not None and gaps.missing:
        line = translate(
            "the terrain has no data in {n} of {cells} cells within {margin} km of assets and fixed sites; "
            "a run takes them as sea level"
        )
        print(line.format(n=gaps.missing, cells=gaps.cells, margin=number(gaps.margin / 1000.0)), file=sys.stderr)
    return 1 if faults else 0


def make_study(asked: "UnitList", out: Path | None, as_json: bool, translate: Translate) -> int:
    """Make a study folder from a list of units."""
    from steeldome.experiments.new_study import new_study
    from steeldome.inputs.catalogue import load_catalogue

    made = new_study(asked, out, load_catalogue())
    study, environment = made.study, made.study.environment
    n_units = sum(unit.count for unit in study.laydowns[0].units)
    if as_json:
        print_json(
            {
                "study": study.meta.id,
                "folder": str(made.folder),
                "units": n_units,
                "systems": list(made.systems),
                "assets": [asset.id for asset in study.assets],
                "terrain": environment.terrain,
            }
        )
        return 0
    head = translate("{folder}: units {units}, systems {systems}, assets {assets}; sites are rounded to 0.1 degree")
    print(head.format(folder=made.folder, units=n_units, systems=len(made.systems), assets=len(study.assets)))
    if not environment.has_terrain:
        print(translate("no terrain: the ground is a smooth earth at sea level"))
    shown = shlex.quote(str(made.folder))
    line = translate("everything but the units is a template: edit {file}, then type '{check}' and '{run}'")
    commands = {"check": f"steeldome check {shown}", "run": f"steeldome run {shown} --quick"}
    print(line.format(file=made.folder / "study.yaml", **commands))
    return 0


def run_study(
    name: str, asked: Asked, out: Path | None, workers: int, if_needed: bool, as_json: bool, translate: Translate
) -> int:
    """Run a study into a folder."""
    _prepare()
    from steeldome.experiments.compiling import CaseCompiler
    from steeldome.experiments.runs import plan_run, resume, reusable, run_plan

    study, catalogue = load_asked(name, asked.what_ifs)
    plan = plan_run(
        study,
        laydowns=asked.laydowns,
        raids=asked.raids,
        replications=asked.replications,
        samples=asked.samples,
        seed=asked.seed,
        everything=asked.everything,
    )
    folder = out or Path("runs") / study.meta.id
    found = reusable(folder, plan) if if_needed else ""
    if found == "other":
        aside = _move_aside(folder)
        line = translate("{folder} holds another run; it is now {aside}").format(folder=folder, aside=aside)
        print(line, file=sys.stderr)
    with _means(workers, translate) as means:
        if found == "same":
            run = resume(folder, _compile_with, means)
        else:
            run = run_plan(study, plan, folder, CaseCompiler(study, catalogue, plan), means)
    return _print_run(run, as_json, translate)


def _move_aside(folder: Path) -> Path:
    """Rename a folder so that its name is free and nothing in it is lost."""
    number_ = 1
    while (aside := folder.with_name(f"{folder.name}.old-{number_}")).exists():
        number_ += 1
    folder.rename(aside)
    return aside


def resume_run(folder: Path, replications: int, workers: int, as_json: bool, translate: Translate) -> int:
    """Finish, repair or extend a run."""
    _prepare()
    from steeldome.experiments.runs import resume

    with _means(workers, translate) as means:
        run = resume(folder, _compile_with, means, replications)
    return _print_run(run, as_json, translate)


def _compile_with(study: "Study", plan: "Plan") -> "Compile":
    from steeldome.experiments.compiling import CaseCompiler
    from steeldome.inputs.catalogue import load_catalogue

    return CaseCompiler(study, load_catalogue(study), plan)


def _print_run(run: "OpenRun", as_json: bool, translate: Translate) -> int:
    from steeldome.analysis.claims import answers

    for name in _idle_what_ifs(run):
        line = translate("nothing in this run depends on the what-if '{name}'")
        print(line.format(name=name), file=sys.stderr)
    seconds, simulated = run.manifest["seconds"], run.manifest["simulated"]
    if as_json:
        print_json(
            {
                "study": run.study.meta.id,
                "run_dir": str(run.path),
                "state": run.state,
                "terrain": run.study.environment.terrain,
                "result_hash": run.result_hash,
                "seconds": seconds,
                "replications_per_second": round(simulated / seconds, 1) if seconds else None,
                "cases": [
                    {key: case[key] for key in ("laydown", "raid", "replications", "samples", "measures")}
                    for case in run.measures["cases"]
                ],
                "differences": run.measures["differences"],
                "claims": {one.claim.id: one.verdict for one in answers(run.study, run.catalogue(), run.measures)},
            }
        )
    else:
        told = [(laydown, raid) for laydown in run.plan.laydowns for raid in run.plan.raids]
        print_measures(run.measures, told, translate)
        print_claims(answers(run.study, run.catalogue(), run.measures), translate)
        if not run.study.environment.has_terrain:
            print(translate("no terrain: the ground is a smooth earth at sea level"))
        print(translate("result {hash}").format(hash=run.result_hash))
        print(translate("run folder {folder}").format(folder=run.path))
    if run.state != "complete":
        command = f"steeldome resume {shlex.quote(str(run.path))}"
        line = translate("some blocks failed again and again and are left out; type '{command}' to try again")
        print(line.format(command=command), file=sys.stderr)
        return 1
    return 0


def _idle_what_ifs(run: "OpenRun") -> tuple[str, ...]:
    from steeldome.inputs.what_if import what_ifs_of
    from steeldome.report.inputs_used import idle_what_ifs, used_names

    return idle_what_ifs(run.catalogue(), used_names(run)) if what_ifs_of(run.study) else ()


def explain_case(
    name: str,
    asked: Asked,
    out: Path | None,
    language: str | None,
    workers: int,
    as_json: bool,
    translate: Translate,
) -> int:
    """Which link of the chain eats the promise of rings and kill probabilities."""
    from steeldome.app.explaining import check_place, explain_study
    from steeldome.app.language import choose_language, translator

    chosen = choose_language(language)
    if out is not None:
        check_place(out)
    _prepare()
    speak = translator(chosen)
    with _means(workers, translate) as means:
        record, found = explain_study(name, asked, means, chosen, speak)
    if out is not None:
        from steeldome.report.waterfall_page import write_waterfall

        with _told_where(out):
            write_waterfall(found, out, chosen, speak)
    if as_json:
        print_json(record)
        return 0
    from steeldome.app.waterfall import print_waterfall

    print_waterfall(found, chosen, speak)
    if out is not None:
        print(translate("file {file}").format(file=out))
    return 0


def explain_leakers(
    folder: Path, case_id: str, replication: int | None, threat: str | None, as_json: bool, translate: Translate
) -> int:
    """Tell why the leakers of one replication got through."""
    _prepare()
    import numpy as np

    from steeldome.app.story import print_story, tell
    from steeldome.experiments.folder import open_run

    run = open_run(folder)
    record = run.case(case_id) if case_id else run.cases[0]
    rows = run.rows(record.id)
    if replication is None:
        with_leakers = np.flatnonzero((rows["leaked"] > 0) & (rows["status"] == 0))
        replication = int(with_leakers[0]) if len(with_leakers) else 0
    if replication >= len(rows):
        message = f"no replication {replication}; case '{record.id}' has 0 to {len(rows) - 1}"
        raise ResultsError([Fault(str(folder), 0, "", message)])
    case = run.compiled(record.id)
    if threat is not None and threat not in case.names.threats:
        from steeldome.inputs.reading import suggest

        hint = suggest(threat, case.names.threats) or f"; threats are named such as '{case.names.threats[0]}'"
        raise ResultsError([Fault(str(folder), 0, "", f"no threat '{threat}' in case '{record.id}'{hint}")])
    told = tell(case, run.seed, replication, threat)
    if as_json:
        print_json({"case": record.id, "replication": replication, "threats": told})
        return 0
    head = translate("case {case}, replication {replication}: {n} leakers")
    print(head.format(case=record.id, replication=replication, n=int(rows["leaked"][replication])))
    for one in told:
        print_story(one, translate)
    return 0


def write_run_report(folder: Path, out: Path, language: str | None, as_json: bool, translate: Translate) -> int:
    """Write the report of a run."""
    _prepare()
    from steeldome.app.language import choose_language, translator
    from steeldome.experiments.folder import open_run
    from steeldome.report.brief import write_report

    chosen = choose_language(language)
    run = open_run(folder)
    with _told_where(out):
        write_report(run, out, chosen, translator(chosen))
    if as_json:
        print_json({"run_dir": str(folder), "report": str(out), "language": chosen})
    else:
        print(translate("report {file}").format(file=out))
    return 0


def export_run(
    folder: Path, out: Path, language: str | None, wanted: "Format", as_json: bool, translate: Translate
) -> int:
    """Write tables and figures of a run's report into a folder."""
    _prepare()
    from steeldome.app.language import choose_language, translator
    from steeldome.experiments.folder import open_run
    from steeldome.report.export import write_export

    chosen = choose_language(language)
    files = write_export(open_run(folder), out, wanted, chosen, translator(chosen))
    if as_json:
        print_json({"run_dir": str(folder), "export": str(out), "language": chosen, "files": files})
    else:
        print(translate("files written to {folder}: {n}").format(folder=out, n=len(files)))
    return 0


def verify_run(folder: Path, fraction: float, as_json: bool, translate: Translate) -> int:
    """Compile and simulate a run again; exit status 1 on any difference in the rows."""
    _prepare()
    from steeldome.engine.blocks import run_block
    from steeldome.experiments.verification import verify

    progress = ProgressLine(translate)
    found = verify(folder, lambda study, run: _compile_with(study, run.plan), run_block, fraction, progress)
    progress.close()
    if as_json:
        print_json(found._asdict())
        return 0 if found.is_same else 1
    if found.tables_different:
        line = translate("{k} of {n} tables differ; replayed from the stored tables")
        print(line.format(k=found.tables_different, n=found.tables))
    if not found.is_same:
        line = translate("{k} of {n} cases differ: this is not the result that the folder claims")
        print(line.format(k=found.cases_different, n=found.cases), file=sys.stderr)
        return 1
    print(translate("{n} cases are the same; result {hash}").format(n=found.cases, hash=found.result_hash))
    return 0


def validate_product(ids: tuple[str, ...], as_json: bool, translate: Translate) -> int:
    """Compare the product with its reference cases; exit status 1 where one fails."""
    _prepare()
    from steeldome.app.validating import run_validation

    return run_validation(ids, as_json, translate)


def _prepare() -> None:
    """Before anything that compiles is imported."""
    from steeldome.app.compiled_code_cache import use_compiled_code_cache

    if line := use_compiled_code_cache():
        print(line, file=sys.stderr)


@contextmanager
def _means(workers: int, translate: Translate) -> Iterator["Means"]:
    """Threads, progress, and Ctrl-C: the first stops the run between blocks, the second at once."""
    from steeldome.experiments.session import Means

    asked: list[int] = []

    def stop(number_: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number_)
        print(translate("stopping after the blocks in work; press again to stop at once"), file=sys.stderr)

    progress = ProgressLine(translate)
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield Means(listen=progress, is_cancelled=lambda: bool(asked), workers=workers)
    finally:
        progress.close()
        signal.signal(signal.SIGINT, before)
