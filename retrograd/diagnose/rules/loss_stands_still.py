"""R80: the loss does not fall over the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import CHOOSING, RESHAPING, Flow, inputs, kind, tensors
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.inputs_not_scaled import first_inputs
from retrograd.messages.message import message
from retrograd.store.model import Argument, Op, Site
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the losses of the first and the last fifth."""
    losses = evidence.losses
    values = losses.values
    needed = int(limits["steps"])
    if len(values) < needed:
        raise NotChecked("diagnose-needs-steps", count=needed)
    if len(evidence.optimizers) > 1 or not np.isfinite(values).all() or (values <= 0).any():
        return  # two players have no common loss; a negative loss has no scale
    part = max(len(values) // 5, 1)
    first, last = float(np.mean(values[:part])), float(np.mean(values[-part:]))
    spread = float(np.std(values))
    noisy = spread > limits["noise"] * abs(first)
    if last < first * (1 - limits["fall"]) or noisy or first < limits["small"]:
        return
    yield Hit(
        steps=(int(losses.steps[0]), int(losses.steps[-1])),
        site=_compared(evidence),
        message=message(
            "loss-stands-still-found",
            first=f"{first:.4g}",
            last=f"{last:.4g}",
            steps=len(values),
        ),
        evidence={"loss_first": first, "loss_last": last},
    )


def _compared(evidence: Evidence) -> Site | None:
    """Return where examples and targets part, or what puts old weights back, else the loss."""
    first = evidence.first
    for found in () if first is None else criteria(first):
        assert first is not None
        orders = [_order(first, value) for _, value in first_inputs(first)]
        order = _order(first, found.target)
        if order is not None and orders and orders[0] is not None:
            one, other = orders[0].arguments["indices"], order.arguments["indices"]
            if not _equal(one, other):
                return order.site
    restored = _restored(evidence)
    if restored is not None:
        return restored
    flow = evidence.flows[-1] if evidence.flows else None
    for found in () if flow is None else criteria(flow):
        apart = evidence.apart_site(found.op)
        if apart is not None:
            return apart
    losses = [found.op.site for found in criteria(flow)] if flow is not None else []
    passes = [call.site for call in flow.passes] if flow is not None else []
    return next(iter([*losses, *passes[-1:]]), None)


def _restored(evidence: Evidence) -> Site | None:
    """Return what writes over trained weights, time and again, with gradients off."""
    written: dict[int, list[Op]] = {}
    for flow in evidence.flows:
        here = {
            op.site.id: op
            for op in flow.ops
            if kind(op) == "copy_" and op.site is not None and op.phase != "optimizer"
            if flow.parameter_of(inputs(op)[0]) in evidence.held
        }
        for line, op in here.items():
            written.setdefault(line, []).append(op)
    often = max(written.values(), key=len, default=[])
    return often[0].site if len(often) > 2 else None


def _order(flow: Flow, value: Value) -> Op | None:
    """Return the op that put data into another order."""
    for _ in range(16):
        op = flow.producers.get(value.index)
        if op is None or kind(op) not in RESHAPING | CHOOSING or not inputs(op):
            return None
        if kind(op) == "index" and len(list(tensors(op.arguments.get("indices")))) == 1:
            return op
        value = inputs(op)[0]
    return None


def _equal(one: Argument, other: Argument) -> bool:
    (mine,), (yours,) = tensors(one), tensors(other)
    if mine.index == yours.index or mine.array is None or yours.array is None:
        return True
    same = mine.array.shape == yours.array.shape
    return not same or bool((mine.array == yours.array).all())


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(2000, 4)
y = torch.randn(2000, 1)
y -= y.mean()
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
torch.nn.init.zeros_(model[2].weight)
torch.nn.init.zeros_(model[2].bias)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
for epoch in range(40):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R80",
    name="loss-stands-still",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"steps": 30, "fall": 0.01, "noise": 0.1, "small": 1e-4},
    sources=("SageMaker Debugger, built-in rules", "AutoTrainer"),
    failing=FAILING,
    correct=FAILING.replace("torch.randn(2000, 1)", "X.sum(1, keepdim=True)"),
    symptom=True,
)
