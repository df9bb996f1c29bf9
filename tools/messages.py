"""Collects the program's sentences into the message catalogues: ``make messages``.

A sentence is the argument of ``translate("...")`` in Python and in a template, stands in ``{% trans %}``, or is the
reason of a prior of the catalogue.  New ones are added untranslated; a translation whose sentence is gone stays at the
end of the file, marked ``#~``, and comes back with the sentence.
"""

import sys
from io import BytesIO
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "src" / "steeldome"
PRIORS = "data/catalogue/priors.yaml"
METHODS = [("**.py", "python"), ("report/templates/**", "jinja2")]
KEYWORDS = {"translate": None, "gettext": None}
HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
SOURCE_LANGUAGE = "en"


def sentences(package: Path = PACKAGE) -> dict[str, list[str]]:
    """Every sentence of the program and reason of a prior, each with the files that say it, in alphabetical order."""
    found: dict[str, set[str]] = {}
    for name, _, message, _, _ in extract_from_dir(package, METHODS, keywords=KEYWORDS):
        text = message if isinstance(message, str) else message[0]
        found.setdefault(text, set()).add(name)
    for prior in yaml.safe_load((package / PRIORS).read_text(encoding="utf-8"))["priors"]:
        found.setdefault(prior["reason"], set()).add(PRIORS)
    return {text: sorted(found[text]) for text in sorted(found)}


def catalogues(package: Path = PACKAGE) -> dict[str, Path]:
    """File of each language's message catalogue."""
    return {path.parents[1].name: path for path in sorted((package / "locale").glob("*/LC_MESSAGES/steeldome.po"))}


def parsed(text: bytes) -> Catalog:
    """Message catalogue of a file's text; an error if the text is malformed."""
    return read_po(BytesIO(text), abort_invalid=True)


def read_catalogue(path: Path) -> Catalog:
    """Message catalogue of a file."""
    return parsed(path.read_bytes())


def updated(old: Catalog, language: str, found: dict[str, list[str]]) -> bytes:
    """Text of a catalogue that holds exactly the sentences found, with the translations that are known."""
    known = {str(message.id): str(message.string) for message in (*old.obsolete.values(), *old) if message.string}
    new = Catalog(locale=language)
    for text, files in found.items():
        new.add(text, known.pop(text, ""), locations=[(name, 0) for name in files])
    for text in sorted(known):
        if text:
            message = Catalog().add(text, known[text])
            new.obsolete[text] = message
    body = BytesIO()
    write_po(body, new, width=0, omit_header=True, include_lineno=False)
    return HEADER.format(language=language).encode() + body.getvalue()


def main() -> int:
    """Update each catalogue and say how many sentences still want a translation."""
    found = sentences()
    for language, path in catalogues().items():
        path.write_bytes(updated(read_catalogue(path), language, found))
        if language != SOURCE_LANGUAGE:
            missing = sum(not message.string for message in read_catalogue(path) if message.id)
            print(f"{path.relative_to(PACKAGE.parents[1])}: {len(found)} sentences, {missing} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
