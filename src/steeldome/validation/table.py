"""The table of all reference cases, subject by subject."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from steeldome.validation import (
    atmosphere,
    ballistics,
    chance,
    geodesy,
    propagation,
    radar,
    reentry,
    terrain,
    tracking,
)
from steeldome.validation.case import Case, gettext

#: Title of each subject, a marked sentence, with its cases.
SUBJECTS: Final[Mapping[str, Sequence[Case]]] = MappingProxyType(
    {
        gettext("Air"): atmosphere.CASES,
        gettext("Frames and geodesics"): geodesy.CASES,
        gettext("Range equation"): radar.RANGE,
        gettext("Detection and tracks"): radar.DETECTION,
        gettext("Rain and gases"): propagation.CASES,
        gettext("Horizon and terrain"): (*radar.HORIZON, *terrain.CASES),
        gettext("Ballistic flight"): ballistics.CASES,
        gettext("Re-entry"): reentry.CASES,
        gettext("Tracking, timing and miss distance"): tracking.CASES,
        gettext("Random numbers and quantiles"): chance.CASES,
    }
)

CASES: Final[tuple[Case, ...]] = tuple(case for cases in SUBJECTS.values() for case in cases)
