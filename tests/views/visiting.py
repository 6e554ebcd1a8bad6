"""Opens pages in which no error may happen, and leaves them before their server ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

Look = dict[str, Any]
"""Options of a browser context: window, language, theme."""
_REFUSED: Final = "Failed to load resource"
_open: Final[list[Page]] = []


@contextmanager
def visiting(browser: Browser, *, refused: bool = False, **look: Any) -> Iterator[Page]:
    """Open a page of its own; ``refused`` where the test lets the server refuse or end."""
    problems: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not (refused and said.text.startswith(_REFUSED)):
            problems.append(said.text)

    def dismiss(dialog: Dialog) -> None:
        problems.append(dialog.message)
        dialog.dismiss()

    context = browser.new_context(**look)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", hear)
    page.on("dialog", dismiss)
    _open.append(page)
    try:
        yield page
    finally:
        _open.remove(page)
        context.close()
    assert problems == []


def leave(root: str) -> None:
    """Leave a server that is about to end: what a page still waits for would be an error in it."""
    for page in _open:
        if page.url.startswith(root) and not page.is_closed():
            page.goto("about:blank")
