"""Every number of a recorded step is, bit for bit, what the program itself had there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from recorder.conftest import Watch
from recorder.oracle import Bits, Witness, witness_step
from retrograd.store.model import Accumulation, NodeRun
from retrograd.store.reader import Recording
from retrograd.store.step import Step
from retrograd.store.value import Value

STEPS = 3
Loss = Callable[[], torch.Tensor]


def perceptron() -> tuple[Loss, torch.optim.Optimizer]:
    """The OR gate with plain tensors."""
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
    w = torch.rand(2, 1, requires_grad=True)
    b = torch.rand(1, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=0.1)
    return lambda: functional.binary_cross_entropy(torch.sigmoid(x @ w + b), y), optimizer


def convolutions() -> tuple[Loss, torch.optim.Optimizer]:
    """Batch norm with running figures, pooling, dropout."""
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(0.3), nn.Linear(36, 5),
    )  # fmt: skip
    optimizer = torch.optim.Adam(model.parameters(), amsgrad=True)

    def loss() -> torch.Tensor:
        x, y = torch.randn(6, 1, 8, 8), torch.randint(5, (6,))
        return functional.cross_entropy(model(x), y)

    return loss, optimizer


class Reader(nn.Module):
    """Embedding, recurrence, attention, and a weight that is used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(11, 8)
        self.recurrent = nn.GRU(8, 8, batch_first=True)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return logits by the embedding's own weight."""
        x, _ = self.recurrent(self.tokens(tokens))
        mixed, _ = self.attention(x, x, x)
        return self.norm(x + mixed) @ self.tokens.weight.t()


def reader() -> tuple[Loss, torch.optim.Optimizer]:
    """A small model of language."""
    model = Reader()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)

    def loss() -> torch.Tensor:
        tokens = torch.randint(11, (3, 6))
        return functional.cross_entropy(model(tokens[:, :-1]).transpose(1, 2), tokens[:, 1:])

    return loss, optimizer


def in_place() -> tuple[Loss, torch.optim.Optimizer]:
    """Views, in-place ops on views, indexing, complex numbers."""
    w = torch.randn(4, 4, requires_grad=True)
    optimizer = torch.optim.RMSprop([w], momentum=0.9)

    def loss() -> torch.Tensor:
        x = w * 2
        x[1].mul_(3)
        x[:, 0] += x[:, 2].detach()
        x.diagonal().relu_()
        return torch.fft.rfft(x[2:]).abs().sum() + x.mean()

    return loss, optimizer


TRAININGS = {f.__name__: f for f in (perceptron, convolutions, reader, in_place)}


def recorded(value: Any) -> Bits:
    """Return a recorded value's shape and elements."""
    if value is None:
        return None
    assert isinstance(value, Value)
    assert value.array is not None
    return value.shape, np.ascontiguousarray(value.array).tobytes()


def tensors(arguments: Any) -> list[Value]:
    """Return the tensors among an op's arguments, in order."""
    found = []
    for item in arguments:
        if isinstance(item, Value):
            found.append(item)
        elif isinstance(item, tuple):
            found += tensors(item)
    return found


@pytest.mark.parametrize("name", TRAININGS)
def test_every_number(name: str, watch: Watch) -> None:
    """A plain witness watches the bare training; the recording of the same one agrees in all."""
    torch.manual_seed(0)
    loss, optimizer = TRAININGS[name]()
    witnesses = [witness_step(loss, optimizer) for _ in range(STEPS)]

    def train() -> None:
        for _ in range(STEPS):
            optimizer.zero_grad()
            value = loss()
            value.backward()
            optimizer.step()

    torch.manual_seed(0)
    loss, optimizer = TRAININGS[name]()
    recording = watch(train, keep="*")
    assert recording.full_steps == tuple(range(STEPS))
    for index, witness in enumerate(witnesses):
        step = recording.step(index)
        assert step.rng == witness.rng
        check_forward(step, witness)
        check_backward(step, witness)
        check_updates(recording, step, witness)


def check_forward(step: Step, witness: Witness) -> None:
    """The same ops in the same order, on the same numbers, with the same results."""
    ops = [op for op in step.ops if op.phase == "forward"]
    seen = [entry for entry in witness.ops if not alias(entry, ops)]
    assert [op.name for op in ops] == [op_name for op_name, _, _ in seen]
    unset: list[Bits] = []  # what torch.empty happened to find in its memory
    for op, (op_name, inputs, outputs) in zip(ops, seen, strict=True):
        if op_name.startswith("aten::empty"):
            unset = outputs
            continue
        if inputs[:1] != unset:
            assert [recorded(v) for v in tensors(op.arguments.values())] == inputs, op_name
        unset = []
        assert [recorded(v) for v in op.outputs if v is not None] == outputs, op_name


def alias(entry: tuple[str, list[Bits], list[Bits]], ops: list[Any]) -> bool:
    """Tell whether an entry is an alias that autograd makes for itself and no line asks for."""
    return entry[0] == "aten::detach" and not any(op.name == "aten::detach" for op in ops)


def check_backward(step: Step, witness: Witness) -> None:
    """The same nodes in the same order, with the same gradients coming in and going out."""
    runs = [e for e in step.events if isinstance(e, (NodeRun, Accumulation))]
    assert [step.nodes[run.node].name for run in runs] == [n for n, _, _ in witness.nodes]
    for run, (node, received, sent) in zip(runs, witness.nodes, strict=True):
        if isinstance(run, Accumulation):
            assert [recorded(run.contribution)] == received, node
        else:
            assert [recorded(v) for v in run.grad_outputs] == received, node
            assert [recorded(v) for v in run.grad_inputs] == sent, node


def check_updates(recording: Recording, step: Step, witness: Witness) -> None:
    """Values, gradients and state around the update."""
    assert len(step.updates) == len(witness.updates)
    for update, (value, gradient, after, old, new) in zip(
        step.updates, witness.updates, strict=True
    ):
        name = recording.parameters[update.parameter].name
        assert recorded(update.before) == value, name
        assert recorded(update.gradient) == gradient, name
        assert recorded(update.after) == after, name
        assert {key: recorded(v) for key, v in update.state_before.items()} == old, name
        assert {key: recorded(v) for key, v in update.state_after.items()} == new, name


def test_the_witness_sees_a_difference(watch: Watch) -> None:
    """One bit in one number, and the comparison fails."""
    torch.manual_seed(0)
    loss, optimizer = perceptron()
    witness = witness_step(loss, optimizer)
    torch.manual_seed(0)
    loss, optimizer = perceptron()

    def train() -> None:
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    step = watch(train).step(0)
    check_backward(step, witness)
    node, received, sent = witness.nodes[1]
    assert sent[0] is not None
    shape, data = sent[0]
    witness.nodes[1] = (node, received, [(shape, bytes([data[0] ^ 1]) + data[1:]), *sent[1:]])
    with pytest.raises(AssertionError):
        check_backward(step, witness)
