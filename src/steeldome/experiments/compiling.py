"""Cases of a study, compiled when they are asked for: what they share is read and worked out once."""

from collections.abc import Collection
from dataclasses import replace

from steeldome.compiler.cache import CompilerCache
from steeldome.compiler.compile import compile_scenario
from steeldome.compiler.compiled import Compiled
from steeldome.compiler.terrain import Terrain, load_terrain
from steeldome.experiments.folder import Case, Plan
from steeldome.experiments.samples import OuterSample
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import Study


class CaseCompiler:
    """Compiles the cases of one plan; called with a case, it gives the tables and their names.

    What the cases of an outer sample share is forgotten once a case of another sample is asked for, so to ask sample by
    sample is cheapest.

    Parameters
    ----------
    study : Study
        Its seed is replaced by that of the plan, so that sites follow the seed of the run.
    catalogue : Catalogue
    plan : Plan
    """

    def __init__(self, study: Study, catalogue: Catalogue, plan: Plan) -> None:
        experiments = study.experiments.model_copy(update={"seed": plan.seed})
        self._study = study.model_copy(update={"experiments": experiments})
        self._catalogue = catalogue
        self._plan = plan
        self._cache = CompilerCache()
        self._grounds: dict[bool, Terrain] = {}
        self._sample: OuterSample | None = None

    def __call__(self, case: Case) -> Compiled:
        """Compile one case; only sample 0 carries the coverage of its sensors, the one that maps show."""
        return self.without(case, (), with_coverage=case.sample == 0)

    def without(self, case: Case, limits: Collection[str], with_coverage: bool = False) -> Compiled:
        """Compile one case as if its defence did not have some limits.

        Parameters
        ----------
        case : Case
        limits : collection of str
            Any of ``horizon``: ground and curve of the earth are in nobody's way; ``search``: sensors see whatever is
            above their horizon; ``doctrine``: no class of system is held, no round too dear; ``siting``: every unit
            that a rule places stands at its asset, dealt by value.
        with_coverage : bool
        """
        if self._sample is None or self._sample.number != case.sample:
            self._cache.leave_sample()
            self._sample = OuterSample(case.sample, self._plan.samples, self._plan.seed)
        study = self._study
        if "siting" in limits:
            study = _at_assets(study)
        if "doctrine" in limits:
            study = _without_holds(study)
        return compile_scenario(
            study,
            self._catalogue,
            case.laydown,
            case.raid,
            quantile=self._sample.quantile,
            layout=self._sample.layout,
            terrain=self._ground(is_screen="horizon" not in limits),
            cache=self._cache,
            with_coverage=with_coverage,
            is_search_perfect="search" in limits,
        )

    def _ground(self, is_screen: bool) -> Terrain:
        """The study's terrain, read once; one object for each way of looking at it, for it is a key of the cache."""
        if True not in self._grounds:
            whole = load_terrain(self._study.environment, self._study.folder)
            self._grounds = {True: whole, False: replace(whole, is_screen=False)}
        return self._grounds[is_screen]


def _at_assets(study: Study) -> Study:
    siting = study.siting.model_copy(update={"rules": ("asset_value",), "jitter": 0.0, "stand_off": 0.0})
    return study.model_copy(update={"siting": siting})


def _without_holds(study: Study) -> Study:
    rules = tuple(rule.model_copy(update={"hold": False, "cost_cap": None}) for rule in study.doctrine.rules)
    return study.model_copy(update={"doctrine": study.doctrine.model_copy(update={"rules": rules})})
