"""Cases of the shipped study, compiled when they are asked for."""

from steeldome.compiler.tables import table_hash
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


def test_the_tables_of_a_case_do_not_depend_on_the_samples_compiled_before_it() -> None:
    study, catalogue = load_study("turkiye-steel-dome"), load_catalogue()
    compile_case = CaseCompiler(study, catalogue, plan_run(study))
    asked = [Case("base-2025-siper", "mixed", 5), Case("base-2025", "mixed-3h", 5), Case("base-2025", "mixed", 6)]
    found = {case: [table_hash(compile_case(case).tables)] for case in asked}
    for case in reversed(asked):
        found[case] += [
            table_hash(compile_case(case).tables),
            table_hash(CaseCompiler(study, catalogue, plan_run(study))(case).tables),
        ]
    assert all(len(set(hashes)) == 1 for hashes in found.values())
    assert len({hashes[0] for hashes in found.values()}) == len(asked)


def test_the_tables_of_a_case_do_not_depend_on_the_limits_that_it_was_freed_from_before() -> None:
    study, catalogue = load_study("turkiye-steel-dome"), load_catalogue()
    compile_case = CaseCompiler(study, catalogue, plan_run(study))
    case, limits = Case("base-2025", "mrbm-salvo", 1), ("horizon", "search", "doctrine", "siting")
    freed = [limits[i:] for i in range(5)]
    found = [table_hash(compile_case.without(case, some).tables) for some in freed]
    assert found == [table_hash(compile_case.without(case, some).tables) for some in freed]
    fresh = [CaseCompiler(study, catalogue, plan_run(study)).without(case, some).tables for some in freed[::2]]
    assert found[::2] == [table_hash(tables) for tables in fresh]
    assert len(set(found)) >= 4  # the doctrine holds nothing that could fire at this raid
