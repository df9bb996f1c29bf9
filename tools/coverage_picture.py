"""Draw the pictures of the pages of coverage and line of sight: `python tools/coverage_picture.py`, by the command."""

import tempfile
from pathlib import Path

from PIL import Image

from steeldome.app.cli import main

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
ASKED = ("coverage", "turkiye-steel-dome", "--laydown", "base-2025", "--threat", "kalibr", "--language", "en")
SIDE = ("--side", "eirs/1/eirs")
WIDTH = 1200  # pixels
DRAWN = {"01-coverage.png": "coverage.png", "02-side-view.png": "side-view.png"}


def draw() -> int:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        status = main([*ASKED, *SIDE, "--out", folder])
        for name, kept in DRAWN.items() if status == 0 else ():
            whole = Image.open(Path(folder) / name).convert("RGB")
            small = whole.resize((WIDTH, round(WIDTH * whole.height / whole.width)), Image.Resampling.LANCZOS)
            small.quantize(64, dither=Image.Dither.NONE).save(PICTURES / kept, optimize=True)
    return status


if __name__ == "__main__":
    raise SystemExit(draw())
