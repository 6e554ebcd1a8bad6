"""Formulas: one source text that is both computed with NumPy and typeset for people.

A formula is a Python expression such as ``"G @ H(mat2)"``. Names are the op's arguments, ``y``
(``y1``, …) its outputs and ``G`` (``G1``, …) the gradients that come in. Calls are functions of
``retrograd.explain.functions``, which hold the NumPy code and the notation of each. Because the
shown formula is the one that is computed, the two cannot disagree.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from retrograd.explain.functions import FUNCTIONS
from retrograd.explain.notation import Latex, Unicode

_BINARY: Final = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}
_COMPARE: Final = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


class Rounding(NamedTuple):
    """How an evaluation with noise differs from the exact one."""

    after: Callable[[Any, float | None], Any]  # puts noise on a result, of its own size if given
    exact: Mapping[str, Any]  # the values without noise, which comparisons use


class Remembering(dict[str, Any]):
    """Values of names, with the results of shared functions of them."""

    def __init__(self) -> None:
        super().__init__()
        self._results: dict[str, Any] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        """Put a value in place of another; what was computed with that one is forgotten."""
        self._results.clear()
        super().__setitem__(name, value)

    def remembered(self, text: str, compute: Callable[[], Any]) -> Any:
        """Return the result of a part of a formula, computed once."""
        if text not in self._results:
            self._results[text] = compute()
        return self._results[text]


class Formula:
    """A parsed formula. Two of the same text are equal."""

    def __init__(self, formula: str | ast.expr) -> None:
        """Parse; raises ``SyntaxError`` or ``ValueError`` for what is no formula."""
        if isinstance(formula, str):
            self.text = " ".join(formula.split())
            self.tree = ast.parse(self.text, mode="eval").body
        else:
            self.text, self.tree = ast.unparse(formula), formula
        _check(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of values that it uses."""
        called = {id(n.func) for n in ast.walk(self.tree) if isinstance(n, ast.Call)}
        return frozenset(
            n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name) and id(n) not in called
        )

    def evaluate(self, values: Mapping[str, Any], rounding: Rounding | None = None) -> Any:
        """Return the result for these values; raises ``KeyError`` for a name without one.

        NumPy's floating-point warnings are off: infinities and NaN are results like others.
        """
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is NaN
            return evaluate(self.tree, values, rounding)

    def unicode(self, names: Mapping[str, str] | None = None) -> str:
        """Return it in one line of plain text; ``names`` says what each name is called."""
        return Unicode(names or {}).set(self.tree).text

    def latex(self, names: Mapping[str, str] | None = None) -> str:
        """Return it for LaTeX's math mode; needs amsmath."""
        return Latex(names or {}).set(self.tree).text


def _check(node: ast.expr) -> None:
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if not isinstance(part.func, ast.Name) or part.func.id not in FUNCTIONS:
                raise ValueError(f"no function {ast.unparse(part.func)} for formulas")
            if part.keywords:
                raise ValueError("functions in formulas take no keywords")
        elif isinstance(part, ast.UnaryOp) and not isinstance(part.op, ast.USub):
            raise ValueError("minus is the only sign in a formula")
        elif isinstance(part, ast.Compare) and len(part.ops) > 1:
            raise ValueError("comparisons in formulas are not chained")
        elif not isinstance(
            part,
            (
                ast.BinOp,
                ast.UnaryOp,
                ast.Compare,
                ast.Name,
                ast.Constant,
                ast.Tuple,
                ast.IfExp,
                ast.operator,
                ast.unaryop,
                ast.cmpop,
                ast.expr_context,
            ),
        ):
            raise ValueError(f"{type(part).__name__} has no place in a formula")


def evaluate(node: ast.expr, values: Mapping[str, Any], rounding: Rounding | None = None) -> Any:
    """Return what a part of a formula comes to."""
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp):
        return operator.neg(_number(evaluate(node.operand, values, rounding)))
    if isinstance(node, ast.Compare):
        exact = values if rounding is None else rounding.exact
        left, right = evaluate(node.left, exact), evaluate(node.comparators[0], exact)
        return _COMPARE[type(node.ops[0])](left, right)
    if isinstance(node, ast.IfExp):
        chosen = node.body if evaluate(node.test, values, rounding) else node.orelse
        return evaluate(chosen, values, rounding)
    if isinstance(node, ast.Tuple):
        return tuple([evaluate(item, values, rounding) for item in node.elts])
    if isinstance(node, ast.BinOp):
        left = _number(evaluate(node.left, values, rounding))
        right = _number(evaluate(node.right, values, rounding))
        found = _BINARY[type(node.op)](left, right)
    else:
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        function = FUNCTIONS[node.func.id]
        if function.exact and rounding is not None:
            return evaluate(node, rounding.exact)
        if function.shared and isinstance(values, Remembering):
            return values.remembered(ast.unparse(node), lambda: _called(node, values, rounding))
        return _called(node, values, rounding)
    return found if rounding is None else rounding.after(found, None)


def _called(node: ast.Call, values: Mapping[str, Any], rounding: Rounding | None) -> Any:
    assert isinstance(node.func, ast.Name)
    function = FUNCTIONS[node.func.id]
    found = function.compute(*[evaluate(item, values, rounding) for item in node.args])
    return found if rounding is None else rounding.after(found, function.rounding)


def _number(item: Any) -> Any:
    """Give Python numbers NumPy's arithmetic, where 1 / 0 is inf and not an error."""
    return np.float64(item) if isinstance(item, (int, float)) else item
