"""Draw the picture of docs/models/detection.md: `python tools/detection_picture.py`, from the kernels themselves."""

import math
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes

from steeldome.constants import RADAR_BANDS, RAIN_HEIGHT
from steeldome.kernels.propagation import gas_depth, gas_profile, length_in_rain, rain_attenuation
from steeldome.kernels.swerling import curve_detection, detection_curve
from steeldome.report.figures import BLUE, GREEN, ORANGE, PURPLE, VERMILION

matplotlib.use("agg")
import matplotlib.pyplot as plt

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "detection.png"
CASES = ((0, BLUE, "steady (case 0)"), (1, VERMILION, "many scatterers (case 1)"), (3, GREEN, "one large (case 3)"))
COLOURS = dict(zip(RADAR_BANDS, (PURPLE, BLUE, GREEN, ORANGE, VERMILION), strict=True))
RAIN_RATES = ((0.0, "-", "clear air"), (4.0, "--", "rain of 4 mm/h"), (16.0, ":", "rain of 16 mm/h"))
ELEVATION = math.radians(0.5)
CELL = 30e3  # m


def draw_detection(axes: Axes) -> None:
    """P_d of one look by range, ten pulses, for the three cases."""
    ratios = np.linspace(0.2, 2.0, 400)
    for case, colour, label in CASES:
        curve = detection_curve(case, 10, 1e-6)
        axes.plot(ratios, [curve_detection(curve, x) for x in ratios], color=colour, label=label)
    one_pulse = detection_curve(1, 1, 1e-6)
    axes.plot(
        ratios[::20],
        [curve_detection(one_pulse, x) for x in ratios[::20]],
        "o",
        color=VERMILION,
        markersize=3,
        label="case 1, one pulse",
    )
    axes.set_xlabel("range / range of one look in two")
    axes.set_ylabel("probability of detection of one look")
    axes.set_title("10 pulses, P_fa = 10⁻⁶", fontsize=9)
    axes.legend(frameon=False, fontsize=8)


def draw_loss(axes: Axes) -> None:
    """Two-way loss by range at low elevation, for the bands and three rates of rain."""
    ranges = np.linspace(1e3, 300e3, 300)
    for band, frequency in RADAR_BANDS.items():
        profile = gas_profile(frequency)
        for rate, style, _ in RAIN_RATES:
            rain = rain_attenuation(rate / 3.6e6, frequency, ELEVATION, 0.25 * math.pi)
            depth = [
                gas_depth(r, ELEVATION, 0.0, profile) + rain * length_in_rain(r, ELEVATION, 0.0, RAIN_HEIGHT, 0.0, CELL)
                for r in ranges
            ]
            decibels = 20.0 / math.log(10.0) * np.array(depth)
            axes.plot(ranges / 1e3, decibels, style, color=COLOURS[band], label=band if rate == 0.0 else None)
    for _, style, label in RAIN_RATES[1:]:
        axes.plot([], [], style, color="#515253", label=label)
    axes.set_ylim(0.0, 30.0)
    axes.set_xlabel("slant range, km")
    axes.set_ylabel("two-way loss, dB")
    axes.set_title("elevation 0.5°, rain over the first 30 km up to 3 km", fontsize=9)
    axes.legend(frameon=False, fontsize=8, ncols=2)


def main() -> None:
    """Write the picture."""
    with plt.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.6), layout="constrained")
        draw_detection(left)
        draw_loss(right)
        figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
