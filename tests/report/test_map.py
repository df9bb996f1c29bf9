"""The ground is lit as it should be, and the frame holds what it must."""

from dataclasses import replace

import numpy as np
import pytest

from steeldome.report.contents import Arrow, MapContents, Place
from steeldome.report.figures import to_svg
from steeldome.report.map import draw_map, frame_around, ground_of, hill_shade, marker_looks, read_elevation
from tests.report.fake_run import fake_contents


def test_flat_ground_is_lit_by_the_sine_of_the_sun() -> None:
    np.testing.assert_allclose(hill_shade(np.full((5, 7), 800.0), 900.0, 900.0), np.sin(np.pi / 4), rtol=1e-12)


def test_a_slope_towards_the_north_west_is_brighter_than_one_away_from_it() -> None:
    rows, columns = np.mgrid[0:9, 0:9] * 100.0
    rises_to_south_east = (rows + columns) / 2.0
    towards, away = hill_shade(rises_to_south_east, 100.0, 100.0), hill_shade(-rises_to_south_east, 100.0, 100.0)
    assert towards.min() > np.sin(np.pi / 4) > away.max()


def test_terrain_is_read_where_it_stands() -> None:
    chart = MapContents(assets=(Place(39.7, 44.3, "city", "", ""),))
    elevation, filled = read_elevation(frame_around(chart), 600)
    row = int((filled.north - 39.7) / (filled.north - filled.south) * elevation.shape[0])
    column = int((44.3 - filled.west) / (filled.east - filled.west) * elevation.shape[1])
    assert elevation[row - 3 : row + 4, column - 3 : column + 4].max() > 3000.0  # Mount Ararat, 39.70 N 44.30 E


@pytest.mark.parametrize("bearing", [0.0, 90.0, 200.0, 315.0])
def test_the_frame_holds_every_place_and_leaves_room_for_the_raid(bearing: float) -> None:
    places = fake_contents().chart
    frame = frame_around(MapContents(places.assets, places.sites, (), (Arrow(bearing, ""),)))
    for place in (*places.assets, *places.sites):
        assert frame.west < place.longitude < frame.east and frame.south < place.latitude < frame.north


@pytest.mark.parametrize(
    ("place", "has_terrain", "has_base_map", "ground"),
    [
        ((39.0, 33.0), True, True, "shaded"),
        ((39.0, 33.0), False, True, "mapped"),
        ((39.0, 33.0), False, False, "blank"),
        ((50.0, 30.0), True, True, "mapped"),
        ((-17.7, 178.0), True, True, "blank"),
        ((38.0, 12.0), False, True, "blank"),  # the frame goes beyond the base map
    ],
)
def test_the_ground_is_what_the_package_has_of_it(
    place: tuple[float, float], has_terrain: bool, has_base_map: bool, ground: str
) -> None:
    town = Place(*place, "city", "Town", "")
    chart = MapContents(
        (town,), (town,), arrows=(Arrow(270.0, ""),), has_terrain=has_terrain, has_base_map=has_base_map
    )
    assert ground_of(chart) == ground
    frame = frame_around(chart)
    assert frame.west < town.longitude < frame.east and frame.south < town.latitude < frame.north
    svg = to_svg(draw_map(chart, "N", "added"), "map", "A map")
    assert svg.count("<image ") == (ground == "shaded")


def test_no_two_systems_look_alike() -> None:
    looks = marker_looks({f"system_{i}": "" for i in range(40)})
    assert len(set(looks.values())) == 40


def test_the_legend_tells_a_system_that_stands_from_one_that_is_added() -> None:
    chart = fake_contents().chart
    base = next(site for site in chart.sites if site.kind == "siper_battery")
    added = next(site.laydown for site in chart.sites if site.laydown != base.laydown)
    both = replace(chart, sites=(*chart.sites, base._replace(laydown=added)))
    name = chart.kinds["siper_battery"]
    (legend,) = draw_map(both, "N", "more").legends
    told = [text.get_text() for text in legend.get_texts()]
    assert {name, f"{name} (more)"} <= set(told) and f"{chart.kinds['korkut_team']} (more)" not in told


def test_the_map_carries_one_picture_and_its_title() -> None:
    contents = fake_contents()
    first = to_svg(draw_map(contents.chart, "N", "added"), "map", "A <map>")
    assert first.count("<image ") == 1 and 'aria-label="A &lt;map&gt;"' in first
