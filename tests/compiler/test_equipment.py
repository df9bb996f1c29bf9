"""What a battery is asked for is what its card lists."""

import pytest

from steeldome.compiler.air import OPTICAL
from steeldome.compiler.equipment import outfit
from steeldome.compiler.siting import PlacedUnit
from steeldome.compiler.values import Values
from steeldome.errors import ScenarioError
from steeldome.inputs.card import card
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.study import Study
from steeldome.inputs.what_if import with_what_ifs


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


def test_a_radar_that_turns_looks_once_a_turn_and_one_that_stares_at_its_revisit(
    tiny: Study, catalogue: Catalogue
) -> None:
    """Periods of the catalogue: 1 and 12 s turning, 0 for a face that stands, nothing for fixed arrays in the air."""
    expected = {
        "arabel": catalogue.uncertain("arabel", "rotation_period").value,
        "91n6e": catalogue.uncertain("91n6e", "rotation_period").value,
        "an_mpq_65": catalogue.prior("revisit_time", sensor_class="multifunction_radar").value,
        "e7t": catalogue.prior("revisit_time", sensor_class="airborne_radar").value,
    }
    assert (expected["arabel"], expected["91n6e"]) == (1.0, 12.0)
    units = [PlacedUnit(f"{name}/1", name, 0.68, 0.58, 900.0, 50.0, False, None) for name in expected]
    found = outfit(tiny, catalogue, units, [], Values(catalogue, lambda name: 0.5)).sensors
    assert {sensor.id.split("/")[-1]: sensor.scan_period for sensor in found} == expected


def test_a_radar_in_the_ground_or_that_looks_at_no_elevation_is_refused(tiny: Study, catalogue: Catalogue) -> None:
    own = {
        ("e7t", "altitude_ops"): "10 m:20 m:30 m",
        ("eirs", "elevation_max"): "-10 deg:-9 deg:-8 deg",
    }
    for (name, quantity), value in own.items():
        changed = with_what_ifs(tiny, (f"{name}.{quantity}={value}",), catalogue.known_ids())
        values = Values(load_catalogue(changed), lambda name: 0.5)
        unit = PlacedUnit(f"{name}/1", name, 0.68, 0.58, 900.0, 50.0, False, None)
        with pytest.raises(ScenarioError) as refused:
            outfit(changed, load_catalogue(changed), [unit], [], values)
        (fault,) = refused.value.faults
        assert fault.where == f"{name}.{quantity}"
        assert "below the ground of its site" in str(fault) or "is not above elevation_min" in str(fault)


def test_a_published_band_is_taken_and_a_frequency_stands_for_one_that_is_not(
    tiny: Study, catalogue: Catalogue
) -> None:
    units = [
        PlacedUnit(f"{name}/1", name, 0.68, 0.58, 900.0, 50.0, False, None)
        for name in ("eirs", "kalkan_2", "kalkan_400g", "sungur", "f16_block50")
    ]
    for quantile, unknown in ((0.0, "L"), (0.5, "S"), (1.0, "C")):
        found = outfit(tiny, catalogue, units, [], Values(catalogue, lambda name, u=quantile: u)).sensors  # type: ignore[misc]
        bands = {sensor.unit.split("/")[0]: sensor.band for sensor in found}
        assert bands == {"eirs": "S", "kalkan_2": "X", "kalkan_400g": unknown, "sungur": OPTICAL, "f16_block50": "X"}
