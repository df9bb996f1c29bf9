"""Coverage of one laydown over the outer samples: in how many of them a place is seen, and why not in the others."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from steeldome.analysis.coverage import (
    MOST_CELLS,
    Eye,
    Grid,
    Reach,
    SideView,
    cover,
    eyes_of,
    grid_around,
    ground_of,
    reach_by_sector,
    side_view,
)
from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compile import equip
from steeldome.compiler.paths import BALLISTIC, table_class
from steeldome.compiler.settings import draw_settings
from steeldome.compiler.siting import PlacedUnit
from steeldome.compiler.terrain import Terrain, load_terrain, terrain_faults
from steeldome.compiler.values import Values
from steeldome.errors import Fault, ScenarioError
from steeldome.experiments.samples import OuterSample
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.environment import Weather
from steeldome.inputs.force import force_ids, force_of, is_force
from steeldome.inputs.study import Study
from steeldome.kernels.coverage import CAUSES, COVERED

Floats = npt.NDArray[np.float64]

HEIGHTS: Final = (100.0, 500.0, 3_000.0, 10_000.0)  # m above ground, if nothing else is asked
LOW: Final = 300.0  # m above ground; lower, one layout and one screen say too little
CELL: Final = 5_000.0  # m
SMALL_CELL: Final = 1_000.0  # m, around one asset
MARGIN: Final = 150_000.0  # m around assets and sites
SIDE_ALTITUDES: Final = np.linspace(0.0, 20_000.0, 201)
SIDE_DISTANCES: Final = 400
_MOST_HEIGHT: Final = 200_000.0  # m


@dataclass(frozen=True, slots=True)
class Question:
    """What coverage is asked for.

    Attributes
    ----------
    laydown : str
    threat : str
        Type of the catalogue; its cross-section counts.
    heights : tuple of float, m
        Above ground.
    samples : int
        Outer samples over inputs and siting layouts; 0: two for each of the study's siting rules.
    cell : float, m
        0: 5 km, and 1 km around one asset.
    around : str
        Asset that the map is of; empty: all of the study.
    radius : float, m
        Of the map around one asset.
    tracks : int
        Objects that each sensor holds already.
    side : str
        Sensor whose side view is wanted; empty: none.
    bearing : float or None, rad
        Of the side view; None: the study's threat axis, else north.
    """

    laydown: str
    threat: str
    heights: tuple[float, ...] = HEIGHTS
    samples: int = 0
    cell: float = 0.0
    around: str = ""
    radius: float = 60_000.0
    tracks: int = 0
    side: str = ""
    bearing: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Coverage of one laydown against one type of target.

    Attributes
    ----------
    question : Question
        As answered, with nothing left to the study.
    grid : Grid
    share : (height, row, column) float, 0..1
        Of the samples in which some sensor sees the target there.
    cause : (height, row, column) uint8
        What is in the way in most of the samples in which none does; COVERED where all do. One of
        `steeldome.kernels.coverage.CAUSES`.
    area : (height, sample) float, m2
        Seen in each sample.
    sites : tuple of PlacedUnit
        Of the first sample.
    eyes : tuple of Eye
        Every sensor of the first sample.
    side : SideView or None
    terrain : Terrain
    weather : Weather or None
        None: dry.
    """

    question: Question
    grid: Grid
    share: Floats
    cause: npt.NDArray[np.uint8]
    area: Floats
    sites: tuple[PlacedUnit, ...]
    eyes: tuple[Eye, ...]
    side: SideView | None
    terrain: Terrain
    weather: Weather | None

    def reach(self) -> dict[str, list[list[Reach]]]:
        """How far each sensor of the first sample sees, by bearing, at each height."""
        heights = np.array(self.question.heights)
        return {eye.sensor.id: reach_by_sector(eye, heights, self.terrain) for eye in self.eyes}


def coverage(study: Study, catalogue: Catalogue, question: Question, seed: int | None = None) -> Coverage:
    """Where the sensors of a laydown see a target at stated heights above ground, and why not elsewhere.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
        With the study's assumptions laid over its priors.
    question : Question
    seed : int, optional
        Of the samples, and of the sites; the study's if left out.

    Returns
    -------
    Coverage
        The same for any number of processors.

    Raises
    ------
    ScenarioError
        The question asks for what the study or the catalogue does not have, for more cells than a map can show, or for
        a height below 300 m in fewer samples than there are siting rules.
    """
    if seed is not None:
        study = study.model_copy(update={"experiments": study.experiments.model_copy(update={"seed": seed})})
    terrain = load_terrain(study.environment, study.folder)
    question = _answered(study, question)
    _check(study, catalogue, question, terrain)
    grid = _grid(study, question)
    _check_cells(question, grid)
    views = list(_views(study, catalogue, question, terrain))
    first = views[0]
    chosen = {eye.sensor.id: eye for eye in first.eyes}.get(question.side)
    if question.side and chosen is None:
        raise ScenarioError([_fault("side", f"no sensor '{question.side}'", [eye.sensor.id for eye in first.eyes])])
    ground = ground_of(grid, terrain)
    heights = np.array(question.heights)
    with ThreadPoolExecutor() as pool:
        causes = np.stack(list(pool.map(lambda view: cover(view.eyes, ground, heights), views)))
    is_seen = causes == COVERED
    area = (is_seen * grid.area.reshape(-1)).sum(axis=2).T
    shape = len(heights), grid.n_rows, grid.n_columns
    return Coverage(
        question=question,
        grid=grid,
        share=is_seen.mean(axis=0).reshape(shape),
        cause=_most_common(causes).reshape(shape),
        area=area,
        sites=first.sites,
        eyes=tuple(first.eyes),
        side=None if chosen is None else _side(chosen, question, terrain),
        terrain=terrain,
        weather=study.environment.weather,
    )


def _side(eye: Eye, question: Question, terrain: Terrain) -> SideView:
    return side_view(eye, question.bearing or 0.0, SIDE_ALTITUDES, SIDE_DISTANCES, terrain)


@dataclass(frozen=True, slots=True)
class _View:
    """One outer sample: where everything stands, and every sensor."""

    sites: tuple[PlacedUnit, ...]
    eyes: list[Eye]


def _views(study: Study, catalogue: Catalogue, question: Question, terrain: Terrain) -> Iterator[_View]:
    force = force_of(study, question.laydown)
    cache = CompilerCache()
    is_ballistic = table_class(catalogue, question.threat) in BALLISTIC
    for number in range(question.samples):
        sample = OuterSample(number, question.samples, study.experiments.seed)
        cache.leave_sample()
        values = Values(catalogue, sample.quantile, force.basis, cache)
        sites, equipment = equip(study, catalogue, force, sample.layout, terrain, values, cache)
        settings = draw_settings(study, catalogue, (), (question.threat,), values)
        rcs = settings.threats[question.threat].cross_section
        yield _View(sites, eyes_of(equipment.sensors, rcs, is_ballistic, settings, question.tracks, terrain, cache))


def _answered(study: Study, question: Question) -> Question:
    """A question with everything said that it leaves to the study."""
    return replace(
        question,
        samples=question.samples or 2 * len(study.siting.rules),
        cell=question.cell or (SMALL_CELL if question.around else CELL),
        bearing=question.bearing if question.bearing is not None else study.siting.threat_axis or 0.0,
    )


def _grid(study: Study, question: Question) -> Grid:
    """Cells around one asset, or over all assets and fixed sites of a laydown and a margin around them."""
    assets = [asset for asset in study.assets if question.around in ("", asset.id)]
    latitude = [asset.latitude for asset in assets]
    longitude = [asset.longitude for asset in assets]
    if question.around:
        return grid_around(latitude, longitude, question.radius, question.cell)
    sites = [entry.site for entry in force_of(study, question.laydown).all_units if entry.site is not None]
    latitude += [site.latitude for site in sites]
    longitude += [site.longitude for site in sites]
    return grid_around(latitude, longitude, MARGIN, question.cell)


def _check(study: Study, catalogue: Catalogue, question: Question, terrain: Terrain) -> None:
    """Refuse what cannot be answered; every fault at once."""
    faults = terrain_faults(study, terrain.extent)
    if not is_force(study, question.laydown):
        faults.append(_fault("laydown", f"no '{question.laydown}' in this study", force_ids(study)))
    if question.threat not in catalogue.threats:
        faults.append(_fault("threat", f"no threat type '{question.threat}'", sorted(catalogue.threats)))
    assets = [asset.id for asset in study.assets]
    if question.around and question.around not in assets:
        faults.append(_fault("around", f"no asset '{question.around}' in this study", assets))
    faults += [
        Fault("", 0, "altitude", f"must be in 1 m..{_MOST_HEIGHT / 1000:.0f} km above ground, got {height:g} m")
        for height in question.heights
        if not 1.0 <= height <= _MOST_HEIGHT
    ]
    n_rules = len(study.siting.rules)
    if min(question.heights, default=LOW) < LOW and question.samples < n_rules:
        message = (
            f"{question.samples} say too little below {LOW:.0f} m above ground; "
            f"ask for {n_rules} or more, a layout of each siting rule"
        )
        faults.append(Fault("", 0, "samples", message))
    if faults:
        raise ScenarioError(faults)


def _check_cells(question: Question, grid: Grid) -> None:
    n_cells = grid.n_rows * grid.n_columns
    if n_cells > MOST_CELLS:
        enough = math.ceil(question.cell * math.sqrt(n_cells / MOST_CELLS) / 100.0) / 10.0
        message = f"{n_cells:,} cells are more than {MOST_CELLS:,}; ask for cells of {enough:g} km, or for one asset"
        raise ScenarioError([Fault("", 0, "cell", message)])


def _fault(where: str, found: str, allowed: Sequence[str]) -> Fault:
    return Fault("", 0, where, f"{found}; allowed: {', '.join(allowed)}")


def _most_common(causes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Most common code but COVERED over the first axis, of equals the first; COVERED where there is none."""
    counts = np.stack([(causes == code).sum(axis=0) for code in range(1, len(CAUSES))])
    best = 1 + counts.argmax(axis=0)
    return np.where(counts.max(axis=0) > 0, best, COVERED).astype(np.uint8)
