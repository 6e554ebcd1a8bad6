"""``retrograd why``: what it prints in both languages and as JSON, and bad input."""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from retrograd.commands import cli


@pytest.fixture(scope="module")
def sparse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OR gate with a few full steps."""
    path = tmp_path_factory.mktemp("sparse") / "or_gate.retro"
    command = ["run", "-q", "--steps", "0,400,450", "--out", path, ROOT / "examples/or_gate.py"]
    subprocess.run([sys.executable, "-m", "retrograd", *command], cwd=ROOT, check=True)
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Return what the command prints."""
    assert cli.main(["why", *map(str, words)]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    return out


def test_a_weight(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, or_gate, "weights[0]", "--step", "437", "--lang", "en")
    assert found.startswith("weights[0,0] = 2.71904 after step 437\n")
    assert "2.71586 − 0.1 · (−0.0318252) = 2.71904" in found
    assert "loss → output → a1 → a0 → weights" in found
    assert "✓ recomputed without PyTorch" in found
    korean = printed(capsys, or_gate, "weights[0]", "--step", "437", "--lang", "ko")
    assert korean.startswith("스텝 437 뒤의 weights[0,0] = 2.71904\n")
    assert len(korean.splitlines()) == len(found.splitlines())


def test_parts(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Together they are the whole answer."""
    words = (or_gate, "weights[0]", "--step", "437", "--lang", "en")
    whole = printed(capsys, *words).splitlines()
    parts = []
    for part in ("update", "gradient", "paths", "samples", "run"):
        head, *rest = printed(capsys, *words, "--part", part).splitlines()
        assert head == whole[0]
        assert rest
        parts += rest
    assert [whole[0], *parts] == whole


def test_a_light_step(sparse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is known of it is said."""
    found = printed(capsys, sparse, "weights[0]", "--step", "437", "--lang", "en")
    assert found.startswith("weights[0,0] = 2.71904 after step 437\n")
    assert "Full steps\n  near it: 0, 400, 450." in found
    assert "before         2.71586" in found
    assert "gradient       −0.0318252" in found
    korean = printed(capsys, sparse, "grad weights[0]", "--step", "437", "--lang", "ko")
    assert "그래디언트  −0.0318252" in korean


def test_json(or_gate: Path, sparse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(capsys, or_gate, "weights[0]", "--step", "437", "--json"))
    assert found["target"] == "weights[0,0]"
    assert found["number"] == found["updates"][0]["after"]
    (part,) = found["gradient"]["contributions"]
    assert part["samples"]["size"] == 4
    total = sum(share["amount"] for share in part["samples"]["shares"])
    assert total == pytest.approx(part["amount"], rel=1e-6)
    light = json.loads(printed(capsys, sparse, "weights[0]", "--step", "437", "--json"))
    assert light["full"] is False
    assert light["light"]["after"] == pytest.approx(found["number"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("weigths[0]",), "did you mean weights?"),
        (("weights",), "say which element"),
        (("weights[7]",), "goes from 0 to 1"),
        (("output[0]", "--step", "437"), "was recorded light"),
        (("weights[0]", "--step", "5000"), "has no step 5000"),
        (("weights[0]", "--step", "x"), "is not understood"),
        (("weights[0]", "--depth", "0"), "give a number from 1 on"),
    ],
)
def test_bad_input(
    words: tuple[str, ...], said: str, sparse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["why", str(sparse), *words]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert said in error
    assert error.count("\n") == 1


def test_a_damaged_structure(
    or_gate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers of the structure changed at random: an answer or one line, never a traceback."""
    rng = random.Random(7)
    path = tmp_path / "damaged.retro"
    refused = 0
    for round_ in range(60):
        shutil.copy(or_gate, path)
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            column = rng.choice(("events", "nodes", "forms", "slots"))
            for number, text in database.execute(f"SELECT id, {column} FROM structure").fetchall():
                found = list(re.finditer(r"(?<=[:\[,])-?\d+(?=[,\]}])", text))
                if not found:
                    continue
                picked = rng.choice(found)
                other = rng.choice(("-1", "0", "1", "2", "7", "1000000", "null", '"x"', "[]"))
                changed = text[: picked.start()] + other + text[picked.end() :]
                command = f"UPDATE structure SET {column} = ? WHERE id = ?"
                database.execute(command, (changed, number))
        for words in (("why", str(path), "weights[0]"), ("tensor", str(path), "weights")):
            code = cli.main([*words, "--step", str(round_ % 3)])
            out, error = capsys.readouterr()
            assert (code, bool(out), error.count("\n")) in ((0, True, 0), (2, False, 1))
            refused += code == 2
    assert refused > 10
