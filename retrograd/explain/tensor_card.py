"""The card of a tensor: everything that it is beyond its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.op_title import op_word
from retrograd.explain.provenance_origin import Tracer
from retrograd.explain.provenance_pass import passes
from retrograd.explain.provenance_target import Finder, Kind, Target
from retrograd.explain.rule import Structure
from retrograd.explain.rules import find
from retrograd.explain.symbols import Symbols
from retrograd.explain.tensor_card_autograd import Autograd, autograd
from retrograd.explain.tensor_card_memory import Memory, Storages
from retrograd.explain.tensor_card_precision import Precision, precision
from retrograd.messages.message import Message, message
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
from retrograd.store.reader import Recording
from retrograd.store.step import Step
from retrograd.store.value import Value

# what the dimensions of an op's arguments, and of its result, are there for
_ROLES: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("mm", "self"): ("rows", "summed"),
    ("mm", "mat2"): ("summed", "columns"),
    ("mm", "result"): ("rows", "columns"),
    ("addmm", "self"): ("columns",),
    ("addmm", "mat1"): ("rows", "summed"),
    ("addmm", "mat2"): ("summed", "columns"),
    ("addmm", "result"): ("rows", "columns"),
    ("bmm", "self"): ("matrices", "rows", "summed"),
    ("bmm", "mat2"): ("matrices", "summed", "columns"),
    ("bmm", "result"): ("matrices", "rows", "columns"),
    ("convolution", "input"): ("examples", "channels-in", "height", "width"),
    ("convolution", "weight"): ("channels-out", "channels-in", "kernel-height", "kernel-width"),
    ("convolution", "bias"): ("channels-out",),
    ("convolution", "result"): ("examples", "channels-out", "height", "width"),
    ("embedding", "weight"): ("entries", "features"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: how long, and what it is there for in the event named, where that is known."""

    length: int
    role: Message | None


@dataclass(frozen=True, slots=True)
class Use:
    """One event that made, read, wrote or filled the tensor."""

    event: Event
    what: Message
    broadcast: tuple[int, ...] | None = None  # the shape that it is stretched to while read


@dataclass(frozen=True, slots=True)
class TensorCard:
    """A tensor at one moment of a step.

    ``value`` is what it held then. ``namesakes`` are the events that made or first used other
    values of the same name.
    """

    step: Step
    target: Target
    symbol: str
    value: Value
    dimensions: tuple[Dimension, ...]
    memory: Memory
    precision: Precision | None
    autograd: Autograd
    uses: tuple[Use, ...]

    @property
    def rank(self) -> int:
        """The number of dimensions: 0 of a scalar, 1 of a vector, 2 of a matrix."""
        return len(self.value.shape)


def tensor_card(recording: Recording, name: str, step: int = 0) -> TensorCard:
    """Return the card of a tensor by its name, ``NAME.grad``, or the number of an event.

    Raises ``RecordingError`` where the step has no such tensor, ``StepError`` where the step was
    not recorded in full.
    """
    return card_in(recording.step(step), name)


def card_in(step: Step, name: str) -> TensorCard:
    """Return the card of a tensor of a full step. Raises ``RecordingError``."""
    about = Finder(step).find_tensor(name)
    return card_of(step, about, _value(step, about, name))


def card_of(step: Step, about: Target, value: Value) -> TensorCard:
    """Return the card of a value, of which the caller knows what it is."""
    storages = Storages(step)
    gradient = about.kind in (Kind.PARAMETER_GRADIENT, Kind.GRADIENT)
    symbol = about.name
    if about.kind is Kind.PARAMETER_GRADIENT:
        symbol = f"{about.name}.grad"
    elif about.kind is Kind.GRADIENT:
        symbol = Symbols(step).gradient(about.value)
    uses = [] if gradient else list(_uses(step, about, value))
    return TensorCard(
        step,
        about,
        symbol,
        value,
        _dimensions(step, value),
        storages.memory(value),
        precision(value.dtype),
        autograd(step, about, value, storages),
        tuple(uses or _gradient_uses(step, about, value)),
    )


# -- which value ----------------------------------------------------------------------------------


def _value(step: Step, about: Target, name: str) -> Value:
    found: Value | None
    if about.kind is Kind.PARAMETER:
        found = _of_parameter(step, about, name)
    elif about.kind is Kind.PARAMETER_GRADIENT:
        found = _grad(step, about.parameter)
    elif about.kind is Kind.GRADIENT and about.value is not None:
        found = _upstream(step, about.value)
    else:
        found = about.value
    if found is None:
        what = f"{about.name} got no gradient"
        if about.kind is Kind.PARAMETER:
            what = f"{about.name} has no part"
        raise RecordingError(f"{what} in step {step.index} of {step.recording.path}")
    return found


def _of_parameter(step: Step, about: Target, name: str) -> Value | None:
    """Return what a parameter held when it was first used, or what the event named made of it."""
    if name.strip().isdecimal():
        event = step.events[int(name)]
        if isinstance(event, Update):
            return event.after
    assert about.parameter is not None
    shape = step.recording.parameters[about.parameter].shape
    for value in step.values:
        if value.slot.parameter == about.parameter and value.shape == shape:
            return value
    return None


def _grad(step: Step, parameter: int | None) -> Value | None:
    """Return what ``.grad`` was when the update read it, or at the end where there was none."""
    found = None
    for event in step.events:
        if isinstance(event, (Accumulation, GradChange)) and event.parameter == parameter:
            found = event.after if event.after is not None else found
        elif isinstance(event, Update) and event.parameter == parameter:
            return event.gradient if event.gradient is not None else found
    return found


def _upstream(step: Step, value: Value) -> Value | None:
    """Return the loss's gradient by a value, as it came into the node of the op that made it."""
    made = Tracer(step).made(value)
    node = None if made is None else made[0].node
    for through in passes(step):
        if node is not None and made is not None and node in through.runs:
            incoming = through.runs[node].grad_outputs
            if made[1] < len(incoming):
                return incoming[made[1]]
    return None


# -- dimensions -----------------------------------------------------------------------------------


def _dimensions(step: Step, value: Value) -> tuple[Dimension, ...]:
    roles = _roles(step, value)
    known = roles or (None,) * len(value.shape)
    return tuple([Dimension(length, role) for length, role in zip(value.shape, known, strict=True)])


def _roles(step: Step, value: Value, views: int = 2) -> tuple[Message | None, ...] | None:
    """Return what a value's dimensions are for, from the first op that says so."""
    symbols = Symbols(step)
    for op in step.ops:
        short = op.name.removeprefix("aten::").partition(".")[0]
        given = [(n, a) for n, a in op.arguments.items() if isinstance(a, Value)]
        if op.outputs and op.outputs[0] is not None:
            given.append(("result", op.outputs[0]))
        for argument, item in given:
            roles = _ROLES.get((short, argument), ())
            if item.index == value.index and len(roles) == len(value.shape) and roles:
                event = str(op.index)
                made = symbols.of(op.outputs[0]) if op.outputs else short
                return tuple(
                    [message(f"tensor-role-{r}", op=short, event=event, made=made) for r in roles]
                )
        source, result = op.arguments.get("self"), op.outputs[0] if op.outputs else None
        turned = short == "t" and isinstance(source, Value) and source.index == value.index
        if turned and views and result is not None:
            found = _roles(step, result, views - 1)
            if found is not None:
                return tuple(reversed(found))
    return None


# -- who uses it ----------------------------------------------------------------------------------


def _uses(step: Step, about: Target, value: Value) -> Iterator[Use]:
    for event in step.events:
        if isinstance(event, Op):
            yield from _op_uses(event, value)
        elif isinstance(event, BackwardCall):
            if any(root is not None and root.index == value.index for root in event.roots):
                yield Use(event, message("tensor-use-root", api=event.api))
        elif about.kind is not Kind.PARAMETER:
            continue
        elif isinstance(event, Update) and event.parameter == about.parameter:
            yield Use(event, message("tensor-use-updated", optimizer=event.name))
        elif isinstance(event, Accumulation) and event.parameter == about.parameter:
            yield Use(event, message("tensor-use-accumulated"))


def _op_uses(op: Op, value: Value) -> Iterator[Use]:
    short = op_word(op.name)
    for name, argument in op.arguments.items():
        if any(item.index == value.index for item in _tensors(argument)):
            if name in op.mutates:
                yield Use(op, message("tensor-use-written", op=short))
            else:
                what = message("tensor-use-read", op=short, argument=name)
                yield Use(op, what, _stretched(op, value))
    for output in op.outputs:
        if output is not None and output.index == value.index:
            yield Use(op, message("tensor-use-made", op=short))


def _stretched(op: Op, value: Value) -> tuple[int, ...] | None:
    """Return the shape that an element-wise op broadcasts a value to, None where it does not."""
    known = find(op.name)
    made = op.outputs[0] if op.outputs else None
    if known is None or made is None or made.shape == value.shape:
        return None
    if Structure.DIAGONAL not in known.structure.values():
        return None
    try:
        return made.shape if np.broadcast_shapes(value.shape, made.shape) == made.shape else None
    except ValueError:
        return None


def _gradient_uses(step: Step, about: Target, value: Value) -> Iterator[Use]:
    """Yield who made, read and changed a gradient."""
    for event in step.events:
        if isinstance(event, NodeRun):
            node = step.nodes[event.node].name
            if _holds(event.grad_inputs, value):
                yield Use(event, message("tensor-use-sent", node=node))
            if _holds(event.grad_outputs, value):
                yield Use(event, message("tensor-use-received", node=node))
        elif about.kind is not Kind.PARAMETER_GRADIENT:
            continue
        elif isinstance(event, ZeroGrad):
            if any(change.parameter == about.parameter for change in event.changes):
                yield Use(event, message("tensor-use-cleared", owner=event.owner))
        elif isinstance(event, Accumulation) and event.parameter == about.parameter:
            yield Use(event, message("tensor-use-accumulated"))
        elif isinstance(event, GradChange) and event.parameter == about.parameter:
            yield Use(event, message("tensor-use-grad-changed"))
        elif isinstance(event, Update) and event.parameter == about.parameter:
            yield Use(event, message("tensor-use-grad-read", optimizer=event.name))


def _holds(values: tuple[Value | None, ...], wanted: Value) -> bool:
    return any(value is not None and value.index == wanted.index for value in values)


def _tensors(argument: Argument | Any) -> Iterator[Value]:
    if isinstance(argument, Value):
        yield argument
    elif isinstance(argument, tuple):
        for part in argument:
            yield from _tensors(part)
