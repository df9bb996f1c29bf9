"""Run a study into a folder, so that nothing that was paid for is lost and nothing is believed unchecked.

A block is a pure function of (tables, seed, range) and becomes one immutable file; it exists once its journal line
stands. Stop, power loss or a full disk at any moment leave a folder that `resume` finishes to the same result hash.
"""

import fcntl
import os
import shlex
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from steeldome.compiler.tables import TABLES_FORMAT
from steeldome.errors import Fault, ResultsError, ScenarioError
from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.finishing import finish
from steeldome.experiments.folder import (
    BLOCKS,
    COMPLETE,
    JOURNAL,
    MANIFEST,
    RUN_FORMAT,
    RUNNING,
    STUDY,
    TABLES,
    OpenRun,
    Plan,
    file_checks,
    plan_record,
    read_manifest,
    read_run,
    resume_command,
    study_hash,
)
from steeldome.experiments.identity import data_digest, processor, source_digest, versions
from steeldome.experiments.questions import all_matches, matches_asked
from steeldome.experiments.session import Compile, Listen, Means, Session, ignore, never
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.force import force_ids
from steeldome.inputs.laydown import split_variants
from steeldome.inputs.reading import suggest
from steeldome.inputs.study import STUDY_FILE, Study, load_study
from steeldome.results.files import Files, sync_folder, write_file
from steeldome.results.schema import RESULTS_FORMAT
from steeldome.results.store import FileCheck, append_lines, check_of, is_same, write_record

BLOCK_SIZE: Final = 400
SPARE_SPACE: Final = 1.2
_BYTES_A_ROW: Final = 140  # block file and Parquet, measured on the shipped study
_BYTES_A_CASE: Final = 600_000  # tables and sums


def run(
    study: Study,
    catalogue: Catalogue,
    *,
    out: str | Path,
    laydowns: Sequence[str] = (),
    raids: Sequence[str] = (),
    replications: int | None = None,
    samples: int | None = None,
    seed: int | None = None,
    workers: int = 0,
    block_size: int = BLOCK_SIZE,
    listen: Listen = ignore,
    is_cancelled: Callable[[], bool] = never,
) -> OpenRun:
    """Run a study into a new folder; whatever is left out stands in the study.

    Parameters
    ----------
    study : Study
        Read from a file with `load_study`.
    catalogue : Catalogue
    out : path
        Folder that does not exist yet.
    laydowns, raids : sequence of str
        Ids.
    replications, samples, seed : int, optional
        Replications of each case, outer samples, seed 0..2**63 - 1.
    workers : int
        Threads; 0 for one a processor. The answer does not depend on it.
    block_size : int
        Replications that are simulated and kept together. The answer does not depend on it.
    listen : callable
        Is told how far the run is.
    is_cancelled : callable
        Asked between blocks; true stops the run, which can then be resumed.

    Raises
    ------
    ScenarioError
        The study cannot be run.
    ResultsError
        The folder exists, the disk is too small or fails. What is done is kept.
    """
    asked = plan_run(
        study,
        laydowns=laydowns,
        raids=raids,
        replications=replications,
        samples=samples,
        seed=seed,
        block_size=block_size,
    )
    means = Means(listen=listen, is_cancelled=is_cancelled, workers=workers)
    return run_plan(study, asked, out, CaseCompiler(study, catalogue, asked), means)


def plan_run(
    study: Study,
    *,
    laydowns: Sequence[str] = (),
    raids: Sequence[str] = (),
    replications: int | None = None,
    samples: int | None = None,
    seed: int | None = None,
    block_size: int = BLOCK_SIZE,
    everything: bool = False,
) -> Plan:
    """What a run is asked; whatever is left out stands in the study.

    With ``everything`` every laydown of the study and every change of it meets every raid, with and without what allies
    lend, besides what claims and pathways ask.

    Raises
    ------
    ScenarioError
        A laydown or raid that the study does not have.
    """
    known = {"laydown": force_ids(study), "raid": tuple(raid.id for raid in study.raids)}
    faults = [
        Fault(study.meta.id, 0, "", f"no {kind} '{name}'{suggest(name, known[kind]) or '; ' + _listed(known[kind])}")
        for kind, names in (("laydown", laydowns), ("raid", raids))
        for name in names
        if (split_variants(name)[0] if kind == "laydown" else name) not in known[kind]
    ]
    if faults:
        raise ScenarioError(faults)
    asked = study.experiments
    is_whole = not laydowns and not raids
    return Plan(
        study.meta.id,
        study_hash(study),
        data_digest(),
        source_digest(),
        asked.seed if seed is None else seed,
        asked.samples if samples is None else samples,
        asked.replications if replications is None else replications,
        tuple(dict.fromkeys(laydowns)) or asked.laydowns,
        tuple(dict.fromkeys(raids)) or asked.raids,
        block_size,
        (*matches_asked(study), *(all_matches(study) if everything else ())) if is_whole else (),
    )


def _listed(names: Sequence[str]) -> str:
    return f"the study has {', '.join(names)}"


def run_plan(study: Study, plan: Plan, out: str | Path, compile_case: Compile, means: Means) -> OpenRun:
    """Run a study into a new folder.

    Parameters
    ----------
    study : Study
        Read from a file; what was read is copied into the folder.
    plan : Plan
    out : path
        Folder that does not exist yet.
    compile_case : callable
        Tables of one case.
    means : Means

    Raises
    ------
    ScenarioError
        A case cannot be compiled; if it is the first one, no folder is left.
    ResultsError
        The folder exists, the disk is too small or fails. What is done is kept.
    RunStopped
        On request.
    """
    folder = Path(out)
    shown = shlex.quote(str(folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"exists already; type 'steeldome resume {shown}' to finish that run, or give another --out"
        raise ResultsError([Fault(str(folder), 0, "", message)])
    _check_space(folder, plan, len(plan.cases()) * plan.replications, means.files)
    with _disk_faults(folder, is_begun=False):
        try:
            _begin(folder, study, plan, means.files)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)  # half a beginning could neither be resumed nor run again
            raise
    try:
        return _advance(folder, plan, compile_case, means)
    except ScenarioError:
        if not any((folder / BLOCKS).iterdir()):
            shutil.rmtree(folder)
        raise


def resume(
    out: str | Path, compile_with: Callable[[Study, Plan], Compile], means: Means, replications: int = 0
) -> OpenRun:
    """Finish, repair or extend a run.

    Parameters
    ----------
    out : path
        Run folder.
    compile_with : callable
        Maker of `Compile` for the study copy in the folder; only asked where tables are missing.
    means : Means
    replications : int
        New number of replications of each case, if larger than the old one.

    Raises
    ------
    ResultsError
        There is no run, or it was made from other sources and is not complete.
    """
    folder = Path(out)
    plan, manifest = read_manifest(folder)
    for name, check in manifest["study_files"].items():
        if reason := is_same(folder / name, FileCheck(*check)):
            message = f"{reason}; the run cannot be finished without it, run the study again into another folder"
            raise ResultsError([Fault(str(folder / name), 0, "", message)])
    if replications > plan.replications:
        plan = replace(plan, replications=replications)
    elif manifest["state"] == COMPLETE:
        with _lock(folder):
            whole = _if_whole(folder, manifest)
        if whole is not None:
            return whole
    if plan.code_hash != source_digest():
        message = "was begun by another version of the program; its numbers must not be mixed with those of this one"
        raise ResultsError([Fault(str(folder), 0, "", f"{message}; run the study again into another folder")])
    study = load_study(folder / STUDY / STUDY_FILE)
    with _disk_faults(folder):
        _write_manifest(folder, plan, RUNNING, {"started": manifest["started"]}, means.files)
    return _advance(folder, plan, compile_with(study, plan), means)


def _if_whole(folder: Path, manifest: dict[str, Any]) -> OpenRun | None:
    try:
        return read_run(folder, manifest)
    except ResultsError:
        return None


def reusable(out: str | Path, plan: Plan) -> str:
    """What stands in a folder, as seen from a plan: ``""`` nothing, ``same`` run, ``other`` content."""
    folder = Path(out)
    if not folder.exists() or not any(folder.iterdir()):
        return ""
    try:
        found, _ = read_manifest(folder)
    except ResultsError:
        return "other"
    return "same" if found.same_question(plan) else "other"


def _begin(folder: Path, study: Study, plan: Plan, files: Files) -> None:
    if study.folder is None or study.text is None:
        raise ResultsError("the study was not read from a file; save it as study.yaml and load it with load_study")
    for part in (folder, folder / STUDY, folder / TABLES, folder / BLOCKS):
        part.mkdir(parents=True, exist_ok=True)
    for name in study_files(study):
        data = study.text if name == STUDY_FILE else (study.folder / name).read_bytes()
        write_file(folder / STUDY / name, data, files)
    sync_folder(folder / STUDY, files)
    _write_manifest(folder, plan, RUNNING, {}, files)


def study_files(study: Study) -> list[str]:
    """Files of the study folder that the study needs: itself, and an elevation model that it brings along."""
    terrain = study.environment.terrain
    is_own = "." in terrain and study.folder is not None and (study.folder / terrain).is_file()
    return [STUDY_FILE, terrain] if is_own else [STUDY_FILE]


def _write_manifest(folder: Path, plan: Plan, state: str, more: dict[str, Any], files: Files) -> None:
    record: dict[str, Any] = {
        "format": RUN_FORMAT,
        "catalogue_format": 1,
        "tables_format": TABLES_FORMAT,
        "results_format": RESULTS_FORMAT,
        "plan": plan_record(plan),
        "study_files": file_checks(folder, sorted(f"{STUDY}/{path.name}" for path in (folder / STUDY).iterdir())),
        "versions": versions(),
        "processor": processor(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "state": state,
        **more,
    }
    write_record(folder / MANIFEST, record, files)


def _check_space(folder: Path, plan: Plan, replications: int, files: Files) -> None:
    need = SPARE_SPACE * (replications * _BYTES_A_ROW + len(plan.cases()) * _BYTES_A_CASE)
    parent = next(part for part in (folder, *folder.absolute().parents) if part.exists())
    free = files.free_space(parent)
    if free < need:
        sizes = f"the run needs {need / 1e6:.0f} MB, {free / 1e6:.0f} MB are free"
        hint = "free some space, give --out on another disk, or ask for fewer --replications"
        raise ResultsError([Fault(str(folder), 0, "", f"{sizes}; {hint}")])


@contextmanager
def _disk_faults(folder: Path, is_begun: bool = True) -> Iterator[None]:
    """Turn an error of the operating system into one line that says what to type."""
    try:
        yield
    except OSError as reason:
        kept, then = ("what is done", resume_command(folder)) if is_begun else ("nothing", "run the study again")
        message = f"{reason.strerror or reason}; {kept} is kept: make room or repair the disk, then {then}"
        raise ResultsError([Fault(str(folder), 0, "", message)]) from reason


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Let one process at a time write a run folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as reason:
            message = "another process is at work in this folder; wait for it, or stop it"
            raise ResultsError([Fault(str(folder), 0, "", message)]) from reason
        yield
    finally:
        os.close(descriptor)


def _advance(folder: Path, plan: Plan, compile_case: Compile, means: Means) -> OpenRun:
    with _lock(folder), _disk_faults(folder):
        session = Session(folder, plan, compile_case, means)
        state = session.simulate_all()
        seconds = session.seconds()
        more = finish(folder, plan, session.progress, session.finishing, means.files)
        append_lines(folder / JOURNAL, [{"kind": "state", "state": state}], means.files)
        more["files"][JOURNAL] = list(check_of(folder / JOURNAL))
        _, begun = read_manifest(folder)
        more |= {
            "started": begun["started"],
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "simulated": session.simulated,
        }
        _write_manifest(folder, plan, state, more, means.files)
    _, manifest = read_manifest(folder)
    return read_run(folder, manifest)
