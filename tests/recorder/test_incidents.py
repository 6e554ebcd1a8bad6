"""What happened to the run: exceptions, warnings, the first NaN; with step, event and line."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch

import retrograd
from recorder.conftest import Watch
from retrograd.store.model import BackwardCall, Incident
from retrograd.store.reader import Recording


def of_kind(recording: Recording, kind: str) -> list[Incident]:
    """Return the incidents of a kind."""
    return [incident for incident in recording.incidents if incident.kind == kind]


def test_an_exception(tmp_path: Path) -> None:
    """It comes through unchanged, and its step is kept as far as it went."""
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    mistake = ValueError("a mistake")

    def train() -> None:
        for step in range(5):
            loss = w.square().sum()
            if step == 2:
                raise mistake
            loss.backward()
            optimizer.step()

    with (
        pytest.raises(ValueError, match="a mistake") as caught,
        retrograd.record(tmp_path / "run.retro", budget="all") as recording,
    ):
        train()
    assert caught.value is mistake
    with retrograd.load(recording.path) as read:
        (incident,) = of_kind(read, "exception")
        assert incident.step == read.unfinished == 2
        assert read.steps == 2
        step = read.step(2)
        assert not step.complete
        assert [op.name for op in step.ops] == ["aten::pow.Tensor_Scalar", "aten::sum"]
        assert incident.event == len(step.events)  # the event that would have come next
        assert incident.detail["type"] == "ValueError"
        assert incident.detail["message"] == "ValueError: a mistake"
        assert incident.site is not None
        assert incident.site.expression == "raise mistake"
        assert [line.rpartition(" in ")[2] for line in incident.detail["traceback"]] == [
            "test_an_exception",
            "train",
        ]
        assert read.meta["exit"] == {"kind": "exception", "type": "ValueError"}


def test_an_exception_of_pytorch(tmp_path: Path) -> None:
    """Wrong shapes: the line of the user's, not one of PyTorch's."""
    w = torch.ones(2, 3, requires_grad=True)
    with (
        pytest.raises(RuntimeError, match="shapes cannot be multiplied"),
        retrograd.record(tmp_path / "run.retro", budget="all") as recording,
    ):
        (w @ w).sum().backward()
    with retrograd.load(recording.path) as read:
        (incident,) = of_kind(read, "exception")
        assert incident.site is not None
        assert incident.site.expression == "w @ w"
        assert incident.detail["type"] == "RuntimeError"


def test_a_warning(watch: Watch) -> None:
    """Shown as ever, and noted with the user's line and the step."""
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def train() -> None:
        for step in range(2):
            if step == 1:
                warnings.warn("careful now", UserWarning, stacklevel=1)
            w.sum().backward()
            optimizer.step()

    with pytest.warns(UserWarning, match="careful now") as shown:
        recording = watch(train)
    assert len(shown) == 1
    (incident,) = of_kind(recording, "warning")
    assert incident.step == 1
    assert incident.event == 0
    assert incident.detail == {"category": "UserWarning", "message": "careful now"}
    assert incident.site is not None
    assert incident.site.expression.startswith("warnings.warn(")


@pytest.mark.parametrize(("bad", "what"), [(float("nan"), "nan"), (float("inf"), "inf")])
@pytest.mark.parametrize("options", [{"budget": "all"}, {"steps": "0"}])
def test_the_first_nonfinite_loss(
    bad: float, what: str, options: dict[str, str], watch: Watch
) -> None:
    """Noted once, at its backward pass, which is kept even in a step that was light."""
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def train() -> None:
        for step in range(6):
            optimizer.zero_grad()
            (w * (bad if step >= 3 else 1.0)).sum().backward()
            optimizer.step()

    recording = watch(train, **options)
    (incident,) = of_kind(recording, "nonfinite")
    assert incident.step == 3
    assert incident.detail == {"what": what, "where": "loss"}
    step = recording.step(3)
    assert incident.event is not None
    call = step.events[incident.event]
    assert isinstance(call, BackwardCall)
    assert call.roots[0] is not None
    assert str(call.roots[0].number) == what
    assert incident.site is not None
    assert incident.site.expression == "(w * (bad if step >= 3 else 1.0)).sum().backward()"


def test_a_finite_run_has_no_incidents(watch: Watch) -> None:
    """Nothing is made up."""
    w = torch.ones(2, requires_grad=True)
    recording = watch(lambda: w.sum().backward())
    assert recording.incidents == ()
    assert recording.meta["exit"] == {"kind": "ok"}
