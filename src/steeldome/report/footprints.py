"""What fire units can defend, in words and rows: a line a system with the range over its units, or a line a unit."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from steeldome.analysis.measures import EVIDENCE_LEVEL
from steeldome.experiments.footprint import Approach, Footprint
from steeldome.report.tables import Column, Kind, Table, TableRow
from steeldome.report.wording import DASH, MISSING, Wording, rounding_step, stage_names


@dataclass(frozen=True, slots=True)
class Matchup:
    """What all footprints of one question have in common.

    Attributes
    ----------
    study, laydown : str
        Names in the reader's language.
    layout : int
    """

    study: str
    laydown: str
    layout: int


@dataclass(frozen=True, slots=True)
class FootprintLine:
    """Footprints of one effector against one approach: of one fire unit, or of several of a system.

    Pairs are least and most over the fire units; areas in km2, distances in km. ``reason`` is the stage that takes most
    of the ground that the envelopes would allow, empty if nothing is lost.
    """

    name: str
    effector: str
    n_units: int
    approach: Approach
    area: tuple[float, float]
    envelope: tuple[float, float]
    farthest: tuple[float, float]
    salvos: tuple[int, int]
    reason: str


def footprint_lines(footprints: Sequence[Footprint], is_each: bool) -> list[FootprintLine]:
    """A line for each effector of a system and approach, or for each fire unit and approach, in the order given."""
    grouped: dict[tuple[str, str, Approach], list[Footprint]] = {}
    for one in footprints:
        name = one.unit if is_each else one.system
        grouped.setdefault((name, one.effector, one.approach), []).append(one)
    return [_line(*key, found) for key, found in grouped.items()]


def _line(name: str, effector: str, approach: Approach, found: Sequence[Footprint]) -> FootprintLine:
    lost: Counter[str] = Counter()
    for one in found:
        lost.update(one.lost_to)
    reason = max(lost, key=lambda stage: lost[stage]) if lost else found[0].main_reason
    area, envelope, farthest = (
        (min(values), max(values))
        for values in (
            [one.area_km2 for one in found],
            [one.envelope_km2 for one in found],
            [one.farthest_km for one in found],
        )
    )
    salvos = [one.median_salvos for one in found]
    return FootprintLine(
        name, effector, len(found), approach, area, envelope, farthest, (min(salvos), max(salvos)), reason
    )


def footprint_table(lines: Iterable[FootprintLine], matchup: Matchup, wording: Wording) -> Table:
    """Lines as a table, for files."""
    translate, stages = wording.translate, stage_names(wording.translate)
    rows = [
        TableRow(
            (
                line.name,
                line.effector,
                line.n_units,
                line.approach.threat,
                round(math.degrees(line.approach.bearing), 6),
                1e-3 * line.approach.distance,
                *(float(f"{end:.4g}") for pair in (line.area, line.envelope, line.farthest) for end in pair),
                *line.salvos,
                stages.get(line.reason, ""),
            )
        )
        for line in lines
    ]
    least, most = translate("least"), translate("most")
    pairs: tuple[tuple[str, str, str, Kind], ...] = (
        ("defended", "_km2", translate("Defended, km²"), "number"),
        ("envelope", "_km2", translate("Envelope, km²"), "number"),
        ("farthest", "_km", translate("Farthest, km"), "number"),
        ("salvos", "", translate("Salvos"), "count"),
    )
    columns = (
        Column("system_or_unit", translate("System or unit"), "english"),
        Column("effector", translate("Round"), "english"),
        Column("units", translate("Units"), "count"),
        Column("threat", translate("Threat"), "english"),
        Column("bearing_deg", translate("Bearing, °"), "number"),
        Column("distance_km", translate("Distance, km"), "number"),
        *(
            Column(f"{name}_{end}{unit}", word, kind, over=heading)
            for name, unit, heading, kind in pairs
            for end, word in (("least", least), ("most", most))
        ),
        Column("rest_lost_to", translate("Rest lost to")),
    )
    return Table(
        "footprints", translate("What a fire unit can defend."), caption(matchup, wording), columns, tuple(rows)
    )


def footprint_rows(lines: Iterable[FootprintLine], wording: Wording) -> list[tuple[str, ...]]:
    """Lines with their headings as a terminal shows them."""
    translate, stages = wording.translate, stage_names(wording.translate)
    rows: list[tuple[str, ...]] = [
        (
            translate("System or unit"),
            translate("Round"),
            translate("Units"),
            translate("Threat"),
            translate("Defended, km²"),
            translate("Envelope, km²"),
            translate("Farthest, km"),
            translate("Salvos"),
            translate("Rest lost to"),
        )
    ]
    for line in lines:
        pairs = (between(pair, wording) for pair in (line.area, line.envelope, line.farthest, line.salvos))
        name = line.name, line.effector, str(line.n_units), line.approach.threat
        rows.append((*name, *pairs, stages.get(line.reason, MISSING)))
    return rows


def between(pair: tuple[float, float], wording: Wording) -> str:
    """Least and most, areas and distances with three digits, counts whole; one number where they are the same."""
    low, high = (
        wording.count(end) if isinstance(end, int) else wording.number(end, rounding_step(end, end, end))
        for end in pair
    )
    return low if low == high else low + DASH + high


def came_from(approach: Approach, wording: Wording) -> str:
    """Where an approach starts, in words."""
    bearing = wording.plain(round(math.degrees(approach.bearing), 6))
    said = wording.translate("from {bearing}°, {distance} km away")
    return said.format(bearing=bearing, distance=wording.plain(1e-3 * approach.distance))


def caption(matchup: Matchup, wording: Wording) -> str:
    """What the numbers mean and what stands behind them."""
    translate = wording.translate
    return translate(
        "“{laydown}”, siting layout {layout}, all inputs at their working values. A cell of ground is defended if a "
        "round can leave in time against a threat aimed at it, after a firm track at even odds, identification, "
        "command and preparation; whether the round kills is another question. Sites are generated and notional; "
        "evidence level {level}."
    ).format(laydown=matchup.laydown, layout=matchup.layout, level=EVIDENCE_LEVEL)


def footprint_record(one: Footprint) -> dict[str, Any]:
    """One footprint as JSON shows it."""
    return {
        "fire_unit": one.fire_unit,
        "unit": one.unit,
        "system": one.system,
        "effector": one.effector,
        "threat": one.approach.threat,
        "class": one.threat_class,
        "bearing_deg": round(math.degrees(one.approach.bearing), 6),
        "distance_km": 1e-3 * one.approach.distance,
        "reach_km": round(1e-3 * one.reach, 3),
        "cell_km": round(1e-3 * one.cell, 4),
        "area_km2": float(f"{one.area_km2:.4g}"),
        "envelope_km2": float(f"{one.envelope_km2:.4g}"),
        "farthest_km": round(one.farthest_km, 3),
        "salvos": one.median_salvos,
        "most_salvos": one.most_salvos,
        "main_reason": one.main_reason or None,
        "lost_km2": {stage: float(f"{area:.4g}") for stage, area in one.lost_to.items()},
    }
