"""A case as a whole: hand-checked windows, sameness under reordering, deltas and units."""

import itertools
import math
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compile import compile_scenario
from steeldome.compiler.compiled import Compiled, Names
from steeldome.compiler.tables import BACKGROUND, DECOY, NEVER, STAGES, THREAT_CLASSES, table_hash
from steeldome.compiler.terrain import load_terrain
from steeldome.compiler.values import Quantile
from steeldome.errors import ScenarioError
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.environment import Weather
from steeldome.inputs.raid import Jamming
from steeldome.inputs.study import Assumption, Study, load_study, raid_of
from steeldome.kernels.flyout import coast_decay, time_of_flight
from steeldome.kernels.terrain import EFFECTIVE_EARTH_RADIUS
from tests.compiler.test_patrol import patrolled
from tests.compiler.test_traffic import with_traffic
from tests.compiler.tiny import TEXT, bare, compiled, flat_terrain, tiny_study

CRUISE_SPEED = 210.0  # m/s, working value of the catalogue
CRUISE_HEIGHT = 60.0  # m
EIRS_MAST = 12.0  # m
JAMMING = (Jamming(bearing=1.6, width=0.7, noise_ratio=200.0),)


def rows(case: Compiled, table: str, **of: int) -> np.ndarray:
    """Rows of a table whose fields have these values."""
    found = getattr(case.tables, table)
    for field, value in of.items():
        found = found[found[field] == value]
    return found


def pair(case: Compiled, threat: str, fire_unit: str) -> np.void | None:
    """Pair of a threat and a fire unit, or None."""
    row = case.names.threats.index(threat), case.names.fire_units.index(fire_unit)
    found = rows(case, "pair", threat=row[0], fire_unit=row[1])
    return found[0] if len(found) else None


def reason(case: Compiled, threat: str, fire_unit: str) -> str:
    code = case.tables.static_reason[case.names.threats.index(threat), case.names.fire_units.index(fire_unit)]
    return STAGES[code]


def test_the_window_of_a_radar_opens_at_its_horizon(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(tiny, catalogue, "base", "flat")
    threat = case.names.threats.index("flat/cruise/1")
    assert case.tables.threat[threat]["asset"] == case.names.assets.index("home")
    seen = rows(case, "sense", threat=threat, sensor=case.names.sensors.index("eirs/1/eirs"))
    assert len(seen) == 1
    impact = case.tables.threat[threat]["impact_ms"]
    distance = 0.001 * (impact - seen[0]["open_ms"]) * CRUISE_SPEED
    horizon = sum(math.sqrt(2.0 * EFFECTIVE_EARTH_RADIUS * height) for height in (EIRS_MAST, CRUISE_HEIGHT))
    assert distance == pytest.approx(horizon, rel=0.01)


def test_time_of_flight_is_that_of_the_distance_where_they_meet(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(tiny, catalogue, "base", "flat")
    shot = pair(case, "flat/cruise/1", "sampt_ng_battery/1/aster30_b1nt")
    assert shot is not None
    threat = case.tables.threat[shot["threat"]]
    speed, mean, reach = 1400.0, 0.6, 150_000.0
    boost = speed / 245.0
    decay = coast_decay(speed, mean, boost, reach)
    for knot in range(0, 16, 5):
        launch = shot["open_ms"] + (knot << int(shot["shift"]))
        if launch > shot["close_ms"]:
            break
        flight = 0.001 * (int(shot["tof"][knot]) << int(shot["unit_shift"]))
        distance = CRUISE_SPEED * (0.001 * (threat["impact_ms"] - launch) - flight)
        assert flight == pytest.approx(time_of_flight(distance, speed, boost, decay), rel=0.01, abs=0.05)


def test_a_longer_range_than_the_reach_factor_allows_is_not_used(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(tiny, catalogue, "base", "flat")
    shot = pair(case, "flat/cruise/1", "siper_battery/1/siper_b1")
    assert shot is not None
    impact = case.tables.threat[shot["threat"]]["impact_ms"]
    farthest = CRUISE_SPEED * 0.001 * (impact - shot["open_ms"] - (int(shot["tof"][0]) << int(shot["unit_shift"])))
    assert farthest == pytest.approx(0.5 * 100_000.0, rel=0.02)
    assert shot["p"][0] < shot["p"][8], "a shot at the edge of the range is less likely to kill"


def test_only_a_system_with_a_ballistic_claim_fires_at_one_and_only_within_its_footprint(
    tiny: Study, catalogue: Catalogue
) -> None:
    case = compiled(tiny, catalogue, "base", "arc")
    aims = {case.names.assets[row["asset"]]: name for name, row in _by_name(case).items()}
    sampt, siper = "sampt_ng_battery/1/aster30_b1nt", "siper_battery/1/siper_b1"
    assert all(pair(case, threat, siper) is None for threat in aims.values())
    assert reason(case, aims["home"], siper) == "outside_envelope"
    # lateral reach 0.3 x 150 km = 45 km: 33 km away is inside, 89 km is not
    assert pair(case, aims["home"], sampt) is not None
    assert pair(case, aims["near"], sampt) is not None
    assert pair(case, aims["far"], sampt) is None
    assert reason(case, aims["far"], sampt) == "outside_envelope"


def test_a_lower_tier_has_less_than_a_minute_and_only_below_its_ceiling(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(tiny, catalogue, "base", "arc")
    home = next(n for n, row in _by_name(case).items() if case.names.assets[row["asset"]] == "home")
    shot = pair(case, home, "sampt_ng_battery/1/aster30_b1nt")
    assert shot is not None
    impact = case.tables.threat[shot["threat"]]["impact_ms"]
    meet = impact - shot["open_ms"] - (int(shot["tof"][0]) << int(shot["unit_shift"]))
    assert 8_000 < meet < 25_000, "from 25 km down a body of this class falls in ten to twenty seconds"
    assert impact - shot["open_ms"] < 60_000


def _by_name(case: Compiled) -> Mapping[str, np.void]:
    return dict(zip(case.names.threats, case.tables.threat, strict=True))


@pytest.mark.parametrize("raid", ["flat", "arc"])
def test_the_order_of_lists_changes_nothing(tiny: Study, catalogue: Catalogue, raid: str) -> None:
    turned = tiny.model_copy(
        update={
            "assets": tiny.assets[::-1],
            "raids": tuple(
                r.model_copy(
                    update={"groups": tuple(g.model_copy(update={"aim": g.aim[::-1]}) for g in r.groups[::-1])}
                )
                for r in tiny.raids[::-1]
            ),
            "laydowns": tuple(
                laydown.model_copy(update={"units": laydown.units[::-1]}) for laydown in tiny.laydowns[::-1]
            ),
            "deltas": tuple(
                delta.model_copy(update={"add": delta.add and delta.add[::-1]}) for delta in tiny.deltas[::-1]
            ),
            "networks": tuple(n.model_copy(update={"members": n.members[::-1]}) for n in tiny.networks),
            "doctrine": tiny.doctrine.model_copy(update={"rules": tiny.doctrine.rules[::-1]}),
            "siting": tiny.siting.model_copy(update={"rules": tiny.siting.rules[::-1]}),
        }
    )
    first = compiled(tiny, catalogue, "base-more", raid, layout=2)
    second = compiled(turned, catalogue, "base-more", raid, layout=2)
    assert table_hash(first.tables) == table_hash(second.tables)
    assert first.names == second.names


def test_units_of_measure_change_nothing(tiny: Study, catalogue: Catalogue, tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = TEXT.replace("900 km", "900000 m").replace("1200 km", "1200000 m").replace("3 km", "3000 m")
    text = text.replace("10 min", "600 s").replace("jitter: 5 km", "jitter: 5000 m").replace("12 km", "12000 m")
    other = tiny_study(tmp_path, text)
    for raid in ("flat", "arc"):
        first = compiled(tiny, catalogue, "base-more", raid)
        assert table_hash(first.tables) == table_hash(compiled(other, catalogue, "base-more", raid).tables)


@pytest.mark.parametrize("layout", [0, 1, 2])
def test_a_delta_leaves_what_the_base_has(tiny: Study, catalogue: Catalogue, layout: int) -> None:
    base, more = (compiled(tiny, catalogue, laydown, "flat", layout) for laydown in ("base", "base-more"))
    assert set(base.names.units) < set(more.names.units)
    assert {name: more.sites[name] for name in base.sites} == dict(base.sites)
    assert np.array_equal(base.tables.threat, more.tables.threat)
    for name in base.names.sensors:
        windows = [
            rows(case, "sense", sensor=case.names.sensors.index(name))[["threat", "open_ms", "close_ms", "shift"]]
            for case in (base, more)
        ]
        assert np.array_equal(*windows)
    for name in base.names.fire_units:
        shots = [
            rows(case, "pair", fire_unit=case.names.fire_units.index(name))[["threat", "open_ms", "tof", "p"]]
            for case in (base, more)
        ]
        assert np.array_equal(*shots)


@pytest.mark.parametrize("layout", range(3))
def test_what_a_delta_takes_away_is_the_last_and_the_rest_stays(tiny: Study, catalogue: Catalogue, layout: int) -> None:
    more, fewer = (compiled(tiny, catalogue, laydown, "flat", layout) for laydown in ("base-more", "base-fewer"))
    assert set(more.names.units) - set(fewer.names.units) == {f"hisar_a_battery/{number}" for number in (3, 4, 5)}
    assert {name: more.sites[name] for name in fewer.sites} == dict(fewer.sites)


def test_a_system_that_a_delta_joins_fires_on_the_picture(tiny: Study, catalogue: Catalogue) -> None:
    more, linked = (compiled(tiny, catalogue, laydown, "flat") for laydown in ("base-more", "base-linked"))
    assert more.sites == linked.sites
    for case, group in ((more, "korkut_team/1"), (linked, "hakim_100")):
        rows_of = [
            case.tables.fire_unit[i]
            for i, name in enumerate(case.names.fire_units)
            if name.startswith("korkut_team/1/")
        ]
        assert rows_of and all(case.names.groups[row["group"]] == group for row in rows_of)


def test_threats_of_one_path_share_everything_but_their_start(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(tiny, catalogue, "base", "flat")
    of_path = {}
    for row, threat in enumerate(case.tables.threat):
        windows = rows(case, "sense", threat=row)
        shots = rows(case, "pair", threat=row)
        shape = (
            tuple(zip(windows["open_ms"] - threat["start_ms"], windows["first_row"], strict=True)),
            tuple(zip(shots["open_ms"] - threat["start_ms"], shots["fire_unit"], strict=True)),
            threat["impact_ms"] - threat["start_ms"],
        )
        assert of_path.setdefault(threat["path"], shape) == shape
    assert len(of_path) == 2
    assert case.tables.threat["start_ms"].min() == 0
    spread = np.ptp(case.tables.threat["impact_ms"])
    assert 0 < spread <= 600_000


def test_a_raid_over_a_longer_time_has_the_same_objects_and_luck(tiny: Study, catalogue: Catalogue) -> None:
    flat, slow = (compiled(tiny, catalogue, "base", raid).tables.threat for raid in ("flat", "slow"))
    assert np.array_equal(flat["id"], slow["id"]) and np.array_equal(flat["asset"], slow["asset"])
    first, last = (np.ptp(threat["impact_ms"]) for threat in (flat, slow))
    assert last == pytest.approx(18 * first, rel=1e-4)


def test_a_jammed_raid_has_the_same_objects_and_luck_and_is_seen_later(tiny: Study, catalogue: Catalogue) -> None:
    flat = tiny.raids[0]
    noisy = flat.model_copy(update={"id": "noisy", "groups": (), "extends": "flat", "jamming": JAMMING})
    slow = raid_of(like(tiny, raids=(flat.model_copy(update={"jamming": JAMMING}), *tiny.raids[1:])), "slow")
    assert raid_of(tiny, "flat").jamming is None and slow.jamming == JAMMING
    study = like(tiny, raids=(*tiny.raids, noisy))
    free, less = (compiled(study, catalogue, "base", raid) for raid in ("flat", "noisy"))
    assert np.array_equal(free.tables.threat, less.tables.threat) and free.names.threats == less.names.threats
    assert len(less.tables.sense) and less.tables.sense["open_ms"].min() >= free.tables.sense["open_ms"].min()
    mean = [case.tables.hazard.astype(float).mean() for case in (free, less)]
    assert mean[1] < mean[0]


def test_a_hit_harms_after_the_mean_warhead_of_the_armed_of_its_class(tiny: Study, catalogue: Catalogue) -> None:
    flat, arc = raid_of(tiny, "flat"), raid_of(tiny, "arc")
    decoys = arc.groups[0].model_copy(update={"id": "decoys", "threat": "khorramshahr", "decoy": True})
    mixed = arc.model_copy(update={"groups": (*flat.groups, *arc.groups, decoys)})
    study = tiny.model_copy(update={"raids": (mixed,)})
    hardness = compiled(study, catalogue, "base", "arc").tables.hardness / 2**32
    of_class = {name: hardness[:, THREAT_CLASSES.index(name)] for name in ("cruise", "mrbm", "owa_uav")}
    reference = [catalogue.prior("damage_given_hit", asset_class=kind).value for kind in ("city", "port", "power")]
    exponent = catalogue.prior("warhead_exponent").value
    for name, mass in (("cruise", 450.0), ("mrbm", catalogue.uncertain("shahab_3", "warhead_mass").value)):
        expected = [1.0 - (1.0 - p) ** ((mass / 500.0) ** exponent) for p in reference]
        assert of_class[name] == pytest.approx(expected, abs=2e-6)
    assert not of_class["owa_uav"].any()


def test_a_unit_in_no_network_decides_on_its_own_sensor(tiny: Study, catalogue: Catalogue) -> None:
    alone = tiny.model_copy(update={"networks": ()})
    together, apart = compiled(tiny, catalogue, "base", "flat"), compiled(alone, catalogue, "base", "flat")
    name = "siper_battery/1/siper_b1"
    fire_units = [case.tables.fire_unit[case.names.fire_units.index(name)] for case in (together, apart)]
    assert fire_units[0]["sensor"] == -1
    assert together.names.groups[fire_units[0]["group"]] == "hakim_100"
    assert together.names.groups[fire_units[0]["fallback"]] == "siper_battery/1"
    assert apart.names.sensors[fire_units[1]["sensor"]] == "siper_battery/1/siper_fcr"
    assert apart.names.groups[fire_units[1]["group"]] == "siper_battery/1"
    assert fire_units[1]["fallback"] == -1
    assert len(apart.tables.link) == 0


def like(study: Study, **changes: object) -> Study:
    """The study with some parts replaced."""
    return study.model_copy(update=changes)


def all_but(name: str, asked: str) -> float:
    """A sample above the middle of all its ranges but one."""
    return 0.3 if asked == name else 0.55


def test_a_case_does_not_depend_on_what_was_compiled_before_it_in_the_same_cache(
    tiny: Study, catalogue: Catalogue
) -> None:
    """Laydowns, raids, layouts and samples of studies that differ in one part each, in many orders."""
    (base,) = tiny.laydowns
    moved = base.units[1].model_copy(update={"site": base.units[1].site.model_copy(update={"longitude": 0.58})})
    rules = tuple(rule.model_copy(update={"salvo": 3}) for rule in tiny.doctrine.rules)
    studies = [
        tiny,
        like(tiny, networks=()),
        like(tiny, doctrine=tiny.doctrine.model_copy(update={"rules": rules})),
        like(tiny, siting=tiny.siting.model_copy(update={"threat_axis": 4.7, "jitter": 9_000.0})),
        like(tiny, laydowns=(base.model_copy(update={"units": (base.units[0], moved, *base.units[2:])}),)),
        like(tiny, experiments=tiny.experiments.model_copy(update={"seed": 8})),
        like(tiny, assets=tuple(a.model_copy(update={"value": 1.0, "radius": 9e3}) for a in tiny.assets)),
        like(tiny, environment=tiny.environment.model_copy(update={"weather": Weather(rain_rate=5e-6, radius=4e4)})),
        like(tiny, raids=(tiny.raids[0].model_copy(update={"jamming": JAMMING}), *tiny.raids[1:])),
        with_traffic(tiny),
        patrolled(with_traffic(tiny, altitude=9_000.0), "f16_block50", 16),
    ]
    catalogues = [catalogue] + [
        load_catalogue([Assumption(reason="test", **change)])
        for change in (
            {"prior": "cover_height", "value": "7 m"},
            {"of": "siper_b1", "quantity": "sspk.cruise", "value": "0.4"},
        )
    ]
    ridge = np.array(flat_terrain().height)
    ridge[:, 310:330] = 600
    terrains = [flat_terrain(), replace(flat_terrain(), height=ridge)]
    samples: list[Quantile] = [bare, *(partial(all_but, name) for name in ("", "cover_height", "soumar_paveh.speed"))]
    cases = [
        (study, catalogues[0], terrains[0], samples[1], 1, laydown, raid)
        for study in studies
        for laydown, raid in (("base", "flat"), ("base-linked", "flat"), ("base-more-common", "arc"))
    ]
    cases += [(tiny, *rest, "base-fewer", "slow") for rest in itertools.product(catalogues, terrains, samples, (0,))]

    def told(k: int, cache: CompilerCache | None) -> tuple[object, ...]:
        study, known, terrain, quantile, layout, *ids = cases[k]
        case = compile_scenario(study, known, *ids, quantile=quantile, layout=layout, terrain=terrain, cache=cache)
        return table_hash(case.tables), case.names, case.sites, case.inputs_used, case.threat_types

    alone = [told(k, None) for k in range(len(cases))]
    assert len({hashed for hashed, *_ in alone}) > 0.9 * len(cases)
    rng = random.Random(11)
    for leave in (0.0, 0.2):
        cache = CompilerCache()
        for k in rng.sample(range(len(cases)), len(cases)):
            if rng.random() < leave:
                cache.leave_sample()
            assert told(k, cache) == alone[k], cases[k][4:]


def test_a_prior_moves_what_it_stands_for_and_is_listed(tiny: Study, catalogue: Catalogue) -> None:
    name = "sspk.lrad.cruise"
    low, high = (
        compiled(tiny, catalogue, "base", "flat", quantile=lambda asked, u=u: u if asked == name else 0.5)
        for u in (0.0, 1.0 - 1e-9)
    )
    shots = [pair(case, "flat/cruise/1", "siper_battery/1/siper_b1") for case in (low, high)]
    assert shots[0] is not None and shots[1] is not None
    assert shots[1]["p"].max() / shots[0]["p"].max() == pytest.approx(0.8 / 0.35, rel=0.01)
    used = {entry.name: entry for entry in low.inputs_used}
    assert used[name].value == pytest.approx(0.35) and used[name].origin == "assumed"
    assert used["siper_b1.range_max_air"].origin == "published"


def test_ground_that_the_terrain_does_not_cover_is_refused(tiny: Study, catalogue: Catalogue) -> None:
    moved = tiny.assets[0].model_copy(update={"latitude": math.radians(50.0)})
    study = tiny.model_copy(update={"assets": (moved, *tiny.assets[1:])})
    with pytest.raises(ScenarioError, match=r"assets\[0\].*'home'.*is not inside terrain"):
        compiled(study, catalogue, "base", "flat")
    with pytest.raises(ScenarioError, match="no 'nowhere' in this study; allowed: base, base-more"):
        compiled(tiny, catalogue, "nowhere", "flat")


def test_names_survive_json(tiny: Study, catalogue: Catalogue) -> None:
    names = compiled(tiny, catalogue, "base-more", "arc").names
    assert Names.from_json(names.to_json()) == names


def test_the_shipped_study_compiles_to_a_sensible_case() -> None:
    study = load_study("turkiye-steel-dome")
    catalogue = load_catalogue(study)
    terrain = load_terrain(study.environment, study.folder)
    for laydown in study.experiments.laydowns:
        for raid in study.experiments.raids:
            case = compile_scenario(
                study, catalogue, laydown, raid, quantile=lambda name: 0.5, layout=1, terrain=terrain
            )
            threat = case.tables.threat
            assert threat["impact_ms"].max() < NEVER
            flights = sum(corridor.count for corridor in study.background)
            assert (threat["hostile"] == BACKGROUND).sum() == flights == 24
            assert len(threat) == flights + (1 if raid == "mrbm-single" else 130)
            if raid == "mixed":
                assert (threat["hostile"] == DECOY).sum() == 20
                is_ballistic = np.isin(threat["threat_class"], [THREAT_CLASSES.index(c) for c in ("srbm", "mrbm")])
                shooters = {
                    case.names.effectors[e]
                    for e in case.tables.pair["effector"][is_ballistic[case.tables.pair["threat"]]]
                }
                assert shooters <= {"sm3_ib", "sm3_iia", "s400_48n6e3", "pac2_gemt", "pac3_mse", "aster30_b1nt"}
            assert all(35.0 < site.latitude_deg < 42.5 for site in case.sites.values())
            assert case.sites["nato_sea_upper_tier/1"].elevation_m == 0.0
            rings = [ring for site in case.sites.values() for ring in site.coverage]
            assert {len(ring.cruise_km) for ring in rings} == {72}


def test_a_map_ring_ends_at_the_horizon_on_level_ground(tiny: Study, catalogue: Catalogue) -> None:
    case = compiled(tiny, catalogue, "base", "flat")
    (ring,) = case.sites["eirs/1"].coverage
    horizon = sum(math.sqrt(2.0 * EFFECTIVE_EARTH_RADIUS * height) for height in (EIRS_MAST, 300.0)) / 1000.0
    assert min(ring.cruise_km) == max(ring.cruise_km) == pytest.approx(horizon, abs=1.5)
    assert flat_terrain().extent.north == pytest.approx(math.radians(43.0))


def test_without_a_screen_radars_and_fire_units_see_to_the_end_of_their_range(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    alone = TEXT.replace("members: [eirs, siper_battery, ", "members: [eirs, ")
    study = tiny_study(tmp_path, alone)
    free = compiled(study, catalogue, "base", "flat", terrain=replace(flat_terrain(), is_screen=False))
    screened = compiled(study, catalogue, "base", "flat")
    horizon = sum(math.sqrt(2.0 * EFFECTIVE_EARTH_RADIUS * height) for height in (EIRS_MAST, CRUISE_HEIGHT))
    impact = free.tables.threat[free.names.threats.index("flat/cruise/1")]["impact_ms"]
    sensor = free.names.sensors.index("eirs/1/eirs")
    seen = rows(free, "sense", threat=free.names.threats.index("flat/cruise/1"), sensor=sensor)
    assert 0.001 * (impact - seen[0]["open_ms"]) * CRUISE_SPEED > 2.0 * horizon
    shots = [pair(case, "flat/cruise/1", "siper_battery/1/siper_b1") for case in (free, screened)]
    met = [
        CRUISE_SPEED * 0.001 * (impact - shot["open_ms"] - (int(shot["tof"][0]) << int(shot["unit_shift"])))
        for shot in shots
        if shot is not None
    ]
    assert met[0] == pytest.approx(0.5 * 100_000.0, rel=0.02) and met[1] < horizon


def test_a_perfect_search_sees_whatever_is_above_the_horizon(tiny: Study, catalogue: Catalogue) -> None:
    everything = compiled(
        tiny, catalogue, "base-more", "flat", terrain=replace(flat_terrain(), is_screen=False), is_search_perfect=True
    )
    screened = compiled(tiny, catalogue, "base-more", "flat", is_search_perfect=True)
    n = len(everything.names.sensors)
    for threat, row in enumerate(everything.tables.threat):
        seen = rows(everything, "sense", threat=threat)
        assert len(seen) == n, "every sensor sees every object once, whoever can use it"
        assert np.all(seen["open_ms"] == row["start_ms"]) and np.all(row["impact_ms"] - seen["close_ms"] <= 1)
        lead = 0.001 * (row["impact_ms"] - rows(screened, "sense", threat=threat)["open_ms"]) * CRUISE_SPEED
        assert len(lead) and np.all(lead < 130_000.0), "the curve of the earth hides what no range limits"


def test_a_perfect_search_tells_a_fire_unit_of_what_its_own_radars_never_see(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    south = "siper_battery, count: 1, rule: fixed, site: {latitude: 39.4 deg, longitude: 32.8 deg}"
    text = TEXT.replace("siper_battery, count: 1, rule: fixed, site: {latitude: 39.0 deg, longitude: 33.0 deg}", south)
    text = text.replace("aim: [home, near]}\n  - id: arc", "aim: [far]}\n  - id: arc")
    text = text.replace("members: [eirs, siper_battery, hisar_a_battery, sampt_ng_battery]", "members: [siper_battery]")
    study = tiny_study(tmp_path, text)
    threat, fire_unit = "flat/cruise/1", "siper_battery/1/siper_b1"
    assert reason(compiled(study, catalogue, "base", "flat"), threat, fire_unit) == "below_horizon"
    assert pair(compiled(study, catalogue, "base", "flat", is_search_perfect=True), threat, fire_unit) is not None
