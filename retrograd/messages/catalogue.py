"""The catalogue of one language: Fluent files, read once, all in ``retrograd/messages/<lang>``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

from fluent.runtime import FluentBundle, FluentResource

from retrograd.messages.message import Message
from retrograd.messages.particles import with_particle

LANGUAGES: Final = ("en", "ko")
LONGEST: Final = 1000
"""Characters of an argument that are shown: names and texts come from a file of any size."""


class Catalogue:
    """Puts messages into one language."""

    def __init__(self, language: str) -> None:
        """Load a language of ``LANGUAGES``; raises ``ValueError`` for another one."""
        if language not in LANGUAGES:
            raise ValueError(f"no texts in {language!r}: there are {', '.join(LANGUAGES)}")
        self.language = language
        self._bundle = _bundle(language)

    def __contains__(self, id: str) -> bool:
        return bool(self._bundle.has_message(id))

    def text(self, message: Message) -> str:
        """Return a message in words.

        Raises ``KeyError`` for an id that the language lacks and ``ValueError`` where an argument
        is missing: a gap in a sentence is a bug, and never shown.
        """
        found = self._bundle.get_message(message.id)
        if found is None or found.value is None:
            raise KeyError(f"no message {message.id!r} in {self.language}")
        arguments = {name: _short(given) for name, given in message.arguments.items()}
        text, errors = self._bundle.format_pattern(found.value, arguments)
        if errors:
            raise ValueError(f"message {message.id!r} in {self.language}: {errors[0]}")
        return str(text)


def _short(given: str | int) -> str | int:
    """Return an argument as it fits into a sentence: the formatter refuses one without bound."""
    return given if isinstance(given, int) or len(given) <= LONGEST else f"{given[:LONGEST]}…"


@cache
def _bundle(language: str) -> Any:
    functions: Any = {"JOSA": with_particle}
    bundle = FluentBundle([language], use_isolating=False, functions=functions)
    for file in sorted(files(__package__).joinpath(language).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
