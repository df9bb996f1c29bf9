"""The story of one replication in words: each leaker, how far each fire unit got, what would have helped."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from steeldome.app.printing import Translate
from steeldome.compiler.tables import STAGES, THREAT_CLASSES
from steeldome.experiments.ledger import LEAKED, NONE_OR_SEVERAL, causes, furthest
from steeldome.experiments.stored import systems_of
from steeldome.report.wording import stage_names
from steeldome.results.schema import EVENT_KINDS

if TYPE_CHECKING:
    from steeldome.compiler.compiled import Compiled


def tell(case: "Compiled", seed: int, replication: int, threat: str | None) -> list[dict[str, Any]]:
    """Stories of the leakers of one replication, as JSON shows them.

    Parameters
    ----------
    case : Compiled
    seed, replication : int
    threat : str or None
        Name of one threat, or None for every leaker.
    """
    from steeldome.engine.blocks import trace_replication

    story = trace_replication(case.tables, seed, replication)
    named = {cause.threat: cause for cause in causes(case.tables, seed, replication)}
    systems = systems_of(case)
    told = []
    for row, name in enumerate(case.names.threats):
        if name != threat if threat is not None else story.truth[row] != LEAKED:
            continue
        record = case.tables.threat[row]
        reached = furthest(case.tables, story, row)
        counted = Counter((systems[unit], stage) for unit, stage in reached)
        cause = named.get(row)
        told.append(
            {
                "threat": name,
                "type": case.threat_types[row],
                "class": THREAT_CLASSES[record["threat_class"]],
                "asset": case.names.assets[record["asset"]] if record["asset"] >= 0 else None,
                "leaked": bool(story.truth[row] == LEAKED),
                "events": [_event(case, event) for event in story.events[story.events["threat"] == row]],
                "fire_units": {case.names.fire_units[unit]: stage for unit, stage in reached},
                "systems": [
                    {"system": system, "furthest": stage, "fire_units": n}
                    for (system, stage), n in sorted(counted.items(), key=lambda item: -STAGES.index(item[0][1]))
                ],
                "cause": cause.cause if cause else None,
                "would_have_helped": list(cause.helped) if cause else [],
            }
        )
    return told


def _event(case: "Compiled", event: Any) -> dict[str, Any]:
    kind = EVENT_KINDS[event["kind"]]
    value: Any = int(event["value"])
    if kind in ("leaked", "asset_lost"):
        value = case.names.assets[value] if 0 <= value < len(case.names.assets) else None
    if kind == "known":
        value = THREAT_CLASSES[value]
    found: dict[str, Any] = {"time_s": int(event["t_ms"]) / 1000.0, "kind": kind, "value": value}
    for column, names in (
        ("sensor", case.names.sensors),
        ("fire_unit", case.names.fire_units),
        ("group", case.names.groups),
    ):
        if event[column] >= 0:
            found[column] = names[event[column]]
    return found


def event_sentences(translate: Translate) -> Mapping[str, str]:
    """Sentence of every kind of event."""
    return {
        "unit_unavailable": translate("unit not ready"),
        "unit_lost": translate("unit lost"),
        "unit_restored": translate("unit back"),
        "sensor_variant": translate("{sensor} changes its mode"),
        "track": translate("{sensor} has a firm track"),
        "track_waiting": translate("{sensor} sees it but has no track to spare"),
        "track_end": translate("{sensor} loses the track"),
        "reported": translate("reported to {group}"),
        "known": translate("known to {group} as {value}"),
        "order": translate("{group} orders {fire_unit} to fire {value}"),
        "abort": translate("{fire_unit} does not launch"),
        "launch": translate("{fire_unit} fires {value}"),
        "hit": translate("{fire_unit} hits"),
        "miss": translate("{fire_unit} misses"),
        "assessed_dead": translate("{group} believes it destroyed"),
        "assessed_alive": translate("{group} sees that it lives"),
        "relook_alive": translate("{group} looks again and sees that it lives"),
        "reload": translate("{fire_unit} reloads {value}"),
        "leaked": translate("reaches {value}"),
        "fell_clear": translate("falls clear"),
        "malfunctioned": translate("fails by itself"),
        "passed": translate("flies on"),
        "asset_lost": translate("{value} is lost"),
    }


def print_story(told: Mapping[str, Any], translate: Translate) -> None:
    """One leaker: its events, the furthest condition by system, the cause."""
    sentences, stages = event_sentences(translate), stage_names(translate)
    aim = told["asset"] or translate("no asset")
    print(f"{told['threat']} ({told['type']}, {told['class']}), " + translate("aimed at {asset}").format(asset=aim))
    for event in told["events"]:
        names = {key: event.get(key) or "?" for key in ("sensor", "fire_unit", "group", "value")}
        minutes, seconds = divmod(event["time_s"], 60.0)
        print(f"  {minutes:4.0f}:{seconds:04.1f}  " + sentences[event["kind"]].format(**names))
    for line in told["systems"]:
        pattern = translate("{system}, {n} fire units: furthest condition: {stage}")
        print("  " + pattern.format(system=line["system"], n=line["fire_units"], stage=stages[line["furthest"]]))
    if told["cause"] in STAGES[:3]:
        print("  " + translate("no fire unit could ever engage it: {cause}").format(cause=stages[told["cause"]]))
    elif told["cause"] == NONE_OR_SEVERAL:
        print("  " + translate("no single condition would have stopped it"))
    elif told["cause"]:
        print("  " + translate("but for this it would have been stopped: {cause}").format(cause=stages[told["cause"]]))
    if len(told["would_have_helped"]) > 1:
        listed = ", ".join(stages[name] for name in told["would_have_helped"])
        print("  " + translate("each of these alone would have stopped it: {causes}").format(causes=listed))
