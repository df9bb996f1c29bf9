"""Cases of a study, compiled when they are asked for: terrain is read once and geometry is shared."""

from steeldome.compiler.cache import GeometryCache
from steeldome.compiler.compile import compile_scenario
from steeldome.compiler.compiled import Compiled
from steeldome.compiler.terrain import Terrain, load_terrain
from steeldome.experiments.folder import Case, Plan
from steeldome.experiments.samples import OuterSample
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import Study


class CaseCompiler:
    """Compiles the cases of one plan; called with a case, it gives the tables and their names.

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
        self._cache = GeometryCache()
        self._terrain: Terrain | None = None

    def __call__(self, case: Case) -> Compiled:
        """Compile one case; only sample 0 carries the coverage of its sensors, the one that maps show."""
        if self._terrain is None:
            self._terrain = load_terrain(self._study.environment, self._study.folder)
        sample = OuterSample(case.sample, self._plan.samples, self._plan.seed)
        return compile_scenario(
            self._study,
            self._catalogue,
            case.laydown,
            case.raid,
            quantile=sample.quantile,
            layout=sample.layout,
            terrain=self._terrain,
            cache=self._cache,
            with_coverage=case.sample == 0,
        )
