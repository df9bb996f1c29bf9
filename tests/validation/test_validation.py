"""The product meets its reference cases, and the table counts only what the product uses."""

import ast
import importlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import steeldome
from steeldome.errors import SteeldomeError
from steeldome.validation import atmosphere, checking, geodesy, radar
from steeldome.validation.case import Case, absolute, relative
from steeldome.validation.checking import Validation, function_name, judge, validate
from steeldome.validation.misfits import MISFITS, Misfit, read_misfits
from steeldome.validation.showing import computed_text
from steeldome.validation.table import CASES

SOURCES = Path(steeldome.__file__).parent
BIB = SOURCES / "data" / "references.bib"
ANSWERED = [case for case in CASES if case.answer is not None]


@pytest.fixture(scope="module")
def found() -> Validation:
    return validate()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    """Name of the module that a file holds."""
    return ".".join(("steeldome", *path.relative_to(SOURCES).with_suffix("").parts))


def users(path: Path, name: str) -> set[str]:
    """Functions and classes of a file that load a name; '' stands for the file itself."""
    return {
        getattr(statement, "name", "")
        for statement in parsed(path).body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id == name
    } - {name}


def importers(module: str, name: str) -> list[Path]:
    """Files outside the validation room that import a name from its module, or from the package that offers it."""
    homes = {module} if module.startswith("steeldome.") else {module, module.partition(".")[0]}
    return [
        path
        for path in SOURCES.rglob("*.py")
        if "validation" not in path.relative_to(SOURCES).parts
        and any(
            isinstance(node, ast.ImportFrom) and node.module in homes and name in {alias.name for alias in node.names}
            for node in ast.walk(parsed(path))
        )
    ]


def is_used(module: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> bool:
    """Whether another room comes to a function of a kernel, at once or through other kernels; so for any function."""
    if (module, name) in seen:
        return False
    seen |= {(module, name)}
    for path in importers(module, name):
        is_kernel = path.parent.name == "kernels"
        for user in users(path, name):
            if not is_kernel or is_used(dotted(path), user, seen):
                return True
    own = SOURCES.parent / (module.replace(".", "/") + ".py")
    return own.is_file() and any(user and is_used(module, user, seen) for user in users(own, name))


def named(answer: Callable[..., Any], module: Any) -> set[str]:
    """Global names that an answer and the functions of this room that it calls refer to."""
    waiting, found = [(answer.__code__, vars(module))], set()
    while waiting:
        code, known = waiting.pop()
        waiting += [(part, known) for part in code.co_consts if hasattr(part, "co_names")]
        for name in set(code.co_names) - found:
            found.add(name)
            own = getattr(known.get(name), "__wrapped__", known.get(name))
            if str(getattr(own, "__module__", "")).startswith("steeldome.validation.") and hasattr(own, "__code__"):
                waiting.append((own.__code__, own.__globals__))
    return found


def test_the_product_meets_every_number_but_the_declared_ones(found: Validation) -> None:
    failed = [
        (verdict.case.id, verdict.computed, verdict.raised) for verdict in found.verdicts if verdict.status == "failed"
    ]
    assert failed == [] and found.is_valid
    assert found.count("passed") + found.count("misfit") == len(ANSWERED) and found.count("passed") > 50
    assert all(np.isfinite(verdict.computed).all() for verdict in found.verdicts)


def test_cases_are_complete() -> None:
    keys = set(re.findall(r"^@\w+\{(\w+),", BIB.read_text(encoding="utf-8"), flags=re.MULTILINE))
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids)) and not [name for name in ids if not re.fullmatch(r"V-[A-Z]{3}-\d+[a-h]?", name)]
    for case in CASES:
        assert case.source in keys, case.id
        assert (case.answer is None) == bool(case.left_out) == (not case.functions), case.id
        assert case.left_out or (case.reference and case.inputs), case.id
        assert 0.0 not in case.reference or not case.tolerance.is_relative, case.id


def test_every_function_of_a_case_is_called_by_it_and_used_by_the_product() -> None:
    wanted = {}
    for case in ANSWERED:
        assert case.answer is not None
        module = importlib.import_module(case.answer.__module__)
        for function in case.functions:
            assert function.__name__ in named(case.answer, module), f"{case.id}: calls no {function_name(function)}"
            wanted[function.__module__, function.__name__] = case.id
    assert {case: key for key, case in wanted.items() if not is_used(*key)} == {}


def test_functions_that_nobody_uses_are_seen() -> None:
    assert is_used("steeldome.kernels.ballistics", "fly") and is_used("pyproj.geod", "Geod")
    for module, name in (("lethality", "circular_normal_hit"), ("flyout", "constant_speed_intercept")):
        assert not is_used(f"steeldome.kernels.{module}", name), f"{name} is in use: look for cases that it answers"


@pytest.mark.parametrize(
    ("room", "name", "fault", "case"),
    [
        (atmosphere, "air_density", lambda right: lambda height: right(height) * 1.0001, "V-ATM-2a"),
        (radar, "detection_above", lambda right: lambda c, n, t, snr: right(c, n, t, snr + 0.01), "V-RAD-8b"),
        (geodesy, "point_ecef", lambda right: lambda *place: [x + 1e-5 for x in right(*place)], "V-GEO-1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_in_a_function_fails_its_case(
    room: Any, name: str, fault: Any, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert validate([case]).is_valid
    monkeypatch.setattr(room, name, fault(getattr(room, name)))
    faulty = validate([case])
    assert [verdict.status for verdict in faulty.verdicts] == ["failed"] and not faulty.is_valid


def invented(answer: Any, *reference: float) -> Case:
    return Case(
        id="V-ABC-1",
        quantity="",
        unit="1",
        reference=reference,
        tolerance=absolute(0.1),
        source="",
        obtained="formula",
        answer=answer,
    )


@pytest.mark.parametrize(
    ("answer", "plain", "declared"),
    [
        ((1.0, 2.05), "passed", "failed"),
        ((1.0, 2.2), "failed", "misfit"),
        ((1.0, float("nan")), "failed", "misfit"),
        ((1.0,), "failed", "failed"),
    ],
)
def test_what_comes_of_a_case(answer: tuple[float, ...], plain: str, declared: str) -> None:
    misfit = Misfit.model_construct(id="V-ABC-1")
    case = invented(lambda: answer, 1.0, 2.0)
    assert (judge(case).status, judge(case, misfit).status) == (plain, declared)
    assert judge(case, misfit).is_stale == (plain == "passed")


def test_a_function_that_raises_fails_its_case() -> None:
    verdict = judge(invented(lambda: [1.0 / 0.0], 1.0))
    assert verdict.status == "failed" and verdict.raised == "ZeroDivisionError: float division by zero"


def test_a_declared_misfit_that_passes_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = MISFITS.read_text(encoding="utf-8").replace("id: V-BAL-15", "id: V-RAD-8a")
    (tmp_path / "misfits.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(checking, "read_misfits", lambda known: read_misfits(known, tmp_path / "misfits.yaml"))
    verdicts = {verdict.case.id: verdict for verdict in validate(["V-RAD-8", "V-BAL-15"]).verdicts}
    assert verdicts["V-RAD-8a"].is_stale and verdicts["V-RAD-8b"].status == "passed"
    assert verdicts["V-BAL-15"].status == "failed" and not verdicts["V-BAL-15"].is_stale


ENTRY = "misfits:\n  - {id: V-RAD-8a, reason: {en: why, tr: neden}, date: '2026-11-24', reviewer: somebody}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("V-RAD-8a", "V-RAD-8z", "2: misfits[0].id: no answered case 'V-RAD-8z'. Did you mean"),
        ("V-RAD-8a", "V-RAD-1", "2: misfits[0].id: no answered case 'V-RAD-1'"),
        ("reason: {en: why, tr: neden}, ", "", "2: misfits[0].reason: is missing; write"),
        ("en: why, ", "", "2: misfits[0].reason.en: is missing; write"),
        ("reviewer:", "reviewed:", "2: misfits[0].reviewed: unknown key 'reviewed'. Did you mean 'reviewer'?"),
        ("2026-11-24", "24.11.2026", "2: misfits[0].date: '24.11.2026' is not a date; write for example '2026-11-24'"),
        ("somebody}", "x}\n" + ENTRY.splitlines()[1], "3: misfits[1].id: 'V-RAD-8a' is declared twice; write it once"),
        (ENTRY, "misfits: none\n", "1: misfits: a list is needed, not 'none'"),
    ],
)
def test_faults_of_the_file_of_misfits_are_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "misfits.yaml"
    path.write_text(ENTRY, encoding="utf-8")
    known = [case.id for case in ANSWERED]
    assert list(read_misfits(known, path)) == ["V-RAD-8a"]
    path.write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(SteeldomeError) as refused:
        read_misfits(known, path)
    assert f"{path}:{said}" in str(refused.value)


def test_numbers_are_shown_to_a_tenth_of_the_tolerance() -> None:
    assert computed_text(8494678.36, 8477400.0, relative(3e-3)) == "8495000"
    assert computed_text(0.2848036, 0.2848, absolute(1e-4)) == "0.2848"
    assert computed_text(-4e-9, 0.0, absolute(1e-6)) == "0"
    assert computed_text(4294967295.0, 4294967295.0, absolute(0.0)) == "4294967295"


def test_last_digits_of_another_processor_change_no_text(found: Validation) -> None:
    """But for counts over a power of two, which every processor divides alike."""
    for verdict in found.verdicts:
        tolerance = verdict.case.tolerance
        for number, wanted in zip(verdict.computed, verdict.case.reference, strict=bool(verdict.computed)):
            if tolerance.size and not (64.0 * number).is_integer():
                shown = {computed_text(number * shift, wanted, tolerance) for shift in (1.0 - 1e-14, 1.0, 1.0 + 1e-14)}
                assert len(shown) == 1, (verdict.case.id, shown)
