"""What a recording holds is text: names, source and messages that try to be more stay text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from views.viewing import viewing
from views.visiting import Look

NAME = """<img src=x onerror="window['hacked']=1">`${1}"""
PROGRAM = f"""
# </script><script>window.hacked = 2</script> \u202e reversed \u2066 <!-- & &amp;
import torch

NAME = {NAME!r}
module = torch.nn.Module()
module.register_parameter(NAME, torch.nn.Parameter(torch.ones(2)))
module.register_parameter("\u202egnol" + "o" * 3000, torch.nn.Parameter(torch.ones(1)))
optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = sum((parameter**2).sum() for parameter in module.parameters())
    loss.backward()
    optimizer.step()
raise ValueError("</script><script>window.hacked = 3</script>" + NAME)
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording whose every text is hostile, down to the name of its file."""
    folder = tmp_path_factory.mktemp("hostile")
    script = folder / "<b onclick=alert(1)>&quot;.py"
    script.write_text(PROGRAM, encoding="utf-8")
    target = folder / "<img src=x onerror=alert(1)>.retro"
    command = [sys.executable, "-m", "retrograd", "run", "-q", "--budget", "all", "--out"]
    done = subprocess.run([*command, target, script], capture_output=True, check=False)
    assert done.returncode == 1 and target.exists()
    return target


@pytest.fixture
def look() -> Look:
    """A window of a laptop."""
    return {"locale": "en-US", "viewport": {"width": 1280, "height": 800}}


def walk(page: Page, address: str) -> None:
    """Look at each event of a step."""
    page.goto(f"{address}#step=1&event=0")
    frames = page.locator(".ev")
    expect(frames.first).to_be_visible()
    for place in range(frames.count()):
        frames.nth(place).click()
        expect(frames.nth(place)).to_have_attribute("aria-current", "step")
        expect(page.locator(".ex:not(.stale) h1")).to_be_visible()
    expect(page.locator(".led")).to_contain_text(NAME)
    expect(page.locator(".src")).to_contain_text("</script><script>window.hacked = 2")
    expect(page.locator(".notice.wrong")).to_contain_text("window.hacked = 3</script>")
    assert page.locator("img, b[onclick]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.evaluate("window.hacked") is None


def test_a_served_page_shows_text(page: Page, recording: Path) -> None:
    with viewing(recording) as server:
        walk(page, server.address)


def test_an_exported_page_shows_text(page: Page, recording: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    command = [sys.executable, "-m", "retrograd", "export", recording, "-o", target]
    subprocess.run(command, check=True, capture_output=True)
    walk(page, target.as_uri())
