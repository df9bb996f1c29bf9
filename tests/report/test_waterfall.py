"""The waterfall as figure, page and sentences: what is drawn and said follows the record."""

import re
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from steeldome.app.language import translator
from steeldome.experiments.explaining import STAGES
from steeldome.report.waterfall import (
    Waterfall,
    read_waterfall,
    sentences,
    stage_labels,
    stage_meanings,
)
from steeldome.report.waterfall_figure import FEWER_COLOUR, LEVEL_COLOUR, MORE_COLOUR, Bar, waterfall_figure
from steeldome.report.waterfall_page import render_waterfall, waterfall_view, write_waterfall
from steeldome.report.wording import Wording

ENGLISH, TURKISH = Wording("en", str), Wording("tr", translator("tr"))
STEPS = (0.06, 0.01, 0.02, 0.0, 0.2, -0.03, 0.09, 0.05)


def measure(value: float, half: float = 0.002, inputs: float = 0.05, unit: str = "1") -> dict[str, Any]:
    ends = {"low": value - half, "high": value + half, "input_low": value - inputs, "input_high": value + inputs}
    return {"value": value, **ends, "noise": 0.0, "n": 1600, "level": "E1", "unit": unit}


def made(armed: float = 110.0, outside: float = 0.02, inputs: float = 0.004) -> Waterfall:
    """Steps made up; the fourth is nothing, the sixth lets fewer through."""
    levels = [sum(STEPS[: i + 1]) for i in range(len(STEPS))]
    listed = [
        {"id": stage.id, "leakage": measure(level), "step": measure(step, inputs=inputs)}
        for stage, level, step in zip(STAGES, levels, STEPS, strict=True)
    ]
    whole = [{**entry, "shots": measure(500.0, unit="shots")} for entry in listed]
    one = {"armed": armed, "outside_rings": measure(outside), "stages": listed}
    counts = {"seed": 7, "samples": 8, "hypercube": 32, "replications": 200, "left_out": 20, "level": "E1"}
    record = {"armed": armed, "outside_rings": measure(outside), "stages": whole, "by_class": {"cruise": one}, **counts}
    return read_waterfall(record, "A study", "The base", "The raid")


def test_every_stage_has_a_name_and_says_what_comes_back() -> None:
    assert [*stage_labels(str)] == [*(stage.id for stage in STAGES), "played"]
    assert [*stage_meanings(str)] == [stage.id for stage in STAGES]


def test_each_step_is_said_as_its_bands_allow() -> None:
    said = sentences(made(), ENGLISH)
    assert "2.0% lie outside every ring" in said[0]
    assert said[1].startswith("The horizon lets 1.1 of 110 more through (+1.0 points; chance +0.8 to +1.2 points;")
    assert "The time that the defence needs shows no difference here" in said[3]
    assert said[5].startswith("Identification lets 3.3 of 110 fewer through (−3.0 points;")
    assert said[-1] == "The largest step is “channels and rounds”: 59% of all that lies between promise and reality."
    unsure = sentences(made(inputs=0.05), ENGLISH)
    assert "the sign depends on assumptions and siting" in unsure[1]
    assert sentences(made(armed=1.0), ENGLISH)[1].startswith("The horizon raises leakage by 1.0 points (")
    assert "no object lies outside every ring" in sentences(made(outside=0.0), ENGLISH)[0]


def test_a_sign_that_the_printed_band_does_not_show_is_not_said() -> None:
    found = made(inputs=0.0101)  # the band of the horizon's step begins at -0.01 points and is printed from 0
    assert sentences(found, ENGLISH)[1].startswith("The horizon lets 1.1 of 110 more through")


def drawn(bars: list[Bar]) -> Figure:
    return waterfall_figure(bars, ENGLISH)


def test_bars_stand_where_the_last_one_ended() -> None:
    found = made()
    first, second, fewer = (found.stages[i].step for i in (0, 1, 5))
    figure = drawn(
        [
            Bar("rings", first, 0.0, True, 0.02),
            Bar("more", second, 0.06, False),
            Bar("fewer", fewer, 0.07, False),
            Bar("played", first._replace(value=0.04), 0.0, True),
        ]
    )
    tall = [patch for patch in figure.axes[0].patches if abs(patch.get_height()) > 0.4]  # type: ignore[attr-defined]
    spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in tall]  # type: ignore[attr-defined]
    expected = [(0.0, 0.06), (0.0, 0.02), (0.06, 0.07), (0.07, 0.04), (0.0, 0.04)]
    assert [sorted(span) for span in spans] == [pytest.approx(sorted(span)) for span in expected]
    colours = [tuple(round(255 * part) for part in patch.get_facecolor()[:3]) for patch in tall]
    wanted = [LEVEL_COLOUR, LEVEL_COLOUR, MORE_COLOUR, FEWER_COLOUR, LEVEL_COLOUR]
    assert colours == [tuple(bytes.fromhex(colour[1:])) for colour in wanted]
    assert [bool(patch.get_hatch()) for patch in tall] == [False, True, False, True, False]
    assert figure.axes[0].get_xlim()[1] <= 1.0
    with pytest.raises(AssertionError):
        drawn([Bar("rings", first, 0.0, True), Bar("adrift", second, 0.1, False)])


def test_the_view_holds_what_a_report_needs() -> None:
    view = waterfall_view(made(), ENGLISH)
    title = "From brochure to reality: what lets the raid through. “The base” against “The raid”."
    assert view.picture.title == title and view.picture.has_bands
    for part in ("n = 1,580 replications a stage", "8 of 32 samples", "evidence level E1", "seed 7", "20 replications"):
        assert part in view.picture.caption and all(part in table.caption for table in view.tables)
    labels, found = stage_labels(str), made()
    stages, levels, steps = view.tables
    assert [row.cells[0] for row in stages.rows] == [labels[stage.id] for stage in STAGES]
    assert stages.rows[0].cells[2] is None and stages.rows[1].cells[2] == found.stages[1].step
    assert [column.heading for column in levels.on_page().columns] == ["Stage", "Cruise missiles"]
    assert [row.cells for row in levels.on_page().rows] == [
        (labels["rings"], found.stages[0].leakage),
        ("outside every ring", found.outside),
        (labels["played"], found.stages[-1].leakage),
    ]
    assert [row.cells[1] for row in steps.on_page().rows] == [stage.step for stage in found.stages[1:]]
    assert view.picture.on_page().startswith("<svg") and "var(--ink)" in view.picture.on_page()


@pytest.mark.parametrize("wording", [ENGLISH, TURKISH], ids=["en", "tr"])
def test_files_are_whole_and_the_same_each_time(tmp_path: Path, wording: Wording) -> None:
    found = made()
    for ending, begins in ((".html", b"<!DOCTYPE html>"), (".svg", b"<?xml"), (".png", b"\x89PNG")):
        first, again = tmp_path / f"first{ending}", tmp_path / f"again{ending}"
        for path in (first, again):
            write_waterfall(found, path, wording.language, wording.translate)
        assert first.read_bytes() == again.read_bytes() and first.read_bytes().startswith(begins)
    page = render_waterfall(found, wording)
    assert f'<html lang="{wording.language}">' in page and "<script" not in page
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", page).replace("http-equiv", "")
    assert page.count('<th scope="row">') == len(STAGES) + 3 + len(STAGES) - 1
