"""Measures the run-time dependencies and rewrites the table of docs/dependencies.md: ``make dependencies``.

Version, licence and size come from an environment that holds the locked packages and nothing else; what each package is
for is written by hand in the table and kept.
"""

import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "dependencies.md"
RUN_LOCK = ROOT / "locks" / "run.lock"
# Free text that packages write instead of an SPDX expression.
SPDX = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


class Row(NamedTuple):
    """One package in the table; the size is in MB (10⁶ bytes), as installed."""

    package: str
    version: str
    asked_by: str
    purpose: str
    licence: str
    size_mb: float


def locked_versions(lock: Path) -> dict[str, str]:
    """Version of each package that a lock pins."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock.read_text(), flags=re.MULTILINE))


def asked_by(lock: Path) -> dict[str, str]:
    """Which packages ask for each locked package; ``steeldome`` for a direct one."""
    answer: dict[str, str] = {}
    for entry in re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE):
        if pinned := re.match(r"([a-z0-9.-]+)==", entry):
            askers = re.findall(r"^    # (?:via|  ) ?\s*([a-z0-9.-]+)", entry, flags=re.MULTILINE)
            answer[pinned[1]] = ", ".join(askers)
    return answer


def licence(distribution: Distribution) -> str:
    """SPDX expression of a distribution's licence; ``unknown`` if it states none that can be read."""
    metadata = distribution.metadata
    classifiers = [
        line.split(" :: ")[-1] for line in metadata.get_all("Classifier") or [] if line.startswith("License")
    ]
    short_texts = [text for text in metadata.get_all("License") or [] if 0 < len(text) < 40]
    stated = [*(metadata.get_all("License-Expression") or []), *short_texts, *classifiers]
    text = stated[0] if stated else "unknown"
    return SPDX.get(text, text)


def size_mb(distribution: Distribution) -> float:
    """Installed size of a distribution: the sum over the files that its record names."""
    paths = {Path(str(file.locate())) for file in distribution.files or []}
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def read_table(page: Path = PAGE) -> list[Row]:
    """Rows of the table as it stands in the page."""
    lines = page.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    rows = [row for row in cells if len(row) == len(Row._fields)]
    return [Row(row[0].strip("`"), row[1], row[2], row[3], row[4], float(row[5])) for row in rows]


def measured_rows(environment: Path, purposes: dict[str, str]) -> list[Row]:
    """Rows measured in an environment that holds the locked packages."""
    folders = [str(path) for path in environment.glob("lib/python*/site-packages")]
    installed = {str(canonicalize_name(found.name)): found for found in distributions(path=folders)}
    askers = asked_by(RUN_LOCK)
    return [
        Row(name, version, askers[name], purposes.get(name, ""), licence(installed[name]), size_mb(installed[name]))
        for name, version in locked_versions(RUN_LOCK).items()
    ]


def written(text: str, rows: list[Row]) -> str:
    """Page with its table replaced; everything around the table stays."""
    head = "| package | version | asked for by | what for | licence | MB |\n| --- | --- | --- | --- | --- | ---: |\n"
    body = "".join(
        f"| `{row.package}` | {row.version} | {row.asked_by} | {row.purpose} | {row.licence} | {row.size_mb:.1f} |\n"
        for row in rows
    )
    total = f"| total | {len(rows)} packages | | | | {sum(round(row.size_mb, 1) for row in rows):.1f} |\n"
    before, rest = text.split("| package |", 1)
    after = rest[rest.index("\n\n") :] if "\n\n" in rest else "\n"
    return before + head + body + total.rstrip("\n") + after


def main(arguments: list[str]) -> int:
    """Rewrite the table from the environment named on the command line; exit 1 if a purpose is missing."""
    purposes = {row.package: row.purpose for row in read_table()}
    rows = measured_rows(Path(arguments[0]), purposes)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    wanting = [row.package for row in rows if not row.purpose]
    for name in wanting:
        print(f"docs/dependencies.md: {name}: say what it is for", file=sys.stderr)
    return 1 if wanting else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
