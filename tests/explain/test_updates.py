"""Every optimizer of torch.optim with every option: the update is recomputed, term by term."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import retrograd
from retrograd.explain.check import Status
from retrograd.explain.formula import Formula
from retrograd.explain.updates import explain_update
from retrograd.explain.updates.explained import RECIPES
from retrograd.explain.updates.recipe import Recipe
from retrograd.store.model import Update
from retrograd.store.step import Step

Make = Callable[[Any], torch.optim.Optimizer]
optim = torch.optim

OPTIONS: dict[str, Make] = {
    "SGD": lambda p: optim.SGD(p, lr=0.1),
    "SGD momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
    "SGD dampening": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3),
    "SGD Nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "SGD weight decay": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "SGD maximize": lambda p: optim.SGD(p, lr=0.1, maximize=True, weight_decay=0.01),
    "SGD foreach": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, foreach=True),
    "SGD fused": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, fused=True),
    "SGD tensor lr": lambda p: optim.SGD(p, lr=torch.tensor(0.1)),
    "SGD groups": lambda p: optim.SGD(
        [{"params": [p[0]], "lr": 0.5}, {"params": [p[1]], "momentum": 0.5}], lr=0.1
    ),
    "Adam": lambda p: optim.Adam(p, lr=0.01),
    "Adam amsgrad": lambda p: optim.Adam(p, lr=0.01, amsgrad=True),
    "Adam weight decay": lambda p: optim.Adam(p, lr=0.01, weight_decay=0.1),
    "Adam maximize": lambda p: optim.Adam(p, lr=0.01, maximize=True),
    "Adam foreach": lambda p: optim.Adam(p, lr=0.01, foreach=True),
    "Adam fused": lambda p: optim.Adam(p, lr=0.01, fused=True),
    "Adam capturable": lambda p: optim.Adam(p, lr=torch.tensor(0.01), betas=(0.5, 0.9)),
    "AdamW": lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1),
    "AdamW amsgrad": lambda p: optim.AdamW(p, lr=0.01, amsgrad=True, maximize=True),
    "AdamW fused": lambda p: optim.AdamW(p, lr=0.01, fused=True),
    "Adamax": lambda p: optim.Adamax(p, lr=0.01, weight_decay=0.1),
    "Adamax maximize": lambda p: optim.Adamax(p, lr=0.01, maximize=True),
    "NAdam": lambda p: optim.NAdam(p, lr=0.01),
    "NAdam coupled": lambda p: optim.NAdam(p, lr=0.01, weight_decay=0.1),
    "NAdam decoupled": lambda p: optim.NAdam(
        p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True
    ),
    "RAdam": lambda p: optim.RAdam(p, lr=0.01),
    "RAdam decoupled": lambda p: optim.RAdam(
        p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True
    ),
    "Adagrad": lambda p: optim.Adagrad(p, lr=0.01, lr_decay=0.1, weight_decay=0.1),
    "Adagrad start": lambda p: optim.Adagrad(p, lr=0.01, initial_accumulator_value=0.5),
    "Adadelta": lambda p: optim.Adadelta(p, lr=0.5, weight_decay=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.01),
    "RMSprop centered": lambda p: optim.RMSprop(p, lr=0.01, centered=True, momentum=0.9),
    "RMSprop weight decay": lambda p: optim.RMSprop(p, lr=0.01, weight_decay=0.1, maximize=True),
    "Rprop": lambda p: optim.Rprop(p, lr=0.01),
    "Rprop etas": lambda p: optim.Rprop(p, lr=0.01, etas=(0.4, 1.3), maximize=True),
    "ASGD": lambda p: optim.ASGD(p, lr=0.01, t0=2, weight_decay=0.1),
    "Adafactor": lambda p: optim.Adafactor(p, lr=0.01, weight_decay=0.1),
    "Adafactor maximize": lambda p: optim.Adafactor(p, lr=0.01, maximize=True, d=1.5),
}


def record(path: Path, make: Make, dtype: torch.dtype = torch.float32) -> list[tuple[Step, Update]]:
    """Train a line with an optimizer; return the updates of all steps."""
    torch.manual_seed(0)
    weight = torch.randn(3, 2, dtype=dtype, requires_grad=True)
    bias = torch.zeros(2, dtype=dtype, requires_grad=True)
    x, y = torch.randn(8, 3, dtype=dtype), torch.randn(8, 2, dtype=dtype)
    optimizer = make([weight, bias])
    with retrograd.record(path, budget="all") as recorded:
        for _ in range(8):  # RAdam changes its formula after the fifth
            optimizer.zero_grad()
            (x @ weight + bias - y).abs().square().mean().backward()
            optimizer.step()
    recording = retrograd.load(recorded.path)
    steps = [recording.step(number) for number in recording.full_steps]
    return [(step, update) for step in steps for update in step.updates]


@pytest.mark.parametrize("name", OPTIONS)
def test_an_update_is_recomputed(name: str, tmp_path: Path) -> None:
    """Parameter and state after each step, from what was there before and the gradient."""
    updates = record(tmp_path / "run.retro", OPTIONS[name])
    assert len(updates) == 16
    for step, update in updates:
        explained = explain_update(step, update)
        assert explained.check.status is Status.VERIFIED, (step.index, explained.check)
        assert f"{update.after.name}′" in {term.symbol for term in explained.terms}  # type: ignore[union-attr]
        for term in explained.terms:
            assert term.formula.unicode(term.names)
            assert term.formula.latex(term.names)


@pytest.mark.parametrize("name", ["SGD momentum", "Adam", "AdamW amsgrad", "RMSprop", "Adagrad"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.complex64], ids=str)
def test_other_numbers(name: str, dtype: torch.dtype, tmp_path: Path) -> None:
    """Double precision, and complex numbers as pairs."""
    for step, update in record(tmp_path / "run.retro", OPTIONS[name], dtype):
        assert explain_update(step, update).check.status is Status.VERIFIED


def test_squares_that_vanish_in_half_precision(tmp_path: Path) -> None:
    """Adam divides by a root that half precision rounds to 0: the infinity is recomputed."""
    weight = torch.tensor([1.0, 2.0], dtype=torch.float16, requires_grad=True)
    optimizer = optim.AdamW([weight], lr=0.01)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        (weight * torch.tensor([1e-4, 1.0], dtype=torch.float16)).sum().backward()
        optimizer.step()
    step = retrograd.load(recorded.path).step(0)
    (update,) = step.updates
    assert update.after is not None and update.after.array is not None
    assert np.isinf(update.after.array).tolist() == [True, False]
    assert explain_update(step, update).check.status is Status.VERIFIED


def test_every_optimizer_is_known() -> None:
    """All of torch.optim; LBFGS is no single formula, and says so."""
    public = {
        name
        for name, item in vars(torch.optim).items()
        if isinstance(item, type)
        and issubclass(item, optim.Optimizer)
        and item is not optim.Optimizer
    }
    assert public - RECIPES.keys() == {"LBFGS"}
    tested = {name.partition(" ")[0] for name in OPTIONS}
    assert RECIPES.keys() - tested == {"SparseAdam", "Muon"}  # below


def test_sparse_adam(tmp_path: Path) -> None:
    """Only rows that were looked up change."""
    table = torch.nn.Embedding(6, 3, sparse=True)
    optimizer = optim.SparseAdam(table.parameters(), lr=0.1)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        for rows in ([0, 2], [2, 5], [2, 2]):
            optimizer.zero_grad()
            table(torch.tensor(rows)).square().sum().backward()
            optimizer.step()
    recording = retrograd.load(recorded.path)
    for number in recording.full_steps:
        step = recording.step(number)
        for update in step.updates:
            assert explain_update(step, update).check.status is Status.VERIFIED


@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (5, 5)], ids=str)
@pytest.mark.parametrize(
    "options",
    [{}, {"nesterov": False, "weight_decay": 0.0}, {"adjust_lr_fn": "match_rms_adamw"}],
    ids=["default", "plain", "adjusted"],
)
def test_muon(shape: tuple[int, int], options: dict[str, Any], tmp_path: Path) -> None:
    """Its iterations in bfloat16 are followed product by product."""
    for step, update in muon(tmp_path / "run.retro", shape, **options):
        explained = explain_update(step, update)
        assert explained.check.status is Status.VERIFIED, explained.check
        assert sum(term.symbol.startswith("X") for term in explained.terms) == 7


def test_muon_where_bfloat16_decides(tmp_path: Path) -> None:
    """Nothing is called wrong, and what could not fail is not called checked."""
    for step, update in muon(tmp_path / "run.retro", (96, 200)):
        check = explain_update(step, update).check
        assert check.status is not Status.WRONG
        if check.status is Status.VERIFIED:
            change = np.abs(update.after.array - update.before.array).max()  # type: ignore[union-attr, operator]
            assert check.tolerance is not None
            assert check.tolerance <= change / 20
        else:
            assert check.reason == "bfloat16-inside"


def muon(path: Path, shape: tuple[int, int], **options: Any) -> list[tuple[Step, Update]]:
    """Train a matrix with Muon."""
    torch.manual_seed(1)
    weight = torch.randn(*shape, requires_grad=True)
    x, y = torch.randn(6, shape[0]), torch.randn(6, shape[1])
    optimizer = optim.Muon([weight], lr=0.1, **options)
    with retrograd.record(path, budget="all", keep="*") as recorded:
        for _ in range(3):
            optimizer.zero_grad()
            (x @ weight - y).square().mean().backward()
            optimizer.step()
    recording = retrograd.load(recorded.path)
    steps = [recording.step(number) for number in recording.full_steps]
    return [(step, update) for step in steps for update in step.updates]


def test_an_error_planted_in_muon_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A term that is a tenth too large passes no check, unless a later iteration puts it right."""
    step, update = muon(tmp_path / "run.retro", (4, 3))[-1]
    recipe = RECIPES["Muon"]
    names = [term.symbol for term in explain_update(step, update).terms]
    found = set()
    for place, name in enumerate(names):

        def planted(*arguments: Any, place: int = place) -> Recipe:
            whole = recipe(*arguments)
            symbol, formula = whole.terms[place]
            whole.terms[place] = (symbol, Formula(f"({formula.text}) * 1.1"))
            return whole

        monkeypatch.setitem(RECIPES, "Muon", planted)  # type: ignore[arg-type]
        if explain_update(step, update).check.status is not Status.VERIFIED:
            found.add(name)
    assert found >= {"b′", "X_5", "Δ", "lr_t", f"{update.after.name}′"}, found  # type: ignore[union-attr]


# Terms whose size does not show: Rprop reads a sign, ASGD averages with a weight of 1 at first,
# NAdam keeps a factor in single precision.
IDLE = {"ASGD": 1, "Rprop": 1, "NAdam": 2}


@pytest.mark.parametrize(
    "name", ["SGD momentum", "Adam", "AdamW", "RMSprop", "Rprop", "ASGD", "Adafactor", "NAdam"]
)
def test_a_planted_error_is_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A term that is a thousandth too large makes the check fail, whichever term it is."""
    updates = record(tmp_path / "run.retro", OPTIONS[name], torch.float64)
    step, update = updates[-2]  # the weight, when the state is no longer empty
    kind = update.name
    recipe = RECIPES[kind]
    count = len(explain_update(step, update).terms)
    found = 0
    for place in range(count):

        def planted(*arguments: Any, place: int = place) -> Recipe:
            whole = recipe(*arguments)
            symbol, formula = whole.terms[place]
            whole.terms[place] = (symbol, Formula(f"({formula.text}) * 1.001"))
            return whole

        monkeypatch.setitem(RECIPES, kind, planted)  # type: ignore[arg-type]
        found += explain_update(step, update).check.status is Status.WRONG
        monkeypatch.setitem(RECIPES, kind, recipe)  # type: ignore[arg-type]
    assert count > 0
    assert found == count - IDLE.get(name, 0), f"{found} of {count} planted errors found"


def test_a_parameter_without_a_gradient_stays(tmp_path: Path) -> None:
    """Nothing to read: the update says so, and the value is the same."""
    used = torch.ones(2, requires_grad=True)
    unused = torch.ones(3, requires_grad=True)
    optimizer = optim.SGD([used, unused], lr=0.1)
    with retrograd.record(tmp_path / "run.retro", budget="all") as recorded:
        used.sum().backward()
        optimizer.step()
    step = retrograd.load(recorded.path).step(0)
    kept = [update for update in step.updates if update.gradient is None]
    assert len(kept) == 1
    explained = explain_update(step, kept[0])
    assert explained.check.status is Status.VERIFIED
    assert explained.terms == ()
    np.testing.assert_array_equal(kept[0].before.array, kept[0].after.array)  # type: ignore[union-attr]
