"""Where a value of the forward pass came from: the op that made it, and what entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept
from retrograd.explain.check import Check
from retrograd.explain.engine import check_op
from retrograd.explain.provenance_local import Index, Operand, operands
from retrograd.explain.provenance_pass import place
from retrograd.explain.provenance_target import label
from retrograd.explain.rules import find
from retrograd.explain.symbols import Symbols
from retrograd.explain.worked import Worked, worked
from retrograd.messages.message import Message, message
from retrograd.store.model import Op
from retrograd.store.step import Step
from retrograd.store.value import Value

SHOWN: Final = 12
"""Most elements that are told of each op; those with the largest part come first."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An element that entered, and where it came from, as far as was asked."""

    operand: Operand
    label: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Origin:
    """One element, the op that made it, and what entered there.

    ``op`` is None for what came from outside the step; ``reason`` says what is not known. Of the
    elements that entered, ``count`` in all, those with the largest part are listed.
    """

    label: str
    number: Any
    op: Op | None
    worked: Worked | None = None
    check: Check | None = None
    entered: tuple[Entered, ...] = ()
    count: int = 0
    reason: Message | None = None


class Tracer:
    """Traces values of one step back through its ops."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.symbols = Symbols(step)
        self._made: dict[int, tuple[Op, int]] = {}
        for op in step.ops:
            for position, output in enumerate(op.outputs):
                if output is not None:
                    self._made.setdefault(output.index, (op, position))

    def made(self, value: Value) -> tuple[Op, int] | None:
        """Return the op that made a value, and as which of its outputs."""
        return self._made.get(value.index)

    def origin(self, value: Value, index: Index, depth: int) -> Origin:
        """Return where one element came from, ``depth`` ops back."""
        name = label(self.symbols.of(value), index)
        number = None if value.array is None else value.array[index].item()
        made = self.made(value)
        if made is None:
            known = value.slot.parameter is not None
            reason = message("why-is-parameter" if known else "why-from-outside", name=name)
            return Origin(name, number, None, reason=reason)
        op, output = made
        try:
            found = operands(op, output, index)
        except NotKept:
            return Origin(name, number, op, reason=message("why-not-kept", name=op.name))
        if found is None:
            reason = message("why-no-rule", op=op.name, place=place(op))
            return Origin(name, number, op, reason=reason)
        chosen = sorted(found, key=_weight, reverse=True)[:SHOWN]
        order = list(op.arguments)
        chosen.sort(key=lambda operand: (order.index(operand.argument), operand.index))
        entered = tuple([self._entered(operand, depth) for operand in chosen])
        arithmetic = _worked(op, output, value, index)
        return Origin(name, number, op, arithmetic, check_op(op), entered, len(found))

    def _entered(self, operand: Operand, depth: int) -> Entered:
        name = label(self.symbols.of(operand.value), operand.index)
        deeper = depth > 1 and self.made(operand.value) is not None
        origin = self.origin(operand.value, operand.index, depth - 1) if deeper else None
        return Entered(operand, name, origin)


def _weight(operand: Operand) -> float:
    """Return how much an element matters: what the result would lose without it, nearly."""
    number = 0.0 if operand.number is None else abs(operand.number)
    weight = abs(operand.derivative) * number
    return weight if np.isfinite(weight) else float("inf")


def _worked(op: Op, output: int, value: Value, index: Index) -> Worked | None:
    """Return the arithmetic of one element, where the op's formula can be followed."""
    known = find(op.name)
    if known is None or output > 0:
        return None
    names = Names(op)
    try:
        result = known.formula.evaluate(names)
    except (NotKept, KeyError):
        return None
    if isinstance(result, tuple):
        return None
    array = np.asarray(result)
    return worked(known.formula, names, array, index) if array.shape == value.shape else None
