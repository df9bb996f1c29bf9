"""What ``steeldome footprint`` asks: which ground the fire units of a laydown can defend, against which threat."""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from steeldome.app import commands
from steeldome.app.asked import load_asked
from steeldome.app.help import gettext
from steeldome.app.language import translator
from steeldome.app.options import Json, Language, StudyId, WhatIfs
from steeldome.app.printing import Translate, print_json, print_table
from steeldome.app.writing import told_where
from steeldome.errors import Fault, ResultsError, ScenarioError
from steeldome.inputs.reading import suggest

if TYPE_CHECKING:
    from steeldome.compiler.specs import FireUnitSpec
    from steeldome.experiments.footprint import Footprint, Standing
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.study import Study
    from steeldome.report.footprints import Matchup

FILES: Final = (".svg", ".png", ".geojson", ".csv")
FEW: Final = 12  # footprints up to which each has fine cells; more are a table of many, with coarse ones
COARSE_CELLS: Final = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What a user wants to know; None and empty leave it to the study.

    Attributes
    ----------
    laydown : str or None
    units, threats : tuple of str
        Systems, units or fire units; types of threat.
    bearing_deg, distance_km : float or None
        Launch as seen from each aim.
    layout : int
    cells : int or None
        From a unit to the end of its reach.
    is_each : bool
        Whether every unit has a line of its own.
    what_ifs : tuple of str
    """

    laydown: str | None
    units: tuple[str, ...]
    threats: tuple[str, ...]
    bearing_deg: float | None
    distance_km: float | None
    layout: int
    cells: int | None
    is_each: bool
    what_ifs: tuple[str, ...]


def footprint(
    study: StudyId,
    laydown: Annotated[str | None, typer.Option(help=gettext("Laydown; the study's first if left out."))] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help=gettext("System, unit or fire unit, all of them if left out; may be given again.")),
    ] = None,
    threat: Annotated[
        list[str] | None,
        typer.Option(
            help=gettext("Type of threat, the first of each class in the raids if left out; may be given again.")
        ),
    ] = None,
    bearing: Annotated[
        float | None,
        typer.Option(min=0.0, max=360.0, help=gettext("Bearing of the launch, degrees; that of a raid if left out.")),
    ] = None,
    distance: Annotated[
        float | None,
        typer.Option(min=1.0, max=15000.0, help=gettext("Distance of the launch, in km; that of a raid if left out.")),
    ] = None,
    layout: Annotated[int, typer.Option(min=0, help=gettext("Number of the siting layout."))] = 0,
    cells: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=100,
            help=gettext("Cells from a unit to the end of its reach; 20 for up to twelve footprints, 10 for more."),
        ),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help=gettext("A line for every unit, not for every system."))] = False,
    what_ifs: WhatIfs = None,
    out: Annotated[
        Path | None,
        typer.Option(help=gettext("Picture (.svg, .png), map (.geojson) or table (.csv) to write.")),
    ] = None,
    language: Language = None,
    json: Json = False,
) -> int:
    """See `commands.show_footprints`."""
    units, threats, changes = (tuple(listed or ()) for listed in (unit, threat, what_ifs))
    asked = Question(laydown, units, threats, bearing, distance, layout, cells, each, changes)
    return commands.show_footprints(study, asked, out, language, json, translator())


def show_footprints(
    study_name: str, asked: Question, out: Path | None, language: str | None, as_json: bool, translate: Translate
) -> int:
    """Print the footprints of a laydown's fire units, and write them as a picture, a map or a table."""
    from steeldome.app.language import choose_language

    chosen = choose_language(language)
    study, catalogue = load_asked(study_name, asked.what_ifs)
    laydown = asked.laydown or study.experiments.laydowns[0]
    _check(study, laydown, asked.layout)
    found = list(_footprints(study, catalogue, laydown, asked, out, translate))
    speak = translator(chosen)
    matchup = _matchup(study, laydown, asked.layout, chosen, speak)
    if out is not None:
        _write(found, catalogue, matchup, asked, out, chosen, speak)
    if as_json:
        from steeldome.analysis.measures import EVIDENCE_LEVEL
        from steeldome.report.footprints import footprint_record

        about = {"study": study.meta.id, "laydown": laydown, "layout": asked.layout, "level": EVIDENCE_LEVEL}
        print_json({**about, "footprints": [footprint_record(one) for one in found]})
        return 0
    _print(found, matchup, asked, chosen, speak)
    if out is not None:
        print(speak("file {file}").format(file=out))
    return 0


def check_place(out: Path) -> None:
    """Refuse a file that could not be written when all is worked out.

    Raises
    ------
    ResultsError
    """
    if out.suffix not in FILES:
        message = f"ends in none of {', '.join(FILES)}; give --out one of these endings"
        raise ResultsError([Fault(str(out), 0, "", message)])
    if not out.parent.is_dir():
        raise ResultsError([Fault(str(out), 0, "", "there is no such folder; make it, or give another --out")])


def _check(study: "Study", laydown: str, layout: int) -> None:
    """Refuse a laydown or layout that the study does not have, and ground that its terrain does not cover."""
    from steeldome.compiler.terrain import terrain_extent, terrain_faults
    from steeldome.inputs.force import force_ids, is_force

    faults = []
    if not is_force(study, laydown):
        known = force_ids(study)
        hint = suggest(laydown, known) or f"; allowed: {', '.join(known)}"
        faults.append(Fault("", 0, "--laydown", f"no laydown '{laydown}' in this study{hint}"))
    if layout >= study.siting.layouts:
        last = study.siting.layouts - 1
        faults.append(Fault("", 0, "--layout", f"no layout {layout} in this study; it has 0 to {last}"))
    faults += terrain_faults(study, terrain_extent(study.environment, study.folder))
    if faults:
        raise ScenarioError(faults)


def _footprints(
    study: "Study", catalogue: "Catalogue", laydown: str, asked: Question, out: Path | None, translate: Translate
) -> "Iterator[Footprint]":
    """Footprints in the order of the fire units, then of the threats; with progress where somebody watches."""
    from steeldome.compiler.terrain import load_terrain
    from steeldome.experiments.approaches import approaches
    from steeldome.experiments.footprint import CELLS, Standing

    bearing = None if asked.bearing_deg is None else math.radians(asked.bearing_deg)
    distance = None if asked.distance_km is None else 1000.0 * asked.distance_km
    coming = approaches(study, catalogue, asked.threats, bearing, distance)
    if out is not None and out.suffix == ".geojson":
        _refuse_low(catalogue, out, [approach.threat for approach in coming])
    terrain = load_terrain(study.environment, study.folder)
    standing = Standing(study, catalogue, laydown, asked.layout, terrain)
    fire_units = _chosen(standing, asked.units)
    n = len(fire_units) * len(coming)
    if out is not None and out.suffix in (".svg", ".png") and n > FEW:
        message = f"a picture holds {FEW} footprints, these are {n}; name some with --unit and --threat"
        raise ResultsError([Fault(str(out), 0, "", message)])
    cells = asked.cells or (CELLS if n <= FEW else COARSE_CELLS)
    is_watched = sys.stderr.isatty()
    for i, fire_unit in enumerate(fire_units):
        for k, approach in enumerate(coming):
            if is_watched:
                said = translate("{done} of {total} footprints").format(done=i * len(coming) + k, total=n)
                print(f"\r\033[K{said}", end="", file=sys.stderr, flush=True)
            yield standing.footprint(fire_unit, approach, cells)
    if is_watched:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _refuse_low(catalogue: "Catalogue", out: Path, threats: Sequence[str]) -> None:
    """Refuse a map of what one layout defends against a threat near the ground: that takes all siting rules."""
    from steeldome.experiments.coverage import LOW

    found = {name: catalogue.find(name, "altitude") for name in threats}
    low = [name for name, height in found.items() if height is not None and height.value < LOW]
    if low:
        message = f"one layout says too little below {LOW:.0f} m above ground ({', '.join(low)}); give a .csv file"
        raise ResultsError([Fault(str(out), 0, "", message)])


def _chosen(standing: "Standing", names: Sequence[str]) -> "list[FireUnitSpec]":
    """Fire units that some names stand for, each of a system, of a unit, or its own; all if there are none."""
    system_of = {unit.id: unit.system for unit in standing.units}
    answers = [(one, {system_of[one.unit], one.unit, one.id}) for one in standing.fire_units]
    known = {name for _, to in answers for name in to}
    systems = sorted({system_of[one.unit] for one in standing.fire_units})
    faults = []
    for name in names:
        if name not in known:
            what = "has no fire unit" if name in (*system_of, *system_of.values()) else "is not in this laydown"
            hint = suggest(name, sorted(known)) or f"; systems that fire: {', '.join(systems)}"
            faults.append(Fault("", 0, "--unit", f"'{name}' {what}{hint}"))
    if faults:
        raise ScenarioError(faults)
    return [one for one, to in answers if not names or to & set(names)]


def _matchup(study: "Study", laydown: str, layout: int, language: str, translate: Translate) -> "Matchup":
    from steeldome.inputs.force import force_of
    from steeldome.report.footprints import Matchup
    from steeldome.report.labels import laydown_name

    name = laydown_name(force_of(study, laydown), language, translate)
    return Matchup(study.meta.name.in_language(language), name, layout)


def _print(
    found: "Sequence[Footprint]", matchup: "Matchup", asked: Question, language: str, translate: Translate
) -> None:
    import textwrap

    from steeldome.report.footprints import came_from, caption, footprint_lines, footprint_rows
    from steeldome.report.wording import Wording

    wording = Wording(language, translate)
    print(f"{matchup.study}.")
    print(textwrap.fill(caption(matchup, wording), 118))
    for approach in dict.fromkeys(one.approach for one in found):
        print(f"{approach.threat}: {came_from(approach, wording)}")
    print_table(footprint_rows(footprint_lines(found, asked.is_each), wording))


def _write(
    found: "Sequence[Footprint]",
    catalogue: "Catalogue",
    matchup: "Matchup",
    asked: Question,
    out: Path,
    language: str,
    translate: Translate,
) -> None:
    from steeldome.report.footprint_files import footprint_areas, footprint_csv, footprint_pictures
    from steeldome.report.wording import Wording
    from steeldome.results.files import Files, write_file

    wording = Wording(language, translate)
    if out.suffix == ".csv":
        data = footprint_csv(found, asked.is_each, matchup, wording).encode()
    elif out.suffix == ".geojson":
        data = footprint_areas(found).encode()
    else:
        data = footprint_pictures(found, catalogue, matchup, wording)[out.suffix]
    with told_where(out):
        write_file(out, data, Files())
