"""Training loops without an optimizer: where a step ends, and what its updates are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from recorder.conftest import Watch
from retrograd.recorder.recorder import UNENDED_PASSES

STEPS = 6
RATE = 0.1
Leaves = tuple[torch.Tensor, torch.Tensor]
Change = Callable[[torch.Tensor, torch.Tensor], Leaves | None]


def under_no_grad(w: torch.Tensor, b: torch.Tensor) -> None:
    """As tutorials write it."""
    with torch.no_grad():
        w -= RATE * w.grad
        b -= RATE * b.grad


def by_data(w: torch.Tensor, b: torch.Tensor) -> None:
    """As old tutorials write it: gradients are recorded, and no version is counted."""
    w.data -= RATE * w.grad  # type: ignore[operator]
    b.data -= RATE * b.grad  # type: ignore[operator]


def by_data_in_a_loop(w: torch.Tensor, b: torch.Tensor) -> None:
    """One line for all parameters."""
    for p in (w, b):
        p.data.add_(p.grad.data, alpha=-RATE)  # type: ignore[union-attr]


def by_detached(w: torch.Tensor, b: torch.Tensor) -> None:
    """Versions are counted where gradients are recorded."""
    w.detach().sub_(RATE * w.grad)  # type: ignore[operator]
    b.detach().sub_(RATE * b.grad)  # type: ignore[operator]


def by_new_data(w: torch.Tensor, b: torch.Tensor) -> None:
    """No op changes the parameters."""
    w.data = w.data - RATE * w.grad  # type: ignore[operator]
    b.data = b.data - RATE * b.grad  # type: ignore[operator]


def by_new_data_under_no_grad(w: torch.Tensor, b: torch.Tensor) -> None:
    """The same, outside the graph."""
    with torch.no_grad():
        for p in (w, b):
            p.data = p - RATE * p.grad  # type: ignore[operator]


def by_numpy(w: torch.Tensor, b: torch.Tensor) -> None:
    """PyTorch sees nothing of it."""
    for p in (w, b):
        p.detach().numpy()[...] -= RATE * p.grad.numpy()  # type: ignore[union-attr]


def by_new_leaves(w: torch.Tensor, b: torch.Tensor) -> Leaves:
    """As functional programs write it: the old leaf is let go."""
    w = (w - RATE * w.grad).detach().requires_grad_()  # type: ignore[operator]
    b = (b - RATE * b.grad).detach().requires_grad_()  # type: ignore[operator]
    return w, b


def by_new_leaves_under_no_grad(w: torch.Tensor, b: torch.Tensor) -> Leaves:
    """The same, all at once."""
    with torch.no_grad():
        w, b = [p - RATE * p.grad for p in (w, b)]  # type: ignore[operator]
    return w.requires_grad_(), b.requires_grad_()


WAYS = [
    under_no_grad,
    by_data,
    by_data_in_a_loop,
    by_detached,
    by_new_data,
    by_new_data_under_no_grad,
    by_numpy,
    by_new_leaves,
    by_new_leaves_under_no_grad,
]
BUDGETS = [{"budget": "all"}, {"budget": "0"}, {"every": 3}, {"steps": "2"}]


def trained(change: Change, watch: Watch, passes: int = 1, **options: object) -> None:
    """Train by hand, and hold all that was recorded against what was there."""
    torch.manual_seed(0)
    data = torch.randn(2 * STEPS, 3)
    w = torch.zeros(3, 1, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    before: list[list[torch.Tensor]] = []
    gradients: list[list[torch.Tensor]] = []

    def train() -> None:
        nonlocal w, b
        for step in range(STEPS):
            x = data[2 * step : 2 * step + 2]
            loss = (x @ w + b - x.sum(1, keepdim=True)).square().mean()
            loss.backward()
            if step % passes == passes - 1:
                before.append([p.detach().clone() for p in (w, b)])
                gradients.append([p.grad.clone() for p in (w, b)])  # type: ignore[union-attr]
                w, b = change(w, b) or (w, b)
                w.grad = None
                b.grad = None

    recording = watch(train, **options)
    assert recording.steps == len(before)
    before.append([p.detach() for p in (w, b)])
    for index in recording.full_steps:
        updates = recording.step(index).updates
        assert [update.manual for update in updates] == [True, True]
        for place, update in enumerate(updates):
            assert update.before is not None
            assert update.gradient is not None
            assert update.after is not None
            assert np.array_equal(update.before.array, before[index][place])
            assert np.array_equal(update.gradient.array, gradients[index][place])
            assert np.array_equal(update.after.array, before[index + 1][place])
    names = [parameter.name for parameter in recording.parameters]
    for place, name in enumerate(names):
        wanted = [float(torch.linalg.vector_norm(step[place])) for step in gradients]
        found = recording.series(f"grad_norm/{name}").values
        np.testing.assert_allclose(found, wanted, rtol=1e-6)
        wanted = [float(torch.linalg.vector_norm(step[place])) for step in before[1:]]
        found = recording.series(f"weight_norm/{name}").values
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize("options", BUDGETS, ids=str)
@pytest.mark.parametrize("change", WAYS)
def test_every_way_of_updating(change: Change, options: dict[str, object], watch: Watch) -> None:
    trained(change, watch, **options)


@pytest.mark.parametrize("options", BUDGETS, ids=str)
@pytest.mark.parametrize("change", [under_no_grad, by_data, by_new_data, by_new_leaves])
def test_gradients_of_two_passes(change: Change, options: dict[str, object], watch: Watch) -> None:
    trained(change, watch, passes=2, **options)


@pytest.mark.parametrize("new", [torch.rand_like, torch.clone])
def test_leaves_that_take_nobodys_place(
    new: Callable[[torch.Tensor], torch.Tensor], watch: Watch
) -> None:
    """Inputs, or copies trained beside a parameter: no step ends, what is recorded of it does."""
    w = torch.ones(3)

    def train() -> None:
        w.requires_grad_()
        for _ in range(2 * UNENDED_PASSES):
            x = new(w).detach().requires_grad_()
            (x * w).sum().backward()

    recording = watch(train)
    assert recording.steps == 0
    assert recording.unfinished == 0
    passes = [event for event in recording.step(0).events if event.kind == "backward"]
    assert len(passes) == UNENDED_PASSES
    assert "no-update-seen" in [gap["why"] for gap in recording.meta["not_recorded"]]


@pytest.mark.parametrize("options", BUDGETS, ids=str)
@pytest.mark.parametrize("change", [under_no_grad, by_new_leaves])
def test_after_an_optimizer(change: Change, options: dict[str, object], watch: Watch) -> None:
    """A second model without an optimizer: only what tells that it has none is lost."""
    data = torch.randn(4, 3)

    def model() -> Leaves:
        return torch.zeros(3, 1, requires_grad=True), torch.zeros(1, requires_grad=True)

    def train() -> None:
        w, b = model()
        optimizer = torch.optim.SGD([w, b], lr=RATE)
        for _ in range(STEPS):
            optimizer.zero_grad()
            (data @ w + b).square().mean().backward()
            optimizer.step()
        w, b = model()
        for _ in range(2 * STEPS):
            (data @ w + b - 1).square().mean().backward()
            w, b = change(w, b) or (w, b)
            w.grad = b.grad = None

    recording = watch(train, **options)
    assert 3 * STEPS - 3 <= recording.steps <= 3 * STEPS
    last = recording.steps - 2
    names = {parameter.name for parameter in recording.parameters}
    if last in recording.full_steps:
        updates = recording.step(last).updates
        assert [update.manual for update in updates] == [True, True]
    assert len(names) == len(recording.parameters) <= 6  # the first new leaves are replaced unseen
