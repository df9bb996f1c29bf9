"""What ``steeldome coverage`` asks, prints and writes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from steeldome.app.asked import load_asked, spaced
from steeldome.app.printing import Translate, print_json, print_table
from steeldome.app.writing import told_where
from steeldome.errors import Fault, ResultsError, ScenarioError
from steeldome.units import UNITS, parse_quantity

if TYPE_CHECKING:
    from steeldome.experiments.coverage import Coverage, Question
    from steeldome.inputs.catalogue import Catalogue
    from steeldome.inputs.study import Study
    from steeldome.report.wording import Wording

_CAUSES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class AskedCoverage:
    """What a user wants, as typed; empty and None leave it to the study."""

    laydown: str = ""
    threat: str = ""
    altitude: str = "100m,500m,3km,10km"
    samples: int = 0
    around: str = ""
    radius: str = "60km"
    cell: str = ""
    tracks: int = 0
    side: str = ""
    bearing_deg: float | None = None
    what_ifs: tuple[str, ...] = ()

    def question(self, study: "Study", catalogue: "Catalogue") -> "Question":
        """The same in numbers: the first laydown and the first cruise missile of a raid where nothing is said.

        Raises
        ------
        ScenarioError
            With every text that is no length.
        """
        from steeldome.experiments.coverage import Question

        flown = [group.threat for raid in study.raids for group in raid.groups]
        cruise = [name for name in flown if catalogue.threats[name].threat_class == "cruise"]
        lengths: dict[str, list[float]] = {}
        faults = []
        for where, text in (("altitude", self.altitude), ("radius", self.radius), ("cell", self.cell or "0 m")):
            for part in text.split(",") if where == "altitude" else (text,):
                try:
                    lengths.setdefault(where, []).append(parse_quantity(spaced(part), "length"))
                except ValueError as error:
                    faults.append(Fault("", 0, where, str(error)))
        if faults:
            raise ScenarioError(faults)
        return Question(
            laydown=self.laydown or study.experiments.laydowns[0],
            threat=self.threat or (cruise or flown)[0],
            heights=tuple(sorted(set(lengths["altitude"]))),
            samples=self.samples,
            cell=lengths["cell"][0],
            around=self.around,
            radius=lengths["radius"][0],
            tracks=self.tracks,
            side=self.side,
            bearing=None if self.bearing_deg is None else math.radians(self.bearing_deg),
        )


def cover_study(name: str, asked: AskedCoverage, out: Path | None, language: str | None, as_json: bool) -> int:
    """Where the sensors of a laydown see a target, and why not elsewhere."""
    from steeldome.app.compiled_code_cache import use_compiled_code_cache
    from steeldome.app.language import choose_language, translator

    chosen = choose_language(language)
    _check_folder(out)
    use_compiled_code_cache()
    from steeldome.experiments.coverage import coverage

    study, catalogue = load_asked(name, asked.what_ifs)
    found = coverage(study, catalogue, asked.question(study, catalogue))
    record = _record(found, study)
    speak = translator(chosen)
    files = [] if out is None else _write(found, record, study, catalogue, out, chosen, speak)
    if as_json:
        print_json(record | {"files": [str(path) for path in files]})
        return 0
    _print(found, study, catalogue, chosen, speak)
    for path in files:
        print(speak("file {file}").format(file=path))
    return 0


def _check_folder(out: Path | None) -> None:
    """Refuse a folder that could not be written when all is worked out."""
    if out is not None and ((out.exists() and not out.is_dir()) or (not out.exists() and not out.parent.is_dir())):
        raise ResultsError([Fault(str(out), 0, "", "is no folder and cannot be made; give another --out")])


def _names(
    found: "Coverage", study: "Study", catalogue: "Catalogue", language: str, speak: Translate
) -> dict[str, str]:
    from steeldome.inputs.force import force_of
    from steeldome.report.labels import laydown_name

    threat = catalogue.threats[found.question.threat].name.in_language(language)
    return {"laydown": laydown_name(force_of(study, found.question.laydown), language, speak), "threat": threat}


def _record(found: "Coverage", study: "Study") -> dict[str, Any]:
    """The answer as plain data: numbers by height, assets, and the reach of every sensor by bearing."""
    from steeldome.analysis.measures import EVIDENCE_LEVEL
    from steeldome.kernels.coverage import CAUSES
    from steeldome.report.coverage_words import height_rows

    question = found.question
    whole = float(found.grid.area.sum())
    heights = [
        {
            "height_above_ground_m": row.height,
            "area": {
                "value": row.area / 1e6,
                "input_low": row.area_low / 1e6,
                "input_high": row.area_high / 1e6,
                "n": question.samples,
                "level": EVIDENCE_LEVEL,
                "unit": "km2",
            },
            "seen_in_all": row.always,
            "seen_in_some": row.sometimes,
            "seen_in_none": row.never,
            "limiting_cause": dict(row.causes),
            "assets": {asset.id: float(found.share[(h, *cell)]) for asset, cell in _cells_of_assets(found, study)},
        }
        for h, row in enumerate(height_rows(found))
    ]
    reach = {
        sensor: [
            {
                "height_above_ground_m": height,
                "sectors": [
                    {"bearing_deg": one.bearing_deg, "range_km": one.range_km, "limited_by": CAUSES[one.cause]}
                    for one in sectors
                ],
            }
            for height, sectors in zip(question.heights, by_height, strict=True)
        ]
        for sensor, by_height in found.reach().items()
    }
    return {
        "study": study.meta.id,
        "laydown": question.laydown,
        "threat": question.threat,
        "samples": question.samples,
        "tracks": question.tracks,
        "cell_km": question.cell / 1000.0,
        "map_km2": whole / 1e6,
        "rain_mm_h": 0.0 if found.weather is None else found.weather.rain_rate / float(UNITS["mm/h"].factor),
        "has_terrain": not found.terrain.is_smooth,
        "heights": heights,
        "sensors": reach,
    }


def _cells_of_assets(found: "Coverage", study: "Study") -> list[tuple[Any, tuple[int, int]]]:
    """Assets on the map, each with its cell."""
    grid = found.grid
    cells = [(asset, grid.cell_of(asset.latitude, asset.longitude)) for asset in study.assets]
    return [(asset, at) for asset, at in cells if 0 <= at[0] < grid.n_rows and 0 <= at[1] < grid.n_columns]


def _write(
    found: "Coverage",
    record: dict[str, Any],
    study: "Study",
    catalogue: "Catalogue",
    out: Path,
    language: str,
    speak: Translate,
) -> list[Path]:
    """Map, side view, GeoJSON and JSON in a folder."""
    import json

    from steeldome import __version__
    from steeldome.report.coverage_figure import coverage_pictures
    from steeldome.report.standalone import stand_alone
    from steeldome.report.wording import Wording
    from steeldome.results.files import Files, write_file

    names = _names(found, study, catalogue, language, speak)
    foot = f"{study.meta.name.in_language(language)}. Steeldome {__version__}, seed {study.experiments.seed}."
    files: dict[str, bytes] = {}
    for picture in coverage_pictures(found, study, names, Wording(language, speak)):
        files |= dict(stand_alone(picture, foot, speak))
    files["coverage.geojson"] = _geojson(found, record, study).encode()
    files["coverage.json"] = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
    with told_where(out):
        out.mkdir(exist_ok=True)
        for name, data in files.items():
            write_file(out / name, data, Files())
    return [out / name for name in files]


def _geojson(found: "Coverage", record: dict[str, Any], study: "Study") -> str:
    """Cells by height: in how many samples they are seen, and cause; assets as points. Sites are left out."""
    import numpy as np

    from steeldome.interop.geojson import collection, multi_polygon, point, runs_of_cells
    from steeldome.kernels.coverage import CAUSES

    grid = found.grid
    edges = [math.degrees(x) for x in (grid.south, grid.west, grid.step_north, grid.step_east)]
    features = []
    for h, height in enumerate(found.question.heights):
        seen = np.round(found.share[h] * found.question.samples).astype(np.int64)
        label = seen * len(CAUSES) + found.cause[h]
        for code, polygons in sorted(runs_of_cells(label, *edges).items()):
            n_seen, cause = divmod(code, len(CAUSES))
            about = {
                "height_above_ground_m": height,
                "seen_in_samples": n_seen,
                "samples": found.question.samples,
                "limiting_cause": None if n_seen == found.question.samples else CAUSES[cause],
            }
            features.append(multi_polygon(polygons, about))
    for asset, _ in _cells_of_assets(found, study):
        features.append(
            point(math.degrees(asset.longitude), math.degrees(asset.latitude), {"asset": asset.id, "notional": True})
        )
    about = {key: record[key] for key in ("study", "laydown", "threat", "samples", "cell_km")}
    return collection(features, {"steeldome": about | {"use": "analysis of published data only"}})


def _print(found: "Coverage", study: "Study", catalogue: "Catalogue", language: str, translate: Translate) -> None:
    """Two tables: heights with what is in the way, and assets."""
    import textwrap

    from steeldome.report.coverage_words import caption, cause_names, height_label, height_rows
    from steeldome.report.wording import Wording

    wording = Wording(language, translate)
    words = cause_names(translate)
    print(textwrap.fill(caption(found, _names(found, study, catalogue, language, translate), wording), 118))
    print()
    shares = translate("seen in all"), translate("in some"), translate("in none")
    rows: list[Sequence[str]] = [("", *shares, translate("km² (inputs, 5–95%)"), translate("in the way"))]
    for row in height_rows(found):
        area = " ".join(
            (
                wording.number(row.area / 1e6, 100.0),
                f"({wording.number(row.area_low / 1e6, 100.0)}–{wording.number(row.area_high / 1e6, 100.0)})",
            )
        )
        causes = ", ".join(f"{words[name]} {_share(part, wording)}" for name, part in row.causes[:_CAUSES_SHOWN])
        cells = (*(_share(part, wording) for part in (row.always, row.sometimes, row.never)), area, causes)
        rows.append((height_label(row.height, wording), *cells))
    print_table(rows)
    print()
    print(translate("Share of samples in which a target over the asset is seen"))
    labels = [height_label(height, wording) for height in found.question.heights]
    listed = [
        (asset.name.in_language(language), *(_share(float(found.share[(h, *at)]), wording) for h in range(len(labels))))
        for asset, at in _cells_of_assets(found, study)
    ]
    print_table([("", *labels), *listed])


def _share(value: float, wording: "Wording") -> str:
    return wording.quantity(value, "1", 0.001)
