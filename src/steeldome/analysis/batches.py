"""Totals over batches of replications: the clusters behind intervals of counts by class and by system.

A row of totals is ``sound replications | outcomes (class, outcome) | kills (class, system) | shots (class, system) |
rounds (system)``, all exact integers that add in any order.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import ARMED, BACKGROUND, N_CLASSES, Tables
from steeldome.results.schema import CLASS_OUTCOMES, Sums

Array = npt.NDArray[Any]
_N_OUTCOMES = len(CLASS_OUTCOMES)


class Facts(NamedTuple):
    """What the tables of one case say before anything happens.

    Attributes
    ----------
    armed, covered, objects : (class,) int
        Armed objects launched; those of them that at least one fire unit has a window against; all hostile objects.
    background : int
        Objects of background traffic.
    value : int
        Value of all assets together, value points.
    assets : int
    systems : tuple of str
        Systems with fire units, in alphabetical order.
    system_index : (fire_unit,) int
        Index into `systems`.
    """

    armed: Array
    covered: Array
    objects: Array
    background: int
    value: int
    assets: int
    systems: tuple[str, ...]
    system_index: Array


def facts_of(tables: Tables, system_of_fire_unit: tuple[str, ...]) -> Facts:
    """Facts of one case.

    Parameters
    ----------
    tables : Tables
    system_of_fire_unit : tuple of str
        System of each fire unit.
    """
    kind = tables.threat["threat_class"]
    is_armed = tables.threat["hostile"] == ARMED
    is_covered = np.diff(tables.threat_pair_first) > 0
    systems = tuple(sorted(set(system_of_fire_unit)))
    return Facts(
        np.bincount(kind[is_armed], minlength=N_CLASSES),
        np.bincount(kind[is_armed & is_covered], minlength=N_CLASSES),
        np.bincount(kind[tables.threat["hostile"] != BACKGROUND], minlength=N_CLASSES),
        int((tables.threat["hostile"] == BACKGROUND).sum()),
        int(tables.asset["value"].sum()),
        len(tables.asset),
        systems,
        np.array([systems.index(system) for system in system_of_fire_unit], np.int64),
    )


def totals(sums: Sums, facts: Facts) -> Array:
    """One row of batch totals from the sums over its replications."""
    n = len(facts.systems)
    grouped = np.zeros((2, N_CLASSES, n), np.int64)
    rounds = np.zeros(n, np.int64)
    np.add.at(grouped[0].T, facts.system_index, sums.kills.T)
    np.add.at(grouped[1].T, facts.system_index, sums.shots.T)
    np.add.at(rounds, facts.system_index, sums.rounds)
    sound = sums.replications[:1]
    return np.concatenate([sound, sums.class_outcomes[:, :, 0].ravel(), grouped.ravel(), rounds])


class Batches(NamedTuple):
    """Batch totals of one case, by name. First axis: batch.

    Attributes
    ----------
    number : (batch,) i8
        Place of the batch among all.
    sound : (batch,) i8
    outcomes : (batch, class, outcome) i8
        Outcomes in the order of `CLASS_OUTCOMES`.
    kills, shots : (batch, class, system) i8
    rounds : (batch, system) i8
    """

    number: Array
    sound: Array
    outcomes: Array
    kills: Array
    shots: Array
    rounds: Array

    def of(self, outcome: str) -> Array:
        """Counts (batch, class) of one outcome."""
        return self.outcomes[:, :, CLASS_OUTCOMES.index(outcome)]


def split(table: Array, n_systems: int) -> Batches:
    """Batch totals (batch, column) by name; batches without a sound replication are left out."""
    number = np.flatnonzero(table[:, 0] > 0)
    table = table[number]
    n, pairs = len(table), N_CLASSES * n_systems
    ends = np.cumsum([1, N_CLASSES * _N_OUTCOMES, pairs, pairs, n_systems])
    sound, outcomes, kills, shots, rounds = np.split(table, ends[:-1], axis=1)
    assert rounds.shape[1] == n_systems, "batch totals have another layout"
    return Batches(
        number,
        sound[:, 0],
        outcomes.reshape(n, N_CLASSES, _N_OUTCOMES),
        kills.reshape(n, N_CLASSES, n_systems),
        shots.reshape(n, N_CLASSES, n_systems),
        rounds,
    )
