"""Rows of inverse distributions and ranks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steeldome.compiler import rows
from steeldome.compiler.tables import MULTIPLIER_ONE, N_CLASSES, SIGNATURE_ONE, THREAT_CLASSES
from steeldome.errors import ScenarioError
from steeldome.streams import stable_id


@given(st.floats(0.0, 0.3), st.floats(0.0, 0.3), st.floats(0.0, 0.95))
def test_common_causes_keep_the_mean_and_never_lift_p_over_one(raid: float, one: float, sspk: float) -> None:
    both = rows.common_multipliers(raid, one, [sspk] * N_CLASSES)
    for part in both:
        assert part[0].mean() == pytest.approx(MULTIPLIER_ONE, rel=1e-4)
    highest = sspk * both[0].max() * both[1].max() / MULTIPLIER_ONE**2
    assert highest <= 1.0 + 1e-4


def test_half_of_all_misses_lie_within_the_cep() -> None:
    row = rows.miss_row(400.0)
    assert row[15] < 400.0 < row[16]
    assert np.mean(np.square(row)) == pytest.approx(400.0**2 / np.log(2.0), rel=0.05)


def test_the_median_signature_changes_nothing() -> None:
    row = rows.signature_row(2.0)
    assert row[15] < SIGNATURE_ONE < row[16]
    assert row == sorted(row)
    assert rows.normal_quantile(0.975) == pytest.approx(1.959964, abs=1e-6)


def test_confusion_is_the_truth_but_for_its_share() -> None:
    table = rows.confusion_rows({("mrbm", "srbm"): 0.25, ("mrbm", "cruise"): 0.01})
    mrbm, srbm = THREAT_CLASSES.index("mrbm"), THREAT_CLASSES.index("srbm")
    assert (table[mrbm] == srbm).sum() == 8 and (table[mrbm] == mrbm).sum() == 24
    assert (table[srbm] == srbm).all()


def test_rows_stand_in_order_of_their_ids_and_colliding_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"threat/{n}" for n in range(50)]
    order = list(rows.ranked("threats", names))
    assert [stable_id(name) for name in order] == sorted(stable_id(name) for name in names)
    assert list(rows.ranked("threats", names[::-1])) == order
    monkeypatch.setattr(rows, "stable_id", lambda name: 7)
    with pytest.raises(ScenarioError, match="'a' and 'b' have the same number"):
        rows.ranked("units", ["b", "a"])


def test_packing_halves_until_it_fits() -> None:
    values, shift = rows.packed(np.array([[0, 65_536, 131_071], [1, 2, 65_535]]))
    assert shift.tolist() == [1, 0] and values.tolist() == [[0, 32_768, 65_535], [1, 2, 65_535]]
    assert rows.packed(np.zeros((0, 3), np.int64))[1].tolist() == []
