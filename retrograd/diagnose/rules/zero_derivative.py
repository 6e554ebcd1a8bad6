"""R03: round(), floor() or sign() lies between a parameter and the loss: its derivative is 0."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.endings import endings, name, op_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun

NODES = ("Round", "Floor", "Ceil", "Trunc", "Frac", "Sign", "Sgn", "Heaviside")


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for such a node that stops a gradient, and parameters behind it that get only zeros."""
    for seen, passed in endings(evidence, _flat):
        first = seen[0]
        jumps = _jumps(first.flow, first.run)
        if len(seen) < min(limits["steps" if jumps else "own"], len(evidence.flows)):
            continue
        if passed and not jumps:
            continue
        site = first.site(evidence)
        yield Hit(
            steps=evidence.alike(ending.flow.index for ending in seen),
            site=site,
            event=first.run.index,
            message=message(
                "zero-derivative-found",
                what="jumps" if jumps else "own",
                expression=site.expression if site else first.name,
                names=evidence.names(first.behind),
            ),
            parameters=first.behind,
            fix=None if jumps else message("zero-derivative-fix-own"),
            severity=None if jumps else "warning",
        )


def _flat(flow: Flow, run: NodeRun) -> bool:
    return flow.step.nodes[run.node].opaque or _jumps(flow, run)


def _jumps(flow: Flow, run: NodeRun) -> bool:
    op = op_of(flow, run)
    rounded = op is not None and op.arguments.get("rounding_mode") is not None
    return rounded or name(flow, run) in NODES


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
    limits={"steps": 2, "own": 5},
    sources=("measured with PyTorch 2.13: the gradient is exactly 0, silently",),
    failing=FAILING,
    correct=FAILING.replace("torch.round(model(X))", "model(X)"),
    explains=("R51", "R80", "R81", "R22", "R43", "R54", "R39"),
)
