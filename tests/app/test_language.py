"""The language is chosen as asked, and the compiled catalogues say what the sources say."""

import pytest
from babel.messages.pofile import read_po

from steeldome.app.language import LOCALE_FOLDER, SOURCE_LANGUAGE, choose_language, languages, translator
from steeldome.errors import SteeldomeError
from steeldome.inputs.catalogue import load_catalogue


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "tr_TR.UTF-8"}, "tr"),
        ({"LANG": "tr_TR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": "tr_TR@euro"}, "tr"),
        ({"LC_ALL": "en_GB.UTF-8", "STEELDOME_LANGUAGE": "TR"}, "tr"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_environment_decides_when_nobody_asks(environment: dict[str, str], expected: str) -> None:
    assert choose_language(None, environment) == expected
    assert choose_language("en", environment) == "en"


def test_an_unknown_language_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(SteeldomeError, match=r"^language: no catalogue for 'de'; allowed are en, tr$"):
        translator("de")


def test_compiled_catalogues_say_what_the_sources_say() -> None:
    for language in languages():
        translate = translator(language)
        with (LOCALE_FOLDER / language / "LC_MESSAGES" / "steeldome.po").open("rb") as stream:
            sentences = [message for message in read_po(stream) if message.id and message.string]
        assert [message.id for message in sentences if translate(str(message.id)) != message.string] == []
        assert (LOCALE_FOLDER / language / "LC_MESSAGES" / "steeldome.mo").is_file(), "type 'make .venv'"
        assert translate("a sentence that no catalogue holds") == "a sentence that no catalogue holds"


def test_every_reason_of_a_prior_is_told_in_each_language() -> None:
    reasons = {prior.reason for prior in load_catalogue().priors.values()}
    assert len(reasons) > 100
    for language in languages():
        if language != SOURCE_LANGUAGE:
            translate = translator(language)
            assert [reason for reason in sorted(reasons) if translate(reason) in ("", reason)] == [], language
