"""Reference cases of the loss along the way of a radar wave: rain and the gases of the air."""

from typing import Final

from steeldome.validation.case import Case, Inputs, absolute, gettext, relative

_NOT_YET: Final = gettext("not part of a model yet")
_RAIN: Final = {
    "frequency_ghz": 14.25, "elevation_deg": 31.07699124, "tilt_deg": 0.0, "rain_mm_h": 26.48052,
}  # fmt: skip
_AIR: Final[Inputs] = {
    "frequency_ghz": (1.0, 3.0, 10.0), "pressure_hpa": 1013.25, "temperature_k": 288.15, "vapour_g_m3": 7.5,
}  # fmt: skip

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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
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
        left_out=_NOT_YET,
    ),
)
