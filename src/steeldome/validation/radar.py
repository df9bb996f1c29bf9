"""Reference cases of radars: range equation, probability of detection, confirmation of a track, horizon."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from steeldome.kernels.detection import reference_range, track_hazard
from steeldome.kernels.swerling import detection_above, detection_threshold, swerling_signal_to_noise
from steeldome.kernels.terrain import radar_horizon
from steeldome.validation.case import Case, absolute, gettext, relative

_NO_WATTS: Final = gettext("no model holds a radar equation in watts; published ranges are scaled")
_NO_ALBERSHEIM: Final = gettext("no model uses Albersheim's approximation")
_NO_SHNIDMAN: Final = gettext("no model uses Shnidman's approximation; the exact form lies 0.07 dB above it")
_FALSE_ALARM: Final = {"p_false_alarm": 1e-6}


def _ratio(decibels: float) -> float:
    return float(10.0 ** (decibels / 10.0))


def _range_ratio(cross_section_m2: tuple[float, ...], gain_db: float, loss_db: float) -> Iterable[float]:
    """Range at other cross-section, gain (there and back) and loss, over the range before; the display has no edge."""
    before, after = cross_section_m2
    energy = _ratio(2.0 * gain_db - loss_db)
    whole = reference_range(1e6, 0.01, before, 1.0, 1.0)
    yield float(reference_range(1e6, 0.01, after, 1.0, energy) / whole)


def _swerling1_snr(p_detection: tuple[float, ...], p_false_alarm: float) -> Iterable[float]:
    return (10.0 * math.log10(swerling_signal_to_noise(1, 1, p, p_false_alarm)) for p in p_detection)


def _swerling1_pd(snr_db: tuple[float, ...], p_false_alarm: float) -> Iterable[float]:
    threshold = detection_threshold(1, p_false_alarm)
    return (detection_above(1, 1, threshold, _ratio(snr)) for snr in snr_db)


def _snr(case: float, pulses: float, p_detection: tuple[float, ...], p_false_alarm: float) -> Iterable[float]:
    for p in p_detection:
        yield 10.0 * math.log10(swerling_signal_to_noise(int(case), int(pulses), p, p_false_alarm))


def _pd(case: float, pulses: float, snr_db: tuple[float, ...], p_false_alarm: float) -> Iterable[float]:
    threshold = detection_threshold(int(pulses), p_false_alarm)
    return (detection_above(int(case), int(pulses), threshold, _ratio(snr)) for snr in snr_db)


def _snr_of_cases(case: tuple[float, ...], pulses: float, p_detection: float, p_false_alarm: float) -> Iterable[float]:
    for one in case:
        yield from _snr(one, pulses, (p_detection,), p_false_alarm)


def _pd_of_cases(case: tuple[float, ...], pulses: float, snr_db: float, p_false_alarm: float) -> Iterable[float]:
    for one in case:
        yield from _pd(one, pulses, (snr_db,), p_false_alarm)


def _by_range(range_over_r50: tuple[float, ...], p_false_alarm: float) -> Iterable[float]:
    half = swerling_signal_to_noise(1, 1, 0.5, p_false_alarm)
    threshold = detection_threshold(1, p_false_alarm)
    return (detection_above(1, 1, threshold, half / x**4) for x in range_over_r50)


def _m_of_n(p_detection: float, hits: tuple[float, ...], looks: tuple[float, ...]) -> Iterable[float]:
    for m, n in zip(hits, looks, strict=True):
        yield 1.0 - math.exp(-track_hazard(np.full(int(n), p_detection), int(m), int(n))[-1])


def _horizons(antenna_m: tuple[float, ...], target_m: tuple[float, ...]) -> Iterable[float]:
    return (1e-3 * radar_horizon(*pair) for pair in zip(antenna_m, target_m, strict=True))


def _effective_radius(antenna_m: float) -> Iterable[float]:
    yield radar_horizon(antenna_m, 0.0) ** 2 / (2.0 * antenna_m)


RANGE: Final = (
    Case(
        id="V-RAD-1",
        quantity=gettext("range of a radar by its power"),
        unit="m",
        reference=(4.1057e4,),
        tolerance=relative(1e-4),
        source="MathWorks2026",
        obtained="published",
        inputs={"frequency_ghz": 10.0, "pulse_us": 10.0, "power_mw": 1.0, "snr_db": 6.0, "gain_db": 20.0},
        left_out=_NO_WATTS,
    ),
    Case(
        id="V-RAD-2a",
        quantity=gettext("range of a radar by its power"),
        unit="m",
        reference=(1.9426e5,),
        tolerance=relative(1e-4),
        source="MathWorks2026",
        obtained="published",
        inputs={
            "frequency_ghz": 10.0,
            "pulse_us": 10.0,
            "power_mw": 1.0,
            "snr_db": 6.0,
            "gain_db": 40.0,
            "loss_db": 3.0,
            "cross_section_m2": 0.1,
        },
        left_out=_NO_WATTS,
    ),
    Case(
        id="V-RAD-2b",
        quantity=gettext("range of V-RAD-2a over that of V-RAD-1"),
        unit="1",
        reference=(4.73147,),
        tolerance=relative(1e-4),
        source="MathWorks2026",
        obtained="published",
        inputs={"cross_section_m2": (1.0, 0.1), "gain_db": 20.0, "loss_db": 3.0},
        functions=(reference_range,),
        answer=_range_ratio,
    ),
    Case(
        id="V-RAD-3",
        quantity=gettext("signal to noise of a radar by its power"),
        unit="dB",
        reference=(5.5868,),
        tolerance=absolute(1e-4),
        source="MathWorks2026",
        obtained="published",
        inputs={"frequency_ghz": 1.0, "range_km": 50.0, "pulse_us": 0.2, "power_mw": 1.0, "gain_db": 20.0},
        left_out=_NO_WATTS,
    ),
    Case(
        id="V-RAD-4",
        quantity=gettext("range of a radar by its power"),
        unit="km",
        reference=(86.2,),
        tolerance=relative(1e-2),
        source="Mahafza2013",
        obtained="published",
        inputs={
            "frequency_ghz": 5.6,
            "power_mw": 1.5,
            "gain_db": 45.0,
            "noise_figure_db": 3.0,
            "bandwidth_mhz": 5.0,
            "cross_section_m2": 0.1,
            "snr_db": 20.0,
        },
        left_out=_NO_WATTS,
    ),
    Case(
        id="V-RAD-13",
        quantity=gettext("radar cross-section of a flat plate, a sphere and a cone-sphere"),
        unit="m2",
        reference=(1258.0, 1.0, 0.001),
        tolerance=relative(1e-2),
        source="Skolnik2008",
        obtained="published",
        inputs={"frequency_ghz": 3.0, "area_m2": 1.0},
        left_out=gettext("cross-sections are inputs with a source; no model computes one from a shape"),
    ),
)

DETECTION: Final = (
    Case(
        id="V-RAD-5",
        quantity=gettext("signal to noise by Albersheim's approximation"),
        unit="dB",
        reference=(5.577011, 10.211758, 11.231985, 13.114544, 13.605049),
        tolerance=absolute(1e-6),
        source="Albersheim1981",
        obtained="program",
        inputs={**_FALSE_ALARM, "pulses": 1.0, "p_detection": (0.05, 0.30, 0.50, 0.90, 0.95)},
        left_out=_NO_ALBERSHEIM,
    ),
    Case(
        id="V-RAD-6",
        quantity=gettext("signal to noise by Albersheim's approximation"),
        unit="dB",
        reference=(5.670572, 3.556291, 1.600093, -2.514880, -7.863055),
        tolerance=absolute(1e-6),
        source="Albersheim1981",
        obtained="program",
        inputs={**_FALSE_ALARM, "p_detection": 0.5, "pulses": (5.0, 10.0, 20.0, 100.0, 1000.0)},
        left_out=_NO_ALBERSHEIM,
    ),
    Case(
        id="V-RAD-7",
        quantity=gettext("signal to noise of a steady target by Shnidman's approximation"),
        unit="dB",
        reference=(8.638220, 11.171614, 13.121693),
        tolerance=absolute(1e-6),
        source="Shnidman2002",
        obtained="program",
        inputs={**_FALSE_ALARM, "pulses": 1.0, "p_detection": (0.10, 0.50, 0.90)},
        left_out=_NO_SHNIDMAN,
    ),
    Case(
        id="V-RAD-8a",
        quantity=gettext("signal to noise at which a Swerling 1 target is detected"),
        unit="dB",
        reference=(21.1436,),
        tolerance=absolute(1e-4),
        source="Swerling1960",
        obtained="formula",
        inputs={**_FALSE_ALARM, "p_detection": (0.9,)},
        functions=(swerling_signal_to_noise,),
        answer=_swerling1_snr,
    ),
    Case(
        id="V-RAD-8b",
        quantity=gettext("probability of detection of a Swerling 1 target"),
        unit="1",
        reference=(0.2848, 0.517178, 0.8722),
        tolerance=absolute(1e-4),
        source="Swerling1960",
        obtained="formula",
        inputs={**_FALSE_ALARM, "snr_db": (10.0, 13.0, 20.0)},
        functions=(detection_above, detection_threshold),
        answer=_swerling1_pd,
    ),
    Case(
        id="V-RAD-8c",
        quantity=gettext("probability of detection of a Swerling 1 target by range over R50"),
        unit="1",
        reference=(0.955558, 0.5, 0.001786),
        tolerance=absolute(1e-6),
        source="Richards2014",
        obtained="formula",
        inputs={**_FALSE_ALARM, "range_over_r50": (0.5, 1.0, 2.0)},
        functions=(detection_above, detection_threshold, swerling_signal_to_noise),
        answer=_by_range,
    ),
    Case(
        id="V-RAD-9a",
        quantity=gettext("signal to noise at which a steady target is detected"),
        unit="dB",
        reference=(13.1835, 11.2426),
        tolerance=absolute(0.01),
        source="Richards2014",
        obtained="formula",
        inputs={**_FALSE_ALARM, "case": 0.0, "pulses": 1.0, "p_detection": (0.9, 0.5)},
        functions=(swerling_signal_to_noise,),
        answer=_snr,
    ),
    Case(
        id="V-RAD-9b",
        quantity=gettext("probability of detection of a steady target"),
        unit="1",
        reference=(0.2480, 0.874441, 0.9972),
        tolerance=absolute(1e-4),
        source="Richards2014",
        obtained="formula",
        inputs={**_FALSE_ALARM, "case": 0.0, "pulses": 1.0, "snr_db": (10.0, 13.0, 15.0)},
        functions=(
            detection_above,
            detection_threshold,
        ),
        answer=_pd,
    ),
    Case(
        id="V-RAD-10a",
        quantity=gettext("signal to noise at which a target is detected with ten pulses, Swerling 0 and 1"),
        unit="dB",
        reference=(5.27, 13.50),
        tolerance=absolute(0.01),
        source="Richards2014",
        obtained="formula",
        inputs={**_FALSE_ALARM, "case": (0.0, 1.0), "pulses": 10.0, "p_detection": 0.9},
        functions=(swerling_signal_to_noise,),
        answer=_snr_of_cases,
    ),
    Case(
        id="V-RAD-10b",
        quantity=gettext("probability of detection with ten pulses, Swerling 0 and 1"),
        unit="1",
        reference=(0.8533, 0.4855),
        tolerance=absolute(2e-4),
        source="Richards2014",
        obtained="formula",
        inputs={**_FALSE_ALARM, "case": (0.0, 1.0), "pulses": 10.0, "snr_db": 5.0},
        functions=(
            detection_above,
            detection_threshold,
        ),
        answer=_pd_of_cases,
    ),
    Case(
        id="V-RAD-17",
        quantity=gettext("probability of a firm track by m detections in n looks"),
        unit="1",
        reference=(0.784, 0.83692),
        tolerance=absolute(1e-12),
        source="Mahafza2013",
        obtained="formula",
        inputs={"p_detection": 0.7, "hits": (2.0, 3.0), "looks": (3.0, 5.0)},
        functions=(track_hazard,),
        answer=_m_of_n,
    ),
    Case(
        id="V-RAD-18",
        quantity=gettext("probability of detection of a Swerling 3 target"),
        unit="1",
        reference=(0.291882, 0.779446),
        tolerance=absolute(1e-6),
        source="Swerling1960",
        obtained="formula",
        inputs={**_FALSE_ALARM, "case": 3.0, "pulses": 1.0, "snr_db": (10.0, 15.0)},
        functions=(
            detection_above,
            detection_threshold,
        ),
        answer=_pd,
    ),
)

HORIZON: Final = (
    Case(
        id="V-RAD-11",
        quantity=gettext("distance of the radar horizon"),
        unit="km",
        reference=(13.0, 22.6, 41.2, 130.3),
        tolerance=absolute(0.1),
        source="Skolnik2008",
        obtained="published",
        inputs={"antenna_m": (10.0, 30.0, 100.0, 1000.0), "target_m": (0.0, 0.0, 0.0, 0.0)},
        functions=(radar_horizon,),
        answer=_horizons,
    ),
    Case(
        id="V-RAD-12",
        quantity=gettext("effective earth radius, from the distance of the horizon"),
        unit="m",
        reference=(8.4774e6,),
        tolerance=relative(3e-3),
        source="MathWorks2026",
        obtained="published",
        inputs={"antenna_m": 100.0},
        functions=(radar_horizon,),
        answer=_effective_radius,
    ),
    Case(
        id="V-RAD-19",
        quantity=gettext("farthest line of sight between two heights"),
        unit="km",
        reference=(42.180, 428.145),
        tolerance=absolute(1e-3),
        source="Skolnik2008",
        obtained="formula",
        inputs={"antenna_m": (10.0, 15.0), "target_m": (50.0, 10_000.0)},
        functions=(radar_horizon,),
        answer=_horizons,
    ),
)

CASES: Final = (*RANGE, *DETECTION, *HORIZON)
