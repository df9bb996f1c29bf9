"""Reference cases of tracking, timing and miss distance."""

from collections.abc import Iterable
from typing import Final

from steeldome.compiler.rows import miss_row
from steeldome.validation.case import Case, absolute, gettext

_FINE: Final = 1e6  # m of one CEP, so that whole metres do not matter


def _shares_within(radius_over_cep: tuple[float, ...]) -> Iterable[float]:
    """Share of the equally likely miss distances that lie within a radius."""
    row = miss_row(_FINE)
    return (sum(miss <= _FINE * radius for miss in row) / len(row) for radius in radius_over_cep)


CASES: Final = (
    Case(
        id="V-TRK-1",
        quantity=gettext("gains of an alpha-beta filter by tracking index"),
        unit="1",
        reference=(0.36000, 0.08000, 0.62837, 0.30481, 0.75, 0.5, 0.85410, 0.76393),
        tolerance=absolute(1e-5),
        source="Kalata1984",
        obtained="formula",
        inputs={"tracking_index": (0.1, 0.5, 1.0, 2.0)},
        left_out=gettext("no model filters: a track is firm or not, and its accuracy is a prior"),
    ),
    Case(
        id="V-TRK-2",
        quantity=gettext("drift of a clock that counts tenths of a second in 24 bits"),
        unit="s",
        reference=(0.0034, 0.0275, 0.0687, 0.3433),
        tolerance=absolute(1e-4),
        source="GAO1992",
        obtained="published",
        inputs={"hours": (1.0, 8.0, 20.0, 100.0)},
        left_out=gettext("no model holds the clock of a radar"),
    ),
    Case(
        id="V-TRK-3a",
        quantity=gettext("share of the drawn miss distances within a multiple of the CEP; one draw in 32 is a step"),
        unit="1",
        reference=(0.1591, 0.5, 0.7898, 0.9375),
        tolerance=absolute(1.0 / 64.0),
        source="WashburnKress2009",
        obtained="formula",
        inputs={"radius_over_cep": (0.5, 1.0, 1.5, 2.0)},
        functions=(miss_row,),
        answer=_shares_within,
    ),
    Case(
        id="V-TRK-3b",
        quantity=gettext("radius that holds 95 % of a circular normal error, over the CEP"),
        unit="1",
        reference=(2.079,),
        tolerance=absolute(1e-3),
        source="WashburnKress2009",
        obtained="formula",
        left_out=gettext("the engine draws one of 32 miss distances, and none stands at 95 %"),
    ),
)
