"""The figure of a card: published reach against aircraft, and below it what the models assume of that reach.

Boxes are brochure maxima, range by altitude, with the spread between sources; bars are the class-wide factors on the
published range, the same for every system.  All coordinates are those of the SVG.
"""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from steeldome.inputs.base import Value
from steeldome.inputs.card import Card
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.effector import has_ballistic_claim
from steeldome.inputs.item import Item
from steeldome.inputs.prior import UncertainInput
from steeldome.inputs.resolution import figure
from steeldome.inputs.threat import THREAT_GROUPS
from steeldome.report.labels import class_labels, short_name
from steeldome.report.wording import DASH, Wording

WIDTH: Final = 440.0
_LEFT, _TOP, _ACROSS, _UP = 34.0, 16.0, 286.0, 104.0
_ROW, _BARS_BELOW = 17.0, 40.0
_TICKS: Final = 5
_IN_FLIGHT: Final = frozenset(("fighter_patrol", "air_to_air_missile"))


class Tick(NamedTuple):
    """One mark of an axis."""

    at: float
    text: str


class Box(NamedTuple):
    """Published envelope of one effector; the spreads run from low to high."""

    name: str
    right: float
    top: float
    range_spread: tuple[float, float]
    altitude_spread: tuple[float, float]
    is_first: bool


class Bar(NamedTuple):
    """Assumed reach against one class."""

    y: float
    end: float
    low: float
    high: float
    label: str


class Envelope(NamedTuple):
    """The figure; ``base`` is the ground, ``left`` the site."""

    width: float
    height: float
    left: float
    top: float
    right: float
    base: float
    boxes: tuple[Box, ...]
    bars: tuple[Bar, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    farthest: str


class _Reach(NamedTuple):
    """Published maximum range and altitude of an effector: low, value and high, km."""

    item: Item
    name: str
    range_km: tuple[float, float, float]
    altitude_km: tuple[float, float, float]


def envelope(catalogue: Catalogue, found: Card, wording: Wording) -> Envelope | None:
    """Figure of an effector, or of the effectors of a battery; None if range or altitude is not published for any.

    Parameters
    ----------
    catalogue : Catalogue
    found : Card
    wording : Wording

    Returns
    -------
    Envelope or None
        Bars are those of the effector with the longest range.
    """
    names = [found.id] if found.kind == "effector" else [part.id for part in found.parts if part.role == "effector"]
    items = (catalogue.items[name] for name in names)
    reaches = [one for item in items if (one := _reach(item, wording)) is not None]
    if not reaches:
        return None
    reaches.sort(key=lambda one: -one.range_km[1])
    across = _axis(one.range_km[2] for one in reaches)
    up = _axis(one.altitude_km[2] for one in reaches)
    bars = _bars(catalogue, reaches[0], across[-1], wording)
    base = _TOP + _UP
    return Envelope(
        width=WIDTH,
        height=base + _BARS_BELOW + _ROW * len(bars),
        left=_LEFT,
        top=_TOP,
        right=_LEFT + _ACROSS,
        base=base,
        boxes=tuple(_box(one, across[-1], up[-1], i == 0, wording) for i, one in enumerate(reaches)),
        bars=bars,
        x_ticks=tuple(Tick(_x(value, across[-1]), wording.plain(value)) for value in across),
        y_ticks=tuple(Tick(_y(value, up[-1]), wording.plain(value)) for value in up),
        farthest=reaches[0].name,
    )


def _reach(item: Item, wording: Wording) -> _Reach | None:
    if item.system_class in _IN_FLIGHT:
        return None
    found = [_published_km(item, quantity) for quantity in ("range_max_air", "altitude_max_air")]
    if found[0] is None or found[1] is None:
        return None
    return _Reach(item, short_name(item.name.in_language(wording.language)), found[0], found[1])


def _published_km(item: Item, quantity: str) -> tuple[float, float, float] | None:
    own = figure(item, quantity)
    value: Value | None = own[1] if own else None
    if value is None or value.assumption or not value.value:
        return None
    return (value.low or value.value) / 1e3, value.value / 1e3, (value.high or value.value) / 1e3


def _axis(ends: Iterable[float]) -> list[float]:
    """Round marks from zero to at least the greatest end."""
    end = max(ends)
    rough = end / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * digit for digit in (1.0, 2.0, 2.5, 5.0, 10.0) if power * digit >= rough * 0.999)
    return [step * i for i in range(math.ceil(end / step - 1e-9) + 1)]


def _x(value: float, end: float) -> float:
    return round(_LEFT + _ACROSS * value / end, 1)


def _y(value: float, end: float) -> float:
    return round(_TOP + _UP * (1.0 - value / end), 1)


def _box(one: _Reach, across: float, up: float, is_first: bool, wording: Wording) -> Box:
    low, value, high = one.range_km
    lowest, altitude, highest = one.altitude_km
    size = f"{wording.plain(value)} km × {wording.plain(altitude)} km"
    return Box(
        name=f"{one.name}: {size}",
        right=_x(value, across),
        top=_y(altitude, up),
        range_spread=(_x(low, across), _x(high, across)),
        altitude_spread=(_y(lowest, up), _y(highest, up)),
        is_first=is_first,
    )


def _bars(catalogue: Catalogue, one: _Reach, across: float, wording: Wording) -> tuple[Bar, ...]:
    labels = class_labels(wording.translate)
    factors: list[tuple[str, UncertainInput]] = [
        (labels[group], catalogue.prior("reach_factor", threat_group=group))
        for group in reversed(THREAT_GROUPS)
        if group in ("aircraft", "cruise", "drone") and catalogue.sspk(one.item.id, group).base.origin != "rule"
    ]
    is_lateral = has_ballistic_claim(one.item.system_class, one.item.parameters)
    if is_lateral and catalogue.published(one.item.id, "range_max_ballistic") is None:
        label = wording.translate("ballistic, lateral")
        factors.append((label, catalogue.prior("ballistic_reach_ratio")))
    return tuple(
        _bar(label, factor, one.range_km[1], across, _TOP + _UP + _BARS_BELOW + _ROW * (i - 0.5), wording)
        for i, (label, factor) in enumerate(factors)
    )


def _bar(label: str, factor: UncertainInput, reach: float, across: float, y: float, wording: Wording) -> Bar:
    plain = wording.plain
    size = f"× {plain(factor.value)} ({plain(factor.low)}{DASH}{plain(factor.high)})"
    end, low, high = (_x(reach * share, across) for share in (factor.value, factor.low, factor.high))
    return Bar(y, end, low, high, f"{label} {size}")
