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

from steeldome.app import commands
from steeldome.app.asked import Asked
from steeldome.app.footprints import Question
from steeldome.app.language import translator
from steeldome.app.printing import print_faults
from steeldome.errors import SteeldomeError
from steeldome.report.formats import Format

if TYPE_CHECKING:
    from click import Command

DEBUG: Final = "STEELDOME_DEBUG"
NO, WRONG_USAGE = 1, 2
_UsageError: Any = typer.BadParameter.__mro__[1]


def gettext(sentence: str) -> str:
    """Mark a sentence under the name that ``make messages`` looks for; help is translated when the program starts."""
    return sentence


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


def command_help() -> dict[Callable[..., int], str]:
    """Help of every command, with examples; in English, marked for translation."""
    return {
        studies: gettext("List the studies that come with Steeldome.\n\nExample: steeldome studies"),
        check: gettext(
            "Check a study; every fault on a line of its own.\n\nExample: steeldome check turkiye-steel-dome"
        ),
        new: gettext(
            "Make a study from a list of units; everything else is a template to edit.\n\n"
            "Example: steeldome new units.csv --name 'Two islands' --threat-axis 90 --out islands"
        ),
        run: gettext(
            "Run a study into a run folder.\n\n"
            "Example: steeldome run turkiye-steel-dome --quick --raid mixed --out runs/look"
        ),
        resume: gettext("Finish, repair or extend a run.\n\nExample: steeldome resume runs/turkiye-steel-dome"),
        explain: gettext(
            "Show which link of the chain eats the promise of range rings and kill probabilities.\n\n"
            "Example: steeldome explain turkiye-steel-dome --raid mixed --out waterfall.html"
        ),
        footprint: gettext(
            "Show which ground each fire unit can defend against each class of threat.\n\n"
            "Example: steeldome footprint turkiye-steel-dome --unit patriot_battery --threat shahab_3 --out ground.svg"
        ),
        why: gettext(
            "Tell the story of the leakers of one replication.\n\n"
            "Example: steeldome why runs/turkiye-steel-dome --case base-2025/mixed/s003 --replication 17"
        ),
        report: gettext(
            "Write the report of a run as one HTML file.\n\n"
            "Example: steeldome report runs/turkiye-steel-dome --out report.html --language tr"
        ),
        export: gettext(
            "Write tables and figures of the report of a run as files: Excel, CSV, SVG, PNG.\n\n"
            "Example: steeldome export runs/turkiye-steel-dome --out export --format xlsx"
        ),
        verify: gettext(
            "Compile and simulate a run again and compare hashes.\n\n"
            "Example: steeldome verify runs/turkiye-steel-dome --fraction 0.1"
        ),
        catalogue_list: gettext("List everything in the catalogue.\n\nExample: steeldome catalogue list"),
        catalogue_show: gettext(
            "Show one entry of the catalogue with its sources.\n\nExample: steeldome catalogue show siper_battery"
        ),
        catalogue_card: gettext(
            "Write the card of one entry as one HTML file, at most two A4 pages: what is published, assumed and "
            "unknown, and who can veto what.\n\nExample: steeldome catalogue card siper_battery --language tr"
        ),
    }


def build(translate: Callable[[str], str]) -> "Command":
    """The whole program, its help in the language of the user."""
    program = typer.Typer(
        name="steeldome",
        help=translate("Which layered air and missile defence protects what, against which raid."),
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    catalogue = typer.Typer(help=translate("The catalogue of systems and threats."), rich_markup_mode=None)

    @program.callback()
    def whole(
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, callback=show_version, help=gettext("Print the version."))
        ] = False,
    ) -> None:
        pass

    for function, text in command_help().items():
        owner = catalogue if function in (catalogue_list, catalogue_show, catalogue_card) else program
        owner.command(function.__name__.removeprefix("catalogue_"), help=translate(text))(function)
    program.add_typer(catalogue, name="catalogue")
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
