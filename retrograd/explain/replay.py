"""Computes a step's forward pass again with other numbers, from the recorded graph alone."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import tensors, wide
from retrograd.explain.check import Check, Status, not_checked
from retrograd.explain.engine import FAILURES
from retrograd.explain.formula import evaluate
from retrograd.explain.functions.function import NotKept
from retrograd.explain.precision import PRECISIONS
from retrograd.explain.rule import Rule
from retrograd.explain.rules import find
from retrograd.explain.symbols import Symbols
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import BackwardCall, Op, Opaque
from retrograd.store.step import Step
from retrograd.store.value import Value

Numbers = Mapping[int, Array]
"""Arrays by the slot that they stand in for."""


FAILED: Final = (*FAILURES, NotKept)
"""What an evaluation with other shapes than the recorded ones may raise."""


_SAMPLES: Final = 4
"""How often the loss is computed with roundings; the largest change counts."""


class NoReplay(Exception):
    """A graph that cannot be computed again; ``why`` says for people what is in the way."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.id)
        self.why = why


@dataclass(frozen=True, slots=True)
class Call:
    """One op of the graph, with the slots that go in and come out."""

    op: Op
    rule: Rule
    inputs: tuple[int, ...]
    outputs: tuple[int | None, ...]
    drawn: bool  # a random op, or one that holds a random draw: the recorded draw stands


class Replay:
    """The graph from data and parameters to the loss of a step's first backward pass.

    Everything is computed in float64 by the rules' formulas. Draws of random ops are not drawn
    anew: they stand as recorded. Raises ``NoReplay`` where the step has no such loss, or where an
    op on the way has no formula or ran unseen.
    """

    def __init__(self, step: Step) -> None:
        self.step = step
        self.symbols = Symbols(step)
        self.loss, end = _loss(step)
        self.values = step.values
        self._same = _same(step, end)
        self.calls = tuple(_calls(step, self.loss, _made(step, end), self._same, end))
        """The ops that the loss depends on, in order."""
        self._maker = {slot: call for call in self.calls for slot in call.outputs}
        self._plans: dict[tuple[frozenset[int], int], tuple[Call, ...]] = {}
        self._constants: dict[int, dict[str, Any]] = {}

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """Slots that enter from outside the graph: parameters, data, constants."""
        entering = {slot for call in self.calls for slot in call.inputs}
        return tuple(sorted(entering - self._maker.keys()))

    @cached_property
    def numbers(self) -> dict[int, Array]:
        """Every value of the graph, computed once from the recorded leaves."""
        leaves = {slot: self._recorded(slot) for slot in self.leaves}
        try:
            return self._run(self.calls, leaves)
        except FAILED as error:
            raise NoReplay(message("model-why-failed", reason=str(error)[:120])) from error

    def made(self, slot: int) -> bool:
        """Return whether an op of the graph made a value."""
        return slot in self._maker

    def parameter_slots(self, parameter: int) -> tuple[int, ...]:
        """Return the leaves that hold a parameter."""
        return tuple([s for s in self.leaves if self.values[s].slot.parameter == parameter])

    def before(self, slots: Iterable[int]) -> frozenset[int]:
        """Return everything that some values were computed from, themselves included."""
        found: set[int] = set()
        waiting = list(slots)
        while waiting:
            slot = waiting.pop()
            if slot not in found:
                found.add(slot)
                call = self._maker.get(slot)
                waiting += call.inputs if call is not None else ()
        return frozenset(found)

    def after(self, slots: Iterable[int]) -> frozenset[int]:
        """Return everything that is computed from some values, themselves included."""
        found = set(slots)
        for call in self.calls:
            if not found.isdisjoint(call.inputs):
                found.update(slot for slot in call.outputs if slot is not None)
        return frozenset(found)

    def evaluate(self, given: Numbers, wanted: int) -> Array:
        """Return one value where others hold given numbers; the rest is as recorded.

        Raises ``ValueError`` or another of the engine's ``FAILURES`` where the shapes do not fit.
        """
        plan = self.plan(frozenset(given), wanted)
        return self._run(plan, {**self.numbers, **given})[wanted]

    def plan(self, given: frozenset[int], wanted: int) -> tuple[Call, ...]:
        """Return the ops to compute again for one value when others change."""
        plan = self._plans.get((given, wanted))
        if plan is None:
            needed, changed = self.before([wanted]), self.after(given)
            plan = tuple(
                call
                for call in self.calls
                if not changed.isdisjoint(call.inputs)
                and not given.issuperset(slot for slot in call.outputs if slot is not None)
                and not needed.isdisjoint(slot for slot in call.outputs if slot is not None)
            )
            self._plans[given, wanted] = plan
        return plan

    def check(self) -> Check:
        """Hold the loss from the recorded leaves against the recorded loss.

        The tolerance is that of rounding: some times what one rounding of every leaf and of every
        result on the way does to the loss.
        """
        theirs, ours = self.loss.number, self.numbers[self.loss.index].item()
        dtypes = {self.values[slot].dtype for slot in self.numbers}
        known = [PRECISIONS[dtype] for dtype in dtypes if dtype in PRECISIONS]
        if theirs is None or not known:
            return not_checked("values-not-kept")
        coarsest = max(known, key=lambda precision: precision.rounding)
        moved = 0.0
        for seed in range(_SAMPLES):
            noise = _Roundings(coarsest.rounding, seed)
            leaves = {slot: noise(self._recorded(slot)) for slot in self.leaves}
            change = abs(self._run(self.calls, leaves, noise)[self.loss.index].item() - ours)
            moved = max(moved, change if np.isfinite(change) else 0.0)
        own = abs(theirs) * coarsest.rounding if np.isfinite(theirs) else 0.0
        tolerance = coarsest.roundings * (own + moved) + coarsest.tiny
        same = theirs == ours or (np.isnan(theirs) and np.isnan(ours))
        difference = 0.0 if same else abs(theirs - ours)
        status = Status.VERIFIED if difference <= tolerance else Status.WRONG
        return Check(status, None, difference, tolerance)

    def _recorded(self, slot: int) -> Array:
        value = self.values[slot]
        try:
            return np.asarray(wide(value))
        except NotKept:
            why = message("model-why-not-kept", name=self.symbols.of(value))
            raise NoReplay(why) from None

    def _run(
        self, calls: Sequence[Call], known: Numbers, noise: _Roundings | None = None
    ) -> dict[int, Array]:
        """Return the known numbers and what the calls make of them."""
        found = dict(known)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing is NaN
            for call in calls:
                result = evaluate(call.rule.formula.tree, self._names(call, found))
                results = result if isinstance(result, tuple) else (result,)
                for slot, each in zip(call.outputs, results, strict=False):
                    if slot is not None and each is not None:
                        array = self._typed(slot, np.asarray(each))
                        found[slot] = array if noise is None else noise(array)
        return found

    def _typed(self, slot: int, array: Array) -> Array:
        """Return whole numbers as such: they may be indices."""
        whole = "int" in self.values[slot].dtype and array.dtype.kind == "f"
        return array.astype(np.int64) if whole else array

    def _names(self, call: Call, numbers: Numbers) -> dict[str, Any]:
        """Return what the names in an op's formula stand for."""
        names = dict(self._plain(call))
        for name, argument in call.op.arguments.items():
            if isinstance(argument, Value):
                names[name] = numbers[self._same.get(argument.index, argument.index)]
            elif isinstance(argument, tuple) and any(tensors(argument)):
                names[name] = self._filled(argument, numbers)
        return names

    def _filled(self, argument: tuple[Any, ...], numbers: Numbers) -> tuple[Any, ...]:
        """Return a list of tensors, inside each other or not, as arrays."""
        found: list[Any] = []
        for item in argument:
            if isinstance(item, Value):
                found.append(numbers[self._same.get(item.index, item.index)])
            else:
                found.append(self._filled(item, numbers) if isinstance(item, tuple) else item)
        return tuple(found)

    def _plain(self, call: Call) -> dict[str, Any]:
        """Return what an op's formula needs and no op makes: constants, layouts, draws."""
        known = self._constants.get(call.op.index)
        if known is None:
            op = call.op
            known = {
                name: argument
                for name, argument in op.arguments.items()
                if not isinstance(argument, Value)
            }
            for name in call.rule.formula.names:
                if name.startswith("layout_of_"):
                    tensor = op.arguments.get(name.removeprefix("layout_of_"))
                    if isinstance(tensor, Value):
                        known[name] = (tensor.slot.stride, tensor.slot.storage_offset)
            if call.drawn:
                drawn = [None if slot is None else self._recorded(slot) for slot in call.outputs]
                known |= {f"y{place}": each for place, each in enumerate(drawn)}
                known |= {"y": drawn[0], "ys": tuple(drawn)}
            self._constants[call.op.index] = known
        return known


class _Roundings:
    """Changes every real number by at most one rounding."""

    def __init__(self, rounding: float, seed: int) -> None:
        self._rounding = rounding
        self._random = np.random.default_rng(seed)

    def __call__(self, array: Array) -> Array:
        if array.dtype.kind != "f":
            return array
        share = self._random.uniform(-self._rounding, self._rounding, array.shape)
        return np.asarray(array * (1 + share))


def is_parameter(value: Value) -> bool:
    """Return whether a value is a parameter itself, whatever initialised it."""
    return value.slot.parameter is not None and value.slot.leaf


def _loss(step: Step) -> tuple[Value, int]:
    """Return the scalar that the first backward pass started at, and that event's number."""
    for event in step.events:
        if isinstance(event, BackwardCall):
            root = event.roots[0] if len(event.roots) == 1 else None
            if root is None or root.slot.count != 1:
                raise NoReplay(message("model-why-no-scalar-loss"))
            return root, event.index
    raise NoReplay(message("model-why-no-loss"))


def _made(step: Step, end: int) -> dict[int, Op | Opaque]:
    """Return what made each value before the backward pass."""
    made: dict[int, Op | Opaque] = {}
    for event in step.events[:end]:
        if isinstance(event, (Op, Opaque)):
            inside = tensors(event.arguments.values()) if isinstance(event, Op) else ()
            entered = {value.index for value in inside}
            for output in event.outputs:
                if output is not None and output.index not in entered:
                    made.setdefault(output.index, event)
    return made


def _same(step: Step, end: int) -> dict[int, int]:
    """Return slots that hold what an op has just written in place, and the slot of its result.

    Some ops in place count twice as a change, and what reads the tensor next sees another version.
    """
    written: list[Value] = []
    found: dict[int, int] = {}
    for event in step.events[:end]:
        if not isinstance(event, Op):
            continue
        for value in tensors(event.arguments.values()):
            if value.slot.external and value.name is None and value.index not in found:
                for each in reversed(written):
                    if _equal(value, each):
                        found[value.index] = each.index
                        break
        if event.mutates:
            written += [output for output in event.outputs if output is not None]
    return found


def _equal(one: Value, other: Value) -> bool:
    if (one.shape, one.dtype, one.slot.stride) != (other.shape, other.dtype, other.slot.stride):
        return False
    first, second = one.array, other.array
    return first is not None and second is not None and first.tobytes() == second.tobytes()


def _calls(
    step: Step, loss: Value, made: Mapping[int, Op | Opaque], same: Mapping[int, int], end: int
) -> Iterable[Call]:
    found: dict[int, Call] = {}
    waiting: list[tuple[int, int]] = [(loss.index, end)]
    while waiting:
        slot, before = waiting.pop()
        maker, value = made.get(slot), step.values[slot].slot
        if maker is None or maker.index >= before or is_parameter(step.values[slot]):
            if value.requires_grad and not value.leaf:
                raise NoReplay(
                    message("model-why-unseen", name=Symbols(step).of(step.values[slot]))
                )
            continue
        if isinstance(maker, Opaque):
            raise NoReplay(message("model-why-opaque", name=maker.name))
        if maker.index not in found:
            found[maker.index] = call = _call(maker, same)
            waiting += [(each, maker.index) for each in call.inputs]
    return [found[index] for index in sorted(found)]


def _call(op: Op, same: Mapping[int, int]) -> Call:
    rule = find(op.name)
    if rule is None:
        raise NoReplay(message("model-why-no-formula", op=op.name.removeprefix("aten::")))
    names = rule.formula.names
    drawn = any(name == "ys" or name.rstrip("0123456789") == "y" for name in names)
    outputs = tuple([None if output is None else output.index for output in op.outputs])
    inputs = tuple([same.get(v.index, v.index) for v in tensors(op.arguments.values())])
    return Call(op, rule, inputs, outputs, drawn)
