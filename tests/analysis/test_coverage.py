"""Coverage of hand-made sensors on ground that is known: every cell counted by other means."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pyproj import Geod, Transformer

from steeldome.analysis.coverage import Eye, Grid, cover, eyes_of, grid_around, ground_of, reach_by_sector, side_view
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.specs import SensorSpec
from steeldome.compiler.terrain import Terrain, smooth_earth
from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.coverage import CAUSES
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS

SITE = math.radians(39.0), math.radians(33.0)
RADAR = SensorSpec(
    id="radar",
    unit="unit",
    latitude=SITE[0],
    longitude=SITE[1],
    elevation=0.0,
    mast=20.0,
    instrumented_range=200e3,
    search_ratio=0.6,
    target_range=0.0,
    target_cross_section=0.0,
    ballistic_range=0.0,
    fixed_range=0.0,
    band="S",
    notch_speed=0.0,
    scan_period=5.0,
    p_false_alarm=1e-6,
    drop=20.0,
    elevation_min=math.radians(-3.0),
    elevation_max=math.radians(40.0),
    sector_centre=math.radians(90.0),
    sector_width=math.radians(240.0),
    capacity=100,
)
ROUND = replace(RADAR, sector_width=2.0 * math.pi, elevation_max=math.radians(90.0), search_ratio=2.0)


def look(sensor: SensorSpec, terrain: Terrain, n_tracks: int = 0, rain_mm_h: float = 0.0) -> Eye:
    """A sensor against a target of 1 m2, with nothing growing on the ground; rain, if any, over 30 km."""
    settings: Any = SimpleNamespace(screen_spread=0.0, cover=0.0, rain_rate=rain_mm_h / 3.6e6, rain_radius=30e3)
    return eyes_of([sensor], 1.0, False, settings, n_tracks, terrain, CompilerCache())[0]


def counts(cause: np.ndarray) -> dict[str, int]:
    found = np.bincount(cause.reshape(-1), minlength=len(CAUSES))
    return {name: int(n) for name, n in zip(CAUSES, found, strict=True) if n}


def around(grid_margin: float = 260e3, cell: float = 4_000.0) -> Grid:
    return grid_around([SITE[0]], [SITE[1]], grid_margin, cell)


@pytest.mark.parametrize("height", [100.0, 3_000.0, 20_000.0])
def test_on_a_smooth_earth_every_cell_has_the_cause_that_plain_geometry_gives(height: float) -> None:
    """Range and elevation by PROJ, the horizon by its closed form; cells within half a step of an edge left out."""
    grid = around()
    cause = cover([look(RADAR, smooth_earth())], ground_of(grid, smooth_earth()), np.array([height]))[0]
    latitude, longitude = np.degrees(grid.latitude.reshape(-1)), np.degrees(grid.longitude.reshape(-1))
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    target = np.array(to_ecef.transform(longitude, latitude, np.full(latitude.size, height)))
    site = np.array(to_ecef.transform(math.degrees(SITE[1]), math.degrees(SITE[0]), 20.0))[:, None]
    up = np.array([np.cos(SITE[0]) * np.cos(SITE[1]), np.cos(SITE[0]) * np.sin(SITE[1]), np.sin(SITE[0])])[:, None]
    slant = np.linalg.norm(target - site, axis=0)
    elevation = np.degrees(np.arcsin(((target - site) * up).sum(axis=0) / slant))
    n = latitude.size
    azimuth, _, ground = Geod(ellps="WGS84").inv(
        np.full(n, math.degrees(SITE[1])), np.full(n, math.degrees(SITE[0])), longitude, latitude
    )
    horizon = sum(EFFECTIVE_EARTH_RADIUS * math.acos(1.0 / (1.0 + h / EFFECTIVE_EARTH_RADIUS)) for h in (20.0, height))
    off = np.abs((np.asarray(azimuth) - 90.0 + 180.0) % 360.0 - 180.0)
    unmet = {
        "instrumented_range": slant > 200e3,
        "power": slant > 120e3,
        "sector": (elevation > 40.0) | (elevation < -3.0) | (off > 120.0),
        "horizon": np.asarray(ground) > horizon,
    }
    number = np.sum(list(unmet.values()), axis=0)
    expected = np.where(number == 0, "covered", "several")
    for name, is_unmet in unmet.items():
        expected[is_unmet & (number == 1)] = name
    is_edge = (
        (np.abs(slant - 200e3) < 500)
        | (np.abs(slant - 120e3) < 500)
        | (np.abs(elevation - 40.0) < 0.1)
        | (np.abs(elevation + 3.0) < 0.05)
        | (np.abs(off - 120.0) < 0.5)
        | (np.abs(np.asarray(ground) - horizon) < 1_500)
    )
    found = np.array(CAUSES)[cause]
    assert is_edge.mean() < 0.05
    assert counts(cause[~is_edge]) == {
        name: int((expected[~is_edge] == name).sum()) for name in CAUSES if (expected[~is_edge] == name).any()
    }
    np.testing.assert_array_equal(found[~is_edge], expected[~is_edge])
    assert {"covered", "several", "sector", "horizon" if height < 1_000.0 else "power"} <= set(found)


def test_a_mast_of_20_m_sees_a_target_at_100_m_as_far_as_the_four_thirds_horizon() -> None:
    """18.4 + 41.2 km within 1 % in every direction, and the horizon is what ends it [Skolnik2008]."""
    horizon = sum(math.sqrt(2.0 * EFFECTIVE_EARTH_RADIUS * height) for height in (20.0, 100.0))
    assert horizon == pytest.approx(59_650.0, abs=100.0)
    terrain = smooth_earth()
    (reaches,) = reach_by_sector(look(ROUND, terrain), np.array([100.0]), terrain, step=100.0)
    assert len(reaches) == 36
    for reach in reaches:
        assert 1000.0 * reach.range_km == pytest.approx(horizon, rel=0.01)
        assert CAUSES[reach.cause] == "horizon"


def test_a_target_above_the_beam_is_seen_farther_out_as_far_as_the_power_reaches() -> None:
    """20 km up a radar that looks up to 40 degrees is blind for the first 24 km, and then sees to its 120 km."""
    terrain = smooth_earth()
    (reaches,) = reach_by_sector(look(replace(RADAR, sector_width=2.0 * math.pi), terrain), np.array([20e3]), terrain)
    assert {CAUSES[reach.cause] for reach in reaches} == {"power"}
    assert [reach.range_km for reach in reaches] == pytest.approx([118.0] * 36, abs=1.0)


def ridge() -> Terrain:
    """Level ground at the sea with a wall of 1 500 m from west to east, 20 km north of the site."""
    step = math.radians(1.0 / 120.0)
    north = SITE[0] + 120.0 * step
    height = np.zeros((240, 240), np.int16)
    height[120 - round(20_000.0 / (step * MEAN_EARTH_RADIUS))] = 1500
    return Terrain("ridge", height, north, SITE[1] - 120.0 * step, step)


def test_a_ridge_throws_its_shadow() -> None:
    """Behind 1 500 m at 20 km a target at 60 km is hidden below the line over the crest, and by the ground alone."""
    terrain = ridge()
    eye = look(replace(ROUND, instrumented_range=70e3), terrain)
    view = side_view(eye, 0.0, np.linspace(0.0, 8_000.0, 801), 70, terrain)
    crest = view.distance[view.ground > 700.0].mean()
    assert crest == pytest.approx(20_000.0, abs=1_500.0)
    j = int(np.argmin(np.abs(view.distance - 60_000.0)))
    seen = view.cause[:, j] == CAUSES.index("covered")
    lowest = view.altitude[int(np.argmax(seen))]
    curve = 60_000.0**2 / (2.0 * EFFECTIVE_EARTH_RADIUS) - 60.0 / crest * 1e3 * crest**2 / (
        2.0 * EFFECTIVE_EARTH_RADIUS
    )
    straight = 20.0 + (1500.0 - 20.0) * 60_000.0 / crest + curve
    assert lowest == pytest.approx(straight, rel=0.06)  # the crest is one cell wide: 0.9 km of 20
    low = int(np.argmin(np.abs(view.altitude - 2_000.0)))
    assert CAUSES[view.cause[low, j]] == "terrain"
    ((north, *_),) = reach_by_sector(eye, np.array([500.0]), terrain)
    assert north.range_km == pytest.approx(20.0, abs=1.5)
    assert CAUSES[north.cause] == "terrain"


def test_a_sensor_that_holds_all_it_can_has_no_time_and_one_more_has() -> None:
    terrain, grid = smooth_earth(), around(30e3)
    assert counts(cover([look(ROUND, terrain, 100)], ground_of(grid, terrain), np.array([3e3]))) == {
        "time_budget": grid.n_rows * grid.n_columns
    }
    assert set(counts(cover([look(ROUND, terrain, 99)], ground_of(grid, terrain), np.array([3e3])))) == {"covered"}


def test_rain_takes_range_from_a_radar_of_a_short_wave_and_calls_it_power() -> None:
    """16 mm/h over the first 30 km leave some 36 % of a range of 200 km at X band, nearly all of it at L band."""
    terrain = smooth_earth()
    radar = replace(ROUND, search_ratio=0.5, instrumented_range=400e3, elevation_min=-0.2)
    far = {}
    for band in ("X", "L"):
        for rain in (0.0, 16.0):
            eye = look(replace(radar, band=band), terrain, rain_mm_h=rain)
            ((east, *_),) = ([reaches[9]] for reaches in reach_by_sector(eye, np.array([9_000.0]), terrain))
            far[band, rain] = east.range_km
            assert CAUSES[east.cause] == "power"
    assert far["X", 0.0] == far["L", 0.0] == pytest.approx(200.0, abs=1.0)
    assert far["X", 16.0] == pytest.approx(0.36 * 200.0, rel=0.15)
    assert far["L", 16.0] > 195.0


def test_where_there_are_no_elevation_data_nothing_is_claimed() -> None:
    """Beyond the edges of the model, and in a hole of it."""
    missing = np.zeros((240, 240), np.bool_)
    missing[60:80, 100:150] = True
    terrain = replace(ridge(), missing=missing)
    grid = around(150e3)
    cause = cover([look(ROUND, terrain)], ground_of(grid, terrain), np.array([10_000.0]))[0]
    is_outside = np.abs(grid.latitude.reshape(-1) - SITE[0]) > 120.0 * terrain.step
    is_outside |= np.abs(grid.longitude.reshape(-1) - SITE[1]) > 120.0 * terrain.step
    north, east = grid.latitude.reshape(-1) - SITE[0], grid.longitude.reshape(-1) - SITE[1]
    is_hole = (north > 40.0 * terrain.step) & (north < 60.0 * terrain.step)
    is_hole &= (east > -20.0 * terrain.step) & (east < 30.0 * terrain.step)
    assert 0.2 < is_outside.mean() < 0.8 and is_hole.sum() > 20
    is_outside |= is_hole
    np.testing.assert_array_equal(cause == CAUSES.index("no_data"), is_outside)


def test_the_nearest_sensor_that_lacks_one_condition_alone_says_what_is_in_the_way() -> None:
    """A place out of the near radar's sector, and too far for the other's power, is for the sector to mend."""
    terrain = smooth_earth()
    near = replace(RADAR, id="near", sector_centre=math.radians(270.0), sector_width=math.radians(90.0))
    far = replace(ROUND, id="far", longitude=SITE[1] - math.radians(1.0), search_ratio=0.6, instrumented_range=400e3)
    place = ground_of(Grid(SITE[0] - 1e-3, SITE[1] + math.radians(1.3), 2e-3, 2e-3, 1, 1), terrain)
    height = np.array([15_000.0])
    one_by_one = [counts(cover([look(sensor, terrain)], place, height)) for sensor in (near, far)]
    assert one_by_one == [{"sector": 1}, {"covered": 1}]
    far = replace(far, search_ratio=0.2)
    eyes = [look(sensor, terrain) for sensor in (near, far)]
    assert counts(cover(eyes, place, height)) == counts(cover(eyes[::-1], place, height)) == {"sector": 1}
    assert counts(cover(eyes[1:], place, height)) == {"power": 1}


def test_the_area_of_a_grid_is_that_of_the_sphere() -> None:
    grid = Grid(0.0, 0.0, 0.5 * math.pi / 40, 0.5 * math.pi / 30, 40, 30)
    assert grid.area.sum() == pytest.approx(0.5 * math.pi * MEAN_EARTH_RADIUS**2)
    assert grid.cell_of(float(grid.latitude[7, 3]), float(grid.longitude[7, 3])) == (7, 3)
