"""Cases of a study, compiled when they are asked for: what they share is read and worked out once."""

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
        self._terrain: Terrain | None = None
        self._sample: OuterSample | None = None

    def __call__(self, case: Case) -> Compiled:
        """Compile one case; only sample 0 carries the coverage of its sensors, the one that maps show."""
        if self._terrain is None:
            self._terrain = load_terrain(self._study.environment, self._study.folder)
        if self._sample is None or self._sample.number != case.sample:
            self._cache.leave_sample()
            self._sample = OuterSample(case.sample, self._plan.samples, self._plan.seed)
        return compile_scenario(
            self._study,
            self._catalogue,
            case.laydown,
            case.raid,
            quantile=self._sample.quantile,
            layout=self._sample.layout,
            terrain=self._terrain,
            cache=self._cache,
            with_coverage=case.sample == 0,
        )
