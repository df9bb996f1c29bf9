"""Edits of a study's text: every character that is not asked to change stays where it is, comments and layout included.

The parser says where each node stands, and the new text is spliced in there. A library that reads and writes comments
(ruamel.yaml, 0.17 to 0.19) was tried first: behind some of them it loses a line break, and the text then says another
thing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

import yaml

ASSUMPTIONS: Final = "assumptions"


class _Splice(NamedTuple):
    """Text that takes the place of what stands from ``start`` up to ``end``, both in characters."""

    start: int
    end: int
    text: str


def with_assumptions(text: str, changed: Mapping[int, Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> str:
    """A study's text with other assumptions.

    Parameters
    ----------
    text : str
        YAML that the strict reader accepts.
    changed : mapping of int to mapping
        Keys of standing entries, by their number; a key that is missing is taken out.
    new : sequence of mapping
        Keys of entries to add, at the head of the list. Texts that need no quotes.
    """
    root = cast(Any, yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    listed: Any = next((value for key, value in root.value if key.value == ASSUMPTIONS), None)
    splices = list(_insertion(text, root, listed, [_flow(keys) for keys in new])) if new else []
    for number, keys in changed.items():
        assert listed is not None
        splices += _change(text, listed.value[number], keys)
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def _flow(keys: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in keys.items()) + "}"


def _insertion(text: str, root: Any, listed: Any, entries: list[str]) -> Iterator[_Splice]:
    """Where new entries go: to the head of the list, or into one that is made for them."""
    if listed is None and root.flow_style:
        start = root.start_mark.index + 1
        yield _Splice(start, start, f"{ASSUMPTIONS}: [{', '.join(entries)}], ")
    elif listed is None:
        end = _line_end(text, _last(root).end_mark.index)
        yield _Splice(end, end, "\n".join(["", f"{ASSUMPTIONS}:", *(f"  - {entry}" for entry in entries)]))
    elif listed.flow_style and (listed.value or root.flow_style):
        start = listed.start_mark.index + 1
        yield _Splice(start, start, ", ".join(entries) + (", " if listed.value else ""))
    elif listed.flow_style:
        start, end = listed.start_mark.index, listed.end_mark.index
        yield _Splice(len(text[:start].rstrip(" ")), end, "")
        end = _line_end(text, end)
        yield _Splice(end, end, "".join(f"\n  - {entry}" for entry in entries))
    else:
        mark = listed.start_mark
        yield _Splice(mark.index, mark.index, "".join(f"- {entry}\n{' ' * mark.column}" for entry in entries))


def _change(text: str, entry: Any, keys: Mapping[str, str]) -> Iterator[_Splice]:
    """Give an entry its keys; new ones come before the last that stays."""
    standing = [key.value for key, _ in entry.value]
    last = next(key.start_mark for key, _ in reversed(entry.value) if key.value in keys)
    separator = ", " if entry.flow_style else f"\n{' ' * last.column}"
    added = "".join(f"{key}: {new}{separator}" for key, new in keys.items() if key not in standing)
    yield _Splice(last.index, last.index, added)
    for number, (key, value) in enumerate(entry.value):
        start = value.start_mark.index
        # The mark at the end of a text of several lines stands where the next text begins.
        end = start + len(text[start : value.end_mark.index].rstrip())
        if key.value in keys and value.value != keys[key.value]:
            yield _Splice(start, end, keys[key.value])
        elif key.value not in keys and number + 1 < len(entry.value):
            yield _Splice(key.start_mark.index, entry.value[number + 1][0].start_mark.index, "")
        elif key.value not in keys:
            yield _Splice(entry.value[number - 1][1].end_mark.index, end, "")


def _last(node: Any) -> Any:
    """Last scalar or flow collection inside a node; where block collections end, the next text has begun."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return node
    return _last(node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1])


def _line_end(text: str, index: int) -> int:
    """End of a line, without its line break."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found
