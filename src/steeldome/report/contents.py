"""What one report shows: plain values with names already in the reader's language.

Whatever a run knows is turned into these once, in `steeldome.report.gathering`; figures, map, sentences and templates
read nothing else.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from steeldome.experiments.coverage import Coverage
    from steeldome.inputs.study import Study


class Measure(NamedTuple):
    """One number with both bands.

    Attributes
    ----------
    value : float
        Mean over all samples and replications.
    low, high : float
        95 % band of chance (replications).
    input_low, input_high : float
        5–95 % band of the outer samples: inputs, assumptions and siting.
    n : int
        Replications behind the number.
    level : str
        Evidence level, such as ``E1``.
    unit : str
        ``1`` for a share, else ``objects``, ``shots``, ``rounds``, ``assets``, ``USD``, ``value points``.
    """

    value: float
    low: float
    high: float
    input_low: float
    input_high: float
    n: int
    level: str
    unit: str


def as_measure(entry: Mapping[str, Any]) -> Measure:
    """A measure as a run keeps it; a bound that nothing is known about is not a number."""
    value, low, high, input_low, input_high = (
        math.nan if entry[key] is None else float(entry[key]) for key in Measure._fields[:5]
    )
    unit = str(entry["unit"])
    return Measure(value, low, high, input_low, input_high, int(entry["n"]), str(entry["level"]), unit)


class Laydown(NamedTuple):
    """Who stands in the defence.

    Attributes
    ----------
    units : tuple of (str, int, bool)
        Name of the system, count, whether lent by an ally.
    joined : tuple of (str, str)
        Names of systems, and of the networks on whose picture the laydown puts them.
    """

    id: str
    name: str
    units: tuple[tuple[str, int, bool], ...]
    joined: tuple[tuple[str, str], ...] = ()


class Raid(NamedTuple):
    """What attacks: ``groups`` are (threat name, count, whether decoys), ``spread_s`` the time of arrival in all.

    ``n_flights`` counts the background traffic that it flies through; ``aims`` are the assets that it is aimed at.
    """

    id: str
    name: str
    groups: tuple[tuple[str, int, bool], ...]
    spread_s: float
    n_flights: int = 0
    aims: tuple[str, ...] = ()


class System(NamedTuple):
    """One defending system; ``layer`` orders systems from the shortest reach to the longest."""

    id: str
    name: str
    layer: int


class SystemUse(NamedTuple):
    """What one system did against one class, as a mean over all replications of a case."""

    kills: Measure
    shots: Measure


@dataclass(frozen=True, slots=True)
class Case:
    """One laydown against one raid.

    Attributes
    ----------
    measures : mapping of str to Measure
        ``leakage``, ``footprint``, ``conditional_leakage``, each alone (all classes) and with ``.<class>``;
        ``cost``, ``cost_per_intercept``, ``rounds``, ``assets_held``, ``raid_annihilation``, ``friendly_engaged``; what
        is missing is not shown.
    launched : mapping of str to float
        Armed objects that start, by class, mean a replication.
    other_ends : mapping of str to float
        Armed objects that neither leaked nor were destroyed (failed, turned away, missed by themselves), by class.
    use : mapping of (system id, class) to SystemUse
    causes : mapping of str to Measure
        Share of leakers by but-for cause; shares sum to one.
    n_cause_leakers : int
        Leakers that the but-for test looked at.
    stages : mapping of (system id, stage) to float
        Share of leaker–fire-unit pairs whose furthest condition met was this stage; sums to one over a system.
    n_stage_pairs : mapping of str to int
        Leaker–fire-unit pairs counted, by system.
    n : int
        Sound replications, all samples together.
    n_broken : int
        Replications that ended with another status; counted, never dropped in silence.
    """

    laydown: str
    raid: str
    measures: Mapping[str, Measure]
    launched: Mapping[str, float]
    other_ends: Mapping[str, float]
    use: Mapping[tuple[str, str], SystemUse]
    causes: Mapping[str, Measure]
    n_cause_leakers: int
    stages: Mapping[tuple[str, str], float]
    n_stage_pairs: Mapping[str, int]
    n: int
    n_broken: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Second laydown minus first, same raid, same luck; measures by the keys of `Case.measures`."""

    raid: str
    first: str
    second: str
    measures: Mapping[str, Measure]


class Place(NamedTuple):
    """A point on the map: degrees, a kind (asset class or system id), a name, the laydown that brings it or ``''``."""

    latitude: float
    longitude: float
    kind: str
    name: str
    laydown: str


class Outline(NamedTuple):
    """Edge of a coverage area: (point, 2) longitude and latitude in degrees; the laydown that brings it."""

    points: tuple[tuple[float, float], ...]
    laydown: str


class Arrow(NamedTuple):
    """Direction from which part of a raid comes: degrees from true north, as seen from the middle of the map."""

    bearing: float
    label: str


@dataclass(frozen=True, slots=True)
class MapContents:
    """What the map shows besides the ground; ``kinds`` are the names of the sites' kinds, in the legend's order.

    ``has_terrain`` is false on a smooth earth, ``has_base_map`` for places that are on no map.
    """

    assets: tuple[Place, ...] = ()
    sites: tuple[Place, ...] = ()
    outlines: tuple[Outline, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    outline_height_m: float = 300.0
    n_layouts: int = 1
    has_terrain: bool = True
    has_base_map: bool = True


class Seen(NamedTuple):
    """Where the first laydown sees a cruise missile, with the study's places and names in the reader's language."""

    found: "Coverage"
    study: "Study"
    names: Mapping[str, str]


class Assumption(NamedTuple):
    """A named prior that entered the run: heading, quantity, who it is for, bracket, reason, whom it favours.

    ``n`` counts the priors that one line stands for.
    """

    group: str
    quantity: str
    name: str
    low: float | None
    value: float | None
    high: float | None
    unit: str
    reason: str
    direction: str
    n: int = 1


class PublishedInput(NamedTuple):
    """A published number that entered the run, in the unit of its source."""

    item: str
    parameter: str
    low: float | None
    value: float | None
    high: float | None
    unit: str
    source_id: str
    grade: str


class SourceLine(NamedTuple):
    """A publication that the run used; ``url`` may be empty."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    grade: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the run was made, and how to make it again.

    ``is_other_catalogue`` says that brackets and sources in the report come from a catalogue that is not the run's own.
    """

    seed: int
    samples: int
    replications: int
    version: str
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    seconds: float
    finished: str
    reproduce: str
    verify: str
    level: str
    weakest: str
    replications_in_all: int
    unsound_in_all: int
    is_other_catalogue: bool = False


class FindingLine(NamedTuple):
    """One comparison behind a verdict: names of raid and laydowns, key of the measure, second minus first."""

    raid: str
    first: str
    second: str
    key: str
    measure: Measure


class YearsLine(NamedTuple):
    """Years gained until a threshold is met, and how often it is.

    Attributes
    ----------
    first, second : str
        Names of the two ways of buying; years are gained by the second.
    reached_first, reached_second : mapping of str to float
        Share of the samples that meet the threshold, by year.
    open : float
        Share of the samples in which one of the two never meets it.
    """

    first: str
    second: str
    raid: str
    key: str
    threshold: float
    measure: Measure
    reached_first: Mapping[str, float]
    reached_second: Mapping[str, float]
    open: float


class ClaimLine(NamedTuple):
    """A claim, what would support it, and what the run says.

    Attributes
    ----------
    verdict : str
        ``supported``, ``not_supported``, ``depends``, ``not_testable``, or empty where its cases were not played.
    findings : tuple of FindingLine
    years : YearsLine or None
    states : (names with, names without) or None
        Who can withhold something.
    shares : ((on the picture, all), (on the picture, all)) or None
        Fire units with and without.
    network : str
    because : str
        What the record says, or what to know of the inputs.
    costs : tuple of (name, (low, working, high))
        Of the ways of buying that are compared, USD up to the year of the comparison.
    """

    id: str
    said: str
    source: str
    support: str
    verdict: str
    findings: tuple[FindingLine, ...] = ()
    years: YearsLine | None = None
    states: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    shares: tuple[tuple[int, int], tuple[int, int]] | None = None
    network: str = ""
    because: str = ""
    costs: tuple[tuple[str, tuple[float, float, float]], ...] = ()


class PathLine(NamedTuple):
    """What stands at the end of a year if a policy meets a future, and how it fares against a raid.

    Attributes
    ----------
    delivered : tuple of (str, int, bool)
        Name of a system, count, whether lent, on top of what stands without any order.
    difference : Measure or None
        From what stands without any order; None where nothing was delivered.
    cost : (float, float, float)
        Lowest, working and highest cost of the orders up to then, USD.
    states : tuple of str
        Names of the states that can withhold something and could not without the orders.
    """

    year: int
    policy: str
    future: str
    raid: str
    delivered: tuple[tuple[str, int, bool], ...]
    measure: Measure
    difference: Measure | None
    cost: tuple[float, float, float]
    states: tuple[str, ...]


class GateLine(NamedTuple):
    """What one state can withhold from one system: words in the reader's language, time until it is felt in months."""

    state: str
    system: str
    gate: str
    effect: str
    status: str
    low: float
    value: float
    high: float
    source_id: str
    is_judged: bool


class ReadingLine(NamedTuple):
    """The headline of a laydown against a raid, read one way: published figures, common priors, without allies."""

    raid: str
    laydown: str
    reading: str
    measure: Measure
    difference: Measure | None


class ObservedLine(NamedTuple):
    """A raid like those of the record: what was observed, and how probable that is against a laydown."""

    raid: str
    laydown: str
    note: str
    events: int
    stopped: int
    probability: Measure


class RecordLine(NamedTuple):
    """What the public record says of one class: objects counted, shares that came through at least and at most."""

    threats: str
    record: str
    launched: int
    low: float
    high: float
    source_id: str
    note: str


class SitingLine(NamedTuple):
    """A paired difference over the layouts of one siting rule alone."""

    raid: str
    first: str
    second: str
    by_rule: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Questions:
    """What claims, pathways and other readings add to a report; parts that the run did not play are empty."""

    claims: tuple[ClaimLine, ...] = ()
    paths: tuple[PathLine, ...] = ()
    gates: tuple[GateLine, ...] = ()
    readings: tuple[ReadingLine, ...] = ()
    observed: tuple[ObservedLine, ...] = ()
    siting: tuple[SitingLine, ...] = ()
    everything: tuple[ReadingLine, ...] = ()
    record: tuple[RecordLine, ...] = ()


class DoctrineLine(NamedTuple):
    """One rule of fire: names of the class of system and of the threats, and what the rule sets; cost cap in USD."""

    system: str
    threats: str
    salvo: int
    looks: int
    reserve: int
    cost_cap: float | None
    hold: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a report shows.

    Attributes
    ----------
    headline : str
        Key of the measure that the answer leads with.
    classes : mapping of str to str
        Threat classes present, in order, with names; background traffic where it was shot at.
    not_modelled : tuple of str
        What the run left out, one line each.
    references : mapping of raid to (mapping of str to Measure)
        Leakage of the same raid in the reference cases that are known: ``no_defence``, and the first laydown with
        ``perfect_information`` or ``unlimited_rounds``.
    what_ifs : tuple of Assumption
        Those of the assumptions that were asked for on the command line.
    idle_what_ifs : tuple of str
        Names of those that nothing in the run asked for.
    seen : Seen or None
        None where no raid has a cruise missile.
    """

    study: str
    title: str
    question: str
    headline: str
    laydowns: tuple[Laydown, ...]
    raids: tuple[Raid, ...]
    classes: Mapping[str, str]
    systems: tuple[System, ...]
    cases: tuple[Case, ...]
    differences: tuple[Difference, ...]
    chart: MapContents
    assumptions: tuple[Assumption, ...]
    inputs: tuple[PublishedInput, ...]
    sources: tuple[SourceLine, ...]
    provenance: Provenance
    not_modelled: tuple[str, ...] = ()
    references: Mapping[str, Mapping[str, Measure]] = field(default_factory=dict)
    questions: Questions = field(default_factory=Questions)
    raids_besides: tuple[Raid, ...] = ()
    doctrine: tuple[DoctrineLine, ...] = ()
    what_ifs: tuple[Assumption, ...] = ()
    idle_what_ifs: tuple[str, ...] = ()
    seen: Seen | None = None

    def case(self, laydown: str, raid: str) -> Case | None:
        """The case of a laydown against a raid, None if it was not run."""
        return next((case for case in self.cases if (case.laydown, case.raid) == (laydown, raid)), None)
