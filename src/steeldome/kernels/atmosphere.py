"""US Standard Atmosphere 1976: temperature, pressure, density and speed of sound at a height."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numba import njit

from steeldome.constants import (
    AIR_GAS_CONSTANT,
    AIR_HEAT_CAPACITY_RATIO,
    ATMOSPHERE_EARTH_RADIUS,
    STANDARD_GRAVITY,
    STANDARD_PRESSURE,
    US_STANDARD_ATMOSPHERE_LAYERS,
)

Floats = npt.NDArray[np.float64]

_HYDROSTATIC = STANDARD_GRAVITY / AIR_GAS_CONSTANT  # K/m'


def _base_pressures() -> tuple[float, ...]:
    pressures = [STANDARD_PRESSURE]
    layers = US_STANDARD_ATMOSPHERE_LAYERS
    for (low, temperature, gradient), (high, _, _) in pairwise(layers):
        if gradient == 0.0:
            ratio = math.exp(-_HYDROSTATIC * (high - low) / temperature)
        else:
            ratio = (temperature / (temperature + gradient * (high - low))) ** (_HYDROSTATIC / gradient)
        pressures.append(pressures[-1] * ratio)
    return tuple(pressures)


_LAYERS = US_STANDARD_ATMOSPHERE_LAYERS
_BASE_PRESSURES = _base_pressures()
_N_LAYERS = len(_LAYERS)


@njit(cache=True)
def _state(geopotential_height: float) -> tuple[float, float]:
    """Temperature (K) and pressure (Pa) at one geopotential height (m')."""
    i = 0
    while i + 1 < _N_LAYERS and geopotential_height >= _LAYERS[i + 1][0]:
        i += 1
    base, base_temperature, gradient = _LAYERS[i]
    height = max(geopotential_height, -5_000.0) - base
    temperature = base_temperature + gradient * height
    if gradient == 0.0:
        return temperature, _BASE_PRESSURES[i] * math.exp(-_HYDROSTATIC * height / base_temperature)
    return temperature, _BASE_PRESSURES[i] * (base_temperature / temperature) ** (_HYDROSTATIC / gradient)


@njit(cache=True)
def air_density(height: float) -> float:
    """Density of the air (kg/m3) at one geometric height above sea level (m); see :func:`standard_atmosphere`."""
    temperature, pressure = _state(ATMOSPHERE_EARTH_RADIUS * height / (ATMOSPHERE_EARTH_RADIUS + height))
    return pressure / (AIR_GAS_CONSTANT * temperature)


@njit(cache=True)
def _all_states(height: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    temperature = np.empty(height.size)
    pressure = np.empty(height.size)
    density = np.empty(height.size)
    sound_speed = np.empty(height.size)
    for i in range(height.size):
        temperature[i], pressure[i] = _state(
            ATMOSPHERE_EARTH_RADIUS * height[i] / (ATMOSPHERE_EARTH_RADIUS + height[i])
        )
        density[i] = pressure[i] / (AIR_GAS_CONSTANT * temperature[i])
        sound_speed[i] = math.sqrt(AIR_HEAT_CAPACITY_RATIO * AIR_GAS_CONSTANT * temperature[i])
    return temperature, pressure, density, sound_speed


def standard_atmosphere(height: npt.ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """State of the air at geometric heights above sea level.

    Parameters
    ----------
    height : (...) float, m, -5 000..120 000
        Lower heights are read as -5 000 m.

    Returns
    -------
    temperature, pressure, density, sound_speed : (...) float; K, Pa, kg/m3, m/s

    Notes
    -----
    Seven layers of linear temperature in geopotential height; the molecular scale temperature is used throughout.
    Valid to 86 km. Above, the air stays isothermal: the density is then within 25 % of the standard's up to 120 km,
    where drag no longer matters. Source: [USStandardAtmosphere1976].
    """
    heights = np.asarray(height, np.float64)
    states = _all_states(np.ascontiguousarray(heights).reshape(-1))
    return (
        states[0].reshape(heights.shape),
        states[1].reshape(heights.shape),
        states[2].reshape(heights.shape),
        states[3].reshape(heights.shape),
    )
