"""Elevation files made by hand: SRTM and DTED byte by byte, GeoTIFF tag by tag; no reader of ours or GDAL's is used."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile

SCALE, TIE, KEYS, NODATA = 33550, 33922, 34735, 42113
MODEL_TYPE, RASTER_TYPE, HORIZONTAL, VERTICAL, VERTICAL_UNIT = 1024, 1025, 2048, 4096, 4099
WGS84: Mapping[int, int] = {MODEL_TYPE: 2, RASTER_TYPE: 1, HORIZONTAL: 4326}
HOLE = -32768


def plane(rows: int, columns: int) -> npt.NDArray[np.int16]:
    """Heights by which every cell knows its place: 30 m a row, 1 m a column."""
    return (30 * np.arange(rows)[:, None] % 3000 + np.arange(columns) % 30).astype(np.int16)


def write_hgt(path: Path, height: npt.NDArray[Any]) -> None:
    """An SRTM tile: rows of big-endian 16-bit whole metres, northernmost first."""
    path.write_bytes(height.astype(">i2").tobytes())


def write_geotiff(
    path: Path,
    height: npt.NDArray[Any],
    corner: tuple[float, float] = (30.0, 40.0),
    steps: tuple[float, float] = (0.5, 0.5),
    keys: Mapping[int, int] = WGS84,
    no_data: str | None = None,
    **options: Any,
) -> None:
    """A GeoTIFF whose first cell has its outer corner at (west, north) deg."""
    listed = [number for key, value in sorted(keys.items()) for number in (key, 0, 1, value)]
    directory = (1, 1, 0, len(keys), *listed)
    tags: list[Any] = [
        (SCALE, "d", 3, (*steps, 0.0), True),
        (TIE, "d", 6, (0.0, 0.0, 0.0, *corner, 0.0), True),
    ]
    if keys:
        tags.append((KEYS, "H", len(directory), directory, True))
    if no_data is not None:
        tags.append((NODATA, "s", 0, no_data, True))
    tifffile.imwrite(path, height, extratags=tags, metadata=None, **{"photometric": "minisblack"} | options)


def write_sparse(path: Path, side: int) -> None:
    """A file of some hundred bytes that claims so many rows and columns of int16, one strip that is not there."""
    entries = [
        (256, 4, 1, side),  # width and height
        (257, 4, 1, side),
        (258, 3, 1, 16),
        (259, 3, 1, 8),  # deflated
        (262, 3, 1, 1),
        (273, 4, 1, 0),  # offset and, below, bytes of the strip: none
        (277, 3, 1, 1),
        (278, 4, 1, side),
        (279, 4, 1, 0),
        (339, 3, 1, 2),
    ]
    n = len(entries) + 3
    after = 8 + 2 + 12 * n + 4
    scale, tie = np.array([1e-4, 1e-4, 0.0], "<f8").tobytes(), np.array([0, 0, 0, 30, 40, 0], "<f8").tobytes()
    keys = np.array([1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326], "<u2").tobytes()
    entries += [
        (SCALE, 12, 3, after),
        (TIE, 12, 6, after + len(scale)),
        (KEYS, 3, len(keys) // 2, after + len(scale) + len(tie)),
    ]
    head = b"II*\0" + (8).to_bytes(4, "little") + n.to_bytes(2, "little")
    for tag, kind, count, value in entries:
        head += tag.to_bytes(2, "little") + kind.to_bytes(2, "little")
        head += count.to_bytes(4, "little") + value.to_bytes(4, "little")
    path.write_bytes(head + bytes(4) + scale + tie + keys)


def write_dted(
    path: Path,
    height: npt.NDArray[Any],
    corner: tuple[int, int],
    seconds: tuple[int, int],
    datum: str = "WGS84",
) -> None:
    """A DTED tile, MIL-PRF-89020B: columns from west to east, each from south to north, as sign and magnitude.

    ``corner`` is (longitude, latitude) of the south-west post, whole degrees; ``seconds`` the steps east and north.
    """
    rows, columns = height.shape
    longitude = f"{abs(corner[0]):03d}0000{'E' if corner[0] >= 0 else 'W'}"
    latitude = f"{abs(corner[1]):03d}0000{'N' if corner[1] >= 0 else 'S'}"
    steps = "".join(f"{10 * one:04d}" for one in seconds)
    sizes = f"{columns:04d}{rows:04d}"
    header = f"UHL1{longitude}{latitude}{steps}NA  U  {'':12}{sizes}0{'':24}"
    description = bytearray(b" " * 648)
    description[:4] = b"DSIU"
    description[59:64] = b"DTED1"
    description[141:149] = b"MSL" + datum.encode("ascii")
    description[273:281] = "".join(f"{10 * one:04d}" for one in reversed(seconds)).encode()
    description[281:289] = f"{rows:04d}{columns:04d}".encode()
    accuracy = b"ACC" + b" " * 2697
    found = bytearray(header.encode("ascii") + bytes(description) + accuracy)
    for column in range(columns):
        south_up = height[::-1, column].astype(np.int32)
        stored = np.where(south_up < 0, 0x8000 | -south_up, south_up).astype(">u2").tobytes()
        record = b"\xaa" + column.to_bytes(3, "big") + column.to_bytes(2, "big") + bytes(2) + stored
        found += record + sum(record).to_bytes(4, "big")
    path.write_bytes(bytes(found))
