"""What cannot be shown is said in one line, in the terminal and in the page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from views.viewing import Viewing


def view(folder: Path, *words: str) -> tuple[int, list[str]]:
    """Return the exit code of ``retrograd view`` and its lines on stderr."""
    command = [sys.executable, "-m", "retrograd", "view", "--no-browser", *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr.splitlines()


def test_no_recording_here(tmp_path: Path) -> None:
    code, said = view(tmp_path)
    assert (code, len(said)) == (2, 1)
    assert "retrograd run SCRIPT" in said[0]


@pytest.mark.parametrize("content", [b"", b"not a recording\n", b"SQLite format 3\0" + bytes(4000)])
def test_a_file_that_is_no_recording(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.retro").write_bytes(content)
    code, said = view(tmp_path, "a.retro")
    assert (code, len(said)) == (2, 1)
    assert "a.retro" in said[0]


def test_a_recording_cut_short(or_gate: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.retro").write_bytes(or_gate.read_bytes()[:20_000])
    code, said = view(tmp_path, "cut.retro")
    assert (code, len(said)) == (2, 1)
    assert "cut.retro is damaged" in said[0]


@pytest.mark.parametrize(
    ("look", "said"),
    [({"locale": "en-US"}, "This browser lacks"), ({"locale": "ko-KR"}, "기능이 없습니다")],
)
def test_an_old_browser(page: Page, server: Viewing, said: str) -> None:
    page.add_init_script("delete window.DecompressionStream")
    page.goto(server.address)
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("alert")).to_contain_text("DecompressionStream")
