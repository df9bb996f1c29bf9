"""Areas as GeoJSON, for maps: longitude and latitude on WGS-84, outer rings anticlockwise [RFC7946]."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Geod

Floats = npt.NDArray[np.float64]

_DIGITS: Final = 4  # of a degree, some ten metres
_GEOD: Final = Geod(ellps="WGS84")


class Area(NamedTuple):
    """Rectangles around a place, and what is said of them.

    Attributes
    ----------
    longitude_deg, latitude_deg : float
    rectangles : (rectangle, 4) float, m
        West, east, south and north edge from the place, along the ground.
    properties : mapping of str to anything that JSON holds
    """

    longitude_deg: float
    latitude_deg: float
    rectangles: Floats
    properties: Mapping[str, Any]


def areas_text(areas: Iterable[Area]) -> str:
    """A feature collection: each area a ``MultiPolygon``, or without a geometry where it has no rectangle."""
    features = [{"type": "Feature", "geometry": _geometry(area), "properties": dict(area.properties)} for area in areas]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def _geometry(area: Area) -> dict[str, Any] | None:
    if not len(area.rectangles):
        return None
    west, east, south, north = area.rectangles.T
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    rings = np.stack([_placed(area, x, y) for x, y in corners], axis=1)
    return {"type": "MultiPolygon", "coordinates": [[_rounded(ring)] for ring in rings.tolist()]}


def _placed(area: Area, east: Floats, north: Floats) -> Floats:
    start = np.full(east.size, area.longitude_deg), np.full(east.size, area.latitude_deg)
    bearing = np.degrees(np.arctan2(east, north))
    longitude, latitude, _ = _GEOD.fwd(*start, bearing, np.hypot(east, north))
    return np.stack([longitude, latitude], axis=1)


def _rounded(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[round(x, _DIGITS) for x in point] for point in ring]
