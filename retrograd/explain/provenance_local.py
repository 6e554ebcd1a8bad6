"""Which elements enter an element of an op's result, and with which local derivative.

The derivative rules answer both: the gradient rule for a 1 at one element and 0 elsewhere is that
element's row of the Jacobian. An element that enters may have a derivative of 0 for these numbers
(a weight times an input of 0), so where something enters is asked with other numbers put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept, zeros_of
from retrograd.explain.edges import fit
from retrograd.explain.provenance_pass import put_gradients
from retrograd.explain.rule import Rule
from retrograd.explain.rules import find
from retrograd.store.elements import Array
from retrograd.store.model import Argument, NodeRun, Op
from retrograd.store.value import Value

Index = tuple[int, ...]
TRIES: Final = 2000
"""Most evaluations of a rule to find which elements a gradient comes from."""
WORK: Final = 50_000_000
"""Most elements that these evaluations may touch."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An element that entered: of which argument, its value, and ∂result/∂element."""

    argument: str
    value: Value
    index: Index
    number: Any
    derivative: Any


@dataclass(frozen=True, slots=True)
class Term:
    """One product of the chain rule: a gradient above times a local derivative."""

    output: int  # of the node's op
    index: Index
    upstream: Any
    local: Any

    @property
    def product(self) -> Any:
        """What it adds to the gradient below."""
        return self.upstream * self.local


class Other(Names):
    """An op's names with other numbers in place of the recorded ones: none is 0 or 1."""

    def __missing__(self, name: str) -> Any:
        found = self[name] = _other(super()._find(name), np.random.default_rng(len(self)))
        return found


def _other(item: Any, random: np.random.Generator) -> Any:
    if isinstance(item, tuple):
        return tuple([_other(part, random) for part in item])
    if isinstance(item, np.ndarray) and item.dtype.kind in "fc":
        return random.uniform(0.2, 0.8, item.shape)
    return item


def operands(op: Op, output: int, index: Index) -> list[Operand] | None:
    """Return the elements that entered one element of an output, None where no rule says.

    Raises ``NotKept`` where a value that the rule needs was not recorded whole.
    """
    known = find(op.name)
    result = op.outputs[output]
    if known is None or result is None:
        return None
    one = zeros_of(result)
    one[index] = 1
    names, other = Names(op), Other(op)
    put_gradients(names, op, {output: one})
    put_gradients(other, op, {output: one})
    found: list[Operand] = []
    for argument, value, place in _tensors(known, op):
        derivative = _row(known, argument, place, value, names)
        entering = _pattern(known, argument, place, value, other) | (derivative != 0)
        array = value.array
        for flat in np.flatnonzero(entering):
            at = tuple(int(i) for i in np.unravel_index(int(flat), value.shape))
            number = None if array is None else array[at].item()
            found.append(Operand(argument, value, at, number, derivative[at].item()))
    return found


def _tensors(known: Rule, op: Op) -> Iterator[tuple[str, Value, int | None]]:
    """Yield the tensors that a rule has formulas for; the place of one in a list."""
    for name in known.vjps:
        argument: Argument = op.arguments.get(name)
        if isinstance(argument, Value) and argument.slot.kind != "scalar":
            yield name, argument, None
        elif isinstance(argument, tuple):
            for place, item in enumerate(argument):
                if isinstance(item, Value):
                    yield name, item, place


def _row(known: Rule, name: str, place: int | None, value: Value, names: Names) -> Array:
    raw = known.vjps[name].evaluate(names)
    row: Array = fit(np.asarray(raw if place is None else raw[place]), value)
    return row


def _pattern(known: Rule, name: str, place: int | None, value: Value, other: Names) -> Array:
    try:
        row = _row(known, name, place, value, other)
    except NotKept:
        raise
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):  # no numbers for this op
        return np.zeros(value.shape, bool)
    entering: Array = (row != 0) & ~np.isnan(row)
    return entering


class Column:
    """The elements of a node's outputs through which one element of an argument acts."""

    def __init__(self, op: Op, run: NodeRun, position: int, index: Index) -> None:
        """Prepare for the edge at ``position`` and an element of its gradient."""
        self._op, self._run, self._position, self._index = op, run, position, index
        self._shapes = [() if output is None else output.shape for output in op.outputs]
        self._ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes]).tolist()
        self._size = sum(value.slot.count for value in _values(op))
        self._tries = 0
        self._plan = _plan(op, position)

    def terms(self) -> list[Term] | None:
        """Return the terms that the gradient element is the sum of, None where too many enter.

        Raises ``NotKept``.
        """
        if self._plan is None:
            return None
        names, other = Names(self._op), Other(self._op)
        random = np.random.default_rng(0)
        weights = random.uniform(0.5, 1.5, self._ends[-1] if self._ends else 0)
        found = []
        waiting = [(0, len(weights))]
        while waiting:
            low, high = waiting.pop()
            if high <= low or self._spent():
                if high > low:
                    return None
                continue
            mask = np.zeros_like(weights)
            mask[low:high] = weights[low:high]
            if not (self._sent(other, mask) or self._sent(names, mask)):
                continue
            if high - low == 1:
                mask[low] = 1.0
                found.append(self._term(low, self._sent(names, mask)))
            else:
                middle = (low + high) // 2
                waiting += [(middle, high), (low, middle)]
        return found

    def _spent(self) -> bool:
        self._tries += 1
        return self._tries > TRIES or self._tries * self._size > WORK

    def _sent(self, names: Names, flat: Array) -> Any:
        """Return what comes to the element for a gradient of these numbers."""
        assert self._plan is not None
        known, name, place, value = self._plan
        starts = [0, *self._ends]
        gradients = {
            number: flat[starts[number] : starts[number + 1]].reshape(shape)
            for number, shape in enumerate(self._shapes)
            if self._op.outputs[number] is not None
        }
        put_gradients(names, self._op, gradients)
        try:
            found = _row(known, name, place, value, names)[self._index].item()
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            if isinstance(names, Other):
                return 0.0
            raise
        return 0.0 if isinstance(names, Other) and found != found else found

    def _term(self, flat: int, local: Any) -> Term:
        number = int(np.searchsorted(self._ends, flat, side="right"))
        start = self._ends[number - 1] if number else 0
        shape = self._shapes[number]
        index = tuple(int(i) for i in np.unravel_index(flat - start, shape))
        gradient = self._run.grad_outputs[number] if number < len(self._run.grad_outputs) else None
        array = None if gradient is None else gradient.array
        if gradient is not None and array is None:
            raise NotKept(gradient.slot.why or "values-not-kept")
        return Term(number, index, 0.0 if array is None else array[index].item(), local)


def _plan(op: Op, position: int) -> tuple[Rule, str, int | None, Value] | None:
    """Return which tensor the edge at a position belongs to."""
    known = find(op.name)
    count = 0
    for name in known.vjps if known is not None else ():
        argument = op.arguments.get(name)
        items = argument if isinstance(argument, tuple) else (argument,)
        if not isinstance(argument, tuple) and not (
            argument is None or isinstance(argument, Value)
        ):
            continue
        if position < count + len(items):
            item = items[position - count]
            place = position - count if isinstance(argument, tuple) else None
            assert known is not None
            return (known, name, place, item) if isinstance(item, Value) else None
        count += len(items)
    return None


def _values(op: Op) -> Iterator[Value]:
    for argument in (*op.arguments.values(), *op.outputs):
        for item in argument if isinstance(argument, tuple) else (argument,):
            if isinstance(item, Value):
                yield item
