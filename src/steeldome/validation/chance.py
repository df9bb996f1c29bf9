"""Reference cases of chance: known answers of the random number generator, and quantiles."""

from collections.abc import Iterable
from typing import Final

from steeldome.compiler.rows import normal_quantile
from steeldome.kernels.philox import words
from steeldome.validation.case import Case, absolute, gettext

_NOT_USED: Final = gettext("the engine draws from Philox4x32-10 alone")


def _words(key: tuple[float, ...], counter: tuple[float, ...]) -> Iterable[float]:
    """Four words; the counter is used as given and not stepped before the first block."""
    low, high = (int(word) for word in key)
    return words(low | high << 32, *(int(word) for word in counter))


def _quantiles(p: tuple[float, ...]) -> Iterable[float]:
    return (normal_quantile(share) for share in p)


def _known_answer(name: str, key: tuple[int, ...], counter: tuple[int, ...], answer: tuple[int, ...]) -> Case:
    return Case(
        id=name,
        quantity=gettext("words of Philox4x32-10"),
        unit="1",
        reference=tuple(map(float, answer)),
        tolerance=absolute(0.0),
        source="Salmon2011",
        obtained="published",
        inputs={"key": tuple(map(float, key)), "counter": tuple(map(float, counter))},
        functions=(words,),
        answer=_words,
    )


CASES: Final = (
    _known_answer("V-RNG-1", (0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    _known_answer("V-RNG-2", (2**32 - 1,) * 2, (2**32 - 1,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    _known_answer(
        "V-RNG-3",
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
    Case(
        id="V-RNG-4",
        quantity=gettext("words of Philox4x64-10 and Threefry4x64-20"),
        unit="1",
        reference=(),
        tolerance=absolute(0.0),
        source="Salmon2011",
        obtained="published",
        left_out=_NOT_USED,
    ),
    Case(
        id="V-FUN-1",
        quantity=gettext("quantiles of the standard normal distribution"),
        unit="1",
        reference=(0.0, 1.281551566, 1.959963985, 2.575829304),
        tolerance=absolute(1e-8),
        source="AbramowitzStegun1964",
        obtained="published",
        inputs={"p": (0.5, 0.9, 0.975, 0.995)},
        functions=(normal_quantile,),
        answer=_quantiles,
    ),
    Case(
        id="V-FUN-2",
        quantity=gettext("error function, log-gamma, Marcum Q and incomplete beta against 50 digits"),
        unit="1",
        reference=(),
        tolerance=absolute(1e-12),
        source="AbramowitzStegun1964",
        obtained="program",
        left_out=gettext("a program of many digits is no part of the product"),
    ),
)
