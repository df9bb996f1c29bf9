"""The ground that a fire unit defends: closed forms on a smooth earth, what cannot be, and the shipped study."""

import itertools
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from steeldome.compiler.specs import FireUnitSpec
from steeldome.compiler.tables import STAGES
from steeldome.compiler.terrain import load_terrain, smooth_earth
from steeldome.engine.blocks import trace_replication
from steeldome.errors import ScenarioError
from steeldome.experiments.approaches import approaches
from steeldome.experiments.footprint import DEFENDED, Approach, Footprint, Standing, rectangles
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import Study, load_study, raid_of
from steeldome.inputs.what_if import with_what_ifs
from steeldome.results.schema import EVENT_KINDS
from tests.compiler.tiny import TEXT, bare, compiled, flat_terrain, tiny_study

EAST = math.radians(90.0)
ASTER, SIPER, GUN = "aster30_b1nt", "siper_b1", "korkut"
STEEP = Approach("iskander_m", EAST, 150e3)  # thrown to 400 km


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The synthetic study on a smooth earth, with a lofted missile."""
    text = TEXT.replace("{terrain: flat.tif}", "{terrain: none}")
    made = tiny_study(tmp_path_factory.mktemp("smooth"), text)
    return with_what_ifs(made, ["iskander_m.apogee=399 km:400 km:401 km"], load_catalogue().known_ids())


@pytest.fixture(scope="module")
def catalogue(study: Study) -> Catalogue:
    return load_catalogue(study)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return tiny_study(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def standing(study: Study, catalogue: Catalogue) -> Standing:
    return Standing(study, catalogue, "base-more", 0, smooth_earth(), bare)


def firing(standing: Standing, effector: str) -> FireUnitSpec:
    """First fire unit with an effector."""
    return next(one for one in standing.fire_units if one.effector.id == effector)


def test_against_a_steep_arc_the_footprint_is_a_disc_of_the_lateral_reach(standing: Standing) -> None:
    unit = firing(standing, ASTER)
    found = standing.footprint(unit, STEEP)
    assert found.reach == unit.effector.ballistic_reach == 45e3
    # the salvo's last round too must meet its target above the keep-out altitude and within the reach
    assert found.area_km2 == pytest.approx(math.pi * 45.0**2, rel=0.03)
    assert found.farthest_km == pytest.approx(45.0, rel=0.06)


@pytest.mark.parametrize(("threat", "distance"), [("scud_b", 290e3), ("zolfaghar", 600e3), ("shahab_3", 1200e3)])
def test_a_flatter_arc_sweeps_the_disc_along_behind_the_unit(standing: Standing, threat: str, distance: float) -> None:
    """Where an arc lies x1 to x2 before its end between the heights of the envelope: pi r^2 + 2 r (x2 - x1).

    A little of the edge is lost, for arcs have a sample a second and an intercept needs two inside, one 3 km on.
    """
    unit = replace(firing(standing, ASTER), spacing=0.0)
    found = standing.footprint(unit, Approach(threat, EAST, distance))
    near, far = (before_the_end(standing, found, height) for height in (3e3, 25e3))
    swept = math.pi * 45.0**2 + 2.0 * 45.0 * 1e-3 * (far - near)
    assert 0.92 * swept < found.envelope_km2 < swept
    inside = found.stage != STAGES.index("outside_envelope")
    assert float(np.mean(found.east[inside])) == pytest.approx(-0.5 * (near + far), abs=0.1 * found.reach)
    assert abs(float(np.mean(found.north[inside]))) < 0.05 * found.reach


def before_the_end(standing: Standing, found: Footprint, height: float) -> float:
    """Distance along the ground between the end of an arc and where it last is at a height, m."""
    place = np.radians([found.longitude_deg]), np.radians([found.latitude_deg])
    path = standing._flown(found.approach, *place)[0]
    last = int(np.flatnonzero(path.altitude >= height)[-1])
    axis = path.position_ecef / np.linalg.norm(path.position_ecef, axis=1, keepdims=True)
    angle = np.arccos(np.clip(axis @ axis[-1], -1.0, 1.0))
    return 6.371e6 * float(np.interp(-height, -path.altitude[last - 1 :], angle[last - 1 :]))


def test_an_interceptor_of_the_lower_tier_has_one_salvo_at_a_missile_of_medium_range(standing: Standing) -> None:
    found = standing.footprint(firing(standing, ASTER), Approach("shahab_3", EAST, 1200e3))
    assert 0.0 < found.area_km2 < 0.6 * found.envelope_km2 and found.main_reason == "too_late"
    assert found.median_salvos == found.most_salvos == 1


@pytest.mark.parametrize(
    ("effector", "approach"),
    [
        (ASTER, Approach("shahab_3", EAST, 1200e3)),
        (SIPER, Approach("soumar_paveh", EAST, 900e3)),
        (GUN, Approach("shahed_136", EAST, 900e3)),
    ],
)
def test_a_longer_reaction_never_makes_it_larger(standing: Standing, effector: str, approach: Approach) -> None:
    unit = firing(standing, effector)
    found = [
        standing.footprint(replace(unit, prepare=prepare), approach, 10) for prepare in (0.0, 5.0, 20.0, 60.0, 1e5)
    ]
    for quick, slow in itertools.pairwise(found):
        assert np.all((slow.stage != DEFENDED) | (quick.stage == DEFENDED))
        assert np.all(slow.salvos <= quick.salvos)
        assert slow.envelope_km2 == quick.envelope_km2
    assert found[0].area_km2 > found[-1].area_km2 == 0.0
    assert found[-1].main_reason == "too_late"


def test_without_a_ballistic_claim_no_ground_is_defended_against_an_arc(standing: Standing) -> None:
    for effector in (SIPER, GUN, "hisar_a_plus"):
        found = standing.footprint(firing(standing, effector), STEEP)
        assert (found.area_km2, found.farthest_km, found.most_salvos, found.reach) == (0.0, 0.0, 0, 0.0)
        assert found.barred == found.main_reason == "outside_envelope"


def test_what_doctrine_holds_is_not_defended(study: Study, catalogue: Catalogue) -> None:
    drone = Approach("shahed_136", EAST, 900e3)
    rules = tuple(rule.model_copy(update={"cost_cap": 1e5}) for rule in study.doctrine.rules)
    capped = study.model_copy(update={"doctrine": study.doctrine.model_copy(update={"rules": rules})})
    standing = Standing(capped, catalogue, "base-more", 0, smooth_earth(), bare)
    assert standing.footprint(firing(standing, ASTER), drone, 4).main_reason == "doctrine_hold"
    assert standing.footprint(firing(standing, GUN), drone, 4).area_km2 > 0.0


def test_a_cell_says_what_the_tables_say_of_an_asset_there(
    tiny: Study,
) -> None:
    """Assets of the study stand 0, 33 and 89 km north of the unit; an arc comes from the east."""
    case = compiled(tiny, load_catalogue(), "base", "arc")
    standing = Standing(tiny, load_catalogue(), "base", 0, flat_terrain(), bare)
    unit = firing(standing, ASTER)
    found = standing.footprint(unit, Approach("shahab_3", EAST, 1200e3))
    column = case.names.fire_units.index(unit.id)
    for row, threat in enumerate(case.tables.threat):
        north = {"home": 0.0, "near": 33_300.0, "far": 88_800.0}[case.names.assets[threat["asset"]]]
        away = np.hypot(found.east, found.north - north)
        reason = int(case.tables.static_reason[row, column])
        if away.min() > found.cell:
            assert STAGES[reason] == "outside_envelope"
        else:
            stage = found.stage[np.argmin(away)]
            assert (stage in (DEFENDED, STAGES.index("too_late"), STAGES.index("no_track"))) == (reason == 255)


def test_the_engine_launches_in_more_than_half_of_all_replications_where_ground_is_defended(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """Aims every 10 km up and down range of a lone battery, far apart in time; replications in which it is ready."""
    lines = [line for line in TEXT.splitlines() if not re.search(r"system: (eirs|siper|hisar_a)", line)]
    text = re.sub(r"deltas:.*?networks:", "networks:", "\n".join(lines), flags=re.DOTALL)
    text = text.replace("{terrain: flat.tif}", "{terrain: none}")
    text = text.replace("[eirs, siper_battery, hisar_a_battery, sampt_ng_battery]", "[sampt_ng_battery]")
    study = tiny_study(tmp_path, text)
    standing = Standing(study, catalogue, "base", 0, smooth_earth(), bare)
    (unit,) = standing.fire_units
    found = standing.footprint(unit, Approach("shahab_3", EAST, 1200e3))
    east = 1e3 * np.arange(-55.0, 36.0, 10.0)
    bearing = np.where(east < 0.0, -90.0, 90.0)
    place = np.full((2, east.size), [[found.longitude_deg], [found.latitude_deg]])
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(*place, bearing, np.abs(east))
    assets = tuple(
        study.assets[0].model_copy(update={"id": f"aim-{i}", "longitude": math.radians(x), "latitude": math.radians(y)})
        for i, (x, y) in enumerate(zip(longitude, latitude, strict=True))
    )
    raid = raid_of(study, "arc")
    several = {"count": len(assets), "aim": tuple(asset.id for asset in assets), "spacing": 600.0}
    group = raid.groups[0].model_copy(update=several)
    raid = raid.model_copy(update={"groups": (group,), "spread": 600.0 * len(assets)})
    aimed = study.model_copy(update={"assets": assets, "raids": (raid,)})
    case = compiled(aimed, catalogue, "base", "arc", terrain=smooth_earth())
    launches, n = np.zeros(len(assets)), 0
    for replication in range(150):
        events = trace_replication(case.tables, 7, replication).events
        fired_at = {int(event["threat"]) for event in events if event["kind"] == EVENT_KINDS.index("launch")}
        n += bool(fired_at)
        for row in fired_at:
            launches[int(case.names.assets[case.tables.threat[row]["asset"]].removeprefix("aim-"))] += 1
    share, error = launches / n, 0.5 / math.sqrt(n)
    cells = [int(np.argmin(np.hypot(found.east - x, found.north))) for x in east]
    is_defended = found.stage[cells] == DEFENDED
    is_clear = np.abs(share - 0.5) > 4.0 * error
    assert np.array_equal(share[is_clear] > 0.5, is_defended[is_clear])
    assert is_clear.sum() >= 7 and 3 <= is_defended.sum() < len(assets)


def test_rectangles_cover_the_cells_that_are_wanted_once(standing: Standing) -> None:
    found = standing.footprint(firing(standing, ASTER), Approach("shahab_3", EAST, 1200e3), 10)
    wanted = found.stage == DEFENDED
    west, east, south, north = rectangles(found, wanted).T
    assert float(((east - west) * (north - south)).sum()) == pytest.approx(wanted.sum() * found.cell**2)
    for x, y, is_wanted in zip(found.east, found.north, wanted, strict=True):
        assert int(((west < x) & (x < east) & (south < y) & (y < north)).sum()) == is_wanted
    assert rectangles(found, found.stage == -2).shape == (0, 4)


def test_an_approach_is_that_of_a_raid_unless_somebody_asks_for_another(study: Study, catalogue: Catalogue) -> None:
    assert approaches(study, catalogue) == (
        Approach("shahab_3", EAST, 1200e3),
        Approach("soumar_paveh", EAST, 900e3),
    )
    assert approaches(study, catalogue, ["shahab_3"], bearing=0.0) == (Approach("shahab_3", 0.0, 1200e3),)
    assert approaches(study, catalogue, ["scud_b"], EAST, 250e3) == (Approach("scud_b", EAST, 250e3),)
    with pytest.raises(ScenarioError, match="give --bearing and --distance too"):
        approaches(study, catalogue, ["scud_b"], bearing=0.0)
    with pytest.raises(ScenarioError, match="Did you mean 'shahab_3'"):
        approaches(study, catalogue, ["shahab3"])


@pytest.mark.slow
@pytest.mark.parametrize("laydown", ["base-2025", "base-2030-sampt-ng", "base-2030-f16-patrol"])
def test_every_fire_unit_of_the_shipped_study_defends_something_or_says_why_not(laydown: str) -> None:
    study = load_study("turkiye-steel-dome")
    catalogue = load_catalogue()
    standing = Standing(study, catalogue, laydown, 0, load_terrain(study.environment, study.folder))
    coming = approaches(study, catalogue)
    assert [one.threat for one in coming] == ["zolfaghar", "shahab_3", "soumar_paveh", "shahed_136"]
    for unit in standing.fire_units:
        found = [standing.footprint(unit, approach, 5) for approach in coming]
        assert all(one.area_km2 > 0.0 or one.main_reason in STAGES for one in found)
        assert all(one.area_km2 <= one.envelope_km2 for one in found)
        if unit.effector.ballistic_reach == 0.0:
            assert found[0].area_km2 == found[1].area_km2 == 0.0
        elif unit.effector.system_class == "lower_tier_bmd":
            assert found[1].most_salvos == 1
