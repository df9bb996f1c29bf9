"""Intervals against published numbers, an independent library and exact toys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from steeldome.analysis.uncertainty import (
    Stratum,
    clopper_pearson,
    paired,
    pooled_ratio,
    proportion_interval,
    share,
    stratified,
    student_quantile,
    wilson,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("count", "n", "expected"),
    [(2, 205, (0.00118, 0.03480)), (3, 112, (0.00556, 0.07629)), (31, 550, (0.03861, 0.07905))],
)
def test_exact_intervals_of_published_counts(count: int, n: int, expected: tuple[float, float]) -> None:
    assert clopper_pearson(count, n) == pytest.approx(expected, abs=1e-5)


def test_no_leaker_in_eighteen() -> None:
    assert (
        clopper_pearson(0, 18, 0.90)[1]
        == pytest.approx(1 - 0.05 ** (1 / 18), abs=1e-9)
        == pytest.approx(0.1533, abs=1e-4)
    )
    assert clopper_pearson(0, 18) == pytest.approx((0.0, 0.1853), abs=1e-4)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_agree_with_an_independent_library(pair: tuple[int, int]) -> None:
    count, n = pair
    exact = stats.binomtest(count, n).proportion_ci(method="exact")
    assert clopper_pearson(count, n) == pytest.approx((exact.low, exact.high), rel=1e-8, abs=1e-12)
    score = stats.binomtest(count, n).proportion_ci(method="wilson")
    assert wilson(count, n) == pytest.approx((score.low, score.high), rel=1e-9, abs=1e-12)


def test_few_counts_take_the_exact_interval() -> None:
    assert proportion_interval(9, 1000) == clopper_pearson(9, 1000)
    assert proportion_interval(991, 1000) == clopper_pearson(991, 1000)
    assert proportion_interval(10, 1000) == wilson(10, 1000)


@pytest.mark.parametrize("freedom", [3, 4, 7, 19, 200, 1e6])
def test_student_quantile(freedom: float) -> None:
    assert student_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=4e-3)


def coverage(n: int, p: float) -> float:
    """Exact probability that the interval of a proportion holds the truth."""
    counts = np.arange(n + 1)
    held = [low <= p <= high for low, high in (proportion_interval(int(count), n) for count in counts)]
    return float(stats.binom.pmf(counts, n, p)[held].sum())


@pytest.mark.parametrize(("n", "p"), [(100, 0.01), (100, 0.3), (400, 0.05), (1000, 0.01), (1000, 0.3)])
def test_proportion_intervals_hold_what_they_promise(n: int, p: float) -> None:
    assert coverage(n, p) > 0.93


def leakers(rng: np.random.Generator, level: float, n: int, objects: int = 8) -> np.ndarray:
    """Counts of leakers with a shared luck in each replication, so that objects are not independent."""
    return rng.binomial(objects, rng.beta(20 * level, 20 * (1 - level), n))


def stratum(tops: np.ndarray, bottoms: np.ndarray, first: int = 0) -> Stratum:
    """One replication a cluster, numbered from `first` on."""
    return Stratum(tops.astype(float), bottoms.astype(float), len(tops), first + np.arange(len(tops)))


def test_intervals_of_clustered_shares_and_differences_hold_the_truth() -> None:
    rng = np.random.default_rng(11)
    levels, n, trials = (0.2, 0.3, 0.5), 60, 1500
    held = np.zeros(3)
    for _ in range(trials):
        first = [leakers(rng, level, n) for level in levels]
        second = [np.maximum(counts - rng.binomial(1, 0.4, n), 0) for counts in first]
        strata = [[stratum(c, np.full(n, 8.0), n * i) for i, c in enumerate(side)] for side in (first, second)]
        found = stratified(strata[0])
        held[0] += found.low <= np.mean(levels) <= found.high
        whole = pooled_ratio(strata[0])
        held[1] += whole.low <= np.mean(levels) <= whole.high
        change = paired(*strata)
        truth = np.mean([-0.4 * (1 - no_leaker(level)) / 8 for level in levels])
        held[2] += change.low <= truth <= change.high
    band = 4 * math.sqrt(0.95 * 0.05 / trials)
    assert np.all(np.abs(held / trials - 0.95) < band + 0.005), held / trials


def test_intervals_hold_the_truth_where_samples_share_their_luck() -> None:
    """A raid of one object: in each replication one draw of luck decides in all samples, whatever their level."""
    rng = np.random.default_rng(12)
    levels, n, trials = np.linspace(0.1, 0.5, 16), 200, 1000
    held = np.zeros(4)
    for _ in range(trials):
        luck, other = rng.random(n), rng.random(n)
        first = [stratum(luck < level, np.ones(n)) for level in levels]
        second = [stratum((luck < level) & (other < 0.6), np.ones(n)) for level in levels]
        truth = float(np.mean(levels))
        for place, found in enumerate((stratified(first), pooled_ratio(first), yes_or_no(first))):
            held[place] += found.low <= truth <= found.high
        change = paired(first, second)
        held[3] += change.low <= -0.4 * truth <= change.high
    assert np.all((held / trials > 0.93) & (held / trials < 0.97)), held / trials


def no_leaker(level: float, objects: int = 8) -> float:
    """Probability that no object of a replication leaks."""
    a, b = 20 * level, 20 * (1 - level)
    return math.exp(math.lgamma(b + objects) - math.lgamma(b) + math.lgamma(a + b) - math.lgamma(a + b + objects))


def test_pairing_narrows_a_difference() -> None:
    rng = np.random.default_rng(2)
    luck = rng.normal(size=500)
    one, ones = stratum(luck, np.ones(500)), stratum(luck + 0.1, np.ones(500))
    other = stratum(rng.normal(size=500) + 0.1, np.ones(500))
    assert paired([one], [ones]).high - paired([one], [ones]).low < 1e-9
    assert paired([one], [other]).high - paired([one], [other]).low > 0.2


def test_the_bands_stay_apart() -> None:
    strata = [stratum(np.full(50, level), np.ones(50)) for level in np.linspace(0.1, 0.9, 32)]
    found = stratified(strata)
    assert (found.low, found.high, found.noise) == pytest.approx((0.5, 0.5, 0.0))
    assert (found.input_low, found.input_high) == pytest.approx((0.14, 0.86))


def test_a_share_without_any_spread_still_has_a_bound() -> None:
    nothing = share(stratified([stratum(np.zeros(100), np.full(100, 8.0))] * 3))
    assert nothing.low == 0.0 and nothing.high == clopper_pearson(0, 100)[1]
    everything = share(stratified([stratum(np.full(100, 8.0), np.full(100, 8.0))] * 3))
    assert everything.low == clopper_pearson(100, 100)[0] and everything.high == 1.0
    single = share(stratified([stratum(np.array([3.0]), np.array([8.0]))]))
    assert (single.low, single.high) == (0.0, 1.0)


def test_yes_or_no_is_worth_between_one_sample_and_all() -> None:
    flags = np.repeat([1.0, 0.0], [30, 70])
    ones = np.ones(100)
    alike = yes_or_no([stratum(flags, ones), stratum(flags, ones)])
    assert alike.value == 0.3 and (alike.low, alike.high) == wilson(30, 100) and (alike.n, alike.luck) == (200, 100)
    apart = yes_or_no([stratum(flags, ones), stratum(flags, ones, first=100)])
    assert (apart.low, apart.high) == pytest.approx(wilson(60, 200), abs=0.002)
    assert apart.noise == pytest.approx(math.sqrt(0.21 / 99))
    never = yes_or_no([stratum(0 * ones, ones), stratum(0 * ones, ones)])
    assert (never.low, never.high) == clopper_pearson(0, 100)
