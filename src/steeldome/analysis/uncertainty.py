"""Intervals: chance inside outer samples, spread between them, and paired differences.

*Chance* is the replications; *input* is the outer samples. The two are never mixed: each estimate carries both bands.
Draws are keyed by replication, not by sample, so replication r has the same luck in every sample: chance is read off
the sum over the samples of each replication, as over one cluster. Taking the samples for independent made the bands of
the shipped study three to four times too narrow.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

LEVEL: Final = 0.95
NORMAL_QUANTILE: Final = 1.959963984540054  # of (1 + LEVEL) / 2
INPUT_BAND: Final = (5.0, 95.0)  # percentiles of the sample means
FEW: Final = 10  # counts below this take the exact interval


class Estimate(NamedTuple):
    """One number with both bands.

    Attributes
    ----------
    value : float
        Mean over the outer samples of the sample means.
    low, high : float
        95 % interval of `value` from chance alone.
    input_low, input_high : float
        5th to 95th percentile of the sample means. Each sample mean still carries the noise of its own replications.
    noise : float
        Size of that noise: root mean square standard error of a sample mean.
    n : int
        Replications behind the value, over all samples.
    luck : int
        Those of them that differ in their luck: the replications of one sample.
    """

    value: float
    low: float
    high: float
    input_low: float
    input_high: float
    noise: float
    n: int
    luck: int


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a proportion [Wilson1927].

    Parameters
    ----------
    successes, n : int, 0 <= successes <= n, n >= 1
    """
    z2 = NORMAL_QUANTILE**2
    p = successes / n
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_QUANTILE / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def clopper_pearson(successes: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval of a proportion [ClopperPearson1934].

    Parameters
    ----------
    successes, n : int, 0 <= successes <= n, n >= 1
    level : float, 0..1

    Notes
    -----
    Each bound is the proportion at which the binomial tail beyond the count is (1 - level) / 2, found by bisection; the
    smaller of the two tails is summed, so no digits cancel.
    """
    tail = (1 - level) / 2
    low = 0.0 if successes == 0 else _solve(lambda p: _upper_tail(successes, n, p) - tail)
    high = 1.0 if successes == n else _solve(lambda p: tail - _upper_tail(n - successes, n, 1 - p))
    return low, high


def _upper_tail(count: int, n: int, p: float) -> float:
    """Probability of at least ``count`` successes, count >= 1."""
    if p <= 0.0 or p >= 1.0:
        return float(p >= 1.0)
    if count <= n * p:
        return 1.0 - _sum_of_terms(n, 1 - p, n - count + 1)
    return _sum_of_terms(n, p, count)


def _sum_of_terms(n: int, p: float, first: int) -> float:
    """Probability of ``first`` or more successes by terms that fall from the first one on."""
    if first > n:
        return 0.0
    log_term = math.lgamma(n + 1) - math.lgamma(first + 1) - math.lgamma(n - first + 1)
    term = math.exp(log_term + first * math.log(p) + (n - first) * math.log1p(-p))
    total, odds = term, p / (1 - p)
    for k in range(first, n):
        term *= (n - k) / (k + 1) * odds
        total += term
        if term < total * 1e-17:
            break
    return min(1.0, total)


def _solve(rising: Any) -> float:
    """Root in 0..1 of a rising function."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return 0.5 * (low + high)


def proportion_interval(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of one yes or no a replication: Wilson, exact when either count is under `FEW`."""
    if min(successes, n - successes) < FEW:
        return clopper_pearson(successes, n)
    return wilson(successes, n)


def student_quantile(freedom: float) -> float:
    """Quantile (1 + LEVEL) / 2 of Student's distribution, freedom >= 3, to 0.4 % [AbramowitzStegun1964, eq. 26.7.5]."""
    z = NORMAL_QUANTILE
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


class Stratum(NamedTuple):
    """What one outer sample says: a ratio of totals over independent clusters.

    Attributes
    ----------
    tops, bottoms : (cluster,) float
        Numerator and denominator of each cluster; a plain mean a replication has the number of replications below.
    n : int
        Replications in all clusters together.
    luck : (cluster,) int
        Number of the replication or batch: clusters of one number share their luck over the samples.
    """

    tops: Array
    bottoms: Array
    n: int
    luck: Array


def stratified(strata: list[Stratum]) -> Estimate:
    """Mean over outer samples of the ratio in each, with both bands.

    Parameters
    ----------
    strata : list of Stratum
        At least one, each with a positive sum of bottoms.

    Notes
    -----
    Variance: linearised ratios, summed over the samples by their luck, with B / (B - 1) for B numbers of luck.
    """
    means, residuals = _linearised(strata)
    return _mean_of_samples(means, residuals, [s.luck for s in strata], _counts(strata))


def pooled_ratio(strata: list[Stratum]) -> Estimate:
    """Ratio of the totals over all samples, with both bands.

    Parts that must multiply back to a whole (covered leakage, uncovered leakage) are ratios of totals.
    """
    bottom = float(sum(s.bottoms.sum() for s in strata))
    value = float(sum(s.tops.sum() for s in strata)) / bottom
    residuals = []
    for stratum in strata:
        residual = stratum.tops - value * stratum.bottoms
        residuals.append((residual - residual.mean()) / bottom)
    low, high = _interval(value, residuals, [s.luck for s in strata])
    used = [stratum for stratum in strata if stratum.bottoms.sum() > 0]
    means = [float(stratum.tops.sum() / stratum.bottoms.sum()) for stratum in used]
    return Estimate(value, low, high, *_band(means), stratified(used).noise, *_counts(used))


def exact(values: list[float], n: int) -> Estimate:
    """A number that chance does not touch: one value a sample."""
    value = math.fsum(values) / len(values)
    return Estimate(value, value, value, *_band(values), 0.0, n, n)


def yes_or_no(strata: list[Stratum]) -> Estimate:
    """Share of replications in which something happened, with both bands.

    Parameters
    ----------
    strata : list of Stratum
        One cluster a replication: top 0 or 1, bottom 1.

    Notes
    -----
    The interval is that of one binomial with as many replications as would spread as much, at least those of one sample
    and at most all [KornGraubard1998].
    """
    found = stratified(strata)
    residuals = [residual / len(strata) for residual in _linearised(strata)[1]]
    p, variance = found.value, _variance(residuals, [s.luck for s in strata])[0]
    worth = p * (1.0 - p) / variance if variance > 0.0 else 0.0
    n = round(min(max(worth, found.luck), found.n))
    low, high = proportion_interval(round(p * n), n)
    return found._replace(low=min(low, p), high=max(high, p))


def share(estimate: Estimate, has_chance: bool = True) -> Estimate:
    """A share cut to 0..1; where chance showed no spread at all, bounded by the exact interval for 0 of n or n of n.

    At most every object of a replication leaks, so the chance that a replication has any leaker bounds the share.
    """
    low, high = max(0.0, estimate.low), min(1.0, estimate.high)
    if has_chance and estimate.value <= 0.0:
        high = clopper_pearson(0, estimate.luck)[1]
    if has_chance and estimate.value >= 1.0:
        low = clopper_pearson(estimate.luck, estimate.luck)[0]
    return estimate._replace(low=low, high=high)


def paired(first: list[Stratum], second: list[Stratum]) -> Estimate:
    """Second minus first, paired by sample and cluster: same seeds and same inputs.

    Parameters
    ----------
    first, second : list of Stratum
        The same samples, each with the same clusters; both are means a cluster of their own bottoms.
    """
    (means_a, residuals_a), (means_b, residuals_b) = _linearised(first), _linearised(second)
    means = [b - a for a, b in zip(means_a, means_b, strict=True)]
    residuals = [b - a for a, b in zip(residuals_a, residuals_b, strict=True)]
    return _mean_of_samples(means, residuals, [s.luck for s in first], _counts(second))


def _linearised(strata: list[Stratum]) -> tuple[list[float], list[Array]]:
    """Ratio of each sample, and what each of its clusters adds to the ratio's deviation."""
    bottoms = [float(stratum.bottoms.sum()) for stratum in strata]
    means = [float(stratum.tops.sum()) / bottom for stratum, bottom in zip(strata, bottoms, strict=True)]
    residuals = [(s.tops - mean * s.bottoms) / bottom for s, mean, bottom in zip(strata, means, bottoms, strict=True)]
    return means, residuals


def _mean_of_samples(
    means: list[float], residuals: list[Array], luck: list[Array], counts: tuple[int, int]
) -> Estimate:
    value = math.fsum(means) / len(means)
    low, high = _interval(value, [residual / len(means) for residual in residuals], luck)
    own = [_variance([residual], [numbers])[0] for residual, numbers in zip(residuals, luck, strict=True)]
    return Estimate(value, low, high, *_band(means), math.sqrt(math.fsum(own) / len(own)), *counts)


def _variance(residuals: list[Array], luck: list[Array]) -> tuple[float, int]:
    """Variance of a sum of residuals that go together by their luck, and its degrees of freedom."""
    _, place = np.unique(np.concatenate(luck), return_inverse=True)
    totals = np.bincount(place, weights=np.concatenate(residuals))
    if len(totals) < 2:
        return math.nan, 1
    return len(totals) / (len(totals) - 1) * float(totals @ totals), len(totals) - 1


def _interval(value: float, residuals: list[Array], luck: list[Array]) -> tuple[float, float]:
    variance, freedom = _variance(residuals, luck)
    if not math.isfinite(variance):
        return -math.inf, math.inf
    half = student_quantile(max(freedom, 3.0)) * math.sqrt(variance)
    return value - half, value + half


def _counts(strata: list[Stratum]) -> tuple[int, int]:
    """Replications over all samples, and of the longest sample."""
    return sum(s.n for s in strata), max(s.n for s in strata)


def _band(means: list[float]) -> tuple[float, float]:
    low, high = np.percentile(np.asarray(means, float), INPUT_BAND)
    return float(low), float(high)
