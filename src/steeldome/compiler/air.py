"""The air around a sensor: what gases and rain take from its range."""

import math
from functools import partial
from typing import Final

import numpy as np

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.specs import SensorSpec, Settings
from steeldome.constants import RADAR_BANDS
from steeldome.kernels.propagation import (
    DEPTH_CELLS,
    Air,
    gas_depth_table,
    gas_profile,
    horizon_dip,
    optical_range_in_rain,
    rain_attenuation,
)

#: In place of a radar band: a sight that works by visible or infrared light; a sensor of which nothing is known.
OPTICAL, NO_BAND = "optical", ""

_CIRCULAR: Final = 0.25 * math.pi  # tilt of the polarisation; none is published
_HEIGHT_STEP: Final = 500.0  # m, between the site heights that have tables of gases
_LEAST_TABLE: Final = 50_000.0  # m; longer tables are this times a power of two


def nearest_band(frequency: float) -> str:
    """Radar band whose frequency is nearest, by ratio, to one (Hz)."""
    return min(RADAR_BANDS, key=lambda band: abs(math.log(frequency / RADAR_BANDS[band])))


def air_around(sensor: SensorSpec, longest: float, settings: Settings, cache: CompilerCache) -> Air:
    """Loss on the way from a sensor, as far as a range (m); none for one that is not known to be a radar.

    Notes
    -----
    Tables of gases are shared by sites of like height and range, and by all outer samples.
    """
    height = max(0.0, sensor.elevation + sensor.mast)
    end = _LEAST_TABLE * 2.0 ** max(0, math.ceil(math.log2(longest / _LEAST_TABLE)))
    if sensor.band not in RADAR_BANDS:
        nothing = cache.keep("no gases", partial(np.zeros, (2 * DEPTH_CELLS + 1, DEPTH_CELLS + 1)))
        return Air(nothing, end, 0.0, height, 0.0, 0.0)
    frequency = RADAR_BANDS[sensor.band]
    level = _HEIGHT_STEP * round(height / _HEIGHT_STEP)
    profile = cache.keep(("profile of gases", frequency), partial(gas_profile, frequency))
    table = cache.keep(("gases", frequency, level, end), partial(gas_depth_table, end, level, profile))
    rain = rain_attenuation(settings.rain_rate, frequency, 0.0, _CIRCULAR)
    return Air(table, end, horizon_dip(level), height, rain, settings.rain_radius)


def range_in_rain(sensor: SensorSpec, longest: float, settings: Settings) -> float:
    """Range (m) that rain leaves of that of a sensor; a sight loses what lies beyond the range of visibility."""
    if sensor.band != OPTICAL or settings.rain_rate <= 0.0:
        return longest
    visible = optical_range_in_rain(settings.rain_rate)
    return min(longest, visible) if visible <= settings.rain_radius else longest
