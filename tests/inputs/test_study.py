"""The shipped study, and what a study is once it is read."""

import math
from pathlib import Path

import pytest

from steeldome.errors import ScenarioError
from steeldome.inputs.references import KnownIds
from steeldome.inputs.study import (
    Assumption,
    Study,
    cross_check,
    find_study,
    load_study,
    networks_of,
    raid_of,
    shipped_studies,
    units_of,
)

STUDY = "turkiye-steel-dome"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDY)


def known_to(study: Study, **changes: frozenset[str]) -> KnownIds:
    """Exactly the ids that a study names."""
    units = [unit for laydown in study.laydowns for unit in units_of(study, laydown.id)]
    named = {
        "systems": frozenset(unit.system for unit in units),
        "coordinators": frozenset(network.coordinator for network in study.networks),
        "system_classes": frozenset(rule.applies_to for rule in study.doctrine.rules),
        "threats": frozenset(group.threat for raid in study.raids for group in raid.groups),
        "threat_groups": frozenset(rule.threat for rule in study.doctrine.rules),
        "priors": frozenset(),
        "sources": frozenset(unit.source for unit in units if unit.source),
        "terrains": frozenset({study.environment.terrain}),
    }
    return KnownIds(**{**named, **changes})


def test_the_shipped_study_reads(study):
    assert shipped_studies() == (STUDY,)
    assert study.meta.id == STUDY
    assert len(study.assets) == 12
    assert study.siting.layouts >= 32
    assert study.folder == find_study(STUDY).parent
    assert {asset.asset_class for asset in study.assets} >= {"city", "airbase", "power", "refinery", "port", "command"}


def test_quantities_are_si_inside(study):
    assert study.siting.jitter == 15_000.0
    assert study.siting.threat_axis == pytest.approx(math.radians(110.0), rel=1e-15)
    assert study.assets[0].latitude == pytest.approx(math.radians(41.0), rel=1e-15)
    assert study.raids[0].spread == 600.0
    assert study.doctrine.rules[2].cost_cap == 500_000.0


def test_a_delta_adds_to_what_it_extends(study):
    base, more = (units_of(study, name) for name in ("base-2025", "base-2025-sampt-ng"))
    assert more[: len(base)] == base
    assert [unit.system for unit in more[len(base) :]] == ["sampt_ng_battery"]


def test_the_s_400_stands_alone_and_lent_units_are_marked(study):
    members = {system for network in study.networks for system in network.members}
    units = units_of(study, "base-2025")
    assert "s400_tr" in {unit.system for unit in units} - members
    assert {unit.system for unit in units if unit.lent} == {"an_tpy_2", "patriot_battery", "nato_sea_upper_tier"}
    assert [unit.system for unit in units if unit.site] == ["an_tpy_2"]


def test_the_mixed_raid_has_the_declared_mix(study):
    counts = {group.threat: group.count for group in study.raids[1].groups}
    assert sum(counts[name] for name in ("zolfaghar", "shahab_3", "ghadr", "emad")) == 20
    assert (counts["soumar_paveh"], counts["shahed_136"], counts["decoy_uav"]) == (30, 60, 20)
    assert [group.threat for group in study.raids[1].groups if group.decoy] == ["decoy_uav"]


def test_each_raid_comes_at_two_spreads_with_the_same_objects(study):
    for name in ("mrbm-salvo", "cruise-and-drones", "mixed", "saturation"):
        fast, slow = raid_of(study, name), raid_of(study, f"{name}-3h")
        assert slow.groups == fast.groups and (fast.spread, slow.spread) == (600.0, 10_800.0)
        assert slow.objects_of == name
    assert sum(group.count for group in raid_of(study, "saturation").groups) == 400
    assert 6 <= sum(group.count for group in raid_of(study, "mrbm-salvo").groups) <= 12


def test_every_what_if_is_one_change_of_its_base(study):
    base = units_of(study, "base-2025")
    alone = units_of(study, "base-2025-alone")
    assert alone == tuple(unit for unit in base if not unit.lent)
    linked = {network.id: network.members for network in networks_of(study, "base-2025-s400-linked")}
    assert units_of(study, "base-2025-s400-linked") == base and linked["hakim"][-1] == "s400_tr"
    for laydown in study.laydowns[1:]:
        assert laydown.extends == "base-2025" and laydown.year == 2025
        assert sum(part is not None for part in (laydown.add, laydown.remove, laydown.join)) == 1


def test_a_dumped_study_builds_again(study):
    again = Study.model_validate_json(study.model_dump_json(by_alias=True))
    assert again.model_dump() == study.model_dump()


def test_a_study_cannot_be_changed(study):
    with pytest.raises(ValueError, match="frozen"):
        study.siting.jitter = 0.0


def test_a_study_built_in_python_is_checked_too(study):
    content = study.model_dump(by_alias=True)
    content["experiments"]["raids"] = ["mixde"]
    with pytest.raises(ValueError, match=r"raids\[0\]: no raid 'mixde' in this study\. Did you mean 'mixed"):
        Study.model_validate(content)


def test_the_catalogue_is_checked_with_lines_and_suggestions(study):
    assert cross_check(study, known_to(study)) == []
    text = Path(find_study(STUDY)).read_text(encoding="utf-8").splitlines()
    systems = known_to(study).systems - {"siper_battery"} | {"siper-battery"}
    faults = cross_check(study, known_to(study, systems=systems))
    places = ["laydowns[0].units[0].system", "laydowns[2].add[0].system", "networks[0].members[0]"]
    assert [fault.where for fault in faults] == places
    assert all("siper_battery" in text[fault.line - 1] for fault in faults)
    assert "no system 'siper_battery' in the catalogue. Did you mean 'siper-battery'?" in str(faults[0])


def test_a_launch_beyond_the_range_of_the_threat_is_refused(study):
    faults = cross_check(study, KnownIds(threat_ranges={"shahab_3": 1_000_000.0}))
    assert {fault.message for fault in faults} == {"must be within the range of 'shahab_3', 1000 km, got 1250 km"}
    assert len(faults) == sum(group.threat == "shahab_3" for raid in study.raids for group in raid.groups)


def test_an_unknown_study_is_one_line():
    with pytest.raises(ScenarioError) as refusal:
        load_study("turkiye-steel-dom")
    assert len(refusal.value.faults) == 1
    assert "Did you mean 'turkiye-steel-dome'?" in str(refusal.value)


def test_an_assumption_names_a_prior_with_dots() -> None:
    change = Assumption(prior="sspk.lrad.cruise", reason="a stricter look", value="0.4")
    assert change.prior == "sspk.lrad.cruise"
