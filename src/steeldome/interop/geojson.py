"""GeoJSON (RFC 7946): cells of a map as rectangles, runs of equal cells of a row in one."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def runs_of_cells(
    label: npt.NDArray[np.int64], south: float, west: float, step_north: float, step_east: float
) -> dict[int, list[list[list[list[float]]]]]:
    """Polygons of each label.

    Parameters
    ----------
    label : (row, column) int64
        Row 0 is the southernmost.
    south, west, step_north, step_east : float, degrees
        Outer edges of the first cell, and the size of a cell.

    Returns
    -------
    dict of int to list
        Coordinates of a MultiPolygon: one rectangle, counter-clockwise, for every run of equal cells in a row.
    """
    found: dict[int, list[list[list[list[float]]]]] = {}
    for row, cells in enumerate(label.tolist()):
        low, high = (round(south + k * step_north, 5) for k in (row, row + 1))
        column = 0
        for code, run in itertools.groupby(cells):
            end = column + len(list(run))
            left, right = (round(west + k * step_east, 5) for k in (column, end))
            ring = [[left, low], [right, low], [right, high], [left, high], [left, low]]
            found.setdefault(code, []).append([ring])
            column = end
    return found


def multi_polygon(coordinates: list[Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """A feature of several polygons."""
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def point(longitude: float, latitude: float, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A feature at a point (degrees)."""
    geometry = {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]}
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def collection(features: list[dict[str, Any]], about: Mapping[str, Any]) -> str:
    """Text of a file; ``about`` stands beside the features, as readers that do not know it pass it over."""
    return json.dumps({"type": "FeatureCollection", **about, "features": features}, ensure_ascii=False) + "\n"
