"""The sentences of page one follow the numbers behind them, and the record stands beside the run."""

import math
from dataclasses import replace

import pytest

from steeldome.report.answers import at_a_glance, words_told
from steeldome.report.claim_tables import claim_table, results
from steeldome.report.contents import ClaimLine, FindingLine, Measure, Questions, RecordLine, SitingLine, YearsLine
from steeldome.report.figures import band_figure
from steeldome.report.reading_tables import record_picture, record_sentence, siting_table
from steeldome.report.views import Views
from steeldome.report.wording import MINUS, Wording
from tests.report.fake_run import difference, fake_contents


def views_of(*claims: ClaimLine, **parts: tuple[RecordLine | SitingLine, ...]) -> Views:
    questions = Questions(claims=claims, **parts)  # type: ignore[arg-type]
    return Views(replace(fake_contents(), questions=questions), Wording("en", str))


def claim(**parts: object) -> ClaimLine:
    told = {"id": "a", "said": "It helps", "source": "", "support": "Less gets through", "verdict": "supported"}
    empty = {"findings": (), "years": None, "states": None, "shares": None, "network": "", "because": ""}
    return ClaimLine(**{**told, **empty, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "chance", "inputs", "said"),
    [
        (-0.05, 0.01, 0.02, "“more” 5 points lower in leakage than “base” (chance"),
        (0.05, 0.01, 0.02, "“more” 5 points higher in leakage than “base” (chance"),
        (-0.05, 0.01, 0.09, f"“more” against “base”: {MINUS}5 points in leakage on average, the sign depends on"),
        (0.05, 0.06, 0.02, "no difference in leakage shown between “more” and “base”"),
    ],
)
def test_turning_the_result_turns_the_sentence(value: float, chance: float, inputs: float, said: str) -> None:
    one = claim(findings=(FindingLine("A raid", "base", "more", "leakage", difference(value, chance, inputs)),))
    views = views_of(one)
    (sentence,) = results(views, one)
    assert said in sentence and sentence.startswith("A raid: ")
    table = claim_table(views)
    assert table is not None and sentence in table.rows[0].cells


def test_years_shares_and_states_are_told_in_their_own_numbers() -> None:
    gained = Measure(0.7, 0.4, 1.2, 0.0, 5.0, 6400, "E1", "years")
    years = YearsLine("base", "more", "A raid", "value_saved", 0.46, gained, {"2030": 0.31}, {"2030": 0.55}, 0.41)
    one = claim(
        years=years, shares=((3, 77), (2, 76)), states=(("France", "Italy"), ("France",)), network="The picture"
    )
    gain, reached, withheld, on_picture = results(views_of(one), one)
    assert "46% of the value saved: “more” reaches it +0.7" in gain and "before “base”" in gain
    assert reached.startswith("Share of the samples that meet it by then: 2030: 55% against 31%.")
    assert "never met (41% of the samples" in reached
    assert withheld == "2 states or alliances can withhold something, 1 without; new: Italy; gone: none."
    assert on_picture.startswith("The picture: 3 of 77 fire units are on it, 2 of 76 without")


def test_a_difference_that_only_one_rule_shows_is_told_as_that() -> None:
    def told(**by_rule: float) -> str:
        measures = {rule: difference(value, 0.001, 0.002) for rule, value in by_rule.items()}
        views = views_of(siting=(SitingLine("A raid", "base", "more", measures),))
        table = siting_table(views)
        assert table is not None
        return str(table.rows[0].cells[-1])

    assert told(asset_value=-0.01, threat_axis=-0.02, area_cover=-0.01) == "same under each rule"
    assert told(asset_value=-0.01, threat_axis=0.02, area_cover=-0.01) == "depends on siting"
    assert told(asset_value=0.0, threat_axis=0.0, area_cover=-0.01) == "shown only: spread over the area"


def test_the_first_page_tells_levels_changes_and_what_is_held() -> None:
    level, change, *_ = at_a_glance(views_of())
    first, second = (laydown.name for laydown in fake_contents().laydowns[:2])
    assert f"of its armed objects would get through “{first}”" in level and "without any defence" in level
    assert f"with “{second}” " in change and "chance" in change and "n\u00a0=\u00a0" in change


def test_raids_that_only_claims_name_are_described_with_what_they_aim_at() -> None:
    contents = fake_contents()
    salvo = contents.raids[0]._replace(id="salvo", name="A salvo", groups=(("Shahab-3", 8, False),), aims=("Base",))
    views = Views(replace(contents, raids_besides=(salvo,)), Wording("en", str))
    name, described = words_told(views)[-1]
    assert name == "A salvo" and described.startswith("8 Shahab-3; arriving over 10") and "aimed at Base" in described


def test_the_record_is_a_band_without_a_middle_beside_the_class_that_was_played() -> None:
    wide = RecordLine("Cruise missiles", "A war", 100, 0.2, 0.3, "s", "")
    narrow = wide._replace(record="A night", low=0.5, high=0.5)
    picture = record_picture(views_of(record=(wide, narrow)))
    assert picture is not None
    heading, *rows = picture.rows
    assert heading.label == "Cruise missiles"
    assert [row.label for row in rows[-2:]] == ["A war", "A night"]
    assert all("this run" in row.label and math.isfinite(row.measures["leakage"].value) for row in rows[:-2])  # type: ignore[union-attr]
    (axis,) = band_figure(rows[-2:], {"leakage": ""}, Wording("en", str)).axes  # type: ignore[arg-type]
    (first, second) = axis.patches
    assert (first.get_x(), first.get_width()) == pytest.approx((0.2, 0.1))
    assert second.get_width() == 0.0 and second.get_linewidth() > 0.0
    assert record_picture(views_of()) is None


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.0, 0.001, "more gets through here"), (0.0, 1.0, "within"), (0.999, 1.0, "less gets")]
)
def test_where_the_run_lies_beside_the_record(low: float, high: float, said: str) -> None:
    sentence = record_sentence(views_of(record=(RecordLine("Cruise missiles", "A war", 100, low, high, "s", ""),)))
    assert said in sentence and sentence.endswith("Cruise missiles.")
