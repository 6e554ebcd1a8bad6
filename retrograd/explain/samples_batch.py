"""Which dimension holds the training examples, and which values carry them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.explain.provenance_pass import Pass
from retrograd.store.elements import Array
from retrograd.store.model import Argument, Op
from retrograd.store.value import Value


class Batch:
    """The examples of one backward pass, if there are ``size`` of them.

    A value without gradient carries them where one of its first two dimensions has that length
    (batch first, or sequence first), any value where it was made of one that does. Parameters,
    and what is made of parameters and constants alone, carry none.
    """

    def __init__(self, through: Pass, size: int) -> None:
        self.size = size
        self._through = through
        self._data = [value for group in data_of(through) for value in group]
        self._carrying: set[int] = set()
        self._made: set[int] = set()
        self._trained = {update.parameter for update in through.step.updates}
        for op in through.step.ops:
            carried = any(self.carries(value) for value in values_of(op))
            for output in op.outputs:
                if output is None:
                    continue
                self._made.add(output.index)
                if carried or (not output.slot.requires_grad and self._shaped(output)):
                    self._carrying.add(output.index)

    def carries(self, value: Value) -> bool:
        """Return whether a value depends on single examples."""
        if value.index in self._made:
            return value.index in self._carrying
        if self._is_parameter(value):
            return False
        return self._shaped(value)

    def _is_parameter(self, value: Value) -> bool:
        number = value.slot.parameter
        if number is None:
            return False
        known = self._through.step.recording.parameters[number]
        return number in self._trained or known.module is not None

    def _shaped(self, value: Value) -> bool:
        return self.size in value.shape[:2]

    @property
    def clear(self) -> bool:
        """Whether the data have a further dimension, so that the first is no feature's."""
        return any(len(value.shape) > 1 for value in self._data if self._shaped(value))

    def inputs(self) -> tuple[tuple[Value, int], ...]:
        """Return the data that differ from example to example, each with the dimension."""
        found = {}
        for value in self._data:
            if self._shaped(value) and value.index not in found:
                found[value.index] = (value, value.shape.index(self.size))
        return tuple(found.values())

    def owners(self, shape: tuple[int, ...], interleaved: bool) -> Array | None:
        """Return the example that each element of a loss's gradient belongs to, if to any.

        A flattened first dimension holds the examples in blocks, or interleaved.
        """
        if self.size in shape:
            axis = shape.index(self.size)
            along = np.arange(self.size)
        elif shape and shape[0] and shape[0] % self.size == 0:
            axis = 0
            along = np.arange(shape[0])
            along = along % self.size if interleaved else along // (shape[0] // self.size)
        else:
            return None
        lengths = [1] * len(shape)
        lengths[axis] = -1
        return np.broadcast_to(along.reshape(lengths), shape)


def sizes(through: Pass) -> list[int]:
    """Return the numbers of examples that the data's shapes allow, the likeliest first.

    What the loss compares with has one row for each example, or some (a flattened sequence), so
    that other sizes, of features or statistics, are left out.
    """
    data = data_of(through)
    rows = {value.shape[0] for value in data[-1]} if data else set()
    values = [value for group in data for value in group]
    first = [value.shape[0] for value in values]
    second = [value.shape[1] for value in values if len(value.shape) > 1]
    fitting = [n for n in dict.fromkeys(first + second) if n and any(r % n == 0 for r in rows)]
    return sorted(fitting, key=lambda size: size == 1)


def data_of(through: Pass) -> list[list[Value]]:
    """Return what enters the pass's graph from outside, op by op: what wants no gradient."""
    step = through.step
    ops = [op for node in through.runs if (op := step.nodes[node].op) is not None]
    found: list[list[Value]] = []
    for number in sorted(ops):
        event = step.events[number]
        if isinstance(event, Op):
            data = [v for v in values_of(event) if _is_data(v)]
            if data:
                found.append(data)
    return found


def _is_data(value: Value) -> bool:
    return bool(value.shape) and not value.slot.requires_grad and value.slot.kind != "scalar"


def values_of(op: Op) -> Iterator[Value]:
    """Yield the tensors among an op's arguments."""
    for argument in op.arguments.values():
        yield from _tensors(argument)


def _tensors(argument: Argument) -> Iterator[Value]:
    if isinstance(argument, Value):
        yield argument
    elif isinstance(argument, tuple):
        for item in argument:
            yield from _tensors(item)
