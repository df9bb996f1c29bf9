"""Why did this one get through? The but-for test: relax one condition, replay on the same keyed draws, look again.

The *named cause* of a leaker is the first condition, in the order of `STAGES`, whose relaxation alone turns it from
leaked to not leaked. A leaker against which no fire unit ever had a window is named by the furthest static reason.
What is left is ``none_or_several``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import (
    CERTAIN,
    MULTIPLIER_ONE,
    N_CLASSES,
    N_STAGES,
    ONE_P15,
    SCHEDULE_LOST,
    STAGES,
    THREAT_CLASSES,
    UNLIMITED_LOOKS,
    Tables,
    replace_tables,
)
from steeldome.engine.blocks import trace_replication
from steeldome.results.schema import STATUS_OK, TRUTH, Trace

Array = npt.NDArray[Any]

NONE_OR_SEVERAL: Final = "none_or_several"
LEAKED: Final = TRUTH.index("leaked")
_MANY: Final = 30_000  # rounds, tracks
_MANY_CHANNELS: Final = 1_000
_ALWAYS_SEEN: Final = 14  # a full hazard row shifted by this is far above any need
_ANY_COST: Final = 2**62


class Cause(NamedTuple):
    """Why one leaker got through.

    Attributes
    ----------
    threat : int
        Row of the threat.
    cause : str
        A stage, or ``none_or_several``.
    helped : tuple of str
        Every single relaxation that would have stopped it.
    """

    threat: int
    cause: str
    helped: tuple[str, ...]


def _copy(tables: Tables, name: str) -> Array:
    return np.array(getattr(tables, name))


def _no_track(tables: Tables) -> dict[str, Array]:
    """Every sensor tracks at once what it can ever see, as much as there is."""
    hazard = np.full_like(tables.hazard, 2**16 - 1)
    hazard[:, 0] = 0
    sensor = _copy(tables, "sensor")
    sensor["capacity"] = _MANY
    return {"hazard": hazard, "hazard_scale": np.full_like(tables.hazard_scale, _ALWAYS_SEEN), "sensor": sensor}


def _no_link(tables: Tables) -> dict[str, Array]:
    """Every node hears every other at once."""
    n = len(tables.node)
    a, b = np.divmod(np.arange(n * n), max(n, 1))
    link = np.zeros(n * n - n, tables.link.dtype)
    link["a"], link["b"], link["classes"] = a[a != b], b[a != b], 1
    return {"link": link, "delay": np.zeros((max(1, len(tables.delay)), *tables.delay.shape[1:]), tables.delay.dtype)}


def _confusion(tables: Tables) -> dict[str, Array]:
    """Everything is declared as what it is."""
    node = _copy(tables, "node")
    node["identify_row"] = -1
    return {"node": node}


def _identification_time(tables: Tables) -> dict[str, Array]:
    """To tell what a track is takes no time."""
    node = _copy(tables, "node")
    node["identify_ms"] = 0
    return {"node": node}


def _service(tables: Tables) -> dict[str, Array]:
    """No operator is ever busy."""
    node = _copy(tables, "node")
    node["servers"], node["service_ms"] = 0, 0
    return {"node": node}


def _no_authority(tables: Tables) -> dict[str, Array]:
    """Every node may release."""
    node = _copy(tables, "node")
    node["authority"] = 1
    return {"node": node}


def _doctrine_hold(tables: Tables) -> dict[str, Array]:
    """No hold but that at background traffic, no limit of looks or cost, no reserve."""
    doctrine = _copy(tables, "doctrine")
    doctrine["hold"][:, np.arange(N_CLASSES) != THREAT_CLASSES.index("background")] = 0
    doctrine["looks"] = UNLIMITED_LOOKS
    doctrine["cost_cap"], doctrine["reserve"] = _ANY_COST, 0
    return {"doctrine": doctrine}


def _not_ready(tables: Tables) -> dict[str, Array]:
    """Every unit is there when the raid comes."""
    unit = _copy(tables, "unit")
    unit["available_row"] = -1
    return {"unit": unit}


def _unit_lost(tables: Tables) -> dict[str, Array]:
    """No unit is lost in the battle."""
    unit, fire_unit = _copy(tables, "unit"), _copy(tables, "fire_unit")
    unit["p_damage"] = 0
    fire_unit["first_station"], fire_unit["n_stations"] = 0, 0
    return {
        "unit": unit,
        "fire_unit": fire_unit,
        "schedule": tables.schedule[tables.schedule["kind"] != SCHEDULE_LOST],
    }


def _reaction(tables: Tables) -> dict[str, Array]:
    """Decisions are made, and orders carried out, at once."""
    fire_unit, group = _copy(tables, "fire_unit"), _copy(tables, "group")
    fire_unit["prepare_ms"], group["epoch_shift"] = 0, 0
    return {"fire_unit": fire_unit, "group": group}


def _assessment_time(tables: Tables) -> dict[str, Array]:
    """What became of a shot is known when it meets its target."""
    assess = _copy(tables, "assess")
    assess["delay_ms"] = 0
    return {"assess": assess}


def _assessment_error(tables: Tables) -> dict[str, Array]:
    """Nothing that lives is taken for dead, and nothing dead for alive."""
    assess = _copy(tables, "assess")
    assess["p_false_kill"], assess["p_missed_kill"] = 0, 0
    return {"assess": assess}


def _no_rounds(tables: Tables) -> dict[str, Array]:
    """Magazines do not run dry."""
    fire_unit = _copy(tables, "fire_unit")
    fire_unit["ready"] = np.where(fire_unit["channels"] > 0, _MANY, fire_unit["ready"])
    return {"fire_unit": fire_unit}


def _no_channel(tables: Tables) -> dict[str, Array]:
    """No fire unit is ever busy."""
    fire_unit = _copy(tables, "fire_unit")
    fire_unit["channels"] = _MANY_CHANNELS
    return {"fire_unit": fire_unit}


def _engaged_missed(tables: Tables) -> dict[str, Array]:
    """Every shot inside its envelope kills."""
    pair, effector = _copy(tables, "pair"), _copy(tables, "effector")
    pair["p"] = np.where(pair["p"] > 0, ONE_P15, 0)
    effector["reliability"] = CERTAIN
    return {
        "pair": pair,
        "effector": effector,
        "common": np.full_like(tables.common, MULTIPLIER_ONE),
        "common_object": np.full_like(tables.common_object, MULTIPLIER_ONE),
    }


#: Single limits of a defence, and what the tables are without one.
LIMITS: Final[Mapping[str, Callable[[Tables], dict[str, Array]]]] = {
    "no_track": _no_track,
    "no_link": _no_link,
    "confusion": _confusion,
    "identification_time": _identification_time,
    "service": _service,
    "no_authority": _no_authority,
    "doctrine_hold": _doctrine_hold,
    "not_ready": _not_ready,
    "unit_lost": _unit_lost,
    "reaction": _reaction,
    "assessment_time": _assessment_time,
    "assessment_error": _assessment_error,
    "no_rounds": _no_rounds,
    "no_channel": _no_channel,
    "engaged_missed": _engaged_missed,
}

#: Limits that are lifted when a condition is relaxed, in the order in which causes are named.
RELAXATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "no_track": ("no_track",),
    "no_link": ("no_link",),
    "not_identified": ("confusion", "service"),
    "no_authority": ("no_authority",),
    "doctrine_hold": ("doctrine_hold",),
    "not_ready": ("not_ready",),
    "unit_lost": ("unit_lost",),
    "too_late": ("reaction", "service", "identification_time"),
    "no_rounds": ("no_rounds",),
    "no_channel": ("no_channel",),
    "engaged_missed": ("engaged_missed",),
}


def lift(tables: Tables, limits: Iterable[str]) -> Tables:
    """The same case without some limits; keys of draws stay as they are.

    Parameters
    ----------
    tables : Tables
    limits : iterable of str
        Keys of `LIMITS`.
    """
    for limit in limits:
        tables = tables._replace(**LIMITS[limit](tables))
    return replace_tables(tables)


def relax(tables: Tables, condition: str) -> Tables:
    """The same case with one condition always met; keys of draws stay as they are.

    Parameters
    ----------
    tables : Tables
    condition : str
        A key of `RELAXATIONS`.
    """
    return lift(tables, RELAXATIONS[condition])


#: Cases to read all others against: what is left where knowledge, or rounds, are not the limit.
REFERENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "perfect_information": ("no_track", "no_link", "not_identified"),
    "unlimited_rounds": ("no_rounds",),
}


def reference(tables: Tables, name: str) -> Tables:
    """The same case with the conditions of one of `REFERENCES` always met."""
    return lift(tables, (limit for condition in REFERENCES[name] for limit in RELAXATIONS[condition]))


def relaxations(tables: Tables) -> dict[str, Tables]:
    """All relaxations of a case, made once for many replications."""
    return {condition: relax(tables, condition) for condition in RELAXATIONS}


def causes(tables: Tables, seed: int, replication: int, relaxed: Mapping[str, Tables] | None = None) -> list[Cause]:
    """Cause of every leaker of one replication.

    Parameters
    ----------
    tables : Tables
    seed, replication : int
    relaxed : mapping of str to Tables, optional
        As `relaxations` makes them; made anew if left out.

    Returns
    -------
    list of Cause
        One a leaker, in the order of the threats; empty if the replication is not sound.
    """
    story = trace_replication(tables, seed, replication)
    if story.row["status"] != STATUS_OK:
        return []
    leakers = np.flatnonzero(story.truth == LEAKED)
    has_pair = np.diff(tables.threat_pair_first) > 0
    stopped: dict[str, Array] = {}
    if np.any(has_pair[leakers]):
        for condition, changed in (relaxed or relaxations(tables)).items():
            again = trace_replication(changed, seed, replication)
            if again.row["status"] == STATUS_OK:
                stopped[condition] = again.truth != LEAKED
    found = []
    for threat in leakers.tolist():
        if not has_pair[threat]:
            found.append(Cause(threat, static_cause(tables, threat), ()))
            continue
        helped = tuple(name for name in RELAXATIONS if name in stopped and stopped[name][threat])
        found.append(Cause(threat, helped[0] if helped else NONE_OR_SEVERAL, helped))
    return found


def static_cause(tables: Tables, threat: int) -> str:
    """Furthest static reason against a threat that no fire unit has a window against."""
    reasons = tables.static_reason[threat]
    known = reasons[reasons < N_STAGES]
    return STAGES[int(known.max())] if len(known) else STAGES[0]


def furthest(tables: Tables, story: Trace, threat: int) -> list[tuple[int, str]]:
    """Furthest condition that each fire unit met against a threat, fire units in their order."""
    codes = tables.static_reason[threat].astype(int)
    first, last = tables.threat_pair_first[threat], tables.threat_pair_first[threat + 1]
    codes[tables.pair["fire_unit"][first:last]] = story.stage[first:last]
    return [(unit, STAGES[code]) for unit, code in enumerate(codes.tolist()) if code < N_STAGES]
