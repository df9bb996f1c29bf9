"""The tables that one replication reads: integers only, read-only, hashed.

This file is the data contract between the compiler and the engine. Field by field: what it means, its unit, and the
sentinel for "none" (always -1). What the engine does with each field stands in ``docs/engine.md``.

Encodings
---------
time
    ``i4`` milliseconds from the start of the scenario; ``NEVER`` is later than every event.
probability ``u4``
    ``round(p * 2**20) << 12``; ``CERTAIN`` (all bits set) means p = 1. It happens if word < value, or value is CERTAIN.
probability ``u2`` ("p15")
    ``round(p * 2**15)``, 32768 means p = 1. It happens if word < value << 17, compared in 64 bits.
inverse distribution row
    32 equally likely values, picked by the top five bits of a word.
hazard
    cumulative hazard of a firm track in units of 2**-16, stored as ``u2`` and shifted left by the row's scale.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

TABLES_FORMAT = 1
NEVER = 2**31 - 1
CERTAIN = 2**32 - 1
ONE_P15 = 1 << 15
MULTIPLIER_ONE = 1 << 15
SIGNATURE_ONE = 1 << 12
HAZARD_ONE = 1 << 16
N_KNOTS = 32
N_PAIR_KNOTS = 16
N_ROW = 32
MAX_NODES = 256  # also of groups
MAX_LINKS = MAX_NODES * (MAX_NODES - 1)  # each node linked with each other one
MAX_SERVERS = 8
UNLIMITED_LOOKS = 255

THREAT_CLASSES = (
    "srbm",
    "mrbm",
    "srbm_quasiballistic",
    "cruise",
    "owa_uav",
    "decoy_uav",
    "aircraft",
    "background",
)
N_CLASSES = len(THREAT_CLASSES)

# threat.hostile
BACKGROUND, ARMED, DECOY = 0, 1, 2
# fire_unit.busy_rule: when the channel that an engagement took comes free again
UNTIL_ASSESSMENT, UNTIL_INTERCEPT, UNTIL_HANDOVER, UNTIL_BURST, UNTIL_RETURN = 0, 1, 2, 3, 4
BUSY_RULES = ("until_assessment", "until_intercept", "until_handover", "until_burst", "until_return")
# group.policy
POLICIES = ("nearest", "layered")
# schedule.kind
SCHEDULE_RESTORE, SCHEDULE_LOST, SCHEDULE_SHIFT = 0, 1, 2

#: Furthest condition that a fire unit met against a leaker, worst first; the value is the code in ``static_reason``.
STAGES = (
    "never_in_coverage",
    "below_horizon",
    "outside_envelope",
    "no_track",
    "no_link",
    "not_identified",
    "no_authority",
    "doctrine_hold",
    "not_ready",
    "unit_lost",
    "too_late",
    "no_rounds",
    "no_channel",
    "engaged_missed",
)
N_STAGES = len(STAGES)


def _record(*fields: tuple[str, str] | tuple[str, str, tuple[int, ...]]) -> np.dtype[np.void]:
    return np.dtype([(f[0], "<" + f[1], *f[2:]) for f in fields])


#: Record types by table name. Order of rows: rank of the stable id, unless said otherwise.
RECORDS: Mapping[str, np.dtype[np.void]] = {
    # one attacking (or background) object
    "threat": _record(
        ("id", "u4"),
        ("path", "i4"),
        ("start_ms", "i4"),
        ("impact_ms", "i4"),
        ("asset", "i4"),  # aimed asset, -1: none
        ("accuracy_row", "i4"),  # row of `accuracy`, -1: always on its aim
        ("signature_row", "i4"),  # row of `signature`, -1: nominal
        ("reliability", "u4"),
        ("threat_class", "u1"),
        ("hostile", "u1"),  # BACKGROUND, ARMED, DECOY
    ),
    # a path is shared by the threats that fly it; knots are what the picture can extrapolate
    "path": _record(("id", "u4"), ("first_knot", "i4"), ("n_knots", "i4")),
    "knot": _record(("t_ms", "i4"), ("predicted_asset", "i4")),
    # one chance of one sensor to track one threat; sorted by (threat, open_ms, sensor)
    "sense": _record(
        ("threat", "i4"),
        ("sensor", "i4"),
        ("open_ms", "i4"),
        ("close_ms", "i4"),  # open <= close < NEVER; the track ends at close
        ("first_row", "i4"),  # row of `hazard` for variant 0; variant v at first_row + v
        ("shift", "u1"),  # knots lie 2**shift ms apart, from open_ms on
        ("n_variants", "u1"),  # autonomous, cued, loaded, jammed: as many as given
        ("index", "u1"),  # ordinal among the rows of one (threat, sensor); part of the draw's key
    ),
    "sensor": _record(
        ("id", "u4"),
        ("unit", "i4"),  # -1: cannot be lost
        ("node", "i4"),
        ("capacity", "i4"),  # tracks held at once
        ("budget", "u4"),  # share of the time budget open to new tracks; used by the compiler's loaded variant
        ("drop_ms", "i4"),  # a track without measurements ends after this
    ),
    # fire unit against threat; at most one row a (threat, fire unit); sorted by (threat, fire_unit)
    "pair": _record(
        ("threat", "i4"),
        ("fire_unit", "i4"),
        ("effector", "i4"),
        ("open_ms", "i4"),  # first and last launch time
        ("close_ms", "i4"),
        ("shift", "u1"),  # knots lie 2**shift ms apart, from open_ms on
        ("unit_shift", "u1"),  # time of flight in 2**unit_shift ms
        ("flags", "u2"),
        ("tof", "u2", (N_PAIR_KNOTS,)),
        ("p", "u2", (N_PAIR_KNOTS,)),  # p15: basket, single-shot probability and place in the envelope
    ),
    "fire_unit": _record(
        ("id", "u4"),
        ("unit", "i4"),
        ("node", "i4"),
        ("group", "i4"),
        ("fallback", "i4"),  # group that commands it when `group` cannot be reached, -1: none
        ("sensor", "i4"),  # must hold the track itself with this sensor, -1: fires on its group's picture
        ("channels", "i4"),
        ("prepare_ms", "i4"),  # order to launch
        ("launchers", "i4"),
        ("ready", "i4"),  # rounds on the launchers
        ("stock", "i4"),  # rounds that reloads can draw on
        ("reload_ms", "i4"),
        ("spacing_ms", "i4"),  # between the shots of a salvo
        ("burst_ms", "i4"),  # busy time under UNTIL_BURST
        ("busy_rule", "u1"),
        ("handover", "u1"),  # share of the time of flight under guidance, in 1/256
        ("first_station", "i4"),  # slice of `schedule` with its on and off times
        ("n_stations", "i4"),
        ("sector_start", "i4"),  # millidegrees clockwise from north; applied by the compiler
        ("sector_width", "i4"),
    ),
    "effector": _record(
        ("id", "u4"),
        ("rounds_per_shot", "i4"),
        ("reliability", "u4"),
        ("assess_row", "i4"),
        ("cost", "i8"),  # USD a shot
        ("needs_guidance", "u1"),  # a shot in flight misses when its unit is lost
        ("soft_kill", "u1"),  # success diverts, does not destroy
    ),
    "node": _record(
        ("id", "u4"),
        ("unit", "i4"),
        ("servers", "i4"),  # operators, 0..8; 0: no queue
        ("service_ms", "i4"),
        ("identify_ms", "i4"),
        ("identify_row", "i4"),  # row of `identify`, -1: declared as what it is
        ("authority", "u1"),  # may release weapons
    ),
    "link": _record(
        ("a", "i4"),  # from node a to node b
        ("b", "i4"),
        ("delay_row", "i4"),
        ("loss", "u4"),  # already inside the delay row, as resends; kept for the record
        ("classes", "u1"),  # bit 0: tracks and orders
    ),
    "unit": _record(
        ("id", "u4"),
        ("asset", "i4"),  # stands at this asset, -1: elsewhere
        ("available_row", "i4"),  # -1: always there
        ("p_damage", "u4"),  # lost when its asset is hit
        ("repair_ms", "i4"),  # 0: not in this battle
    ),
    "availability": _record(("id", "u4"), ("p_common", "u4"), ("p_own", "u4")),
    "group": _record(
        ("id", "u4"),
        ("node", "i4"),
        ("policy", "u1"),
        ("epoch_shift", "u1"),  # decides at multiples of 2**epoch_shift ms
    ),
    "assess": _record(
        ("delay_ms", "i4"),
        ("p_false_kill", "u4"),  # alive, called dead
        ("p_missed_kill", "u4"),  # dead, called alive
        ("relook_ms", "i4"),  # a wrong "dead" is corrected after this, 0: never
    ),
    # (group, class)
    "doctrine": _record(
        ("cost_cap", "i8"),  # dearest shot allowed, USD
        ("reserve", "i4"),  # rounds kept back
        ("layer", "u1"),
        ("salvo", "u1"),
        ("looks", "u1"),  # engagements of one threat by the group; 255: no limit
        ("hold", "u1"),
    ),
    "asset": _record(("id", "u4"), ("value", "i8"), ("hardness_row", "i4"), ("size_m", "i4")),
    "schedule": _record(
        ("t_ms", "i4"),
        ("kind", "u1"),  # SCHEDULE_RESTORE, SCHEDULE_LOST: of unit `entity`; SCHEDULE_SHIFT: of sensor `entity`
        ("entity", "i4"),
        ("value", "i4"),  # the sensor's new variant
    ),
}


class Tables(NamedTuple):
    """One case, ready to run: C-contiguous, read-only integer arrays.

    Axes: N threats, S1 sense rows, H hazard rows, S sensors, W pairs, K fire units, E effectors, C classes, M nodes,
    L links, U units, G groups, A assets. ``*_first`` arrays are offsets (length + 1) into rows sorted by that owner.
    """

    threat: Array  # (N,) record
    path: Array  # (P,) record
    knot: Array  # record
    sense: Array  # (S1,) record
    sensor: Array  # (S,) record
    pair: Array  # (W,) record
    fire_unit: Array  # (K,) record
    effector: Array  # (E,) record
    node: Array  # (M,) record
    link: Array  # (L,) record
    unit: Array  # (U,) record
    availability: Array  # record
    group: Array  # (G,) record
    assess: Array  # record
    doctrine: Array  # (G, C) record
    asset: Array  # (A,) record
    schedule: Array  # record, sorted by t_ms
    hazard: Array  # (H, 32) u2, each row non-decreasing
    hazard_scale: Array  # (H,) u1
    neglog: Array  # (4096,) u4: -ln((i + 1/2) / 4096) in 2**-16
    neglog_tail: Array  # (4096,) u4: the same for words below 2**20
    common: Array  # (E, C, 32) u2: multipliers of p, 32768 = 1, one draw a raid
    common_object: Array  # (E, C, 32) u2: the same, one draw a threat
    delay: Array  # (rows, 32) i4 ms, each row non-decreasing
    identify: Array  # (rows, C, 32) u1: declared class
    signature: Array  # (rows, 32) u2: multipliers of the hazard needed, 4096 = 1
    accuracy: Array  # (rows, 32) i4: miss distance, m
    hardness: Array  # (rows, C) u4: probability that a hit costs the asset
    static_reason: Array  # (N, K) u1: stage code where there is no pair; 255 where there is one
    impact_order: Array  # (N,) i4: threats by (impact_ms, row)
    threat_sense_first: Array  # (N+1,) i4
    threat_pair_first: Array  # (N+1,) i4
    sensor_sense: Array  # (S1,) i4: sense rows by (sensor, impact_ms of the threat, row)
    sensor_sense_first: Array  # (S+1,) i4
    unit_pair: Array  # (W,) i4: pairs by (fire unit, impact_ms of the threat, row)
    unit_pair_first: Array  # (K+1,) i4


#: Number of axes of the tables that have more than one.
AXES: Mapping[str, int] = {
    "doctrine": 2,
    "hazard": 2,
    "common": 3,
    "common_object": 3,
    "delay": 2,
    "identify": 3,
    "signature": 2,
    "accuracy": 2,
    "hardness": 2,
    "static_reason": 2,
}
#: Element types of the tables that are plain arrays.
DTYPES: Mapping[str, str] = {
    "hazard": "<u2",
    "hazard_scale": "u1",
    "neglog": "<u4",
    "neglog_tail": "<u4",
    "common": "<u2",
    "common_object": "<u2",
    "delay": "<i4",
    "identify": "u1",
    "signature": "<u2",
    "accuracy": "<i4",
    "hardness": "<u4",
    "static_reason": "u1",
    "impact_order": "<i4",
    "threat_sense_first": "<i4",
    "threat_pair_first": "<i4",
    "sensor_sense": "<i4",
    "sensor_sense_first": "<i4",
    "unit_pair": "<i4",
    "unit_pair_first": "<i4",
}
_DERIVED = (
    "neglog",
    "neglog_tail",
    "impact_order",
    "threat_sense_first",
    "threat_pair_first",
    "sensor_sense",
    "sensor_sense_first",
    "unit_pair",
    "unit_pair_first",
)


def quantise_probability(p: float) -> int:
    """Probability 0..1 as ``u4`` (2**-20 steps; 1 becomes CERTAIN)."""
    if not 0.0 <= p <= 1.0:
        raise AssertionError(f"probability {p} outside 0..1")
    steps = round(p * 2**20)
    return CERTAIN if steps >= 2**20 else steps << 12


def quantise_p15(p: float) -> int:
    """Probability 0..1 as 15-bit fraction; 32768 is one."""
    if not 0.0 <= p <= 1.0:
        raise AssertionError(f"probability {p} outside 0..1")
    return round(p * ONE_P15)


def _neglog() -> tuple[Array, Array]:
    u = (np.arange(4096) + 0.5) / 4096.0
    body = np.maximum(1, np.rint(-np.log(u) * HAZARD_ONE))
    tail = np.rint(-np.log(u / 4096.0) * HAZARD_ONE)
    return body.astype("<u4"), tail.astype("<u4")


def _offsets(owner: Array, n: int) -> Array:
    return np.searchsorted(owner, np.arange(n + 1), side="left").astype("<i4")


def build_tables(**arrays: Array) -> Tables:
    """Assemble Tables from the primary arrays: derive the indices, fix types, freeze.

    Parameters
    ----------
    **arrays
        Every field of `Tables` but the derived ones (neglog, orders and offsets). Rows must already be sorted as
        `RECORDS` says.

    Raises
    ------
    AssertionError
        A field is missing or unknown, or an invariant of the contract does not hold.
    """
    wanted = set(Tables._fields) - set(_DERIVED)
    assert set(arrays) == wanted, f"missing {wanted - set(arrays)}, unknown {set(arrays) - wanted}"
    threat, sense, pair = arrays["threat"], arrays["sense"], arrays["pair"]
    n, s, k = len(threat), len(arrays["sensor"]), len(arrays["fire_unit"])
    impact = threat["impact_ms"]
    derived: dict[str, Array] = {}
    derived["neglog"], derived["neglog_tail"] = _neglog()
    derived["impact_order"] = np.lexsort((np.arange(n), impact))
    derived["threat_sense_first"] = _offsets(sense["threat"], n)
    derived["threat_pair_first"] = _offsets(pair["threat"], n)
    by_sensor = np.lexsort((np.arange(len(sense)), impact[sense["threat"]], sense["sensor"]))
    derived["sensor_sense"] = by_sensor
    derived["sensor_sense_first"] = _offsets(sense["sensor"][by_sensor], s)
    by_unit = np.lexsort((np.arange(len(pair)), impact[pair["threat"]], pair["fire_unit"]))
    derived["unit_pair"] = by_unit
    derived["unit_pair_first"] = _offsets(pair["fire_unit"][by_unit], k)
    frozen = {}
    for name in Tables._fields:
        array = np.ascontiguousarray({**arrays, **derived}[name], dtype=RECORDS.get(name, DTYPES.get(name)))
        assert array.ndim == AXES.get(name, 1), f"{name} has {array.ndim} axes"
        array.flags.writeable = False
        frozen[name] = array
    tables = Tables(**frozen)
    _check(tables)
    return tables


def _check(tables: Tables) -> None:
    sense, pair, threat = tables.sense, tables.pair, tables.threat
    assert np.all(np.diff(sense["threat"]) >= 0), "sense rows are not sorted by threat"
    same = np.diff(sense["threat"]) == 0
    assert np.all(np.diff(sense["open_ms"])[same] >= 0), "sense rows of a threat are not sorted by opening"
    assert np.all(sense["open_ms"] <= sense["close_ms"]), "a sense row closes before it opens"
    assert np.all(np.diff(tables.hazard.astype(np.int64), axis=1) >= 0), "a hazard row falls"
    span = (N_KNOTS - 1) * (np.int64(1) << sense["shift"].astype(np.int64))
    assert np.all(sense["open_ms"] + span >= sense["close_ms"]), "hazard knots end before the window"
    key = pair["threat"].astype(np.int64) * (1 << 20) + pair["fire_unit"]
    assert np.all(np.diff(key) > 0), "pairs are not sorted or not unique"
    assert np.all(pair["open_ms"] <= pair["close_ms"]), "a pair closes before it opens"
    reach = (N_PAIR_KNOTS - 1) * (np.int64(1) << pair["shift"].astype(np.int64))
    assert np.all(pair["open_ms"] + reach >= pair["close_ms"]), "pair knots end before the window"
    assert np.all(pair["p"] <= ONE_P15), "a probability exceeds one"
    assert np.all(threat["impact_ms"] >= threat["start_ms"]), "a threat arrives before it starts"
    assert len(tables.node) <= MAX_NODES, f"more than {MAX_NODES} nodes"
    assert len(tables.group) <= MAX_NODES, f"more than {MAX_NODES} groups"
    assert len(tables.link) <= MAX_LINKS, f"more than {MAX_LINKS} links"
    assert np.all(tables.node["servers"] <= MAX_SERVERS), "more than 8 operators at a node"
    assert np.all(tables.fire_unit["ready"] >= 0) and np.all(tables.fire_unit["channels"] >= 0)
    for name in ("threat", "sensor", "fire_unit", "effector", "node", "unit", "group", "asset"):
        ids = getattr(tables, name)["id"]
        assert np.all(np.diff(ids.astype(np.int64)) > 0), f"{name} rows are not in order of their ids, or ids collide"


def table_hash(tables: Tables) -> str:
    """SHA-256 over names, types, shapes and bytes of all tables, as 64 hexadecimal digits."""
    digest = hashlib.sha256(f"steeldome tables {TABLES_FORMAT}".encode())
    for name, array in zip(Tables._fields, tables, strict=True):
        digest.update(f"\n{name} {array.dtype.descr} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def replace_tables(tables: Tables, **arrays: Array) -> Tables:
    """A copy with some primary arrays replaced; indices are derived anew."""
    primary = {name: getattr(tables, name) for name in Tables._fields if name not in _DERIVED}
    return build_tables(**{**primary, **arrays})
