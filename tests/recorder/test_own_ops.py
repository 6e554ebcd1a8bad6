"""What the recorder computes for itself never stands among the ops of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from recorder.conftest import Watch

Train = Callable[[nn.Module, torch.optim.Optimizer], None]
X = torch.ones(3, 90)
OPS = ["aten::t", "aten::addmm", "aten::pow.Tensor_Scalar", "aten::sum"]


def forward_and_back(model: nn.Module) -> None:
    """The four ops that the program runs in a step."""
    model(X).square().sum().backward()


def to_none(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """As usual."""
    optimizer.zero_grad()
    forward_and_back(model)
    optimizer.step()


def to_zero(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Zeros in the place of the gradients."""
    optimizer.zero_grad(set_to_none=False)
    forward_and_back(model)
    optimizer.step()


def never(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Gradients that are never cleared."""
    forward_and_back(model)
    optimizer.step()


def in_the_pass(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """An optimizer that steps while the backward pass runs."""
    weight = next(model.parameters())
    handle = weight.register_post_accumulate_grad_hook(lambda _: optimizer.step())
    forward_and_back(model)
    handle.remove()
    optimizer.zero_grad()


def other_memory(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Gradients that somebody puts in place, so that no look at them has been before."""
    forward_and_back(model)
    for parameter in model.parameters():
        parameter.grad = torch.zeros(parameter.shape)
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()


@pytest.mark.parametrize(
    ("train", "more"),
    [
        (to_none, []),
        (to_zero, []),
        (never, []),
        (in_the_pass, []),
        (other_memory, ["aten::zeros", "aten::zeros"]),
    ],
)
def test_large_values_are_looked_at_unseen(train: Train, more: list[str], watch: Watch) -> None:
    """Summaries of large gradients and weights take ops of PyTorch's: none of them is recorded."""
    model = nn.Linear(90, 90)
    optimizer = torch.optim.Adam(model.parameters())

    def go() -> None:
        for _ in range(3):
            train(model, optimizer)

    recording = watch(go)
    assert recording.full_steps == (0, 1, 2)
    for index in recording.full_steps:
        assert [op.name for op in recording.step(index).ops] == OPS + more


class Listener(TorchDispatchMode):
    """A mode of the user's."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.heard.append(str(func))
        return func(*args, **(kwargs or {}))


def test_a_mode_of_the_user_hears_none_of_ours(watch: Watch) -> None:
    heard = []
    for record in (False, True):
        torch.manual_seed(0)
        model = nn.Linear(90, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        listener = Listener()

        def train(
            model: nn.Module = model,
            optimizer: torch.optim.Optimizer = optimizer,
            listener: Listener = listener,
        ) -> None:
            for _ in range(3):
                optimizer.zero_grad()
                with listener:
                    forward_and_back(model)
                optimizer.step()

        if record:
            watch(train)
        else:
            train()
        heard.append(listener.heard)
    assert heard[0] == heard[1]
