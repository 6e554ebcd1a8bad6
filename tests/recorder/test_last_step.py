"""The last step of a loop over ``range`` is full, however small the budget."""

from __future__ import annotations

from pathlib import Path

import pytest

import retrograd
from retrograd.recorder import policy

LOOPS = {
    "flat": "for epoch in range(30):\n    step()",
    "from a name": "EPOCHS = 30\nfor epoch in range(EPOCHS):\n    step()",
    "downwards": "for epoch in range(30, 0, -1):\n    step()",
    "epochs and batches": "for epoch in range(6):\n    for _ in [1, 2, 3, 4, 5]:\n        step()",
    "in a function": "def main(epochs):\n    for e in range(epochs):\n        step()\nmain(30)",
    "wrapped": "for epoch in list(range(30)):\n    step()",
    "by hand": "for epoch in range(30):\n    by_hand()",
    "after another": "for i in range(3):\n    i + 1\nfor epoch in range(30):\n    step()",
}

PROGRAM = """
import torch

w = torch.ones(2, requires_grad=True)
optimizer = {optimizer}


def step():
    optimizer.zero_grad()
    (w * w).sum().backward()
    optimizer.step()


def by_hand():
    (w * w).sum().backward()
    with torch.no_grad():
        w.sub_(w.grad, alpha=0.01)
        w.grad = None


"""


@pytest.fixture(autouse=True)
def no_first_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the two seconds in which every step is full."""
    monkeypatch.setattr(policy, "FLOOR_SECONDS", 0.0)


def full_steps(body: str, folder: Path, budget: str = "0.0001%") -> tuple[tuple[int, ...], int]:
    """Return the full steps of a run and the number of all."""
    script = folder / "loop.py"
    optimizer = "None" if "by_hand" in body else "torch.optim.SGD([w], lr=0.01)"
    script.write_text(PROGRAM.replace("{optimizer}", optimizer) + body + "\n")
    code = compile(script.read_text(), str(script), "exec")
    with retrograd.record(folder / "loop.retro", budget=budget):
        exec(code, {"__name__": "__main__"})
    with retrograd.load(folder / "loop.retro") as recording:
        return recording.full_steps, recording.steps


@pytest.mark.parametrize("name", LOOPS)
def test_the_last_step_is_full(name: str, tmp_path: Path) -> None:
    full, steps = full_steps(LOOPS[name], tmp_path)
    assert steps == 30
    assert full[-1] == 29
    assert len(full) <= policy.FIRST_STEPS + 2


def test_without_a_range_nothing_is_claimed(tmp_path: Path) -> None:
    full, steps = full_steps("for epoch in [0] * 30:\n    step()", tmp_path)
    assert steps == 30
    assert len(full) <= policy.FIRST_STEPS + 1


def test_light_only_stays_light(tmp_path: Path) -> None:
    assert full_steps(LOOPS["flat"], tmp_path, budget="0") == ((), 30)
