"""What one sensor makes of paths that were laid by hand: circles around it, at a constant range and elevation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from steeldome.compiler.air import NO_BAND, OPTICAL, nearest_band
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.paths import FlownPath
from steeldome.compiler.sensing import HALF_BEAM, OUT_OF_REACH, SEEN, SensorPath, all_seeing, watch
from steeldome.compiler.settings import draw_settings, nearest_case
from steeldome.compiler.specs import SensorSpec, Settings
from steeldome.compiler.tables import HAZARD_ONE
from steeldome.compiler.values import Values
from steeldome.constants import RADAR_BANDS, RAIN_HEIGHT
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import Study
from steeldome.kernels.detection import HAZARD_CAP
from steeldome.kernels.geodesy import enu_basis, point_ecef
from steeldome.kernels.propagation import gas_depth, gas_profile, length_in_rain, rain_attenuation
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
        "band": NO_BAND,
        "notch_speed": 0.0,
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


def flown(slant_range: object, azimuth: object, elevation: float = 0.1, height: float = MAST) -> FlownPath:
    """Seconds of a path around the radar at a height; ranges (m) and bearings (rad) of its samples, or one for all."""
    time = np.arange(0.0, DURATION + 1.0)
    distance, bearing = (np.broadcast_to(np.asarray(x, float), time.shape) for x in (slant_range, azimuth))
    axes = enu_basis(*PLACE)
    to = np.stack([np.cos(elevation) * np.sin(bearing), np.cos(elevation) * np.cos(bearing)], axis=1)
    to = np.concatenate([to, np.full((len(time), 1), math.sin(elevation))], axis=1)
    position = np.array(point_ecef(*PLACE, height)) + distance[:, None] * to @ axes
    altitude = np.full(len(time), 5_000.0)
    return FlownPath("path", "soumar_paveh", "cruise", "home", time, position, altitude, altitude, 0.0)


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


def raining(settings: Settings, millimetres: float, radius: float) -> Settings:
    """Rain in mm/h up to a distance (m)."""
    return replace(settings, rain_rate=millimetres / 3.6e6, rain_radius=radius)


@pytest.mark.parametrize("band", RADAR_BANDS)
@pytest.mark.parametrize("millimetres", [0.0, 4.0])
@pytest.mark.parametrize("height", [MAST, 9_130.0])
def test_the_air_counts_as_range(settings: Settings, band: str, millimetres: float, height: float) -> None:
    """Gases beyond those to the range of one look in two, and rain; within 0.6 % of range, the step of the tables."""
    ratio, elevation, radius = 1.2, 0.03, 20e3
    path = flown(ratio * RANGE_50, 0.3, elevation, height=height)
    found = seen(path, radar(band=band, mast=height), raining(settings, millimetres, radius))
    frequency = RADAR_BANDS[band]
    profile = gas_profile(frequency)
    depth = [gas_depth(slant, elevation, height, profile) for slant in (RANGE_50, ratio * RANGE_50)]
    rain = rain_attenuation(millimetres / 3.6e6, frequency, 0.0, 0.25 * math.pi)
    in_rain = length_in_rain(ratio * RANGE_50, elevation, height, RAIN_HEIGHT, 0.0, radius)
    assert (in_rain > 19e3) == (height < RAIN_HEIGHT)
    counts = ratio * math.exp(0.5 * (depth[1] - depth[0] + rain * in_rain))
    if hazard_at(1.01 * counts) < 2e-4:
        assert len(found.open_ms) == 0
    else:
        assert hazard_at(1.006 * counts) < look_hazard(found) < hazard_at(0.994 * counts)


def test_a_published_range_is_one_in_clear_air(settings: Settings) -> None:
    assert look_hazard(seen(flown(RANGE_50, 0.3), radar(band="Ku"), settings)) == pytest.approx(math.log(2.0), rel=2e-3)


def test_rain_shortens_a_sight_and_nothing_of_which_nothing_is_known(settings: Settings) -> None:
    """4 mm/h leaves 6.2 km, if it rains as far as that."""
    near, far = flown(6_000.0, 0.3), flown(6_500.0, 0.3)
    sight, unknown = (radar(fixed_range=10e3, band=band) for band in (OPTICAL, NO_BAND))
    wet, local = raining(settings, 4.0, 20e3), raining(settings, 4.0, 6e3)
    assert [seen(path, sight, settings).sight for path in (near, far)] == [SEEN, SEEN]
    assert [seen(path, sight, wet).sight for path in (near, far)] == [SEEN, OUT_OF_REACH]
    assert seen(far, sight, local).sight == seen(far, unknown, wet).sight == SEEN


def test_a_frequency_counts_as_the_nearest_band() -> None:
    drawn = {1e9: "L", 2.03e9: "L", 2.05e9: "S", 7.3e9: "C", 7.4e9: "X", 2e10: "Ku"}
    assert {frequency: nearest_band(frequency) for frequency in drawn} == drawn


def test_one_cache_keeps_weathers_apart(settings: Settings) -> None:
    cache = CompilerCache()
    path, sensor = flown(RANGE_50, 0.3), radar(band="X")
    weathers = [settings, raining(settings, 4.0, 20e3), raining(settings, 4.0, 10e3), raining(settings, 8.0, 10e3)]
    hazards = [look_hazard(watch([path], [sensor], TERRAIN, cache, weather)["path", "radar"]) for weather in weathers]
    assert hazards == [look_hazard(seen(path, sensor, weather)) for weather in weathers]
    assert len(set(hazards)) == 4


def crossing(speed: float, nearest: float, elevation: float) -> FlownPath:
    """A path that passes a radar at a distance (m), halfway."""
    along = speed * (np.arange(0.0, DURATION + 1.0) - 0.5 * DURATION)
    return flown(np.hypot(nearest, along), np.arctan2(along, nearest) + 1.0, elevation)


def test_a_low_target_that_keeps_its_distance_is_lost_in_clutter(settings: Settings) -> None:
    """At 200 m/s and 25 m/s of notch within 0.126 of 4 km of the nearest point: 5.04 s of 16, three of eight looks."""
    free = radar(target_range=4_000.0)
    notched = replace(free, notch_speed=25.0, drop=1.0)
    path = crossing(200.0, 4_000.0, 0.0)
    found = seen(path, notched, settings)
    lost = 2.0 * 4_000.0 * 25.0 / math.sqrt(200.0**2 - 25.0**2) / 200.0
    assert found.sight == SEEN and len(found.open_ms) == 2
    assert 0.001 * (found.open_ms[1] - found.close_ms[0]) == pytest.approx(lost, abs=1.0)
    assert len(seen(path, free, settings).open_ms) == 1
    # A track that outlives the gap goes on, with the looks in it lost.
    longer = seen(path, replace(notched, drop=10.0), settings)
    assert len(longer.open_ms) == 1
    short, whole = (found.knots[0, -1] for found in (longer, seen(path, free, settings)))
    assert short / whole == pytest.approx(5.0 / 8.0, rel=0.1)


def test_only_a_flat_path_over_the_ground_is_in_the_notch(settings: Settings) -> None:
    notched = radar(notch_speed=25.0)
    circle = flown(RANGE_50, np.linspace(0.0, 0.1, round(DURATION) + 1), 0.0)
    nothing = seen(circle, notched, settings)
    assert nothing.sight == SEEN and len(nothing.open_ms) == 0, "in sight, and never to be tracked"
    high = flown(RANGE_50, np.linspace(0.0, 0.1, round(DURATION) + 1), HALF_BEAM)
    assert look_hazard(seen(high, notched, settings)) == pytest.approx(math.log(2.0), rel=2e-3)
    falling = replace(circle, threat_class="mrbm")
    assert falling.is_ballistic
    assert look_hazard(seen(falling, notched, settings)) == pytest.approx(math.log(2.0), rel=2e-3)


def jammed(settings: Settings, *jammers: tuple[float, float, float]) -> Settings:
    return replace(settings, jamming=tuple((math.radians(b), math.radians(w), ratio) for b, w, ratio in jammers))


@pytest.mark.parametrize(
    ("jammers", "bearing", "left"),
    [
        ([(90.0, 20.0, 15.0)], 90.0, 0.5),
        ([(90.0, 20.0, 15.0)], 99.0, 0.5),
        ([(90.0, 20.0, 30.0)], 110.0, 0.5),
        ([(90.0, 20.0, 15.0)], 270.0, 1.0),
        ([(355.0, 20.0, 15.0)], 3.0, 0.5),
        ([(5.0, 20.0, 15.0)], 357.0, 0.5),
        ([(90.0, 20.0, 7.0), (85.0, 40.0, 8.0)], 95.0, 0.5),
        ([(90.0, 360.0, 80.0)], 270.0, 1.0 / 3.0),
    ],
)
def test_jamming_leaves_a_factor_of_range_in_its_sector(
    settings: Settings, jammers: list[tuple[float, float, float]], bearing: float, left: float
) -> None:
    path = flown(left * RANGE_50, math.radians(bearing))
    assert look_hazard(seen(path, radar(), jammed(settings, *jammers))) == pytest.approx(math.log(2.0), rel=2e-3)
    sight = radar(fixed_range=1.1 * RANGE_50, band=OPTICAL)
    assert look_hazard(seen(path, sight, jammed(settings, *jammers))) == look_hazard(seen(path, sight, settings))


def test_a_look_without_limits_loses_nothing_to_air_clutter_or_noise(settings: Settings) -> None:
    """What the first stages of `explain` ask for."""
    circle = flown(3.0 * RANGE_50, 0.3, 0.0)
    sensor = radar(band="X", notch_speed=25.0)
    hard = raining(jammed(settings, (0.0, 360.0, 1e6)), 50.0, 100e3)
    assert len(seen(circle, sensor, hard).open_ms) == 0
    assert seen(circle, all_seeing(sensor), hard).knots[0, -1] == round(HAZARD_CAP * HAZARD_ONE)
