"""The layers of the package are kept, and a breach would be found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

BIN = Path(sys.executable).parent


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy of the project."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [BIN / "lint-imports", "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package that may be spoilt."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "retrograd", tmp_path / "retrograd", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_are_kept(copy: Path) -> None:
    """As it stands, no arrow turns back."""
    result = contracts(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("store/value.py", "import retrograd.recorder.notices"),
        ("recorder/notices.py", "import retrograd.commands.text"),
        ("explain/rule.py", "import torch"),
    ],
)
def test_a_breach_is_found(copy: Path, file: str, line: str) -> None:
    """Each planted import breaks a contract."""
    path = copy / "retrograd" / file
    head = "from __future__ import annotations\n"
    path.write_text(path.read_text().replace(head, f"{head}{line}\n"))
    result = contracts(copy)
    assert result.returncode != 0, result.stdout
    assert "BROKEN" in result.stdout


def test_ruff_bans_torch_outside_the_recorder(copy: Path) -> None:
    """The second lock on the same door."""
    (copy / "retrograd" / "store" / "spoilt.py").write_text("import torch\n\nprint(torch)\n")
    result = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "retrograd/store"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TID251" in result.stdout
