"""Reading the ground."""

import os
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from steeldome.compiler.compile import compile_scenario
from steeldome.compiler.elevation_file import read_heights
from steeldome.compiler.tables import table_hash
from steeldome.compiler.terrain import (
    Terrain,
    load_terrain,
    smooth_earth,
    terrain_extent,
    terrain_faults,
    terrain_gaps,
)
from steeldome.errors import ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.environment import Environment
from steeldome.inputs.laydown import Laydown
from steeldome.kernels.terrain import radar_horizon
from tests.compiler.tiny import TEXT, bare, tiny_study
from tests.interop.elevation_files import (
    HOLE,
    HORIZONTAL,
    VERTICAL,
    VERTICAL_UNIT,
    WGS84,
    plane,
    write_geotiff,
    write_sparse,
)

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


def cut_short(file: Path) -> None:
    write_geotiff(file, plane(300, 300), steps=(0.01, 0.01), compression="zlib", tile=(256, 256))
    file.write_bytes(file.read_bytes()[:1500])


NAN = float("nan")
#: What is wrong, how to write it, and what is said after the name of the file.
REFUSED: dict[str, tuple[Any, str]] = {
    "ellipsoid": ({"keys": {**WGS84, HORIZONTAL: 4979}}, "has heights above the ellipsoid"),
    "old ellipsoid": ({"keys": {**WGS84, VERTICAL: 5030}}, "has heights above the ellipsoid"),
    "depth": ({"keys": {**WGS84, VERTICAL: 5715}}, "has heights in EPSG:5715"),
    "feet": ({"keys": {**WGS84, VERTICAL_UNIT: 9002}}, "unit EPSG:9002, not known as metres above the sea"),
    "ten cells": ({"height": plane(5, 2)}, "has 5 rows and 2 columns; at least 3 of each"),
    "too many cells": (lambda file: write_sparse(file, 280_000), "claims 280000 x 280000 cells; at most 400,000,000"),
    "one piece": (lambda file: write_sparse(file, 12_000), "is stored in pieces of more than 128 MiB; type 'steeldome"),
    "three bands": ({"height": np.zeros((9, 9, 3), np.int16), "photometric": "rgb"}, "has several bands"),
    "whole numbers of 32 bits": ({"height": np.zeros((9, 9), np.int32)}, "type 'steeldome terrain import t.tif --out"),
    "packing": ({"compression": "lzma"}, "is a GeoTIFF of a kind that a study cannot hold; type 'steeldome terrain"),
    "no place": ({"steps": (NAN, NAN)}, "no place on earth"),
    "beyond": ({"corner": (179.0, 40.0)}, "beyond the globe"),
    "no number": ({"no_data": "none"}, "states 'none' for no data"),
    "heights": ({"height": np.full((9, 9), -99999.0, np.float32)}, "which the earth has not"),
    "vrt": (lambda file: file.write_text("<VRTDataset/>"), "is no readable TIFF file"),
    "empty": (lambda file: file.touch(), "is no readable TIFF file"),
    "cut short": (cut_short, "is cut short"),
    "folder": (Path.mkdir, "no file 't.tif' in the study folder"),
    "fifo": (os.mkfifo, "no file 't.tif' in the study folder"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_ground_from_a_stranger_is_refused_by_name(what: str, tmp_path: Path) -> None:
    make, message = REFUSED[what]
    if isinstance(make, dict):
        write_geotiff(tmp_path / "t.tif", **({"height": plane(9, 9)} | make))
    else:
        make(tmp_path / "t.tif")
    with pytest.raises(ScenarioError) as caught:
        load_terrain(Environment(terrain="t.tif"), tmp_path)
    (fault,) = caught.value.faults
    assert fault.where == "environment.terrain" and "'t.tif'" in fault.message and message in fault.message


@pytest.mark.parametrize(("kind", "no_data"), [(np.int16, "-9999"), (np.float32, "-9999"), (np.float32, None)])
def test_cells_without_data_are_marked_and_count_as_sea(kind: Any, no_data: str | None, tmp_path: Path) -> None:
    height = (plane(20, 18) + 7).astype(kind)
    height[2, 3] = HOLE
    height[4, 5] = float(no_data) if no_data else NAN
    write_geotiff(tmp_path / "t.tif", height, steps=(0.1, 0.1), no_data=no_data)
    terrain = load_terrain(Environment(terrain="t.tif"), tmp_path)
    assert terrain.missing is not None and np.argwhere(terrain.missing).tolist() == [[2, 3], [4, 5]]
    assert (terrain.height == np.where(terrain.missing, 0, height)).all() and terrain.height.dtype == kind
    write_geotiff(tmp_path / "t.tif", plane(20, 18).astype(kind), no_data=no_data)
    assert load_terrain(Environment(terrain="t.tif"), tmp_path).missing is None


@pytest.mark.parametrize(
    "packing",
    [
        {},
        {"compression": "zlib", "predictor": True},
        {"compression": "zlib", "predictor": True, "rowsperstrip": 7},
        {"rowsperstrip": 7},
        {"tile": (16, 32)},
        {"compression": "zlib", "predictor": True, "tile": (16, 16), "byteorder": ">"},
    ],
)
def test_however_it_is_packed_it_is_the_same_ground(packing: dict[str, Any], tmp_path: Path) -> None:
    height = np.random.default_rng(5).integers(-400, 9000, (45, 37), np.int16)
    write_geotiff(tmp_path / "t.tif", height, steps=(0.1, 0.1), **packing)
    assert (load_terrain(Environment(terrain="t.tif"), tmp_path).height == height).all()


def test_a_segment_is_inflated_to_its_stated_size_and_no_further(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    write_geotiff(
        tmp_path / "t.tif", iter([bomb]), shape=(256, 256), dtype=np.int16, compression="zlib", tile=(256, 256),
        steps=(0.1, 0.1),
    )  # fmt: skip
    tracemalloc.start()
    load_terrain(Environment(terrain="t.tif"), tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_gaps_around_the_places_of_a_study_are_counted(tmp_path: Path) -> None:
    study = tiny_study(tmp_path)  # three assets on the meridian of 33 deg, 27 km around each
    step = float(np.radians(1.0 / 60.0))
    height, missing = np.zeros((480, 1020), np.int16), np.zeros((480, 1020), np.bool_)
    missing[240:243, 300] = True  # at home, 39 N 33 E
    missing[0, 0] = missing[479, 1019] = True  # far away
    ground = Terrain("t", height, float(np.radians(43.0)), float(np.radians(28.0)), step, missing=missing)
    gaps = terrain_gaps(study, ground)
    north = 2 * np.degrees(27_000.0 / 6.35e6) * 60
    assert gaps.missing == 3 and gaps.margin == 27_000.0
    assert gaps.cells == pytest.approx((48 + north) * north / np.cos(np.radians(39.4)), rel=0.1)
    assert terrain_gaps(study, smooth_earth()).missing == 0


@settings(max_examples=300)
@given(data=st.data())
def test_damaged_ground_is_read_or_refused(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    sound, file = folder / "sound.tif", folder / "damaged.tif"
    if not sound.exists():
        write_geotiff(sound, plane(40, 40), steps=(0.1, 0.1), no_data="-9999", compression="zlib", tile=(16, 16))
    content = bytearray(sound.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, min(len(content), 900) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(content)
    try:
        header, height, _ = read_heights(file)
    except ScenarioError as error:
        assert error.faults[0].file == str(file)
    else:
        assert height.shape == (header.rows, header.columns)


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
