"""What ``steeldome terrain`` does: brings elevation files into a study, and says what a terrain holds."""

import math
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from steeldome.app.asked import spaced
from steeldome.app.printing import Translate, number, print_json, share
from steeldome.errors import Fault, ScenarioError

if TYPE_CHECKING:
    from steeldome.compiler.terrain import Terrain
    from steeldome.interop.elevation_grid import Bounds

_TELL_ABOVE: Final = 20_000_000  # cells to read, some seconds
_METRES_A_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6371 km; for a rounded size in metres only


def cell_size(text: str) -> float:
    """Size of a cell in degrees, from text such as ``30arcsec``.

    Raises
    ------
    typer.BadParameter
        It is none.
    """
    from steeldome.units import parse_quantity

    try:
        size = math.degrees(parse_quantity(spaced(text), "angle"))
    except ValueError:
        size = 0.0
    if not 0.0 < size <= 1.0:
        message = f"'{text}' is no size of a cell; write for example 30arcsec, 3arcsec or 0.01deg (1arcsec is 31 m)"
        raise typer.BadParameter(message, param_hint="--cell")
    return size


def bounds_of(text: str) -> "Bounds":
    """South, west, north, east, deg, from text such as ``36,26,42,45``.

    Raises
    ------
    typer.BadParameter
        They are none.
    """
    from steeldome.interop.elevation_grid import Bounds
    from steeldome.units import parse_number

    try:
        south, west, north, east = (parse_number(part.strip()) for part in text.split(","))
    except ValueError:
        message = f"'{text}' are not four numbers; write south,west,north,east in degrees, such as 36,26,42,45"
        raise typer.BadParameter(message, param_hint="--bounds") from None
    if not (-90.0 <= south < north <= 90.0 and -180.0 <= west < east <= 180.0):
        message = f"'{text}' enclose nothing; write south,west,north,east in degrees, south and west first"
        raise typer.BadParameter(message, param_hint="--bounds")
    return Bounds(south, west, north, east)


def import_terrain(
    files: Sequence[str],
    out: Path,
    cell: float | None,
    bounds: "Bounds | None",
    as_json: bool,
    translate: Translate,
) -> int:
    """Merge elevation files into the terrain of a study."""
    from steeldome.compiler.terrain import terrain_from
    from steeldome.interop.elevation import MAX_FILES, checked_path, reading
    from steeldome.interop.elevation_grid import merge
    from steeldome.interop.geotiff import write_grid

    if len(files) > MAX_FILES:
        raise ScenarioError(f"{len(files)} files are given, at most {MAX_FILES} are read at a time; merge some first")
    _check_out(out, [checked_path(file) for file in files])
    with reading() as reader:
        tiles = [reader.open(file) for file in files]
        if sum(tile.rows * tile.columns for tile in tiles) > _TELL_ABOVE:
            print(translate("reading; this takes some seconds"), file=sys.stderr)
        grid = merge(reader, tiles, cell, bounds)
    try:
        write_grid(out, grid)
    except OSError as reason:
        message = f"cannot be written ({reason.strerror or reason}); give another --out"
        raise ScenarioError([Fault(str(out), 0, "", message)]) from reason
    facts = {"files": len(files), **terrain_facts(out, terrain_from(out, out.name))}
    if as_json:
        print_json(facts)
    else:
        _print_facts(facts, translate)
        print(translate("write into study.yaml, below 'environment': {line}").format(line=facts["study_line"]))
        if not (out.parent / "study.yaml").is_file():
            line = translate("{folder} is no study folder; the study that uses it needs the file beside its study.yaml")
            print(line.format(folder=out.parent), file=sys.stderr)
    return 0


def show_terrain(name: str, as_json: bool, translate: Translate) -> int:
    """Say what an elevation file or a shipped terrain holds."""
    from steeldome.compiler.terrain import terrain_file, terrain_from
    from steeldome.inputs.environment import Environment
    from steeldome.interop.elevation import checked_path

    if re.fullmatch(r"[A-Za-z0-9_-]+", name) and not Path(name).exists():
        if not Environment(terrain=name).has_terrain:
            raise ScenarioError(f"{name}: a smooth earth at sea level, there is no file to show")
        path = terrain_file(Environment(terrain=name), None)
    else:
        path = checked_path(name)
    is_plain = path.suffix.lower() in (".tif", ".tiff")
    facts = terrain_facts(path, terrain_from(path, path.name) if is_plain else _foreign(name))
    if path.stem == name:
        facts["study_line"] = f"terrain: {name}"
    if as_json:
        print_json(facts)
    else:
        _print_facts(facts, translate)
        if is_plain:
            print(translate("write into study.yaml, below 'environment': {line}").format(line=facts["study_line"]))
        else:
            command = f"steeldome terrain import {shlex.quote(name)} --out STUDY_FOLDER/terrain.tif"
            print(translate("to use it in a study, type '{command}'").format(command=command))
    return 0


def _foreign(name: str) -> "Terrain":
    """A file of a foreign format as it would be imported."""
    import numpy as np

    from steeldome.compiler.terrain import Terrain
    from steeldome.inputs.elevation import NO_DATA
    from steeldome.interop.elevation import reading
    from steeldome.interop.elevation_grid import merge

    with reading() as reader:
        grid = merge(reader, [reader.open(name)], None, None)
    hole = np.isnan(grid.height) if grid.height.dtype.kind == "f" else grid.height == NO_DATA
    height, missing = np.where(hole, 0, grid.height), hole if hole.any() else None
    north, west, step = map(math.radians, (grid.north, grid.west, grid.step))
    return Terrain(name, height, north, west, step, missing=missing)


def _check_out(out: Path, files: Sequence[Path]) -> None:
    """Refuse a file to write that no study can name, that has no folder, or that is one of those to read."""
    from pydantic import ValidationError

    from steeldome.inputs.environment import Environment

    message = ""
    if out.is_dir():
        message = f"is a folder; write for example --out {shlex.quote(str(out / 'terrain.tif'))}"
    elif out.suffix not in (".tif", ".tiff"):
        message = f"is no name for a terrain; write for example --out {shlex.quote(str(out.with_suffix('.tif')))}"
    elif not out.parent.is_dir():
        message = "there is no such folder; make it, or give another --out"
    elif out.exists() and any(out.samefile(file) for file in files):
        message = "is one of the files to read; give another --out"
    else:
        try:
            Environment(terrain=out.name)
        except ValidationError:
            message = "no study can name such a file; take up to 63 letters, digits, '-' and '_', then .tif"
    if message:
        raise ScenarioError([Fault(str(out), 0, "--out", message)])


def terrain_facts(path: Path, terrain: "Terrain") -> dict[str, Any]:
    """What a terrain holds, under keys that carry the unit."""
    height, extent = terrain.height, terrain.extent
    holes = 0 if terrain.missing is None else int(terrain.missing.sum())
    known = height if terrain.missing is None else height[~terrain.missing]
    edges = {f"{side}_deg": math.degrees(getattr(extent, side)) for side in ("south", "west", "north", "east")}
    return {
        "file": str(path),
        "rows": height.shape[0],
        "columns": height.shape[1],
        "cell_arcsec": round(math.degrees(terrain.step) * 3600.0, 6),
        **{side: round(degrees, 9) for side, degrees in edges.items()},
        "lowest_m": float(known.min()) if known.size else None,
        "highest_m": float(known.max()) if known.size else None,
        "dtype": str(height.dtype),
        "bytes": path.stat().st_size,
        "cells_without_data": holes,
        "share_without_data": holes / height.size,
        "study_line": f"terrain: {path.name}",
    }


def _print_facts(facts: Mapping[str, Any], translate: Translate) -> None:
    north = _METRES_A_DEGREE * facts["cell_arcsec"] / 3600.0
    east = north * math.cos(math.radians(0.5 * (facts["south_deg"] + facts["north_deg"])))
    lines = (
        (translate("{file}: {rows} rows, {columns} columns, {size} MB"), {"size": number(facts["bytes"] / 1e6)}),
        (
            translate("cell {cell} arcsec: {north} m to the north, {east} m to the east in the middle"),
            {"cell": number(facts["cell_arcsec"]), "north": number(north), "east": number(east)},
        ),
        (
            translate("edges in degrees: south {south}, west {west}, north {north}, east {east}"),
            {side: f"{facts[f'{side}_deg']:.7g}" for side in ("south", "west", "north", "east")},
        ),
        (
            translate("heights {lowest} to {highest} m above mean sea level"),
            {"lowest": number(facts["lowest_m"]), "highest": number(facts["highest_m"])},
        ),
    )
    for pattern, values in lines:
        print(pattern.format(**{**facts, **values}))
    cells = facts["rows"] * facts["columns"]
    counted = {"n": f"{facts['cells_without_data']:,}", "cells": f"{cells:,}"}
    if facts["cells_without_data"]:
        line = translate("no data in {n} of {cells} cells ({share}); a run takes them as sea level")
        print(line.format(**counted, share=share(facts["share_without_data"])))
    else:
        print(translate("data in each of the {cells} cells").format(**counted))
