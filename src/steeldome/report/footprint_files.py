"""Footprints as files: a picture, areas for a map, a table."""

from collections.abc import Sequence
from functools import partial

from steeldome import __version__
from steeldome.analysis.measures import EVIDENCE_LEVEL
from steeldome.experiments.footprint import DEFENDED, Footprint, rectangles
from steeldome.inputs.catalogue import Catalogue
from steeldome.interop.geojson import collection, multi_polygon, rectangles_around
from steeldome.report.figures import Picture
from steeldome.report.footprint_figure import footprint_figure
from steeldome.report.footprints import (
    Matchup,
    came_from,
    caption,
    footprint_lines,
    footprint_record,
    footprint_table,
)
from steeldome.report.labels import short_name
from steeldome.report.standalone import stand_alone
from steeldome.report.table_files import csv_text
from steeldome.report.wording import Wording


def footprint_csv(found: Sequence[Footprint], is_each: bool, matchup: Matchup, wording: Wording) -> str:
    """The table of footprints as CSV, a line a system or a unit."""
    return csv_text(footprint_table(footprint_lines(found, is_each), matchup, wording))


def footprint_areas(found: Sequence[Footprint]) -> str:
    """Defended ground of each footprint as GeoJSON, around its notional site."""
    features = [
        multi_polygon(
            rectangles_around(one.longitude_deg, one.latitude_deg, rectangles(one, one.stage == DEFENDED)),
            footprint_record(one),
        )
        for one in found
    ]
    return collection(features, {"sites": "generated, notional", "level": EVIDENCE_LEVEL})


def footprint_pictures(
    found: Sequence[Footprint], catalogue: Catalogue, matchup: Matchup, wording: Wording
) -> dict[str, bytes]:
    """The picture of some footprints by the ending of a file, ``.svg`` and ``.png``."""
    translate = wording.translate

    def name(owner: str) -> str:
        known = catalogue.threats[owner] if owner in catalogue.threats else catalogue.items[owner]
        return short_name(known.name.in_language(wording.language))

    against = translate("{unit} with {round}, against {threat}")
    titles = [
        against.format(unit=one.unit, round=name(one.effector), threat=name(one.approach.threat)) for one in found
    ]
    coming = "; ".join(
        f"{name(approach.threat)} {came_from(approach, wording)}"
        for approach in dict.fromkeys(one.approach for one in found)
    )
    n_cells = max((round(one.reach / one.cell) for one in found if one.cell > 0.0), default=0)
    grid = translate(
        "{coming}. An arrow shows where the threat comes from, the dashed circle is the reach against it, the side of "
        "a cell one part in {n} of that."
    ).format(coming=coming, n=n_cells)
    draw = partial(footprint_figure, titles=titles, wording=wording)
    picture = Picture(
        id="footprint",
        title=translate("What a fire unit can defend."),
        caption=f"{grid} {caption(matchup, wording)}",
        draw=lambda _: draw(found),
        number=1,
    )
    files = stand_alone(picture, f"{matchup.study}. Steeldome {__version__}.", translate)
    return {f".{file.rsplit('.', 1)[1]}": data for file, data in files}
