"""Fighters on patrol: how many, where they look, what they fire and what they leave alone."""

import math

import numpy as np
import pytest

from steeldome.compiler.compiled import Compiled
from steeldome.compiler.paths import BALLISTIC
from steeldome.compiler.patrol import patrols_on_station
from steeldome.compiler.tables import STAGES, THREAT_CLASSES
from steeldome.engine.blocks import run_block
from steeldome.errors import ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.doctrine import EngagementRule
from steeldome.inputs.laydown import Site, UnitEntry
from steeldome.inputs.study import Study
from tests.compiler.test_traffic import catalogue_with, with_traffic
from tests.compiler.tiny import bare, compiled
from tests.reference.machine import run_replication

SEED = 5
HERE, AWAY = (
    (39.0, 33.0),
    (36.0, 28.5),
)  # over the first asset, and some 500 km from it on the side that the raid does not come from


def patrolled(
    study: Study, system: str, aircraft: int, at: tuple[float, float] | None = HERE, alone: bool = False
) -> Study:
    """The study with fighters on the picture of its base, or with a radar and fighters alone."""
    site = None if at is None else Site(latitude=math.radians(at[0]), longitude=math.radians(at[1]))
    entry = UnitEntry(
        system=system, count=aircraft, rule="fixed" if site else "near_assets", site=site, assumption="test"
    )
    base = study.laydowns[0]
    kept = tuple(unit for unit in base.units or () if not alone or unit.system == "eirs")
    laydown = base.model_copy(update={"units": (*kept, entry)})
    network = study.networks[0].model_copy(update={"members": (*study.networks[0].members, system)})
    return study.model_copy(update={"laydowns": (laydown, *study.laydowns[1:]), "networks": (network,)})


def many_cruise(study: Study, count: int) -> Study:
    """The study with more missiles in its flat raid, all at the first asset."""
    raid = study.raids[0]
    group = raid.groups[0].model_copy(update={"count": count, "aim": ("home",)})
    return study.model_copy(update={"raids": (raid.model_copy(update={"groups": (group,)}), *study.raids[1:])})


def pairs_of(case: Compiled, unit: str) -> np.ndarray:
    rows = [row for row, name in enumerate(case.names.fire_units) if name.startswith(unit)]
    return case.tables.pair[np.isin(case.tables.pair["fire_unit"], rows)]


def test_patrols_on_station_by_hand() -> None:
    # eight pairs, six in ten fit; 1.5 h on station of a cycle of 1.5 h + 2 x 1 h + 2 h
    assert patrols_on_station(16, 2, 0.6, 5_400.0, 3_600.0, 7_200.0) == pytest.approx(4.8 * 1.5 / 5.5)
    assert patrols_on_station(16, 2, 1.0, 5_400.0, 0.0, 0.0) == 8.0


def test_whole_patrols_stand_and_the_fraction_is_the_chance_of_one_more(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(patrolled(tiny, "f16_block50", 16), catalogue, "base", "flat")
    stations = 16 / 2 * 0.6 * 5_400 / (5_400 + 2 * 300_000 / 255 + 7_200)
    assert 1.0 < stations < 2.0
    units = {name: case.tables.unit[row] for row, name in enumerate(case.names.units) if name.startswith("f16")}
    assert sorted(units) == ["f16_block50/1", "f16_block50/2"]
    ready = [case.tables.availability[units[name]["available_row"]] for name in sorted(units)]
    assert ready[0]["id"] == ready[1]["id"] and ready[0]["p_common"] == ready[1]["p_common"]
    there = [float(row["p_common"]) * float(row["p_own"]) / 2.0**64 for row in ready]
    assert there == pytest.approx([0.95, 0.95 * (stations - 1.0)], abs=5e-6)
    assert {int(unit["asset"]) for unit in units.values()} == {-1}, "what flies is not lost with the asset below"
    few = compiled(patrolled(tiny, "f16_block50", 4), catalogue, "base", "flat")
    assert [name for name in few.names.units if name.startswith("f16")] == ["f16_block50/1"]


@pytest.mark.parametrize(
    ("system", "missile", "rounds", "distance"),
    [
        ("f16_block50", "amraam_c", 12, 300e3),
        ("f35a", "amraam_c", 8, 300e3),
        ("typhoon_eurofighter", "meteor", 16, 185e3),
        ("kaan", "gokdogan", 8, 300e3),
    ],
)
def test_a_patrol_fires_the_first_of_its_weapons(
    tiny: Study, catalogue: Catalogue, system: str, missile: str, rounds: int, distance: float
) -> None:
    case = compiled(patrolled(tiny, system, 16), catalogue, "base", "flat")
    name = f"{system}/1/{missile}"
    unit = case.tables.fire_unit[case.names.fire_units.index(name)]
    assert (unit["ready"], unit["launchers"], unit["channels"], unit["prepare_ms"]) == (rounds, 2, 4, 60_000)
    assert case.names.sensors[unit["sensor"]] == f"{system}/1/radar"
    assert case.names.groups[unit["group"]] == "hakim_100"
    used = {entry.name: entry.value for entry in case.inputs_used}
    found = used.get(f"{system}.patrol_distance_ref", used.get("patrol_distance_ref.fighter_patrol"))
    assert found == pytest.approx(distance)
    assert "sspk.air_to_air_missile.cruise" in used and "sspk.fighter_patrol.cruise" not in used
    cost = case.tables.effector[case.names.effectors.index(missile)]["cost"]
    assert cost == pytest.approx(catalogue.uncertain(missile, "cost_per_shot").value, abs=1.0)


def test_a_patrol_looks_down_from_its_orbit_as_far_as_the_target_is_large(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(patrolled(tiny, "f16_block50", 16, alone=True), catalogue, "base", "flat")
    threat = case.names.threats.index("flat/cruise/1")
    row = case.names.sensors.index("f16_block50/1/radar")
    (seen,) = case.tables.sense[(case.tables.sense["sensor"] == row) & (case.tables.sense["threat"] == threat)]
    left = 210.0 * 0.001 * (case.tables.threat[threat]["impact_ms"] - seen["open_ms"])
    assert left > 100_000.0, "no horizon of the ground hides a missile 60 m up from a radar at 9 km"
    scale = int(case.tables.hazard_scale[seen["first_row"]])
    hazard = (case.tables.hazard[seen["first_row"]].astype(np.int64) << scale) / 2.0**16
    time = seen["open_ms"] + (np.arange(32) << int(seen["shift"]))
    at_even_odds = 210.0 * 0.001 * (case.tables.threat[threat]["impact_ms"] - time[np.argmax(hazard > math.log(2.0))])
    assert at_even_odds == pytest.approx(90_000.0 * 0.1**0.25, rel=0.25)


def test_no_shot_at_a_ballistic_missile(tiny: Study, catalogue: Catalogue) -> None:
    with_fighters = compiled(patrolled(tiny, "f35a", 40), catalogue, "base", "arc")
    assert set(with_fighters.tables.threat["threat_class"]) <= {THREAT_CLASSES.index(name) for name in BALLISTIC}
    assert not len(pairs_of(with_fighters, "f35a/"))
    column = with_fighters.names.fire_units.index("f35a/1/amraam_c")
    assert set(with_fighters.tables.static_reason[:, column]) == {STAGES.index("outside_envelope")}
    without = compiled(tiny, catalogue, "base", "arc")
    first, second = (run_block(case.tables, SEED, 0, 200)[0] for case in (without, with_fighters))
    assert first["shots"].any() and np.array_equal(first, second)


def test_a_patrol_out_of_reach_changes_nothing_and_one_in_reach_does(tiny: Study, catalogue: Catalogue) -> None:
    plain, away, undefended, defended = (
        run_block(compiled(study, catalogue, "base", "flat").tables, SEED, 0, 300)[0]
        for study in (
            tiny,
            patrolled(tiny, "f16_block50", 40, AWAY),
            patrolled(tiny, "f16_block50", 40, AWAY, alone=True),
            patrolled(tiny, "f16_block50", 40, HERE, alone=True),
        )
    )
    assert plain["shots"].any() and np.array_equal(plain, away)
    assert not undefended["shots"].any()
    assert defended["leaked"].mean() < 0.8 * undefended["leaked"].mean()


def test_two_patrols_fire_more_than_one_and_no_more_than_they_carry(tiny: Study, catalogue: Catalogue) -> None:
    shots = []
    for aircraft, n_patrols in ((10, 1), (19, 2)):
        study = patrolled(many_cruise(tiny, 40), "f16_block50", aircraft, alone=True)
        case = compiled(study, catalogue, "base", "flat")
        rows = run_block(case.tables, SEED, 0, 400)[0]
        full = int(case.tables.fire_unit["ready"][0]) * (n_patrols + 1)
        assert rows["shots"].max() <= full
        shots.append(rows["shots"].mean())
    assert 1.6 * shots[0] < shots[1] < 2.2 * shots[0]


def test_a_rule_can_name_the_patrols_and_a_missile_needs_its_aircraft(tiny: Study, catalogue: Catalogue) -> None:
    study = patrolled(tiny, "f16_block50", 16)
    held = EngagementRule(applies_to="fighter_patrol", threat="cruise", hold=True)
    ruled = study.model_copy(
        update={"doctrine": study.doctrine.model_copy(update={"rules": (*study.doctrine.rules, held)})}
    )
    assert len(pairs_of(compiled(study, catalogue, "base", "flat"), "f16_block50/"))
    case = compiled(ruled, catalogue, "base", "flat")
    assert not len(pairs_of(case, "f16_block50/")) and len(pairs_of(case, "siper_battery/"))
    known = catalogue.known_ids()
    assert known.systems is not None and {"f16_block50", "f35a"} <= known.systems
    assert known.system_classes is not None and "fighter_patrol" in known.system_classes
    assert "air_to_air_missile" not in known.system_classes
    with pytest.raises(ScenarioError, match="'amraam_c' is a missile that an aircraft carries; name the aircraft"):
        compiled(patrolled(tiny, "amraam_c", 2), catalogue, "base", "flat")


def test_the_plain_reference_plays_patrols_among_flights_alike(tiny: Study, catalogue: Catalogue) -> None:
    study = with_traffic(patrolled(tiny, "f16_block50", 16), count=6)
    often = catalogue_with(**{"confusion.background.aircraft": "0.5", "operator_service_time": "3 s"})
    case = compiled(study, often, "base", "flat")
    seen = 0
    for replication in range(8):
        rows, _ = run_block(case.tables, SEED, replication, replication + 1)
        expected = run_replication(case.tables, SEED, replication)
        assert {name: int(rows[name][0]) for name in expected.row} == expected.row
        seen += expected.row["friendly_engaged"]
    assert seen > 0


@pytest.mark.parametrize("layout", [0, 1, 2])
def test_more_aircraft_move_no_patrol_and_no_other_unit(tiny: Study, catalogue: Catalogue, layout: int) -> None:
    few, many = (
        compiled(patrolled(tiny, "kaan", aircraft, None), catalogue, "base", "flat", layout, bare).sites
        for aircraft in (10, 40)
    )
    assert few.keys() < many.keys() and {name: many[name] for name in few} == dict(few)
