"""Leave out what no decision can depend on."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def reachable(n_nodes: int, link: Array) -> Array:
    """Which nodes reach which over live links, (from, to) bool; a node reaches itself."""
    reach = np.eye(n_nodes, dtype=bool)
    reach[link["a"], link["b"]] = True
    for via in range(n_nodes):
        reach |= reach[:, [via]] & reach[[via], :]
    return reach


def is_useful(arrays: Mapping[str, Array]) -> Array:
    """Which sense rows can matter to a fire unit with a launch window, (sense row,) bool.

    A row counts if its sensor's node reaches the group, or the fallback group, of a fire unit with a pair against that
    threat. Where such a group is reached by no row at all, every row of the threat stays: that somebody else held the
    track is then the finding (``no_link``).

    Notes
    -----
    Assumption: radars spend no track capacity on objects that nobody on their network can engage (favours the defence;
    capacities are far from full in raids of some hundred objects).
    """
    sense, pair, fire_unit = arrays["sense"], arrays["pair"], arrays["fire_unit"]
    n_nodes, n_threats = len(arrays["node"]), len(arrays["threat"])
    reach = reachable(n_nodes, arrays["link"])
    wanted = np.zeros((n_threats, n_nodes), dtype=bool)
    for field in ("group", "fallback"):
        group = fire_unit[field][pair["fire_unit"]]
        has_group = group >= 0
        wanted[pair["threat"][has_group], arrays["group"]["node"][group[has_group]]] = True
    source = arrays["sensor"]["node"][sense["sensor"]]
    reaches = reach[source] & wanted[sense["threat"]]
    served = np.zeros_like(wanted)
    np.logical_or.at(served, sense["threat"], reaches)
    is_blind = np.any(wanted & ~served, axis=1)
    useful: Array = reaches.any(axis=1) | is_blind[sense["threat"]]
    return useful
