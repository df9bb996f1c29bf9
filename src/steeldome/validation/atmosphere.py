"""Reference cases of the air: densities of the US Standard Atmosphere 1976."""

from collections.abc import Iterable
from typing import Final

from steeldome.constants import ATMOSPHERE_EARTH_RADIUS, US_STANDARD_ATMOSPHERE_LAYERS
from steeldome.kernels.atmosphere import air_density
from steeldome.validation.case import Case, absolute, gettext, relative

_BASES_KM: Final = (0.0, 11.0, 20.0, 32.0, 47.0, 51.0, 71.0)
_HEIGHTS_KM: Final = (1.0, 10.0, 20.0, 30.0)
_DENSITY_ALONE: Final = gettext("the models take the density of the air and no other state of it")


def _densities(height_km: tuple[float, ...]) -> Iterable[float]:
    return (air_density(1e3 * height) for height in height_km)


def _geometric(geopotential: float) -> float:
    return ATMOSPHERE_EARTH_RADIUS * geopotential / (ATMOSPHERE_EARTH_RADIUS - geopotential)


def _densities_at_bases(geopotential_height_km: tuple[float, ...]) -> Iterable[float]:
    return (air_density(_geometric(1e3 * height)) for height in geopotential_height_km)


def _worst_jump(apart_m: float) -> Iterable[float]:
    """Largest relative change of the density across the edge of a layer."""
    edges = [_geometric(base) for base, _, _ in US_STANDARD_ATMOSPHERE_LAYERS[1:]]
    yield max(abs(air_density(edge + 0.5 * apart_m) / air_density(edge - 0.5 * apart_m) - 1.0) for edge in edges)


CASES: Final = (
    Case(
        id="V-ATM-1a",
        quantity=gettext("density of the air at the bases of the layers"),
        unit="kg/m3",
        reference=(1.2250, 0.363918, 0.0880348, 0.0132250, 1.42753e-3, 8.61605e-4, 6.4211e-5),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"geopotential_height_km": _BASES_KM},
        functions=(air_density,),
        answer=_densities_at_bases,
    ),
    Case(
        id="V-ATM-1b",
        quantity=gettext("temperature of the air at the bases of the layers"),
        unit="K",
        reference=(288.15, 216.65, 216.65, 228.65, 270.65, 270.65, 214.65),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"geopotential_height_km": _BASES_KM},
        left_out=_DENSITY_ALONE,
    ),
    Case(
        id="V-ATM-1c",
        quantity=gettext("pressure of the air at the bases of the layers"),
        unit="Pa",
        reference=(101325.0, 22632.1, 5474.89, 868.019, 110.906, 66.9389, 3.95642),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"geopotential_height_km": _BASES_KM},
        left_out=_DENSITY_ALONE,
    ),
    Case(
        id="V-ATM-2a",
        quantity=gettext("density of the air"),
        unit="kg/m3",
        reference=(1.11166, 0.413510, 0.0889099, 0.0184102),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"height_km": _HEIGHTS_KM},
        functions=(air_density,),
        answer=_densities,
    ),
    Case(
        id="V-ATM-2b",
        quantity=gettext("temperature of the air"),
        unit="K",
        reference=(281.651, 223.252, 216.65, 226.509),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"height_km": _HEIGHTS_KM},
        left_out=_DENSITY_ALONE,
    ),
    Case(
        id="V-ATM-2c",
        quantity=gettext("pressure of the air"),
        unit="Pa",
        reference=(89876.3, 26499.9, 5529.31, 1197.03),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"height_km": _HEIGHTS_KM},
        left_out=_DENSITY_ALONE,
    ),
    Case(
        id="V-ATM-2d",
        quantity=gettext("speed of sound"),
        unit="m/s",
        reference=(336.435, 299.532, 295.070, 301.709),
        tolerance=relative(1e-5),
        source="USStandardAtmosphere1976",
        obtained="published",
        inputs={"height_km": _HEIGHTS_KM},
        left_out=_DENSITY_ALONE,
    ),
    Case(
        id="V-ATM-3a",
        quantity=gettext("density of the air"),
        unit="kg/m3",
        reference=(0.364801, 0.0889096),
        tolerance=relative(2e-5),
        source="ISO2533",
        obtained="program",
        inputs={"height_km": (11.0, 20.0)},
        functions=(air_density,),
        answer=_densities,
    ),
    Case(
        id="V-ATM-3b",
        quantity=gettext("temperature of the air"),
        unit="K",
        reference=(288.15, 255.676, 216.774, 216.65, 228.49, 269.684, 270.65, 216.846),
        tolerance=absolute(1e-3),
        source="ISO2533",
        obtained="program",
        inputs={"height_km": (0.0, 5.0, 11.0, 20.0, 32.0, 47.0, 51.0, 71.0)},
        left_out=_DENSITY_ALONE,
    ),
    Case(
        id="V-ATM-4",
        quantity=gettext("largest relative jump of the density at the edge of a layer"),
        unit="1",
        reference=(0.0,),
        tolerance=absolute(1e-6),
        source="USStandardAtmosphere1976",
        obtained="formula",
        inputs={"apart_m": 0.002},
        functions=(air_density,),
        answer=_worst_jump,
    ),
)
