"""A recorded forward pass, computed again with other numbers, is what PyTorch would compute."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT
from torch import nn
from torch.nn import functional as F

import retrograd
from retrograd.explain.check import Status
from retrograd.explain.replay import NoReplay, Replay
from retrograd.explain.replay_boundary import boundary, examples
from retrograd.explain.replay_path import edges, path, widest
from retrograd.explain.replay_roles import Roles
from retrograd.explain.replay_surface import Element, elements, surface
from retrograd.store.reader import Recording, load

Loss = Callable[[nn.Module, torch.Tensor, torch.Tensor], torch.Tensor]


def record(path: Path, model: nn.Module, loss: Loss, x: torch.Tensor, y: torch.Tensor) -> Recording:
    """Record three steps of plain gradient descent."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with retrograd.record(path, budget="all", keep=["*"]) as recording:
        for _ in range(3):
            optimizer.zero_grad()
            loss(model, x, y).backward()
            optimizer.step()
    return retrograd.load(recording.path)


def cross_entropy(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(model(x), y.long())


def logits(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.binary_cross_entropy_with_logits(model(x).squeeze(1), y)


def by_hand(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    p = torch.sigmoid(model(x)).squeeze(1)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


def hinge(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    weights = sum((p**2).sum() for p in model.parameters())
    return F.relu(1 - (2 * y - 1) * model(x).squeeze(1)).mean() + 0.01 * weights


def squared(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return ((model(x - x.mean(0)) - y.unsqueeze(1)) ** 2).mean()


def reshaped(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.mse_loss(model(x).view(10), y)


def network(outputs: int) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, outputs))


def points() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    x = torch.randn(10, 2)
    return x, (x[:, 0] * x[:, 1] > 0).float()


@pytest.mark.parametrize(
    ("loss", "outputs", "kind", "pair", "read"),
    [
        (cross_entropy, 2, "classes", None, lambda out: out.softmax(1).amax(1)),
        (logits, 1, "threshold", (0, 1), lambda out: out.sigmoid()[:, 0]),
        (by_hand, 1, "threshold", (0, 1), lambda out: out.sigmoid()[:, 0]),
        (hinge, 1, "threshold", (-1, 1), lambda out: out[:, 0]),
        (squared, 1, "threshold", (0, 1), lambda out: out[:, 0]),
        (reshaped, 1, "threshold", (0, 1), lambda out: out[:, 0]),
    ],
)
def test_predictions_are_pytorchs(
    tmp_path: Path,
    loss: Loss,
    outputs: int,
    kind: str,
    pair: tuple[float, float] | None,
    read: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    model, (x, y) = network(outputs), points()
    before = [parameter.detach().clone() for parameter in model.parameters()]
    with record(tmp_path / "a.retro", model, loss, x, y) as recording:
        step = recording.step(0)
        replay = Replay(step)
        assert replay.check().status is Status.VERIFIED
        roles = Roles(replay)
        own = examples(roles, step)
        assert own is not None
        found = boundary(roles, [own], 12)
    assert (found.kind, found.pair) == (kind, pair)
    assert own.points.shape == (10, 2)
    expected = 2 * y - 1 if loss is hinge else y
    assert own.targets is not None and own.targets.tolist() == expected.tolist()
    for parameter, old in zip(model.parameters(), before, strict=True):
        parameter.data.copy_(old)
    axes = [np.linspace(*edge, 12) for edge in found.edges]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        theirs = read(model(torch.tensor(grid, dtype=torch.float32))).reshape(12, 12)
    assert np.allclose(found.values, theirs.numpy(), atol=1e-5)


def test_the_surface_is_pytorchs_loss(tmp_path: Path) -> None:
    model, (x, y) = network(1), points()
    with record(tmp_path / "a.retro", model, logits, x, y) as recording:
        replay = Replay(recording.step(2))
        first, second = Element(0, 3), Element(2, 1)
        found = surface(replay, first, second, ((-1, 1), (-2, 2)), 11)
        numbers = elements(replay)
    parameters = list(model.parameters())
    with torch.no_grad():
        for number, array in numbers.items():
            parameters[number].copy_(torch.tensor(array))
        for row, up in enumerate(np.linspace(-2, 2, 11)):
            for column, across in enumerate(np.linspace(-1, 1, 11)):
                parameters[0].view(-1)[3] = float(across)
                parameters[2].view(-1)[1] = float(up)
                theirs = logits(model, x, y).item()
                assert found[row, column] == pytest.approx(theirs, rel=1e-5)


def refusal(recording: Recording) -> str:
    """Return why a recording's first step has no model view."""
    with recording, pytest.raises(NoReplay) as refused:
        Roles(Replay(recording.step(0)))
    return refused.value.why.id


def test_examples_that_depend_on_each_other_are_refused(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    found = record(tmp_path / "a.retro", model, reshaped, *points())
    assert refusal(found) == "model-why-mixed"


def test_dropout_is_refused(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.Linear(4, 1))
    found = record(tmp_path / "a.retro", model, reshaped, *points())
    assert refusal(found) == "model-why-random"


def test_an_input_of_many_features_is_refused(tmp_path: Path) -> None:
    x, y = torch.randn(10, 7), torch.randn(10)
    found = record(tmp_path / "a.retro", nn.Linear(7, 1), reshaped, x, y)
    assert refusal(found) == "model-why-features"


def test_numbers_that_belong_to_an_example_are_no_part_of_the_model(tmp_path: Path) -> None:
    extra = torch.randn(10, 1)

    def shifted(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return F.mse_loss(model(x) * extra, y.unsqueeze(1))

    with record(tmp_path / "a.retro", network(1), shifted, *points()) as recording:
        roles = Roles(Replay(recording.step(0)))
    assert roles.reader.name == "aten::mul.Tensor"


@pytest.mark.parametrize("single", [False, True])
def test_one_feature(tmp_path: Path, single: bool) -> None:
    w, b = torch.tensor([2.0], requires_grad=True), torch.tensor([0.5], requires_grad=True)
    x, y = torch.linspace(-1, 1, 7), torch.linspace(0, 3, 7)
    optimizer = torch.optim.SGD([w, b], lr=0.1)
    with retrograd.record(tmp_path / "a.retro", budget="all") as recording:
        for i in range(3):
            inputs, targets = (x[i], y[i]) if single else (x, y)
            optimizer.zero_grad()
            ((w * inputs + b - targets) ** 2).mean().backward()
            optimizer.step()
    with load(recording.path) as opened:
        step = opened.step(0)
        roles = Roles(Replay(step))
        own = examples(roles, step)
        assert own is not None and own.points.shape == (1 if single else 7, 1)
        found = boundary(roles, [own])
    assert found.kind == "value"
    across = np.linspace(*found.edges[0], found.values.shape[1])
    assert np.allclose(found.values[0], 2 * across + 0.5)


def test_the_path_ends_where_the_model_stands(or_gate: Path) -> None:
    with load(or_gate) as recording:
        for index in (0, 437, 999):
            known = elements(Replay(recording.step(index)))
            pair = widest(recording, known)
            assert pair is not None
            way = path(recording, *pair)
            assert way.steps.tolist() == list(range(1001))
            now = [known[e.parameter].reshape(-1)[e.place] for e in pair]
            assert [way.first[index], way.second[index]] == now
            ways = (way.first, way.second)
            for (low, high), values in zip(edges(way, (0, 0)), ways, strict=True):
                assert low < values.min() and values.max() < high


def test_a_planted_error_is_found(or_gate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with load(or_gate) as recording:
        replay = Replay(recording.step(437))
        slot = next(s for s in replay.leaves if replay.values[s].name == "bias")
        recorded = replay._recorded
        monkeypatch.setattr(
            replay, "_recorded", lambda s: recorded(s) * (1.0005 if s == slot else 1)
        )
        assert replay.check().status is Status.WRONG


@pytest.mark.parametrize("program", ["xor", "moons", "regression"])
def test_programs(program: str, tmp_path: Path) -> None:
    script = ROOT / "tests" / "programs" / f"{program}.py"
    target = tmp_path / "a.retro"
    command = ["run", "--quiet", "--budget", "all", "--out", target, script]
    subprocess.run([sys.executable, "-m", "retrograd", *command], check=True, capture_output=True)
    with load(target) as recording:
        step = recording.step(recording.full_steps[4])
        replay = Replay(step)
        assert replay.check().status is Status.VERIFIED
        roles = Roles(replay)
        kinds = {"xor": "threshold", "moons": "classes", "regression": "value"}
        own = examples(roles, step)
        assert own is not None
        assert boundary(roles, [own]).kind == kinds[program]
        pair = widest(recording, elements(replay))
        assert pair is not None
        way = path(recording, *pair)
        assert len(way.steps) > 10
        found = surface(replay, *pair, edges(way, (0, 0)))
        assert np.isfinite(found).all() and found.min() < found.max()
