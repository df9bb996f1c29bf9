"""The catalogue and the synthetic study, read once."""

import pytest

from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import Study
from tests.compiler.tiny import tiny_study


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return tiny_study(tmp_path_factory.mktemp("tiny"))
