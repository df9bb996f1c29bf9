"""Page one: what was claimed and what the run says of it; ways of buying in each future; who can withhold what."""

from functools import partial

from steeldome.report.contents import ClaimLine, PathLine, YearsLine
from steeldome.report.figures import LAYDOWN_COLOURS, Picture, Row, band_figure, difference_span
from steeldome.report.labels import verdict_names
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import MISSING, headline_name, measure_names, verdict


def claim_table(views: Views) -> Table | None:
    """Claims with their verdicts; the words of each result come from the numbers behind it."""
    translate, claims = views.wording.translate, views.contents.questions.claims
    if not claims:
        return None
    words = {**verdict_names(translate), "": translate("not in this run")}
    numbers = {source.id: i for i, source in enumerate(views.contents.sources, start=1)}
    rows = [
        TableRow(
            (
                f"{one.said} [{numbers[one.source]}]" if one.source in numbers else one.said,
                one.support,
                "\n".join(results(views, one)),
                words[one.verdict],
            )
        )
        for one in claims
    ]
    columns = (
        Column("claim", translate("What was said")),
        Column("support", translate("What would support it")),
        Column("result", translate("What the run shows")),
        Column("verdict", translate("Verdict")),
    )
    caption = translate(
        "Claims are restated. Verdicts follow from the numbers by rule: “supported” needs both bands on one side of "
        "zero; “depends” means that the input band holds both signs. A band that ends at 0 has samples without any "
        "effect. {n}"
    ).format(n=views.n_caption(views.contents.cases))
    title = translate("What was claimed, and what the study says of it.")
    return views.add(Table("claims", title, caption, columns, tuple(rows), style="claims"))


def results(views: Views, claim: ClaimLine) -> list[str]:
    """Sentences for the result of one claim, each filled from its numbers."""
    translate, wording = views.wording.translate, views.wording
    said = []
    for one in claim.findings:
        pattern = {
            "lower": translate("{raid}: “{second}” {size} lower in {name} than “{first}” ({bands})."),
            "higher": translate("{raid}: “{second}” {size} higher in {name} than “{first}” ({bands})."),
            "depends": translate(
                "{raid}: “{second}” against “{first}”: {value} in {name} on average, the sign depends on inputs or "
                "siting ({bands})."
            ),
            "none": translate("{raid}: no difference in {name} shown between “{second}” and “{first}” ({bands})."),
        }[verdict(one.measure)]
        said.append(
            pattern.format(
                raid=one.raid,
                first=one.first,
                second=one.second,
                name=headline_name(one.key, translate),
                value=wording.value(one.measure, difference=True),
                size=wording.value(one.measure._replace(value=abs(one.measure.value)), difference=True).lstrip("+"),
                bands=wording.bands(one.measure, difference=True),
            )
        )
    if claim.years is not None:
        said += _years(views, claim.years)
    if claim.states is not None:
        own, its = claim.states
        more = [name for name in own if name not in its]
        less = [name for name in its if name not in own]
        pattern = translate("{n} states or alliances can withhold something, {m} without; new: {more}; gone: {less}.")
        said.append(
            pattern.format(
                n=wording.count(len(own)),
                m=wording.count(len(its)),
                more=", ".join(more) or translate("none"),
                less=", ".join(less) or translate("none"),
            )
        )
    if claim.shares is not None:
        (a, b), (c, d) = claim.shares
        pattern = translate(
            "{network}: {a} of {b} fire units are on it, {c} of {d} without (exact: which systems are on it is an "
            "input of the study, not a finding)."
        )
        counts = {key: wording.count(value) for key, value in zip("abcd", (a, b, c, d), strict=True)}
        said.append(pattern.format(network=claim.network, **counts))
    said += [
        translate("“{laydown}” costs {cost} up to then.").format(laydown=name, cost=_money(views, cost))
        for name, cost in claim.costs
    ]
    if claim.because:
        said.append(claim.because)
    return said or [MISSING]


def _years(views: Views, line: YearsLine) -> list[str]:
    translate, wording = views.wording.translate, views.wording
    name = headline_name(line.key, translate)
    pattern = translate("{raid}, {threshold} of {name}: “{second}” reaches it {value} before “{first}” ({bands}).")
    threshold = wording.quantity(line.threshold, "1", 0.01) if line.threshold <= 1.0 else wording.plain(line.threshold)
    said = [
        pattern.format(
            raid=line.raid,
            threshold=threshold,
            name=name,
            first=line.first,
            second=line.second,
            value=wording.value(line.measure, difference=True),
            bands=wording.bands(line.measure, difference=True),
        )
    ]
    shares = [
        translate("{year}: {a} against {b}").format(
            year=year,
            a=wording.quantity(line.reached_second[year], "1", 0.01),
            b=wording.quantity(line.reached_first[year], "1", 0.01),
        )
        for year in line.reached_second
    ]
    pattern = translate(
        "Share of the samples that meet it by then: {shares}. Only these years were played; where it is never met "
        "({open} of the samples for one of the two), the year after stands for it."
    )
    said.append(pattern.format(shares="; ".join(shares), open=wording.quantity(line.open, "1", 0.01)))
    return said


def finding_table(views: Views) -> Table | None:
    """The numbers behind the claims, for an export; the page tells them in words."""
    translate = views.wording.translate
    rows = [
        TableRow((claim.said, one.raid, one.second, one.first, measure_names(translate)[one.key], one.measure))
        for claim in views.contents.questions.claims
        for one in claim.findings
    ]
    if not rows:
        return None
    columns = (
        Column("claim", translate("What was said")),
        Column("raid", translate("Raid")),
        Column("second", translate("Laydown")),
        Column("first", translate("Minus")),
        Column("measure", translate("Measure")),
        Column("difference", translate("Difference"), "difference"),
    )
    title = translate("Paired differences behind the claims.")
    caption = translate("Second laydown minus first, same luck; {n}").format(n=views.n_caption(views.contents.cases))
    return views.add(Table("claim-numbers", title, caption, columns, tuple(rows)), is_numbered=False)


def path_table(views: Views) -> Table | None:
    """Policies against futures by year: protection with both bands, cost bracket, who gains a veto."""
    translate, lines = views.wording.translate, views.contents.questions.paths
    if not lines:
        return None
    headline = views.contents.headline
    name = measure_names(translate)[headline]
    rows = [
        TableRow(
            (
                f"{line.year}: {line.policy}, {line.future}",
                line.year,
                line.policy,
                line.future,
                _delivered(views, line),
                line.measure,
                line.difference,
                _cost(views, line),
                *line.cost,
                ", ".join(line.states) or translate("none"),
            ),
            group=line.raid,
        )
        for line in lines
    ]
    columns = (
        Column("path", translate("Year, policy and future"), place="page"),
        Column("year", translate("Year"), place="file"),
        Column("policy", translate("Policy"), place="file"),
        Column("future", translate("Future"), place="file"),
        Column("delivered", translate("In service besides")),
        Column(headline, name, "measure"),
        Column("difference", translate("Difference"), "difference"),
        Column("cost", translate("Cost up to then"), place="page"),
        Column("cost_low_USD", translate("Cost up to then, low, USD"), "number", place="file"),
        Column("cost_value_USD", translate("Cost up to then, USD"), "number", place="file"),
        Column("cost_high_USD", translate("Cost up to then, high, USD"), "number", place="file"),
        Column("states", translate("Can withhold something besides")),
    )
    caption = translate(
        "Difference: from what stands in that year without any order, same luck; empty where nothing was delivered. "
        "Cost: lowest, working and highest price with upkeep, as quoted. Differences are between laydowns of one "
        "year. {n}"
    ).format(n=views.n_caption(views.contents.cases))
    title = translate("Ways of buying in each future, by year.")
    reading = translate("First line: mean; second: chance, 95%; third: inputs and siting, 5–95%.")
    table = Table(
        "paths",
        title,
        caption,
        columns,
        tuple(rows),
        group=Column("raid", translate("Raid")),
        style="dense",
        reading=reading,
    )
    return views.add(table)


def path_picture(views: Views) -> Picture | None:
    """What each policy adds in each future, small multiples by year."""
    translate, lines = views.wording.translate, views.contents.questions.paths
    changed = [line for line in lines if line.difference is not None]
    if not changed:
        return None
    policies = list(dict.fromkeys(line.policy for line in lines))
    rows: list[Row] = []
    for raid, policy in dict.fromkeys((line.raid, line.policy) for line in changed):
        rows.append(Row(f"{raid}: {policy}", {}))
        colour = LAYDOWN_COLOURS[policies.index(policy) % len(LAYDOWN_COLOURS)]
        for future in dict.fromkeys(line.future for line in lines):
            own = [line for line in changed if (line.raid, line.policy, line.future) == (raid, policy, future)]
            measures = {str(line.year): line.difference for line in own if line.difference is not None}
            if measures:
                rows.append(Row(future, measures, colour))
    headings = {str(line.year): str(line.year) for line in lines}
    caption = translate(
        "{measure} in percentage points, from what stands in that year without any order; left of zero fewer get "
        "through. A future in which nothing is delivered is left out. What one battery more is worth depends on which "
        "asset the siting rules give it, so that two can add more than twice what one does. {n}"
    ).format(measure=measure_names(translate)[views.contents.headline], n=views.n_caption(views.contents.cases))
    title = translate("What each way of buying adds, by future and year.")
    draw = partial(band_figure, columns=headings, wording=views.wording, span=difference_span(rows))
    return views.add_picture(Picture("paths", title, caption, draw, rows, has_bands=True))


def _delivered(views: Views, line: PathLine) -> str:
    lent = views.wording.translate("{count} × {system} (lent by an ally)")
    parts = [
        (lent if is_lent else "{count} × {system}").format(count=views.wording.count(count), system=system)
        for system, count, is_lent in line.delivered
    ]
    return "; ".join(parts) or views.wording.translate("nothing")


def _cost(views: Views, line: PathLine) -> str:
    return _money(views, line.cost)


def _money(views: Views, cost: tuple[float, float, float]) -> str:
    """Working price with its bracket, to the digits that a bracket allows."""
    low, value, high = cost
    if not high:
        return views.wording.quantity(0.0, "USD", 1.0)
    step = 100.0 if high >= 1e9 else 10.0
    money = [views.wording.number(amount / 1e6, step) for amount in (low, value, high)]
    pattern = views.wording.translate("USD {value} million ({low} to {high})")
    return pattern.format(low=money[0], value=money[1], high=money[2]).replace(" ", "\u00a0")


def gate_table(views: Views) -> Table | None:
    """Who can withhold what from the systems that are ordered, active blocks first."""
    translate, lines = views.wording.translate, views.contents.questions.gates
    if not lines:
        return None
    numbers = {source.id: i for i, source in enumerate(views.contents.sources, start=1)}
    span = translate("{low} to {high}")
    rows = [
        TableRow(
            (
                one.state,
                one.gate,
                one.effect,
                one.status,
                one.value,
                span.format(low=views.wording.plain(one.low), high=views.wording.plain(one.high)),
                one.low,
                one.high,
                translate("judged") if one.is_judged else numbers.get(one.source_id, one.source_id),
            ),
            group=one.system,
        )
        for one in lines
    ]
    columns = (
        Column("state", translate("State")),
        Column("gate", translate("Gate")),
        Column("effect", translate("Effect")),
        Column("status", translate("Status")),
        Column("months", translate("Months"), "number"),
        Column("range", translate("Span"), place="page"),
        Column("months_low", translate("Months, low"), "number", place="file"),
        Column("months_high", translate("Months, high"), "number", place="file"),
        Column("source", translate("Source"), "source"),
    )
    caption = translate(
        "Months: length of a hold for sale, co-production and components; for the others the time from a refusal until "
        "it is felt. “Judged” means that no source says so. n = {n} gates."
    ).format(n=views.wording.count(len(rows)))
    title = translate("Who can withhold what from the systems that are ordered.")
    group = Column("system", translate("System"))
    return views.add(Table("gates", title, caption, columns, tuple(rows), group=group, style="dense"))
