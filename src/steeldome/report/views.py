"""Rows of the report's tables and figures: contents regrouped for reading, with no number computed anew."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from steeldome.report.contents import Assumption, Case, Contents, Difference, Laydown, Measure, PublishedInput, Raid
from steeldome.report.figures import (
    LAYDOWN_COLOURS,
    LEAKED_COLOUR,
    OTHER_COLOUR,
    Row,
    Segments,
    band_figure,
    stack_figure,
    system_looks,
)
from steeldome.report.shapes import Answer, AnswerRow, KillsView, LeakageView, Tile, UseRow
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.wording import (
    FEW_LAYDOWNS,
    Wording,
    cause_name,
    measure_names,
    reference_names,
    sentences,
    stage_names,
    verdict,
)

PARTS: Final = ("leakage", "footprint", "conditional_leakage")
COSTS: Final = ("rounds", "shots", "cost", "cost_per_intercept")
CAUSE_COLOURS: Final = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#0072b2", "#cc79a7")


class Counter:
    """Next number of a figure or a table."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """The next number, from 1."""
        self._last += 1
        return self._last


class Views:
    """Regroups the contents of one report; figures and tables are numbered in the order in which they are asked for.

    Attributes
    ----------
    listed : list of Table
        Every table of the page, in its order.
    """

    def __init__(self, contents: Contents, wording: Wording) -> None:
        self.contents = contents
        self.wording = wording
        self.figures = Counter()
        self.tables = Counter()
        self.listed: list[Table] = []
        self.laydown_names = {laydown.id: laydown.name for laydown in contents.laydowns}

    def add(self, table: Table) -> Table:
        """The table with the next number, listed for the export."""
        numbered = replace(table, number=self.tables.next())
        self.listed.append(numbered)
        return numbered

    def n_caption(self, cases: Iterable[Case]) -> str:
        """How many replications stand behind a figure."""
        counts = [case.n for case in cases]
        provenance = self.contents.provenance
        pattern = self.wording.translate(
            "n = {n} replications a laydown ({samples} samples of inputs and sites × {replications} replications)."
        )
        return pattern.format(
            n=self.wording.count(min(counts, default=0)),
            samples=self.wording.count(provenance.samples),
            replications=self.wording.count(provenance.replications),
        )

    def cases_of(self, raid: Raid) -> list[tuple[Laydown, Case]]:
        """Cases of one raid, in the order of the laydowns."""
        found = [(laydown, self.contents.case(laydown.id, raid.id)) for laydown in self.contents.laydowns]
        return [(laydown, case) for laydown, case in found if case is not None]

    def answer(self, raid: Raid) -> Answer:
        """Tiles and sentences for one raid."""
        translate, headline = self.wording.translate, self.contents.headline
        name = measure_names(translate).get(headline, headline)
        tiles = [Tile(laydown.name, case.measures.get(headline)) for laydown, case in self.cases_of(raid)]
        if headline == "leakage" and (undefended := self.contents.references.get(raid.id, {}).get("no_defence")):
            tiles.insert(0, Tile(translate("No defence"), undefended))
        for difference in self._differences(raid):
            if headline in difference.measures:
                measure = difference.measures[headline]
                what = translate("Paired difference") if len(self.contents.laydowns) == 2 else None
                tiles.append(Tile(what or self._against(difference), measure, True, verdict(measure)))
        caption = translate("{measure}; unit: {unit}; {n}").format(
            measure=name, unit=self._headline_unit(raid), n=self.n_caption(case for _, case in self.cases_of(raid))
        )
        said = sentences(self.contents, raid, self.wording)
        is_long = len(self.contents.laydowns) > FEW_LAYDOWNS
        rows = self._answer_rows(raid) if is_long else []
        return Answer(raid.name, self.composition(raid), [] if is_long else tiles, rows, name, said, caption)

    def _answer_rows(self, raid: Raid) -> list[AnswerRow]:
        headline = self.contents.headline
        rows = []
        if headline == "leakage":
            rows += [AnswerRow(name, measure) for name, measure in self._references(raid)]
        found = {one.second: one.measures.get(headline) for one in self._differences(raid)}
        for laydown, case in self.cases_of(raid):
            difference = found.get(laydown.id)
            shown = (verdict(difference), self.reading(difference)) if difference else ("", "")
            rows.append(AnswerRow(laydown.name, case.measures.get(headline), difference, *shown))
        return rows

    def composition(self, raid: Raid) -> str:
        """What a raid consists of, in words."""
        translate = self.wording.translate
        decoy = translate("{count} {threat} (decoys)")
        parts = [
            (decoy if is_decoy else "{count} {threat}").format(count=self.wording.count(count), threat=threat)
            for threat, count, is_decoy in raid.groups
        ]
        spread = translate("arriving over {time}").format(time=self.wording.duration(raid.spread_s))
        return f"{', '.join(parts)}; {spread}."

    def units(self, laydown: Laydown) -> str:
        """Who stands in a laydown, in words; one that shares units with the first is told by what is different."""
        translate = self.wording.translate
        first = self.contents.laydowns[0]
        before = {(name, is_lent): count for name, count, is_lent in first.units}
        after = {(name, is_lent): count for name, count, is_lent in laydown.units}
        if laydown.id == first.id or not before.keys() & after.keys():
            return self._units(laydown.units)
        change = {key: after.get(key, 0) - before.get(key, 0) for key in {**before, **after}}
        added, gone = (
            tuple(
                (name, sign * change[name, is_lent], is_lent)
                for name, is_lent in change
                if sign * change[name, is_lent] > 0
            )
            for sign in (1, -1)
        )
        told = []
        if added:
            told.append(
                translate("As “{first}”, and in addition: {units}").format(first=first.name, units=self._units(added))
            )
        if gone:
            told.append(translate("As “{first}”, without: {units}").format(first=first.name, units=self._units(gone)))
        told += [
            translate("As “{first}”, but {system} shares the {network}.").format(
                first=first.name, system=system, network=network
            )
            for system, network in laydown.joined
        ]
        return " ".join(told)

    def _units(self, units: tuple[tuple[str, int, bool], ...]) -> str:
        lent = self.wording.translate("{count} × {system} (lent by an ally)")
        parts = [
            (lent if is_lent else "{count} × {system}").format(count=self.wording.count(count), system=system)
            for system, count, is_lent in units
        ]
        return "; ".join(parts) + "."

    def leakage(self, raid: Raid) -> LeakageView:
        """Leakage and its two parts, by class and laydown."""
        translate = self.wording.translate
        title = translate("Leakage and its two parts: {raid}.").format(raid=raid.name)
        caption = translate(
            "Unit: % of armed objects of the class (for leakage inside the footprint: of those flown into it); {n}"
        ).format(n=self.n_caption(case for _, case in self.cases_of(raid)))
        names = measure_names(translate)
        headings = {part: names[part] for part in PARTS}
        table = Table(
            f"leakage-{raid.id}",
            title,
            caption,
            (
                Column("laydown", translate("Class and laydown")),
                *(Column(part, heading, "measure") for part, heading in headings.items()),
            ),
            tuple(self._leakage_rows(raid)),
            group=Column("class", translate("Class")),
            reading=translate("First line: mean; second: chance, 95%; third: inputs and siting, 5–95%."),
        )
        headings["conditional_leakage"] = translate("Leakage inside footprint")
        figure = band_figure(table.id, title, self._leakage_bands(table), headings, self.wording)
        return LeakageView(raid.name, title, caption, figure, self.figures.next(), self.add(table))

    def _leakage_bands(self, table: Table) -> list[Row]:
        """The rows of a table of leakage for its figure, with a heading over each group."""
        drawn: list[Row] = []
        for group, rows in itertools.groupby(table.rows, lambda row: row.group):
            drawn.append(Row(group, {}))
            for row in rows:
                label, measures = str(row.cells[0]), zip(PARTS, row.cells[1:], strict=True)
                colour = OTHER_COLOUR if row.kind else self._colour(label)
                drawn.append(Row(label, {part: one for part, one in measures if isinstance(one, Measure)}, colour))
        return drawn

    def kills(self, raid: Raid) -> KillsView:
        """Ends of all armed objects, kills and shots by system, rounds and cost."""
        translate = self.wording.translate
        cases = self.cases_of(raid)
        title = translate("How each armed object ended: {raid}.").format(raid=raid.name)
        n = self.n_caption(case for _, case in cases)
        looks = {
            **system_looks(self.contents.systems),
            "other": (translate("failed, turned away, or missed by itself"), OTHER_COLOUR, ""),
            "leaked": (translate("reached its aim"), LEAKED_COLOUR, ""),
        }
        unit = translate("% of armed objects that started")
        figure = stack_figure(f"kills-{raid.id}", title, self._end_bars(raid), looks, unit, self.wording)
        return KillsView(
            raid.name,
            title,
            translate("Unit: % of armed objects that started, by class; {n}").format(n=n),
            figure,
            self.figures.next(),
            translate("Kills and shots by system and class: {raid}.").format(raid=raid.name),
            translate("Unit: mean a raid, objects and shots (a gun's burst is one shot); money in USD; {n}").format(
                n=n
            ),
            self.tables.next(),
            self._use_rows(cases),
            [laydown.name for laydown, _ in cases],
            translate("Rounds used and their cost: {raid}.").format(raid=raid.name),
            self.tables.next(),
            [row for row in self._cost_rows(cases) if any(row.measures)],
        )

    def cause_figure(self) -> tuple[Markup, str]:
        """Leakers by but-for cause, every case, and the caption."""
        translate = self.wording.translate
        bars: list[Segments] = []
        totals: dict[str, float] = {}
        counts: list[int] = []
        for raid in self.contents.raids:
            bars.append(Segments(raid.name, {}, True))
            for laydown, case in self.cases_of(raid):
                bars.append(Segments(laydown.name, {key: share.value for key, share in case.causes.items()}))
                counts.append(case.n_cause_leakers)
                for key, share in case.causes.items():
                    totals[key] = totals.get(key, 0.0) + share.value
        ordered = sorted((key for key in totals if key != "none_or_several"), key=lambda key: (-totals[key], key))
        looks = {
            key: (cause_name(key, translate), CAUSE_COLOURS[i % 6], ("", "////", "....")[i // 6 % 3])
            for i, key in enumerate(ordered)
        }
        looks["none_or_several"] = (cause_name("none_or_several", translate), OTHER_COLOUR, "")
        axis = translate("% of the leakers that were replayed")
        figure = stack_figure("causes", translate("Leakers by but-for cause."), bars, looks, axis, self.wording)
        pattern = translate("Unit: % of the leakers that were replayed; n = {counts} leakers, from top to bottom.")
        return figure, pattern.format(counts="; ".join(self.wording.count(count) for count in counts))

    def stage_tables(self) -> list[Table]:
        """Furthest condition met by system, one table a case; empty columns are left out."""
        pairs = [(raid, *pair) for raid in self.contents.raids for pair in self.cases_of(raid)]
        return [self._stage_table(raid, laydown, case) for raid, laydown, case in pairs if case.stages]

    def _stage_table(self, raid: Raid, laydown: Laydown, case: Case) -> Table:
        translate = self.wording.translate
        systems = self.contents.systems
        stages = {
            stage: name
            for stage, name in stage_names(translate).items()
            if any(case.stages.get((system.id, stage), 0) > 0 for system in systems)
        }
        rows = (
            TableRow((s.name, *(case.stages.get((s.id, stage), 0.0) for stage in stages), case.n_stage_pairs[s.id]))
            for s in systems
            if case.n_stage_pairs.get(s.id, 0) > 0
        )
        return self.add(
            Table(
                f"stages-{raid.id}-{laydown.id}",
                translate("Furthest condition met: {raid}, {laydown}.").format(raid=raid.name, laydown=laydown.name),
                translate("Unit: % of leaker and fire-unit pairs of a system; n in the last column."),
                (
                    Column("system", translate("System")),
                    *(Column(stage, name, "heat") for stage, name in stages.items()),
                    Column("n_pairs", "n", "count"),
                ),
                tuple(rows),
                style="stages",
            )
        )

    def difference_table(self, caption: str) -> Table:
        """Paired differences of every measure, by raid."""
        translate = self.wording.translate
        rows = [
            TableRow(
                (
                    self._measure_name(key),
                    raid.name,
                    self.laydown_names[difference.second],
                    self.laydown_names[difference.first],
                    measure,
                    measure.n,
                    self.reading(measure),
                ),
                f"{raid.name}: {self._against(difference)}",
            )
            for raid in self.contents.raids
            for difference in self._differences(raid)
            for key, measure in difference.measures.items()
        ]
        return self.add(
            Table(
                "differences",
                translate("Paired differences of all measures."),
                caption,
                (
                    Column("measure", translate("Measure")),
                    Column("raid", translate("Raid"), place="file"),
                    Column("laydown", translate("Laydown"), place="file"),
                    Column("reference", translate("Minus laydown"), place="file"),
                    Column("difference", translate("Difference"), "difference", "spread"),
                    Column("n", "n", "count", place="page"),
                    Column("reading", translate("Reading")),
                ),
                tuple(rows),
                style="wide",
            )
        )

    def difference_figure(self, title: str) -> Markup | None:
        """Paired differences of leakage, by raid and class."""
        rows: list[Row] = []
        for raid in self.contents.raids:
            for difference in self._differences(raid):
                shares = {k: m for k, m in difference.measures.items() if k.split(".")[0] == "leakage"}
                if shares:
                    heading = (
                        raid.name if len(self.contents.laydowns) == 2 else f"{raid.name}: {self._against(difference)}"
                    )
                    rows.append(Row(heading, {}))
                    rows.extend(Row(self._class_name(key), {"leakage": m}) for key, m in shares.items())
        if not rows:
            return None
        heading = self.wording.translate("← fewer get through · more get through →")
        return band_figure("differences", title, rows, {"leakage": heading}, self.wording, is_difference=True)

    def reading(self, measure: Measure) -> str:
        """One or two words for what a paired difference shows."""
        translate = self.wording.translate
        return {
            "none": translate("no difference shown"),
            "depends": translate("depends on inputs or siting"),
            "lower": translate("lower"),
            "higher": translate("higher"),
        }[verdict(measure)]

    def inputs_by_item(self, numbers: Mapping[str, int]) -> list[dict[str, object]]:
        """Published inputs under their items, with the number of the source in the list."""
        groups: dict[str, list[PublishedInput]] = {}
        for line in self.contents.inputs:
            groups.setdefault(line.item, []).append(line)
        return [
            {"name": item, "rows": [{**line._asdict(), "source_number": numbers.get(line.source_id)} for line in lines]}
            for item, lines in groups.items()
        ]

    def assumption_groups(self) -> list[dict[str, object]]:
        """Assumptions under their groups."""
        groups: dict[str, list[Assumption]] = {}
        for line in self.contents.assumptions:
            groups.setdefault(line.group, []).append(line)
        return [
            {"name": name, "rows": rows, "n": sum(row.n for row in rows), "number": self.tables.next()}
            for name, rows in groups.items()
        ]

    def _leakage_rows(self, raid: Raid) -> list[TableRow]:
        cases = self.cases_of(raid)
        present = [key for key in self.contents.classes if any(f"leakage.{key}" in case.measures for _, case in cases)]
        everything = self.contents.classes[present[0]] if len(present) == 1 else self._class_name("")
        rows = [TableRow((name, one, None, None), everything, "reference") for name, one in self._references(raid)]
        rows += [TableRow((laydown.name, *_parts(case, "")), everything) for laydown, case in cases]
        if len(present) > 1:
            rows += [
                TableRow((laydown.name, *_parts(case, f".{key}")), self.contents.classes[key])
                for key in present
                for laydown, case in cases
            ]
        return rows

    def _end_bars(self, raid: Raid) -> list[Segments]:
        bars: list[Segments] = []
        cases = self.cases_of(raid)
        for key, name in self.contents.classes.items():
            if not any(case.launched.get(key, 0.0) > 0.0 for _, case in cases):
                continue
            bars.append(Segments(name, {}, True))
            for laydown, case in cases:
                launched = case.launched.get(key, 0.0)
                shares = {
                    s: use.kills.value / launched for (s, c), use in case.use.items() if c == key and launched > 0.0
                }
                shares["other"] = case.other_ends.get(key, 0.0) / launched if launched else 0.0
                leaked = case.measures.get(f"leakage.{key}")
                shares["leaked"] = leaked.value if leaked else 0.0
                bars.append(Segments(laydown.name, shares))
        return bars

    def _use_rows(self, cases: list[tuple[Laydown, Case]]) -> list[UseRow]:
        rows: list[UseRow] = []
        for system in self.contents.systems:
            present = [k for k in self.contents.classes if any((system.id, k) in case.use for _, case in cases)]
            if not present:
                continue
            rows.append(UseRow(system.name, [], is_heading=True))
            for key in present:
                measures: list[Measure | None] = []
                for _, case in cases:
                    use = case.use.get((system.id, key))
                    measures += [use.kills, use.shots] if use else [None, None]
                rows.append(UseRow(self.contents.classes[key], measures))
        return rows

    def _cost_rows(self, cases: list[tuple[Laydown, Case]]) -> list[UseRow]:
        names = measure_names(self.wording.translate)
        return [UseRow(names[key], [case.measures.get(key) for _, case in cases]) for key in COSTS]

    def _references(self, raid: Raid) -> list[tuple[str, Measure]]:
        found = self.contents.references.get(raid.id, {})
        names = reference_names(self.contents.laydowns[0].name, self.wording.translate)
        return [(name, found[key]) for key, name in names.items() if key in found]

    def _differences(self, raid: Raid) -> list[Difference]:
        return [difference for difference in self.contents.differences if difference.raid == raid.id]

    def _against(self, difference: Difference) -> str:
        pattern = self.wording.translate("“{second}” minus “{first}”")
        return pattern.format(first=self.laydown_names[difference.first], second=self.laydown_names[difference.second])

    def _measure_name(self, key: str) -> str:
        stem, _, part = key.partition(".")
        name = measure_names(self.wording.translate).get(stem, stem)
        return f"{name}: {self.contents.classes.get(part, part)}" if part else name

    def _class_name(self, key: str) -> str:
        part = key.partition(".")[2]
        return self.contents.classes.get(part, part) if part else self.wording.translate("All armed objects")

    def _colour(self, laydown_name: str) -> str:
        names = list(self.laydown_names.values())
        return (
            LAYDOWN_COLOURS[names.index(laydown_name) % len(LAYDOWN_COLOURS)] if laydown_name in names else OTHER_COLOUR
        )

    def _headline_unit(self, raid: Raid) -> str:
        translate = self.wording.translate
        if self.contents.headline == "leakage":
            return translate("% of the raid's armed objects")
        measures = [case.measures.get(self.contents.headline) for _, case in self.cases_of(raid)]
        return next((self.wording.unit(measure.unit) for measure in measures if measure), "%")


def _parts(case: Case, suffix: str) -> list[Measure | None]:
    return [case.measures.get(part + suffix) for part in PARTS]
