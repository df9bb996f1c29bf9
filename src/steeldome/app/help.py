"""Help of every command, with examples."""


def gettext(sentence: str) -> str:
    """Mark a sentence under the name that ``make messages`` looks for; it is translated when the program starts."""
    return sentence


def command_help() -> dict[str, str]:
    """By the name of the function that typer calls; in English, marked for translation."""
    return _study_help() | _tool_help()


def _study_help() -> dict[str, str]:
    """Commands about a study or a run of it."""
    return {
        "studies": gettext("List the studies that come with Steeldome.\n\nExample: steeldome studies"),
        "check": gettext(
            "Check a study; every fault on a line of its own.\n\nExample: steeldome check turkiye-steel-dome"
        ),
        "new": gettext(
            "Make a study from a list of units; everything else is a template to edit.\n\n"
            "Example: steeldome new units.csv --name 'Two islands' --threat-axis 90 --out islands"
        ),
        "run": gettext(
            "Run a study into a run folder.\n\n"
            "Example: steeldome run turkiye-steel-dome --quick --raid mixed --out runs/look"
        ),
        "resume": gettext("Finish, repair or extend a run.\n\nExample: steeldome resume runs/turkiye-steel-dome"),
        "explain": gettext(
            "Show which link of the chain eats the promise of range rings and kill probabilities.\n\n"
            "Example: steeldome explain turkiye-steel-dome --raid mixed --out waterfall.html"
        ),
        "coverage": gettext(
            "Show where the sensors of a laydown see a target at a height, and what is in the way elsewhere.\n\n"
            "Example: steeldome coverage turkiye-steel-dome --laydown base-2025 --threat kalibr "
            "--altitude 100m,500m,3km,10km --out coverage"
        ),
        "footprint": gettext(
            "Show which ground each fire unit can defend against each class of threat.\n\n"
            "Example: steeldome footprint turkiye-steel-dome --unit patriot_battery --threat shahab_3 --out ground.svg"
        ),
        "why": gettext(
            "Tell the story of the leakers of one replication.\n\n"
            "Example: steeldome why runs/turkiye-steel-dome --case base-2025/mixed/s003 --replication 17"
        ),
        "report": gettext(
            "Write the report of a run as one HTML file.\n\n"
            "Example: steeldome report runs/turkiye-steel-dome --out report.html --language tr"
        ),
        "export": gettext(
            "Write tables and figures of the report of a run as files: Excel, CSV, SVG, PNG.\n\n"
            "Example: steeldome export runs/turkiye-steel-dome --out export --format xlsx"
        ),
        "verify": gettext(
            "Compile and simulate a run again and compare hashes.\n\n"
            "Example: steeldome verify runs/turkiye-steel-dome --fraction 0.1"
        ),
    }


def _tool_help() -> dict[str, str]:
    """Commands about the product, its catalogue and its terrain."""
    return {
        "validate": gettext(
            "Compare the product's own functions with published and computed reference numbers.\n\n"
            "Example: steeldome validate V-RAD-8 V-ATM-1"
        ),
        "catalogue_list": gettext("List everything in the catalogue.\n\nExample: steeldome catalogue list"),
        "catalogue_show": gettext(
            "Show one entry of the catalogue with its sources.\n\nExample: steeldome catalogue show siper_battery"
        ),
        "catalogue_card": gettext(
            "Write the card of one entry as one HTML file, at most two A4 pages: what is published, assumed and "
            "unknown, and who can veto what.\n\nExample: steeldome catalogue card siper_battery --language tr"
        ),
        "terrain_import": gettext(
            "Merge elevation files into the terrain of a study.\n\n"
            "Example: steeldome terrain import N39E032.hgt N39E033.hgt --out islands/ankara.tif --cell 3arcsec"
        ),
        "terrain_show": gettext(
            "Say what an elevation file or a shipped terrain holds: size, edges, heights, cells without data.\n\n"
            "Example: steeldome terrain show globe30s_6E50E_30N48N"
        ),
    }
