"""Reference cases of what the ground and the sea hide: closed forms on the 4/3 earth."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from pyproj import Geod

from steeldome.compiler.horizon import MASK_STEP
from steeldome.kernels.horizon import horizon, lowest_in_view
from steeldome.kernels.terrain import local_relief
from steeldome.validation.case import Case, absolute, gettext, relative

_LATITUDE: Final = math.radians(40.0)
_LONGITUDE: Final = math.radians(31.5)
_CELL: Final = math.radians(1.0 / 120.0)
_N_CELLS: Final = 240


def _in_view_over_sea(antenna_m: float, mask_km: float, distance_km: tuple[float, ...]) -> Iterable[float]:
    """Lowest height in view (m) by distance; beyond the mask its last screen holds."""
    sea = np.zeros((1, 1), np.int16)
    place = math.radians(90.0), 0.0, _CELL, _LATITUDE, _LONGITUDE
    steps = round(1e3 * mask_km / MASK_STEP)
    seen_from = horizon(sea, local_relief(sea), *place, antenna_m, 4, steps, MASK_STEP)
    return (lowest_in_view(seen_from, 0.0, 1e3 * distance) for distance in distance_km)


def _in_view_behind_wall(
    antenna_m: float, wall_m: float, wall_km: float, distance_km: tuple[float, ...]
) -> Iterable[float]:
    """Lowest height in view (m) north of a wall that runs from west to east; the profile meets it at its distance."""
    site = math.degrees(_LONGITUDE), math.degrees(_LATITUDE)
    _, foot, _ = Geod(ellps="WGS84").fwd(*site, 0.0, 1e3 * wall_km - 100.0)
    row = _N_CELLS // 2
    grid = np.zeros((_N_CELLS, _N_CELLS), np.int16)
    grid[row] = wall_m
    north = math.radians(foot) + (row + 1) * _CELL
    place = north, _LONGITUDE - 0.5 * _N_CELLS * _CELL, _CELL, _LATITUDE, _LONGITUDE
    steps = round(1e3 * max(distance_km) / MASK_STEP)
    seen_from = horizon(grid, local_relief(grid), *place, antenna_m, 4, steps, MASK_STEP)
    return (lowest_in_view(seen_from, 0.0, 1e3 * distance) for distance in distance_km)


CASES: Final = (
    Case(
        id="V-TER-1",
        quantity=gettext("lowest height in view over the sea"),
        unit="m",
        reference=(4.540, 20.764, 203.386, 1484.189),
        tolerance=absolute(0.05),
        source="ITURP834",
        obtained="formula",
        inputs={"antenna_m": 100.0, "mask_km": 250.0, "distance_km": (50.0, 60.0, 100.0, 200.0)},
        functions=(horizon, local_relief, lowest_in_view),
        answer=_in_view_over_sea,
    ),
    Case(
        id="V-TER-2",
        quantity=gettext("lowest height in view over the sea, beyond the end of the horizon mask"),
        unit="m",
        reference=(3943.296, 7582.413),
        tolerance=absolute(0.05),
        source="ITURP834",
        obtained="formula",
        inputs={"antenna_m": 100.0, "mask_km": 250.0, "distance_km": (300.0, 400.0)},
        functions=(horizon, local_relief, lowest_in_view),
        answer=_in_view_over_sea,
    ),
    Case(
        id="V-TER-3",
        quantity=gettext("lowest height in view behind a wall"),
        unit="m",
        reference=(2217.838, 3689.214, 7576.150),
        tolerance=relative(1e-4),
        source="ITURP834",
        obtained="formula",
        inputs={"antenna_m": 100.0, "wall_m": 1500.0, "wall_km": 20.0, "distance_km": (30.0, 50.0, 100.0)},
        functions=(horizon, local_relief, lowest_in_view, Geod),
        answer=_in_view_behind_wall,
    ),
)
