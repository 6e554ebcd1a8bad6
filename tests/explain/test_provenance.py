"""The provenance of a number: every figure is PyTorch's, and the parts add up to it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import nn

import retrograd
from retrograd.explain.provenance import Provenance, why
from retrograd.explain.provenance_target import Kind
from retrograd.explain.samples import Shares
from retrograd.explain.tensor_card import tensor_card
from retrograd.store.errors import RecordingError, StepError
from retrograd.store.reader import Recording

STEPS = 6


class Truth(NamedTuple):
    """What PyTorch had at one step, by the parameter's name."""

    before: dict[str, Any]
    grads: dict[str, Any]
    after: dict[str, Any]
    output: Any
    output_grad: Any


class Net(nn.Module):
    """Two layers; the first is used twice, so that several paths lead to it."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(3, 3)
        self.out = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(torch.tanh(self.hidden(torch.tanh(self.hidden(x)))))


def arrays(model: nn.Module, grads: bool = False) -> dict[str, Any]:
    """Copies of all parameters, or of their gradients."""
    return {
        name: np.array((item.grad if grads else item.data).tolist())
        for name, item in model.named_parameters()
        if item is not None
    }


def train(path: Path, steps: str | None, passes: int = 1) -> list[Truth]:
    """Record a training with Adam and return PyTorch's own numbers."""
    torch.manual_seed(5)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05, weight_decay=0.01)
    data = [(torch.randn(4, 3), torch.randint(0, 2, (4,))) for _ in range(passes)]
    truth = []
    options: dict[str, Any] = {"budget": "all"} if steps is None else {"steps": steps}
    with retrograd.record(path, **options):
        for _ in range(STEPS):
            before = arrays(model)
            optimizer.zero_grad()
            for x, y in data:
                output = model(x)
                output.retain_grad()
                loss = nn.functional.cross_entropy(output, y)
                loss.backward()
            grads = arrays(model, grads=True)
            gradient = np.array(output.grad.tolist())
            optimizer.step()
            truth.append(Truth(before, grads, arrays(model), np.array(output.tolist()), gradient))
    return truth


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Truth]]:
    """A recording of every step in full, and the truth."""
    path = tmp_path_factory.mktemp("why") / "net.retro"
    return path, train(path, None)


def ask(recording: Recording, name: str, index: tuple[int, ...], step: int) -> Provenance:
    return why(recording, name, f"[{','.join(map(str, index))}]", step=step)


def test_parameters(run: tuple[Path, list[Truth]]) -> None:
    """Before, gradient and after of every element of some steps."""
    path, truth = run
    with retrograd.load(path) as recording:
        for step in (0, 3, STEPS - 1):
            for name, values in truth[step].after.items():
                for index in np.ndindex(values.shape):
                    found = ask(recording, name, index, step)
                    (update,) = found.updates
                    assert found.number == update.after == pytest.approx(values[index])
                    assert update.before == pytest.approx(truth[step].before[name][index])
                    assert update.gradient == pytest.approx(truth[step].grads[name][index])
                    assert found.gradient is not None
                    assert found.gradient.after == update.gradient


def test_the_parts_of_a_gradient_add_up(run: tuple[Path, list[Truth]]) -> None:
    """Over the paths, over the examples, and over the terms of the last node."""
    path, _ = run
    with retrograd.load(path) as recording:
        for name, index in (
            ("hidden.weight", (1, 2)),
            ("hidden.bias", (0,)),
            ("out.weight", (1, 0)),
        ):
            found = ask(recording, f"grad {name}", index, 2)
            assert found.target.kind is Kind.PARAMETER_GRADIENT
            assert found.gradient is not None
            (part,) = found.gradient.contributions
            assert part.amount == pytest.approx(found.number)
            assert part.paths.count == (2 if name.startswith("hidden") else 1)
            assert sum(p.amount for p in part.paths.paths) == pytest.approx(found.number, rel=1e-5)
            assert isinstance(part.samples, Shares)
            assert part.samples.size == 4
            assert part.samples.sum == pytest.approx(found.number, rel=1e-5)
            sources = [source for origin in part.origins for source in origin.sources]
            assert sum(source.amount for source in sources) == pytest.approx(found.number)
            for source in sources:
                products = [via.term.product for via in source.terms]
                assert sum(products) == pytest.approx(source.amount, rel=1e-4, abs=1e-7)
            for example, chain in part.chains.items():
                (share,) = [s for s in part.samples.shares if s.example == example]
                product = chain.upstream * np.prod([factor.local for factor in chain.factors])
                assert product == pytest.approx(share.amount, rel=1e-4, abs=1e-8)


def test_values_and_their_gradients(run: tuple[Path, list[Truth]]) -> None:
    path, truth = run
    with retrograd.load(path) as recording:
        for step, row, column in itertools.product((0, 4), range(4), range(2)):
            value = ask(recording, "output", (row, column), step)
            assert value.number == pytest.approx(truth[step].output[row, column])
            assert value.origin is not None
            gradient = ask(recording, "grad output", (row, column), step)
            assert gradient.number == pytest.approx(truth[step].output_grad[row, column])
            assert gradient.upstream is not None
            amounts = [source.amount for source in gradient.upstream.sources]
            assert sum(amounts) == pytest.approx(gradient.number)


def test_the_history_adds_up(run: tuple[Path, list[Truth]]) -> None:
    """The moves of all steps are the way from the first value to the last."""
    path, truth = run
    with retrograd.load(path) as recording:
        past = ask(recording, "out.bias", (1,), 2).history
    assert past is not None
    assert past.every_step
    assert len(past.moves) == STEPS
    assert past.first == pytest.approx(truth[0].before["out.bias"][1])
    assert past.first + sum(m.change for m in past.moves) == pytest.approx(
        truth[-1].after["out.bias"][1]
    )
    sizes = [abs(move.change) for move in past.moves]
    assert sizes == sorted(sizes, reverse=True)
    assert past.after(3) == pytest.approx(truth[3].after["out.bias"][1])


def test_several_passes(tmp_path: Path) -> None:
    """With gradient accumulation each pass is told apart."""
    truth = train(tmp_path / "run.retro", None, passes=3)
    with retrograd.load(tmp_path / "run.retro") as recording:
        found = ask(recording, "out.weight", (0, 1), 1).gradient
    assert found is not None
    assert len(found.contributions) == 3
    assert found.before is None
    total = sum(part.amount for part in found.contributions)
    assert total == pytest.approx(found.after) == pytest.approx(truth[1].grads["out.weight"][0, 1])


def test_passes_with_clearing_in_between(tmp_path: Path) -> None:
    """As LBFGS runs them: only the last pass is left in ``.grad``."""
    weight = torch.tensor([3.0, -2.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([weight], max_iter=3, history_size=4)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = ((weight - 1.0) ** 4).sum()
        loss.backward()
        return loss

    with retrograd.record(tmp_path / "run.retro", budget="all"):
        optimizer.step(closure)
    with retrograd.load(tmp_path / "run.retro") as recording:
        found = ask(recording, "weight", (0,), 0).gradient
    assert found is not None
    assert len(found.contributions) > 1
    assert len(found.cleared) == len(found.contributions) - 1
    assert found.contributions[-1].amount == found.after


def test_a_gradient_cleared_after_the_update(tmp_path: Path) -> None:
    """The gradient is what the update read, not what the program left for the next step."""
    weight = torch.tensor([3.0], requires_grad=True)
    with retrograd.record(tmp_path / "run.retro", budget="all"):
        for _ in range(2):
            (weight**2).sum().backward()
            with torch.no_grad():
                assert weight.grad is not None
                weight -= 0.1 * weight.grad
                weight.grad.zero_()
    with retrograd.load(tmp_path / "run.retro") as recording:
        found = ask(recording, "weight", (0,), 0)
        card = tensor_card(recording, "weight.grad", 0)
    assert found.gradient is not None
    assert found.gradient.after == found.updates[0].gradient == 6.0
    assert card.value.array is not None
    assert card.value.array.tolist() == [6.0]


def test_a_light_step(tmp_path: Path) -> None:
    """What the series say of it is what PyTorch had."""
    truth = train(tmp_path / "run.retro", "0,5")
    with retrograd.load(tmp_path / "run.retro") as recording:
        assert recording.full_steps == (0, 5)
        found = ask(recording, "hidden.weight", (2, 1), 3)
        assert found.step is None
        assert found.light is not None
        assert found.number == found.light.after
        assert found.light.after == pytest.approx(truth[3].after["hidden.weight"][2, 1])
        assert found.light.before == pytest.approx(truth[3].before["hidden.weight"][2, 1])
        assert found.light.gradient == pytest.approx(truth[3].grads["hidden.weight"][2, 1])
        assert found.light.learning_rate == pytest.approx(0.05)
        gradient = ask(recording, "grad hidden.weight", (2, 1), 3)
        assert gradient.number == found.light.gradient
        assert why(recording, "loss", step=3).number == recording.series("loss").values[3]
        with pytest.raises(StepError, match="recorded light"):
            ask(recording, "output", (0, 0), 3)
        with pytest.raises(StepError, match="no step 99"):
            ask(recording, "hidden.weight", (2, 1), 99)


@pytest.mark.parametrize(
    ("target", "index", "said"),
    [
        ("out.wieght", "[0,0]", "did you mean out.weight"),
        ("out.weight", None, "say which element, such as out.weight"),
        ("out.weight[0]", None, "say which element"),
        ("out.weight[2,0]", None, "index 2 is outside dimension 0, which goes from 0 to 1"),
        ("out.weight[0,0,0]", None, "3 indices are too many"),
        ("loss", "[0]", "ask for it without an index"),
        ("out.weight", "zero", "is not understood"),
        ("999", None, "has no event 999"),
        ("grad data[0][0]", "[0,0]", "data[0][0] got no gradient"),
    ],
)
def test_bad_questions(
    target: str, index: str | None, said: str, run: tuple[Path, list[Truth]]
) -> None:
    with retrograd.load(run[0]) as recording, pytest.raises(RecordingError) as error:
        why(recording, target, index, step=1)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_every_event_of_a_node_has_an_answer(or_gate: Path) -> None:
    """By number: an op, a node, an accumulation, an update, the start of the backward pass."""
    asked = set()
    with retrograd.load(or_gate) as recording:
        for event in recording.step(5).events:
            if event.kind not in ("zero_grad", "step"):
                shape = why_shape(recording, event.index)
                assert ask(recording, str(event.index), shape, 5).number is not None
                asked.add(event.kind)
    assert asked == {"op", "backward", "node", "accumulate", "update"}


def why_shape(recording: Recording, event: int) -> tuple[int, ...]:
    """Return an index of zeros that fits what the event made."""
    for length in range(3):
        try:
            return ask(recording, str(event), (0,) * length, 5).target.index
        except RecordingError:
            continue
    raise AssertionError(f"event {event} has no answer")
