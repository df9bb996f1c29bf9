"""The expectations of ``docs/expectations.md``, each looked up on the shipped study."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from steeldome.compiler.compiled import Compiled
from steeldome.compiler.tables import ARMED, CERTAIN, DECOY, THREAT_CLASSES, Tables, replace_tables
from steeldome.engine.blocks import run_block, trace_replication
from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.folder import Case
from steeldome.experiments.ledger import LEAKED, relax
from steeldome.experiments.runs import plan_run
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.effector import has_ballistic_claim
from steeldome.inputs.study import Study, load_study

TABLE = Path(__file__).parents[2] / "docs" / "expectations.md"
SEED, REPLICATIONS = 2025, 300
SAMPLES = (0, 3, 9, 20)
BALLISTIC = [THREAT_CLASSES.index(name) for name in ("srbm", "mrbm", "srbm_quasiballistic")]
MRBM, CRUISE, DRONE = (THREAT_CLASSES.index(name) for name in ("mrbm", "cruise", "owa_uav"))

CATALOGUE = load_catalogue()


@cache
def compiler() -> CaseCompiler:
    """Compiles the study's cases."""
    study = load_study("turkiye-steel-dome")
    return CaseCompiler(study, CATALOGUE, plan_run(study))


@cache
def case(laydown: str, raid: str, sample: int) -> Compiled:
    """One case; an ending stands for a laydown of 2025."""
    return compiler()(Case(laydown if laydown.startswith("base-") else f"base-2025{laydown}", raid, sample))


@cache
def played(laydown: str, raid: str, sample: int) -> Any:
    """Rows of one case."""
    return run_block(case(laydown, raid, sample).tables, SEED, 0, REPLICATIONS)[0]


def leaked(tables: Tables) -> float:
    """Leakers a replication."""
    rows, _ = run_block(tables, SEED, 0, REPLICATIONS)
    return float(rows["leaked"].mean())


def leakers(laydown: str, raid: str) -> float:
    """Leakers a replication, mean over the samples."""
    return float(np.mean([played(laydown, raid, sample)["leaked"].mean() for sample in SAMPLES]))


def edited(tables: Tables, name: str, **columns: Any) -> Tables:
    """Tables with some columns of one table set."""
    rows = np.array(getattr(tables, name))
    for column, value in columns.items():
        rows[column] = value
    return replace_tables(tables, **{name: rows})


def more_rounds(tables: Tables) -> Tables:
    """Twice the rounds on launchers and in stock."""
    return edited(tables, "fire_unit", ready=2 * tables.fire_unit["ready"], stock=2 * tables.fire_unit["stock"])


def of_class(found: Compiled, system_class: str) -> Any:
    """Whether each pair's effector is of a class of system."""
    classes_ = [CATALOGUE.items[name].system_class for name in found.names.effectors]
    return np.array(classes_)[found.tables.pair["effector"]] == system_class


def classes(tables: Tables) -> Any:
    """Class of the threat of each pair."""
    return tables.threat["threat_class"][tables.pair["threat"]]


def shots_of(found: Compiled, replications: int = 20) -> Any:
    """Shots of each pair, replication by replication."""
    return np.array([trace_replication(found.tables, SEED, number).shots for number in range(replications)])


def e01() -> bool:
    for raid in ("mixed", "mrbm-salvo"):
        for laydown in ("", "-partner", "-patriot-bought", "-sampt-hosted"):
            found = case(laydown, raid, 3)
            is_ballistic = np.isin(classes(found.tables), BALLISTIC)
            for effector in set(found.tables.pair["effector"][is_ballistic].tolist()):
                item = CATALOGUE.items[found.names.effectors[effector]]
                if not has_ballistic_claim(item.system_class, item.parameters):
                    return False
    return True


def e02() -> bool:
    for sample in SAMPLES:
        found = case("-patriot-bought", "mrbm-salvo", sample)
        lower = [
            CATALOGUE.items[found.names.effectors[i]].system_class == "lower_tier_bmd"
            for i in found.tables.pair["effector"]
        ]
        if shots_of(found)[:, lower].max(initial=0) > 2:
            return False
    return True


def e03() -> bool:
    found = case("", "mixed", 3)
    ship = np.array(["nato_sea_upper_tier" in found.names.fire_units[i] for i in found.tables.pair["fire_unit"]])
    return bool(np.isin(classes(found.tables)[ship], BALLISTIC).all()) and ship.any()


def e04() -> bool:
    for sample in SAMPLES:
        found = case("", "mixed", sample)
        dear = found.tables.effector["cost"][found.tables.pair["effector"]] > 500_000
        drone = found.tables.threat["threat_class"][found.tables.pair["threat"]] == DRONE
        if shots_of(found)[:, dear & drone].any():
            return False
    return True


def e05() -> bool:
    found = case("", "mixed", 0)
    gun = of_class(found, "srad_gun")
    return gun.any() and not np.isin(classes(found.tables)[gun], BALLISTIC).any()


def e06() -> bool:
    tables = case("", "mixed", 3).tables
    bare = edited(tables, "pair", p=0)
    armed = tables.threat[tables.threat["hostile"] == ARMED]
    arrives = np.where(armed["reliability"] == CERTAIN, 1.0, armed["reliability"] / 2**32)
    miss = tables.accuracy[np.maximum(armed["accuracy_row"], 0)]
    falls = np.where(
        armed["accuracy_row"] >= 0, (miss <= tables.asset["size_m"][armed["asset"]][:, None]).mean(axis=1), 1.0
    )
    expected = float((arrives * falls).sum())
    spread = float(np.sqrt((arrives * falls * (1.0 - arrives * falls)).sum() / REPLICATIONS))
    return abs(leaked(bare) - expected) < 4.0 * spread


def e07() -> bool:
    return all(
        (played(laydown, "mixed", sample)["status"] == 0).all() for laydown in ("", "-alone") for sample in SAMPLES
    )


def share(raid: str) -> float:
    """Share of the armed objects that leak past the base."""
    armed = int((case("", raid, 0).tables.threat["hostile"] == ARMED).sum())
    return leakers("", raid) / armed


def e08() -> bool:
    return share("saturation") > share("mixed")


def e09() -> bool:
    tables = [case("", "saturation", sample).tables for sample in SAMPLES]
    return sum(map(leaked, map(more_rounds, tables))) < sum(map(leaked, tables))


def e10() -> bool:
    tables = [case("", "mrbm-single", sample).tables for sample in SAMPLES]
    return [leaked(more_rounds(t)) for t in tables] == [leaked(t) for t in tables]


def e11() -> bool:
    return all(
        np.array_equal(played("-siper", raid, sample)["leaked"], played("", raid, sample)["leaked"])
        for raid in ("mrbm-single", "mrbm-salvo")
        for sample in SAMPLES
    )


def e12() -> bool:
    return leakers("-s400-linked", "mrbm-single") == pytest.approx(leakers("", "mrbm-single"), abs=0.01)


def e13() -> bool:
    return leakers("-no-sea", "mrbm-single") > leakers("", "mrbm-single") + 0.05


def e14() -> bool:
    return leakers("-alone", "mrbm-single") == pytest.approx(leakers("-no-sea", "mrbm-single"), abs=0.01)


def e15() -> bool:
    return leakers("-no-s400", "mixed") >= leakers("", "mixed")


def e16() -> bool:
    return all(leakers("-sampt-ng", raid) <= leakers("", raid) for raid in ("mrbm-single", "mrbm-salvo", "mixed"))


def e17() -> bool:
    return leakers("-siper", "mixed") < leakers("-sampt-ng", "mixed")


def e18() -> bool:
    return leakers("-sampt-ng", "mrbm-salvo") < leakers("-siper", "mrbm-salvo")


def e19() -> bool:
    tables = [case("", "mixed", sample).tables for sample in SAMPLES]
    return sum(leaked(relax(t, "not_ready")) for t in tables) < sum(map(leaked, tables))


def e20() -> bool:
    tables = [case("", "mixed", sample).tables for sample in SAMPLES]
    perfect = sum(leaked(relax(t, "engaged_missed")) for t in tables)
    armed = sum(int((t.threat["hostile"] == ARMED).sum()) for t in tables)
    return armed / 3 < perfect < sum(map(leaked, tables))


def e21() -> bool:
    return leakers("", "mixed-3h") < leakers("", "mixed")


def e22() -> bool:
    found = case("", "mixed", 3)
    return bool(shots_of(found)[:, found.tables.threat["hostile"][found.tables.pair["threat"]] == DECOY].any())


def e23() -> bool:
    tables = case("", "mixed", 3).tables
    covered = np.diff(tables.threat_pair_first) > 0
    cruise = tables.threat["threat_class"] == CRUISE
    through = sum((trace_replication(tables, SEED, number).truth == LEAKED).astype(int) for number in range(40))
    return through[cruise & covered].sum() > 0.5 * through[cruise].sum()


def e24() -> bool:
    rows, _ = run_block(case("", "mixed", 9).tables, SEED, 0, 6400)
    means = [rows["leaked"].reshape(-1, size).mean(axis=1).std(ddof=1) for size in (25, 100)]
    return bool(means[0] / means[1] == pytest.approx(2.0, rel=0.25))


def e25() -> bool:
    found = case("", "mixed", 3)
    own = found.tables.fire_unit["sensor"]
    alone = np.array([name.startswith("s400_tr/") for name in found.names.fire_units])
    units = found.tables.sensor["unit"][own[alone]]
    sensor = np.array(found.tables.sensor)
    sensor["capacity"][own[alone]] = 0
    fired = [trace_replication(replace_tables(found.tables, sensor=sensor), SEED, n).shots for n in range(20)]
    of_alone = alone[found.tables.pair["fire_unit"]]
    return len(units) > 0 and of_alone.any() and not np.array(fired)[:, of_alone].any()


def e26() -> bool:
    tables = case("", "saturation", 3).tables
    each = tables.effector["rounds_per_shot"][tables.pair["effector"]]
    for number in range(10):
        fired = trace_replication(tables, SEED, number).shots * each
        spent = np.bincount(tables.pair["fire_unit"], weights=fired, minlength=len(tables.fire_unit))
        if np.any(spent > tables.fire_unit["ready"] + tables.fire_unit["stock"]):
            return False
    return True


def e27() -> bool:
    rows = np.concatenate([played("", "mixed", sample) for sample in SAMPLES])
    return bool((rows["leaked"] == 0).mean() < 0.01)


def e28() -> bool:
    return leakers("-patriot-hosted", "mrbm-salvo") < leakers("", "mrbm-salvo")


def e29() -> bool:
    return leakers("-f16-patrol", "cruise-and-drones") < leakers("", "cruise-and-drones")


def e30() -> bool:
    return all(
        np.array_equal(
            played("-f16-patrol", "mrbm-single", sample)["leaked"], played("", "mrbm-single", sample)["leaked"]
        )
        for sample in SAMPLES
    )


def shot_at_friends(study: Study, sample: int) -> tuple[int, int]:
    """Shots at background traffic in the mixed raid: of the S-400, and of all others."""
    found = CaseCompiler(study, CATALOGUE, plan_run(study))(Case("base-2025", "mixed", sample))
    _, sums = run_block(found.tables, SEED, 0, REPLICATIONS)
    alone = np.array([name.startswith("s400_tr/") for name in found.names.fire_units])
    shots = sums.shots[THREAT_CLASSES.index("background")]
    return int(shots[alone].sum()), int(shots[~alone].sum())


def e31() -> bool:
    study = load_study("turkiye-steel-dome")
    free = study.model_copy(update={"doctrine": study.doctrine.model_copy(update={"stand_alone": "free"})})
    tight, loose = (sum(shot_at_friends(one, sample)[0] for sample in SAMPLES) for one in (study, free))
    return tight == 0 < loose


def e32() -> bool:
    return leakers("base-2030-hedge-refuses", "mixed") < leakers("base-2030-wait-refuses", "mixed")


def e33() -> bool:
    return leakers("base-2030-wait-agrees", "mrbm-salvo") < leakers("base-2030-hedge-agrees", "mrbm-salvo")


def e34() -> bool:
    return all(
        np.array_equal(played("base-2030-wait-refuses", "mixed", sample), played("base-2030", "mixed", sample))
        for sample in SAMPLES[:2]
    )


def e35() -> bool:
    by_year = [leakers(f"base-{year}", "mixed") for year in (2025, 2028, 2030, 2035)]
    return by_year == sorted(by_year, reverse=True)


def e36() -> bool:
    return leakers("-sampt-hosted", "mrbm-salvo") < leakers("", "mrbm-salvo")


CHECKS: dict[str, Callable[[], bool]] = {
    name.upper(): check for name, check in globals().items() if re.fullmatch(r"e\d\d", name)
}
ROWS = dict(re.findall(r"^\| (E\d\d) \|.*\| (holds|misses) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_expectation_is_looked_up() -> None:
    assert set(ROWS) == set(CHECKS) and len(CHECKS) >= 25


@pytest.mark.parametrize("number", CHECKS)
def test_an_expectation_is_as_the_table_says(number: str) -> None:
    assert ("holds" if CHECKS[number]() else "misses") == ROWS[number]
