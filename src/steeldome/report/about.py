"""How a run was made, how good its evidence is, and what it is for."""

from collections.abc import Callable
from typing import NamedTuple

from steeldome.report.contents import Contents
from steeldome.report.labels import level_meanings
from steeldome.report.tables import Cell, Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import Wording

Translate = Callable[[str], str]


class Fact(NamedTuple):
    """One fact of a run: its name, its value, and the value as the page says it."""

    name: str
    value: Cell
    said: str


def facts(contents: Contents, wording: Wording) -> list[Fact]:
    """Seed, counts, time and versions."""
    translate, provenance = wording.translate, contents.provenance
    unsound = translate("{n}; counted here, left out of the means").format(n=wording.count(provenance.unsound_in_all))
    versions = ", ".join(f"{name} {version}" for name, version in provenance.versions.items())
    counts = {
        translate("Samples of inputs and sites"): provenance.samples,
        translate("Replications in each sample"): provenance.replications,
        translate("Replications, all cases together"): provenance.replications_in_all,
    }
    return [
        Fact(translate("Seed"), provenance.seed, str(provenance.seed)),
        *(Fact(name, count, wording.count(count)) for name, count in counts.items()),
        Fact(translate("Replications not sound"), provenance.unsound_in_all, unsound),
        Fact(translate("Time taken"), wording.duration(provenance.seconds), wording.duration(provenance.seconds)),
        Fact(translate("Finished (UTC)"), provenance.finished, provenance.finished),
        Fact(translate("Versions"), versions, versions),
    ]


def named_hashes(contents: Contents, translate: Translate) -> list[tuple[str, str]]:
    """Hashes of the run with what they are of."""
    names = {
        "result": translate("Result"),
        "study": translate("Study"),
        "catalogue": translate("Catalogue"),
        "tables": translate("Tables"),
    }
    return [(names.get(key, key), value) for key, value in contents.provenance.hashes.items()]


def provenance_line(contents: Contents, translate: Translate, n_digits: int = 64) -> str:
    """Where a number comes from, in one line, with so many digits of the result hash."""
    provenance = contents.provenance
    return translate("Evidence level {level}; seed {seed}; Steeldome {version}; result hash {hash}.").format(
        level=provenance.level,
        seed=provenance.seed,
        version=provenance.version,
        hash=provenance.hashes.get("result", "")[:n_digits],
    )


def about_table(contents: Contents, wording: Wording) -> Table:
    """Everything about a run that a reader of its numbers alone would miss."""
    translate, provenance = wording.translate, contents.provenance
    held: dict[str, list[tuple[str, Cell]]] = {
        translate("Steeldome study"): [
            (translate("Study"), contents.study),
            (translate("Title"), contents.title),
            (translate("Question"), contents.question),
        ],
        translate("How this was made"): [
            *((fact.name, fact.value) for fact in facts(contents, wording)),
            *(
                (translate("Hash: {name}").format(name=name), value)
                for name, value in named_hashes(contents, translate)
            ),
            (translate("Play it again"), provenance.reproduce),
            (translate("Verify"), provenance.verify),
        ],
        translate("Evidence levels"): [
            (translate("Evidence level of this run:").rstrip(":"), provenance.level),
            (translate("Meaning"), level_meanings(translate).get(provenance.level, "")),
            (translate("Weakest part"), provenance.weakest),
        ],
        translate("Scope and honesty"): [
            *((heading.rstrip("."), text) for heading, text in scope(translate)),
            (translate("How to quote"), quote(contents, wording)),
        ],
        translate("What was not modelled"): [(translate("Not modelled"), line) for line in contents.not_modelled],
    }
    rows = [TableRow((name, value), group) for group, lines in held.items() for name, value in lines]
    columns = (Column("fact", translate("Fact")), Column("value", translate("Value")))
    return Table(
        "about",
        translate("About this run."),
        translate("No unit; n = {n} facts.").format(n=len(rows)),
        columns,
        tuple(rows),
        group=Column("part", translate("Part")),
    )


def quote(contents: Contents, wording: Wording) -> str:
    """How a result is to be quoted."""
    pattern = wording.translate(
        "Quote together or not at all: the result, both bands, evidence level {level}, Steeldome {version}, "
        "seed {seed}."
    )
    provenance = contents.provenance
    return pattern.format(level=provenance.level, version=provenance.version, seed=provenance.seed)


def level_table(views: Views) -> Table:
    """Evidence levels, that of the run marked."""
    translate, own = views.wording.translate, views.contents.provenance.level
    rows = [
        TableRow((level, meaning), kind="marked" if level == own else "")
        for level, meaning in level_meanings(translate).items()
    ]
    return views.add(
        Table(
            "levels",
            translate("Evidence levels."),
            translate(
                "The level of this run is marked; a run is as good as its weakest important part. n = 6 levels; no "
                "unit."
            ),
            (Column("level", translate("Level")), Column("meaning", translate("Meaning"))),
            tuple(rows),
        )
    )


def scope(translate: Translate) -> list[tuple[str, str]]:
    """What a report is for and what it is not for, heading and text."""
    return [
        (
            translate("Purpose."),
            translate(
                "To study and teach layered defence in the aggregate, to compare alternatives on equal terms, and to "
                "show how much is not known."
            ),
        ),
        (
            translate("Not for."),
            translate(
                "Controlling weapons, handling live tracks, fire control, choosing targets or aim points, foretelling "
                "any single engagement, or stating how ready a named operator is."
            ),
        ),
        (
            translate("Data."),
            translate(
                "Open sources only. Nothing classified, leaked, export-controlled or personal is used; sites of fire "
                "units are generated by rules and are notional; places are rounded to a tenth of a degree."
            ),
        ),
        (
            translate("Results."),
            translate(
                "They hold if the listed assumptions hold. The code is tested; the numbers that decide are "
                "assumptions, and few are validated against events. Where there is no number there was no data, which "
                "does not mean zero."
            ),
        ),
        (
            translate("Duty of the reader."),
            translate(
                "Quote a result together with both bands, the evidence level, the version and the seed, or do not "
                "quote it."
            ),
        ),
    ]
