"""Which ground a fire unit can defend against one type of threat from one direction, through the tables' own parts."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compile import equip, is_held, launch_chances
from steeldome.compiler.network import delay_row, plan_command, rule_for
from steeldome.compiler.opportunities import Shots, class_factor, envelope
from steeldome.compiler.paths import FlownPath, fly_paths
from steeldome.compiler.sensing import SensorPath, watch
from steeldome.compiler.settings import draw_settings
from steeldome.compiler.specs import Equipment, FireUnitSpec, SensorSpec, Settings
from steeldome.compiler.tables import HAZARD_ONE, N_ROW, STAGES
from steeldome.compiler.terrain import Terrain
from steeldome.compiler.values import Values
from steeldome.constants import MEAN_EARTH_RADIUS
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.doctrine import EngagementRule
from steeldome.inputs.force import force_of
from steeldome.inputs.raid import Launch, Raid, ThreatGroup
from steeldome.inputs.study import Study
from steeldome.kernels.geodesy import ecef_to_geodetic
from steeldome.kernels.holding import held_spans

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Spans = Sequence[tuple[int, int]]

CELLS: Final = 20  # from the fire unit to the end of its reach
DEFENDED: Final = -1  # in the place of a stage
EVEN_ODDS: Final = round(math.log(2.0) * HAZARD_ONE)  # cumulative hazard of a track that is there in one case of two

_MOST_SALVOS: Final = 20
_ALWAYS: Final = ((-(2**62), 2**62),)
_GEOD: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Approach:
    """A type of threat and where it starts, as seen from each place that it aims at: bearing (rad), distance (m)."""

    threat: str
    bearing: float
    distance: float


@dataclass(frozen=True, eq=False)
class Footprint:
    """Ground that one fire unit defends against one approach.

    Attributes
    ----------
    fire_unit, unit, system, effector : str
    approach : Approach
    threat_class : str
        One of `steeldome.compiler.tables.THREAT_CLASSES`.
    latitude_deg, longitude_deg : float
        Of the unit, to what sites are rounded to.
    reach : float, m
        Of the envelope, against this class; lateral for an arc; 0: no shot.
    cell : float, m
        Side of a cell.
    east, north : (cell,) float, m
        Middle of each cell from the unit, along the ground.
    area : (cell,) float, m2
    stage : (cell,) int8
        DEFENDED, or the index in `STAGES` of what fails.
    salvos : (cell,) int64
        Engagements that fit one after the other, each after a look at the last; 0 where none does.
    barred : str
        Stage at which every path fails alike, wherever it ends; there are no cells then. Empty: none.
    """

    fire_unit: str
    unit: str
    system: str
    effector: str
    approach: Approach
    threat_class: str
    latitude_deg: float
    longitude_deg: float
    reach: float
    cell: float
    east: Floats
    north: Floats
    area: Floats
    stage: npt.NDArray[np.int8]
    salvos: Integers
    barred: str = ""

    @property
    def area_km2(self) -> float:
        """Defended ground."""
        return 1e-6 * float(self.area[self.stage == DEFENDED].sum())

    @property
    def envelope_km2(self) -> float:
        """Ground that the envelope alone would let it defend, with a track of everything at once."""
        return 1e-6 * float(self.area[self.stage != STAGES.index("outside_envelope")].sum())

    @property
    def farthest_km(self) -> float:
        """Farthest middle of a defended cell."""
        away = np.hypot(self.east, self.north)[self.stage == DEFENDED]
        return 1e-3 * float(away.max(initial=0.0))

    @cached_property
    def median_salvos(self) -> int:
        """Salvos that fit on half of the defended ground, or more; 0 where there is none."""
        fitting = np.sort(self.salvos[self.stage == DEFENDED])[::-1]
        return int(fitting[(fitting.size - 1) // 2]) if fitting.size else 0

    @property
    def most_salvos(self) -> int:
        """Salvos that fit where most do."""
        return int(self.salvos.max(initial=0))

    @property
    def lost_to(self) -> Mapping[str, float]:
        """Ground inside the envelope that is not defended, km2, by the stage that fails; largest first."""
        inside = {code: name for code, name in enumerate(STAGES) if name != "outside_envelope"}
        lost = {name: 1e-6 * float(self.area[self.stage == code].sum()) for code, name in inside.items()}
        return dict(sorted(((name, size) for name, size in lost.items() if size > 0.0), key=lambda item: -item[1]))

    @property
    def main_reason(self) -> str:
        """Stage that takes most of the ground that the envelope would allow; empty where nothing is lost."""
        return self.barred or next(iter(self.lost_to), "" if self.area_km2 > 0.0 else "outside_envelope")


class Standing:
    """One laydown at its sites, whose fire units can be asked for their footprints.

    Parameters
    ----------
    study : Study
    catalogue : Catalogue
        With the study's assumptions laid over its priors.
    laydown : str
        As `steeldome.inputs.force` writes it; the study has it.
    layout : int, >= 0
        Number of the siting layout.
    terrain : Terrain
    quantile : callable of str to float, 0..1
        Where each uncertain input is read; the working values if left out.
    """

    def __init__(
        self,
        study: Study,
        catalogue: Catalogue,
        laydown: str,
        layout: int,
        terrain: Terrain,
        quantile: Callable[[str], float] = lambda _: 0.5,
    ) -> None:
        force = force_of(study, laydown)
        self._study, self._catalogue, self._terrain = study, catalogue, terrain
        self._cache = CompilerCache()
        self._values = Values(catalogue, quantile, force.basis, self._cache)
        self.units, self._equipment = equip(study, catalogue, force, layout, terrain, self._values, self._cache)
        self._plan = plan_command(force.networks, {unit.id: unit.system for unit in self.units}, 1)
        self._nodes = {node.id: node for node in self._plan.nodes}

    @property
    def fire_units(self) -> tuple[FireUnitSpec, ...]:
        """Every fire unit of the laydown."""
        return self._equipment.fire_units

    def footprint(self, fire_unit: FireUnitSpec, approach: Approach, n_cells: int = CELLS) -> Footprint:
        """Footprint of one of the fire units.

        Parameters
        ----------
        fire_unit : FireUnitSpec
        approach : Approach
        n_cells : int, >= 1
            Cells from the unit to the end of its reach.

        Returns
        -------
        Footprint
            Its cells: for a flat path those within the reach; for an arc those that any path may end in that comes into
            the envelope.

        Raises
        ------
        ScenarioError
            The threat does not fly that far on its arc.
        """
        settings = self._settings(approach.threat)
        overhead = self._flown(approach, np.array([fire_unit.longitude]), np.array([fire_unit.latitude]))[0]
        rule = self._rule(fire_unit, overhead)
        barred = self._bar(fire_unit, overhead, rule)
        reach = envelope(fire_unit.effector, overhead)[2]
        east, north, cell = _no_grid() if barred else _grid(fire_unit, overhead, approach.bearing, reach / n_cells)
        away = np.hypot(east, north)
        start = np.full(away.size, fire_unit.longitude), np.full(away.size, fire_unit.latitude)
        longitude, latitude, _ = _GEOD.fwd(*start, np.arctan2(east, north), away, radians=True)
        paths = self._flown(approach, longitude, latitude)
        found = self._outcomes(fire_unit, paths, rule, settings)
        self._cache.leave_sample()
        angle = np.maximum(away / MEAN_EARTH_RADIUS, 1e-9)
        return Footprint(
            fire_unit=fire_unit.id,
            unit=fire_unit.unit,
            system=self._system(fire_unit),
            effector=fire_unit.effector.id,
            approach=approach,
            threat_class=overhead.threat_class,
            latitude_deg=round(math.degrees(fire_unit.latitude), 2),
            longitude_deg=round(math.degrees(fire_unit.longitude), 2),
            reach=reach,
            cell=cell,
            east=east,
            north=north,
            area=cell * cell * np.sin(angle) / angle,
            stage=np.array([stage for stage, _ in found], np.int8),
            salvos=np.array([salvos for _, salvos in found], np.int64),
            barred=barred,
        )

    def _system(self, fire_unit: FireUnitSpec) -> str:
        return next(unit.system for unit in self.units if unit.id == fire_unit.unit)

    def _settings(self, threat: str) -> Settings:
        systems = {unit.system for unit in self.units}
        return draw_settings(self._study, self._catalogue, systems, {threat}, self._values)

    def _rule(self, fire_unit: FireUnitSpec, path: FlownPath) -> EngagementRule:
        words = self._catalogue.doctrine_words(path.engaged_as)
        return rule_for(self._study.doctrine, words, fire_unit.effector.system_class)

    def _bar(self, fire_unit: FireUnitSpec, path: FlownPath, rule: EngagementRule) -> str:
        """Stage at which the fire unit fails against this class of threat wherever it aims; empty: none."""
        effector = fire_unit.effector
        sspk = class_factor(effector, path) * effector.sspk.get(path.engaged_as, 0.0)
        if sspk <= 0.0 or envelope(effector, path)[1] <= 0.0:
            return "outside_envelope"
        if path.is_ballistic and not path.time[_last_stretch(fire_unit, path)].size:
            return "outside_envelope"
        is_tight = self._study.doctrine.stand_alone == "tight" and self._nodes[fire_unit.unit].is_alone
        if is_held(rule, fire_unit) or (is_tight and path.engaged_as == "aircraft"):
            return "doctrine_hold"
        return ""

    def _flown(self, approach: Approach, longitude: Floats, latitude: Floats) -> list[FlownPath]:
        """A path to each of some places, as a raid's threats fly to assets."""
        if not longitude.size:
            return []
        names = [f"aim-{i:06d}" for i in range(longitude.size)]
        aims = tuple(
            self._study.assets[0].model_copy(update={"id": name, "latitude": north, "longitude": east})
            for name, east, north in zip(names, longitude.tolist(), latitude.tolist(), strict=True)
        )
        launch = Launch.model_construct(bearing=approach.bearing, distance=approach.distance)
        group = ThreatGroup.model_construct(
            id="footprint", threat=approach.threat, count=len(aims), launch=launch, aim=tuple(names)
        )
        raid = Raid.model_construct(id="footprint", name=self._study.meta.name, spread=0.0, groups=(group,))
        study = self._study.model_copy(update={"assets": aims})
        paths = fly_paths(study, self._catalogue, raid, self._values, self._terrain, CompilerCache())
        by_aim = {path.asset: path for path in paths.values()}
        return [by_aim[name] for name in names]

    def _outcomes(
        self, fire_unit: FireUnitSpec, paths: Sequence[FlownPath], rule: EngagementRule, settings: Settings
    ) -> list[tuple[int, int]]:
        """Stage and number of salvos against each path."""
        group = self._plan.group_of[fire_unit.unit]
        sensors = tuple(sensor for sensor in self._equipment.sensors if self._plan.group_of[sensor.unit] == group)
        watched = watch(paths, sensors, self._terrain, self._cache, settings)
        chances = launch_chances(
            self._study,
            self._catalogue,
            Equipment(sensors, (fire_unit,)),
            self._plan,
            {path.id: path for path in paths},
            watched,
            self._terrain,
            self._cache,
            settings,
        )
        link = delay_row(settings.link_delay, settings.link_loss, settings.link_resend)[N_ROW // 2]
        delays = [0 if sensor.unit == group else link for sensor in sensors]
        own = [sensor for sensor in sensors if sensor.id == fire_unit.sensor]
        times = _Times.of(fire_unit, rule, settings, self._nodes[group].servers)
        found = []
        for path in paths:
            chance = chances[path.id, fire_unit.id]
            if isinstance(chance, str):
                found.append((STAGES.index(chance), 0))
                continue
            known = _held(path, sensors, delays, watched)
            tracked = _held(path, own, [0], watched) if own else _ALWAYS
            found.append(_outcome(chance, known, tracked, times))
        return found


@dataclass(frozen=True, slots=True)
class _Times:
    """What passes between a track and a launch, ms: until it is known, until it is decided, until the round leaves; and
    after a launch besides the time of flight, until it is known to have failed."""

    know: int
    decide: int
    prepare: int
    judge: int

    @classmethod
    def of(cls, fire_unit: FireUnitSpec, rule: EngagementRule, settings: Settings, servers: int) -> "_Times":
        """Those of a fire unit; a decision waits half an epoch on average."""
        service = settings.operator_service if servers > 0 else 0.0
        judge = fire_unit.spacing * (rule.salvo - 1) + fire_unit.effector.assess_delay
        seconds = settings.identify + service, 0.5 * settings.epoch, fire_unit.prepare, judge
        return cls(*(round(1000.0 * found) for found in seconds))


def _last_stretch(fire_unit: FireUnitSpec, path: FlownPath) -> slice:
    """Samples of an arc on its last stretch between the heights of the envelope, over the unit's ground."""
    _, _, _, low, high = envelope(fire_unit.effector, path)
    height = path.altitude - fire_unit.elevation
    inside = np.flatnonzero((height >= low) & (height <= high))
    if not inside.size:
        return slice(0, 0)
    gaps = np.flatnonzero(np.diff(inside) > 1)
    return slice(int(inside[gaps[-1] + 1 if gaps.size else 0]), int(inside[-1]) + 1)


def _no_grid() -> tuple[Floats, Floats, float]:
    return np.zeros(0), np.zeros(0), 0.0


def _grid(fire_unit: FireUnitSpec, overhead: FlownPath, bearing: float, cell: float) -> tuple[Floats, Floats, float]:
    """Middles of square cells, east and north (m), and their side: all that a path can end in that can be met.

    An arc is met at a height, before it ends, and so over ground that lies towards the launch by as much as
    ``overhead``, the path to the unit itself, lies out at that height: the cells are those within the lateral reach of
    its last stretch between the heights of the envelope, turned round.
    """
    _, _, reach, _, _ = envelope(fire_unit.effector, overhead)
    first = last = 0.0
    if overhead.is_ballistic:
        latitude, longitude, _ = ecef_to_geodetic(overhead.position_ecef[_last_stretch(fire_unit, overhead)])
        start = np.full(latitude.size, fire_unit.longitude), np.full(latitude.size, fire_unit.latitude)
        away = _GEOD.inv(*start, longitude, latitude, radians=True)[2]
        first, last = float(np.min(away)), float(np.max(away))
        reach += cell
    along = -math.sin(bearing), -math.cos(bearing)
    ends = [(first * way - reach, first * way + reach, last * way - reach, last * way + reach) for way in along]
    axes = [np.arange(math.floor(min(four) / cell), math.ceil(max(four) / cell) + 1) * cell for four in ends]
    east, north = (axis.ravel() for axis in np.meshgrid(*axes))
    down = np.clip(east * along[0] + north * along[1], first, last)
    is_near = np.hypot(east - down * along[0], north - down * along[1]) <= reach * (1.0 + 1e-9)
    return east[is_near], north[is_near], cell


def _held(
    path: FlownPath,
    sensors: Sequence[SensorSpec],
    delays: Sequence[int],
    watched: Mapping[tuple[str, str], SensorPath],
) -> Spans:
    """Stretches (ms) in which a track by any of some sensors is held at even odds, each heard of after a delay."""
    heard = [
        (seen, delay)
        for sensor, delay in zip(sensors, delays, strict=True)
        if (seen := watched[path.id, sensor.id]).open_ms.size
    ]
    if not heard:
        return ()
    opens = np.concatenate([seen.open_ms + delay for seen, delay in heard])
    closes, shifts, knots = (
        np.concatenate([getattr(seen, name) for seen, _ in heard]) for name in ("close_ms", "shift", "knots")
    )
    return [(first, last) for first, last in held_spans(opens, closes, shifts, knots, EVEN_ODDS).tolist()]


def _outcome(chance: Shots, known: Spans, tracked: Spans, times: _Times) -> tuple[int, int]:
    """Stage and number of salvos of a fire unit against one path.

    Parameters
    ----------
    chance : Shots
    known : sequence of (int, int), ms
        When its group holds a track.
    tracked : sequence of (int, int), ms
        When the sensor that must hold the track itself does.
    times : _Times
    """
    if not known or not tracked:
        return STAGES.index("no_track"), 0
    best = None
    for (heard, forgotten), (seen, lost) in product(known, tracked):
        ordered = max(heard + times.know, seen) + times.decide
        launch = max(ordered + times.prepare, chance.open_ms)
        last = min(chance.close_ms, forgotten, lost)
        if launch <= last and (best is None or launch < best[0]):
            best = launch, last
    if best is None:
        return STAGES.index("too_late"), 0
    launch, last = best
    salvos = 0
    while launch <= last and salvos < _MOST_SALVOS:
        salvos += 1
        launch += _flight(chance, launch) + times.judge + times.decide + times.prepare
    return DEFENDED, salvos


def _flight(chance: Shots, launch: int) -> int:
    """Time of flight (ms) of a round by its launch."""
    knots = chance.open_ms + np.arange(chance.flight_ms.size) * (1 << chance.shift)
    return round(float(np.interp(launch, knots, chance.flight_ms)))


def rectangles(footprint: Footprint, is_wanted: npt.NDArray[np.bool_]) -> Floats:
    """Some cells of a footprint, those side by side joined from west to east.

    Parameters
    ----------
    footprint : Footprint
    is_wanted : (cell,) bool

    Returns
    -------
    (rectangle, 4) float, m
        West, east, south and north edge from the unit.
    """
    if not is_wanted.any():
        return np.zeros((0, 4))
    column, row = (
        np.rint(found[is_wanted] / footprint.cell).astype(np.int64) for found in (footprint.east, footprint.north)
    )
    order = np.lexsort((column, row))
    column, row = column[order], row[order]
    is_first = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(column) != 1)])
    is_last = np.concatenate([is_first[1:], [True]])
    edges = column[is_first] - 0.5, column[is_last] + 0.5, row[is_first] - 0.5, row[is_first] + 0.5
    return footprint.cell * np.stack(edges, axis=1)
