"""Coverage of a study: samples and their shares, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from steeldome.errors import ScenarioError
from steeldome.experiments.coverage import Question, coverage
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.environment import Weather
from steeldome.inputs.study import Study
from steeldome.kernels.coverage import CAUSES, COVERED
from steeldome.report.coverage_words import caption
from steeldome.report.wording import Wording
from tests.compiler.tiny import TEXT, tiny_study

CELL = 10_000.0


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def smooth(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The synthetic study on a smooth earth."""
    text = TEXT.replace("terrain: flat.tif", "terrain: none")
    return tiny_study(tmp_path_factory.mktemp("smooth"), text)


def test_shares_causes_and_areas_say_the_same(smooth: Study, catalogue: Catalogue) -> None:
    question = Question("base", "soumar_paveh", (100.0, 3_000.0), samples=6, cell=CELL)
    found = coverage(smooth, catalogue, question)
    cells = found.grid.area
    assert np.all((found.cause == COVERED) == (found.share == 1.0))
    np.testing.assert_allclose(np.round(found.share * 6), found.share * 6, atol=1e-9)
    np.testing.assert_allclose((found.share * cells).sum(axis=(1, 2)), found.area.mean(axis=1))
    assert found.area.shape == (2, 6)
    assert np.all(found.area[0] < found.area[1]), "the horizon lies nearer for a low target"
    low = {CAUSES[code] for code in np.unique(found.cause[0])}
    assert "horizon" in low and "terrain" not in low, "there is no ground on a smooth earth"
    assert set(found.reach()) == {eye.sensor.id for eye in found.eyes}


def test_the_same_question_gives_the_same_answer_and_another_seed_other_sites(
    smooth: Study, catalogue: Catalogue
) -> None:
    question = Question("base", "soumar_paveh", (500.0,), samples=3, cell=CELL)
    first, again, other = (coverage(smooth, catalogue, question, seed) for seed in (None, None, 8))
    np.testing.assert_array_equal(first.share, again.share)
    np.testing.assert_array_equal(first.cause, again.cause)
    assert not np.array_equal(first.share, other.share)


def test_a_unit_more_never_hides_anything(smooth: Study, catalogue: Catalogue) -> None:
    base, more = (
        coverage(smooth, catalogue, Question(laydown, "kalibr", (100.0, 1_000.0), samples=3, cell=CELL))
        for laydown in ("base", "base-more")
    )
    assert np.all(more.share >= base.share)


def test_rain_takes_ground_from_a_map_and_is_said(smooth: Study, catalogue: Catalogue) -> None:
    wet = smooth.model_copy(
        update={
            "environment": smooth.environment.model_copy(update={"weather": Weather(rain_rate=50 / 3.6e6, radius=3e4)})
        }
    )
    question = Question("base", "kalibr", (3_000.0,), samples=3, cell=CELL)
    dry, rainy = (coverage(study, catalogue, question) for study in (smooth, wet))
    assert np.all(rainy.share <= dry.share) and rainy.area.sum() < 0.98 * dry.area.sum()
    said = [caption(found, {"laydown": "l", "threat": "t"}, Wording("en", str)) for found in (dry, rainy)]
    assert "Rain" not in said[0] and "Rain of 50.0 mm/h up to 30 km around each sensor." in said[1]


def test_one_asset_has_a_map_of_its_own(smooth: Study, catalogue: Catalogue) -> None:
    question = Question("base", "kalibr", (500.0,), samples=1, around="far", radius=20_000.0)
    found = coverage(smooth, catalogue, question)
    assert found.question.cell == 1_000.0
    assert found.grid.n_rows == pytest.approx(40, abs=1)
    far = next(asset for asset in smooth.assets if asset.id == "far")
    assert found.grid.cell_of(far.latitude, far.longitude) == (20, 20)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"laydown": "bas"}, "laydown: no 'bas' in this study; allowed: base"),
        ({"threat": "soumar"}, "threat: no threat type 'soumar'; allowed: al_hussein"),
        ({"around": "hom"}, "around: no asset 'hom' in this study; allowed: home"),
        ({"side": "eirs"}, "side: no sensor 'eirs'; allowed: eirs/1/eirs"),
        ({"heights": (100.0, 0.1)}, "altitude: must be in 1 m..200 km above ground, got 0.1 m"),
        ({"samples": 2}, "samples: 2 say too little below 300 m above ground; ask for 3 or more"),
        ({"cell": 300.0}, "cell: 1,"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    smooth: Study, catalogue: Catalogue, change: dict[str, object], said: str, tmp_path: Path
) -> None:
    asked = {"laydown": "base", "threat": "soumar_paveh", "heights": (100.0,), "samples": 3, "cell": CELL} | change
    with pytest.raises(ScenarioError) as refused:
        coverage(smooth, catalogue, Question(**asked))  # type: ignore[arg-type]
    assert any(str(fault).startswith(said) for fault in refused.value.faults), refused.value.faults
