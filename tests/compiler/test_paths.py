"""Paths of a raid: a published flight, what a raid may state of a path, and what is refused."""

import re
from pathlib import Path as File

import numpy as np
import pytest

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.paths import FlownPath, fly_paths
from steeldome.compiler.values import Values
from steeldome.errors import ScenarioError
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import load_study, raid_of
from tests.compiler.tiny import GROUND, TEXT, flat_terrain

RAIDS = re.compile(r"^raids:.*?(?=^experiments)", flags=re.DOTALL | re.MULTILINE)


def flown(tmp_path: File, catalogue: Catalogue, group: str, quantile: float = 0.5) -> FlownPath:
    """The path of one group of one threat aimed at ``home``; ground 100 m high everywhere."""
    raid = f"raids:\n  - {{id: flat, name: {{en: R, tr: T}}, spread: 10 min, groups: [{{{group}}}]}}\n"
    (tmp_path / "study.yaml").write_text(RAIDS.sub(raid, TEXT), encoding="utf-8")
    study = load_study(tmp_path, catalogue.known_ids())
    values = Values(catalogue, lambda _: quantile)
    (path,) = fly_paths(study, catalogue, raid_of(study, "flat"), values, flat_terrain(), CompilerCache()).values()
    return path


def group(threat: str, bearing: int, distance: int, more: str = "") -> str:
    launch = f"launch: {{bearing: {bearing} deg, distance: {distance} km}}"
    return f"id: g, threat: {threat}, count: 1, {launch}, aim: [home]{', ' if more else ''}{more}"


def speeds(path: FlownPath) -> np.ndarray:
    return np.linalg.norm(np.diff(path.position_ecef, axis=0), axis=1) / np.diff(path.time)


@pytest.mark.parametrize("bearing", [20, 110, 200])
def test_scud_b_flies_as_published(tmp_path: File, catalogue: Catalogue, bearing: int) -> None:
    """V-BAL-7, on the catalogue's figures at 300 km: apogee 80-95 km, 290-340 s, impact at 1 100-1 400 m/s."""
    path = flown(tmp_path, catalogue, group("scud_b", bearing, 300))
    assert 80e3 < path.altitude.max() < 95e3
    assert 290.0 < path.time[-1] < 340.0
    assert 1_100.0 < speeds(path)[-1] < 1_400.0


def test_published_thrust_takes_scud_b_to_its_published_range(tmp_path: File, catalogue: Catalogue) -> None:
    """V-BAL-7: up to 275 km the motor is cut off early; at 300 km it burns to the end and less than 4 % is added."""
    jumps = []
    for distance in (275, 300):
        speed = speeds(flown(tmp_path, catalogue, group("scud_b", 200, distance)))
        jumps.append(np.diff(speed[50:70]).max() - np.diff(speed[50:60]).max())
    assert jumps[0] < 5.0
    assert 5.0 < jumps[1] < 0.04 * 1_500.0


def test_a_stated_apogee_is_flown(tmp_path: File, catalogue: Catalogue) -> None:
    """Lofted, least energy, depressed: the apogee stated, times in that order, and ids that tell them apart."""
    paths = [
        flown(tmp_path, catalogue, group("ghadr", 90, 1200, more)) for more in ("apogee: 600 km", "", "apogee: 120 km")
    ]
    assert paths[0].altitude.max() == pytest.approx(600e3, abs=30.0)
    assert paths[2].altitude.max() == pytest.approx(120e3, abs=30.0)
    assert paths[0].time[-1] > paths[1].time[-1] > paths[2].time[-1]
    assert len({path.id for path in paths}) == 3


def test_an_apogee_that_cannot_be_flown_is_refused(tmp_path: File, catalogue: Catalogue) -> None:
    """With the largest distance from which it could be, which is then flown."""
    with pytest.raises(ScenarioError, match=r"raids: g\.launch\.distance: .*the largest distance is (\d+) km") as fault:
        flown(tmp_path, catalogue, group("kn_23", 90, 900, "apogee: 20 km"))
    largest = int(re.search(r"is (\d+) km", str(fault.value)).group(1))  # type: ignore[union-attr]
    assert 50 < largest < 900
    assert flown(tmp_path, catalogue, group("kn_23", 90, largest, "apogee: 20 km")).time[-1] > 0.0


def test_way_points_are_flown_with_turns(tmp_path: File, catalogue: Catalogue) -> None:
    """Two legs at a right angle: passes inside the corner by r (sqrt(2) - 1), r = v**2/g, and keeps to the ground."""
    path = flown(tmp_path, catalogue, group("quds", 90, 400, "via: [{bearing: 45 deg, distance: 282.84 km}]"))
    straight = flown(tmp_path, catalogue, group("quds", 45, 283))
    corner = straight.position_ecef[0]
    nearest = np.linalg.norm(path.position_ecef - corner, axis=1).min()
    assert nearest == pytest.approx((np.sqrt(2.0) - 1.0) * 200.0**2 / 9.80665, abs=450.0)  # samples lie 500 m apart
    assert path.time[-1] * 200.0 == pytest.approx(2 * 282.84e3 - (2.0 - np.pi / 2.0) * 200.0**2 / 9.80665, rel=3e-3)
    np.testing.assert_allclose(path.height_above_ground, 60.0, atol=1.0)
    np.testing.assert_allclose(path.altitude, 60.0 + GROUND, atol=1.0)
    assert path.id == "quds/90/400000/via/45/282840/home"


def test_a_loitering_aircraft_stays_for_its_time(tmp_path: File, catalogue: Catalogue) -> None:
    """It comes 20 min later than one that does not loiter, and meanwhile stays within two turns of its orbit."""
    direct = flown(tmp_path, catalogue, group("fighter", 90, 400))
    path = flown(tmp_path, catalogue, group("fighter", 90, 400, "loiter: {distance: 200 km, time: 20 min}"))
    assert path.time[-1] - direct.time[-1] == pytest.approx(1200.0, rel=0.01)
    left = np.linalg.norm(path.position_ecef - path.position_ecef[-1], axis=1)
    longest = np.diff(path.time)[(left[1:] > 180e3) & (left[1:] < 220e3)].sum()
    assert longest == pytest.approx(1200.0 + 40e3 / 270.0, rel=0.02)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (group("scud_b", 90, 900), r"launch\.distance: must be within the range of 'scud_b', 300 km, got 900 km"),
        (
            group("quds", 90, 1200, "via: [{bearing: 0 deg, distance: 900 km}]"),
            r"via: .*'quds', 1350 km, got 2[0-9]+ km",
        ),
        (group("ghadr", 90, 900, "via: [{bearing: 80 deg, distance: 500 km}]"), r"via: a ballistic missile flies no"),
        (group("quds", 90, 900, "apogee: 100 km"), r"apogee: only a ballistic missile has an apogee"),
        (group("quds", 90, 900, "loiter: {distance: 90 km, time: 9 min}"), r"loiter: only an aircraft loiters"),
        (group("fighter", 90, 300, "loiter: {distance: 900 km, time: 9 min}"), r"loiter\.distance: must be nearer"),
        (
            group("quds", 90, 300, "via: [{bearing: 90 deg, distance: 200 km}, {bearing: 91 deg, distance: 200 km}]"),
            r"via\[0\]: the leg at this way-point is too short for turns of",
        ),
        (
            group("fighter", 90, 300, "loiter: {distance: 90 km, time: 30 s}"),
            r"loiter: cannot be flown; write a time of",
        ),
    ],
)
def test_what_cannot_be_flown_is_refused(tmp_path: File, catalogue: Catalogue, stated: str, told: str) -> None:
    """With the place, and what to type."""
    with pytest.raises(ScenarioError, match=told):
        flown(tmp_path, catalogue, stated)


@pytest.mark.parametrize("quantile", [0.0, 1.0 - 1e-9])
def test_paths_are_flown_at_either_end_of_all_figures(tmp_path: File, catalogue: Catalogue, quantile: float) -> None:
    """Every type of the catalogue, from its longest published range, with all figures at their low or high end."""
    ranges = catalogue.known_ids().threat_ranges
    for threat, reach in ranges.items():
        path = flown(tmp_path, catalogue, group(threat, 100, int(reach / 1e3)), quantile)
        assert np.linalg.norm(path.position_ecef[-1] - path.position_ecef[-2]) < 9_000.0
        assert np.isfinite(path.position_ecef).all()
