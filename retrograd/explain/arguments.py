"""What the names in an op's formulas stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from retrograd.explain.formula import Formula, Remembering, Rounding
from retrograd.explain.functions.function import NotKept
from retrograd.explain.magnitude import magnitude
from retrograd.explain.noise import Magnitude, Noise
from retrograd.store.elements import Array
from retrograd.store.model import Argument, Op
from retrograd.store.value import Value

__all__ = ["Names", "NotKept", "tensors", "wide", "zeros_of"]

_NUMBERED: Final = re.compile(r"[yG]\d*")
_COMPLEX: Final = re.compile(r"\(.*j\)|[^(]*\dj")


def wide(argument: Argument) -> Any:
    """Return an argument for arithmetic: float64 or complex128 arrays, integers as they are."""
    if isinstance(argument, tuple):
        return tuple([wide(item) for item in argument])
    if isinstance(argument, str) and _COMPLEX.fullmatch(argument):
        return complex(argument)
    if not isinstance(argument, Value):
        return argument
    array = argument.array
    if array is None:
        raise NotKept(argument.slot.why or "values-not-kept")
    if array.dtype.kind == "f":
        return array.astype(np.float64)
    return array.astype(np.complex128) if array.dtype.kind == "c" else array


def tensors(arguments: Iterable[Argument]) -> Iterator[Value]:
    """Yield the tensors among some arguments, those in lists included."""
    for argument in arguments:
        if isinstance(argument, Value):
            yield argument
        elif isinstance(argument, tuple):
            yield from tensors(argument)


class Names(Remembering):
    """The values of names, read when a formula first asks.

    Arguments go by the schema's names, outputs by ``y`` (``y0``, ``y1``, …; ``ys`` for all),
    the gradients that come in by ``G`` in the same way. A gradient that did not come is zero.
    ``layout_of_x`` holds the strides and the storage offset of the argument ``x``.
    """

    def __init__(
        self, op: Op, gradients: Sequence[Value | None] = (), noise: Noise | None = None
    ) -> None:
        super().__init__()
        self._op = op
        self._gradients = gradients
        self._noise = noise

    def evaluate(self, formula: Formula) -> Any:
        """Return what a formula comes to with these values."""
        if self._noise is None:
            return formula.evaluate(self)
        exact = Names(self._op, self._gradients, self._noise.exactly())
        if isinstance(self._noise, Magnitude):
            with np.errstate(all="ignore"):
                return magnitude(formula.tree, self, exact)
        found = formula.evaluate(self, Rounding(self._noise.after, exact))
        return self._noise.whole(found)

    def __missing__(self, name: str) -> Any:
        found = self._find(name)
        if self._noise is not None:
            found = self._noise.on(found, name)
        dict.__setitem__(self, name, found)  # nothing is replaced: results stay
        return found

    def _find(self, name: str) -> Any:
        if name in self._op.arguments:
            return wide(self._op.arguments[name])
        if name == "ys":
            return tuple([self._output(index) for index in range(len(self._op.outputs))])
        if name == "Gs":
            return tuple([self._gradient(index) for index in range(len(self._op.outputs))])
        if name.startswith("layout_of_"):
            tensor = self._op.arguments.get(name.removeprefix("layout_of_"))
            if isinstance(tensor, Value):
                return tensor.slot.stride, tensor.slot.storage_offset
        if not _NUMBERED.fullmatch(name):
            raise KeyError(name)
        index = int(name[1:] or 0)
        return self._output(index) if name[0] == "y" else self._gradient(index)

    def _output(self, index: int) -> Any:
        outputs = self._op.outputs
        return wide(outputs[index]) if index < len(outputs) else None

    def _gradient(self, index: int) -> Any:
        if index < len(self._gradients) and self._gradients[index] is not None:
            return wide(self._gradients[index])
        outputs = self._op.outputs
        output = outputs[index] if index < len(outputs) else None
        return None if output is None else zeros_of(output)


def zeros_of(value: Value) -> Array:
    """Return zeros in the shape of a value."""
    return np.zeros(value.shape, np.complex128 if "complex" in value.dtype else np.float64)
