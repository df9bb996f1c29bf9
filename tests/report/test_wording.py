"""Numbers are rounded by their half-width, sentences follow the measures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.report.contents import Measure
from steeldome.report.wording import MINUS, Wording, rounding_step, sentences, verdict
from tests.report.fake_run import fake_contents, share

ENGLISH = Wording("en", str)
TURKISH = Wording("tr", {"{number}%": "%{number}", "{low} to {high}": "{low} ile {high} arası"}.get)  # type: ignore[arg-type]


def measure(
    value: float, low: float, high: float, unit: str = "1", inputs: tuple[float, float] = (0.0, 1.0)
) -> Measure:
    return Measure(value, low, high, *inputs, 1000, "E1", unit)


@pytest.mark.parametrize(
    ("value", "low", "high", "shown", "band"),
    [
        (0.12345, 0.1188, 0.1281, "12.3%", "11.9–12.8%"),
        (0.12345, 0.07, 0.18, "12%", "7–18%"),
        (0.5, 0.4995, 0.5005, "50.00%", "49.95–50.05%"),
        (0.12345, 0.0, 0.3, "10%", "0–30%"),
    ],
)
def test_no_digit_beyond_the_first_of_the_half_width(
    value: float, low: float, high: float, shown: str, band: str
) -> None:
    found = measure(value, low, high)
    assert ENGLISH.value(found) == shown
    assert ENGLISH.chance(found) == band


def test_nothing_seen_prints_an_upper_bound_that_is_not_below_the_interval() -> None:
    assert ENGLISH.value(measure(0.0, 0.0, 0.000234)) == "none seen, below 0.03%"


def test_a_band_without_bounds_is_a_dash_and_not_a_number() -> None:
    unknown = Measure(0.4, math.nan, math.nan, math.nan, math.nan, 1, "E1", "1")
    assert (ENGLISH.value(unknown), ENGLISH.chance(unknown), ENGLISH.value(None)) == ("40.0%", "—", "—")


def test_turkish_writes_percent_first_and_comma_as_decimal_sign() -> None:
    found = measure(0.12345, 0.1188, 0.1281)
    assert TURKISH.value(found) == "%12,3"
    assert TURKISH.count(12_800) == "12.800"


def test_money_takes_the_scale_of_its_size() -> None:
    found = measure(45_678_901.0, 45_200_000.0, 46_100_000.0, "USD", (3e7, 6e7))
    assert ENGLISH.value(found) == "USD 45.7 million"
    assert ENGLISH.inputs(found) == "USD 30–60 million"


@given(value=st.floats(-1e6, 1e6), step=st.sampled_from([1e-4, 1e-2, 1.0, 10.0, 1e3]))
def test_a_printed_number_lies_within_half_a_step(value: float, step: float) -> None:
    text = ENGLISH.number(value, step).replace(",", "").replace(MINUS, "-")
    assert abs(float(text) - value) <= step * 0.5000001 + 1e-9


@given(low=st.floats(0, 1), width=st.floats(1e-6, 1))
def test_the_step_is_a_power_of_ten_no_finer_than_a_tenth_of_the_half_width(low: float, width: float) -> None:
    step = rounding_step(low, low + width, low)
    half = ((low + width) - low) / 2
    assert step <= half * (1 + 1e-6) and step > half / 10.001


def test_an_end_that_has_a_sign_keeps_it_and_a_mean_of_few_samples_says_so() -> None:
    both = measure(-0.011, -0.012, -0.010, inputs=(-0.042, 0.0028))
    assert ENGLISH.inputs(both, difference=True) == f"{MINUS}4.2 to +0.3 points"
    few = measure(-0.003, -0.004, -0.002, inputs=(0.0, 0.0))
    assert ENGLISH.inputs(few, difference=True) == "0 points"
    assert "made by few samples outside" in ENGLISH.bands(few, difference=True)
    assert "few samples" not in ENGLISH.bands(both, difference=True)


def test_a_band_as_narrow_as_the_rounding_of_sums_prints_one_number() -> None:
    found = measure(0.1, 0.0, 0.2, inputs=(0.1, 0.1 + 4e-17))
    assert found.input_low < found.input_high
    assert ENGLISH.inputs(found, difference=True) == "+10.0 points"


@pytest.mark.parametrize(
    ("ends", "inputs", "found"),
    [
        ((-0.03, -0.01), (-0.05, -0.001), "lower"),
        ((0.01, 0.03), (0.0, 0.05), "higher"),
        ((-0.03, -0.01), (-0.05, 0.01), "depends"),
        ((-0.03, 0.0), (-0.05, -0.01), "none"),
        ((-0.01, 0.02), (-0.05, 0.05), "none"),
    ],
)
def test_verdict(ends: tuple[float, float], inputs: tuple[float, float], found: str) -> None:
    assert verdict(measure(sum(ends) / 2, *ends, inputs=inputs)) == found


def test_the_answer_flips_with_the_measure() -> None:
    said = {}
    for name, gain in (("better", 0.04), ("worse", -0.04), ("same", 0.0)):
        contents = fake_contents(gain)
        said[name] = " ".join(sentence.text for sentence in sentences(contents, contents.raids[0], ENGLISH))
    assert "4.0 points lower" in said["better"]
    assert "4.0 points higher" in said["worse"]
    assert "no difference in leakage is shown" in said["same"]
    assert "lower" not in said["same"] and "higher" not in said["same"]


def test_every_sentence_says_if_and_carries_both_bands_and_n() -> None:
    contents = fake_contents()
    for raid in contents.raids:
        for sentence in sentences(contents, raid, ENGLISH):
            assert sentence.text.startswith("If ")
            assert " will " not in sentence.text
            assert all(part in sentence.text for part in ("chance ", "inputs and siting ", "n\u00a0=\u00a0")), (
                sentence.text
            )


def test_a_share_of_zero_in_the_answer_is_told_as_a_bound() -> None:
    contents = fake_contents()
    case = contents.cases[0]
    none = share(0.0, 0.01, 0.0)._replace(high=0.0003)
    case.measures["leakage"] = none  # type: ignore[index]
    text = sentences(contents, contents.raids[0], ENGLISH)[0].text
    assert "no armed object was seen" in text and "below 0.03%" in text
