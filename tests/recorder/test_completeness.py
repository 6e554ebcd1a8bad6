"""Completeness: every differentiable operator, each op linked to its node, each gradient kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import retrograd
from recorder import sweep
from retrograd.recorder import links
from retrograd.recorder.backward import BackwardPass
from retrograd.recorder.trace import Trace

TORTURE = bool(os.environ.get("RETROGRAD_TORTURE"))
SAMPLES = 4 if TORTURE else 2
OPERATORS = sweep.OPERATORS if TORTURE else sweep.OPERATORS[::5]


def test_the_database_is_all_there() -> None:
    """The feasibility test ran 540 operators."""
    assert len(sweep.OPERATORS) >= 535


def test_every_operator_is_recorded_completely(tmp_path: Path) -> None:
    """No link missing, no gradient different, nothing changed."""
    wrong = {}
    for operator in OPERATORS:
        found = list(sweep.sweep(operator, SAMPLES, tmp_path))
        if found:
            wrong[f"{operator.name} {operator.variant_test_name}"] = found
    print(f"\ncompleteness: {len(OPERATORS)} operators, {len(wrong)} with differences")
    assert wrong == {}


def named(name: str) -> Any:
    """Return an operator by its name."""
    return next(op for op in sweep.OPERATORS if op.name == name)


def test_a_missing_link_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the links, every node lacks its op."""
    monkeypatch.setattr(links, "_set", lambda nodes, index, event: None)
    assert "MulBackward0 has no op" in list(sweep.sweep(named("mul"), 1, tmp_path))


def test_a_wrong_gradient_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bit in one recorded gradient."""
    original = Trace.gradient

    def spoilt(self: Trace, tensor: Any) -> int:
        slot = original(self, tensor)
        part = self.parts[slot]
        if isinstance(part, bytes) and len(part) >= 8:
            self.parts[slot] = bytes([part[0] ^ 1]) + part[1:]
        return slot

    monkeypatch.setattr(Trace, "gradient", spoilt)
    assert any("differ" in line for line in sweep.sweep(named("mul"), 1, tmp_path))


def test_a_missing_node_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node run that was not recorded."""
    original = BackwardPass._ran

    def forgetful(self: BackwardPass, index: int, grad_inputs: Any, grad_outputs: Any) -> None:
        if index:
            original(self, index, grad_inputs, grad_outputs)

    monkeypatch.setattr(BackwardPass, "_ran", forgetful)
    assert any("recorded," in line for line in sweep.sweep(named("mul"), 1, tmp_path))


def test_a_change_of_the_program_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recorder that draws a random number."""
    import torch

    original = Trace.op

    def drawing(self: Trace, *arguments: Any) -> None:
        torch.rand(1)
        original(self, *arguments)

    monkeypatch.setattr(Trace, "op", drawing)
    found = list(sweep.sweep(named("nn.functional.dropout"), 1, tmp_path))
    assert any("results differ" in line for line in found), found
    assert retrograd.__version__
