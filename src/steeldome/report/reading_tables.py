"""The headline read other ways: other priors, without lent layers, by siting rule, beside the public record."""

import math
from functools import partial

from steeldome.report.contents import Measure, SitingLine
from steeldome.report.figures import OTHER_COLOUR, Picture, Row, band_figure
from steeldome.report.labels import rule_names
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import SHARE, measure_names, verdict


def _headline_columns(views: Views) -> tuple[Column, Column]:
    """The headline and its paired difference, each with both bands in cells of their own."""
    translate, headline = views.wording.translate, views.contents.headline
    return (
        Column(headline, measure_names(translate)[headline], "measure", "spread"),
        Column("difference", translate("Difference"), "difference", "spread"),
    )


def reading_table(views: Views) -> Table | None:
    """The headline read three ways: published figures first, common priors, without what allies lend."""
    translate, lines = views.wording.translate, views.contents.questions.readings
    if not lines:
        return None
    rows = [
        TableRow((line.reading, line.measure, line.difference), group=f"{line.raid}: {line.laydown}") for line in lines
    ]
    columns = (Column("reading", translate("Reading")), *_headline_columns(views))
    caption = translate(
        "Common priors: where peers of one class share a prior for times, channels, speeds and launchers it stands for "
        "the system's own published figure as well. Difference: from the base of the same year read the same way. {n}"
    ).format(n=views.n_caption(views.contents.cases))
    title = translate("The headline read three ways.")
    group = Column("case", translate("Raid and laydown"))
    return views.add(Table("readings", title, caption, columns, tuple(rows), group=group, style="wide"))


def observed_sentences(views: Views) -> list[str]:
    """What the record says of raids like those played, and how probable that is here."""
    translate, wording = views.wording.translate, views.wording
    pattern = translate(
        "Held against the record ({note}): if {events} such raids, of which nothing fails by itself, came "
        "independently, the probability that the defence stops just {stopped} of them whole is {values}. The record "
        "does not measure a kill probability."
    )
    told = translate("{value} for “{laydown}” ({bands})")
    events: dict[tuple[str, int, int], list[str]] = {}
    for line in views.contents.questions.observed:
        value, bands = wording.value(line.probability), wording.bands(line.probability)
        said = told.format(value=value, laydown=line.laydown, bands=bands)
        events.setdefault((line.note, line.events, line.stopped), []).append(said)
    return [
        pattern.format(note=note, events=wording.count(n), stopped=wording.count(stopped), values="; ".join(values))
        for (note, n, stopped), values in events.items()
    ]


def siting_table(views: Views) -> Table | None:
    """Paired differences by siting rule, and whether the sign hangs on it."""
    translate, lines = views.wording.translate, views.contents.questions.siting
    if not lines:
        return None
    rules = rule_names(translate)
    present = [rule for rule in rules if any(rule in line.by_rule for line in lines)]
    rows = []
    for line in lines:
        flips = _under_rules(views, line)
        cells = [line.by_rule.get(rule) for rule in present]
        rows.append(TableRow((views.minus(line.first, line.second), *cells, flips), group=line.raid))
    columns = (
        Column("comparison", translate("Comparison")),
        *(Column(rule, rules[rule], "difference") for rule in present),
        Column("reading", translate("Sign")),
    )
    counts = [measure.n for line in lines for measure in line.by_rule.values()]
    caption = translate(
        "{measure}; second laydown minus first over the layouts of one rule; n = {low} to {high} replications a rule."
    ).format(
        measure=measure_names(translate)[views.contents.headline],
        low=views.wording.count(min(counts, default=0)),
        high=views.wording.count(max(counts, default=0)),
    )
    title = translate("The same differences under each siting rule.")
    return views.add(
        Table("siting", title, caption, columns, tuple(rows), group=Column("raid", translate("Raid")), style="dense")
    )


def _under_rules(views: Views, line: SitingLine) -> str:
    """Whether a difference shows under each siting rule with the same sign."""
    translate, rules = views.wording.translate, rule_names(views.wording.translate)
    said = {rule: verdict(measure) for rule, measure in line.by_rule.items()}
    if {"lower", "higher"} <= set(said.values()):
        return translate("depends on siting")
    shown = [rules[rule] for rule, found in said.items() if found in ("lower", "higher")]
    if shown and len(shown) < len(said):
        return translate("shown only: {rules}").format(rules=", ".join(shown))
    return translate("same under each rule")


def record_table(views: Views) -> Table | None:
    """What came through by class in this run, and in the public record."""
    translate, lines = views.wording.translate, views.contents.questions.record
    if not lines:
        return None
    numbers = {source.id: i for i, source in enumerate(views.contents.sources, start=1)}
    rows = []
    for threats in dict.fromkeys(line.threats for line in lines):
        rows += [
            TableRow((label, None, measure, None, None, None), threats, "reference")
            for label, measure, _ in _played(views, threats)
        ]
        rows += [
            TableRow(
                (one.record, one.launched, None, one.low, one.high, numbers.get(one.source_id, one.source_id)), threats
            )
            for one in lines
            if one.threats == threats
        ]
    columns = (
        Column("record", translate("Record")),
        Column("launched", translate("Objects"), "count"),
        Column("leakage", measure_names(translate)["leakage"], "measure"),
        Column("low", translate("Through, at least"), "share"),
        Column("high", translate("Through, at most"), "share"),
        Column("source", translate("Source"), "source"),
    )
    caption = translate(
        "Claims, mostly of one side, and no kill probability: objects that nobody engaged, that failed or were jammed "
        "are among those counted. At least: as if all that were lost had been stopped; at most: none of them. Another "
        "country, another defence, another raid; nothing here is fitted to them."
    )
    title = translate("What the public record says of the same classes.")
    group = Column("class", translate("Class"))
    return views.add(Table("record", title, caption, columns, tuple(rows), group=group, style="dense"))


def record_picture(views: Views) -> Picture | None:
    """What came through by class in this run, over the bands of the public record."""
    translate, lines = views.wording.translate, views.contents.questions.record
    rows: list[Row] = []
    for threats in dict.fromkeys(line.threats for line in lines):
        rows.append(Row(threats, {}))
        rows += [Row(label, {"leakage": measure}, colour) for label, measure, colour in _played(views, threats)]
        for line in lines:
            if line.threats == threats:
                band = Measure(math.nan, math.nan, math.nan, line.low, line.high, line.launched, "", SHARE)
                rows.append(Row(line.record, {"leakage": band}, OTHER_COLOUR))
    if not lines:
        return None
    caption = translate(
        "Share of the objects of a class that reach their aim. Grey: the record, from “all that were lost had been "
        "stopped” to “none of them”; claims of another country, defence and raid, to which nothing here is fitted. {n}"
    ).format(n=views.n_caption(views.contents.cases))
    title = translate("This run beside the public record.")
    draw = partial(band_figure, columns={"leakage": ""}, wording=views.wording)
    return views.add_picture(Picture("record", title, caption, draw, rows, has_bands=True))


def record_sentence(views: Views) -> str:
    """Which classes get through more, or less, than in any record, and which within the span of the records."""
    translate, lines = views.wording.translate, views.contents.questions.record
    found: dict[str, list[str]] = {}
    for threats in dict.fromkeys(line.threats for line in lines):
        low = min(line.low for line in lines if line.threats == threats)
        high = max(line.high for line in lines if line.threats == threats)
        means = [measure.value for _, measure, _ in _played(views, threats)]
        if means:
            place = "more" if min(means) > high else "less" if max(means) < low else "within"
            found.setdefault(place, []).append(threats)
    patterns = {
        "more": translate("more gets through here than in any of the records for {classes}"),
        "within": translate("the mean lies within the span of the records for {classes}"),
        "less": translate("less gets through here than in any of the records for {classes}"),
    }
    told = [pattern.format(classes=", ".join(found[place])) for place, pattern in patterns.items() if place in found]
    return translate("Beside the record: {found}.").format(found="; ".join(told)) if told else ""


def _played(views: Views, threats: str) -> list[tuple[str, Measure, str]]:
    """What came through of one class in each raid of the first laydown: label, measure, colour."""
    pattern = views.wording.translate("this run: {raid}, “{laydown}”")
    found = []
    for raid in views.contents.raids:
        for laydown, case in views.cases_of(raid)[:1]:
            for key, name in views.contents.classes.items():
                measure = case.measures.get(f"leakage.{key}")
                if name == threats and measure is not None:
                    label = pattern.format(raid=raid.name, laydown=laydown.name)
                    found.append((label, measure, views.colour(laydown.name)))
    return found


def everything_table(views: Views) -> Table | None:
    """What the run played beyond the laydowns and raids in detail, raid by raid."""
    translate = views.wording.translate
    lines = sorted(views.contents.questions.everything, key=lambda line: line.raid)
    if not lines:
        return None
    rows = [
        TableRow(
            (line.laydown, line.measure, line.difference, views.reading(line.difference) if line.difference else None),
            group=line.raid,
        )
        for line in lines
    ]
    columns = (
        Column("laydown", translate("Laydown")),
        *_headline_columns(views),
        Column("reading", translate("Reading")),
    )
    caption = translate("Difference: from the laydown of the same year without the change; {n}").format(
        n=views.n_caption(views.contents.cases)
    )
    title = translate("All other pairs of laydown and raid in this run.")
    group = Column("raid", translate("Raid"))
    return views.add(Table("everything", title, caption, columns, tuple(rows), group=group, style="dense wide"))
