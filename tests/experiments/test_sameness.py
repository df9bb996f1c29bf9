"""Promises about sameness that need processes of their own: another processor, an empty cache, two starts at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import (  # type: ignore[attr-defined]
    __cpu_dispatch__ as DISPATCHED,
)
from numpy._core._multiarray_umath import (  # type: ignore[attr-defined]
    __cpu_features__ as FEATURES,
)

CASES = [(laydown, raid, sample) for laydown in ("base-2025", "base-2025-sampt-ng") for raid in ("mrbm-single", "mixed")
         for sample in (0, 3)]  # fmt: skip
PROGRAM = """
import json, sys
from steeldome.app.compiled_code_cache import use_compiled_code_cache
use_compiled_code_cache()
import numba, numpy
from numpy._core._multiarray_umath import __cpu_features__ as features
from steeldome.compiler.tables import table_hash
from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.folder import Case
from steeldome.experiments.runs import plan_run
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import load_study
study = load_study("turkiye-steel-dome")
compile_case = CaseCompiler(study, load_catalogue(), plan_run(study))
hashes = [table_hash(compile_case(Case(*case)).tables) for case in json.loads(sys.argv[1])]
print(json.dumps({"cpu": numba.core.config.CPU_NAME or "host", "features": sorted(f for f in features if features[f]),
                  "hashes": hashes}))
"""
#: A processor of 2008: no AVX, no fused multiply-add, in NumPy, in Numba, in the C library and in OpenBLAS.
OLD = {
    "NPY_DISABLE_CPU_FEATURES": " ".join(name for name in DISPATCHED if FEATURES[name]),
    "NUMBA_CPU_NAME": "nehalem",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ",
    "OPENBLAS_CORETYPE": "Nehalem",
}


def compiled(**environment: str) -> dict[str, list[str]]:
    """Table hashes of the cases in a process with this environment."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(CASES)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_the_tables_are_the_same_on_a_processor_without_avx() -> None:
    here, old = compiled(), compiled(**OLD)
    assert old["cpu"] == "nehalem" and not set(DISPATCHED) & set(old["features"])
    assert len(set(here["hashes"])) == len(CASES)
    assert old["hashes"] == here["hashes"]


@pytest.mark.slow
def test_two_programs_that_start_at_once_from_an_empty_cache_give_one_answer(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "NUMBA_CACHE_DIR": ""}
    look = ["run", "turkiye-steel-dome", "--raid", "mixed", "--samples", "1", "--replications", "20", "--json"]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "steeldome.app.cli", *look, "--out", str(tmp_path / f"run-{number}")],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    answers = [json.loads(child.communicate()[0]) for child in started]
    assert [child.returncode for child in started] == [0, 0, 0]
    assert len({answer["result_hash"] for answer in answers}) == 1
