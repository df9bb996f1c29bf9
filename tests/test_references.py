"""Every key cited in code or documents stands in references.bib, and every entry is complete."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIB = ROOT / "src" / "steeldome" / "data" / "references.bib"
# A key as docstrings write it: [WashburnKress2009, ch. 2] or [USSA1976].
CITED = re.compile(r"\[([A-Z][A-Za-z]+(?:[0-9]{2,4}))(?:, [^\]]*)?\]")


def entries() -> dict[str, str]:
    """Text of each entry by key, other ids of the same work included."""
    found = {}
    for part in re.split(r"^@", BIB.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        key = part[part.index("{") + 1 : part.index(",")]
        found[key] = part
        for other in re.findall(r"^  ids\s*= \{([^}]*)\}", part, flags=re.MULTILINE):
            found.update(dict.fromkeys(other.split(", "), part))
    return found


def test_every_cited_key_has_an_entry() -> None:
    known = entries()
    missing = set()
    for path in (*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md")):
        for key in CITED.findall(path.read_text(encoding="utf-8")):
            if key not in known:
                missing.add(f"{path.relative_to(ROOT)}: {key}")
    assert missing == set()


def test_every_entry_says_who_what_and_when() -> None:
    keys = re.findall(r"^@\w+\{(\w+),", BIB.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert keys == sorted(set(keys), key=str.lower)
    for key, text in entries().items():
        for field in (r"(author|editor)\s*= \{\S", r"title\s*= \{\S", r"year\s*= \{\d{4}\}"):
            assert re.search(rf"^  {field}", text, flags=re.MULTILINE), (key, field)
