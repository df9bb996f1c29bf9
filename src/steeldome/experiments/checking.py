"""Check a study before it is run: itself, against the catalogue, and against its terrain."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from steeldome.compiler.terrain import Gaps, load_terrain, terrain_extent, terrain_faults, terrain_gaps
from steeldome.errors import Fault, SteeldomeError
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import load_study
from steeldome.inputs.what_if import with_what_ifs


class Checked(NamedTuple):
    """What is wrong with a study, and how much of the ground around its places has no data."""

    faults: tuple[Fault, ...]
    gaps: Gaps | None


def check(path: str | Path, what_ifs: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Every fault of a study, and of what-ifs asked of it.

    Parameters
    ----------
    path : str or Path
        Id of a shipped study, a folder with a ``study.yaml``, or such a file.
    what_ifs : sequence of str
        See `steeldome.inputs.what_if.with_what_ifs`.

    Returns
    -------
    tuple of Fault
        Empty if the study can be run.
    """
    return check_with_ground(path, what_ifs).faults


def check_with_ground(path: str | Path, what_ifs: Sequence[str] = ()) -> Checked:
    """As `check`; ground that a study brings along is read whole, for what it lacks."""
    try:
        known = load_catalogue().known_ids()
        study = with_what_ifs(load_study(path, known), what_ifs, known)
    except SteeldomeError as error:
        return Checked(error.faults, None)
    try:
        faults = tuple(terrain_faults(study, terrain_extent(study.environment, study.folder)))
        if faults or not study.environment.is_brought_along:
            return Checked(faults, None)
        return Checked((), terrain_gaps(study, load_terrain(study.environment, study.folder)))
    except SteeldomeError as error:
        return Checked(error.faults, None)
