"""Generated sites."""

import math

import numpy as np
import pytest
from pyproj import Geod

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.siting import PlacedUnit, place_units
from steeldome.compiler.terrain import Terrain, load_terrain
from steeldome.errors import ScenarioError
from steeldome.inputs.force import force_of
from steeldome.inputs.laydown import UnitEntry
from steeldome.inputs.study import Study, load_study
from steeldome.kernels.terrain import height_at
from tests.compiler.tiny import flat_terrain

REACH = {"hisar_a_battery": 15_000.0, "korkut_team": 4_000.0}


def placed(study: Study, layout: int, terrain: Terrain | None = None) -> dict[str, PlacedUnit]:
    units = place_units(study, force_of(study, "base-more"), layout, terrain or flat_terrain(), REACH, CompilerCache())
    return {unit.id: unit for unit in units}


def apart(study: Study, unit: PlacedUnit) -> float:
    """Distance to the nearest asset, m."""
    geod = Geod(ellps="WGS84")
    ends = [(asset.longitude, asset.latitude, unit.longitude, unit.latitude) for asset in study.assets]
    return min(geod.inv(*end, radians=True)[2] for end in ends)


@pytest.mark.parametrize("layout", range(6))
def test_sites_are_coarse_near_their_assets_and_nearer_for_a_shorter_reach(tiny: Study, layout: int) -> None:
    for name, unit in placed(tiny, layout).items():
        for angle in (unit.latitude, unit.longitude):
            hundredths = math.degrees(angle) * 100.0
            assert hundredths == pytest.approx(round(hundredths), abs=1e-6)
        stand_off, jitter = 12_000.0, 5_000.0
        reach = REACH.get(unit.system, math.inf)
        limit = min(stand_off, 0.4 * reach) + 3.0 * min(jitter, 0.3 * reach) + 2_000.0 + 1_500.0
        assert apart(tiny, unit) <= limit, name


def test_rules_take_turns_and_the_axis_is_obeyed(tiny: Study) -> None:
    calm = tiny.model_copy(update={"siting": tiny.siting.model_copy(update={"jitter": 0.0})})
    by_layout = [placed(calm, layout) for layout in (0, 1, 2)]
    for name in ("hisar_a_battery/1", "hisar_a_battery/2"):
        east = by_layout[1][name]
        nearest = min(calm.assets, key=lambda asset: abs(asset.latitude - east.latitude))
        assert east.longitude > nearest.longitude
        assert east.latitude == pytest.approx(nearest.latitude, abs=math.radians(0.03))
    covered = {round(math.degrees(by_layout[2][f"hisar_a_battery/{n}"].latitude), 1) for n in (1, 2, 3)}
    assert len(covered) == 3, "area cover takes every asset once before any twice"


def test_a_unit_climbs_to_high_ground_and_stands_in_its_asset(tiny: Study) -> None:
    ground = np.full((480, 1020), 100, np.int16)
    ground[239:241, 299:301] = 400  # 39.0 N, 33.0 E
    terrain = Terrain("hill", ground, *(float(np.radians(d)) for d in (43.0, 28.0, 1.0 / 60.0)))
    units = placed(tiny, 0, terrain)
    fixed = units["siper_battery/1"]
    assert fixed.elevation == 400.0 and fixed.asset == "home"
    assert fixed.relief > 0.0


def test_a_ship_stands_at_sea_down_the_threat_axis(tiny: Study) -> None:
    base = tiny.laydowns[0]
    ship = UnitEntry(system="nato_sea_upper_tier", count=1, rule="sea", assumption="test")  # type: ignore[arg-type]
    at_sea = tiny.model_copy(update={"laydowns": (base.model_copy(update={"units": (ship,)}),), "deltas": ()})
    coast = np.full((480, 1020), 100, np.int16)
    coast[:, 400:] = 0  # sea east of 34.7 E
    coast[:, :60] = 0  # and west of 29 E
    terrain = Terrain("coast", coast, *(float(np.radians(d)) for d in (43.0, 28.0, 1.0 / 60.0)))
    (unit,) = place_units(at_sea, force_of(at_sea, "base"), 0, terrain, {}, CompilerCache())
    assert unit.elevation == 0.0 and math.degrees(unit.longitude) > 34.7
    with pytest.raises(ScenarioError, match="no open sea within 200 km"):
        place_units(at_sea, force_of(at_sea, "base"), 0, flat_terrain(), {}, CompilerCache())


def test_a_unit_of_an_asset_at_sea_takes_the_nearest_land(tiny: Study) -> None:
    """The asset lies 4 km off a low shore; a gun on the higher ridge behind it could not defend it."""
    asset = tiny.assets[0]
    gun = UnitEntry(system="korkut_team", count=1, assumption="test")  # type: ignore[arg-type]
    base = tiny.laydowns[0].model_copy(update={"units": (gun,)})
    still = tiny.siting.model_copy(update={"stand_off": 0.5e3, "jitter": 0.0})
    study = tiny.model_copy(update={"assets": (asset,), "laydowns": (base,), "deltas": (), "siting": still})
    row = round((43.0 - math.degrees(asset.latitude)) * 60.0)
    ground = np.zeros((480, 1020), np.int16)
    ground[: row - 2] = 20
    ground[: row - 4] = 900
    terrain = Terrain("shore", ground, *(float(np.radians(d)) for d in (43.0, 28.0, 1.0 / 60.0)))
    (unit,) = place_units(study, force_of(study, "base"), 0, terrain, REACH, CompilerCache())
    assert unit.elevation == 20.0
    assert apart(study, unit) < 6_500.0
    with pytest.raises(ScenarioError, match="no land within 10 km"):
        place_units(study, force_of(study, "base"), 0, flat_terrain(0), REACH, CompilerCache())


def test_assets_of_the_shipped_study_are_on_land() -> None:
    study = load_study("turkiye-steel-dome")
    ground = load_terrain(study.environment, None)
    grid = ground.height, ground.north, ground.west, ground.step
    assert [asset.id for asset in study.assets if height_at(*grid, asset.latitude, asset.longitude) <= 0.0] == []


def test_without_stand_off_and_jitter_a_unit_stands_at_its_asset_even_at_sea(tiny: Study) -> None:
    exact = tiny.model_copy(update={"siting": tiny.siting.model_copy(update={"jitter": 0.0, "stand_off": 0.0})})
    for ground in (0, 100):
        units = placed(exact, 0, flat_terrain(ground))
        generated = [unit for name, unit in units.items() if name.startswith(("hisar", "korkut"))]
        assert len(generated) == 7
        assert max(apart(exact, unit) for unit in generated) < 1.0
