"""A browser, and the page of the OR gate, for the tests of the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from views.viewing import Viewing, viewing
from views.visiting import Look, visiting

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    expect.set_options(timeout=20_000)  # longest wait; a machine may be busy with other things
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found is not None, "the tests of the page need Chromium: make test installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def server(or_gate: Path) -> Iterator[Viewing]:
    """A server of the OR gate."""
    with viewing(or_gate) as running:
        yield running


@pytest.fixture
def look() -> Look:
    """How the page of a test is opened; a module may have its own."""
    return {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"}


@pytest.fixture
def page(browser: Browser, look: Look) -> Iterator[Page]:
    """A page in which no error may happen."""
    with visiting(browser, **look) as opened:
        yield opened
