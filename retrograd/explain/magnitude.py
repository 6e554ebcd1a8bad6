"""How large a formula's terms are where they cancel: a bound on what rounding does to sums.

Rounding a sum of products errs by a few roundings of the sum of the terms' magnitudes (Higham,
Accuracy and Stability of Numerical Algorithms, 3.1). Computing a formula once more with magnitudes
for numbers and plus for minus gives that sum, at the price of one evaluation.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from retrograd.explain.formula import evaluate
from retrograd.explain.functions import FUNCTIONS
from retrograd.store.elements import Array

_LINEAR: Final = {
    *("H", "T", "swap", "conj", "sum", "mean", "channel_mean", "channel_sum", "inner_mean"),
    *("outer_sum", "last_mean", "sum_along", "batch_sum", "grouped", "ungrouped", "given", "along"),
    *("column", "uncolumn", "outer", "inner", "lookup_vjp", "convolve", "convolve_transposed"),
    *("convolve_adjoint", "convolve_kernel", "trimmed", "shared_heads", "summed_heads"),
    *("average_pool", "average_pool_adjoint", "adaptive_pool", "adaptive_pool_adjoint"),
}
"""Functions that add or move products of elements of their arguments with no minus sign."""


_SUMS: Final = {
    ast.Add: operator.add,
    ast.Sub: operator.add,
    ast.Mult: operator.mul,
    ast.MatMult: operator.matmul,
}


def magnitude(node: ast.expr, values: Mapping[str, Any], exact: Mapping[str, Any]) -> Any:
    """Return the magnitudes of a formula's terms, summed.

    ``values`` holds magnitudes, ``exact`` the numbers themselves, on which conditions and
    functions other than sums are computed.
    """
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp):
        return magnitude(node.operand, values, exact)
    if isinstance(node, ast.IfExp):
        chosen = node.body if evaluate(node.test, exact) else node.orelse
        return magnitude(chosen, values, exact)
    if isinstance(node, ast.Tuple):
        return tuple([magnitude(item, values, exact) for item in node.elts])
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        left, right = (magnitude(side, values, exact) for side in (node.left, node.right))
        return _SUMS[type(node.op)](_number(left), _number(right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        left = _number(magnitude(node.left, values, exact))
        return left / _number(magnitudes(evaluate(node.right, exact)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        function = FUNCTIONS[node.func.id]
        if node.func.id in _LINEAR:
            return function.compute(*[magnitude(item, values, exact) for item in node.args])
        if function.terms is not None:
            return magnitudes(function.terms(*[evaluate(item, exact) for item in node.args]))
    return magnitudes(evaluate(node, exact))


def magnitudes(item: Any) -> Any:
    """Return the magnitudes of floats and complex numbers in single precision, others as is."""
    if isinstance(item, tuple):
        return tuple([magnitudes(part) for part in item])
    if isinstance(item, (np.ndarray, np.inexact)) and item.dtype.kind in "fc":
        single: Array = np.abs(item).astype(np.float32)
        return single
    return item


def _number(item: Any) -> Any:
    return np.float32(abs(item)) if isinstance(item, (int, float, complex)) else item
