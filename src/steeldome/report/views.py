"""What every part of the report needs: numbers of tables and figures, cases by raid, names in the reader's language."""

from collections.abc import Iterable
from dataclasses import replace

from steeldome.report.contents import Case, Contents, Difference, Laydown, Measure, Raid
from steeldome.report.figures import LAYDOWN_COLOURS, OTHER_COLOUR, Picture
from steeldome.report.tables import Table
from steeldome.report.wording import FEW_LAYDOWNS, Wording, is_of_few, measure_names, reference_names, verdict


class Views:
    """Keeps the tables and figures of one report, numbered in the order in which they are added.

    Attributes
    ----------
    tables : list of Table
        Every table, in the order of the page; an export writes all of them.
    pictures : list of Picture
        Every figure, in the order of the page.
    """

    def __init__(self, contents: Contents, wording: Wording) -> None:
        self.contents = contents
        self.wording = wording
        self.tables: list[Table] = []
        self.pictures: list[Picture] = []
        self.laydown_names = {laydown.id: laydown.name for laydown in contents.laydowns}

    @property
    def is_long(self) -> bool:
        """Whether there are more laydowns than fit side by side."""
        return len(self.contents.laydowns) > FEW_LAYDOWNS

    def add(self, table: Table, is_numbered: bool = True) -> Table:
        """The table with the next number; one without a number is on the page in another form, or not at all."""
        number = 1 + sum(1 for one in self.tables if one.number) if is_numbered else 0
        numbered = replace(table, number=number)
        self.tables.append(numbered)
        return numbered

    def add_picture(self, picture: Picture) -> Picture:
        """The figure with the next number."""
        numbered = replace(picture, number=1 + len(self.pictures))
        self.pictures.append(numbered)
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

    def differences_of(self, raid: Raid) -> list[Difference]:
        """Paired differences of one raid."""
        return [difference for difference in self.contents.differences if difference.raid == raid.id]

    def references_of(self, raid: Raid) -> list[tuple[str, Measure]]:
        """Reference rows of one raid, by name."""
        found = self.contents.references.get(raid.id, {})
        names = reference_names(self.contents.laydowns[0].name, self.wording.translate)
        return [(name, found[key]) for key, name in names.items() if key in found]

    def against(self, difference: Difference) -> str:
        """Which laydown less which."""
        return self.minus(self.laydown_names[difference.first], self.laydown_names[difference.second])

    def minus(self, first: str, second: str) -> str:
        """Name of a difference between two laydowns."""
        return self.wording.translate("“{second}” minus “{first}”").format(first=first, second=second)

    def measure_name(self, key: str) -> str:
        """Name of a measure, with its class if it has one."""
        stem, _, part = key.partition(".")
        name = measure_names(self.wording.translate).get(stem, stem)
        return f"{name}: {self.contents.classes.get(part, part)}" if part else name

    def class_name(self, key: str) -> str:
        """Name of the class that a measure is for."""
        part = key.partition(".")[2]
        return self.contents.classes.get(part, part) if part else self.wording.translate("All armed objects")

    def colour(self, laydown_name: str) -> str:
        """Colour of a laydown in figures."""
        names = list(self.laydown_names.values())
        return (
            LAYDOWN_COLOURS[names.index(laydown_name) % len(LAYDOWN_COLOURS)] if laydown_name in names else OTHER_COLOUR
        )

    def reading(self, measure: Measure) -> str:
        """One or two words for what a paired difference shows."""
        translate = self.wording.translate
        if is_of_few(measure) and verdict(measure) in ("lower", "higher"):
            return translate("lower in few samples") if measure.value < 0.0 else translate("higher in few samples")
        return {
            "none": translate("no difference shown"),
            "depends": translate("depends on inputs or siting"),
            "lower": translate("lower"),
            "higher": translate("higher"),
        }[verdict(measure)]
