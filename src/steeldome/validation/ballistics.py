"""Reference cases of ballistic flight: Kepler arcs, and flights of the public record."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from pyproj import Geod

from steeldome.constants import MEAN_EARTH_RADIUS, WGS84_GRAVITATIONAL_PARAMETER
from steeldome.kernels.arcs import Missile, ballistic_path, free_flight
from steeldome.kernels.ballistics import Earth, fly
from steeldome.kernels.geodesy import ecef_to_geodetic
from steeldome.kernels.trajectory import Path
from steeldome.validation.case import Case, Inputs, absolute, gettext, relative
from steeldome.validation.falling import fall

_RANGES: Final = {"range_km": (300.0, 600.0, 1000.0, 2000.0)}
_MORE_RANGES: Final = {"range_km": (300.0, 1000.0, 3000.0, 10_000.0)}
_SHORT: Final = {"range_km": (100.0,)}
_JULY_28: Final[Inputs] = {"range_km": (998.0,), "apogee_km": 3724.9}
_JULY_4: Final[Inputs] = {"range_km": (932.0,), "apogee_km": 2800.0}
_SCUD_B: Final = {
    "range_km": 300.0, "bearing_deg": 0.0, "ballistic_coefficient_kg_m2": 15_000.0, "burn_time_s": 62.0,
    "thrust_n": 131_000.0, "launch_mass_kg": 5900.0, "propellant_mass_kg": 3770.0,
}  # fmt: skip
_OTHER_PROGRAM: Final = gettext("settings of another program's missile; the models close an arc and do not fly stages")

_STILL: Final = Earth(MEAN_EARTH_RADIUS, 0.0, WGS84_GRAVITATIONAL_PARAMETER, 0.0, 0.0, 0.0, 0.0)


def _speeds(range_km: tuple[float, ...], apogee_km: float = 0.0) -> Iterable[float]:
    return (free_flight(1e3 * distance, 1e3 * apogee_km)[0] for distance in range_km)


def _apogees(range_km: tuple[float, ...]) -> Iterable[float]:
    return (1e-3 * free_flight(1e3 * distance, 0.0)[1] for distance in range_km)


def _times(range_km: tuple[float, ...], apogee_km: float = 0.0) -> Iterable[float]:
    return (free_flight(1e3 * distance, 1e3 * apogee_km)[2] for distance in range_km)


def _minutes(range_km: tuple[float, ...], apogee_km: float) -> Iterable[float]:
    return (time / 60.0 for time in _times(range_km, apogee_km))


def _boost(range_km: tuple[float, ...], apogee_km: float, reported_min: float) -> Iterable[float]:
    """Minutes by which the reported flight was longer than the ellipse from surface to surface."""
    return (reported_min - minutes for minutes in _minutes(range_km, apogee_km))


def _worst_arcs(shortest_km: float, longest_km: float, arcs: float) -> tuple[float, float]:
    """Largest error of impact (m) and of time (s) where a body starts as the closed form of least energy says."""
    impact = time = 0.0
    for distance in np.linspace(1e3 * shortest_km, 1e3 * longest_km, int(arcs)):
        half = 0.5 * distance / MEAN_EARTH_RADIUS
        angle = 0.25 * math.pi - 0.5 * half
        speed, _, duration = free_flight(distance, 0.0)
        state = np.array([MEAN_EARTH_RADIUS, 0.0, 0.0, speed * math.sin(angle), speed * math.cos(angle), 0.0])
        time = max(time, abs(fall(state, _STILL, math.inf, 0.0) - duration))
        impact = max(impact, abs(MEAN_EARTH_RADIUS * (math.atan2(state[1], state[0]) - 2.0 * half)))
    return impact, time


def _worst_impact(shortest_km: float, longest_km: float, arcs: float) -> Iterable[float]:
    yield _worst_arcs(shortest_km, longest_km, arcs)[0]


def _worst_time(shortest_km: float, longest_km: float, arcs: float) -> Iterable[float]:
    yield _worst_arcs(shortest_km, longest_km, arcs)[1]


def _arc(
    range_km: float,
    bearing_deg: float,
    ballistic_coefficient_kg_m2: float,
    burn_time_s: float = 0.0,
    thrust_n: float = 0.0,
    launch_mass_kg: float = 0.0,
    propellant_mass_kg: float = 0.0,
) -> Path:
    """Flight of a class without an apogee of its own, as the compiler asks for it, from 36 degrees north."""
    start = 44.0, 36.0
    east, north, _ = Geod(ellps="WGS84").fwd(*start, bearing_deg, 1e3 * range_km)
    ends = [(math.radians(latitude), math.radians(longitude), 0.0) for longitude, latitude in (start, (east, north))]
    drag_area = (launch_mass_kg - propellant_mass_kg) / ballistic_coefficient_kg_m2
    masses = launch_mass_kg, propellant_mass_kg
    missile = Missile(ballistic_coefficient_kg_m2, burn_time_s, thrust_n, *masses, drag_area)
    path: Path = ballistic_path(ends[0], ends[1], 0.0, missile, 1.0)
    return path


def _highest(path: Path) -> float:
    return 1e-3 * float(ecef_to_geodetic(path.position_ecef)[2].max())


def _arc_time(**flight: float) -> Iterable[float]:
    yield float(_arc(**flight).time[-1])


def _arc_apogee(**flight: float) -> Iterable[float]:
    yield _highest(_arc(**flight))


def _arc_impact(**flight: float) -> Iterable[float]:
    yield float(_arc(**flight).speed[-1])


def _arc_apogees(range_km: float, bearing_deg: tuple[float, ...]) -> Iterable[float]:
    return (_highest(_arc(range_km, bearing, math.inf)) for bearing in bearing_deg)


CASES: Final = (
    Case(
        id="V-BAL-1a",
        quantity=gettext("speed at the surface on the arc of least energy"),
        unit="m/s",
        reference=(1696.5, 2371.7, 3016.1, 4112.9),
        tolerance=relative(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_RANGES,
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-1b",
        quantity=gettext("apogee of the arc of least energy"),
        unit="km",
        reference=(74.1, 146.4, 239.9, 458.8),
        tolerance=relative(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_RANGES,
        functions=(free_flight,),
        answer=_apogees,
    ),
    Case(
        id="V-BAL-1c",
        quantity=gettext("time of flight on the arc of least energy"),
        unit="s",
        reference=(251.0, 360.4, 474.4, 701.8),
        tolerance=relative(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_RANGES,
        functions=(free_flight,),
        answer=_times,
    ),
    Case(
        id="V-BAL-1d",
        quantity=gettext("angle of the start on the arc of least energy"),
        unit="deg",
        reference=(44.33, 43.65, 42.75, 40.50),
        tolerance=relative(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_RANGES,
        left_out=gettext("how a flight was started stays inside the model; launch settings are never given out"),
    ),
    Case(
        id="V-BAL-2a",
        quantity=gettext("speed at the surface on the arc of least energy, against the flat earth"),
        unit="m/s",
        reference=(991.0,),
        tolerance=relative(1e-2),
        source="Wheelon1959",
        obtained="formula",
        inputs=_SHORT,
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-2b",
        quantity=gettext("apogee of the arc of least energy, against the flat earth"),
        unit="km",
        reference=(25.0,),
        tolerance=relative(1e-2),
        source="Wheelon1959",
        obtained="formula",
        inputs=_SHORT,
        functions=(free_flight,),
        answer=_apogees,
    ),
    Case(
        id="V-BAL-2c",
        quantity=gettext("time of flight on the arc of least energy, against the flat earth"),
        unit="s",
        reference=(142.7,),
        tolerance=relative(1e-2),
        source="Wheelon1959",
        obtained="formula",
        inputs=_SHORT,
        functions=(free_flight,),
        answer=_times,
    ),
    Case(
        id="V-BAL-3a",
        quantity=gettext("time of a lofted flight test from surface to surface"),
        unit="min",
        reference=(43.12,),
        tolerance=relative(1e-2),
        source="BateMuellerWhite1971",
        obtained="formula",
        inputs=_JULY_28,
        functions=(free_flight,),
        answer=_minutes,
    ),
    Case(
        id="V-BAL-3b",
        quantity=gettext("speed at the surface of a lofted flight test"),
        unit="m/s",
        reference=(6810.0,),
        tolerance=relative(1e-2),
        source="BateMuellerWhite1971",
        obtained="formula",
        inputs=_JULY_28,
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-3c",
        quantity=gettext("reported time of a flight test less the computed one: one to five minutes of boost"),
        unit="min",
        reference=(3.0,),
        tolerance=absolute(2.0),
        source="CSIS2017",
        obtained="published",
        inputs={**_JULY_28, "reported_min": 47.2},
        functions=(free_flight,),
        answer=_boost,
    ),
    Case(
        id="V-BAL-3d",
        quantity=gettext("speed for the longest range that the same speed reaches"),
        unit="m/s",
        reference=(6810.0,),
        tolerance=relative(1e-2),
        source="Wheelon1959",
        obtained="formula",
        inputs={"range_km": (8020.0,)},
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-4a",
        quantity=gettext("time of a lofted flight test from surface to surface"),
        unit="min",
        reference=(34.42,),
        tolerance=relative(1e-2),
        source="BateMuellerWhite1971",
        obtained="formula",
        inputs=_JULY_4,
        functions=(free_flight,),
        answer=_minutes,
    ),
    Case(
        id="V-BAL-4b",
        quantity=gettext("speed at the surface of a lofted flight test"),
        unit="m/s",
        reference=(6204.0,),
        tolerance=relative(1e-2),
        source="BateMuellerWhite1971",
        obtained="formula",
        inputs=_JULY_4,
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-4c",
        quantity=gettext("reported time of a flight test less the computed one: one to five minutes of boost"),
        unit="min",
        reference=(3.0,),
        tolerance=absolute(2.0),
        source="CSIS2017",
        obtained="published",
        inputs={**_JULY_4, "reported_min": 38.0},
        functions=(free_flight,),
        answer=_boost,
    ),
    Case(
        id="V-BAL-4d",
        quantity=gettext("speed for the longest range that the same speed reaches"),
        unit="m/s",
        reference=(6204.0,),
        tolerance=relative(1e-2),
        source="Wheelon1959",
        obtained="formula",
        inputs={"range_km": (5865.0,)},
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-5",
        quantity=gettext("speed and height at burn-out, range, apogee and time of a V-2"),
        unit="1",
        reference=(),
        tolerance=relative(5e-2),
        source="Levinger2005",
        obtained="program",
        left_out=_OTHER_PROGRAM,
    ),
    Case(
        id="V-BAL-6",
        quantity=gettext("speed and height at burn-out, range, apogee and time of an Al-Husayn"),
        unit="1",
        reference=(),
        tolerance=relative(5e-2),
        source="Levinger2005",
        obtained="program",
        left_out=_OTHER_PROGRAM,
    ),
    Case(
        id="V-BAL-7a",
        quantity=gettext("time of flight of a Scud-B"),
        unit="s",
        reference=(315.0,),
        tolerance=absolute(25.0),
        source="WikipediaR17",
        obtained="published",
        inputs=_SCUD_B,
        functions=(ballistic_path, Geod),
        answer=_arc_time,
    ),
    Case(
        id="V-BAL-7b",
        quantity=gettext("apogee of a Scud-B"),
        unit="km",
        reference=(87.5,),
        tolerance=absolute(7.5),
        source="WikipediaR17",
        obtained="published",
        inputs=_SCUD_B,
        functions=(ballistic_path, ecef_to_geodetic, Geod),
        answer=_arc_apogee,
    ),
    Case(
        id="V-BAL-7c",
        quantity=gettext("impact speed of a Scud-B"),
        unit="m/s",
        reference=(1250.0,),
        tolerance=absolute(150.0),
        source="WikipediaR17",
        obtained="published",
        inputs=_SCUD_B,
        functions=(ballistic_path, Geod),
        answer=_arc_impact,
    ),
    Case(
        id="V-BAL-10",
        quantity=gettext("speeds at both ends of a Lambert arc"),
        unit="km/s",
        reference=(-5.9925, 1.9254, 3.2456, -3.3125, -4.1966, -0.38529),
        tolerance=relative(1e-4),
        source="Curtis2014",
        obtained="published",
        inputs={"from_km": (5000.0, 10000.0, 2100.0), "to_km": (-14600.0, 2500.0, 7000.0), "time_s": 3600.0},
        left_out=gettext("no model solves Lambert's problem"),
    ),
    Case(
        id="V-BAL-12a",
        quantity=gettext("speed at the surface on the arc of least energy"),
        unit="m/s",
        reference=(1696.479, 3016.114, 4864.990, 7198.076),
        tolerance=absolute(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_MORE_RANGES,
        functions=(free_flight,),
        answer=_speeds,
    ),
    Case(
        id="V-BAL-12b",
        quantity=gettext("apogee of the arc of least energy"),
        unit="km",
        reference=(74.110, 239.938, 655.207, 1319.478),
        tolerance=absolute(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_MORE_RANGES,
        functions=(free_flight,),
        answer=_apogees,
    ),
    Case(
        id="V-BAL-12c",
        quantity=gettext("time of flight on the arc of least energy"),
        unit="s",
        reference=(251.035, 474.361, 895.037, 1930.959),
        tolerance=absolute(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs=_MORE_RANGES,
        functions=(free_flight,),
        answer=_times,
    ),
    Case(
        id="V-BAL-13a",
        quantity=gettext("integrated arcs: largest error of the place of impact"),
        unit="m",
        reference=(0.0,),
        tolerance=absolute(1.0),
        source="Wheelon1959",
        obtained="formula",
        inputs={"shortest_km": 50.0, "longest_km": 10_000.0, "arcs": 200.0},
        functions=(free_flight, fly),
        answer=_worst_impact,
    ),
    Case(
        id="V-BAL-13b",
        quantity=gettext("integrated arcs: largest error of the time of impact"),
        unit="s",
        reference=(0.0,),
        tolerance=absolute(1e-3),
        source="Wheelon1959",
        obtained="formula",
        inputs={"shortest_km": 50.0, "longest_km": 10_000.0, "arcs": 200.0},
        functions=(free_flight, fly),
        answer=_worst_time,
    ),
    Case(
        id="V-BAL-14",
        quantity=gettext("check cases of flight with six degrees of freedom"),
        unit="1",
        reference=(),
        tolerance=relative(1e-2),
        source="NESC2015",
        obtained="program",
        left_out=gettext("bodies turn in no model, and the data of the cases are no part of the product"),
    ),
    Case(
        id="V-BAL-15",
        quantity=gettext("apogee of the arc of least speed over the turning ground, east and west"),
        unit="km",
        reference=(73.377, 74.855),
        tolerance=relative(1e-2),
        source="Curtis2014",
        obtained="formula",
        inputs={"range_km": 300.0, "bearing_deg": (90.0, 270.0)},
        functions=(ballistic_path, ecef_to_geodetic, Geod),
        answer=_arc_apogees,
    ),
)
