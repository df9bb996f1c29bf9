"""Writes an elevation grid as the one plain kind of GeoTIFF that a study names as its terrain."""

import io
from pathlib import Path
from typing import Any, Final

import numpy as np
import tifffile

from steeldome.inputs.elevation import NO_DATA
from steeldome.interop.elevation_grid import ElevationGrid
from steeldome.results.files import Files, write_file

_TILE: Final = 256
_WRITERS: Final = 4  # threads that pack tiles; the bytes do not depend on their number
_PIXEL_SCALE, _TIE_POINT, _KEYS, _NODATA = 33550, 33922, 34735, 42113  # tags of GeoTIFF and, the last, of GDAL
_GEO_KEYS: Final = (
    *(1, 1, 0, 3),  # GeoTIFF 1.0, three keys
    *(1024, 0, 1, 2),  # GTModelType: geographic
    *(1025, 0, 1, 1),  # GTRasterType: a cell is an area
    *(2048, 0, 1, 4326),  # GeographicType: WGS-84
)


def write_grid(path: Path, grid: ElevationGrid) -> None:
    """Put a grid in place, whole or not at all: deflated, in tiles, holes kept as the stated value for no data.

    Raises
    ------
    OSError
        It cannot be written.
    """
    is_whole = grid.height.dtype == np.int16
    no_data = str(NO_DATA) if is_whole else "nan"
    tags: list[Any] = [
        (_PIXEL_SCALE, "d", 3, (grid.step, grid.step, 0.0), True),
        (_TIE_POINT, "d", 6, (0.0, 0.0, 0.0, grid.west, grid.north, 0.0), True),
        (_KEYS, "H", len(_GEO_KEYS), _GEO_KEYS, True),
        (_NODATA, "s", 0, no_data, True),
    ]
    whole = io.BytesIO()
    tifffile.imwrite(
        whole,
        grid.height,
        photometric="minisblack",
        tile=(_TILE, _TILE),
        compression="zlib",
        predictor=is_whole,
        maxworkers=_WRITERS,
        metadata=None,
        software="steeldome",
        extratags=tags,
    )
    write_file(path, whole.getvalue(), Files())
