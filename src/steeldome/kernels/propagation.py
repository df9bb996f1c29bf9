"""Loss on the way through the air: rain and gases, as optical depth along a slant path.

An optical depth is the natural logarithm of a one-way power ratio: a wave that goes there and back over a depth tau
arrives weaker by exp(2 tau). Heights are above sea level; rays are straight over an earth of 4/3 its radius [ITURP834].
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import (
    EFFECTIVE_EARTH_RADIUS_FACTOR,
    MEAN_EARTH_RADIUS,
    RAIN_HEIGHT,
    SURFACE_VAPOUR_DENSITY,
    VAPOUR_SCALE_HEIGHT,
)
from steeldome.kernels.atmosphere import standard_atmosphere
from steeldome.kernels.gas_lines import OXYGEN_LINES, WATER_VAPOUR_LINES

Floats = npt.NDArray[np.float64]

_EARTH_RADIUS: Final = EFFECTIVE_EARTH_RADIUS_FACTOR * MEAN_EARTH_RADIUS
_PER_METRE: Final = math.log(10.0) / 1e4  # of dB/km
_MM_PER_HOUR: Final = 3.6e6  # of m/s

# Gases above the top count for nothing: their pressure is below 0.3 % of that at sea level.
_TOP: Final = 40_000.0  # m
_LAYERS: Final = 400

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NODES.flags.writeable = False
_WEIGHTS.flags.writeable = False

#: Cells of a table of depths, in elevation above (and as many below) the horizontal and in range.
DEPTH_CELLS: Final = 64

# Table 5 of [ITURP838]: sums of a exp(-((x - b) / c)**2) over x = lg(f / GHz), plus slope and offset.
_K_HORIZONTAL: Final = (
    (-5.33980, -0.10008, 1.13098),
    (-0.35351, 1.26970, 0.45400),
    (-0.23789, 0.86036, 0.15354),
    (-0.94158, 0.64552, 0.16817),
)
_K_VERTICAL: Final = (
    (-3.80595, 0.56934, 0.81061),
    (-3.44965, -0.22911, 0.51059),
    (-0.39902, 0.73042, 0.11899),
    (0.50167, 1.07319, 0.27195),
)
_ALPHA_HORIZONTAL: Final = (
    (-0.14318, 1.82442, -0.55187),
    (0.29591, 0.77564, 0.19822),
    (0.32177, 0.63773, 0.13164),
    (-5.37610, -0.96230, 1.47828),
    (16.1721, -3.29980, 3.43990),
)
_ALPHA_VERTICAL: Final = (
    (-0.07771, 2.33840, -0.76284),
    (0.56727, 0.95545, 0.54039),
    (-0.20238, 1.14520, 0.26809),
    (-48.2991, 0.791669, 0.116226),
    (48.5833, 0.791459, 0.116479),
)


class Air(NamedTuple):
    """Loss on the way from one site.

    Attributes
    ----------
    depth : (elevation, range) float
        Optical depth of the gases, for `table_depth`.
    longest : float, m
        Range at which the table ends.
    dip : float, rad
        Of the sea horizon that the table was made for.
    site_height : float, m
        Of the antenna above mean sea level.
    rain : float, 1/m
        Optical depth of a metre of rain; 0: dry.
    rain_radius : float, m
        Distance over ground up to which it rains around the site.
    """

    depth: Floats
    longest: float
    dip: float
    site_height: float
    rain: float
    rain_radius: float


@njit(cache=True)
def _bells(terms: tuple[tuple[float, float, float], ...], x: float) -> float:
    total = 0.0
    for a, b, c in terms:
        total += a * math.exp(-(((x - b) / c) ** 2))
    return total


@njit(cache=True)
def rain_coefficients(frequency: float) -> tuple[float, float, float, float]:
    """Factors and exponents of the specific attenuation of rain for horizontal and vertical polarisation.

    Parameters
    ----------
    frequency : float, Hz, 1e9..1e12

    Returns
    -------
    k_horizontal, alpha_horizontal, k_vertical, alpha_vertical : float
        gamma = k R**alpha in dB/km with R in mm/h, as the recommendation has it [ITURP838].
    """
    x = math.log10(1e-9 * frequency)
    k_horizontal = 10.0 ** (_bells(_K_HORIZONTAL, x) - 0.18961 * x + 0.71147)
    k_vertical = 10.0 ** (_bells(_K_VERTICAL, x) - 0.16398 * x + 0.63297)
    alpha_horizontal = _bells(_ALPHA_HORIZONTAL, x) + 0.67849 * x - 1.95537
    alpha_vertical = _bells(_ALPHA_VERTICAL, x) - 0.053739 * x + 0.83433
    return k_horizontal, alpha_horizontal, k_vertical, alpha_vertical


@njit(cache=True)
def rain_attenuation(rain_rate: float, frequency: float, elevation: float, tilt: float) -> float:
    """Optical depth of a metre of rain.

    Parameters
    ----------
    rain_rate : float, m/s, >= 0
        1 mm/h is 1 / 3.6e6 m/s.
    frequency : float, Hz, 1e9..1e12
    elevation : float, rad
        Of the path above the horizontal.
    tilt : float, rad
        Of the polarisation from the horizontal; pi / 4 stands for circular.

    Returns
    -------
    float, 1/m, >= 0

    Notes
    -----
    Equations 1, 4 and 5 of [ITURP838]; one rate along the whole path.
    """
    if rain_rate <= 0.0:
        return 0.0
    k_h, alpha_h, k_v, alpha_v = rain_coefficients(frequency)
    share = math.cos(elevation) ** 2 * math.cos(2.0 * tilt)
    k = 0.5 * (k_h + k_v + (k_h - k_v) * share)
    alpha = 0.5 * (k_h * alpha_h + k_v * alpha_v + (k_h * alpha_h - k_v * alpha_v) * share) / k
    return _PER_METRE * k * (_MM_PER_HOUR * rain_rate) ** alpha


@njit(cache=True)
def optical_range_in_rain(rain_rate: float) -> float:
    """Distance at which rain takes all but 2 % of the contrast that an object has to the sky.

    Parameters
    ----------
    rain_rate : float, m/s, > 0

    Returns
    -------
    float, m
        ln(50) / gamma [Koschmieder1924], with gamma = 1.076 R**0.67 dB/km and R in mm/h [ITURP1814].

    Notes
    -----
    Drops are large against the wavelengths of visible light and of thermal imagers, so that both lose alike.
    """
    return math.log(50.0) / (_PER_METRE * 1.076 * (_MM_PER_HOUR * rain_rate) ** 0.67)


@njit(cache=True)
def length_in_rain(
    slant_range: float,
    elevation: float,
    site_height: float,
    rain_height: float,
    cell_start: float,
    cell_end: float,
) -> float:
    """Length of a ray that lies within a cell of rain.

    Parameters
    ----------
    slant_range : float, m, >= 0
    elevation : float, rad, -pi/2..pi/2
        Of the ray at the site.
    site_height, rain_height : float, m
        Above sea level; rain reaches from the ground up to the second.
    cell_start, cell_end : float, m, 0 <= start <= end
        Distances over ground from the site between which it rains.

    Returns
    -------
    float, m, 0..``slant_range``
    """
    start_radius = _EARTH_RADIUS + site_height
    sine = start_radius * math.sin(elevation)
    squared = sine * sine + (rain_height - site_height) * (rain_height + site_height + 2.0 * _EARTH_RADIUS)
    if squared <= 0.0:
        return 0.0
    low = max(0.0, -sine - math.sqrt(squared))
    high = min(slant_range, -sine + math.sqrt(squared))
    start_angle = cell_start / _EARTH_RADIUS
    end_angle = cell_end / _EARTH_RADIUS
    if start_angle > 0.0:
        if elevation + start_angle >= 0.5 * math.pi:
            return 0.0
        low = max(low, start_radius * math.sin(start_angle) / math.cos(elevation + start_angle))
    if elevation + end_angle < 0.5 * math.pi:
        high = min(high, start_radius * math.sin(end_angle) / math.cos(elevation + end_angle))
    return max(0.0, high - low)


@njit(cache=True)
def gas_attenuation(
    dry_pressure: float, vapour_density: float, temperature: float, frequency: float
) -> tuple[float, float]:
    """Optical depth of a metre of air: of its oxygen (with nitrogen and the Debye spectrum) and of its water vapour.

    Parameters
    ----------
    dry_pressure : float, Pa
        Of the air without its vapour.
    vapour_density : float, kg/m3
    temperature : float, K
    frequency : float, Hz, 1e9..1e12

    Returns
    -------
    oxygen, vapour : float, 1/m, >= 0

    Notes
    -----
    Sum over all lines, Annex 1 of [ITURP676], equations 1 to 9.
    """
    f = 1e-9 * frequency  # GHz
    p = 1e-2 * dry_pressure  # hPa
    e = 1e3 * vapour_density * temperature / 216.7  # hPa
    theta = 300.0 / temperature
    oxygen = 0.0
    for i in range(OXYGEN_LINES.shape[0]):
        line, a1, a2, a3, a4, a5, a6 = OXYGEN_LINES[i]
        strength = a1 * 1e-7 * p * theta**3 * math.exp(a2 * (1.0 - theta))
        width = a3 * 1e-4 * (p * theta ** (0.8 - a4) + 1.1 * e * theta)
        width = math.sqrt(width * width + 2.25e-6)  # Zeeman splitting
        mixing = (a5 + a6 * theta) * 1e-4 * (p + e) * theta**0.8
        near = (width - mixing * (line - f)) / ((line - f) ** 2 + width * width)
        far = (width - mixing * (line + f)) / ((line + f) ** 2 + width * width)
        oxygen += strength * f / line * (near + far)
    debye = 5.6e-4 * (p + e) * theta**0.8
    dry = 6.14e-5 / (debye * (1.0 + (f / debye) ** 2)) + 1.4e-12 * p * theta**1.5 / (1.0 + 1.9e-5 * f**1.5)
    oxygen += f * p * theta * theta * dry
    vapour = 0.0
    for i in range(WATER_VAPOUR_LINES.shape[0]):
        line, b1, b2, b3, b4, b5, b6 = WATER_VAPOUR_LINES[i]
        strength = 0.1 * b1 * e * theta**3.5 * math.exp(b2 * (1.0 - theta))
        width = b3 * 1e-4 * (p * theta**b4 + b5 * e * theta**b6)
        width = 0.535 * width + math.sqrt(0.217 * width * width + 2.1316e-12 * line * line / theta)  # Doppler
        vapour += strength * f / line * (width / ((line - f) ** 2 + width**2) + width / ((line + f) ** 2 + width**2))
    return 0.1820 * f * oxygen * _PER_METRE, 0.1820 * f * vapour * _PER_METRE


def gas_profile(frequency: float) -> Floats:
    """Optical depth of a metre of the standard atmosphere, by height.

    Parameters
    ----------
    frequency : float, Hz, 1e9..1e12

    Returns
    -------
    (layer,) float, 1/m
        At heights from sea level to 40 km, 100 m apart.

    Notes
    -----
    Pressure and temperature of [USStandardAtmosphere1976]; vapour of 7.5 g/m3 at sea level, falling by the factor e
    in 2 km [ITURP835].
    """
    heights = np.linspace(0.0, _TOP, _LAYERS + 1)
    temperature, pressure, _, _ = standard_atmosphere(heights)
    vapour = SURFACE_VAPOUR_DENSITY * np.exp(-heights / VAPOUR_SCALE_HEIGHT)
    profile = np.empty(heights.size)
    for i in range(heights.size):
        dry_pressure = pressure[i] - vapour[i] * temperature[i] / 216.7e-5
        profile[i] = sum(gas_attenuation(dry_pressure, vapour[i], temperature[i], frequency))
    return profile


@njit(cache=True)
def gas_depth(slant_range: float, elevation: float, site_height: float, profile: Floats) -> float:
    """Optical depth of the gases along a ray.

    Parameters
    ----------
    slant_range : float, m, >= 0
    elevation : float, rad, -pi/2..pi/2
        Of the ray at the site.
    site_height : float, m, 0..40 000
    profile : (layer,) float, 1/m
        From :func:`gas_profile`.

    Returns
    -------
    float, >= 0

    Notes
    -----
    Gauss-Legendre quadrature of 16 points up to 40 km of height; within 0.3 % of a fine sum.
    """
    start_radius = _EARTH_RADIUS + site_height
    sine = start_radius * math.sin(elevation)
    rise = (_TOP - site_height) * (_TOP + site_height + 2.0 * _EARTH_RADIUS)
    length = min(slant_range, -sine + math.sqrt(sine * sine + rise))
    total = 0.0
    for i in range(_NODES.size):
        along = 0.5 * length * (1.0 + _NODES[i])
        lift = along * (along + 2.0 * sine)  # of the squared radius
        height = site_height + lift / (start_radius + math.sqrt(start_radius * start_radius + lift))
        at = min(max(height, 0.0), _TOP) * (_LAYERS / _TOP)
        layer = min(int(at), _LAYERS - 1)
        total += _WEIGHTS[i] * (profile[layer] + (at - layer) * (profile[layer + 1] - profile[layer]))
    return 0.5 * length * total


@njit(cache=True)
def horizon_dip(site_height: float) -> float:
    """Angle (rad, >= 0) by which the sea horizon lies below the horizontal of a site at a height (m, >= 0)."""
    return math.acos(_EARTH_RADIUS / (_EARTH_RADIUS + site_height))


@njit(cache=True)
def gas_depth_table(longest: float, site_height: float, profile: Floats) -> Floats:
    """Optical depths of the gases around a site, as a table to look up.

    Parameters
    ----------
    longest : float, m, > 0
        Largest slant range of the table.
    site_height : float, m, 0..40 000
    profile : (layer,) float, 1/m
        From :func:`gas_profile`.

    Returns
    -------
    (elevation, range) float, >= 0
        For :func:`table_depth`. Nodes lie at equal steps of the square root of range, and of the square root of the
        angle to either side of the sea horizon, where the air is thickest.
    """
    dip = horizon_dip(site_height)
    table = np.zeros((2 * DEPTH_CELLS + 1, DEPTH_CELLS + 1))
    for i in range(table.shape[0]):
        step = (i - DEPTH_CELLS) / DEPTH_CELLS
        elevation = (0.5 * math.pi + dip) * step * abs(step) - dip
        for j in range(1, table.shape[1]):
            table[i, j] = gas_depth(longest * (j / DEPTH_CELLS) ** 2, elevation, site_height, profile)
    return table


@njit(cache=True)
def table_depth(table: Floats, longest: float, dip: float, slant_range: float, elevation: float) -> float:
    """Optical depth of the gases to a point, from a table.

    Parameters
    ----------
    table : (elevation, range) float
        From :func:`gas_depth_table` with the same ``longest``.
    longest : float, m
    dip : float, rad
        From :func:`horizon_dip` with the height of the site.
    slant_range : float, m, >= 0
        Larger ones are read as ``longest``.
    elevation : float, rad, -pi/2..pi/2

    Returns
    -------
    float, >= 0
    """
    angle = (elevation + dip) / (0.5 * math.pi + dip)
    across = DEPTH_CELLS * math.sqrt(min(1.0, slant_range / longest))
    up = DEPTH_CELLS * (1.0 + math.copysign(math.sqrt(min(1.0, abs(angle))), angle))
    j = min(int(across), DEPTH_CELLS - 1)
    i = min(int(up), 2 * DEPTH_CELLS - 1)
    across -= j
    up -= i
    low = table[i, j] + across * (table[i, j + 1] - table[i, j])
    high = table[i + 1, j] + across * (table[i + 1, j + 1] - table[i + 1, j])
    return low + up * (high - low)


@njit(cache=True)
def loss_in_range(depth: float, reference_depth: float) -> float:
    """Factor on the ratio of range to the range of one look in two that stands for the loss of the air.

    Parameters
    ----------
    depth : float, >= 0
        Of gases and rain to the target.
    reference_depth : float, >= 0
        Of gases alone, on the same ray, to the range of one look in two.

    Returns
    -------
    float, > 0
        Above 1: the target is as hard to see as one so much farther off in the air that the range was published for.

    Notes
    -----
    S = S_50 (R_50 / R)**4 exp(2 tau_50 - 2 tau): a published range is one in clear standard air, so that what counts
    is the difference to it, and in clear air the look at R_50 stays one in two. The fourth root of the loss.
    """
    return math.exp(0.5 * (depth - reference_depth))


@njit(cache=True)
def range_ratio(air: Air, slant_range: float, elevation: float, range_50: float) -> float:
    """Range over that of one look in two, made longer by what the air takes more than in clear air on the same ray."""
    clear = table_depth(air.depth, air.longest, air.dip, range_50, elevation)
    depth = table_depth(air.depth, air.longest, air.dip, slant_range, elevation)
    if air.rain > 0.0:
        depth += air.rain * length_in_rain(slant_range, elevation, air.site_height, RAIN_HEIGHT, 0.0, air.rain_radius)
    return slant_range / range_50 * loss_in_range(depth, clear)
