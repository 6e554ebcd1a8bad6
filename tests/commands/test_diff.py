"""``retrograd diff``: what it prints in both languages and as JSON, its exit codes, bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from retrograd.commands import cli


@pytest.fixture(scope="module")
def slower(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OR gate with another learning rate."""
    folder = tmp_path_factory.mktemp("slower")
    text = (ROOT / "examples" / "or_gate.py").read_text(encoding="utf-8")
    assert "lr=0.1" in text
    (folder / "slower.py").write_text(text.replace("lr=0.1", "lr=0.05"), encoding="utf-8")
    path = folder / "slower.retro"
    command = ["run", "-q", "--budget", "all", "--out", path, folder / "slower.py"]
    subprocess.run([sys.executable, "-m", "retrograd", *command], cwd=ROOT, check=True)
    return path


def test_equal(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diff", str(or_gate), str(or_gate), "--lang", "en"]) == 0
    out, error = capsys.readouterr()
    assert "They are the same" in out
    assert error == ""


def test_apart(or_gate: Path, slower: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diff", str(or_gate), str(slower), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "other hyperparameters" in out
    assert "lr:  A 0.1   B 0.05" in out
    assert "or_gate.py:" in out
    assert "slower.py:" in out
    assert "optimizer.step()" in out
    assert "How it grows" in out
    assert cli.main(["diff", str(or_gate), str(slower), "--lang", "ko"]) == 1
    korean = capsys.readouterr().out
    assert "하이퍼파라미터가 다름" in korean
    for side in ("  A  ", "  B  "):
        assert korean.count(side) == out.count(side)


def test_json(or_gate: Path, slower: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diff", str(or_gate), str(slower), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["equal"] is False
    assert found["part"]["kind"] == "hyperparameter"
    assert found["part"]["texts"] == ["0.1", "0.05"]
    assert found["first_number"]["step"] == 0
    assert found["growth"]["loss"]["step"][0] == 1
    assert cli.main(["diff", str(or_gate), str(or_gate), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["part"] is None


@pytest.mark.parametrize("word", ["x", "-1", "nan", "inf"])
def test_a_tolerance_that_is_none(
    word: str, or_gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["diff", str(or_gate), str(or_gate), f"--rtol={word}"]) == 2
    assert "is not understood" in capsys.readouterr().err


def test_no_recording(or_gate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((str(or_gate), "missing.retro"), (__file__, str(or_gate))):
        assert cli.main(["diff", *words]) == 2
        out, error = capsys.readouterr()
        assert out == ""
        assert error.count("\n") == 1
