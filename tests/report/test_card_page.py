"""A card says each thing once, under what it is; a gate is shown as what it is; a page loads nothing."""

import dataclasses
import re
from collections import Counter
from html import unescape
from pathlib import Path
from types import MappingProxyType

import pytest

from steeldome.app.language import translator
from steeldome.inputs.card import card, sharers
from steeldome.inputs.catalogue import Catalogue, load_catalogue
from steeldome.inputs.item import Item
from steeldome.inputs.resolution import quantity_of
from steeldome.inputs.threat import ThreatType
from steeldome.report.card_page import CardPages, write_card, write_cards
from steeldome.report.card_view import STATUS_SYMBOLS
from steeldome.report.card_words import amount
from steeldome.report.wording import Wording
from tests.report.page import check_form, check_nothing_is_loaded, parsed

BY_PARTS = {"alt_partner_generic"}  # rounds ready follow from its launchers and what its round publishes
HOSTILE = "</style><script>alert(1)</script>\"' \\ {0} %s"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def pages(catalogue: Catalogue) -> dict[str, str]:
    """Every card in English, by id."""
    made = CardPages(catalogue, "en", str)
    return {owner.id: made.card(owner.id) for owner in owners(catalogue)}


def owners(catalogue: Catalogue) -> list[Item | ThreatType]:
    return [*catalogue.items.values(), *catalogue.threats.values()]


def part(text: str, anchor: str) -> str:
    """One section of a page; empty if it is not there."""
    found = re.search(rf'<section id="{anchor}">.*?</section>', text, re.DOTALL)
    return found.group() if found else ""


def gate_rows(text: str) -> list[tuple[str, str]]:
    """Status in the class and status in words of each gate of the table, in the order of the page."""
    return re.findall(r'<tr class="gate (\w+)"><td class="status">. ([a-z ]+)</td>', text)


def with_gates(catalogue: Catalogue, **changed: object) -> Catalogue:
    """A copy whose gates have these fields, by id."""
    gates = tuple(gate.model_copy(update=changed.get(gate.id, {})) for gate in catalogue.records.veto_gates)
    return dataclasses.replace(catalogue, records=catalogue.records.model_copy(update={"veto_gates": gates}))


@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_card_is_well_formed_and_loads_nothing(catalogue: Catalogue, language: str) -> None:
    made = CardPages(catalogue, language, translator(language))
    for owner in owners(catalogue):
        text = made.card(owner.id)
        page = parsed(text)
        check_form(page)
        check_nothing_is_loaded(page, text)
        assert f'<html lang="{language}">' in text and catalogue.digest in text
        assert not re.search(
            r"None|\bnan\b|\{\w+\}|Undefined", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        )


def test_every_figure_stands_once_as_published_or_assumed_or_unknown(
    catalogue: Catalogue, pages: dict[str, str]
) -> None:
    for owner in owners(catalogue):
        anchors = re.findall(r'id="(published|assumed|unknown)-([\w.]+)"', pages[owner.id])
        assert len(set(anchors)) == len(anchors), owner.id
        numbers = {
            name: value
            for name, value in owner.parameters.items()
            if not value.low is value.value is value.high is None
        }
        published = [name for name, value in numbers.items() if not value.assumption]
        assert [name for group, name in anchors if group == "published"] == published
        assert not {name for group, name in anchors if group == "unknown"} & set(numbers)
        for name in numbers.keys() - set(published):
            shown = [group for group, shown in anchors if shown == name]
            assert shown == ["assumed"] or (shown == [] and gives_way(catalogue, owner, name)), (owner.id, name)
    assert sum(len(re.findall(r'id="published-', text)) for text in pages.values()) > 500


def gives_way(catalogue: Catalogue, owner: Item | ThreatType, name: str) -> bool:
    """Whether a prior on its card stands in place of an assumption about one system, or its parts answer."""
    chosen = catalogue.find(owner.id, quantity_of(owner, name))
    shown = {row.prior for row in card(catalogue, owner.id).assumed}
    return chosen is not None and chosen.prior_id is not None and (chosen.prior_id in shown or owner.id in BY_PARTS)


def test_what_a_number_is_stands_beside_it(pages: dict[str, str]) -> None:
    row = re.search(r'<tr id="published-range_max_air">.*?</tr>', pages["siper_b1"], re.DOTALL)
    assert row and "100 (100–150)\u00a0km" in row.group() and "<td" in row.group() and ">press<" in row.group()
    number = re.search(r'href="#source-(\d+)"', row.group())
    assert number and "SIPER hits a target at 100 km" in part(pages["siper_b1"], "sources")
    assert re.search(rf'<li id="source-{number.group(1)}"><span><a href="https?://', pages["siper_b1"])
    assert "no ballistic intercept demonstrated" in part(pages["siper_b1"], "unknown")


def test_a_reason_is_in_the_language_of_the_card_and_a_note_is_marked_as_english(catalogue: Catalogue) -> None:
    turkish = translator("tr")
    text = unescape(CardPages(catalogue, "tr", turkish).card("siper_battery"))
    reasons = {row.note for row in card(catalogue, "siper_battery").assumed if row.prior}
    notes = [row.note for row in card(catalogue, "siper_battery").published if row.note]
    assert len(reasons) > 4 and notes
    assert all(f"<td><span>{turkish(reason)}</span>" in text and reason not in text for reason in reasons)
    assert all(f'<td lang="en">{note}</td>' in text for note in notes)


def test_a_prior_is_shared_with_as_many_as_it_stands_for(catalogue: Catalogue, pages: dict[str, str]) -> None:
    counted = Counter(
        row.prior for owner in owners(catalogue) for row in card(catalogue, owner.id).assumed if row.prior
    )
    assert counted == sharers(catalogue)
    peers = [
        item.id
        for item in catalogue.items.values()
        if item.system_class == "lrad"
        and catalogue.uncertain(item.id, "reaction_time").prior_id == "reaction_time.lrad"
    ]
    assert len(peers) > 5 and "siper_battery" in peers
    row = re.search(r'<tr id="assumed-reaction_time">.*?</tr>', pages["siper_battery"], re.DOTALL)
    assert row and f">{len(peers) - 1} others<" in row.group() and ">unknown<" in row.group()


def test_a_gate_is_shown_as_what_the_record_says(catalogue: Catalogue, pages: dict[str, str]) -> None:
    seen = 0
    for item in catalogue.items.values():
        parts = {item.id, *(one.id for one in card(catalogue, item.id).parts)}
        record = Counter(gate.status for gate in catalogue.records.veto_gates if gate.system in parts)
        rows = gate_rows(pages[item.id])
        assert Counter(status for status, _ in rows) == record, item.id
        assert all(word == status.replace("_", " ") for status, word in rows)
        section = part(pages[item.id], "gates")
        for status, symbol in STATUS_SYMBOLS.items():
            marks = re.findall(rf'<span class="mark {status}" title="[^"]*">(.)', section)
            assert marks == [symbol] * record[status], (item.id, status)
        seen += len(rows)
    assert seen > len(catalogue.records.veto_gates)


def test_active_blocks_come_first(catalogue: Catalogue) -> None:
    gates = card(catalogue, "s400_tr").gates
    assert (gates[0].state, gates[0].gate, gates[0].effect, gates[0].status) == (
        "RU",
        "co_production",
        "blocks",
        "active",
    )
    assert [gate.status for gate in gates] == ["active"] * 4 + ["latent"] * 2 + ["precedent_elsewhere", "lifted"]
    assert (gates[1].value_months, gates[1].low_months, gates[1].high_months) == (65.0, 60.0, 120.0)


def test_a_flipped_gate_flips_the_card(catalogue: Catalogue, pages: dict[str, str]) -> None:
    flipped = with_gates(
        catalogue, sampt_ng_battery_fr_sale={"status": "lifted"}, siper_b1_us_third_party_component={"status": "active"}
    )
    made = CardPages(flipped, "en", str)
    before, after = gate_rows(pages["sampt_ng_battery"]), gate_rows(made.card("sampt_ng_battery"))
    assert [status for status, _ in before].count("active") == 2
    assert [status for status, _ in after].count("active") == 1
    assert "× blocks" in part(made.card("sampt_ng_battery"), "gates")
    assert gate_rows(made.card("siper_battery"))[0][0] == "active"
    assert gate_rows(pages["siper_battery"])[0][0] == "latent"


def test_a_battery_tells_of_its_rounds_and_radars(pages: dict[str, str]) -> None:
    section = part(pages["siper_battery"], "parts")
    cells = re.findall(r'<th scope="row">Greatest range, aircraft</th>(.*?)</tr>', section)
    assert len(cells) == 1 and cells[0].count('<td class="published">') == 2 and "150" in cells[0]
    assert '<td class="assumed">0.6 (0.35–0.8)' in section and "Instrumented range" in section
    assert part(pages["siper_b1"], "parts") == ""


def test_the_figure_is_left_out_where_range_or_altitude_is_not_published(pages: dict[str, str]) -> None:
    assert {name for name in ("siper_b1", "siper_battery", "korkut") if "<svg" in pages[name]} == {
        "siper_b1",
        "siper_battery",
        "korkut",
    }
    assert not [name for name in ("sm3_ib", "eirs", "f35a", "shahab_3", "gokberk", "herikks") if "<svg" in pages[name]]
    bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', pages["siper_b1"])
    box = re.search(r'<path class="area" d="M[\d.]+ [\d.]+V[\d.]+H([\d.]+)V', pages["siper_b1"])
    assert box is not None
    shares = [float(width) / (float(box.group(1)) - float(left)) for left, width in bars]
    assert shares == pytest.approx([1.0, 0.6, 0.5], abs=0.01)


def test_hostile_words_of_a_catalogue_are_escaped(catalogue: Catalogue) -> None:
    item = catalogue.items["siper_b1"]
    name = item.name.model_copy(update={"en": HOSTILE})
    items = {**catalogue.items, item.id: item.model_copy(update={"name": name, "producer": HOSTILE, "status": HOSTILE})}
    source = catalogue.sources["trtde_siper"].model_copy(update={"title": HOSTILE, "url": "javascript:alert(1)"})
    sources = {**catalogue.sources, "trtde_siper": source}
    copy = dataclasses.replace(catalogue, items=MappingProxyType(items), sources=MappingProxyType(sources))
    for owner_id in ("siper_b1", "siper_battery"):
        text = CardPages(copy, "en", str).card(owner_id)
        page = parsed(text)
        check_form(page)
        check_nothing_is_loaded(page, text)
        assert "<script" not in text and "&lt;script&gt;" in text
        assert text.count("<style>") == text.count("</style>") == 1


@pytest.mark.parametrize(
    ("numbers", "unit", "language", "said"),
    [
        ((100.0, 100.0, 150.0), "km", "en", "100 (100–150)\u00a0km"),
        ((20.0, 20.0, 20.0), "km", "en", "20\u00a0km"),
        ((2026.0, 2025.0, 2026.0), "CE", "en", "2026 (2025–2026)"),
        ((None, 3.0, 6.0), "count", "en", "3–6"),
        ((None, 10.0, None), "count", "en", "at least 10"),
        ((None, None, 1000.0), "km", "tr", "en çok 1.000\u00a0km"),
        ((0.0, -1.0, 1.0), "deg", "en", "0 (−1 to 1)°"),
        ((0.045, 0.03, 0.06), "1/year", "tr", "0,045 (0,03–0,06)\u00a0/yıl"),
        ((2.2, None, 3.1), "MUSD", "en", "2.2 (2.2–3.1)\u00a0million USD"),
        ((None, None, None), "m", "en", ""),
    ],
)
def test_a_number_is_said_with_its_spread_in_the_unit_of_the_source(
    numbers: tuple[float | None, float | None, float | None], unit: str, language: str, said: str
) -> None:
    assert amount(numbers, unit, Wording(language, translator(language))) == said


def test_all_cards_are_linked_with_each_other_and_the_index(catalogue: Catalogue, tmp_path: Path) -> None:
    assert write_cards(catalogue, tmp_path / "cards", "en", str) == len(owners(catalogue)) == 115
    files = {path.name for path in (tmp_path / "cards").iterdir()}
    assert files == {"index.html", *(f"{owner.id}.html" for owner in owners(catalogue))}
    for name in ("index", "sampt_ng_battery", "herikks"):
        text = (tmp_path / "cards" / f"{name}.html").read_text(encoding="utf-8")
        page = parsed(text)
        check_form(page)
        check_nothing_is_loaded(page, text)
        inside = {str(attrs["href"]) for tag, attrs in page.tags if tag == "a" and str(attrs["href"]).endswith(".html")}
        assert inside and {link for link in inside if "://" not in link} <= files
    assert len(re.findall(r'<th scope="row"><a href="', (tmp_path / "cards/index.html").read_text())) == 115
    older = tmp_path / "one.html"
    older.write_text("older")
    write_card(catalogue, "siper_battery", older, "tr", translator("tr"))
    assert older.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
