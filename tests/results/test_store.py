"""What is read is what was written, or it is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from steeldome.errors import ResultsError
from steeldome.results.files import Files
from steeldome.results.schema import ROW, empty_sums
from steeldome.results.store import (
    BATCH,
    Block,
    FileCheck,
    add_batches,
    append_lines,
    check_of,
    content_hash,
    encode_arrays,
    encode_block,
    read_arrays,
    read_block,
    read_lines,
    read_record,
    read_rows,
    sha256,
    write_record,
    write_rows,
)

FILES = Files()


def rows(n: int, seed: int = 0) -> np.ndarray:
    """Rows with every column filled."""
    rng = np.random.default_rng(seed)
    made = np.zeros(n, ROW)
    for name in ROW.names or ():
        made[name] = rng.integers(0, 60_000, n)
    return made


def block(start: int = 40, n: int = 30) -> Block:
    """A block with every part filled."""
    sums = empty_sums(2, 1, 3, 4)
    for number, array in enumerate(sums):
        array[...] = np.arange(array.size).reshape(array.shape) + number
    return Block(start, start + n, rows(n), sums, np.arange(2 * 5).reshape(2, 5))


def test_a_block_comes_back_whole_and_the_same_block_is_the_same_bytes(tmp_path: Path) -> None:
    data = encode_block(block())
    assert data == encode_block(block())
    path = tmp_path / "block.npz"
    path.write_bytes(data)
    found = read_block(path, FileCheck(len(data), sha256(data)))
    assert content_hash(found) == content_hash(block())
    other = block()
    other.rows["shots"][3] ^= 1
    assert content_hash(other) != content_hash(block())


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    np.savez(path, rows=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ResultsError, match="is not readable"):
        read_arrays(path)
    with pytest.raises(ValueError, match="pickle"):
        encode_arrays({"rows": np.array([{}], dtype=object)})


def test_any_bit_of_a_table_of_rows_is_watched(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    cases = [("base", "few", sample, rows(50, sample)) for sample in range(3)]
    write_rows(path, cases, FILES)
    for group, case in enumerate(cases):
        assert np.array_equal(read_rows(path, group), case[3])
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    for bit in rng.integers(8 * len(whole), size=200).tolist():
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        try:
            same = all(np.array_equal(read_rows(path, group), case[3]) for group, case in enumerate(cases))
        except ResultsError:
            continue
        assert same, f"bit {bit} changed a row in silence"


def test_a_torn_end_of_the_journal_does_not_exist_and_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    append_lines(path, [{"kind": "a"}, {"kind": "b"}], FILES)
    whole = path.read_bytes()
    append_lines(path, [{"kind": "c", "n": 3}], FILES)
    longer = path.read_bytes()
    for length in range(len(whole), len(longer)):
        path.write_bytes(longer[:length])
        assert [record["kind"] for record in read_lines(path)[0]] == ["a", "b"] and read_lines(path)[1] == []
        append_lines(path, [{"kind": "d"}], FILES)
        assert read_lines(path) == ([{"kind": "a"}, {"kind": "b"}, {"kind": "d"}], [])


def test_a_changed_line_of_the_journal_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    append_lines(path, [{"kind": "a", "n": 10}, {"kind": "b"}], FILES)
    path.write_bytes(path.read_bytes().replace(b'"n":10', b'"n":11'))
    assert read_lines(path) == ([{"kind": "b"}], [1])


def test_a_record_is_refused_when_a_byte_of_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_record(path, {"name": "Küçük", "n": [1, 2]}, FILES)
    whole = path.read_bytes()
    assert read_record(path) == {"name": "Küçük", "n": [1, 2]} and json.loads(whole)["n"] == [1, 2]
    for at in range(len(whole)):
        data = bytearray(whole)
        data[at] ^= 4
        path.write_bytes(data)
        with pytest.raises(ResultsError, match="has changed since it was written"):
            read_record(path)


def test_a_batch_that_a_block_boundary_cuts_is_added_up() -> None:
    whole = np.arange(12).reshape(4, 3)
    parts = [(0, whole[:2] // 1), (BATCH + 7, whole[2:] * 0 + 1), (3 * BATCH, whole[:1])]
    assert add_batches(parts).tolist() == [[0, 1, 2], [4, 5, 6], [1, 1, 1], [0, 1, 2]]


def test_a_short_write_is_continued(tmp_path: Path) -> None:
    import os

    slow = Files(write=lambda descriptor, data: os.write(descriptor, data[:3]))
    write_record(tmp_path / "a", {"kind": "abcdefgh"}, slow)
    assert read_record(tmp_path / "a") == {"kind": "abcdefgh"}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert check_of(tmp_path / "a").length == len((tmp_path / "a").read_bytes())
