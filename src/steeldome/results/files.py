"""Writing files so that they are whole or not there: every call to the operating system goes through one seam."""

import io
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_TEMPORARY = ".part"


def _free_space(folder: Path) -> int:
    return shutil.disk_usage(folder).free


class Files(NamedTuple):
    """The calls that change what is on disk; a test puts failing ones in their place.

    Attributes
    ----------
    open, write, fsync, rename
        As `os.open`, `os.write`, `os.fsync`, `os.replace`.
    free_space : callable
        Bytes left on the file system of a folder.
    """

    open: Callable[[str, int, int], int] = os.open
    write: Callable[[int, bytes], int] = os.write
    fsync: Callable[[int], None] = os.fsync
    rename: Callable[[str, str], None] = os.replace
    free_space: Callable[[Path], int] = _free_space


class Sink(io.RawIOBase):
    """A new file, written through the seam; it gets its name only when `keep` is called."""

    def __init__(self, path: Path, files: Files) -> None:
        super().__init__()
        self._path = path
        self._files = files
        self._part = str(path) + _TEMPORARY
        self._at = 0
        self._descriptor = files.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

    def writable(self) -> bool:
        """True: that is what it is for."""
        return True

    def tell(self) -> int:
        """Bytes written so far."""
        return self._at

    def write(self, data: object) -> int:
        """Append all of the bytes."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        write_all(self._descriptor, view, self._files)
        self._at += len(view)
        return len(view)

    def keep(self) -> None:
        """Make the bytes durable and give the file its name; the folder is made durable by `sync_folder`."""
        try:
            self._files.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)
            self._descriptor = -1
        self._files.rename(self._part, str(self._path))

    def discard(self) -> None:
        """Leave nothing behind; does nothing after `keep` went well."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        with suppress(OSError):
            os.unlink(self._part)


def write_all(descriptor: int, data: memoryview, files: Files) -> None:
    """Write every byte, also when the system takes them in pieces."""
    while len(data):
        data = data[files.write(descriptor, bytes(data)) :]


def write_file(path: Path, data: bytes, files: Files) -> None:
    """Put a file in place: temporary name in the same folder, flush, fsync, rename."""
    sink = Sink(path, files)
    try:
        sink.write(data)
        sink.keep()
    finally:
        sink.discard()


def sync_folder(folder: Path, files: Files) -> None:
    """Make the names in a folder durable."""
    descriptor = files.open(str(folder), os.O_RDONLY, 0)
    try:
        files.fsync(descriptor)
    finally:
        os.close(descriptor)
