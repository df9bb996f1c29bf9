"""Times ballistic flight on paths of 300 to 1 500 km: CPU time of one thread, machine code loaded before.

An integration flies a body from its burn-out to the ground, without samples; a solved path is closed on its asset,
boost included; a sampled one is solved and then sampled each second. SciPy flies the same bodies with the same forces,
written in plain Python, at the same tolerance. All are timed in turn, round by round, so that a busy machine slows all
alike. The errors are distances at the ground from SciPy at 1e-12 in steps of a second.

Example::

    python benchmarks/flight.py --rounds 7 --json
"""

import argparse
import json
import math
import platform
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from steeldome.app.compiled_code_cache import use_compiled_code_cache

use_compiled_code_cache()

import numba  # noqa: E402
import numpy as np  # noqa: E402
import scipy  # noqa: E402
from numba import njit  # noqa: E402
from scipy.integrate import solve_ivp  # noqa: E402

from steeldome.kernels.arcs import LONGEST, Missile, ballistic_path, free_flight, solve_arc  # noqa: E402
from steeldome.kernels.atmosphere import air_density  # noqa: E402
from steeldome.kernels.ballistics import AT_HEIGHT, DRAG_CEILING, TOLERANCE, WGS84_EARTH, coasting, fly  # noqa: E402
from steeldome.kernels.geodesy import enu_basis, geodetic_to_ecef, places_along, point_ecef  # noqa: E402

RANGES = (300e3, 650e3, 1000e3, 1500e3)  # m
COEFFICIENT = 5_000.0  # kg/m2
BURN_OUT = 40e3  # m
AIM = math.radians(37.0), math.radians(35.4), 100.0
BEARINGS = (20.0, 110.0, 200.0, 290.0)  # degrees


def burn_outs() -> np.ndarray:
    """States at burn-out, at 42 degrees and the speed of the range without air, one for each range and bearing."""
    basis = enu_basis(AIM[0], AIM[1])
    place, slope = geodetic_to_ecef(AIM[0], AIM[1], BURN_OUT), math.radians(42.0)
    states = []
    for ground_range in RANGES:
        speed = free_flight(ground_range, 0.0)[0]
        for bearing in map(math.radians, BEARINGS):
            level = speed * math.cos(slope)
            local = np.array([level * math.sin(bearing), level * math.cos(bearing), speed * math.sin(slope)])
            states.append(np.concatenate([place, basis.T @ local]))
    return np.array(states)


def launches() -> list[tuple[float, float, float]]:
    """Launch places on a sphere about the aim, one for each range and bearing."""
    ways = np.meshgrid(RANGES, np.radians(BEARINGS), indexing="ij")
    latitude, longitude = places_along(AIM[0], AIM[1], ways[1], ways[0])
    return [(north, east, 0.0) for north, east in zip(latitude.flat, longitude.flat, strict=True)]


@njit
def fly_all(starts: np.ndarray, times: int) -> np.ndarray:
    """Fly every start a number of times; states at the ground."""
    ends, no_trace, work, drive = starts.copy(), np.empty((0, 6)), np.empty((9, 6)), coasting(COEFFICIENT)
    for _ in range(times):
        for i in range(starts.shape[0]):
            ends[i] = starts[i]
            fly(ends[i], 0.0, WGS84_EARTH, drive, AT_HEIGHT, AIM[2], LONGEST, TOLERANCE, no_trace, 1.0, work)
    return ends


@njit
def solve_all(places: np.ndarray, aim: np.ndarray, axes: np.ndarray, missile: Missile, times: int) -> float:
    """Close a path from every place on the aim a number of times; the largest miss."""
    worst = 0.0
    for _ in range(times):
        for i in range(places.shape[0]):
            worst = max(worst, solve_arc(places[i], aim, axes, AIM[2], 0.0, missile, TOLERANCE, WGS84_EARTH)[2])
    return worst


def height(y: Any) -> float:
    """Height over the ellipsoid (m), as the kernel takes it."""
    x, y_, z = float(y[0]), float(y[1]), float(y[2])
    across, polar = x * x + y_ * y_, 1.0 - WGS84_EARTH.flattening
    squared = across + z * z
    surface = WGS84_EARTH.radius * polar * math.sqrt(squared / (polar * polar * across + z * z))
    tilt = 2.0 * WGS84_EARTH.flattening**2 * across * z * z / (squared * squared)
    return (math.sqrt(squared) - surface) * (1.0 - tilt)


def rate(_: float, y: Any) -> tuple[float, ...]:
    """The forces of the kernel in plain Python; the density of the air comes from the compiled function."""
    x, y_, z, vx, vy, vz = y.tolist()
    squared = x * x + y_ * y_ + z * z
    pull = -WGS84_EARTH.gravitational_parameter / (squared * math.sqrt(squared))
    bulge = 1.5 * WGS84_EARTH.j2 * WGS84_EARTH.radius**2 / squared
    polar = 5.0 * z * z / squared
    spin = WGS84_EARTH.rotation_rate
    along = pull * (1.0 + bulge * (1.0 - polar)) + spin * spin
    ax, ay = along * x + 2.0 * spin * vy, along * y_ - 2.0 * spin * vx
    az = pull * (1.0 + bulge * (3.0 - polar)) * z
    above = height((x, y_, z))
    if above < DRAG_CEILING:
        brake = -0.5 * air_density(max(above, 0.0)) * math.sqrt(vx * vx + vy * vy + vz * vz) / COEFFICIENT
        ax, ay, az = ax + brake * vx, ay + brake * vy, az + brake * vz
    return vx, vy, vz, ax, ay, az


def ground(_: float, y: Any) -> float:
    """Zero where the body is down."""
    return height(y) - AIM[2]


ground.terminal, ground.direction = True, -1.0  # type: ignore[attr-defined]


def scipy_end(start: np.ndarray, **how: Any) -> np.ndarray:
    """State at the ground by SciPy's DOP853; the kernel's tolerance unless another is given."""
    how = how or {"rtol": 1e-13, "atol": [TOLERANCE] * 3 + [TOLERANCE / 20.0] * 3}
    found = solve_ivp(rate, (0.0, 7200.0), start, method="DOP853", events=ground, **how)
    return np.asarray(found.y_events[0][0])


def largest_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Between positions of two sets of states, m."""
    return float(np.linalg.norm(a[:, :3] - b[:, :3], axis=1).max())


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time that some work takes, s."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(rounds: int) -> dict[str, float | str]:
    """Rates a second, medians over the rounds, and the ratio to SciPy within each round."""
    starts, missile = burn_outs(), Missile(COEFFICIENT, 80.0)
    places, aim, axes = np.array([point_ecef(*p) for p in launches()]), np.array(point_ecef(*AIM)), enu_basis(*AIM[:2])
    work: dict[str, tuple[int, Callable[[], object]]] = {
        "integrations": (100 * len(starts), lambda: fly_all(starts, 100)),
        "solved_paths": (30 * len(places), lambda: solve_all(places, aim, axes, missile, 30)),
        "sampled_paths": (len(places), lambda: [ballistic_path(p, AIM, 0.0, missile, 1.0) for p in launches()]),
        "scipy_integrations": (len(starts), lambda: [scipy_end(start) for start in starts]),
    }
    for _, once in work.values():
        once()
    exact = np.array([scipy_end(start, rtol=1e-12, atol=1e-6, max_step=1.0) for start in starts])
    rates: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, (count, once) in work.items():
            rates[name].append(count / cpu_seconds(once))
    ratio = [a / b for a, b in zip(rates["integrations"], rates["scipy_integrations"], strict=True)]
    return {
        **{f"{name}_per_s": statistics.median(found) for name, found in rates.items()},
        "integrations_over_scipy": statistics.median(ratio),
        "largest_error_m": largest_distance(fly_all(starts, 1), exact),
        "scipy_largest_error_m": largest_distance(np.array([scipy_end(start) for start in starts]), exact),
        "largest_miss_m": float(solve_all(places, aim, axes, missile, 1)),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="times that each is measured (7)")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.rounds)
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:32}{value:>14}" if isinstance(value, str) else f"{name:32}{value:14,.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
