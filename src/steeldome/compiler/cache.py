"""Geometry that several cases of one process share: an explicit object, passed in, that holds nothing else."""

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class GeometryCache:
    """Results of pure functions by their arguments; the oldest go first when it is full.

    Parameters
    ----------
    limit : int
        Entries held. A horizon mask is about 0.1 MB, a path 0.05 MB.
    """

    def __init__(self, limit: int = 4096) -> None:
        self._held: dict[Hashable, object] = {}
        self._limit = limit

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returned for this key, made now if it is not held."""
        if key not in self._held:
            if len(self._held) >= self._limit:
                del self._held[next(iter(self._held))]
            self._held[key] = make()
        return self._held[key]  # type: ignore[return-value]
