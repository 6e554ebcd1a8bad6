"""Ways that values take beside the graph: steps into other tensors, numbers that leave PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.store.model import Op
from retrograd.store.value import Value

STEPPING: Final = ("sub", "add", "rsub", "mul", "addcmul", "addcdiv", "lerp")
"""Ops that may move a weight."""


def steps_aside(flow: Flow) -> Iterator[tuple[Op, Value]]:
    """Yield ops that move a parameter by its gradient into another tensor, and the parameter."""
    gradients: dict[int, set[int]] = {}
    for event in flow.accumulations:
        if event.after is not None:
            gradients.setdefault(event.parameter, set()).add(event.after.index)
    for call in flow.passes:
        for value, result in zip(call.inputs, call.results, strict=False):
            if value is not None and value.slot.parameter is not None and result is not None:
                gradients.setdefault(value.slot.parameter, set()).add(result.index)
    for op in flow.ops if gradients else ():
        if kind(op).removesuffix("_") not in STEPPING:
            continue
        taken = inputs(op)
        for value in taken:
            source = flow.source(value)
            number = source.slot.parameter
            if number is None or number not in gradients:
                continue
            if op.mutates and not _copied(flow, value):
                continue
            others = [other for other in taken if other.index != value.index]
            if any(_made_of(flow, other, gradients[number]) for other in others):
                yield op, source
                break


def _copied(flow: Flow, value: Value) -> bool:
    """Tell whether a value has memory of its own, apart from what it comes from."""
    for _ in range(8):
        op = flow.producers.get(value.index)
        taken = inputs(op) if op is not None else []
        if op is None or not taken:
            return False
        if kind(op) in ("clone", "_to_copy"):
            return True
        value = taken[0]
    return False


def _made_of(flow: Flow, value: Value, wanted: set[int]) -> bool:
    """Tell whether one of some values went into a value."""
    if value.index in wanted:
        return True
    above = [flow.events[index] for index in flow.above(value)]
    return any(item.index in wanted for op in above if isinstance(op, Op) for item in inputs(op))


def left_torch(flow: Flow, root: Value) -> Op | None:
    """Return the op with which numbers of a trained tensor came back from Python, or left.

    ``.item()`` is an op; ``.tolist()`` and ``.numpy()`` are not, but leave a trained tensor behind
    that nothing takes, and ``torch.tensor()`` is where the numbers come back.
    """
    behind = flow.above(root)
    left: Op | None = None
    left_shapes: set[tuple[int, ...]] = set()  # of what was detached and nothing takes any more
    for op in flow.ops:
        if not op.grad:
            continue
        if kind(op) == "detach" and flow.trained(inputs(op)[0]):
            ends = [value for value in op.outputs if value and value.index not in flow.consumers]
            left_shapes |= {value.shape for value in ends if value.shape}
        if kind(op) == "lift_fresh" and op.index in behind:
            if left is not None:
                return op
            if {value.shape for value in inputs(op)} & left_shapes:
                return op
        if kind(op) == "_local_scalar_dense":
            left = op if flow.cuts(op) else left
        elif op.index not in behind and any(
            value is not None and value.index in flow.requires and value.index not in flow.consumers
            for value in op.outputs
        ):
            left = op
    return left


def returned(flow: Flow, below: set[int]) -> tuple[Op, Op] | None:
    """Return how numbers of some ops went through Python into the loss: the last op, the first one.

    ``.item()`` is an op; ``.tolist()`` and ``.numpy()`` leave a tensor behind that nothing takes.
    What came back has the same numbers; of what was detached, the same shape is enough, for NumPy
    may have computed with it.
    """
    numbers: dict[float, Op] = {}
    ends: list[tuple[Value, Op]] = []
    for index in sorted(below):
        op = flow.events[index]
        if not isinstance(op, Op) or not op.grad:
            continue
        if kind(op) == "_local_scalar_dense":
            number = inputs(op)[0].number
            if number is not None and flow.cuts(op):
                numbers.setdefault(number, op)
            continue
        unused = [v for v in op.outputs if v is not None and v.index not in flow.consumers]
        ends += [(value, op) for value in unused if value.shape]
    for index in sorted(flow.loss_ops):
        back = flow.events[index]
        if not isinstance(back, Op) or kind(back) != "lift_fresh":
            continue
        given = inputs(back)[0]
        for value, op in ends:
            if op.index < index and value.shape == given.shape:
                if kind(op) == "detach":
                    return op, back
                if same_numbers(value, given):
                    return back, back
        known = set() if given.array is None else set(given.array.ravel().tolist())
        read = [numbers[number] for number in known & numbers.keys() if number not in (0.0, 1.0)]
        if read and 2 * len(read) >= len(known):
            return min(read, key=lambda op: op.index), back
    return None


def same_numbers(one: Value, other: Value) -> bool:
    """Tell whether two values hold the same numbers, as far as the file knows."""
    if one.array is not None and other.array is not None:
        return np.array_equal(one.array, other.array, equal_nan=True)
    return one.statistics is not None and one.statistics == other.statistics
