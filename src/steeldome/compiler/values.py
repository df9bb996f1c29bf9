"""One outer sample of the uncertain inputs: every number that the models use, and a record of which were used."""

from collections.abc import Callable, Hashable
from copy import copy
from functools import partial
from typing import Final, TypeVar

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compiled import InputUsed
from steeldome.inputs.catalogue import Basis, Catalogue
from steeldome.inputs.prior import SHARED_BY_PEERS, UncertainInput
from steeldome.inputs.threat import ThreatGroupName

Quantile = Callable[[str], float]
T = TypeVar("T")

_DIGITS: Final = 6  # significant, so that the last bits of a machine's arithmetic do not reach the tables


def six_digits(x: float) -> float:
    """A number rounded to six significant digits."""
    return float(f"{x:.{_DIGITS}g}")


class Values:
    """Numbers of one outer sample, SI, each drawn once by its name, with a record of which were used.

    Parameters
    ----------
    catalogue : Catalogue
        With the study's assumptions laid over its priors.
    quantile : callable of str to float, 0..1
        The sample's position in the distribution of the input of this name; 0.5 is the working value.
    basis : str
        Whether a system's own published figures come before the priors that it shares with its peers.
    cache : CompilerCache, optional
        Keeps from sample to sample which figure or prior answers which question.
    """

    def __init__(
        self, catalogue: Catalogue, quantile: Quantile, basis: Basis = "brochure", cache: CompilerCache | None = None
    ) -> None:
        self._catalogue = catalogue
        self._basis = basis
        self._quantile = quantile
        self._cache = cache or CompilerCache()
        self._found: dict[Hashable, InputUsed | None] = {}
        self._made: dict[Hashable, tuple[object, dict[str, InputUsed]]] = {}
        self._used: dict[str, InputUsed] = {}

    def part(self) -> "Values":
        """The same numbers, with a record of its own of which were used."""
        part = copy(self)
        part._used = {}
        return part

    def once(self, key: Hashable, make: Callable[["Values"], T]) -> T:
        """What ``make`` returned for this key, made once in the sample; what it used counts as used each time."""
        if key not in self._made:
            part = self.part()
            self._made[key] = make(part), part._used
        made, used = self._made[key]
        self._used |= used
        return made  # type: ignore[return-value]

    @property
    def used(self) -> tuple[InputUsed, ...]:
        """Every number given out so far, by name."""
        return tuple(self._used[name] for name in sorted(self._used))

    def of(self, owner_id: str, quantity: str) -> float:
        """Number for a quantity of an item or threat: published, or the prior that peers share.

        Raises
        ------
        CatalogueError
            There is neither.
        """
        asked = partial(self._catalogue.uncertain, owner_id, quantity, self._basis)
        found = self._value(("of", owner_id, quantity), asked)
        assert found is not None
        return found

    def find(self, owner_id: str, quantity: str) -> float | None:
        """As `of`, but None if there is neither."""
        asked = partial(self._catalogue.find, owner_id, quantity, self._basis)
        return self._value(("find", owner_id, quantity), asked)

    def own(self, owner_id: str, quantity: str) -> float | None:
        """Number that the study gives for an item or threat alone; None if it gives none."""
        if (owner_id, quantity) not in self._catalogue.own:
            return None
        return self._value(("own", owner_id, quantity), lambda: self._catalogue.own[owner_id, quantity].input)

    def published(self, owner_id: str, quantity: str) -> float | None:
        """Published figure of an item or threat, or the study's own; None if there is none, or the prior of its peers
        comes first."""
        is_own = (owner_id, quantity) in self._catalogue.own
        if self._basis == "common" and quantity in SHARED_BY_PEERS and not is_own:
            return None
        return self._value(("published", owner_id, quantity), partial(self._catalogue.published, owner_id, quantity))

    def prior(self, quantity: str, **keys: str) -> float:
        """Number of the prior for a quantity.

        Raises
        ------
        CatalogueError
            No prior of the quantity applies.
        """
        key = ("prior", quantity, *sorted(keys.items()))
        found = self._value(key, partial(self._catalogue.prior, quantity, **keys))
        assert found is not None
        return found

    def sspk(self, effector_id: str, threat_group: ThreatGroupName) -> float:
        """Single-shot probability of kill, given intercept, of an effector against a group of threats."""
        key = self._catalogue, "sspk", effector_id, threat_group
        found = self._cache.keep(key, partial(self._catalogue.sspk, effector_id, threat_group))
        if found.base.origin == "rule":
            return found.base.value
        step = self._use(self._drawn(found.step)) if found.step is not None else 1.0
        return six_digits(found.combine(self._use(self._drawn(found.base)), step))

    def _value(self, key: Hashable, look_up: Callable[[], UncertainInput | None]) -> float | None:
        """Value of what a look-up finds."""
        if key not in self._found:
            asked = self._cache.keep((self._catalogue, self._basis, key), look_up)
            self._found[key] = None if asked is None else self._drawn(asked)
        found = self._found[key]
        return None if found is None else self._use(found)

    def _drawn(self, found: UncertainInput) -> InputUsed:
        value = six_digits(found.quantile(self._quantile(found.drawn_as or found.name)))
        origin = "study" if found.prior_id in self._catalogue.replaced else found.origin
        return InputUsed(found.name, origin, value, found.unit)

    def _use(self, drawn: InputUsed) -> float:
        self._used[drawn.name] = drawn
        return drawn.value
