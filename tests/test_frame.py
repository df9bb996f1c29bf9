"""The frame holds: locks, licences, translations, versions and paths."""

import ast
import os
import re
import shutil
import string
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import dependencies
import messages
import pytest
import yaml
from babel.messages.catalog import Catalog
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import steeldome

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "locks").glob("*.lock"))
# Licences that let the program be used, changed and passed on; the GPL family is not among them.
ALLOWED_LICENCES = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-CMU", "MPL-2.0",
    "PSF-2.0", "Python-2.0", "Zlib",
}  # fmt: skip


def reached(name: str) -> set[str]:
    """Installed distributions that a distribution needs to run, itself excluded."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for text in distribution(waiting.pop()).requires or []:
            requirement = Requirement(text)
            needed = canonicalize_name(requirement.name)
            if needed not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                found.add(needed)
                waiting.append(needed)
    return found


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression without brackets can be met with allowed licences only."""
    choices = [choice.split(" AND ") for choice in expression.split(" OR ")]
    return any(all(part.split(" WITH ")[0].strip() in ALLOWED_LICENCES for part in parts) for parts in choices)


def fields(sentence: str) -> list[str]:
    """Names that a sentence leaves open, as ``{name}`` or ``%(name)s``, in alphabetical order."""
    braces = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    return sorted(braces + re.findall(r"%\((\w+)\)", sentence))


def test_every_run_time_package_has_an_allowed_licence() -> None:
    licences = {name: dependencies.licence(distribution(name)) for name in reached("steeldome")}
    assert "numpy" in licences and "llvmlite" in licences
    assert {name: text for name, text in licences.items() if not is_allowed(text)} == {}


@pytest.mark.parametrize("text", ["unknown", "GPL-3.0-only", "MIT AND LGPL-2.1-only", "AGPL-3.0-or-later"])
def test_a_licence_that_is_not_on_the_list_is_refused(text: str) -> None:
    assert not is_allowed(text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_each_package_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    entries = [entry for entry in re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE) if entry.strip()]
    assert [entry for entry in entries if not re.match(r"\S+==\S+.*\\\n +--hash=sha256:[0-9a-f]{64}\b", entry)] == []
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_the_locks_agree_and_the_run_lock_holds_what_the_program_needs() -> None:
    assert [lock.stem for lock in LOCKS] == ["build", "dev", "run"]
    build, dev, run = (dependencies.locked_versions(lock) for lock in LOCKS)
    assert {**build, **run}.items() <= dev.items()
    assert set(run) == reached("steeldome")


def test_the_page_of_dependencies_lists_the_run_lock_with_reasons() -> None:
    rows = dependencies.read_table()
    assert {row.package: row.version for row in rows} == dependencies.locked_versions(dependencies.RUN_LOCK)
    assert len(rows) == len({row.package for row in rows})
    assert [row.package for row in rows if not (row.purpose and row.asked_by and is_allowed(row.licence))] == []
    total = f"| total | {len(rows)} packages | | | | {sum(row.size_mb for row in rows):.1f} |"
    assert total in dependencies.PAGE.read_text(encoding="utf-8")


def test_catalogues_hold_every_sentence_and_its_translation() -> None:
    found = messages.sentences()
    for language, path in messages.catalogues().items():
        known = {str(message.id): str(message.string) for message in messages.read_catalogue(path) if message.id}
        assert set(known) == set(found), f"{language}: type 'make messages', then translate what is new"
        if language != messages.SOURCE_LANGUAGE:
            assert [text for text in known if not known[text]] == [], f"{language}: not translated"
            assert [text for text in known if fields(text) != fields(known[text])] == [], f"{language}: fields differ"


def test_no_sentence_hides_in_a_formatted_string() -> None:
    """Python 3.11 does not look for sentences there."""
    for path in (ROOT / "src").rglob("*.py"):
        inside = (
            part
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.JoinedStr)
            for part in ast.walk(node)
        )
        named = [part.func.id for part in inside if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)]
        assert "translate" not in named, path


def test_a_translation_outlives_its_sentence() -> None:
    old = Catalog(locale="tr")
    old.add("raid", "akın")
    without = messages.updated(old, "tr", {})
    assert b'\n#~ msgid "raid"' in without
    with_it = messages.updated(messages.parsed(without), "tr", {"raid": ["app/cli.py"]})
    assert b'\nmsgid "raid"\nmsgstr "ak\xc4\xb1n"' in with_it


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == steeldome.__version__


def test_tracked_files_name_no_registry_and_no_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    registries = r"p[y]pi\.org|python[h]osted\.org|npm[j]s\.(?:org|com)"
    unwanted = re.compile(registries + r"|(?<![\w.:/-])/(?:work|root|farm|home|Users)/\w")
    hits = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            hits += [f"{name}:{number}" for number, line in enumerate(lines, 1) if unwanted.search(line)]
    assert hits == []


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ("case $2 in *print*) echo 3.9.2;; *) exit 1;; esac", "is Python 3.9.2, allowed is 3.11 to 3.14; type"),
        ("case $2 in *print*) echo 3.12.1;; *ensurepip*) exit 1;; esac", "has no venv module; install it"),
        ("exit 127", "does not run; type"),
    ],
    ids=["too old", "no venv", "not there"],
)
def test_make_says_in_one_line_what_is_wrong_with_the_python(tmp_path: Path, answers: str, complaint: str) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / "python-of-the-user"
    python.write_text(f"#!/bin/sh\n{answers}\n")
    python.chmod(0o755)
    command = ["make", ".venv/python.stamp", f"PYTHON={python}"]
    own = {name: value for name, value in os.environ.items() if "MAKE" not in name}  # not what an outer make was given
    answer = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, check=False)
    lines = [line for line in answer.stderr.splitlines() if "***" not in line]
    assert answer.returncode != 0
    assert len(lines) == 1 and complaint in lines[0]
