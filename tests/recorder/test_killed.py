"""P3: after ``kill -9`` the file opens and holds every step that was complete a second before."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import retrograd
from retrograd.store.model import BackwardCall, Update

TORTURE = bool(os.environ.get("RETROGRAD_TORTURE"))
SEEDS = range(100 if TORTURE else 6)
PROMISED_SECONDS = 1.0

# Says after each step that it is complete, and when: the clock is the same in all processes.
PROGRAM = """
import sys, time
import torch
width = int(sys.argv[1])
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(4, width), torch.nn.Tanh(), torch.nn.Linear(width, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
while True:
    x = torch.randn(16, 4)
    loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item(), time.monotonic(), flush=True)
"""


@dataclass(frozen=True)
class Killed:
    """A run that was killed: the losses it printed, and how many were due in the file."""

    budget: str
    losses: list[float]
    due: int
    path: Path
    stderr: str


def kill(seed: int, folder: Path) -> Killed:
    """Record the program and kill it at a random moment after its first step."""
    choose = random.Random(seed)
    budget = choose.choice(["all", "all", "10%"])
    width = choose.choice([3, 50, 400])
    alive = choose.uniform(0.0, 4.0)
    path = folder / f"killed_{seed}.retro"
    script = folder / f"program_{seed}.py"
    script.write_text(PROGRAM)
    command = ["-m", "retrograd", "run", "--budget", budget, "--out", path, script, str(width)]
    printed = folder / f"printed_{seed}"
    with (
        printed.open("w") as out,
        subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        ) as process,
    ):
        wait_for_output(printed, process)
        try:
            process.wait(timeout=alive)
        except subprocess.TimeoutExpired:
            pass
        moment = time.monotonic()
        process.kill()
        _, stderr = process.communicate()
    assert process.returncode == -9, f"it ended by itself:\n{stderr}"
    lines = [
        line.split() for line in printed.read_text().splitlines(keepends=True) if line[-1:] == "\n"
    ]
    due = sum(float(at) < moment - PROMISED_SECONDS for _, at in lines)
    return Killed(budget, [float(loss) for loss, _ in lines], due, path, stderr)


def wait_for_output(file: Path, process: subprocess.Popen[str]) -> None:
    """Return when a process has written its first line, or has ended."""
    while file.stat().st_size == 0 and process.poll() is None:
        try:
            process.wait(timeout=0.01)
        except subprocess.TimeoutExpired:
            pass


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Killed]:
    """One killed run for each seed, two at a time."""
    folder = tmp_path_factory.mktemp("killed")
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(SEEDS, pool.map(lambda seed: kill(seed, folder), SEEDS), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_recorded_is_lost(seed: int, runs: dict[int, Killed]) -> None:
    """Every step due is there, with its loss; every full step can be read; and it is cut short."""
    run = runs[seed]
    assert run.stderr == ""
    with retrograd.load(run.path) as recording:
        assert not recording.complete
        assert not recording.live
        assert recording.steps >= run.due
        if recording.steps == 0:
            return  # killed before the first write, so early that nothing was due
        losses = recording.series("loss")
        assert list(losses.steps[: run.due]) == list(range(run.due))
        there = losses.values[: min(len(run.losses), len(losses.values))]
        assert np.array_equal(there, run.losses[: len(there)])
        for name in ("grad_norm", "weight_norm", "seconds", "learning_rate"):
            assert len(recording.series(name).values) >= run.due
        for number in recording.full_steps:
            step = recording.step(number)
            updates = [event for event in step.events if isinstance(event, Update)]
            assert len(updates) == 4
            (call,) = [event for event in step.events if isinstance(event, BackwardCall)]
            loss = call.roots[0]
            assert loss is not None
            assert loss.array == losses.values[number]
        if run.budget == "all":
            assert recording.full_steps[: run.due] == tuple(range(run.due))


def test_the_kills_were_at_all_sorts_of_moments(runs: dict[int, Killed]) -> None:
    """Some before anything was due, most in the middle of much."""
    due = [run.due for run in runs.values()]
    kept = sum(due)
    print(f"\nkilled: seeds {SEEDS[0]}-{SEEDS[-1]}, {kept} steps due, none missing")
    assert min(due) == 0
    assert max(due) > 20
