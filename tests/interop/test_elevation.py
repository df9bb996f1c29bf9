"""Tiles of foreign formats: where their heights lie, what is refused, and what the reading process may do."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steeldome.errors import ScenarioError
from steeldome.interop import elevation
from steeldome.interop.elevation import Reader, checked_path, reading
from steeldome.interop.elevation_grid import Bounds, ElevationGrid, merge
from tests.interop.elevation_files import (
    HOLE,
    HORIZONTAL,
    MODEL_TYPE,
    RASTER_TYPE,
    VERTICAL,
    VERTICAL_UNIT,
    WGS84,
    plane,
    write_dted,
    write_geotiff,
    write_hgt,
    write_sparse,
)

pytest.importorskip("rasterio", reason="the extra 'geo' is not installed")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reading process for the whole file."""
    with reading() as started:
        yield started


def merged(reader: Reader, *files: Path, cell: float | None = None, bounds: Bounds | None = None) -> ElevationGrid:
    """Files as one grid; the cell in arc-seconds."""
    tiles = [reader.open(str(file)) for file in files]
    return merge(reader, tiles, None if cell is None else cell / 3600.0, bounds)


def height_at(grid: ElevationGrid, latitude: float, longitude: float) -> float:
    """Height of the cell that holds a point."""
    row, column = int((grid.north - latitude) / grid.step), int((longitude - grid.west) / grid.step)
    return float(grid.height[row, column])


def test_posts_of_an_srtm_tile_are_the_centres_of_its_cells(reader: Reader, tmp_path: Path) -> None:
    height = plane(1201, 1201)
    height[0, 0], height[1200, 1200], height[600, 300] = 1234, -17, 2345
    write_hgt(tmp_path / "N39E032.hgt", height)
    grid = merged(reader, tmp_path / "N39E032.hgt")
    assert grid.height.dtype == np.int16 and grid.step * 1200 == pytest.approx(1.0)
    assert (grid.north, grid.west) == pytest.approx((40 + 0.5 / 1200, 32 - 0.5 / 1200))
    assert [height_at(grid, *place) for place in ((40.0, 32.0), (39.0, 33.0), (39.5, 32.25))] == [1234, -17, 2345]


def test_tiles_side_by_side_share_a_column_and_fill_each_others_holes(reader: Reader, tmp_path: Path) -> None:
    west, east = plane(1201, 1201), plane(1201, 1201) + np.int16(5000)
    west[7, 1200], west[9, 9], east[11, 0] = HOLE, HOLE, HOLE
    write_hgt(tmp_path / "N39E032.hgt", west)
    write_hgt(tmp_path / "N39E033.hgt", east)
    grid = merged(reader, tmp_path / "N39E032.hgt", tmp_path / "N39E033.hgt")
    assert grid.height.shape == (1201, 2401)
    assert (
        grid.height[7, 1200] == east[7, 0] and grid.height[11, 1200] == west[11, 1200]
    )  # the first holds, else the other
    assert grid.height[9, 9] == HOLE and int((grid.height == HOLE).sum()) == 1
    assert (grid.height[:, 1201:] == east[:, 1:]).all()


def test_a_tile_that_is_not_there_and_bounds_beyond_are_holes(reader: Reader, tmp_path: Path) -> None:
    write_geotiff(tmp_path / "a.tif", plane(4, 4), corner=(30.0, 40.0))
    write_geotiff(tmp_path / "b.tif", plane(4, 4), corner=(33.0, 38.0))
    grid = merged(reader, tmp_path / "a.tif", tmp_path / "b.tif")
    assert grid.height.shape == (8, 10) and int((grid.height == HOLE).sum()) == 80 - 32
    cut = merged(reader, tmp_path / "a.tif", bounds=Bounds(38.6, 29.0, 40.0, 30.9))
    assert (cut.north, cut.west) == pytest.approx((40.0, 29.0))
    assert cut.height.tolist() == [[HOLE, HOLE, 30 * row, 30 * row + 1] for row in range(3)]


def test_dted_is_read_as_its_standard_says(reader: Reader, tmp_path: Path) -> None:
    height = plane(121, 121)
    height[0, 3], height[120, 0], height[5, 5] = -321, 4567, -32767  # the last stands for no data
    write_dted(tmp_path / "n36.dt0", height, corner=(-70, 36), seconds=(30, 30))
    grid = merged(reader, tmp_path / "n36.dt0")
    assert height_at(grid, 37.0, -70.0 + 3 / 120) == -321 and height_at(grid, 36.0, -70.0) == 4567
    assert grid.height[5, 5] == HOLE and (grid.height == np.where(height == -32767, HOLE, height)).all()


@pytest.mark.parametrize(("cell", "off_m"), [(30.0, 1e-3), (60.0, 1e-3), (45.0, 7.5 / 8), (100.0, 17.5 / 8)])
def test_a_slope_stays_a_slope_when_resampled(cell: float, off_m: float, reader: Reader, tmp_path: Path) -> None:
    """Steps of 30 by 60 arc-seconds, as DTED has them north of 50 degrees, 7.5 m and 10 m high.

    Interpolation is exact on a slope. A mean takes a cut cell as level: with the share f of it inside, its part of the
    integral is off by f (1 - f) / 2 of a step, so that a mean is off by an eighth of a step at most.
    """
    latitude, longitude = 56.0 - np.arange(121) / 120.0, -3.0 + np.arange(61) / 60.0
    slope = 1000.0 + 900.0 * (latitude - 55.0)[:, None] + 600.0 * (longitude + 3.0)
    write_geotiff(tmp_path / "slope.tif", slope.astype(np.float32), (-3.0 - 1 / 120, 56.0 + 1 / 240), (1 / 60, 1 / 120))
    with pytest.raises(ScenarioError, match=r"not square, 30 by 60 arcsec; resample with .* --cell 60arcsec"):
        merged(reader, tmp_path / "slope.tif")
    grid = merged(reader, tmp_path / "slope.tif", cell=cell)
    rows, columns = (np.arange(2, n - 2) for n in grid.height.shape)
    north, east = grid.north - (rows + 0.5) * grid.step, grid.west + (columns + 0.5) * grid.step
    expected = 1000.0 + 900.0 * (north - 55.0)[:, None] + 600.0 * (east + 3.0)
    assert np.abs(grid.height[2:-2, 2:-2] - expected).max() < off_m
    assert not np.isnan(grid.height).any()


def test_larger_cells_are_means_and_one_less_than_half_full_is_a_hole(reader: Reader, tmp_path: Path) -> None:
    height = np.full((6, 6), HOLE, np.int16)
    height[:2, :2] = [[1, 3], [5, 8]]
    height[0, 2], height[2, 0], height[3, 1] = 40, 10, 21
    write_geotiff(tmp_path / "fine.tif", height, corner=(30.0, 40.0))
    grid = merged(reader, tmp_path / "fine.tif", cell=3600.0)
    assert grid.height.tolist() == [[4, HOLE, HOLE], [16, HOLE, HOLE], [HOLE, HOLE, HOLE]]


def geotiff(name: str = "t.tif", **options: Any) -> Callable[[Path], Path]:
    """Makes a GeoTIFF of 10 x 12 cells that is sound but for what the options say."""

    def make(folder: Path) -> Path:
        write_geotiff(folder / name, **({"height": plane(10, 12)} | options))
        return folder / name

    return make


def file_of(name: str, content: bytes) -> Callable[[Path], Path]:
    """Makes a file of some bytes."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def cut_short(folder: Path) -> Path:
    write_geotiff(folder / "t.tif", np.arange(90_000, dtype=np.int16).reshape(300, 300), steps=(0.01, 0.01))
    whole = (folder / "t.tif").read_bytes()
    (folder / "t.tif").write_bytes(whole[: len(whole) // 2])
    return folder / "t.tif"


def cut_short_dted(folder: Path) -> Path:
    write_dted(folder / "t.dt1", plane(121, 121), (30, 39), (30, 30))
    whole = (folder / "t.dt1").read_bytes()
    (folder / "t.dt1").write_bytes(whole[: len(whole) // 2])
    return folder / "t.dt1"


def old_datum_dted(folder: Path) -> Path:
    write_dted(folder / "t.dt1", plane(121, 121), (30, 39), (30, 30), datum="WGS72")
    return folder / "t.dt1"


def damaged_dted(folder: Path) -> Path:
    write_dted(folder / "t.dt1", plane(121, 121), (30, 39), (30, 30))
    whole = bytearray((folder / "t.dt1").read_bytes())
    whole[3428 + 100] ^= 4  # one bit of a height; its column's checksum tells
    (folder / "t.dt1").write_bytes(whole)
    return folder / "t.dt1"


def sparse(folder: Path) -> Path:
    write_sparse(folder / "t.tif", 280_000)
    assert (folder / "t.tif").stat().st_size < 1000  # and claims 146 GiB
    return folder / "t.tif"


def one_piece(folder: Path) -> Path:
    write_sparse(folder / "t.tif", 12_000)
    return folder / "t.tif"


def a_folder(folder: Path) -> Path:
    (folder / "t.tif").mkdir()
    return folder / "t.tif"


def a_fifo(folder: Path) -> Path:
    os.mkfifo(folder / "t.tif")
    return folder / "t.tif"


VRT = b"""<VRTDataset rasterXSize="10" rasterYSize="12"><VRTRasterBand dataType="Int16" band="1"><SimpleSource>
<SourceFilename>/etc/hostname</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"""
NAN = float("nan")
#: What is wrong, how to make it, and what is said after the name of the file.
REFUSED: dict[str, tuple[Callable[[Path], Path | str], str]] = {
    "datum": (geotiff(keys={**WGS84, HORIZONTAL: 4230}), "is in 'ED50', not in WGS-84 degrees; type 'gdalwarp -t_srs"),
    "projection": (geotiff(keys={MODEL_TYPE: 1, RASTER_TYPE: 1, 3072: 32636}), "is in 'WGS 84 / UTM zone 36N', not in"),
    "dted datum": (old_datum_dted, "is in 'WGS 72', not in WGS-84 degrees"),
    "no system": (geotiff(keys={}), "names no coordinate system; add it with 'gdal_translate -a_srs"),
    "ellipsoid": (geotiff(keys={**WGS84, VERTICAL: 5030}), "has heights above the ellipsoid"),
    "three axes": (geotiff(keys={**WGS84, HORIZONTAL: 4979}), "-s_srs EPSG:4979 -t_srs EPSG:4326+5773 t.tif above-sea"),
    "depth": (geotiff(keys={**WGS84, VERTICAL: 5715}), "metres upwards are needed"),
    "feet": (geotiff(keys={**WGS84, VERTICAL_UNIT: 9002}), "metres upwards are needed"),
    "ten cells": (geotiff(height=plane(2, 5)), "has 2 rows and 5 columns; at least 3 of each make a ground"),
    "too many cells": (sparse, "claims 280000 x 280000 cells; at most 400,000,000 are read"),
    "one piece": (one_piece, "is stored in pieces of 274 MiB; write it again with 'gdal_translate -co TILED=YES'"),
    "three bands": (geotiff(height=np.zeros((10, 12, 3), np.uint8), photometric="rgb"), "has 3 bands; heights are one"),
    "complex": (geotiff(height=np.zeros((10, 12), np.complex64)), "holds complex64, no heights"),
    "vrt": (file_of("t.tif", VRT), "is no readable GeoTIFF file"),
    "address": (lambda folder: "https://example.org/t.tif", "is an address; only files on this machine are read"),
    "bucket": (lambda folder: "s3://bucket/t.tif", "is an address"),
    "gdal's network": (lambda folder: "/vsicurl/http://127.0.0.1:9/t.tif", "is an address"),
    "gdal's prefix": (lambda folder: "GTIFF_DIR:1:t.tif", "is an address"),
    "cut short": (cut_short, "is cut short or damaged, in rows 299 to 300"),
    "dted cut short": (cut_short_dted, "is cut short or damaged"),
    "dted checksum": (damaged_dted, "is cut short or damaged"),
    "name": (file_of("ankara.hgt", bytes(2 * 1201 * 1201)), "an SRTM tile is named after its corner, such as N39E032"),
    "size": (file_of("N39E032.hgt", bytes(2 * 1201 * 1200)), "has 2,882,400 bytes, an SRTM tile has one of 2,884,802"),
    "place": (geotiff(steps=(NAN, NAN)), "has no finite place on earth"),
    "infinite place": (geotiff(corner=(float("inf"), 40.0)), "has no finite place on earth"),
    "beyond": (geotiff(corner=(179.0, 40.0)), "beyond the globe of -90 to 90 and -180 to 180"),
    "folder": (a_folder, "is a folder; name the files in it"),
    "fifo": (a_fifo, "is no regular file"),
    "not there": (lambda folder: str(folder / "t.tif"), "cannot be read (No such file or directory)"),
    "kind": (file_of("t.png", b"\x89PNG"), "is of no kind that is read; allowed are .tif"),
    "empty": (file_of("t.tif", b""), "is empty"),
    "heights": (geotiff(height=np.full((9, 9), -99999.0, np.float32)), "say so with 'gdal_translate -a_nodata NUMBER'"),
    "no data": (geotiff(height=np.full((10, 12), HOLE, np.int16)), "no cell has data"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_and_why(what: str, reader: Reader, tmp_path: Path) -> None:
    make, message = REFUSED[what]
    file = make(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        merge(reader, [reader.open(str(file))], None, None)
    said = str(caught.value)
    assert message in said and Path(file).name in said and len(caught.value.faults) == 1
    assert {path.name for path in tmp_path.iterdir()} <= {Path(file).name}


@pytest.mark.parametrize(
    ("height", "no_data", "holes"),
    [
        (np.array([[1, HOLE, 3], [4, 5, -9999], [7, 8, 9]], np.int16), "-9999", [(0, 1), (1, 2)]),
        (np.array([[1, np.nan, 3], [4, 5, -3e38], [7, np.inf, 9]], np.float32), "-3e38", [(0, 1), (1, 2), (2, 1)]),
        (np.array([[1, 2, 3], [4, 5, 6], [7, 8, 255]], np.uint8), "255", [(2, 2)]),
        (np.array([[1, 2, 3], [4, 5, 6], [7, 8, -1]], np.int32), "-1", [(2, 2)]),
    ],
)
def test_every_way_to_say_no_data_is_a_hole(
    height: np.ndarray, no_data: str, holes: list[tuple[int, int]], reader: Reader, tmp_path: Path
) -> None:
    write_geotiff(tmp_path / "t.tif", height, no_data=no_data)
    found = merged(reader, tmp_path / "t.tif").height
    is_hole = np.isnan(found) if found.dtype.kind == "f" else found == HOLE
    assert list(map(tuple, np.argwhere(is_hole).tolist())) == holes
    assert (found[~is_hole] == height[~is_hole]).all()


def test_tiles_that_do_not_fit_together_say_what_to_type(reader: Reader, tmp_path: Path) -> None:
    write_geotiff(tmp_path / "a.tif", plane(4, 4))
    write_geotiff(tmp_path / "b.tif", plane(4, 4), steps=(0.25, 0.25))
    write_geotiff(tmp_path / "c.tif", plane(4, 4), corner=(30.2, 40.0))
    for other, message in (("b", "cells are 900 arcsec, those of a.tif 1800; .* --cell 1800arcsec"), ("c", "in step")):
        with pytest.raises(ScenarioError, match=message):
            merged(reader, tmp_path / "a.tif", tmp_path / f"{other}.tif")
        assert merged(reader, tmp_path / "a.tif", tmp_path / f"{other}.tif", cell=1800.0).height.shape[0] == 4
    with pytest.raises(ScenarioError, match=r"cover 38,30,40,32 \(south, west, north, east\)"):
        merged(reader, tmp_path / "a.tif", bounds=Bounds(10.0, 30.0, 20.0, 32.0))
    with pytest.raises(ScenarioError, match="would make 72000 x 72000 cells"):
        merged(reader, tmp_path / "a.tif", cell=0.1)


def test_the_reading_process_is_bound_and_its_death_is_one_fault(tmp_path: Path) -> None:
    write_geotiff(tmp_path / "t.tif", plane(10, 12))
    with reading() as reader:
        tile = reader.open(str(tmp_path / "t.tif"))
        process = reader._process
        limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
        soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
        pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[0])
        assert soft["Max core file size"] == soft["Max file size"] == "0" and int(soft["Max cpu time"]) <= 900
        assert int(soft["Max address space"]) < pages * os.sysconf("SC_PAGE_SIZE") + 2**30
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
        assert b"PROJ_NETWORK=OFF" in environment and b"AWS" not in environment and b"GDAL_HTTP" not in environment
        process.kill()
        process.wait()
        with pytest.raises(ScenarioError, match=r"t\.tif: could not be read: .* was ended by signal 9"):
            reader.read(tile, slice(0, 3), slice(0, 3))
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_geotiff(tmp_path / "t.tif", plane(10, 12))
    monkeypatch.setattr(elevation, "SECONDS", 0.0)
    with reading() as reader, pytest.raises(ScenarioError, match="took the reader longer than 0 s"):
        reader.open(str(tmp_path / "t.tif"))


def test_without_the_extra_one_line_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elevation.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ScenarioError, match="-m pip install rasterio"), reading():
        pass


def test_nothing_but_the_reading_process_imports_rasterio() -> None:
    program = (
        "import sys, steeldome, steeldome.app.cli, steeldome.app.terrain, steeldome.interop.elevation_grid\n"
        "import steeldome.interop.geotiff, steeldome.experiments.checking\n"
        "print('rasterio' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_link_is_followed_before_its_name_is_judged(tmp_path: Path) -> None:
    write_geotiff(tmp_path / "t.tif", plane(10, 12))
    (tmp_path / "link.tif").symlink_to(tmp_path / "t.tif")
    (tmp_path / "random.tif").symlink_to("/dev/urandom")
    assert checked_path(str(tmp_path / "link.tif")) == (tmp_path / "t.tif").resolve()
    with pytest.raises(ScenarioError, match="no regular file"):
        checked_path(str(tmp_path / "random.tif"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound file of each kind but SRTM, which is heights alone."""
    folder = tmp_path_factory.mktemp("sound")
    write_geotiff(folder / "t.tif", plane(40, 40), steps=(0.1, 0.1), no_data="-9999", compression="zlib", tile=(16, 16))
    write_dted(folder / "t.dt0", plane(31, 31), (30, 39), (120, 120))
    return {name: (folder / name).read_bytes() for name in ("t.tif", "t.dt0")}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(
    data: st.DataObject, sound: dict[str, bytes], reader: Reader, tmp_path: Path
) -> None:
    name = data.draw(st.sampled_from(sorted(sound)))
    content = bytearray(sound[name])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, min(len(content), 900) - 1))  # where the headers stand
        content[at] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(content)
    try:
        grid = merge(reader, [reader.open(str(tmp_path / name))], None, None)
    except ScenarioError as error:
        assert name in str(error)
    else:
        assert min(grid.height.shape) >= 3
