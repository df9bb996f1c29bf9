"""From where which threats come, as the raids of a study declare it, or as somebody asks."""

from collections.abc import Sequence
from dataclasses import replace

from steeldome.compiler.paths import table_class
from steeldome.compiler.tables import THREAT_CLASSES
from steeldome.errors import Fault, ScenarioError
from steeldome.experiments.footprint import Approach
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.reading import suggest
from steeldome.inputs.study import Study


def approaches(
    study: Study,
    catalogue: Catalogue,
    threats: Sequence[str] = (),
    bearing: float | None = None,
    distance: float | None = None,
) -> tuple[Approach, ...]:
    """Approaches of some types of threat.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
    threats : sequence of str
        Types of threat; if empty, the first armed one of each class that the raids name.
    bearing, distance : float, rad and m
        Launch as seen from each aim, instead of that of the first group of the raids that names the type.

    Returns
    -------
    tuple of Approach
        In the order asked for, else that of the classes of the tables.

    Raises
    ------
    ScenarioError
        A type that the catalogue does not know, or that no raid launches and that lacks a bearing or a distance.
    """
    declared = _declared(study)
    faults, found = [], []
    for name in threats or _one_of_each_class(study, catalogue):
        launch = declared.get(name)
        if launch is None and name in catalogue.threats and bearing is not None and distance is not None:
            launch = Approach(name, bearing, distance)
        if launch is None:
            faults.append(Fault("", 0, "--threat", _refused(name, catalogue, declared)))
            continue
        found.append(
            replace(
                launch,
                bearing=launch.bearing if bearing is None else bearing,
                distance=launch.distance if distance is None else distance,
            )
        )
    if faults:
        raise ScenarioError(faults)
    return tuple(found)


def _declared(study: Study) -> dict[str, Approach]:
    """Launch of the first group of each type of threat, in the order of the raids."""
    found: dict[str, Approach] = {}
    for raid in study.raids:
        for group in raid.groups:
            found.setdefault(group.threat, Approach(group.threat, group.launch.bearing, group.launch.distance))
    return found


def _one_of_each_class(study: Study, catalogue: Catalogue) -> list[str]:
    first: dict[str, str] = {}
    for raid in study.raids:
        for group in raid.groups:
            threat_class = table_class(catalogue, group.threat)
            if not group.decoy and threat_class != "decoy_uav":
                first.setdefault(threat_class, group.threat)
    return [first[name] for name in THREAT_CLASSES if name in first]


def _refused(name: str, catalogue: Catalogue, declared: dict[str, Approach]) -> str:
    if name in catalogue.threats:
        return f"no raid of this study launches '{name}'; give --bearing and --distance too"
    hint = suggest(name, catalogue.threats) or f"; those of the raids: {', '.join(sorted(declared))}"
    return f"no threat '{name}' in the catalogue{hint}"
