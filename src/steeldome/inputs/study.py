"""One study, whole: what is defended, by what, under which doctrine, against which raids, and what is asked."""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, PrivateAttr, ValidationInfo, model_validator

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.asset import DefendedAsset
from steeldome.inputs.background import Corridor
from steeldome.inputs.base import (
    EACH_ONCE,
    NOT_EMPTY,
    Bearing,
    Count,
    Example,
    Id,
    Input,
    Length,
    LocalText,
    Text,
    count_between,
    describe,
)
from steeldome.inputs.c2 import Network
from steeldome.inputs.claim import Claim
from steeldome.inputs.doctrine import Doctrine
from steeldome.inputs.environment import Environment
from steeldome.inputs.laydown import Delta, Holding, Laydown
from steeldome.inputs.pathway import Pathways
from steeldome.inputs.prior import OwnQuantity, PriorId
from steeldome.inputs.raid import Raid
from steeldome.inputs.reading import UNKNOWN_KEY, Finding, Tree, dotted, parse_yaml, read_bytes, suggest, validate
from steeldome.inputs.references import KnownIds, check_inside, check_outside

STUDY_FORMAT: Final = 1
STUDY_FILE: Final = "study.yaml"

SitingRule = Literal["asset_value", "threat_axis", "area_cover"]
Headline = Literal["leakage", "raid_annihilation", "assets_held", "value_saved"]
Language = Literal["en", "tr"]


def _format(found: object) -> int:
    if str(found) != str(STUDY_FORMAT):
        raise ValueError(f"{describe(found)} is not a format that this version reads; write 'format: {STUDY_FORMAT}'")
    return STUDY_FORMAT


class Meta(Input):
    """What the study is called and asks; ``country`` is the defender's code, as the catalogue writes states."""

    id: Id
    country: Text | None = None
    name: LocalText
    question: LocalText
    summary: LocalText


class Siting(Input):
    """How sites of fire units and sensors are generated; every generated site is notional.

    Attributes
    ----------
    rules : tuple of str
        Declared siting rules; layouts take them in turn.
    layouts : int
        Number of layouts drawn; part of the input uncertainty.
    jitter : float, m
        Standard displacement of a site from where its rule puts it.
    threat_axis : float or None, rad
        Bearing from which the defence expects the raid; needed by the rule of that name.
    stand_off : float, m
        Distance of a site from the asset it defends.
    """

    rules: Annotated[tuple[SitingRule, ...], NOT_EMPTY, EACH_ONCE]
    layouts: Annotated[int, count_between(1, 4096), Example("32")]
    jitter: Length
    stand_off: Length
    threat_axis: Bearing | None = None


class Assumption(Input):
    """A number of the catalogue, replaced for this study; numbers stay text until the catalogue knows their unit.

    Attributes
    ----------
    prior : str or None
        Id of a prior: the replacement holds for all peers.
    of, quantity : str or None
        Instead of a prior: one item or threat alone, and what is replaced, such as ``sspk.cruise``.
    reason : str
        Why.
    value, low, high : str or None
        What is not given stays as it is; low and high without a value put it where the catalogue does for a bracket.
    """

    prior: PriorId | None = None
    of: Id | None = None
    quantity: OwnQuantity | None = None
    reason: Text
    value: Text | None = None
    low: Text | None = None
    high: Text | None = None


class Experiments(Input):
    """What is run: seed, outer samples, replications in each, which laydowns against which raids."""

    seed: Count
    samples: Annotated[int, count_between(1, 4096), Example("32")]
    replications: Annotated[int, count_between(1, 1_000_000_000), Example("400")]
    laydowns: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]
    raids: Annotated[tuple[Id, ...], NOT_EMPTY, EACH_ONCE]


class Report(Input):
    """What the report leads with, and in which languages."""

    headline: Headline
    languages: Annotated[tuple[Language, ...], NOT_EMPTY, EACH_ONCE]


class Study(Input):
    """One whole question; ids inside it are checked against each other when it is built."""

    format: Annotated[int, BeforeValidator(_format), Example(str(STUDY_FORMAT))]
    meta: Meta
    environment: Environment
    assets: Annotated[tuple[DefendedAsset, ...], NOT_EMPTY]
    siting: Siting
    laydowns: Annotated[tuple[Laydown, ...], NOT_EMPTY]
    doctrine: Doctrine
    raids: Annotated[tuple[Raid, ...], NOT_EMPTY]
    experiments: Experiments
    report: Report
    inventory: tuple[Holding, ...] = ()
    deltas: tuple[Delta, ...] = ()
    networks: tuple[Network, ...] = ()
    background: tuple[Corridor, ...] = ()
    pathways: Pathways | None = None
    claims: tuple[Claim, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    _tree: Tree | None = PrivateAttr(default=None)
    _text: bytes | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _references(self, info: ValidationInfo) -> Self:
        if not (info.context or {}).get("is_checked_with_lines"):
            findings = [f"{dotted(place)}: {message}" for place, message in check_inside(self)]
            if findings:
                raise ValueError("; ".join(findings))
        return self

    @property
    def text(self) -> bytes | None:
        """What it was read from; None if it was built in Python."""
        return self._text

    @property
    def file(self) -> str:
        """File that it was read from, as the user named it; empty if it was built in Python."""
        return self._tree.file if self._tree else ""

    @property
    def folder(self) -> Path | None:
        """Folder that the study was read from; None if it was built in Python."""
        return Path(self._tree.file).parent if self._tree else None


def load_study(path: str | Path, known: KnownIds | None = None) -> Study:
    """Read a study.

    Parameters
    ----------
    path : str or Path
        Id of a shipped study, a folder with a ``study.yaml``, or such a file.
    known : KnownIds, optional
        What a catalogue knows; if given, the study is checked against it at once.

    Returns
    -------
    Study

    Raises
    ------
    ScenarioError
        With every fault of the file, in the order of its lines.
    """
    file = find_study(path)
    return read_study(read_bytes(file), str(file), known)


def read_study(text: bytes, file: str, known: KnownIds | None = None) -> Study:
    """A study of a text; see `load_study`.

    Parameters
    ----------
    text : bytes
        UTF-8.
    file : str
        Where it stands, or would stand; its folder is that of the study.
    known : KnownIds, optional
    """
    tree = parse_yaml(text, file)
    study, faults = validate(Study, tree, context={"is_checked_with_lines": True})
    findings = dict([*check_inside(tree.root), *(check_outside(tree.root, known) if known else ())]).items()
    crossed = [fault for fault in _faults(findings, tree) if not _follows(fault, faults)]
    everything = sorted((*tree.faults, *faults, *crossed), key=lambda fault: fault.line)
    if study is None or everything:
        raise ScenarioError(everything)
    study._tree, study._text = tree, text
    return study


def cross_check(study: Study, known: KnownIds) -> list[Fault]:
    """Everything in a study that a catalogue does not know, with lines if the study was read from a file."""
    return _faults(check_outside(study, known), study._tree or Tree("", None, {}))


def find_study(path: str | Path) -> Path:
    """File of a study, given the id of a shipped one, a folder or a file.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    text = str(path)
    if text in shipped_studies():
        return _shipped() / text / STUDY_FILE
    found = Path(path)
    if found.is_dir():
        found = found / STUDY_FILE
    if not found.is_file():
        hint = suggest(text, shipped_studies()) or f"; shipped studies: {', '.join(shipped_studies())}"
        message = f"no such study: neither a folder with {STUDY_FILE} nor a shipped id{hint}"
        raise ScenarioError([Fault(text, 0, "", message)])
    return found


def shipped_studies() -> tuple[str, ...]:
    """Ids of the studies that come with Steeldome."""
    folder = _shipped()
    return tuple(sorted(item.parent.name for item in folder.glob(f"*/{STUDY_FILE}")))


def raid_of(study: Study, raid_id: str) -> Raid:
    """A raid with its groups and jamming, its own or those of the raid that it extends.

    Raises
    ------
    KeyError
        If the study has no such raid.
    """
    by_id = {raid.id: raid for raid in study.raids}
    raid = by_id[raid_id]
    first = by_id[raid.objects_of]
    jamming = first.jamming if raid.jamming is None else raid.jamming
    return raid.model_copy(update={"groups": first.groups, "jamming": jamming})


def _shipped() -> Path:
    return Path(str(resources.files("steeldome"))) / "data" / "studies"


def _follows(crossed: Fault, faults: Iterable[Fault]) -> bool:
    """Whether a fault across parts only repeats, or follows from, a fault of the schema."""
    for fault in faults:
        owner = fault.where.rpartition(".")[0]
        if fault.where == crossed.where:
            return True
        if fault.message.startswith(UNKNOWN_KEY) and owner in (crossed.where, crossed.where.rpartition(".")[0]):
            return True
    return False


def _faults(findings: Iterable[Finding], tree: Tree) -> list[Fault]:
    return [tree.fault(place, message) for place, message in findings if not tree.is_refused(place)]
