"""Units: exact factors, round trips of all pairs, and refusals that say what to type."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.constants import STANDARD_GRAVITY
from steeldome.units import UNITS, dimensions, example, format_quantity, parse_number, parse_quantity

# One of each unit in SI, written down by hand from the SI brochure and the definitions of the other units.
ORACLE = {
    "m": "1", "km": "1e3", "cm": "1e-2", "mm": "1e-3", "ft": "0.3048", "mi": "1609.344", "nmi": "1852",
    "s": "1", "ms": "1e-3", "min": "60", "h": "3600", "d": "86400", "month": "2629800", "year": "31557600",
    "m/s": "1", "km/h": "1000/3600", "mm/h": "1/3600000", "kn": "1852/3600", "rad": "1", "mrad": "1e-3",
    "m2": "1", "km2": "1e6", "dBsm": "1", "kg": "1", "g": "1e-3", "t": "1e3", "lb": "0.45359237",
    "N": "1", "kN": "1e3", "W": "1", "kW": "1e3", "MW": "1e6",
    "Hz": "1", "kHz": "1e3", "MHz": "1e6", "GHz": "1e9", "K": "1", "1": "1", "%": "1e-2", "count": "1",
    "1/s": "1", "1/min": "1/60", "1/h": "1/3600", "1/year": "1/31557600",
    "USD": "1", "kUSD": "1e3", "MUSD": "1e6", "USD/s": "1", "USD/year": "1/31557600", "kg/m2": "1", "CE": "1",
}  # fmt: skip


def rational(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")


LINEAR = [unit for unit in UNITS.values() if not unit.is_decibel]
PAIRS = [(a, b) for a in LINEAR for b in LINEAR if a.dimension == b.dimension]


def test_every_factor_agrees_with_the_hand_written_table():
    assert {symbol: UNITS[symbol].factor for symbol in ORACLE} == {s: rational(text) for s, text in ORACLE.items()}
    assert set(UNITS) == {*ORACLE, "deg", "arcmin", "arcsec"}
    assert parse_quantity("180 deg", "angle") == math.pi
    assert parse_quantity("10800 arcmin", "angle") == parse_quantity("648000 arcsec", "angle") == math.pi


def test_every_unit_names_its_definition_and_every_kind_has_an_example():
    assert all(unit.source for unit in UNITS.values())
    assert {unit.dimension for unit in UNITS.values()} == set(dimensions())
    for dimension in dimensions():
        assert parse_quantity(example(dimension), dimension) > 0.0


@given(st.floats(-1e12, 1e12), st.sampled_from(PAIRS))
def test_round_trip_through_every_pair_of_units(value, pair):
    first, second = pair
    in_si = parse_quantity(f"{value!r} {first.symbol}", first.dimension)
    in_second = in_si / float(second.factor)
    back = parse_quantity(f"{in_second!r} {second.symbol}", first.dimension) / float(first.factor)
    assert back == pytest.approx(value, rel=1e-14, abs=1e-290)


@given(st.integers(-(10**9), 10**9))
def test_the_same_length_in_two_units_is_the_same_number(metres):
    assert parse_quantity(f"{metres} m", "length") == parse_quantity(f"{metres}e-3 km", "length")


@given(st.floats(1e-9, 1e15), st.sampled_from(dimensions()), st.booleans())
def test_formatted_text_reads_back_to_six_digits(value, dimension, is_negative):
    signed = -value if is_negative else value
    assert parse_quantity(format_quantity(signed, dimension), dimension) == pytest.approx(signed, rel=1e-5)


def test_decibels_are_areas():
    assert parse_quantity("-20 dBsm", "area") == pytest.approx(0.01, rel=1e-15)
    assert parse_quantity("0 dBsm", "area") == 1.0


def test_a_unit_can_be_told_from_a_constant():
    assert format_quantity(STANDARD_GRAVITY, "speed") == "9.80665 m/s"
    assert format_quantity(40_000.0, "length") == "40 km"
    assert format_quantity(0.0, "length") == "0 m"


@pytest.mark.parametrize(
    ("text", "dimension", "message"),
    [
        ("40", "length", "40 has no unit; write for example '40 km'"),
        ("40 s", "length", "'40 s' is a time, a length is needed; write for example '40 km'"),
        ("40 m", "area", "'40 m' is a length, an area is needed; write for example '0.5 m2'"),
        ("40 KM", "length", "'40 KM': no unit 'KM'. Did you mean '40 km'?"),
        ("40km", "length", "'40km' has no space before the unit; write '40 km'"),
        ("1:30", "time", "'1:30' is not a number and a unit; write for example '10 min'"),
        ("nan m", "length", "'nan m' is not a number and a unit; write for example '40 km'"),
        ("inf m", "length", "'inf m' is not a number and a unit; write for example '40 km'"),
        ("1e400 m", "length", "'1e400 m' is too large; it must be finite"),
        ("1e400 dBsm", "area", "'1e400 dBsm' is too large; it must be finite"),
        ("9**9 m", "length", "'9**9 m' is not a number and a unit; write for example '40 km'"),
        ("0x10 m", "length", "'0x10 m' is not a number and a unit; write for example '40 km'"),
        ("1_000 m", "length", "'1_000 m' is not a number and a unit; write for example '40 km'"),
        ("٤٠ km", "length", "'٤٠ km' is not a number and a unit; write for example '40 km'"),
        ("", "length", "'' is not a number and a unit; write for example '40 km'"),
    ],
)
def test_refusals_say_what_was_found_and_what_to_type(text, dimension, message):
    with pytest.raises(ValueError) as refusal:
        parse_quantity(text, dimension)
    assert str(refusal.value) == message


@given(st.text(max_size=100))
def test_any_text_is_a_finite_number_or_a_sentence(text):
    for read in (parse_number, lambda found: parse_quantity(found, "length")):
        try:
            assert math.isfinite(read(text))
        except ValueError as refusal:
            assert text[:30] in str(refusal)
