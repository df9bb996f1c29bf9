"""Files of a catalogue folder to inputs: each entry is built by itself, so that every fault of every file is seen."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from steeldome.errors import CatalogueError, Fault
from steeldome.inputs.base import Input, Source, describe
from steeldome.inputs.item import Item
from steeldome.inputs.prior import NotModelled, Prior
from steeldome.inputs.reading import UNKNOWN_KEY, Place, Tree, parse_yaml, suggest, validate
from steeldome.inputs.record import (
    ClassRate,
    Contract,
    Event,
    ExchangeRate,
    Fact,
    HostedUnit,
    Integration,
    Offer,
    VetoGate,
)
from steeldome.inputs.threat import InterceptorCost, TextbookRcs, ThreatClass, ThreatType

CATALOGUE_FORMAT: Final = 1

M = TypeVar("M", bound=Input)

#: What may stand in each file: section by section, the type of its entries.
FILES: Final[Mapping[str, Mapping[str, type[Input]]]] = {
    "effectors.yaml": {"items": Item},
    "batteries.yaml": {"items": Item},
    "sensors.yaml": {"items": Item},
    "c2.yaml": {"items": Item},
    "launchers_and_systems.yaml": {"items": Item},
    "threats.yaml": {
        "threat_classes": ThreatClass,
        "threats": ThreatType,
        "textbook_rcs": TextbookRcs,
        "interceptor_costs": InterceptorCost,
    },
    "sources.yaml": {"sources": Source},
    "records.yaml": {
        "exchange_rates": ExchangeRate,
        "integration": Integration,
        "timeline": Event,
        "contracts": Contract,
        "s400_f35_offers": Offer,
        "f35_facts": Fact,
        "hosted_units": HostedUnit,
        "class_rates": ClassRate,
        "veto_gates": VetoGate,
    },
    "priors.yaml": {"priors": Prior, "not_modelled": NotModelled},
}

#: Kinds of item that belong in a file.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "effectors.yaml": ("effector",),
    "batteries.yaml": ("battery",),
    "sensors.yaml": ("sensor",),
    "c2.yaml": ("c2",),
    "launchers_and_systems.yaml": ("launcher", "system"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One built entry with the place where it stands."""

    built: Input
    tree: Tree
    place: Place

    def fault(self, place: Place, message: str) -> Fault:
        """Fault at a place below the entry."""
        return self.tree.fault((*self.place, *place), message)


@dataclass(slots=True)
class Contents:
    """Everything that was read from a folder; ``faults`` holds what was refused.

    Attributes
    ----------
    entries : dict of str to list of Entry
        By section; items of all files together.
    broken : set of str
        Sections of which at least one entry was refused.
    source_ids : set of str
        Ids of sources, refused ones included.
    digest : str
        SHA-256 of the files, in the order of their names, independent of line ends.
    """

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    source_ids: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    digest: str = ""

    def all_of(self, section: str, model: type[M]) -> Iterator[tuple[Entry, M]]:
        """Entries of a section with what was built."""
        for entry in self.entries.get(section, ()):
            assert isinstance(entry.built, model)
            yield entry, entry.built

    def built(self, section: str, model: type[M]) -> tuple[M, ...]:
        """What was built from a section."""
        return tuple(found for _, found in self.all_of(section, model))


def read_folder(folder: Path) -> Contents:
    """Read all files of a catalogue.

    Parameters
    ----------
    folder : Path
        Folder with the files of `FILES`.

    Returns
    -------
    Contents
        With faults inside; nothing is raised.
    """
    contents = Contents()
    hashed = hashlib.sha256()
    for name, sections in sorted(FILES.items()):
        path = folder / name
        try:
            data = path.read_bytes()
        except OSError as reason:
            contents.faults.append(Fault(str(path), 0, "", f"cannot be read: {reason.strerror or reason}"))
            contents.broken.update(sections)
            continue
        plain = data.replace(b"\r\n", b"\n")
        hashed.update(f"{name}\0{len(plain)}\0".encode() + plain)
        try:
            tree = parse_yaml(data, str(path), error=CatalogueError)
        except CatalogueError as error:
            contents.faults.extend(error.faults)
            contents.broken.update(sections)
            continue
        _read_file(contents, tree, sections)
    contents.digest = hashed.hexdigest()
    return contents


def _read_file(contents: Contents, tree: Tree, sections: Mapping[str, type[Input]]) -> None:
    contents.faults.extend(tree.faults)
    root = tree.root
    if not isinstance(root, dict):
        contents.faults.append(tree.fault((), "a mapping is needed; write 'key: value' lines"))
        contents.broken.update(sections)
        return
    if root.get("format") != str(CATALOGUE_FORMAT):
        found = describe(root.get("format"))
        message = f"{found} is not a format that this version reads; write 'format: {CATALOGUE_FORMAT}'"
        contents.faults.append(tree.fault(("format",), message))
    allowed = ["format", *sections]
    for key in root:
        if key not in allowed:
            hint = suggest(key, allowed) or f"; allowed: {', '.join(allowed)}"
            contents.faults.append(tree.fault((key,), f"{UNKNOWN_KEY} '{key}'{hint}"))
    for section, model in sections.items():
        for place in _places(contents, tree, section, is_mapping=model is Source):
            built, faults = validate(model, tree, place)
            contents.faults.extend(faults)
            if built is None:
                contents.broken.add(section)
            else:
                contents.entries.setdefault(section, []).append(Entry(built, tree, place))


def _places(contents: Contents, tree: Tree, section: str, is_mapping: bool) -> Sequence[Place]:
    """Places of the entries of a section; the only section that is a mapping is that of the sources."""
    assert isinstance(tree.root, dict)
    node = tree.root.get(section)
    if is_mapping and isinstance(node, dict):
        contents.source_ids.update(node)
        return [(section, key) for key in node]
    if not is_mapping and isinstance(node, list):
        return [(section, index) for index in range(len(node))]
    needed = "a mapping" if is_mapping else "a list"
    contents.faults.append(tree.fault((section,), f"'{section}' must be {needed}, not {describe(node)}"))
    contents.broken.add(section)
    return []


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by file and line."""
    return sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.where, fault.message))
