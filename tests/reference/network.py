"""Who hears whom: the one chosen path between each two nodes that are up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Link = tuple[int, int, int]


def chosen_paths(links: Mapping[int, Link], is_up: Sequence[bool]) -> list[list[list[int] | None]]:
    """Links of the path from each node (row) to each node (column), first link first; None: not reached.

    Parameters
    ----------
    links : mapping of link index to (from node, to node, delay in ms)
        Only those that carry the message.
    is_up : (node,) bool

    Notes
    -----
    Least delay; of these the fewest hops; of these the path whose last link has the lowest index, and so back link by
    link. Found by relaxing (delay, hops) until nothing improves.
    """
    live = {index: link for index, link in links.items() if is_up[link[0]] and is_up[link[1]]}
    table: list[list[list[int] | None]] = []
    for source, source_up in enumerate(is_up):
        best: dict[int, tuple[int, int]] = {source: (0, 0)} if source_up else {}
        improved = True
        while improved:
            improved = False
            for a, b, ms in live.values():
                if a in best:
                    offer = (best[a][0] + ms, best[a][1] + 1)
                    if b not in best or offer < best[b]:
                        best[b] = offer
                        improved = True
        table.append([_walk_back(node, best, live) if node in best else None for node in range(len(is_up))])
    return table


def _walk_back(node: int, best: Mapping[int, tuple[int, int]], live: Mapping[int, Link]) -> list[int]:
    path: list[int] = []
    while best[node][1] > 0:
        before = {i: best[a] for i, (a, b, _) in live.items() if b == node and a in best}
        index = min(i for i, (ms, hops) in before.items() if (ms + live[i][2], hops + 1) == best[node])
        path.insert(0, index)
        node = live[index][0]
    return path
