"""Draw the picture of docs/models/flight.md: `python tools/flight_picture.py`, from the product's own functions."""

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.kernels.arcs import Missile, ballistic_path
from steeldome.kernels.geodesy import ecef_to_geodetic
from steeldome.kernels.trajectory import Path as Flight

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LAUNCH = 0.0, math.radians(11.25), 0.0  # 1 252 km east of the aim, on the equator
AIM = 0.0, 0.0, 0.0
COEFFICIENT = 5_000.0  # kg/m2


def profile(flight: Flight) -> tuple[np.ndarray, np.ndarray]:
    """Distance from the launch along the ground and height, both in km."""
    position = flight.position_ecef / np.linalg.norm(flight.position_ecef, axis=1)[:, None]
    distance = MEAN_EARTH_RADIUS * np.arccos(np.clip(position @ position[0], -1.0, 1.0))
    return distance / 1e3, ecef_to_geodetic(flight.position_ecef)[2] / 1e3


def draw_kinds(axes: Axes) -> None:
    """One launch and one aim: lofted, of least energy, depressed."""
    for name, apogee, style in (("lofted", 500e3, "--"), ("least energy", 0.0, "-"), ("depressed", 150e3, ":")):
        flight = ballistic_path(LAUNCH, AIM, apogee, Missile(COEFFICIENT, 100.0), 1.0)
        distance, height = profile(flight)
        label = f"{name}: {flight.time[-1]:.0f} s"
        axes.plot(distance, height, style, color="black", label=label)
    axes.set(xlabel="distance flown over ground, km", ylabel="height, km", title="Three paths, one launch and one aim")
    axes.set_ylim(0.0, 750.0)
    axes.legend(frameon=False, loc="upper center")


def draw_slow_down(axes: Axes) -> None:
    """Speed on the way down, by what comes down."""
    for coefficient, style in ((10_000.0, "-"), (5_000.0, "--"), (2_000.0, ":")):
        flight = ballistic_path(LAUNCH, AIM, 0.0, Missile(coefficient, 100.0), 0.25)
        height = profile(flight)[1]
        down = (np.arange(height.size) > height.argmax()) & (height < 80.0)
        axes.plot(flight.speed[down], height[down], style, color="black", label=f"{coefficient:,.0f} kg/m²")
    axes.set(xlabel="speed, m/s", ylabel="height, km", title="Slow-down on the way down", xlim=(0.0, None))
    axes.legend(frameon=False, title="ballistic coefficient")


def main() -> None:
    """Write every picture."""
    mpl.rcParams.update({"svg.hashsalt": "steeldome", "svg.fonttype": "none", "font.size": 9.0})
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    draw_kinds(left)
    draw_slow_down(right)
    figure.savefig(PICTURES / "flight.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
