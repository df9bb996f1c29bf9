"""Background traffic: civil or own aircraft that fly through every raid of a study and attack nothing."""

from typing import Annotated, Final

from pydantic import Field

from steeldome.inputs.base import Duration, Example, Id, Input, PositiveLength, count_between
from steeldome.inputs.raid import Launch

BACKGROUND: Final = "background"  # begins the ids of flights


class Corridor(Input):
    """Flights of one type on one notional corridor that ends at an asset.

    Attributes
    ----------
    threat : str
        Catalogue id of the type of aircraft: its speed and its radar cross section.
    count : int
        Flights in each raid.
    start : Launch
        Where they enter, as seen from the asset; ``from`` in the file.
    to : str
        Asset at which they land.
    altitude : float, m
        Height of the corridor above mean sea level, up to the descent.
    margin : float, s
        Time before the first and after the last possible arrival of the raid over which flights land too.
    """

    id: Id
    threat: Id
    count: Annotated[int, count_between(1, 1_000), Example("8")]
    start: Annotated[Launch, Example("{bearing: 300 deg, distance: 400 km}")] = Field(alias="from")
    to: Id
    altitude: PositiveLength
    margin: Duration
