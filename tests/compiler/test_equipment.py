"""What a battery is asked for is what its card lists."""

from steeldome.compiler.equipment import outfit
from steeldome.compiler.siting import PlacedUnit
from steeldome.compiler.values import Values
from steeldome.inputs.card import card
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import Study


def test_the_priors_on_the_card_of_a_battery_are_those_that_it_is_asked_for(tiny: Study, catalogue: Catalogue) -> None:
    batteries = [item.id for item in catalogue.items.values() if item.kind == "battery"]
    assert len(batteries) == 10
    for name in batteries:
        values = Values(catalogue, lambda name: 0.5)
        outfit(tiny, catalogue, [PlacedUnit(f"{name}/1", name, 0.68, 0.58, 900.0, 50.0, False, None)], [name], values)
        asked = {key[2] for key in values._found if key[0] in ("of", "find") and key[1] == name}  # type: ignore[index]
        stand = {quantity for quantity in asked if catalogue.uncertain(name, quantity).prior_id is not None}
        shown = {row.parameter for row in card(catalogue, name).assumed if row.source in catalogue.priors}
        assert shown == stand | {"readiness"}, name
