"""Steps that leave nothing but the loss, because a budget allows no more, leave all of that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import retrograd
from retrograd.recorder import policy, tensors, trace
from retrograd.recorder import quiet as quiet_steps
from retrograd.recorder.quiet import Quiet
from retrograd.recorder.recorder import Recorder
from retrograd.recorder.trace import Trace

STEPS = 3000


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A budget that nothing fits into; returns the steps that were quiet."""
    monkeypatch.setattr(policy, "FLOOR_SECONDS", 0.0)
    seen: list[int] = []
    original = Quiet.step_ends

    def noted(self: Quiet, *arguments: Any) -> None:
        step, left = self._recorder.steps, self.left
        original(self, *arguments)
        if 0 < left == self.left + 1:
            seen.append(step)

    monkeypatch.setattr(Quiet, "step_ends", noted)
    return seen


def test_memory_at_low_addresses_is_memory(
    tmp_path: Path, quiet: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that is not position-independent has its heap there: no way round is taken."""
    unusual = Trace._unusual
    begins = Recorder.backward_begins
    count = {"unusual": 0, "passed": 0}

    def counted(self: Trace, tensor: object, external: bool) -> int:
        count["unusual"] += 1
        return unusual(self, tensor, external)

    def passed(self: Recorder, *arguments: Any) -> Any:
        count["passed"] += 1
        return begins(self, *arguments)

    monkeypatch.setattr(Trace, "_unusual", counted)
    monkeypatch.setattr(Recorder, "backward_begins", passed)
    counts = []
    for name in ("high", "low"):
        count.update(unusual=0, passed=0)
        weight, optimizer = model()
        with retrograd.record(tmp_path / f"{name}.retro", budget="0.1%"):
            for _ in range(200):
                optimizer.zero_grad()
                (weight**2).sum().backward()
                optimizer.step()
        assert count["passed"] < 100
        counts.append(count["unusual"])
        for module in (quiet_steps, tensors, trace):
            monkeypatch.setattr(module, "LOWEST", 1 << 62)
    assert counts[0] == counts[1]


def model() -> tuple[torch.Tensor, torch.optim.Optimizer]:
    weight = torch.ones(3, requires_grad=True)
    return weight, torch.optim.SGD([weight], lr=1e-4)


def test_each_loss_is_there(tmp_path: Path, quiet: list[int]) -> None:
    """The series of losses and rates is that of the program, step for step."""
    weight, optimizer = model()
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.999)
    losses, rates = [], []
    path = tmp_path / "run.retro"
    with retrograd.record(path, budget="0.1%"):
        for _ in range(STEPS):
            loss = (weight**2).sum()
            optimizer.zero_grad()
            loss.backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
    assert len(quiet) > STEPS // 2
    with retrograd.load(path) as recording:
        assert recording.steps == STEPS
        assert np.array_equal(recording.series("loss").values, losses)
        assert np.array_equal(recording.series("learning_rate").values, rates)
        assert (recording.series("seconds").values > 0).all()
        assert recording.full_steps[-1] == STEPS - 1
        without = np.isnan(recording.series("grad_norm").values).sum()
        assert without > STEPS // 2
        gaps = {gap["why"]: gap["count"] for gap in recording.meta["not_recorded"]}
        assert gaps["light-without-norms"] == without


def test_what_is_new_ends_the_quiet(tmp_path: Path, quiet: list[int]) -> None:
    """Another optimizer, a step inside a closure, a NaN: each is seen where it happens."""
    weight, optimizer = model()
    other = torch.ones(2, requires_grad=True)
    late = torch.optim.Adam([other], lr=1e-3)
    path = tmp_path / "run.retro"

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (weight**2).sum()
        loss.backward()
        return loss

    with retrograd.record(path, budget="0.1%"):
        for step in range(STEPS):
            optimizer.step(closure)  # type: ignore[arg-type]
            if step == 2000:
                (other**2).sum().backward()
                late.step()
            if step == 2500:
                weight.data[0] = float("nan")
    assert len(quiet) > STEPS // 2
    with retrograd.load(path) as recording:
        assert recording.steps == STEPS + 1
        assert [parameter.shape for parameter in recording.parameters] == [(3,), (2,)]
        assert 2502 in recording.full_steps
        assert [found.step for found in recording.incidents if found.kind == "nonfinite"] == [2502]


def test_an_exception_and_a_gradient_of_its_own(tmp_path: Path, quiet: list[int]) -> None:
    """What goes on between quiet steps changes no count: failed passes, penalties, no loss."""
    weight, optimizer = model()
    path = tmp_path / "run.retro"
    with retrograd.record(path, budget="0.1%"):
        for step in range(STEPS):
            loss = (weight**2).sum()
            (slope,) = torch.autograd.grad(loss, weight, create_graph=True)
            if step % 7 == 0:
                with pytest.raises(RuntimeError, match="scalar"):
                    slope.backward()
            (loss + slope.square().sum()).backward()
            optimizer.step()
            optimizer.zero_grad()
    assert len(quiet) > STEPS // 2
    with retrograd.load(path) as recording:
        assert recording.steps == STEPS
        assert np.isfinite(recording.series("loss").values).all()
