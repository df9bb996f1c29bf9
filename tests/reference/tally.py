"""What is left of a replication (`docs/engine.md`, Afterwards; columns of `results/schema.py`)."""

from __future__ import annotations

import numpy as np

from steeldome.compiler.tables import N_CLASSES, N_STAGES
from steeldome.results.schema import CLASS_OUTCOMES, STATUS_OK, TRUTH, Sums, empty_sums

from .world import DESTROYED, DIVERTED, LEAKED, Pair, World

NO_TRACK, NO_LINK, NOT_IDENTIFIED, DOCTRINE_HOLD, NOT_READY = 3, 4, 5, 7, 8


def final_stage(world: World, pair: Pair) -> int:
    """Furthest condition met, with what the pair itself could not see."""
    belief = world.groups[pair.fire_unit.data.group].beliefs[pair.threat.row]
    if pair.stage:
        return pair.stage
    if not pair.threat.was_tracked:
        return NO_TRACK
    unit = pair.fire_unit.data.unit
    if unit >= 0 and not world.units[unit].up and not world.units[unit].lost_in_battle:
        return NOT_READY
    if not belief.was_reported:
        return NO_LINK
    return DOCTRINE_HOLD if belief.was_known else NOT_IDENTIFIED


def row_of(world: World) -> dict[str, int]:
    """Columns of `schema.ROW`."""
    row = {"cost": world.cost, "shots": sum(pair.shots for pair in world.pairs)}
    for code, name in enumerate(TRUTH):
        if name != "inbound":
            row[name] = sum(threat.truth == code for threat in world.threats)
    row["value_lost"] = sum(a.value for a, stands in zip(world.assets, world.asset_stands, strict=True) if not stands)
    row["assets_held"] = sum(world.asset_stands)
    row["friendly_engaged"] = world.friendly_engaged
    row["status"] = STATUS_OK
    return row


def sums_of(world: World, stages: list[int]) -> Sums:
    """Sums of this one replication."""
    sums = empty_sums(N_CLASSES, len(world.assets), len(world.fire_units), N_STAGES)
    sums.replications[STATUS_OK] = 1
    counts = np.zeros((N_CLASSES, len(CLASS_OUTCOMES)), dtype=np.int64)
    for threat in world.threats:
        kind = threat.data.threat_class
        counts[kind, CLASS_OUTCOMES.index("launched")] += 1
        if TRUTH[threat.truth] in CLASS_OUTCOMES:
            counts[kind, CLASS_OUTCOMES.index(TRUTH[threat.truth])] += 1
        if threat.truth == LEAKED:
            counts[kind, CLASS_OUTCOMES.index("leaked_covered")] += bool(threat.pairs)
            if threat.data.asset >= 0:
                sums.leaked_asset[kind, threat.data.asset] += 1
            by_fire_unit = {pair.fire_unit.row: stages[pair.row] for pair in threat.pairs}
            for k in range(len(world.fire_units)):
                sums.stages[kind, k, by_fire_unit.get(k, world.static_reason[threat.row][k])] += 1
        elif threat.truth in (DESTROYED, DIVERTED):
            sums.kills[kind, threat.killer] += 1
        for pair in threat.pairs:
            sums.shots[kind, pair.fire_unit.row] += pair.shots
            counts[kind, CLASS_OUTCOMES.index("shots")] += pair.shots
    sums.class_outcomes[:, :, 0] = counts
    sums.class_outcomes[:, :, 1] = counts * counts
    leaked = counts[:, CLASS_OUTCOMES.index("leaked")]
    sums.leaked_products[:] = np.outer(leaked, leaked)
    sums.rounds[:] = [fire_unit.fired for fire_unit in world.fire_units]
    sums.dry[:] = [fire_unit.ready == 0 for fire_unit in world.fire_units]
    return sums


def broken_balances(world: World) -> list[str]:
    """Names of the balances that do not hold; none in a sound replication."""
    outcomes = sum(threat.truth != 0 for threat in world.threats)
    shots = sum(pair.shots for pair in world.pairs)
    broken = []
    if outcomes != len(world.threats):
        broken.append("outcomes")
    if shots != world.hits + world.misses + world.duds:
        broken.append("shots")
    for fire_unit in world.fire_units:
        left = fire_unit.ready + fire_unit.stock + fire_unit.fired
        if left != fire_unit.data.ready + fire_unit.data.stock:
            broken.append(f"rounds of fire unit {fire_unit.row}")
        if fire_unit.free > fire_unit.data.channels or fire_unit.ready < 0 or fire_unit.stock < 0:
            broken.append(f"limits of fire unit {fire_unit.row}")
    return broken
