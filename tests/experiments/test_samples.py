"""The hypercube: every stratum once, keyed by name."""

import numpy as np
import pytest

from steeldome.experiments.samples import OuterSample
from steeldome.kernels.philox import words
from steeldome.streams import Purpose, stable_id


def test_each_stratum_is_met_once_and_places_inside_it_are_even() -> None:
    count, names = 16, [f"input-{i}" for i in range(40)]
    values = np.array([[OuterSample(i, count, 5).quantile(name) for name in names] for i in range(count)])
    assert values.min() >= 0 and values.max() < 1
    assert np.all(np.sort((values * count).astype(int), axis=0) == np.arange(count)[:, None])
    inside = (values * count) % 1
    assert abs(inside.mean() - 0.5) < 4 * np.sqrt(1 / 12 / inside.size)
    correlation = np.corrcoef(values.T)[np.triu_indices(len(names), 1)]
    assert np.abs(correlation.mean()) < 0.05


def test_a_value_belongs_to_its_name_seed_and_number_only() -> None:
    assert OuterSample(3, 8, 1).quantile("a") == OuterSample(3, 8, 1).quantile("a")
    drawn = {OuterSample(3, 8, seed).quantile(name) for seed in (1, 2) for name in ("a", "b")}
    assert len(drawn) == 4


def test_the_stratum_is_the_rank_of_the_samples_own_word() -> None:
    for seed, count, name in ((7, 2, "a"), (2025, 32, "siper_b1.range_max_air"), (2**63 - 1, 33, "b")):
        drawn = [words(seed, sample, stable_id(name), 0, Purpose.INPUT_SAMPLE << 24) for sample in range(count)]
        for rank, word in enumerate(sorted(drawn)):
            number = drawn.index(word)
            assert OuterSample(number, count, seed).quantile(name) == (rank + word[2] / 2**32) / count


def test_one_sample_is_the_centre() -> None:
    sample = OuterSample(0, 1, 9)
    assert sample.quantile("anything") == 0.5 and sample.layout == 0


@pytest.mark.parametrize("count", [2, 3, 32])
def test_the_layout_is_the_number_of_the_sample(count: int) -> None:
    assert [OuterSample(i, count, 1).layout for i in range(count)] == list(range(count))
