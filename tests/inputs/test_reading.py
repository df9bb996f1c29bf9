"""Strict reading: text leaves with lines, what is refused, and how fast."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.errors import CatalogueError, Fault, ScenarioError, SteeldomeError
from steeldome.inputs.base import Id, Input, LengthValue, Probability, Value
from steeldome.inputs.reading import MAX_DEPTH, at, build, matches, parse_yaml, read_yaml


def read(text: str):
    return parse_yaml(text.encode(), "study.yaml")


def faults_of(text: str) -> list[str]:
    try:
        return [str(fault) for fault in read(text).faults]
    except SteeldomeError as error:
        return str(error).splitlines()


def test_scalars_stay_text_and_only_the_core_nulls_are_none():
    tree = read("a: [1:30, 010, NO, 1e5, 2026-01-01, true, '~', \"\", ~, null, Null, NULL, x]\nb:\n")
    assert tree.root == {
        "a": ["1:30", "010", "NO", "1e5", "2026-01-01", "true", "~", "", None, None, None, None, "x"],
        "b": None,
    }
    assert tree.faults == ()


def test_the_plain_parser_reads_the_same_tree(monkeypatch):
    text = "a: [&x 1, 'b', \"c\"]\nd:\n  - {e: , f: !!int 2}\n  - |\n    g\n    h\n"
    fast = read(text)
    monkeypatch.delattr("yaml.CSafeLoader")
    plain = read(text)
    assert (plain.root, dict(plain.lines), plain.faults) == (fast.root, dict(fast.lines), fast.faults)


def test_every_value_knows_its_line():
    tree = read("# note\na:\n  - x: 1\n    y: {z: 2,\n      w: 3}\n  - 4\nb: |\n  text\n")
    lines = {"a": 2, ("a", 0): 3, ("a", 0, "x"): 3, ("a", 0, "y", "w"): 5, ("a", 1): 6, "b": 7}
    assert {place: tree.line(place if isinstance(place, tuple) else (place,)) for place in lines} == lines
    assert tree.line(("a", 0, "missing")) == 3


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: &x 1", "study.yaml:1: a: anchor '&x' is not allowed; write the value where it is needed"),
        ("a: 1\nb: *x", "study.yaml:2: b: alias '*x' is not allowed; write the value out"),
        ("a: !!int 1", "study.yaml:1: a: tag '!!int' is not allowed; "),
        ("a: ! 1", "study.yaml:1: a: tag '!' is not allowed; "),
        ("a: !!python/object/apply:os.system [ls]", "study.yaml:1: a: tag '!!python/object/apply:os.system' is not"),
        ("a: 1\nb:\n  c: 1\n  c: 2", "study.yaml:4: b.c: key 'c' is already given in line 3; remove one of the two"),
        ("a: {<<: {b: 1}}", "study.yaml:1: a: merge key '<<' is not allowed; write the keys out"),
        ("a: 1\n---\nb: 1", "study.yaml:2: a second document begins here; one file holds one document, remove '---'"),
        ("%TAG ! x:\n---\na: 1", "study.yaml:1: directives are not allowed; remove the line that begins with '%'"),
        ("? [a, b]\n: 1", "study.yaml:1: a key must be one word; write 'key: value'"),
        ("? *x\n: 1", "study.yaml:1: a key must be one word; write 'key: value'"),
        ("~: 1", "study.yaml:1: a key is empty; write 'key: value'"),
        ("a: 1\nb: [1, 2", "study.yaml:3: is not YAML here: "),
        ("a: 1\n\tb: 2", "study.yaml:2: is not YAML here: "),
        ("", "study.yaml:1: is empty; a mapping is needed"),
        ('a: 1\nb: "x\\0y"', "study.yaml:2: b: contains the control character U+0000; remove it"),
        ("a: 1\nb: x\u202ey", "study.yaml:2: contains the control character U+202E; remove it"),
    ],
)
def test_each_refusal_is_one_line(text, fault):
    found = faults_of(text)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_bytes_that_are_not_text_are_refused_and_a_byte_order_mark_is_dropped():
    assert parse_yaml(b"\xef\xbb\xbfa: 1", "study.yaml").root == {"a": "1"}
    with pytest.raises(ScenarioError, match="is not UTF-8 text"):
        parse_yaml(b"a: 1\nb: \xff", "study.yaml")
    with pytest.raises(ScenarioError, match="control character"):
        parse_yaml(b"a: \x00", "study.yaml")


def test_depth_size_and_number_of_values_are_bounded(tmp_path):
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).faults == ()
    started = time.process_time()
    assert "nested more than 64 deep" in faults_of("[" * 500_000)[0]
    assert "more than 200000 values" in faults_of("[" + "1," * 200_001 + "]")[0]
    with pytest.raises(CatalogueError, match="larger than 10 bytes"):
        parse_yaml(b"a: 1234567890", "x.yaml", max_bytes=10, error=CatalogueError)
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_yaml(tmp_path)
    assert time.process_time() - started < 4.0


def test_a_file_of_300_kilobytes_reads_fast():
    line = "  - {id: x, value: 40, low: 35, high: 45, unit: km, source_id: press_2024, note: words and more words}\n"
    text = "items:\n" + line * (300_000 // len(line))
    seconds = []
    for _ in range(3):
        started = time.process_time()
        read(text)
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.25


@given(st.text(alphabet="ab:-?*&!|>'\"{}[],# \n\t%~<0\u00e7", max_size=60))
def test_any_text_is_a_tree_or_faults_with_lines(text):
    try:
        tree = read(text)
    except SteeldomeError as error:
        assert error.faults
        assert all(fault.file == "study.yaml" and "\n" not in str(fault) for fault in error.faults)
    else:
        assert all(1 <= line <= text.count("\n") + 2 for line in tree.lines.values())


class Part(Input):
    id: Id
    chance: Probability
    reach: LengthValue | None = None


class Whole(Input):
    parts: tuple[Part, ...]


def test_schema_faults_come_all_at_once_with_their_places():
    tree = read(
        "parts:\n"
        "  - {id: a, chanse: 0.3}\n"
        "  - {id: A, chance: 1.2}\n"
        "  - {id: !!str b, chance: 30 %, reach: {value: 40, unit: s, source_id: x}}\n"
        "  - {id: c, chance: [1], reach: {value: 1e400, unit: km, low: 4, source_id: x}}\n"
    )
    with pytest.raises(CatalogueError) as refusal:
        build(Whole, tree, error=CatalogueError)
    assert [(fault.line, fault.where, fault.message[:40]) for fault in refusal.value.faults] == [
        (2, "parts[0].chanse", "unknown key 'chanse'. Did you mean 'chan"),
        (3, "parts[1].id", "'A' is not an id; use 1 to 63 small lett"),
        (3, "parts[1].chance", "must be in 0..1, got 1.2"),
        (4, "parts[2].id", "tag '!!str' is not allowed; a file holds"),
        (4, "parts[2].reach", "unit 's' is for time; length is needed, "),
        (5, "parts[3].chance", "one value is needed, not a list; write f"),
        (5, "parts[3].reach.value", "'1e400' is too large; it must be finite"),
    ]


def test_a_value_is_held_in_si_with_its_source():
    tree = read("{value: 40, low: 35, unit: km, source_id: press_2024, alt_source_ids: [b]}")
    value = build(Value, tree)
    assert (value.value, value.low, value.high, value.dimension) == (40_000.0, 35_000.0, None, "length")
    for text, message in (
        ("{value: 40, unit: km}", "has a number but no source"),
        ("{value: 40, low: 41, unit: km, source_id: x}", "out of order"),
        ("{value: 40 km, unit: km, source_id: x}", "'40 km' is not a number"),
        ("{value: 40, unit: parsec, source_id: x}", "no unit 'parsec'"),
    ):
        with pytest.raises(ScenarioError, match=message) as refusal:
            build(Value, read(text))
        assert len(refusal.value.faults) == 1


def test_patterns_walk_trees_and_inputs_alike():
    tree = read("parts: [{id: a, chance: 1}, {id: b, chance: 0}]")
    for owner in (tree.root, build(Whole, tree)):
        assert list(matches(owner, ("parts", "*", "id"))) == [(("parts", 0, "id"), "a"), (("parts", 1, "id"), "b")]
        assert at(owner, ("parts", 2, "id")) is None


def test_faults_print_what_they_know():
    assert str(Fault("a.yaml", 3, "x", "m")) == "a.yaml:3: x: m"
    assert str(Fault("a.yaml", 0, "", "m")) == "a.yaml: m"
    assert str(Fault("", 0, "x", "m\nn")) == "x: m n"
