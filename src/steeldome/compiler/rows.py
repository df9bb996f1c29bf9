"""Record arrays of the tables from ranked entities."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import DTYPES, MULTIPLIER_ONE, N_CLASSES, N_ROW, RECORDS, SIGNATURE_ONE, THREAT_CLASSES
from steeldome.errors import Fault, ScenarioError
from steeldome.kernels.lethality import common_cause_split
from steeldome.streams import stable_id

Array = npt.NDArray[Any]
_MOST_MULTIPLIER: Final = 65_535
_HAZARD_POWER: Final = 2.0 / 3.0


def ranked(kind: str, names: Iterable[str]) -> dict[str, int]:
    """Row of each entity of one kind: the rank of its stable id.

    Raises
    ------
    ScenarioError
        Two names have one id.
    """
    by_id: dict[int, str] = {}
    for name in sorted(set(names)):
        number = stable_id(name)
        if number in by_id:
            message = f"'{by_id[number]}' and '{name}' have the same number in the tables; rename one of them"
            raise ScenarioError([Fault("", 0, kind, message)])
        by_id[number] = name
    return {by_id[number]: row for row, number in enumerate(sorted(by_id))}


def records(name: str, rows: Sequence[tuple[Any, ...]]) -> Array:
    """Record array of one table; fields in the order of `RECORDS`."""
    return np.array(list(rows), dtype=RECORDS[name])


def matrix(name: str, rows: Sequence[Any] | Array, *shape: int) -> Array:
    """Plain array of one table; ``shape`` are the axes after the first and hold when there are no rows."""
    return np.array(rows, dtype=DTYPES[name]).reshape((len(rows), *shape))


def common_multipliers(p_raid: float, p_object: float, sspk: Sequence[float]) -> tuple[Array, Array]:
    """Multipliers of p of one effector: in some of 32 states all its shots fail, in the others p is higher.

    Parameters
    ----------
    p_raid, p_object : float, 0..1
        Probability that all shots of this effector fail together, at one class for the whole raid and at one object.
    sspk : (class,) float, 0..1
        Single-shot probability of kill over all parts.

    Returns
    -------
    raid, object : (class, 32) int64, `MULTIPLIER_ONE` = 1
        Their means are 1, so that the whole is kept.
    """
    both = np.full((2, N_CLASSES, N_ROW), MULTIPLIER_ONE, dtype=np.int64)
    for k, p in enumerate(sspk):
        left = p
        for part, shared in enumerate((p_raid, p_object)):
            n_failing, left = common_cause_split(left, shared)
            n_failing = min(n_failing, N_ROW // 2)
            both[part, k, :n_failing] = 0
            if n_failing:
                both[part, k, n_failing:] = min(_MOST_MULTIPLIER, round(MULTIPLIER_ONE * N_ROW / (N_ROW - n_failing)))
    return both[0], both[1]


def miss_row(cep: float) -> list[int]:
    """Inverse distribution of the miss distance, 32 values in m, of a circular normal error with this CEP (m)."""
    return [round(cep * math.sqrt(-math.log2(1.0 - (i + 0.5) / N_ROW))) for i in range(N_ROW)]


def signature_row(spread: float) -> list[int]:
    """Inverse distribution of the multiplier of the hazard needed, 32 values, lognormal with median 1.

    ``spread`` is the one-sigma factor of the cross-section. The hazard of a look goes with the signal to a power that
    falls as the target comes nearer: at a false alarm probability of 1e-6, 0.95 where every other look detects it and
    0.41 where nine in ten do in Swerling case 1, 1.35 and 0.70 in case 3. 2/3 stands for all; the need goes with its
    inverse.
    """
    scale = _HAZARD_POWER * math.log(spread)
    values = (round(SIGNATURE_ONE * math.exp(scale * normal_quantile((i + 0.5) / N_ROW))) for i in range(N_ROW))
    return [min(_MOST_MULTIPLIER, max(1, value)) for value in values]


def confusion_rows(confusion: Mapping[tuple[str, str], float]) -> Array:
    """Declared class by true class, (class, 32) int64; chances are rounded to 32nds."""
    rows = np.repeat(np.arange(N_CLASSES)[:, None], N_ROW, axis=1)
    used = [0] * N_CLASSES
    for true_class, declared in sorted(confusion):
        k = THREAT_CLASSES.index(true_class)
        n = min(round(N_ROW * confusion[true_class, declared]), N_ROW - used[k])
        rows[k, used[k] : used[k] + n] = THREAT_CLASSES.index(declared)
        used[k] += n
    return rows


def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution, by bisection on the error function to 1e-9."""
    low, high = -8.0, 8.0
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        if 0.5 * math.erfc(-middle / math.sqrt(2.0)) < p:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def packed(values: Array, bits: int = 16) -> tuple[Array, Array]:
    """Rows of non-negative integers, each shifted right until it fits, and by how much."""
    shift = np.zeros(len(values), dtype=np.int64)
    most = values.max(axis=1, initial=0)
    while np.any(is_wide := most >> shift >= 1 << bits):
        shift += is_wide
    return values >> shift[:, None], shift
