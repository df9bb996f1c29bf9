"""Check a study before it is run: itself, against the catalogue, and against its terrain."""

from collections.abc import Sequence
from pathlib import Path

from steeldome.compiler.terrain import terrain_extent, terrain_faults
from steeldome.errors import Fault, SteeldomeError
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import load_study
from steeldome.inputs.what_if import with_what_ifs


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
    try:
        known = load_catalogue().known_ids()
        study = with_what_ifs(load_study(path, known), what_ifs, known)
    except SteeldomeError as error:
        return error.faults
    faults: list[Fault] = []
    try:
        faults += terrain_faults(study, terrain_extent(study.environment, study.folder))
    except SteeldomeError as error:
        faults += error.faults
    return tuple(faults)
