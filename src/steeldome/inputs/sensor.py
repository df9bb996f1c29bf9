"""Sensors: their classes and which parameters they have."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: Classes of sensor; priors are stated for them.
SENSOR_CLASSES: Final = (
    "multifunction_radar",
    "acquisition_radar",
    "surveillance_radar",
    "missile_warning_radar",
    "airborne_radar",
)

#: Kind of quantity of every parameter of a sensor; ``share`` is a ratio in 0..1.
SENSOR_PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "altitude_ops",
                "mast_height",
                "range_ballistic",
                "range_instrumented",
                "range_target",
                "site_altitude",
            ),
            "length",
        ),
        **dict.fromkeys(("aircraft", "digital_channels", "engagement_channels", "tracks_max"), "count"),
        **dict.fromkeys(("azimuth_coverage", "elevation_max"), "angle"),
        **dict.fromkeys(("unit_cost",), "money"),
        "delivery_lead_time": "time",
        "first_service": "calendar year",
        "rcs_ref": "area",
        "rotation_period": "time",
        "upkeep_fraction": "rate",
    }
)
