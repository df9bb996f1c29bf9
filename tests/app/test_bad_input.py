"""A user with something broken: one line a fault, all at once, soon, no traceback, nothing half-written."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import pytest

STUDY = "turkiye-steel-dome"
LOOK = ("--raid", "mrbm-single", "--samples", "2", "--replications", "50")
#: What is broken in a copy of the shipped study, and what the line about it says.
DAMAGE = {
    "unknown id": (
        "{system: siper_battery, count: 1}",
        "{system: siper_batery, count: 1}",
        "in the catalogue. Did you mean 'siper_battery'?",
    ),
    "missing unit": ("jitter: 15 km", "jitter: 15", "15 has no unit; write for example '15 km'"),
    "wrong kind of unit": ("stand_off: 12 km", "stand_off: 12 s", "is a time, a length is needed"),
    "duplicate key": ("  samples: 32", "  samples: 32\n  samples: 16", "key 'samples' is already given in line"),
    "unknown key": ("  replications: 200", "  replicatons: 200", "unknown key 'replicatons'. Did you mean"),
    "anchor": ("headline: leakage", "headline: &what leakage", "anchor '&what' is not allowed"),
    "tag": ("  seed: 2025", "  seed: !!int 2025", "tag '!!int' is not allowed"),
    "sexagesimal": ("spread: 10 min", "spread: 1:30", "'1:30' is not a number and a unit"),
    "not a number": ("radius: 15 km", "radius: nan m", "'nan m' is not a number and a unit"),
    "infinite": ("radius: 12 km", "radius: 1e400 m", "'1e400 m' is too large; it must be finite"),
    "power": ("radius: 2 km", "radius: 9**9 m", "'9**9 m' is not a number and a unit"),
    "latitude": ("latitude: 37.0 deg", "latitude: 95 deg", "must be in -90..90 deg, got 95 deg"),
    "negative range": ("distance: 650 km", "distance: -650 km", "must be more than 0, got -650 km"),
    "probability": (
        "assumptions: []",
        "assumptions:\n  - {prior: sspk.lrad.cruise, high: 1.2, reason: x}",
        "sspk must be in 0..1, got 1.2",
    ),
    "code": ("policy: layered", "policy: os.system", "a study names a known policy and never points to code"),
}
#: The same for faults of the whole: a pattern, its replacement, and what is said.
ALONE = {
    "empty raid": (r"(?s)    groups:\n      - \{id: zolfaghar.*?(?=\n\n)", "    groups: []", "empty raid"),
    "too many": (
        r"siper_battery, count: 1\}",
        "siper_battery, count: 2}",
        "the inventory of 2025 has 1; lower",
    ),
    "years": (r"than: \[base-2030,", "than: [base-2028,", "only laydowns of one year are compared"),
    "uncovered ground": (r"41.0 deg, longitude: 28.9 deg", "52.5 deg, longitude: 13.4 deg", "terrain"),
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the shipped study."""
    with as_file(files("steeldome") / "data" / "studies" / STUDY) as shipped:
        return shutil.copytree(shipped, tmp_path / "study")


def typed(*words: str | Path, cwd: Path, prepare: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """What the program says, in English, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "steeldome.app.cli", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "STEELDOME_LANGUAGE": "en"},
        preexec_fn=prepare,
        capture_output=True,
        text=True,
        check=False,
    )


def assert_refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """Exit status 1, one line for each thing said, nothing else."""
    lines = done.stderr.splitlines()
    assert done.returncode == 1 and done.stdout == "" and "Traceback" not in done.stderr, done.stderr
    assert len(lines) == len(said), done.stderr
    for part in said:
        assert any(part in line for line in lines), (part, lines)


def test_all_faults_of_a_study_are_said_at_once(study: Path, tmp_path: Path) -> None:
    text = (study / "study.yaml").read_text()
    for name, (old, new, _) in DAMAGE.items():
        assert old in text, name
        text = text.replace(old, new, 1)
    (study / "study.yaml").write_text(text)
    for words in (("check", study), ("run", study, "--out", "out")):
        done = typed(*words, cwd=tmp_path)
        assert_refused(done, *(said for _, _, said in DAMAGE.values()))
        places = [re.match(rf"{study}/study\.yaml:(\d+): [\w.\[\]]+: ", line) for line in done.stderr.splitlines()]
        assert all(places) and len({place[1] for place in places if place}) == len(DAMAGE)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ALONE)
def test_a_study_that_cannot_be_played_is_refused(name: str, study: Path, tmp_path: Path) -> None:
    pattern, new, said = ALONE[name]
    text, n = re.subn(pattern, new, (study / "study.yaml").read_text(), count=1)
    assert n == 1
    (study / "study.yaml").write_text(text)
    for words in (("check", study), ("run", study, *LOOK, "--out", "out")):
        assert_refused(typed(*words, cwd=tmp_path), said)
    assert not (tmp_path / "out").exists()


def test_a_broken_run_folder_is_refused_and_repaired(tmp_path: Path) -> None:
    whole = json.loads(typed("run", STUDY, *LOOK, "--out", "run", "--json", cwd=tmp_path).stdout)
    assert_refused(typed("run", STUDY, *LOOK, "--out", "run", cwd=tmp_path), "exists already")
    blocks = sorted((tmp_path / "run" / "blocks").iterdir())
    blocks[0].unlink()
    data = bytearray(blocks[1].read_bytes())
    data[len(data) // 2] ^= 4
    blocks[1].write_bytes(data)
    for words in (("report", "run"), ("why", "run"), ("verify", "run")):
        done = typed(*words, cwd=tmp_path)
        assert_refused(done, blocks[0].name, blocks[1].name)
        assert "type 'steeldome resume run'" in done.stderr
    assert not (tmp_path / "report.html").exists()
    mended = json.loads(typed("resume", "run", "--json", cwd=tmp_path).stdout)
    assert mended["result_hash"] == whole["result_hash"]


def test_a_full_disk_is_one_line_and_the_run_goes_on_later(tmp_path: Path) -> None:
    def no_large_files(limit: int = 40_000) -> None:  # the study's copy is smaller, the tables of a case are not
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    typed("run", STUDY, *LOOK, "--out", "whole", cwd=tmp_path)  # compiled code is written where there is room
    again = "run", STUDY, *LOOK, "--out", "run"
    assert_refused(typed(*again, cwd=tmp_path, prepare=lambda: no_large_files(1_000)), "nothing is kept: make room")
    assert not (tmp_path / "run").exists()
    assert_refused(typed(*again, cwd=tmp_path, prepare=no_large_files), "what is done is kept: make room")
    done = typed("resume", "run", "--json", cwd=tmp_path)
    assert (
        json.loads(done.stdout)["result_hash"]
        == json.loads((tmp_path / "whole" / "manifest.json").read_text())["result_hash"]
    )
    assert_refused(
        typed("report", "run", "--out", "r.html", cwd=tmp_path, prepare=no_large_files), "r.html: cannot be written"
    )
    assert not list(tmp_path.glob("*r.html*"))
