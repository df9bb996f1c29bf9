"""Which rules a set of scenarios exercises, and in what share of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from steeldome.compiler.tables import BUSY_RULES, STAGES
from steeldome.results.schema import TRUTH

from .generator import random_tables
from .machine import run_replication
from .world import Type

#: A rule seen in less than this share of scenarios is not tried.
LEAST_SHARE = 0.02

#: What must occur: events, stages (the compiler alone sets the first two), busy rules, outcomes, changes of belief.
REQUIRED = (
    *(f"event:{kind.name}" for kind in Type if kind is not Type.END),
    *(f"stage:{name}" for name in STAGES[2:]),
    *(f"busy:{name}" for name in BUSY_RULES),
    *(f"outcome:{name}" for name in TRUTH if name != "inbound"),
    "belief:UNSEEN>TRACKED",
    "belief:TRACKED>KNOWN",
    "belief:KNOWN>ENGAGED",
    "belief:ENGAGED>KNOWN",
    "belief:ENGAGED>BELIEVED_DEAD",
    "belief:BELIEVED_DEAD>KNOWN",
    "belief:TRACKED>UNSEEN",
    "belief:KNOWN>UNSEEN",
    "belief:ENGAGED>UNSEEN",
    "belief:BELIEVED_DEAD>UNSEEN",
)


def scenario_shares(seeds: Iterable[int], n_replications: int = 3) -> dict[str, float]:
    """Share of the scenarios in which each item occurs at least once in `n_replications`."""
    counts: Counter[str] = Counter()
    n_scenarios = 0
    for seed in seeds:
        tables = random_tables(seed)
        seen = set().union(*(run_replication(tables, seed, i).seen for i in range(n_replications)))
        counts.update(seen)
        n_scenarios += 1
    return {item: counts[item] / n_scenarios for item in sorted({*counts, *REQUIRED})}


def report(shares: dict[str, float]) -> str:
    """One line an item, rarest first."""
    lines = sorted(shares.items(), key=lambda pair: (pair[1], pair[0]))
    return "\n".join(f"{share:7.1%}  {item}" for item, share in lines)


def rare_items(shares: dict[str, float]) -> list[str]:
    """Items that are too rare: required ones, and any other that occurs at all."""
    return [item for item, share in shares.items() if share < LEAST_SHARE]
