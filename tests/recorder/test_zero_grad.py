"""How gradients are cleared: every way that users have, with the line that did it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from recorder.bits import only, same
from recorder.conftest import Watch
from retrograd.store.model import Accumulation, GradChange, Op, Site, ZeroGrad
from retrograd.store.step import Step

Clear = Callable[[nn.Linear, torch.optim.Optimizer], None]


def train(clear: Clear, watch: Watch) -> tuple[nn.Linear, list[torch.Tensor], Step]:
    """Take two steps; return the model, the gradients after the first, and the second step."""
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    left: list[torch.Tensor] = []

    def go() -> None:
        for step in range(2):
            if step:
                left.extend(p.grad.detach().clone() for p in model.parameters())  # type: ignore[union-attr]
                clear(model, optimizer)
            model(torch.ones(1, 3)).square().sum().backward()
            optimizer.step()

    return model, left, watch(go).step(1)


@pytest.mark.parametrize("to_none", [True, False])
@pytest.mark.parametrize("of_module", [True, False])
def test_zero_grad(to_none: bool, of_module: bool, watch: Watch) -> None:
    """None or zeros, of an optimizer or a module: before, after, and what is then added to."""

    def clear(model: nn.Linear, optimizer: torch.optim.Optimizer) -> None:
        owner = model if of_module else optimizer
        owner.zero_grad(set_to_none=to_none)

    model, left, step = train(clear, watch)
    (event,) = only(step, ZeroGrad)
    assert event.owner == ("Linear" if of_module else "SGD")
    assert event.set_to_none is to_none
    assert event.phase == "zero_grad"
    assert event.site is not None
    assert event.site.expression == "owner.zero_grad(set_to_none=to_none)"
    assert len(event.changes) == 2
    for change, gradient in zip(event.changes, left, strict=True):
        assert same(change.before, gradient)
        assert same(change.after, None if to_none else torch.zeros_like(gradient))
    ledger = {event.parameter: event for event in only(step, Accumulation)}
    for number, parameter in enumerate(model.parameters()):
        before = None if to_none else torch.zeros_like(parameter)
        assert same(ledger[number].before, before)
        assert same(ledger[number].after, parameter.grad)
        assert same(ledger[number].contribution, parameter.grad)
    assert only(step, GradChange) == []


def by_hand_to_none(model: nn.Linear, optimizer: torch.optim.Optimizer) -> None:
    """Take the gradients away one by one."""
    for parameter in model.parameters():
        parameter.grad = None


def by_hand_to_zero(model: nn.Linear, optimizer: torch.optim.Optimizer) -> None:
    """Fill the gradients with zeros one by one."""
    for parameter in model.parameters():
        parameter.grad.zero_()  # type: ignore[union-attr]


def by_replacement(model: nn.Linear, optimizer: torch.optim.Optimizer) -> None:
    """Put other tensors in the place of the gradients."""
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)


@pytest.mark.parametrize(
    ("clear", "expected"),
    [
        # two places in this file store a gradient: which one did is not guessed
        (by_hand_to_none, None),
        (by_hand_to_zero, "parameter.grad.zero_()"),
        (by_replacement, None),
    ],
)
def test_cleared_by_hand(clear: Clear, expected: str | None, watch: Watch) -> None:
    """No call that can be watched, and still every change is there."""
    _, left, step = train(clear, watch)
    changes = sorted(only(step, GradChange), key=lambda change: change.parameter)
    assert [change.parameter for change in changes] == [0, 1]
    assert only(step, ZeroGrad) == []
    for change, gradient in zip(changes, left, strict=True):
        assert same(change.before, gradient)
        to_none = clear is by_hand_to_none
        assert same(change.after, None if to_none else torch.zeros_like(gradient))
        assert expression(change.site) == expected
        if clear is by_hand_to_zero:
            assert change.cause == "op"
            assert change.op is not None
            op = step.events[change.op]
            assert isinstance(op, Op)
            assert op.name == "aten::zero_"
        else:
            assert change.cause == "unseen"
            assert change.op is None
    for event in only(step, Accumulation):
        assert (event.before is None) is (clear is by_hand_to_none)


def expression(site: Site | None) -> str | None:
    """Return the text at a position, None without one."""
    return None if site is None else site.expression


def test_nothing_is_cleared(watch: Watch) -> None:
    """Without zero_grad the second step starts from what the first one left."""
    _, left, step = train(lambda model, optimizer: None, watch)
    ledger = only(step, Accumulation)
    for event in ledger:
        assert same(event.before, left[event.parameter])
    assert only(step, GradChange) == []
    assert only(step, ZeroGrad) == []


def test_clipping_is_a_change_between_backward_and_step(watch: Watch) -> None:
    """The gradient that the update reads is the clipped one, and the clipping line is named."""
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    plain: list[torch.Tensor] = []
    clipped: list[torch.Tensor] = []

    def go() -> None:
        model(torch.ones(4, 3)).square().sum().backward()
        plain.extend(p.grad.detach().clone() for p in model.parameters())  # type: ignore[union-attr]
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        clipped.extend(p.grad.detach().clone() for p in model.parameters())  # type: ignore[union-attr]
        optimizer.step()

    step = watch(go).step(0)
    changes = sorted(only(step, GradChange), key=lambda change: change.parameter)
    assert len(changes) == 2
    updates = {update.parameter: update for update in step.updates}
    for number, change in enumerate(changes):
        assert change.cause == "op"
        assert change.phase == "optimizer"
        assert expression(change.site) == "nn.utils.clip_grad_norm_(model.parameters(), 0.5)"
        assert same(change.before, plain[number])
        assert same(change.after, clipped[number])
        assert same(updates[number].gradient, clipped[number])
    assert not torch.equal(plain[0], clipped[0])


SCRIPT = """
import torch

class Model:
    def __init__(self):
        self.w = torch.ones(2, requires_grad=True)

    def forget(self):
        if self.w.grad is not None: self.w.grad = None

def train(model):
    optimizer = torch.optim.SGD([model.w], lr=0.1)
    for step in range(2):
        {here}
        model.w.square().sum().backward()
        optimizer.step()
"""


@pytest.mark.parametrize(
    ("here", "line", "expected"),
    [
        ("model.forget()", 9, "self.w.grad = None"),
        ("model.w.grad = None", 14, "model.w.grad = None"),
    ],
)
def test_the_line_that_stored_a_gradient(
    here: str, line: int, expected: str, watch: Watch, tmp_path: Path
) -> None:
    """In the running function the place nearest above, else the only place in the file."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(here=here))
    names: dict[str, Any] = {}
    exec(compile(script.read_text(), str(script), "exec"), names)
    recording = watch(lambda: names["train"](names["Model"]()))
    (change,) = only(recording.step(1), GradChange)
    assert change.site is not None
    assert (change.site.line, change.site.expression) == (line, expected)
    assert change.site.path == str(script)
