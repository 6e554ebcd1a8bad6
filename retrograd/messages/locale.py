"""The language that the locale asks for."""

from __future__ import annotations

import os

from retrograd.messages.catalogue import LANGUAGES


def locale_language() -> str:
    """Return the locale's language, the first one where it has no texts."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            language = value.partition("_")[0].partition(".")[0].lower()
            return language if language in LANGUAGES else LANGUAGES[0]
    return LANGUAGES[0]
