"""Times the engine on the mixed raid of the shipped study against the plain-Python reference, in one run.

CPU time of one thread, after compilation; the two take turns, so that a slow spell of the machine meets both. Example::

    python benchmarks/engine.py --replications 2000 --rounds 3 --json
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from steeldome.app.compiled_code_cache import use_compiled_code_cache

sys.path.insert(0, str(Path(__file__).parents[1]))

LAYDOWN, RAID, SEED = "base-2025-sampt-ng", "mixed", 2025
REFERENCE_REPLICATIONS = 2


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time that some work takes, s."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(replications: int, rounds: int) -> dict[str, float]:
    """Replications a second of engine and reference, their ratio by rounds, and events a second of the engine."""
    from steeldome.compiler.compile import compile_scenario
    from steeldome.compiler.terrain import load_terrain
    from steeldome.engine.blocks import run_block
    from steeldome.inputs.catalogue import load_catalogue
    from steeldome.inputs.study import load_study
    from tests.reference.machine import run_replication

    study = load_study("turkiye-steel-dome")
    terrain = load_terrain(study.environment, study.folder)
    tables = compile_scenario(
        study, load_catalogue(study), LAYDOWN, RAID, quantile=lambda name: 0.5, layout=0, terrain=terrain
    ).tables
    cold = cpu_seconds(lambda: run_block(tables, SEED, 0, 1))
    engine, reference, n_events = [], [], 0
    for number in range(rounds):
        engine.append(replications / cpu_seconds(lambda: run_block(tables, SEED, 0, replications)))
        outcomes = []
        first = number * REFERENCE_REPLICATIONS

        def play(outcomes: list[object] = outcomes, first: int = first) -> None:
            outcomes.extend(run_replication(tables, SEED, first + i) for i in range(REFERENCE_REPLICATIONS))

        reference.append(REFERENCE_REPLICATIONS / cpu_seconds(play))
        n_events += sum(count for found in outcomes for name, count in found.seen.items() if name.startswith("event:"))
    events = n_events / (rounds * REFERENCE_REPLICATIONS)
    rate = statistics.median(engine)
    return {
        "threats": len(tables.threat),
        "fire_units": len(tables.fire_unit),
        "sensors": len(tables.sensor),
        "events_per_replication": events,
        "first_call_s": cold,
        "engine_replications_per_s": rate,
        "engine_events_per_s": rate * events,
        "reference_replications_per_s": statistics.median(reference),
        "ratio": statistics.median(a / b for a, b in zip(engine, reference, strict=True)),
    }


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replications", type=int, default=2000, help="of the engine, each round (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of engine and reference (3)")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    use_compiled_code_cache()
    found = measure(asked.replications, asked.rounds)
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:32}{value:14,.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
