"""Terrain, base map and weather: which ones a study uses."""

import re
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from steeldome.inputs.base import Example, Input, PositiveLength, RainRate, describe

#: In place of an elevation model: a smooth earth at sea level, all of it land where a site is looked for.
NO_TERRAIN: Final = "none"

_TERRAIN_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}(\.(tif|tiff|hgt|dt[012]))?")


def _terrain(found: object) -> str:
    """Refuse anything that could point outside the study folder."""
    if not isinstance(found, str) or not _TERRAIN_PATTERN.fullmatch(found):
        raise ValueError(
            f"{describe(found)} is neither the id of a shipped terrain nor the name of a file in the study folder "
            "(.tif, .tiff, .hgt, .dt0, .dt1, .dt2), nor 'none'; folders and addresses are not allowed"
        )
    return found


Terrain = Annotated[str, BeforeValidator(_terrain), Example("globe30s_6E50E_30N48N")]


class Weather(Input):
    """Rain that falls around every sensor at once.

    Attributes
    ----------
    rain_rate : float, m/s
    radius : float, m
        Distance over ground from each sensor up to which it rains.
    """

    rain_rate: RainRate
    radius: PositiveLength


class Environment(Input):
    """Where the ground comes from, and the weather.

    Attributes
    ----------
    terrain : str
        Id of a shipped elevation model, name of a file inside the study folder, or `NO_TERRAIN`.
    base_map : str
        Map drawn under the results; ``none`` for places that are on no map.
    weather : Weather or None
        None: dry.
    """

    terrain: Terrain
    base_map: Literal["natural_earth", "none"] = "natural_earth"
    weather: Weather | None = None

    @property
    def has_terrain(self) -> bool:
        """Whether there is ground; without it every product says so."""
        return self.terrain != NO_TERRAIN

    @property
    def is_brought_along(self) -> bool:
        """Whether the ground is a file of the study folder, not a shipped one."""
        return "." in self.terrain
