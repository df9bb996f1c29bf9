"""Names of states, gates, effects and statuses of the veto gates in the reader's language."""

from collections.abc import Mapping

from steeldome.report.wording import Translate


def state_names(translate: Translate) -> Mapping[str, str]:
    """States and the alliance by code, origins of threats by the catalogue's word."""
    return {
        "CA": translate("Canada"),
        "CH": translate("Switzerland"),
        "DE": translate("Germany"),
        "ES": translate("Spain"),
        "FR": translate("France"),
        "GB": translate("United Kingdom"),
        "IL": translate("Israel"),
        "IT": translate("Italy"),
        "JP": translate("Japan"),
        "NATO": translate("NATO"),
        "RU": translate("Russia"),
        "SE": translate("Sweden"),
        "TR": translate("Türkiye"),
        "US": translate("United States"),
        "XX": translate("unnamed state"),
        "DPRK": translate("North Korea"),
        "Houthi": translate("the Houthis"),
        "Iran": translate("Iran"),
        "Iraq": translate("Iraq"),
        "Russia": translate("Russia"),
        "USSR": translate("Soviet Union"),
        "generic": translate("generic"),
    }


def gate_names(translate: Translate) -> Mapping[str, str]:
    """What a state can withhold, in the order in which a buyer meets it."""
    return {
        "sale": translate("Sale"),
        "co_production": translate("Co-production"),
        "third_party_component": translate("Third-party component"),
        "software_keys": translate("Software and keys"),
        "resupply": translate("Resupply"),
        "depot_spares": translate("Depot and spares"),
        "end_use": translate("End use"),
        "lending": translate("Lending"),
    }


def effect_names(translate: Translate) -> Mapping[str, str]:
    """What a gate does if it is used, hardest first."""
    return {
        "blocks": translate("blocks"),
        "stops_after_stock": translate("stops after stock"),
        "delays": translate("delays"),
        "degrades": translate("degrades"),
        "limits_use": translate("limits use"),
        "none_known": translate("none known"),
    }


def status_names(translate: Translate) -> Mapping[str, str]:
    """Whether a gate is in use."""
    return {
        "active": translate("active"),
        "latent": translate("latent"),
        "precedent_elsewhere": translate("precedent elsewhere"),
        "lifted": translate("lifted"),
    }
