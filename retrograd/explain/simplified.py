"""A formula for the call at hand: its constants put in, and what they make idle left out."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from retrograd.explain.formula import Formula, evaluate
from retrograd.explain.functions.function import NotKept
from retrograd.store.model import Argument, Op
from retrograd.store.value import Value

_NONE, _MEAN, _SUM = range(3)  # PyTorch's numbers for ``reduction=``
_REAL: Final = {"conj", "real"}
_NEUTRAL: Final[dict[type[ast.operator], tuple[float | None, float]]] = {
    # what the left, the right operand may be without changing the other
    ast.Add: (0, 0),
    ast.Sub: (None, 0),
    ast.Mult: (1, 1),
    ast.Div: (None, 1),
    ast.Pow: (None, 1),
}


def for_call(formula: Formula, op: Op, gradients: Sequence[Value | None] = ()) -> Formula:
    """Return a formula of an op's rule as it is for one call, with the gradients that came in."""
    values: dict[str, Argument] = dict(op.arguments)
    for letter, items in (("y", op.outputs), ("G", gradients)):
        for position, item in enumerate(items):
            if item is not None:
                values[f"{letter}{position}"] = item
                values.setdefault(letter, item)
    arrays = {
        name: value
        for name, value in values.items()
        if isinstance(value, Value) and value.slot.kind != "scalar"
    }
    constants = {name: _plain(value) for name, value in values.items() if name not in arrays}
    sizes = {name: value.slot.count for name, value in arrays.items()}
    real = not any(value.dtype.startswith("complex") for value in arrays.values())
    return simplified(formula, constants, sizes, real)


def _plain(argument: Argument) -> Any:
    """Return a constant as a Python number or word; tuples and what was not kept stay."""
    if isinstance(argument, Value):
        return argument if argument.array is None else argument.array.reshape(-1)[0].item()
    return argument


def simplified(
    formula: Formula, constants: Mapping[str, Any], sizes: Mapping[str, int], real: bool
) -> Formula:
    """Return the formula of one call: the same numbers, with less to read.

    ``constants`` are the arguments that are no tensors, ``sizes`` the numbers of elements of
    those that are. ``real`` says that no number of the call is complex.
    """
    used = {name: constants[name] for name in formula.names if name in constants}
    used = {name: value for name, value in used.items() if _is_constant(value)}
    counts = {name: sizes[name] for name in formula.names if name in sizes}
    return _simplified(formula, tuple(used.items()), tuple(counts.items()), real)


@lru_cache(maxsize=4096)
def _simplified(
    formula: Formula, constants: tuple[Any, ...], sizes: tuple[Any, ...], real: bool
) -> Formula:
    tree = ast.parse(formula.text, mode="eval").body
    found = _Simplifier(dict(constants), dict(sizes), real).visit(tree)
    return Formula(found)  # not by its text, in which −1 is a minus and a 1


def _is_constant(value: Any) -> bool:
    plain = value is None or isinstance(value, (bool, int, float, str))
    return plain and not (isinstance(value, float) and not np.isfinite(value))


class _Simplifier(ast.NodeTransformer):
    """Folds constants, neutral elements, and functions that do nothing to these numbers."""

    def __init__(self, constants: dict[str, Any], sizes: dict[str, int], real: bool) -> None:
        self.constants = constants
        self.sizes = sizes
        self.real = real

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put a constant in the place of its name."""
        return ast.Constant(self.constants[node.id]) if node.id in self.constants else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Negate a number at once."""
        operand = self.visit(node.operand)
        if isinstance(operand, ast.Constant) and _is_number(operand.value):
            negated: Any = operand.value
            return ast.Constant(-negated)
        return ast.UnaryOp(node.op, operand)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Leave neutral elements out; ``a · (1 / n)`` becomes ``a / n``."""
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, (ast.Add, ast.Sub)) and _is_constant_pair(left, right):
            return _folded(ast.BinOp(left, node.op, right))
        idle_left, idle_right = _NEUTRAL.get(type(node.op), (None, None))
        if idle_right is not None and _is(right, idle_right):
            return left  # type: ignore[no-any-return]
        if idle_left is not None and _is(left, idle_left):
            return right  # type: ignore[no-any-return]
        if isinstance(node.op, ast.Mult):
            if _is(left, -1):
                return ast.UnaryOp(ast.USub(), right)
            match right:
                case ast.BinOp(one, ast.Div(), divisor) if _is(one, 1):
                    return ast.BinOp(left, ast.Div(), divisor)
        return ast.BinOp(left, node.op, right)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Decide a comparison of constants; a tensor is not None."""
        left, right = self.visit(node.left), self.visit(node.comparators[0])
        if isinstance(left, ast.Name) and left.id in self.sizes and _is_none(right):
            return ast.Constant(isinstance(node.ops[0], ast.IsNot))
        found = ast.Compare(left, node.ops, [right])
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            return ast.Constant(bool(evaluate(found, {})))
        return found

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Choose where the condition is known."""
        test = self.visit(node.test)
        if isinstance(test, ast.Constant):
            return self.visit(node.body if test.value else node.orelse)  # type: ignore[no-any-return]
        return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Leave out a function that returns what it is given."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        parts: list[ast.expr] = [self.visit(argument) for argument in node.args]
        if self.real and name in _REAL:
            return parts[0]
        if name == "given" and self._known(parts[0]):
            return parts[1] if _is_none(parts[0]) else parts[0]
        if name == "along" and isinstance(parts[0], ast.Constant):
            return parts[0]
        if name == "count" and isinstance(parts[0], ast.Name) and parts[0].id in self.sizes:
            return ast.Constant(self.sizes[parts[0].id])
        match name, parts:
            case "nll", [what, target, weight, ast.Constant(reduction), ignored] if _is_none(
                weight
            ):
                word = "mean" if reduction == _MEAN else "sum" if reduction == _SUM else "each"
                return ast.Call(ast.Name(f"nll_{word}"), [what, target, ignored], [])
            case "nll_vjp", [sent, what, target, weight, ast.Constant(reduction), *rest] if (
                _is_none(weight)
            ):
                word = "mean" if reduction == _MEAN else "sum"
                return ast.Call(ast.Name(f"nll_{word}_vjp"), [sent, what, target, *rest], [])
            case "power_slope", [base, ast.Constant(exponent)] if _is_number(exponent) and exponent:
                return self._slope_of_power(base, exponent)
        if name in ("reduced", "share") and isinstance(parts[1], ast.Constant):
            found = self._reduction(name, parts[0], parts[1].value)
            if found is not None:
                return found
        call = ast.Call(node.func, parts, [])
        return _folded(call) if all(isinstance(part, ast.Constant) for part in parts) else call

    def _slope_of_power(self, base: ast.expr, exponent: Any) -> ast.expr:
        """Return p · x^(p − 1)."""
        if exponent == 1:
            return ast.Constant(1)
        lower = ast.BinOp(base, ast.Pow(), ast.Constant(exponent - 1))
        return self.visit_BinOp(ast.BinOp(ast.Constant(exponent), ast.Mult(), lower))

    def _known(self, part: ast.expr) -> bool:
        """Tell whether it is certain that a part is None, or that it is not."""
        return not isinstance(part, ast.Name) or part.id in self.sizes

    def _reduction(self, name: str, what: ast.expr, reduction: Any) -> ast.expr | None:
        if name == "share":
            if reduction != _MEAN:
                return ast.Constant(1)
            size = self.sizes.get(what.id) if isinstance(what, ast.Name) else None
            if not size:
                return None
            return ast.BinOp(ast.Constant(1), ast.Div(), ast.Constant(size))
        if reduction == _NONE:
            return what
        function = {_MEAN: "mean", _SUM: "sum"}.get(reduction)
        return None if function is None else ast.Call(ast.Name(function), [what], [])


def _is_constant_pair(left: ast.expr, right: ast.expr) -> bool:
    return all(isinstance(part, ast.Constant) and _is_number(part.value) for part in (left, right))


def _folded(call: ast.expr) -> ast.expr:
    """Return the number that an expression of constants is, else the expression."""
    try:
        with np.errstate(all="ignore"):
            value = evaluate(call, {})
    except (NotKept, TypeError, ValueError, AttributeError, IndexError):
        return call
    if isinstance(value, (np.floating, np.integer, np.bool_)):
        value = value.item()
    return ast.Constant(value) if _is_number(value) and np.isfinite(value) else call


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is(node: ast.expr, value: float) -> bool:
    return isinstance(node, ast.Constant) and _is_number(node.value) and node.value == value


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
