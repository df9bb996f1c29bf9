"""Verdicts on claims follow from the numbers, and turn when the numbers turn."""

from typing import Any

import pytest

from steeldome.analysis.claims import answers, shown, verdict_of
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("turkiye-steel-dome")


@pytest.fixture(scope="module")
def catalogue(study: Study) -> Catalogue:
    return load_catalogue(study)


def measure(value: float, chance: float, inputs: float) -> dict[str, float]:
    """A difference with bands around it."""
    bands = {"low": value - chance, "high": value + chance, "input_low": value - inputs, "input_high": value + inputs}
    return {"value": value, **bands}


def told(study: Study, value: float, chance: float = 0.01, inputs: float = 0.02) -> dict[str, Any]:
    """Measures in which every comparison of a claim came out alike."""
    asked = [claim.comparison for claim in study.claims if claim.comparison is not None]
    found = [
        {"raid": raid, "first": other, "second": one.of, "measures": {one.measure: measure(value, chance, inputs)}}
        for one in asked
        for raid in one.raids
        for other in one.than
    ]
    return {"differences": found, "years_gained": {}}


def test_what_a_difference_shows() -> None:
    assert shown(-0.1, -0.2, -0.05, -0.3, -0.01) == "lower"
    assert shown(0.1, 0.05, 0.2, 0.01, 0.3) == "higher"
    assert shown(-0.1, -0.2, 0.0, -0.3, -0.01) == "none"
    assert shown(-0.1, -0.2, -0.05, -0.3, 0.01) == "depends"


@pytest.mark.parametrize(
    ("said", "better", "no_worse"),
    [
        (["lower", "none"], "supported", "supported"),
        (["none", "none"], "not_supported", "supported"),
        (["lower", "higher"], "not_supported", "not_supported"),
        (["lower", "depends"], "depends", "depends"),
        (["higher", "depends"], "not_supported", "not_supported"),
    ],
)
def test_verdicts_by_rule(said: Any, better: str, no_worse: str) -> None:
    assert verdict_of(said, "leakage", "better") == better
    assert verdict_of(said, "leakage", "no_worse") == no_worse
    turned = [{"lower": "higher", "higher": "lower"}.get(one, one) for one in said]
    assert verdict_of(turned, "value_saved", "better") == better  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "inputs", "central", "refusal"),
    [
        (-0.05, 0.02, "supported", "supported"),
        (0.05, 0.02, "not_supported", "not_supported"),
        (0.0, 0.02, "not_supported", "supported"),
        (-0.05, 0.2, "depends", "depends"),
    ],
)
def test_turning_the_result_turns_the_verdict(
    study: Study, catalogue: Catalogue, value: float, inputs: float, central: str, refusal: str
) -> None:
    found = {one.claim.id: one for one in answers(study, catalogue, told(study, value, inputs=inputs))}
    assert (found["central"].verdict, found["refusal"].verdict) == (central, refusal)
    assert len(found["central"].findings) == 4


def test_a_claim_whose_cases_were_not_played_has_no_verdict(study: Study, catalogue: Catalogue) -> None:
    found = {one.claim.id: one for one in answers(study, catalogue, {"differences": [], "years_gained": {}})}
    assert found["central"].verdict is found["accelerates"].verdict is None
    assert found["f35"].verdict == "not_supported"


def test_what_follows_from_the_laydowns_alone(study: Study, catalogue: Catalogue) -> None:
    found = {one.claim.id: one for one in answers(study, catalogue, {"differences": [], "years_gained": {}})}
    own, its = found["dependence"].states or ((), ())
    assert set(own) - set(its) == {"FR", "IT"} and not set(its) - set(own) and "TR" not in own
    assert found["dependence"].verdict == "not_supported"
    (on, everything), (before, all_before) = found["nato-role"].shares or ((0, 0), (0, 0))
    assert (on, everything) == (before + 1, all_before + 1) and found["nato-role"].verdict == "supported"


def test_years_gained_are_read_by_both_bands(study: Study, catalogue: Catalogue) -> None:
    for value, inputs, verdict in ((3.0, 2.0, "supported"), (3.0, 4.0, "depends"), (-2.0, 1.0, "not_supported")):
        years = {"accelerates": {**measure(value, 0.5, inputs), "n": 1, "level": "E1", "unit": "years"}}
        found = answers(study, catalogue, {"differences": [], "years_gained": years})
        assert next(one.verdict for one in found if one.claim.id == "accelerates") == verdict
