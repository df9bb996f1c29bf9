"""Nodes, links, delays and rules."""

import pytest

from steeldome.compiler.network import delay_row, group_doctrine, plan_command, rule_for
from steeldome.compiler.tables import MAX_NODES, THREAT_CLASSES
from steeldome.errors import ScenarioError
from steeldome.inputs.base import LocalText
from steeldome.inputs.c2 import Network
from steeldome.inputs.doctrine import Doctrine, EngagementRule

NET = Network(id="net", name=LocalText(en="N", tr="N"), coordinator="hakim_100", operators=3, members=("a", "b"))


def words(threat_class: str) -> tuple[str, ...]:
    return {"mrbm": ("mrbm", "ballistic"), "decoy_uav": ("decoy_uav", "owa_uav")}.get(threat_class, (threat_class,))


def test_members_are_linked_both_ways_and_the_rest_stand_alone() -> None:
    plan = plan_command([NET], {"a/1": "a", "b/1": "b", "c/1": "c"}, 1)
    assert set(plan.links) == {("a/1", "hakim_100"), ("hakim_100", "a/1"), ("b/1", "hakim_100"), ("hakim_100", "b/1")}
    assert plan.group_of == {"a/1": "hakim_100", "b/1": "hakim_100", "c/1": "c/1"}
    centre = next(node for node in plan.nodes if node.id == "hakim_100")
    assert centre.unit is None and centre.servers == 3


def test_a_coordinator_that_stands_in_the_laydown_can_be_lost() -> None:
    plan = plan_command([NET], {"a/1": "a", "hakim_100/1": "hakim_100"}, 1)
    centre = next(node for node in plan.nodes if node.is_coordinator)
    assert (centre.id, centre.unit, plan.group_of["a/1"]) == ("hakim_100/1", "hakim_100/1", "hakim_100/1")


def test_too_many_nodes_are_refused() -> None:
    systems = {f"a/{n}": "a" for n in range(MAX_NODES)}
    assert len(plan_command([], systems, 1).nodes) == MAX_NODES
    with pytest.raises(ScenarioError, match=f"{MAX_NODES + 1} command nodes.*at most {MAX_NODES} fit"):
        plan_command([NET], systems, 1)


def test_every_group_stands_at_a_node_of_its_name() -> None:
    plan = plan_command([NET], {"a/1": "a", "b/1": "b", "c/1": "c"}, 1)
    assert {*plan.group_of, *plan.group_of.values()} == {node.id for node in plan.nodes}


def test_delay_counts_the_attempts_that_were_lost() -> None:
    assert set(delay_row(2.0, 0.0, 3.0)) == {2000}
    row = delay_row(2.0, 0.25, 3.0)
    assert [row.count(ms) for ms in (2000, 5000, 8000)] == [24, 6, 2]


def test_the_most_specific_rule_holds() -> None:
    rules = [
        EngagementRule(applies_to="default", threat="any", salvo=1),
        EngagementRule(applies_to="default", threat="ballistic", salvo=2),
        EngagementRule(applies_to="lrad", threat="any", salvo=3),
        EngagementRule(applies_to="lrad", threat="owa_uav", salvo=4, hold=True),
    ]
    doctrine = Doctrine(policy="layered", rules=tuple(rules))
    found = {
        (c, t): rule_for(doctrine, words(t), c).salvo for c in ("lrad", "mrad") for t in ("mrbm", "decoy_uav", "cruise")
    }
    assert found == {
        ("lrad", "mrbm"): 3,
        ("lrad", "decoy_uav"): 4,
        ("lrad", "cruise"): 3,
        ("mrad", "mrbm"): 2,
        ("mrad", "decoy_uav"): 1,
        ("mrad", "cruise"): 1,
    }
    decoy = THREAT_CLASSES.index("decoy_uav")
    assert group_doctrine(doctrine, words, ["lrad"])[decoy][5] == 1
    assert group_doctrine(doctrine, words, ["lrad", "mrad"])[decoy][3:] == (1, 1, 0)
    assert group_doctrine(doctrine, words, ["mrad"])[THREAT_CLASSES.index("background")][5] == 1
