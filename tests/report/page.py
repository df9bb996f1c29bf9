"""Reads a page strictly, and holds that it loads nothing."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "hr", "input", "wbr", "col"}
LOADING = {"src", "srcset", "data", "poster", "background", "action"}


class Page(HTMLParser):
    """Reads a page strictly: every tag that opens closes, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"figcaption": [], "caption": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        for tag in self.texts:
            if tag in self.open:
                self.texts[tag][-1] += data


def parsed(text: str) -> Page:
    """A page read to its end."""
    found = Page()
    found.feed(text)
    found.close()
    return found


def check_form(page: Page) -> None:
    """Well formed, ids unique, every reference inside the page resolves."""
    assert not page.faults and not page.open
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {str(attrs["href"])[1:] for _, attrs in page.tags if str(attrs.get("href", "")).startswith("#")}
    assert links <= set(ids)


def check_nothing_is_loaded(page: Page, page_text: str) -> None:
    """No script, no address that a browser would open by itself, and a policy that says so."""
    for tag, attrs in page.tags:
        assert tag not in {"script", "iframe", "object", "embed", "link", "base", "form"}
        assert not any(name.startswith("on") for name in attrs)
        for name in LOADING & set(attrs):
            assert str(attrs[name]).startswith("data:"), (tag, name)
        target = str(attrs.get("href", ""))
        if tag == "a":
            assert re.match(r"#|https?://|[\w-]+\.html$", target), target
            assert not target.startswith("http") or "noreferrer" in str(attrs["rel"])
        elif tag == "image":
            assert target.startswith("data:image/png")
        else:
            assert not target or target.startswith("#")
    assert "@import" not in page_text and not re.search(r"url\((?!#)", page_text)
    policies = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
