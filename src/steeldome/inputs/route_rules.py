"""Rules of the paths that raids state: what a type of threat can fly, and how far."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.inputs.reading import Finding, at, matches
from steeldome.inputs.threat import BALLISTIC_GROUPS
from steeldome.units import format_quantity, parse_quantity


def check_routes(study: object, groups: Mapping[str, str], ranges: Mapping[str, float]) -> Iterator[Finding]:
    """Faults of the paths of a study's raids.

    Parameters
    ----------
    study : Study or Node
    groups : mapping of str to str
        Group of each threat of the catalogue.
    ranges : mapping of str to float, m
        Longest published range of each threat that has one.

    Yields
    ------
    (place, message)
    """
    for place, group in matches(study, ("raids", "*", "groups", "*")):
        threat = at(group, ("threat",))
        kind = groups.get(threat, "") if isinstance(threat, str) else ""
        if kind:
            for key, message in _kinds(group, kind):
                yield (*place, key), message
        legs = _polar(group)
        if legs is None:
            continue
        loiter = _metres(at(group, ("loiter", "distance")))
        if loiter is not None and loiter >= legs[-2][1]:
            limit = format_quantity(legs[-2][1], "length")
            message = f"must be nearer to the asset than the last place before it, {limit}; write a shorter distance"
            yield (*place, "loiter", "distance"), message
        reach = ranges.get(str(threat), math.inf)
        limit = format_quantity(reach, "length") if reach < math.inf else ""
        flown = math.fsum(_leg(*ends) for ends in pairwise(legs))
        if legs[0][1] > reach:
            found = format_quantity(legs[0][1], "length")
            yield (*place, "launch", "distance"), f"must be within the range of '{threat}', {limit}, got {found}"
        elif len(legs) > 2 and flown > reach:
            found = format_quantity(round(flown, -3), "length")
            message = f"the way over them must be within the range of '{threat}', {limit}, got {found}"
            yield (*place, "via"), f"{message}; move or remove a way-point"


def _kinds(group: object, kind: str) -> Iterator[tuple[str, str]]:
    """What a kind of threat does not fly."""
    is_ballistic = kind in BALLISTIC_GROUPS
    if is_ballistic and at(group, ("via",)):
        yield "via", "a ballistic missile flies no way-points; remove it, or state an 'apogee'"
    if not is_ballistic and at(group, ("apogee",)) is not None:
        yield "apogee", "only a ballistic missile has an apogee; remove it"
    if kind != "aircraft" and at(group, ("loiter",)) is not None:
        yield "loiter", "only an aircraft loiters; remove it"


def _polar(group: object) -> list[tuple[float, float]] | None:
    """Launch, way-points and asset as bearing (rad) and distance (m) from the asset; None where one is not readable."""
    places = [at(group, ("launch",)), *(point for _, point in matches(at(group, ("via",)), ("*",)))]
    found = []
    for place in places:
        bearing, distance = _read(at(place, ("bearing",)), "angle"), _metres(at(place, ("distance",)))
        if bearing is None or distance is None:
            return None
        found.append((bearing, distance))
    return [*found, (0.0, 0.0)]


def _leg(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Length (m) of a leg on a sphere, by the law of haversines; exact for a leg that ends at the asset."""
    p, q = a[1] / MEAN_EARTH_RADIUS, b[1] / MEAN_EARTH_RADIUS
    haversine = math.sin(0.5 * (p - q)) ** 2 + math.sin(p) * math.sin(q) * math.sin(0.5 * (a[0] - b[0])) ** 2
    return 2.0 * MEAN_EARTH_RADIUS * math.asin(min(1.0, math.sqrt(haversine)))


def _metres(found: object) -> float | None:
    return _read(found, "length")


def _read(found: object, dimension: str) -> float | None:
    """Number of a text or a number; None where the schema already complains."""
    try:
        return parse_quantity(found, dimension) if isinstance(found, str) else float(found)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
