"""What ``steeldome validate`` prints: the reference cases, subject by subject, and what came of each."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from steeldome.app.printing import Translate, print_json, print_table

if TYPE_CHECKING:
    from steeldome.validation.checking import Status, Validation, Verdict

_WIDTH: Final = 118


def run_validation(ids: Sequence[str], as_json: bool, translate: Translate) -> int:
    """Compare the product with its reference cases; exit status 1 where one fails."""
    from steeldome.validation.checking import validate

    found = validate(ids)
    if as_json:
        print_json(found.as_record())
    else:
        print_validation(found, translate)
    return 0 if found.is_valid else 1


def print_validation(found: "Validation", translate: Translate) -> None:
    """Print what was compared, what is declared and what is left out, then how many there are of each."""
    from steeldome.validation.table import SUBJECTS

    by_case = {verdict.case.id: verdict for verdict in found.verdicts}
    for title, cases in SUBJECTS.items():
        answered = [by_case[case.id] for case in cases if case.id in by_case and case.answer is not None]
        if answered:
            print(translate(title))
            print_table(_rows(answered, translate))
            print()
    _print_reasons(found, translate)
    pattern = translate("passed {passed}, misfits {misfits}, failed {failed}, left out {left_out}")
    counts = {name: number for name, number in found.as_record().items() if name != "cases"}
    print(pattern.format(**counts))


def status_names(translate: Translate) -> dict["Status", str]:
    """Words for what came of a case."""
    return {
        "passed": translate("passed"),
        "misfit": translate("misfit"),
        "failed": translate("failed"),
        "left_out": translate("left out"),
    }


def _rows(verdicts: Sequence["Verdict"], translate: Translate) -> list[tuple[str, ...]]:
    from steeldome.validation.showing import computed_text, reference_text, tolerance_text, worst

    words = status_names(translate)
    heads = (translate("case"), translate("status"), translate("reference"), translate("computed"))
    rows: list[tuple[str, ...]] = [
        (*heads, translate("tolerance"), translate("unit"), translate("source"), translate("quantity"))
    ]
    for verdict in verdicts:
        case, computed = verdict.case, translate("none")
        wanted = case.reference[0]
        if verdict.computed:
            index = worst(verdict)
            wanted = case.reference[index]
            computed = computed_text(verdict.computed[index], wanted, case.tolerance)
        quantity = translate(case.quantity)
        if len(case.reference) > 1:
            quantity += " " + translate("(worst of {n})").format(n=len(case.reference))
        source = case.source if case.obtained != "formula" else translate("own calculation")
        allowed = tolerance_text(case.tolerance) or translate("exact")
        shown = (reference_text(wanted), computed, allowed, case.unit, source, quantity)
        rows.append((case.id, words[verdict.status], *shown))
    return rows


def _print_reasons(found: "Validation", translate: Translate) -> None:
    """Why cases failed, are declared or are left out, one paragraph each."""
    from steeldome.app.language import choose_language

    groups: dict[str, list[str]] = {}
    for verdict in found.verdicts:
        case, misfit = verdict.case, verdict.misfit
        if verdict.raised:
            groups.setdefault(translate("Failed"), []).append(f"{case.id}: {verdict.raised}")
        elif verdict.is_stale:
            said = translate("is declared as a misfit and is none any more; take it out of misfits.yaml")
            groups.setdefault(translate("Failed"), []).append(f"{case.id}: {said}")
        elif misfit is not None:
            said = misfit.reason.in_language(choose_language())
            groups.setdefault(translate("Misfits"), []).append(f"{case.id} ({misfit.date}): {said}")
        elif case.left_out:
            quantity, why = translate(case.quantity), translate(case.left_out)
            groups.setdefault(translate("Left out"), []).append(f"{case.id}: {quantity}: {why}")
    for title, paragraphs in groups.items():
        print(title)
        for paragraph in paragraphs:
            print(textwrap.fill(paragraph, _WIDTH, initial_indent="  ", subsequent_indent="    "))
        print()
