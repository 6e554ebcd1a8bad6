"""The commands and the Python in the documentation run."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

_spec = importlib.util.spec_from_file_location("regenerate", ROOT / "docs" / "regenerate.py")
assert _spec is not None
assert _spec.loader is not None
regenerate: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(regenerate)

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WITH_OUTPUT: list[Path] = regenerate.PAGES
# They install and run everything, this test included, and find the command in a shell.
ELSEWHERE = ("make ", "source ")


def commands(page: Path) -> list[str]:
    """Return the commands of a page's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [line for line in lines if not line.startswith(ELSEWHERE)]


@pytest.fixture(scope="module")
def workplace() -> Iterator[None]:
    """A folder with a recording of the OR gate."""
    with regenerate.workplace():
        yield


@pytest.mark.parametrize("page", WITH_OUTPUT, ids=lambda page: page.name)
def test_the_output_is_real(page: Path, workplace: None) -> None:
    """What stands below each command is what it prints; ``make docs`` writes it anew."""
    text = page.read_text(encoding="utf-8")
    assert regenerate.same(regenerate.regenerated(text), text), f"{page.name}: make docs"


@pytest.mark.parametrize("page", regenerate.GLOSSARIES, ids=lambda page: page.name)
def test_the_glossary_is_the_catalogues(page: Path) -> None:
    """``make docs`` writes the table."""
    assert page.read_text(encoding="utf-8") == regenerate.glossary(page), f"{page.name}: make docs"


def test_the_comparison_of_output() -> None:
    """It sees a changed word and a changed number, not a last digit or a space."""
    line = "weights[0,0] = 2.71904 after step 437   ✓ −1.5e-08"
    assert regenerate.same(line, line.replace("2.71904", "2.71899").replace("   ", " "))
    assert regenerate.same(line, line.replace("1.5e-08", "3e-09"))
    assert not regenerate.same(line, line.replace("2.71904", "2.8"))
    assert not regenerate.same(line, line.replace("after", "before"))
    assert not regenerate.same(line, line.replace("437", "438"))


@pytest.mark.parametrize("page", WITH_OUTPUT, ids=lambda page: page.name)
def test_the_python_runs(page: Path, workplace: None) -> None:
    """Each block on its own."""
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, page.name, "exec"), {})


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page not in WITH_OUTPUT], ids=lambda page: page.name
)
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
        if words[1] == "view":
            shown(words, tmp_path, environment)
            continue
        result = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stderr}"


def shown(words: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a command that serves the page until Ctrl-C ends it."""
    command = [sys.executable, "-m", *words, "--no-browser"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "http://127.0.0.1:" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode == 0


def test_every_link_leads_somewhere() -> None:
    """Relative links in the pages."""
    for page in [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
