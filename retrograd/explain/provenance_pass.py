"""One backward pass of a step, through which gradients of one's own choosing can be sent."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept, wide, zeros_of
from retrograd.explain.edges import edges
from retrograd.explain.rules import find
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import Accumulation, BackwardCall, Event, NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value

WORK: Final = 400_000_000
"""Elements that the formulas of one pass may touch before a question is too expensive."""


class Unexplained(Exception):
    """A question that the recording, or the rules, cannot answer; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.id)
        self.message = message


@dataclass(frozen=True, slots=True)
class Seed:
    """A gradient that was put into a root: into which input of which node."""

    node: int
    input: int
    gradient: Array
    root: Value | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A gradient that a node sends out along one of its edges."""

    argument: Value
    gradient: Array


class Pass:
    """One backward pass: its node runs, and the way from its roots to a parameter."""

    def __init__(self, step: Step, call: BackwardCall) -> None:
        self.step = step
        self.call = call
        own = [event for event in step.events if event.index > call.index]
        self.runs: dict[int, NodeRun] = {}
        self.accumulations: dict[int, Accumulation] = {}
        for event in own:
            if isinstance(event, NodeRun) and event.number == call.number:
                self.runs.setdefault(event.node, event)
            elif isinstance(event, Accumulation) and event.number == call.number:
                self.accumulations.setdefault(event.node, event)
        self._work = 0
        self._names: dict[int, Names] = {}

    def contributions(self, parameter: int) -> tuple[Accumulation, ...]:
        """Return what the pass added to a parameter's ``.grad``."""
        return tuple([a for a in self.accumulations.values() if a.parameter == parameter])

    def leading(self, parameter: int) -> frozenset[int]:
        """Return the nodes from which a gradient went on to a parameter."""
        found = {node for node, a in self.accumulations.items() if a.parameter == parameter}
        for node in reversed(self.runs):  # in the order of running, later ones are further down
            run = self.runs[node]
            for edge, gradient in zip(self.step.nodes[node].next, run.grad_inputs, strict=False):
                if edge is not None and gradient is not None and edge.node in found:
                    found.add(node)
        return frozenset(found)

    def senders(self, node: int, place: int) -> list[tuple[NodeRun, int]]:
        """Return which runs sent a gradient to an input of a node, and along which edge."""
        return self._senders.get((node, place), [])

    @cached_property
    def _senders(self) -> dict[tuple[int, int], list[tuple[NodeRun, int]]]:
        found: dict[tuple[int, int], list[tuple[NodeRun, int]]] = {}
        for run in self.runs.values():
            targets = self.step.nodes[run.node].next
            for position, (edge, sent) in enumerate(zip(targets, run.grad_inputs, strict=False)):
                if edge is not None and sent is not None:
                    found.setdefault((edge.node, edge.input), []).append((run, position))
        return found

    @cached_property
    def seeds(self) -> tuple[Seed, ...]:
        """The gradients that the pass started with. Raises ``Unexplained``."""
        found = []
        call = self.call
        for root, node, gradient in zip(call.roots, call.root_nodes, call.gradients, strict=False):
            if node is None:
                continue
            array = None if gradient is None else gradient.array
            if array is None:
                raise Unexplained(message("why-not-kept", name=self._called(gradient)))
            found.append(Seed(node, self._output(node, root), wide_array(array), root))
        return tuple(found)

    def _output(self, node: int, root: Value | None) -> int:
        op = self.step.nodes[node].op
        event = None if op is None else self.step.events[op]
        if isinstance(event, Op) and root is not None:
            for position, output in enumerate(event.outputs):
                if output is not None and output.index == root.index:
                    return position
        return 0

    def _called(self, value: Value | None) -> str:
        return "?" if value is None else value.name or "×".join(map(str, value.shape)) or "scalar"

    def op(self, run: NodeRun) -> Op:
        """Return the op that a node belongs to. Raises ``Unexplained`` where there is no rule."""
        node = self.step.nodes[run.node]
        event: Event | None = None if node.op is None else self.step.events[node.op]
        if not isinstance(event, Op):
            id = "why-opaque" if node.opaque else "why-no-op"
            raise Unexplained(message(id, node=node.name, place=place(run)))
        if find(event.name) is None:
            raise Unexplained(message("why-no-rule", op=event.name, place=place(event)))
        return event

    def send(
        self, run: NodeRun, gradients: Mapping[int, Array], positions: Collection[int]
    ) -> dict[int, Sent]:
        """Return what a node would send along some edges if these gradients had come in.

        Gradients go by the number of the node's input. Raises ``Unexplained``.
        """
        op = self.op(run)
        self._spend(op)
        chosen = tuple([g if p in positions else None for p, g in enumerate(run.grad_inputs)])
        found: dict[int, Sent] = {}
        try:
            for edge in edges(
                op, replace(run, grad_inputs=chosen), names=self._given(op, gradients)
            ):
                result = edge.result
                if edge.problem == "argument-without-formula":
                    raise Unexplained(message("why-no-rule", op=op.name, place=place(op)))
                if edge.problem is not None:
                    raise Unexplained(message("why-not-kept", name=op.name))
                if result is None or edge.argument is None or result.shape != edge.gradient.shape:
                    raise Unexplained(message("why-no-rule", op=op.name, place=place(op)))
                found[edge.position] = Sent(edge.argument, result)
        except NotKept as error:
            raise Unexplained(message("why-not-kept", name=op.name)) from error
        return found

    def _given(self, op: Op, gradients: Mapping[int, Array]) -> Names:
        """Return the values of an op's names with these gradients; read from the file once."""
        names = self._names.setdefault(op.index, Names(op))
        put_gradients(names, op, gradients)
        return names

    def _spend(self, op: Op) -> None:
        values = [item for item in (*op.arguments.values(), *op.outputs) if isinstance(item, Value)]
        self._work += sum(math.prod(value.shape) for value in values)
        if self._work > WORK:
            raise Unexplained(message("why-too-large"))


def passes(step: Step) -> tuple[Pass, ...]:
    """Return the backward passes of a step, in order."""
    return tuple([Pass(step, event) for event in step.events if isinstance(event, BackwardCall)])


def place(event: Event) -> str:
    """Return ``file.py:12`` of an event, its number where the source is not known."""
    site = event.site
    return f"#{event.index}" if site is None else f"{site.path.rpartition('/')[2]}:{site.line}"


def wide_array(array: Array) -> Array:
    """Return an array for arithmetic: float64, or complex128."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def recorded(value: Value | None) -> Array | None:
    """Return a value's elements for arithmetic, None where they were not kept."""
    try:
        return None if value is None else np.asarray(wide(value))
    except NotKept:
        return None


def put_gradients(names: Names, op: Op, gradients: Mapping[int, Array]) -> None:
    """Let these gradients come into an op's outputs, by number; zeros into the others."""
    every = []
    for index, output in enumerate(op.outputs):
        gradient = gradients.get(index)
        every.append(zeros_of(output) if gradient is None and output is not None else gradient)
        names[f"G{index}"] = every[-1]
    names["G"] = every[0] if every else None
    names["Gs"] = tuple(every)
