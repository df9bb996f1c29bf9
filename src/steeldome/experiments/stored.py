"""What a run folder keeps of a compiled case: arrays without pickle, everything else as JSON beside them."""

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from steeldome.compiler.compiled import Compiled, InputUsed, Names, SensorCoverage, UnitSite
from steeldome.compiler.tables import DTYPES, RECORDS, Tables
from steeldome.errors import Fault, ResultsError

Array = npt.NDArray[Any]

_ABOUT: Final = "about"
_TABLES: Final = "tables/"


def encode_case(case: Compiled) -> dict[str, Array]:
    """Arrays that hold a case; the text parts as bytes of one JSON text."""
    about = {
        "names": json.loads(case.names.to_json()),
        "sites": case.sites_json(),
        "inputs_used": [{name: getattr(used, name) for name in InputUsed.__slots__} for used in case.inputs_used],
        "threat_types": list(case.threat_types),
    }
    text = json.dumps(about, ensure_ascii=False, sort_keys=True).encode("utf-8")
    arrays = {f"{_TABLES}{name}": array for name, array in zip(Tables._fields, case.tables, strict=True)}
    return {**arrays, _ABOUT: np.frombuffer(text, np.uint8)}


def decode_case(arrays: Mapping[str, Array]) -> Compiled:
    """The case that `encode_case` laid out, its tables read-only again.

    Raises
    ------
    ResultsError
        Arrays are missing or of another type.
    """
    wanted: dict[str, Any] = {**DTYPES, **RECORDS}
    read = []
    for name in Tables._fields:
        array = arrays.get(f"{_TABLES}{name}")
        if array is None or array.dtype != np.dtype(wanted[name]):
            raise ResultsError(
                [Fault("", 0, name, "stored table is missing or of another format; run the study again")]
            )
        array.flags.writeable = False
        read.append(array)
    about = json.loads(arrays[_ABOUT].tobytes().decode("utf-8"))
    return Compiled(
        Tables(*read),
        Names.from_json(json.dumps(about["names"])),
        {unit: _site(site) for unit, site in about["sites"].items()},
        tuple(InputUsed(**used) for used in about["inputs_used"]),
        tuple(about["threat_types"]),
    )


def _site(about: Mapping[str, Any]) -> UnitSite:
    rings = tuple(
        SensorCoverage(ring["sensor"], tuple(ring["cruise_km"]), tuple(ring["drone_km"])) for ring in about["coverage"]
    )
    return UnitSite(**{**about, "coverage": rings})


def systems_of(case: Compiled) -> tuple[str, ...]:
    """Catalogue id of the system that each fire unit belongs to."""
    return tuple(case.sites[case.names.units[row]].system for row in case.tables.fire_unit["unit"].tolist())
