"""Costs, gates and shares against numbers worked out by hand from the catalogue."""

import pytest

from steeldome.analysis.procurement import cost_of, gates_of, holders, on_picture
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.force import force_of
from steeldome.inputs.pathway import Future, Order, Policy
from steeldome.inputs.study import Study, load_study

NAME = {"en": "x", "tr": "x"}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("turkiye-steel-dome")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def order(system: str, count: int, **more: object) -> Order:
    """Ordered at the end of 2026, the first in service two years later, the others a year apart."""
    timing = {"ordered": 2026, "lead_time": "24 month", "interval": "12 month", "assumption": "test"}
    return Order(system=system, count=count, **{**timing, **more})  # type: ignore[arg-type]


def test_cost_is_price_and_upkeep_of_what_is_in_service(catalogue: Catalogue) -> None:
    policy = Policy(id="p", name=NAME, orders=(order("siper_battery", 3),))  # type: ignore[arg-type]
    future = Future(id="f", name=NAME)  # type: ignore[arg-type]
    # SİPER: 100 to 500 MUSD a battery, working value the geometric mean; upkeep 3, 4.5, 6 % a year
    middle = (100e6 * 500e6) ** 0.5
    assert cost_of(catalogue, policy, future, 2027) == (0.0, 0.0, 0.0)
    assert cost_of(catalogue, policy, future, 2028) == pytest.approx((100e6, middle, 500e6))
    # end of 2030: three in service, of which one for two years and one for one year
    expected = (100e6 * (3 + 3 * 0.03), middle * (3 + 3 * 0.045), 500e6 * (3 + 3 * 0.06))
    assert cost_of(catalogue, policy, future, 2030) == pytest.approx(expected, rel=1e-9)


def test_an_order_that_waits_for_another_future_costs_nothing_and_a_loan_never_does(catalogue: Catalogue) -> None:
    waiting = order("siper_battery", 1, only_if=("agrees",))
    policy = Policy(id="p", name=NAME, orders=(waiting,))  # type: ignore[arg-type]
    lent = Future(id="refuses", name=NAME, orders=(order("sampt_battery", 1, lent=True),))  # type: ignore[arg-type]
    assert cost_of(catalogue, policy, lent, 2035) == (0.0, 0.0, 0.0)
    agrees = Future(id="agrees", name=NAME)  # type: ignore[arg-type]
    assert cost_of(catalogue, policy, agrees, 2035).low > 100e6


def test_gates_of_a_battery_are_those_of_its_parts_too(catalogue: Catalogue) -> None:
    found = {(gate.system, gate.state) for gate in gates_of(catalogue, ["siper_battery"])}
    assert ("siper_b1", "US") in found and ("siper_b1", "TR") not in found  # no effect known at home
    sampt = {(gate.state, gate.gate): gate for gate in gates_of(catalogue, ["sampt_ng_battery"])}
    assert sampt["FR", "sale"].effect == "blocks" and sampt["FR", "sale"].status == "active"
    assert ("IT", "sale") not in sampt  # lifted


def test_the_country_itself_holds_no_gate(study: Study, catalogue: Catalogue) -> None:
    units = force_of(study, "base-2030-sampt-ng").units
    assert {"FR", "IT", "RU", "US"} <= set(holders(catalogue, units, "TR"))
    assert "TR" not in holders(catalogue, units, "TR")


def test_a_sensor_is_no_fire_unit_and_a_linked_system_counts(study: Study, catalogue: Catalogue) -> None:
    base, linked = (force_of(study, name) for name in ("base-2025", "base-2025-s400-linked"))
    armed = sum(unit.count for unit in base.units if catalogue.items[unit.system].kind != "sensor")
    on, every = on_picture(catalogue, base, "hakim")
    assert every == armed and on_picture(catalogue, linked, "hakim") == (on + 2, every)
    assert on_picture(catalogue, force_of(study, "base-2025-alone"), "nato")[0] == 0
