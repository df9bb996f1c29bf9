"""The public names exist, cost nothing until they are used, and are at most twelve."""

import subprocess
import sys

import pytest

import steeldome


def test_public_names() -> None:
    assert len(steeldome.__all__) <= 12 and set(steeldome.__all__) < set(dir(steeldome))
    for name in steeldome.__all__:
        assert getattr(steeldome, name).__module__.startswith("steeldome."), name
        assert getattr(steeldome, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        steeldome.simulate  # noqa: B018


def test_importing_the_package_imports_nothing_else() -> None:
    program = "import steeldome, sys; print([name for name in sys.modules if name.startswith('steeldome.')])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"
