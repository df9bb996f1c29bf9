"""The frozen base of every input, the kinds of value a field can have, and where a value comes from.

A reader hands over text only; each kind below turns it into one SI value or says what to type.  In Python a number may
be given instead of text and then counts as SI.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)

from steeldome.units import UNITS, Unit, base_unit, example, format_quantity, parse_number, parse_quantity, to_si

_ID_PATTERN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_COUNT_PATTERN: Final = re.compile(r"[0-9]{1,18}")
_LONGEST_PROSE: Final = 4000


class Input(BaseModel):
    """Base of every input: frozen, unknown fields refused, no behaviour."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=False)


@dataclass(frozen=True, slots=True)
class Example:
    """Text that a user could type for a field; shown when the field is missing."""

    text: str


def describe(found: object) -> str:
    """What a node of a file is, in words for a message."""
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return "a mapping"
    if isinstance(found, list | tuple):
        return "a list"
    text = str(found)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}...'"


def _leaf(found: object, typed: str) -> str | int | float:
    """Refuse anything that is not one value."""
    if found is None:
        raise ValueError(f"is empty; write for example '{typed}'")
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise ValueError(f"one value is needed, not {describe(found)}; write for example '{typed}'")
    return found


def _check_range(value: float, found: object, low: float, high: float, allowed: str) -> float:
    if not math.isfinite(value):
        raise ValueError(f"must be finite, got {found}")
    if not low <= value <= high:
        raise ValueError(f"must be {allowed}, got {found}")
    return value


def _quantity(
    dimension: str, low: float = -math.inf, high: float = math.inf, allowed: str = "", typed: str = ""
) -> Callable[[object], float]:
    """Validator of text such as ``40 km``; ``low`` and ``high`` in SI units, both allowed."""
    shown = typed or example(dimension)

    def read(found: object) -> float:
        leaf = _leaf(found, shown)
        if not isinstance(leaf, str):
            return _check_range(float(leaf), format_quantity(float(leaf), dimension), low, high, allowed)
        return _check_range(parse_quantity(leaf, dimension, shown), leaf, low, high, allowed)

    return read


def _number(
    low: float = -math.inf, high: float = math.inf, allowed: str = "", typed: str = "0.5", is_ratio: bool = False
) -> Callable[[object], float]:
    """Validator of a bare number; a ratio may also be written with ``%``."""

    def read(found: object) -> float:
        leaf = _leaf(found, typed)
        if not isinstance(leaf, str):
            return _check_range(float(leaf), leaf, low, high, allowed)
        with_unit = is_ratio and " " in leaf
        value = parse_quantity(leaf, "ratio") if with_unit else parse_number(leaf)
        return _check_range(value, leaf, low, high, allowed)

    return read


def _count(low: int = 0, high: int = 10**18, typed: str = "8") -> Callable[[object], int]:
    """Validator of digits only."""

    def read(found: object) -> int:
        leaf = _leaf(found, typed)
        if isinstance(leaf, str):
            if not _COUNT_PATTERN.fullmatch(leaf):
                raise ValueError(f"{describe(leaf)} is not a whole number; write digits only, for example '{typed}'")
        elif not isinstance(leaf, int):
            raise ValueError(f"{leaf} is not a whole number")
        allowed = f"at least {low}" if high == 10**18 else f"in {low}..{high}"
        _check_range(float(leaf), leaf, float(low), float(high), allowed)
        return int(leaf)

    return read


def count_between(low: int, high: int) -> BeforeValidator:
    """Validator of a whole number inside ``low..high``; write ``Annotated[int, count_between(1, 16)]``."""
    return BeforeValidator(_count(low, high, str(low)))


def _flag(found: object) -> bool:
    if isinstance(found, bool):
        return found
    leaf = _leaf(found, "true")
    if leaf not in ("true", "false"):
        raise ValueError(f"{describe(leaf)} is neither true nor false; write 'true' or 'false'")
    return leaf == "true"


def _id(found: object) -> str:
    leaf = _leaf(found, "siper_battery")
    if not isinstance(leaf, str) or not _ID_PATTERN.fullmatch(leaf):
        raise ValueError(
            f"{describe(leaf)} is not an id; use 1 to 63 small letters, digits, '-' and '_', "
            "the first one a letter or a digit"
        )
    return leaf


def _text(found: object) -> str:
    leaf = _leaf(found, "some words")
    if not isinstance(leaf, str):
        raise ValueError(f"text is needed, not {describe(leaf)}")
    if not leaf.strip():
        raise ValueError("is empty; write some words")
    if len(leaf) > _LONGEST_PROSE:
        raise ValueError(f"is {len(leaf)} characters long; at most {_LONGEST_PROSE} are allowed")
    return leaf


T = TypeVar("T")


def _not_empty(found: tuple[T, ...]) -> tuple[T, ...]:
    if not found:
        raise ValueError("is empty; write at least one")
    return found


def _each_once(found: tuple[T, ...]) -> tuple[T, ...]:
    repeated = [item for index, item in enumerate(found) if item in found[:index]]
    if repeated:
        raise ValueError(f"'{repeated[0]}' stands here twice; write it once")
    return found


NOT_EMPTY: Final = AfterValidator(_not_empty)
EACH_ONCE: Final = AfterValidator(_each_once)


def _on_tenth(angle: float) -> float:
    """Refuse a coordinate finer than 0.1 degree: sites and assets are notional and stay coarse."""
    tenths = math.degrees(angle) * 10.0
    if abs(tenths - round(tenths)) > 1e-6:
        rounded = round(tenths) / 10.0
        raise ValueError(f"must be a multiple of 0.1 deg, got {math.degrees(angle):.6g} deg; write '{rounded} deg'")
    return angle


_NOT_NEGATIVE: Final = "0 or more"
_POSITIVE: Final = "more than 0"
_TINY: Final = 5e-324
_QUARTER: Final = math.pi / 2

Length = Annotated[float, BeforeValidator(_quantity("length", 0.0, allowed=_NOT_NEGATIVE)), Example("40 km")]
PositiveLength = Annotated[float, BeforeValidator(_quantity("length", _TINY, allowed=_POSITIVE)), Example("40 km")]
SignedLength = Annotated[float, BeforeValidator(_quantity("length")), Example("900 m")]
Duration = Annotated[float, BeforeValidator(_quantity("time", 0.0, allowed=_NOT_NEGATIVE)), Example("10 min")]
PositiveDuration = Annotated[float, BeforeValidator(_quantity("time", _TINY, allowed=_POSITIVE)), Example("10 min")]
Speed = Annotated[float, BeforeValidator(_quantity("speed", 0.0, allowed=_NOT_NEGATIVE)), Example("250 m/s")]
PositiveSpeed = Annotated[float, BeforeValidator(_quantity("speed", _TINY, allowed=_POSITIVE)), Example("250 m/s")]
RainRate = Annotated[
    float,
    BeforeValidator(_quantity("speed", _TINY, 200.0 / 3.6e6, "more than 0 and at most 200 mm/h", "4 mm/h")),
    Example("4 mm/h"),
]
Angle = Annotated[float, BeforeValidator(_quantity("angle")), Example("30 deg")]
Bearing = Annotated[
    float, BeforeValidator(_quantity("angle", 0.0, 2 * math.pi, "in 0..360 deg", "110 deg")), Example("110 deg")
]
SectorWidth = Annotated[
    float,
    BeforeValidator(_quantity("angle", math.radians(1.0), 2 * math.pi, "in 1..360 deg", "40 deg")),
    Example("40 deg"),
]
Latitude = Annotated[
    float, BeforeValidator(_quantity("angle", -_QUARTER, _QUARTER, "in -90..90 deg", "41.0 deg")), Example("41.0 deg")
]
Longitude = Annotated[
    float,
    BeforeValidator(_quantity("angle", -2 * _QUARTER, 2 * _QUARTER, "in -180..180 deg", "29.0 deg")),
    Example("29.0 deg"),
]
CoarseLatitude = Annotated[Latitude, AfterValidator(_on_tenth)]
CoarseLongitude = Annotated[Longitude, AfterValidator(_on_tenth)]
Mass = Annotated[float, BeforeValidator(_quantity("mass", 0.0, allowed=_NOT_NEGATIVE)), Example("500 kg")]
Area = Annotated[float, BeforeValidator(_quantity("area", 0.0, allowed=_NOT_NEGATIVE)), Example("0.5 m2")]
Power = Annotated[float, BeforeValidator(_quantity("power", 0.0, allowed=_NOT_NEGATIVE)), Example("5 kW")]
Frequency = Annotated[float, BeforeValidator(_quantity("frequency", 0.0, allowed=_NOT_NEGATIVE)), Example("3 GHz")]
Rate = Annotated[float, BeforeValidator(_quantity("rate", 0.0, allowed=_NOT_NEGATIVE)), Example("20 1/h")]
Money = Annotated[float, BeforeValidator(_quantity("money", 0.0, allowed=_NOT_NEGATIVE)), Example("2 MUSD")]
Probability = Annotated[float, BeforeValidator(_number(0.0, 1.0, "in 0..1", "0.3", True)), Example("0.3")]
Ratio = Annotated[float, BeforeValidator(_number(0.0, math.inf, _NOT_NEGATIVE, "0.3", True)), Example("0.3")]
NoiseRatio = Annotated[
    float, BeforeValidator(_number(_TINY, 1e6, "more than 0 and at most 1e6", "100", True)), Example("100")
]
Number = Annotated[float, BeforeValidator(_number()), Example("0.5")]
PositiveNumber = Annotated[float, BeforeValidator(_number(_TINY, math.inf, _POSITIVE, "10")), Example("10")]
Count = Annotated[int, BeforeValidator(_count()), Example("8")]
PositiveCount = Annotated[int, BeforeValidator(_count(1)), Example("8")]
Year = Annotated[int, BeforeValidator(_count(1900, 2200, "2025")), Example("2025")]
Flag = Annotated[bool, BeforeValidator(_flag), Example("true")]
Id = Annotated[str, BeforeValidator(_id), Example("siper_battery")]
Text = Annotated[str, BeforeValidator(_text), Example("some words")]


class LocalText(Input):
    """One text in English and in Turkish."""

    en: Text
    tr: Text

    def in_language(self, language: str) -> str:
        """The text in a language, ``en`` or ``tr``; English for any other."""
        return self.tr if language == "tr" else self.en


class Grade(StrEnum):
    """How good the evidence behind a number is."""

    MEASURED = "measured"
    PUBLISHED = "published"
    ESTIMATED = "estimated"
    NOTIONAL = "notional"
    OFFICIAL = "official"
    MANUFACTURER = "manufacturer"
    TRADE = "trade"
    PRESS = "press"
    TEXTBOOK = "textbook"
    ENCYCLOPAEDIC = "encyclopaedic"
    TERTIARY = "tertiary"
    ASSUMPTION = "assumption"


class Source(Input):
    """Where a number was read: a publication, its date, and the grade of its evidence."""

    title: Text
    grade: Grade
    publisher: Text | None = None
    url: Text | None = None
    date: Text | None = None
    verified: Flag = False


class Value(Input):
    """One published or assumed number with its spread, unit and source.

    Attributes
    ----------
    unit : str
        Symbol as written in the file, one of `steeldome.units.UNITS`.
    value, low, high : float or None
        Working value and bounds **in SI units**; None if nothing is published.
    source_id : str or None
        Id of a `Source`; None only if all three numbers are None.
    note : str
        What the number means and where sources disagree.
    assumption : bool
        True if the number was chosen for modelling and is not published.
    alt_source_ids : tuple of str
        Further sources that agree or bound the number.
    """

    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    source_id: Id | None = None
    note: Text | None = None
    assumption: Flag = False
    alt_source_ids: tuple[Id, ...] = ()

    @property
    def dimension(self) -> str:
        """Kind of quantity, such as ``length``."""
        return UNITS[self.unit].dimension

    @field_validator("unit", mode="before")
    @classmethod
    def _known_unit(cls, found: object) -> str:
        leaf = _leaf(found, "km")
        if not isinstance(leaf, str) or leaf not in UNITS:
            raise ValueError(f"no unit {describe(leaf)}; allowed: {', '.join(UNITS)}")
        return leaf

    @field_validator("value", "low", "high", mode="before")
    @classmethod
    def _in_si(cls, found: object, info: ValidationInfo) -> float | None:
        if found is None or "unit" not in info.data:
            return None
        leaf = _leaf(found, "40")
        if not isinstance(leaf, str):
            return _check_range(float(leaf), leaf, -math.inf, math.inf, "")
        parse_number(leaf)
        unit: Unit = UNITS[info.data["unit"]]
        return to_si(leaf, unit)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        numbers = [number for number in (self.low, self.value, self.high) if number is not None]
        if numbers != sorted(numbers):
            raise ValueError(f"low, value and high are out of order; found {', '.join(map(str, numbers))} (SI)")
        if numbers and self.source_id is None:
            raise ValueError("has a number but no source; write 'source_id: ...'")
        return self


def span(low: float, high: float, dimension: str) -> str:
    """Bounds in SI for a message; a ratio has no unit."""
    unit = base_unit(dimension)
    return f"{low:g}..{high:g}" + ("" if unit == "1" else f" {unit}")


def has_dimension(dimension: str, low: float = -math.inf, high: float = math.inf) -> AfterValidator:
    """Validator of a `Value` that must be of one kind and, in SI units, inside ``low..high``.

    Write ``Annotated[Value, has_dimension("length", 0.0)]``.
    """

    def check(found: Value) -> Value:
        if found.dimension != dimension:
            needed = f"{dimension} is needed, for example '{example(dimension)}'"
            raise ValueError(f"unit '{found.unit}' is for {found.dimension}; {needed}")
        for number in (found.low, found.value, found.high):
            if number is not None and not low <= number <= high:
                raise ValueError(f"must be in {span(low, high, dimension)}, got {number:g}")
        return found

    return AfterValidator(check)


LengthValue = Annotated[Value, has_dimension("length", 0.0)]
DurationValue = Annotated[Value, has_dimension("time", 0.0)]
SpeedValue = Annotated[Value, has_dimension("speed", 0.0)]
AngleValue = Annotated[Value, has_dimension("angle")]
MassValue = Annotated[Value, has_dimension("mass", 0.0)]
AreaValue = Annotated[Value, has_dimension("area", 0.0)]
PowerValue = Annotated[Value, has_dimension("power", 0.0)]
FrequencyValue = Annotated[Value, has_dimension("frequency", 0.0)]
ProbabilityValue = Annotated[Value, has_dimension("ratio", 0.0, 1.0)]
RatioValue = Annotated[Value, has_dimension("ratio", 0.0)]
CountValue = Annotated[Value, has_dimension("count", 0.0)]
RateValue = Annotated[Value, has_dimension("rate", 0.0)]
MoneyValue = Annotated[Value, has_dimension("money", 0.0)]
