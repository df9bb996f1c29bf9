"""Background traffic: where it flies, that it leaves the raid its luck, and who fires at it."""

import math

import numpy as np
import pytest

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compiled import Compiled
from steeldome.compiler.tables import BACKGROUND, THREAT_CLASSES
from steeldome.compiler.traffic import fly_corridors
from steeldome.compiler.values import Values
from steeldome.engine.blocks import run_block, trace_replication
from steeldome.experiments.ledger import reference
from steeldome.inputs.background import Corridor
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.raid import Launch
from steeldome.inputs.study import Assumption, Study
from steeldome.kernels.geodesy import ecef_to_geodetic, route
from steeldome.results.schema import EVENT_KINDS, STATUS_OK, TRUTH
from tests.compiler.tiny import GROUND, bare, compiled, flat_terrain

SEED = 11
KIND = THREAT_CLASSES.index("background")
MARGIN = 1_200.0
AIRLINER = Corridor(
    id="west", threat="bomber", count=12, to="home", altitude=10_000.0, margin=MARGIN,
    **{"from": Launch(bearing=math.radians(270.0), distance=300_000.0)},
)  # fmt: skip
UNMISTAKEN = ("confusion.background.aircraft", "confusion.background.aircraft.own_track")
OUTCOMES = [
    "destroyed",
    "diverted",
    "malfunctioned",
    "leaked",
    "fell_clear",
    "shots",
    "cost",
    "value_lost",
    "assets_held",
]


def with_traffic(study: Study, rule: str = "free", **changes: object) -> Study:
    """The study with twelve airliners that land at its first asset."""
    doctrine = study.doctrine.model_copy(update={"stand_alone": rule})
    return study.model_copy(update={"background": (AIRLINER.model_copy(update=changes),), "doctrine": doctrine})


def catalogue_with(**numbers: str) -> Catalogue:
    """The catalogue with some priors fixed to one number, by id."""
    return load_catalogue(
        [Assumption(prior=name, reason="test", low=text, value=text, high=text) for name, text in numbers.items()]
    )


def known_exactly(**others: str) -> Catalogue:
    """A catalogue in which nobody takes an airliner for hostile."""
    return catalogue_with(**dict.fromkeys(UNMISTAKEN, "0"), **others)


def flying(case: Compiled) -> np.ndarray:
    return case.tables.threat["hostile"] == BACKGROUND


def test_a_flight_keeps_its_height_and_comes_down_at_three_degrees(tiny: Study, catalogue: Catalogue) -> None:
    (path,) = fly_corridors(with_traffic(tiny), Values(catalogue, bare), flat_terrain(), CompilerCache()).values()
    latitude, longitude, altitude = ecef_to_geodetic(path.position_ecef)
    home = tiny.assets[0]
    left = [
        float(route(np.array([a, home.latitude]), np.array([b, home.longitude]), 5_000.0)[2][-1])
        for a, b in zip(latitude[::100], longitude[::100], strict=True)
    ]
    expected = np.minimum(10_000.0, GROUND + np.tan(np.radians(3.0)) * np.array(left))
    assert altitude[::100] == pytest.approx(expected, abs=15.0)
    assert (altitude[-1], path.threat_class, path.asset) == (pytest.approx(GROUND, abs=1.0), "background", None)
    assert path.time[-1] == pytest.approx(300_000.0 / 230.0, rel=0.002)


def test_flights_land_evenly_over_the_raid_and_its_margin_whatever_the_raid(tiny: Study, catalogue: Catalogue) -> None:
    study = with_traffic(tiny)
    landings = {}
    for raid, spread in (("flat", 600.0), ("slow", 10_800.0)):
        case = compiled(study, catalogue, "base", raid)
        threat = case.tables.threat[flying(case)]
        assert len(threat) == 12 and set(threat["threat_class"]) == {KIND} and set(threat["asset"]) == {-1}
        landing = np.sort(threat["impact_ms"].astype(int))
        between = 1000.0 * (spread + 2.0 * MARGIN) / 12.0
        assert np.diff(landing) == pytest.approx(np.full(11, between), abs=1.5)
        raid_first = case.tables.threat["impact_ms"][~flying(case)].min()
        assert landing[0] < raid_first < landing[-1]
        landings[raid] = threat["id"].tolist()
    assert landings["flat"] == landings["slow"]


def raid_events(case: Compiled, replication: int, kind: str) -> dict[tuple[str, int, int, int], int]:
    """First time (ms after the raid enters) of what happens to its objects, by (object, sensor, fire unit, group)."""
    clock = case.tables.threat["start_ms"][~flying(case)].min()
    events = trace_replication(case.tables, SEED, replication).events
    found: dict[tuple[str, int, int, int], int] = {}
    for event in events[events["kind"] == EVENT_KINDS.index(kind)]:
        if event["threat"] >= 0 and not flying(case)[event["threat"]]:
            key = case.names.threats[event["threat"]], *(int(event[name]) for name in ("sensor", "fire_unit", "group"))
            found.setdefault(key, int(event["t_ms"]) - clock)
    return found


@pytest.mark.parametrize("layout", [0, 1, 2])
def test_traffic_that_nobody_mistakes_and_that_costs_no_time_changes_nothing_for_the_raid(
    tiny: Study, layout: int
) -> None:
    exact = known_exactly(operator_service_time="0 s")
    without = compiled(tiny, exact, "base-more", "flat", layout)
    among = compiled(with_traffic(tiny, count=40, margin=3_600.0), exact, "base-more", "flat", layout)
    assert flying(among)[among.tables.threat["start_ms"].argmin()], "flights are up before the raid enters"
    assert flying(among).sum() == 40 and among.tables.pair["threat"].size > without.tables.pair["threat"].size
    first, second = (run_block(case.tables, SEED, 0, 300)[0] for case in (without, among))
    assert first["leaked"].std() > 0.0
    assert np.array_equal(first[OUTCOMES], second[OUTCOMES])
    assert set(second["passed"]) == {40} and not second["friendly_engaged"].any()
    for replication in range(5):
        launches = raid_events(without, replication, "launch")
        assert launches and launches == raid_events(among, replication, "launch")


def test_what_it_does_cost_is_the_time_of_operators(tiny: Study) -> None:
    """The raid's objects are known later behind many flights, never earlier, and on the same tracks."""
    busy = known_exactly(operator_service_time="60 s")
    without = compiled(tiny, busy, "base", "flat")
    among = compiled(with_traffic(tiny, count=200), busy, "base", "flat")
    delays = []
    for replication in range(20):
        before, after = (raid_events(case, replication, "known") for case in (without, among))
        delays += [after[key] - before[key] for key in before.keys() & after.keys()]
        tracks, among_flights = (raid_events(case, replication, "track") for case in (without, among))
        assert {key: among_flights[key] for key in tracks} == tracks
    assert min(delays) >= 0 and max(delays) > 0


def test_a_stand_alone_unit_mistakes_more_and_holds_its_fire_when_tight(tiny: Study, catalogue: Catalogue) -> None:
    alone = tiny.model_copy(update={"networks": ()})
    engaged = {}
    for name, study in (("shared", tiny), ("alone", alone)):
        for rule in ("free", "tight"):
            case = compiled(with_traffic(study, rule, count=40), catalogue, "base", "flat")
            row, trace = case.tables, run_block(case.tables, SEED, 0, 400)[0]
            assert set(trace["status"]) == {STATUS_OK}
            engaged[name, rule] = trace["friendly_engaged"].mean()
            declared = np.mean(row.identify[:, KIND] == THREAT_CLASSES.index("aircraft"), axis=1)
            assert declared.tolist() == [0.0, 2.0 / 32.0], "0.01 and 0.05 in 32nds"
            assert set(row.node["identify_row"]) == ({1} if name == "alone" else {0})
    assert engaged["shared", "free"] == engaged["shared", "tight"] == engaged["alone", "tight"] == 0.0
    assert engaged["alone", "free"] > 1.0


def test_flights_end_by_flying_on_or_by_being_shot_down_and_never_leak(tiny: Study) -> None:
    wide = catalogue_with(**dict.fromkeys(UNMISTAKEN, "0.5"))
    case = compiled(with_traffic(tiny), wide, "base-more", "flat")
    flights = np.flatnonzero(flying(case))
    ends = set()
    for replication in range(30):
        story = trace_replication(case.tables, SEED, replication)
        ends |= {TRUTH[code] for code in story.truth[flights]}
        assert np.isin(story.truth[flights], TRUTH.index("destroyed")).sum() <= story.row["friendly_engaged"]
    assert ends == {"passed", "destroyed"}
    informed = reference(case.tables, "perfect_information")
    assert not run_block(informed, SEED, 0, 100)[0]["friendly_engaged"].any()


def test_only_traffic_brings_a_second_row_of_confusion(tiny: Study, catalogue: Catalogue) -> None:
    without, among = (compiled(study, catalogue, "base-more", "flat") for study in (tiny, with_traffic(tiny)))
    assert (len(without.tables.identify), len(among.tables.identify)) == (1, 2)
    assert "confusion.background.aircraft.own_track" not in {entry.name for entry in without.inputs_used}
    assert "confusion.background.aircraft.own_track" in {entry.name for entry in among.inputs_used}
