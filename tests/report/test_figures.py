"""What stands in a figure fits, and an axis says the truth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.report.figures import LABEL_POINTS, Row, band_figure, legend_columns, text_width, wrapped
from steeldome.report.wording import MINUS, Wording
from tests.report.fake_run import difference


def test_a_legend_takes_the_columns_that_fit() -> None:
    labels = ["short", "a label of some length", "another label of some length", "one more", "the last of them all"]
    widths = [text_width(label, 8.5) + 36.0 for label in labels]
    assert legend_columns(labels, 8.5, 36.0, sum(widths)) == 5
    assert legend_columns(labels, 8.5, 36.0, sum(widths) - 1.0) == 4
    assert legend_columns(labels, 8.5, 36.0, max(widths) - 1.0) == 1


@given(st.floats(0.002, 1.0))
def test_the_axis_of_a_difference_says_where_its_ticks_stand(span: float) -> None:
    rows = [Row("all", {"leakage": difference(span / 2)})]
    (axis,) = band_figure(rows, {"leakage": ""}, Wording("en", str), span=span).axes
    for tick, label in zip(axis.get_xticks(), axis.get_xticklabels(), strict=True):
        assert float(label.get_text().replace(MINUS, "-")) == pytest.approx(100.0 * tick, abs=0.0051)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), min_size=1, max_size=12))
def test_a_long_label_runs_over_lines_that_fit(words: list[str]) -> None:
    lines = wrapped(" ".join(words), LABEL_POINTS, 8.5)
    assert " ".join(lines).split() == words
    assert all(text_width(line, 8.5) <= LABEL_POINTS or " " not in line for line in lines)
