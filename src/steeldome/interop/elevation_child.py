"""The process that reads foreign elevation files: started by `steeldome.interop.elevation`, a few lines in and out.

Everything that a file can do to a reader written in C, it does here: the process has limits of its own on memory, time
and files, may write nothing, and knows three drivers.  Requests come as lines of JSON on stdin; each answer is a line
of JSON on stdout, followed by as many bytes as its ``bytes`` says:

``["open", path, driver]``
    What the file says of itself, as `steeldome.interop.elevation.Header` lists it, and its number as ``index``.
``["read", index, row, rows, column, columns]``
    Heights of a window: int16 with -32768, or float32 with NaN, where there is no data.

An answer with ``fault`` in place of this says why not.
"""

import json
import math
import os
import resource
import sys
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import rasterio
from rasterio.windows import Window

from steeldome.inputs.elevation import NO_DATA

MEMORY: Final = 512 * 2**20  # bytes of address space beyond what the started process holds
CPU_SECONDS: Final = 900
OPEN_FILES: Final = 1024
_SETTINGS: Final = {
    "GDAL_CACHEMAX": 64,  # MB
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # no file beside the one that is named is opened
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": 1,
    "GTIFF_REPORT_COMPD_CS": "YES",
    "DTED_VERIFY_CHECKSUM": "YES",
    "CPL_DEBUG": "OFF",
}


def limit() -> None:
    """Bind this process, before any file is touched."""
    page = os.sysconf("SC_PAGE_SIZE")
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * page
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    most = min(OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def reference(wkt: str) -> dict[str, Any]:
    """What a coordinate reference system is, as far as heights on WGS-84 degrees need to know."""
    crs = pyproj.CRS.from_wkt(wkt)
    parts = crs.sub_crs_list if crs.is_compound else [crs]
    flat = parts[0]
    vertical = [axis for part in parts for axis in part.axis_info if axis.direction in ("up", "down")]
    name = parts[1].name if len(parts) > 1 else ""
    return {
        "crs": crs.name,
        "is_wgs84": flat.to_2d().to_epsg(min_confidence=70) == 4326,
        "is_ellipsoidal": len(flat.axis_info) > 2 or "ellipsoid" in name.lower(),
        "is_up_in_metres": all((axis.direction, axis.unit_conversion_factor) == ("up", 1.0) for axis in vertical),
    }


def describe(source: Any) -> dict[str, Any]:
    """What a file says of itself; no pixel is read."""
    crs = source.crs.to_wkt() if source.crs else ""
    nothing = {"crs": "", "is_wgs84": False, "is_ellipsoidal": False, "is_up_in_metres": True}
    return {
        "rows": source.height,
        "columns": source.width,
        "bands": source.count,
        "dtype": source.dtypes[0],
        "transform": [repr(float(number)) for number in tuple(source.transform)[:6]],
        "block_bytes": math.prod(source.block_shapes[0]) * np.dtype(source.dtypes[0]).itemsize,
        "unit": source.units[0] or "",
        "is_scaled": (source.scales[0], source.offsets[0]) != (1.0, 0.0),
        **(reference(crs) if crs else nothing),
    }


def heights(source: Any, window: Window) -> npt.NDArray[Any]:
    """Heights of a window, the cells without data marked in one way."""
    found = source.read(1, window=window, masked=True)
    hole = np.ma.getmaskarray(found) | (found.data == NO_DATA)
    if found.dtype.kind == "f":
        hole |= ~np.isfinite(found.data)
        return np.where(hole, np.nan, found.data).astype(np.float32)
    if np.can_cast(found.dtype, np.int16):
        return np.where(hole, np.int16(NO_DATA), found.data.astype(np.int16))
    return np.where(hole, np.nan, found.data).astype(np.float32)


def answer(request: list[Any], sources: list[Any]) -> tuple[dict[str, Any], bytes]:
    """One answer; whatever a file makes a library raise is a fault of the file."""
    try:
        if request[0] == "open":
            source = rasterio.open(request[1], driver=request[2])
            said = describe(source)
            sources.append(source)
            return {"index": len(sources) - 1, **said}, b""
        index, row, rows, column, columns = request[1:]
        found = heights(sources[index], Window(column, row, columns, rows))
        return {"bytes": found.nbytes}, found.tobytes()
    except MemoryError:
        return {"fault": f"needs more than {MEMORY >> 20} MiB to be read"}, b""
    except Exception as reason:
        return {"fault": str(reason.__cause__ or reason)[:200]}, b""


def main() -> None:
    """Answer until stdin ends."""
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    limit()
    sources: list[Any] = []
    with rasterio.Env(**_SETTINGS):
        for line in sys.stdin:
            said, data = answer(json.loads(line), sources)
            answers.write(json.dumps(said).encode() + b"\n" + data)
            answers.flush()


if __name__ == "__main__":
    main()
