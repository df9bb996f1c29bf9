"""What-ifs in one line: what they replace and leave alone, how they are refused, and what becomes of the file."""

import difflib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steeldome.errors import ScenarioError
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.overlay import read_overlay
from steeldome.inputs.prior import kind_of
from steeldome.inputs.references import KnownIds
from steeldome.inputs.study import Study, load_study
from steeldome.inputs.what_if import REASON, what_ifs_of, with_what_ifs
from steeldome.units import base_unit
from tests.compiler.tiny import tiny_study

SHIPPED = "turkiye-steel-dome"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(SHIPPED)


def asked(study: Study, catalogue: Catalogue, *what_ifs: str) -> tuple[Study, Catalogue]:
    """The study with what-ifs, and the catalogue with its assumptions laid over."""
    changed = with_what_ifs(study, what_ifs, catalogue.known_ids())
    return changed, load_catalogue(changed)


@pytest.mark.parametrize(
    ("what_if", "numbers"),
    [
        ("sspk.lrad.cruise=0.5:0.6:0.8", (0.5, 0.6, 0.8)),
        ("sspk.lrad.cruise=0.45:0.8", (0.45, 0.6, 0.8)),  # the square root of 0.45 x 0.8
        ("sspk.lrad.cruise=0:50 %", (0.0, 0.25, 0.5)),
        ("sspk.lrad.cruise=0.7", (0.35, 0.7, 0.8)),
        ("sspk.lrad.cruise = 0.5 : 0.5", (0.5, 0.5, 0.5)),
    ],
)
def test_a_what_if_on_a_prior_moves_all_peers(
    study: Study, catalogue: Catalogue, what_if: str, numbers: tuple[float, ...]
) -> None:
    _, found = asked(study, catalogue, what_if)
    for effector in ("siper_b1", "s400_48n6e3"):
        base = found.sspk(effector, "cruise").base
        assert (base.low, base.value, base.high) == pytest.approx(numbers, rel=1e-12)


@pytest.mark.parametrize("numbers", ["8 s:12 s", "8:12 s", "8000 ms:0.2 min"])
def test_a_number_without_a_unit_takes_that_of_the_last(study: Study, catalogue: Catalogue, numbers: str) -> None:
    _, found = asked(study, catalogue, f"siper_b1.reaction_time={numbers}")
    number = found.uncertain("siper_b1", "reaction_time")
    assert (number.low, number.high) == (8.0, 12.0)


def test_a_number_of_one_owner_wins_over_priors_and_figures_and_moves_no_other(
    study: Study, catalogue: Catalogue
) -> None:
    what_ifs = {
        "siper_b1.sspk.cruise": "0.5:0.8",  # a prior
        "siper_b1.range_max_air": "140 km",  # a published figure
        "siper_battery.launchers": "9:9",  # a figure of a quantity that peers share
        "shahed_136.rcs": "0.02:0.03 m2",
        "sspk.lrad.cruise": "0.1:0.2",  # the prior of the same number
    }
    _, found = asked(study, catalogue, *(f"{name}={numbers}" for name, numbers in what_ifs.items()))
    assert found.sspk("siper_b1", "cruise").value == pytest.approx(0.4**0.5)
    assert found.sspk("s400_48n6e3", "cruise").value == pytest.approx(0.02**0.5)
    assert found.published("siper_b1", "range_max_air") == found.find("siper_b1", "range_max_air", "common")
    assert found.uncertain("siper_battery", "launchers").value == 9.0
    own = {tuple(name.split(".", 1)) for name in what_ifs}
    for owner in (*catalogue.items, *catalogue.threats):
        for quantity, target in catalogue.targets(owner).items():
            if (owner, quantity) not in own and not target.name.endswith("sspk.cruise"):
                assert found.targets(owner)[quantity] == target
                assert found.find(owner, quantity) == catalogue.find(owner, quantity)


def test_a_replacement_takes_the_draw_of_what_it_replaces(study: Study, catalogue: Catalogue) -> None:
    _, found = asked(study, catalogue, "siper_b1.sspk.cruise=0.5:0.8", "siper_b1.range_max_air=140 km")
    assert found.sspk("siper_b1", "cruise").base.drawn_as == "sspk.lrad.cruise"
    assert found.uncertain("siper_b1", "range_max_air").drawn_as == "siper_b1.range_max_air"


@pytest.mark.parametrize(
    ("what_if", "said"),
    [
        ("siper_b1.sspk.cruise", "is no what-if; write NAME=VALUE, NAME=LOW:HIGH or NAME=LOW:VALUE:HIGH"),
        ("siper_b1.sspk.cruise=1:2:3:4", "is no what-if"),
        (
            "siper_b.sspk.cruise=1",
            r"no item or threat 'siper_b' in the catalogue. Did you mean 'siper_b\d.sspk.cruise'\?",
        ),
        ("sspk.lrd.cruise=0.5", r"no such prior, .* Did you mean 'sspk.lrad.cruise'\?"),
        ("siper_b1.sspk.cruse=0.5", r"no model asks for 'sspk.cruse' of 'siper_b1'. Did you mean 'sspk.cruise'\?"),
        ("eirs.azimuth_coverage=0 deg", "azimuth_coverage must be in 0.0174533..6.28319 rad, got 0"),
        ("eirs.range_instrumented=0 km", "range_instrumented must be in 100..1e.07 m, got 0"),
        ("eirs.revisit_time=0 s", "revisit_time must be in 0.01..3600 s, got 0"),
        ("eirs.mast_height=-4 m", "mast_height must be in 0..1e.07 m, got -4"),
        ("siper_b1.azimuth_coverage=3 rad", "no model asks for 'azimuth_coverage' of 'siper_b1'; allowed: alt"),
        ("siper_b1.sspk.ballistic_mrbm=0.5", "has no claim against 'ballistic_mrbm', so that its sspk is zero by rule"),
        ("siper_b1=0.5", "says nothing of what it replaces for 'siper_b1'; allowed: alt"),
        ("hakim_100.latency=1 s", "no model asks anything of 'hakim_100' alone; name a prior"),
        ("siper_b1.reaction_time=8", "8 has no unit; write for example '8 s'"),
        ("siper_b1.range_max_air=120", "120 has no unit; write for example '120 km'"),
        ("siper_b1.reaction_time=8s", "'8s' has no space before the unit; write '8 s'"),
        ("siper_b1.reaction_time=8 km", "'8 km' is a length, a time is needed"),
        ("siper_b1.sspk.cruise=0.5:1.2", r"sspk must be in 0\.\.1, got 1\.2"),
        ("siper_b1.sspk.cruise=", "'' is not a number"),
        ("siper_b1.sspk.cruise=0.9", r"would be 0\.35, 0\.9, 0\.8, out of order; write LOW:VALUE:HIGH"),
        ("siper_b1.sspk.cruise=0.5:0.9:0.8", r"would be 0\.5, 0\.9, 0\.8, out of order"),
        ("siper_b1.sspk.cruise=0.8:0.5", "out of order"),
    ],
)
def test_a_wrong_what_if_is_one_line(study: Study, catalogue: Catalogue, what_if: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as refusal:
        asked(study, catalogue, what_if)
    (fault,) = refusal.value.faults
    assert str(fault).startswith(f"--set: {what_if.partition('=')[0]}")


def test_all_wrong_what_ifs_are_told_at_once(study: Study, catalogue: Catalogue) -> None:
    wrong = ("nothing=1", "siper_b1.reaction_time=8", "sspk.lrad.cruise=0.5", "sspk.lrad.cruise=0.6")
    with pytest.raises(ScenarioError, match=r"'sspk\.lrad\.cruise' is replaced twice") as refusal:
        asked(study, catalogue, *wrong)
    assert len(refusal.value.faults) == 3


def test_the_shipped_file_changes_in_its_assumptions_alone(study: Study, catalogue: Catalogue) -> None:
    asked_for = ("siper_b1.sspk.cruise=0.5:0.8", "reaction_time.lrad=8 s")
    changed, _ = asked(study, catalogue, *asked_for)
    assert study.text is not None and changed.text is not None
    before, after = (one.decode().splitlines() for one in (study.text, changed.text))
    assert [line for line in difflib.ndiff(before, after) if line[0] in "+-"] == [
        "- assumptions: []",
        "+ assumptions:",
        f"+   - {{of: siper_b1, quantity: sspk.cruise, low: 0.5, high: 0.8, reason: {REASON}}}",
        f"+   - {{prior: reaction_time.lrad, value: 8 s, reason: {REASON}}}",
    ]
    assert what_ifs_of(changed) == asked_for
    assert changed.folder == study.folder


#: Ways in which an analyst may have written the list already, and lines by which a what-if changes them.
LISTS = {
    "none": ("", "assumptions:\n  - {NEW}\n"),
    "empty": ("assumptions: []   # none yet\n\n# end", "assumptions:   # none yet\n  - {NEW}\n\n# end"),
    "on its own line": ("assumptions:\n  []\n", "assumptions:\n\n  - {NEW}\n"),
    "one line": ("assumptions: [{OLD}]  # ü\n", "assumptions: [{NEW}, {OLD}]  # ü\n"),
    "block": (
        "assumptions:   # ours\n  # it was drilled\n  - {OLD}   # seen\n  - prior: terrain_kappa\n    low: 0.10\n"
        "    reason: >-\n      in\n      folds\n  # behind\n",
        "assumptions:   # ours\n  # it was drilled\n  - {NEW}\n  - {OLD}   # seen\n  - prior: terrain_kappa\n"
        "    low: 0.10\n    reason: >-\n      in\n      folds\n  # behind\n",
    ),
    "flush left": ("assumptions:\n- {OLD}\n", "assumptions:\n- {NEW}\n- {OLD}\n"),
    "far right": ("assumptions:\n    -   {OLD}\n", "assumptions:\n    - {NEW}\n    -   {OLD}\n"),
}
NEW = f"{{of: siper_b1, quantity: sspk.cruise, low: 0.5, high: 0.8, reason: {REASON}}}"
OLD = "{prior: 'reaction_time.lrad', low: 8 s, high: \"12 s\", reason: 'drill: of 2024'}"


@pytest.mark.parametrize("name", LISTS)
def test_comments_and_layout_survive(study: Study, catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    assert study.text is not None
    text = study.text.decode().replace("assumptions: []\n", "") + "\n# şöyle:\n"
    before, after = (text + part.replace("{OLD}", OLD).replace("{NEW}", NEW) for part in LISTS[name])
    (tmp_path / "study.yaml").write_text(before, encoding="utf-8")
    changed, _ = asked(load_study(tmp_path), catalogue, "siper_b1.sspk.cruise=0.5:0.8")
    assert changed.text is not None
    if name == "none":
        after = text.replace("\n# şöyle:\n", f"assumptions:\n  - {NEW}\n\n# şöyle:\n")
    assert changed.text.decode() == after


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{prior: sspk.lrad.cruise, value: 0.7}", r"assumptions[0].reason: is missing; write for example 'reason: "),
        ("{of: siper_b1, quantity: sspk.cruise, value: 0.7}", r"assumptions[0].reason: is missing; write for example"),
        ("{prior: sspk.lrad.cruise, value: 0.7, reason: ''}", r"assumptions[0].reason: is empty; write some words"),
        (
            "{of: siper_b1, quantity: cruise, value: 1, reason: x}",
            r"assumptions[0].quantity: no model asks for 'cruise'",
        ),
        ("{of: Siper, quantity: sspk.cruise, value: 1, reason: x}", r"assumptions[0].of: 'Siper' is not an id"),
        ("{of: siper_b1, quantity: 'a b', value: 1, reason: x}", r"assumptions[0].quantity: 'a b' is not a quantity"),
    ],
)
def test_a_wrong_assumption_of_a_file_has_place_and_remedy(
    study: Study, catalogue: Catalogue, tmp_path: Path, entry: str, said: str
) -> None:
    assert study.text is not None
    text = study.text.decode().replace("assumptions: []", f"assumptions:\n  - {entry}")
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        load_study(tmp_path, catalogue.known_ids())
    line = text[: text.index(entry)].count("\n") + 1
    assert [str(fault).startswith(f"{tmp_path}/study.yaml:{line}: {said}") for fault in refusal.value.faults] == [True]


def test_a_what_if_wins_over_what_the_study_says(study: Study, catalogue: Catalogue, tmp_path: Path) -> None:
    assert study.text is not None
    listed = (
        f"assumptions:\n  - {OLD}  # of ours\n  - prior: sspk.lrad.cruise\n    reason: a\n    value: 0.7\n  # end\n"
    )
    text = study.text.decode().replace("assumptions: []\n", listed)
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    own = load_study(tmp_path)
    changed, found = asked(own, catalogue, "reaction_time.lrad=9 s", "sspk.lrad.cruise=0.5:0.8")
    first, second = changed.assumptions
    assert (first.low, first.value, first.high, first.reason) == ("8 s", "9 s", "12 s", REASON)
    assert (second.low, second.value, second.high, second.reason) == ("0.5", None, "0.8", REASON)
    assert found.priors["reaction_time.lrad"].bracket.value == 9.0
    assert changed.text is not None
    (mine, *_), (theirs, *_) = (
        part.partition("  - prior: sspk")[2].partition("\n  # end") for part in (text, changed.text.decode())
    )
    assert "of ours" in changed.text.decode() and (mine.split("\n")[1:], theirs.split("\n")[1:]) == (
        ["    reason: a", "    value: 0.7"],
        ["    low: 0.5", "    high: 0.8", f"    reason: {REASON}"],
    )
    _, again = asked(own, catalogue, *what_ifs_of(changed))
    assert again.digest == found.digest


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bracket_of_any_target_is_read_back(catalogue: Catalogue, tmp_path: Path, data: st.DataObject) -> None:
    known = catalogue.replaceable()
    owner = data.draw(st.sampled_from([owner for owner in sorted(known.owners) if known.targets(owner)]))
    target = data.draw(st.sampled_from(list(known.targets(owner).values())))
    bounds = kind_of(target.quantity)
    numbers = data.draw(st.lists(st.floats(bounds.low, bounds.high), min_size=3, max_size=3).map(sorted))
    written = ":".join(f"{number!r} {base_unit(target.dimension)}" for number in numbers)
    changed = with_what_ifs(tiny_study(tmp_path), [f"{target.name}={written}"], KnownIds(replaceable=known))
    found, faults = read_overlay(known, changed)
    assert faults == [] and found.own.keys() == {tuple(target.name.split(".", 1))}
    (own,) = found.own.values()
    assert [own.input.low, own.input.value, own.input.high] == numbers
