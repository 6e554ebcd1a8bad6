"""Recomputes what a recorded step did, without torch, and compares.

Promise P4: a number in an explanation is PyTorch's own or this engine's, and the comparison says
how far apart the two are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from retrograd.explain.rule import Rule
from retrograd.explain.rules import find
from retrograd.store.elements import Array
from retrograd.store.model import Argument, NodeRun, Op
from retrograd.store.step import Step
from retrograd.store.value import Value


class Status(Enum):
    """What a comparison found."""

    VERIFIED = "verified"
    WRONG = "wrong"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """Our result beside PyTorch's.

    ``reason`` is a message id where something could not be checked. ``difference`` is the largest
    absolute difference in float64, ``tolerance`` what it was held against at that element.
    """

    status: Status
    reason: str | None = None
    difference: float | None = None
    tolerance: float | None = None
    rule: Rule | None = None
    results: tuple[Array | None, ...] = ()


def not_checked(reason: str, rule: Rule | None = None) -> Check:
    """Return a check that could not be made."""
    return Check(Status.NOT_CHECKED, reason, rule=rule)


class NotKept(Exception):
    """A value that a formula needs was not recorded with all its elements."""


def wide(argument: Argument) -> Any:
    """Return an argument for arithmetic: float64 or complex128 arrays, integers as they are."""
    if isinstance(argument, tuple):
        return tuple([wide(item) for item in argument])
    if not isinstance(argument, Value):
        return argument
    array = argument.array
    if array is None:
        raise NotKept(argument.slot.why or "values-not-kept")
    if array.dtype.kind == "f":
        return array.astype(np.float64)
    return array.astype(np.complex128) if array.dtype.kind == "c" else array


def environment(op: Op, gradients: tuple[Value | None, ...]) -> dict[str, Any]:
    """Return what the names in an op's formulas stand for."""
    values: dict[str, Any] = {name: wide(value) for name, value in op.arguments.items()}
    for index, output in enumerate(op.outputs):
        values["y" if index == 0 else f"y{index}"] = None if output is None else wide(output)
    for index, gradient in enumerate(gradients):
        name = "G" if index == 0 else f"G{index}"
        values[name] = None if gradient is None else wide(gradient)
    return values


def check_node(step: Step, run: NodeRun) -> Check:
    """Recompute the gradients that a node sent out."""
    node = step.nodes[run.node]
    if node.op is None:
        return not_checked("opaque-node" if node.opaque else "no-op-recorded")
    op = step.events[node.op]
    assert isinstance(op, Op)
    known = find(op.name)
    if known is None:
        return not_checked("no-rule-yet")
    try:
        values = environment(op, run.grad_outputs)
        results = vjps(known, op, values, run)
    except NotKept as error:
        return not_checked(str(error), known)
    pairs = [
        (ours, theirs)
        for ours, theirs in zip(results, run.grad_inputs, strict=False)
        if ours is not None and theirs is not None
    ]
    return compare(pairs, known, tuple(results))


def vjps(known: Rule, op: Op, values: dict[str, Any], run: NodeRun) -> list[Array | None]:
    """Return the gradient for each edge of the node that PyTorch sent one along."""
    results: list[Array | None] = []
    for name, formula in known.vjps.items():
        argument = op.arguments.get(name)
        position = len(results)
        wanted = position < len(run.grad_inputs) and run.grad_inputs[position] is not None
        if not isinstance(argument, Value):
            continue  # a Python number: no edge
        results.append(fit(formula.evaluate(values), values[name]) if wanted else None)
    return results


def fit(gradient: Any, argument: Any) -> Array:
    """Sum a gradient over dimensions that were broadcast, and make it real for a real argument."""
    array = np.asarray(gradient)
    shape = np.shape(argument)
    extra = array.ndim - len(shape)
    if extra > 0:
        array = array.sum(axis=tuple(range(extra)))
    stretched = tuple(
        axis for axis, length in enumerate(shape) if length == 1 and array.shape[axis] != 1
    )
    if stretched:
        array = array.sum(axis=stretched, keepdims=True)
    if array.dtype.kind == "c" and np.asarray(argument).dtype.kind != "c":
        array = array.real
    return np.broadcast_to(array, shape)


# Relative tolerance by PyTorch's dtype: some tens of rounding errors, as torch.testing allows.
TOLERANCE = {
    "float64": 1e-9,
    "complex128": 1e-9,
    "float32": 2e-5,
    "complex64": 2e-5,
    "float16": 4e-3,
    "bfloat16": 3e-2,
}


def compare(
    pairs: list[tuple[Array, Value]], known: Rule | None, results: tuple[Array | None, ...]
) -> Check:
    """Hold our results against recorded values."""
    worst, allowed = 0.0, 0.0
    status = Status.VERIFIED
    for ours, theirs in pairs:
        array = theirs.array
        if array is None:
            return not_checked("values-not-kept", known)
        if array.shape != ours.shape:
            return Check(Status.WRONG, "shape", rule=known, results=results)
        bound = TOLERANCE.get(theirs.dtype, 0.0)
        both = np.asarray(array, dtype=ours.dtype if ours.dtype.kind in "fc" else np.float64)
        with np.errstate(all="ignore"):
            same = (both == ours) | (np.isnan(both) & np.isnan(ours))
            difference = np.where(same, 0.0, np.abs(both - ours))
            scale = np.abs(both[np.isfinite(both)]).max(initial=0.0)
            limit = bound * np.maximum(np.abs(both), scale) if bound else np.zeros_like(difference)
        bad = ~(difference <= limit)
        if bad.any():
            status = Status.WRONG
        if difference.size and not difference.max() <= worst:
            place = np.unravel_index(int(np.argmax(difference)), difference.shape)
            worst, allowed = float(difference[place]), float(np.asarray(limit)[place])
    if not pairs:
        return not_checked("no-gradient-recorded", known)
    return Check(status, None, worst, allowed, known, results)
