"""From shots to kills: closed forms for independent shots, shared causes, miss distance and doctrine."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Probabilities of a common cause are whole numbers of these (1/32): the rows that the engine draws from.
COMMON_STEPS: Final = 32


def survival_probability(sspk: npt.ArrayLike, shots: npt.ArrayLike) -> Floats:
    """Probability that each threat survives its independent shots.

    Parameters
    ----------
    sspk : (threat,) float, 0..1
        Single-shot probability of kill.
    shots : (threat,) int, >= 0
        Shots that reach intercept.

    Returns
    -------
    (threat,) float, 0..1

    Notes
    -----
    Shots are independent; a shared cause of failure makes this optimistic [WashburnKress2009, ch. 2].
    """
    return np.asarray((1.0 - np.asarray(sspk, np.float64)) ** np.asarray(shots))


def salvo_kill(sspk: npt.ArrayLike, shots: npt.ArrayLike) -> Floats:
    """Cumulative probability of kill of a salvo of independent shots: 1 - (1 - sspk)**shots.

    Parameters
    ----------
    sspk : (threat,) float, 0..1
    shots : (threat,) int, >= 0

    Returns
    -------
    (threat,) float, 0..1
    """
    return 1.0 - survival_probability(sspk, shots)


def common_cause_split(sspk: float, p_common: float) -> tuple[int, float]:
    """Split a single-shot probability of kill into a shared cause of failure and what is left to each shot.

    Parameters
    ----------
    sspk : float, 0..1
        Single-shot probability of kill over both parts.
    p_common : float, 0..1
        Probability that all shots of this kind fail together.

    Returns
    -------
    n_failing : int, 0..32
        Of 32 equally likely states, those in which every shot fails.
    sspk_otherwise : float, 0..1
        Single-shot probability of kill in the other states.

    Notes
    -----
    The parts keep the whole: sspk = (1 - n / 32) sspk_otherwise. A common cause cannot fail more often than a shot
    does, so n / 32 <= 1 - sspk. Closed form; the effect on a raid as in [Wilkening2000].
    """
    most = math.floor(COMMON_STEPS * (1.0 - sspk) + 1e-9)
    n_failing = min(round(COMMON_STEPS * p_common), most)
    if n_failing == COMMON_STEPS:
        return n_failing, 0.0
    return n_failing, min(1.0, sspk * COMMON_STEPS / (COMMON_STEPS - n_failing))


def shoot_look_shoot(sspk: float, salvo: int, looks: int) -> tuple[float, float]:
    """Probability of kill and expected shots when each salvo is fired only at a threat seen to have survived.

    Parameters
    ----------
    sspk : float, 0..1
    salvo : int, >= 1
        Shots between looks.
    looks : int, >= 1
        Salvos that there is time for.

    Returns
    -------
    p_kill : float, 0..1
    expected_shots : float

    Notes
    -----
    q = (1 - sspk)**salvo: P = 1 - q**looks, E = salvo (1 - q**looks) / (1 - q). Kill assessment is perfect and rounds
    never run out [WashburnKress2009].
    """
    q = (1.0 - sspk) ** salvo
    p_kill = 1.0 - q**looks
    return p_kill, float(salvo * looks) if q == 1.0 else salvo * p_kill / (1.0 - q)


def circular_normal_hit(radius: npt.ArrayLike, sigma: npt.ArrayLike) -> Floats:
    """Probability that a circular normal error stays within a radius.

    Parameters
    ----------
    radius : (...) float, m, >= 0
    sigma : (...) float, m, > 0
        Standard deviation along each axis.

    Returns
    -------
    (...) float, 0..1

    Notes
    -----
    1 - exp(-r**2 / (2 sigma**2)) [WashburnKress2009].
    """
    ratio = np.asarray(radius, np.float64) / np.asarray(sigma, np.float64)
    return -np.expm1(-0.5 * ratio * ratio)


def circular_error_probable(sigma: float) -> float:
    """Radius (m) that holds half of a circular normal error of standard deviation ``sigma`` (m) along each axis."""
    return sigma * math.sqrt(2.0 * math.log(2.0))


def gaussian_lethality(lethal_radius: npt.ArrayLike, sigma: npt.ArrayLike) -> Floats:
    """Single-shot probability of kill where both the miss and the lethality are circular and normal.

    Parameters
    ----------
    lethal_radius : (...) float, m, > 0
        Scale b of the kill probability exp(-r**2 / (2 b**2)) at miss distance r.
    sigma : (...) float, m, >= 0
        Standard deviation of the miss along each axis.

    Returns
    -------
    (...) float, 0..1

    Notes
    -----
    b**2 / (b**2 + sigma**2), centred aim [WashburnKress2009].
    """
    lethal = np.asarray(lethal_radius, np.float64) ** 2
    return np.asarray(lethal / (lethal + np.asarray(sigma, np.float64) ** 2))


def damage_probability(p_reference: npt.ArrayLike, mass_ratio: npt.ArrayLike, exponent: float) -> Floats:
    """Probability that a hit costs the asset, from that of a warhead of the reference mass.

    Parameters
    ----------
    p_reference : (...) float, 0..1
        Of one hit by the reference warhead.
    mass_ratio : (...) float, >= 0
        Mass of the warhead over that of the reference.
    exponent : float, > 0
        The area laid waste grows with this power of the mass; 2/3 follows from the cube-root scaling of distances at
        which a blast does the same harm [Glasstone1977, ch. 3].

    Returns
    -------
    (...) float, 0..1

    Notes
    -----
    A warhead that lays waste k times the area counts as k independent hits: 1 - (1 - p)**k.
    """
    area = np.asarray(mass_ratio, np.float64) ** exponent
    return salvo_kill(p_reference, area)
