"""Times the compiler on the mixed raid of the shipped study: CPU time of one thread, machine code loaded before.

Example::

    python benchmarks/compiler.py --layouts 32 --json
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

from steeldome.app.compiled_code_cache import use_compiled_code_cache

#: What each sample compiles after its first case, `base-2025` against `mixed`.
MORE = {
    "another_spread": ("base-2025", "mixed-3h"),
    "one_unit_fewer": ("base-2025-no-sea", "mixed"),
    "one_unit_more": ("base-2025-sampt-ng", "mixed"),
    "another_raid": ("base-2025", "saturation"),
}


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time that some work takes, s."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(layouts: int) -> dict[str, float]:
    """Seconds a case, medians over the layouts, and the cost of all layouts of one laydown in layouts from nothing."""
    from steeldome.experiments.compiling import CaseCompiler
    from steeldome.experiments.folder import Case
    from steeldome.experiments.runs import plan_run
    from steeldome.inputs.catalogue import load_catalogue
    from steeldome.inputs.study import load_study

    study = load_study("turkiye-steel-dome")
    catalogue, plan = load_catalogue(study), plan_run(study, samples=layouts)

    def compile_all(cases: list[Case]) -> None:
        compile_case = CaseCompiler(study, catalogue, plan)
        for case in cases:
            compile_case(case)

    first = [Case("base-2025", "mixed", number) for number in range(layouts)]
    loading = cpu_seconds(lambda: compile_all(first[:1]))
    from_nothing = statistics.median(cpu_seconds(lambda: compile_all([case])) for case in first[1:4])  # noqa: B023
    together = cpu_seconds(lambda: compile_all(first))
    compile_case = CaseCompiler(study, catalogue, plan)
    taken: dict[str, list[float]] = {"first_case_of_a_sample": [], **{name: [] for name in MORE}}
    for case in first:
        asked = {"first_case_of_a_sample": case}
        asked |= {name: Case(*ids, case.sample) for name, ids in MORE.items()}
        for name, one in asked.items():
            taken[name].append(cpu_seconds(lambda: compile_case(one)))  # noqa: B023
    return {
        **{f"{name}_s": statistics.median(seconds) for name, seconds in taken.items()},
        "first_of_the_process_s": loading,
        "one_layout_from_nothing_s": from_nothing,
        "all_layouts_s": together,
        "all_in_layouts_from_nothing": together / from_nothing,
    }


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--layouts", type=int, default=32, help="outer samples, at least 4 (32)")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    use_compiled_code_cache()
    found = measure(asked.layouts)
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:32}{value:10.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
