"""Reference cases of the loss along the way of a radar wave: rain and the gases of the air."""

import math
from collections.abc import Iterable
from typing import Final

from steeldome.kernels.propagation import gas_attenuation, rain_attenuation, rain_coefficients
from steeldome.validation.case import Case, Inputs, absolute, gettext, relative

_RAIN: Final[Inputs] = {
    "frequency_ghz": 14.25, "elevation_deg": 31.07699124, "tilt_deg": 0.0, "rain_mm_h": (26.48052,),
}  # fmt: skip
_AIR: Final[Inputs] = {
    "frequency_ghz": (1.0, 3.0, 10.0), "pressure_hpa": 1013.25, "temperature_k": 288.15, "vapour_g_m3": 7.5,
}  # fmt: skip

_DB_PER_KM: Final = 1e4 / math.log(10.0)  # of an optical depth of a metre


def _loss_in_rain(
    frequency_ghz: float, rain_mm_h: tuple[float, ...], elevation_deg: float = 0.0, tilt_deg: float = 0.0
) -> Iterable[float]:
    angles = math.radians(elevation_deg), math.radians(tilt_deg)
    return (_DB_PER_KM * rain_attenuation(rain / 3.6e6, 1e9 * frequency_ghz, *angles) for rain in rain_mm_h)


def _law_of_rain(
    frequency_ghz: float, rain_mm_h: tuple[float, ...], elevation_deg: float, tilt_deg: float
) -> Iterable[float]:
    """Factor and exponent, from the loss at a rate and at twice the rate."""
    rain = rain_mm_h[0]
    once, twice = _loss_in_rain(frequency_ghz, (rain, 2.0 * rain), elevation_deg, tilt_deg)
    exponent = math.log2(twice / once)
    return once / rain**exponent, exponent


def _horizontal_factors(frequency_ghz: tuple[float, ...]) -> Iterable[float]:
    return (rain_coefficients(1e9 * frequency)[0] for frequency in frequency_ghz)


def _horizontal_exponents(frequency_ghz: tuple[float, ...]) -> Iterable[float]:
    return (rain_coefficients(1e9 * frequency)[1] for frequency in frequency_ghz)


def _vertical_law(frequency_ghz: float) -> Iterable[float]:
    return rain_coefficients(1e9 * frequency_ghz)[2:]


def _air(
    frequency_ghz: tuple[float, ...], pressure_hpa: float, temperature_k: float, vapour_g_m3: float
) -> Iterable[tuple[float, float]]:
    state = 100.0 * pressure_hpa, 1e-3 * vapour_g_m3, temperature_k
    return (gas_attenuation(*state, 1e9 * frequency) for frequency in frequency_ghz)


def _loss_in_gases(**state: float) -> Iterable[float]:
    return (_DB_PER_KM * sum(parts) for parts in _air(**state))  # type: ignore[arg-type]


def _loss_in_oxygen(**state: float) -> Iterable[float]:
    return (_DB_PER_KM * oxygen for oxygen, _ in _air(**state))  # type: ignore[arg-type]


CASES: Final = (
    Case(
        id="V-RAD-14a",
        quantity=gettext("loss in rain: factor and exponent of the power law"),
        unit="1",
        reference=(0.03975488, 1.12418043),
        tolerance=relative(1e-6),
        source="ITURP838",
        obtained="published",
        inputs=_RAIN,
        functions=(rain_attenuation,),
        answer=_law_of_rain,
    ),
    Case(
        id="V-RAD-14b",
        quantity=gettext("loss in rain"),
        unit="dB/km",
        reference=(1.58130839,),
        tolerance=relative(1e-6),
        source="ITURP838",
        obtained="published",
        inputs=_RAIN,
        functions=(rain_attenuation,),
        answer=_loss_in_rain,
    ),
    Case(
        id="V-RAD-15a",
        quantity=gettext("loss in rain, horizontal polarisation: factor of the power law"),
        unit="1",
        reference=(1.38979e-4, 0.0121670, 0.337387),
        tolerance=relative(1e-4),
        source="ITURP838",
        obtained="program",
        inputs={"frequency_ghz": (3.0, 10.0, 35.0)},
        functions=(rain_coefficients,),
        answer=_horizontal_factors,
    ),
    Case(
        id="V-RAD-15b",
        quantity=gettext("loss in rain, horizontal polarisation: exponent of the power law"),
        unit="1",
        reference=(1.2322, 1.2571, 0.9047),
        tolerance=relative(1e-4),
        source="ITURP838",
        obtained="program",
        inputs={"frequency_ghz": (3.0, 10.0, 35.0)},
        functions=(rain_coefficients,),
        answer=_horizontal_exponents,
    ),
    Case(
        id="V-RAD-15c",
        quantity=gettext("loss in rain, vertical polarisation: factor and exponent of the power law"),
        unit="1",
        reference=(0.0112919, 1.2156),
        tolerance=relative(1e-4),
        source="ITURP838",
        obtained="program",
        inputs={"frequency_ghz": 10.0},
        functions=(rain_coefficients,),
        answer=_vertical_law,
    ),
    Case(
        id="V-RAD-15d",
        quantity=gettext("loss in rain, horizontal polarisation"),
        unit="dB/km",
        reference=(0.0695, 0.3971, 1.6632),
        tolerance=absolute(5e-5),
        source="ITURP838",
        obtained="program",
        inputs={"frequency_ghz": 10.0, "rain_mm_h": (4.0, 16.0, 50.0)},
        functions=(rain_attenuation,),
        answer=_loss_in_rain,
    ),
    Case(
        id="V-RAD-16a",
        quantity=gettext("loss in the gases of the air"),
        unit="dB/km",
        reference=(0.00543956, 0.00753875, 0.01419854),
        tolerance=relative(1e-5),
        source="ITURP676",
        obtained="published",
        inputs=_AIR,
        functions=(gas_attenuation,),
        answer=_loss_in_gases,
    ),
    Case(
        id="V-RAD-16b",
        quantity=gettext("loss in the oxygen of the air"),
        unit="dB/km",
        reference=(0.00538866, 0.00707596, 0.00822442),
        tolerance=relative(1e-5),
        source="ITURP676",
        obtained="published",
        inputs=_AIR,
        functions=(gas_attenuation,),
        answer=_loss_in_oxygen,
    ),
)
