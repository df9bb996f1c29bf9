"""A synthetic study on flat ground whose answers can be worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from steeldome.compiler.compile import compile_scenario
from steeldome.compiler.compiled import Compiled
from steeldome.compiler.terrain import Terrain
from steeldome.inputs.catalogue import Catalogue
from steeldome.inputs.study import Study, load_study

GROUND = 100  # m

TEXT = """
format: 1
meta: {id: tiny, name: {en: Tiny, tr: Minik}, question: {en: Q, tr: S}, summary: {en: S, tr: O}}
environment: {terrain: flat.tif}
assets:
  - {id: home, name: {en: Home, tr: Ev}, class: city, latitude: 39.0 deg, longitude: 33.0 deg, value: 10, radius: 3 km}
  - {id: near, name: {en: Near, tr: Yakın}, class: port, latitude: 39.3 deg, longitude: 33 deg, value: 5, radius: 3 km}
  - {id: far, name: {en: Far, tr: Uzak}, class: power, latitude: 39.8 deg, longitude: 33.0 deg, value: 1, radius: 3 km}
siting: {rules: [asset_value, threat_axis, area_cover], layouts: 4, jitter: 5 km, threat_axis: 90 deg, stand_off: 12 km}
laydowns:
  - id: base
    name: {en: Base, tr: Temel}
    year: 2025
    units:
      - {system: eirs, count: 1, rule: fixed, site: {latitude: 39.0 deg, longitude: 33.0 deg}, assumption: t}
      - {system: siper_battery, count: 1, rule: fixed, site: {latitude: 39.0 deg, longitude: 33.0 deg}, assumption: t}
      - {system: sampt_ng_battery, count: 1, rule: fixed, site: {latitude: 39 deg, longitude: 33 deg}, assumption: t}
      - {system: hisar_a_battery, count: 3, assumption: test}
deltas:
  - id: more
    name: {en: More, tr: Artı}
    add:
      - {system: hisar_a_battery, count: 2, assumption: test}
      - {system: korkut_team, count: 2, assumption: test}
  - id: fewer
    name: {en: Fewer, tr: Az}
    remove: [{system: hisar_a_battery, count: 1}]
    add: [{system: korkut_team, count: 2, assumption: test}]
  - id: linked
    name: {en: Linked, tr: Bağlı}
    add:
      - {system: hisar_a_battery, count: 2, assumption: test}
      - {system: korkut_team, count: 2, assumption: test}
    join: [{system: korkut_team, network: net}]
networks:
  - id: net
    name: {en: Net, tr: Ağ}
    coordinator: hakim_100
    operators: 4
    members: [eirs, siper_battery, hisar_a_battery, sampt_ng_battery]
doctrine:
  policy: layered
  rules:
    - {applies_to: default, threat: any, salvo: 1, looks: 2}
    - {applies_to: default, threat: ballistic, salvo: 2, looks: 1}
raids:
  - id: flat
    name: {en: Flat, tr: Düz}
    spread: 10 min
    groups:
      - {id: cruise, threat: soumar_paveh, count: 3, launch: {bearing: 90 deg, distance: 900 km}, aim: [home, near]}
  - id: arc
    name: {en: Arc, tr: Yay}
    spread: 10 min
    groups:
      - {id: shahab, threat: shahab_3, count: 3, launch: {bearing: 90 deg, distance: 1200 km}, aim: [home, near, far]}
  - {id: slow, name: {en: Slow, tr: Yavaş}, spread: 3 h, extends: flat}
experiments: {seed: 7, samples: 2, replications: 10, laydowns: [base], raids: [flat]}
report: {headline: leakage, languages: [en]}
"""


def tiny_study(folder: Path, text: str = TEXT) -> Study:
    """The study of a text."""
    file = folder / "study.yaml"
    file.write_text(text, encoding="utf-8")
    return load_study(file)


def flat_terrain(ground: int = GROUND) -> Terrain:
    """Level ground, 35-43 N, 28-45 E, cells of 1/60 degree."""
    step = np.radians(1.0 / 60.0)
    return Terrain(
        "flat", np.full((480, 1020), ground, np.int16), float(np.radians(43.0)), float(np.radians(28.0)), step
    )


def bare(name: str) -> float:
    """Working values, but nothing grows on the ground."""
    return 0.0 if name == "cover_height" else 0.5


def compiled(
    study: Study,
    catalogue: Catalogue,
    laydown: str,
    raid: str,
    layout: int = 0,
    quantile: Callable[[str], float] = bare,
    terrain: Terrain | None = None,
    is_search_perfect: bool = False,
) -> Compiled:
    """One case, on level ground unless another is given."""
    return compile_scenario(
        study,
        catalogue,
        laydown,
        raid,
        quantile=quantile,
        layout=layout,
        terrain=terrain or flat_terrain(),
        is_search_perfect=is_search_perfect,
    )
