"""Raids: which threats, how many, from where, at what, over what time.

Launch areas are notional: a bearing and a distance from the aimed asset.
"""

from typing import Annotated, Final

from pydantic import BeforeValidator

from steeldome.inputs.base import (
    EACH_ONCE,
    NOT_EMPTY,
    Bearing,
    Duration,
    Example,
    Flag,
    Id,
    Input,
    LocalText,
    NoiseRatio,
    PositiveLength,
    SectorWidth,
    count_between,
)

BY_VALUE: Final = "by_value"


def _aim(found: object) -> object:
    return (BY_VALUE,) if found == BY_VALUE else found


class Launch(Input):
    """Where a group starts, as seen from the asset it aims at: bearing (rad, from true north) and distance (m)."""

    bearing: Bearing
    distance: PositiveLength


class Waypoint(Input):
    """Place that a flat path passes, as seen from its asset: bearing (rad, from true north) and distance (m)."""

    bearing: Bearing
    distance: PositiveLength


class Loiter(Input):
    """Circles that an aircraft flies for a time (s) at a distance (m) from the asset it aims at, before it goes on."""

    distance: PositiveLength
    time: Duration


class ThreatGroup(Input):
    """Threats of one type from one direction.

    Attributes
    ----------
    threat : str
        Catalogue id of the threat type.
    apogee : float or None, m
        Height above the ellipsoid of the highest point of a ballistic path, lofted or depressed; None: that of the type
        if it flies depressed, else that of least energy.
    via : tuple of Waypoint
        Places that a flat path passes in turn; corners are rounded by the turn that the speed allows.
    loiter : Loiter or None
        Of an aircraft.
    spacing : float or None, s
        Time between two arrivals; None spreads the group over the raid.
    aim : tuple of str
        Assets that the objects take in turn; ``("by_value",)`` deals them over all assets in proportion to value.
    decoy : bool
        True if the objects carry no warhead.
    """

    id: Id
    threat: Id
    count: Annotated[int, count_between(1, 10_000), Example("8")]
    launch: Launch
    aim: Annotated[tuple[Id, ...], BeforeValidator(_aim), NOT_EMPTY, EACH_ONCE]
    spacing: Duration | None = None
    decoy: Flag = False
    apogee: PositiveLength | None = None
    via: tuple[Waypoint, ...] = ()
    loiter: Loiter | None = None

    @property
    def is_aimed_by_value(self) -> bool:
        """Whether the objects are dealt over all assets in proportion to value."""
        return self.aim == (BY_VALUE,)


class Jamming(Input):
    """Noise from a jammer that stands off in one direction from the whole defence.

    Attributes
    ----------
    bearing, width : float, rad
        Of the sector in which every radar looks at the jammer, from true north.
    noise_ratio : float
        Power of its noise over that of a radar's own receiver, within the sector.
    """

    bearing: Bearing
    width: SectorWidth
    noise_ratio: NoiseRatio


class Observed(Input):
    """What the public record says of raids like this one: of some events, how many the defence stopped whole."""

    events: Annotated[int, count_between(1, 100), Example("3")]
    stopped: Annotated[int, count_between(0, 100), Example("3")]
    source: Id
    note: LocalText


class Raid(Input):
    """All of one attack.

    Attributes
    ----------
    spread : float, s
        Time over which its objects arrive.
    groups : tuple of ThreatGroup
        What attacks.
    jamming : tuple of Jamming or None
        None: that of the raid that it extends, if it extends one.
    observed : Observed or None
        The public record that it can be held against.
    extends : str or None
        Instead of groups of its own: the raid whose objects, with their luck, arrive over another time.
    """

    id: Id
    name: LocalText
    spread: Duration
    groups: tuple[ThreatGroup, ...] = ()
    extends: Id | None = None
    jamming: tuple[Jamming, ...] | None = None
    observed: Observed | None = None

    @property
    def objects_of(self) -> str:
        """Id of the raid that names the objects."""
        return self.extends or self.id
