"""From a list of units to a study that can be run; what is wrong with a list, all at once, and nothing left behind."""

import csv
import math
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steeldome.compiler.tables import ARMED
from steeldome.errors import ScenarioError
from steeldome.experiments.checking import check
from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.folder import Case
from steeldome.experiments.new_study import THREATS, NewStudy, UnitList, new_study, slug
from steeldome.experiments.runs import plan_run
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import Study, load_study

UNITS = """\
name,system,lat,lon,count,lent
Ankara kuzeyi,siper_battery,39.93,32.86,,
South,hisar_o_battery,39.71,32.81,1,
Guns,korkut_team,39.9,32.85,2,no
Radar,eirs,40.2,33.1,,
Guest,patriot_battery,37.01,35.42,,true
"Port ""A"", west",sungur,36.8,34.6,3,
Wing,f16_block50,38.0,32.6,40,
"""
ISLANDS = """\
<kml><Document>
<Placemark><name>West</name><description>siper_battery</description><Point><coordinates>-30.02,-11.98</coordinates></Point></Placemark>
<Placemark><name>eirs</name><Point><coordinates>-29.64,-12.3,15</coordinates></Point></Placemark>
<Placemark><name>korkut_team</name><Point><coordinates>-30,-12</coordinates></Point></Placemark>
<Placemark><name>korkut_team</name><Point><coordinates>-29.5,-12.1</coordinates></Point></Placemark>
</Document></kml>
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def made(folder: Path, catalogue: Catalogue, text: str = UNITS, file: str = "units.csv", **asked: object) -> NewStudy:
    """The study of a text."""
    (folder / file).write_text(text, encoding="utf-8")
    return new_study(UnitList(folder / file, **asked), folder / "s", catalogue)  # type: ignore[arg-type]


def played(study: Study, catalogue: Catalogue) -> None:
    """Both raids of the template can be compiled, and something meets something."""
    plan = plan_run(study, samples=1)
    compile_case = CaseCompiler(study, catalogue, plan)
    for raid, n_armed in (("cruise", 8), ("mixed", 34)):
        tables = compile_case(Case("given", raid, 0)).tables
        assert (tables.threat["hostile"] == ARMED).sum() == n_armed and len(tables.pair) > 0


def test_a_table_becomes_a_study_that_can_be_run(tmp_path: Path, catalogue: Catalogue) -> None:
    new = made(tmp_path, catalogue, name="İki ada", threat_axis=95.0)
    assert check(new.folder) == () and sorted(path.name for path in tmp_path.iterdir()) == ["s", "units.csv"]
    study = load_study(new.folder)
    assert (study.meta.id, study.meta.name.tr) == ("iki-ada", "İki ada")
    assert study.environment.has_terrain and study.siting.threat_axis == pytest.approx(math.radians(95.0))
    units = study.laydowns[0].units
    assert [(unit.system, unit.count, unit.lent) for unit in units] == [
        ("siper_battery", 1, False), ("hisar_o_battery", 1, False), ("korkut_team", 2, False), ("eirs", 1, False),
        ("patriot_battery", 1, True), ("sungur", 3, False), ("f16_block50", 40, False),
    ]  # fmt: skip
    site = units[0].site
    assert site is not None and math.degrees(site.latitude) == pytest.approx(39.9) and units[0].rule == "fixed"
    assert {unit.assumption for unit in units} == {"given in units.csv"}
    assert [(asset.id, asset.name.en) for asset in study.assets] == [
        ("ankara-kuzeyi", "Ankara kuzeyi"), ("south", "South"), ("guest", "Guest"), ("port-a-west", 'Port "A", west'),
        ("wing", "Wing"),
    ]  # fmt: skip
    (network,) = study.networks
    assert network.id == "air_picture" and set(network.members) == set(new.systems)
    played(study, catalogue)


def test_placemarks_beyond_the_terrain_become_a_study_on_a_smooth_earth(tmp_path: Path, catalogue: Catalogue) -> None:
    new = made(tmp_path, catalogue, ISLANDS, "islands.kml")
    assert check(new.folder) == () and not new.study.environment.has_terrain
    assert [
        (a.id, round(math.degrees(a.latitude), 6), round(math.degrees(a.longitude), 6)) for a in new.study.assets
    ] == [
        ("west", -12.0, -30.0),
        ("korkut-team", -12.1, -29.5),
    ]
    played(new.study, catalogue)


def test_assets_are_those_given(tmp_path: Path, catalogue: Catalogue) -> None:
    assets = tmp_path / "assets.csv"
    assets.write_text(
        "radius_km;value;lon;lat;class;name\n6.5;9;32.85;39.9;city;Town\n2;4.5;29.96;40.74;refinery;Town.\n"
    )
    found = made(tmp_path, catalogue, assets=assets).study.assets
    assert [(a.id, a.asset_class, a.value, a.radius) for a in found] == [
        ("town", "city", 9.0, 6500.0),
        ("town-2", "refinery", 4.5, 2000.0),
    ]


def test_the_comments_of_the_template_hold(tmp_path: Path, catalogue: Catalogue) -> None:
    new = made(tmp_path, catalogue)
    text = (new.folder / "study.yaml").read_text(encoding="utf-8")
    block = text[text.index("# deltas:") : text.index("# Who shares a picture.")]
    line = "  - {of: siper_battery, quantity: readiness, low: 0.5, high: 0.8, reason: ...}"
    assert f"# {line}" in text
    text = text.replace(block, block.replace("# ", "")).replace("assumptions: []", f"assumptions:\n{line}")
    (new.folder / "study.yaml").write_text(text, encoding="utf-8")
    assert check(new.folder) == ()
    assert load_study(new.folder).deltas[0].id == "one-more"
    assert max(len(line) for line in text.splitlines() if line.startswith("#")) <= 120


def test_the_raids_name_threats_that_reach_so_far(catalogue: Catalogue) -> None:
    assert set(THREATS.values()) <= catalogue.threats.keys()
    groups = {catalogue.threat_group(catalogue.threats[name].threat_class) for name in THREATS.values()}
    assert groups == {"cruise", "drone", "ballistic_srbm"}


BAD = """\
name,system,lat,lon,count,lent
A,siper_batery,39.9,32.8,1,
b,siper_battery,39.9,132.8,1,
B,siper_battery,132.9,39.8,x,
C,sungur,39,32,1,maybe
,eirs,"39,5",,0,
D,eirs,29.0,41.0,,
E,eirs,95,190,,
F,eirs,39,32
"""


def test_all_faults_of_a_table_have_line_and_column(tmp_path: Path, catalogue: Catalogue) -> None:
    assets = tmp_path / "assets.csv"
    assets.write_text("name,class,lat,lon,value,radius_km\nTown,town,39,33,0,-1\n")
    with pytest.raises(ScenarioError) as refusal:
        made(tmp_path, catalogue, BAD, assets=assets, coordinator="hakim")
    assert [str(fault).removeprefix(f"{tmp_path}/") for fault in refusal.value.faults] == [
        "--coordinator: no command node 'hakim' in the catalogue. Did you mean 'hakim_100'?",
        "assets.csv:2: class: 'town' is no class of asset; allowed: city, airbase, port, power, refinery, command, "
        "industry",
        "assets.csv:2: radius_km: must be more than 0, got -1",
        "assets.csv:2: value: must be more than 0, got 0",
        "units.csv:2: system: no system 'siper_batery' that a laydown may hold. Did you mean 'siper_battery'?",
        "units.csv:4: count: 'x' is not a number of units; write 1 to 1000, or leave it empty",
        "units.csv:4: lat: 132.9 is no latitude; it looks swapped with lon 39.8, swap the two",
        "units.csv:4: name: 'B' stands already in line 3; give each its own name",
        "units.csv:5: lent: 'maybe' is neither true nor false; write 'true', or leave it empty",
        "units.csv:6: count: '0' is not a number of units; write 1 to 1000, or leave it empty",
        "units.csv:6: lat: '39,5' has a decimal comma; write '39.5'",
        "units.csv:6: lon: '' is not a number; write degrees such as '38.4', south and west of zero with a minus",
        "units.csv:6: name: is empty; write a name",
        "units.csv:7: lat: 29, 41 degrees are outside the shipped terrain and look swapped; swap lat and lon, or add "
        "--terrain none if not",
        "units.csv:8: lat: must be in -90..90 degrees, got 95",
        "units.csv:8: lon: must be in -180..180 degrees, got 190",
        "units.csv:9: has 4 fields, the header has 6; fill the row up, or remove what is too much",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assets.csv", "units.csv"]


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        (UNITS.replace("sungur", "gokdogan"), {}, "units.csv:7: system: no system 'gokdogan' that a laydown may hold"),
        (UNITS.replace("36.8,34.6", "66.8,34.6"), {"terrain": "globe30s_6E50E_30N48N"}, "is not inside terrain"),
        (UNITS, {"terrain": "alps"}, "no terrain 'alps' is shipped"),
        (UNITS, {"terrain": "../x.tif"}, "environment.terrain: '../x.tif' is neither the id"),
        (UNITS, {"name": "x\x07"}, "contains the control character U\\+0007"),
    ],
)
def test_what_cannot_be_run_is_refused(
    tmp_path: Path, catalogue: Catalogue, text: str, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        made(tmp_path, catalogue, text, **asked)
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]


def test_a_folder_that_is_there_and_one_that_cannot_be_written_stay_as_they_are(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "mine").touch()
    with pytest.raises(ScenarioError, match="exists already; give another --out"):
        made(tmp_path, catalogue)
    (tmp_path / "s" / "mine").unlink()
    (tmp_path / "s").rmdir()

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("steeldome.experiments.new_study.write_file", fail)
    with pytest.raises(ScenarioError, match=r"cannot be written \(No space left on device\)"):
        made(tmp_path, catalogue)
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]
    (tmp_path / "s.part").mkdir()
    (tmp_path / "s.part" / "mine").touch()
    with pytest.raises(ScenarioError, match="cannot be written"):
        made(tmp_path, catalogue)
    assert (tmp_path / "s.part" / "mine").exists()


@pytest.mark.parametrize(
    ("text", "key"), [("İstanbul – Ş", "istanbul-s"), ("Kıyı_2", "kiyi-2"), ("Москва", "x"), ("a" * 90, "a" * 50)]
)
def test_an_id_is_made_of_a_name(text: str, key: str) -> None:
    assert slug(text, "x") == key


NAME = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(NAME.map(str.strip).filter(bool), st.floats(-89.0, 89.0), st.floats(-179.0, 179.0)),
        min_size=1, max_size=4, unique_by=lambda row: row[0].casefold(),
    ),
    name=NAME.map(str.strip).filter(bool),
)  # fmt: skip
def test_any_names_and_places_give_a_study_that_says_them(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, rows: list[tuple[str, float, float]], name: str
) -> None:
    folder = tmp_path_factory.mktemp("new")
    with (folder / "u.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("name", "lat", "lon", "system"), *((*row, "sungur") for row in rows)])
    new = new_study(UnitList(folder / "u.csv", name=name, terrain="none"), folder / "s", catalogue)
    assert new.study.meta.name.en == " ".join(name.split())
    sites = [unit.site for unit in new.study.laydowns[0].units]
    places = [(math.degrees(site.latitude), math.degrees(site.longitude)) for site in sites if site]
    assert [place == pytest.approx(row[1:], abs=0.0501) for place, row in zip(places, rows, strict=True)] == [
        True
    ] * len(rows)
    text = (new.folder / "study.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["assets"][0]["name"]["tr"] == rows[0][0]
