"""What a user types and reads."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import steeldome
from steeldome.app import cli, commands
from steeldome.app.cli import main
from steeldome.app.compiled_code_cache import UNUSED_FOR, VARIABLE, use_compiled_code_cache
from steeldome.app.printing import ProgressLine
from steeldome.experiments.session import Report
from steeldome.inputs.study import load_study
from steeldome.validation import radar

STUDY = "turkiye-steel-dome"
LOOK = ("--raid", "mrbm-single", "--samples", "1", "--replications", "25")


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """English, and no change of where compiled code is kept: it is loaded already."""
    monkeypatch.setenv("STEELDOME_LANGUAGE", "en")
    monkeypatch.setattr(commands, "_prepare", lambda: None)


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("frobnicate", 2, "steeldome: No such command 'frobnicate'; type 'steeldome --help'"),
        ("run", 2, "steeldome run: Missing argument 'STUDY'; type 'steeldome run --help'"),
        ("run x --replications many", 2, "'--replications'"),
        ("run x --samples 0", 2, "'--samples'"),
        ("verify x --fraction 2", 2, "'--fraction'"),
        ("check turkiye-steel-domme", 1, "Did you mean 'turkiye-steel-dome'?"),
        (f"run {STUDY} --laydown base-2052 --raid mixd", 1, "no laydown 'base-2052'"),
        ("run turkiye-steel-dome --set siper_b1.sspk.cruse=1", 1, "--set: siper_b1.sspk.cruse: no model asks for"),
        ("check turkiye-steel-dome --set siper_b1.sspk.cruise", 1, "is no what-if; write NAME=VALUE"),
        ("new", 2, "steeldome new: Invalid value: one file of units is needed; write 'steeldome new units.csv'"),
        ("new a.csv --units b.csv", 2, "one file of units is needed"),
        ("new nowhere.csv", 1, "nowhere.csv: cannot be read: No such file or directory"),
        ("new units.xlsx", 1, "units.xlsx: is neither a table nor placemarks; give a .csv or a .kml file"),
        ("new a.csv --threat-axis 400", 2, "'--threat-axis'"),
        ("catalogue show siper_batery", 1, "Did you mean 'siper_battery'?"),
        ("catalogue card siper_batery", 1, "Did you mean 'siper_battery'?"),
        ("catalogue card", 2, "give an ID or --all, one of them; type 'steeldome catalogue card --help'"),
        ("catalogue card siper_battery --out no/such/folder.html", 1, "cannot be written"),
        (f"explain {STUDY} --raid mixxd", 1, "Did you mean 'mixed'?"),
        (f"explain {STUDY} --samples 33", 1, "the study has 32; write '--samples 32' or fewer"),
        ("explain x --out waterfall.pdf", 1, "ends in none of .html, .svg, .png"),
        ("explain x --out nowhere/waterfall.png", 1, "there is no such folder; make it, or give another --out"),
        ("explain x --language de", 1, "no catalogue for 'de'; allowed are en, tr"),
        ("coverage x --bearing 400", 2, "'--bearing'"),
        (f"coverage {STUDY} --altitude 100m,2parsec", 1, "altitude: '2 parsec'"),
        (f"coverage {STUDY} --threat soumar", 1, "no threat type 'soumar'; allowed: al_hussein"),
        ("coverage x --out nowhere/coverage", 1, "is no folder and cannot be made; give another --out"),
        (f"footprint {STUDY} --laydown base-2205", 1, "no laydown 'base-2205' in this study. Did you mean"),
        (f"footprint {STUDY} --layout 32", 1, "no layout 32 in this study; it has 0 to 31"),
        (f"footprint {STUDY} --unit patriot", 1, "'patriot' is not in this laydown. Did you mean 'patriot_battery'?"),
        (f"footprint {STUDY} --unit eirs", 1, "'eirs' has no fire unit; systems that fire: gokberk, hisar_a_battery"),
        (f"footprint {STUDY} --threat xx", 1, "those of the raids: decoy_uav, emad, ghadr, shahab_3"),
        (f"footprint {STUDY} --threat scud_b", 1, "no raid of this study launches 'scud_b'; give --bearing and"),
        (f"footprint {STUDY} --out ground.png", 1, "a picture holds 12 footprints, these are"),
        ("footprint x --out ground.kml", 1, "ends in none of .svg, .png, .geojson, .csv"),
        ("footprint x --bearing 400", 2, "'--bearing'"),
        ("resume nowhere", 1, "type 'steeldome run STUDY --out DIR' to make one"),
        ("why nowhere", 1, "no run folder"),
        ("report nowhere --language de", 1, "no catalogue for 'de'; allowed are en, tr"),
        ("verify nowhere", 1, "no run folder"),
        ("validate V-RAD-8 V-RAD-88", 1, "V-RAD-88: no such case. Did you mean 'V-RAD-8'?; allowed, with or"),
        ("export nowhere", 2, "Missing option '--out'"),
        ("export nowhere --out x --format pdf", 2, "'--format'"),
        ("export nowhere --out x", 1, "no run folder"),
    ],
)
def test_bad_input_is_one_line_each(
    typed: str,
    status: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(typed.split()) == status
    out, err = capsys.readouterr()
    assert out == "" and said in err and "Traceback" not in err
    assert len(err.splitlines()) == (2 if "mixd" in typed else 1)
    assert list(tmp_path.iterdir()) == []


def test_a_study_with_faults_lists_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "study.yaml").write_text("format: 1\nmeta: {id: UPPER}\nraids: none\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert not answer["is_valid"] and len(answer["faults"]) > 5
    assert {fault["line"] for fault in answer["faults"]} >= {2, 3}
    assert main(["check", str(tmp_path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == len(answer["faults"])


def test_quick_commands_start_quickly_and_load_nothing_heavy() -> None:
    program = (
        "import sys; from steeldome.app.cli import main\n"
        f"for typed in (['check', '{STUDY}'], ['studies', '--json'], ['catalogue', 'list'], ['--help']): main(typed)\n"
        "print([name for name in ('numba', 'matplotlib', 'pyarrow') if name in sys.modules], file=sys.stderr)"
    )
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n" and time.monotonic() - begun < 10


def test_help_has_an_example_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for function in cli.COMMANDS:
        words = function.__name__.split("_")
        assert main([*words, "--help"]) == 0
        assert f"Example: steeldome {' '.join(words)}" in capsys.readouterr().out
    assert main([]) == 2
    assert "verify" in capsys.readouterr().out


def test_validation_is_told_and_exits_by_its_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["validate", "V-RAD-8", "V-BAL-15", "V-RAD-1"]
    assert main([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["cases", "passed", "misfits", "failed", "left_out"]
    assert [answer[key] for key in list(answer)[1:]] == [3, 1, 0, 1]
    assert set(answer["cases"][0]) >= {"id", "source", "quantity", "reference", "computed", "tolerance", "status"}
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "V-RAD-8a  passed  21.1436" in said and "V-BAL-15 (2026-" in said and "V-RAD-1: range of a radar" in said
    assert said.endswith("passed 3, misfits 1, failed 0, left out 1\n")
    monkeypatch.setattr(radar, "detection_above", lambda case, n, threshold, snr: 1.0)
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert "V-RAD-8b  failed  0.2848" in said and said.endswith("passed 1, misfits 1, failed 2, left out 1\n")


def test_the_program_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"steeldome {steeldome.__version__}\n"


def test_time_left_is_told_from_the_pace_of_late(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ProgressLine(str)
    for now, simulated in ((1_000.0, 400), (1_010.0, 4_400)):  # 40 s of compiling came first
        monkeypatch.setattr("steeldome.app.printing.time.monotonic", lambda now=now: now)
        line._last = 0.0
        line(Report(simulated, 10_400, simulated, now - 960.0, "simulating"))
    assert capsys.readouterr().err.splitlines() == [
        "400 of 10400 replications",  # no rate is known yet, and a guess from the start would be far off
        "4400 of 10400 replications, 400 a second, 15 s left",
    ]
    line(Report(0, 61, 0, 51.0, "finishing"))  # at once, though the last line was just now
    assert capsys.readouterr().err == "measures: 0 of 61 pairs of laydown and raid\n"


def test_the_catalogue_is_named_in_the_language_in_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (("en", "SİPER battery", "a modelling bracket"), ("tr", "SİPER bataryası", "modelleme aralığı"))
    for language, name, bracket in words:
        monkeypatch.setenv("STEELDOME_LANGUAGE", language)
        assert main(["catalogue", "show", "siper_battery"]) == 0
        shown = capsys.readouterr().out
        assert shown.splitlines()[0] == f"siper_battery: {name}" and f"{bracket} [" in " ".join(shown.split())
        assert main(["catalogue", "list"]) == 0
        line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("siper_battery "))
        assert line.endswith(f"  {name}")
        assert main(["catalogue", "list", "--json"]) == 0
        listed = {row["id"]: row["name"] for row in json.loads(capsys.readouterr().out)}
        assert listed["siper_battery"] == {"en": "SİPER battery", "tr": "SİPER bataryası"}


def test_a_card_is_written_where_the_user_is_and_an_older_one_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eirs.html").write_text("older", encoding="utf-8")
    assert main(["catalogue", "card", "eirs", "--language", "tr"]) == 0
    assert capsys.readouterr().out == "card eirs.html\n"
    assert '<html lang="tr">' in (tmp_path / "eirs.html").read_text(encoding="utf-8")
    assert main(["catalogue", "card", "--all", "--out", "new/folder", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["cards"] + 1 == len(list((tmp_path / "new/folder").iterdir()))
    assert (tmp_path / answer["index"]).is_file()


def test_the_card_as_json_names_its_parts_and_gates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show", "sampt_ng_battery", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {part["role"] for part in found["parts"]} == {"effector", "sensor", "c2"}
    assert found["parts"][0]["name"]["tr"] and found["gates"][0]["effect"] == "blocks"


def test_the_program_says_when_it_is_at_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: object) -> int:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(commands, "list_studies", broken)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    assert main(["studies"]) == 1
    line = (
        "steeldome: ZeroDivisionError: two lines; this is a fault of the program; set STEELDOME_DEBUG=1 to see where\n"
    )
    assert capsys.readouterr().err == line
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        main(["studies"])


def test_a_run_from_beginning_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", STUDY, *LOOK, "--out", "run", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert {"study", "run_dir", "result_hash", "seconds", "replications_per_second", "cases"} <= set(first)
    assert [(case["laydown"], case["raid"], case["replications"]) for case in first["cases"]] == [
        (laydown, "mrbm-single", 25) for laydown in load_study(STUDY).experiments.laydowns
    ]
    assert set(first["cases"][0]["measures"]["leakage"]) >= {
        "value",
        "low",
        "high",
        "input_low",
        "input_high",
        "n",
        "level",
    }

    assert main(["run", STUDY, *LOOK, "--out", "run"]) == 1
    assert "type 'steeldome resume run' to finish that run, or give another --out" in capsys.readouterr().err
    assert main(["run", STUDY, *LOOK, "--out", "run", "--if-needed", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert main(["run", STUDY, *LOOK, "--seed", "3", "--out", "run", "--if-needed", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result_hash"] != first["result_hash"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "run.old-1"]

    assert main(["verify", "run.old-1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["is_same"] and found["recomputed_hash"] == first["result_hash"] and not found["tables_different"]
    assert main(["why", "run.old-1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["threats"]
    assert told and all(one["leaked"] and one["cause"] and one["events"][-1]["kind"] != "launch" for one in told)
    assert main(["why", "run.old-1"]) == 0
    assert "reaches incirlik" in capsys.readouterr().out
    assert main(["export", "run.old-1", "--out", "out", "--format", "csv", "--language", "en", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["run_dir"], written["export"], written["language"]) == ("run.old-1", "out", "en")
    assert sorted(written["files"]) == sorted(f"tables/{path.name}" for path in (tmp_path / "out/tables").iterdir())
    assert main(["export", "run.old-1", "--out", "out"]) == 1
    assert capsys.readouterr().err == "out: is there and is not an empty folder; give another --out\n"
    assert main(["why", "run.old-1", "--replication", "25"]) == 1
    assert "no replication 25; case 'base-2030/mrbm-single/s000' has 0 to 24" in capsys.readouterr().err
    assert main(["why", "run.old-1", "--case", "base-2030/mixed/s000"]) == 1
    assert "the run has no case" in capsys.readouterr().err


def test_a_what_if_is_played_again_from_its_folder_and_stands_in_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sets = ("--set", "shahab_3.reliability=0.2:0.3", "--set", "siper_b1.sspk.drone=0.5:0.6:0.7")
    typed = ["run", STUDY, *LOOK, "--laydown", "base-2025", "--out", "run", "--json"]
    assert main(typed) == 0
    plain = json.loads(capsys.readouterr().out)
    assert main([*typed, *sets, "--if-needed"]) == 0
    answer = capsys.readouterr()
    changed = json.loads(answer.out)
    assert "run holds another run; it is now run.old-1" in answer.err
    assert changed["cases"][0]["measures"]["leakage"]["value"] < plain["cases"][0]["measures"]["leakage"]["value"]
    assert main([*typed, *sets, "--if-needed"]) == 0
    answer = capsys.readouterr()
    assert json.loads(answer.out)["result_hash"] == changed["result_hash"] and "another run" not in answer.err

    next((tmp_path / "run" / "blocks").iterdir()).unlink()
    assert main(["resume", "run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result_hash"] == changed["result_hash"]
    assert main(["verify", "run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recomputed_hash"] == changed["result_hash"]
    assert main(["report", "run"]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Reliability of the threat, Shahab-3" in page and ": 0.2 to 0.3 (working value 0.2449)" in page
    assert "--set shahab_3.reliability=0.2:0.3 --set siper_b1.sspk.drone=0.5:0.6:0.7 --seed" in page
    assert main([*typed, "--set", "siper_b1.ready_rounds=20", "--if-needed"]) == 0
    assert "nothing in this run depends on the what-if 'siper_b1.ready_rounds'" in capsys.readouterr().err


def test_the_waterfall_on_the_terminal_as_json_and_as_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["explain", STUDY, "--laydown", "base-2025-sampt-ng", "--raid", "mrbm-single"]
    asked += ["--samples", "2", "--replications", "20"]
    assert main([*asked, "--set", "readiness_common=0", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["study"], record["laydown"], record["raid"]) == (STUDY, "base-2025-sampt-ng", "mrbm-single")
    assert (record["samples"], record["replications"], record["hypercube"]) == (2, 20, 32)
    assert {"value", "low", "high", "input_low", "input_high", "n", "level"} <= set(record["stages"][3]["step"])
    assert sum(stage["step"]["value"] for stage in record["stages"]) == pytest.approx(
        record["stages"][-1]["leakage"]["value"]
    )
    assert main([*asked, "--out", "waterfall.svg"]) == 0
    out = capsys.readouterr().out
    assert "against “One medium-range ballistic missile”" in out and "+ readiness" in out
    assert max(len(line) for line in out.splitlines()) <= 120
    assert [path.name for path in tmp_path.iterdir()] == ["waterfall.svg"]
    assert main([*asked, "--out", "waterfall.html", "--language", "tr"]) == 0
    assert "hazırlık" in capsys.readouterr().out and 'lang="tr"' in Path("waterfall.html").read_text(encoding="utf-8")


def test_coverage_on_the_terminal_as_json_and_as_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The map's areas are the same in JSON and in GeoJSON; a side view is drawn; the words are Turkish if asked."""
    monkeypatch.chdir(tmp_path)
    asked = ["coverage", STUDY, "--laydown", "base-2025", "--threat", "kalibr", "--altitude", "100m,3km"]
    asked += ["--samples", "3", "--cell", "20km", "--out", "maps", "--side", "eirs/1/eirs", "--bearing", "90"]
    assert main([*asked, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    low, high = record["heights"]
    assert (low["height_above_ground_m"], high["height_above_ground_m"]) == (100.0, 3000.0)
    assert low["area"]["value"] < high["area"]["value"] < record["map_km2"]
    assert low["seen_in_all"] + low["seen_in_some"] + low["seen_in_none"] == pytest.approx(1.0)
    assert set(low["assets"]) == {asset.id for asset in load_study(STUDY).assets}
    assert len(record["sensors"]["eirs/1/eirs"][0]["sectors"]) == 36
    names = ["01-coverage.svg", "01-coverage.png", "02-side-view.svg", "02-side-view.png"]
    assert [Path(file).name for file in record["files"]] == [*names, "coverage.geojson", "coverage.json"]
    drawn = json.loads(Path("maps/coverage.geojson").read_text(encoding="utf-8"))
    area: dict[tuple[float, bool], float] = {}
    for feature in drawn["features"]:
        if feature["geometry"]["type"] == "MultiPolygon":
            about = feature["properties"]
            key = about["height_above_ground_m"], about["seen_in_samples"] == about["samples"]
            area[key] = area.get(key, 0.0) + sum(map(_area_of_ring, feature["geometry"]["coordinates"]))
    for height in (low, high):
        whole = area[height["height_above_ground_m"], True] + area.get((height["height_above_ground_m"], False), 0.0)
        assert whole == pytest.approx(record["map_km2"], rel=1e-3)
        assert area[height["height_above_ground_m"], True] / whole == pytest.approx(height["seen_in_all"], abs=1e-3)
    assert main([*asked, "--language", "tr"]) == 0
    assert "arazinin arkasında" in capsys.readouterr().out


def _area_of_ring(polygon: list[list[list[float]]]) -> float:
    """Of a rectangle of degrees on a sphere, km2."""
    (west, south), _, (east, north), *_ = polygon[0]
    width = math.radians(east - west)
    return 6371.0088**2 * width * (math.sin(math.radians(north)) - math.sin(math.radians(south)))


def test_footprints_on_the_terminal_as_json_and_as_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["footprint", "fictional-islands", "--unit", "patriot_battery", "--unit", "korkut_team", "--cells", "5"]
    assert main([*asked, "--threat", "soumar_paveh", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["laydown"], record["layout"], record["level"]) == ("base", 0, "E1")
    found = record["footprints"]
    assert [one["fire_unit"] for one in found[-2:]] == ["patriot_battery/1/pac2_gemt", "patriot_battery/1/pac3_mse"]
    assert len(found) == 6 and all(0.0 < one["area_km2"] <= one["envelope_km2"] for one in found)
    assert all(abs(sum(one["lost_km2"].values()) + one["area_km2"] - one["envelope_km2"]) < 5.0 for one in found)
    assert {one["bearing_deg"] for one in found} == {80.0}
    assert main([*asked, "--threat", "soumar_paveh", "--out", "ground.geojson"]) == 1
    assert "too little below 300 m above ground (soumar_paveh); give a .csv file" in capsys.readouterr().err
    high = ["--threat", "bomber", "--bearing", "80", "--distance", "600"]
    assert main([*asked, *high, "--out", "ground.geojson", "--language", "tr"]) == 0
    out = capsys.readouterr().out
    assert "Savunulan, km²" in out and "korkut_team  " in out and "korkut_team/1" not in out
    features = json.loads(Path("ground.geojson").read_text(encoding="utf-8"))["features"]
    named = [feature["properties"]["fire_unit"] for feature in features]
    assert named[-1] == "patriot_battery/1/pac3_mse" and set(named) <= {one["fire_unit"] for one in found}
    assert main([*asked, "--threat", "zolfaghar", "--each", "--out", "ground.csv"]) == 0
    assert "korkut_team/1" in capsys.readouterr().out
    assert Path("ground.csv").read_text(encoding="utf-8").count("korkut_team/") == 4
    assert main([*asked[:4], "--out", "ground.svg", "--set", "link_delay=4 s:6 s:8 s", "--cells", "4"]) == 0
    assert "<svg" in Path("ground.svg").read_text(encoding="utf-8")[:1000]


def test_a_list_of_units_is_made_checked_run_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "units.csv").write_text("lon;lat;name;system\n-30;-12;Hill;siper_battery\n-29.74;-12.1;Cape;eirs\n")
    assert main(["new", "--units", "units.csv", "--out", "s", "--name", "Islands"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [
        "s: units 2, systems 2, assets 1; sites are rounded to 0.1 degree",
        "no terrain: the ground is a smooth earth at sea level",
        "everything but the units is a template: edit s/study.yaml, then type 'steeldome check s' and "
        "'steeldome run s --quick'",
    ]
    assert main(["new", "units.csv", "--out", "s"]) == 1
    assert "s: exists already; give another --out" in capsys.readouterr().err
    assert main(["new", "units.csv", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["folder"] == "units" and answer["terrain"] == "none" and answer["assets"] == ["hill"]
    assert main(["check", "s"]) == 0
    assert main(["run", "s", "--samples", "1", "--replications", "5", "--out", "r"]) == 0
    assert "no terrain: the ground is a smooth earth at sea level" in capsys.readouterr().out
    assert main(["report", "r"]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What gets through the defence of Islands?" in page and "no terrain: a smooth earth at sea level" in page


@pytest.mark.slow
def test_ctrl_c_leaves_a_run_that_can_be_resumed(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "steeldome.app.cli"]
    look = [*program, "run", STUDY, "--raid", "mixed", "--samples", "3", "--replications", "300"]
    environment = {**os.environ, "STEELDOME_LANGUAGE": "en", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([*look, "--out", str(tmp_path / "whole")], env=environment, check=True, capture_output=True)
    child = subprocess.Popen(
        [*look, "--out", str(tmp_path / "run")], env=environment, stderr=subprocess.PIPE, text=True
    )
    while not list(tmp_path.glob("run/blocks/*.npz")):
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate()
    assert child.returncode == 1 and "type 'steeldome resume" in err and "Traceback" not in err
    done = [
        json.loads(subprocess.run([*program, *rest, "--json"], env=environment, check=True, capture_output=True).stdout)
        for rest in (["resume", str(tmp_path / "run")], ["resume", str(tmp_path / "whole")])
    ]
    assert done[0]["result_hash"] == done[1]["result_hash"]


class TestCompiledCodeCache:
    """Where compiled code goes."""

    @pytest.fixture(autouse=True)
    def undo(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Leave the variable as it was."""
        monkeypatch.setenv(VARIABLE, "")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def test_it_follows_the_user_and_the_sources(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert use_compiled_code_cache() == ""
        first = Path(os.environ[VARIABLE])
        assert first.parent == tmp_path / "steeldome" and first.is_dir()
        os.environ[VARIABLE] = ""
        module = sys.modules[use_compiled_code_cache.__module__]
        monkeypatch.setattr(module, "source_digest", lambda rooms: "other")
        os.utime(first, (0, time.time() - UNUSED_FOR - 9))
        assert use_compiled_code_cache() == "" and Path(os.environ[VARIABLE]).parent == first.parent
        assert os.environ[VARIABLE] != str(first) and not first.exists()

    def test_a_folder_of_the_user_is_left_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "mine")
        assert use_compiled_code_cache() == "" and os.environ[VARIABLE] == "mine" and not list(tmp_path.iterdir())

    @pytest.mark.parametrize("obstacle", ["a file", "others may write"])
    def test_a_folder_that_will_not_do_is_replaced_and_said(self, tmp_path: Path, obstacle: str) -> None:
        assert use_compiled_code_cache() == ""
        found = Path(os.environ[VARIABLE])
        if obstacle == "a file":
            found.rmdir()
            found.write_text("")
        else:
            found.chmod(0o777)
        os.environ[VARIABLE] = ""
        assert "for this time only" in use_compiled_code_cache()
        kept = Path(os.environ[VARIABLE])
        assert kept.is_dir() and kept != found
        kept.rmdir()
