"""The random number generator: never moved, and its state at each step kept."""

from __future__ import annotations

import torch
from torch.nn import functional

from recorder.bits import same
from recorder.conftest import Watch


def test_every_step_starts_with_its_state(watch: Watch) -> None:
    """From the recorded state, the step's random numbers come again."""
    torch.manual_seed(3)
    w = torch.ones(64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    states: list[torch.Tensor] = [torch.get_rng_state()]

    def train() -> None:
        for _ in range(4):
            optimizer.zero_grad()
            functional.dropout(w, 0.5).sum().backward()
            optimizer.step()
            states.append(torch.get_rng_state())

    recording = watch(train)
    assert recording.full_steps == (0, 1, 2, 3)
    for index in recording.full_steps:
        step = recording.step(index)
        assert step.rng == states[index].numpy().tobytes()
        (drawn,) = [op for op in step.ops if op.name.startswith("aten::bernoulli_")]
        assert step.rng is not None
        torch.set_rng_state(torch.frombuffer(bytearray(step.rng), dtype=torch.uint8))
        assert same(drawn.outputs[0], torch.empty(64).bernoulli_(0.5))


def test_recording_draws_nothing(watch: Watch) -> None:
    """The stream after a recorded training is the one after a bare training."""
    w = torch.ones(8, requires_grad=True)

    def train() -> None:
        torch.manual_seed(5)
        for _ in range(3):
            functional.dropout(w * torch.rand(8), 0.5).sum().backward()

    train()
    bare = torch.get_rng_state()
    watch(train, keep="*")
    assert torch.equal(torch.get_rng_state(), bare)


def test_an_unchanged_state_is_stored_once(watch: Watch) -> None:
    """Steps without random numbers share one copy of 5 kB."""
    w = torch.ones(8, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def train() -> None:
        for _ in range(5):
            w.sum().backward()
            optimizer.step()

    recording = watch(train)
    assert len({recording.step(index).rng for index in range(5)}) == 1
    assert {recording.step(index)._rng for index in range(5)} == {recording.step(0)._rng}
