"""Terrain and base map: which ones a study uses."""

import re
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from steeldome.inputs.base import Example, Input, describe

_TERRAIN_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}(\.(tif|tiff|hgt|dt[012]))?")


def _terrain(found: object) -> str:
    """Refuse anything that could point outside the study folder."""
    if not isinstance(found, str) or not _TERRAIN_PATTERN.fullmatch(found):
        raise ValueError(
            f"{describe(found)} is neither the id of a shipped terrain nor the name of a file in the study folder "
            "(.tif, .tiff, .hgt, .dt0, .dt1, .dt2); folders and addresses are not allowed"
        )
    return found


Terrain = Annotated[str, BeforeValidator(_terrain), Example("globe30s_6E50E_30N48N")]


class Environment(Input):
    """Where the ground comes from.

    Attributes
    ----------
    terrain : str
        Id of a shipped elevation model, or name of a file inside the study folder.
    base_map : str
        Map drawn under the results.
    """

    terrain: Terrain
    base_map: Literal["natural_earth"] = "natural_earth"
