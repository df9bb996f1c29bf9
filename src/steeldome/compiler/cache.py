"""What the cases of one process share: an explicit object, passed in, that holds nothing else."""

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class CompilerCache:
    """Results of pure functions by their arguments: a case comes out the same whatever was compiled before it.

    Nearly everything belongs to one outer sample and is dropped when that sample is left, so that memory grows with the
    units and paths of a study and not with its cases.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, object] = {}
        self._held: dict[Hashable, object] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returned for this key, made now if it is not held; held until the sample is left."""
        if key not in self._held:
            self._held[key] = make()
        return self._held[key]  # type: ignore[return-value]

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """As `get`, for what is the same in every outer sample."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[return-value]

    def leave_sample(self) -> None:
        """Forget what was held; what was kept stays."""
        self._held.clear()
