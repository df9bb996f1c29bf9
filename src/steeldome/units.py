"""Text with a unit in, SI float out: one regular expression, one table, the only conversions of the project.

Notes
-----
Factors are exact by definition [BIPM2019] unless the table says otherwise.  Conversion is done in rational arithmetic
and rounded once, so that ``40 km`` and ``40000 m`` are the same number.
"""

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_NUMBER_PATTERN: Final = re.compile(_NUMBER)
_QUANTITY_PATTERN: Final = re.compile(rf"({_NUMBER}) +([^\s0-9][^\s]*|1|1/[a-z]+)")
_GLUED_PATTERN: Final = re.compile(rf"({_NUMBER})([A-Za-z%].*)")
_LONGEST_TEXT: Final = 64
_PI: Final = Fraction(math.pi)
_YEAR: Final = Fraction(31_557_600)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: its symbol, the kind of quantity it measures, its size in SI, and who defines it."""

    symbol: str
    dimension: str
    factor: Fraction
    source: str
    is_decibel: bool = False


def _table(*rows: tuple[str, str, Fraction | int | str, str]) -> Mapping[str, Unit]:
    """Units by symbol; ``dBsm`` is the only logarithmic one."""
    units = (Unit(symbol, kind, Fraction(factor), source, symbol == "dBsm") for symbol, kind, factor, source in rows)
    return MappingProxyType({unit.symbol: unit for unit in units})


_SI: Final = "SI brochure, 9th ed. (2019)"
_YARD: Final = "International yard and pound agreement (1959)"

UNITS: Final[Mapping[str, Unit]] = _table(
    ("m", "length", 1, _SI),
    ("km", "length", 1000, _SI),
    ("cm", "length", "0.01", _SI),
    ("mm", "length", "0.001", _SI),
    ("ft", "length", "0.3048", _YARD),
    ("mi", "length", "1609.344", _YARD),
    ("nmi", "length", 1852, "International hydrographic conference (1929)"),
    ("s", "time", 1, _SI),
    ("ms", "time", "0.001", _SI),
    ("min", "time", 60, _SI),
    ("h", "time", 3600, _SI),
    ("d", "time", 86_400, _SI),
    ("month", "time", _YEAR / 12, "one twelfth of a Julian year"),
    ("year", "time", _YEAR, "Julian year of 365.25 d, IAU (1976)"),
    ("m/s", "speed", 1, _SI),
    ("km/h", "speed", Fraction(5, 18), _SI),
    ("mm/h", "speed", Fraction(1, 3_600_000), _SI),
    ("kn", "speed", Fraction(1852, 3600), "International hydrographic conference (1929)"),
    ("rad", "angle", 1, _SI),
    ("mrad", "angle", "0.001", _SI),
    ("deg", "angle", _PI / 180, _SI),
    ("arcmin", "angle", _PI / 10_800, _SI),
    ("arcsec", "angle", _PI / 648_000, _SI),
    ("m2", "area", 1, _SI),
    ("km2", "area", 1_000_000, _SI),
    ("dBsm", "area", 1, "decibels relative to 1 m2, IEEE Std 686"),
    ("kg", "mass", 1, _SI),
    ("g", "mass", "0.001", _SI),
    ("t", "mass", 1000, _SI),
    ("lb", "mass", "0.45359237", _YARD),
    ("N", "force", 1, _SI),
    ("kN", "force", 1000, _SI),
    ("W", "power", 1, _SI),
    ("kW", "power", 1000, _SI),
    ("MW", "power", 1_000_000, _SI),
    ("Hz", "frequency", 1, _SI),
    ("kHz", "frequency", 1000, _SI),
    ("MHz", "frequency", 1_000_000, _SI),
    ("GHz", "frequency", 1_000_000_000, _SI),
    ("K", "temperature", 1, _SI),
    ("1", "ratio", 1, _SI),
    ("%", "ratio", "0.01", _SI),
    ("count", "count", 1, "a number of things"),
    ("1/s", "rate", 1, _SI),
    ("1/min", "rate", Fraction(1, 60), _SI),
    ("1/h", "rate", Fraction(1, 3600), _SI),
    ("1/year", "rate", 1 / _YEAR, "Julian year of 365.25 d, IAU (1976)"),
    ("USD", "money", 1, "ISO 4217"),
    ("kUSD", "money", 1000, "ISO 4217"),
    ("MUSD", "money", 1_000_000, "ISO 4217"),
    ("USD/s", "cost rate", 1, "ISO 4217"),
    ("USD/year", "cost rate", 1 / _YEAR, "ISO 4217; Julian year"),
    ("kg/m2", "areal density", 1, _SI),
    ("CE", "calendar year", 1, "ISO 8601"),
)

_EXAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "length": "40 km",
        "time": "10 min",
        "speed": "250 m/s",
        "angle": "110 deg",
        "area": "0.5 m2",
        "mass": "500 kg",
        "force": "130 kN",
        "power": "5 kW",
        "frequency": "3 GHz",
        "temperature": "290 K",
        "ratio": "30 %",
        "count": "8 count",
        "rate": "20 1/h",
        "money": "2 MUSD",
        "cost rate": "100000 USD/year",
        "areal density": "5000 kg/m2",
        "calendar year": "2025 CE",
    }
)

_PREFERRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "length": ("km", "m", "mm"),
        "time": ("year", "d", "h", "min", "s", "ms"),
        "angle": ("deg",),
        "area": ("km2", "m2"),
        "force": ("kN", "N"),
        "power": ("MW", "kW", "W"),
        "frequency": ("GHz", "MHz", "kHz", "Hz"),
        "rate": ("1/s", "1/min", "1/h", "1/year"),
        "money": ("MUSD", "kUSD", "USD"),
        "cost rate": ("USD/year",),
    }
)


def dimensions() -> tuple[str, ...]:
    """Kinds of quantity that have a unit, such as ``length`` or ``money``."""
    return tuple(_EXAMPLES)


def example(dimension: str) -> str:
    """Text that a user could type for a quantity of this kind."""
    return _EXAMPLES[dimension]


def parse_number(text: str) -> float:
    """Read a bare finite decimal number.

    Raises
    ------
    ValueError
        With the sentence to show, if the text is anything but a finite decimal number.
    """
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"{_quote(text)} is too long for a number; write for example '0.5'")
    if not _NUMBER_PATTERN.fullmatch(text):
        raise ValueError(f"{_quote(text)} is not a number; write for example '0.5'")
    return _finite(text, Fraction(text))


def parse_quantity(text: str, dimension: str, typed: str = "") -> float:
    """Read ``number space symbol`` as a quantity of one kind.

    Parameters
    ----------
    text : str
        Such as ``40 km``; nothing else is accepted: no second number, no underscore, no expression.
    dimension : str
        One of `dimensions`.
    typed : str, optional
        What to propose instead of the example of the kind.

    Returns
    -------
    float
        The quantity in SI units (metres, seconds, radians, ratios, US dollars), finite.

    Raises
    ------
    ValueError
        With the sentence to show: what was found, what is needed, what to type.
    """
    typed = typed or _EXAMPLES[dimension]
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"{_quote(text)} is too long for a quantity; write for example '{typed}'")
    match = _QUANTITY_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(_explain(text, typed))
    number, symbol = match.groups()
    unit = UNITS.get(symbol)
    if unit is None:
        raise ValueError(f"'{text}': no unit '{symbol}'{_suggest(number, symbol, dimension, typed)}")
    if unit.dimension != dimension:
        raise ValueError(
            f"'{text}' is {_with_article(unit.dimension)}, {_with_article(dimension)} is needed; "
            f"write for example '{typed}'"
        )
    return to_si(number, unit)


def to_si(number: str, unit: Unit) -> float:
    """Value in SI units of a decimal number of one unit.

    Raises
    ------
    ValueError
        If the result is not a finite float.
    """
    if unit.is_decibel:
        exponent = float(number) / 10.0
        if abs(exponent) > 300.0:
            raise ValueError(f"'{number} {unit.symbol}' is too large; it must be finite")
        return float(10.0**exponent)
    return _finite(f"{number} {unit.symbol}", Fraction(number) * unit.factor)


def format_quantity(value: float, dimension: str) -> str:
    """Text for a message or a report, with a unit of handy size and six significant digits.

    Parameters
    ----------
    value : float
        The quantity in SI units.
    dimension : str
        One of `dimensions`.

    Returns
    -------
    str
        Such as ``40 km``; `parse_quantity` reads it back to six digits.
    """
    if dimension not in _EXAMPLES:
        raise KeyError(dimension)
    symbols = _PREFERRED.get(dimension) or tuple(s for s, u in UNITS.items() if u.dimension == dimension)[:1]
    if value == 0.0:
        return f"0 {symbols[-1]}" if dimension in ("angle", "cost rate") else f"0 {base_unit(dimension)}"
    chosen = next((s for s in symbols if abs(value) >= float(UNITS[s].factor) * (1 - 1e-12)), symbols[-1])
    return f"{value / float(UNITS[chosen].factor):.6g} {chosen}"


def base_unit(dimension: str) -> str:
    """Symbol of the unit in which values of this kind are held inside."""
    return next(s for s, u in UNITS.items() if u.dimension == dimension and u.factor == 1)


def _finite(text: str, exact: Fraction) -> float:
    try:
        return float(exact)
    except OverflowError:
        raise ValueError(f"'{text}' is too large; it must be finite") from None


def _quote(text: str) -> str:
    shown = text if len(text) <= 40 else text[:37] + "..."
    return f"'{shown}'"


def _with_article(dimension: str) -> str:
    return f"{'an' if dimension[0] in 'aeiou' else 'a'} {dimension}"


def _explain(text: str, typed: str) -> str:
    """Why a text is not ``number space symbol``."""
    if _NUMBER_PATTERN.fullmatch(text):
        symbol = typed.rsplit(" ", 1)[1]
        return f"{text} has no unit; write for example '{text} {symbol}'"
    glued = _GLUED_PATTERN.fullmatch(text)
    if glued and glued[2] in UNITS:
        return f"'{text}' has no space before the unit; write '{glued[1]} {glued[2]}'"
    return f"{_quote(text)} is not a number and a unit; write for example '{typed}'"


def _suggest(number: str, symbol: str, dimension: str, typed: str) -> str:
    """Closest known unit, the right kind first."""
    known = [s for s, u in UNITS.items() if u.dimension == dimension]
    exact = [s for s in known if s.lower() == symbol.lower()]
    close = exact or difflib.get_close_matches(symbol, known, 1, 0.5)
    if close:
        return f". Did you mean '{number} {close[0]}'?"
    return f"; allowed: {', '.join(known)}; write for example '{typed}'"
