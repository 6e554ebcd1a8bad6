"""A recording in a notebook's cell is the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from playwright.sync_api import Page, expect

TRAINING = """
import torch
weight = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    loss = weight.square().sum()
    loss.backward()
    optimizer.step()
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell as a notebook has it, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell()
    shell.history_manager.enabled = False  # it would write to a database of its own
    shell.run_line_magic("load_ext", "retrograd")
    yield shell
    shell.history_manager.end_session()


def displayed(shell: InteractiveShell, item: object) -> str:
    """Return what a notebook shows of a cell's last expression."""
    html: str = shell.display_formatter.format(item)[0]["text/html"]
    return html


@pytest.mark.parametrize("look", [{"offline": True, "locale": "en-US"}])
def test_the_cell_shows_the_page(shell: InteractiveShell, tmp_path: Path, page: Page) -> None:
    recording = shell.run_cell_magic("retrograd", "--budget all", TRAINING)
    html = displayed(shell, recording)
    recording.close()
    assert 'sandbox="allow-scripts allow-downloads"' in html
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><title>notebook</title>{html}", encoding="utf-8")
    page.goto(notebook.as_uri())
    frame = page.frame_locator("iframe")
    expect(frame.locator(".ev.now")).to_be_visible()
    frame.locator(".ev").first.click()
    expect(frame.locator(".ev").first).to_have_attribute("aria-current", "step")
    expect(frame.locator(".fact b").first).to_have_text("0")
    page.keyboard.press("Shift+ArrowRight")
    expect(frame.locator(".fact b").first).to_have_text("1")


def test_a_recording_of_one_s_own_shows_it_too(shell: InteractiveShell) -> None:
    shell.run_cell("import retrograd")
    head = "with retrograd.record('own.retro', budget='all') as rec:"
    shell.run_cell(f"{head}\n{indented(TRAINING)}")
    assert "<iframe" in displayed(shell, shell.user_ns["rec"])


def test_a_file_that_has_gone_is_one_line(shell: InteractiveShell, tmp_path: Path) -> None:
    recording = shell.run_cell_magic("retrograd", "gone.retro --budget all", TRAINING)
    recording.close()
    (tmp_path / "gone.retro").unlink()
    assert displayed(shell, recording).startswith("<p>")
    assert "does not exist" in displayed(shell, recording)


def indented(text: str) -> str:
    """Put a text into a block."""
    return "".join(f"    {line}\n" for line in text.splitlines())
