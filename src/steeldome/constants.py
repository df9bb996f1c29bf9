"""Physical constants in SI units, each with its source."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Exact by definition of the SI [BIPM2019].
SPEED_OF_LIGHT: Final = 299_792_458.0  # m/s
BOLTZMANN_CONSTANT: Final = 1.380649e-23  # J/K
STANDARD_GRAVITY: Final = 9.80665  # m/s2, 3rd CGPM (1901)

# World Geodetic System 1984 [NGAWGS84], defining parameters.
WGS84_SEMI_MAJOR_AXIS: Final = 6_378_137.0  # m
WGS84_FLATTENING: Final = 1.0 / 298.257223563
WGS84_GRAVITATIONAL_PARAMETER: Final = 3.986004418e14  # m3/s2, atmosphere included
WGS84_ROTATION_RATE: Final = 7.292115e-5  # rad/s
WGS84_J2: Final = 1.08262982131e-3  # second zonal harmonic, derived from the four

# Mean radius R1 = (2a + b)/3 of the GRS 80 ellipsoid [Moritz2000], to the digits of WGS-84.
MEAN_EARTH_RADIUS: Final = 6_371_008.7714  # m

# Ratio of effective to true earth radius for a standard refractivity gradient [ITURP834].
EFFECTIVE_EARTH_RADIUS_FACTOR: Final = 4.0 / 3.0

# US Standard Atmosphere 1976 [USSA1976].
STANDARD_PRESSURE: Final = 101_325.0  # Pa, at sea level
AIR_GAS_CONSTANT: Final = 8314.32 / 28.9644  # J/(kg K); the standard's own R* and mean molar mass
AIR_HEAT_CAPACITY_RATIO: Final = 1.4
ATMOSPHERE_EARTH_RADIUS: Final = 6_356_766.0  # m, turns geometric into geopotential height

# Water vapour of the mean annual global reference atmosphere [ITURP835].
SURFACE_VAPOUR_DENSITY: Final = 7.5e-3  # kg/m3, at sea level
VAPOUR_SCALE_HEIGHT: Final = 2_000.0  # m

# Height above sea level up to which rain is liquid: mean annual height of the freezing level + 360 m, 2.8-3.2 km on the
# map of [ITURP839] at 37-41 degrees north, 29-40 east.  An assumption: it is higher in summer, lower in winter.
RAIN_HEIGHT: Final = 3_000.0  # m

# Frequency (Hz) that stands for a radar band [IEEE521]: middle of the allocation to radiolocation within it (1215-1400,
# 2700-3700, 5250-5925, 8500-10680, 15700-17700 MHz) [Skolnik2008, ch. 1].  An assumption: no radar's own one enters.
RADAR_BANDS: Final[Mapping[str, float]] = MappingProxyType(
    {"L": 1.3e9, "S": 3.2e9, "C": 5.6e9, "X": 9.6e9, "Ku": 16.7e9}
)

# Layers of the US Standard Atmosphere 1976, table 4: geopotential height of the base (m'),
# temperature at the base (K), temperature gradient (K/m').
US_STANDARD_ATMOSPHERE_LAYERS: Final[tuple[tuple[float, float, float], ...]] = (
    (0.0, 288.15, -6.5e-3),
    (11_000.0, 216.65, 0.0),
    (20_000.0, 216.65, 1.0e-3),
    (32_000.0, 228.65, 2.8e-3),
    (47_000.0, 270.65, 0.0),
    (51_000.0, 270.65, -2.8e-3),
    (71_000.0, 214.65, -2.0e-3),
    (84_852.0, 186.946, 0.0),
)
