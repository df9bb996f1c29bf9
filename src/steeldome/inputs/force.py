"""What stands against a raid: a laydown of the study, as it is or changed by a delta or by a policy in a future.

The id tells how it came about: ``LAYDOWN``, ``LAYDOWN-DELTA`` or ``LAYDOWN-POLICY-FUTURE``, and after that ``-alone``
for the same without what allies lend, ``-common`` for the same with the priors of the class in place of a system's own
published figures.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from steeldome.inputs.c2 import Network
from steeldome.inputs.laydown import Delta, Laydown, Removal, UnitEntry, split_variants
from steeldome.inputs.pathway import Future, Policy, delivered
from steeldome.inputs.study import Study


@dataclass(frozen=True, slots=True)
class Force:
    """What stands against a raid.

    Attributes
    ----------
    id : str
    laydown : Laydown
        Of the study; its year is the year of the force.
    delta : Delta or None
    policy, future : Policy, Future or None
        Both or none.
    variants : tuple of str
        Some of `steeldome.inputs.laydown.VARIANTS`, in that order.
    all_units : tuple of UnitEntry
        Those of the laydown first, in an order that the file's order does not change; with ``-alone`` too.
    networks : tuple of Network
        With the systems that a delta puts on their pictures.
    """

    id: str
    laydown: Laydown
    delta: Delta | None
    policy: Policy | None
    future: Future | None
    variants: tuple[str, ...]
    all_units: tuple[UnitEntry, ...]
    networks: tuple[Network, ...]

    @property
    def units(self) -> tuple[UnitEntry, ...]:
        """Units that stand there."""
        return tuple(unit for unit in self.all_units if not (self.is_alone and unit.lent))

    @property
    def is_alone(self) -> bool:
        """Whether it stands without what allies lend."""
        return "alone" in self.variants

    @property
    def year(self) -> int:
        """Year of the inventory."""
        return self.laydown.year

    @property
    def basis(self) -> Literal["brochure", "common"]:
        """Whose numbers the systems have, see `steeldome.inputs.catalogue.Basis`."""
        return "common" if "common" in self.variants else "brochure"

    @property
    def reference(self) -> str | None:
        """Id of the force that this one is compared with, of the same year and basis; None if it is a base itself."""
        if self.delta is not None or self.policy is not None:
            return _joined(self.laydown.id, *self.variants)
        return _joined(self.laydown.id, *self.variants[1:]) if "alone" in self.variants else None


def force_of(study: Study, force_id: str) -> Force:
    """The force of an id.

    Raises
    ------
    KeyError
        If the study has no such laydown, or no such change of it.
    """
    stem, variants = split_variants(force_id)
    for laydown, delta, policy, future in _combinations(study):
        parts = [part.id for part in (laydown, delta, policy, future) if part is not None]
        if _joined(*parts) == stem:
            units = _units(laydown, delta, policy, future)
            return Force(force_id, laydown, delta, policy, future, variants, units, _networks(study.networks, delta))
    raise KeyError(force_id)


def force_ids(study: Study) -> tuple[str, ...]:
    """Ids of all forces of a study, without variants: each laydown with its deltas, then policies in futures."""
    return tuple(_joined(*(part.id for part in parts if part is not None)) for parts in _combinations(study))


def is_force(study: Study, force_id: str) -> bool:
    """Whether an id, with its variants, names a force of the study."""
    return split_variants(force_id)[0] in force_ids(study)


def _combinations(study: Study) -> Iterator[tuple[Laydown, Delta | None, Policy | None, Future | None]]:
    for laydown in study.laydowns:
        yield laydown, None, None, None
        for delta in study.deltas:
            if delta.to is None or laydown.id in delta.to:
                yield laydown, delta, None, None
    if study.pathways is not None:
        by_id = {laydown.id: laydown for laydown in study.laydowns}
        for name in study.pathways.laydowns:
            for policy in study.pathways.policies:
                for future in study.pathways.futures:
                    yield by_id[name], None, policy, future


def pathway_id(laydown: str, policy: str, future: str) -> str:
    """Id of what stands if a policy meets a future."""
    return _joined(laydown, policy, future)


def _joined(*parts: str) -> str:
    return "-".join(parts)


def _units(
    laydown: Laydown, delta: Delta | None, policy: Policy | None, future: Future | None
) -> tuple[UnitEntry, ...]:
    units = _in_order(laydown.units)
    if delta is not None:
        for removal in delta.remove or ():
            units = _without(units, removal)
        units += _in_order(delta.add or ())
    if policy is not None and future is not None:
        units += _in_order(delivered(policy, future, laydown.year))
    return tuple(units)


def _in_order(units: Iterable[UnitEntry]) -> list[UnitEntry]:
    return sorted(units, key=lambda entry: (entry.lent, entry.rule, str(entry.site)))


def _without(units: list[UnitEntry], removal: Removal) -> list[UnitEntry]:
    """Take the last units of a system out; those that stay keep their names, and with them their sites and luck."""
    left, kept = removal.count, []
    for entry in reversed(units):
        taken = min(left, entry.count) if entry.system == removal.system else 0
        left -= taken
        if taken < entry.count:
            kept.append(entry.model_copy(update={"count": entry.count - taken}))
    return kept[::-1]


def _networks(networks: tuple[Network, ...], delta: Delta | None) -> tuple[Network, ...]:
    joining = (delta.join or ()) if delta is not None else ()
    return tuple(
        network.model_copy(
            update={"members": (*network.members, *(one.system for one in joining if one.network == network.id))}
        )
        for network in networks
    )
