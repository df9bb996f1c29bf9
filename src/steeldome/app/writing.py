"""What every command that writes a file or a folder has in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steeldome.errors import Fault, ResultsError


@contextmanager
def told_where(out: Path) -> Iterator[None]:
    """Say which file or folder cannot be written.

    Raises
    ------
    ResultsError
    """
    try:
        yield
    except OSError as reason:
        message = f"cannot be written ({reason.strerror}); give another --out"
        raise ResultsError([Fault(str(out), 0, "", message)]) from reason
