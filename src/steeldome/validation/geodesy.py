"""Reference cases of frames and geodesics: published points, and the fast kernels against PROJ at random places."""

import math
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer

from steeldome.kernels.geodesy import bearing_of, ecef_to_geodetic, enu_from_ecef, point_ecef, route
from steeldome.kernels.philox import words
from steeldome.validation.case import Case, absolute, gettext, relative

Floats = npt.NDArray[Any]

_SEED: Final = 20260101
_N_PLACES: Final = 10_000
_ANYWHERE: Final = {"seed": float(_SEED), "places": float(_N_PLACES)}
_ROUTES: Final = {"seed": float(_SEED), "places": 1000.0, "longest_km": 2000.0, "spacing_km": 10.0}
_ENDS: Final = {"latitude_deg": (40.6, 51.6), "longitude_deg": (-73.8, -0.5)}


@cache
def _uniform(seed: float, places: float) -> Floats:
    """Four numbers from 0 to 1 for each place, (place, 4)."""
    drawn = np.array([words(int(seed), place, 0, 0, 0) for place in range(int(places))]) / 2.0**32
    drawn.flags.writeable = False
    return drawn


def _places(seed: float, places: float) -> tuple[Floats, Floats, Floats]:
    """Latitude, longitude (rad) and altitude (-500 m .. 1 000 km) all over the globe."""
    drawn = _uniform(seed, places)
    return np.arcsin(2.0 * drawn[:, 0] - 1.0), math.pi * (2.0 * drawn[:, 1] - 1.0), -500.0 + 1_000_500.0 * drawn[:, 2]


def _positions(latitude: Floats, longitude: Floats, altitude: Floats) -> Floats:
    """Earth-centred coordinates (m) of places, (place, xyz)."""
    return np.array([point_ecef(*place) for place in zip(latitude, longitude, altitude, strict=True)])


def _point_ecef(longitude_deg: float, latitude_deg: float, altitude_m: float) -> Iterable[float]:
    return point_ecef(math.radians(latitude_deg), math.radians(longitude_deg), altitude_m)


def _frames_against_proj(seed: float, places: float) -> Iterable[float]:
    """Largest distance from PROJ's earth-centred point, and from the start after going there and back."""
    latitude, longitude, altitude = _places(seed, places)
    position = _positions(latitude, longitude, altitude)
    transformer = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    proj = np.column_stack(transformer.transform(np.degrees(longitude), np.degrees(latitude), altitude))
    back = _positions(*ecef_to_geodetic(position))
    return (float(np.linalg.norm(other - position, axis=1).max()) for other in (proj, back))


def _site_against_proj(
    latitude_deg: float, longitude_deg: float, altitude_m: float, seed: float, places: float
) -> Iterable[float]:
    """Largest distance from PROJ's east, north and up of places all over the globe."""
    site = f"+ellps=WGS84 +lat_0={latitude_deg} +lon_0={longitude_deg} +h_0={altitude_m}"
    transformer = Transformer.from_pipeline(f"+proj=topocentric {site}")
    position = _positions(*_places(seed, places))
    proj = np.column_stack(transformer.transform(*position.T))
    found = enu_from_ecef(math.radians(latitude_deg), math.radians(longitude_deg), altitude_m, position)
    yield float(np.linalg.norm(found - proj, axis=1).max())


def _legs(seed: float, places: float, longest_km: float) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Start, bearing (degrees) and length (m, 10 km or more) of geodesics, and where PROJ says that each ends."""
    drawn = _uniform(seed, places)
    latitude, longitude, _ = _places(seed, places)
    length = 1e4 + drawn[:, 2] * (1e3 * longest_km - 1e4)
    starts = np.degrees(longitude), np.degrees(latitude)
    end = Geod(ellps="WGS84").fwd(*starts, 360.0 * drawn[:, 3], length)
    return *starts, 360.0 * drawn[:, 3], length, np.array(end[:2])


def _route_lengths(seed: float, places: float, longest_km: float, spacing_km: float) -> Iterable[float]:
    """Largest error of a route's length over the length."""
    length = _legs(seed, places, longest_km)[3]
    flown = _routes(seed, places, longest_km, spacing_km)[1]
    yield float(np.abs(flown / length - 1.0).max())


def _route_courses(seed: float, places: float, longest_km: float, spacing_km: float) -> Iterable[float]:
    """Largest distance of a route's middle from the point of the geodesic that lies as far on, over the length."""
    longitude, latitude, bearing, length, _ = _legs(seed, places, longest_km)
    middle = _routes(seed, places, longest_km, spacing_km)[0]
    geod = Geod(ellps="WGS84")
    wanted = geod.fwd(longitude, latitude, bearing, middle[2])
    away = geod.inv(np.degrees(middle[1]), np.degrees(middle[0]), wanted[0], wanted[1])[2]
    yield float((away / length).max())


@cache
def _routes(seed: float, places: float, longest_km: float, spacing_km: float) -> tuple[Floats, Floats]:
    """Latitude, longitude (rad) and distance (m) of the middle of each route, and its length (m)."""
    longitude, latitude, _, length, ends = _legs(seed, places, longest_km)
    middle = np.empty((3, len(length)))
    flown = np.empty(len(length))
    for i in range(len(length)):
        corners = np.radians([latitude[i], ends[1, i]]), np.radians([longitude[i], ends[0, i]])
        points = route(*corners, 1e3 * spacing_km)
        half = len(points[2]) // 2
        middle[:, i] = points[0][half], points[1][half], points[2][half]
        flown[i] = points[2][-1]
    return middle, flown


def _bearings_against_proj(seed: float, places: float, longest_km: float) -> Iterable[float]:
    """Largest difference (rad) between the bearing of a line of sight to the ground and that of the geodesic."""
    longitude, latitude, bearing, _, ends = _legs(seed, places, longest_km)
    position = _positions(np.radians(ends[1]), np.radians(ends[0]), np.zeros(len(bearing)))
    worst = 0.0
    for i in range(len(bearing)):
        site = math.radians(latitude[i]), math.radians(longitude[i]), 0.0
        east, north, _ = enu_from_ecef(*site, position[i : i + 1])[0]
        worst = max(worst, abs(math.remainder(bearing_of(east, north) - math.radians(bearing[i]), 2.0 * math.pi)))
    yield worst


def _inverse(latitude_deg: tuple[float, ...], longitude_deg: tuple[float, ...]) -> tuple[float, float, float]:
    """Azimuth at both ends (degrees, forward) and length (m) of a geodesic."""
    (south, north), (west, east) = latitude_deg, longitude_deg
    first, back, length = Geod(ellps="WGS84").inv(west, south, east, north)
    return float(first), float(back) + 180.0 if back < 0.0 else float(back) - 180.0, float(length)


def _length(latitude_deg: tuple[float, ...], longitude_deg: tuple[float, ...]) -> Iterable[float]:
    yield _inverse(latitude_deg, longitude_deg)[2]


def _azimuths(latitude_deg: tuple[float, ...], longitude_deg: tuple[float, ...]) -> Iterable[float]:
    return _inverse(latitude_deg, longitude_deg)[:2]


def _closure(latitude_deg: tuple[float, ...], longitude_deg: tuple[float, ...]) -> Iterable[float]:
    """Distance (m) by which the direct problem misses the end that the inverse problem was asked for."""
    first, _, length = _inverse(latitude_deg, longitude_deg)
    geod = Geod(ellps="WGS84")
    end = geod.fwd(longitude_deg[0], latitude_deg[0], first, length)
    yield float(geod.inv(end[0], end[1], longitude_deg[1], latitude_deg[1])[2])


def _route_length(latitude_deg: tuple[float, ...], longitude_deg: tuple[float, ...]) -> Iterable[float]:
    yield float(route(np.radians(latitude_deg), np.radians(longitude_deg), 1e4)[2][-1])


CASES: Final = (
    Case(
        id="V-GEO-1",
        quantity=gettext("earth-centred coordinates of a point"),
        unit="m",
        reference=(3558071.328679, 2054253.439408, 4863555.082150),
        tolerance=absolute(1e-6),
        source="PROJ2025",
        obtained="program",
        inputs={"longitude_deg": 30.0, "latitude_deg": 50.0, "altitude_m": 1000.0},
        functions=(point_ecef,),
        answer=_point_ecef,
    ),
    Case(
        id="V-GEO-2",
        quantity=gettext("earth-centred points: largest distance from PROJ, and after there and back"),
        unit="m",
        reference=(0.0, 0.0),
        tolerance=absolute(1e-6),
        source="PROJ2025",
        obtained="program",
        inputs=_ANYWHERE,
        functions=(point_ecef, ecef_to_geodetic, words),
        answer=_frames_against_proj,
    ),
    Case(
        id="V-GEO-3",
        quantity=gettext("east, north and up from a site: largest distance from PROJ"),
        unit="m",
        reference=(0.0,),
        tolerance=absolute(1e-6),
        source="PROJ2025",
        obtained="program",
        inputs={"latitude_deg": 39.9, "longitude_deg": 32.8, "altitude_m": 900.0, **_ANYWHERE},
        functions=(enu_from_ecef, point_ecef, words),
        answer=_site_against_proj,
    ),
    Case(
        id="V-GEO-4a",
        quantity=gettext("routes: largest error of the length, over the length"),
        unit="1",
        reference=(0.0,),
        tolerance=absolute(1e-6),
        source="Karney2013",
        obtained="program",
        inputs=_ROUTES,
        functions=(route, Geod, words),
        answer=_route_lengths,
    ),
    Case(
        id="V-GEO-4b",
        quantity=gettext("routes: largest departure from the geodesic, over the length"),
        unit="1",
        reference=(0.0,),
        tolerance=absolute(2e-4),
        source="Karney2013",
        obtained="program",
        inputs=_ROUTES,
        functions=(route, Geod, words),
        answer=_route_courses,
    ),
    Case(
        id="V-GEO-5",
        quantity=gettext("bearings up to 200 km: largest difference from the geodesic's"),
        unit="rad",
        reference=(0.0,),
        tolerance=absolute(1e-6),
        source="Karney2013",
        obtained="program",
        inputs={**_ANYWHERE, "longest_km": 200.0},
        functions=(bearing_of, enu_from_ecef, point_ecef, Geod, words),
        answer=_bearings_against_proj,
    ),
    Case(
        id="V-GEO-6",
        quantity=gettext("geodesics of the GeodTest set"),
        unit="m",
        reference=(),
        tolerance=absolute(1.5e-8),
        source="Karney2013",
        obtained="published",
        left_out=gettext("500 000 lines are no part of the product; random places stand in for them"),
    ),
    Case(
        id="V-BAL-11a",
        quantity=gettext("length of a geodesic"),
        unit="m",
        reference=(5_551_759.400,),
        tolerance=absolute(1e-3),
        source="Karney2013",
        obtained="published",
        inputs=_ENDS,
        functions=(Geod,),
        answer=_length,
    ),
    Case(
        id="V-BAL-11b",
        quantity=gettext("azimuths of a geodesic at both ends"),
        unit="deg",
        reference=(51.19888, 107.82178),
        tolerance=absolute(5e-6),
        source="Karney2013",
        obtained="published",
        inputs=_ENDS,
        functions=(Geod,),
        answer=_azimuths,
    ),
    Case(
        id="V-BAL-11c",
        quantity=gettext("distance by which a geodesic misses its end"),
        unit="m",
        reference=(0.0,),
        tolerance=absolute(1e-3),
        source="Karney2013",
        obtained="formula",
        inputs=_ENDS,
        functions=(Geod,),
        answer=_closure,
    ),
    Case(
        id="V-BAL-11d",
        quantity=gettext("length of a route along the great circle"),
        unit="m",
        reference=(5_551_759.400,),
        tolerance=relative(5e-3),
        source="Karney2013",
        obtained="published",
        inputs=_ENDS,
        functions=(route,),
        answer=_route_length,
    ),
)
