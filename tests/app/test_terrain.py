"""Elevation files on their way into a study: what a user types, and what is said."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from steeldome.app.cli import main
from tests.compiler.tiny import TEXT
from tests.interop.elevation_files import HOLE, HORIZONTAL, WGS84, plane, write_geotiff, write_hgt, write_sparse

pytest.importorskip("rasterio", reason="the extra 'geo' is not installed")

SHIPPED = "globe30s_6E50E_30N48N"
SECONDS, BYTES = 2.0, 512 * 2**20  # a refusal may take so much more than saying the version


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """English, and a folder to type in."""
    monkeypatch.setenv("STEELDOME_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tiles(tmp_path: Path) -> tuple[str, ...]:
    """Nine SRTM tiles around the assets of the tiny study, without data at 39.5 N 33 E and, in one of two, at 34 E."""
    for latitude in (38, 39, 40):
        for longitude in (32, 33, 34):
            write_hgt(tmp_path / f"N{latitude}E0{longitude}.hgt", plane(1201, 1201))
    for longitude in (32, 33):
        height = plane(1201, 1201)
        height[600, 1200] = HOLE
        height[600, 0] = HOLE if longitude == 33 else 0
        write_hgt(tmp_path / f"N39E0{longitude}.hgt", height)
    return tuple(sorted(file.name for file in tmp_path.glob("*.hgt")))


def test_from_tiles_to_a_study_that_says_what_its_ground_lacks(
    tiles: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (study / "study.yaml").write_text(TEXT.replace("flat.tif", "ankara.tif"), encoding="utf-8")
    assert main(["check", "study"]) == 1
    assert "no file 'ankara.tif' in the study folder" in capsys.readouterr().err
    typed = ["terrain", "import", *tiles, "--out", "study/ankara.tif", "--bounds", "38.2,32.4,40.2,34.2"]
    assert main([*typed, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["rows"], facts["columns"], facts["cell_arcsec"], facts["files"]) == (2401, 2161, 3.0, 9)
    assert (facts["cells_without_data"], facts["study_line"]) == (1, "terrain: ankara.tif")
    assert sorted(path.name for path in study.iterdir()) == ["ankara.tif", "study.yaml"]
    assert main(["terrain", "show", "study/ankara.tif", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {key: facts[key] for key in shown if key != "file"} == {key: shown[key] for key in shown if key != "file"}
    assert main(["check", "study"]) == 0
    out, err = capsys.readouterr()
    assert out == "study: no faults\n" and "the terrain has no data in 1 of" in err
    assert main(["check", "study", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ground"]["cells_without_data"] == 1


def test_the_same_tiles_make_the_same_bytes_and_coarser_cells_on_demand(
    tiles: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.tif", "b.tif"):
        assert main(["terrain", "import", *tiles, "--out", name, "--cell", "30 arcsec"]) == 0
    assert Path("a.tif").read_bytes() == Path("b.tif").read_bytes()
    out, err = capsys.readouterr()
    assert "a.tif: 360 rows, 360 columns" in out and "cell 30 arcsec: 926.6 m to the north" in out
    assert "edges in degrees: south 38, west 32, north 41, east 35" in out
    assert "data in each of the 129,600 cells" in out and "is no study folder" in err


def test_what_is_shipped_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["terrain", "show", SHIPPED]) == 0
    out = capsys.readouterr().out
    assert "edges in degrees: south 30, west 6, north 48, east 50" in out
    assert f"below 'environment': terrain: {SHIPPED}\n" in out


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("import", 2, "Missing argument 'FILE'"),
        ("import a.tif", 2, "Missing option '--out'"),
        ("import a.tif --out b.tif --cell 90m", 2, "--cell: '90m' is no size of a cell; write for example 30arcsec"),
        ("import a.tif --out b.tif --cell 0arcsec", 2, "'0arcsec' is no size of a cell"),
        ("import a.tif --out b.tif --bounds 36,26,42", 2, "are not four numbers; write south,west,north,east"),
        ("import a.tif --out b.tif --bounds 42,26,36,45", 2, "enclose nothing; write south,west,north,east"),
        ("import a.tif --out b.tif --bounds 10,26,20,45", 1, "outside of the files, which cover 35,30,40,36 (south"),
        ("import nowhere.hgt --out b.tif", 1, "nowhere.hgt: cannot be read (No such file or directory)"),
        ("import a.tif nowhere.hgt --out b.tif", 1, "nowhere.hgt: cannot be read"),
        ("import . --out b.tif", 1, ".: is a folder; name the files in it"),
        ("import http://a/b.tif --out b.tif", 1, "http://a/b.tif: is an address; only files on this machine"),
        ("import a.tif --out .", 1, "--out: is a folder; write for example --out terrain.tif"),
        ("import a.tif --out b.hgt", 1, "is no name for a terrain; write for example --out b.tif"),
        ("import a.tif --out b.c.tif", 1, "no study can name such a file"),
        ("import a.tif --out a.tif", 1, "a.tif: --out: is one of the files to read"),
        ("import a.tif --out no/b.tif", 1, "there is no such folder"),
        ("show globe", 1, f"no terrain 'globe' is shipped; shipped: {SHIPPED}"),
        ("show none", 1, "a smooth earth at sea level, there is no file to show"),
        ("show nowhere.tif", 1, "nowhere.tif: cannot be read"),
    ],
)
def test_what_is_typed_wrong_is_one_line(
    typed: str, status: int, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_geotiff(Path("a.tif"), plane(10, 12))
    assert main(["terrain", *typed.split()]) == status
    out, err = capsys.readouterr()
    assert out == "" and said in err and len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


def cut_short(file: Path) -> None:
    height = np.random.default_rng(1).integers(0, 2000, (6000, 6000), np.int16)
    write_geotiff(file, height, steps=(0.0005, 0.0005), tile=(256, 256))
    os.truncate(file, file.stat().st_size // 2)


def damaged_header(file: Path) -> None:
    """The type of the tag that holds the size of a cell is none."""
    write_geotiff(file, plane(9, 9))
    tag = (33550).to_bytes(2, "little")
    file.write_bytes(file.read_bytes().replace(tag + b"\x0c\0", tag + b"\xcc\0"))


HOSTILE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a small file that claims 146 GiB": (lambda file: write_sparse(file, 280_000), "claims 280000 x 280000 cells"),
    "a text that names another file": (lambda file: file.write_text("<VRTDataset rasterXSize='9'/>"), "is no readable"),
    "half a file": (cut_short, "is cut short"),
    "a damaged header": (damaged_header, "t.tif"),
    "another datum": (lambda file: write_geotiff(file, plane(9, 9), keys={**WGS84, HORIZONTAL: 4230}), "in WGS-84"),
    "no place": (lambda file: write_geotiff(file, plane(9, 9), steps=(float("nan"),) * 2), "place on earth"),
    "ten cells": (lambda file: write_geotiff(file, plane(2, 5)), "at least 3 of each make a ground"),
    "a pipe": (os.mkfifo, "file"),
    "a folder": (Path.mkdir, "folder"),
}  # fmt: skip


def cost(*words: str, prepare: Callable[[], None] | None = None) -> tuple[int, str, float, int]:
    """Exit status, what stderr says, seconds of computing and most memory of a command and of what it starts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "steeldome.app.cli", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=prepare,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_ground_is_refused_soon_and_cheaply(what: str, tmp_path: Path) -> None:
    make, message = HOSTILE[what]
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.yaml").write_text(TEXT.replace("flat.tif", "t.tif"), encoding="utf-8")
    make(tmp_path / "study" / "t.tif")
    _, _, seconds, memory = cost("--version")
    for words in (("terrain", "import", "study/t.tif", "--out", "b.tif"), ("check", "study")):
        status, said, used, most = cost(*words)
        assert status == 1 and message in said and "t.tif" in said and len(said.splitlines()) == 1, said
        assert used - seconds < SECONDS and most - memory < BYTES
    assert [path.name for path in tmp_path.iterdir()] == ["study"]
    assert sorted(path.name for path in (tmp_path / "study").iterdir()) == ["study.yaml", "t.tif"]


def test_a_full_disk_leaves_the_terrain_that_was_there(tmp_path: Path) -> None:
    write_geotiff(Path("a.tif"), np.random.default_rng(1).integers(0, 2000, (300, 300), np.int16), steps=(0.1, 0.1))
    Path("b.tif").write_bytes(b"as it was")

    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    status, said, _, _ = cost("terrain", "import", "a.tif", "--out", "b.tif", prepare=no_large_files)
    assert status == 1 and said.startswith("b.tif: cannot be written (File too large)") and len(said.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tif", "b.tif"]
    assert Path("b.tif").read_bytes() == b"as it was"
