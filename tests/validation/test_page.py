"""The page of reference cases is what its tool writes."""

import validation_page

from steeldome.validation.checking import validate


def test_the_page_is_what_the_tool_writes() -> None:
    text = validation_page.PAGE.read_text(encoding="utf-8")
    assert validation_page.written(text, validate()) == text, "type 'make validation'"
    assert "It is not validation against events." in text
