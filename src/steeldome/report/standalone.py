"""Figures that stand alone, to be put on a slide: title above, key and caption below, on white, with their own type.

The drawing is the one of the page; words are set around it and the edges of the file moved outwards, so that nothing
inside it moves.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox

from steeldome.report.figures import INK, PAPER, SKY, SOFT, Picture, Row, Segments, styled, wrapped
from steeldome.report.wording import Translate

PIXELS: Final = 2000
DOTS_PER_INCH: Final = 200
ROWS_ON_A_SLIDE: Final = 24
NO_METADATA: Final[Mapping[str, Mapping[str, Any]]] = {
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "png": {"Software": None},
}
_MARGIN = 14.0  # points, as all lengths here
_TITLE, _CAPTION = 11.0, 7.5
_LEADING = 1.45
_KEY = 20.0


def stand_alone(picture: Picture, foot: str, translate: Translate) -> Iterator[tuple[str, bytes]]:
    """A figure as files, name and bytes: ``.svg`` with letters as outlines, ``.png`` of 2000 pixels across.

    A figure that is too tall for a slide comes in parts, each with some of its headings and the rows under them.

    Parameters
    ----------
    picture : Picture
    foot : str
        Where the numbers come from: study, evidence level, seed, version, result hash.
    translate : callable
    """
    name = f"{picture.number:02d}-{picture.id}"
    parts = parts_of(picture.rows)
    for i, rows in enumerate(parts, start=1):
        title = picture.title.rstrip(".")
        if len(parts) > 1:
            title = translate("{title} ({i} of {n})").format(title=title, i=i, n=len(parts))
        with styled(picture.id), mpl.rc_context({"svg.fonttype": "path"}):
            figure = picture.draw(rows)
            box = _set_words(figure, replace(picture, title=title), foot, translate)
            for ending in NO_METADATA:
                yield f"{name}-{i}.{ending}" if len(parts) > 1 else f"{name}.{ending}", _written(figure, ending, box)


def parts_of(rows: Sequence[Row | Segments]) -> list[list[Row | Segments]]:
    """Rows in as few parts as go, none longer than a slide is high, none without a heading of its own."""
    groups: list[list[Row | Segments]] = []
    for row in rows:
        if row.is_heading or not groups:
            groups.append([])
        groups[-1].append(row)
    parts: list[list[Row | Segments]] = []
    for group in groups:
        if parts and len(parts[-1]) + len(group) <= ROWS_ON_A_SLIDE:
            parts[-1] += group
        else:
            parts.append(list(group))
    return parts or [[]]


def _written(figure: Figure, ending: str, box: Bbox) -> bytes:
    buffer = io.BytesIO()
    kept: dict[str, Any] = {"bbox_inches": box, "facecolor": "#ffffff", "metadata": dict(NO_METADATA[ending])}
    if ending == "png":
        kept |= {"dpi": PIXELS / box.width, "pil_kwargs": {"dpi": (DOTS_PER_INCH, DOTS_PER_INCH)}}
    figure.savefig(buffer, format=ending, **kept)
    return buffer.getvalue()


def _set_words(figure: Figure, picture: Picture, foot: str, translate: Translate) -> Bbox:
    """Title, key and caption around a drawing; the box, in inches, that holds all of it."""
    width, height = 72.0 * float(figure.get_size_inches()[0]), _height(figure)
    lines = wrapped(picture.title, width, _TITLE * 1.1)
    top = height + _MARGIN
    _text(figure, top, lines, _TITLE, INK, weight="bold", anchor="bottom")
    top += len(lines) * _TITLE * _LEADING + _MARGIN
    below = -_MARGIN / 2.0
    if picture.has_bands:
        _set_key(figure, below, translate)
        below -= _KEY
    lines = [line for part in (picture.caption, foot) for line in wrapped(part, width, _CAPTION)]
    _text(figure, below, lines, _CAPTION, SOFT, anchor="top")
    below -= len(lines) * _CAPTION * _LEADING + _MARGIN
    return Bbox.from_extents(*(points / 72.0 for points in (-_MARGIN, below, width + _MARGIN, top)))


def _text(
    figure: Figure, y: float, lines: list[str], size: float, colour: str, anchor: str, weight: str = "normal"
) -> None:
    figure.text(
        0.0,
        y / _height(figure),
        "\n".join(lines),
        fontsize=size,
        fontweight=weight,
        color=colour,
        va=anchor,
        linespacing=_LEADING,
    )


def _set_key(figure: Figure, y: float, translate: Translate) -> None:
    """What the wide bar, the thin bar and the dot are."""
    handles = [
        Patch(facecolor=SKY, alpha=0.55, label=translate("inputs, assumptions and siting: 5–95% of the samples")),
        Line2D([], [], color=INK, linewidth=3, label=translate("chance: 95% interval of the mean")),
        Line2D([], [], linestyle="none", marker="o", color=INK, markeredgecolor=PAPER, label=translate("mean")),
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.0, y / _height(figure)),
        borderaxespad=0.0,
        borderpad=0.0,
        ncols=3,
        fontsize=_CAPTION,
    )


def _height(figure: Figure) -> float:
    return 72.0 * float(figure.get_size_inches()[1])
