"""What a study says of one item alone reaches the tables, and nothing else moves."""

from pathlib import Path

import numpy as np
import pytest

from steeldome.compiler import compile as compiling
from steeldome.compiler.tables import table_hash
from steeldome.compiler.values import Values
from steeldome.experiments.samples import OuterSample
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import Assumption, Study
from tests.compiler.tiny import TEXT, compiled, tiny_study


def sampled(name: str) -> float:
    """One outer sample, in which every name has a draw of its own."""
    return OuterSample(1, 4, 7).quantile(name)


def own(owner: str, quantity: str, *numbers: str) -> Assumption:
    """Low, value and high of one owner's quantity."""
    return Assumption(
        of=owner, quantity=quantity, reason="test", **dict(zip(("low", "value", "high"), numbers, strict=True))
    )


def test_the_same_bracket_for_one_owner_changes_nothing(tiny: Study, catalogue: Catalogue) -> None:
    same = [
        own("siper_b1", "sspk.cruise", "0.35", "0.6", "0.8"),
        own("siper_battery", "reaction_time", "6 s", "10 s", "20 s"),
        own("siper_b1", "range_max_air", "100 km", "100 km", "150 km"),
        own("soumar_paveh", "rcs", *(f"{n} m2" for n in _bracket(catalogue, "soumar_paveh", "rcs"))),
    ]
    before = compiled(tiny, catalogue, "base-more", "flat", quantile=sampled)
    after = compiled(tiny, load_catalogue(same), "base-more", "flat", quantile=sampled)
    assert table_hash(after.tables) == table_hash(before.tables)
    assert {used.name for used in after.inputs_used if used.origin == "study"} == {
        f"{one.of}.{one.quantity}" for one in same
    }


def _bracket(catalogue: Catalogue, owner: str, quantity: str) -> tuple[float, float, float]:
    target = catalogue.targets(owner)[quantity]
    return target.low, target.value, target.high


def test_a_better_round_of_one_system_moves_that_system_alone(tiny: Study, catalogue: Catalogue) -> None:
    before = compiled(tiny, catalogue, "base-more", "flat", quantile=sampled)
    after = compiled(
        tiny,
        load_catalogue([own("siper_b1", "sspk.cruise", "0.5", "0.7", "0.8")]),
        "base-more",
        "flat",
        quantile=sampled,
    )
    differ = [
        name
        for name in before.tables._fields
        if not np.array_equal(getattr(before.tables, name), getattr(after.tables, name))
    ]
    assert differ == ["pair"]
    changed = before.tables.pair != after.tables.pair
    units = {before.names.fire_units[row].split("/")[-1] for row in before.tables.pair["fire_unit"][changed]}
    assert units == {"siper_b1"} and changed.any()
    assert (after.tables.pair["p"] >= before.tables.pair["p"]).all()
    values = [{used.name: used.value for used in case.inputs_used} for case in (before, after)]
    assert {name for name in values[1] if values[0].get(name) != values[1][name]} == {"siper_b1.sspk.cruise"}


@pytest.mark.parametrize(
    ("owner", "quantity", "number", "column", "value"),
    [
        ("sampt_ng_battery", "reaction_time", "7 s", "prepare_ms", 7_000),
        ("aster30_b1nt", "reaction_time", "7 s", "prepare_ms", 7_000),
        ("sampt_ng_battery", "ready_rounds", "11", "ready", 11),  # wins over launchers times missiles
        ("aster30_b1nt", "missiles_per_launcher", "3", "ready", 3 * 6),
        ("sampt_ng_battery", "launchers", "2", "launchers", 2),
        ("sampt_ng_battery", "simultaneous_engagements", "5", "channels", 5),
    ],
)
def test_a_number_of_one_owner_reaches_its_column(
    tiny: Study, owner: str, quantity: str, number: str, column: str, value: int
) -> None:
    case = compiled(tiny, load_catalogue([own(owner, quantity, number, number, number)]), "base", "flat")
    row = case.names.fire_units.index("sampt_ng_battery/1/aster30_b1nt")
    assert case.tables.fire_unit[column][row] == value


def test_models_ask_for_every_target_and_every_number_asked_for_is_a_target(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All systems and threats that are modelled, in one case; what the compiler asks by owner is written down."""
    asked: set[tuple[str, str]] = set()

    class Listening(Values):
        def of(self, owner_id: str, quantity: str) -> float:
            asked.add((owner_id, quantity))
            return super().of(owner_id, quantity)

        def own(self, owner_id: str, quantity: str) -> float | None:
            asked.add((owner_id, quantity))
            return super().own(owner_id, quantity)

        def find(self, owner_id: str, quantity: str) -> float | None:
            asked.add((owner_id, quantity))
            return super().find(owner_id, quantity)

        def published(self, owner_id: str, quantity: str) -> float | None:
            asked.add((owner_id, quantity))
            return super().published(owner_id, quantity)

    monkeypatch.setattr(compiling, "Values", Listening)
    systems = sorted(catalogue.known_ids().systems or ())
    units = "".join(f"      - {{system: {name}, count: 1, assumption: t}}\n" for name in systems)
    groups = "".join(
        f"      - {{id: g{n}, threat: {name}, count: 1, launch: {{bearing: 90 deg, distance: 250 km}}, aim: [home]}}\n"
        for n, name in enumerate(catalogue.threats)
    )
    raid, laydown = "{en: All, tr: Hepsi}", "{en: All, tr: Hepsi}"
    text = TEXT.replace(
        "laydowns:\n", f"laydowns:\n  - id: all\n    name: {laydown}\n    year: 2025\n    units:\n{units}", 1
    )
    text = text.replace(
        "raids:\n", f"raids:\n  - id: all\n    name: {raid}\n    spread: 10 min\n    groups:\n{groups}", 1
    )
    compiled(tiny_study(tmp_path, text), catalogue, "all", "all")

    inside = {
        part
        for name in systems
        if (made := catalogue.items[name].composition)
        for part in (*made.effector, *made.sensor)
    }
    inside |= {name for system in systems for name in catalogue.items[system].weapons[:1]}
    targets = {
        (owner, target.name.partition(".")[2])
        for owner in {*systems, *inside, *catalogue.threats}
        for target in catalogue.targets(owner).values()
        if ".sspk." not in target.name
    }
    with_numbers = {pair for pair in asked if catalogue.find(*pair) is not None}
    idle = {pair for pair in with_numbers - targets if pair[1] in ("range_target", "rcs_ref", "search_ratio")}
    assert targets - asked == set()
    of_a_battery = {(name, "launchers") for name in catalogue.items if catalogue.items[name].kind == "effector"}
    assert with_numbers - targets - idle - of_a_battery == set()
