"""Times what one radar sees over terrain against the viewshed of xarray-spatial: made-up hills, cells of 30 m.

xarray-spatial says for every cell whether a target at one height above ground is in view; it sweeps a line over the
grid and takes the earth as flat. Here a horizon mask (lowest height in view, 4/3 of the earth's radius, 1440 bearings)
serves every height; reading it at each cell gives the same answer as the viewshed. CPU time of this process, machine
code loaded before.

It needs xarray-spatial, which the locked environment does not have::

    python -m pip install xarray-spatial
    python benchmarks/viewshed.py --cells 2000 --json
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.app.compiled_code_cache import use_compiled_code_cache
from steeldome.kernels.geodesy import bearing_of, enu_basis, ground_distance_of, into_axes, point_ecef
from steeldome.kernels.horizon import Horizon, horizon, learn_every, lowest_in_view
from steeldome.kernels.terrain import local_relief

CELL = 30.0  # m
MAST, HEIGHT = 20.0, 50.0  # m
N_AZIMUTHS = 1440
STEP = math.radians(CELL / 111_195.0)


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time that some work takes, s."""
    start = time.process_time()
    work()
    return time.process_time() - start


def hills(n: int) -> npt.NDArray[np.float32]:
    """Ground with a spectrum that falls with the square of the wave number, 0..1 500 m."""
    rng = np.random.default_rng(7)
    wave = np.hypot(np.fft.fftfreq(n)[:, None], np.fft.rfftfreq(n)[None, :])
    wave[0, 0] = 1.0
    found = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((n, n))) / wave**2, (n, n))
    return (1500.0 * (found - found.min()) / np.ptp(found)).astype(np.float32)


@njit
def read(
    seen_from: Horizon,
    site: npt.NDArray[np.float64],
    latitude: npt.NDArray[np.float64],
    longitude: npt.NDArray[np.float64],
    ground: npt.NDArray[np.float32],
    is_seen: npt.NDArray[np.bool_],
) -> None:
    """Whether a target at the height is in view, cell by cell."""
    x0, y0, z0 = point_ecef(site[0], site[1], site[2])
    basis = enu_basis(site[0], site[1])
    for i in range(latitude.size):
        for j in range(longitude.size):
            altitude = ground[i, j] + HEIGHT
            x, y, z = point_ecef(latitude[i], longitude[j], altitude)
            east, north, up = into_axes(basis, x - x0, y - y0, z - z0)
            distance = ground_distance_of(math.hypot(east, north), up)
            is_seen[i, j] = altitude >= lowest_in_view(seen_from, bearing_of(east, north), distance)


def measure(n: int) -> dict[str, Any]:
    """Seconds of both for n x n cells, and how often they agree near the site, where the earth is flat enough."""
    import xarray
    from xrspatial import viewshed

    ground = hills(n)
    middle = n // 2
    latitude = 0.5 * n * STEP - (np.arange(n) + 0.5) * STEP
    longitude = -0.5 * n * STEP + (np.arange(n) + 0.5) * STEP
    place = np.array([latitude[middle], longitude[middle], float(ground[middle, middle]) + MAST])
    is_seen = np.zeros(ground.shape, np.bool_)
    relief = local_relief(ground)
    kept: list[Horizon] = []

    def mask() -> None:
        grid = ground, relief, 0.5 * n * STEP, -0.5 * n * STEP, STEP
        kept.append(horizon(*grid, *place, N_AZIMUTHS, math.ceil(0.71 * n), CELL))
        learn_every(kept[-1], 1)

    def reading() -> None:
        read(kept[-1], place, latitude, longitude, ground, is_seen)

    mask()
    reading()
    metres = CELL * (np.arange(n) - middle)
    raster = xarray.DataArray(ground.astype(np.float64), coords={"y": metres, "x": metres}, dims=("y", "x"))
    small = raster[middle - 20 : middle + 21, middle - 20 : middle + 21]
    viewshed(small, 0.0, 0.0, observer_elev=MAST, target_elev=HEIGHT)
    seen: list[Any] = []
    theirs = cpu_seconds(lambda: seen.append(viewshed(raster, 0.0, 0.0, observer_elev=MAST, target_elev=HEIGHT)))
    ours, looked = cpu_seconds(mask), cpu_seconds(reading)
    is_near = np.hypot(metres[:, None], metres[None, :]) < 10e3
    return {
        "xarray_spatial": version("xarray-spatial"),
        "cells": n * n,
        "viewshed_s": theirs,
        "mask_s": ours,
        "mask_and_reading_s": ours + looked,
        "ratio_of_mask": theirs / ours,
        "ratio_with_reading": theirs / (ours + looked),
        "same_answer_within_10_km": float(((seen[0].values > -1) == is_seen)[is_near].mean()),
    }


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cells", type=int, default=2000, help="cells along an edge (2000)")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    use_compiled_code_cache()
    try:
        found = measure(asked.cells)
    except ModuleNotFoundError as missing:
        print(f"{missing.name} is not installed; type: python -m pip install xarray-spatial", file=sys.stderr)
        return 0
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:28}{value:>14.4g}" if isinstance(value, float) else f"{name:28}{value:>14}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
