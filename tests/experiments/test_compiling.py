"""Cases of the shipped study, compiled when they are asked for."""

from steeldome.experiments.compiling import CaseCompiler
from steeldome.experiments.folder import Case
from steeldome.experiments.runs import plan_run
from steeldome.inputs.catalogue import load_catalogue
from steeldome.inputs.study import load_study


def test_the_coverage_for_maps_is_worked_out_for_sample_0_alone() -> None:
    study = load_study("turkiye-steel-dome")
    compile_case = CaseCompiler(study, load_catalogue(), plan_run(study))
    with_rings, without = (compile_case(Case("base-2025", "mrbm-single", sample)) for sample in (0, 1))
    assert any(site.coverage for site in with_rings.sites.values())
    assert not any(site.coverage for site in without.sites.values())
