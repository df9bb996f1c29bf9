"""The run folder: what stands in it, how it is checked, and how it is read back.

``manifest.json`` says what was asked and, when the run is complete, the length and SHA-256 of every file and the result
hash. Until then ``journal.jsonl`` says what there is: a set of tables or a block exists only if its line and its file
agree. Nothing else is believed.
"""

import hashlib
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.compiler.compiled import Compiled
from steeldome.compiler.tables import TABLES_FORMAT
from steeldome.errors import Fault, ResultsError
from steeldome.experiments.stored import decode_case
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import STUDY_FILE, Study, load_study
from steeldome.results.schema import RESULTS_FORMAT, ROW, Sums
from steeldome.results.store import FileCheck, check_of, is_same, read_arrays, read_lines, read_record, read_rows

Array = npt.NDArray[Any]

RUN_FORMAT: Final = 3
MANIFEST: Final = "manifest.json"
JOURNAL: Final = "journal.jsonl"
ROWS: Final = "rows.parquet"
SUMS: Final = "sums.npz"
MEASURES: Final = "measures.json"
STUDY: Final = "study"
TABLES: Final = "tables"
BLOCKS: Final = "blocks"

RUNNING: Final = "running"
CANCELLED: Final = "cancelled"
PARTIAL: Final = "partial"
COMPLETE: Final = "complete"


class Case(NamedTuple):
    """One laydown against one raid under one outer sample; sorting puts cases in the order of the result hash."""

    laydown: str
    raid: str
    sample: int

    @property
    def id(self) -> str:
        """Id such as ``base-2025/mixed/s007``."""
        return f"{self.laydown}/{self.raid}/s{self.sample:03d}"


class CaseRecord(NamedTuple):
    """A case of a run, as the manifest lists it."""

    id: str
    laydown: str
    raid: str
    sample: int
    table_hash: str


class BlockRecord(NamedTuple):
    """What the journal says of a block."""

    start: int
    stop: int
    content: str
    check: FileCheck


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run was asked; two runs with equal plans are the same experiment.

    Attributes
    ----------
    laydowns, raids : tuple of str
        Each laydown meets each raid, and the report tells of them in detail.
    besides : tuple of (laydown, raid)
        What the claims and pathways of the study ask besides.
    """

    study: str
    study_hash: str
    catalogue_hash: str
    code_hash: str
    seed: int
    samples: int
    replications: int
    laydowns: tuple[str, ...]
    raids: tuple[str, ...]
    block_size: int
    besides: tuple[tuple[str, str], ...] = ()

    @property
    def matches(self) -> tuple[tuple[str, str], ...]:
        """Each laydown and raid that meet: all laydowns against all raids, and what claims and pathways ask besides."""
        product = [(laydown, raid) for laydown in self.laydowns for raid in self.raids]
        return tuple(dict.fromkeys([*product, *self.besides]))

    def cases(self) -> list[Case]:
        """All cases, in order."""
        return sorted(Case(*match, sample) for match in self.matches for sample in range(self.samples))

    def same_question(self, other: "Plan") -> bool:
        """Whether both ask the same of the same content; the size of blocks does not matter."""
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__ if name != "block_size")


@dataclass(slots=True)
class Progress:
    """What the journal and the files on disk say is there; local to one session of a run.

    Attributes
    ----------
    tables_of : dict of case id to table hash
    tables : dict of table hash to FileCheck
    blocks : dict of table hash to dict of start to BlockRecord
    state : str
    faults : list of Fault
        Files that are missing or damaged, and damaged lines; their content does not exist.
    """

    tables_of: dict[str, str] = field(default_factory=dict)
    tables: dict[str, FileCheck] = field(default_factory=dict)
    blocks: dict[str, dict[int, BlockRecord]] = field(default_factory=dict)
    state: str = RUNNING
    faults: list[Fault] = field(default_factory=list)

    def ranges(self, table_hash: str) -> list[BlockRecord]:
        """Blocks of one set of tables, in order of replication."""
        return sorted(self.blocks.get(table_hash, {}).values(), key=lambda record: record.start)

    def block(self, table_hash: str, start: int) -> BlockRecord | None:
        """The block that begins with a replication, None if there is none."""
        return self.blocks.get(table_hash, {}).get(start)

    def keep(self, table_hash: str, record: BlockRecord) -> None:
        """Add a block, or put it in the place of the one with the same start."""
        self.blocks.setdefault(table_hash, {})[record.start] = record

    def all_blocks(self) -> Iterator[tuple[str, BlockRecord]]:
        """Every block with the hash of its tables."""
        return ((table, record) for table, records in self.blocks.items() for record in records.values())


def table_path(folder: Path, table_hash: str) -> Path:
    """File of one set of tables."""
    return folder / TABLES / f"{table_hash}.npz"


def block_path(folder: Path, table_hash: str, start: int, stop: int) -> Path:
    """File of one block; a pure function of what is in it, so a block that is made twice has one name."""
    return folder / BLOCKS / f"{table_hash[:24]}-{start}-{stop}.npz"


def resume_command(folder: Path) -> str:
    """What to type to finish or repair a run."""
    return f"type 'steeldome resume {shlex.quote(str(folder))}'"


def plan_record(plan: Plan) -> dict[str, Any]:
    """Part of the manifest that says what was asked."""
    listed = {name: getattr(plan, name) for name in plan.__slots__}
    listed.update(laydowns=list(plan.laydowns), raids=list(plan.raids), besides=[list(pair) for pair in plan.besides])
    return listed


def read_manifest(folder: Path) -> tuple[Plan, dict[str, Any]]:
    """Manifest of a run folder, its formats compared with those of this version.

    Raises
    ------
    ResultsError
        There is no run, or the manifest is damaged or of another format.
    """
    path = folder / MANIFEST
    if not path.is_file():
        hint = "no run folder (no manifest.json in it); type 'steeldome run STUDY --out DIR' to make one"
        raise ResultsError([Fault(str(folder), 0, "", hint)])
    try:
        manifest = read_record(path)
    except ResultsError as reason:
        message = f"{reason.faults[0].message}; nothing in the folder can be trusted, run the study again"
        raise ResultsError([Fault(str(path), 0, "", message)]) from reason
    wanted = {"format": RUN_FORMAT, "tables_format": TABLES_FORMAT, "results_format": RESULTS_FORMAT}
    faults = [
        Fault(str(path), 0, name, f"this version reads {ours}, the run has {manifest.get(name)}; {_other(manifest)}")
        for name, ours in wanted.items()
        if manifest.get(name) != ours
    ]
    if faults:
        raise ResultsError(faults)
    asked = manifest["plan"]
    lists = {"laydowns": tuple(asked["laydowns"]), "raids": tuple(asked["raids"])}
    return Plan(**{**asked, **lists, "besides": tuple((laydown, raid) for laydown, raid in asked["besides"])}), manifest


def _other(manifest: Mapping[str, Any]) -> str:
    made_by = manifest.get("versions", {}).get("steeldome", "another version")
    return f"run the study again, or read it with steeldome {made_by}"


def read_progress(folder: Path) -> Progress:
    """What exists of a run, every file compared with its line in the journal."""
    records, damaged = read_lines(folder / JOURNAL)
    found = Progress()
    journal = str(folder / JOURNAL)
    found.faults += [Fault(journal, line, "", f"line is damaged; {resume_command(folder)}") for line in damaged]
    for record in records:
        kind = record["kind"]
        if kind == "state":
            found.state = record["state"]
        elif kind == "case":
            found.tables_of[record["case"]] = record["table"]
        elif kind == "tables":
            found.tables[record["table"]] = FileCheck(record["length"], record["sha256"])
        elif kind == "block":
            check = FileCheck(record["length"], record["sha256"])
            found.keep(record["table"], BlockRecord(record["start"], record["stop"], record["content"], check))
    return found


def check_files(folder: Path, found: Progress) -> None:
    """Take out of `found` whatever is not on disk as the journal says, with one fault each."""
    for table, check in list(found.tables.items()):
        if reason := is_same(table_path(folder, table), check):
            found.faults.append(_damage(folder, table_path(folder, table), reason))
            del found.tables[table]
    for table, block in list(found.all_blocks()):
        path = block_path(folder, table, block.start, block.stop)
        if reason := is_same(path, block.check):
            found.faults.append(_damage(folder, path, reason))
            del found.blocks[table][block.start]


def _damage(folder: Path, path: Path, reason: str) -> Fault:
    return Fault(str(path), 0, "", f"{reason}; {resume_command(folder)}")


def file_checks(folder: Path, names: Iterable[str]) -> dict[str, list[Any]]:
    """Length and SHA-256 of files, by name relative to the folder."""
    return {name: list(check_of(folder / name)) for name in names}


def study_hash(study: Study) -> str:
    """SHA-256 of what a study says, whatever its layout and comments."""
    return hashlib.sha256(study.model_dump_json().encode("utf-8")).hexdigest()


def result_hash(seed: int, cases: Iterable[tuple[str, Array]]) -> str:
    """SHA-256 that stands for the results of a run.

    Parameters
    ----------
    seed : int, 0..2**63 - 1
    cases : iterable of (table hash, (replication,) ROW)
        In the order of the cases: by laydown, raid, sample number.

    Notes
    -----
    For each case: 32 bytes of table hash, seed and number of replications as little-endian 64-bit integers, then the
    rows in order, little-endian. Workers, size of blocks, order and interruptions do not enter.
    """
    digest = hashlib.sha256()
    for table_hash, rows in cases:
        digest.update(bytes.fromhex(table_hash))
        digest.update(np.array([seed, len(rows)], "<u8").tobytes())
        digest.update(np.ascontiguousarray(rows, ROW).tobytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that is whole: every file was compared with the manifest when it was opened.

    Attributes
    ----------
    path : Path
    manifest : mapping
        As `steeldome.experiments.runs` writes it.
    study : Study
        From the copy in the folder.
    cases : tuple of CaseRecord
        In the order of the result hash.
    measures : mapping
        Content of ``measures.json``.
    """

    path: Path
    manifest: Mapping[str, Any]
    plan: Plan
    study: Study
    cases: tuple[CaseRecord, ...]
    measures: Mapping[str, Any]

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.plan.seed

    @property
    def samples(self) -> int:
        """Outer samples."""
        return self.plan.samples

    @property
    def replications(self) -> int:
        """Replications of each case."""
        return self.plan.replications

    @property
    def state(self) -> str:
        """``complete``, or ``partial`` where blocks failed again and again."""
        return str(self.manifest["state"])

    @property
    def result_hash(self) -> str:
        """Hash of all rows; see `result_hash`."""
        return str(self.manifest["result_hash"])

    def rows(self, case_id: str) -> Array:
        """Rows (replication,) of a case, in order of replication."""
        return read_rows(self.path / ROWS, self._index(case_id))

    def sums(self, case_id: str) -> Sums:
        """Exact sums of a case over its sound replications."""
        arrays = read_arrays(self.path / SUMS, only=f"{self.case(case_id).table_hash}/")
        return Sums(*(arrays[name] for name in Sums._fields))

    def compiled(self, case_id: str) -> Compiled:
        """Tables, names, sites and inputs used of a case."""
        record = self.case(case_id)
        return decode_case(read_arrays(table_path(self.path, record.table_hash)))

    def catalogue(self) -> Catalogue:
        """The catalogue of this version with the study's assumptions laid over it."""
        return load_catalogue(self.study)

    def case(self, case_id: str) -> CaseRecord:
        """Record of a case.

        Raises
        ------
        ResultsError
            The run has no such case.
        """
        return self.cases[self._index(case_id)]

    def _index(self, case_id: str) -> int:
        for index, record in enumerate(self.cases):
            if record.id == case_id:
                return index
        message = f"the run has no case '{case_id}'; cases go from '{self.cases[0].id}' to '{self.cases[-1].id}'"
        raise ResultsError([Fault(str(self.path), 0, "", message)])


def open_run(path: str | Path) -> OpenRun:
    """Open a run folder and compare every file in it with what was written.

    Raises
    ------
    ResultsError
        There is no run, it is not complete, or files are missing or damaged; one line each says what to type.
    """
    folder = Path(path)
    _, manifest = read_manifest(folder)
    if manifest["state"] not in (COMPLETE, PARTIAL):
        found = read_progress(folder)
        check_files(folder, found)
        state = "was stopped" if found.state == CANCELLED else "is not finished"
        done = sum(1 for _ in found.all_blocks())
        message = f"the run {state} ({done} blocks are done); {resume_command(folder)}"
        raise ResultsError([Fault(str(folder), 0, "", message), *found.faults])
    return read_run(folder, manifest)


def read_run(folder: Path, manifest: Mapping[str, Any]) -> OpenRun:
    """Open a finished run, given its manifest; see `open_run`."""
    checks = {name: FileCheck(*check) for name, check in manifest["files"].items()}
    named = [(name, is_same(folder / name, check)) for name, check in checks.items()]
    faults = [_damage(folder, folder / name, reason) for name, reason in named if reason]
    if faults:
        raise ResultsError(faults)
    plan, _ = read_manifest(folder)
    cases = tuple(CaseRecord(**record) for record in manifest["cases"])
    measures = read_record(folder / MEASURES)
    return OpenRun(folder, manifest, plan, load_study(folder / STUDY / STUDY_FILE), cases, measures)


def names_of(tables: Sequence[str], blocks: Iterable[Path], folder: Path) -> list[str]:
    """Names, relative to the folder, of all files that a finished run vouches for."""
    listed = [table_path(folder, table) for table in tables]
    fixed = [folder / name for name in (JOURNAL, ROWS, SUMS, MEASURES)]
    copied = (folder / STUDY).iterdir()
    return sorted(path.relative_to(folder).as_posix() for path in (*fixed, *copied, *listed, *blocks))
