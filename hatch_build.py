"""Build hook: compiles each message catalogue (.po) to the binary form (.mo) that gettext reads.

The hook runs for wheels and for editable installs.  The .mo files are not tracked by git.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MessageCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the message catalogues before the files of the package are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write a .mo file beside each .po file; a catalogue that cannot be read stops the build."""
        for source in sorted(Path(self.root, "src", "steeldome", "locale").glob("*/LC_MESSAGES/*.po")):
            with source.open("rb") as stream:
                catalogue = read_po(stream, abort_invalid=True)
            with source.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, catalogue)
