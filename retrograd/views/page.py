"""The built page, with what it needs to find its data put in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from retrograd.store.errors import RecordingError

_PLACE: Final = '<script type="application/json" id="connection">{}</script>'


def page(connection: Mapping[str, object]) -> str:
    """Return the page with a connection: ``token`` of a server, or ``recording`` in base64.

    ``step`` is what the server expects to be asked for first, None where it does not know.

    Raises ``RecordingError`` where the package was installed without the page.
    """
    try:
        html = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RecordingError(
            "the page is missing from this installation; install retrograd again with pip"
        ) from None
    # "<" could end the element early
    said = json.dumps(connection, separators=(",", ":")).replace("<", "\\u003c")
    return html.replace(_PLACE, _PLACE.replace("{}", said))
