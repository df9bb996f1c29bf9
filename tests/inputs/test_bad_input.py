"""Bad studies: one sensible line for each fault, all at once, and never a traceback."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steeldome.errors import ScenarioError
from steeldome.inputs.references import KnownIds
from steeldome.inputs.study import load_study

GOOD = """\
format: 1
meta:
  id: small
  name: {en: Small, tr: Küçük}
  question: {en: Does it hold?, tr: Dayanır mı?}
  summary: {en: Two towns., tr: İki kent.}
environment: {terrain: globe30s_6E50E_30N48N}
assets:
  - {id: town, name: {en: A, tr: A}, class: city, latitude: 41.0 deg, longitude: 29.0 deg, value: 9, radius: 6 km}
  - {id: port, name: {en: B, tr: B}, class: port, latitude: 38.4 deg, longitude: 27.1 deg, value: 7, radius: 3 km}
siting: {rules: [asset_value, threat_axis], layouts: 4, jitter: 15 km, threat_axis: 110 deg, stand_off: 12 km}
laydowns:
  - id: base
    name: {en: Base, tr: Temel}
    year: 2025
    units:
      - {system: short_range, count: 2, source: press_2024}
      - {system: long_range, count: 1, assumption: what-if}
deltas: [{id: more, name: {en: C, tr: Ç}, add: [{system: long_range, count: 1, acquired: true, assumption: x}]}]
networks:
  - {id: picture, name: {en: Picture, tr: Resim}, coordinator: node, operators: 2, members: [short_range]}
doctrine:
  policy: layered
  rules:
    - {applies_to: default, threat: any, salvo: 2}
raids:
  - id: raid
    name: {en: Raid, tr: Akın}
    spread: 10 min
    groups:
      - {id: first, threat: rocket, count: 8, launch: {bearing: 110 deg, distance: 300 km}, aim: [town, port]}
      - {id: second, threat: rocket, count: 4, launch: {bearing: 110 deg, distance: 300 km}, aim: by_value}
background:
  - {id: west, threat: liner, count: 4, from: {bearing: 0 deg, distance: 400 km}, to: town, altitude: 9 km, margin: 1 h}
experiments: {seed: 1, samples: 4, replications: 10, laydowns: [base, base-more], raids: [raid]}
report: {headline: leakage, languages: [en, tr]}
inventory:
  - {system: short_range, counts: [{year: 2025, count: 2, source: press_2024}]}
  - {system: long_range, counts: [{year: 2025, count: 1, assumption: made up}]}
pathways:
  laydowns: [base]
  raids: [raid]
  policies:
    - id: wait
      name: {en: W, tr: B}
      orders: [{system: long_range, count: 2, ordered: 2024, lead_time: 1 year, only_if: [agrees], assumption: x}]
  futures: [{id: agrees, name: {en: Y, tr: E}}, {id: refuses, name: {en: N, tr: H}}]
claims:
  - id: first
    said: {en: It helps., tr: Yarar.}
    source: press_2024
    support: {en: Less leaks., tr: Daha az geçer.}
    comparison: {of: base-more, than: [base-wait-refuses], raids: [raid], measure: leakage, needs: better}
"""

KNOWN = KnownIds(
    systems=frozenset({"short_range", "long_range"}),
    coordinators=frozenset({"node"}),
    system_classes=frozenset({"lrad"}),
    threats=frozenset({"rocket", "liner"}),
    aircraft=frozenset({"liner"}),
    threat_groups=frozenset({"ballistic"}),
    sources=frozenset({"press_2024"}),
    terrains=frozenset({"globe30s_6E50E_30N48N"}),
    threat_ranges={"rocket": 300_000.0},
    prices={"short_range": (1e6, 2e6), "long_range": (5e6, 9e6)},
)


def changed(*replacements: tuple[str, str]) -> str:
    text = GOOD
    for old, new in replacements:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def faults_of(folder: Path, text: str) -> list[str]:
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    try:
        load_study(folder, KNOWN)
    except ScenarioError as error:
        return [line.removeprefix(f"{folder}/") for line in str(error).splitlines()]
    return []


def test_the_good_study_is_good(tmp_path):
    assert faults_of(tmp_path, GOOD) == []


SPREAD = "    spread: 10 min"
JAMMING = SPREAD + "\n    jamming: [{bearing: 90 deg, width: "
WEATHER = "terrain: globe30s_6E50E_30N48N, weather: "

CASES = {
    "rain in another unit": (
        [("terrain: globe30s_6E50E_30N48N", WEATHER + "{rain_rate: 4 km, radius: 20 km}")],
        "7: environment.weather.rain_rate: '4 km' is a length, a speed is needed; write for example '4 mm/h'",
    ),
    "rain without a unit": (
        [("terrain: globe30s_6E50E_30N48N", WEATHER + "{rain_rate: 4, radius: 20 km}")],
        "7: environment.weather.rain_rate: 4 has no unit; write for example '4 mm/h'",
    ),
    "a flood": (
        [("terrain: globe30s_6E50E_30N48N", WEATHER + "{rain_rate: 250 mm/h, radius: 20 km}")],
        "7: environment.weather.rain_rate: must be more than 0 and at most 200 mm/h, got 250 mm/h",
    ),
    "jamming from a needle": (
        [
            (
                "    spread: 10 min",
                JAMMING + "0.5 deg, noise_ratio: 9}]",
            )
        ],
        "30: raids[0].jamming[0].width: must be in 1..360 deg, got 0.5 deg",
    ),
    "jamming without noise": (
        [(SPREAD, JAMMING + "40 deg, noise_ratio: 0}]")],
        "30: raids[0].jamming[0].noise_ratio: must be more than 0 and at most 1e6, got 0",
    ),
    "jamming in decibels": (
        [
            (
                "    spread: 10 min",
                JAMMING + "9 deg, noise_ratio: 20 dB}]",
            )
        ],
        "30: raids[0].jamming[0].noise_ratio: '20 dB': no unit 'dB'; allowed: 1, %; write for example '30 %'",
    ),
    "rain nowhere": (
        [("terrain: globe30s_6E50E_30N48N", WEATHER + "{rain_rate: 4 mm/h}")],
        "7: environment.weather.radius: is missing; write for example 'radius: 40 km'",
    ),
    "unknown id": (
        [("system: short_range", "system: short_rang")],
        "17: laydowns[0].units[0].system: no system 'short_rang' in the catalogue. Did you mean 'short_range'?",
    ),
    "unknown asset": (
        [("aim: [town, port]", "aim: [town, prot]")],
        "31: raids[0].groups[0].aim[1]: no asset 'prot' in this study. Did you mean 'port'?",
    ),
    "missing unit": (
        [("jitter: 15 km", "jitter: 15")],
        "11: siting.jitter: 15 has no unit; write for example '15 km'",
    ),
    "wrong kind of unit": (
        [("distance: 300 km", "distance: 300 s")],
        "31: raids[0].groups[0].launch.distance: '300 s' is a time, a length is needed; write for example '40 km'",
    ),
    "duplicate key": (
        [("    spread: 10 min", "    spread: 10 min\n    spread: 3 h")],
        "30: raids[0].spread: key 'spread' is already given in line 29; remove one of the two",
    ),
    "unknown key": (
        [("spread: 10 min", "spred: 10 min")],
        "29: raids[0].spred: unknown key 'spred'. Did you mean 'spread'?",
    ),
    "unknown key of a reference": (
        [("experiments: {", "experiments: {raid: [raid], "), (", raids: [raid]}\nreport", "}\nreport")],
        "35: experiments.raid: unknown key 'raid'. Did you mean 'raids'?",
    ),
    "anchor": (
        [("bearing: 110 deg", "bearing: &axis 110 deg")],
        "31: raids[0].groups[0].launch.bearing: anchor '&axis' is not allowed; write the value where it is needed",
    ),
    "tag": (
        [("count: 8", "count: !!int 8")],
        "31: raids[0].groups[0].count: tag '!!int' is not allowed; a file holds plain values and never names code; "
        "remove the tag",
    ),
    "sexagesimal": (
        [("spread: 10 min", "spread: 1:30")],
        "29: raids[0].spread: '1:30' is not a number and a unit; write for example '10 min'",
    ),
    "not a number": (
        [("radius: 6 km", "radius: nan m")],
        "9: assets[0].radius: 'nan m' is not a number and a unit; write for example '40 km'",
    ),
    "infinite": (
        [("radius: 6 km", "radius: 1e400 m")],
        "9: assets[0].radius: '1e400 m' is too large; it must be finite",
    ),
    "expression": (
        [("radius: 6 km", "radius: 9**9 m")],
        "9: assets[0].radius: '9**9 m' is not a number and a unit; write for example '40 km'",
    ),
    "latitude": (
        [("latitude: 41.0 deg", "latitude: 95 deg")],
        "9: assets[0].latitude: must be in -90..90 deg, got 95 deg",
    ),
    "fine coordinate": (
        [("latitude: 41.0 deg", "latitude: 41.01 deg")],
        "9: assets[0].latitude: must be a multiple of 0.1 deg, got 41.01 deg; write '41.0 deg'",
    ),
    "negative range": (
        [("radius: 6 km", "radius: -6 km")],
        "9: assets[0].radius: must be more than 0, got -6 km",
    ),
    "empty raid": (
        [(GOOD[GOOD.index("    groups:\n") : GOOD.index("background:")], "    groups: []\n")],
        "30: raids[0].groups: empty raid; a raid needs at least one group with a count of 1 or more",
    ),
    "raid of nothing": (
        [(GOOD[GOOD.index("    groups:\n") : GOOD.index("background:")], "")],
        "27: raids[0]: has neither 'groups' nor 'extends'; list what attacks, or extend another raid",
    ),
    "raid with two sources of objects": (
        [("    spread: 10 min", "    spread: 10 min\n    extends: raid")],
        "31: raids[0].groups: a raid that extends another one has its objects; keep one of 'groups' and 'extends'",
    ),
    "raid that extends nothing": (
        [(GOOD[GOOD.index("    groups:\n") : GOOD.index("background:")], "    extends: rid\n")],
        "30: raids[0].extends: no raid 'rid' in this study. Did you mean 'raid'?",
    ),
    "no threats": (
        [("count: 8", "count: 0")],
        "31: raids[0].groups[0].count: must be in 1..10000, got 0",
    ),
    "raid with the name of the background": (
        [("  - id: raid\n", "  - id: background\n"), *[("raids: [raid]", "raids: [background]")] * 3],
        "27: raids[0].id: 'background' is a reserved word; choose another id",
    ),
    "background that is no aircraft": (
        [("threat: liner", "threat: rocket")],
        "34: background[0].threat: no aircraft 'rocket' in the catalogue; allowed: liner",
    ),
    "background to nowhere": (
        [("to: town", "to: twon")],
        "34: background[0].to: no destination 'twon' in this study. Did you mean 'town'?",
    ),
    "background from nowhere": (
        [("from: {bearing: 0 deg, distance: 400 km}, ", "")],
        "34: background[0].from: is missing; write for example 'from: {bearing: 300 deg, distance: 400 km}'",
    ),
    "stand-alone rule": (
        [("policy: layered", "policy: layered\n  stand_alone: tigth")],
        "24: doctrine.stand_alone: 'tigth' is not known; allowed: tight, free. Did you mean 'tight'?",
    ),
    "beyond range": (
        [("distance: 300 km", "distance: 301 km")],
        "31: raids[0].groups[0].launch.distance: must be within the range of 'rocket', 300 km, got 301 km",
    ),
    "unknown laydown": (
        [("laydowns: [base, base-more]", "laydowns: [base, base-mor]")],
        "35: experiments.laydowns[1]: no laydown 'base-mor' in this study. Did you mean 'base-more'?",
    ),
    "delta of no laydown": (
        [("{id: more, ", "{id: more, to: [bas], "), ("[base, base-more]", "[base]"), ("of: base-more", "of: base")],
        "19: deltas[0].to[0]: no laydown 'bas' in this study. Did you mean 'base'?",
    ),
    "two deltas of one name": (
        [
            (
                "assumption: x}]}]\nnet",
                "assumption: x}]}, {id: more, name: {en: C, tr: Ç}, remove: [{system: long_range, count: 1}]}]\nnet",
            )
        ],
        "19: deltas[1].id: id 'more' is already used by item [0]; choose another",
    ),
    "id that ends like a variant": (
        [("{id: more, ", "{id: more-alone, "), ("[base, base-more]", "[base]"), ("of: base-more", "of: base")],
        "19: deltas[0].id: must not end in 'alone', which stands for a variant of every laydown; choose another",
    ),
    "count above the inventory": (
        [
            (
                "{system: short_range, count: 2, source: press_2024}\n",
                "{system: short_range, count: 3, source: press_2024}\n",
            )
        ],
        "17: laydowns[0].units[0].count: 3 of 'short_range' stand here, the inventory of 2025 has 2; lower the count, "
        "raise the inventory with its source, or mark what is bought 'acquired: true'",
    ),
    "delta above the inventory": (
        [(", acquired: true, assumption: x}]}]", ", assumption: x}]}]")],
        "19: deltas[0].add[0].count: 2 of 'long_range' stand here, the inventory of 2025 has 1; lower the count, raise "
        "the inventory with its source, or mark what is bought 'acquired: true'",
    ),
    "year without inventory": (
        [
            ("    year: 2025\n", "    year: 2030\n"),
            (
                "{system: long_range, count: 1, assumption: what-if}",
                "{system: long_range, count: 1, lent: true, assumption: x}",
            ),
        ],
        "17: laydowns[0].units[0].system: the inventory has no count of 'short_range' for 2030; add one under "
        "'inventory', or mark the unit 'lent: true' or 'acquired: true'",
    ),
    "equal money that is not": (
        [
            (
                "{id: more, ",
                "{id: two, name: {en: D, tr: D}, equal_money_to: more, "
                "add: [{system: short_range, count: 2, acquired: true, assumption: x}]}, {id: more, ",
            )
        ],
        "19: deltas[0].equal_money_to: costs 2 MUSD to 4 MUSD and 'more' 5 MUSD to 9 MUSD; change a count until the "
        "brackets meet",
    ),
    "comparison across years": (
        [
            ("networks:\n", "networks:\n"),
            (
                "deltas: [{id: more, ",
                "  - {id: late, name: {en: L, tr: G}, year: 2030, units: [{system: long_range, count: 1, lent: true, "
                "assumption: x}]}\ndeltas: [{id: more, ",
            ),
            ("than: [base-wait-refuses]", "than: [late]"),
        ],
        "54: claims[0].comparison.than: compares 'base-more' of 2025 with 'late' of 2030; only laydowns of one year "
        "are compared, name one of 2025",
    ),
    "claim that asks nothing": (
        [
            (
                "    comparison: {of: base-more, than: [base-wait-refuses], raids: [raid], measure: leakage, "
                "needs: better}\n",
                "",
            )
        ],
        "49: claims[0]: asks nothing; write one of comparison, years, suppliers, picture, recorded",
    ),
    "order that waits for nothing": (
        [("only_if: [agrees]", "only_if: [agree]")],
        "46: pathways.policies[0].orders[0].only_if[0]: no future 'agree' in this study. Did you mean 'agrees'?",
    ),
    "unit without source": (
        [(", acquired: true, assumption: x}]}]", ", acquired: true}]}]")],
        "19: deltas[0].add[0]: has neither a source nor an assumption; write 'source: ID' or 'assumption: reason'",
    ),
    "code as policy": (
        [("policy: layered", "policy: os.system")],
        "23: doctrine.policy: 'os.system' is not a policy; allowed: nearest, layered; a study names a known policy and "
        "never points to code",
    ),
    "module as policy": (
        [("policy: layered", "policy: package.module:function")],
        "23: doctrine.policy: 'package.module:function' is not a policy; allowed: nearest, layered; a study names a "
        "known policy and never points to code",
    ),
    "object": (
        [("policy: layered", "policy: !!python/object/apply:os.system [ls]")],
        "23: doctrine.policy: tag '!!python/object/apply:os.system' is not allowed; a file holds plain values and "
        "never names code; remove the tag",
    ),
    "file outside": (
        [("terrain: globe30s_6E50E_30N48N", "terrain: ../../secret.tif")],
        "7: environment.terrain: '../../secret.tif' is neither the id of a shipped terrain nor the name of a file in "
        "the study folder (.tif, .tiff, .hgt, .dt0, .dt1, .dt2), nor 'none'; folders and addresses are not allowed",
    ),
    "format": (
        [("format: 1", "format: 2")],
        "1: format: '2' is not a format that this version reads; write 'format: 1'",
    ),
    "no default rule": (
        [("applies_to: default", "applies_to: lrad")],
        "24: doctrine.rules: has no rule for 'default' against 'any'; add '- {applies_to: default, threat: any, "
        "salvo: 2}'",
    ),
    "same rule twice": (
        [("salvo: 2}", "salvo: 2}\n    - {applies_to: default, salvo: 1}")],
        "26: doctrine.rules[1]: a rule for 'default' against 'any' already stands at [0]; keep one",
    ),
    "two pictures": (
        [
            (
                "members: [short_range]}",
                "members: [short_range]}\n  - {id: b, name: {en: B, tr: B}, coordinator: node, "
                "operators: 2, members: [short_range]}",
            )
        ],
        "22: networks[1].members[0]: 'short_range' is already a member of network 'picture'; a system has one picture, "
        "remove one",
    ),
    "delta that changes nothing": (
        [(", add: [{system: long_range, count: 1, acquired: true, assumption: x}]", "")],
        "19: deltas[0]: changes nothing; write 'add', 'remove' or 'join'",
    ),
    "more taken away than there is": (
        [
            (
                "add: [{system: long_range, count: 1, acquired: true, assumption: x}]",
                "remove: [{system: short_range, count: 3}]",
            )
        ],
        "19: deltas[0].remove[0].count: takes 3 of 'short_range' away, in 'base' there are 2; lower it, or narrow 'to'",
    ),
    "joined twice": (
        [
            (
                "add: [{system: long_range, count: 1, acquired: true, assumption: x}]",
                "join: [{system: short_range, network: picture}]",
            )
        ],
        "19: deltas[0].join[0].system: 'short_range' is already a member of network 'picture'; remove the entry",
    ),
    "joined to nothing": (
        [
            (
                "add: [{system: long_range, count: 1, acquired: true, assumption: x}]",
                "join: [{system: long_range, network: pictur}]",
            )
        ],
        "19: deltas[0].join[0].network: no network 'pictur' in this study. Did you mean 'picture'?",
    ),
    "joined without being there": (
        [
            ("      - {system: long_range, count: 1, assumption: what-if}\n", ""),
            (
                "add: [{system: long_range, count: 1, acquired: true, assumption: x}]",
                "join: [{system: long_range, network: picture}]",
            ),
        ],
        "18: deltas[0].join[0].system: no 'long_range' stands in 'base'; add it, or narrow 'to'",
    ),
    "source and assumption": (
        [("assumption: what-if", "assumption: what-if, source: press_2024")],
        "18: laydowns[0].units[1].assumption: stands beside a source; keep one of 'source' and 'assumption'",
    ),
    "fixed without site": (
        [("count: 1, assumption: what-if", "count: 1, rule: fixed, assumption: what-if")],
        "18: laydowns[0].units[1].rule: a fixed unit needs a site; write for example 'site: {latitude: 38.3 deg, "
        "longitude: 37.8 deg}'",
    ),
    "axis missing": (
        [("threat_axis: 110 deg, ", "")],
        "11: siting.threat_axis: is missing and the rule 'threat_axis' needs it; write 'threat_axis: 110 deg'",
    ),
    "flag": (
        [("count: 1, assumption: what-if", "count: 1, lent: yes, assumption: what-if")],
        "18: laydowns[0].units[1].lent: 'yes' is neither true nor false; write 'true' or 'false'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_one_line(name, tmp_path):
    replacements, line = CASES[name]
    assert faults_of(tmp_path, changed(*replacements)) == [f"study.yaml:{line}"]


def test_ten_faults_are_ten_lines_in_order(tmp_path):
    names = (
        "file outside", "fine coordinate", "infinite", "missing unit", "flag", "unit without source",
        "code as policy", "sexagesimal", "wrong kind of unit", "unknown laydown",
    )  # fmt: skip
    text = changed(*(pair for name in names for pair in CASES[name][0]))
    assert faults_of(tmp_path, text) == [f"study.yaml:{CASES[name][1]}" for name in names]


LINES = GOOD.splitlines(keepends=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["drop", "repeat", "swap", "cut", "null"]),
    st.integers(0, 120),
    st.sampled_from(["[]", "{}", "x", "", "-1 km", "!!x y", "*a", "&a b", '"\\0"', "1e999 s", ": :"]),
)
def test_a_damaged_study_reads_or_gives_faults_with_places(tmp_path, index, kind, column, text):
    lines = list(LINES)
    if kind == "drop":
        lines[index] = ""
    elif kind == "repeat":
        lines[index] *= 2
    elif kind == "cut":
        lines[index] = lines[index][:column] + "\n"
    elif kind == "swap":
        spots = list(re.finditer(r"(?<=: )[^{}\[\],]+(?=[,}\n])", lines[index])) or [re.match("", lines[index])]
        spot = spots[column % len(spots)]
        lines[index] = lines[index][: spot.start()] + text + lines[index][spot.end() :]
    else:
        lines[index] = re.sub(r": .*", ":", lines[index], count=1)
    for fault in faults_of(tmp_path, "".join(lines)):
        assert re.match(r"study\.yaml:\d+: .+", fault)
        assert "Traceback" not in fault
        assert "pydantic" not in fault
