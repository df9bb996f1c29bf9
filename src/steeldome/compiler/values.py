"""One outer sample of the uncertain inputs: every number that the models use, and a record of which were used."""

from collections.abc import Callable
from typing import Final

from steeldome.compiler.compiled import InputUsed
from steeldome.inputs.catalogue import Basis, Catalogue
from steeldome.inputs.prior import SHARED_BY_PEERS, UncertainInput
from steeldome.inputs.threat import ThreatGroupName

Quantile = Callable[[str], float]

_DIGITS: Final = 6  # significant, so that the last bits of a machine's arithmetic do not reach the tables


def six_digits(x: float) -> float:
    """A number rounded to six significant digits."""
    return float(f"{x:.{_DIGITS}g}")


class Values:
    """Numbers of one outer sample, SI, each drawn once by its name.

    Parameters
    ----------
    catalogue : Catalogue
        With the study's assumptions laid over its priors.
    quantile : callable of str to float, 0..1
        The sample's position in the distribution of the input of this name; 0.5 is the working value.
    basis : str
        Whether a system's own published figures come before the priors that it shares with its peers.
    """

    def __init__(self, catalogue: Catalogue, quantile: Quantile, basis: Basis = "brochure") -> None:
        self._catalogue = catalogue
        self._basis = basis
        self._quantile = quantile
        self._used: dict[str, InputUsed] = {}
        self._found: dict[tuple[str, str], float | None] = {}

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
        key = (owner_id, quantity)
        if key not in self._found:
            self._found[key] = self._drawn(self._catalogue.uncertain(owner_id, quantity, self._basis))
        found = self._found[key]
        assert found is not None
        return found

    def find(self, owner_id: str, quantity: str) -> float | None:
        """As `of`, but None if there is neither."""
        key = (owner_id, quantity)
        if key not in self._found:
            found = self._catalogue.find(owner_id, quantity, self._basis)
            self._found[key] = None if found is None else self._drawn(found)
        return self._found[key]

    def own(self, owner_id: str, quantity: str) -> float | None:
        """Number that the study gives for an item or threat alone; None if it gives none."""
        found = self._catalogue.own.get((owner_id, quantity))
        return None if found is None else self._drawn(found.input)

    def published(self, owner_id: str, quantity: str) -> float | None:
        """Published figure of an item or threat, or the study's own; None if there is none, or the prior of its peers
        comes first."""
        key = (owner_id, "published " + quantity)
        if key not in self._found:
            is_own = (owner_id, quantity) in self._catalogue.own
            gives_way = self._basis == "common" and quantity in SHARED_BY_PEERS and not is_own
            found = None if gives_way else self._catalogue.published(owner_id, quantity)
            self._found[key] = None if found is None else self._drawn(found)
        return self._found[key]

    def prior(self, quantity: str, **keys: str) -> float:
        """Number of the prior for a quantity.

        Raises
        ------
        CatalogueError
            No prior of the quantity applies.
        """
        key = (quantity, repr(sorted(keys.items())))
        if key not in self._found:
            self._found[key] = self._drawn(self._catalogue.prior(quantity, **keys))
        found = self._found[key]
        assert found is not None
        return found

    def sspk(self, effector_id: str, threat_group: ThreatGroupName) -> float:
        """Single-shot probability of kill, given intercept, of an effector against a group of threats."""
        found = self._catalogue.sspk(effector_id, threat_group)
        if found.base.origin == "rule":
            return found.base.value
        step = self._drawn(found.step) if found.step is not None else 1.0
        return six_digits(found.combine(self._drawn(found.base), step))

    def _drawn(self, found: UncertainInput) -> float:
        if found.name not in self._used:
            value = six_digits(found.quantile(self._quantile(found.drawn_as or found.name)))
            origin = "study" if found.prior_id in self._catalogue.replaced else found.origin
            self._used[found.name] = InputUsed(found.name, origin, value, found.unit)
        return self._used[found.name].value
