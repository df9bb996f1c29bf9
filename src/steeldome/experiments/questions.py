"""What claims and pathways of a study ask of the engine: which laydown meets which raid, who is compared with whom."""

from collections.abc import Iterable

from steeldome.inputs.force import force_ids, force_of, pathway_id
from steeldome.inputs.laydown import VARIANTS, split_variants
from steeldome.inputs.study import Study

Match = tuple[str, str]


def matches_asked(study: Study) -> tuple[Match, ...]:
    """Each (laydown, raid) that the headline's other readings, a claim or the pathways of a study need."""
    found: list[Match] = []
    for name in study.experiments.laydowns:
        if not split_variants(name)[1]:
            found += [(f"{name}-{variant}", raid) for raid in study.experiments.raids for variant in VARIANTS]
    for claim in study.claims:
        if claim.comparison is not None:
            compared = (claim.comparison.of, *claim.comparison.than)
            found += [(force, raid) for force in compared for raid in claim.comparison.raids]
    if study.pathways is not None:
        asked = study.pathways
        for laydown in asked.laydowns:
            forces = [pathway_id(laydown, p.id, f.id) for p in asked.policies for f in asked.futures]
            found += [(force, raid) for raid in asked.raids for force in (laydown, *forces)]
    return tuple(dict.fromkeys(found))


def all_matches(study: Study) -> tuple[Match, ...]:
    """Every laydown and every delta of it, with and without what allies lend, against every raid."""
    bases = [laydown.id for laydown in study.laydowns]
    changed = [name for name in force_ids(study) if force_of(study, name).policy is None and name not in bases]
    laydowns = [f"{name}{ending}" for name in (*bases, *changed) for ending in ("", "-alone")]
    return tuple((laydown, raid.id) for raid in study.raids for laydown in laydowns)


def comparisons(study: Study, raid: str, laydowns: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (first, second) of laydowns that met a raid and whose difference is told; always of one year.

    Each laydown is compared with its reference; if that did not meet the raid, with the first of its year and basis
    that did. The comparisons of claims come on top.
    """
    met = list(dict.fromkeys(laydowns))
    forces = {name: force_of(study, name) for name in met}
    found = []
    for name, force in forces.items():
        peers = [other for other in met if (forces[other].year, forces[other].basis) == (force.year, force.basis)]
        first = force.reference if force.reference in forces else peers[0]
        if first is not None and first != name:
            found.append((first, name))
    for claim in study.claims:
        asked = claim.comparison
        if asked is not None and raid in asked.raids:
            found += [(other, asked.of) for other in asked.than if {other, asked.of} <= forces.keys()]
    return list(dict.fromkeys(found))
