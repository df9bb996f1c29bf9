"""Reading the ground."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from steeldome.compiler.terrain import load_terrain, terrain_extent
from steeldome.errors import ScenarioError
from steeldome.inputs.environment import Environment

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
        ("tile.hgt", "gdal_translate"),
        ("plain.tif", "carries no place on earth"),
    ):
        with pytest.raises(ScenarioError, match=message):
            terrain_extent(Environment(terrain=name), tmp_path)


def test_the_shipped_terrain_knows_its_mountains() -> None:
    terrain = load_terrain(Environment(terrain="globe30s_6E50E_30N48N"), None)
    row, column = (int(np.radians(d) / terrain.step) for d in (48.0 - 39.70, 44.30 - 6.0))
    assert terrain.height[row - 3 : row + 4, column - 3 : column + 4].max() == 4938  # Ararat, as this grid has it
    assert np.degrees(terrain.extent.east) == pytest.approx(50.0)
