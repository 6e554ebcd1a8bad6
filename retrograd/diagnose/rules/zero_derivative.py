"""R03: round(), floor() or sign() lies between a parameter and the loss: its derivative is 0."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun
from retrograd.store.value import Value

NODES = ("Round", "Floor", "Ceil", "Trunc", "Frac", "Sign", "Sgn", "Heaviside")


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for such a node that stops a gradient, and parameters behind it that get only zeros."""
    seen: dict[int, list[tuple[Flow, NodeRun, frozenset[int]]]] = {}
    for flow in evidence.flows:
        zero = {a.parameter for a in flow.accumulations if empty(a.contribution)}
        if not zero:
            continue
        for run in flow.runs:
            name = flow.step.nodes[run.node].name.partition("Backward")[0]
            if name not in NODES or all(empty(value) for value in run.grad_outputs):
                continue
            behind = flow.parameter_nodes[run.node] & zero
            if behind and all(empty(value) for value in run.grad_inputs):
                seen.setdefault(run.site.id if run.site else -1, []).append((flow, run, behind))
    for hits in seen.values():
        if len(hits) < min(limits["steps"], len(evidence.flows)):
            continue
        flow, run, behind = hits[0]
        yield Hit(
            steps=evidence.alike(flow.index for flow, *_ in hits),
            site=run.site,
            event=run.index,
            message=message(
                "zero-derivative-found",
                expression=run.site.expression if run.site else "",
                names=evidence.names(behind),
            ),
            parameters=behind,
        )


def empty(value: Value | None) -> bool:
    """Tell whether a gradient is None or all zeros."""
    figures = None if value is None else value.statistics
    return value is None or (figures is not None and figures.zeros == value.slot.count)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1, keepdim=True).round()
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(torch.round(model(X)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R03",
    name="zero-derivative",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 2},
    sources=("measured with PyTorch 2.13: the gradient is exactly 0, silently",),
    failing=FAILING,
    correct=FAILING.replace("torch.round(model(X))", "model(X)"),
    explains=("R51", "R80", "R22"),
)
