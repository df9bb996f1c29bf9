"""Delay and availability of command paths: shortest paths over a small directed graph, in integers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

#: Delay between two nodes that no path of live nodes and links joins; later than every event.
UNREACHABLE: Final = 2**31 - 1

_HOP_BITS = 7  # a shortest path over at most 64 nodes has at most 63 hops


@njit(cache=True)
def shortest_paths(
    n_nodes: int,
    link_a: npt.NDArray[np.int32],
    link_b: npt.NDArray[np.int32],
    link_delay_ms: npt.NDArray[np.int32],
    node_up: npt.NDArray[np.uint8],
    delay: npt.NDArray[np.int32],
    via: npt.NDArray[np.int32],
) -> None:
    """Least delay between all nodes that are up, written into ``delay`` and ``via``.

    Parameters
    ----------
    n_nodes : int, 0..64
        Number of nodes M.
    link_a, link_b : (link,) int32, 0..M - 1
        A link carries messages from node a to node b; a two-way link is two rows.
    link_delay_ms : (link,) int32, milliseconds
        Delay of each link; negative: the link is down. A path may sum to at most 2**24 ms (4.6 hours).
    node_up : (node,) uint8
        0: the node is down; it neither sends, receives nor relays.
    delay : (node, node) int32, milliseconds, output
        Least delay from row to column; 0 on the diagonal of a live node; ``UNREACHABLE`` where there is no path.
    via : (node, node) int32, output
        Last link of the chosen path from row to column; -1 on the diagonal and where there is no path. Following
        ``via[row, link_a[via[row, column]]]`` leads back to the row.

    Notes
    -----
    Bellman-Ford relaxation from each node. Of paths with equal delay the one with fewest hops counts, then the one
    whose last link has the lowest index; so the answer is unique, and links of zero delay make no loop.
    """
    n_links = link_a.shape[0]
    for source in range(n_nodes):
        cost = delay[source]  # delay << 7 | hops while the relaxation runs
        last = via[source]
        for node in range(n_nodes):
            cost[node] = UNREACHABLE
            last[node] = -1
        if node_up[source] == 0:
            continue
        cost[source] = 0
        is_changed = True
        while is_changed:
            is_changed = False
            for link in range(n_links):
                a = link_a[link]
                b = link_b[link]
                if link_delay_ms[link] < 0 or node_up[a] == 0 or node_up[b] == 0 or cost[a] == UNREACHABLE:
                    continue
                offered = cost[a] + (link_delay_ms[link] << _HOP_BITS) + 1
                if offered < cost[b]:
                    cost[b] = offered
                    is_changed = True
        for link in range(n_links - 1, -1, -1):
            a = link_a[link]
            b = link_b[link]
            if link_delay_ms[link] < 0 or node_up[a] == 0 or node_up[b] == 0 or cost[a] == UNREACHABLE:
                continue
            if b != source and cost[a] + (link_delay_ms[link] << _HOP_BITS) + 1 == cost[b]:
                last[b] = link
        for node in range(n_nodes):
            if cost[node] != UNREACHABLE:
                cost[node] >>= _HOP_BITS
