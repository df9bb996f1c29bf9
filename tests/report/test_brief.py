"""The report is one well-formed page that loads nothing, shows n and a unit everywhere, and escapes what it gets."""

import dataclasses
import re

import pytest

from steeldome.report.brief import render
from steeldome.report.contents import Contents
from tests.report.fake_run import difference, fake_contents
from tests.report.page import Page, check_form, check_nothing_is_loaded, parsed


@pytest.fixture(scope="module")
def page_text() -> str:
    return render(fake_contents(), "en", str)


@pytest.fixture(scope="module")
def page(page_text: str) -> Page:
    return parsed(page_text)


def test_the_page_is_well_formed_and_every_reference_inside_it_resolves(page: Page, page_text: str) -> None:
    check_form(page)
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert set(re.findall(r"url\(#([^)]*)\)", page_text)) <= ids


def test_nothing_is_loaded_and_nothing_runs(page: Page, page_text: str) -> None:
    check_nothing_is_loaded(page, page_text)


def test_every_figure_and_table_names_n_and_a_unit(page: Page) -> None:
    assert len(page.texts["figcaption"]) >= 6 and len(page.texts["caption"]) >= 8
    for text in page.texts["figcaption"] + page.texts["caption"]:
        assert re.search(r"\bn\b", text), text
        assert re.search(r"[Uu]nit|km", text), text


def test_figures_and_tables_are_numbered_without_gaps(page: Page) -> None:
    for tag, word in (("figcaption", "Figure"), ("caption", "Table")):
        numbers = [int(re.match(rf"\s*{word} (\d+)", text).group(1)) for text in page.texts[tag]]  # type: ignore[union-attr]
        assert numbers == list(range(1, len(numbers) + 1))


def test_hostile_text_is_escaped_everywhere() -> None:
    hostile = "<script>alert(1)</script>\"' $x_2$ {0} {bands} %s"
    contents = fake_contents(title=hostile)
    raid = contents.raids[0]._replace(name=hostile)
    laydown = contents.laydowns[1]._replace(name=hostile)
    asset = contents.chart.assets[0]._replace(name=hostile)
    source = contents.sources[0]._replace(url="javascript:alert(1)", title=hostile)
    chart = dataclasses.replace(contents.chart, assets=(asset, *contents.chart.assets[1:]))
    contents = dataclasses.replace(
        contents,
        raids=(raid, *contents.raids[1:]),
        laydowns=(contents.laydowns[0], laydown),
        sources=(source, *contents.sources[1:]),
        chart=chart,
    )
    text = render(contents, "en", str)
    assert "<script" not in text and 'href="javascript' not in text
    assert text.count("&lt;script&gt;") >= 8
    found = parsed(text)
    assert not found.faults and not found.open


def test_the_same_contents_give_the_same_bytes_and_a_small_file(page_text: str) -> None:
    assert render(fake_contents(), "en", str) == page_text
    assert len(page_text.encode()) < 2_000_000
    assert not re.search(r"matplotlib|<dc:date>", page_text)


def test_the_answer_on_the_page_flips_when_the_measure_flips(page_text: str) -> None:
    same = render(fake_contents(gain=0.0), "en", str)
    assert "no difference in leakage is shown" not in page_text
    assert "no difference in leakage is shown" in same


def many_contents(names: dict[str, float]) -> Contents:
    """The invented run with laydowns of these names beside the first, each with its paired difference in leakage."""
    few = fake_contents()
    first, second = few.laydowns
    return dataclasses.replace(
        few,
        laydowns=(first, *(second._replace(id=name, name=name) for name in names)),
        cases=tuple(
            dataclasses.replace(case, laydown=name)
            for case in few.cases
            for name in ((case.laydown,) if case.laydown == first.id else names)
        ),
        differences=tuple(
            dataclasses.replace(one, second=name, measures={**one.measures, "leakage": difference(value)})
            for one in few.differences
            for name, value in names.items()
        ),
    )


def test_many_laydowns_are_told_in_a_table_and_the_alike_in_one_sentence() -> None:
    more = many_contents({"lower": -0.04, "alike": 0.001, "alike too": -0.001, "higher": 0.05})
    text = render(more, "en", str)
    answer = text[text.index('id="answer"') : text.index('id="map"')]
    assert answer.count('<div class="scroll wide answer"') == len(more.raids) and 'class="tiles"' not in text
    assert text.count("covers zero: “alike”; “alike too”.") == len(more.raids)
    assert (
        answer.count('<td class="number mean lower">')
        == answer.count('<td class="number mean higher">')
        == len(more.raids)
    )
    page = parsed(text)
    assert not page.faults and not page.open


def test_beside_many_laydowns_kills_stand_alone_and_costs_below_one_another() -> None:
    text = render(many_contents({"a": 0.0, "b": 0.0, "c": 0.0}), "en", str)
    kills = text[text.index('id="kills"') : text.index('id="why"')]
    assert kills.count("</b> Unit: mean a raid, objects; n") == 2
    assert "Kills and shots" not in kills and ">shots</th>" not in kills
    for table in re.findall(r'<div class="scroll many".*?</table>', kills, re.DOTALL):
        assert table.count('<th scope="col" class="number">') == 4 and "colgroup" not in table
    for table in re.findall(r'<div class="scroll whole".*?</table>', kills, re.DOTALL):
        assert re.findall(r'<th scope="row">(.*?)</th>', table) == ["Base 2025", "a", "b", "c"]


def test_uncertainty_and_level_stand_beside_the_answer(page_text: str) -> None:
    answer = page_text[page_text.index('id="answer"') : page_text.index('id="map"')]
    assert answer.count("<dt>chance</dt>") == answer.count('class="size') == 8
    assert '<span class="level">E1</span>' in answer


def test_a_run_without_causes_or_differences_still_makes_a_page() -> None:
    contents = fake_contents()
    bare = dataclasses.replace(contents.cases[0], causes={}, stages={}, use={}, n_stage_pairs={}, n_cause_leakers=0)
    lone = dataclasses.replace(
        contents, laydowns=contents.laydowns[:1], raids=contents.raids[:1], cases=(bare,), differences=(), references={}
    )
    text = render(dataclasses.replace(lone, assumptions=(), inputs=(), sources=()), "tr", str)
    assert '<html lang="tr">' in text
