"""What an elevation grid may be: limits that hold for foreign files and for the ground of a study alike."""

from typing import Final

MAX_CELLS: Final = 400_000_000
LEAST_CELLS: Final = 3  # a side; the spread of heights around a cell is taken over 3 x 3
MAX_PIECE_BYTES: Final = 128 * 2**20  # of one tile or strip, unpacked
DEEPEST, HIGHEST = -12_000.0, 9_000.0  # m; the Challenger Deep and Mount Everest, with some to spare
NO_DATA: Final = -32_768  # in whole metres; what SRTM files write for a hole
