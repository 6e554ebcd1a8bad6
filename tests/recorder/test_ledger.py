"""The ledger: what was in ``.grad``, what came, what was there then."""

from __future__ import annotations

import torch
from torch import nn

from recorder.bits import only, same
from recorder.conftest import Watch
from retrograd.store.model import Accumulation, BackwardCall


def test_gradient_accumulation_adds_up(watch: Watch) -> None:
    """Before + contribution = after, bit for bit, across micro-batches and steps."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    parameters = list(model.parameters())
    after_pass: list[list[torch.Tensor]] = []

    def go() -> None:
        for _ in range(2):
            for _ in range(3):
                (model(torch.randn(6, 4)).square().mean() / 3).backward()
                after_pass.append([p.grad.detach().clone() for p in parameters])  # type: ignore[union-attr]
            optimizer.step()
            optimizer.zero_grad()

    recording = watch(go)
    assert recording.steps == 2
    for index in range(2):
        step = recording.step(index)
        assert len(only(step, BackwardCall)) == 3
        for number in range(len(parameters)):
            entries = [e for e in only(step, Accumulation) if e.parameter == number]
            assert [entry.number for entry in entries] == [0, 1, 2]
            held = None
            for entry, truth in zip(entries, after_pass[3 * index :], strict=False):
                assert entry.contribution is not None
                assert entry.contribution.array is not None
                assert same(entry.before, held)
                added = torch.from_numpy(entry.contribution.array.copy())
                assert same(entry.after, added if held is None else held + added)
                assert same(entry.after, truth[number])
                held = truth[number]
            (update,) = [u for u in step.updates if u.parameter == number]
            assert same(update.gradient, held)


def test_a_shared_weight_gets_one_sum(watch: Watch) -> None:
    """A weight used twice: the engine adds first, the ledger has one entry."""
    weight = torch.tensor([2.0, 3.0], requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)

    def go() -> None:
        (weight.sin() + weight.cos()).sum().backward()
        optimizer.step()

    (entry,) = only(watch(go).step(0), Accumulation)
    assert entry.before is None
    assert same(entry.contribution, weight.grad)
    assert same(entry.after, weight.grad)


def test_what_a_hook_makes_of_a_gradient(watch: Watch) -> None:
    """A tensor hook replaces the gradient: the ledger holds what really came."""
    weight = torch.tensor([2.0, 3.0], requires_grad=True)
    weight.register_hook(lambda gradient: gradient * 10)
    optimizer = torch.optim.SGD([weight], lr=0.1)

    def go() -> None:
        weight.square().sum().backward()
        optimizer.step()

    (entry,) = only(watch(go).step(0), Accumulation)
    assert same(entry.contribution, torch.tensor([40.0, 60.0]))
    assert same(entry.after, weight.grad)


def test_a_gradient_consumed_at_once(watch: Watch) -> None:
    """A post-accumulate hook takes the gradient away before the pass ends."""
    weight = torch.tensor([2.0, 3.0], requires_grad=True)
    seen: list[torch.Tensor] = []

    def consume(parameter: torch.Tensor) -> None:
        assert parameter.grad is not None
        seen.append(parameter.grad.clone())
        parameter.grad = None

    weight.register_post_accumulate_grad_hook(consume)
    optimizer = torch.optim.SGD([weight], lr=0.1)

    def go() -> None:
        weight.square().sum().backward()
        optimizer.step()

    (entry,) = only(watch(go).step(0), Accumulation)
    assert same(entry.contribution, seen[0])
    assert weight.grad is None


def test_the_gradient_of_a_light_step_is_the_next_ones_before(watch: Watch) -> None:
    """A full step after light ones starts from the ``.grad`` that they left."""
    weight = torch.tensor([2.0, 3.0], requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    held: list[torch.Tensor] = []

    def go() -> None:
        for _ in range(4):
            weight.square().sum().backward()
            optimizer.step()
            assert weight.grad is not None
            held.append(weight.grad.clone())

    recording = watch(go, steps="3")
    assert recording.full_steps == (3,)
    (entry,) = only(recording.step(3), Accumulation)
    assert same(entry.before, held[2])
    assert same(entry.after, held[3])
