"""R28: many backward passes, far more than before, go by without a step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import BackwardCall, Site, StepCall, Update
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the backward passes of each step with the usual number, and with the divisor."""
    needed = int(limits["steps"])
    trained = [flow for flow in evidence.flows if flow.updates]
    seldom = list(_seldom(evidence, trained, limits))
    if seldom:
        yield from seldom
        return
    if len(trained) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    usual = float(np.median([len(_passes(flow)) for flow in trained]))
    for flow in evidence.all_flows:
        calls = _passes(flow)
        if len(calls) >= limits["passes"] and len(calls) > limits["times"] * max(usual, 1):
            call = calls[-1]
            yield Hit(
                steps=(flow.index,),
                site=_decided(evidence, trained) or call.site,
                event=call.index,
                message=message(
                    "skipped-steps-found",
                    how="skipped",
                    count=len(calls),
                    usual=round(usual),
                    step=flow.index,
                ),
                evidence={"passes": len(calls)},
            )
            return
    yield from _too_many(evidence, trained)


def _seldom(evidence: Evidence, trained: list[Flow], limits: Limits) -> Iterator[Hit]:
    """Look for steps that each sum a great many passes, and whose losses are divided by nothing."""
    counts = [len(_passes(flow)) for flow in trained]
    if not counts or min(counts) < limits["many"] or any(_divisor(flow) for flow in trained):
        return
    call = next(event for event in trained[0].ledger if isinstance(event, (StepCall, Update)))
    yield Hit(
        steps=tuple(flow.index for flow in trained),
        site=_decided(evidence, trained) or call.site,
        event=call.index,
        message=message(
            "skipped-steps-found",
            how="seldom",
            count=round(float(np.median(counts))),
            usual=evidence.recording.steps,
            step=trained[0].index,
        ),
        evidence={"passes": min(counts)},
        severity="hint",
    )


def _too_many(evidence: Evidence, trained: list[Flow]) -> Iterator[Hit]:
    """Look for means over fewer passes than each step sums: the loss is divided by less."""
    counts = {(len(_passes(flow)), _divisor(flow)) for flow in trained}
    if len(counts) != 1:
        return
    passes, divisor = counts.pop()
    if divisor is None or passes < 2 * divisor or passes % divisor:
        return
    flow = trained[0]
    call = next(event for event in flow.ledger if isinstance(event, (StepCall, Update)))
    yield Hit(
        steps=evidence.alike(flow.index for flow in trained),
        site=_decided(evidence, trained) or call.site,
        event=call.index,
        message=message(
            "skipped-steps-found", how="divided", count=passes, usual=divisor, step=flow.index
        ),
        evidence={"passes": passes},
    )


def _decided(evidence: Evidence, trained: list[Flow]) -> Site | None:
    """Return the condition under which the program steps, None where it has none."""
    sites = [event.site for event in trained[0].ledger if isinstance(event, StepCall)]
    found = evidence.condition_site(sites[0]) if sites else None
    return None if not sites or found is sites[0] else found


def _divisor(flow: Flow) -> int | None:
    """Return the whole number by which the mean loss of every pass of a step is divided."""
    means = {
        loss.op.outputs[0].index: loss.measure
        for loss in criteria(flow)
        if loss.op.outputs[0] is not None and loss.op.arguments.get("reduction") == 1
    }
    found = set()
    for root in flow.roots:
        op = flow.producers.get(root.index)
        taken = inputs(op) if op is not None and kind(op) == "div" else []
        number = op.arguments.get("other") if op is not None else None
        if isinstance(number, Value):
            number = number.number
        if not taken or taken[0].index not in means or not isinstance(number, (int, float)):
            return None
        if number != int(number) or number < 2:
            return None
        if number == 2 and means[taken[0].index] == "squared":
            return None  # half the squared error is a loss of its own
        found.add(int(number))
    return found.pop() if len(found) == 1 else None


def _passes(flow: Flow) -> list[BackwardCall]:
    return [call for call in flow.passes if call.api == "backward"]


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
for epoch in range(40):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    if loss > 1.0:
        optimizer.step()
"""

RULE = Rule(
    code="R28",
    name="skipped-steps",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"steps": 3, "times": 4, "passes": 8, "many": 32},
    sources=("TorchLens, watchdog",),
    failing=FAILING,
    correct=FAILING.replace("    if loss > 1.0:\n        opt", "    opt"),
)
