"""Probability of detection of integrated pulses for Swerling cases 0, 1 and 3, its inverse, and its curve by range.

A square-law detector adds the power of n pulses and compares the sum, in units of the mean noise power of one pulse,
with a threshold T. Given the signal, the sum is a gamma variable of whole shape n + N, where N is Poisson with mean n
times the signal-to-noise of a pulse [Marcum1960]. A signal that fluctuates from scan to scan gives N another law
[Swerling1960]: geometric for case 1, negative binomial of order 2 for case 3. Then, with Q(n, T) the regularised upper
incomplete gamma function,

    P_d = sum over k of Pr(N = k) Q(n + k, T)
        = Q(n, T) + sum over k of exp(-T) T**(n + k) / (n + k)! Pr(N > k).

Every term is positive, so nothing cancels. The first form serves case 0, the second cases 1 and 3.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]

#: Cells of a curve, and the largest ratio of range to the range of one look in two that it spans.
CURVE_CELLS: Final = 512
CURVE_END: Final = 6.0

_LEAST_TERM: Final = 1e-18  # smaller ones no longer move a probability
_MOST_ENERGY: Final = 700.0  # beyond, a steady target of at most 100 pulses is missed with less than 1e-40
_MOST_STEPS: Final = 200  # of Newton's method or of halving; both end earlier, at the last bit


@njit(cache=True)
def _poisson(count: int, mean: float) -> float:
    """Probability of a count of a Poisson variable of positive mean."""
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1.0))


@njit(cache=True)
def gamma_upper(shape: int, x: float) -> float:
    """Regularised upper incomplete gamma function of whole shape.

    Parameters
    ----------
    shape : int, 1..300
    x : float, 0..700

    Returns
    -------
    float, 0..1

    Notes
    -----
    Q(n, x) = sum over j < n of exp(-x) x**j / j! [AbramowitzStegun1964, 6.5.13].
    """
    term = math.exp(-x)
    total = 0.0
    for j in range(shape):
        total += term
        term *= x / (j + 1.0)
    return min(1.0, total)


@njit(cache=True)
def detection_threshold(n_pulses: int, p_false_alarm: float) -> float:
    """Threshold on the summed power of the pulses, over the mean noise power of one, for a false alarm probability.

    Parameters
    ----------
    n_pulses : int, 1..100
    p_false_alarm : float, 1e-12..0.5
        Per look.

    Returns
    -------
    float, > 0
        T with Q(n, T) = P_fa [Marcum1960].

    Notes
    -----
    Newton's method on ln Q, which is concave: from the first step on it comes down to T from above.
    """
    target = math.log(p_false_alarm)
    threshold = float(n_pulses)
    for _ in range(_MOST_STEPS):
        tail = gamma_upper(n_pulses, threshold)
        step = (math.log(tail) - target) * tail / _poisson(n_pulses - 1, threshold)
        threshold += step
        if abs(step) <= 1e-15 * threshold:
            break
    return threshold


@njit(cache=True)
def _steady(n_pulses: int, threshold: float, energy: float) -> float:
    """Case 0 above a threshold: the first form of the module's head."""
    if energy > _MOST_ENERGY:
        return 1.0
    weight = math.exp(-energy)
    above = gamma_upper(n_pulses, threshold)
    term = _poisson(n_pulses, threshold)
    total = 0.0
    k = 0
    while k <= energy or weight > _LEAST_TERM:
        total += weight * above
        k += 1
        weight *= energy / k
        above = min(1.0, above + term)
        term *= threshold / (n_pulses + k)
    return min(1.0, total)


@njit(cache=True)
def _fluctuating(case: int, n_pulses: int, threshold: float, energy: float) -> float:
    """Cases 1 and 3 above a threshold: the second form of the module's head."""
    order = 0.5 * (case - 1)  # parts that N is made of, less one
    share = energy / (1.0 + order + energy)  # of each part, Pr(part > k) = share**(k + 1)
    total = gamma_upper(n_pulses, threshold)
    term = _poisson(n_pulses, threshold) * share
    k = 0
    while n_pulses + k <= threshold or term * (1.0 + k) > _LEAST_TERM:
        total += term * (1.0 + order * (k + 1) * (1.0 - share))
        k += 1
        term *= share * threshold / (n_pulses + k)
    return min(1.0, total)


@njit(cache=True)
def detection_above(case: int, n_pulses: int, threshold: float, signal_to_noise: float) -> float:
    """Probability of detection in one look over a threshold from :func:`detection_threshold`; see below."""
    energy = n_pulses * signal_to_noise
    if case == 0:
        return _steady(n_pulses, threshold, energy)
    return _fluctuating(case, n_pulses, threshold, energy)


@njit(cache=True)
def swerling_detection(case: int, n_pulses: int, signal_to_noise: float, p_false_alarm: float) -> float:
    """Probability of detection in one look of pulses added without phase by a square-law detector.

    Parameters
    ----------
    case : int, 0, 1 or 3
        Law of the target's cross section from scan to scan: steady; exponential, many like scatterers; chi-squared of
        four degrees of freedom, one large scatterer among many small [Swerling1960].
    n_pulses : int, 1..100
        Pulses of the look.
    signal_to_noise : float, 0..1e12
        Mean power ratio of one pulse.
    p_false_alarm : float, 1e-12..0.5
        Per look.

    Returns
    -------
    float, ``p_false_alarm``..1

    Notes
    -----
    Exact; within 1e-12 of 50-digit arithmetic. Noise is independent from pulse to pulse, the target does not move
    from one resolution cell to the next within a look. Equations at the head of the module.
    """
    return detection_above(case, n_pulses, detection_threshold(n_pulses, p_false_alarm), signal_to_noise)


@njit(cache=True)
def swerling_signal_to_noise(case: int, n_pulses: int, p_detection: float, p_false_alarm: float) -> float:
    """Mean power ratio of one pulse at which a look detects with a probability; inverse of :func:`swerling_detection`.

    Parameters
    ----------
    case : int, 0, 1 or 3
    n_pulses : int, 1..100
    p_detection : float, 0..1 exclusive
    p_false_alarm : float, 1e-12..0.5

    Returns
    -------
    float, >= 0
        0 where the probability is not above that of a false alarm.

    Notes
    -----
    Doubled until it is enough, then halved down to neighbouring numbers.
    """
    if p_detection <= p_false_alarm:
        return 0.0
    threshold = detection_threshold(n_pulses, p_false_alarm)
    low = 0.0
    high = 1.0
    while detection_above(case, n_pulses, threshold, high) < p_detection:
        low = high
        high *= 2.0
    for _ in range(_MOST_STEPS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if detection_above(case, n_pulses, threshold, middle) < p_detection:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True)
def detection_curve(case: int, n_pulses: int, p_false_alarm: float) -> Floats:
    """Probability of detection by range over the range of one look in two, as a table to look up.

    Parameters
    ----------
    case : int, 0, 1 or 3
    n_pulses : int, 1..100
    p_false_alarm : float, 1e-9..1e-4

    Returns
    -------
    (cell, coefficient) float
        ``CURVE_CELLS`` cubics in the share of the cell, constant term first, over ratios 0..``CURVE_END``; one more
        row, the probability of false alarm, for all that lies beyond. For :func:`curve_detection`.

    Notes
    -----
    S = S_50 (R_50 / R)**4, S_50 from :func:`swerling_signal_to_noise` at one half. Each cubic meets the exact curve at
    the ends and the thirds of its cell. Within 1e-5 of the exact value for every ratio, case, n and P_fa above.
    """
    threshold = detection_threshold(n_pulses, p_false_alarm)
    reference = swerling_signal_to_noise(case, n_pulses, 0.5, p_false_alarm)
    values = np.ones(3 * CURVE_CELLS + 1)
    for i in range(1, values.size):
        ratio = i * CURVE_END / (3.0 * CURVE_CELLS)
        values[i] = detection_above(case, n_pulses, threshold, reference / ratio**4)
    curve = np.zeros((CURVE_CELLS + 1, 4))
    curve[CURVE_CELLS, 0] = p_false_alarm
    for cell in range(CURVE_CELLS):
        a, b, c, d = values[3 * cell], values[3 * cell + 1], values[3 * cell + 2], values[3 * cell + 3]
        curve[cell, 0] = a
        curve[cell, 1] = -5.5 * a + 9.0 * b - 4.5 * c + d
        curve[cell, 2] = 9.0 * a - 22.5 * b + 18.0 * c - 4.5 * d
        curve[cell, 3] = -4.5 * a + 13.5 * b - 13.5 * c + 4.5 * d
    return curve


@njit(cache=True)
def curve_detection(curve: Floats, ratio: float) -> float:
    """Probability of detection in one look, from a table.

    Parameters
    ----------
    curve : (cell, coefficient) float
        From :func:`detection_curve`.
    ratio : float, >= 0
        Range over the range of one look in two; loss and jamming enter here, as factors on range.

    Returns
    -------
    float, 0..1
    """
    at = min(ratio * (CURVE_CELLS / CURVE_END), float(CURVE_CELLS))
    cell = int(at)
    share = at - cell
    row = curve[cell]
    return row[0] + share * (row[1] + share * (row[2] + share * row[3]))
