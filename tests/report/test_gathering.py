"""What a run knows arrives in the report: in the reader's language, in the unit of its source, and nothing else."""

import json
import math
from html import unescape
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from steeldome.app.language import translator
from steeldome.compiler.compiled import InputUsed
from steeldome.errors import ResultsError
from steeldome.inputs.background import Corridor
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.prior import Bracket
from steeldome.inputs.raid import Launch
from steeldome.inputs.study import load_study
from steeldome.inputs.what_if import REASON, with_what_ifs
from steeldome.report.brief import render, write_report
from steeldome.report.collation import alphabetical
from steeldome.report.contents import Contents
from steeldome.report.gathering import gather, named_sources, ring, undefended_leakage
from steeldome.report.inputs_used import assumptions, in_unit
from tests.report.fake_run import amount, as_json, fake_open_run, shipped_catalogue


@pytest.fixture(scope="module")
def gathered() -> Contents:
    return gather(cast(Any, fake_open_run()), "en", str)


def test_the_answer_survives_the_way_through_json(gathered: Contents) -> None:
    run = fake_open_run()
    assert json.loads(json.dumps(run.measures)) == run.measures
    case = gathered.case("base-2025", "mixed")
    assert case is not None and case.measures["leakage.mrbm"].value == pytest.approx(0.93)
    assert case.other_ends["cruise"] == pytest.approx(0.04 * 30.0)
    assert list(gathered.classes) == ["srbm", "mrbm", "cruise", "owa_uav"]


def test_the_rules_of_fire_are_those_of_the_study(gathered: Contents) -> None:
    rules = load_study("turkiye-steel-dome").doctrine.rules
    assert [line.cost_cap for line in gathered.doctrine] == [rule.cost_cap for rule in rules]
    assert [line.system for line in gathered.doctrine if line.hold] == ["upper-tier ballistic defence"]
    assert {line.threats for line in gathered.doctrine if line.salvo == 2} == {"ballistic missiles"}


def test_names_follow_the_language(gathered: Contents) -> None:
    turkish = gather(cast(Any, fake_open_run()), "tr", str)
    assert (gathered.raids[1].name, turkish.raids[1].name) == ("Mixed raid", "Karma taarruz")
    assert (gathered.raids[1].groups[1][0], turkish.raids[1].groups[1][0]) == (
        "Shahab-3 / No-dong class",
        "Şahab-3 / No-dong sınıfı",
    )
    for contents, name in ((gathered, "SİPER battery"), (turkish, "SİPER bataryası")):
        assert [system.name for system in contents.systems if system.id == "siper_battery"] == [name]
        assert any(unit[0] == name for unit in contents.laydowns[0].units)
    assert {line.item for line in turkish.inputs}.isdisjoint(line.item for line in gathered.inputs)
    assert gathered.chart.assets[0].name == "Istanbul" and turkish.chart.assets[0].name == "İstanbul"


def test_assumptions_and_sources_are_those_that_entered(gathered: Contents) -> None:
    prior = shipped_catalogue().priors["sspk.lrad.cruise"]
    (only,) = gathered.assumptions
    assert (only.low, only.value, only.high) == (prior.bracket.low, prior.bracket.value, prior.bracket.high)
    assert only.reason == prior.reason
    assert {line.source_id for line in gathered.inputs} <= {source.id for source in gathered.sources}
    run = fake_open_run()
    named = set(named_sources(run.study, run.catalogue(), run.plan.laydowns))
    assert {source.id for source in gathered.sources} == named | {line.source_id for line in gathered.inputs}


def test_a_reason_is_told_in_the_language_of_the_page_or_marked_as_english() -> None:
    run, turkish = fake_open_run(), translator("tr")
    what_if = "siper_b1.sspk.drone=0.5"
    run.study = with_what_ifs(run.study, [what_if], shipped_catalogue().known_ids())
    run.catalogue = lambda: load_catalogue(run.study)
    compiled = run.compiled
    asked = InputUsed("siper_b1.sspk.drone", "study", 0.5, "1")
    run.compiled = lambda case: SimpleNamespace(
        **{**vars(compiled(case)), "inputs_used": (*compiled(case).inputs_used, asked)}
    )
    reason = shipped_catalogue().priors["sspk.lrad.cruise"].reason
    text = unescape(render(gather(cast(Any, run), "tr", turkish), "tr", turkish))
    assert f"<td>{turkish(reason)}</td>" in text and reason not in text
    assert f'<td lang="en">{REASON}</td>' in text
    text = unescape(render(gather(cast(Any, run), "en", str), "en", str))
    assert f"<td>{reason}</td>" in text and f"<td>{REASON}</td>" in text


def test_names_are_in_the_order_of_the_reader_s_alphabet() -> None:
    for language in ("en", "tr"):
        contents = gather(cast(Any, fake_open_run()), language, translator(language))
        by_name = alphabetical(language)
        for names in ([line.item for line in contents.inputs], [source.title for source in contents.sources]):
            assert len(set(names)) > 1 and names == sorted(names, key=by_name)


def test_peers_of_one_assumption_are_in_the_order_of_the_reader_s_alphabet() -> None:
    priors = {
        name: SimpleNamespace(
            quantity="sspk",
            applies_to=SimpleNamespace(keys={"system_class": [name]}),
            bracket=Bracket(low=0.1, value=0.2, high=0.3, unit="1"),
            reason="one",
            direction="unknown",
        )
        for name in ("Zülfikar", "Şahab-3", "Kadr-1", "İmad")
    }
    catalogue = cast(Any, SimpleNamespace(own={}, priors=priors))
    (line,) = assumptions(catalogue, dict.fromkeys(priors, "prior"), "tr", str)
    assert line.name == "İmad; Kadr-1; Şahab-3; Zülfikar" and line.n == 4


def test_published_values_stand_in_the_unit_of_their_source(gathered: Contents) -> None:
    found = {line.parameter: line for line in gathered.inputs if line.item.startswith("SİPER")}
    line = found["Greatest range, aircraft"]
    assert (line.value, line.unit) == (100.0, "km")
    assert in_unit(45_000_000.0, "MUSD") == 45.0 and in_unit(None, "km") is None


def test_a_later_laydown_brings_only_its_new_sites(gathered: Contents) -> None:
    assert [(site.kind, site.laydown) for site in gathered.chart.sites] == [
        ("siper_battery", "base-2025"),
        ("sampt_ng_battery", "base-2025-sampt-ng"),
    ]
    assert len(gathered.chart.outlines) == 1


def test_background_traffic_is_told_where_a_study_has_it(gathered: Contents) -> None:
    run = fake_open_run()
    lane = Corridor(
        id="west", threat="bomber", count=24, to="istanbul", altitude=1e4, margin=600.0,
        **{"from": Launch(bearing=5.0, distance=4e5)},
    )  # fmt: skip
    run.study = run.study.model_copy(update={"background": (lane,)})
    for case in run.measures["cases"]:
        case["measures"]["friendly_engaged"] = as_json(amount(0.8, "objects"))
        case["use"].setdefault("s400_tr", {})["background"] = {
            "kills": as_json(amount(0.4, "objects")),
            "shots": as_json(amount(1.1, "shots")),
        }
    contents = gather(cast(Any, run), "en", str)
    empty = fake_open_run()
    empty.study = empty.study.model_copy(update={"background": ()})
    bare = gather(cast(Any, empty), "en", str)
    assert len(bare.not_modelled) - len(contents.not_modelled) == 1 and "background" not in bare.classes
    assert {raid.n_flights for raid in contents.raids} == {24}
    text = unescape(render(contents, "en", str))
    assert text.count("; 24 flights of background traffic.") == len(contents.raids)
    assert text.count("Friendly or neutral objects shot at</th>") == len(contents.raids)
    assert text.count("Background traffic</th>") == len(contents.raids)
    assert "flights of background traffic" not in unescape(render(bare, "en", str))


def test_leakage_without_defence_is_reliability_times_accuracy() -> None:
    tables = fake_open_run().compiled("base-2025/mixed/s000").tables
    assert undefended_leakage(tables) == pytest.approx((1.0 + 0.5 + 0.5 * 24 / 32) / 3)
    tables.threat["hostile"] = 0
    assert undefended_leakage(tables) is None


def test_a_ring_lies_at_its_distances() -> None:
    points = np.radians(ring(39.0, 33.0, [10.0, 200.0, 50.0, 120.0]))
    east, north = points[:, 0] - math.radians(33.0), points[:, 1]
    cosine = np.sin(north) * math.sin(math.radians(39.0)) + np.cos(north) * math.cos(math.radians(39.0)) * np.cos(east)
    np.testing.assert_allclose(np.arccos(cosine) * 6371.0088, [10.0, 200.0, 50.0, 120.0], rtol=1e-6)
    assert points[0, 1] > math.radians(39.0) > points[2, 1] and points[1, 0] > math.radians(33.0) > points[3, 0]


def test_write_report_writes_what_render_says(tmp_path: Any, gathered: Contents) -> None:
    path = tmp_path / "report.html"
    write_report(cast(Any, fake_open_run()), path, "en", str)
    text = path.read_text(encoding="utf-8")
    assert text == render(gathered, "en", str)
    assert "steeldome verify 'a run'" in unescape(text) and "3" * 64 in text


def test_another_catalogue_is_told_and_an_unknown_figure_refused(gathered: Contents) -> None:
    assert gathered.provenance.is_other_catalogue
    assert "another version of the catalogue" in render(gathered, "en", str)
    run = fake_open_run()
    unknown = (InputUsed("no_such_item.range_max_air", "published", 1.0, "m"),)
    compiled = run.compiled
    run.compiled = lambda case: SimpleNamespace(**{**vars(compiled(case)), "inputs_used": unknown})
    with pytest.raises(ResultsError, match=r"no_such_item\.range_max_air: .*run the study again"):
        gather(cast(Any, run), "en", str)


def test_what_ifs_lead_the_page_and_idle_ones_are_named() -> None:
    run = fake_open_run()
    asked = ("siper_b1.sspk.cruise=0.5:0.8", "reaction_time.lrad=8 s", "siper_b1.range_max_air=120 km")
    catalogue = shipped_catalogue()
    run.study = with_what_ifs(run.study, asked, catalogue.known_ids())
    run.catalogue = lambda: load_catalogue(run.study)
    used = (
        InputUsed("siper_b1.range_max_air", "study", 1.2e5, "m"),
        InputUsed("siper_b1.sspk.cruise", "study", 0.6, "1"),
    )
    compiled = run.compiled
    run.compiled = lambda case: SimpleNamespace(**{**vars(compiled(case)), "inputs_used": used})
    contents = gather(cast(Any, run), "en", str)
    assert {(line.quantity, line.low, line.high, line.unit) for line in contents.what_ifs} == {
        ("Single-shot probability of kill", 0.5, 0.8, "–"),
        ("Greatest range, aircraft", 100.0, 150.0, "km"),
    }
    assert contents.idle_what_ifs == ("reaction_time.lrad",) and contents.inputs == ()
    head = render(contents, "en", str).partition("<nav")[0]
    assert "SİPER Block 1 (Ürün-1, HİSAR-U lineage) / cruise missiles: 0.5 to 0.8 (working value 0.6325)" in head
    assert "100 to 150\u00a0km (working value 120\u00a0km)" in head and "reaction_time.lrad" in head
    assert "--set &#39;siper_b1.range_max_air=120 km&#39;" in render(contents, "en", str)


def test_every_part_of_a_report_without_terrain_says_so() -> None:
    run = fake_open_run()
    environment = run.study.environment.model_copy(update={"terrain": "none", "base_map": "none"})
    run.study = run.study.model_copy(update={"environment": environment})
    with_ground, without = (render(gather(cast(Any, one), "en", str), "en", str) for one in (fake_open_run(), run))
    for sentence in (
        "No terrain: the ground of this study is a smooth earth at sea level.",
        "Notional sites; no terrain: a smooth earth at sea level.",
        "m above a smooth earth; orange for the added unit.",
        "Terrain: on a smooth earth at sea level low flyers are seen from afar: favours the defence.",
    ):
        assert sentence in without and sentence not in with_ground
    for sentence in ("Natural Earth", "GLOBE 30 arc-second", "as far as terrain lets it", "indicative 1 km terrain"):
        assert sentence in with_ground and sentence not in without
