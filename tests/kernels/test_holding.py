"""When a track is held: closed forms for straight hazards, and the definition itself, millisecond by millisecond."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.kernels.holding import held_spans

Window = tuple[int, int, int, list[int]]


def spans(windows: list[Window], need: int) -> list[tuple[int, int]]:
    """Spans of windows of open, close, shift and knots."""
    opens, closes, shifts = (np.array([window[i] for window in windows], np.int64) for i in range(3))
    knots = np.array([window[3] for window in windows], np.int64)
    return [(first, last) for first, last in held_spans(opens, closes, shifts, knots, need).tolist()]


def straight(opened: int, closed: int, slope: int) -> Window:
    """A hazard that grows by ``slope`` a millisecond, with knots 8 ms apart."""
    return opened, closed, 3, [8 * slope * k for k in range(32)]


def test_one_window_is_held_from_where_its_hazard_reaches_the_need_to_its_end() -> None:
    assert spans([straight(100, 200, 10)], 405) == [(141, 200)]
    assert spans([straight(100, 200, 10)], 1001) == []


def test_windows_add_up_while_both_are_open_and_a_track_ends_with_its_window() -> None:
    first, second = straight(0, 100, 10), straight(50, 200, 10)
    # 10 t + 10 (t - 50) = 1000 at t = 75; from 100 on the second stands alone and has 500, 1000 at 150
    assert spans([first, second], 1000) == [(75, 100), (150, 200)]
    assert spans([first, second], 300) == [(30, 200)]


@pytest.mark.parametrize("windows", [[straight(50, 40, 10)], []])
def test_without_a_window_there_is_no_track(windows: list[Window]) -> None:
    if windows:
        assert spans(windows, 1) == []
    else:
        none = np.zeros(0, np.int64)
        assert held_spans(none, none, none, np.zeros((0, 32), np.int64), 1).shape == (0, 2)


window = st.builds(
    lambda opened, length, shift, steps: (opened, opened + min(length, 31 << shift), shift, [0, *np.cumsum(steps)]),
    st.integers(0, 60),
    st.integers(1, 60),
    st.integers(0, 2),
    st.lists(st.integers(0, 9), min_size=31, max_size=31),
)


@given(windows=st.lists(window, min_size=1, max_size=4), need=st.integers(1, 200))
def test_a_track_is_held_exactly_when_what_is_open_suffices(windows: list[Window], need: int) -> None:
    def hazard(at: int) -> int:
        total = 0
        for opened, closed, shift, knots in windows:
            if opened <= at <= closed:
                k, rest = divmod(at - opened, 1 << shift)
                after = knots[min(k + 1, 31)]
                total += knots[k] + (after - knots[k]) * rest // (1 << shift)
        return total

    found = spans(windows, need)
    held = {at for first, last in found for at in range(first, last + 1)}
    assert held == {at for at in range(130) if hazard(at) >= need}
    assert all(before[1] < after[0] for before, after in itertools.pairwise(found))
