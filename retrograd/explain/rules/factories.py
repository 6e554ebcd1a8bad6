"""Ops that make tensors: constants, memory that nothing was written to yet, and draws."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule


def _make(op: str, formula: str) -> Rule:
    return rule(op, formula, {}, Structure.ZERO, "definition")


def _blank(op: str) -> Rule:
    """Return the rule of an op whose result is whatever lay in memory."""
    notes = ("uninitialised",)
    return rule(op, "y", {}, Structure.ZERO, "definition", smooth=False, notes=notes)


def _draw(op: str, *arguments: str) -> Rule:
    """Return the rule of an op whose result is drawn."""
    vjps = {name: f"zeros({name})" for name in arguments}
    return rule(op, "y", vjps, Structure.ZERO, "definition", smooth=False)


RULES: Final = (
    _make("zeros", "full(size, 0)"),
    _make("zeros_like", "zeros(self)"),
    _make("new_zeros", "full(size, 0)"),
    _make("ones", "full(size, 1)"),
    _make("ones_like", "ones(self)"),
    _make("new_ones", "full(size, 1)"),
    _make("full", "full(size, fill_value)"),
    _make("full_like", "fill_value * ones(self)"),
    _make("new_full", "full(size, fill_value)"),
    _make("scalar_tensor", "s"),
    _make("eye", "eye(n, n)"),
    _make("eye.m", "eye(n, m)"),
    _make("arange", "arange(0, end, 1)"),
    _make("arange.start", "arange(start, end, 1)"),
    _make("arange.start_step", "arange(start, end, step)"),
    _make("linspace", "linspace(start, end, steps)"),
    *[_blank(op) for op in ("empty", "empty_like", "empty_strided", "new_empty")],
    *[_blank(op) for op in ("new_empty_strided", "empty_permuted")],
    _blank("set.source_Storage_storage_offset"),
    _make("set.source_Tensor", "source"),
    *[_draw(op) for op in ("rand", "rand_like", "randn", "randn_like", "randint", "randint_like")],
    *[_draw(op) for op in ("randperm", "_standard_gamma", "_sample_dirichlet")],
    *[_draw(op, "self") for op in ("uniform", "random", "exponential", "geometric")],
    *[_draw(op, "self") for op in ("log_normal", "cauchy")],
)
