"""The shipped study, and what a study is once it is read."""

import math
from collections import Counter
from pathlib import Path

import pytest

from steeldome.errors import ScenarioError
from steeldome.inputs.force import Force, force_ids, force_of
from steeldome.inputs.pathway import Order, in_service
from steeldome.inputs.references import KnownIds
from steeldome.inputs.study import (
    Assumption,
    Study,
    cross_check,
    find_study,
    load_study,
    raid_of,
    shipped_studies,
)

STUDY = "turkiye-steel-dome"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDY)


def known_to(study: Study, **changes: frozenset[str]) -> KnownIds:
    """Exactly the ids that a study names."""
    units = [unit for name in force_ids(study) for unit in force_of(study, name).units]
    counts = [count for holding in study.inventory for count in holding.counts]
    named = {
        "systems": frozenset(unit.system for unit in units),
        "coordinators": frozenset(network.coordinator for network in study.networks),
        "system_classes": frozenset(rule.applies_to for rule in study.doctrine.rules),
        "threats": frozenset(group.threat for raid in study.raids for group in raid.groups),
        "threat_groups": frozenset(rule.threat for rule in study.doctrine.rules),
        "sources": frozenset(one.source for one in (*units, *counts, *study.claims) if one.source),
        "terrains": frozenset({study.environment.terrain}),
    }
    return KnownIds(**{**named, **changes})


def test_the_shipped_study_reads(study):
    assert shipped_studies() == ("fictional-islands", STUDY)
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


def test_a_delta_adds_to_its_laydown(study):
    base, more = (force_of(study, name).units for name in ("base-2025", "base-2025-sampt-ng"))
    assert more[: len(base)] == base
    assert [unit.system for unit in more[len(base) :]] == ["sampt_ng_battery"]


def test_the_s_400_stands_alone_and_lent_units_are_marked(study):
    members = {system for network in study.networks for system in network.members}
    units = force_of(study, "base-2025").units
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


def counted(force: Force) -> Counter[str]:
    """Units of a force by system."""
    return Counter(unit.system for unit in force.units for _ in range(unit.count))


def test_every_what_if_is_one_change_of_its_base(study):
    for laydown in study.laydowns:
        base = force_of(study, laydown.id)
        for delta in study.deltas:
            force = force_of(study, f"{laydown.id}-{delta.id}")
            assert force.reference == base.id and force.year == base.year == laydown.year
            change = counted(force)
            change.subtract(counted(base))
            changed = {system for system, count in change.items() if count}
            joined = {entry.system for entry in delta.join or ()}
            assert len(changed | joined) == 1
    linked = {network.id: network.members for network in force_of(study, "base-2025-s400-linked").networks}
    assert linked["hakim"][-1] == "s400_tr"


def test_the_variant_alone_takes_everything_lent_and_nothing_else(study):
    for name in ("base-2030", "base-2030-sampt-hosted", "base-2030-patriot-bought"):
        whole, alone = force_of(study, name), force_of(study, f"{name}-alone")
        assert alone.units == tuple(unit for unit in whole.units if not unit.lent)
        assert alone.all_units == whole.units and alone.basis == whole.basis == "brochure"
    both = force_of(study, "base-2030-siper-alone-common")
    assert both.variants == ("alone", "common") and both.basis == "common"
    assert both.reference == "base-2030-alone-common"
    assert force_of(study, "base-2030-alone").reference == "base-2030"
    assert force_of(study, "base-2030-common").reference is force_of(study, "base-2030").reference is None


@pytest.mark.parametrize(
    ("year", "count"), [(2026, 0), (2027, 0), (2028, 1), (2029, 2), (2030, 3), (2031, 3), (2040, 3)]
)
def test_orders_come_into_service_one_interval_after_another(year, count):
    order = Order(system="x", count=3, ordered=2026, lead_time="24 month", interval="12 month", assumption="test")
    assert in_service(order, year) == count
    later = order.model_copy(update={"ordered": 2028})
    assert in_service(later, year + 2) == count
    at_once = order.model_copy(update={"interval": 0.0})
    assert in_service(at_once, year) == (3 if year >= 2028 else 0)


def test_a_policy_meets_a_future(study):
    def added(name: str) -> Counter[str]:
        force = force_of(study, name)
        base = force_of(study, force.reference)
        change = counted(force)
        change.subtract(counted(base))
        return +change

    assert added("base-2028-wait-agrees") == {"sampt_ng_battery": 1}
    assert added("base-2030-wait-agrees") == added("base-2035-wait-agrees") == {"sampt_ng_battery": 2}
    assert added("base-2030-hedge-agrees") == {"sampt_ng_battery": 1, "siper_battery": 3}
    assert added("base-2030-hedge-refuses") == {"siper_battery": 3} == added("base-2035-hedge-refuses")
    assert added("base-2035-wait-refuses") == {}
    assert added("base-2030-wait-abstains") == {"sampt_battery": 1}
    assert force_of(study, "base-2030-wait-abstains").units[-1].lent


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
    places = ["inventory[0].system", "laydowns[0].units[0].system", "deltas[1].add[0].system", "networks[0].members[0]"]
    assert set(places) <= {fault.where for fault in faults}
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


def test_two_laydowns_that_stand_alike_are_both_ways_of_buying(study):
    """A delta that changes nothing, or the same as another one, would be a difference that nothing explains."""
    alike: dict[object, list[Force]] = {}
    for name in force_ids(study):
        force = force_of(study, name)
        stands = tuple(sorted((unit.system, unit.count, unit.lent, unit.rule, str(unit.site)) for unit in force.units))
        members = tuple(sorted((network.id, tuple(sorted(network.members))) for network in force.networks))
        alike.setdefault((force.year, stands, members), []).append(force)
    for found in alike.values():
        assert sum(force.policy is None for force in found) <= 1, [force.id for force in found]
