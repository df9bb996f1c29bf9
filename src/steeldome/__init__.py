"""Steeldome: which layered air and missile defence protects what, against which raid.

An open-source simulation and analysis tool that works from published data only.  A study names assets, laydowns,
doctrine and raids; Steeldome compiles it to integer tables, plays many replications of each case, and reports what
leaks, what it costs and how sure the answer is.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steeldome.compiler.compile import compile_scenario
    from steeldome.errors import SteeldomeError
    from steeldome.experiments.checking import check
    from steeldome.experiments.coverage import coverage
    from steeldome.experiments.folder import open_run
    from steeldome.experiments.runs import run
    from steeldome.inputs.catalogue import load_catalogue
    from steeldome.inputs.study import Study, load_study
    from steeldome.validation.checking import validate

__version__ = "0.1.0"
__all__ = [
    "SteeldomeError",
    "Study",
    "check",
    "compile_scenario",
    "coverage",
    "load_catalogue",
    "load_study",
    "open_run",
    "run",
    "validate",
]

# Where each public name lives; imported when it is first asked for, so that `import steeldome` costs nothing.
_HOMES = {
    "SteeldomeError": "errors",
    "Study": "inputs.study",
    "check": "experiments.checking",
    "compile_scenario": "compiler.compile",
    "coverage": "experiments.coverage",
    "load_catalogue": "inputs.catalogue",
    "load_study": "inputs.study",
    "open_run": "experiments.folder",
    "run": "experiments.runs",
    "validate": "validation.checking",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'steeldome' has no attribute '{name}'")
    return getattr(import_module(f"steeldome.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
