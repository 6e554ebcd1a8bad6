"""Gradients of writes into a view: PyTorch's ``CopySlices`` works on the gradient of the base.

The part of the base's gradient that the view covers goes back through the op that wrote; the rest
passes by unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from retrograd.explain.arguments import Names, NotKept
from retrograd.explain.functions.arrays import owners
from retrograd.explain.rules import find
from retrograd.store.elements import Array
from retrograd.store.model import NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value

NODE: Final = "CopySlices"
VIEWS: Final = {
    *("view", "_reshape_alias", "alias", "detach", "squeeze", "unsqueeze", "expand"),
    *("t", "transpose", "permute", "select", "slice", "narrow", "diagonal", "as_strided"),
    *("unfold", "split", "split_with_sizes", "unbind", "view_as_real", "view_as_complex"),
    *("_conj", "_neg_view"),
}
"""Ops whose result lies in the memory of what they are given."""


def step_of(run: NodeRun) -> Step | None:
    """Return the step that a node ran in, None where no gradient came or went."""
    for value in (*run.grad_outputs, *run.grad_inputs):
        if value is not None:
            return value.step
    return None


def places(op: Op, run: NodeRun) -> Array | None:
    """Return where in the base each element of a written view lies.

    None where the node is no write into a view.
    """
    step = step_of(run)
    if step is None or NODE not in step.nodes[run.node].name or run.grad_outputs[0] is None:
        return None
    view, shape = op.arguments.get("self"), run.grad_outputs[0].shape
    if not isinstance(view, Value):
        raise NotKept("view-without-base")
    base, steps = _chain(step, view)
    if base.shape == shape:
        return _through(shape, steps)
    # the chain of views was not recorded: a base is dense as a rule
    found = owners(shape, (dense(shape), 0), view.shape, view.slot.stride, view.slot.storage_offset)
    if (found < 0).any():
        raise NotKept("view-without-base")
    return found


def _through(shape: tuple[int, ...], steps: Sequence[tuple[Op, int]]) -> Array:
    """Return where each element of a view lies in its base, by making the view once more."""
    places: Array = np.arange(math.prod(shape)).reshape(shape)
    for op, output in steps:
        known = find(op.name)
        if known is None:
            raise NotKept("view-without-base")
        names = Names(op)
        names["self"] = places
        found = names.evaluate(known.formula)
        places = np.asarray(found[output] if isinstance(found, tuple) else found)
    return places


def _chain(step: Step, view: Value) -> tuple[Value, list[tuple[Op, int]]]:
    """Return what a view was made of, and the view ops on the way with the output taken."""
    made = {
        output.index: (event, position)
        for event in step.events
        if isinstance(event, Op)
        for position, output in enumerate(event.outputs)
        if output is not None
    }
    found, steps = view, []
    for _ in range(len(made)):
        op, position = made.get(found.index, (None, 0))
        source = None if op is None else op.arguments.get("self")
        if op is None or op.mutates or not isinstance(source, Value):
            break
        if op.name.removeprefix("aten::").partition(".")[0] not in VIEWS:
            break
        found = source
        steps.append((op, position))
    return found, steps[::-1]


def dense(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides of a contiguous tensor."""
    strides = np.cumprod((1, *shape[:0:-1]))[::-1] if shape else ()
    return tuple([int(n) for n in strides])
