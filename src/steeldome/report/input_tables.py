"""Assumptions, published inputs and sources as tables."""

from collections.abc import Mapping

from steeldome.report.contents import Assumption
from steeldome.report.labels import NO_UNIT, quantity_groups
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import say


def what_ifs_told(views: Views) -> list[str]:
    """What-ifs that entered, each with its bracket."""
    plain = views.wording.plain
    pattern = views.wording.translate("{quantity}, {name}: {low} to {high}{unit} (working value {value}{unit})")
    return [
        pattern.format(
            quantity=line.quantity,
            name=line.name,
            low=plain(line.low),
            value=plain(line.value),
            high=plain(line.high),
            unit="" if line.unit == NO_UNIT else f"\u00a0{line.unit}",
        )
        for line in views.contents.what_ifs
    ]


def doctrine_table(views: Views) -> Table | None:
    """Rules by which fire units fire, as the study sets them."""
    translate, lines = views.wording.translate, views.contents.doctrine
    if not lines:
        return None
    rows = [
        TableRow(
            (
                line.system,
                line.threats,
                None if line.hold else line.salvo,
                None if line.hold else line.looks,
                line.reserve,
                line.cost_cap,
                translate("holds fire") if line.hold else translate("fires"),
            )
        )
        for line in lines
    ]
    columns = (
        Column("system_class", translate("Class of system")),
        Column("threats", translate("Threats")),
        Column("salvo", translate("Rounds in a salvo"), "count"),
        Column("looks", translate("Salvoes at one threat"), "count"),
        Column("reserve", translate("Rounds kept back"), "count"),
        Column("cost_cap_USD", translate("Dearest round, USD"), "number"),
        Column("rule", translate("Rule")),
    )
    caption = translate(
        "A setting of the study, not of the record: the most specific rule holds, and what it forbids is told as “held "
        "by doctrine”. n = {n} rules."
    ).format(n=views.wording.count(len(rows)))
    return views.add(Table("doctrine", translate("Rules of fire."), caption, columns, tuple(rows), style="dense"))


def assumption_tables(views: Views) -> list[Table]:
    """Assumptions under their headings, one table a heading."""
    translate = views.wording.translate
    names = dict(zip(quantity_groups(translate), quantity_groups(str), strict=True))
    ids = {group: name.casefold().replace(" ", "-") for group, name in names.items()}
    groups: dict[str, list[Assumption]] = {}
    for line in views.contents.assumptions:
        groups.setdefault(line.group, []).append(line)
    columns = (
        Column("assumption", translate("Assumption")),
        *_number_columns(views),
        Column("reason", translate("Reason"), "said"),
        Column("favours", translate("Favours")),
    )
    return [
        views.add(
            Table(
                f"assumptions-{ids.get(group, 'others')}",
                f"{group}.",
                translate("n = {n} assumptions; unit in its own column.").format(n=sum(line.n for line in lines)),
                columns,
                tuple(
                    TableRow(
                        (line.name, line.low, line.value, line.high, line.unit, reason, line.direction),
                        line.quantity,
                    )
                    for line in lines
                    for reason in [say(line.reason, translate)]
                ),
                group=Column("quantity", translate("Quantity")),
                style="dense",
            )
        )
        for group, lines in groups.items()
    ]


def published_table(views: Views, source_numbers: Mapping[str, int]) -> Table | None:
    """Published numbers that entered, item by item, with the number of their source in the list; None without any."""
    translate, lines = views.wording.translate, views.contents.inputs
    if not lines:
        return None
    columns = (
        Column("parameter", translate("Parameter")),
        *_number_columns(views),
        Column("source", translate("Source"), "source"),
        Column("grade", translate("Grade")),
    )
    rows = [
        TableRow(
            (line.parameter, line.low, line.value, line.high, line.unit, source, line.grade),
            line.item,
        )
        for line in lines
        for source in [source_numbers.get(line.source_id, line.source_id)]
    ]
    n = views.wording.count(len(lines))
    return views.add(
        Table(
            "published-inputs",
            translate("Published inputs."),
            translate("n = {n} values; unit in its own column.").format(n=n),
            columns,
            tuple(rows),
            group=Column("item", translate("Item")),
            style="dense",
        )
    )


def _number_columns(views: Views) -> tuple[Column, ...]:
    translate = views.wording.translate
    return (
        Column("low", translate("Low"), "number"),
        Column("value", translate("Value"), "number"),
        Column("high", translate("High"), "number"),
        Column("unit", translate("Unit")),
    )


def source_table(views: Views, title: str) -> Table:
    """Publications that the run used, by their numbers; the page shows them as a list."""
    translate, sources = views.wording.translate, views.contents.sources
    columns = (
        Column("number", translate("Number"), "count"),
        Column("title", translate("Title"), "english"),
        Column("publisher", translate("Publisher")),
        Column("date", translate("Date")),
        Column("grade", translate("Grade")),
        Column("url", translate("Address"), "address"),
        Column("id", "id"),
    )
    rows = [
        TableRow((number, source.title, source.publisher, source.date, source.grade, source.url, source.id))
        for number, source in enumerate(sources, start=1)
    ]
    caption = translate("No unit; n = {n} publications.").format(n=views.wording.count(len(sources)))
    return views.add(Table("sources", title, caption, columns, tuple(rows)), is_numbered=False)
