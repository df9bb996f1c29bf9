"""The language in which the program speaks: English or Turkish.

English sentences stand in the code, as arguments of a function named ``translate``; ``make messages`` collects them in
``locale/<language>/LC_MESSAGES/steeldome.po``.  Rooms below ``app`` are handed that function and never look it up.
"""

import gettext
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from steeldome.errors import SteeldomeError

LOCALE_FOLDER = Path(__file__).parents[1] / "locale"
SOURCE_LANGUAGE = "en"
ENVIRONMENT_VARIABLES = ("STEELDOME_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def languages() -> tuple[str, ...]:
    """Codes of the languages that there is a catalogue for, such as ``('en', 'tr')``."""
    return tuple(sorted(path.parents[1].name for path in LOCALE_FOLDER.glob("*/LC_MESSAGES/steeldome.po")))


def choose_language(asked: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Language to speak: the one asked for, else the first that the environment names, else English.

    Parameters
    ----------
    asked : str, optional
        A language code such as ``tr``.
    environment : mapping of str to str, optional
        Environment variables; those of the process if left out.  The first that is set among ``STEELDOME_LANGUAGE``,
        ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` decides; a language that there is no catalogue for means English.

    Raises
    ------
    SteeldomeError
        There is no catalogue for the language asked for.
    """
    known = languages()
    if asked is not None:
        if asked not in known:
            raise SteeldomeError(f"language: no catalogue for '{asked}'; allowed are {', '.join(known)}")
        return asked
    variables = os.environ if environment is None else environment
    named = next((variables[name] for name in ENVIRONMENT_VARIABLES if variables.get(name)), SOURCE_LANGUAGE)
    code = named.split(".")[0].split("@")[0].split("_")[0].split("-")[0].lower()
    return code if code in known else SOURCE_LANGUAGE


def translator(language: str | None = None) -> Callable[[str], str]:
    """Function from an English sentence to the same sentence in a language; see `choose_language` for the default.

    A sentence that the catalogue lacks comes back as it is.

    Raises
    ------
    SteeldomeError
        There is no catalogue for the language asked for.
    """
    return gettext.translation("steeldome", LOCALE_FOLDER, [choose_language(language)], fallback=True).gettext
