"""Shortest command paths against a plain search over all simple paths."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from steeldome.compiler.tables import MAX_LINKS, MAX_NODES
from steeldome.kernels.network import NO_LINK, UNREACHABLE, shortest_paths

Table = npt.NDArray[np.int32 | np.uint16]
Link = tuple[int, int, int]


def solve(n_nodes: int, links: list[Link], node_up: list[int]) -> tuple[Table, Table]:
    """Run the kernel on a list of (a, b, delay)."""
    columns = np.array(links, np.int32).reshape(-1, 3).T
    delay = np.full((n_nodes, n_nodes), 7, np.int32)
    via = np.full((n_nodes, n_nodes), 7, np.uint16)
    a, b, ms = (np.ascontiguousarray(column) for column in columns)
    for source in range(n_nodes):
        shortest_paths(source, a, b, ms, np.array(node_up, np.uint8), delay[source], via[source])
    return delay, via


def search(n_nodes: int, links: list[Link], node_up: list[int], source: int) -> dict[int, tuple[int, int]]:
    """Least (delay, hops) from a node to each that it reaches, by walking every simple path."""
    best: dict[int, tuple[int, int]] = {}

    def walk(node: int, delay: int, seen: tuple[int, ...]) -> None:
        best[node] = min(best.get(node, (delay, len(seen))), (delay, len(seen)))
        for a, b, ms in links:
            if a == node and b not in (*seen, node) and ms >= 0 and node_up[b]:
                walk(b, delay + ms, (*seen, node))

    if node_up[source]:
        walk(source, 0, ())
    return best


def test_detour_when_the_hub_is_down() -> None:
    """A known graph: the fast way runs over node 1; without it the slow direct link is left."""
    links = [(0, 1, 100), (1, 2, 100), (0, 2, 5000), (2, 0, 1)]
    delay, via = solve(3, links, [1, 1, 1])
    assert delay.tolist() == [[0, 100, 200], [101, 0, 100], [1, 101, 0]]
    assert via.tolist() == [[NO_LINK, 0, 1], [3, NO_LINK, 1], [3, 0, NO_LINK]]
    delay, via = solve(3, links, [1, 0, 1])
    assert delay.tolist() == [[0, UNREACHABLE, 5000], [UNREACHABLE] * 3, [1, UNREACHABLE, 0]]
    assert via.tolist() == [[NO_LINK, NO_LINK, 2], [NO_LINK] * 3, [3, NO_LINK, NO_LINK]]


def test_ties_go_to_fewer_hops_then_to_the_lower_link() -> None:
    """Parallel links of equal delay, and links of zero delay both ways, which must not make a loop."""
    _, via = solve(3, [(0, 1, 0), (1, 0, 0), (1, 2, 5), (0, 2, 5), (0, 2, 5)], [1, 1, 1])
    assert via[0].tolist() == [NO_LINK, 0, 3]
    assert via[1].tolist() == [1, NO_LINK, 2]


def test_the_longest_path_of_the_largest_network() -> None:
    """255 hops along 256 nodes, and the longest delay that a path may have; one link of the same delay goes before."""
    hops, longest = MAX_NODES - 1, 2**23 - 2
    each = longest // hops
    chain = [(i, i + 1, each if i else longest - each * (hops - 1)) for i in range(hops)]
    delay, via = solve(MAX_NODES, chain, [1] * MAX_NODES)
    assert delay[0, -1] == longest
    assert via[0].tolist() == [NO_LINK, *range(hops)]
    _, via = solve(MAX_NODES, [*chain, (0, hops, longest)], [1] * MAX_NODES)
    assert via[0, -1] == hops


def test_the_last_link_of_a_full_mesh_is_told_from_none() -> None:
    """Every node linked with every other one, as the largest network that the tables hold."""
    pairs = [(a, b, 0) for a in range(MAX_NODES) for b in range(MAX_NODES) if a != b]
    assert len(pairs) == MAX_LINKS < NO_LINK
    delay, via = solve(MAX_NODES, pairs, [1] * MAX_NODES)
    assert not delay.any()
    assert via[-1].tolist() == [*range(MAX_LINKS - MAX_NODES + 1, MAX_LINKS), NO_LINK]


node_count = st.shared(st.integers(1, 6), key="n")


@settings(max_examples=150, deadline=None)
@given(
    n_nodes=node_count,
    links=node_count.flatmap(
        lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(-1, 4)), max_size=14)
    ),
    node_up=node_count.flatmap(lambda n: st.lists(st.sampled_from([0, 1, 1, 1]), min_size=n, max_size=n)),
)
def test_agrees_with_the_plain_search(n_nodes: int, links: list[Link], node_up: list[int]) -> None:
    """Every delay is the least; every chain of last links leads home with that delay and fewest hops."""
    delay, via = solve(n_nodes, links, node_up)
    for source in range(n_nodes):
        expected = search(n_nodes, links, node_up, source)
        for target in range(n_nodes):
            if target not in expected:
                assert (delay[source, target], via[source, target]) == (UNREACHABLE, NO_LINK)
                continue
            total = hops = 0
            node = target
            while node != source:
                a, b, ms = links[via[source, node]]
                assert b == node
                total, hops, node = total + ms, hops + 1, a
            assert (total, hops) == expected[target]
            assert delay[source, target] == total
