"""The report: one HTML file that reads offline, prints, and carries everything needed to check it.

`write_report` gathers what a run knows, `render` turns it into text. The page holds no script and loads nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup

from steeldome.report.contents import Contents, SourceLine
from steeldome.report.gathering import gather
from steeldome.report.map import draw_map
from steeldome.report.views import Views
from steeldome.report.wording import Wording, verdict
from steeldome.results.files import Files, write_file

if TYPE_CHECKING:
    from steeldome.experiments.folder import OpenRun

TEMPLATE: Final = "report.html.j2"


def write_report(run: "OpenRun", path: Path, language: str, translate: Callable[[str], str]) -> None:
    """Write the report of a finished run as one HTML file.

    Parameters
    ----------
    run : OpenRun
    path : Path
        File to write; an older one is replaced.
    language : str
        ``en`` or ``tr``; decides names, decimal signs and the page's language.
    translate : callable
        From an English sentence to the same sentence in the language.
    """
    text = render(gather(run, language, translate), language, translate)
    write_file(path, text.encode(), Files())


def render(contents: Contents, language: str, translate: Callable[[str], str]) -> str:
    """The report as HTML text; the same contents give the same text."""
    wording = Wording(language, translate)
    loader = jinja2.PackageLoader("steeldome.report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    style, _, _ = loader.get_source(environment, "style.css")
    environment.globals.update({"translate": translate, "wording": wording, "verdict": verdict})
    page = environment.get_template(TEMPLATE).render(
        language=language,
        contents=contents,
        provenance=contents.provenance,
        style=Markup(style),
        sections=section_names(translate),
        **_body(contents, wording),
    )
    return page.strip() + "\n"


def section_names(translate: Callable[[str], str]) -> dict[str, str]:
    """Headings of the sections, by anchor, in order."""
    return {
        "answer": translate("The answer"),
        "map": translate("What is defended, and by what"),
        "leakage": translate("What gets through"),
        "kills": translate("Who destroyed what, and at what cost"),
        "why": translate("Why the rest got through"),
        "differences": translate("What the change is worth"),
        "assumptions": translate("Assumptions and inputs"),
        "sources": translate("Sources"),
        "method": translate("How this was made"),
        "scope": translate("Scope and honesty"),
    }


def level_meanings(translate: Callable[[str], str]) -> dict[str, str]:
    """What each evidence level says."""
    return {
        "E0": translate("Placeholder: the form is there, the evidence is not."),
        "E1": translate(
            "Sourced: every number has a graded open source or a named assumption; the parts that matter most are not "
            "yet verified or validated."
        ),
        "E2": translate("Verified: the code solves its equations, shown against analytic or reference cases."),
        "E3": translate("Cross-compared: agrees with other models or published studies, with ranges on its inputs."),
        "E4": translate("Validated in a domain: compared with real events that were not used to fit it."),
        "E5": translate("Independently validated: by others, over the whole stated domain."),
    }


def _body(contents: Contents, wording: Wording) -> dict[str, Any]:
    """Everything that the section templates name, in the order of the page, so that numbers of figures follow it."""
    translate = wording.translate
    views = Views(contents, wording)
    numbers: dict[str, int] = {"map": views.figures.next()}
    answers = [views.answer(raid) for raid in contents.raids]
    leakage = [views.leakage(raid) for raid in contents.raids]
    kills = [views.kills(raid) for raid in contents.raids]
    numbers["causes"] = views.figures.next()
    causes, cause_caption = views.cause_figure()
    stages = views.stage_tables()
    titles = {"differences": translate("Paired differences in leakage.")}
    numbers["differences"] = views.figures.next()
    difference_figure = views.difference_figure(titles["differences"])
    n = views.n_caption(contents.cases)
    difference_caption = translate("Unit: percentage points for shares, else as printed; {n}").format(n=n)
    difference_table = views.difference_table(difference_caption)
    groups = views.assumption_groups()
    numbers["inputs"], numbers["levels"] = views.tables.next(), views.tables.next()
    source_numbers = {source.id: i for i, source in enumerate(contents.sources, start=1)}
    levels = level_meanings(translate)
    return {
        "answers": answers,
        "leakage": leakage,
        "kills": kills,
        "stages": stages,
        "differences": difference_table,
        "assumptions": groups,
        "inputs": views.inputs_by_item(source_numbers),
        "inputs_count": wording.count(len(contents.inputs)),
        "sources": [_source(source) for source in contents.sources],
        "laydowns": [{"name": laydown.name, "units": views.units(laydown)} for laydown in contents.laydowns],
        "figures": {"map": _map(contents, translate), "causes": causes, "differences": difference_figure},
        "numbers": numbers,
        "titles": titles,
        "captions": {
            "map": _map_caption(contents, wording),
            "causes": cause_caption,
            "differences": difference_caption,
        },
        "facts": _facts(contents, wording),
        "hashes": [(_hash_name(key, translate), value) for key, value in contents.provenance.hashes.items()],
        "levels": levels,
        "level_meaning": levels.get(contents.provenance.level, ""),
        "not_modelled": contents.not_modelled,
        "quote": _quote(contents, wording),
    }


def _map(contents: Contents, translate: Callable[[str], str]) -> Markup:
    title = translate("Map of assets, notional sites, radar coverage and directions of the raids.")
    return draw_map(contents.chart, title, translate("N"), translate("added"))


def _map_caption(contents: Contents, wording: Wording) -> str:
    translate, chart = wording.translate, contents.chart
    parts = [
        translate("Notional sites, indicative 1 km terrain."),
        translate(
            "Layout 1 of {layouts}; n = {sites} sites and {assets} assets. Arrows show directions at the map's edge, "
            "no positions; the bar is in km."
        ).format(
            layouts=wording.count(chart.n_layouts),
            sites=wording.count(len(chart.sites)),
            assets=wording.count(len(chart.assets)),
        ),
    ]
    if chart.outlines:
        pattern = translate(
            "Shaded: where a radar sees a cruise missile {height} m above the ground, as far as terrain lets it; "
            "orange for the added unit. A band over siting, not a route."
        )
        parts.append(pattern.format(height=wording.count(chart.outline_height_m)))
    return " ".join(parts)


def _source(source: SourceLine) -> dict[str, Any]:
    return {**source._asdict(), "is_link": source.url.startswith(("https://", "http://"))}


def _facts(contents: Contents, wording: Wording) -> list[tuple[str, str]]:
    translate, provenance = wording.translate, contents.provenance
    broken = sum(case.n_broken for case in contents.cases)
    total = sum(case.n + case.n_broken for case in contents.cases)
    unsound = translate("{n}; counted here, left out of the means")
    return [
        (translate("Seed"), str(provenance.seed)),
        (translate("Samples of inputs and sites"), wording.count(provenance.samples)),
        (translate("Replications in each sample"), wording.count(provenance.replications)),
        (translate("Replications, all cases together"), wording.count(total)),
        (translate("Replications not sound"), unsound.format(n=wording.count(broken))),
        (translate("Time taken"), wording.duration(provenance.seconds)),
        (translate("Finished (UTC)"), provenance.finished),
        (translate("Versions"), ", ".join(f"{name} {version}" for name, version in provenance.versions.items())),
    ]


def _hash_name(key: str, translate: Callable[[str], str]) -> str:
    return {
        "result": translate("Result"),
        "study": translate("Study"),
        "catalogue": translate("Catalogue"),
        "tables": translate("Tables"),
    }.get(key, key)


def _quote(contents: Contents, wording: Wording) -> str:
    pattern = wording.translate(
        "Quote together or not at all: the result, both bands, evidence level {level}, Steeldome {version}, "
        "seed {seed}."
    )
    provenance = contents.provenance
    return pattern.format(level=provenance.level, version=provenance.version, seed=provenance.seed)
