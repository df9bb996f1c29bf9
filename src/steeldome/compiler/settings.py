"""Numbers of a case that belong to no single unit, drawn from the priors."""

from collections.abc import Iterable
from functools import partial

from steeldome.compiler.specs import Settings, ThreatSpec
from steeldome.compiler.tables import THREAT_CLASSES
from steeldome.compiler.values import Values
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.raid import Raid
from steeldome.inputs.study import Study


def draw_settings(
    study: Study,
    catalogue: Catalogue,
    systems: Iterable[str],
    threat_types: Iterable[str],
    values: Values,
    raid: Raid | None = None,
) -> Settings:
    """Command, readiness, damage and threat numbers of one outer sample.

    Parameters
    ----------
    systems : iterable of str
        Systems of the laydown.
    threat_types : iterable of str
        Types of threat in the raid and of aircraft around it.
    raid : Raid, optional
        Whose jamming counts.
    """
    weather = study.environment.weather
    return Settings(
        screen_spread=values.prior("terrain_kappa"),
        cover=values.prior("cover_height"),
        rain_rate=weather.rain_rate if weather else 0.0,
        rain_radius=weather.radius if weather else 0.0,
        jamming=tuple((j.bearing, j.width, j.noise_ratio) for j in (raid and raid.jamming) or ()),
        hits=round(values.prior("confirm_hits")),
        looks=round(values.prior("confirm_window")),
        signature_spread=values.prior("signature_spread"),
        link_delay=values.prior("link_delay"),
        link_loss=values.prior("link_loss"),
        link_resend=values.prior("resend_interval"),
        operator_service=values.prior("operator_service_time"),
        identify=values.prior("identification_time"),
        epoch=values.prior("decision_epoch"),
        p_false_kill=values.prior("false_kill"),
        p_missed_kill=values.prior("missed_kill"),
        relook=values.prior("relook_time"),
        ready_common=values.prior("readiness_common"),
        unit_damage=values.prior("unit_damage"),
        readiness={system: values.of(system, "readiness") for system in sorted(set(systems))},
        damage={
            kind: values.prior("damage_given_hit", asset_class=kind)
            for kind in sorted({asset.asset_class for asset in study.assets})
        },
        warhead_exponent=values.prior("warhead_exponent"),
        confusion=values.once("confusion", partial(_confusion, catalogue)),
        own_confusion=values.once("own confusion", partial(_confusion, catalogue, track_source="own_track"))
        if study.background
        else {},
        threats={name: _threat(catalogue, name, values) for name in sorted(set(threat_types))},
    )


def nearest_case(drawn: float) -> int:
    """Swerling case that a drawn number means: the nearest of 0, 1 and 3, the higher of two."""
    return min((3, 1, 0), key=lambda case: abs(case - drawn))


def _confusion(catalogue: Catalogue, values: Values, **source: str) -> dict[tuple[str, str], float]:
    """Chance of each wrong declaration that the catalogue has a prior for, by whose track it is made on."""
    found = {}
    for name in sorted(catalogue.priors):
        prior = catalogue.priors[name]
        if prior.quantity != "confusion":
            continue
        for true_class in prior.applies_to.true_class or ():
            for declared in prior.applies_to.declared_class or ():
                if true_class in THREAT_CLASSES and declared in THREAT_CLASSES:
                    p = values.prior("confusion", true_class=true_class, declared_class=declared, **source)
                    found[true_class, declared] = p
    return found


def _threat(catalogue: Catalogue, name: str, values: Values) -> ThreatSpec:
    lost = values.find(name, "lost_without_being_shot")
    reliability = 1.0 - lost if lost is not None else values.of(name, "reliability")
    warhead = values.find(name, "warhead_mass") or 0.0
    case = nearest_case(values.of(name, "swerling_case"))
    return ThreatSpec(values.of(name, "rcs"), case, values.of(name, "cep"), reliability, warhead)
