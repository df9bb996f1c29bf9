"""What the compiler leaves out changes no outcome."""

import numpy as np
import pytest

from steeldome.compiler.pruning import is_useful
from steeldome.compiler.tables import NEVER, Tables, replace_tables
from steeldome.engine.blocks import run_block
from tests.reference.generator import random_tables


def with_ample_sensors(tables: Tables) -> Tables:
    sensor = tables.sensor.copy()
    sensor["capacity"] = NEVER
    return replace_tables(tables, sensor=sensor)


@pytest.mark.parametrize("scenario", range(60))
def test_rows_left_out_change_no_outcome(scenario: int) -> None:
    tables = with_ample_sensors(random_tables(scenario))
    keep = is_useful(tables._asdict())
    pruned = replace_tables(tables, sense=tables.sense[keep])
    assert np.array_equal(run_block(tables, 8, 0, 30)[0], run_block(pruned, 8, 0, 30)[0])


def test_some_rows_are_left_out_and_some_stay() -> None:
    kept = np.concatenate([is_useful(random_tables(scenario)._asdict()) for scenario in range(60)])
    assert 0.05 < np.mean(kept) < 0.95
