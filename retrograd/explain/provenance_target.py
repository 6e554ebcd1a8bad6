"""Finds the number that a question is about: a name or an event, and an index as in Python."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from retrograd.explain.edges import edges
from retrograd.explain.symbols import Symbols
from retrograd.store.errors import RecordingError
from retrograd.store.model import (
    Accumulation,
    BackwardCall,
    Event,
    GradChange,
    NodeRun,
    Op,
    Update,
)
from retrograd.store.step import Step
from retrograd.store.value import Value

Index = tuple[int, ...]
_INDEX: Final = re.compile(r"(?P<name>.*?)\s*\[(?P<index>\s*-?\d+\s*(,\s*-?\d+\s*)*,?\s*)?\]\s*")
_EVENT: Final = re.compile(r"a?(?P<event>\d{1,9})(\.(?P<output>\d{1,4}))?")
_GRADIENT: Final = re.compile(r"grad(ient)?\s+|∂\w+/∂")


class Kind(Enum):
    """What is asked for."""

    PARAMETER = "parameter"  # a parameter after the step
    PARAMETER_GRADIENT = "parameter gradient"  # its .grad
    VALUE = "value"  # a value of the forward pass
    GRADIENT = "gradient"  # the loss's gradient by such a value


@dataclass(frozen=True, slots=True)
class Target:
    """One element of a step."""

    kind: Kind
    name: str
    index: Index
    value: Value | None  # of VALUE and GRADIENT: the value itself
    parameter: int | None = None
    namesakes: tuple[int, ...] = ()  # events that made other values of the same name

    @property
    def label(self) -> str:
        """The name with its index."""
        return label(self.name, self.index)


def label(name: str, index: Index) -> str:
    """Return ``weights[0,0]``, or the name alone for a scalar."""
    return f"{name}[{','.join(map(str, index))}]" if index else name


class Finder:
    """Finds targets in one step."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.symbols = Symbols(step)
        self.parameters = {p.name: p.id for p in step.recording.parameters}

    def find(self, text: str, index: str | None = None) -> Target:
        """Return the element that a text means. Raises ``RecordingError`` where none."""
        name, places, gradient = self._understood(text)
        for extra in _all_indices(index):
            places += extra
        return self._named(name, places, gradient)

    def find_tensor(self, text: str) -> Target:
        """Return the whole tensor that a text means. Raises ``RecordingError`` where none."""
        name, places, gradient = self._understood(text)
        if places:
            raise RecordingError(
                f"{text.strip()} is an element: ask for the tensor, {name}, or ask "
                "`retrograd why` where that one number came from"
            )
        return self._named(name, None, gradient)

    def _understood(self, text: str) -> tuple[str, Index, bool]:
        """Return the name in a text, the index, and whether its gradient is meant."""
        words = text.strip()
        gradient = False
        prefix = _GRADIENT.match(words)
        if prefix is not None and words not in self._names:
            gradient, words = True, words[prefix.end() :].strip()
        name, places = self._parted(words)
        if name.endswith(".grad") and name not in self._names:
            gradient, name = True, name.removesuffix(".grad")
        return name, places, gradient

    def _parted(self, words: str) -> tuple[str, Index]:
        """Take the indices off the end until what is left is a name; names may hold brackets."""
        places: Index = ()
        name = words
        while not self._known(name):
            match = _INDEX.fullmatch(name)
            if match is None:
                break
            places = _numbers(match["index"]) + places
            name = match["name"]
        return name, places

    def _known(self, name: str) -> bool:
        bare = name.removesuffix(".grad")
        return bare in self.parameters or bare in self._names or bool(_EVENT.fullmatch(bare))

    @cached_property
    def _names(self) -> dict[str, list[tuple[int, Value]]]:
        """The values of each name, with the event that made or first used them, in order."""
        found: dict[str, list[tuple[int, Value]]] = {}
        seen: set[int] = set()
        for event in self.step.events:
            if isinstance(event, Op):
                for value in _values(event):
                    if value.name and value.index not in seen and value.slot.parameter is None:
                        seen.add(value.index)
                        found.setdefault(value.name, []).append((event.index, value))
        return found

    def _named(self, name: str, places: Index | None, gradient: bool) -> Target:
        if name in self.parameters:
            parameter = self.step.recording.parameters[self.parameters[name]]
            kind = Kind.PARAMETER_GRADIENT if gradient else Kind.PARAMETER
            index = element(name, parameter.shape, places)
            return Target(kind, name, index, None, parameter.id)
        kind = Kind.GRADIENT if gradient else Kind.VALUE
        if name in self._names:
            values = self._names[name]
            chosen = self._root(values) or values[-1][1]
            others = tuple([event for event, value in values if value is not chosen])
            return Target(kind, name, element(name, chosen.shape, places), chosen, None, others)
        match = _EVENT.fullmatch(name)
        if match is not None:
            return self._event(int(match["event"]), int(match["output"] or 0), places, gradient)
        raise RecordingError(self._unknown(name))

    def _root(self, values: list[tuple[int, Value]]) -> Value | None:
        """Return the value that a backward pass started from."""
        roots = {
            root.index
            for event in self.step.events
            if isinstance(event, BackwardCall)
            for root in event.roots
            if root is not None
        }
        return next((value for _, value in values if value.index in roots), None)

    def _event(self, number: int, output: int, places: Index | None, gradient: bool) -> Target:
        if number >= len(self.step.events):
            last = len(self.step.events) - 1
            raise RecordingError(
                f"step {self.step.index} has no event {number}: it has events 0 to {last}"
            )
        event = self.step.events[number]
        if isinstance(event, (Accumulation, GradChange, Update)):
            known = self.step.recording.parameters[event.parameter]
            kind = Kind.PARAMETER if isinstance(event, Update) else Kind.PARAMETER_GRADIENT
            index = element(known.name, known.shape, places)
            return Target(kind, known.name, index, None, known.id)
        value, kind = self._of_event(event, output, gradient)
        if kind is Kind.GRADIENT and value.slot.parameter is not None:
            return self._named(
                self.step.recording.parameters[value.slot.parameter].name, places, True
            )
        name = self.symbols.of(value)
        return Target(kind, name, element(name, value.shape, places), value)

    def _of_event(self, event: Event, output: int, gradient: bool) -> tuple[Value, Kind]:
        """Return the value that an event made, or whose gradient it made."""
        made: tuple[Value | None, ...] = ()
        kind = Kind.GRADIENT if gradient else Kind.VALUE
        if isinstance(event, Op):
            made = event.outputs
        elif isinstance(event, NodeRun):
            made, kind = self._arguments(event), Kind.GRADIENT
        elif isinstance(event, BackwardCall):
            made, kind = event.roots, Kind.GRADIENT
        listed = [value for value in made if value is not None]
        if not listed:
            raise RecordingError(f"event {event.index} ({event.kind}) made no tensor to ask about")
        if output >= len(listed):
            raise RecordingError(
                f"event {event.index} has no result {output}: it has 0 to {len(listed) - 1}"
            )
        return listed[output], kind

    def _arguments(self, run: NodeRun) -> tuple[Value | None, ...]:
        """Return what a node run sent gradients to, other than parameters."""
        number = self.step.nodes[run.node].op
        op = None if number is None else self.step.events[number]
        if not isinstance(op, Op):
            return ()
        found = [edge.argument for edge in edges(op, run)]
        return tuple(sorted(found, key=lambda v: v is None or v.slot.parameter is not None))

    def _unknown(self, name: str) -> str:
        known = [*self.parameters, *self._names]
        near = difflib.get_close_matches(name, known, 3, 0.5)
        if near:
            hint = f"did you mean {' or '.join(near)}?"
        else:
            hint = f"there are {', '.join(known[:8])}{', …' if len(known) > 8 else ''}"
        return f"step {self.step.index} of {self.step.recording.path} has no {name!r}; {hint}"


def element(name: str, shape: tuple[int, ...], places: Index | None) -> Index:
    """Return the full index of one element; none at all where the whole tensor is meant.

    Raises ``RecordingError`` where it means none.
    """
    if places is None:
        return ()
    listed = "×".join(map(str, shape)) or "scalar"
    if len(places) > len(shape):
        raise RecordingError(
            f"{name} has shape {listed}: {len(places)} indices are too many"
            + ("" if shape else "; ask for it without an index")
        )
    found = []
    for axis, length in enumerate(shape):
        if axis >= len(places):
            if length != 1:
                example = ",".join("0" for _ in shape)
                raise RecordingError(
                    f"{name} has shape {listed}: say which element, such as {name}[{example}]"
                )
            found.append(0)
            continue
        if not -length <= places[axis] < length:
            raise RecordingError(
                f"{name} has shape {listed}: index {places[axis]} is outside dimension {axis}, "
                + (f"which goes from 0 to {length - 1}" if length else "which is empty")
            )
        found.append(places[axis] % length)
    return tuple(found)


def _numbers(text: str | None) -> Index:
    return tuple([int(part) for part in (text or "").split(",") if part.strip()])


def _all_indices(text: str | None) -> list[Index]:
    """Return the indices of ``[2,0]`` or ``2,0``. Raises ``RecordingError``."""
    if text is None:
        return []
    words = text.strip()
    match = _INDEX.fullmatch(words if words.startswith("[") else f"[{words}]")
    if match is None or match["name"]:
        raise RecordingError(f"index {text!r} is not understood: write it as in Python, [2,0]")
    return [_numbers(match["index"])]


def _values(op: Op) -> list[Value]:
    found: list[Value] = []
    for item in (*op.arguments.values(), *op.outputs):
        for part in item if isinstance(item, tuple) else (item,):
            if isinstance(part, Value):
                found.append(part)
    return found
