"""Delay and availability of command paths: shortest paths over a small directed graph, in integers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

#: Delay between two nodes that no path of live nodes and links joins; later than every event.
UNREACHABLE: Final = 2**31 - 1

#: Last link of a path that has none.
NO_LINK: Final = 2**16 - 1

_HOP_BITS = 8  # a shortest path over at most 256 nodes has at most 255 hops


@njit(cache=True)
def shortest_paths(
    source: int,
    link_a: npt.NDArray[np.int32],
    link_b: npt.NDArray[np.int32],
    link_delay_ms: npt.NDArray[np.int32],
    node_up: npt.NDArray[np.uint8],
    delay: npt.NDArray[np.int32],
    via: npt.NDArray[np.uint16],
) -> None:
    """Least delay from one node to all nodes that are up, written into ``delay`` and ``via``.

    Parameters
    ----------
    source : int, 0..M - 1
        Node that the paths start from; there are M, at most 256.
    link_a, link_b : (link,) int32, 0..M - 1
        A link carries messages from node a to node b; a two-way link is two rows. Fewer than ``NO_LINK`` rows.
    link_delay_ms : (link,) int32, milliseconds
        Delay of each link; negative: the link is down. A path may sum to at most 2**23 - 2 ms (2.3 hours).
    node_up : (node,) uint8
        0: the node is down; it neither sends, receives nor relays.
    delay : (node,) int32, milliseconds, output
        Least delay to each node; 0 to a live source itself; ``UNREACHABLE`` where there is no path.
    via : (node,) uint16, output
        Last link of the chosen path to each node; ``NO_LINK`` at the source and where there is no path. Following
        ``via[link_a[via[node]]]`` leads back to the source.

    Notes
    -----
    Bellman-Ford relaxation. Of paths with equal delay the one with fewest hops counts, then the one whose last link has
    the lowest index; so the answer is unique, and links of zero delay make no loop.
    """
    n_links = link_a.shape[0]
    delay[:] = UNREACHABLE  # while the relaxation runs, delay << 8 | hops
    via[:] = NO_LINK
    if node_up[source] == 0:
        return
    delay[source] = 0
    is_changed = True
    while is_changed:
        is_changed = False
        for link in range(n_links):
            a = link_a[link]
            b = link_b[link]
            if link_delay_ms[link] < 0 or node_up[a] == 0 or node_up[b] == 0 or delay[a] == UNREACHABLE:
                continue
            offered = delay[a] + (link_delay_ms[link] << _HOP_BITS) + 1
            if offered < delay[b]:
                delay[b] = offered
                is_changed = True
    for link in range(n_links - 1, -1, -1):
        a = link_a[link]
        b = link_b[link]
        if link_delay_ms[link] < 0 or node_up[a] == 0 or node_up[b] == 0 or delay[a] == UNREACHABLE:
            continue
        if b != source and delay[a] + (link_delay_ms[link] << _HOP_BITS) + 1 == delay[b]:
            via[b] = link
    for node in range(delay.shape[0]):
        if delay[node] != UNREACHABLE:
            delay[node] >>= _HOP_BITS
