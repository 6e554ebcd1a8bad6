"""Numbers where floating-point arithmetic goes its own way are told of, with their count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import retrograd
from retrograd.commands import story_text
from retrograd.explain.check import Status
from retrograd.explain.story import explain_step
from retrograd.messages import LANGUAGES, Catalogue

Loss = Callable[[Tensor], Tensor]
INF = float("inf")

# What goes in, the loss, and what must be said of how many elements.
CASES: Mapping[str, tuple[list[float], Loss, dict[str, str | int]]] = {
    "sigmoid": ([40.0, 0.5, -200.0], lambda x: x.sigmoid().sum(), {"special-saturated-sigmoid": 2}),
    "tanh": ([40.0, 0.5, -0.5], lambda x: x.tanh().sum(), {"special-saturated-tanh": 1}),
    "relu": ([1.0, -1.0, 0.0], lambda x: x.relu().sum(), {"special-relu-off": 2}),
    "bce": (
        [40.0, -200.0, 0.5],
        lambda x: F.binary_cross_entropy(x.sigmoid(), torch.tensor([0.0, 1.0, 1.0])),
        {"special-log-cut": 2, "special-steepest": 2, "special-saturated-sigmoid": 2},
    ),
    "root at 0": (
        [0.0, 4.0],
        lambda x: x.sqrt().sum(),
        {"special-inf-born-gradient": 1, "special-slope": ""},
    ),
    "a root that where leaves out": (
        [0.0, 4.0],
        lambda x: torch.where(x > 0, x.sqrt(), 0.0).sum(),
        {"special-nan-born-gradient": 1, "special-slope": ""},
    ),
    "logarithm of 0": (
        [0.0, 1.0],
        lambda x: x.log().sum(),
        {"special-inf-born-value": 1, "special-log-zero": "", "special-inf-travels-value": 1},
    ),
    "logarithm of −1": (
        [-1.0, 1.0],
        lambda x: x.log().sum(),
        {"special-nan-born-value": 1, "special-log-negative": "", "special-nan-travels-value": 1},
    ),
    "root of −1": (
        [-1.0, 1.0],
        lambda x: x.sqrt().sum(),
        {"special-nan-born-value": 1, "special-root-negative": "", "special-nan-travels-value": 1},
    ),
    "0 / 0": (
        [0.0, 1.0],
        lambda x: (x / x.detach()).sum(),
        {
            "special-nan-born-value": 1,
            "special-divided-by-zero": "",
            "special-nan-travels-value": 1,
        },
    ),
    "∞ − ∞": (
        [INF, 1.0],
        lambda x: (x - x.detach()).sum(),
        {"special-nan-born-value": 1, "special-of-infinities": "", "special-nan-travels-value": 1},
    ),
    "overflow": (
        [1e30, 1.0],
        lambda x: (x * 1e30).sum(),
        {"special-inf-born-value": 1, "special-overflow": ""},
    ),
    "a row that is masked as a whole": (
        [1.0, 2.0],
        lambda x: F.softmax(x.masked_fill(torch.tensor([True, True]), -INF), 0)[0],
        {"special-nan-born-value": 2, "special-of-infinities": ""},
    ),
    "ties": ([3.0, 3.0, 1.0], lambda x: x.amax(), {"special-ties": 1}),
    "equal": (
        [3.0, 2.0],
        lambda x: torch.maximum(x, torch.tensor([3.0, 1.0])).sum(),
        {"special-equal": 1},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_special_is_said(name: str, tmp_path: Path) -> None:
    numbers, loss, expected = CASES[name]
    x = torch.tensor(numbers, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        loss(x).backward()
        optimizer.step()
    with retrograd.load(recorded.path) as recording:
        story = explain_step(recording.step(0))
        said = [note for told in story.explanations for note in told.notes]
        first = {note.id: note.arguments.get("count", "") for note in reversed(said)}
        assert {id: first.get(id) for id in expected} == expected
        assert story.count(Status.WRONG) == 0
        for language in LANGUAGES:
            assert list(story_text.lines(story, Catalogue(language)))


def test_nothing_special_is_said_of_ordinary_numbers(tmp_path: Path) -> None:
    x = torch.tensor([0.5, -0.3, 1.2], requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=0.1)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        F.binary_cross_entropy(x.sigmoid(), torch.tensor([1.0, 0.0, 1.0])).backward()
        optimizer.step()
    with retrograd.load(recorded.path) as recording:
        story = explain_step(recording.step(0))
        said = {note.id for told in story.explanations for note in told.notes}
        assert not {id for id in said if id.startswith("special-")}


def test_a_gradient_summed_over_uses_is_shown_as_a_sum(tmp_path: Path) -> None:
    """The bias is used in each row: formula, numbers and words say that its gradient is a sum."""
    x, bias = torch.ones(3, 2), torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([bias], lr=0.1)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        (x + bias).square().sum().backward()
        optimizer.step()
    with retrograd.load(recorded.path) as recording:
        story = explain_step(recording.step(0))
        told = [e for e in story.explanations if any(n.id == "note-summed" for n in e.notes)]
        assert len(told) == 1
        (line,) = [line for line in told[0].lines if line.summed is not None]
        assert line.formula is not None
        assert line.formula.unicode(line.names).startswith("∑ ")
        assert line.summed is not None
        assert line.summed.numbers == "2 + 2 + 2"


def test_a_loss_is_written_out(tmp_path: Path) -> None:
    """The terms of the mean, and one of them from the numbers that went in."""
    chances = torch.tensor([0.25, 0.5, 0.75], requires_grad=True)
    optimizer = torch.optim.SGD([chances], lr=0.1)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        F.binary_cross_entropy(chances, torch.tensor([0.0, 1.0, 0.0])).backward()
        optimizer.step()
    with retrograd.load(recorded.path) as recording:
        told = explain_step(recording.step(0)).explanations
    line = next(e.lines[0] for e in told if "binary_cross_entropy" in str(e.title.arguments))
    assert line.worked is not None and line.worked.index == (2,)
    assert line.worked.numbers == "−(0 · max(ln(0.75), −100) + (1 − 0) · max(ln(1 − 0.75), −100))"
    assert line.summed is not None and line.summed.numbers == "(0.2877 + 0.6931 + 1.386) / 3"
