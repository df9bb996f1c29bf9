"""Who can withhold what from an item: the veto gates of the record, active blocks first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, get_args

from steeldome.inputs.record import GateEffect, GateName, GateStatus, VetoGate
from steeldome.units import UNITS

GATES: Final[tuple[GateName, ...]] = get_args(GateName)
STATUSES: Final[tuple[GateStatus, ...]] = get_args(GateStatus)
EFFECTS: Final[tuple[GateEffect, ...]] = get_args(GateEffect)


@dataclass(frozen=True, slots=True)
class GateRow:
    """One veto gate of a card.

    Attributes
    ----------
    system : str
        Id of the item that the gate is of: the card's own, or one of its parts.
    state : str
        ISO 3166-1 alpha-2, ``NATO``, or ``XX`` for an unnamed state.
    value_months, low_months, high_months : float
        Time constant: the length of a hold for ``sale``, ``co_production`` and ``third_party_component``, else the time
        from a refusal to the felt loss.
    is_judged : bool
        True if the gate was judged and is not published.
    source_ids : tuple of str
        The source, then others that agree or bound it.
    """

    system: str
    state: str
    gate: GateName
    effect: GateEffect
    status: GateStatus
    value_months: float
    low_months: float
    high_months: float
    is_judged: bool
    source_ids: tuple[str, ...]
    note: str


def gate_rows(gates: Iterable[VetoGate], systems: Iterable[str]) -> tuple[GateRow, ...]:
    """Gates of some items: by status, then effect, then state, gate and item.

    Parameters
    ----------
    gates : iterable of VetoGate
    systems : iterable of str
        Ids of the items; the first comes first among equals.
    """
    order = {system: place for place, system in enumerate(systems)}
    found = [_row(gate) for gate in gates if gate.system in order]
    return tuple(
        sorted(
            found,
            key=lambda row: (
                STATUSES.index(row.status),
                EFFECTS.index(row.effect),
                row.state,
                GATES.index(row.gate),
                order[row.system],
            ),
        )
    )


def _row(gate: VetoGate) -> GateRow:
    month = float(UNITS["month"].factor)
    value, low, high = (
        float(f"{seconds / month:.12g}")
        for seconds in (gate.time_constant.value, gate.time_constant.low, gate.time_constant.high)
    )
    return GateRow(
        system=gate.system,
        state=gate.state,
        gate=gate.gate,
        effect=gate.effect,
        status=gate.status,
        value_months=value,
        low_months=low,
        high_months=high,
        is_judged=gate.assumption,
        source_ids=(gate.source_id, *gate.alt_source_ids),
        note=gate.note or "",
    )
