"""What every step leaves, full or not: loss, learning rate, norms, small values whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from recorder.conftest import Watch

BUDGETS = ["all", "0"]
STEPS = 40


@pytest.mark.parametrize("budget", BUDGETS)
def test_losses_and_rates_are_the_runs_own(budget: str, watch: Watch) -> None:
    """One number per step, bit for bit what the program itself printed."""
    torch.manual_seed(0)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    losses, rates = [], []

    def train() -> None:
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = model(torch.randn(8, 3)).square().mean()
            loss.backward()
            losses.append(loss.item())
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()

    recording = watch(train, budget=budget)
    assert len(recording.full_steps) == (STEPS if budget == "all" else 0)
    for name, wanted in (("loss", losses), ("learning_rate", rates)):
        series = recording.series(name)
        assert series.steps.tolist() == list(range(STEPS))
        assert series.values.tolist() == wanted
    assert recording.meta["loss_first"] == losses[0]
    assert recording.meta["loss_last"] == losses[-1]
    seconds = recording.series("seconds").values
    assert (seconds > 0).all()
    assert seconds.sum() <= recording.meta["seconds"]


@pytest.mark.parametrize("budget", BUDGETS)
def test_small_parameters_are_whole(budget: str, watch: Watch) -> None:
    """Each element and its gradient is a series; the norms follow from them."""
    weights = torch.tensor([[0.5, -1.0]], requires_grad=True)
    bias = torch.tensor(0.25, requires_grad=True)
    optimizer = torch.optim.SGD([weights, bias], lr=0.1)
    values: dict[str, list[float]] = {}

    def train() -> None:
        for step in range(STEPS):
            optimizer.zero_grad()
            ((weights * (step + 1)).sum() + bias).tanh().backward()
            optimizer.step()
            for prefix, weight, shift in (
                ("value", weights, bias),
                ("grad", weights.grad, bias.grad),
            ):
                assert weight is not None
                assert shift is not None
                values.setdefault(f"{prefix}/weights[0,0]", []).append(weight[0, 0].item())
                values.setdefault(f"{prefix}/weights[0,1]", []).append(weight[0, 1].item())
                values.setdefault(f"{prefix}/bias", []).append(shift.item())

    recording = watch(train, budget=budget)
    for name, wanted in values.items():
        assert recording.series(name).values.tolist() == wanted, name
    for kind, prefix in (("weight", "value"), ("grad", "grad")):
        pair = np.array([values[f"{prefix}/weights[0,{i}]"] for i in range(2)])
        one = np.array(values[f"{prefix}/bias"])
        np.testing.assert_allclose(
            recording.series(f"{kind}_norm/weights").values, np.sqrt((pair**2).sum(0)), rtol=1e-14
        )
        np.testing.assert_allclose(recording.series(f"{kind}_norm/bias").values, abs(one))
        np.testing.assert_allclose(
            recording.series(f"{kind}_norm").values,
            np.sqrt((pair**2).sum(0) + one**2),
            rtol=1e-14,
        )


@pytest.mark.parametrize("budget", BUDGETS)
def test_norms_of_a_larger_model(budget: str, watch: Watch) -> None:
    """PyTorch's own norm of each parameter after the step, and of the gradient it used."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 5))
    optimizer = torch.optim.Adam(model.parameters())
    wanted: dict[str, list[float]] = {}

    def train() -> None:
        for _ in range(STEPS):
            optimizer.zero_grad()
            model(torch.randn(8, 20)).square().mean().backward()
            for name, parameter in model.named_parameters():
                norm = torch.linalg.vector_norm(parameter.grad).item()
                wanted.setdefault(f"grad_norm/{name}", []).append(norm)
            optimizer.step()
            for name, parameter in model.named_parameters():
                norm = torch.linalg.vector_norm(parameter.detach()).item()
                wanted.setdefault(f"weight_norm/{name}", []).append(norm)

    recording = watch(train, budget=budget)
    for name, numbers in wanted.items():
        np.testing.assert_allclose(recording.series(name).values, numbers, rtol=1e-6)
    for kind in ("weight", "grad"):
        parts = [numbers for name, numbers in wanted.items() if name.startswith(f"{kind}_norm/")]
        total = np.sqrt(np.square(parts).sum(axis=0))
        np.testing.assert_allclose(recording.series(f"{kind}_norm").values, total, rtol=1e-6)
    assert not [name for name in recording.series_names if name.startswith("value/")]


def test_a_parameter_that_gets_no_gradient(watch: Watch) -> None:
    """NaN stands for a norm that there was not."""
    used = torch.ones(100, requires_grad=True)
    unused = torch.ones(100, requires_grad=True)
    optimizer = torch.optim.SGD([used, unused], lr=0.1)

    def train() -> None:
        for step in range(4):
            optimizer.zero_grad()
            (used if step % 2 else unused).sum().backward()
            optimizer.step()

    recording = watch(train, budget="0")
    np.testing.assert_array_equal(
        recording.series("grad_norm/used").values, [np.nan, 10, np.nan, 10]
    )
    np.testing.assert_array_equal(recording.series("grad_norm").values, [10] * 4)


def test_a_loss_that_is_no_scalar_has_no_number(watch: Watch) -> None:
    """Nothing is made up for ``backward(gradient=…)``."""
    w = torch.ones(3, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def train() -> None:
        (w * 2).backward(gradient=torch.ones(3))
        optimizer.step()
        w.sum().backward()
        optimizer.step()

    losses = watch(train).series("loss").values
    assert np.isnan(losses[0])
    assert losses[1] == pytest.approx(3 - 3 * 0.2)


def test_a_budget_of_nothing_leaves_only_light_steps(watch: Watch) -> None:
    """No full step, no unfinished one, and the parameters are there with their names."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train() -> None:
        for _ in range(3):
            model(torch.ones(1, 2)).sum().backward()
            optimizer.step()

    recording = watch(train, budget="0")
    assert recording.steps == 3
    assert recording.full_steps == ()
    assert recording.unfinished is None
    assert sorted(p.name for p in recording.parameters) == ["bias", "weight"]
