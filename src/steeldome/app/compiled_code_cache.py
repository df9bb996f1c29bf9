"""Where compiled code is kept between starts: one folder for each state of the sources, so that none can be stale."""

import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

from steeldome.experiments.identity import COMPILED_ROOMS, source_digest

VARIABLE: Final = "NUMBA_CACHE_DIR"
UNUSED_FOR: Final = 14 * 86_400  # s after which the code of another state of the sources is thrown away


def use_compiled_code_cache() -> str:
    """Tell Numba where to keep compiled code; to be called before Numba is imported.

    The folder is ``steeldome/<digest>`` in the user's cache; the digest covers the sources that are compiled and the
    versions of Numba and Python, so another version never reads it. Numba names files by processor and replaces them
    whole, so two processes may start at once. A folder that the user chose by NUMBA_CACHE_DIR is left alone.

    Returns
    -------
    str
        Empty, or one line for the user where the cache cannot be kept.
    """
    if os.environ.get(VARIABLE):
        return ""
    stamp = f"{source_digest(COMPILED_ROOMS)} {version('numba')} {platform.python_version()} {sys.implementation.name}"
    folder = user_cache() / "steeldome" / hashlib.sha256(stamp.encode()).hexdigest()[:24]
    if _is_ours(folder):
        os.environ[VARIABLE] = str(folder)
        os.utime(folder)
        _throw_old_away(folder.parent)
        return ""
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix="steeldome-")
    return f"{folder}: cannot be written; compiled code is kept in {os.environ[VARIABLE]} for this time only"


def user_cache() -> Path:
    """The user's cache folder, after the XDG base directory specification."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    return Path(named) if os.path.isabs(named) else Path(os.path.expanduser("~")) / ".cache"


def _throw_old_away(folder: Path) -> None:
    """Remove what no start has used for long; a folder holds about 100 MB."""
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > UNUSED_FOR:
            shutil.rmtree(old, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Whether the folder is there, can be written, and belongs to this user alone: code is loaded from it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return False
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
