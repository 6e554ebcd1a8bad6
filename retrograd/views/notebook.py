"""Shows a recording as the page in a notebook's cell: Jupyter, Colab, marimo."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from retrograd.messages.locale import locale_language
from retrograd.store.errors import RecordingError
from retrograd.store.reader import load
from retrograd.views.data.findings import FindingData, findings
from retrograd.views.export import export

LARGEST: Final = 1_200_000
"""Bytes of a cell's page: it is saved with the notebook."""
_HEIGHT: Final = 780
"""Pixels."""


def cell(path: str) -> str:
    """Return the page of a recording as HTML for a cell.

    It stands in a frame of its own that may run its script and save a file, and nothing else: what
    a recording holds never reaches the notebook.
    """
    try:
        with load(path) as recording:
            html = export(recording, None, LARGEST).html
            found = findings(recording).findings
    except RecordingError as error:
        return f"<p>{escape(str(error))}</p>"
    return _listed(found, locale_language()) + (
        f'<iframe title="retrograd: {escape(path)}" sandbox="allow-scripts allow-downloads" '
        f'style="width:100%;height:{_HEIGHT}px;border:0" srcdoc="{escape(html)}"></iframe>'
    )


def _listed(found: Sequence[FindingData], language: str) -> str:
    """Return what the diagnosis found as a list, nothing where it found nothing."""
    items = [
        f"<li><b>{escape(f'{item.code} {item.name}')}</b> {escape(item.message[language])} "
        f"<i>{escape(item.fix[language])}</i></li>"
        for item in found
    ]
    return f'<ul style="margin:0 0 8px">{"".join(items)}</ul>' if items else ""
