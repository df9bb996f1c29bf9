"""Footprints as lines, picture and map: what is shown follows the cells."""

import json
import math

import numpy as np
import pytest

from steeldome.app.language import translator
from steeldome.compiler.tables import STAGES
from steeldome.experiments.footprint import DEFENDED, Approach, Footprint
from steeldome.report.footprint_figure import LOOKS, MORE, ONE, OUTSIDE, footprint_figure
from steeldome.report.footprint_files import footprint_areas, footprint_csv
from steeldome.report.footprints import Matchup, footprint_lines, footprint_rows
from steeldome.report.wording import Wording

ENGLISH, TURKISH = Wording("en", str), Wording("tr", translator("tr"))
LATE, MASKED = STAGES.index("too_late"), STAGES.index("below_horizon")
FROM_EAST = Approach("a_missile", math.radians(90.0), 500e3)


def made(number: int, stages: list[int], salvos: list[int], barred: str = "") -> Footprint:
    """Cells of 10 km in a row from west to east."""
    n = len(stages)
    return Footprint(
        fire_unit=f"battery/{number}/round",
        unit=f"battery/{number}",
        system="battery",
        effector="round",
        approach=FROM_EAST,
        threat_class="srbm",
        latitude_deg=40.0,
        longitude_deg=30.0,
        reach=20e3,
        cell=10e3 if n else 0.0,
        east=10e3 * np.arange(n),
        north=np.zeros(n),
        area=np.full(n, 1e8),
        stage=np.array(stages, np.int8),
        salvos=np.array(salvos, np.int64),
        barred=barred,
    )


FIRST = made(1, [DEFENDED, DEFENDED, LATE, STAGES.index(OUTSIDE)], [2, 1, 0, 0])
SECOND = made(2, [DEFENDED, MASKED, MASKED, MASKED], [1, 0, 0, 0])


def test_areas_distances_and_salvos_are_those_of_the_cells() -> None:
    assert (FIRST.area_km2, FIRST.envelope_km2, FIRST.farthest_km) == (200.0, 300.0, 10.0)
    assert (FIRST.median_salvos, FIRST.most_salvos, FIRST.main_reason) == (2, 2, "too_late")
    assert (SECOND.median_salvos, SECOND.most_salvos, SECOND.main_reason) == (1, 1, "below_horizon")
    assert made(3, [], [], "doctrine_hold").main_reason == "doctrine_hold"
    assert made(3, [DEFENDED], [1]).main_reason == "" and made(3, [2], [0]).main_reason == OUTSIDE


def test_a_system_has_one_line_from_the_least_to_the_most_of_its_units() -> None:
    (line,) = footprint_lines([FIRST, SECOND], is_each=False)
    assert (line.name, line.n_units, line.area, line.envelope) == ("battery", 2, (100.0, 200.0), (300.0, 400.0))
    assert (line.farthest, line.salvos, line.reason) == ((0.0, 10.0), (1, 2), "below_horizon")
    assert [one.name for one in footprint_lines([FIRST, SECOND], is_each=True)] == ["battery/1", "battery/2"]
    rows = footprint_rows([line], TURKISH)
    assert rows[1][4:] == ("100–200", "300–400", "0–10,0", "1–2", TURKISH.translate("below the horizon"))
    text = footprint_csv([FIRST, SECOND], False, Matchup("S", "L", 0), ENGLISH)
    assert (
        text.splitlines()[1]
        == "battery,round,2,a_missile,90.0,500.0,100.0,200.0,300.0,400.0,0.0,10.0,1,2,below the horizon"
    )


def test_the_picture_has_a_colour_a_fate_and_an_arrow_from_where_the_threat_comes() -> None:
    figure = footprint_figure([FIRST, SECOND, made(3, [], [], "doctrine_hold")], ["one", "two", "three"], ENGLISH)
    first, second, third = figure.axes
    for axis, shown in ((first, [ONE, MORE, "too_late", OUTSIDE]), (second, [ONE, "below_horizon"]), (third, [])):
        colours = {tuple(np.round(one.get_facecolor()[0][:3], 3)) for one in axis.collections}
        assert colours == {tuple(np.round(rgb(LOOKS[name][0]), 3)) for name in shown}
        (arrow,) = (text for text in axis.texts if hasattr(text, "arrow_patch"))
        assert arrow.get_position()[0] > arrow.xy[0] > 0.0
        assert arrow.get_position()[1] == pytest.approx(0.0, abs=1e-9)
    assert "held by doctrine" in [text.get_text() for text in third.texts]
    assert len({look for look in LOOKS.values()}) == len(LOOKS)


def rgb(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]


def test_a_map_holds_the_defended_cells_anticlockwise_around_the_site() -> None:
    defended, none = json.loads(footprint_areas([FIRST, made(3, [], [], "doctrine_hold")]))["features"]
    assert none["geometry"]["coordinates"] == [] and none["properties"]["main_reason"] == "doctrine_hold"
    ((ring,),) = defended["geometry"]["coordinates"]
    x, y = np.array(ring).T
    assert ring[0] == ring[-1] and float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) > 0.0
    assert x.min() == pytest.approx(30.0 - 5.0 / (111.32 * math.cos(math.radians(40.0))), abs=2e-3)
    assert x.max() == pytest.approx(30.0 + 15.0 / (111.32 * math.cos(math.radians(40.0))), abs=2e-3)
    assert y.max() - y.min() == pytest.approx(10.0 / 111.0, abs=1e-3)
