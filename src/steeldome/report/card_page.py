"""Cards to hand out: one HTML file for an item or threat, at most two A4 pages, and an index of them all.

A card tells published, assumed and unknown apart, and who can veto what.  It holds no script and loads nothing; its
data are those of `steeldome.inputs.card`.
"""

from pathlib import Path
from typing import Final, NamedTuple

from markupsafe import Markup

from steeldome import __version__
from steeldome.inputs.card import card, sharers, summary_rows
from steeldome.inputs.catalogue import Catalogue
from steeldome.report.card_labels import kind_headings, status_names
from steeldome.report.card_view import STATUS_SYMBOLS, card_view
from steeldome.report.card_words import newest_date, states
from steeldome.report.labels import class_labels, level_meanings
from steeldome.report.pages import page_environment
from steeldome.report.wording import Translate, Wording
from steeldome.results.files import Files, write_file

LEVEL: Final = "E1"  # a catalogue is sourced; to be more, its numbers would have to be checked against events
INDEX: Final = "index.html"


class IndexRow(NamedTuple):
    """One entry of the index."""

    id: str
    name: str
    system_class: str
    origin: str
    n_published: int
    n_assumed: int
    n_unknown: int
    n_active: int


class CardPages:
    """Cards and index of one catalogue in one language, as HTML text.

    Parameters
    ----------
    catalogue : Catalogue
    language : str
        ``en`` or ``tr``.
    translate : callable
        From an English sentence to the same sentence in the language.
    """

    def __init__(self, catalogue: Catalogue, language: str, translate: Translate) -> None:
        self._catalogue = catalogue
        self._wording = Wording(language, translate)
        self._sharers = sharers(catalogue)
        self._environment, self._style = page_environment(self._wording, "card.css")

    def card(self, owner_id: str, is_linked: bool = False) -> str:
        """The card of an item or threat.

        Parameters
        ----------
        owner_id : str
        is_linked : bool
            Whether the other cards and the index stand beside this one.

        Raises
        ------
        CatalogueError
            There is no such item or threat.
        """
        view = card_view(self._catalogue, owner_id, self._sharers, self._wording)
        title = " – ".join((view.name, self._wording.translate("Steeldome catalogue")))
        return self._render("card.html.j2", title, view=view, is_linked=is_linked)

    def index(self) -> str:
        """Every entry under its kind, with the number of rows on its card."""
        translate, language = self._wording.translate, self._wording.language
        classes, headings = class_labels(translate), kind_headings(translate)
        groups: dict[str, list[IndexRow]] = {kind: [] for kind in headings}
        for row in summary_rows(self._catalogue):
            active = sum(gate.status == "active" for gate in card(self._catalogue, row.id).gates)
            class_ = classes.get(row.system_class, row.system_class)
            counts = (row.n_published, row.n_assumed, row.n_unknown, active)
            entry = IndexRow(row.id, row.name.in_language(language), class_, states(row.origin, translate), *counts)
            groups[row.kind].append(entry)
        named = [(headings[kind], rows) for kind, rows in groups.items() if rows]
        return self._render("cards.html.j2", translate("Steeldome catalogue"), groups=named)

    def _render(self, template: str, title: str, **more: object) -> str:
        translate = self._wording.translate
        page = self._environment.get_template(template).render(
            language=self._wording.language,
            page_title=title,
            style=self._style + _running_title(title),
            version=__version__,
            digest=self._catalogue.digest,
            newest=newest_date(self._catalogue),
            level=LEVEL,
            level_meaning=level_meanings(translate)[LEVEL],
            statuses=[(STATUS_SYMBOLS[key], key, name) for key, name in status_names(translate).items()],
            **more,
        )
        return page.strip() + "\n"


def write_card(catalogue: Catalogue, owner_id: str, path: Path, language: str, translate: Translate) -> None:
    """Write the card of one item or threat; an older file is replaced.

    Raises
    ------
    CatalogueError
        There is no such item or threat.
    OSError
        The file cannot be written.
    """
    write_file(path, CardPages(catalogue, language, translate).card(owner_id).encode(), Files())


def write_cards(catalogue: Catalogue, folder: Path, language: str, translate: Translate) -> int:
    """Write the card of every item and threat into a folder, linked with each other, and an index of them.

    Returns
    -------
    int
        Number of cards.

    Raises
    ------
    OSError
        The folder or a file cannot be written.
    """
    pages = CardPages(catalogue, language, translate)
    owners = (*catalogue.items, *catalogue.threats)
    folder.mkdir(parents=True, exist_ok=True)
    for owner_id in owners:
        write_file(folder / f"{owner_id}.html", pages.card(owner_id, is_linked=True).encode(), Files())
    write_file(folder / INDEX, pages.index().encode(), Files())
    return len(owners)


def _running_title(title: str) -> Markup:
    """Rule that prints the title at the foot of each page; letters that could end string or sheet are escaped."""
    safe = (letter if letter.isalnum() or letter in " –.,/+-" else f"\\{ord(letter):x} " for letter in title)
    return Markup(
        '@page {{ @bottom-left {{ content: "{}"; font: 7pt sans-serif; color: #555; }} }}\n'.format("".join(safe))
    )
