"""Reads the one kind of GeoTIFF that a study names as its terrain; judges its header before any height.

The file may come from a stranger.  All work is bounded by what the header claims, and the header by `MAX_CELLS`
and `MAX_PIECE_BYTES`: a segment is inflated to its stated size and no further.  Anything else that GeoTIFF can be
is for ``steeldome terrain import``, which writes this kind.
"""

import logging
import math
import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import tifffile

from steeldome.errors import Fault, ScenarioError
from steeldome.inputs.elevation import DEEPEST, HIGHEST, LEAST_CELLS, MAX_CELLS, MAX_PIECE_BYTES, NO_DATA

_GEOGRAPHIC: Final = 2  # GTModelTypeGeoKey
_WGS84: Final = 4326
_WGS84_WITH_HEIGHT: Final = 4979  # heights above the ellipsoid
_POINT: Final = 2  # GTRasterTypeGeoKey: the tie point is the centre of a cell, not its corner
_ELLIPSOIDAL: Final = range(5001, 5034)  # VerticalCSTypeGeoKey of GeoTIFF 1.0
_ABOVE_SEA: Final = (0, 3855, 5714, 5773, 5798)  # not said; EGM2008, mean sea level, EGM96, EGM84: EPSG, all in metres
_METRE: Final = 9001  # VerticalUnitsGeoKey
_NODATA_TAG: Final = 42113
_PLAIN, _DEFLATED = 1, (8, 32946)  # Compression
_DIFFERENCED: Final = 2  # Predictor
_KINDS: Final = ("int16", "float32")
_READERS: Final = 4  # threads that unpack segments


@dataclass(frozen=True, slots=True)
class Header:
    """What a GeoTIFF says of itself: edges and size of a cell in rad, size, and the value that means no data."""

    north: float
    west: float
    step: float
    rows: int
    columns: int
    no_data: float | None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the heights stand in the file: segments of (rows, columns) cells, ``across`` of them side by side."""

    dtype: np.dtype[Any]
    rows: int
    columns: int
    across: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    is_deflated: bool
    is_differenced: bool


def read_header(path: Path) -> Header:
    """Header of a terrain; no height is read.

    Raises
    ------
    ScenarioError
        If the file is no GeoTIFF in WGS-84 degrees with square cells and heights above mean sea level, or too large.
    """
    return _inspect(path)[0]


def read_heights(path: Path) -> tuple[Header, npt.NDArray[Any], npt.NDArray[np.bool_] | None]:
    """Header, heights and holes of a terrain.

    Returns
    -------
    header : Header
    height : (row, column) int16 or float32
        Metres above mean sea level, read-only; 0 where there is no data.
    missing : (row, column) bool or None
        Where there is none; None if there is data everywhere.

    Raises
    ------
    ScenarioError
        As `read_header`, or if the file is cut short, damaged, or has heights that the earth has not.
    """
    header, layout = _inspect(path)
    height = _unpack(path, header, layout)
    missing = height == NO_DATA
    if height.dtype.kind == "f":
        missing |= ~np.isfinite(height)
    if header.no_data is not None:
        missing |= height == header.no_data
    if missing.any():
        height[missing] = 0
    lowest, highest = float(height.min()), float(height.max())
    if lowest < DEEPEST or highest > HIGHEST:
        message = f"has heights from {lowest:.6g} to {highest:.6g} m, which the earth has not; if one of them stands "
        raise _fault(path, message + "for no data, say so with 'gdal_translate -a_nodata NUMBER'")
    for array in (height, missing):
        array.setflags(write=False)
    return header, height, missing if missing.any() else None


def _inspect(path: Path) -> tuple[Header, _Layout]:
    try:
        with _without_log(), tifffile.TiffFile(path) as file:
            page = file.pages.first
            tags = page.geotiff_tags or {}
            no_data = page.tags.get(_NODATA_TAG)
            for is_wrong, message in (*_reference_faults(tags, path), *_kind_faults(page)):
                if is_wrong:
                    raise _fault(path, message)
            header = _georeference(path, tags, page.shape, None if no_data is None else str(no_data.value))
            return header, _layout(page, file.byteorder)
    except ScenarioError:
        raise
    except OSError as reason:
        raise _fault(path, f"cannot be read ({reason.strerror or reason})") from None
    except Exception as reason:  # tifffile raises what a damaged header makes of its arithmetic
        said = " ".join(str(reason).split())[:100]
        raise _fault(path, f"is no readable TIFF file ({said}); {_import(path)}") from None


def _kind_faults(page: Any) -> Iterator[tuple[bool, str]]:
    """What is wrong with the picture in a GeoTIFF, seen as heights."""
    shape = page.shape
    yield len(shape) != 2 or page.samplesperpixel != 1, "has several bands; heights are one, write it alone"
    cells = math.prod(shape)
    yield cells > MAX_CELLS, f"claims {shape[0]} x {shape[-1]} cells; at most {MAX_CELLS:,} are read, cut it first"
    is_small = min(shape) < LEAST_CELLS
    yield is_small, f"has {shape[0]} rows and {shape[-1]} columns; at least {LEAST_CELLS} of each make a ground"


def _reference_faults(tags: dict[str, Any], path: Path) -> Iterator[tuple[bool, str]]:
    """What is wrong with the coordinate system, horizontal and vertical."""
    again = "write it again with 'gdalwarp -t_srs EPSG:4326'"
    model, horizontal = int(tags.get("GTModelTypeGeoKey", 0)), int(tags.get("GeographicTypeGeoKey", _WGS84))
    vertical, unit = int(tags.get("VerticalCSTypeGeoKey", 0)), int(tags.get("VerticalUnitsGeoKey", _METRE))
    is_placed = "ModelPixelScale" in tags and len(tags.get("ModelTiepoint", ())) == 6
    yield not is_placed, "carries no place on earth; write it as GeoTIFF with a pixel scale and a tie point"
    is_ellipsoidal = horizontal == _WGS84_WITH_HEIGHT or vertical in (_WGS84_WITH_HEIGHT, *_ELLIPSOIDAL)
    height = "has heights above the ellipsoid, heights above mean sea level are needed; write it again with "
    yield is_ellipsoidal, height + "'gdalwarp -s_srs EPSG:4979 -t_srs EPSG:4326+5773'"
    yield model != _GEOGRAPHIC or horizontal != _WGS84, f"is not in WGS-84 degrees; {again}"
    odd = f"has heights in EPSG:{vertical} with unit EPSG:{unit}, not known as metres above the sea; {_import(path)}"
    yield vertical not in _ABOVE_SEA or unit != _METRE, odd


def _georeference(path: Path, tags: dict[str, Any], shape: tuple[int, ...], no_data: str | None) -> Header:
    """Place and size, in rad, from tags that are there."""
    scale, tie = (tuple(float(number) for number in tags[key]) for key in ("ModelPixelScale", "ModelTiepoint"))
    if not all(map(math.isfinite, (*scale, *tie))) or min(scale[:2]) <= 0.0:
        raise _fault(path, f"has cells of {scale[0]} x {scale[1]} deg at {tie[3]}, {tie[4]}: no place on earth")
    if abs(scale[0] - scale[1]) > 1e-9 * scale[0]:
        raise _fault(path, f"has unequal steps, {scale[0]} and {scale[1]} deg; resample with 'gdalwarp -tr'")
    shift = 0.5 if int(tags.get("GTRasterTypeGeoKey", 1)) == _POINT else 0.0
    step, rows, columns = scale[0], int(shape[0]), int(shape[1])
    west, north = tie[3] - (tie[0] + shift) * step, tie[4] + (tie[1] + shift) * step
    south, east = north - rows * step, west + columns * step
    if max(-south, north) > 90.0 + step or max(-west, east) > 180.0 + step:
        message = f"reaches from {south:.6g} to {north:.6g} deg north and {west:.6g} to {east:.6g} deg east, "
        raise _fault(path, message + "beyond the globe of -90 to 90 and -180 to 180")
    try:
        hole = None if no_data is None else float(no_data.strip("\0 "))
    except ValueError:
        raise _fault(path, f"states '{no_data}' for no data; a number is needed, {_import(path)}") from None
    return Header(math.radians(north), math.radians(west), math.radians(step), rows, columns, hole)


def _layout(page: Any, byte_order: str) -> _Layout:
    """Where the heights stand.

    Raises
    ------
    ScenarioError
        If they are of a kind, or packed in a way, that is for ``steeldome terrain import``.
    """
    path = Path(page.parent.filehandle.path)
    rows, columns = (page.tilelength, page.tilewidth) if page.is_tiled else (page.rowsperstrip, page.shape[1])
    rows = int(rows) if page.is_tiled else min(int(rows), int(page.shape[0]))
    down, across = -(-page.shape[0] // rows), -(-page.shape[1] // columns)
    is_known = page.compression in (_PLAIN, *_DEFLATED) and page.predictor in (1, _DIFFERENCED)
    if page.dtype is None or page.dtype.name not in _KINDS or (page.dtype.kind == "f" and page.predictor != 1):
        is_known = False
    if not is_known or page.bitspersample != 8 * page.dtype.itemsize or page.fillorder != 1:
        raise _fault(path, f"is a GeoTIFF of a kind that a study cannot hold; {_import(path)}")
    if rows * columns * page.dtype.itemsize > MAX_PIECE_BYTES:
        raise _fault(path, f"is stored in pieces of more than {MAX_PIECE_BYTES >> 20} MiB; {_import(path)}")
    if not len(page.dataoffsets) == len(page.databytecounts) == down * across:
        raise _fault(path, "lacks parts of its heights; fetch or write it again")
    ends = (offset + count for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True))
    if max(ends) > path.stat().st_size:
        raise _fault(path, "is cut short; fetch or write it again")
    return _Layout(
        page.dtype.newbyteorder(byte_order),
        rows,
        int(columns),
        int(across),
        tuple(page.dataoffsets),
        tuple(page.databytecounts),
        page.compression in _DEFLATED,
        page.predictor == _DIFFERENCED,
    )


def _unpack(path: Path, header: Header, layout: _Layout) -> npt.NDArray[Any]:
    """Every segment in its place; one that is left out, as GDAL does in sparse files, has no data."""
    height = np.empty((header.rows, header.columns), layout.dtype.newbyteorder("="))
    nothing = math.nan if height.dtype.kind == "f" else 0 if header.no_data is None else NO_DATA
    with path.open("rb", buffering=0) as file:

        def fill(index: int) -> None:
            row, column = (index // layout.across) * layout.rows, (index % layout.across) * layout.columns
            place = height[row : row + layout.rows, column : column + layout.columns]
            offset, count = layout.offsets[index], layout.counts[index]
            if offset == 0 or count == 0:
                place[:] = nothing
                return
            size = place.shape[0] * layout.columns * layout.dtype.itemsize
            data = os.pread(file.fileno(), min(count, 2 * size + 4096), offset)
            if layout.is_deflated:
                data = zlib.decompressobj().decompress(data, size)
            if len(data) < size:
                raise ValueError(f"rows {row} to {row + len(place)} are not whole")
            cells = np.frombuffer(data[:size], layout.dtype).reshape(-1, layout.columns)
            if layout.is_differenced:
                cells = np.cumsum(cells, axis=1, dtype=height.dtype)
            place[:] = cells[:, : place.shape[1]]

        try:
            with ThreadPoolExecutor(_READERS) as readers:
                for _ in readers.map(fill, range(len(layout.offsets))):
                    pass
        except (zlib.error, ValueError) as reason:
            raise _fault(path, f"is cut short or damaged ({reason}); fetch or write it again") from None
    return height


@contextmanager
def _without_log() -> Iterator[None]:
    """Nothing that tifffile says of a damaged header reaches the user beside the one fault."""
    log = logging.getLogger("tifffile")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _import(path: Path) -> str:
    return f"type 'steeldome terrain import {path.name} --out STUDY_FOLDER/terrain.tif'"


def _fault(path: Path, message: str) -> ScenarioError:
    return ScenarioError([Fault(str(path), 0, "", message)])
