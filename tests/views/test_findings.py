"""What the diagnosis found, on the page: marks on the timeline, a list, the way to the event."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from recordings import record

from retrograd.diagnose.registry import find
from retrograd.store.reader import load
from retrograd.views import notebook
from retrograd.views.export import LARGEST
from retrograd.views.export import export as export_page
from views.viewing import Viewing, address, viewing


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of a training without zero_grad."""
    folder = tmp_path_factory.mktemp("findings")
    path = folder / "broken.py"
    path.write_text(find("R15").failing)
    return record([path], folder)[path]


def test_marks_list_and_event(broken: Path, page: Page) -> None:
    with viewing(broken) as view:
        page.goto(view.address)
        mark = page.locator(".mark.found")
        expect(mark).to_have_text("R15")
        assert str(mark.get_attribute("title")).startswith("R15 zero-grad-missing: step() read")
        listed = page.locator(".findings")
        expect(listed.locator("summary")).to_have_text("1 finding: R15 zero-grad-missing")
        listed.locator("summary").click()
        expect(listed).to_contain_text("broken.py:9")
        expect(listed).to_contain_text("Fix: Call optimizer.zero_grad()")
        expect(listed.locator("pre")).to_contain_text("+    optimizer.zero_grad()")
        listed.get_by_role("button", name="step 1 and 18 more").click()
        expect(listed.locator("ol")).to_be_hidden()
        expect(page.locator(".led")).to_be_visible()
        assert "step=1&" in address(page)
        page.get_by_role("button", name="ko", exact=True).click()
        expect(listed.locator("summary")).to_contain_text("찾은 문제 1개")
        status, text = view.data("findings")
        assert status == 200
        (found,) = json.loads(text)["findings"]
        assert (found["code"], found["step"], found["count"], found["line"]) == ("R15", 1, 19, 9)


@pytest.mark.parametrize("look", [{"offline": True, "locale": "en-US"}])
def test_they_are_in_an_exported_page(broken: Path, tmp_path: Path, page: Page) -> None:
    target = tmp_path / "page.html"
    with load(broken) as recording:
        target.write_text(export_page(recording, None, LARGEST).html)
    page.goto(target.as_uri())
    page.locator(".mark.found").click()
    expect(page.locator(".findings summary")).to_contain_text("R15")
    assert "step=1&" in address(page)


def test_nothing_found_takes_no_room(server: Viewing, page: Page) -> None:
    page.goto(server.address)
    expect(page.locator(".led")).to_be_visible()
    assert json.loads(server.data("findings")[1])["findings"] == []
    assert page.locator(".findings, .mark.found").count() == 0


def test_a_notebook_lists_them_above_the_page(
    broken: Path, or_gate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    above, _, _ = notebook.cell(str(broken)).partition("<iframe")
    assert "<b>R15 zero-grad-missing</b> step() read gradients" in above
    assert "<i>Call optimizer.zero_grad() once" in above
    assert notebook.cell(str(or_gate)).startswith("<iframe")
