"""Paths end to end: which samples are near a site, and knots that span a window."""

import numpy as np
import pytest

from steeldome.compiler.bundle import bundle_of, samples_within, shift_over
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.paths import FlownPath


def straight(name: str, start: float, n: int) -> FlownPath:
    """A path along the x axis, a sample each kilometre."""
    position = np.zeros((n, 3))
    position[:, 0] = start + 1e3 * np.arange(n)
    return FlownPath(name, "t", "cruise", "a", np.arange(float(n)), position, np.zeros(n), np.zeros(n), 0.0)


def test_samples_near_a_site_come_with_a_neighbour_at_each_end_and_none_of_another_path() -> None:
    first, second = straight("first", 0.0, 40), straight("second", 20e3, 10)
    cache = CompilerCache()
    bundle = bundle_of([first, second], cache)
    assert bundle is bundle_of([first, second], cache) and bundle is not bundle_of([second, first], cache)
    assert bundle.first.tolist() == [0, 40, 50]

    def near(p: int, x: float, longest: float) -> tuple[int, int]:
        ends = bundle.first[p], bundle.first[p + 1]
        return samples_within(bundle.position_ecef, *ends, bundle.ball[p], np.array([x, 0.0, 0.0]), longest)

    assert near(0, 10e3, 2_500.0) == (7, 14)  # 8..12 km are near
    assert near(0, 0.0, 2_500.0) == (0, 4), "a path has nothing before its first sample"
    assert near(1, 10e3, 10_500.0) == (40, 42)  # 20 km is near, 21 km its neighbour
    assert near(1, 29e3, 1e6) == (40, 50), "and nothing after its last"
    for away in (near(0, 60e3, 10e3), near(0, 10_500.0, 400.0)):
        assert away[0] == away[1]


@pytest.mark.parametrize(("duration", "n", "shift"), [(0, 16, 0), (15, 16, 0), (16, 16, 1), (30_001, 16, 11)])
def test_knots_span_a_duration(duration: int, n: int, shift: int) -> None:
    assert shift_over(duration, n) == shift
    assert (n - 1) << shift >= duration
