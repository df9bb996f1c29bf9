"""A block of replications: a pure function of (tables, seed, range), so any number of workers gives one answer."""

import hashlib
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from steeldome.compiler.tables import N_CLASSES, N_STAGES, Tables
from steeldome.engine.borrow import lend
from steeldome.engine.command import survey_network
from steeldome.engine.jit import entry
from steeldome.engine.replication import simulate
from steeldome.engine.state import N_EVENTS, State, new_state
from steeldome.engine.tally import N_OUTCOMES, add_to_sums, write_row
from steeldome.results.schema import ROW, TRUTH, Sums, Trace, empty_sums

Rows = npt.NDArray[np.void]
Counts = npt.NDArray[np.int64]


@entry
def _run(
    t: Tables, s: State, total: Sums, seed: int, start: int, rows: Rows, by_truth: Counts, by_class: Counts
) -> None:
    survey_network(t, s)
    for i in range(rows.shape[0]):
        simulate(t, s, seed, start + i)
        write_row(t, s, rows[i], by_truth)
        add_to_sums(t, s, total, by_class)


@cache
def sources_label() -> str:
    """Digest of the sources that the compiled code comes from.

    It is part of the type of what the code takes. Numba looks only at a function's own file when it decides whether
    compiled code on disk still holds; with this label, code of other sources is never used.
    """
    package = files("steeldome")
    rooms = [path for room in ("engine", "kernels", "results") for path in package.joinpath(room).iterdir()]
    sources = [path for path in (*rooms, package.joinpath("compiler", "tables.py")) if path.name.endswith(".py")]
    digest = hashlib.sha256()
    for path in sorted(sources, key=str):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _run_all(tables: Tables, state: State, seed: int, start: int, stop: int) -> tuple[Rows, Sums]:
    rows = np.zeros(stop - start, ROW)
    sums = empty_sums(N_CLASSES, len(tables.asset), len(tables.fire_unit), N_STAGES)
    by_truth, by_class = np.zeros(len(TRUTH), np.int64), np.zeros((N_CLASSES, N_OUTCOMES), np.int64)
    signed_seed = int(np.uint64(seed).astype(np.int64))
    lent = (lend(sources_label(), arrays) for arrays in (tables, state, sums))
    _run(*lent, signed_seed, start, rows, by_truth, by_class)
    return rows, sums


def run_block(tables: Tables, seed: int, start: int, stop: int) -> tuple[Rows, Sums]:
    """Replications start .. stop - 1 of one case.

    Parameters
    ----------
    tables : Tables
    seed : int, 0..2**64 - 1
    start, stop : int, 0 <= start <= stop <= 2**32

    Returns
    -------
    rows : (stop - start,) `schema.ROW`
        In order of replication.
    sums : Sums
        Exact sums over the sound ones.

    Notes
    -----
    Releases the interpreter lock; safe to call from several threads, each call owns its state.
    """
    return _run_all(tables, new_state(tables), seed, start, stop)


def trace_replication(tables: Tables, seed: int, replication: int) -> Trace:
    """Replay one replication with every event kept.

    Parameters
    ----------
    tables : Tables
    seed, replication : int

    Returns
    -------
    Trace
        The same outcome as the replication's row in a block, with its story.
    """
    n_events = 4096
    while True:
        state = new_state(tables, n_events)
        rows, _ = _run_all(tables, state, seed, replication, replication + 1)
        if state.scalar[N_EVENTS] <= n_events:
            break
        n_events = int(state.scalar[N_EVENTS])
    return Trace(
        row=rows[0],
        events=state.events[: state.scalar[N_EVENTS]],
        truth=state.threat["truth"].copy(),
        killer=state.threat["killer"].copy(),
        stage=state.pair["stage"].copy(),
        shots=state.pair["shots"].copy(),
    )
