"""What one sensor makes of paths that were laid by hand: circles around it, at a constant range and elevation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.paths import FlownPath
from steeldome.compiler.sensing import SEEN, SensorPath, watch
from steeldome.compiler.settings import draw_settings, nearest_case
from steeldome.compiler.specs import SensorSpec, Settings
from steeldome.compiler.tables import HAZARD_ONE
from steeldome.compiler.values import Values
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import Study
from steeldome.kernels.geodesy import enu_basis, point_ecef
from steeldome.kernels.swerling import swerling_detection, swerling_signal_to_noise
from tests.compiler.tiny import bare, flat_terrain

PLACE = math.radians(39.0), math.radians(33.0)
MAST = 12.0  # m
RANGE_50 = 100e3  # m, of the radar below against 1 m2
PERIOD = 2.0  # s
DURATION = 16.0  # s, eight looks
TERRAIN = replace(flat_terrain(), is_screen=False)


def radar(**changes: object) -> SensorSpec:
    """A radar at a place that sees 1 m2 at 100 km in every other look, all round and at every elevation."""
    given: dict[str, object] = {
        "id": "radar",
        "unit": "radar",
        "latitude": PLACE[0],
        "longitude": PLACE[1],
        "elevation": 0.0,
        "mast": MAST,
        "instrumented_range": 300e3,
        "search_ratio": 1.0,
        "target_range": RANGE_50,
        "target_cross_section": 1.0,
        "ballistic_range": 0.0,
        "fixed_range": 0.0,
        "scan_period": PERIOD,
        "p_false_alarm": 1e-6,
        "drop": 10.0,
        "elevation_min": -1.5,
        "elevation_max": 1.5,
        "sector_centre": 0.0,
        "sector_width": 2.0 * math.pi,
        "capacity": 100,
    }
    return SensorSpec(**{**given, **changes})  # type: ignore[arg-type]


def flown(slant_range: object, azimuth: object, elevation: float = 0.1, threat_class: str = "cruise") -> FlownPath:
    """Seconds of a path around the radar; ranges (m) and bearings (rad) of its samples, or one for all."""
    time = np.arange(0.0, DURATION + 1.0)
    distance, bearing = (np.broadcast_to(np.asarray(x, float), time.shape) for x in (slant_range, azimuth))
    axes = enu_basis(*PLACE)
    to = np.stack([np.cos(elevation) * np.sin(bearing), np.cos(elevation) * np.cos(bearing)], axis=1)
    to = np.concatenate([to, np.full((len(time), 1), math.sin(elevation))], axis=1)
    position = np.array(point_ecef(*PLACE, MAST)) + distance[:, None] * to @ axes
    height = np.full(len(time), 5_000.0)
    return FlownPath("path", "soumar_paveh", threat_class, "home", time, position, height, height, 0.0)


@pytest.fixture(scope="module")
def settings(tiny: Study, catalogue: Catalogue) -> Settings:
    """One look in which the target is seen makes a track; every threat has 1 m2 and is of case 1."""
    drawn = draw_settings(tiny, catalogue, [], ["soumar_paveh"], Values(catalogue, bare))
    threats = {name: replace(threat, cross_section=1.0) for name, threat in drawn.threats.items()}
    return replace(drawn, hits=1, looks=1, threats=threats)


def of_case(settings: Settings, case: int) -> Settings:
    return replace(settings, threats={name: replace(t, swerling_case=case) for name, t in settings.threats.items()})


def seen(path: FlownPath, sensor: SensorSpec, settings: Settings) -> SensorPath:
    return watch([path], [sensor], TERRAIN, CompilerCache(), settings)[path.id, sensor.id]


def look_hazard(found: SensorPath) -> float:
    """Hazard of one look, from all looks of the only window."""
    assert found.sight == SEEN and found.open_ms.tolist() == [0]
    looks = math.floor(0.001 * (found.close_ms[0] - found.open_ms[0]) / PERIOD)
    return float(found.knots[0, -1]) / HAZARD_ONE / looks


def hazard_at(ratio: float, case: int = 1) -> float:
    """Hazard of one look at a ratio of range to the range of one look in two, by the exact curve."""
    level = swerling_signal_to_noise(case, 1, 0.5, 1e-6) / ratio**4
    return -math.log(1.0 - swerling_detection(case, 1, level, 1e-6))


@pytest.mark.parametrize("case", [0, 1, 3])
@pytest.mark.parametrize("ratio", [0.9, 1.0, 1.4])
def test_a_look_goes_by_the_swerling_case_of_the_threat(settings: Settings, case: int, ratio: float) -> None:
    found = seen(flown(ratio * RANGE_50, 0.3), radar(), of_case(settings, case))
    assert look_hazard(found) == pytest.approx(hazard_at(ratio, case), rel=2e-3)


def test_what_a_sight_sees_does_not_hang_on_the_case(settings: Settings) -> None:
    sight = radar(fixed_range=150e3)
    hazards = [look_hazard(seen(flown(140e3, 0.3), sight, of_case(settings, case))) for case in (0, 1, 3)]
    assert hazards == [hazards[0]] * 3 and hazards[0] == pytest.approx(hazard_at(140.0 / 150.0), rel=2e-3)


def test_a_number_between_cases_counts_as_the_nearest() -> None:
    drawn = {0.0: 0, 0.4: 0, 0.5: 1, 1.0: 1, 1.99: 1, 2.0: 3, 3.0: 3}
    assert {number: nearest_case(number) for number in drawn} == drawn
