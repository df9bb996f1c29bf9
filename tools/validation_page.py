"""Writes docs/validation.md from the table of reference cases: ``make validation``.

Everything between the two marks is written anew; what stands around them is written by hand and kept.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from steeldome.validation.case import Case, Inputs
from steeldome.validation.checking import Validation, Verdict, function_name, validate
from steeldome.validation.showing import computed_text, reference_text, tolerance_text
from steeldome.validation.table import SUBJECTS

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"
BEGIN: Final = "<!-- cases: written by 'make validation' -->\n"
END: Final = "<!-- end of cases -->\n"
OBTAINED: Final = {"published": "", "formula": "own calculation, ", "program": "other program, "}
HEAD: Final = (
    "| case | quantity | inputs | reference | computed | tolerance | unit | source | function | status |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)
LEFT_OUT_HEAD: Final = (
    "| case | quantity | inputs | reference | unit | source | why |\n| --- | --- | --- | --- | --- | --- | --- |\n"
)


def written(text: str, found: Validation) -> str:
    """Page with its cases replaced; everything around them stays."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return before + BEGIN + cases_text(found) + END + after


def cases_text(found: Validation) -> str:
    """Counts, a table a subject, the declared misfits, and what is left out."""
    verdicts = {verdict.case.id: verdict for verdict in found.verdicts}
    statuses = found.as_record()
    text = (
        f"\nPassed {statuses['passed']}, misfits {statuses['misfits']}, failed {statuses['failed']}, left out "
        f"{statuses['left_out']}.\n"
    )
    for title, cases in SUBJECTS.items():
        answered = [verdicts[case.id] for case in cases if case.answer is not None]
        if answered:
            text += f"\n### {title}\n\n{HEAD}" + "".join(map(answered_row, answered))
    text += "\n## Declared misfits\n\n"
    for verdict in found.verdicts:
        if verdict.misfit is not None:
            misfit = verdict.misfit
            text += f"- **{verdict.case.id}** ({misfit.date}, {misfit.reviewer}): {misfit.reason.en}\n"
    text += f"\n## Left out\n\n{LEFT_OUT_HEAD}"
    text += "".join(left_out_row(verdict.case) for verdict in found.verdicts if verdict.case.left_out)
    return text + "\n"


def answered_row(verdict: Verdict) -> str:
    """Row of a case that a function of the product answers."""
    case = verdict.case
    computed = [
        computed_text(number, wanted, case.tolerance)
        for number, wanted in zip(verdict.computed, case.reference, strict=True)
    ]
    functions = ", ".join(f"`{function_name(function)}`" for function in case.functions)
    cells = (
        *opening(case),
        ", ".join(computed),
        tolerance_text(case.tolerance) or "exact",
        case.unit,
        source(case),
        functions,
        verdict.status,
    )
    return row(cells)


def left_out_row(case: Case) -> str:
    """Row of a case that nothing answers."""
    return row((*opening(case), case.unit, source(case), case.left_out))


def opening(case: Case) -> Sequence[str]:
    """First cells of every row."""
    return case.id, case.quantity, inputs_text(case.inputs), ", ".join(map(reference_text, case.reference))


def inputs_text(inputs: Inputs) -> str:
    """Inputs such as ``height_km`` 1, 10, 20."""
    return "; ".join(f"`{name}` {value_text(value)}" for name, value in inputs.items())


def value_text(value: object) -> str:
    """One input."""
    if isinstance(value, tuple):
        return ", ".join(map(value_text, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def source(case: Case) -> str:
    """How the reference came about, and the work that it or its formula stands in."""
    return f"{OBTAINED[case.obtained]}[{case.source}]"


def row(cells: Sequence[str]) -> str:
    """Row of a Markdown table."""
    return "| " + " | ".join(cells) + " |\n"


def main() -> int:
    """Rewrite the page; exit 1 where a case fails."""
    found = validate()
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    return 0 if found.is_valid else 1


if __name__ == "__main__":
    sys.exit(main())
