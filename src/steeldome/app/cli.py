"""The command line: ``steeldome``.

Exit status: 0 done, 1 the answer is no (a study with faults, a verification that failed, a run that was stopped), 2
wrong usage. Answers go to stdout, everything else to stderr. Rooms that are slow to import are imported by the command
that needs them.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from steeldome.app import commands, covering, terrain
from steeldome.app.asked import Asked
from steeldome.app.help import command_help, gettext
from steeldome.app.language import translator
from steeldome.app.printing import print_faults
from steeldome.errors import SteeldomeError
from steeldome.report.formats import Format

if TYPE_CHECKING:
    from click import Command

DEBUG: Final = "STEELDOME_DEBUG"
NO, WRONG_USAGE = 1, 2
_UsageError: Any = typer.BadParameter.__mro__[1]


Json = Annotated[bool, typer.Option("--json", help=gettext("Print the answer as JSON."))]
StudyId = Annotated[
    str, typer.Argument(metavar="STUDY", help=gettext("Id of a shipped study, or a folder with a study.yaml."))
]
Run = Annotated[Path, typer.Argument(metavar="RUN", help=gettext("Run folder."))]
Workers = Annotated[int, typer.Option(min=0, max=4096, help=gettext("Threads; 0 for one a processor."))]
Seed = Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help=gettext("Seed instead of the study's."))]
Language = Annotated[str | None, typer.Option(help=gettext("en or tr; the language of the system if left out."))]
Replications = Annotated[
    int | None, typer.Option(min=1, max=10**9, help=gettext("Replications of each case instead of the study's."))
]
WhatIfs = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=NUMBERS",
        help=gettext(
            "What if a number were another: PRIOR=LOW:HIGH, or ITEM.QUANTITY=LOW:VALUE:HIGH, such as "
            "siper_b1.reaction_time='8 s:12 s'; a VALUE alone keeps the bracket. May be given again."
        ),
    ),
]


def show_version(is_asked: bool) -> None:
    """Print the version, and stop."""
    if is_asked:
        from steeldome import __version__

        print(f"steeldome {__version__}")
        raise typer.Exit


def studies(json: Json = False) -> int:
    """See `commands.list_studies`."""
    return commands.list_studies(json, translator())


def catalogue_list(json: Json = False) -> int:
    """See `commands.list_catalogue`."""
    return commands.list_catalogue(json, translator())


def catalogue_show(
    name: Annotated[str, typer.Argument(metavar="ID", help=gettext("Id of an item or a threat."))], json: Json = False
) -> int:
    """See `commands.show_catalogue`."""
    return commands.show_catalogue(name, json, translator())


def catalogue_card(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[ID]", help=gettext("Id of an item or a threat."))] = "",
    every: Annotated[bool, typer.Option("--all", help=gettext("Every entry, and an index of them."))] = False,
    out: Annotated[
        Path | None, typer.Option(help=gettext("File to write, ID.html if left out; with --all a folder, else cards."))
    ] = None,
    language: Language = None,
    json: Json = False,
) -> int:
    """See `commands.write_catalogue_card` and `commands.write_catalogue_cards`."""
    if bool(name) == every:
        raise _UsageError("give an ID or --all, one of them", ctx=context)
    if every:
        return commands.write_catalogue_cards(out, language, json, translator())
    return commands.write_catalogue_card(name, out, language, json, translator())


def terrain_import(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help=gettext("GeoTIFF, SRTM (.hgt) or DTED (.dt0, .dt1, .dt2)."))
    ],
    out: Annotated[
        Path, typer.Option(metavar="STUDY/NAME.tif", help=gettext("File to write, in the folder of the study."))
    ],
    cell: Annotated[
        str | None,
        typer.Option(help=gettext("Size of a cell, such as 30arcsec or 3arcsec; that of the files if left out.")),
    ] = None,
    bounds: Annotated[
        str | None,
        typer.Option(
            metavar="S,W,N,E", help=gettext("What to keep, in degrees, such as 36,26,42,45; all if left out.")
        ),
    ] = None,
    json: Json = False,
) -> int:
    """See `terrain.import_terrain`."""
    size = None if cell is None else terrain.cell_size(cell)
    edges = None if bounds is None else terrain.bounds_of(bounds)
    return terrain.import_terrain(files, out, size, edges, json, translator())


def terrain_show(
    name: Annotated[
        str, typer.Argument(metavar="FILE|ID", help=gettext("Elevation file, or id of a shipped terrain."))
    ],
    json: Json = False,
) -> int:
    """See `terrain.show_terrain`."""
    return terrain.show_terrain(name, json, translator())


def check(study: StudyId, what_ifs: WhatIfs = None, json: Json = False) -> int:
    """See `commands.check_study`."""
    return commands.check_study(study, tuple(what_ifs or ()), json, translator())


def run(
    study: StudyId,
    laydown: Annotated[list[str] | None, typer.Option(help=gettext("Laydown to run; may be given again."))] = None,
    raid: Annotated[list[str] | None, typer.Option(help=gettext("Raid to run; may be given again."))] = None,
    replications: Replications = None,
    samples: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help=gettext("Outer samples over inputs and siting instead of the study's.")),
    ] = None,
    seed: Seed = None,
    what_ifs: WhatIfs = None,
    workers: Workers = 0,
    out: Annotated[Path | None, typer.Option(help=gettext("Run folder; runs/STUDY if left out."))] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help=gettext("A first look: 5 samples with 100 replications each."))
    ] = False,
    if_needed: Annotated[
        bool,
        typer.Option(
            "--if-needed",
            help=gettext("Use the run that is in the folder if it asks the same; move another one aside."),
        ),
    ] = False,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help=gettext("Every laydown against every raid, with and without what allies lend; takes long.")
        ),
    ] = False,
    json: Json = False,
) -> int:
    """See `commands.run_study`."""
    if everything and (laydown or raid):
        raise typer.BadParameter("--all stands for every laydown and raid; leave out --laydown and --raid")
    asked = Asked(
        tuple(laydown or ()), tuple(raid or ()), replications, samples, seed, everything, tuple(what_ifs or ())
    )
    return commands.run_study(study, asked.quick() if quick else asked, out, workers, if_needed, json, translator())


def new(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help=gettext("Units: a .csv file with the columns name, system, lat, lon, or a .kml file.")
        ),
    ] = None,
    units: Annotated[Path | None, typer.Option(metavar="FILE", help=gettext("The same as FILE."))] = None,
    assets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=gettext("Assets: a .csv file with the columns name, class, lat, lon, value, radius_km."),
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=gettext("Folder to make; named after the study if left out."))
    ] = None,
    name: Annotated[str, typer.Option(help=gettext("Name of the study; that of the file if left out."))] = "",
    threat_axis: Annotated[
        float, typer.Option(min=0.0, max=360.0, help=gettext("Bearing from which the raids come, in degrees."))
    ] = 110.0,
    terrain: Annotated[
        str, typer.Option(help=gettext("Terrain; 'none' for a smooth earth. Chosen by the places if left out."))
    ] = "",
    coordinator: Annotated[str, typer.Option(metavar="ID", help=gettext("Command node of the network."))] = "hakim_100",
    json: Json = False,
) -> int:
    """See `commands.make_study`."""
    if (file is None) == (units is None):
        raise typer.BadParameter("one file of units is needed; write 'steeldome new units.csv'")
    from steeldome.experiments.new_study import UnitList

    listed = file or units
    assert listed is not None
    asked = UnitList(listed, assets, name, threat_axis, terrain, coordinator)
    return commands.make_study(asked, out, json, translator())


def resume(
    folder: Run,
    replications: Annotated[
        int, typer.Option(min=0, max=10**9, help=gettext("Extend the run to so many replications of each case."))
    ] = 0,
    workers: Workers = 0,
    json: Json = False,
) -> int:
    """See `commands.resume_run`."""
    return commands.resume_run(folder, replications, workers, json, translator())


def explain(
    study: StudyId,
    laydown: Annotated[str | None, typer.Option(help=gettext("Laydown; the study's first if left out."))] = None,
    raid: Annotated[str | None, typer.Option(help=gettext("Raid; the study's last if left out."))] = None,
    samples: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help=gettext("How many of the study's samples to play; 8 if left out.")),
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, max=10**9, help=gettext("Replications of each sample; 200 if left out."))
    ] = None,
    seed: Seed = None,
    what_ifs: WhatIfs = None,
    out: Annotated[
        Path | None, typer.Option(help=gettext("Page (.html) or figure (.svg, .png) to write as well."))
    ] = None,
    language: Language = None,
    workers: Workers = 0,
    json: Json = False,
) -> int:
    """See `commands.explain_case`."""
    asked = Asked(
        (laydown,) if laydown else (),
        (raid,) if raid else (),
        replications,
        samples,
        seed,
        what_ifs=tuple(what_ifs or ()),
    )
    return commands.explain_case(study, asked, out, language, workers, json, translator())


def coverage(
    study: StudyId,
    laydown: Annotated[str, typer.Option(help=gettext("Laydown; the study's first if left out."))] = "",
    threat: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help=gettext("Threat type of the catalogue; the first cruise missile of the raids if left out."),
        ),
    ] = "",
    altitude: Annotated[
        str, typer.Option(metavar="LENGTHS", help=gettext("Heights above ground, with commas between."))
    ] = "100m,500m,3km,10km",
    samples: Annotated[
        int,
        typer.Option(
            min=0, max=1024, help=gettext("Samples of inputs and siting layouts; two for each siting rule if left out.")
        ),
    ] = 0,
    around: Annotated[str, typer.Option(metavar="ASSET", help=gettext("Asset that the map is of."))] = "",
    radius: Annotated[str, typer.Option(help=gettext("How far the map goes around the asset."))] = "60km",
    cell: Annotated[str, typer.Option(help=gettext("Size of a cell; 5 km if left out, 1 km around one asset."))] = "",
    tracks: Annotated[int, typer.Option(min=0, help=gettext("Objects that each sensor holds already."))] = 0,
    side: Annotated[
        str, typer.Option(metavar="SENSOR", help=gettext("Sensor to draw a side view of, altitude against range."))
    ] = "",
    bearing: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=360.0, help=gettext("Bearing of the side view in degrees; the threat axis if left out.")
        ),
    ] = None,
    what_ifs: WhatIfs = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=gettext("Folder for map (SVG, PNG), GeoJSON and JSON."))
    ] = None,
    language: Language = None,
    json: Json = False,
) -> int:
    """See `covering.cover_study`."""
    asked = covering.AskedCoverage(
        laydown, threat, altitude, samples, around, radius, cell, tracks, side, bearing, tuple(what_ifs or ())
    )
    return covering.cover_study(study, asked, out, language, json)


def why(
    folder: Run,
    case: Annotated[str, typer.Option(help=gettext("Case, such as base-2025/mixed/s000; the first if left out."))] = "",
    replication: Annotated[
        int | None, typer.Option(min=0, help=gettext("Replication; the first with a leaker if left out."))
    ] = None,
    threat: Annotated[str | None, typer.Option(help=gettext("One threat; every leaker if left out."))] = None,
    json: Json = False,
) -> int:
    """See `commands.explain_leakers`."""
    return commands.explain_leakers(folder, case, replication, threat, json, translator())


def report(
    folder: Run,
    out: Annotated[Path, typer.Option(help=gettext("File to write."))] = Path("report.html"),
    language: Language = None,
    json: Json = False,
) -> int:
    """See `commands.write_run_report`."""
    return commands.write_run_report(folder, out, language, json, translator())


def export(
    folder: Run,
    out: Annotated[Path, typer.Option(metavar="DIR", help=gettext("Folder to write; a new or an empty one."))],
    language: Language = None,
    wanted: Annotated[
        Format, typer.Option("--format", help=gettext("A workbook, plain tables, figures, or all of them."))
    ] = Format.ALL,
    json: Json = False,
) -> int:
    """See `commands.export_run`."""
    return commands.export_run(folder, out, language, wanted, json, translator())


def verify(
    folder: Run,
    fraction: Annotated[
        float, typer.Option(min=0.0, max=1.0, help=gettext("Share of the cases to compile and simulate again."))
    ] = 1.0,
    json: Json = False,
) -> int:
    """See `commands.verify_run`."""
    return commands.verify_run(folder, fraction, json, translator())


def validate(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help=gettext("Cases, such as V-RAD-8; all of them if left out.")),
    ] = None,
    json: Json = False,
) -> int:
    """See `commands.validate_product`."""
    return commands.validate_product(tuple(ids or ()), json, translator())


COMMANDS: Final = (
    studies,
    check,
    new,
    run,
    resume,
    explain,
    coverage,
    why,
    report,
    export,
    verify,
    validate,
    catalogue_list,
    catalogue_show,
    catalogue_card,
    terrain_import,
    terrain_show,
)


def build(translate: Callable[[str], str]) -> "Command":
    """The whole program, its help in the language of the user."""
    program = typer.Typer(
        name="steeldome",
        help=translate("Which layered air and missile defence protects what, against which raid."),
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    groups = {
        "catalogue": translate("The catalogue of systems and threats."),
        "terrain": translate("The ground of a study."),
    }
    owners = {name: typer.Typer(help=text, rich_markup_mode=None) for name, text in groups.items()}

    @program.callback()
    def whole(
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, callback=show_version, help=gettext("Print the version."))
        ] = False,
    ) -> None:
        pass

    helps = command_help()
    for function in COMMANDS:
        text = helps[function.__name__]
        group, _, name = function.__name__.rpartition("_")
        owners.get(group, program).command(name, help=translate(text))(function)
    for name, owner in owners.items():
        program.add_typer(owner, name=name)
    command: Any = typer.main.get_command(program)
    _translate_options(command, translate)
    return command  # type: ignore[no-any-return]


def _translate_options(command: Any, translate: Callable[[str], str]) -> None:
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = translate(parameter.help)
    for child in getattr(command, "commands", {}).values():
        _translate_options(child, translate)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the answer is its exit status.

    No failure prints a traceback, unless STEELDOME_DEBUG is set.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    translate = translator()
    program: Any = build(translate)
    try:
        status = program.main(given or ["--help"], prog_name="steeldome", standalone_mode=False)
        return WRONG_USAGE if not given else int(status or 0)
    except SteeldomeError as error:
        print_faults(error)
        return NO
    except _UsageError as error:
        name = error.ctx.command_path if error.ctx else "steeldome"
        print(f"{name}: {_one_line(error.format_message())}; " + _help_hint(name, translate), file=sys.stderr)
        return WRONG_USAGE
    except (KeyboardInterrupt, typer.Abort):
        print(translate("stopped"), file=sys.stderr)
        return NO
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        said = _one_line(f"{type(error).__name__}: {error}")
        hint = translate("this is a fault of the program; set {variable}=1 to see where").format(variable=DEBUG)
        print(f"steeldome: {said}; {hint}", file=sys.stderr)
        return NO


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500].rstrip(".")


def _help_hint(name: str, translate: Callable[[str], str]) -> str:
    return translate("type '{command} --help'").format(command=name)


def start() -> None:
    """Run the program and leave at once: to take compiled code apart when all is said would take 0.3 s."""
    status = main()
    sys.stderr.flush()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = NO
    os._exit(status)


if __name__ == "__main__":
    start()
