"""One replication, event by event, as `docs/engine.md` tells it; slow, eager and plain."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steeldome.compiler.tables import NEVER, STAGES, Tables
from steeldome.results.schema import TRUTH, Sums
from steeldome.streams import Purpose

from . import tally
from .command import on_ready, set_paths
from .deciding import on_decide, on_free, on_launch
from .draws import happens
from .sensing import on_lost, on_restore, on_shift, on_track, on_track_end
from .truth import on_assess, on_impact, on_intercept
from .world import Type, Unit, World

#: Deliberate errors that the comparison of the two engines has to find.
FAULTS: Mapping[str, str] = {
    "channel_never_freed": "a released channel stays taken",
    "reload_off_by_one": "a reload brings one round too few",
    "kill_draw_reused": "all shots of a salvo share one kill draw",
    "hazard_not_spent_on_loss": "a lost sensor forgets what it had gathered",
    "assess_errors_swapped": "the two errors of kill assessment change places",
    "magazine_off_by_one": "one more round must be left than the doctrine says",
    "le_for_lt_in_window": "a launch at the last millisecond of a window is refused",
    "tie_break_reversed": "of equal candidates the last is taken",
    "guidance_loss_ignored": "shots of a lost unit fly on",
    "fallback_ignored": "a fire unit never falls back to its second group",
    "common_cause_per_shot": "the raid's common luck is drawn for each shot",
    "salvo_one_short": "the last shot of a salvo stays on its launcher and is lost",
    "drop_time_ignored": "a track without measurements ends at once",
    "message_draw_by_time": "the message draw depends on the time of sending",
    "capacity_off_by_one": "a sensor holds one track too many",
    "reserve_ignored": "the reserve is fired",
    "cost_cap_ignored": "shots dearer than the cap are fired",
    "double_release": "a channel freed at intercept is freed at assessment again",
    "decoy_counted_as_leaker": "a decoy at the end of its flight counts as a leaker",
    "stale_track_accepted": "a search ends at a time that no longer holds",
}

HANDLERS: Mapping[Type, Callable[[World, int], bool]] = {
    Type.RESTORE: on_restore,
    Type.LOST: on_lost,
    Type.SHIFT: on_shift,
    Type.TRACK: on_track,
    Type.TRACK_END: on_track_end,
    Type.INTERCEPT: on_intercept,
    Type.IMPACT: on_impact,
    Type.ASSESS: on_assess,
    Type.READY: on_ready,
    Type.FREE: on_free,
    Type.DECIDE: on_decide,
    Type.LAUNCH: on_launch,
}


@dataclass(frozen=True)
class Outcome:
    """One replication, whole: the columns of `schema.ROW` and `schema.Trace`, its sums, and what was seen.

    `seen` counts ``event:TYPE`` (handled, not stale), ``stale:TYPE``, ``stage:NAME``, ``busy:RULE``,
    ``outcome:NAME``, ``belief:FROM>TO`` and ``note:...``. `broken` names the balances that do not hold.
    """

    row: dict[str, int]
    truth: list[int]
    killer: list[int]
    stage: list[int]
    shots: list[int]
    sums: Sums
    seen: Counter[str]
    broken: list[str]


def run_replication(tables: Tables, seed: int, replication: int, fault: str | None = None) -> Outcome:
    """Play one replication.

    Parameters
    ----------
    tables : Tables
    seed : int, 0..2**64 - 1
    replication : int, 0..2**32 - 1
    fault : str, optional
        One of `FAULTS`, to be wrong on purpose.
    """
    if fault is not None and fault not in FAULTS:
        raise AssertionError(f"no fault {fault!r}; allowed are {', '.join(FAULTS)}")
    world = World(tables, seed, replication, fault)
    start(world)
    while True:
        world.now, kind, entity = heapq.heappop(world.queue)
        if kind == Type.END:
            break
        is_handled = HANDLERS[Type(kind)](world, entity)
        world.note(f"{'event' if is_handled else 'stale'}:{Type(kind).name}")
    stages = [tally.final_stage(world, pair) for pair in world.pairs]
    for stage in stages:
        world.note(f"stage:{STAGES[stage]}")
    for threat in world.threats:
        world.note(f"outcome:{TRUTH[threat.truth]}")
    return Outcome(
        row=tally.row_of(world),
        truth=[threat.truth for threat in world.threats],
        killer=[threat.killer for threat in world.threats],
        stage=stages,
        shots=[pair.shots for pair in world.pairs],
        sums=tally.sums_of(world, stages),
        seen=world.seen,
        broken=tally.broken_balances(world),
    )


def start(world: World) -> None:
    """Units that are there, paths, and every event that is known beforehand."""
    for unit in world.units:
        unit.up = is_available(world, unit)
        if not unit.up:
            world.note("note:unit unavailable")
    set_paths(world)
    for row, change in enumerate(world.schedule):
        kind = Type(change.kind)
        world.push(change.t_ms, kind, row if kind is Type.SHIFT else change.entity)
    for sense in world.senses:
        world.push(sense.data.open_ms, Type.TRACK, sense.row)
    for threat in world.threats:
        world.push(threat.data.impact_ms, Type.IMPACT, threat.row)
    world.push(NEVER, Type.END, 0)


def is_available(world: World, unit: Unit) -> bool:
    """Whether the unit is there at the start."""
    if unit.data.available_row < 0:
        return True
    row = world.availability[unit.data.available_row]
    common = happens(world.draw(Purpose.AVAILABLE, row.id, 0, 0), row.p_common)
    return common and happens(world.draw(Purpose.AVAILABLE, unit.data.id, 0, 1), row.p_own)
