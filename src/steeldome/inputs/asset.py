"""The defended asset list: generic classes of place at coarse coordinates."""

from typing import Literal

from pydantic import Field

from steeldome.inputs.base import CoarseLatitude, CoarseLongitude, Id, Input, LocalText, PositiveLength, PositiveNumber

AssetClass = Literal["city", "airbase", "port", "power", "refinery", "command", "industry"]


class DefendedAsset(Input):
    """A place that the plan defends.

    Attributes
    ----------
    asset_class : str
        Generic class; ``class`` in the file.
    latitude, longitude : float, rad
        Centre, geodetic (WGS-84), a multiple of 0.1 degree.
    value : float, > 0
        Worth relative to the other assets of the study; notional.
    radius : float, m
        Radius of the circle that counts as the asset.
    """

    id: Id
    name: LocalText
    asset_class: AssetClass = Field(alias="class")
    latitude: CoarseLatitude
    longitude: CoarseLongitude
    value: PositiveNumber
    radius: PositiveLength
