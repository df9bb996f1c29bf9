"""Draw the picture of docs/models/footprint.md: `python tools/footprint_picture.py`, by the program's own command."""

from pathlib import Path

from PIL import Image

from steeldome.app.cli import main

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "footprint.png"
STUDY, LAYDOWN = "turkiye-steel-dome", "base-2025-sampt-ng"
FIRE_UNITS = ("sampt_ng_battery", "patriot_battery/1/pac3_mse", "nato_sea_upper_tier/1/sm3_ib")
WIDTH = 1000  # pixels
THREATS = ("shahab_3", "zolfaghar")


def draw() -> int:
    """Write the picture."""
    asked = ["footprint", STUDY, "--laydown", LAYDOWN, "--language", "en", "--out", str(PICTURE)]
    for option, names in (("--unit", FIRE_UNITS), ("--threat", THREATS)):
        asked += [part for name in names for part in (option, name)]
    status = main(asked)
    if status == 0:
        whole = Image.open(PICTURE)
        small = whole.resize((WIDTH, round(WIDTH * whole.height / whole.width)), Image.Resampling.LANCZOS)
        small.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            PICTURE, optimize=True
        )
    return status


if __name__ == "__main__":
    raise SystemExit(draw())
