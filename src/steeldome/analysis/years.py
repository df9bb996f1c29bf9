"""How many years earlier one way of buying reaches a threshold than another.

Only some years are played, so the first year in which a threshold is met is one of these; where none meets it, the year
after the last one stands for it, and the difference is then a lower bound of the years gained or lost.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from steeldome.analysis.measures import EVIDENCE_LEVEL, LOWER_IS_BETTER, SampleResult, per_replication
from steeldome.analysis.uncertainty import INPUT_BAND, LEVEL

Array = npt.NDArray[Any]

RESAMPLES: Final = 400


def years_to_threshold(
    one: Mapping[int, Sequence[SampleResult]],
    other: Mapping[int, Sequence[SampleResult]],
    measure: str,
    threshold: float,
) -> dict[str, Any]:
    """Years by which ``one`` meets a threshold before ``other``.

    Parameters
    ----------
    one, other : mapping of int to sequence of SampleResult
        By year; the same years and samples.
    measure : str
        A measure that differs a replication, such as ``value_saved``.
    threshold : float
        Met by the mean of an outer sample; from below for leakage, from above for what is held or saved.

    Returns
    -------
    dict
        A measure in years, and besides: ``reached`` and ``reached_other``, share of the samples that meet the threshold
        by each year; ``open``, share of the samples in which one of the two never does.

    Notes
    -----
    Chance: percentile bootstrap over replications [Efron1979]; a replication has the same luck in every sample and
    year, so that it is drawn for all of them at once.
    """
    years = sorted(one)
    tables = [{year: _by_replication(side[year], measure) for year in years} for side in (one, other)]
    n = min(table[year].shape[1] for table in tables for year in years)
    generator = np.random.default_rng(0)
    weights = generator.multinomial(n, np.full(n, 1.0 / n), RESAMPLES) / n
    flat = np.full((1, n), 1.0 / n)
    sign = -1.0 if measure in LOWER_IS_BETTER else 1.0

    def first_years(table: Mapping[int, Array], by: Array) -> Array:
        met = np.stack([sign * (by @ table[year][:, :n].T) >= sign * threshold for year in years])
        met = np.concatenate([met, np.ones((1, *met.shape[1:]), bool)])
        return np.asarray(np.array([*years, years[-1] + 1])[met.argmax(axis=0)])

    firsts = [first_years(table, flat)[0] for table in tables]
    gained = firsts[1] - firsts[0]
    drawn = (first_years(tables[1], weights) - first_years(tables[0], weights)).mean(axis=1)
    low, high = np.percentile(drawn, (100 * (1 - LEVEL) / 2, 100 * (1 + LEVEL) / 2))
    input_low, input_high = np.percentile(gained, INPUT_BAND)
    shares = [{str(year): float(np.mean(first <= year)) for year in years} for first in firsts]
    return {
        "value": float(gained.mean()),
        "low": float(low),
        "high": float(high),
        "input_low": float(input_low),
        "input_high": float(input_high),
        "n": n * len(gained),
        "level": EVIDENCE_LEVEL,
        "unit": "years",
        "reached": shares[0],
        "reached_other": shares[1],
        "open": float(np.mean(np.maximum(*firsts) > years[-1])),
    }


def _by_replication(samples: Sequence[SampleResult], measure: str) -> Array:
    """Measure of each replication, (sample, replication); cut to what all samples have."""
    found = [per_replication(sample, measure) for sample in samples]
    n = min(len(values) for values in found)
    return np.stack([values[:n] for values in found])
