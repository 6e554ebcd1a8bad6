"""The page opens on real programs: a CNN, a GPT, a GAN, one that raised, one with NaN."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Page, expect

from retrograd.store.reader import load
from retrograd.views.export import LARGEST, export
from views.viewing import address, viewing
from views.visiting import Look

PROGRAMS = {"digits_cnn": 0, "gpt": 0, "gan": 0, "raises": 1, "nan": 0}
"""With their exit codes."""
SAID = {
    "raises": "The run ended with an error in step 5",
    "nan": "The first number that is not finite came in step 7",
}
HERE = {"raises": "The run ended here", "nan": "R40 nonfinite-value"}
"""What the explanation says of the event at which these open."""


@pytest.fixture
def look() -> Look:
    """A dark page in Korean that may save files."""
    return {"locale": "ko-KR", "color_scheme": "dark", "accept_downloads": True}


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_opens_steps_and_exports(program: str, tmp_path: Path, page: Page) -> None:
    recording = tmp_path / f"{program}.retro"
    script = ROOT / "tests" / "programs" / f"{program}.py"
    command = [sys.executable, "-m", "retrograd", "run", "-q", "--out", recording, script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == PROGRAMS[program], done.stderr
    with viewing(recording) as server:
        page.goto(server.address)
        now = page.locator(".ev.now")
        explained = page.locator(".ex:not(.stale) h1")
        expect(now).to_be_visible()
        expect(explained).to_be_visible()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        page.locator(".seg").get_by_text("en", exact=True).click()
        if program in SAID:
            expect(page.locator(".notice.wrong")).to_contain_text(SAID[program])
        if program in HERE:
            expect(page.locator(".ex .trouble")).to_contain_text(HERE[program])
        if program == "gpt":  # the end of a name is what tells it from others
            name = page.locator(".led .nm").filter(has_text="blocks.0.ln1.weight")
            assert name.locator(".tail").evaluate("n => getComputedStyle(n).direction") == "rtl"
            expect(name).to_contain_text("16")
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("n")
        expect(explained).to_be_visible()
        link, name = address(page), now.inner_text()
        page.goto("about:blank")
        page.goto(link)  # the address reopens exactly this
        expect(now).to_have_text(name, use_inner_text=True)
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        exported = tmp_path / download.value.suggested_filename
        download.value.save_as(exported)
    assert exported.name == f"{program}.html"
    if program == "digits_cnn":  # its numbers can be asked offline, too
        with load(recording) as opened:
            assert export(opened, [0], LARGEST).asked == (0,)
    page.context.set_offline(True)
    page.goto(exported.as_uri())
    expect(now).to_be_visible()
    expect(explained).to_be_visible()
