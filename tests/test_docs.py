"""The commands and the Python in the documentation run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# They install and run everything, this test included; .ci/run and the fresh clone run them.
ELSEWHERE = ("make ",)


def commands(page: Path) -> list[str]:
    """Return the commands of a page's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [line for line in lines if not line.startswith(ELSEWHERE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_run(page: Path, tmp_path: Path) -> None:
    """Each in order, in a folder that holds the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if page.parent.name == "docs":
        prepare = [sys.executable, "-m", "retrograd", "run", "-q", "examples/or_gate.py"]
        subprocess.run(prepare, cwd=tmp_path, env=environment, capture_output=True, check=True)
    for command in commands(page):
        words = shlex.split(command, comments=True)
        assert words[0] == "retrograd", command
        result = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stderr}"


def test_every_link_leads_somewhere() -> None:
    """Relative links in the pages."""
    for page in [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
