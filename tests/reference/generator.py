"""Random small scenarios that make the engine's rules meet: equal times, full sensors, empty magazines, lost units."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import (
    CERTAIN,
    N_CLASSES,
    N_KNOTS,
    N_PAIR_KNOTS,
    N_ROW,
    ONE_P15,
    RECORDS,
    SCHEDULE_LOST,
    SCHEDULE_RESTORE,
    SCHEDULE_SHIFT,
    UNLIMITED_LOOKS,
    Tables,
    build_tables,
    quantise_probability,
)

Array = npt.NDArray[Any]
Record = dict[str, Any]

WIDE_EVERY = 10  # one scenario in so many has more nodes and groups than a word of a set holds


def random_tables(seed: int) -> Tables:
    """A small random scenario; the same for the same seed.

    Up to 12 threats, 6 sensors, 6 fire units, 5 nodes, 8 links, 6 units, 4 groups and 3 assets within some 100 s;
    every field takes its edge values now and then. A *wide* scenario has up to 256 nodes and groups and 12 fire units;
    those nodes and groups that have a part in it stand at both sides of the words' boundaries.
    """
    draft = _Draft(random.Random(seed))
    if seed % WIDE_EVERY == WIDE_EVERY - 1:
        draft.widen()
    return _tables(draft)


class _Draft:
    """One scenario in the making."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tick = rng.choice((1, 50, 500, 1000, 5000))
        self.calm = rng.choice((0.2, 0.7, 0.9, 0.97))  # share of fields that stand in nobody's way
        self.prepare_ms = rng.choice((0, 500, 2000, 10_000))
        self.flight_ms = rng.choice((2000, 10_000, 20_000))
        self.n_threats = rng.randint(1, 12)
        self.n_sensors = rng.randint(1, 6)
        self.n_fire_units = rng.randint(1, 6)
        self.n_nodes = rng.randint(1, 5)
        self.n_units = rng.randint(1, 6)
        self.n_groups = rng.randint(1, 4)
        self.n_assets = rng.randint(1, 3)
        self.n_effectors = rng.randint(1, 4)
        self.n_assess = rng.randint(1, 3)
        self.n_availability = rng.randint(1, 2)
        self.n_hazard = rng.randint(4, 12)
        self.n_delay = rng.randint(1, 4)
        self.n_small = 2  # rows of identify, signature, accuracy and hardness
        self.nodes: Sequence[int] = range(self.n_nodes)  # that have a part in the scenario
        self.groups: Sequence[int] = range(self.n_groups)

    def widen(self) -> None:
        """Many more nodes and groups than have a part in the scenario."""
        self.n_fire_units *= 2
        self.n_nodes, self.nodes = self.sizes_and_parts(self.n_nodes + 2)
        self.n_groups, self.groups = self.sizes_and_parts(self.n_groups + 2)

    def sizes_and_parts(self, n_parts: int) -> tuple[int, list[int]]:
        """A number above 64, and some places below it: the last one, then most often those beside a word's boundary."""
        n = self.rng.choice((65, 128, 129, 130, 193, 256))
        beside = [place for place in (0, 63, 64, 127, 128, 191, 192) if place < n]
        others = [self.rng.choice(beside) if self.rng.random() < 0.7 else self.rng.randrange(n) for _ in range(n_parts)]
        return n, list(dict.fromkeys((n - 1, *others)))

    def time(self, low: int, high: int) -> int:
        """Milliseconds on the scenario's grid, so that equal times happen."""
        return max(low, self.rng.randint(low, max(low, high)) // self.tick * self.tick)

    def row_or_none(self, n: int, p_none: float) -> int:
        """A row number, or -1."""
        return -1 if self.rng.random() < p_none else self.rng.randrange(n)

    def usual(self, value: Any, *edges: Any) -> Any:
        """Mostly the usual value in a calm scenario; else one of the edges."""
        return value if self.rng.random() < self.calm else self.rng.choice(edges)

    def node(self) -> int:
        """A node; the first has most of the traffic."""
        return self.nodes[0] if self.rng.random() < 0.4 else self.rng.choice(self.nodes)

    def probability(self, *values: float) -> int:
        """One of the values, as ``u4``."""
        return quantise_probability(self.rng.choice(values))

    def records(self, name: str, n: int, make: Callable[[int], Record], with_id: bool = True) -> Array:
        """`n` records; with distinct ascending ids."""
        array = np.zeros(n, RECORDS[name])
        ids = sorted(self.rng.sample(range(1, 2**32), n)) if with_id else []
        for i in range(n):
            for key, value in make(i).items():
                array[i][key] = value
            if with_id:
                array[i]["id"] = ids[i]
        return array

    def shift(self, window_ms: int, n_knots: int) -> int:
        """Least shift that covers the window, sometimes one more."""
        shift = 0
        while (n_knots - 1) << shift < window_ms:
            shift += 1
        return shift + (self.rng.random() < 0.2)


# --- what comes -------------------------------------------------------------------------------------------------


def _threats(draft: _Draft) -> Array:
    impacts = [draft.time(30_000, 150_000) for _ in range(4)]

    def make(_: int) -> Record:
        rng = draft.rng
        impact = rng.choice(impacts) if rng.random() < 0.4 else draft.time(20_000, 180_000)
        return {
            "path": 0,
            "start_ms": draft.time(0, impact // 2),
            "impact_ms": impact,
            "asset": draft.row_or_none(draft.n_assets, 0.1),
            "accuracy_row": draft.row_or_none(draft.n_small, 0.5),
            "signature_row": draft.row_or_none(draft.n_small, 0.5),
            "reliability": draft.usual(CERTAIN, *map(quantise_probability, (0.9, 0.7, 0))),
            "threat_class": rng.randrange(N_CLASSES),
            "hostile": rng.choice((0, 1, 1, 1, 1, 1, 2)),
        }

    return draft.records("threat", draft.n_threats, make)


def _senses(draft: _Draft, threat: Array) -> Array:
    rng, rows = draft.rng, []
    for t, record in enumerate(threat):
        start, impact = int(record["start_ms"]), int(record["impact_ms"])
        for s in range(draft.n_sensors):
            n_windows = rng.choice((0, 0, 1, 1, 1, 2))
            opens = sorted(draft.time(start, start + (impact - start) // 3) for _ in range(n_windows))
            for index, open_ms in enumerate(opens):
                close_ms = draft.usual(impact, impact + 3000, draft.time(open_ms, impact), open_ms)
                n_variants = rng.randint(1, 4)
                rows.append(
                    {
                        "threat": t,
                        "sensor": s,
                        "open_ms": open_ms,
                        "close_ms": close_ms,
                        "first_row": rng.randint(0, draft.n_hazard - n_variants),
                        "shift": draft.shift(close_ms - open_ms, N_KNOTS),
                        "n_variants": n_variants,
                        "index": index,
                    }
                )
    rows.sort(key=lambda row: (row["threat"], row["open_ms"], row["sensor"]))
    return draft.records("sense", len(rows), rows.__getitem__, with_id=False)


def _hazards(draft: _Draft) -> tuple[Array, Array]:
    rng = draft.rng
    rows = np.zeros((draft.n_hazard, N_KNOTS), np.int64)
    for row in rows:
        kind = draft.usual(rng.choice(("steep", "ramp")), "flat", "tiny", "ramp", "late")
        if kind == "flat":
            row[:] = rng.choice((0, 0, 1000, 65535))
        elif kind == "steep":
            row[rng.randint(1, 3) :] = 65535
        elif kind == "late":
            row[rng.randint(8, 31) :] = rng.randint(20_000, 65_535)
        else:
            top = 200 if kind == "tiny" else rng.randint(5_000, 65_535)
            row[:] = sorted(rng.randint(0, top) for _ in range(N_KNOTS))
    return rows, np.array([draft.usual(rng.choice((3, 6)), 0, 2) for _ in range(draft.n_hazard)])


def _units(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        return {
            "asset": draft.row_or_none(draft.n_assets, 0.4),
            "available_row": draft.usual(-1, *range(draft.n_availability)),
            "p_damage": draft.probability(0, 0.3, 1),
            "repair_ms": draft.rng.choice((0, draft.time(1, 3000), draft.time(1, 40_000))),
        }

    return draft.records("unit", draft.n_units, make)


def _sensors(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        return {
            "unit": draft.row_or_none(draft.n_units, 0.3),
            "node": draft.node(),
            "capacity": draft.usual(6, 0, 1, 1, 2, 3),
            "budget": CERTAIN,
            "drop_ms": draft.rng.choice((0, 1000, draft.time(0, 20_000))),
        }

    return draft.records("sensor", draft.n_sensors, make)


def _fire_units(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        rng = draft.rng
        return {
            "unit": draft.row_or_none(draft.n_units, 0.3),
            "node": draft.node(),
            "group": draft.usual(draft.groups[0], *draft.groups),
            "fallback": -1 if rng.random() < 0.3 else rng.choice(draft.groups),
            "sensor": draft.usual(-1, *range(draft.n_sensors)),
            "channels": draft.usual(1, 0, 1, 2, 3),
            "prepare_ms": draft.usual(draft.prepare_ms, 0, draft.time(0, 8000)),
            "launchers": 1,
            "ready": draft.usual(rng.choice((2, 4, 8)), 0, 1, 2, 3, 5),
            "stock": rng.choice((0, 0, 1, 2, 5, 8)),
            "reload_ms": rng.choice((0, draft.time(0, 5_000), draft.time(0, 40_000))),
            "spacing_ms": rng.choice((0, 500, 1500)),
            "burst_ms": rng.choice((0, 1000, 4000)),
            "busy_rule": rng.randrange(5),
            "handover": rng.choice((0, 64, 128, 255)),
            "sector_width": 360_000,
        }

    return draft.records("fire_unit", draft.n_fire_units, make)


def _effectors(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        rng = draft.rng
        return {
            "rounds_per_shot": draft.usual(1, 2, 3),
            "reliability": draft.usual(CERTAIN, *map(quantise_probability, (0.9, 0.5, 0.05))),
            "assess_row": rng.randrange(draft.n_assess),
            "cost": rng.choice((0, 10, 100, 5000, 5_000_000_000)),
            "needs_guidance": rng.randrange(2),
            "soft_kill": rng.random() < 0.2,
        }

    return draft.records("effector", draft.n_effectors, make)


def _pairs(draft: _Draft, threat: Array) -> Array:
    rng, rows = draft.rng, []
    for t, record in enumerate(threat):
        start, impact = int(record["start_ms"]), int(record["impact_ms"])
        for k in range(draft.n_fire_units):
            if rng.random() < 0.3:
                continue
            open_ms = draft.usual(start, draft.time(start, impact), draft.time(start, start + (impact - start) // 2))
            close_ms = draft.usual(impact, draft.time(open_ms, impact), open_ms)
            if rng.random() < 0.05:
                open_ms = close_ms = rng.choice((open_ms, close_ms))
            tof, unit_shift = _times_of_flight(draft)
            rows.append(
                {
                    "threat": t,
                    "fire_unit": k,
                    "effector": rng.randrange(draft.n_effectors),
                    "open_ms": open_ms,
                    "close_ms": close_ms,
                    "shift": draft.shift(close_ms - open_ms, N_PAIR_KNOTS),
                    "unit_shift": unit_shift,
                    "tof": tof,
                    "p": _kill_probabilities(draft),
                }
            )
    return draft.records("pair", len(rows), rows.__getitem__, with_id=False)


def _times_of_flight(draft: _Draft) -> tuple[list[int], int]:
    """Knots, and the shift of their unit; some 0 to 40 s."""
    if draft.rng.random() < 0.5:
        return [draft.flight_ms] * N_PAIR_KNOTS, 0
    unit_shift = draft.rng.choice((0, 4, 8))
    longest = draft.rng.choice((0, 2000, 10_000, 40_000)) >> unit_shift
    return [draft.rng.randint(longest // 2, longest) for _ in range(N_PAIR_KNOTS)], unit_shift


def _kill_probabilities(draft: _Draft) -> list[int]:
    rng = draft.rng
    kind = draft.usual("flat", "ragged", "gap")
    if kind == "flat":
        return [draft.usual(rng.choice((3000, 10_000, 20_000)), 0, ONE_P15)] * N_PAIR_KNOTS
    row = [rng.randint(0, ONE_P15) for _ in range(N_PAIR_KNOTS)]
    if kind == "gap":
        gap = rng.randint(0, 10)
        row[gap : gap + 5] = [0] * 5
    return row


def _nodes(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        return {
            "unit": draft.usual(-1, *range(draft.n_units)),
            "servers": draft.rng.choice((0, 0, 1, 2)),
            "service_ms": draft.rng.choice((0, 1000, 7000)),
            "identify_ms": draft.usual(0, 500, 3000, 60_000),
            "identify_row": draft.row_or_none(draft.n_small, 0.5),
            "authority": draft.usual(1, 0),
        }

    return draft.records("node", draft.n_nodes, make)


def _links(draft: _Draft) -> Array:
    n_links = draft.usual(8, *range(9))
    hub, *rim = draft.nodes
    spokes = [(hub, i) for i in rim] + [(i, hub) for i in rim]
    if draft.rng.random() < 0.2:
        spokes = []
    others = [(draft.rng.choice(draft.nodes), draft.rng.choice(draft.nodes)) for _ in range(8)]
    ends = [(a, b) for a, b in (*spokes, *others) if a != b][:n_links]
    draft.rng.shuffle(ends)

    def make(i: int) -> Record:
        a, b = ends[i]
        return {
            "a": a,
            "b": b,
            "delay_row": draft.rng.randrange(draft.n_delay),
            "classes": draft.rng.choice((1, 1, 1, 3, 255, 2)),
        }

    return draft.records("link", len(ends), make, with_id=False)


def _groups(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        return {"node": draft.node(), "policy": draft.rng.randrange(2), "epoch_shift": draft.usual(0, *range(12))}

    return draft.records("group", draft.n_groups, make)


def _doctrine(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        rng = draft.rng
        return {
            "cost_cap": draft.usual(10**12, 5000, 99),
            "reserve": draft.usual(0, 1, 2),
            "salvo": draft.usual(rng.choice((1, 1, 2, 3)), 0, 4),
            "looks": draft.usual(UNLIMITED_LOOKS, 0, 1, 2, 3),
            "hold": draft.usual(0, 0, 1),
        }

    return draft.records("doctrine", draft.n_groups * N_CLASSES, make, with_id=False).reshape(-1, N_CLASSES)


def _schedule(draft: _Draft) -> Array:
    rng, rows = draft.rng, []
    for _ in range(rng.randint(0, 6)):
        kind, t = rng.randrange(3), draft.time(0, 90_000)
        entity = rng.randrange(draft.n_sensors if kind == SCHEDULE_SHIFT else draft.n_units)
        rows.append({"t_ms": t, "kind": kind, "entity": entity, "value": rng.randrange(4)})
        if kind == SCHEDULE_LOST and rng.random() < 0.7:
            back = draft.time(t, t + 10_000)
            rows.append({"t_ms": back, "kind": SCHEDULE_RESTORE, "entity": entity, "value": 0})
    rows.sort(key=lambda row: row["t_ms"])
    return draft.records("schedule", len(rows), rows.__getitem__, with_id=False)


def _multipliers(draft: _Draft, one: int) -> list[int]:
    """32 multipliers; `one` leaves things as they are."""
    rng = draft.rng
    kind = rng.choice(("one", "one", "one", "zeros", "above", "any"))
    if kind == "one":
        return [one] * N_ROW
    if kind == "zeros":
        return [rng.choice((0, one)) for _ in range(N_ROW)]
    return [rng.randint(one if kind == "above" else 0, min(65_535, 2 * one)) for _ in range(N_ROW)]


def _rows_of(draft: _Draft, n: int, make: Callable[[], Sequence[Any]]) -> Array:
    return np.array([make() for _ in range(n)])


def _common(draft: _Draft) -> Array:
    n = draft.n_effectors * N_CLASSES
    return _rows_of(draft, n, lambda: _multipliers(draft, ONE_P15)).reshape(-1, N_CLASSES, N_ROW)


def _delays(draft: _Draft) -> list[int]:
    top = draft.usual(3000, 0, 100, 20_000)
    return sorted(draft.rng.randint(top // 2, top) for _ in range(N_ROW))


def _identities(draft: _Draft) -> Array:
    rng = draft.rng
    wrong = rng.choice((0.05, 0.5))
    return np.array(
        [[rng.randrange(N_CLASSES) if rng.random() < wrong else c for _ in range(N_ROW)] for c in range(N_CLASSES)]
    )


def _assess(draft: _Draft) -> Array:
    def make(_: int) -> Record:
        return {
            "delay_ms": draft.rng.choice((0, 1000, 5000)),
            "p_false_kill": draft.probability(0, 0.1, 0.6, 1),
            "p_missed_kill": draft.probability(0, 0.1, 0.6, 1),
            "relook_ms": draft.rng.choice((0, 1000, 10_000)),
        }

    return draft.records("assess", draft.n_assess, make, with_id=False)


def _static_reason(draft: _Draft, pair: Array) -> Array:
    reason = np.array([[draft.rng.randrange(3) for _ in range(draft.n_fire_units)] for _ in range(draft.n_threats)])
    reason[pair["threat"], pair["fire_unit"]] = 255
    return reason


def _small_records(draft: _Draft) -> dict[str, Array]:
    """Tables of a few fields each."""
    return {
        "path": draft.records("path", 1, lambda _: {"first_knot": 0, "n_knots": 1}),
        "knot": draft.records("knot", 1, lambda _: {"t_ms": 0, "predicted_asset": 0}, with_id=False),
        "availability": draft.records(
            "availability",
            draft.n_availability,
            lambda _: {"p_common": draft.probability(1, 0.8, 0.5), "p_own": draft.probability(1, 0.7, 0.2)},
        ),
        "asset": draft.records(
            "asset",
            draft.n_assets,
            lambda _: {
                "value": draft.rng.randint(0, 100),
                "hardness_row": draft.row_or_none(draft.n_small, 0.2),
                "size_m": draft.rng.choice((50, 200)),
            },
        ),
    }


def _tables(draft: _Draft) -> Tables:
    """All parts, put together."""
    threat = _threats(draft)
    pair = _pairs(draft, threat)
    hazard, hazard_scale = _hazards(draft)
    n = draft.n_small
    return build_tables(
        threat=threat,
        sense=_senses(draft, threat),
        sensor=_sensors(draft),
        pair=pair,
        fire_unit=_fire_units(draft),
        effector=_effectors(draft),
        node=_nodes(draft),
        link=_links(draft),
        unit=_units(draft),
        group=_groups(draft),
        assess=_assess(draft),
        doctrine=_doctrine(draft),
        schedule=_schedule(draft),
        hazard=hazard,
        hazard_scale=hazard_scale,
        common=_common(draft),
        common_object=_common(draft),
        delay=_rows_of(draft, draft.n_delay, lambda: _delays(draft)),
        identify=np.array([_identities(draft) for _ in range(n)]),
        signature=_rows_of(draft, n, lambda: _multipliers(draft, 4096)),
        accuracy=_rows_of(draft, n, lambda: [draft.rng.randint(0, 300) for _ in range(N_ROW)]),
        hardness=_rows_of(draft, n, lambda: [draft.probability(0, 0.3, 1) for _ in range(N_CLASSES)]),
        static_reason=_static_reason(draft, pair),
        **_small_records(draft),
    )
