"""Source positions: the exact expression of every op, and nothing that only looks like it."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from recorder.conftest import Watch
from retrograd.store.model import Op, Site, StepCall
from retrograd.store.reader import Recording
from retrograd.store.step import Step

X = torch.tensor([[1.0, 2.0]])


def rest(recording: Recording) -> Step:
    """Return what ran, where no optimizer ends a step."""
    assert recording.unfinished is not None
    return recording.step(recording.unfinished)


def span(site: Site | None) -> str:
    """Cut a site's span out of the source file by its numbers alone."""
    assert site is not None
    assert site.line is not None
    assert site.end_line is not None
    lines = linecache.getlines(site.path)[site.line - 1 : site.end_line]
    lines[-1] = lines[-1][: site.end_column]
    lines[0] = lines[0][site.column :]
    return "".join(lines)


def expressions(watch: Watch, run: Callable[[], torch.Tensor]) -> dict[str, str]:
    """Return the expression of each op, having checked that the numbers say the same."""
    step = rest(watch(lambda: run().sum().backward()))
    found = {}
    for op in step.ops:
        assert op.site is not None
        assert op.site.path == __file__
        assert span(op.site) == op.site.expression
        found[op.name] = op.site.expression
    return found


def test_two_ops_on_one_line(watch: Watch) -> None:
    """The matrix product and the sum beside it have spans of their own."""
    w = torch.ones(2, 1, requires_grad=True)
    b = torch.ones(1, requires_grad=True)
    found = expressions(watch, lambda: torch.matmul(X, w) + b)
    assert found["aten::mm"] == "torch.matmul(X, w)"
    assert found["aten::add.Tensor"] == "torch.matmul(X, w) + b"


def test_columns_count_characters(watch: Watch) -> None:
    """Letters of several bytes before an expression do not shift it."""
    w = torch.ones(2, requires_grad=True)
    found = expressions(watch, lambda: {"größe 학습 🙂": w * 3}["größe 학습 🙂"].exp())
    assert found["aten::mul.Tensor"] == "w * 3"
    assert found["aten::exp"] == '{"größe 학습 🙂": w * 3}["größe 학습 🙂"].exp()'


def test_several_lines(watch: Watch) -> None:
    """An expression that spans lines is kept whole."""
    w = torch.ones(2, requires_grad=True)
    # fmt: off
    found = expressions(
        watch,
        lambda: torch.where(
            X > 1,
            w.sin(),
            w.cos(),
        ),
    )
    # fmt: on
    assert found["aten::sin"] == "w.sin()"
    assert found["aten::where.self"].splitlines()[0] == "torch.where("
    assert found["aten::where.self"].splitlines()[-1].strip() == ")"


def helper(value: torch.Tensor) -> torch.Tensor:
    """A function of the user's, called by another."""
    return value.tanh()


def test_a_function_of_the_users(watch: Watch) -> None:
    """The innermost line of the user's, with the function that it stands in."""
    w = torch.ones(2, requires_grad=True)
    recording = watch(lambda: helper(w).sum().backward())
    sites = {op.name: op.site for op in rest(recording).ops}
    tanh, total = sites["aten::tanh"], sites["aten::sum"]
    assert tanh is not None
    assert total is not None
    assert (tanh.expression, tanh.function) == ("value.tanh()", "helper")
    assert total.expression == "helper(w).sum()"
    assert total.function.endswith("<lambda>")


def test_library_code_is_not_the_users(watch: Watch) -> None:
    """Ops inside ``nn.Linear`` stand at the call that the user wrote."""
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    found = expressions(watch, lambda: model(X))
    assert found["aten::addmm"] == "model(X)"
    assert found["aten::tanh"] == "model(X)"


def test_the_source_is_in_the_recording(watch: Watch) -> None:
    """The file as it was when it ran, byte for byte."""
    w = torch.ones(2, requires_grad=True)
    recording = watch(lambda: w.sum().backward())
    assert recording.sources[__file__].text == Path(__file__).read_text()


def test_calls_have_their_line(watch: Watch) -> None:
    """backward(), step(), and the nodes at the ops that created them."""
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def go() -> None:
        w.exp().sum().backward()
        optimizer.step()

    step = watch(go).step(0)
    kinds: dict[str, list[str]] = {}
    for event in step.events:
        kinds.setdefault(event.kind, []).append(span(event.site))
    assert kinds["op"] == ["w.exp()", "w.exp().sum()"]
    assert kinds["backward"] == ["w.exp().sum().backward()"]
    assert kinds["node"] == ["w.exp().sum()", "w.exp()"]
    assert kinds["accumulate"] == ["w.exp().sum().backward()"]
    assert kinds["step"] == kinds["update"] == ["optimizer.step()"]
    (call,) = [event for event in step.events if isinstance(event, StepCall)]
    assert call.name == "SGD"


def test_a_line_that_runs_twice_is_one_site(watch: Watch) -> None:
    """A loop does not multiply positions."""
    w = torch.ones(2, requires_grad=True)

    def go() -> None:
        total = w
        for _ in range(5):
            total = total.sin()
        total.sum().backward()

    step = rest(watch(go))
    sines = [event for event in step.events if isinstance(event, Op) and event.name == "aten::sin"]
    assert len(sines) == 5
    assert len({op.site.id for op in sines if op.site is not None}) == 1
