"""What Steeldome raises on purpose: errors that carry every fault of an input at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """One thing that is wrong with an input, and what to type instead.

    Parameters
    ----------
    file : str
        File as the user named it; empty if the input did not come from a file.
    line : int
        Line in the file, counted from 1; 0 if it is not known.
    where : str
        Dotted path inside the file, such as ``laydowns[1].units[3].count``; empty for the file as a whole.
    message : str
        What was found, what is allowed, what to type.
    """

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        parts = [part for part in (place, self.where, self.message) if part]
        return ": ".join(parts).replace("\n", " ")


class SteeldomeError(Exception):
    """Base of everything that Steeldome raises on purpose.

    Parameters
    ----------
    faults : iterable of Fault, or str
        All faults found, in the order in which they stand in the file; a plain text counts as one fault.
    """

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        listed = (Fault("", 0, "", faults),) if isinstance(faults, str) else tuple(faults)
        self.faults: tuple[Fault, ...] = listed
        super().__init__("\n".join(str(fault) for fault in listed))

    def __reduce__(self) -> tuple[type["SteeldomeError"], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class ScenarioError(SteeldomeError):
    """A study cannot be read, or does not describe a question that can be run."""


class CatalogueError(SteeldomeError):
    """A catalogue, shipped or overlaid, cannot be read or contradicts itself."""


class ResultsError(SteeldomeError):
    """A run folder is missing, damaged, or of another format."""
