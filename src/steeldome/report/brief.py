"""The report: one HTML file that reads offline, prints, and carries everything needed to check it.

`write_report` gathers what a run knows, `render` turns it into text. The page holds no script and loads nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure

from steeldome.report.about import facts, level_table, named_hashes, quote, scope
from steeldome.report.answers import answer, at_a_glance, laydown_table, units_told, words_told
from steeldome.report.claim_tables import (
    claim_table,
    finding_table,
    gate_table,
    path_picture,
    path_table,
)
from steeldome.report.contents import Contents
from steeldome.report.coverage_figure import coverage_pictures
from steeldome.report.figures import Picture
from steeldome.report.gathering import gather
from steeldome.report.input_tables import (
    assumption_tables,
    doctrine_table,
    published_table,
    source_table,
    what_ifs_told,
)
from steeldome.report.labels import level_meanings
from steeldome.report.map import draw_map, ground_of
from steeldome.report.pages import page_environment
from steeldome.report.reading_tables import (
    everything_table,
    observed_sentences,
    reading_table,
    record_picture,
    record_sentence,
    record_table,
    siting_table,
)
from steeldome.report.result_tables import causes, differences, kills, leakage, stages
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
    environment, style = page_environment(wording)
    environment.globals.update({"verdict": verdict})
    page = environment.get_template(TEMPLATE).render(
        language=language,
        contents=contents,
        provenance=contents.provenance,
        style=style,
        page_title=" – ".join((contents.title, translate("Steeldome report"))),
        version=contents.provenance.version,
        **body(Views(contents, wording)),
    )
    return page.strip() + "\n"


def section_names(translate: Callable[[str], str]) -> dict[str, str]:
    """Headings of the sections, by anchor, in order."""
    return {
        "claims": translate("What was claimed, and what holds"),
        "paths": translate("Ways of buying, and who can stop them"),
        "answer": translate("The answer"),
        "map": translate("What is defended, and by what"),
        "leakage": translate("What gets through"),
        "kills": translate("Who destroyed what, and at what cost"),
        "why": translate("Why the rest got through"),
        "differences": translate("What the change is worth"),
        "readings": translate("The same, read other ways"),
        "assumptions": translate("Assumptions and inputs"),
        "sources": translate("Sources"),
        "method": translate("How this was made"),
        "scope": translate("Scope and honesty"),
    }


def body(views: Views) -> dict[str, Any]:
    """Everything that the section templates name, in the order of the page, so that numbers of figures follow it."""
    contents, wording = views.contents, views.wording
    sections = {key: name for key, name in section_names(wording.translate).items() if _is_there(key, contents)}
    claimed = claim_table(views)
    finding_table(views)
    path_figure, paths, gates = path_picture(views), path_table(views), gate_table(views)
    chart = views.add_picture(_map(contents, wording))
    seen = _seen(views)
    answers = [answer(views, raid) for raid in contents.raids]
    laydown_table(views, f"{sections['map']}.")
    got_through = [leakage(views, raid) for raid in contents.raids]
    destroyed = [kills(views, raid) for raid in contents.raids]
    cause_picture = causes(views)
    stage_tables = stages(views)
    difference_picture, difference_table = differences(views)
    read, sited = reading_table(views), siting_table(views)
    recorded_picture, recorded, everything = record_picture(views), record_table(views), everything_table(views)
    rules, assumed = doctrine_table(views), assumption_tables(views)
    published = published_table(views, {source.id: i for i, source in enumerate(contents.sources, start=1)})
    return {
        "sections": sections,
        "claims": claimed,
        "at_a_glance": at_a_glance(views),
        "words": words_told(views),
        "path_figure": path_figure,
        "paths": paths,
        "gates": gates,
        "readings": read,
        "siting": sited,
        "recorded_picture": recorded_picture,
        "recorded_told": record_sentence(views),
        "recorded": recorded,
        "everything": everything,
        "observed": observed_sentences(views),
        "what_ifs": what_ifs_told(views),
        "answers": answers,
        "map": chart,
        "seen": seen,
        "ground": ground_of(contents.chart),
        "laydowns": [{"name": laydown.name, "units": units_told(views, laydown)} for laydown in contents.laydowns],
        "leakage": got_through,
        "kills": destroyed,
        "causes": cause_picture,
        "stages": stage_tables,
        "difference_picture": difference_picture,
        "differences": difference_table,
        "doctrine": rules,
        "assumptions": assumed,
        "published": published,
        "sources": source_table(views, f"{sections['sources']}.").records,
        "facts": facts(contents, wording),
        "hashes": named_hashes(contents, wording.translate),
        "levels": level_table(views),
        "level_meaning": level_meanings(wording.translate).get(contents.provenance.level, ""),
        "scope": scope(wording.translate),
        "quote": quote(contents, wording),
    }


def _is_there(section: str, contents: Contents) -> bool:
    """Whether a report has a section: those of claims, pathways and other readings only where the run played them."""
    questions = contents.questions
    others = questions.readings or questions.record or questions.everything
    has = {"claims": questions.claims, "paths": questions.paths, "readings": others}
    return bool(has.get(section, True))


def _seen(views: Views) -> Picture | None:
    """Coverage of the first laydown."""
    seen = views.contents.seen
    if seen is None:
        return None
    return views.add_picture(coverage_pictures(seen.found, seen.study, seen.names, views.wording)[0])


def _map(contents: Contents, wording: Wording) -> Picture:
    translate = wording.translate
    title = translate("Defended assets, notional sites and radar coverage against a low cruise missile.")
    spoken = translate("Map of assets, notional sites, radar coverage and directions of the raids.")
    north, added = translate("N"), translate("added")

    def draw(_: object) -> Figure:
        return draw_map(contents.chart, north, added)

    return Picture("map", title, _map_caption(contents, wording), draw, spoken=spoken)


def _map_caption(contents: Contents, wording: Wording) -> str:
    translate, chart = wording.translate, contents.chart
    parts = [
        translate("Notional sites, indicative 1 km terrain.")
        if chart.has_terrain
        else translate("Notional sites; no terrain: a smooth earth at sea level."),
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
        over_ground = translate(
            "Shaded: where a radar sees a cruise missile {height} m above the ground, as far as terrain lets it; "
            "orange for the added unit. A band over siting, not a route."
        )
        over_sea = translate(
            "Shaded: where a radar sees a cruise missile {height} m above a smooth earth; orange for the added unit. A "
            "band over siting, not a route."
        )
        pattern = over_ground if chart.has_terrain else over_sea
        parts.append(pattern.format(height=wording.count(chart.outline_height_m)))
    return " ".join(parts)
