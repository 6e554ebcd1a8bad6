"""What a recorded value is to its step, so that each of its elements can be asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from retrograd.explain.edges import edges
from retrograd.explain.provenance import Provenance, trace, why
from retrograd.explain.provenance_gradient import GradientTracer
from retrograd.explain.provenance_pass import passes
from retrograd.explain.provenance_target import Index, Kind, Target, label
from retrograd.explain.symbols import Symbols
from retrograd.store.errors import RecordingError
from retrograd.store.model import (
    Accumulation,
    Argument,
    BackwardCall,
    Event,
    GradChange,
    NodeRun,
    Op,
    Update,
    ZeroGrad,
)
from retrograd.store.step import Step
from retrograd.store.value import Value

_BACK: Final = 4
"""Steps before that are asked who updated a parameter: several optimizers may take turns."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a value is: itself, a gradient by another value, or part of a parameter's story.

    ``about`` is the value of ``VALUE`` and ``GRADIENT``; ``earlier`` says that it stems from
    before this step; ``sender`` is the one node that sent it, where it is only what that node
    sent; ``state`` is its name in the optimizer's state.
    """

    kind: Kind
    about: Value | None = None
    parameter: int | None = None
    earlier: bool = False
    sender: NodeRun | None = None
    number: int | None = None  # of the backward pass that a gradient belongs to
    state: str | None = None


def roles(step: Step) -> dict[int, Role]:
    """Return the role of every value that an event of the step speaks of, by its slot."""
    found: dict[int, Role] = {}
    for event in step.events:
        for value, role in _roles(step, event):
            if value is not None:
                found.setdefault(value.index, role)
    for event in step.events:  # what was sent on its own, where it is not all that came in
        if isinstance(event, NodeRun):
            for value, role in _sent(step, event):
                if value is not None:
                    found.setdefault(value.index, role)
    return found


def target(step: Step, slot: int) -> tuple[Value, Role, Target]:
    """Return a value by its slot, its role, and the whole of it as a target.

    Raises ``RecordingError`` for a slot that is not there.
    """
    if not 0 <= slot < len(step.values):
        raise RecordingError(f"step {step.index} has no value {slot}")
    value = step.values[slot]
    role = roles(step).get(slot, Role(Kind.VALUE, value))
    if role.parameter is None:
        name = Symbols(step).of(role.about)
        return value, role, Target(role.kind, name, (), role.about)
    name = step.recording.parameters[role.parameter].name
    return value, role, Target(role.kind, name, (), None, role.parameter)


def why_element(step: Step, slot: int, place: int) -> Provenance:
    """Return where an element of a recorded value came from.

    ``place`` counts the elements in row-major order. Raises ``RecordingError``.
    """
    value, role, about = target(step, slot)
    if not 0 <= place < value.slot.count:
        raise RecordingError(f"value {slot} of step {step.index} has no element {place}")
    index = tuple([int(i) for i in np.unravel_index(place, value.shape)]) if value.shape else ()
    if role.parameter is not None:
        known = step.recording.parameters[role.parameter]
        if known.shape != value.shape:  # a state that all elements share
            index = (0,) * len(known.shape)
    if role.earlier:
        return _earlier(step, value, about, index)
    about = replace(about, index=index)
    if role.kind is Kind.GRADIENT and role.about is not None:
        return _gradient(step, about, role, role.about, index)
    return trace(step, about)


def _earlier(step: Step, value: Value, about: Target, index: Index) -> Provenance:
    """Ask the steps before; where none says, the value comes from outside the recording."""
    name = f"{about.name}.grad" if about.kind is Kind.PARAMETER_GRADIENT else about.name
    for number in range(step.index - 1, max(step.index - 1 - _BACK, -1), -1):
        try:
            return why(step.recording, label(name, index), step=number)
        except RecordingError:
            continue  # it had no part there, or the step is light and the tensor too large
    return trace(step, Target(Kind.VALUE, name, index, value))


def _gradient(step: Step, about: Target, role: Role, value: Value, index: Index) -> Provenance:
    """Return where a gradient came from, in its own pass and from its own sender."""
    for through in passes(step):
        if role.number not in (None, through.call.number):
            continue
        found = GradientTracer(through).of_value(value, index, 1)
        if found is None:
            continue
        if role.sender is not None:
            own = tuple([source for source in found.sources if source.run is role.sender])
            number = own[0].amount if own else found.number
            found = replace(found, sources=own or found.sources, number=number)
        return Provenance(about, step.index, step, found.number, upstream=found)
    return trace(step, about)


# -- which roles there are ------------------------------------------------------------------------

_Roles = Iterator[tuple[Value | None, Role]]


def _roles(step: Step, event: Event) -> _Roles:
    """Yield the values that an event speaks of, with their roles."""
    if isinstance(event, Op):
        yield from _of_op(event)
    elif isinstance(event, BackwardCall):
        for root, gradient in zip(event.roots, event.gradients, strict=False):
            yield gradient, _gradient_by(root, event.number)
    elif isinstance(event, NodeRun):
        number = step.nodes[event.node].op
        op = None if number is None else step.events[number]
        for position, gradient in enumerate(event.grad_outputs):
            outputs = op.outputs if isinstance(op, Op) else ()
            made = outputs[position] if position < len(outputs) else None
            yield gradient, _gradient_by(made or gradient, event.number, made is not None)
    elif isinstance(event, Accumulation):
        yield event.before, _held(event.parameter)
        role = Role(Kind.PARAMETER_GRADIENT, parameter=event.parameter)
        yield from ((value, role) for value in (event.contribution, event.after))
    elif isinstance(event, GradChange):
        yield event.before, _held(event.parameter)
        yield event.after, Role(Kind.PARAMETER_GRADIENT, parameter=event.parameter)
    elif isinstance(event, ZeroGrad):
        for change in event.changes:
            yield change.before, _held(change.parameter)
            yield change.after, Role(Kind.PARAMETER_GRADIENT, parameter=change.parameter)
    elif isinstance(event, Update):
        yield from _of_update(event)


def _held(parameter: int) -> Role:
    """Return what ``.grad`` held already; what this step put there has its role before that."""
    return Role(Kind.PARAMETER_GRADIENT, parameter=parameter, earlier=True)


def _of_op(op: Op) -> _Roles:
    for value in op.outputs:
        if value is not None:
            yield value, Role(Kind.VALUE, value)
    for argument in op.arguments.values():
        for value in _tensors(argument):
            parameter = value.slot.parameter
            if parameter is None:
                yield value, Role(Kind.VALUE, value)
            else:
                yield value, Role(Kind.PARAMETER, value, parameter, earlier=True)


def _of_update(update: Update) -> _Roles:
    parameter = update.parameter
    yield update.before, Role(Kind.PARAMETER, update.before, parameter, earlier=True)
    yield update.gradient, Role(Kind.PARAMETER_GRADIENT, parameter=parameter)
    yield update.after, Role(Kind.PARAMETER, parameter=parameter)
    yield from _states(update.state_before, parameter, earlier=True)
    yield from _states(update.state_after, parameter, earlier=False)


def _states(state: Mapping[str, Value | None], parameter: int, *, earlier: bool) -> _Roles:
    for name, value in state.items():
        yield value, Role(Kind.PARAMETER, value, parameter, earlier, state=name)


def _sent(step: Step, run: NodeRun) -> _Roles:
    number = step.nodes[run.node].op
    op = None if number is None else step.events[number]
    if not isinstance(op, Op):
        return
    for edge in edges(op, run):
        argument = edge.argument
        if argument is not None and argument.slot.parameter is not None:
            yield edge.gradient, Role(Kind.PARAMETER_GRADIENT, parameter=argument.slot.parameter)
        elif argument is not None:
            yield edge.gradient, Role(Kind.GRADIENT, argument, sender=run, number=run.number)


def _gradient_by(value: Value | None, number: int, known: bool = True) -> Role:
    return Role(Kind.GRADIENT if known else Kind.VALUE, value, number=number)


def _tensors(argument: Argument) -> Iterator[Value]:
    for item in argument if isinstance(argument, tuple) else (argument,):
        if isinstance(item, Value):
            yield item
