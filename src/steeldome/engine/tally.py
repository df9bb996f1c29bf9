"""From the final state of a replication to its row and its share of the exact sums."""

from typing import Any

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import STAGES, Tables
from steeldome.engine.jit import handler, wide
from steeldome.engine.masks import is_in
from steeldome.engine.state import (
    COST,
    DESTROYED,
    DIVERTED,
    DUDS,
    FELL_CLEAR,
    FRIENDLY,
    HITS,
    INBOUND,
    LEAKED,
    MALFUNCTIONED,
    MISSES,
    PASSED,
    SHOTS,
    STATUS,
    VALUE_LOST,
    State,
    is_up,
)
from steeldome.results.schema import CLASS_OUTCOMES, STATUS_BROKEN, STATUS_OK, Sums

NO_TRACK = STAGES.index("no_track")
NO_LINK = STAGES.index("no_link")
NOT_IDENTIFIED = STAGES.index("not_identified")
DOCTRINE_HOLD = STAGES.index("doctrine_hold")
NOT_READY = STAGES.index("not_ready")
_LAUNCHED = CLASS_OUTCOMES.index("launched")
_DESTROYED = CLASS_OUTCOMES.index("destroyed")
_DIVERTED = CLASS_OUTCOMES.index("diverted")
_MALFUNCTIONED = CLASS_OUTCOMES.index("malfunctioned")
_LEAKED = CLASS_OUTCOMES.index("leaked")
_FELL_CLEAR = CLASS_OUTCOMES.index("fell_clear")
_LEAKED_COVERED = CLASS_OUTCOMES.index("leaked_covered")
_SHOTS = CLASS_OUTCOMES.index("shots")
N_OUTCOMES = len(CLASS_OUTCOMES)


@handler
def settle_stages(t: Tables, s: State) -> None:
    """Give pairs that no decision ever looked at their furthest condition."""
    for pair in range(t.pair.shape[0]):
        if s.pair[pair].stage != 0:
            continue
        w = t.pair[pair]
        group = t.fire_unit[w.fire_unit].group
        unit = t.fire_unit[w.fire_unit].unit
        if s.threat[w.threat].tracked == 0:
            s.pair[pair].stage = NO_TRACK
        elif not is_up(s, unit) and s.unit[unit].lost == 0:
            s.pair[pair].stage = NOT_READY
        elif not is_in(group, s.audience[group >> 6, w.threat].was_told):
            s.pair[pair].stage = NO_LINK
        elif not is_in(group, s.audience[group >> 6, w.threat].was_known):
            s.pair[pair].stage = NOT_IDENTIFIED
        else:
            s.pair[pair].stage = DOCTRINE_HOLD


@handler
def is_sound(t: Tables, s: State, counts: npt.NDArray[np.int64]) -> bool:
    """Conservation: objects, shots and rounds all add up."""
    if counts[1:].sum() != t.threat.shape[0] or counts[INBOUND] != 0:
        return False
    if s.scalar[SHOTS] != s.scalar[HITS] + s.scalar[MISSES] + s.scalar[DUDS]:
        return False
    for k in range(t.fire_unit.shape[0]):
        state = s.fire_unit[k]
        start = wide(t.fire_unit[k].ready) + wide(t.fire_unit[k].stock)
        if wide(state.ready) + wide(state.stock) + wide(state.fired) != start or state.free < 0:
            return False
    return True


@handler
def write_row(t: Tables, s: State, row: Any, counts: npt.NDArray[np.int64]) -> None:
    """Fill one ROW record from the final state; a broken invariant sets the status."""
    counts[:] = 0
    for threat in range(t.threat.shape[0]):
        counts[s.threat[threat].truth] += 1
    if s.scalar[STATUS] == STATUS_OK and not is_sound(t, s, counts):
        s.scalar[STATUS] = STATUS_BROKEN
    row.cost = s.scalar[COST]
    row.value_lost = s.scalar[VALUE_LOST]
    row.destroyed = counts[DESTROYED]
    row.diverted = counts[DIVERTED]
    row.malfunctioned = counts[MALFUNCTIONED]
    row.leaked = counts[LEAKED]
    row.fell_clear = counts[FELL_CLEAR]
    row.passed = counts[PASSED]
    row.shots = s.scalar[SHOTS]
    row.assets_held = t.asset.shape[0] - s.asset_lost.array.sum()
    row.friendly_engaged = s.scalar[FRIENDLY]
    row.status = s.scalar[STATUS]


@handler
def add_classes(t: Tables, s: State, sums: Sums, counts: npt.NDArray[np.int64]) -> None:
    """Outcomes by class: sums, squares and products of leakers."""
    counts[:] = 0
    for threat in range(t.threat.shape[0]):
        kind = t.threat[threat].threat_class
        truth = s.threat[threat].truth
        counts[kind, _LAUNCHED] += 1
        if truth == DESTROYED:
            counts[kind, _DESTROYED] += 1
        elif truth == DIVERTED:
            counts[kind, _DIVERTED] += 1
        elif truth == MALFUNCTIONED:
            counts[kind, _MALFUNCTIONED] += 1
        elif truth == FELL_CLEAR:
            counts[kind, _FELL_CLEAR] += 1
        elif truth == LEAKED:
            counts[kind, _LEAKED] += 1
            if t.threat_pair_first[threat + 1] > t.threat_pair_first[threat]:
                counts[kind, _LEAKED_COVERED] += 1
    for pair in range(t.pair.shape[0]):
        if s.pair[pair].shots > 0:
            counts[t.threat[t.pair[pair].threat].threat_class, _SHOTS] += s.pair[pair].shots
    n_classes = sums.class_outcomes.shape[0]
    for kind in range(n_classes):
        if counts[kind, _LAUNCHED] == 0:
            continue
        for outcome in range(N_OUTCOMES):
            value = counts[kind, outcome]
            sums.class_outcomes[kind, outcome, 0] += value
            sums.class_outcomes[kind, outcome, 1] += value * value
        for other in range(n_classes):
            sums.leaked_products[kind, other] += counts[kind, _LEAKED] * counts[other, _LEAKED]


@handler
def add_leaker(t: Tables, s: State, sums: Sums, threat: int) -> None:
    """Count a leaker at its asset, and the furthest condition that each fire unit met against it."""
    kind = t.threat[threat].threat_class
    if t.threat[threat].asset >= 0:
        sums.leaked_asset[kind, t.threat[threat].asset] += 1
    for unit in range(t.fire_unit.shape[0]):
        reason = t.static_reason[threat, unit]
        if reason < len(STAGES):
            sums.stages[kind, unit, reason] += 1
    for pair in range(t.threat_pair_first[threat], t.threat_pair_first[threat + 1]):
        sums.stages[kind, t.pair[pair].fire_unit, s.pair[pair].stage] += 1


@handler
def add_to_sums(t: Tables, s: State, sums: Sums, counts: npt.NDArray[np.int64]) -> None:
    """Add one replication to the sums; an unsound one is only counted."""
    sums.replications[s.scalar[STATUS]] += 1
    if s.scalar[STATUS] != STATUS_OK:
        return
    settle_stages(t, s)
    add_classes(t, s, sums, counts)
    for threat in range(t.threat.shape[0]):
        kind = t.threat[threat].threat_class
        if s.threat[threat].truth == LEAKED:
            add_leaker(t, s, sums, threat)
        elif s.threat[threat].killer >= 0:
            sums.kills[kind, s.threat[threat].killer] += 1
    for pair in range(t.pair.shape[0]):
        if s.pair[pair].shots > 0:
            w = t.pair[pair]
            sums.shots[t.threat[w.threat].threat_class, w.fire_unit] += s.pair[pair].shots
    for unit in range(t.fire_unit.shape[0]):
        sums.rounds[unit] += s.fire_unit[unit].fired
        if s.fire_unit[unit].ready == 0:
            sums.dry[unit] += 1
