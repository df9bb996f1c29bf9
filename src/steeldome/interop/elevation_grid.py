"""Elevation tiles merged into one grid of square cells.

Tiles whose cells are square, equal and in step are copied, cell by cell.  Otherwise heights are resampled: along each
axis by the mean over the part of a cell that the tile covers, where the new cell is as large as the old one or larger,
by linear interpolation between centres where it is smaller.  A cut cell counts with its share, as if level, which
shifts a mean by an eighth of the rise from cell to cell at most.  A new cell with data in less than half is a hole.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from steeldome.errors import ScenarioError
from steeldome.inputs.elevation import LEAST_CELLS, MAX_CELLS, NO_DATA
from steeldome.interop.elevation import Reader, Tile

_IN_STEP: Final = 0.01  # of a cell; what rounding in a header may shift
_WORKING_CELLS: Final = 4_000_000
_MOST_SOURCE_CELLS: Final = 30_000_000
_LEAST_COVER: Final = 0.5

Floats = npt.NDArray[np.floating[Any]]


class Bounds(NamedTuple):
    """Edges of an area, deg."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True, eq=False)
class ElevationGrid:
    """Heights above mean sea level, (row, column) int16 or float32 m, row 0 northernmost; -32768 or NaN for no data.

    ``north`` and ``west`` are the outer edges of the first cell, ``step`` the size of a cell, deg.
    """

    height: npt.NDArray[Any]
    north: float
    west: float
    step: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """The cells to fill; ``is_copy`` if those of every tile are among them."""

    rows: int
    columns: int
    north: float
    west: float
    step: float
    is_copy: bool


def merge(reader: Reader, tiles: Sequence[Tile], cell: float | None, bounds: Bounds | None) -> ElevationGrid:
    """One grid from tiles; where copied tiles overlap, the first that has data holds.

    Parameters
    ----------
    reader : Reader
        The process that opened them.
    tiles : sequence of Tile
        At least one.
    cell : float, optional
        Size of a cell, deg; that of the tiles if left out.
    bounds : Bounds, optional
        What to keep, widened to whole cells; all if left out.  Cells inside that no tile has are holes.

    Raises
    ------
    ScenarioError
        The tiles do not fit together, the grid is too large or too small, or a file is damaged or has no data.
    """
    frame = _frame(tiles, cell, bounds)
    is_whole = all(tile.is_whole for tile in tiles)
    out = np.empty((frame.rows, frame.columns), np.int16 if is_whole else np.float32)
    n_found = 0
    for top, bottom in _strips(tiles, frame):
        fill = _copied if frame.is_copy else _resampled
        strip = fill(reader, tiles, frame, top, bottom)
        hole = np.isnan(strip)
        n_found += strip.size - int(hole.sum())
        out[top:bottom] = np.where(hole, NO_DATA, np.rint(strip)) if is_whole else strip
    if not n_found:
        raise ScenarioError(f"{_named(tiles)}: no cell has data; nothing is written")
    return ElevationGrid(out, frame.north, frame.west, frame.step)


def _frame(tiles: Sequence[Tile], cell: float | None, bounds: Bounds | None) -> _Frame:
    first = tiles[0]
    fault = _misfit(tiles)
    if cell is None and fault:
        raise ScenarioError(fault)
    is_copy = not fault and (cell is None or abs(cell / first.step_north - 1.0) < 1e-6)
    step = first.step_north if cell is None or is_copy else cell
    north, west = (first.north, first.west) if is_copy else (0.0, 0.0)  # a lattice of whole cells runs through here
    whole = Bounds(
        min(tile.south for tile in tiles),
        min(tile.west for tile in tiles),
        max(tile.north for tile in tiles),
        max(tile.east for tile in tiles),
    )
    top, bottom = round((north - whole.north) / step), round((north - whole.south) / step)
    left, right = round((whole.west - west) / step), round((whole.east - west) / step)
    if bounds is not None:
        is_outside = bounds.north <= whole.south or bounds.south >= whole.north
        if is_outside or bounds.east <= whole.west or bounds.west >= whole.east:
            edges = ",".join(f"{edge:.6g}" for edge in whole)
            raise ScenarioError(f"--bounds: outside of the files, which cover {edges} (south, west, north, east)")
        top, bottom = math.floor((north - bounds.north) / step + 1e-6), math.ceil((north - bounds.south) / step - 1e-6)
        left, right = math.floor((bounds.west - west) / step + 1e-6), math.ceil((bounds.east - west) / step - 1e-6)
    rows, columns = bottom - top, right - left
    if rows * columns > MAX_CELLS:
        message = f"{_named(tiles)}: would make {rows} x {columns} cells, at most {MAX_CELLS:,} are allowed; "
        raise ScenarioError(message + "cut with --bounds S,W,N,E or choose larger cells, such as --cell 30arcsec")
    if min(rows, columns) < LEAST_CELLS:
        message = f"{_named(tiles)}: would make {rows} rows and {columns} columns; at least {LEAST_CELLS} of each make "
        raise ScenarioError(message + "a ground, choose smaller cells or wider bounds")
    return _Frame(rows, columns, north - top * step, west + left * step, step, is_copy)


def _misfit(tiles: Sequence[Tile]) -> str:
    """Why tiles cannot be copied into one grid of square cells, and what to type; empty if they can."""
    first = tiles[0]
    step = first.step_north
    for tile in tiles:
        side = max(step, tile.step_north, tile.step_east)
        shifts = [(first.north - tile.north) / step, (tile.west - first.west) / step]
        if abs(tile.step_east - tile.step_north) * tile.columns > _IN_STEP * tile.step_north:
            found = f"cells are not square, {_arcsec(tile.step_north)} by {_arcsec(tile.step_east)} arcsec"
        elif abs(tile.step_north - step) * max(tile.rows, tile.columns) > _IN_STEP * step:
            found = f"cells are {_arcsec(tile.step_north)} arcsec, those of {first.path.name} {_arcsec(step)}"
        elif max(abs(shift - round(shift)) for shift in shifts) > _IN_STEP:
            found = f"cells are not in step with those of {first.path.name}"
        else:
            continue
        return f"{tile.path.name}: {found}; resample with 'steeldome terrain import --cell {_arcsec(side)}arcsec'"
    return ""


def _strips(tiles: Sequence[Tile], frame: _Frame) -> Iterator[tuple[int, int]]:
    """Rows to fill at a time, so few that what is read and what is made fit into little memory."""
    a_row = max(max(1.0, frame.step / tile.step_north) * tile.columns for tile in tiles)
    if a_row > _MOST_SOURCE_CELLS:
        message = f"{_named(tiles)}: one row of cells takes {a_row:.2g} cells of the file; "
        raise ScenarioError(message + "choose smaller ones, or average it with 'gdalwarp -r average' first")
    height = max(1, int(_WORKING_CELLS / max(a_row, frame.columns)))
    for top in range(0, frame.rows, height):
        yield top, min(frame.rows, top + height)


def _copied(reader: Reader, tiles: Sequence[Tile], frame: _Frame, top: int, bottom: int) -> npt.NDArray[np.float32]:
    strip = np.full((bottom - top, frame.columns), np.nan, np.float32)
    for tile in tiles:
        row, column = round((frame.north - tile.north) / frame.step), round((tile.west - frame.west) / frame.step)
        rows = slice(max(0, top - row), min(tile.rows, bottom - row))
        columns = slice(max(0, -column), min(tile.columns, frame.columns - column))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        place = strip[rows.start + row - top : rows.stop + row - top, columns.start + column : columns.stop + column]
        np.copyto(place, reader.read(tile, rows, columns), where=np.isnan(place))
    return strip


def _resampled(reader: Reader, tiles: Sequence[Tile], frame: _Frame, top: int, bottom: int) -> npt.NDArray[np.float32]:
    total = np.zeros((bottom - top, frame.columns))
    cover = np.zeros_like(total)
    for tile in tiles:
        row_edges = (tile.north - frame.north + np.arange(top, bottom + 1) * frame.step) / tile.step_north
        column_edges = (frame.west - tile.west + np.arange(frame.columns + 1) * frame.step) / tile.step_east
        (first, last), rows = _needed(row_edges, tile.rows)
        (left, right), columns = _needed(column_edges, tile.columns)
        if first >= last or left >= right:
            continue
        height = reader.read(tile, rows, columns).astype(np.float64)
        has_data = ~np.isnan(height)
        across, down = column_edges[left : right + 1] - columns.start, row_edges[first : last + 1] - rows.start
        for place, values in ((total, np.where(has_data, height, 0.0)), (cover, has_data.astype(np.float64))):
            place[first:last, left:right] += _along(_along(values, down).T, across).T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(cover >= _LEAST_COVER, total / cover, np.nan).astype(np.float32)


def _needed(edges: Floats, n: int) -> tuple[tuple[int, int], slice]:
    """New cells that touch a tile of ``n`` cells, and the old cells, with one more on each side, that they take."""
    is_touched = (edges[1:] > 0.0) & (edges[:-1] < n)
    if not is_touched.any():
        return (0, 0), slice(0, 0)
    first, last = int(np.argmax(is_touched)), len(is_touched) - int(np.argmax(is_touched[::-1]))
    return (first, last), slice(max(0, math.floor(edges[first]) - 1), min(n, math.ceil(edges[last]) + 1))


def _along(values: Floats, edges: Floats) -> Floats:
    """Values of new cells along the first axis, times the share of each that the old cells cover.

    Parameters
    ----------
    values : (old, any) float
    edges : (new + 1,) float
        Edges of the new cells, counted in old cells from the first one's edge.
    """
    n = len(values)
    if edges[1] - edges[0] < 1.0 - 1e-9:
        centre = 0.5 * (edges[1:] + edges[:-1])
        at = np.clip(centre - 0.5, 0.0, n - 1.0)
        below = np.minimum(at.astype(np.intp), max(0, n - 2))
        part = (at - below)[:, None]
        found = (1.0 - part) * values[below] + part * values[np.minimum(below + 1, n - 1)]
        return np.where(((centre >= 0.0) & (centre <= n))[:, None], found, 0.0)
    summed = np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)))
    at = np.clip(edges, 0.0, n)
    below = np.minimum(at.astype(np.intp), n - 1)
    until = summed[below] + (at - below)[:, None] * values[below]
    return np.diff(until, axis=0) / np.diff(edges)[:, None]


def _arcsec(degrees: float) -> str:
    return f"{degrees * 3600.0:.6g}"


def _named(tiles: Sequence[Tile]) -> str:
    return tiles[0].path.name + (f" and {len(tiles) - 1} more" if len(tiles) > 1 else "")
