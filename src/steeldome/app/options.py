"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from steeldome.app.help import gettext

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
