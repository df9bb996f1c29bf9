"""What gets through, who destroyed what, why the rest got through, and what the change is worth."""

import itertools
from collections.abc import Sequence
from functools import partial
from typing import Final

from steeldome.report.contents import Case, Laydown, Measure, Raid
from steeldome.report.figures import (
    LEAKED_COLOUR,
    OTHER_COLOUR,
    Picture,
    Row,
    Segments,
    band_figure,
    difference_span,
    stack_figure,
    system_looks,
)
from steeldome.report.shapes import RaidView
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import cause_name, measure_names, stage_names

PARTS: Final = ("leakage", "footprint", "conditional_leakage")
COSTS: Final = ("rounds", "shots", "cost", "cost_per_intercept", "friendly_engaged")
CAUSE_COLOURS: Final = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#0072b2", "#cc79a7")


def leakage(views: Views, raid: Raid) -> RaidView:
    """Leakage and its two parts, by class and laydown."""
    translate = views.wording.translate
    title = translate("Leakage and its two parts: {raid}.").format(raid=raid.name)
    caption = translate(
        "Unit: % of armed objects of the class (for leakage inside the footprint: of those flown into it); {n}"
    ).format(n=views.n_caption(case for _, case in views.cases_of(raid)))
    names = measure_names(translate)
    headings = {part: names[part] for part in PARTS}
    table = Table(
        f"leakage-{raid.id}",
        title,
        caption,
        (
            Column("laydown", translate("Laydown")),
            *(Column(part, heading, "measure") for part, heading in headings.items()),
        ),
        tuple(_leakage_rows(views, raid)),
        group=Column("class", translate("Class")),
        corner=translate("Class and laydown"),
        reading=translate("First line: mean; second: chance, 95%; third: inputs and siting, 5–95%."),
    )
    headings["conditional_leakage"] = translate("Leakage inside footprint")
    draw = partial(band_figure, columns=headings, wording=views.wording)
    bands = _leakage_bands(views, table)
    picture = views.add_picture(Picture(table.id, title, caption, draw, bands, has_bands=True))
    return RaidView(raid.name, picture, (views.add(table),))


def _leakage_rows(views: Views, raid: Raid) -> list[TableRow]:
    cases, classes = views.cases_of(raid), views.contents.classes
    present = [key for key in classes if any(f"leakage.{key}" in case.measures for _, case in cases)]
    everything = classes[present[0]] if len(present) == 1 else views.class_name("")
    rows = [TableRow((name, one, None, None), everything, "reference") for name, one in views.references_of(raid)]
    rows += [TableRow((laydown.name, *_parts(case, "")), everything) for laydown, case in cases]
    if len(present) > 1:
        rows += [
            TableRow((laydown.name, *_parts(case, f".{key}")), classes[key])
            for key in present
            for laydown, case in cases
        ]
    return rows


def _parts(case: Case, suffix: str) -> list[Measure | None]:
    return [case.measures.get(part + suffix) for part in PARTS]


def _leakage_bands(views: Views, table: Table) -> list[Row]:
    """The rows of a table of leakage for its figure, with a heading over each group."""
    drawn: list[Row] = []
    for group, rows in itertools.groupby(table.rows, lambda row: row.group):
        drawn.append(Row(group, {}))
        for row in rows:
            label, measures = str(row.cells[0]), zip(PARTS, row.cells[1:], strict=True)
            colour = OTHER_COLOUR if row.kind else views.colour(label)
            drawn.append(Row(label, {part: one for part, one in measures if isinstance(one, Measure)}, colour))
    return drawn


def kills(views: Views, raid: Raid) -> RaidView:
    """Ends of all armed objects, kills and shots by system, rounds and cost."""
    translate = views.wording.translate
    n = views.n_caption(case for _, case in views.cases_of(raid))
    looks = {
        **system_looks(views.contents.systems),
        "other": (translate("failed, turned away, or missed by itself"), OTHER_COLOUR, ""),
        "leaked": (translate("reached its aim"), LEAKED_COLOUR, ""),
    }
    ends = Table(
        f"ends-{raid.id}",
        translate("How each armed object ended: {raid}.").format(raid=raid.name),
        translate("Unit: % of armed objects that started, by class; {n}").format(n=n),
        (
            Column("laydown", translate("Laydown")),
            *(Column(key, label, "share") for key, (label, _, _) in looks.items()),
        ),
        tuple(_end_rows(views, raid, list(looks))),
        group=Column("class", translate("Class")),
    )
    unit = translate("% of armed objects that started")
    draw = partial(stack_figure, keys=looks, axis_label=unit, wording=views.wording)
    picture = views.add_picture(Picture(f"kills-{raid.id}", ends.title, ends.caption, draw, _bars(ends)))
    views.add(ends, is_numbered=False)
    return RaidView(raid.name, picture, (_use_table(views, raid, n), _cost_table(views, raid, n)))


def _end_rows(views: Views, raid: Raid, ends: Sequence[str]) -> list[TableRow]:
    cases = views.cases_of(raid)
    rows: list[TableRow] = []
    for key, name in views.contents.classes.items():
        if not any(case.launched.get(key, 0.0) > 0.0 for _, case in cases):
            continue
        for laydown, case in cases:
            launched = case.launched.get(key, 0.0)
            shares = {s: use.kills.value / launched for (s, c), use in case.use.items() if c == key and launched > 0.0}
            shares["other"] = case.other_ends.get(key, 0.0) / launched if launched else 0.0
            leaked = case.measures.get(f"leakage.{key}")
            shares["leaked"] = leaked.value if leaked else 0.0
            rows.append(TableRow((laydown.name, *(shares.get(end, 0.0) for end in ends)), name))
    return rows


def _bars(table: Table) -> list[Segments]:
    """The rows of a table of shares as bars, with a heading over each group."""
    bars: list[Segments] = []
    for group, rows in itertools.groupby(table.rows, lambda row: row.group):
        bars.append(Segments(group, {}, True))
        for label, *shares in (row.cells for row in rows):
            held = zip(table.columns[1:], shares, strict=True)
            bars.append(Segments(str(label), {column.id: float(share) for column, share in held}))  # type: ignore[arg-type]
    return bars


def _use_table(views: Views, raid: Raid, n: str) -> Table:
    """Kills and shots by system and class; beside many laydowns a page has room for the kills alone."""
    translate, contents = views.wording.translate, views.contents
    rows = [
        TableRow((contents.classes[key], laydown.name, *(use or (None, None))), system.name)
        for system in contents.systems
        for key in contents.classes
        if any((system.id, key) in case.use for _, case in views.cases_of(raid))
        for laydown, case in views.cases_of(raid)
        for use in [case.use.get((system.id, key))]
    ]
    title = translate("Kills and shots by system and class: {raid}.")
    caption = translate("Unit: mean a raid, objects and shots (a gun's burst is one shot); {n}")
    reading = ""
    if views.is_long:
        title = translate("Kills by system and class: {raid}.")
        caption = translate("Unit: mean a raid, objects; {n}")
        reading = translate(
            "First line: mean; second: chance, 95%; third: inputs and siting, 5–95%. Shots stand in the export of the "
            "run."
        )
    return views.add(
        Table(
            f"kills-{raid.id}",
            title.format(raid=raid.name),
            caption.format(n=n),
            (
                Column("class", translate("Class")),
                Column("laydown", translate("Laydown")),
                Column("kills", translate("kills, objects"), "measure", "bare"),
                Column("shots", translate("shots"), "measure", "bare", place="file" if views.is_long else "both"),
            ),
            tuple(rows),
            group=Column("system", translate("System")),
            corner=translate("System and class"),
            across="laydown",
            style="many" if views.is_long else "",
            reading=reading,
        )
    )


def _cost_table(views: Views, raid: Raid, n: str) -> Table:
    """Rounds and cost of each laydown; many laydowns stand below one another."""
    translate, cases = views.wording.translate, views.cases_of(raid)
    names = measure_names(translate)
    columns = (
        Column("measure", translate("Measure")),
        Column("laydown", translate("Laydown")),
        Column("mean", translate("Mean"), "measure"),
    )
    rows = [
        TableRow((names[key], laydown.name, case.measures.get(key)))
        for key in COSTS
        if any(case.measures.get(key) for _, case in cases)
        for laydown, case in cases
    ]
    if views.is_long:
        columns = (columns[1], columns[0], *columns[2:])
        rows = [TableRow((row.cells[1], row.cells[0], *row.cells[2:])) for row in rows]
    caption = translate(
        "Unit: mean a raid; a gun's burst is one shot and one round, and intercepts are those of decoys too; {n}"
    )
    warning = translate("Costs are list or press prices of rounds, without the crews, radars and stocks behind them.")
    return views.add(
        Table(
            f"costs-{raid.id}",
            translate("Rounds used and their cost: {raid}.").format(raid=raid.name),
            f"{caption.format(n=n)} {warning}",
            columns,
            tuple(rows),
            across=columns[1].id,
            style="whole",
        )
    )


def causes(views: Views) -> Picture:
    """Leakers by but-for cause, every case."""
    translate, contents = views.wording.translate, views.contents
    title = translate("Leakers by but-for cause.")
    bars: list[Segments] = []
    rows: list[TableRow] = []
    counts: list[int] = []
    for raid in contents.raids:
        bars.append(Segments(raid.name, {}, True))
        for laydown, case in views.cases_of(raid):
            bars.append(Segments(laydown.name, {key: share.value for key, share in case.causes.items()}))
            counts.append(case.n_cause_leakers)
            rows += [
                TableRow((laydown.name, cause_name(key, translate), share), raid.name)
                for key, share in case.causes.items()
            ]
    columns = (
        Column("laydown", translate("Laydown")),
        Column("cause", translate("Cause")),
        Column("leakers", translate("Share of the leakers"), "measure"),
    )
    caption = translate(
        "Unit: share of the leakers that were replayed; n = {n} leakers in all; the column n counts replications."
    ).format(n=views.wording.count(sum(counts)))
    table = Table("causes", title, caption, columns, tuple(rows), group=Column("raid", translate("Raid")))
    views.add(table, is_numbered=False)
    pattern = translate("Unit: % of the leakers that were replayed; n = {counts} leakers, from top to bottom.")
    below = pattern.format(counts="; ".join(views.wording.count(count) for count in counts))
    axis = translate("% of the leakers that were replayed")
    draw = partial(stack_figure, keys=_cause_looks(views), axis_label=axis, wording=views.wording)
    return views.add_picture(Picture("causes", title, below, draw, bars))


def _cause_looks(views: Views) -> dict[str, tuple[str, str, str]]:
    """Label, colour and hatch of each cause, the most frequent first."""
    translate = views.wording.translate
    totals: dict[str, float] = {}
    for raid in views.contents.raids:
        for _, case in views.cases_of(raid):
            for key, share in case.causes.items():
                totals[key] = totals.get(key, 0.0) + share.value
    ordered = sorted((key for key in totals if key != "none_or_several"), key=lambda key: (-totals[key], key))
    looks = {
        key: (cause_name(key, translate), CAUSE_COLOURS[i % 6], ("", "////", "....")[i // 6 % 3])
        for i, key in enumerate(ordered)
    }
    looks["none_or_several"] = (cause_name("none_or_several", translate), OTHER_COLOUR, "")
    return looks


def stages(views: Views) -> list[Table]:
    """Furthest condition met by system, one table a case; empty columns are left out."""
    pairs = [(raid, *pair) for raid in views.contents.raids for pair in views.cases_of(raid)]
    return [_stage_table(views, raid, laydown, case) for raid, laydown, case in pairs if case.stages]


def _stage_table(views: Views, raid: Raid, laydown: Laydown, case: Case) -> Table:
    translate, systems = views.wording.translate, views.contents.systems
    held = {
        stage: name
        for stage, name in stage_names(translate).items()
        if any(case.stages.get((system.id, stage), 0) > 0 for system in systems)
    }
    rows = (
        TableRow((s.name, *(case.stages.get((s.id, stage), 0.0) for stage in held), case.n_stage_pairs[s.id]))
        for s in systems
        if case.n_stage_pairs.get(s.id, 0) > 0
    )
    return views.add(
        Table(
            f"stages-{raid.id}-{laydown.id}",
            translate("Furthest condition met: {raid}, {laydown}.").format(raid=raid.name, laydown=laydown.name),
            translate("Unit: % of leaker and fire-unit pairs of a system; n in the last column."),
            (
                Column("system", translate("System")),
                *(Column(stage, name, "heat") for stage, name in held.items()),
                Column("n_pairs", "n", "count"),
            ),
            tuple(rows),
            style="stages",
        )
    )


def differences(views: Views) -> tuple[Picture | None, Table]:
    """Paired differences: of leakage, by raid and class, as a figure; of every measure as a table."""
    translate = views.wording.translate
    n = views.n_caption(views.contents.cases)
    caption = translate("Unit: percentage points for shares, else as printed; {n}").format(n=n)
    columns = (
        Column("measure", translate("Measure")),
        Column("raid", translate("Raid"), place="file"),
        Column("laydown", translate("Laydown"), place="file"),
        Column("reference", translate("Minus laydown"), place="file"),
        Column("difference", translate("Difference"), "difference", "spread"),
        Column("n", "n", "count", place="page"),
        Column("reading", translate("Reading")),
    )
    title = translate("Paired differences of all measures.")
    picture = _difference_picture(views, caption)
    table = Table("differences", title, caption, columns, tuple(_difference_rows(views)), style="wide")
    return picture, views.add(table)


def _difference_rows(views: Views) -> list[TableRow]:
    names = views.laydown_names
    rows: list[TableRow] = []
    for raid in views.contents.raids:
        for one in views.differences_of(raid):
            group, compared = f"{raid.name}: {views.against(one)}", (raid.name, names[one.second], names[one.first])
            for key, found in one.measures.items():
                cells = (views.measure_name(key), *compared, found, found.n, views.reading(found))
                rows.append(TableRow(cells, group))
    return rows


def _difference_picture(views: Views, caption: str) -> Picture | None:
    translate = views.wording.translate
    is_pair = len(views.contents.laydowns) == 2
    rows: list[Row] = []
    for raid in views.contents.raids:
        for one in views.differences_of(raid):
            shares = {key: found for key, found in one.measures.items() if key.split(".")[0] == "leakage"}
            if shares:
                rows.append(Row(raid.name if is_pair else f"{raid.name}: {views.against(one)}", {}))
                rows.extend(Row(views.class_name(key), {"leakage": found}) for key, found in shares.items())
    if not rows:
        return None
    heading = translate("← fewer get through · more get through →")
    draw = partial(band_figure, columns={"leakage": heading}, wording=views.wording, span=difference_span(rows))
    title = translate("Paired differences in leakage.")
    return views.add_picture(Picture("differences", title, caption, draw, rows, has_bands=True))
