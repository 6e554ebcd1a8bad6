"""R11: every backward pass goes through the graphs of all steps before it."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for steps that follow each other, compute the same, and run ever more nodes."""
    times = int(limits["times"])
    if len(evidence.flows) < times:
        raise NotChecked("diagnose-needs-full-steps", count=times)
    rising: list[Flow] = []
    for flow in evidence.flows:
        before = rising[-1] if rising else None
        if before is not None and not (
            flow.index == before.index + 1
            and len(flow.runs) > len(before.runs)
            and (len(rising) == 1 or len(flow.ops) == len(before.ops))
        ):
            rising = []
        rising.append(flow)
        if len(rising) > times:
            break
    if len(rising) <= times:
        return
    first, last = rising[1], rising[-1]
    carrier = _carrier(last)
    call = last.passes[-1]
    yield Hit(
        steps=tuple(flow.index for flow in evidence.flows if flow.index >= first.index),
        site=carrier.site if carrier is not None else call.site,
        event=call.index,
        message=message("graph-grows-found", first=len(first.runs), last=len(last.runs)),
        evidence={"nodes_first": len(first.runs), "nodes_last": len(last.runs)},
    )


def _carrier(flow: Flow) -> Op | None:
    """Return the op that takes a tensor of an earlier step with its graph."""
    for op in flow.ops:
        for value in inputs(op):
            if value.slot.external and value.slot.requires_grad and not value.slot.leaf:
                return op
    return None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.002)
total = 0
for epoch in range(8):
    total = total + torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    total.backward(retain_graph=True)
    optimizer.step()
"""

RULE = Rule(
    code="R11",
    name="graph-grows",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 4},
    sources=("number of nodes that backward passes run, counted in the recording",),
    failing=FAILING,
    correct=FAILING.replace("total = total + torch", "total = torch").replace(
        "retain_graph=True", ""
    ),
    explains=("R12", "R49", "R53", "R80"),
)
