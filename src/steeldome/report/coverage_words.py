"""Coverage in words: names of what is in the way, rows of the table, caption of the map."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from steeldome.analysis.measures import EVIDENCE_LEVEL
from steeldome.experiments.coverage import Coverage
from steeldome.kernels.coverage import CAUSES, COVERED
from steeldome.report.wording import Translate, Wording
from steeldome.units import UNITS


def cause_names(translate: Translate) -> Mapping[str, str]:
    """What is in the way, by code of `CAUSES`."""
    return {
        "covered": translate("seen"),
        "power": translate("power: too weak an echo"),
        "horizon": translate("below the horizon of a smooth earth"),
        "terrain": translate("behind the ground"),
        "sector": translate("outside sector or elevation"),
        "instrumented_range": translate("beyond the instrumented range"),
        "time_budget": translate("no time for a further track"),
        "no_data": translate("no elevation data"),
        "several": translate("more than one of these"),
    }


class HeightRow(NamedTuple):
    """One height above ground.

    Attributes
    ----------
    height : float, m
    always, sometimes, never : float, 0..1
        Share of the map seen in all, some, none of the samples.
    area : float
        Mean over the samples, m2.
    area_low, area_high : float
        5th and 95th percentile over the samples, m2.
    causes : tuple of (str, float)
        What is in the way where not all samples see the target, by share of the map; largest first.
    """

    height: float
    always: float
    sometimes: float
    never: float
    area: float
    area_low: float
    area_high: float
    causes: tuple[tuple[str, float], ...]


def height_rows(found: Coverage) -> list[HeightRow]:
    """The numbers of a map, height by height."""
    cells = found.grid.area
    whole = cells.sum()
    rows = []
    for h, height in enumerate(found.question.heights):
        share = found.share[h]
        causes = [
            (name, float(cells[found.cause[h] == code].sum() / whole))
            for code, name in enumerate(CAUSES)
            if code != COVERED
        ]
        low, high = np.quantile(found.area[h], (0.05, 0.95))
        rows.append(
            HeightRow(
                height,
                float(cells[share >= 1.0].sum() / whole),
                float(cells[(share > 0.0) & (share < 1.0)].sum() / whole),
                float(cells[share <= 0.0].sum() / whole),
                float(found.area[h].mean()),
                float(low),
                float(high),
                tuple(sorted((one for one in causes if one[1] > 0.0), key=lambda one: -one[1])),
            )
        )
    return rows


def height_label(height: float, wording: Wording) -> str:
    """Such as ``100 m above ground``."""
    if height < 1000.0:
        return wording.translate("{height} m above ground").format(height=wording.number(height))
    number = wording.number(height / 1000.0, 0.1 if height % 1000.0 else 1.0)
    return wording.translate("{height} km above ground").format(height=number)


def caption(found: Coverage, names: Mapping[str, str], wording: Wording) -> str:
    """What the map shows, n, level, and what it cannot say.

    Parameters
    ----------
    names : mapping of str to str
        ``laydown`` and ``threat`` in the reader's language.
    """
    question = found.question
    translate = wording.translate
    said = translate(
        "Where a sensor of the laydown ({laydown}) sees a target of the cross-section of {threat} with at least even "
        "odds in one look; where none does, what is in the way in most samples. n = {n} samples of inputs and notional "
        "sites, dots: those of the first; crosses: assets; cells of {cell} km; evidence level {level}."
    ).format(
        laydown=names["laydown"],
        threat=names["threat"],
        n=question.samples,
        cell=wording.number(question.cell / 1000.0, 0.1 if question.cell % 1000.0 else 1.0),
        level=EVIDENCE_LEVEL,
    )
    if question.tracks:
        said += " " + translate("Each sensor holds {n} objects already.").format(n=question.tracks)
    if found.weather is not None:
        pattern = translate("Rain of {rate} mm/h up to {radius} km around each sensor.")
        rate, radius = found.weather.rain_rate / float(UNITS["mm/h"].factor), found.weather.radius / 1000.0
        said += " " + pattern.format(rate=wording.number(rate, 0.1), radius=wording.number(radius))
    if not found.terrain.is_smooth:
        said += " " + translate("Below about 300 m the ground's cells of a kilometre allow bands only.")
    else:
        said += " " + translate("The study has no terrain: a smooth earth at sea level.")
    return said


def side_caption(found: Coverage, names: Mapping[str, str], wording: Wording) -> str:
    """What a side view shows."""
    question = found.question
    return wording.translate(
        "What {sensor} sees towards {bearing}° of a target of the cross-section of {threat}, first of {n} samples; the "
        "curve of the earth is drawn flat, so that a straight ray bends up. Evidence level {level}."
    ).format(
        sensor=question.side,
        bearing=wording.number(math.degrees(question.bearing or 0.0)),
        threat=names["threat"],
        n=question.samples,
        level=EVIDENCE_LEVEL,
    )
