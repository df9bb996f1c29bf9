"""The catalogue: complete, sourced, fair between peers, and refused with a line for every fault."""

import math
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.errors import CatalogueError
from steeldome.inputs.base import Grade
from steeldome.inputs.card import card, summary_rows
from steeldome.inputs.catalogue import HIGHEST_SSPK, Catalogue, load_catalogue, shipped_folder
from steeldome.inputs.effector import SYSTEM_CLASSES
from steeldome.inputs.prior import QUANTITIES, UncertainInput
from steeldome.inputs.resolution import figure, quantity_of
from steeldome.inputs.study import Assumption, load_study
from steeldome.inputs.threat import BALLISTIC_GROUPS, THREAT_GROUPS
from steeldome.units import base_unit

# Asked of every effector of its kind by any model of the kill chain.
ASKED_OF_ALL = ("shot_reliability", "common_cause_probability", "reaction_time", "salvo_spacing", "cost_per_shot")
ASKED_OF_LAUNCHED = ("range_max_air", "range_min", "altitude_min", "altitude_max_air", "speed_max", "mean_speed_ratio")
ASKED_OF_UNITS = ("readiness", "ready_rounds", "simultaneous_engagements", "reload_time", "organic_sensor_range")
ASKED_OF_PATROLS = (
    "reaction_time", "aircraft_per_patrol", "altitude_ops", "azimuth_coverage", "cruise_speed", "elevation_max",
    "elevation_min", "endurance_on_station", "mission_capable_rate", "patrol_distance_ref", "range_instrumented",
    "revisit_time", "track_drop_time", "tracks_max", "turnaround_time", "frequency", "notch_speed",
)  # fmt: skip
ASKED_OF_SENSORS = (
    "range_instrumented", "search_ratio", "revisit_time", "azimuth_coverage", "elevation_min", "elevation_max",
    "mast_height", "tracks_max", "track_drop_time", "readiness", "rcs_ref", "frequency", "notch_speed",
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    shutil.copytree(shipped_folder(), folder)
    return folder


def test_nothing_of_the_record_is_lost(catalogue: Catalogue) -> None:
    records = catalogue.records
    assert len(catalogue.items) == 89
    assert sum(len(item.parameters) for item in catalogue.items.values()) == 794
    assert sum(value.value is None for item in catalogue.items.values() for value in item.parameters.values()) == 205
    assert sum(len(item.descriptors) for item in catalogue.items.values()) == 107
    assert (len(catalogue.threats), len(catalogue.threat_classes)) == (26, 21)
    assert sum(len(threat.parameters) for threat in catalogue.threats.values()) == 209
    assert (len(catalogue.textbook_rcs), len(catalogue.interceptor_costs)) == (19, 19)
    assert len(catalogue.sources) == 294
    assert (len(records.integration), len(records.timeline), len(records.contracts)) == (19, 64, 22)
    assert (len(records.s400_f35_offers), len(records.f35_facts)) == (7, 9)
    assert (len(records.hosted_units), len(records.veto_gates), len(records.class_rates)) == (8, 101, 9)


def test_figures_are_read_in_si_with_their_source(catalogue: Catalogue) -> None:
    found = catalogue.uncertain("siper_b1", "range_max_air")
    assert (found.low, found.value, found.high, found.unit) == (100e3, 100e3, 150e3, "m")
    assert (found.name, found.origin) == ("siper_b1.range_max_air", "published")
    assert found.source_id in catalogue.sources
    assert catalogue.uncertain("korkut_radar", "azimuth_coverage").value == pytest.approx(2 * math.pi)
    assert catalogue.uncertain("sampt_battery", "simultaneous_engagements").value == 10


def test_every_figure_without_a_number_has_a_prior_or_a_reason(catalogue: Catalogue) -> None:
    gaps = 0
    for owner in (*catalogue.items.values(), *catalogue.threats.values()):
        for name in (name for name, value in owner.parameters.items() if value.value is None):
            gaps += 1
            found = catalogue.find(owner.id, quantity_of(owner, name))
            kind = getattr(owner, "kind", "threat")
            reasons = [
                gap for gap in catalogue.not_modelled if gap.covers(name, kind, getattr(owner, "system_class", ""))
            ]
            assert reasons or (found and (found.prior_id or found.name == f"{owner.id}.{name}")), (owner.id, name)
    assert gaps == 211


def test_every_system_answers_what_the_kill_chain_asks(catalogue: Catalogue) -> None:
    for item in catalogue.items.values():
        asked: tuple[str, ...] = ASKED_OF_SENSORS if item.kind == "sensor" else ()
        if item.kind == "effector":
            asked = ASKED_OF_PATROLS if item.system_class == "fighter_patrol" else ASKED_OF_ALL
            if item.system_class not in ("laser", "soft_kill", "upper_tier_bmd", "fighter_patrol"):
                asked += ASKED_OF_LAUNCHED
            if item.system_class != "air_to_air_missile":
                asked += ASKED_OF_UNITS
            asked += ("kill_assessment_delay",)
        for quantity in asked:
            found = catalogue.uncertain(item.id, quantity)
            assert found.low <= found.value <= found.high, (item.id, quantity)
            assert math.isfinite(found.high)


def test_a_fighter_carries_missiles_and_has_no_shot_of_its_own(catalogue: Catalogue) -> None:
    fighters = [item for item in catalogue.items.values() if item.system_class == "fighter_patrol"]
    assert {item.id for item in fighters} == {"f35a", "f16_block50", "typhoon_eurofighter", "kaan"}
    for item in fighters:
        assert {catalogue.items[name].system_class for name in item.weapons} == {"air_to_air_missile"}
        assert all(catalogue.sspk(item.id, group).value == 0.0 for group in THREAT_GROUPS)
        assert all(catalogue.sspk(name, "cruise").value > 0.0 for name in item.weapons)


def test_peers_of_other_flags_share_one_prior(catalogue: Catalogue) -> None:
    siper, s400 = catalogue.items["siper_b1"], catalogue.items["s400_48n6e3"]
    assert (siper.system_class, siper.generation) == (s400.system_class, s400.generation)
    assert siper.origin != s400.origin
    for quantity in ("reaction_time", "reload_time", "mean_speed_ratio", "shot_reliability", "readiness"):
        assert catalogue.uncertain("siper_b1", quantity) == catalogue.uncertain("s400_48n6e3", quantity)
    for group in ("cruise", "drone", "aircraft"):
        assert catalogue.sspk("siper_b1", group) == catalogue.sspk("s400_48n6e3", group)


def test_an_assumption_about_one_system_gives_way_to_the_prior_of_its_peers(catalogue: Catalogue) -> None:
    own = catalogue.items["siper_b1"].parameters["war_stock_loads"]
    assert own.assumption and own.value is not None
    assert catalogue.uncertain("siper_b1", "war_stock_loads").prior_id == "war_stock_loads"
    assert catalogue.published("siper_b1", "war_stock_loads") is None
    assert catalogue.uncertain("patriot_battery", "war_stock_loads").origin == "published"


def test_on_the_common_basis_published_figures_of_shared_quantities_give_way_too(catalogue: Catalogue) -> None:
    assert catalogue.uncertain("s400_tr", "reaction_time").name == "s400_tr.reaction_time"
    common = catalogue.uncertain("s400_tr", "reaction_time", "common")
    assert common == catalogue.uncertain("siper_battery", "reaction_time", "common")
    assert catalogue.uncertain("s400_tr", "range_max_ballistic", "common").origin == "published"


def test_a_bracket_without_a_working_value_works_at_its_geometric_mean(catalogue: Catalogue) -> None:
    found = catalogue.uncertain("alp_300g", "range_instrumented")
    assert (found.low, found.high) == (400e3, 600e3)
    assert found.value == pytest.approx(math.sqrt(400e3 * 600e3))
    assert catalogue.uncertain("shahed_238", "lost_without_being_shot").value == pytest.approx(0.443 / 2)


def test_no_claim_no_shot(catalogue: Catalogue) -> None:
    for effector_id in ("siper_b1", "hisar_a_plus", "korkut", "sungur", "f35a"):
        for group in BALLISTIC_GROUPS:
            found = catalogue.sspk(effector_id, group)  # type: ignore[arg-type]
            assert (found.value, found.base.origin) == (0.0, "rule")
    assert catalogue.sspk("sm3_iia", "cruise").value == 0.0
    for effector_id in ("s400_48n6e3", "pac2_gemt", "siper_b3", "aster30_b1"):
        assert catalogue.sspk(effector_id, "ballistic_srbm").value > 0.0


def test_every_class_has_a_claim_and_generations_step_up(catalogue: Catalogue) -> None:
    for system_class in set(SYSTEM_CLASSES) - {"fighter_patrol"}:  # which fires the missiles of another class
        keys = {prior.id for prior in catalogue.priors_by_quantity["sspk"]}
        assert any(f"sspk.{system_class}.{group}" in keys for group in THREAT_GROUPS)
    first, second = (catalogue.sspk(name, "cruise") for name in ("siper_b1", "siper_b2"))
    assert first.step is None and second.generations == 1.0
    assert second.value == pytest.approx(first.value * 1.05)
    assert second.combine(0.9, 1.15) == HIGHEST_SSPK


def test_the_closest_threat_class_speaks(catalogue: Catalogue) -> None:
    assert catalogue.uncertain("decoy_uav", "rcs").name == "rcs.decoy_uav"
    assert catalogue.uncertain("fighter", "rcs").name == "fighter.rcs"
    assert catalogue.prior("reliability", threat_class="mrbm").name == "reliability.ballistic"
    assert catalogue.prior("handover_fraction", system_class="vshorad", guidance_type="imaging_infrared").value == 0.0
    assert catalogue.doctrine_words("decoy_uav") == ("decoy_uav", "drone", "owa_uav")
    assert catalogue.threat_group("srbm_al_hussein") == "ballistic_srbm"


@given(st.data())
def test_the_quantile_is_monotone_and_keeps_the_bracket(data: st.DataObject) -> None:
    low, value, high = sorted(data.draw(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3)))
    found = UncertainInput("x", "x", low, value, high, "1", "assumed")
    u = sorted(data.draw(st.lists(st.floats(0, 1), min_size=2, max_size=2)))
    assert (found.quantile(0.0), found.quantile(0.5), found.quantile(1.0)) == (low, value, high)
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    assert low - slack <= found.quantile(u[0]) <= found.quantile(u[1]) + slack <= high + 2 * slack


def test_constants_of_the_model_do_not_move(catalogue: Catalogue) -> None:
    for quantity, value in {"confirm_hits": 2, "confirm_window": 3, "p_false_alarm": 1e-6, "rcs_ref": 1.0}.items():
        found = catalogue.prior(quantity)
        assert found.low == found.value == found.high == value


def test_every_quantity_has_a_prior_and_every_prior_its_unit(catalogue: Catalogue) -> None:
    assert set(catalogue.priors_by_quantity) == set(QUANTITIES)
    for prior in catalogue.priors.values():
        quantity = QUANTITIES[prior.quantity]
        assert catalogue.prior(prior.quantity, **first_words(prior.applies_to.keys)).unit == base_unit(
            quantity.dimension
        )
        assert len(prior.reason) > 20


def first_words(keys: Mapping[str, tuple[object, ...]]) -> dict[str, str]:
    return {name: str(words[0]) for name, words in keys.items()}


def test_the_shipped_study_names_only_what_the_catalogue_knows(catalogue: Catalogue) -> None:
    known = catalogue.known_ids()
    load_study("turkiye-steel-dome", known)
    assert known.systems is not None
    assert "siper_battery" in known.systems and "thaad" not in known.systems and "amraam_c" not in known.systems
    assert known.threat_ranges["shahab_3"] >= 1.3e6


FAULTS: dict[str, tuple[str, str, str, str]] = {
    "no source": (
        "effectors.yaml", "mass: {value: 450, unit: kg, source_id: wiki_aster}", "mass: {value: 450, unit: kg}",
        r"effectors.yaml:\d+: items\[0\].parameters.mass: has a number but no source",
    ),
    "unknown source": (
        "effectors.yaml", "mass: {value: 450, unit: kg, source_id: wiki_aster}",
        "mass: {value: 450, unit: kg, source_id: wiki_astre}",
        r"items\[0\].parameters.mass.source_id: no source 'wiki_astre' in sources.yaml. Did you mean 'wiki_aster'\?",
    ),
    "assumption not flagged": (
        "effectors.yaml", "mass: {value: 450, unit: kg, source_id: wiki_aster}",
        "mass: {value: 450, unit: kg, source_id: steeldome_assumption}",
        "mass.source_id: 'steeldome_assumption' is no publication; write 'assumption: true'",
    ),
    "low above value": (
        "effectors.yaml", "range_max_air: {value: 100, low: 100, high: 120,",
        "range_max_air: {value: 100, low: 110, high: 120,",
        r"items\[0\].parameters.range_max_air: low, value and high are out of order",
    ),
    "value above high": (
        "effectors.yaml", "range_max_air: {value: 100, low: 100, high: 120,",
        "range_max_air: {value: 130, low: 100, high: 120,",
        r"items\[0\].parameters.range_max_air: low, value and high are out of order",
    ),
    "wrong dimension": (
        "effectors.yaml", "mass: {value: 450, unit: kg, source_id: wiki_aster}",
        "mass: {value: 450, unit: km, source_id: wiki_aster}", "unit 'km' is for length; mass is needed",
    ),
    "unknown parameter": (
        "effectors.yaml", "mass: {value: 450, unit: kg,", "masss: {value: 450, unit: kg,",
        r"no parameter 'masss' is known here. Did you mean 'mass'\?",
    ),
    "share above one": (
        "effectors.yaml", "domestic_content: {value: 0.9, low: 0.9, high: 1,",
        "domestic_content: {value: 0.9, low: 0.9, high: 1.5,", r"domestic_content: must be in 0..1, got 1.5",
    ),
    "unknown band": (
        "sensors.yaml", "band: {value: X, source_id: wiki_aster}", "band: {value: I, source_id: wiki_aster}",
        r"items\[0\].descriptors.band.value: no radar band 'I'; allowed: L, S, C, X, Ku",
    ),
    "unknown class": (
        "effectors.yaml", "class: lower_tier_bmd", "class: lower_tier_bdm",
        r"no class 'lower_tier_bdm' for kind 'effector'. Did you mean 'lower_tier_bmd'\?",
    ),
    "wrong file": (
        "effectors.yaml", "kind: effector", "kind: launcher",
        r"items\[0\]: no class 'lower_tier_bmd' for kind 'launcher'",
    ),
    "gap without prior": (
        "effectors.yaml", "mass: {value: 450, unit: kg, source_id: wiki_aster}\n",
        "mass: {value: 450, unit: kg, source_id: wiki_aster}\n      flight_time_max: {value: null, unit: s}\n",
        r"flight_time_max: has no value; add a prior for 'flight_time_max' \(effector, class lower_tier_bmd\)",
    ),
    "prior taken away": (
        "priors.yaml", "quantity: reaction_time\n    applies_to: {system_class: [vshorad]}",
        "quantity: reload_time\n    applies_to: {system_class: [vshorad], generation: [9]}",
        r"effectors.yaml:\d+: items\[\d+\].parameters.reaction_time: has no value; add a prior",
    ),
    "useless reason": (
        "priors.yaml", "parameter: bandwidth", "parameter: wideband", "no item lacks 'wideband' here; remove the entry",
    ),
    "two priors for one": (
        "priors.yaml", "applies_to: {system_class: [laser], threat_group: [drone]}",
        "applies_to: {system_class: [laser, srad_gun], threat_group: [drone]}",
        "could apply where 'sspk.srad_gun.drone' does",
    ),
    "prior out of bounds": (
        "priors.yaml", "bracket: {low: 0.3, value: 0.6, high: 0.85, unit: '1'}",
        "bracket: {low: 0.3, value: 0.6, high: 1.2, unit: '1'}", r"sspk must be in 0..1, got 1.2",
    ),
    "unknown quantity": ("priors.yaml", "quantity: link_loss", "quantity: link_lost", "'link_lost' is not a quantity"),
    "unknown part": (
        "batteries.yaml", "sensor: [arabel]", "sensor: [arabell]",
        r"composition.sensor\[0\]: no sensor 'arabell' in the catalogue. Did you mean 'arabel'\?",
    ),
    "unknown item in a record": (
        "records.yaml", "{a: s400_tr, b: nato_accs,", "{a: s500_tr, b: nato_accs,",
        r"integration\[0\].a: no item 's500_tr'",
    ),
    "id used twice": (
        "effectors.yaml", "id: aster30_b1nt", "id: aster30_b1", r"'aster30_b1' is already used at effectors.yaml:\d+",
    ),
    "unknown threat class": (
        "threats.yaml", "threat_class: mrbm", "threat_class: mrmb", r"no threat class 'mrmb'. Did you mean 'mrbm'\?",
    ),
    "class without group": (
        "threats.yaml", "threat_class: mrbm", "threat_class: asbm", "threat class 'asbm' has no group",
    ),
    "circle of classes": (
        "threats.yaml", "{id: cruise, group", "{id: cruise, parent: cruise_kalibr, group", "is its own ancestor",
    ),
    "one fact, two prices": (
        "threats.yaml", "unit_cost: {value: 12.7, low: 12", "unit_cost: {value: 12.6, low: 12",
        "one fact has one value",
    ),
    "format": ("c2.yaml", "format: 1", "format: 2", r"c2.yaml:\d+: format: '2' is not a format that this"),
    "unknown section": ("c2.yaml", "items:", "itemz:", r"unknown key 'itemz'. Did you mean 'items'\?"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_broken_catalogue_is_refused_with_file_and_line(
    copy: Path, file: str, old: str, new: str, message: str
) -> None:
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message) as caught:
        load_catalogue(folder=copy)
    assert all(fault.line > 0 and fault.file.startswith(str(copy)) for fault in caught.value.faults)


def test_all_faults_of_all_files_come_at_once(copy: Path) -> None:
    for name in ("no source", "prior out of bounds", "unknown item in a record", "unknown threat class"):
        file, old, new, _ = FAULTS[name]
        path = copy / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (copy / "c2.yaml").unlink()
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder=copy)
    files = {Path(fault.file).name for fault in caught.value.faults}
    assert {"effectors.yaml", "priors.yaml", "threats.yaml", "c2.yaml"} <= files


def test_an_overlay_replaces_a_prior_for_all_peers(catalogue: Catalogue) -> None:
    change = Assumption(prior="reaction_time.lrad", reason="a trained crew", value="8 s", low=None, high="12 s")
    found = load_catalogue([change])
    for name in ("siper_b1", "s400_48n6e3"):
        assert found.uncertain(name, "reaction_time").quantile(0.5) == 8.0
    assert found.priors["reaction_time.lrad"].reason == "a trained crew"
    assert found.replaced == {"reaction_time.lrad"}
    assert found.digest != catalogue.digest
    assert load_catalogue().digest == catalogue.digest


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"prior": "sspk.lrad.cruize", "value": "0.5"},
            r"no prior 'sspk.lrad.cruize' .* Did you mean 'sspk.lrad.cruise'",
        ),
        ({"prior": "sspk.lrad.cruise", "value": "1.5"}, r"assumptions\[0\].value: sspk must be in 0..1, got 1.5"),
        ({"prior": "sspk.lrad.cruise", "value": "5 km"}, "is a length, a ratio is needed"),
        ({"prior": "sspk.lrad.cruise", "value": "0.95"}, "out of order; write all three"),
        ({"prior": "reaction_time.lrad", "value": "5"}, "has no unit"),
        ({"prior": "reaction_time.lrad"}, "replaces nothing"),
        ({"value": "0.5"}, r"assumptions\[0\]: names nothing to replace; write 'prior: sspk.lrad.cruise', or 'of: "),
        ({"quantity": "sspk.cruise", "value": "0.5"}, "has no 'of'; write 'prior: "),
        ({"of": "siper_b1", "value": "0.5"}, "says nothing of what it replaces for 'siper_b1'; allowed: alt"),
        (
            {"prior": "sspk.lrad.cruise", "of": "siper_b1", "value": "0.5"},
            r"assumptions\[0\].of: stands beside 'prior'; keep 'prior' for all peers, or 'of' and 'quantity'",
        ),
        (
            {"of": "siper_bb1", "quantity": "sspk.cruise", "value": "0.5"},
            r"assumptions\[0\].of: no item or threat 'siper_bb1' in the catalogue. Did you mean 'siper_b1'",
        ),
        (
            {"of": "siper_b1", "quantity": "speed", "value": "900 m/s"},
            r"assumptions\[0\].quantity: no model asks for 'speed' of 'siper_b1'. Did you mean 'speed_max'",
        ),
        ({"of": "siper_b1", "quantity": "range_max_air", "value": "90 km"}, "out of order; write all three"),
    ],
)
def test_a_wrong_overlay_is_refused(values: dict[str, str], message: str) -> None:
    given_values = {"low": None, "value": None, "high": None, **values}
    with pytest.raises(CatalogueError, match=message):
        load_catalogue([Assumption(reason="because", **given_values)])  # type: ignore[arg-type]


def test_the_card_says_what_is_published_assumed_and_unknown(catalogue: Catalogue) -> None:
    found = card(catalogue, "siper_b1")
    published = {row.parameter: row for row in found.published}
    assert (published["range_max_air"].value, published["range_max_air"].unit) == (100.0, "km")
    assert published["range_max_air"].publisher and published["range_max_air"].grade in set(Grade)
    assumed = {row.parameter: row for row in found.assumed}
    assert assumed["reaction_time"].source == "reaction_time.lrad"
    assert {"sspk.cruise", "sspk.drone", "sspk.aircraft"} <= set(assumed)
    assert "sspk.ballistic_srbm" not in assumed
    assert [row.parameter for row in found.unknown] == ["range_max_ballistic"]
    assert "not modelled" in found.unknown[0].note


def test_every_parameter_of_every_owner_stands_on_its_card(catalogue: Catalogue) -> None:
    for owner in (*catalogue.items.values(), *catalogue.threats.values()):
        found = card(catalogue, owner.id)
        shown = {row.parameter for row in (*found.published, *found.assumed, *found.unknown)}
        for name in owner.parameters:
            chosen = figure(owner, quantity_of(owner, name))
            assert {name, quantity_of(owner, name)} & shown or chosen is not None, (owner.id, name)


def test_the_list_counts_the_rows_of_the_cards(catalogue: Catalogue) -> None:
    rows = {row.id: row for row in summary_rows(catalogue)}
    assert list(rows) == [*catalogue.items, *catalogue.threats]
    assert rows["siper_b1"].n_published == len(card(catalogue, "siper_b1").published)
    assert rows["thaad"].reference_only and not rows["siper_b1"].reference_only


def test_names_stand_in_both_languages_and_are_short_without_their_brackets(catalogue: Catalogue) -> None:
    owners = (*catalogue.items.values(), *catalogue.threats.values())
    for language in ("en", "tr"):
        names = [owner.name.in_language(language) for owner in owners]
        assert len(set(names)) == len(names)
        assert [name for name in names if len(re.sub(r" \(.*\)$", "", name)) > 45] == []
        assert all(is_normalized("NFC", name) for name in names)
    for item in catalogue.items.values():
        if item.origin == ("TR",) and item.id != "steel_dome":
            assert item.name.en.split()[0] == item.name.tr.split()[0], item.id
    spelled = {re.sub(r"[\W\d].*", "", item.name.en) for item in catalogue.items.values() if item.origin == ("TR",)}
    assert spelled >= {"EİRS", "GÖKBERK", "GÖKDENİZ", "GÖKDOĞAN", "GÜRZ", "HAKİM", "HERİKKS", "HİSAR", "SİPER", "ŞAHİN"}


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda found: found.uncertain("siper_b11", "speed_max"),
            r"no item or threat 'siper_b11' .*Did you mean 'siper_b1'",
        ),
        (lambda found: found.uncertain("siper_b1", "colour"), "neither a public figure nor a prior"),
        (lambda found: found.prior("reach_factor", threat_group="ballistic_srbm"), "no prior of the quantity"),
        (lambda found: found.sspk("siper_b1", "boat"), "no threat group 'boat'"),
        (lambda found: found.sspk("siper_battery", "cruise"), "no effector 'siper_battery'"),
        (lambda found: found.threat_group("asbm"), "has no group"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    catalogue: Catalogue, ask: Callable[[Catalogue], object], message: str
) -> None:
    with pytest.raises(CatalogueError, match=message):
        ask(catalogue)


def test_no_signature_of_a_low_observable_aircraft_is_stored(catalogue: Catalogue) -> None:
    for name in ("f35a", "kaan"):
        assert not [key for key in catalogue.items[name].parameters if re.search(r"rcs|signature|detection", key)]


def test_the_page_of_the_catalogue_names_every_quantity() -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert [name for name in QUANTITIES if f"| `{name}` |" not in page] == []
