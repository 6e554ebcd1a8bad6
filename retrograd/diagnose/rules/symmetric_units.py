"""R58: the units of a layer start equal, get equal gradients, and stay equal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.endings import empty
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the units of each hidden layer at the first and at the last full step."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    first, last = evidence.flows[0], evidence.flows[-1]
    ends = {u.parameter: u.after for u in last.updates}
    found: dict[int, Op] = {}
    for update in first.updates:
        array = None if update.before is None else update.before.array
        end = ends.get(update.parameter)
        if array is None or end is None or array.ndim < 2:
            continue
        used = _units(first, update.parameter)
        if used is None or not _equal(array, used[1]):
            continue
        after = end.array
        if (
            after is not None
            and _equal(after, used[1], limits["rounding"])
            and _goes_on(first, used[0])
        ):
            found[update.parameter] = used[0]
    found |= _held_at_zero(evidence)
    if found:
        op = found[min(found)]
        parameter = evidence.parameters[min(found)]
        yield Hit(
            steps=(first.index, last.index),
            site=evidence.initial_site(parameter.id) or op.site,
            event=op.index,
            message=message("symmetric-units-found", names=evidence.names(found)),
            parameters=frozenset(found),
        )


def _held_at_zero(evidence: Evidence) -> dict[int, Op]:
    """Return weights of zeros whose gradient, a product with other zeros, stays exactly zero.

    A last layer of zeros moves at once; so does what lies before it, one step later.
    """
    first = evidence.flows[0]
    starts = {
        u.parameter: u.before
        for u in first.updates
        if u.before is not None and len(u.before.shape) > 1 and empty(u.before)
    }
    for flow in evidence.flows:
        for update in flow.updates:
            if update.gradient is None or not empty(update.gradient):
                starts.pop(update.parameter, None)
    moved = {
        update.parameter
        for update in evidence.flows[-1].updates
        if update.gradient is not None and not empty(update.gradient)
    }
    if not moved:
        return {}
    used = {
        number: [
            op
            for op in first.ops
            if op.index in first.loss_ops
            and any(first.parameter_of(value) == number for value in inputs(op))
        ]
        for number in starts
    }
    return {number: ops[0] for number, ops in used.items() if ops}


def _equal(array: Array, axis: int, rounding: float = 0.0) -> bool:
    """Tell whether the units, which lie along an axis, all have the same weights.

    A kernel may round one unit in another way than the next; what is equal stays so but for that.
    """
    rows = np.moveaxis(array, axis, 0)
    if len(rows) < 2 or not np.isfinite(rows).all():
        return False
    return bool(np.allclose(rows, rows[:1], rtol=rounding, atol=rounding * np.abs(rows).max()))


def _units(flow: Flow, parameter: int) -> tuple[Op, int] | None:
    """Return the op that multiplies with a weight, and the axis of the weight's units."""
    for op in flow.ops:
        for value in inputs(op):
            if flow.parameter_of(value) != parameter:
                continue
            if kind(op) == "t":
                users = flow.consumers.get(op.outputs[0].index if op.outputs[0] else -1, [])
                return (users[0], 0) if users and kind(users[0]) in ("addmm", "mm") else None
            if kind(op) in ("mm", "addmm", "bmm", "mv") and value is _second(op):
                return op, value.shape.index(value.shape[-1], 1) if len(value.shape) > 1 else 0
            if kind(op) in ("convolution", "linear"):
                return op, 0
    return None


def _second(op: Op) -> Value | None:
    found = op.arguments.get("mat2")
    return found if isinstance(found, Value) else None


def _goes_on(flow: Flow, op: Op) -> bool:
    """Tell whether another weight comes after a layer: the last one may well start at zero."""
    outputs = [out for out in op.outputs if out is not None]
    below = flow.below(outputs)
    return any(
        kind(other) in ("mm", "addmm", "bmm", "convolution", "linear")
        and any(v.slot.requires_grad for v in inputs(other) if v not in outputs)
        for other in flow.ops
        if other.index in below
    )


FAILING = """\
import torch

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
model = torch.nn.Sequential(
    torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1), torch.nn.Sigmoid()
)
for parameter in model.parameters():
    torch.nn.init.constant_(parameter, 0.5)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(20):
    loss = torch.nn.functional.binary_cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R58",
    name="symmetric-units",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 3, "rounding": 1e-5},
    sources=("NeuraLint f004", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace(
        "for parameter in model.parameters():\n    torch.nn.init.constant_(parameter, 0.5)\n", ""
    ),
    explains=("R51", "R80", "R81"),
)
