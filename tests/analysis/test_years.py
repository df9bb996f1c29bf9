"""Years to a threshold from results whose answer is known."""

import numpy as np
import pytest

from steeldome.analysis.batches import Batches, Facts
from steeldome.analysis.measures import SampleResult
from steeldome.analysis.years import years_to_threshold
from steeldome.compiler.tables import N_CLASSES, N_STAGES
from steeldome.results.schema import CLASS_OUTCOMES, ROW, empty_sums

YEARS = (2028, 2030, 2035)
N = 200


def sample(saved: float, spread: float = 0.0, seed: int = 0) -> SampleResult:
    """One outer sample in which a share of the value is saved, on average."""
    rows = np.zeros(N, ROW)
    noise = spread * np.random.default_rng(seed).standard_normal(N)
    rows["value_lost"] = np.round(100 * (1 - saved - (noise - noise.mean())))
    rows["leaked"] = rows["value_lost"]
    armed = np.zeros(N_CLASSES, int)
    armed[0] = 100
    facts = Facts(armed, armed, armed, 0, 100, 1, ("x",), np.array([0]))
    none = np.zeros((1, N_CLASSES, 1), int)
    batches = Batches(
        np.array([0]), np.array([N]), np.zeros((1, N_CLASSES, len(CLASS_OUTCOMES)), int), none, none, np.zeros((1, 1))
    )
    return SampleResult(rows, np.arange(N), empty_sums(N_CLASSES, 1, 1, N_STAGES), batches, facts, 0)


def path(*levels: tuple[float, ...]) -> dict[int, list[SampleResult]]:
    """Levels by year, one a sample."""
    return {year: [sample(saved) for saved in found] for year, found in zip(YEARS, levels, strict=True)}


def test_the_years_between_two_crossings_are_gained() -> None:
    early = path((0.4, 0.4), (0.6, 0.6), (0.7, 0.7))
    late = path((0.4, 0.4), (0.4, 0.5), (0.6, 0.7))
    found = years_to_threshold(early, late, "value_saved", 0.55)
    assert (found["value"], found["low"], found["high"]) == (5.0, 5.0, 5.0)
    assert found["reached"] == {"2028": 0.0, "2030": 1.0, "2035": 1.0} and found["open"] == 0.0
    turned = years_to_threshold(late, early, "value_saved", 0.55)
    assert turned["value"] == -5.0 and turned["reached_other"] == found["reached"]


def test_leakage_meets_a_threshold_from_above() -> None:
    early, late = path((0.5,), (0.8,), (0.9,)), path((0.2,), (0.3,), (0.9,))
    found = years_to_threshold(early, late, "leakage", 0.3)
    assert found["value"] == 5.0 and found["unit"] == "years"


def test_never_counts_as_the_year_after_the_last_and_is_said() -> None:
    never, late = path((0.1, 0.1), (0.1, 0.1), (0.1, 0.1)), path((0.1, 0.1), (0.1, 0.1), (0.6, 0.1))
    found = years_to_threshold(late, never, "value_saved", 0.5)
    assert found["value"] == 0.5  # one year in one of two samples
    assert found["open"] == 1.0 and found["reached"]["2035"] == 0.5
    assert years_to_threshold(never, never, "value_saved", 0.5)["value"] == 0.0


def test_the_chance_band_holds_what_luck_alone_can_move() -> None:
    near = {year: [sample(0.5, 0.3, 1)] for year in YEARS}
    far = path((0.1,), (0.1,), (0.1,))
    found = years_to_threshold(near, far, "value_saved", 0.5)
    assert found["value"] in (0.0, 8.0)
    assert (found["low"], found["high"]) == pytest.approx((0.0, 8.0))
