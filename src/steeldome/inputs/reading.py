"""Strict YAML to inputs: every scalar stays text, every fault carries its line, all faults come at once.

The reader works on the events of the YAML parser, so nothing is ever constructed from a tag.  Anchors, aliases, tags,
merge keys, duplicate keys and further documents are refused; depth, size and number of nodes are bounded.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from steeldome.errors import Fault, ScenarioError, SteeldomeError
from steeldome.inputs.base import Example, Input, describe

Node: TypeAlias = "str | list[Node] | dict[str, Node] | None"
Place: TypeAlias = tuple[str | int, ...]
Finding: TypeAlias = tuple[Place, str]

MAX_BYTES: Final = 2_000_000
MAX_NODES: Final = 200_000
MAX_DEPTH: Final = 64
UNKNOWN_KEY: Final = "unknown key"

_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_TAG_PREFIX: Final = "tag:yaml.org,2002:"
# C0 and C1 controls, line separators that editors do not count, direction overrides, non-characters.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Tree:
    """A file as read: text leaves, the line of every place, and what was refused on the way.

    Attributes
    ----------
    file : str
        File as the user named it.
    root : Node
        Mappings, lists, text and None.
    lines : mapping of place to int
        Line (from 1) of every place; a place is a tuple of keys and indices, the root is ``()``.
    faults : tuple of Fault
        Refused anchors, tags, duplicate keys and the like; the rest of the tree is still usable.
    refused : frozenset of place
        Places that hold something refused; no further fault is reported there or below.
    """

    file: str
    root: Node
    lines: Mapping[Place, int]
    faults: tuple[Fault, ...] = ()
    refused: frozenset[Place] = frozenset()

    def line(self, place: Place) -> int:
        """Line of a place, or of the closest place that holds it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def fault(self, place: Place, message: str) -> Fault:
        """Fault at a place of this file."""
        return Fault(self.file, self.line(place), dotted(place), message)

    def is_refused(self, place: Place) -> bool:
        """Whether the place, or one that holds it, was refused by the reader."""
        return any(place[:n] in self.refused for n in range(len(place) + 1))


def dotted(place: Place) -> str:
    """Place as text, such as ``laydowns[1].units[3].count``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def suggest(found: str, allowed: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` if one of the allowed words is close, else an empty text."""
    close = difflib.get_close_matches(found, list(allowed), 1, 0.6)
    return f". Did you mean '{close[0]}'?" if close else ""


def read_yaml(path: str | Path, max_bytes: int = MAX_BYTES, error: type[SteeldomeError] = ScenarioError) -> Tree:
    """Read a YAML file strictly.

    Parameters
    ----------
    path : str or Path
        File to read.
    max_bytes : int
        Largest size allowed.
    error : type of SteeldomeError
        What to raise if the file cannot be read at all.

    Raises
    ------
    SteeldomeError
        If the file cannot be opened or is not YAML; milder faults stand in ``Tree.faults``.
    """
    return parse_yaml(read_bytes(path, max_bytes, error), str(path), max_bytes, error)


def read_bytes(path: str | Path, max_bytes: int = MAX_BYTES, error: type[SteeldomeError] = ScenarioError) -> bytes:
    """Bytes of a file, one more than allowed of one that is too large; see `read_yaml`."""
    try:
        with Path(path).open("rb") as stream:
            return stream.read(max_bytes + 1)
    except OSError as reason:
        raise error([Fault(str(path), 0, "", f"cannot be read: {reason.strerror or reason}")]) from None


def parse_yaml(data: bytes, file: str, max_bytes: int = MAX_BYTES, error: type[SteeldomeError] = ScenarioError) -> Tree:
    """Parse UTF-8 bytes strictly; see `read_yaml`."""
    return _Builder(file, error).build(decode(data, file, max_bytes, error))


def decode(data: bytes, file: str, max_bytes: int = MAX_BYTES, error: type[SteeldomeError] = ScenarioError) -> str:
    """Text of UTF-8 bytes, with or without a byte order mark; control characters are refused."""
    if len(data) > max_bytes:
        raise error([Fault(file, 0, "", f"is larger than {max_bytes} bytes; split or shorten it")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = data.count(b"\n", 0, reason.start) + 1
        raise error([Fault(file, line, "", "is not UTF-8 text; save it as UTF-8")]) from None
    control = _FORBIDDEN.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        message = f"contains the control character U+{ord(control[0]):04X}; remove it"
        raise error([Fault(file, line, "", message)])
    return text


@dataclass(slots=True)
class _Frame:
    """A mapping or list under construction; ``place`` is None where the content is thrown away."""

    node: dict[str, Node] | list[Node]
    place: Place | None
    key: str | None = None
    is_dropped: bool = False


@dataclass(slots=True)
class _Builder:
    """Turns parser events into a `Tree`."""

    file: str
    error: type[SteeldomeError]
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    refused: set[Place] = field(default_factory=set)
    stack: list[_Frame] = field(default_factory=list)
    root: Node = None
    n_nodes: int = 0
    n_documents: int = 0

    def build(self, text: str) -> Tree:
        """Read all events of one text."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(text, Loader=loader):
                self._take(event)
        except yaml.YAMLError as reason:
            mark = getattr(reason, "problem_mark", None)
            problem = getattr(reason, "problem", None) or getattr(reason, "reason", None) or "cannot be parsed"
            line = mark.line + 1 if mark else 0
            self._stop(line, f"is not YAML here: {problem}; check indentation, quotes and colons")
        if self.n_documents == 0 or self.root is None:
            self._stop(1, "is empty; a mapping is needed")
        return Tree(self.file, self.root, MappingProxyType(self.lines), tuple(self.faults), frozenset(self.refused))

    def _stop(self, line: int, message: str) -> None:
        raise self.error([*self.faults, Fault(self.file, line, "", message)])

    def _take(self, event: Any) -> None:
        kind = type(event)
        line = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            self._scalar(event, line)
        elif kind is yaml.MappingStartEvent:
            self._open({}, event, line)
        elif kind is yaml.SequenceStartEvent:
            self._open([], event, line)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()
        elif kind is yaml.AliasEvent:
            place = self._put(None, line)
            self._refuse(place, line, f"alias '*{event.anchor}' is not allowed; write the value out")
        elif kind is yaml.DocumentStartEvent:
            self.n_documents += 1
            if self.n_documents > 1:
                self._stop(line, "a second document begins here; one file holds one document, remove '---'")
            if event.version not in (None, (1, 2)) or event.tags:
                self._stop(1, "directives are not allowed; remove the line that begins with '%'")

    def _scalar(self, event: Any, line: int) -> None:
        top = self.stack[-1] if self.stack else None
        is_plain = not event.style
        text: str = event.value
        if top is not None and isinstance(top.node, dict) and top.key is None:
            self._key(top, event, None if is_plain and text in _NULLS else text, line)
            return
        place = self._put(None if is_plain and text in _NULLS else text, line)
        if event.tag is not None or (is_plain and not event.implicit[0]):
            self._refuse_tag(place, event.tag, line)
        if event.anchor is not None:
            self._report(place, line, f"anchor '&{event.anchor}' is not allowed; write the value where it is needed")
        control = _FORBIDDEN.search(text) if event.style == '"' else None
        if control:
            self._refuse(place, line, f"contains the control character U+{ord(control[0]):04X}; remove it")

    def _key(self, top: _Frame, event: Any, key: str | None, line: int) -> None:
        """Begin one entry of a mapping; a refused key drops its value."""
        top.is_dropped = True
        top.key = key or ""
        place = top.place
        if place is None:
            return
        if key is None:
            self._report(place, line, "a key is empty; write 'key: value'")
        elif event.tag is not None or event.anchor is not None:
            self._report(place, line, f"key '{key}' has a tag or an anchor; remove it")
        elif _FORBIDDEN.search(key):
            self._report(place, line, "a key contains a control character; remove it")
        elif key == "<<" and not event.style:
            self._report(place, line, "merge key '<<' is not allowed; write the keys out")
        elif key in top.node:
            first = self.lines[(*place, key)]
            self._report((*place, key), line, f"key '{key}' is already given in line {first}; remove one of the two")
        else:
            top.is_dropped = False
            self.lines[(*place, key)] = line

    def _open(self, node: dict[str, Node] | list[Node], event: Any, line: int) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.node, dict) and top.key is None:
            self._stop(line, "a key must be one word; write 'key: value'")
        place = self._put(node, line)
        if len(self.stack) >= MAX_DEPTH:
            self._stop(line, f"is nested more than {MAX_DEPTH} deep; flatten it")
        if event.tag is not None or not event.implicit:
            self._refuse_tag(place, event.tag, line)
        if event.anchor is not None:
            self._report(place, line, f"anchor '&{event.anchor}' is not allowed; write the value where it is needed")
        self.stack.append(_Frame(node, place))

    def _put(self, node: Node, line: int) -> Place | None:
        """Hang a node into the open container; the answer is its place, or None if it is thrown away."""
        self.n_nodes += 1
        if self.n_nodes > MAX_NODES:
            self._stop(line, f"has more than {MAX_NODES} values; split or shorten it")
        if not self.stack:
            self.root = node
            self.lines[()] = line
            return ()
        top = self.stack[-1]
        place: Place | None = None
        if isinstance(top.node, list):
            if top.place is not None:
                place = (*top.place, len(top.node))
                self.lines[place] = line
            top.node.append(node)
            return place
        if top.key is None:
            self._stop(line, "a key must be one word; write 'key: value'")
        if not top.is_dropped and top.place is not None and top.key is not None:
            place = (*top.place, top.key)
            top.node[top.key] = node
        top.key = None
        return place

    def _report(self, place: Place | None, line: int, message: str) -> None:
        if place is not None:
            self.faults.append(Fault(self.file, line, dotted(place), message))

    def _refuse(self, place: Place | None, line: int, message: str) -> None:
        self._report(place, line, message)
        if place is not None:
            self.refused.add(place)

    def _refuse_tag(self, place: Place | None, tag: str | None, line: int) -> None:
        shown = "!" if tag is None else tag.replace(_TAG_PREFIX, "!!")
        message = f"tag '{shown[:60]}' is not allowed; a file holds plain values and never names code; remove the tag"
        self._refuse(place, line, message)


def validate(
    model: type[M], tree: Tree, place: Place = (), context: Mapping[str, object] | None = None
) -> tuple[M | None, list[Fault]]:
    """Build an input from a tree, or say everything that is wrong with it.

    Parameters
    ----------
    model : type of input
        What to build.
    tree : Tree
        A file as read.
    place : Place
        Where in the tree the input stands.
    context : mapping, optional
        Handed to the validators of the model.

    Returns
    -------
    built : input or None
        None if anything was refused.
    faults : list of Fault
        Faults of the schema only (``tree.faults`` not included), in the order of their lines.
    """
    node = at(tree.root, place)
    try:
        return model.model_validate(node, context=dict(context or {})), []
    except ValidationError as reason:
        details = reason.errors(include_url=False)
    faults = []
    misspelt = {_misspelt(model, detail) for detail in details if detail["type"] == "extra_forbidden"}
    for detail in details:
        steps = _resolve(node, detail["loc"])
        whole = (*place, *steps)
        if tree.is_refused(whole) or (detail["type"] == "missing" and steps in misspelt):
            continue
        faults.append(tree.fault(whole, _explain(model, steps, detail)))
    return None, sorted(faults, key=lambda fault: fault.line)


def build(model: type[M], tree: Tree, place: Place = (), error: type[SteeldomeError] = ScenarioError) -> M:
    """Build an input from a tree.

    Raises
    ------
    SteeldomeError
        Of the type ``error``, with the faults of the reader and of the schema together.
    """
    built, faults = validate(model, tree, place)
    everything = sorted((*tree.faults, *faults), key=lambda fault: fault.line)
    if built is None or everything:
        raise error(everything)
    return built


def at(node: object, place: Place) -> object:
    """Node at a place of a tree or of a built input; None if there is none."""
    for step in place:
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, Input) and isinstance(step, str):
            node = getattr(node, step, None)
        elif isinstance(node, Sequence) and not isinstance(node, str) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def matches(node: object, pattern: Sequence[str]) -> Iterator[tuple[Place, object]]:
    """Places that match a pattern such as ``("raids", "*", "groups", "*", "threat")``, with what stands there.

    Works alike on the tree of a file and on a built input; ``*`` stands for every item of a list.
    """
    if not pattern:
        yield (), node
        return
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        items = node if isinstance(node, list | tuple) else ()
        for index, item in enumerate(items):
            for place, found in matches(item, rest):
                yield (index, *place), found
        return
    child = at(node, (head,))
    if child is not None:
        for place, found in matches(child, rest):
            yield (head, *place), found


def ids_at(node: object, pattern: tuple[str, ...]) -> frozenset[str] | None:
    """Ids that stand at a pattern; None if there is none or one is missing, so that one fault does not cause others."""
    items = sum(1 for _ in matches(node, pattern[:-1]))
    found = [text for _, text in matches(node, pattern) if isinstance(text, str)]
    return frozenset(found) if len(found) >= items and found else None


def _resolve(node: object, location: tuple[str | int, ...]) -> Place:
    """Place in the tree of a pydantic location, without the names that validators add to it."""
    steps: list[str | int] = []
    for index, step in enumerate(location):
        child = at(node, (step,))
        is_last = index == len(location) - 1
        if child is None and not is_last and not (isinstance(node, dict) and step in node):
            continue
        if child is None and is_last and not isinstance(node, dict | list):
            continue
        steps.append(step)
        node = child
    return tuple(steps)


def _bare(annotation: Any) -> Any:
    """Annotation without None."""
    while get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields of a model by the key that stands in a file."""
    return {known.alias or name: known for name, known in model.model_fields.items()}


def _model_at(model: Any, steps: Place) -> type[BaseModel] | None:
    """Model that describes the mapping at a place, if it is one."""
    for step in steps:
        model = _bare(model)
        if isinstance(model, type) and issubclass(model, BaseModel):
            found = _fields(model).get(str(step))
            if found is None:
                return None
            model = found.annotation
        else:
            arguments = get_args(model)
            if not arguments:
                return None
            model = arguments[1] if len(arguments) == 2 and arguments[1] is not Ellipsis else arguments[0]
        while hasattr(model, "__metadata__"):
            model = get_args(model)[0]
    model = _bare(model)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _misspelt(model: Any, detail: Any) -> Place:
    """Place of the known key that an unknown key most likely stands for."""
    *parent, key = detail["loc"]
    owner = _model_at(model, tuple(parent))
    close = difflib.get_close_matches(str(key), list(_fields(owner)), 1, 0.6) if owner else []
    return (*parent, *close) if close else ()


def _explain(model: Any, steps: Place, detail: Any) -> str:
    """Sentence for one pydantic error."""
    kind, found = detail["type"], detail["input"]
    if kind == "missing":
        owner = _model_at(model, steps[:-1])
        known = _fields(owner).get(str(steps[-1])) if owner else None
        shown = next((m.text for m in known.metadata if isinstance(m, Example)), "...") if known else "..."
        return f"is missing; write for example '{steps[-1]}: {shown}'"
    if kind == "extra_forbidden":
        owner = _model_at(model, steps[:-1])
        names = list(_fields(owner)) if owner else []
        close = suggest(str(steps[-1]), names)
        return f"{UNKNOWN_KEY} '{steps[-1]}'{close or '; allowed: ' + ', '.join(names)}"
    if kind in ("value_error", "assertion_error"):
        return str(detail["ctx"]["error"])
    if kind in ("enum", "literal_error"):
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"{describe(found)} is not known; allowed: {', '.join(allowed)}{suggest(str(found), allowed)}"
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        return f"a mapping is needed, not {describe(found)}; write 'key: value' lines"
    if kind in ("tuple_type", "list_type"):
        return f"a list is needed, not {describe(found)}; write '[a, b]' or '- a' lines"
    return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}, got {describe(found)}"
