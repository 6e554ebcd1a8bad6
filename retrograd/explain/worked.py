"""One element of a formula with its numbers put in, as one would write it by hand."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.formula import Formula, evaluate
from retrograd.explain.functions import FUNCTIONS
from retrograd.explain.functions.elementwise import FUNCTIONS as ELEMENTWISE
from retrograd.explain.notation import NEGATIVE, POWER, PRODUCT, SUM, Piece, filled, number, numeral
from retrograd.store.elements import Array

Index = tuple[int, ...]
_POINTWISE: Final = {*ELEMENTWISE, "at_least", "clamped_log", "softplus"}
"""Functions that can be followed element by element."""
TERMS: Final = 6
"""Terms of a sum that are written out; of a longer one the first and the last."""

_OPERATORS: Final[dict[type[ast.operator], tuple[str, int]]] = {
    ast.Add: (" + ", SUM),
    ast.Sub: (" − ", SUM),
    ast.Mult: (" · ", PRODUCT),
    ast.Div: (" / ", PRODUCT),
    ast.Pow: (" ^ ", POWER),
}


@dataclass(frozen=True, slots=True)
class Worked:
    """The arithmetic of one element: ``numbers`` as text, and what they come to."""

    index: Index
    numbers: str
    result: Any


class _OtherShapeError(Exception):
    """A part has no element where the result has its."""


def worked(
    formula: Formula, values: Mapping[str, Any], result: Array, index: Index
) -> Worked | None:
    """Return the arithmetic of one element of a formula's result.

    ``result`` is what the formula comes to, before it is summed over broadcast dimensions. A part
    that cannot be followed element by element (a convolution, say) stands as its number. None
    where not even that can be said.
    """
    try:
        with np.errstate(all="ignore"):
            text = _element(formula.tree, values, index)
    except _OtherShapeError:
        return None
    return Worked(index, text.text, result[index])


def summed(result: Array, shape: tuple[int, ...], index: Index) -> Worked | None:
    """Return the sum over broadcast dimensions that makes one element, None where there is none."""
    if result.shape == shape:
        return None
    extra = result.ndim - len(shape)
    place = tuple(
        slice(None)
        if axis < extra or (shape[axis - extra] == 1 and result.shape[axis] != 1)
        else index[axis - extra]
        for axis in range(result.ndim)
    )
    parts = result[place].reshape(-1)
    return Worked(index, _sum([numeral(item) for item in parts]).text, parts.sum())


def reduced_by(formula: Formula) -> Formula | None:
    """Return what a formula is the sum or the mean of, None where it is neither."""
    tree = formula.tree
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and len(tree.args) == 1:
        return Formula(tree.args[0]) if tree.func.id in ("sum", "mean") else None
    return None


def reduced(formula: Formula, terms: Array) -> Worked:
    """Return the sum or the mean of some terms, written out."""
    total = _sum([numeral(item) for item in terms.reshape(-1)])
    if formula.text.startswith("mean"):
        return Worked((), f"{total.within(POWER)} / {terms.size}", terms.mean())
    return Worked((), total.text, terms.sum())


def _sum(terms: list[Piece]) -> Piece:
    if not terms:
        return Piece("0")
    texts = [term.within(PRODUCT) for term in terms]
    if len(texts) > TERMS:
        kept = [*texts[: TERMS - 2], f"… ({len(texts)})", texts[-1]]
        texts = kept
    joined = texts[0]
    for text in texts[1:]:
        joined += f" − {text[1:]}" if text.startswith("−") else f" + {text}"
    return Piece(joined, SUM if len(texts) > 1 else terms[0].strength)


def _element(node: ast.expr, values: Mapping[str, Any], index: Index) -> Piece:
    """Return a part for one element: its own parts followed, else the number that it comes to."""
    try:
        return _followed(node, values, index)
    except _OtherShapeError:
        return _value(node, values, index)


def _followed(node: ast.expr, values: Mapping[str, Any], index: Index) -> Piece:
    if isinstance(node, ast.Constant):
        return numeral(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _element(node.operand, values, index)
        return Piece(f"−{inner.within(POWER)}", NEGATIVE)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.MatMult):
            product = _matrix_product(node, values, index)
            if product is not None:
                return product
        elif type(node.op) in _OPERATORS:
            return _binary(node, values, index)
    if isinstance(node, ast.IfExp):
        chosen = node.body if evaluate(node.test, values) else node.orelse
        return _element(chosen, values, index)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        called = _call(node, node.func.id, values, index)
        if called is not None:
            return called
    return _value(node, values, index)


def _value(node: ast.expr, values: Mapping[str, Any], index: Index) -> Piece:
    """Return the number that a part comes to."""
    item = _at(evaluate(node, values), index)
    return numeral(item)


def _at(whole: Any, index: Index) -> Any:
    """Return the element that broadcasting takes for an index of the result.

    Of several results, as a normalisation has, the first one is meant.
    """
    array = np.asarray(whole[0] if isinstance(whole, tuple) else whole)
    if array.ndim == 0:
        return array[()]
    if array.ndim > len(index):
        raise _OtherShapeError
    tail = index[len(index) - array.ndim :]
    place = tuple([0 if n == 1 else i for i, n in zip(tail, array.shape, strict=True)])
    if any(i >= n for i, n in zip(place, array.shape, strict=True)):
        raise _OtherShapeError
    return array[place]


def _binary(node: ast.BinOp, values: Mapping[str, Any], index: Index) -> Piece:
    sign, strength = _OPERATORS[type(node.op)]
    left, right = _element(node.left, values, index), _element(node.right, values, index)
    if left.text == "1" and isinstance(node.op, ast.Mult):
        return right
    needs = strength if isinstance(node.op, (ast.Add, ast.Mult)) else strength + 1
    text = right.within(max(needs, POWER if right.strength == NEGATIVE else needs))
    return Piece(f"{left.within(strength)}{sign}{text}", strength)


def _matrix_product(node: ast.BinOp, values: Mapping[str, Any], index: Index) -> Piece | None:
    """Return row times column: the sum of products that one element of ``A @ B`` is."""
    left = np.asarray(evaluate(node.left, values))
    right = np.asarray(evaluate(node.right, values))
    if left.ndim != 2 or right.ndim != 2 or len(index) != 2:
        return None
    row, column = left[index[0]], right[:, index[1]]
    terms = [
        Piece(f"{number(a)}·{number(b) if b >= 0 else f'({number(b)})'}", PRODUCT)
        if not np.iscomplexobj(row) and not np.iscomplexobj(column)
        else Piece(f"{number(a)}·{number(b)}", PRODUCT)
        for a, b in zip(row, column, strict=True)
    ]
    return _sum(terms)


def _call(node: ast.Call, name: str, values: Mapping[str, Any], index: Index) -> Piece | None:
    if name == "conj" and not np.iscomplexobj(evaluate(node.args[0], values)):
        return _element(node.args[0], values, index)
    if name in ("T", "H") and len(index) >= 2:
        return _element(node.args[0], values, (*index[:-2], index[-1], index[-2]))
    if name not in _POINTWISE:
        return None
    if name == "where" and len(node.args) == 3:
        test = _at(evaluate(node.args[0], values), index)
        return _element(node.args[1] if test else node.args[2], values, index)
    template = FUNCTIONS[name].unicode or f"{name}({{all}})"
    parts = [_element(argument, values, index) for argument in node.args]
    return filled(template, parts)
