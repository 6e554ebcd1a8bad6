"""The step in which a run ended: who made which value, and what the source calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import numpy as np

from retrograd.explain.failures.source_names import SourceNames
from retrograd.explain.symbols import Symbols
from retrograd.store.model import Argument, BackwardCall, Incident, Node, Op, Site
from retrograd.store.reader import Recording
from retrograd.store.step import Step
from retrograd.store.value import Value

_DECLARED: Final = re.compile(r"requires_grad\s*=\s*True|\bParameter\(|requires_grad_\((True)?\)")
_DIFFERENTIABLE: Final = ("float", "bfloat", "complex")
_WITHOUT_HISTORY: Final = frozenset({"aten::detach", "aten::lift_fresh"})
FROM_PYTHON: Final = "aten::lift_fresh"
"""The op by which ``torch.tensor`` hands over what it was given."""


class Scene:
    """One step and the error in it.

    ``step`` is the step that raised, as far as it went; where that was recorded light it is the
    last full step, and ``exact`` is false. It is None where there is none either.
    """

    def __init__(self, recording: Recording, incident: Incident) -> None:
        self.recording = recording
        self.incident = incident
        number = recording.unfinished
        self.exact = number is not None and number == incident.step
        if not self.exact:
            number = recording.full_steps[-1] if recording.full_steps else None
        self.step: Step | None = None if number is None else recording.step(number)
        self.names = SourceNames(recording)

    @cached_property
    def ops(self) -> tuple[Op, ...]:
        """The ops of the step, in order."""
        return () if self.step is None else self.step.ops

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The autograd nodes of the step."""
        return () if self.step is None else self.step.nodes

    @cached_property
    def passes(self) -> tuple[BackwardCall, ...]:
        """The backward passes of the step; the last one may be the one that raised."""
        events = () if self.step is None else self.step.events
        return tuple([event for event in events if isinstance(event, BackwardCall)])

    @cached_property
    def earlier(self) -> Step | None:
        """The last full step before the one that raised."""
        before = [n for n in self.recording.full_steps if n < (self.incident.step or 0)]
        return self.recording.step(before[-1]) if before else None

    # -- values -----------------------------------------------------------------------------------

    @cached_property
    def made(self) -> dict[int, Op]:
        """By value: the op that made it."""
        return _makers(self.ops)

    @cached_property
    def _made_earlier(self) -> dict[int, Op]:
        return {} if self.earlier is None else _makers(self.earlier.ops)

    def site_of(self, value: Value) -> Site | None:
        """Return the line that made a value in its step."""
        op = (self.made if value.step is self.step else self._made_earlier).get(value.index)
        return None if op is None else op.site

    def call(self, value: Value | None) -> str:
        """Return what the source calls a value, else its expression, else its symbol."""
        if value is None or self.step is None:
            return "?"
        for known in (value, self.origin(value)):
            if known is not None:
                site = self.site_of(known)
                named = known.name or self.names.target(site)
                if named is not None:
                    return named
                if site is not None and site.expression:
                    return short(site.expression)
        return Symbols(self.step).of(value)

    def origin(self, value: Value) -> Value | None:
        """Return what a value from outside was in the full step before: its equal, or namesake."""
        if self.earlier is None or value.index in self.made or value.step is not self.step:
            return None
        named = None
        for op in reversed(self.earlier.ops):
            for output in op.outputs:
                if output is None or (output.shape, output.dtype) != (value.shape, value.dtype):
                    continue
                if output.array is not None and value.array is not None:
                    if np.array_equal(output.array, value.array, equal_nan=True):
                        return output
                elif named is None and output.name is not None and output.name == value.name:
                    named = output
        return named

    @cached_property
    def _requiring(self) -> dict[int, bool]:
        found: dict[int, bool] = {}
        for op in self.ops:
            inputs = tensors(op)
            for item in inputs:
                found.setdefault(item.index, self._given(item))
            entering = any(found[item.index] for item in inputs)
            kept = entering and op.grad and op.name not in _WITHOUT_HISTORY
            declared = op.site is not None and bool(_DECLARED.search(op.site.expression))
            for output in op.outputs:
                if output is not None:
                    floats = differentiable(output)
                    found[output.index] = floats and (kept or declared or self._given(output))
        return found

    def requires(self, value: Value) -> bool:
        """Tell whether a value requires a gradient: by its slot, or by what it was made of.

        Before the first backward pass the file does not say so of an op's result; it follows
        from the op's arguments.
        """
        return self._requiring.get(value.index, self._given(value))

    def _given(self, value: Value) -> bool:
        number = value.slot.parameter
        parameters = self.recording.parameters
        return value.slot.requires_grad or (
            number is not None and number < len(parameters) and parameters[number].requires_grad
        )

    # -- ways back --------------------------------------------------------------------------------

    def back(self, value: Value) -> list[Op]:
        """Return the ops that a value comes from, the latest first."""
        found: dict[int, Op] = {}
        waiting = [value]
        while waiting:
            op = self.made.get(waiting.pop().index)
            if op is not None and op.index not in found:
                found[op.index] = op
                waiting += tensors(op)
        return [found[index] for index in sorted(found, reverse=True)]

    def sources(self, value: Value) -> list[Value]:
        """Return the values that a value comes from and that no op made of others, in order."""
        given: dict[int, Value] = {}
        for op in reversed(self.back(value)):
            entering = [] if op.name == FROM_PYTHON else tensors(op)
            given |= {item.index: item for item in entering if item.index not in self.made}
            if not entering:
                given |= {output.index: output for output in op.outputs if output is not None}
        return list(given.values()) or [value]

    def reached(self, roots: tuple[int | None, ...]) -> list[Node]:
        """Return the nodes that a backward pass from some roots leads to, nearest first."""
        order = list(dict.fromkeys([root for root in roots if root is not None]))
        seen = set(order)
        for number in order:
            for edge in self.nodes[number].next:
                if edge is not None and edge.node not in seen:
                    seen.add(edge.node)
                    order.append(edge.node)
        return [self.nodes[number] for number in order]

    def latest(self, expression: str) -> Value | None:
        """Return the newest value that an expression of the failing line stands for."""
        wanted = " ".join(expression.split())
        bare = wanted.removeprefix("self.")
        found: Value | None = None
        for item in self._in_order():
            site = self.site_of(item)
            if (
                item.name in (wanted, bare)
                or self.names.target(site) == bare
                or (site is not None and " ".join(site.expression.split()) == wanted)
            ):
                found = item
        return found

    def _in_order(self) -> Iterator[Value]:
        for op in self.ops:
            yield from tensors(op)
            yield from (output for output in op.outputs if output is not None)


def _makers(ops: tuple[Op, ...]) -> dict[int, Op]:
    return {output.index: op for op in ops for output in op.outputs if output is not None}


def same_place(one: Site | None, other: Site | None) -> bool:
    """Tell whether two positions are the same expression."""
    if one is None or other is None:
        return False
    return (one.path, one.line, one.column, one.end_line, one.end_column) == (
        other.path,
        other.line,
        other.column,
        other.end_line,
        other.end_column,
    )


def tensors(op: Op) -> list[Value]:
    """Return the tensors that an op takes, those in lists among them."""

    def inside(argument: Argument) -> Iterator[Value]:
        if isinstance(argument, tuple):
            for item in argument:
                yield from inside(item)
        elif isinstance(argument, Value) and argument.slot.kind != "scalar":
            yield argument

    return [value for argument in op.arguments.values() for value in inside(argument)]


def differentiable(value: Value) -> bool:
    """Tell whether values of this dtype can have a gradient."""
    return value.dtype.startswith(_DIFFERENTIABLE)


def short(expression: str, length: int = 60) -> str:
    """Return an expression in one line, cut where it is long."""
    line = " ".join(expression.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def shape(value: Value) -> str:
    """Return a shape as PyTorch's errors write it: ``[4, 1]``."""
    return f"[{', '.join(map(str, value.shape))}]"


def bracketed(expression: str) -> str:
    """Return an expression that a method can be called on: a product in brackets, say."""
    whole = re.fullmatch(r"[\w.]+(\([^()]*\)|\[[^\[\]]*\])*", expression) is not None
    return expression if whole else f"({expression})"
