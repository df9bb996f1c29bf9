"""From signal to track: reference range, and confirmation as a cumulative hazard.

What takes looks away stands here as well: the Doppler notch and jamming.
The probability of detection of a look is in ``swerling.py``, the loss of the air in ``propagation.py``.

Ratios throughout, never decibels.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]

#: Radar cross section (m2) that published ranges without one are read as.
REFERENCE_CROSS_SECTION: Final = 1.0

#: Largest cumulative hazard: a chance of 3e-10 of no track yet.
HAZARD_CAP: Final = 22.0


@njit(cache=True)
def reference_range(
    instrumented_range: float,
    search_ratio: float,
    radar_cross_section: float,
    solid_angle_ratio: float,
    dwell_ratio: float,
) -> float:
    """Range at which one look detects with probability one half, by power alone.

    Parameters
    ----------
    instrumented_range : float, m
        Longest range that the radar displays; it shows nothing beyond, however strong.
    search_ratio : float, > 0
        Range against a target of 1 m2 in the reference search, over the instrumented range.
    radar_cross_section : float, m2, > 0
    solid_angle_ratio : float, > 0
        Reference solid angle over the one searched: above 1 when the radar looks at a smaller volume.
    dwell_ratio : float, > 0
        Time on target over that of the reference search.

    Returns
    -------
    float, m

    Notes
    -----
    rho R [(sigma / 1 m2)(Omega_0 / Omega)(t / t_0)]**(1/4): search radar equation at fixed power and aperture
    [Skolnik2008], [Richards2014].
    """
    gain = radar_cross_section / REFERENCE_CROSS_SECTION * solid_angle_ratio * dwell_ratio
    return search_ratio * instrumented_range * math.sqrt(math.sqrt(gain))


@njit(cache=True)
def seen_beside_clutter(range_rate: float, notch_speed: float) -> bool:
    """Whether a target moves fast enough, towards the radar or away from it, to pass a filter against clutter.

    Parameters
    ----------
    range_rate : float, m/s
        Change of slant range over ground-fixed axes: the radar's own motion is compensated.
    notch_speed : float, m/s, >= 0
        Half width of the notch; 0: none.

    Returns
    -------
    bool

    Notes
    -----
    A moving target indicator rejects what keeps its distance, clutter and a target that crosses alike [Skolnik2008,
    ch. 2]. The edge of the notch is sharp here and blind speeds farther up are taken as filled by staggered pulses.
    """
    return abs(range_rate) >= notch_speed


@njit(cache=True)
def jammer_noise(off_bearing: float, noise_ratio: float, width: float) -> float:
    """Noise that a jammer adds to that of the receiver, in looks at one bearing.

    Parameters
    ----------
    off_bearing : float, rad, -pi..pi
        Bearing of the look less that of the jammer.
    noise_ratio : float, >= 0
        Declared: power of the jammer's noise over that of the receiver, within the sector.
    width : float, rad, > 0
        Of the sector in which the ratio holds.

    Returns
    -------
    float, 0..``noise_ratio``
        J g, over the power of the receiver's own noise.

    Notes
    -----
    g is 1 within the sector and 2**-x**2 beyond its edge, x the distance to it in half widths: an assumption for the
    edge of a main lobe. Sidelobes are free of the jammer.
    """
    half = 0.5 * width
    beyond = max(0.0, abs(off_bearing) - half) / half
    return noise_ratio * 2.0 ** (-beyond * beyond)


@njit(cache=True)
def jammed_range_factor(noise: float) -> float:
    """Factor on the range of one look in two under noise jamming.

    Parameters
    ----------
    noise : float, >= 0
        Sum of :func:`jammer_noise` over all jammers.

    Returns
    -------
    float, 0..1

    Notes
    -----
    R_50**4 goes with 1 / (1 + sum of J g), since noise adds to noise [Skolnik2008, ch. 24]: beyond the range that is
    left, the target is hidden; nearer it burns through.
    """
    return 1.0 / math.sqrt(math.sqrt(1.0 + noise))


@njit(cache=True)
def track_hazard(p_detection: Floats, m: int, n: int) -> Floats:
    """Cumulative hazard of a firm track after each scan: m detections among the last n scans confirm it.

    Parameters
    ----------
    p_detection : (scan,) float, 0..1
        Of each scan; 0 where the target is masked or out of the sector.
    m, n : int, 1 <= m <= n <= 8

    Returns
    -------
    (scan,) float, 0..22, non-decreasing
        H = -ln(1 - F), F the probability that the track is firm by then; capped at ``HAZARD_CAP``.

    Notes
    -----
    Markov chain over the outcomes of the last n - 1 scans, exact for independent scans [Mahafza2013]. A firm track is
    never lost here; losing it is the engine's business.
    """
    n_states = 1 << (n - 1)  # bit k: detected k + 1 scans ago
    chance = np.zeros(n_states)
    following = np.zeros(n_states)
    chance[0] = 1.0
    hazard = np.empty(p_detection.size)
    highest = 0.0
    for scan in range(p_detection.size):
        p = p_detection[scan]
        following[:] = 0.0
        for state in range(n_states):
            if chance[state] == 0.0:
                continue
            n_detections = 1
            for bit in range(n - 1):
                n_detections += (state >> bit) & 1
            shifted = (state << 1) & (n_states - 1)
            following[shifted] += (1.0 - p) * chance[state]
            if n_detections < m:
                following[shifted | (n_states > 1)] += p * chance[state]
        chance, following = following, chance
        untracked = 0.0
        for state in range(n_states):
            untracked += chance[state]
        now = -math.log(untracked) if untracked > 0.0 else HAZARD_CAP
        highest = max(highest, min(HAZARD_CAP, now))
        hazard[scan] = highest
    return hazard
