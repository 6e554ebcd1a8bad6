"""Each example's share of a gradient is what PyTorch gets from that example alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import retrograd
from retrograd.explain.provenance_pass import passes
from retrograd.explain.samples import Shares, example_array, per_example, shares
from retrograd.explain.samples_flow import SHARED
from retrograd.store.reader import Recording

Loss = Callable[[nn.Module, torch.Tensor, torch.Tensor], torch.Tensor]


def cross_entropy(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(model(x), y)


def summed(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(model(x), y, reduction="sum") / len(x)


def squared(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return ((model(x) - y.unsqueeze(1)) ** 2).mean()


def classes(count: int) -> torch.Tensor:
    return torch.randint(0, 3, (count,))


def record(path: Path, model: nn.Module, loss: Loss, x: torch.Tensor, y: torch.Tensor) -> Recording:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with retrograd.record(path, budget="all", keep=["*"]) as recording:
        optimizer.zero_grad()
        loss(model, x, y).backward()
        optimizer.step()
    return retrograd.load(recording.path)


class Language(nn.Module):
    """Predicts from a sequence with attention and positions."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Embedding(11, 8)
        self.place = nn.Embedding(5, 8)
        self.inwards = nn.Linear(8, 24)
        self.norm = nn.LayerNorm(8)
        self.out = nn.Linear(8, 3)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        h = self.norm(self.token(tokens) + self.place(torch.arange(5)))
        q, k, v = self.inwards(h).split(8, dim=2)
        weights = torch.softmax(q @ k.transpose(1, 2) / 8**0.5, dim=2)
        return self.out((weights @ v).mean(1))


MODELS = {
    "perceptron": (lambda: nn.Sequential(nn.Linear(4, 1), nn.Sigmoid()), squared, (6, 4)),
    "mlp": (
        lambda: nn.Sequential(nn.Linear(4, 9), nn.ReLU(), nn.Linear(9, 3)),
        cross_entropy,
        (7, 4),
    ),
    "summed": (lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)), summed, (5, 4)),
    "one example": (lambda: nn.Linear(4, 3), cross_entropy, (1, 4)),
    "cnn": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(3, 4, 3),
            nn.GELU(),
            nn.Flatten(),
            nn.Linear(16, 3),
        ),
        cross_entropy,
        (5, 2, 8, 8),
    ),
    "language": (Language, cross_entropy, (4, 5)),
}


@pytest.mark.parametrize("name", MODELS)
def test_shares_are_the_gradients_of_single_examples(name: str, tmp_path: Path) -> None:
    torch.manual_seed(3)
    make, loss, shape = MODELS[name]
    model = make()
    x = torch.randint(0, 11, shape) if name == "language" else torch.randn(shape)
    y = classes(shape[0]) if loss is not squared else torch.rand(shape[0])
    with record(tmp_path / "run.retro", model, loss, x, y) as recording:
        (through,) = passes(recording.step(0))
        for number, parameter in enumerate(recording.parameters):
            flow = per_example(through, number)
            assert flow.batch.size == shape[0]
            for example in range(shape[0]):
                model.zero_grad()
                alone = loss(model, x[example : example + 1], y[example : example + 1])
                (alone / shape[0]).backward()
                expected = dict(model.named_parameters())[parameter.name].grad
                assert expected is not None
                found = example_array(flow, example)
                np.testing.assert_allclose(found, expected.numpy(), rtol=2e-4, atol=2e-6)
            assert not example_array(flow, SHARED).any()


def test_the_or_gate(or_gate: Path) -> None:
    with retrograd.load(or_gate) as recording:
        step = recording.step(437)
        (through,) = passes(step)
        found = shares(through, 0, (0, 0))
        assert isinstance(found, Shares)
        assert found.size == 4
        assert [share.example for share in found.shares[:2]] == [2, 3]
        assert [i.name for i in found.shares[0].inputs] == ["X", "y"]
        assert found.shares[0].inputs[0].values is not None
        assert found.shares[0].inputs[0].values.tolist() == [1.0, 0.0]
        # where the input is 0, the weight has no part in the output
        assert [share.amount for share in found.shares[2:]] == [0.0, 0.0]
        assert found.sum == pytest.approx(step.accumulations[1].contribution.array[0, 0], rel=1e-6)
