"""Loss of the air against the values that go with the recommendations, and against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.constants import EFFECTIVE_EARTH_RADIUS_FACTOR, MEAN_EARTH_RADIUS, RADAR_BANDS, RAIN_HEIGHT
from steeldome.kernels.propagation import (
    gas_attenuation,
    gas_depth,
    gas_depth_table,
    gas_profile,
    horizon_dip,
    length_in_rain,
    loss_in_range,
    optical_range_in_rain,
    rain_attenuation,
    rain_coefficients,
    table_depth,
)

PER_METRE = math.log(10.0) / 1e4  # of dB/km
MM_PER_HOUR = 1.0 / 3.6e6  # m/s
RADIUS = EFFECTIVE_EARTH_RADIUS_FACTOR * MEAN_EARTH_RADIUS

ranges = st.floats(100.0, 600e3)


def height_of(slant_range: float, elevation: float, site: float) -> float:
    """Height (m) of a point on a ray, from the triangle itself."""
    start = RADIUS + site
    return math.sqrt(start**2 + slant_range**2 + 2.0 * start * slant_range * math.sin(elevation)) - RADIUS


def test_rain_of_the_validation_set() -> None:
    """V-RAD-14: 14.25 GHz, 31.07699124 degrees, 26.48052 mm/h, no tilt [ITURP838]; 1e-6 dB/km."""
    k_h, alpha_h, k_v, alpha_v = rain_coefficients(14.25e9)
    share = math.cos(math.radians(31.07699124)) ** 2
    k = (k_h + k_v + (k_h - k_v) * share) / 2
    assert k == pytest.approx(0.03975488, abs=1e-8)
    alpha = (k_h * alpha_h + k_v * alpha_v + (k_h * alpha_h - k_v * alpha_v) * share) / (2 * k)
    assert alpha == pytest.approx(1.12418043, abs=1e-8)
    found = rain_attenuation(26.48052 * MM_PER_HOUR, 14.25e9, math.radians(31.07699124), 0.0)
    assert found / PER_METRE == pytest.approx(1.58130839, abs=1e-6)


@pytest.mark.parametrize(
    ("gigahertz", "which", "k", "alpha"),
    [(3, 0, 1.38979e-4, 1.2322), (10, 0, 0.0121670, 1.2571), (35, 0, 0.337387, 0.9047), (10, 2, 0.0112919, 1.2156)],
)
def test_rain_coefficients(gigahertz: float, which: int, k: float, alpha: float) -> None:
    """V-RAD-15 [ITURP838]: horizontal (0) and vertical (2); to the digits given."""
    found = rain_coefficients(1e9 * gigahertz)
    assert found[which] == pytest.approx(k, rel=1e-5)
    assert found[which + 1] == pytest.approx(alpha, abs=1e-4)


def test_rain_attenuation_by_rate() -> None:
    """V-RAD-15: horizontal polarisation, 10 GHz, 4, 16 and 50 mm/h; 1e-4 dB/km."""
    found = [rain_attenuation(rate * MM_PER_HOUR, 10e9, 0.0, 0.0) / PER_METRE for rate in (4, 16, 50)]
    assert found == pytest.approx([0.0695, 0.3971, 1.6632], abs=1e-4)


@pytest.mark.parametrize(
    ("gigahertz", "total", "oxygen"),
    [(1, 0.00543956, 0.00538866), (3, 0.00753875, 0.00707596), (10, 0.01419854, 0.00822442)],
)
def test_gases_of_the_validation_set(gigahertz: float, total: float, oxygen: float) -> None:
    """V-RAD-16 [ITURP676]: 1013.25 hPa of dry air, 288.15 K, 7.5 g/m3; 1e-8 dB/km, the digits given."""
    found = gas_attenuation(101_325.0, 7.5e-3, 288.15, 1e9 * gigahertz)
    assert sum(found) / PER_METRE == pytest.approx(total, abs=1e-8)
    assert found[0] / PER_METRE == pytest.approx(oxygen, abs=1e-8)


@pytest.mark.parametrize(
    ("gigahertz", "hectopascal", "vapour", "temperature", "expected"),
    [
        (22.2, 1013.25, 7.5, 288.15, (0.013268253608191064, 0.17839278364461564)),
        (60.0, 50.0, 0.001, 217.0, (0.6761305446895268, 2.0406144036167694e-06)),
        (60.3061, 1.0, 0.001, 250.0, (1.7224313753227463, 2.800277500795771e-08)),
    ],
)
def test_gases_within_lines(
    gigahertz: float, hectopascal: float, vapour: float, temperature: float, expected: tuple[float, float]
) -> None:
    """On the flank of the vapour's line, and among and on those of oxygen in thin air: by ITU-Rpy 0.4.0; 1e-10."""
    found = gas_attenuation(100.0 * hectopascal, 1e-3 * vapour, temperature, 1e9 * gigahertz)
    assert found[0] / PER_METRE == pytest.approx(expected[0], rel=1e-10)
    assert found[1] / PER_METRE == pytest.approx(expected[1], rel=1e-10)


def test_every_line_counts() -> None:
    """Sums over 1, 2, ... 1000 GHz by ITU-Rpy 0.4.0, to which every line adds; 1e-10."""
    found = [gas_attenuation(101_325.0, 7.5e-3, 288.15, 1e9 * f) for f in range(1, 1_001)]
    oxygen, vapour = np.sum(found, axis=0) / PER_METRE
    assert oxygen == pytest.approx(275.35085956683884, rel=1e-10)
    assert vapour == pytest.approx(417510.7307239157, rel=1e-10)


@pytest.mark.parametrize(
    ("gigahertz", "degrees", "decibels"),
    [(1.3, 90.0, 0.03335), (1.3, 5.0, 0.35774), (9.6, 90.0, 0.05014), (9.6, 5.0, 0.54319), (16.7, 5.0, 1.15556)],
)
def test_depth_of_the_whole_air(gigahertz: float, degrees: float, decibels: float) -> None:
    """One way out of the air by ITU-Rpy 0.4.0; 1.2 %: it reads the standard pressure as that of dry air."""
    depth = gas_depth(1e6, math.radians(degrees), 0.0, gas_profile(1e9 * gigahertz))
    assert 10.0 / math.log(10.0) * depth == pytest.approx(decibels, rel=0.012)


def test_gases_peak_at_their_lines() -> None:
    """Oxygen absorbs most near 60 GHz, 15 dB/km. Vapour does at 22.235 GHz, less than half a width (1.4 GHz) higher for
    the factor of frequency before the line's shape."""
    frequencies = np.arange(1.0, 100.0, 0.1)
    found = np.array([gas_attenuation(101_325.0, 7.5e-3, 288.15, 1e9 * f) for f in frequencies]) / PER_METRE
    assert 59.0 < frequencies[found[:, 0].argmax()] < 62.0
    assert found[:, 0].max() == pytest.approx(15.0, abs=1.0)
    low = frequencies < 40.0
    assert 0.0 <= frequencies[low][found[low, 1].argmax()] - 22.235 < 1.4


@given(frequency=st.floats(1e9, 99e9), rate=st.floats(0.1, 150.0), elevation=st.floats(0.0, 1.57))
def test_rain_is_continuous_and_ordered(frequency: float, rate: float, elevation: float) -> None:
    """A thousandth more frequency moves it by less than 1 %; more rain weakens more; circular lies between the two."""
    one = rain_attenuation(rate * MM_PER_HOUR, frequency, elevation, 0.25 * math.pi)
    assert rain_attenuation(rate * MM_PER_HOUR, 1.001 * frequency, elevation, 0.25 * math.pi) / one == pytest.approx(
        1.0, abs=0.01
    )
    assert rain_attenuation(1.01 * rate * MM_PER_HOUR, frequency, elevation, 0.25 * math.pi) > one > 0.0
    k_h, _, k_v, _ = rain_coefficients(frequency)
    level = [rain_attenuation(rate * MM_PER_HOUR, frequency, 0.0, tilt) for tilt in (0.0, 0.5 * math.pi)]
    assert min(k_h, k_v) > 0.0
    assert min(level) <= one * (1.0 + 1e-2) and one <= max(level) * (1.0 + 1e-2)


def test_no_rain_no_loss() -> None:
    """Zero rate at every band; clear air moves no range."""
    for frequency in RADAR_BANDS.values():
        assert rain_attenuation(0.0, frequency, 0.1, 0.0) == 0.0
    assert loss_in_range(0.2, 0.2) == 1.0


def test_loss_is_the_fourth_power_of_the_factor_on_range() -> None:
    """10 dB each way: 20 dB there and back, as much as the square root of 10 in range."""
    depth = math.log(10.0)
    assert loss_in_range(depth, 0.0) == pytest.approx(math.sqrt(10.0))
    assert loss_in_range(1.0, 0.4) ** 4 == pytest.approx(math.exp(2.0 * (1.0 - 0.4)))


def test_length_in_rain_by_hand() -> None:
    """Straight up to the rain height, flat to the end of the cell, none above it, none before it begins."""
    assert length_in_rain(20e3, 0.5 * math.pi, 500.0, RAIN_HEIGHT, 0.0, 50e3) == pytest.approx(2_500.0)
    assert length_in_rain(200e3, 0.0, 500.0, RAIN_HEIGHT, 0.0, 50e3) == pytest.approx(50e3, rel=1e-4)
    assert length_in_rain(40e3, 0.0, 500.0, RAIN_HEIGHT, 30e3, 50e3) == pytest.approx(10e3, rel=1e-3)
    assert length_in_rain(20e3, 0.0, 500.0, RAIN_HEIGHT, 30e3, 50e3) == 0.0
    assert length_in_rain(200e3, 0.02, 9e3, RAIN_HEIGHT, 0.0, 300e3) == 0.0
    assert length_in_rain(9e3, -0.5 * math.pi, 9e3, RAIN_HEIGHT, 0.0, 50e3) == pytest.approx(3_000.0)
    # Tangent from sea level: the ray leaves the rain where sqrt(2 r h) says.
    assert length_in_rain(400e3, 0.0, 0.0, RAIN_HEIGHT, 0.0, 1e6) == pytest.approx(
        math.sqrt(2 * RADIUS * RAIN_HEIGHT + RAIN_HEIGHT**2), rel=1e-9
    )


def test_visibility_in_rain_by_hand() -> None:
    """4 mm/h: 2.724 dB/km [ITURP1814], 0.6272 1/km, contrast of 2 % at 3.912 / 0.6272 km [Koschmieder1924]; 0.1 %."""
    assert optical_range_in_rain(4.0 / 3.6e6) == pytest.approx(6_237.0, rel=1e-3)
    assert optical_range_in_rain(16.0 / 3.6e6) == pytest.approx(6_237.0 / 4.0**0.67, rel=1e-3)


@given(
    slant_range=ranges,
    elevation=st.floats(-0.3, 0.5 * math.pi),
    site=st.floats(0.0, 12e3),
    start=st.floats(0.0, 50e3),
    extent=st.floats(0.0, 200e3),
)
def test_length_in_rain_by_counting(
    slant_range: float, elevation: float, site: float, start: float, extent: float
) -> None:
    """As much as 4 000 points along the ray find; two points' worth, and a millimetre at each edge, may differ."""
    along = (np.arange(4_000) + 0.5) * slant_range / 4_000
    below = np.array([height_of(s, elevation, site) for s in along]) <= RAIN_HEIGHT
    ground = RADIUS * np.arctan2(along * math.cos(elevation), RADIUS + site + along * math.sin(elevation))
    counted = np.count_nonzero(below & (ground >= start) & (ground <= start + extent)) * slant_range / 4_000
    found = length_in_rain(slant_range, elevation, site, RAIN_HEIGHT, start, start + extent)
    assert 0.0 <= found <= slant_range
    assert abs(found - counted) <= 2.0 * slant_range / 4_000 + 0.004


def test_depth_of_even_and_of_exponential_air() -> None:
    """An even layer of 40 km counts its length; exponential air straight up has a closed form; 1e-9 and 1e-3."""
    even = np.full(401, 1e-6)
    assert gas_depth(30e3, 0.0, 0.0, even) == pytest.approx(0.03, rel=1e-9)
    assert gas_depth(500e3, 0.5 * math.pi, 0.0, even) == pytest.approx(0.04, rel=1e-9)
    falling = 1e-5 * np.exp(-np.linspace(0.0, 40e3, 401) / 4e3)
    exact = 1e-5 * 4e3 * (1.0 - math.exp(-10.0))
    assert gas_depth(100e3, 0.5 * math.pi, 0.0, falling) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("band", list(RADAR_BANDS))
def test_depth_against_a_fine_sum(band: str) -> None:
    """Sixteen points of Gauss against 20 000 even ones over rays of every kind; 0.3 %."""
    profile = gas_profile(RADAR_BANDS[band])
    for site, degrees in ((0.0, 0.0), (800.0, -0.5), (800.0, 1.0), (9e3, -2.0), (0.0, 90.0), (9e3, 30.0)):
        for length in (5e3, 100e3, 400e3):
            along = (np.arange(20_000) + 0.5) * length / 20_000
            heights = [height_of(s, math.radians(degrees), site) for s in along]
            expected = np.interp(heights, np.linspace(0.0, 40e3, 401), profile, right=0.0).mean() * length
            assert gas_depth(length, math.radians(degrees), site, profile) == pytest.approx(expected, rel=3e-3)


@pytest.mark.parametrize(("band", "within"), [("L", 0.006), ("S", 0.006), ("C", 0.006), ("X", 0.006), ("Ku", 0.022)])
@pytest.mark.parametrize("site", [0.0, 800.0, 9e3])
def test_table_against_quadrature(band: str, within: float, site: float) -> None:
    """Depth by table and by quadrature to points in the air up to 400 km away; a depth of 0.006 is 0.3 % of range."""
    profile = gas_profile(RADAR_BANDS[band])
    table = gas_depth_table(400e3, site, profile)
    dip = horizon_dip(site)
    start = RADIUS + site
    for slant_range in np.geomspace(1e3, 400e3, 25):
        for height in np.geomspace(30.0, 30e3, 25):
            sine = ((RADIUS + height) ** 2 - start**2 - slant_range**2) / (2.0 * start * slant_range)
            is_hidden = sine < 0.0 and slant_range > -start * sine and start * math.sqrt(1.0 - sine**2) < RADIUS
            if abs(sine) > 1.0 or is_hidden:
                continue
            elevation = math.asin(sine)
            exact = gas_depth(slant_range, elevation, site, profile)
            assert abs(table_depth(table, 400e3, dip, slant_range, elevation) - exact) <= within


@given(slant_range=ranges, elevation=st.floats(0.0, 1.5), more=st.floats(0.0, 0.05), site=st.floats(0.0, 3e3))
def test_depth_grows_with_range_and_falls_with_elevation(
    slant_range: float, elevation: float, more: float, site: float
) -> None:
    """More air on the way weakens more; a steeper ray leaves the air sooner."""
    profile = gas_profile(RADAR_BANDS["X"])
    depth = gas_depth(slant_range, elevation, site, profile)
    assert gas_depth(1.01 * slant_range, elevation, site, profile) >= depth * (1.0 - 3e-3) > 0.0
    assert gas_depth(slant_range, elevation + more, site, profile) <= depth * (1.0 + 3e-3)


def test_higher_bands_lose_more() -> None:
    """Gases and rain both weaken the higher band more: at 16 mm/h from L to Ku."""
    rain = [rain_attenuation(16.0 * MM_PER_HOUR, f, 0.0, 0.25 * math.pi) for f in RADAR_BANDS.values()]
    gas = [gas_depth(200e3, 0.0, 0.0, gas_profile(f)) for f in RADAR_BANDS.values()]
    assert np.all(np.diff(rain) > 0.0) and np.all(np.diff(gas) > 0.0)


@pytest.mark.parametrize(("band", "rate", "left"), [("S", 50.0, 0.95), ("C", 16.0, 0.90), ("X", 16.0, 0.36)])
def test_range_that_rain_leaves(band: str, rate: float, left: float) -> None:
    """The table of the model page: share of 200 km left where the first 30 km lie in rain, at 0.5 degrees; 0.006."""
    elevation, range_50 = math.radians(0.5), 200e3
    profile = gas_profile(RADAR_BANDS[band])
    rain = rain_attenuation(rate * MM_PER_HOUR, RADAR_BANDS[band], elevation, 0.25 * math.pi)
    clear = gas_depth(range_50, elevation, 0.0, profile)
    seen_at = np.linspace(0.01, 1.0, 1_000) * range_50
    depths = [
        gas_depth(r, elevation, 0.0, profile) + rain * length_in_rain(r, elevation, 0.0, RAIN_HEIGHT, 0.0, 30e3)
        for r in seen_at
    ]
    effective = [r * loss_in_range(depth, clear) for r, depth in zip(seen_at, depths, strict=True)]
    assert np.interp(range_50, effective, seen_at) / range_50 == pytest.approx(left, abs=0.006)
