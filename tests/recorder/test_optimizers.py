"""Updates: each parameter and the optimizer's state before and after, of every optimizer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from recorder.bits import only, same
from recorder.conftest import Watch
from retrograd.store.model import StepCall, Update
from retrograd.store.value import Value

Make = Callable[[list[nn.Parameter]], torch.optim.Optimizer]
MAKERS: dict[str, Make] = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.1),
    "SGD with momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "Adam with amsgrad": lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True, weight_decay=0.1),
    "Adam fused": lambda p: torch.optim.Adam(p, lr=0.01, fused=True),
    "Adam for each": lambda p: torch.optim.Adam(p, lr=0.01, foreach=True),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.01),
    "Adamax": lambda p: torch.optim.Adamax(p),
    "NAdam": lambda p: torch.optim.NAdam(p),
    "RAdam": lambda p: torch.optim.RAdam(p),
    "RMSprop": lambda p: torch.optim.RMSprop(p, momentum=0.5, centered=True),
    "Adagrad": lambda p: torch.optim.Adagrad(p),
    "Adadelta": lambda p: torch.optim.Adadelta(p),
    "ASGD": lambda p: torch.optim.ASGD(p),
    "Rprop": lambda p: torch.optim.Rprop(p),
    "Adafactor": lambda p: torch.optim.Adafactor(p),
}


def copied(state: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of one parameter's optimizer state."""
    return {
        key: item.detach().clone() if isinstance(item, torch.Tensor) else item
        for key, item in state.items()
    }


def state_is(recorded: Any, truth: dict[str, Any]) -> None:
    """Every number of a state, bit for bit."""
    numbers = {
        key: item
        for key, item in truth.items()
        if isinstance(item, (torch.Tensor, int, float)) and not isinstance(item, bool)
    }
    assert set(recorded) == set(numbers)
    for key, item in numbers.items():
        if isinstance(item, torch.Tensor):
            assert same(recorded[key], item), key
        else:
            assert recorded[key].number == item, key


@pytest.mark.parametrize("name", MAKERS)
def test_every_optimizer(name: str, watch: Watch) -> None:
    """Values, gradients and state around ``step()`` are what the program itself reads there."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    parameters = list(model.parameters())
    optimizer = MAKERS[name](parameters)
    read: list[list[tuple[Any, ...]]] = []

    def look() -> list[tuple[Any, ...]]:
        return [(p.detach().clone(), copied(optimizer.state.get(p, {}))) for p in parameters]

    def train() -> None:
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.randn(5, 3)).square().mean().backward()
            read.append(look())
            optimizer.step()
            read.append(look())

    recording = watch(train)
    assert recording.full_steps == (0, 1, 2)
    kind = type(optimizer).__name__
    for index in range(3):
        step = recording.step(index)
        (call,) = only(step, StepCall)
        assert (call.name, call.groups, call.optimizer) == (kind, 1, 0)
        updates = only(step, Update)
        assert [recording.parameters[u.parameter].name for u in updates] == [
            parameter_name for parameter_name, _ in model.named_parameters()
        ]
        for place, update in enumerate(updates):
            before, after = read[2 * index][place], read[2 * index + 1][place]
            assert same(update.before, before[0])
            assert same(update.after, after[0])
            state_is(update.state_before, before[1])
            state_is(update.state_after, after[1])
            assert not update.manual
        if index == 2:
            for update, parameter in zip(updates, parameters, strict=True):
                assert same(update.gradient, parameter.grad)
                check_hyperparameters(update, optimizer.param_groups[0])


def check_hyperparameters(update: Update, group: dict[str, Any]) -> None:
    """Every number of a group is there as it was in force."""
    for key, item in group.items():
        if key == "params":
            continue
        got = update.hyperparameters[key]
        if isinstance(item, (tuple, list)):
            assert got == tuple(item), key
        else:
            assert got == item, key


def test_two_optimizers(watch: Watch) -> None:
    """A step ends with each ``step()``; both have their number and their own parameters."""
    one = torch.ones(2, requires_grad=True)
    two = torch.ones(2, requires_grad=True)
    first = torch.optim.SGD([one], lr=0.1)
    second = torch.optim.Adam([two], lr=0.01)

    def train() -> None:
        for _ in range(2):
            (one * two).sum().backward()
            first.step()
            second.step()

    recording = watch(train)
    assert recording.full_steps == (0, 1, 2, 3)
    calls = [only(recording.step(index), StepCall)[0] for index in range(4)]
    assert [(c.name, c.optimizer) for c in calls] == [("SGD", 0), ("Adam", 1)] * 2
    names = [
        recording.parameters[u.parameter].name for i in range(2) for u in recording.step(i).updates
    ]
    assert names == ["one", "two"]
    optimizers = recording.meta["optimizers"]
    assert [entry["name"] for entry in optimizers] == ["SGD", "Adam"]


def test_groups_and_schedules(watch: Watch) -> None:
    """Each group has its own numbers, and a scheduler's rate is the one in force."""
    one = torch.ones(2, requires_grad=True)
    two = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD(
        [{"params": [one], "lr": 0.5}, {"params": [two], "momentum": 0.9}], lr=0.1
    )
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.7)
    rates: list[list[float]] = []

    def train() -> None:
        for _ in range(4):
            (one * two).sum().backward()
            rates.append([group["lr"] for group in optimizer.param_groups])
            optimizer.step()
            schedule.step()

    recording = watch(train)
    for index in range(4):
        updates = recording.step(index).updates
        assert [update.group for update in updates] == [0, 1]
        assert [update.hyperparameters["lr"] for update in updates] == rates[index]
        assert [update.hyperparameters["momentum"] for update in updates] == [0, 0.9]


def test_a_closure(watch: Watch) -> None:
    """LBFGS runs the forward and backward pass inside ``step()``, several times."""
    torch.manual_seed(0)
    w = torch.randn(3, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=3)
    losses: list[float] = []
    values: list[torch.Tensor] = []

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (w - 2).pow(4).sum()
        loss.backward()
        losses.append(loss.item())
        return loss

    def train() -> None:
        for _ in range(2):
            values.append(w.detach().clone())
            optimizer.step(closure)
        values.append(w.detach().clone())

    recording = watch(train)
    assert recording.steps == 2
    seen: list[float | None] = []
    for index in range(2):
        step = recording.step(index)
        (update,) = step.updates
        assert same(update.before, values[index])
        assert same(update.after, values[index + 1])
        seen += [e.roots[0].number for e in step.events if e.kind == "backward"]  # type: ignore[attr-defined]
    assert seen == losses


def by_subtraction(w: torch.Tensor) -> None:
    """As every tutorial writes it."""
    with torch.no_grad():
        w -= 0.1 * w.grad


def by_add(w: torch.Tensor) -> None:
    """One op."""
    with torch.no_grad():
        w.add_(w.grad, alpha=-0.1)


def by_data(w: torch.Tensor) -> None:
    """As old tutorials write it."""
    w.data.sub_(0.1 * w.grad.data)  # type: ignore[union-attr]


def by_data_minus(w: torch.Tensor) -> None:
    """As old tutorials write it, too."""
    w.data -= 0.1 * w.grad  # type: ignore[operator]


def by_new_data(w: torch.Tensor) -> None:
    """No op changes the parameter."""
    w.data = w.data - 0.1 * w.grad  # type: ignore[operator]


@pytest.mark.parametrize("change", [by_subtraction, by_add, by_data, by_data_minus, by_new_data])
def test_an_update_by_hand(change: Callable[[torch.Tensor], None], watch: Watch) -> None:
    """No optimizer: the op that changes the weight is the update, and ends the step."""
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    values: list[torch.Tensor] = []
    gradients: list[torch.Tensor] = []

    def train() -> None:
        for _ in range(3):
            w.grad = None
            w.square().sum().backward()
            assert w.grad is not None
            gradients.append(w.grad.detach().clone())
            values.append(w.detach().clone())
            change(w)
        values.append(w.detach().clone())

    recording = watch(train)
    assert recording.full_steps == (0, 1, 2)
    for index in range(3):
        step = recording.step(index)
        (update,) = step.updates
        assert update.manual
        assert update.optimizer is None
        assert same(update.before, values[index])
        assert same(update.gradient, gradients[index])
        assert same(update.after, values[index + 1])
        assert update.op is not None
        op = step.events[update.op]
        assert op.kind == "op"
        assert update.site == op.site
        assert update.site is not None
        assert update.site.function == change.__name__


def test_a_parameter_without_gradient(watch: Watch) -> None:
    """An optimizer passes over it: before and after are one value."""
    used = torch.ones(2, requires_grad=True)
    unused = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([used, unused], lr=0.1)

    def train() -> None:
        used.sum().backward()
        optimizer.step()

    updates = watch(train).step(0).updates
    assert [update.gradient is None for update in updates] == [False, True]
    assert updates[1].before is updates[1].after
    assert isinstance(updates[0].after, Value)
    assert updates[0].before is not updates[0].after


@pytest.mark.parametrize("options", [{"budget": "all"}, {"budget": "0"}], ids=["full", "light"])
@pytest.mark.parametrize("nested", [False, True], ids=["alone", "inside another"])
def test_steps_after_one_that_raised(options: dict[str, str], nested: bool, watch: Watch) -> None:
    """A program that catches what ``step()`` raised goes on, and so does its recording."""
    w = torch.ones(2, requires_grad=True)
    inner = torch.optim.SGD([w], lr=0.1)

    class Outer(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:  # type: ignore[override]
            return inner.step(closure)

    optimizer = Outer([w], lr=0.1) if nested else inner

    def train() -> None:
        for turn in range(6):

            def loss(bad: bool = turn == 2) -> torch.Tensor:
                optimizer.zero_grad()
                found = (w * w).sum()
                if bad:
                    raise ValueError("a bad batch")
                found.backward()
                return found

            if turn == 2:
                with pytest.raises(ValueError, match="a bad batch"):
                    optimizer.step(loss)
            else:
                optimizer.step(loss)

    recording = watch(train, **options)
    assert recording.steps == 5
    for index in recording.full_steps:
        step = recording.step(index)
        assert sum(op.name.startswith("aten::mul") for op in step.ops) == (2 if index == 2 else 1)
        assert len(step.updates) == 1
