"""P5: opening a recording is safe, whatever is in the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

from store import hostile

MUTANTS = 10_000 if os.environ.get("RETROGRAD_TORTURE") else 300
BATCH = 50


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small recording with several kinds of events, ops and incidents."""
    folder = tmp_path_factory.mktemp("base")
    script = folder / "train.py"
    script.write_text(
        "import torch, warnings\n"
        "from torch import nn\n"
        "model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))\n"
        "optimizer = torch.optim.Adam(model.parameters())\n"
        "warnings.warn('careful')\n"
        "for step in range(30):\n"
        "    x = torch.randn(5, 3)\n"
        "    loss = (model(x) - x.sum(1, keepdim=True)).square().mean()\n"
        "    optimizer.zero_grad()\n"
        "    loss.backward()\n"
        "    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
        "    optimizer.step()\n"
        "raise ValueError('over')\n"
    )
    command = ["run", "-q", "--steps", "0-9", "--keep", "*", "--out", folder / "base.retro", script]
    subprocess.run([sys.executable, "-m", "retrograd", *command], cwd=ROOT, check=False)
    return folder / "base.retro"


def batch(base: Path, first: int) -> list[str]:
    """Return the outcomes of some mutants; a crash of the process is one too."""
    done = subprocess.run(
        [sys.executable, hostile.__file__, base, str(first), str(BATCH)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if len(found) != BATCH:
        found.append(f"mutant {first + len(found)} ended the process: {done.stderr[-500:]}")
    return found


def test_the_base_is_sound(base: Path) -> None:
    """Without a mutation there are only data."""
    hostile.exercise(base)


def test_mutants_give_data_or_one_clear_error(base: Path) -> None:
    """Never a crash, a hang, a traceback or memory without bound."""
    with ThreadPoolExecutor(2) as pool:
        batches = pool.map(lambda first: batch(base, first), range(0, MUTANTS, BATCH))
    outcomes = [outcome for found in batches for outcome in found]
    counts = Counter(outcome if outcome in ("data", "error") else "bad" for outcome in outcomes)
    print(f"\nP5: {MUTANTS} mutated files: {dict(counts)}")
    assert [outcome for outcome in outcomes if outcome not in ("data", "error")] == []
    assert counts["data"] > MUTANTS // 20
    assert counts["error"] > MUTANTS // 5


def test_the_checker_finds_a_planted_failure(base: Path) -> None:
    """An exception that is no ``RecordingError`` counts as bad."""

    def careless(path: Path) -> None:
        raise KeyError("events")

    assert "KeyError" in hostile.outcome(base, 1, careless)
