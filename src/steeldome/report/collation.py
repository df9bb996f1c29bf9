"""The order of names in a list, by the alphabet of the reader.

The standard library sorts by code point, or as the system's locales do, which need not be installed; Babel holds no
order of letters.  Names here are those of one short list, so an alphabet is enough.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

Key = tuple[tuple[tuple[int, int], ...], str]

#: Letters in order; q, w and x, which Turkish lacks, stand where English has them.
_ALPHABETS: Final[Mapping[str, str]] = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
}
_SIGN, _DIGIT, _LETTER, _FOREIGN = range(4)


def alphabetical(language: str) -> Callable[[str], Key]:
    """Key that sorts names by the alphabet of a language: signs, then digits, then letters, whatever their case.

    Parameters
    ----------
    language : str
        ``en`` or ``tr``.

    Notes
    -----
    A letter that the alphabet lacks stands with its base letter, such as â with a in both languages and İ with i in
    English; in Turkish ı and i are two letters, and I is the first of them. Names that differ in nothing else are told
    apart by code point, so that an order never depends on the one before.
    """
    ranks = {letter: i for i, letter in enumerate(_ALPHABETS[language])}

    def key(name: str) -> Key:
        return tuple(place for letter in _small(name, language) for place in _places(letter, ranks)), name

    return key


def _small(name: str, language: str) -> str:
    """A name in small letters."""
    composed = unicodedata.normalize("NFC", name)
    if language == "tr":
        return composed.replace("İ", "i").replace("I", "ı").lower()
    return composed.replace("İ", "i").replace("ı", "i").casefold()


def _places(letter: str, ranks: Mapping[str, int]) -> list[tuple[int, int]]:
    """Kind and rank of a small letter, or of what it is made of; a mark by itself has none."""
    if letter in ranks:
        return [(_LETTER, ranks[letter])]
    parts = unicodedata.normalize("NFKD", letter)
    if parts != letter:
        return [place for part in parts for place in _places(part, ranks)]
    if unicodedata.combining(letter):
        return []
    if letter.isdigit():
        return [(_DIGIT, ord(letter))]
    return [(_FOREIGN if letter.isalpha() else _SIGN, ord(letter))]
