"""Reference cases of re-entry: speed and braking in an exponential atmosphere over a flat earth."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from steeldome.constants import STANDARD_GRAVITY
from steeldome.kernels.ballistics import TOLERANCE, Earth, fly
from steeldome.validation.case import Case, absolute, gettext, relative
from steeldome.validation.falling import fall

_ENTRY: Final = {
    "speed_m_s": 2200.0, "angle_deg": 42.0, "density_kg_m3": 1.225, "scale_height_m": 7200.0,
}  # fmt: skip
_DOWN: Final = {"height_km": (20.0, 10.0, 5.0, 0.0)}
_SPHERE: Final = {
    "speed_m_s": 9144.0, "angle_deg": 90.0, "density_kg_m3": 0.0034 * 515.378818, "scale_height_m": 22_000.0 * 0.3048,
    "ballistic_coefficient_kg_m2": 1600.0,
}  # fmt: skip
_FLAT_RADIUS: Final = 1e10  # m, so large that the earth is flat
_TOP: Final = 95_000.0  # m, where a fall without weight begins


def _entry_speeds(
    speed_m_s: float,
    angle_deg: float,
    density_kg_m3: float,
    scale_height_m: float,
    ballistic_coefficient_kg_m2: float,
    gravity_m_s2: float,
    from_km: float,
    height_km: tuple[float, ...],
) -> Iterable[float]:
    """Speed (m/s) of a body at each height on its way down over a flat earth."""
    pull = gravity_m_s2 * _FLAT_RADIUS**2
    earth = Earth(_FLAT_RADIUS, 0.0, pull, 0.0, 0.0, density_kg_m3, scale_height_m)
    angle = math.radians(angle_deg)
    for height in height_km:
        down, along = speed_m_s * math.sin(angle), speed_m_s * math.cos(angle)
        state = np.array([_FLAT_RADIUS + 1e3 * from_km, 0.0, 0.0, -down, along, 0.0])
        fall(state, earth, ballistic_coefficient_kg_m2, 1e3 * height)
        yield float(np.linalg.norm(state[3:]))


def _hardest(
    speed_m_s: float,
    angle_deg: float,
    density_kg_m3: float,
    scale_height_m: float,
    ballistic_coefficient_kg_m2: float,
) -> tuple[float, float, float]:
    """Largest deceleration (standard gravities) of a body without weight, and its speed (m/s) and height (km) there."""
    earth = Earth(_FLAT_RADIUS, 0.0, 0.0, 0.0, 0.0, density_kg_m3, scale_height_m)
    angle, step = math.radians(angle_deg), 0.01
    down, along = speed_m_s * math.sin(angle), speed_m_s * math.cos(angle)
    state = np.array([_FLAT_RADIUS + _TOP, 0.0, 0.0, -down, along, 0.0])
    trace = np.full((20_000, 6), np.nan)
    fall(state, earth, ballistic_coefficient_kg_m2, 0.0, TOLERANCE, trace, step)
    trace = trace[np.isfinite(trace[:, 0])]
    speed = np.linalg.norm(trace[:, 3:], axis=1)
    braking = (speed[:-2] - speed[2:]) / (2.0 * step)
    at = int(braking.argmax())
    left, top, right = braking[at - 1 : at + 2]
    share = 0.5 * (left - right) / (left - 2.0 * top + right)  # of a step, to the top of a parabola
    hardest = top - 0.25 * (left - right) * share
    moment = at + 1 + share
    height = np.interp(moment, np.arange(len(trace)), trace[:, 0] - _FLAT_RADIUS)
    return (
        float(hardest) / STANDARD_GRAVITY,
        float(np.interp(moment, np.arange(len(speed)), speed)),
        1e-3 * float(height),
    )


def _hardest_braking(**entry: float) -> Iterable[float]:
    yield _hardest(**entry)[0]


def _hardest_speed(**entry: float) -> Iterable[float]:
    yield _hardest(**entry)[1]


def _hardest_height(**entry: float) -> Iterable[float]:
    yield _hardest(**entry)[2]


CASES: Final = (
    Case(
        id="V-BAL-8a",
        quantity=gettext("hardest braking of a falling sphere"),
        unit="g0",
        reference=(233.9,),
        tolerance=relative(1e-3),
        source="AllenEggers1958",
        obtained="formula",
        inputs=_SPHERE,
        functions=(fly,),
        answer=_hardest_braking,
    ),
    Case(
        id="V-BAL-8b",
        quantity=gettext("speed at the hardest braking of a falling sphere"),
        unit="m/s",
        reference=(5546.0,),
        tolerance=relative(1e-3),
        source="AllenEggers1958",
        obtained="formula",
        inputs=_SPHERE,
        functions=(fly,),
        answer=_hardest_speed,
    ),
    Case(
        id="V-BAL-8c",
        quantity=gettext("height of the hardest braking of a falling sphere"),
        unit="km",
        reference=(13.37,),
        tolerance=relative(1e-3),
        source="AllenEggers1958",
        obtained="formula",
        inputs=_SPHERE,
        functions=(fly,),
        answer=_hardest_height,
    ),
    Case(
        id="V-BAL-9a",
        quantity=gettext("speed of a re-entry body without weight"),
        unit="m/s",
        reference=(2027.0, 1584.0, 1139.0, 589.0),
        tolerance=absolute(0.5),
        source="AllenEggers1958",
        obtained="formula",
        inputs={**_ENTRY, **_DOWN, "ballistic_coefficient_kg_m2": 5000.0, "gravity_m_s2": 0.0, "from_km": 95.0},
        functions=(fly,),
        answer=_entry_speeds,
    ),
    Case(
        id="V-BAL-9b",
        quantity=gettext("speed of a re-entry body without weight"),
        unit="m/s",
        reference=(1792.0, 967.0, 424.0, 82.0),
        tolerance=absolute(0.5),
        source="AllenEggers1958",
        obtained="formula",
        inputs={**_ENTRY, **_DOWN, "ballistic_coefficient_kg_m2": 2000.0, "gravity_m_s2": 0.0, "from_km": 95.0},
        functions=(fly,),
        answer=_entry_speeds,
    ),
    Case(
        id="V-BAL-9c",
        quantity=gettext("speed of a re-entry body"),
        unit="m/s",
        reference=(2202.0, 1801.0, 1367.0, 802.0),
        tolerance=absolute(0.5),
        source="AllenEggers1958",
        obtained="formula",
        inputs={**_ENTRY, **_DOWN, "ballistic_coefficient_kg_m2": 5000.0, "gravity_m_s2": 9.81, "from_km": 60.0},
        functions=(fly,),
        answer=_entry_speeds,
    ),
    Case(
        id="V-BAL-9d",
        quantity=gettext("speed of a re-entry body"),
        unit="m/s",
        reference=(1971.0, 1174.0, 614.0, 242.0),
        tolerance=absolute(0.5),
        source="AllenEggers1958",
        obtained="formula",
        inputs={**_ENTRY, **_DOWN, "ballistic_coefficient_kg_m2": 2000.0, "gravity_m_s2": 9.81, "from_km": 60.0},
        functions=(fly,),
        answer=_entry_speeds,
    ),
    Case(
        id="V-BAL-9e",
        quantity=gettext("hardest braking of a re-entry body"),
        unit="g0",
        reference=(8.44,),
        tolerance=absolute(0.005),
        source="AllenEggers1958",
        obtained="formula",
        inputs={**_ENTRY, "ballistic_coefficient_kg_m2": 5000.0},
        functions=(fly,),
        answer=_hardest_braking,
    ),
)
