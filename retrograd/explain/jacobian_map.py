"""The derivative of one output of an op by one input: a linear map, asked for by row or column.

A row is the rule's VJP of a unit vector, as PyTorch itself would send it. A column is what many
rows have at one place; where the op is linear in the input it is simply the op applied to a unit
vector, which is used only after a random probe has agreed with the VJP.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import prod
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept, zeros_of
from retrograd.explain.edges import fit
from retrograd.explain.jacobian_line import Index, Line, line
from retrograd.explain.jacobian_product import Factor, factor
from retrograd.explain.provenance_local import Other
from retrograd.explain.provenance_pass import put_gradients
from retrograd.explain.rule import Rule
from retrograd.store.elements import Array
from retrograd.store.errors import RecordingError
from retrograd.store.model import Op
from retrograd.store.value import Value

WORK: Final = 200_000_000
"""Most elements that the evaluations for one column may touch."""
FEW: Final = 64
"""Rows of which a column is taken one by one."""


class Convention(Enum):
    """What an entry is where numbers are complex, so that it says what PyTorch does."""

    REAL = "real"  # ∂y/∂x
    HOLOMORPHIC = "holomorphic"  # ∂y/∂z; backward sends vᵀ times its conjugate
    OF_REAL = "of-real"  # complex result of a real input: ∂Re y/∂x + i ∂Im y/∂x
    GRADIENT = "gradient"  # not holomorphic: ∂Re y/∂Re z + i ∂Re y/∂Im z, sent for upstream 1


@dataclass(frozen=True, slots=True)
class Input:
    """A tensor that a rule has a formula for, and which edge of the node is its own."""

    name: str  # in the schema
    place: int | None  # in a list of tensors
    value: Value
    position: int


def inputs(op: Op, known: Rule) -> Iterator[Input]:
    """Yield the tensors that an op can be differentiated by, in the order of the edges."""
    position = 0
    for name in known.vjps:
        argument = op.arguments.get(name)
        if isinstance(argument, tuple):
            for place, item in enumerate(argument):
                if isinstance(item, Value):
                    yield Input(name, place, item, position)
                position += 1
        elif argument is None or isinstance(argument, Value):
            if argument is not None and argument.slot.kind != "scalar":
                yield Input(name, None, argument, position)
            position += 1


class Map:
    """The Jacobian of one output of an op by one input, never stored as a whole."""

    def __init__(self, op: Op, output: int, known: Rule, source: Input) -> None:
        value = op.outputs[output]
        assert value is not None
        self.op = op
        self.output = output
        self.known = known
        self.source = source
        self.result = value
        self._names, self._other = Names(op), Other(op)

    @property
    def rows(self) -> int:
        """Number of output elements."""
        return self.result.slot.count

    @property
    def columns(self) -> int:
        """Number of input elements."""
        return self.source.value.slot.count

    @cached_property
    def factor(self) -> Factor | None:
        """The factor of a product that the input is, None where the op is no product of it."""
        return factor(self.op, self.source.name) if self.source.place is None else None

    @cached_property
    def convention(self) -> Convention:
        """What an entry is; decided by numbers where input and output are complex."""
        before, after = ("complex" in v.dtype for v in (self.source.value, self.result))
        if not before:
            return Convention.OF_REAL if after else Convention.REAL
        if not after:
            return Convention.GRADIENT
        probe = np.random.default_rng(0).normal(size=self.result.shape) + 0j
        straight, turned = self._sent(probe), self._sent(1j * probe)
        near = np.allclose(turned, 1j * straight, rtol=1e-9, atol=0, equal_nan=True)
        return Convention.HOLOMORPHIC if near else Convention.GRADIENT

    # -- rows -------------------------------------------------------------------------------------

    def row(self, index: Index) -> Line:
        """Return the derivatives of one output element. Raises ``NotKept``."""
        if self.factor is not None:
            return self.factor.row(index)
        return line(self._row(index))

    def _row(self, index: Index) -> Array:
        one = zeros_of(self.result)
        one[index] = 1
        found = self._sent(one)
        if self.convention is Convention.HOLOMORPHIC:
            return np.asarray(np.conj(found))
        if self.convention is Convention.OF_REAL:
            found = np.asarray(found + 1j * self._sent(1j * one))
        if np.isnan(found).any():
            # 0 · ∞ where the upstream gradient is 0: no derivative, but for what really enters
            entering = self._entering(index)
            if entering.any():
                found = np.where(np.isnan(found) & ~entering, 0.0, found)
        return found

    def _sent(self, upstream: Array, names: Names | None = None) -> Array:
        """Return what the rule sends to the input for a gradient that comes in."""
        raw = self._raw(upstream, self._names if names is None else names)
        found: Array = fit(raw, self.source.value)
        return found

    def _raw(self, upstream: Array, names: Names) -> Array:
        put_gradients(names, self.op, {self.output: upstream})
        found: Any = names.evaluate(self.known.vjps[self.source.name])
        return np.asarray(found if self.source.place is None else found[self.source.place])

    @property
    def stretched(self) -> bool:
        """Whether the input was broadcast, so that the formula's result is summed afterwards."""
        return self._raw(zeros_of(self.result), self._names).shape != self.source.value.shape

    # -- all of it --------------------------------------------------------------------------------

    def matrix(self) -> tuple[Array, Array]:
        """Return every entry, and which may be other than zero for some numbers.

        Both are (rows × columns), elements in row-major order. Raises ``NotKept``.
        """
        complex_ = self.convention is not Convention.REAL
        entries = np.zeros((self.rows, self.columns), np.complex128 if complex_ else np.float64)
        pattern = np.zeros((self.rows, self.columns), bool)
        for flat in range(self.rows):
            index = unravelled(flat, self.result.shape)
            entries[flat] = self._row(index).reshape(-1)
            pattern[flat] = self._entering(index).reshape(-1)
        return entries, pattern | (entries != 0)

    def _entering(self, index: Index) -> Array:
        one = zeros_of(self.result)
        one[index] = 1
        try:
            row = self._sent(one, self._other)
        except NotKept:
            raise
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):  # no numbers for this op
            return np.zeros(self.source.value.shape, bool)
        return np.asarray((row != 0) & ~np.isnan(row))

    # -- columns ----------------------------------------------------------------------------------

    def column(self, index: Index) -> Line:
        """Return the derivatives by one input element.

        Raises ``NotKept``, and ``RecordingError`` where it would take too many evaluations.
        """
        if self.factor is not None:
            return self.factor.column(index)
        if self.rows <= FEW:
            return line(self._gathered(index))
        found = self._applied(index)
        return line(self._searched(index) if found is None else found)

    @cached_property
    def size(self) -> int:
        """Elements that one evaluation touches, and what it costs besides."""
        values = [*self.op.outputs, *self.op.arguments.values()]
        return sum(value.slot.count for value in values if isinstance(value, Value)) + 1000

    def _gathered(self, index: Index) -> Array:
        shape = self.result.shape
        found = [self._row(unravelled(flat, shape))[index] for flat in range(self.rows)]
        return np.asarray(found).reshape(shape)

    def _applied(self, index: Index) -> Array | None:
        """Return what the op makes of a unit vector, None where it is not linear."""
        if self.convention is not Convention.REAL:
            return None
        unit = zeros_of(self.source.value)
        try:
            at_zero = self._forward(unit)
            unit[index] = 1
            with np.errstate(all="ignore"):
                found = self._forward(unit) - at_zero
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None
        for seed in range(2):
            probe = np.random.default_rng(seed).normal(size=self.result.shape)
            expected = float(self._sent(probe)[index])
            if not np.isclose(float((probe * found).sum()), expected, rtol=1e-7, atol=1e-12):
                return None
        return found

    def _forward(self, given: Array) -> Array:
        names = Names(self.op)
        name, place = self.source.name, self.source.place
        if place is None:
            names[name] = given
        else:
            listed = list(names[name])
            listed[place] = given
            names[name] = tuple(listed)
        found: Any = names.evaluate(self.known.formula)
        return np.asarray(found[self.output] if isinstance(found, tuple) else found)

    def _searched(self, index: Index) -> Array:
        """Return a column by halving: a part of the outputs that sends nothing is left out."""
        weights = np.random.default_rng(0).uniform(0.5, 1.5, self.rows)
        wanted = np.float64 if self.convention is Convention.REAL else np.complex128
        found = np.zeros(self.rows, wanted)
        waiting, spent = [(0, self.rows)], 0
        while waiting:
            low, high = waiting.pop()
            spent += self.size
            if spent > WORK:
                raise RecordingError(
                    f"a column of this Jacobian, {self.rows} × {self.columns}, takes too many "
                    "evaluations; a row takes one: ask with --row"
                )
            mask = np.zeros(self.rows)
            mask[low:high] = weights[low:high]
            sent = self._sent(mask.reshape(self.result.shape))[index]
            entering = self._sent(mask.reshape(self.result.shape), self._other)[index]
            if sent == 0 and not (entering != 0 and entering == entering):
                continue
            if high - low == 1:
                found[low] = self._row(unravelled(low, self.result.shape))[index]
            else:
                middle = (low + high) // 2
                waiting += [(middle, high), (low, middle)]
        return found.reshape(self.result.shape)


def unravelled(flat: int, shape: tuple[int, ...]) -> Index:
    """Return the index of an element from its number in row-major order."""
    return tuple([int(i) for i in np.unravel_index(flat, shape)]) if shape else ()


def flattened(index: Index, shape: tuple[int, ...]) -> int:
    """Return the number of an element in row-major order."""
    found = 0
    for i, length in zip(index, shape, strict=True):
        found = found * length + i
    return found


def count_of(shape: tuple[int, ...]) -> int:
    """Return the number of elements."""
    return prod(shape)
