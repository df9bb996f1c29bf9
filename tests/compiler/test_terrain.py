"""Reading the ground."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from steeldome.compiler.compile import compile_scenario
from steeldome.compiler.tables import table_hash
from steeldome.compiler.terrain import Terrain, load_terrain, smooth_earth, terrain_extent, terrain_faults
from steeldome.errors import ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.environment import Environment
from steeldome.inputs.laydown import Laydown
from steeldome.kernels.terrain import radar_horizon
from tests.compiler.tiny import TEXT, bare, tiny_study

SCALE, TIE, KEYS = 33550, 33922, 34735


def write(path: Path, scale: tuple[float, float] = (0.5, 0.5), raster_type: int = 1, epsg: int = 4326) -> None:
    """Three rows and four columns; the tie point is 30 E, 40 N."""
    keys = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, raster_type, 2048, 0, 1, epsg)
    tags: list[Any] = [
        (SCALE, "d", 3, (*scale, 0.0), True),
        (TIE, "d", 6, (0.0, 0.0, 0.0, 30.0, 40.0, 0.0), True),
        (KEYS, "H", len(keys), keys, True),
    ]
    tifffile.imwrite(path, np.arange(12, dtype=np.int16).reshape(3, 4), extratags=tags)


def test_edges_of_cells_that_are_areas_and_of_cells_that_are_points(tmp_path: Path) -> None:
    write(tmp_path / "area.tif")
    write(tmp_path / "point.tif", raster_type=2)
    area = load_terrain(Environment(terrain="area.tif"), tmp_path)
    point = terrain_extent(Environment(terrain="point.tif"), tmp_path)
    assert area.height[2, 3] == 11 and not area.height.flags.writeable
    edges = np.degrees([area.extent.south, area.extent.west, area.extent.north, area.extent.east])
    assert edges == pytest.approx([38.5, 30.0, 40.0, 32.0])
    assert np.degrees([point.west, point.north]) == pytest.approx([29.75, 40.25])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ({"scale": (0.5, 0.25)}, "unequal steps"),
        ({"epsg": 3035}, "not in WGS-84 degrees"),
    ],
)
def test_a_grid_of_another_kind_is_refused(tmp_path: Path, kind: dict[str, Any], message: str) -> None:
    write(tmp_path / "wrong.tif", **kind)
    with pytest.raises(ScenarioError, match=message):
        load_terrain(Environment(terrain="wrong.tif"), tmp_path)


def test_what_to_type_when_there_is_no_such_terrain(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "plain.tif", np.zeros((2, 2), np.int16))
    for name, message in (
        ("globe", "shipped: globe30s_6E50E_30N48N"),
        ("none.tif", "no file 'none.tif' in the study folder"),
        ("tile.hgt", "terrain import"),
        ("plain.tif", "carries no place on earth"),
    ):
        with pytest.raises(ScenarioError, match=message):
            terrain_extent(Environment(terrain=name), tmp_path)


def test_the_shipped_terrain_knows_its_mountains() -> None:
    terrain = load_terrain(Environment(terrain="globe30s_6E50E_30N48N"), None)
    row, column = (int(np.radians(d) / terrain.step) for d in (48.0 - 39.70, 44.30 - 6.0))
    assert terrain.height[row - 3 : row + 4, column - 3 : column + 4].max() == 4938  # Ararat, as this grid has it
    assert np.degrees(terrain.extent.east) == pytest.approx(50.0)


#: The synthetic study on islands of nobody, in another hemisphere and across a degree of the date line.
ISLANDS = (
    TEXT.replace("terrain: flat.tif", "terrain: none")
    .replace("latitude: 39", "latitude: -17")
    .replace("longitude: 33", "longitude: 179")
    .replace(
        "      - {system: hisar_a_battery, count: 3, assumption: test}",
        """\
      - {system: hisar_a_battery, count: 3, assumption: test}
      - {system: nato_sea_upper_tier, count: 1, rule: sea, assumption: test}""",
    )
)


def test_a_study_without_terrain_stands_anywhere_on_a_smooth_earth(tmp_path: Path, catalogue: Catalogue) -> None:
    study = tiny_study(tmp_path, ISLANDS)
    terrain = load_terrain(study.environment, None)
    assert terrain.is_smooth and terrain_faults(study, terrain_extent(study.environment, None)) == []
    case = compile_scenario(study, catalogue, "base-more", "flat", quantile=bare, layout=2, terrain=terrain)
    assert {site.elevation_m for site in case.sites.values()} == {0.0}
    assert all(abs(site.latitude_deg + 17.4) < 2.5 for site in case.sites.values())
    (ring,) = case.sites["eirs/1"].coverage
    horizon = pytest.approx(radar_horizon(12.0, 300.0) / 1000.0, abs=1.0)
    assert min(ring.cruise_km) == max(ring.cruise_km) == horizon
    assert len(case.tables.pair) > 0


def test_a_smooth_earth_is_an_open_sea_of_a_grid(tmp_path: Path, catalogue: Catalogue) -> None:
    study = tiny_study(tmp_path)
    step = float(np.radians(1.0 / 60.0))
    sea = Terrain("sea", np.zeros((480, 1020), np.int16), float(np.radians(43.0)), float(np.radians(28.0)), step)
    fixed = study.model_copy(update={"laydowns": (_fixed(study.laydowns[0]),), "deltas": ()})
    smooth, open_sea = (
        compile_scenario(fixed, catalogue, "base", "flat", quantile=lambda name: 0.3, layout=0, terrain=ground)
        for ground in (smooth_earth(), sea)
    )
    assert table_hash(smooth.tables) == table_hash(open_sea.tables)


def _fixed(laydown: Laydown) -> Laydown:
    return laydown.model_copy(update={"units": tuple(unit for unit in laydown.units if unit.rule == "fixed")})
