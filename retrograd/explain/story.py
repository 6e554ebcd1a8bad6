"""The story of a step: each event with its formula, its numbers, and whether they were checked."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept
from retrograd.explain.check import Check, Status
from retrograd.explain.edges import FAILURES, edges
from retrograd.explain.engine import check_node, check_op
from retrograd.explain.formula import Formula
from retrograd.explain.ledger import check_accumulation
from retrograd.explain.node_op import Rebuilt, op_behind
from retrograd.explain.op_title import op_title
from retrograd.explain.rules import find
from retrograd.explain.simplified import for_call
from retrograd.explain.special_values import of_op, of_run, of_update
from retrograd.explain.symbols import Symbols
from retrograd.explain.updates import Term, explain_update
from retrograd.explain.updates.term import largest
from retrograd.explain.worked import Index, Worked, reduced, reduced_by, summed, worked
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import (
    Accumulation,
    BackwardCall,
    Event,
    GradChange,
    NodeRun,
    Op,
    Opaque,
    StepCall,
    Update,
    ZeroGrad,
)
from retrograd.store.step import Step
from retrograd.store.value import Value

_FROM_PYTHON: Final = "aten::lift_fresh"
"""The op by which ``torch.tensor`` hands over what it was given."""


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: what is computed, by which formula, and PyTorch's own result."""

    symbol: str
    formula: Formula | None
    names: Mapping[str, str]
    value: Value | None
    worked: Worked | None = None
    summed: Worked | None = None  # the sum that makes the element: over what was broadcast, a loss
    role: str | None = None  # in the ledger: before, contribution, read, after


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one event did, and why."""

    event: Event
    title: Message
    lines: tuple[Line, ...] = ()
    terms: tuple[Term, ...] = ()  # of an update
    notes: tuple[Message, ...] = ()
    check: Check | None = None  # None where there is nothing to compute


@dataclass(frozen=True, slots=True)
class ParameterStory:
    """One parameter across a step: before, the gradient that its update read, after."""

    name: str
    before: Value | None
    gradient: Value | None
    after: Value | None


@dataclass(frozen=True)
class StepStory:
    """All events of a step explained."""

    step: Step
    explanations: tuple[Explanation, ...]

    def count(self, status: Status, forward: bool | None = None) -> int:
        """Return how many checks ended so, of forward ops, of all others, or of all.

        An op with nothing to recompute (random or uninitialised numbers) is no check at all.
        """
        return sum(
            explanation.check is not None
            and explanation.check.status is status
            and (forward is None or forward == isinstance(explanation.event, Op))
            for explanation in self.explanations
        )

    @property
    def loss(self) -> tuple[str, float] | None:
        """Symbol and value of what the first backward pass started from."""
        for event in self.step.events:
            if isinstance(event, BackwardCall):
                for root in event.roots:
                    if root is not None and root.slot.count == 1 and root.array is not None:
                        return Symbols(self.step).of(root), float(root.array.reshape(-1)[0].real)
        return None

    @property
    def given(self) -> Iterator[tuple[str, Value]]:
        """Symbols and values of what the explained events use and none of the step made."""
        symbols = Symbols(self.step)
        made = {output.index for op in self.step.ops for output in op.outputs if output is not None}
        seen: set[int] = set()
        for explanation in self.explanations:
            if isinstance(explanation.event, Op) and explanation.event.name != _FROM_PYTHON:
                for argument in explanation.event.arguments.values():
                    if (
                        isinstance(argument, Value)
                        and argument.slot.kind != "scalar"
                        and argument.index not in made | seen
                    ):
                        seen.add(argument.index)
                        yield symbols.of(argument), argument

    def about(self, parameter: int) -> StepStory:
        """Return the part of the story that is about one parameter."""
        return StepStory(self.step, tuple(self._about(parameter)))

    def _about(self, parameter: int) -> Iterator[Explanation]:
        nodes = {place for place, node in enumerate(self.step.nodes) if node.parameter == parameter}
        for explanation in self.explanations:
            event = explanation.event
            if isinstance(event, (Accumulation, GradChange, Update)):
                if event.parameter == parameter:
                    yield explanation
            elif isinstance(event, NodeRun):
                if any(e is not None and e.node in nodes for e in self.step.nodes[event.node].next):
                    yield explanation
            elif isinstance(event, Op) and any(
                isinstance(item, Value) and item.slot.parameter == parameter
                for item in event.arguments.values()
            ):
                yield explanation

    @property
    def parameters(self) -> tuple[ParameterStory, ...]:
        """What became of each parameter that was updated."""
        first: dict[int, Update] = {}
        last: dict[int, Update] = {}
        for update in self.step.updates:
            first.setdefault(update.parameter, update)
            last[update.parameter] = update
        known = self.step.recording.parameters
        return tuple(
            ParameterStory(known[number].name, first[number].before, update.gradient, update.after)
            for number, update in last.items()
        )


def explain_step(step: Step, focus: tuple[int, Index] | None = None) -> StepStory:
    """Explain every event of a full step, in order.

    ``focus`` names a parameter by its number and one of its elements; the numbers of that element
    are worked out, else those of the largest.
    """
    teller = Teller(step, focus)
    return StepStory(step, tuple(teller.explain(event) for event in step.events))


def explain_event(step: Step, index: int) -> Explanation:
    """Explain one event. Raises ``IndexError`` for a number that is not there."""
    return Teller(step).explain(step.events[index])


class Teller:
    """Explains the events of one step."""

    def __init__(self, step: Step, focus: tuple[int, Index] | None = None) -> None:
        self.step = step
        self.focus = focus  # the element of a parameter that numbers are worked out for
        self.symbols = Symbols(step)

    @singledispatchmethod
    def explain(self, event: Event) -> Explanation:
        """Return the explanation of an event."""
        return Explanation(event, message("event-other", kind=event.kind))

    @explain.register
    def _(self, event: Op) -> Explanation:
        names = self.symbols.of_op(event)
        operation = op_title(event.name)
        results = [output for output in event.outputs if output is not None]
        symbol = self.symbols.of(results[0]) if results else ""
        known = find(event.name)
        lines: tuple[Line, ...] = ()
        if known is not None and results and not _is_given(event, known.formula):
            formula = for_call(known.formula, event)
            lines = (self._equation(symbol, formula, names, results[0], event),)
        elif results:
            lines = (Line(symbol, None, names, results[0]),)
        title = message("event-op", operation=operation, result=symbol or operation)
        return Explanation(
            event, title, lines, notes=tuple(self._op_notes(event)), check=self._op_check(event)
        )

    def _op_check(self, event: Op) -> Check | None:
        if event.name == _FROM_PYTHON or not any(output is not None for output in event.outputs):
            return None
        check = check_op(event)
        made_up = check.reason in ("random", "uninitialised", "no-output-recorded")
        takes = any(isinstance(argument, Value) for argument in event.arguments.values())
        return None if made_up or not takes else check

    def _op_notes(self, event: Op) -> Iterator[Message]:
        if event.name == _FROM_PYTHON:
            yield message("note-from-python")
        if event.node is not None:
            node = self.step.nodes[event.node]
            saved = [self.symbols.of(value) for value in node.saved.values() if value is not None]
            if saved:
                listed = ", ".join(dict.fromkeys(saved))
                yield message("note-node-saves", node=node.name, saved=listed)
            else:
                yield message("note-node", node=node.name)
        yield from of_op(event)

    def _equation(
        self, symbol: str, formula: Formula, names: Mapping[str, str], value: Value, op: Op
    ) -> Line:
        try:
            values = Names(op)
            result = formula.evaluate(values)
            of = reduced_by(formula)
            terms = None if of is None or value.shape else np.asarray(of.evaluate(values))
        except (NotKept, *FAILURES):
            return Line(symbol, formula, names, value)
        if isinstance(result, tuple):
            result = result[0]
        if of is not None and terms is not None and terms.size > 1:
            one = worked(of, values, terms, largest(terms))
            return Line(symbol, formula, names, value, one, reduced(formula, terms))
        return Line(symbol, formula, names, value, self._worked(formula, values, result, value))

    def _worked(
        self, formula: Formula, values: Mapping[str, Any], result: Any, value: Value
    ) -> Worked | None:
        whole = np.asarray(result)
        if value.array is None or whole.shape != value.array.shape or not whole.size:
            return None
        return worked(formula, values, whole, largest(whole))

    @explain.register
    def _(self, event: BackwardCall) -> Explanation:
        roots = ", ".join(self.symbols.of(root) for root in event.roots)
        lines = []
        for root, gradient in zip(event.roots, event.gradients, strict=False):
            lines.append(Line(self.symbols.gradient(root), None, {}, gradient))
        notes = [message("note-backward-start", root=roots)]
        if event.retain_graph or event.create_graph:
            notes.append(message("note-graph-kept"))
        title = message(f"event-{event.api}", root=roots)
        return Explanation(event, title, tuple(lines), notes=tuple(notes))

    @explain.register
    def _(self, event: NodeRun) -> Explanation:
        node = self.step.nodes[event.node]
        op = self.step.events[node.op] if node.op is not None else None
        check = check_node(self.step, event)
        if not isinstance(op, Op):
            title = message("event-node", node=node.name)
            again = op_behind(self.step, event) if check.status is Status.VERIFIED else None
            if again is not None:
                lines = tuple(self._edges(again, event, self.symbols.of_rebuilt(again)))
            else:
                lines = tuple(
                    Line(self.symbols.unnamed_gradient(position), None, {}, gradient)
                    for position, gradient in enumerate(event.grad_inputs)
                    if gradient is not None
                )
            return Explanation(event, title, lines, notes=tuple(of_run(again, event)), check=check)
        result = self.symbols.of(op.outputs[0] if op.outputs else None)
        operation = op_title(op.name)
        title = message("event-node-of", node=node.name, operation=operation, result=result)
        names = self.symbols.of_run(op, event)
        lines = tuple(self._edges(op, event, names))
        notes = [message(f"note-{note}") for note in (check.rule.notes if check.rule else ())]
        notes += self._sums(lines)
        notes += of_run(op, event)
        return Explanation(event, title, lines, notes=tuple(notes), check=check)

    def _sums(self, lines: tuple[Line, ...]) -> Iterator[Message]:
        """Say why the gradients of broadcast arguments are sums."""
        summed = [line.symbol for line in lines if line.summed is not None]
        if summed:
            yield message("note-summed", gradients=", ".join(summed))

    def _edges(self, op: Op, event: NodeRun, names: Mapping[str, str]) -> Iterator[Line]:
        for edge in edges(op, event):
            value, formula = edge.gradient, edge.formula
            symbol = (
                self.symbols.unnamed_gradient(edge.position)
                if isinstance(op, Rebuilt) and not self.symbols.knows(edge.argument)
                else self.symbols.gradient(edge.argument)
            )
            worked_out = total = shown = None
            if formula is not None:
                formula = shown = for_call(formula, op, event.grad_outputs)
            if formula is not None and edge.raw is not None and value.array is not None:
                shape = value.array.shape
                raw = _lifted(edge.raw, shape)
                if raw.size and value.array.size:
                    index = self._example(value.array, edge.argument)
                    if raw.size != value.slot.count:
                        total, shown = summed(raw, shape, index), _sum_of(formula)
                    place = index if raw.shape == shape else _first(raw, shape, index)
                    worked_out = worked(formula, edge.values, raw, place)
            yield Line(symbol, shown, names, value, worked_out, total)

    def _example(self, array: Array, owner: Value | None) -> Index:
        """Return the element to work out: the one asked about, else the largest."""
        if self.focus is not None and owner is not None:
            parameter, index = self.focus
            if owner.slot.parameter == parameter and len(index) == array.ndim:
                return index
        return largest(array)

    @explain.register
    def _(self, event: Accumulation) -> Explanation:
        name = self.step.recording.parameters[event.parameter].name
        id = "event-accumulate-first" if event.before is None else "event-accumulate"
        lines = tuple(
            Line(symbol, None, {}, value, role=role)
            for symbol, value, role in (
                (f"{name}.grad", event.before, "before"),
                (f"∂{self.symbols.loss}/∂{name}", event.contribution, "contribution"),
                (f"{name}.grad", event.after, "after"),
            )
        )
        note = "note-accumulate-first" if event.before is None else "note-accumulate"
        title = message(id, parameter=name)
        return Explanation(
            event,
            title,
            lines,
            notes=(message(note, parameter=name),),
            check=check_accumulation(event),
        )

    @explain.register
    def _(self, event: ZeroGrad) -> Explanation:
        title = message("event-zero-grad", owner=event.owner)
        note = "note-zero-grad-none" if event.set_to_none else "note-zero-grad-zero"
        if not event.changes:
            note = "note-zero-grad-nothing"
        return Explanation(event, title, notes=(message(note),))

    @explain.register
    def _(self, event: GradChange) -> Explanation:
        name = self.step.recording.parameters[event.parameter].name
        lines = (
            Line(f"{name}.grad", None, {}, event.before, role="before"),
            Line(f"{name}.grad", None, {}, event.after, role="after"),
        )
        return Explanation(event, message("event-grad-change", parameter=name), lines)

    @explain.register
    def _(self, event: StepCall) -> Explanation:
        return Explanation(
            event,
            message("event-step", optimizer=event.name),
            notes=(message("note-step", optimizer=event.name),),
        )

    @explain.register
    def _(self, event: Update) -> Explanation:
        name = self.step.recording.parameters[event.parameter].name
        focus = self.focus if self.focus and self.focus[0] == event.parameter else None
        explained = explain_update(self.step, event, focus and focus[1])
        title = message("event-update", parameter=name, optimizer=event.name)
        lines = (
            Line(name, None, {}, event.before, role="before"),
            Line(f"{name}.grad", None, {}, event.gradient, role="read"),
            Line(name, None, {}, event.after, role="after"),
        )
        notes = tuple(of_update(event))
        return Explanation(event, title, lines, explained.terms, notes, explained.check)

    @explain.register
    def _(self, event: Opaque) -> Explanation:
        return Explanation(
            event, message("event-opaque", name=event.name), notes=(message("note-opaque"),)
        )


def _is_given(op: Op, formula: Formula) -> bool:
    """Tell whether an op's numbers have no formula: random ones, or Python's."""
    return op.name == _FROM_PYTHON or formula.text in ("y", "(y0, y1)")


def _sum_of(formula: Formula) -> Formula:
    """Return the sum over broadcast dimensions, as it is shown."""
    return Formula(ast.Call(ast.Name("sum"), [formula.tree], []))


def _lifted(raw: Array, shape: tuple[int, ...]) -> Array:
    """Return a gradient in a shape that it is broadcast to; one that is summed stays as it is."""
    try:
        return np.broadcast_to(raw, shape)
    except ValueError:
        return raw


def _first(raw: Array, shape: tuple[int, ...], index: Index) -> Index:
    """Return the first of the elements that are summed to one element of a smaller shape."""
    extra = raw.ndim - len(shape)
    tail = [
        0 if length == 1 and raw.shape[axis + extra] != 1 else index[axis]
        for axis, length in enumerate(shape)
    ]
    return (*(0,) * extra, *tail)
