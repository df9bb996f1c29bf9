"""Foreign elevation files: GeoTIFF, SRTM (.hgt) and DTED tiles, checked here and read in a process of its own.

GDAL, by way of rasterio, knows what these formats became over thirty years; it is a large reader written in C, and so a
hostile file meets it only inside `steeldome.interop.elevation_child`, with limits and without this process's memory.
Name, kind and size of a file are judged before GDAL sees it, its header before any height is read.
"""

import importlib.util
import json
import math
import os
import re
import select
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.elevation import DEEPEST, HIGHEST, LEAST_CELLS, MAX_CELLS, MAX_PIECE_BYTES, NO_DATA

DRIVERS: Final[Mapping[str, str]] = {
    ".tif": "GTiff",
    ".tiff": "GTiff",
    ".hgt": "SRTMHGT",
    ".dt0": "DTED",
    ".dt1": "DTED",
    ".dt2": "DTED",
}
MAX_FILES: Final = 500
SECONDS: Final = 30.0  # for one answer of the reading process
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+._-]+:")
_HGT_NAME: Final = re.compile(r"[NS]\d{2}[EW]\d{3}(\.[A-Za-z0-9_]+)?\.hgt", re.IGNORECASE)
_HGT_BYTES: Final = {2 * rows * columns for rows, columns in ((1201, 1201), (1801, 3601), (3601, 3601), (3601, 1801))}
# Not HOME: GDAL would read settings there.
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "TMPDIR", "VIRTUAL_ENV")
_METRES: Final = ("", "m", "metre", "metres", "meter", "meters")
_CHILD: Final = "steeldome.interop.elevation_child"


@dataclass(frozen=True, slots=True)
class Tile:
    """One elevation file whose header is sound: WGS-84 degrees, north up, heights in metres above mean sea level.

    ``north`` and ``west`` are the outer edges of the first cell, deg; steps are the size of a cell, deg. ``is_whole``
    says that heights are whole metres.
    """

    path: Path
    index: int
    rows: int
    columns: int
    north: float
    west: float
    step_north: float
    step_east: float
    is_whole: bool

    @property
    def south(self) -> float:
        """Outer edge of the last row, deg."""
        return self.north - self.rows * self.step_north

    @property
    def east(self) -> float:
        """Outer edge of the last column, deg."""
        return self.west + self.columns * self.step_east


def checked_path(name: str) -> Path:
    """An elevation file as an absolute path without links, before any reader sees it.

    Raises
    ------
    ScenarioError
        It is an address, a name of GDAL's own file systems, no regular file, or of a kind that is not read.
    """
    if _SCHEME.match(name) or name.startswith("/vsi"):
        raise _fault(name, "is an address; only files on this machine are read, fetch it first")
    path = Path(name)
    try:
        mode = path.stat().st_mode
        resolved = path.resolve(strict=True)
    except OSError as reason:
        raise _fault(name, f"cannot be read ({reason.strerror or reason})") from None
    except ValueError:
        raise _fault(name.replace("\0", "?"), "is no file name") from None
    if stat.S_ISDIR(mode):
        raise _fault(name, f"is a folder; name the files in it, for example {name.rstrip('/')}/*.hgt")
    if not stat.S_ISREG(mode) or str(resolved).startswith("/vsi"):
        raise _fault(name, "is no regular file; name a .tif, .hgt or .dt0, .dt1, .dt2 file")
    if resolved.suffix.lower() not in DRIVERS:
        raise _fault(name, f"is of no kind that is read; allowed are {', '.join(DRIVERS)}")
    size = resolved.stat().st_size
    if size == 0:
        raise _fault(name, "is empty; fetch it again")
    if resolved.suffix.lower() == ".hgt":
        if not _HGT_NAME.fullmatch(resolved.name):
            raise _fault(name, "says nothing of its place; an SRTM tile is named after its corner, such as N39E032.hgt")
        if size not in _HGT_BYTES:
            allowed = ", ".join(f"{one:,}" for one in sorted(_HGT_BYTES))
            raise _fault(name, f"has {size:,} bytes, an SRTM tile has one of {allowed}; fetch it again, or unpack it")
    return resolved


class Reader:
    """The reading process, asked one thing at a time."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._names: list[str] = []

    def open(self, name: str) -> Tile:
        """Header of a file, checked.

        Raises
        ------
        ScenarioError
            Naming the file: what is wrong with it, and what to type.
        """
        path = checked_path(name)
        said = self._ask(name, ["open", str(path), DRIVERS[path.suffix.lower()]])
        if "fault" in said:
            kind = DRIVERS[path.suffix.lower()].replace("GTiff", "GeoTIFF").replace("SRTMHGT", "SRTM")
            raise _fault(name, f"is no readable {kind} file ({_without_path(said['fault'], path)})")
        self._names.append(name)
        tile = checked_tile(name, path, said)
        self.read(tile, slice(tile.rows - 1, tile.rows), slice(tile.columns - 1, tile.columns))  # is the end there?
        return tile

    def read(self, tile: Tile, rows: slice, columns: slice) -> npt.NDArray[Any]:
        """Heights of a window of a tile, (row, column) float32 m; NaN where there is no data."""
        shape = rows.stop - rows.start, columns.stop - columns.start
        name = self._names[tile.index]
        said = self._ask(name, ["read", tile.index, rows.start, shape[0], columns.start, shape[1]])
        if "fault" in said:
            reason = _without_path(said["fault"], tile.path)
            message = f"is cut short or damaged, in rows {rows.start} to {rows.stop} ({reason}); fetch it again"
            raise _fault(name, message)
        data = self._bytes(name, said["bytes"])
        if said["bytes"] == 2 * shape[0] * shape[1]:
            found = np.frombuffer(data, np.int16).reshape(shape)
            heights = np.where(found == NO_DATA, np.float32(np.nan), found.astype(np.float32))
        else:
            heights = np.frombuffer(data, np.float32).reshape(shape)
        lowest, highest = (float(one.reduce(heights, axis=None)) for one in (np.fmin, np.fmax))
        if lowest < DEEPEST or highest > HIGHEST:
            message = (
                f"has heights from {lowest:.6g} to {highest:.6g} m, which the earth has not; if one of them stands "
            )
            raise _fault(name, message + "for no data, say so with 'gdal_translate -a_nodata NUMBER'")
        return heights

    def _ask(self, name: str, request: Sequence[object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended(name) from None
        line = bytearray()
        until = time.monotonic() + SECONDS
        while not line.endswith(b"\n"):
            line += self._some(name, 1, until)
        said: dict[str, Any] = json.loads(line)
        return said

    def _bytes(self, name: str, count: int) -> bytes:
        data = bytearray()
        until = time.monotonic() + SECONDS
        while len(data) < count:
            data += self._some(name, count - len(data), until)
        return bytes(data)

    def _some(self, name: str, most: int, until: float) -> bytes:
        """At least one byte of an answer, at most so many."""
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        ready, _, _ = select.select([output], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise _fault(name, f"took the reader longer than {SECONDS:.0f} s; write it again with 'gdal_translate'")
        data = os.read(output, min(most, 1 << 20))
        if not data:
            raise self._ended(name)
        return data

    def _ended(self, name: str) -> ScenarioError:
        status = self._process.wait()
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        return _fault(name, f"could not be read: the reading process {how}; is the file sound? fetch it again")


@contextmanager
def reading() -> Iterator[Reader]:
    """A reading process, ended on leaving.

    Raises
    ------
    ScenarioError
        rasterio is not installed.
    """
    if importlib.util.find_spec("rasterio") is None:
        message = "files of this kind are read by rasterio, which is not installed; type "
        raise ScenarioError(message + f"'{sys.executable} -m pip install rasterio' (the extra 'geo' of Steeldome)")
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PROJ_NETWORK": "OFF", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        yield Reader(process)
    finally:
        process.kill()
        process.communicate()


def checked_tile(name: str, path: Path, said: Mapping[str, Any]) -> Tile:
    """A tile from what its header says.

    Raises
    ------
    ScenarioError
        With the first thing that is wrong.
    """
    rows, columns = said["rows"], said["columns"]
    step_east, skew_x, west, skew_y, minus_step, north = (float(text) for text in said["transform"])
    again = f"'gdalwarp -t_srs EPSG:4326 {path.name} wgs84.tif'"
    faults = (
        (rows * columns > MAX_CELLS, f"claims {rows} x {columns} cells; at most {MAX_CELLS:,} are read, cut it first"),
        (
            min(rows, columns) < LEAST_CELLS,
            f"has {rows} rows and {columns} columns; at least {LEAST_CELLS} of each make a ground",
        ),
        (said["bands"] != 1, f"has {said['bands']} bands; heights are one, 'gdal_translate -b 1' takes the first"),
        (
            np.dtype(said["dtype"]).kind not in "iuf",
            f"holds {said['dtype']}, no heights; write whole or floating-point metres",
        ),
        (not said["crs"], "names no coordinate system; add it with 'gdal_translate -a_srs EPSG:4326' if that is it"),
        (not said["is_wgs84"], f"is in '{said['crs']}', not in WGS-84 degrees; type {again}"),
        (
            said["is_ellipsoidal"],
            f"has heights above the ellipsoid ('{said['crs']}'), heights above mean sea level are needed; type "
            f"'gdalwarp -s_srs EPSG:4979 -t_srs EPSG:4326+5773 {path.name} above-sea.tif'",
        ),
        (
            not said["is_up_in_metres"] or said["unit"].lower() not in _METRES,
            f"has heights in '{said['unit']}' ('{said['crs']}'), metres upwards are needed; convert with 'gdal_calc'",
        ),
        (said["is_scaled"], "stores scaled heights; write metres with 'gdal_translate -unscale'"),
        (
            said["block_bytes"] > MAX_PIECE_BYTES,
            f"is stored in pieces of {said['block_bytes'] >> 20} MiB; write it again with "
            "'gdal_translate -co TILED=YES'",
        ),
        *_place_faults(rows, columns, (west, north), (step_east, -minus_step), (skew_x, skew_y)),
    )
    for is_wrong, message in faults:
        if is_wrong:
            raise _fault(name, message)
    is_whole = np.can_cast(said["dtype"], np.int16)
    return Tile(path, said["index"], rows, columns, north, west, -minus_step, step_east, is_whole)


def _place_faults(
    rows: int,
    columns: int,
    corner: tuple[float, float],
    steps: tuple[float, float],
    skews: tuple[float, float],
) -> Iterator[tuple[bool, str]]:
    """Whether a grid has no place on the globe; (west, north), (east, north) and skews in degrees."""
    (west, north), (step_east, step_north) = corner, steps
    yield not all(map(math.isfinite, (*corner, *steps, *skews))), "has no finite place on earth; write it again"
    yield any(skews) or min(steps) <= 0.0, "is turned or upside down; type 'gdalwarp -t_srs EPSG:4326' to put north up"
    south, east = north - rows * step_north, west + columns * step_east
    yield (
        not (-90.0 - step_north <= south and north <= 90.0 + step_north and -180.0 - step_east <= west)
        or east > 180.0 + step_east,
        f"reaches from {south:.6g} to {north:.6g} deg north and {west:.6g} to {east:.6g} deg east, beyond the globe of "
        "-90 to 90 and -180 to 180",
    )


def _without_path(reason: str, path: Path) -> str:
    """What a library says, without the folder that the user knows."""
    return " ".join(reason.replace(str(path), path.name).split()).rstrip(".")


def _fault(name: str, message: str) -> ScenarioError:
    return ScenarioError([Fault(name, 0, "", message)])
