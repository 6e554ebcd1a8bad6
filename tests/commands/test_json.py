"""``--json``: what programs may rely on in the output of ``summary`` and ``steps``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

import retrograd
from retrograd.commands import cli


def printed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    """Return what a command prints, read as strict JSON."""
    assert cli.main([*map(str, words), "--json"]) == 0
    out, error = capsys.readouterr()
    assert error == ""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(out, parse_constant=refuse)


def test_the_summary(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that the documentation names, with the run's own figures."""
    found = printed(capsys, "summary", or_gate)
    with retrograd.load(or_gate) as recording:
        losses = recording.series("loss").values
        assert found["steps"] == recording.steps == len(losses)
        assert found["full_steps"] == len(recording.full_steps) == found["steps"]
        assert found["full_step_numbers"] == f"0-{found['steps'] - 1}"
        assert found["loss_first"] == losses[0]
        assert found["loss_last"] == losses[-1]
        assert [p["name"] for p in found["parameters"]] == [p.name for p in recording.parameters]
    assert found["bytes"] == or_gate.stat().st_size
    assert found["overhead"] > 0
    assert found["complete"] is True
    assert found["live"] is False
    assert found["exit"] == {"kind": "ok"}
    assert set(found["phases"]) >= {"forward", "backward"}
    for parameter in found["parameters"]:
        assert parameter["file"].endswith("or_gate.py")
        assert parameter["line"] > 0


def test_the_steps(or_gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object per event, in order, with source, values and links."""
    found = printed(capsys, "steps", or_gate, "3")
    with retrograd.load(or_gate) as recording:
        step = recording.step(3)
        events = found["events"]
        assert [event["kind"] for event in events] == [event.kind for event in step.events]
        assert [event["index"] for event in events] == list(range(len(events)))
        assert {event["phase"] for event in events} == {event.phase for event in step.events}
    (call,) = [event for event in events if event["kind"] == "backward"]
    assert call["site"]["expression"] == "loss.backward()"
    summary = printed(capsys, "summary", or_gate)
    assert printed(capsys, "steps", or_gate, "last")["step"] == summary["steps"] - 1


def test_what_is_not_finite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has no NaN and no Inf: they appear as their names."""
    path = tmp_path / "nan.retro"
    weight = torch.tensor([1.0, 0.0], requires_grad=True)
    with retrograd.record(path, budget="all"):
        optimizer = torch.optim.SGD([weight], lr=1.0)
        for _ in range(2):
            optimizer.zero_grad()
            (weight / weight).sum().backward()
            optimizer.step()
    assert math.isnan(weight[1].item())
    text = json.dumps(printed(capsys, "steps", path, "1"))
    assert '"NaN"' in text
    assert printed(capsys, "summary", path)["steps"] == 2
