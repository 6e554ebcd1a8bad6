"""Pairs the events of two steps that do the same, though names, lines and a few ops differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import singledispatch
from typing import NamedTuple

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
)
from retrograd.store.step import Step
from retrograd.store.value import Value


class Pair(NamedTuple):
    """Two events that do the same; None where the other side has no such event."""

    first: Event | None
    second: Event | None


def align(one: Step, other: Step) -> Iterator[Pair]:
    """Yield the events of both steps in order, in pairs where they fit.

    Events fit where they are of one kind, with one name and equal shapes. In a stretch that fits
    on neither side, equal names alone make a pair: the shape is then what differs.
    """
    first, second = one.events, other.events
    left = [_signature(event, one) for event in first]
    right = [_signature(event, other) for event in second]
    head = 0
    while head < min(len(left), len(right)) and left[head] == right[head]:
        yield Pair(first[head], second[head])
        head += 1
    matcher = SequenceMatcher(None, left[head:], right[head:], autojunk=False)
    for tag, start, stop, low, high in matcher.get_opcodes():
        ours, theirs = first[head + start : head + stop], second[head + low : head + high]
        if tag == "equal":
            yield from (Pair(a, b) for a, b in zip(ours, theirs, strict=True))
        else:
            yield from _stretch(ours, theirs, left[head + start :], right[head + low :])


def _stretch(
    ours: Sequence[Event],
    theirs: Sequence[Event],
    left: Sequence[tuple[object, ...]],
    right: Sequence[tuple[object, ...]],
) -> Iterator[Pair]:
    names = [item[:2] for item in left[: len(ours)]], [item[:2] for item in right[: len(theirs)]]
    matcher = SequenceMatcher(None, *names, autojunk=False)
    for tag, start, stop, low, high in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(ours[start:stop], theirs[low:high], strict=True)
            yield from (Pair(a, b) for a, b in pairs)
        else:
            yield from _replaced(ours[start:stop], theirs[low:high])


def _replaced(ours: Sequence[Event], theirs: Sequence[Event]) -> Iterator[Pair]:
    """Yield what stands in the place of each other together, the rest alone."""
    for place in range(max(len(ours), len(theirs))):
        yield Pair(
            ours[place] if place < len(ours) else None,
            theirs[place] if place < len(theirs) else None,
        )


def _shape(value: Value | None) -> tuple[int, ...] | None:
    return None if value is None else value.shape


@singledispatch
def _signature(event: Event, step: Step) -> tuple[object, ...]:
    return (event.kind, None)


@_signature.register
def _(event: Op, step: Step) -> tuple[object, ...]:
    return ("op", event.name, tuple([_shape(output) for output in event.outputs]))


@_signature.register
def _(event: BackwardCall, step: Step) -> tuple[object, ...]:
    return ("backward", event.api, len(event.roots))


@_signature.register
def _(event: NodeRun, step: Step) -> tuple[object, ...]:
    gradients = (*event.grad_outputs, *event.grad_inputs)
    return ("node", step.nodes[event.node].name, tuple([_shape(item) for item in gradients]))


@_signature.register
def _(event: Accumulation, step: Step) -> tuple[object, ...]:
    return ("accumulate", None, _shape(event.contribution))


@_signature.register
def _(event: GradChange, step: Step) -> tuple[object, ...]:
    return ("grad", event.cause, _shape(event.after))


@_signature.register
def _(event: StepCall, step: Step) -> tuple[object, ...]:
    return ("step", event.name)


@_signature.register
def _(event: Update, step: Step) -> tuple[object, ...]:
    return ("update", event.name, _shape(event.after))


@_signature.register
def _(event: Opaque, step: Step) -> tuple[object, ...]:
    return ("opaque", event.name)


def name_of(event: Event, step: Step) -> str:
    """Return what an event is called: its op, its node, its optimizer, else its kind."""
    named = _signature(event, step)[1]
    return event.kind if named is None else str(named).removeprefix("aten::")
