"""Files of a run folder: the journal, blocks of replications, arrays and the table of rows, each with its check.

Nothing is read with pickle. A damaged file is refused with one line that names it.
"""

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.errors import Fault, ResultsError
from steeldome.results.files import Files, Sink, sync_folder, write_all, write_file
from steeldome.results.schema import ROW, Sums

Array = npt.NDArray[Any]
Record = Mapping[str, Any]

#: Replications whose totals are kept together: the clusters behind the intervals of counts that rows do not hold.
BATCH: Final = 20
_CHECK: Final = "check"
_CHECK_DIGITS: Final = 16


class Block(NamedTuple):
    """Replications ``start .. stop - 1`` of one set of tables; immutable.

    Attributes
    ----------
    rows : (stop - start,) `ROW`
    sums : Sums
        Over the sound ones.
    batches : (batch, column) i8
        Totals over replications with the same number // `BATCH`; columns as the writer of the run lays them out.
    """

    start: int
    stop: int
    rows: Array
    sums: Sums
    batches: Array


class FileCheck(NamedTuple):
    """Length in bytes and SHA-256 of a file."""

    length: int
    sha256: str


def sha256(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def check_of(path: Path) -> FileCheck:
    """Length and SHA-256 of a file on disk."""
    digest = hashlib.sha256()
    length = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            length += len(chunk)
    return FileCheck(length, digest.hexdigest())


def is_same(path: Path, check: FileCheck) -> str:
    """Empty if the file is the one that was written, else what is wrong with it."""
    try:
        if not path.is_file():
            return "is missing"
        found = check_of(path)
    except OSError as reason:
        return f"cannot be read ({reason.strerror})"
    if found.length != check.length:
        return f"has {found.length} bytes where {check.length} were written"
    return "" if found == check else "has changed since it was written"


def canonical(record: Record) -> bytes:
    """JSON in one spelling: sorted keys, no spaces, UTF-8."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def encode_checked(record: Record, indent: bool = False) -> bytes:
    """JSON of a record with a checksum of its own content inside."""
    checked = {**record, _CHECK: sha256(canonical(record))[:_CHECK_DIGITS]}
    if not indent:
        return canonical(checked)
    text = json.dumps(checked, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def decode_checked(data: bytes, indent: bool = False) -> dict[str, Any]:
    """The record inside `encode_checked` bytes.

    Raises
    ------
    ValueError
        It is not byte for byte what `encode_checked` wrote.
    """
    record = json.loads(data.decode("utf-8"))
    if not isinstance(record, dict) or _CHECK not in record:
        raise ValueError("no checksum")
    bare = {key: value for key, value in record.items() if key != _CHECK}
    if encode_checked(bare, indent) != data:
        raise ValueError("checksum does not match")
    return bare


# --- journal ---------------------------------------------------------------------------------------------------------


def append_lines(path: Path, records: Iterable[Record], files: Files) -> None:
    """Add lines to the journal and make them durable together; a torn end left by a crash is cut off first.

    Notes
    -----
    A line that is only partly on disk has no newline or no matching checksum, so it does not exist.
    """
    data = b"".join(encode_checked(record) + b"\n" for record in records)
    descriptor = files.open(str(path), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        whole = _whole_length(path)
        if os.fstat(descriptor).st_size != whole:
            os.ftruncate(descriptor, whole)
        os.lseek(descriptor, whole, os.SEEK_SET)
        write_all(descriptor, memoryview(data), files)
        files.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_lines(path: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """Records of the journal and the numbers of the lines that are damaged; a torn last line is neither."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], []
    records, damaged = [], []
    *lines, _torn = data.split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            records.append(decode_checked(line))
        except ValueError:
            damaged.append(number)
    return records, damaged


def _whole_length(path: Path) -> int:
    """Bytes up to the end of the last line that is whole."""
    with path.open("rb") as stream:
        return stream.read().rfind(b"\n") + 1


# --- arrays ----------------------------------------------------------------------------------------------------------


def encode_arrays(arrays: Mapping[str, Array]) -> bytes:
    """Named arrays as a compressed ``.npz``; the same arrays give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, array in arrays.items():
            body = io.BytesIO()
            np.lib.format.write_array(body, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), body.getvalue(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def read_arrays(path: Path, check: FileCheck | None = None, only: str = "") -> dict[str, Array]:
    """Arrays of an ``.npz``.

    Parameters
    ----------
    path : Path
    check : FileCheck, optional
        What was written.
    only : str
        Beginning of the names that are wanted; it is taken off.

    Raises
    ------
    ResultsError
        The file is not what was written.
    """
    fault = is_same(path, check) if check else ""
    if not fault:
        try:
            with np.load(path, allow_pickle=False) as archive:
                names = [name for name in archive.files if name.startswith(only)]
                return {name[len(only) :]: archive[name] for name in names}
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error):
            fault = "is not readable"
    raise ResultsError([Fault(str(path), 0, "", fault)])


def encode_block(block: Block) -> bytes:
    """A block as bytes."""
    extent = np.array([block.start, block.stop], np.int64)
    named = {f"sums/{name}": array for name, array in zip(Sums._fields, block.sums, strict=True)}
    return encode_arrays({"extent": extent, "rows": block.rows, "batches": block.batches, **named})


def read_block(path: Path, check: FileCheck) -> Block:
    """A block from its file, compared with what was written.

    Raises
    ------
    ResultsError
        The file is missing, cut or changed.
    """
    arrays = read_arrays(path, check)
    start, stop = (int(bound) for bound in arrays["extent"])
    sums = Sums(*(arrays[f"sums/{name}"] for name in Sums._fields))
    return Block(start, stop, arrays["rows"].astype(ROW, copy=False), sums, arrays["batches"])


def content_hash(block: Block) -> str:
    """SHA-256 over what a block says, whatever its compression: extent, rows, sums, batches."""
    digest = hashlib.sha256(f"{block.start} {block.stop}".encode())
    for array in (block.rows, *block.sums, block.batches):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def add_batches(parts: Sequence[tuple[int, Array]]) -> Array:
    """Batches of a whole case from those of its blocks.

    Parameters
    ----------
    parts : sequence of (start, (batch, column) i8)
        First replication and batches of each block, in order of replication.

    Returns
    -------
    (batch, column) i8
        A batch that a block boundary cuts is added up.
    """
    last = max(start // BATCH + len(batches) for start, batches in parts)
    total = np.zeros((last, parts[0][1].shape[1]), np.int64)
    for start, batches in parts:
        total[start // BATCH : start // BATCH + len(batches)] += batches
    return total


# --- rows ------------------------------------------------------------------------------------------------------------


def write_rows(path: Path, cases: Iterable[tuple[str, str, int, Array]], files: Files) -> None:
    """Rows of all cases as Parquet, one row group a case, with page checksums.

    Parameters
    ----------
    path : Path
    cases : iterable of (laydown, raid, sample, (replication,) ROW)
        Each case once, in the order of the row groups.
    files : Files
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    keys = [("laydown", pa.string()), ("raid", pa.string()), ("sample", pa.int32()), ("replication", pa.int64())]
    types = [(name, pa.from_numpy_dtype(ROW[name])) for name in ROW.names or ()]
    schema = pa.schema([*keys, *types])
    sink = Sink(path, files)
    try:
        with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, write_page_checksum=True) as writer:
            for laydown, raid, sample, rows in cases:
                n = len(rows)
                columns = [[laydown] * n, [raid] * n, np.full(n, sample, np.int32), np.arange(n)]
                columns += [np.ascontiguousarray(rows[name]) for name, _ in types]
                arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
                writer.write_table(pa.table(arrays, schema=schema), row_group_size=max(n, 1))
        sink.keep()
    finally:
        sink.discard()
    sync_folder(path.parent, files)


def read_rows(path: Path, group: int) -> Array:
    """Rows of one case, its pages checked.

    Raises
    ------
    ResultsError
        The file is missing or damaged.
    """
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as stored:
            table = stored.read_row_group(group)
    except (OSError, ValueError, IndexError) as reason:
        raise ResultsError([Fault(str(path), 0, "", "is missing or damaged")]) from reason
    rows = np.zeros(table.num_rows, ROW)
    for name in ROW.names or ():
        rows[name] = table.column(name).to_numpy()
    return rows


def write_record(path: Path, record: Record, files: Files) -> None:
    """A record as readable JSON that carries its own checksum."""
    write_file(path, encode_checked(record, indent=True), files)
    sync_folder(path.parent, files)


def read_record(path: Path) -> dict[str, Any]:
    """A record that `write_record` wrote.

    Raises
    ------
    ResultsError
        The file is missing, or not byte for byte what was written.
    """
    try:
        return decode_checked(path.read_bytes(), indent=True)
    except FileNotFoundError:
        fault = "is missing"
    except OSError as reason:
        fault = f"cannot be read ({reason.strerror})"
    except ValueError:
        fault = "has changed since it was written"
    raise ResultsError([Fault(str(path), 0, "", fault)])
