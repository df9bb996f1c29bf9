"""Check a study before it is run: itself, against the catalogue, and against its terrain."""

from pathlib import Path

from steeldome.compiler.terrain import terrain_extent, terrain_faults
from steeldome.errors import Fault, SteeldomeError
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import load_study


def check(path: str | Path) -> tuple[Fault, ...]:
    """Every fault of a study.

    Parameters
    ----------
    path : str or Path
        Id of a shipped study, a folder with a ``study.yaml``, or such a file.

    Returns
    -------
    tuple of Fault
        Empty if the study can be run.
    """
    try:
        study = load_study(path, load_catalogue().known_ids())
    except SteeldomeError as error:
        return error.faults
    faults: list[Fault] = []
    if study.assumptions:
        try:
            load_catalogue(study)
        except SteeldomeError as error:
            faults += error.faults
    try:
        faults += terrain_faults(study, terrain_extent(study.environment, study.folder))
    except SteeldomeError as error:
        faults += error.faults
    return tuple(faults)
