"""The exported page works from disk, offline, and keeps to its size."""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from retrograd.store.reader import load
from retrograd.views.answers import Answers
from retrograd.views.export import LARGEST
from retrograd.views.export import export as export_page


def export(recording: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run ``retrograd export``."""
    command = [sys.executable, "-m", "retrograd", "export", recording, "-o", target, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("look", [{"offline": True, "locale": "ko-KR"}])
def test_it_works_offline(or_gate: Path, tmp_path: Path, page: Page) -> None:
    target = tmp_path / "page.html"
    said = export(or_gate, target)
    assert said.returncode == 0, said.stderr
    assert "1,000 steps in full" in said.stdout
    assert target.stat().st_size <= 1_500_000
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{target.as_uri()}#step=437&event=7")
    expect(page.locator(".ex h1")).to_have_text("SigmoidBackward0")
    expect(page.locator(".led")).to_contain_text("장부")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".fact b").first).to_have_text("438")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_it_keeps_to_its_size_and_says_what_it_left_out(or_gate: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    said = export(or_gate, target, "--max-size", "500KB")
    assert said.returncode == 0, said.stderr
    assert target.stat().st_size <= 500_000
    assert "left out for size" in said.stdout


def test_chosen_steps(or_gate: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    said = export(or_gate, target, "--steps", "0,10-12,last")
    assert "5 steps" in said.stdout


def test_bad_input_is_one_line(or_gate: Path, tmp_path: Path) -> None:
    for options in (
        ["--steps", "x"],
        ["--steps", "5000"],
        ["--max-size", "big"],
        ["--max-size", "1KB"],
    ):
        said = export(or_gate, tmp_path / "page.html", *options)
        assert said.returncode == 2
        assert len(said.stderr.splitlines()) == 1, said.stderr
    said = export(or_gate, tmp_path / "no" / "page.html")
    assert (said.returncode, len(said.stderr.splitlines())) == (2, 1)


def test_what_is_asked_of_single_numbers_comes_along(or_gate: Path) -> None:
    with load(or_gate) as recording:
        exported = export_page(recording, None, LARGEST)
        assert exported.steps == recording.full_steps
        assert exported.left_out == 0 and exported.unexplained == ()
        assert exported.asked[0] == 0 and len(exported.asked) < len(exported.steps)
    text = re.search(r'"recording":"([^"]+)"', exported.html)
    assert text is not None
    inlined = json.loads(gzip.decompress(base64.b64decode(text[1])))
    with load(or_gate) as recording:
        answers = Answers(recording)
        for key in ("jacobian/0/4", "card/0/2", "why/0/3/0", "step/437", "explanation/437/7"):
            assert inlined["answers"][inlined["keys"][key]].encode() == answers.answer(key), key
