"""Ways that values take beside the graph: steps into other tensors, numbers that leave PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Return:
    """Numbers of trained tensors that left PyTorch and came back without their graph."""

    left: Op  # the last op they went through before
    back: Op  # the op that brought them back; the one they left by, where none is seen


def returned(flow: Flow, below: set[int] | None = None) -> Return | None:
    """Return how numbers went through Python into the loss.

    ``.item()`` is an op; ``.tolist()`` and ``.numpy()`` leave a tensor behind that nothing takes.
    What came back has the same numbers; of what was detached, the same shape is enough, for NumPy
    may have computed with it. ``below``: the ops that the numbers come from. Without them the loss
    has no graph at all: then whatever left last is to blame.
    """
    numbers: dict[float, Op] = {}
    ends: list[tuple[Value, Op]] = []
    for op in flow.ops:
        if not op.grad or (below is not None and op.index not in below):
            continue
        if kind(op) == "_local_scalar_dense":
            number = inputs(op)[0].number
            if number is not None and flow.cuts(op):
                numbers.setdefault(number, op)
        elif below is not None or any(flow.trained(value) for value in inputs(op)):
            unused = [v for v in op.outputs if v is not None and v.index not in flow.consumers]
            ends += [(v, op) for v in unused if op.index not in flow.loss_ops]
    # torch.tensor() of a list of single numbers reads them without an op
    single = {v.number: op for v, op in ends if not v.shape and v.number is not None} | numbers
    for index in sorted(flow.loss_ops):
        back = flow.events[index]
        if not isinstance(back, Op):
            continue
        came = [numbers[number] for number in _given(back) if number in numbers]
        if came and kind(back) != "_local_scalar_dense":
            return Return(came[0], back)
        if kind(back) != "lift_fresh":
            continue
        given = inputs(back)[0]
        earlier = [(v, op) for v, op in ends if op.index < index and v.shape]
        shares = [(_share(v, given) if v.shape != given.shape else 1.0, v, op) for v, op in earlier]
        for share, value, op in sorted(shares, key=lambda item: (-item[0], -item[1].slot.count)):
            if kind(op) == "detach" and share == 1.0:
                return Return(back if value.shape != given.shape else op, back)
            if share == 1.0 and same_numbers(value, given):
                return Return(back, back)
        known = set() if given.array is None else set(given.array.ravel().tolist())
        read = [single[number] for number in known & single.keys() if number not in (0.0, 1.0)]
        if read and 2 * len(read) >= len(known):
            return Return(min(read, key=lambda op: op.index), back)
    joined = (
        None if below is None else _by_rows(flow, ends) or _summed(flow, list(numbers.values()))
    )
    if joined is not None:
        return joined
    last = [*numbers.values(), *[op for value, op in ends if value.index in flow.requires]]
    if below is None and last:
        left = max(last, key=lambda op: op.index)
        after = [op for op in flow.ops if op.index in flow.loss_ops and kind(op) == "lift_fresh"]
        back = next((op for op in after if op.index > left.index), left)
        return Return(back, back)
    return None


def _by_rows(flow: Flow, ends: list[tuple[Value, Op]]) -> Return | None:
    """Return how rows went through NumPy, which may have joined or averaged their numbers.

    They came back as the only new tensor of the loss, and it has as many rows.
    """
    back = [
        event
        for index in sorted(flow.loss_ops)
        if isinstance(event := flow.events[index], Op) and kind(event) == "lift_fresh"
        if inputs(event)[0].dtype.startswith("float") and inputs(event)[0].shape
    ]
    if len(back) != 1:
        return None
    rows = inputs(back[0])[0].shape[0]
    left = [v for v, op in ends if kind(op) == "detach" and op.index < back[0].index]
    return Return(back[0], back[0]) if any(v.shape[:1] == (rows,) for v in left) else None


def _summed(flow: Flow, read: list[Op]) -> Return | None:
    """Return how numbers read one by one came back as one that Python made of them.

    The pass begins at that number, and it is a leaf: nothing else went into the loss.
    """
    roots = [flow.producers.get(root.index) for root in flow.roots if root.slot.leaf]
    if not read or len(roots) != 1 or len(flow.roots) != 1 or roots[0] is None:
        return None
    back = roots[0]
    alone = kind(back) == "lift_fresh" and flow.loss_ops == {back.index}
    return Return(back, back) if alone and read[0].index < back.index else None


def _given(op: Op) -> list[float]:
    """Return the numbers from Python that an op takes; 0 and 1 are in any program."""
    given = [a.number if isinstance(a, Value) else a for a in op.arguments.values()]
    floats = [number for number in given if isinstance(number, float)]
    return [number for number in floats if number not in (0.0, 1.0)]


def _share(part: Value, whole: Value) -> float:
    """Return which share of a value's numbers another one holds."""
    if part.array is None or whole.array is None or not 4 <= part.slot.count <= whole.slot.count:
        return 0.0
    several = len(np.unique(part.array)) >= 4  # zeros alone are anywhere
    return float(np.isin(part.array, whole.array).mean()) if several else 0.0


def same_numbers(one: Value, other: Value) -> bool:
    """Tell whether two values hold the same numbers, as far as the file knows."""
    if one.array is not None and other.array is not None:
        return np.array_equal(one.array, other.array, equal_nan=True)
    return one.statistics is not None and one.statistics == other.statistics
