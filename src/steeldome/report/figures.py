"""One function per figure: numbers in, a drawing out, which `Picture` puts on the page and an export into files.

Colours are those of Okabe and Ito (safe for the colour-blind), systems beyond six are hatched as well. Ink and grid are
drawn in four colours that read well on white and that nothing else uses: on the page style variables take their place,
so that a figure follows dark mode and prints dark on white. The same numbers give the same bytes: ids are salted with
the figure's name and no date is written.
"""

import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import matplotlib as mpl
import numpy as np
from markupsafe import Markup, escape
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.textpath import text_to_path

from steeldome.report.contents import Measure, System
from steeldome.report.wording import Wording

INK, SOFT, GRID, PAPER = "#010203", "#515253", "#c1c2c3", "#fafbfc"
VARIABLES: Final = {INK: "--ink", SOFT: "--soft", GRID: "--grid", PAPER: "--paper"}
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
)
SYSTEM_COLOURS: Final = (SKY, ORANGE, GREEN, YELLOW, BLUE, PURPLE)
HATCHES: Final = ("", "////", "....", "xxxx")
LEAKED_COLOUR: Final = VERMILION
OTHER_COLOUR: Final = "#999999"
LAYDOWN_COLOURS: Final = (SKY, ORANGE, GREEN, PURPLE)
SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",
    "figure.facecolor": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.edgecolor": GRID,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
}
POINTS_PER_ROW: Final = 21.0
LABEL_POINTS: Final = 145.0
HAIRLINE: Final = 0.004  # share of an axis from 0 to 100 %


class Row(NamedTuple):
    """One row of a chart; a row without measures is a heading."""

    label: str
    measures: Mapping[str, Measure]
    colour: str = SKY

    @property
    def is_heading(self) -> bool:
        """Whether it stands over the rows that follow."""
        return not self.measures


class Segments(NamedTuple):
    """One stacked bar: share of the whole by key."""

    label: str
    shares: Mapping[str, float]
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure of the report with everything that a reader must see beside it.

    Attributes
    ----------
    id : str
        Name in files and salt of the ids inside an SVG, unique in the report: ``leakage-mixed``.
    title : str
        One sentence, with its full stop.
    caption : str
        Unit and n.
    draw : callable
        Draws its rows, or some of them, anew.
    rows : sequence of Row or Segments
        What is drawn, headings over their rows; none for a map.
    number : int
        Its number on the page.
    has_bands : bool
        Whether it needs the key of the two bands.
    spoken : str
        What a screen reader says where that is more than the title.
    """

    id: str
    title: str
    caption: str
    draw: Callable[[Any], Figure]
    rows: Sequence[Row | Segments] = ()
    number: int = 0
    has_bands: bool = False
    spoken: str = ""

    def on_page(self) -> Markup:
        """The figure as inline SVG in the style of the page."""
        return to_svg(self.draw(self.rows), self.id, self.spoken or self.title)


def band_figure(rows: Sequence[Row], columns: Mapping[str, str], wording: Wording, span: float = 0.0) -> Figure:
    """Rows of measures with both bands: a wide light bar for inputs, a thin dark bar for chance, a dot for the mean.

    A measure without a value has only the bands that are known.

    Parameters
    ----------
    rows : sequence of Row
    columns : mapping of str to str
        Panels: key of the measure, heading.
    span : float
        For differences: draws around zero as far as this on both sides, in percentage points; see `difference_span`.
        Without it the axis holds shares from 0 to 100 %.
    """
    with styled():
        return _band_figure(rows, columns, wording, span)


def _band_figure(rows: Sequence[Row], columns: Mapping[str, str], wording: Wording, span: float) -> Figure:
    figure, axes = _panels(len(rows), columns, wide_label=2.15, header=22.0)
    is_difference = span > 0.0
    for axis, (key, heading) in zip(axes, columns.items(), strict=True):
        for i, row in enumerate(rows):
            if key in row.measures:
                _draw_bands(axis, -i, row.measures[key], row.colour)
        axis.set_title(heading, fontsize=8.5, color=INK, loc="left", pad=5)
        axis.set_xlim(*((-span, span) if is_difference else (0.0, 1.0)))
        _percent_axis(axis, wording, is_difference, is_narrow=len(columns) > 1)
        if is_difference:
            axis.axvline(0.0, color=SOFT, linewidth=1.0, zorder=1)
    _label_rows(axes[0], rows)
    return figure


def stack_figure(
    bars: Sequence[Segments], keys: Mapping[str, tuple[str, str, str]], axis_label: str, wording: Wording
) -> Figure:
    """Stacked bars of shares; ``keys`` are segment key to (label, colour, hatch), in order of stacking."""
    with styled():
        return _stack_figure(bars, keys, axis_label, wording)


def _stack_figure(
    bars: Sequence[Segments], keys: Mapping[str, tuple[str, str, str]], axis_label: str, wording: Wording
) -> Figure:
    shown = {key: look for key, look in keys.items() if any(bar.shares.get(key, 0.0) > 0.0 for bar in bars)}
    n_columns = legend_columns([label for label, _, _ in shown.values()], 8.5, gap=36.0, width=525.0)
    legend_rows = -(-len(shown) // n_columns)
    figure, (axis,) = _panels(len(bars), {"": ""}, wide_label=2.15, footer=34.0 + legend_rows * 14.0 + 8.0)
    for i, bar in enumerate(bars):
        left = 0.0
        for key, (_, colour, hatch) in shown.items():
            width = bar.shares.get(key, 0.0)
            if width > 0.0:
                axis.barh(-i, width, 0.62, left, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0.8)
                if width >= 0.075:
                    _label_segment(axis, left + width / 2, -i, wording.quantity(width, "1", 0.01), colour, bool(hatch))
            left += width
    axis.set_xlim(0.0, 1.0)
    _percent_axis(axis, wording, False, False)
    axis.set_xlabel(axis_label, fontsize=8.5)
    _label_rows(axis, bars)
    handles = [Patch(facecolor=c, hatch=h, edgecolor=PAPER, label=label) for label, c, h in shown.values()]
    figure.legend(
        handles=handles, loc="lower left", ncols=n_columns, fontsize=8.5, bbox_to_anchor=(0.0, 0.0), handlelength=1.4
    )
    return figure


def legend_columns(labels: Sequence[str], size: float, gap: float, width: float) -> int:
    """Most columns, up to five, in which the labels of a legend fit side by side.

    Parameters
    ----------
    labels : sequence of str
        They fill column after column; the first columns hold one more where they do not come out even.
    size : float, points
        Size of type.
    gap : float, points
        Room of a key and of the spaces beside it.
    width : float, points
        Room for all of it.
    """
    widths = [text_width(label, size) for label in labels]
    for n in range(min(5, len(labels)), 1, -1):
        columns = np.array_split(widths, n)
        if sum(float(column.max()) + gap for column in columns) <= width:
            return n
    return 1


def system_looks(systems: Sequence[System]) -> dict[str, tuple[str, str, str]]:
    """Label, colour and hatch of each system, in the order of layers; a later cycle of colours is hatched."""
    ordered = sorted(systems, key=lambda system: (system.layer, system.id))
    n = len(SYSTEM_COLOURS)
    return {s.id: (s.name, SYSTEM_COLOURS[i % n], HATCHES[i // n % len(HATCHES)]) for i, s in enumerate(ordered)}


def _panels(
    n_rows: int, columns: Mapping[str, str], wide_label: float, header: float = 4.0, footer: float = 20.0
) -> tuple[Figure, list[Any]]:
    """A figure 7.2 inches wide with a column of labels at the left and one panel a column."""
    width = 7.2
    height = (n_rows * POINTS_PER_ROW + header + footer) / 72.0
    figure = Figure(figsize=(width, height))
    left, gap = wide_label / width, 0.2 / width
    panel = (1.0 - left - 0.12 / width - gap * (len(columns) - 1)) / len(columns)
    bottom = footer / 72.0 / height
    top = 1.0 - header / 72.0 / height
    axes = []
    for i in range(len(columns)):
        axis = figure.add_axes((left + i * (panel + gap), bottom, panel, top - bottom))
        axis.set_facecolor("none")
        axis.set_ylim(-n_rows + 0.5, 0.5)
        axis.set_yticks([])
        for side in ("left", "right", "top"):
            axis.spines[side].set_visible(False)
        axis.grid(axis="x", color=GRID, linewidth=0.6)
        axis.set_axisbelow(True)
        axis.tick_params(axis="x", length=0, labelsize=8)
        axes.append(axis)
    return figure, axes


def _draw_bands(axis: Any, y: float, measure: Measure, colour: str) -> None:
    if math.isfinite(measure.input_low) and math.isfinite(measure.input_high):
        width = measure.input_high - measure.input_low
        edge = 0.0 if width > HAIRLINE else 1.5  # points, so that a band without width is still seen
        axis.barh(y, width, 0.62, measure.input_low, color=colour, alpha=0.55, linewidth=edge, edgecolor=colour)
    if math.isfinite(measure.low) and math.isfinite(measure.high):
        axis.barh(y, measure.high - measure.low, 0.2, measure.low, color=INK, linewidth=0)
    axis.plot(
        [measure.value], [y], "o", clip_on=False, color=INK, markersize=4.5, markeredgecolor=PAPER, markeredgewidth=0.8
    )


def difference_span(rows: Sequence[Row]) -> float:
    """Half the width of an axis that holds both bands of all rows."""
    measures = [measure for row in rows for measure in row.measures.values()]
    ends = [abs(end) for measure in measures for end in measure[1:5] if math.isfinite(end)]
    return max([*ends, 0.005]) * 1.08


def _percent_axis(axis: Any, wording: Wording, is_difference: bool, is_narrow: bool) -> None:
    low, high = axis.get_xlim()
    if is_difference:
        axis.locator_params(axis="x", nbins=4)
        ticks = [tick for tick in axis.get_xticks() if low <= tick <= high]
        points = [tick * 100.0 for tick in ticks]
        power = next((p for p in (1.0, 0.1) if all(abs(x - round(x / p) * p) < 1e-6 for x in points)), 0.01)
        labels = [wording.number(x, power, signed=True) for x in points]
    else:
        ticks = [0.0, 0.5, 1.0] if is_narrow else [0.0, 0.25, 0.5, 0.75, 1.0]
        labels = [wording.quantity(tick, "1", 0.01) for tick in ticks]
    axis.set_xticks(ticks, labels)
    for text, anchor in zip(axis.get_xticklabels(), ["left", *["center"] * (len(ticks) - 2), "right"], strict=False):
        text.set_horizontalalignment("center" if is_difference else anchor)


def _label_rows(axis: Any, rows: Sequence[Row | Segments]) -> None:
    for i, row in enumerate(rows):
        label, size = (row.label, 9.0) if row.is_heading else _fitted(row.label)
        axis.annotate(
            label,
            (0.0, -i),
            xycoords=("axes fraction", "data"),
            xytext=(-152 if row.is_heading else -8, 0),
            textcoords="offset points",
            ha="left" if row.is_heading else "right",
            va="center",
            fontsize=size,
            fontweight="bold" if row.is_heading else "normal",
            color=INK,
            annotation_clip=False,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if row.is_heading else None,
        )
    axis.set_zorder(1)  # a long heading runs over the panels beside it


def _fitted(label: str) -> tuple[str, float]:
    """A row's label in the lines and the size of type in which it fits beside the bars."""
    lines, size = [label], 8.5
    for size, most in ((8.5, 1), (7.5, 2), (6.0, 3)):
        lines = wrapped(label, LABEL_POINTS, size)
        if len(lines) <= most:
            break
    return "\n".join(lines), size


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of at most so many points in the figures' type; a word that is longer stands alone."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if not lines[-1] or text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def text_width(text: str, size: float) -> float:
    """Width of a line in the figures' type, points."""
    font = FontProperties(family=SETTINGS["font.family"], size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def _label_segment(axis: Any, x: float, y: float, text: str, colour: str, is_hatched: bool) -> None:
    dark_ground = colour in (BLUE, VERMILION, GREEN)
    box = {"facecolor": colour, "edgecolor": "none", "pad": 1.0} if is_hatched else None
    shade = "#ffffff" if dark_ground else "#1a1a1a"
    axis.text(x, y, text, ha="center", va="center", fontsize=7.5, color=shade, bbox=box)


def styled(salt: str = "") -> AbstractContextManager[None]:
    """The figures' style for as long as one is drawn or written; what is written needs a salt for its ids."""
    return mpl.rc_context({**SETTINGS, "svg.hashsalt": salt})


def to_svg(figure: Figure, name: str, title: str) -> Markup:
    """Inline SVG: no XML head, no date, ids made unique by the figure's name, ink from the page's style variables."""
    buffer = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)
    with styled(name):
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return inline_svg(buffer.getvalue(), name, title)


def inline_svg(text: str, name: str, title: str) -> Markup:
    """The ``svg`` element alone, ready to stand inside HTML."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", text)
    text = text.replace("xlink:href", "href")
    for sentinel, variable in VARIABLES.items():
        text = text.replace(sentinel, f"var({variable})")
    text = re.sub(r"font: (\d[\d.]*px) '[^']*'[^;\"]*", r"font-size: \1", text)
    text = re.sub(r"font: (bold|\d+) (\d[\d.]*px) '[^']*'[^;\"]*", r"font-weight: \1; font-size: \2", text)
    label = str(escape(title))
    return Markup(text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))
