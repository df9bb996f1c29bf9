"""Accuracy of a track: how far across the line of sight a radar may place its target from where it is."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Slope of the difference pattern of a monopulse antenna, per beam width; 1.4 to 1.9 by the taper [BartonWard1969].
MONOPULSE_SLOPE: Final = 1.6


def track_error(
    slant_range: npt.ArrayLike, beam_width: npt.ArrayLike, signal_to_noise: npt.ArrayLike, alignment: npt.ArrayLike
) -> Floats:
    """Standard deviation of a tracked position along each axis across the line of sight.

    Parameters
    ----------
    slant_range : (...) float, m, >= 0
    beam_width : (...) float, rad, > 0
        Between half-power points.
    signal_to_noise : (...) float, > 0
        Power ratio of all pulses of a look: n S of ``swerling.py``.
    alignment : (...) float, rad, >= 0
        Standard deviation of what no signal removes: of the mount, and of the two sites if the track is another unit's.

    Returns
    -------
    (...) float, m

    Notes
    -----
    R sqrt((theta / (1.6 sqrt(2 S)))**2 + alignment**2), the thermal error of monopulse [BartonWard1969]. One look
    counts: smoothing over looks would make it smaller, a manoeuvre larger. With a basket of radius r,
    ``lethality.circular_normal_hit(r, sigma)`` is the probability that the target lies within it.
    """
    thermal = np.asarray(beam_width, np.float64) / (MONOPULSE_SLOPE * np.sqrt(2.0 * np.asarray(signal_to_noise)))
    return np.asarray(slant_range, np.float64) * np.hypot(thermal, np.asarray(alignment, np.float64))
