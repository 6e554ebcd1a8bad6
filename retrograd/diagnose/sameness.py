"""Where examples that differ become alike on their way to the predictions."""

from __future__ import annotations

from typing import Final

from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.store.model import Op
from retrograd.store.value import Value

BLIND: Final = frozenset(
    {"zeros_like", "ones_like", "full_like", "empty_like", "new_zeros", "new_ones", "new_full"}
    | {"zeros", "ones", "full", "empty", "zero_", "fill_"}
)
"""Ops whose result says nothing of what they are given."""


def alike(value: Value) -> bool | None:
    """Tell whether a value is the same for all examples, along its first dimension."""
    array = value.array
    if array is None or array.ndim == 0 or len(array) < 2:
        return None
    return bool((array == array[:1]).all())


def levelled(flow: Flow, prediction: Value) -> Op | None:
    """Return the last op that takes examples that differ and gives one answer for all of them."""
    rows = prediction.shape[0] if prediction.shape else 0
    for index in sorted(flow.above(prediction), reverse=True):
        op = flow.events[index]
        if not isinstance(op, Op) or not op.outputs or op.outputs[0] is None:
            continue
        out = op.outputs[0]
        if out.shape[:1] == (rows,) and not alike(out):
            continue
        for value in inputs(op):
            examples = value.shape[:1] == (rows,) and flow.parameter_behind(value) is None
            if examples and alike(value) is False:
                return op
    return None


RANDOM: Final = frozenset(
    {"randn", "rand", "randn_like", "rand_like", "normal", "normal_", "uniform_", "bernoulli_"}
    | {"randint", "randint_like", "exponential_", "random_"}
)
"""Ops that draw numbers, whatever they are given."""


def drawn(flow: Flow, prediction: Value) -> Op | None:
    """Return the op that drew all numbers of the examples, where nothing else went into them."""
    waiting, seen = [prediction], {prediction.index}
    found: list[Op] = []
    while waiting:
        value = waiting.pop()
        learned = value.slot.requires_grad and value.slot.leaf
        if learned or flow.parameter_behind(value) is not None:
            continue
        op = flow.producers.get(value.index)
        if op is None:
            if value.slot.external and value.slot.count > 1:
                return None
            continue
        if kind(op) in RANDOM:
            found.append(op)
        elif kind(op) not in BLIND:
            for item in inputs(op):
                if item.index not in seen:
                    seen.add(item.index)
                    waiting.append(item)
    return min(found, key=lambda op: op.index) if found else None


def unseen(flow: Flow, prediction: Value) -> Op | None:
    """Return the op that made predictions for all examples without any of them.

    None where something that may hold an example for each prediction went into them.
    """
    rows = prediction.shape[0] if prediction.shape else 0
    waiting, seen = [prediction], {prediction.index}
    made: list[Op] = []
    while waiting:
        value = waiting.pop()
        if flow.parameter_of(value) is not None:
            continue
        op = flow.producers.get(value.index)
        taken = [] if op is None else inputs(op)
        blind = op is not None and kind(op) in BLIND
        if not taken and not blind:
            if value.shape and value.shape[0] >= rows:
                return None
            continue
        assert op is not None
        if kind(op) in ("stack", "cat") and len(taken) >= rows:
            return None  # a loader puts examples together, one by one
        source = flow.source(value)  # a weight that is only turned is no row for each example
        turned = flow.parameter_of(source) is not None and source.slot.count == value.slot.count
        if (
            value.shape[:1] == (rows,)
            and not turned
            and (blind or all(v.shape[:1] != (rows,) for v in taken))
        ):
            made.append(op)
        for item in [] if blind else taken:
            if item.index not in seen:
                seen.add(item.index)
                waiting.append(item)
    return min(made, key=lambda op: op.index) if made else None
