"""The answer for one raid, and who stands in each laydown."""

from steeldome.report.contents import Case, Laydown, Raid
from steeldome.report.labels import reading_names
from steeldome.report.shapes import Answer, Tile
from steeldome.report.tables import Column, Table, TableRow
from steeldome.report.views import Views
from steeldome.report.wording import measure_names, sentences, verdict


def answer(views: Views, raid: Raid) -> Answer:
    """Tiles or a table, and sentences, for one raid."""
    contents, wording = views.contents, views.wording
    name = measure_names(wording.translate).get(contents.headline, contents.headline)
    caption = wording.translate("{measure}; unit: {unit}; {n}").format(
        measure=name, unit=_unit(views, raid), n=views.n_caption(case for _, case in views.cases_of(raid))
    )
    table = _table(views, raid, name, caption)
    tiles = [] if views.is_long else _tiles(views, raid)
    return Answer(raid.name, composition(views, raid), tiles, table, sentences(contents, raid, wording), caption)


def at_a_glance(views: Views) -> list[str]:
    """Levels and differences of all raids in a few sentences, for a reader of the first page alone."""
    first = views.contents.laydowns[0].id
    told: list[str] = []
    for raid in views.contents.raids:
        case = views.contents.case(first, raid.id)
        if case is not None and views.contents.headline == "leakage":
            told += [_level(views, raid, case), _changes(views, raid), _held(views, raid, case)]
    return [sentence for sentence in told if sentence]


def words_told(views: Views) -> list[tuple[str, str]]:
    """Words that the first pages use, and the raids that only claims and pathways name, each with what it is."""
    translate = views.wording.translate
    words = [
        (
            translate("Laydown"),
            translate("Which systems stand, and how many; where, the siting rules draw anew in each sample."),
        ),
        (translate("Leakage"), translate("Share of the armed objects of a raid that reach their aim.")),
        (translate("Value saved"), translate("Share of the notional values of all assets that is not lost.")),
        (
            translate("Points"),
            translate("Percentage points between two laydowns that met the same raids with the same luck."),
        ),
        (
            translate("Chance; inputs and siting"),
            translate(
                "Two bands that are never mixed: 95% for the luck of the replications; 5–95% of the samples of all "
                "that is not known of inputs, assumptions and sites."
            ),
        ),
    ]
    return words + [(raid.name, composition(views, raid)) for raid in views.contents.raids_besides]


def _level(views: Views, raid: Raid, case: Case) -> str:
    """What gets through the first laydown, and through less and more than it."""
    contents, wording, translate = views.contents, views.wording, views.wording.translate
    laydown, alone = contents.laydowns[0].name, reading_names(translate)["alone"]
    kept = contents.references.get(raid.id, {})
    beside = {
        translate("without any defence"): kept.get("no_defence"),
        translate("without what allies lend"): next(
            (
                one.measure
                for one in contents.questions.readings
                if (one.raid, one.laydown, one.reading) == (raid.name, laydown, alone)
            ),
            None,
        ),
        translate("if no magazine ran dry"): kept.get("unlimited_rounds"),
    }
    pattern = translate("{raid}: {value} of its armed objects would get through “{laydown}” ({bands}); {beside}.")
    return pattern.format(
        raid=raid.name,
        value=wording.value(case.measures["leakage"]),
        laydown=laydown,
        bands=wording.bands(case.measures["leakage"]),
        beside=", ".join(f"{name} {wording.value(one)}" for name, one in beside.items() if one is not None),
    )


def _changes(views: Views, raid: Raid) -> str:
    """What each other laydown changes."""
    wording = views.wording
    pattern = wording.translate("with “{laydown}” {value} ({bands})")
    changes = [
        pattern.format(
            laydown=views.laydown_names[one.second],
            value=wording.value(one.measures["leakage"], difference=True),
            bands=wording.bands(one.measures["leakage"], difference=True),
        )
        for one in views.differences_of(raid)
        if one.first == views.contents.laydowns[0].id and "leakage" in one.measures
    ]
    return f"{raid.name}: {'; '.join(changes)}." if changes else ""


def _held(views: Views, raid: Raid, case: Case) -> str:
    """How many assets, and how much of their value, come through, and what is shot at by mistake."""
    wording = views.wording
    held, saved = case.measures.get("assets_held"), case.measures.get("value_saved")
    if held is None or saved is None:
        return ""
    pattern = wording.translate("{raid}: {held} held ({bands}), {saved} of the value of all saved ({saved_bands}).")
    sentence = pattern.format(
        raid=raid.name,
        held=wording.value(held),
        bands=wording.bands(held),
        saved=wording.value(saved),
        saved_bands=wording.bands(saved),
    )
    engaged = case.measures.get("friendly_engaged")
    if engaged is None or engaged.value == 0.0:
        return sentence
    pattern = wording.translate("{value} of {flights} flights of background traffic would be shot at ({bands}).")
    told = pattern.format(
        value=wording.value(engaged, bare=True), flights=wording.count(raid.n_flights), bands=wording.bands(engaged)
    )
    return f"{sentence} {told}"


def _tiles(views: Views, raid: Raid) -> list[Tile]:
    translate, headline = views.wording.translate, views.contents.headline
    tiles = [Tile(laydown.name, case.measures.get(headline)) for laydown, case in views.cases_of(raid)]
    if headline == "leakage" and (undefended := views.contents.references.get(raid.id, {}).get("no_defence")):
        tiles.insert(0, Tile(translate("No defence"), undefended))
    for difference in views.differences_of(raid):
        if headline in difference.measures:
            measure = difference.measures[headline]
            what = translate("Paired difference") if len(views.contents.laydowns) == 2 else views.against(difference)
            tiles.append(Tile(what, measure, True, verdict(measure)))
    return tiles


def _table(views: Views, raid: Raid, name: str, caption: str) -> Table:
    """The headline measure of each laydown, and its paired difference from the first."""
    translate, headline = views.wording.translate, views.contents.headline
    rows: list[TableRow] = []
    if headline == "leakage":
        rows += [TableRow((label, measure, None, None)) for label, measure in views.references_of(raid)]
    found = {one.second: one.measures.get(headline) for one in views.differences_of(raid)}
    for laydown, case in views.cases_of(raid):
        difference = found.get(laydown.id)
        reading = views.reading(difference) if difference else None
        rows.append(TableRow((laydown.name, case.measures.get(headline), difference, reading)))
    over = translate("Paired difference from “{first}”").format(first=views.contents.laydowns[0].name)
    columns = (
        Column("laydown", translate("Laydown")),
        Column(headline, translate("Mean"), "measure", "spread", over=name),
        Column("difference", translate("Mean"), "difference", "spread", over=over),
        Column("reading", translate("Reading"), over=over),
    )
    title = translate("{measure}: {raid}.").format(measure=name, raid=raid.name)
    table = Table(f"answer-{raid.id}", title, caption, columns, tuple(rows), style="wide answer")
    return views.add(table, is_numbered=False)


def _unit(views: Views, raid: Raid) -> str:
    translate, headline = views.wording.translate, views.contents.headline
    if headline == "leakage":
        return translate("% of the raid's armed objects")
    measures = [case.measures.get(headline) for _, case in views.cases_of(raid)]
    return next((views.wording.unit(measure.unit) for measure in measures if measure), "%")


def composition(views: Views, raid: Raid) -> str:
    """What a raid consists of, in words."""
    wording, translate = views.wording, views.wording.translate
    decoy = translate("{count} {threat} (decoys)")
    parts = [
        (decoy if is_decoy else "{count} {threat}").format(count=wording.count(count), threat=threat)
        for threat, count, is_decoy in raid.groups
    ]
    spread = translate("arriving over {time}").format(time=wording.duration(raid.spread_s))
    told = [", ".join(parts), spread]
    n_assets = len(views.contents.chart.assets)
    if raid.aims:
        each = translate("aimed at {n} of {all} assets").format(
            n=wording.count(len(raid.aims)), all=wording.count(n_assets)
        )
        told.append(translate("aimed at {asset}").format(asset=raid.aims[0]) if len(raid.aims) == 1 else each)
    if raid.n_flights:
        told.append(translate("{count} flights of background traffic").format(count=wording.count(raid.n_flights)))
    return f"{'; '.join(told)}."


def laydown_table(views: Views, title: str) -> Table:
    """Systems of each laydown with their counts; the page tells the same in words."""
    translate = views.wording.translate
    rows = [
        TableRow((laydown.name, system, count, translate("yes") if is_lent else translate("no"), network))
        for laydown in views.contents.laydowns
        for system, count, is_lent in laydown.units
        for network in [", ".join(network for joined, network in laydown.joined if joined == system)]
    ]
    columns = (
        Column("laydown", translate("Laydown")),
        Column("system", translate("System")),
        Column("count_units", translate("Units"), "count"),
        Column("is_lent", translate("Lent by an ally")),
        Column("joined_network", translate("Joined to")),
    )
    n = views.wording.count(len(views.contents.laydowns))
    caption = translate("Unit: fire units and sensors as the study counts them; n = {n} laydowns.").format(n=n)
    return views.add(Table("laydowns", title, caption, columns, tuple(rows)), is_numbered=False)


def units_told(views: Views, laydown: Laydown) -> str:
    """Who stands in a laydown, in words; one that shares units with the first is told by what is different."""
    translate = views.wording.translate
    first = views.contents.laydowns[0]
    before = {(name, is_lent): count for name, count, is_lent in first.units}
    after = {(name, is_lent): count for name, count, is_lent in laydown.units}
    if laydown.id == first.id or not before.keys() & after.keys():
        return _units(views, laydown.units)
    change = {key: after.get(key, 0) - before.get(key, 0) for key in {**before, **after}}
    added, gone = (
        tuple((name, sign * n, is_lent) for (name, is_lent), n in change.items() if sign * n > 0) for sign in (1, -1)
    )
    told = []
    if added:
        pattern = translate("As “{first}”, and in addition: {units}")
        told.append(pattern.format(first=first.name, units=_units(views, added)))
    if gone:
        told.append(translate("As “{first}”, without: {units}").format(first=first.name, units=_units(views, gone)))
    pattern = translate("As “{first}”, but {system} shares the {network}.")
    told += [pattern.format(first=first.name, system=system, network=network) for system, network in laydown.joined]
    return " ".join(told)


def _units(views: Views, units: tuple[tuple[str, int, bool], ...]) -> str:
    lent = views.wording.translate("{count} × {system} (lent by an ally)")
    parts = [
        (lent if is_lent else "{count} × {system}").format(count=views.wording.count(count), system=system)
        for system, count, is_lent in units
    ]
    return "; ".join(parts) + "."
