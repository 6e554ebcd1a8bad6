"""Everybody can use the page: axe finds no violations, and the keyboard reaches everything."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect

from views.viewing import Viewing
from views.visiting import Look

AXE = ROOT / "viewer" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def look() -> Look:
    """The test brings axe along, and nothing moves by itself."""
    return {"bypass_csp": True, "locale": "en-US", "reduced_motion": "reduce"}


def violations(page: Page) -> list[str]:
    """Return what axe objects to, with the elements."""
    assert AXE.is_file(), "axe-core is missing: run npm ci in viewer/"
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((r) => r.violations)")
    return [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(
    page: Page, server: Viewing, language: str, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server.address}#step=437&event=7&lang={language}&theme={theme}")
    expect(page.locator(".ex:not(.stale) h1")).to_be_visible()
    expect(page.locator(".nb.now")).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_in_help_and_tour(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".ev.now")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".offer .btn").first.click()
    expect(page.locator(".tour")).to_be_visible()
    assert violations(page) == []


def test_the_checker_sees_a_fault(page: Page, server: Viewing) -> None:
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".nb.now")).to_be_visible()
    page.evaluate("document.querySelector('.ic').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.ic').removeAttribute('title')")
    assert any(found.startswith("button-name") for found in violations(page))


def test_every_button_has_a_name_and_can_be_reached(page: Page, server: Viewing) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{server.address}#step=437&event=7")
    expect(page.locator(".nb.now")).to_be_visible()
    shut = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], summary, [role=button]")]
        .filter((one) => one.tabIndex < 0 && !one.closest("[role=grid], [role=radiogroup]"))
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert shut == []


def test_the_tour_on_the_keyboard_alone(page: Page, server: Viewing) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{server.address}#step=437&event=7")
    offer = page.locator(".offer")
    offer.get_by_role("button", name="Take the tour").focus()
    page.keyboard.press("Enter")
    titles = []
    card = page.locator(".tour")
    expect(card).to_be_visible()
    while card.count():
        titles.append(card.locator("h2").inner_text())
        box = card.bounding_box()
        assert box is not None and box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 800
        page.keyboard.press("Enter")
        expect(card.locator("h2").get_by_text(titles[-1], exact=True)).to_have_count(0)
    assert len(titles) == len(set(titles)) == 7
    expect(offer).to_have_count(0)
    page.reload()
    expect(page.locator(".ev.now")).to_be_visible()
    expect(offer).to_have_count(0)  # it is offered once
