"""Footprints as files: a picture, areas for a map, a table."""

from collections.abc import Sequence
from functools import partial

from steeldome import __version__
from steeldome.experiments.footprint import DEFENDED, Footprint, rectangles
from steeldome.inputs.catalogue import Catalogue
from steeldome.interop.geojson import Area, areas_text
from steeldome.report.figures import Picture
from steeldome.report.footprint_figure import footprint_figure
from steeldome.report.footprints import (
    Matchup,
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
    return areas_text(
        Area(
            one.longitude_deg,
            one.latitude_deg,
            rectangles(one, one.stage == DEFENDED),
            {**footprint_record(one), "site": "generated, notional"},
        )
        for one in found
    )


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
    cell = translate("The side of a cell is {share} of the reach; an arrow shows where the threat comes from.").format(
        share=wording.quantity(found[0].cell / found[0].reach, "1", 0.01) if found[0].reach else "–"
    )
    draw = partial(footprint_figure, titles=titles, wording=wording)
    picture = Picture(
        id="footprint",
        title=translate("What a fire unit can defend."),
        caption=f"{caption(matchup, wording)} {cell}",
        draw=lambda _: draw(found),
        number=1,
    )
    files = stand_alone(picture, f"{matchup.study}. Steeldome {__version__}.", translate)
    return {f".{file.rsplit('.', 1)[1]}": data for file, data in files}
