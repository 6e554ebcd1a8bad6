"""Walks through one step of two recordings and finds where they part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import zip_longest
from typing import Final

from retrograd.explain.differences.alignment import Pair, align, name_of
from retrograd.explain.differences.gap import Gap, gap
from retrograd.store.model import (
    Accumulation,
    Argument,
    BackwardCall,
    Event,
    GradChange,
    NodeRun,
    Op,
    Update,
)
from retrograd.store.step import Step
from retrograd.store.value import Value

_DRAWS: Final = {
    *("bernoulli", "normal", "uniform", "rand", "randn", "randint", "randperm", "rand_like"),
    *("randn_like", "randint_like", "multinomial", "native_dropout", "exponential", "random"),
    *("poisson", "cauchy", "geometric", "log_normal", "rrelu_with_noise"),
}
_UNWRITTEN: Final = ("aten::empty", "aten::new_empty")
_SIDES = tuple[Value | None, Value | None]


@dataclass(frozen=True, slots=True)
class Parting:
    """One place at which two recordings differ.

    ``kind``: rng, structure (an event that the other lacks, or another one), shape, dtype,
    argument, data, parameter, input (made by events that are not the same), random, value,
    gradient, update, hyperparameter, curve (a light step) or length (one run has more steps).
    """

    kind: str
    step: int
    first: Event | None = None
    second: Event | None = None
    what: str = ""  # the argument, hyperparameter, state or series that differs
    values: tuple[Value | None, Value | None] = (None, None)
    texts: tuple[str, str] = ("", "")  # both sides, of what is no tensor
    gap: Gap | None = None

    @property
    def numeric(self) -> bool:
        """Whether numbers differ, which a tolerance may allow."""
        return self.gap is not None


def partings(one: Step, other: Step) -> Iterator[Parting]:
    """Yield every difference of two steps, in the order of their events."""
    walk = _Walk(one, other)
    # before the first step the program has not seeded it yet: what it draws will tell
    if one.index and None not in (one.rng, other.rng) and one.rng != other.rng:
        yield Parting("rng", one.index)
    for pair in align(one, other):
        yield from walk.compare(pair)


class _Walk:
    def __init__(self, one: Step, other: Step) -> None:
        self.step = one.index
        self.steps = one, other
        self.made = _made(one), _made(other)
        self.paired: set[tuple[int, int]] = set()  # events that do the same

    def compare(self, pair: Pair) -> Iterator[Parting]:
        first, second = pair
        if first is None or second is None or not self._alike(first, second):
            yield Parting("structure", self.step, first, second)
        elif isinstance(first, Op) and isinstance(second, Op):
            self.paired.add((first.index, second.index))
            yield from self._ops(first, second)
        else:
            yield from self._others(first, second)

    def _alike(self, first: Event, second: Event) -> bool:
        names = name_of(first, self.steps[0]), name_of(second, self.steps[1])
        return type(first) is type(second) and names[0] == names[1]

    def _ops(self, first: Op, second: Op) -> Iterator[Parting]:
        if first.name.startswith(_UNWRITTEN):  # no numbers yet, only room for them
            yield from self._room(first, second)
            return
        names = list(dict.fromkeys((*first.arguments, *second.arguments)))
        for name in names:
            sides = first.arguments.get(name), second.arguments.get(name)
            yield from self._arguments(first, second, name, sides)
        kind = "random" if draws(first) else "value"
        for a, b in zip_longest(first.outputs, second.outputs):
            yield from self._values(kind, first, second, "", (a, b))

    def _room(self, first: Op, second: Op) -> Iterator[Parting]:
        for a, b in zip(first.outputs, second.outputs, strict=False):
            if a is not None and b is not None and a.shape != b.shape:
                yield Parting("shape", self.step, first, second, "", (a, b))

    def _arguments(
        self, first: Op, second: Op, name: str, sides: tuple[Argument, Argument]
    ) -> Iterator[Parting]:
        pairs = list(_leaves(*sides))
        for a, b in pairs:
            tensors = [i for i in (a, b) if isinstance(i, Value) and i.slot.kind != "scalar"]
            if len(tensors) == 2 and isinstance(a, Value) and isinstance(b, Value):
                makers = self.made[0].get(a.index), self.made[1].get(b.index)
                if makers in self.paired:
                    continue  # compared where it was made
                kind = "input"
                if makers == (None, None):
                    kind = "parameter" if _is_parameter(a) or _is_parameter(b) else "data"
                yield from self._values(kind, first, second, name, (a, b))
            elif tensors or _constant(a) != _constant(b):
                texts = (_constant(a), _constant(b))
                yield Parting("argument", self.step, first, second, name, texts=texts)

    def _others(self, first: Event, second: Event) -> Iterator[Parting]:
        if isinstance(first, Update) and isinstance(second, Update):
            yield from self._settings(first, second)
        ours, theirs = list(_parts(first)), list(_parts(second))
        if [item[:2] for item in ours] != [item[:2] for item in theirs]:
            yield Parting("structure", self.step, first, second)
            return
        for (kind, what, a), (_, _, b) in zip(ours, theirs, strict=True):
            yield from self._values(kind, first, second, what, (a, b))

    def _settings(self, first: Update, second: Update) -> Iterator[Parting]:
        for name in dict.fromkeys((*first.hyperparameters, *second.hyperparameters)):
            texts = (
                _constant(first.hyperparameters.get(name)),
                _constant(second.hyperparameters.get(name)),
            )
            if texts[0] != texts[1]:
                yield Parting("hyperparameter", self.step, first, second, name, texts=texts)

    def _values(
        self, kind: str, first: Event, second: Event, what: str, sides: _SIDES
    ) -> Iterator[Parting]:
        a, b = sides
        if a is None or b is None:
            if a is not b:
                yield Parting("structure", self.step, first, second, what, sides)
            return
        if a.shape != b.shape:
            yield Parting("shape", self.step, first, second, what, sides)
            return
        if a.dtype != b.dtype:
            yield Parting("dtype", self.step, first, second, what, sides)
        found = gap(a, b)
        if found is not None:
            yield Parting(kind, self.step, first, second, what, sides, gap=found)


def draws(op: Op) -> bool:
    """Tell whether an op takes numbers from a random generator."""
    plain = op.name.removeprefix("aten::").partition(".")[0]
    return plain in _DRAWS or plain.removesuffix("_") in _DRAWS


@singledispatch
def _parts(event: Event) -> Iterator[tuple[str, str, Value | None]]:
    """Yield (kind of difference, name, value) of all that an event holds."""
    yield from ()


@_parts.register
def _(event: BackwardCall) -> Iterator[tuple[str, str, Value | None]]:
    yield from (("value", "root", root) for root in event.roots)
    yield from (("gradient", "", gradient) for gradient in event.gradients)


@_parts.register
def _(event: NodeRun) -> Iterator[tuple[str, str, Value | None]]:
    yield from (("gradient", "in", gradient) for gradient in event.grad_outputs)
    yield from (("gradient", "out", gradient) for gradient in event.grad_inputs)


@_parts.register
def _(event: Accumulation) -> Iterator[tuple[str, str, Value | None]]:
    yield "gradient", "before", event.before
    yield "gradient", "contribution", event.contribution
    yield "gradient", "after", event.after


@_parts.register
def _(event: GradChange) -> Iterator[tuple[str, str, Value | None]]:
    yield "gradient", "after", event.after


@_parts.register
def _(event: Update) -> Iterator[tuple[str, str, Value | None]]:
    yield "parameter", "before", event.before
    yield "gradient", "gradient", event.gradient
    for name, value in event.state_before.items():
        yield "update", f"{name} before", value
    for name, value in event.state_after.items():
        yield "update", name, value
    yield "update", "after", event.after


def _made(step: Step) -> dict[int, int]:
    """Return by value the event that made it."""
    return {
        output.index: op.index for op in step.ops for output in op.outputs if output is not None
    }


def _is_parameter(value: Value) -> bool:
    return value.slot.parameter is not None or (value.slot.leaf and value.slot.requires_grad)


def _leaves(one: Argument, other: Argument) -> Iterator[tuple[Argument, Argument]]:
    if isinstance(one, tuple) and isinstance(other, tuple):
        for a, b in zip_longest(one, other):
            yield from _leaves(a, b)
    else:
        yield one, other


def _constant(item: Argument) -> str:
    """Return an argument that is no tensor as text."""
    if isinstance(item, Value):
        return "tensor" if item.number is None else repr(item.number)
    if isinstance(item, bool) or item is None or isinstance(item, str):
        return str(item)
    if isinstance(item, tuple):
        return f"({', '.join(map(_constant, item))})"
    return repr(float(item))
