"""The edges of a node run: to which argument of its op each outgoing gradient belongs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept
from retrograd.explain.formula import Formula
from retrograd.explain.noise import Noise
from retrograd.explain.rules import find
from retrograd.explain.slices import places
from retrograd.store.elements import Array
from retrograd.store.model import Argument, NodeRun, Op
from retrograd.store.value import Value

FAILURES: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a formula may raise on arguments that it was not made for."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One outgoing gradient.

    ``raw`` is what the formula comes to before it is summed over broadcast dimensions; it is None
    where ``problem`` says why it could not be computed.
    """

    position: int
    argument: Value | None
    gradient: Value
    formula: Formula | None
    raw: Array | None
    values: Names  # what the formula's names stand for
    problem: str | None = None

    @property
    def result(self) -> Array | None:
        """Our gradient in the shape of the argument."""
        return None if self.raw is None else fit(self.raw, self.argument)


def edges(
    op: Op, run: NodeRun, noise: Noise | None = None, names: Names | None = None
) -> Iterator[Edge]:
    """Yield the edges that a gradient went out along, in order.

    ``names`` may bring other gradients than those that came in.

    Edges are in the order of the rule's VJPs. A tensor, or None in place of one, has one edge, a
    list of tensors one for each, a Python number none. A gradient that the rule does not know of
    has an edge without a formula.
    """
    known = find(op.name)
    names = Names(op, run.grad_outputs, noise) if names is None else names
    sent = run.grad_inputs
    position = 0
    try:
        written = places(op, run)
    except NotKept as error:
        yield from _unknown(sent, 0, names, str(error))
        return
    if written is not None:
        whole = names["G"]
        names["G"] = names["G0"] = np.asarray(whole.reshape(-1)[written])
    for name, formula in known.vjps.items() if known is not None else ():
        items = _tensors(op.arguments.get(name))
        if any(gradient is not None for gradient in sent[position : position + len(items)]):
            raws, problem = _raws(formula, names, isinstance(op.arguments.get(name), tuple))
            for place, item in enumerate(items):
                gradient = sent[position + place] if position + place < len(sent) else None
                if gradient is not None:
                    raw = raws[place] if problem is None else None
                    if written is not None and position == 0 and raw is not None:
                        assert item is not None
                        raw, item = _put(fit(raw, item), written, whole), None
                    yield Edge(position + place, item, gradient, formula, raw, names, problem)
        position += len(items)
    yield from _unknown(sent, position, names, "argument-without-formula")


def _unknown(
    sent: Sequence[Value | None], start: int, names: Names, problem: str
) -> Iterator[Edge]:
    for position in range(start, len(sent)):
        gradient = sent[position]
        if gradient is not None:
            yield Edge(position, None, gradient, None, None, names, problem)


def _put(part: Array, written: Array, whole: Array) -> Array:
    """Return the base's gradient with the part that was written replaced."""
    found = np.array(whole, np.result_type(whole, part)).reshape(-1)
    found[written] = part
    return found.reshape(whole.shape)


def _tensors(argument: Argument) -> tuple[Value | None, ...]:
    """Return what an argument has edges for."""
    if isinstance(argument, tuple):
        return tuple([item if isinstance(item, Value) else None for item in argument])
    return (argument,) if argument is None or isinstance(argument, Value) else ()


def _raws(formula: Formula, names: Names, several: bool) -> tuple[Sequence[Array], str | None]:
    try:
        found: Any = names.evaluate(formula)
    except NotKept as error:
        return (), str(error)
    except FAILURES:
        return (), "formula-failed"
    return [np.asarray(item) for item in (found if several else (found,))], None


def fit(gradient: Array, argument: Value | None) -> Array:
    """Sum a gradient over dimensions that were broadcast, and make it real for a real argument."""
    if argument is None:
        return gradient
    shape = argument.shape
    array = gradient
    if array.ndim > len(shape):
        array = array.sum(axis=tuple(range(array.ndim - len(shape))))
    stretched = tuple(
        axis
        for axis in range(-array.ndim, 0)
        if shape[axis + len(shape)] == 1 and array.shape[axis] != 1
    )
    if stretched:
        array = array.sum(axis=stretched, keepdims=True)
    if array.dtype.kind == "c" and not argument.dtype.startswith("complex"):
        array = array.real
    return np.broadcast_to(array, shape)
