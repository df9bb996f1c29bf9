"""Intervals: chance inside outer samples, spread between them, and paired differences.

*Chance* is the replications; *input* is the outer samples. The two are never mixed: each estimate carries both bands.
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
        Replications behind the value.
    """

    value: float
    low: float
    high: float
    input_low: float
    input_high: float
    noise: float
    n: int


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
    """

    tops: Array
    bottoms: Array
    n: int


def stratified(strata: list[Stratum]) -> Estimate:
    """Mean over outer samples of the ratio in each, with both bands.

    Parameters
    ----------
    strata : list of Stratum
        At least one, each with a positive sum of bottoms.

    Notes
    -----
    Variance inside a sample: linearised ratio over its clusters, with B / (B - 1). Samples are strata: the variances
    add. Degrees of freedom after Satterthwaite [Satterthwaite1946].
    """
    means, variances, freedoms = [], [], []
    for stratum in strata:
        bottom = float(stratum.bottoms.sum())
        mean = float(stratum.tops.sum()) / bottom
        clusters = len(stratum.tops)
        residual = stratum.tops - mean * stratum.bottoms
        scale = clusters / (clusters - 1) if clusters > 1 else math.nan
        means.append(mean)
        variances.append(scale * float(residual @ residual) / bottom**2)
        freedoms.append(max(clusters - 1, 1))
    value, low, high = _mean_of_strata(means, variances, freedoms)
    return Estimate(value, low, high, *_band(means), _root_mean(variances), sum(s.n for s in strata))


def pooled_ratio(strata: list[Stratum]) -> Estimate:
    """Ratio of the totals over all samples, with both bands.

    Parts that must multiply back to a whole (covered leakage, uncovered leakage) are ratios of totals.
    """
    bottom = float(sum(s.bottoms.sum() for s in strata))
    value = float(sum(s.tops.sum() for s in strata)) / bottom
    variance, square = 0.0, 0.0
    for stratum in strata:
        clusters = len(stratum.tops)
        residual = stratum.tops - value * stratum.bottoms
        residual = residual - residual.mean()
        scale = clusters / (clusters - 1) if clusters > 1 else math.nan
        part = scale * float(residual @ residual) / bottom**2
        variance += part
        square += part**2 / max(clusters - 1, 1)
    freedom = variance**2 / square if square > 0 else 1e9
    half = student_quantile(max(freedom, 3.0)) * math.sqrt(variance)
    used = [stratum for stratum in strata if stratum.bottoms.sum() > 0]
    means = [float(stratum.tops.sum() / stratum.bottoms.sum()) for stratum in used]
    noise = stratified(used).noise
    return Estimate(value, value - half, value + half, *_band(means), noise, sum(s.n for s in used))


def exact(values: list[float], n: int) -> Estimate:
    """A number that chance does not touch: one value a sample."""
    value = math.fsum(values) / len(values)
    return Estimate(value, value, value, *_band(values), 0.0, n)


def yes_or_no(successes: list[int], trials: list[int]) -> Estimate:
    """Share of replications in which something happened, with both bands.

    Parameters
    ----------
    successes, trials : list of int
        By outer sample.

    Notes
    -----
    The interval is that of one binomial over all replications. Where samples differ it is wider than stratification
    allows, never narrower.
    """
    means = [count / n for count, n in zip(successes, trials, strict=True)]
    low, high = proportion_interval(sum(successes), sum(trials))
    noise = _root_mean([p * (1 - p) / n for p, n in zip(means, trials, strict=True)])
    value = math.fsum(means) / len(means)
    return Estimate(value, min(low, value), max(high, value), *_band(means), noise, sum(trials))


def share(estimate: Estimate, has_chance: bool = True) -> Estimate:
    """A share cut to 0..1; where chance showed no spread at all, bounded by the exact interval for 0 of n or n of n.

    At most every object of a replication leaks, so the chance that a replication has any leaker bounds the share.
    """
    low, high = max(0.0, estimate.low), min(1.0, estimate.high)
    if has_chance and estimate.value <= 0.0:
        high = clopper_pearson(0, estimate.n)[1]
    if has_chance and estimate.value >= 1.0:
        low = clopper_pearson(estimate.n, estimate.n)[0]
    return estimate._replace(low=low, high=high)


def paired(first: list[Stratum], second: list[Stratum]) -> Estimate:
    """Second minus first, paired by sample and cluster: same seeds and same inputs.

    Parameters
    ----------
    first, second : list of Stratum
        The same samples, each with the same clusters; both are means a cluster of their own bottoms.
    """
    means, variances, freedoms = [], [], []
    for a, b in zip(first, second, strict=True):
        mean_a, mean_b = a.tops.sum() / a.bottoms.sum(), b.tops.sum() / b.bottoms.sum()
        clusters = len(a.tops)
        residual = (b.tops - mean_b * b.bottoms) / b.bottoms.sum() - (a.tops - mean_a * a.bottoms) / a.bottoms.sum()
        means.append(float(mean_b - mean_a))
        scale = clusters / (clusters - 1) if clusters > 1 else math.nan
        variances.append(scale * float(residual @ residual))
        freedoms.append(max(clusters - 1, 1))
    value, low, high = _mean_of_strata(means, variances, freedoms)
    return Estimate(value, low, high, *_band(means), _root_mean(variances), sum(s.n for s in second))


def _mean_of_strata(means: list[float], variances: list[float], freedoms: list[int]) -> tuple[float, float, float]:
    value = math.fsum(means) / len(means)
    variance = math.fsum(variances) / len(means) ** 2
    square = math.fsum(v * v / f for v, f in zip(variances, freedoms, strict=True)) / len(means) ** 4
    if not math.isfinite(variance):
        return value, -math.inf, math.inf
    freedom = variance**2 / square if square > 0 else 1e9
    half = student_quantile(max(freedom, 3.0)) * math.sqrt(variance)
    return value, value - half, value + half


def _band(means: list[float]) -> tuple[float, float]:
    low, high = np.percentile(np.asarray(means, float), INPUT_BAND)
    return float(low), float(high)


def _root_mean(variances: list[float]) -> float:
    return math.sqrt(math.fsum(variances) / len(variances))
