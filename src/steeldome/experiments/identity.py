"""Which program made a run: a digest of the sources that numbers depend on, and the versions of what they stand on."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]
#: Rooms whose code decides what the tables and the rows say.
ROOMS: Final = ("compiler", "engine", "inputs", "kernels", "results")
COMPILED_ROOMS: Final = ("compiler", "engine", "kernels", "results")
_PACKAGES: Final = ("numba", "numpy", "pyarrow", "pydantic", "pyproj")


def source_digest(rooms: tuple[str, ...] = ROOMS) -> str:
    """SHA-256 over the Python sources of some rooms and the modules below them, as 64 hexadecimal digits."""
    files = [*_PACKAGE.glob("*.py"), *(path for room in rooms for path in (_PACKAGE / room).rglob("*.py"))]
    digest = hashlib.sha256()
    for path in sorted(files):
        if path != _PACKAGE / "__init__.py":
            digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def data_digest() -> str:
    """SHA-256 over the shipped data that a study can stand on: catalogue cards and terrain."""
    digest = hashlib.sha256()
    data = _PACKAGE / "data"
    for path in sorted(path for path in data.rglob("*") if path.is_file() and path.parts[len(data.parts)] != "studies"):
        digest.update(f"{path.relative_to(data).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of Steeldome, Python and the packages that touch numbers."""
    listed = {name: version(name) for name in ("steeldome", *_PACKAGES)}
    return {**listed, "python": platform.python_version()}


def processor() -> str:
    """Name of the processor as the system gives it, without anything that names the machine or its user."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()} ({platform.system()} {platform.machine()})"
