"""Names stand in the order of the reader's alphabet, whatever the system's locale and the order that they came in."""

import itertools

import pytest

from steeldome.report.collation import alphabetical


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("tr", ["İmad", "Kadr-1", "Şahab-3", "Zülfikar"]),
        ("en", ["Imad", "İmad", "Iran", "Kadr-1", "Şahab-3", "Zülfikar"]),
        ("tr", ["cam", "Çınar", "dal", "Irak", "iğne", "İmad", "ok", "Ömer", "pas", "Qader-1", "Rad"]),
        ("en", ["cam", "Çınar", "dal", "iğne", "İmad", "Irak", "ok", "Ömer", "pas", "Qader-1", "Rad"]),
        ("tr", ["vals", "WS-1", "x", "yay", "Я"]),
        ("tr", ["“A”", "3. parça", "Âdem", "adım", "ADIM 2", "Adın"]),
    ],
)
def test_names_stand_in_the_order_of_the_alphabet(language: str, expected: list[str]) -> None:
    for names in (expected, expected[::-1], sorted(expected)):
        assert sorted(names, key=alphabetical(language)) == expected


def test_turkish_letters_stand_one_by_one_in_either_case() -> None:
    alphabet = "aâ", "b", "c", "ç", "d", "e", "f", "g", "ğ", "h", "ı", "iî", "j", "k", "l", "m", "n", "o", "ö", "p"
    capitals = "AÂ", "B", "C", "Ç", "D", "E", "F", "G", "Ğ", "H", "I", "İÎ", "J", "K", "L", "M", "N", "O", "Ö", "P"
    key = alphabetical("tr")
    for small, large in zip(alphabet, capitals, strict=True):
        assert len({key(letter)[0] for letter in small + large}) == 1
    for (_, before), (after, _) in itertools.pairwise(zip(alphabet, capitals, strict=True)):
        assert key(before[0]) < key(after[0])
