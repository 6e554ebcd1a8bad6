"""R48: an op is flat where its numbers lie, so that what lies before it gets nothing but zeros."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retrograd.diagnose.criteria import AFFINE, weights_follow
from retrograd.diagnose.endings import endings, name, op_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun

_LIMITING: Final = ("Clamp", "ClampMin", "ClampMax", "Hardtanh", "Hardsigmoid")
"""Flat outside of their limits."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for nodes at which the gradient of every example ends, in all steps."""
    needed = min(limits["steps"], len(evidence.flows))
    alone = [seen for seen, passed in endings(evidence, _may_be_flat) if not passed]
    lines = {seen[0].run.site for seen in alone}
    part = [
        seen
        for seen, passed in endings(evidence, _limits, starved=False)
        if not passed and seen[0].run.site not in lines
    ]
    for seen in alone + part:
        if len(seen) < (needed if seen in alone else max(limits["steps"], len(evidence.flows))):
            continue
        first = seen[0]
        what = "limits" if _limits(first.flow, first.run) else "hinge"
        site = first.site(evidence)
        yield Hit(
            steps=evidence.alike(ending.flow.index for ending in seen),
            site=site,
            event=first.run.index,
            message=message(
                "zero-gradients-found",
                what=what if seen in alone else "part",
                expression=site.expression if site else first.name,
                names=evidence.names(first.behind),
            ),
            parameters=first.behind,
            fix=message(f"zero-gradients-fix-{what}"),
        )


def _may_be_flat(flow: Flow, run: NodeRun) -> bool:
    return _limits(flow, run) or _hinge(flow, run)


def _limits(flow: Flow, run: NodeRun) -> bool:
    return name(flow, run) in _LIMITING


def _hinge(flow: Flow, run: NodeRun) -> bool:
    """Tell whether a node is a ReLU between no layers: those have units, which R55 counts."""
    op = op_of(flow, run) if name(flow, run) == "Relu" else None
    if op is None or weights_follow(flow, op):
        return False
    made = flow.origin(inputs(op)[0])
    return made is None or kind(made) not in AFFINE


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = 40 + X.sum(1, keepdim=True)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X).clamp(min=18), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R48",
    name="zero-gradients",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 5},
    sources=("AutoTrainer", "torch-audit TA103", "measured with PyTorch 2.13"),
    failing=FAILING,
    correct=FAILING.replace(".clamp(min=18)", ""),
    explains=("R51", "R80", "R81", "R22", "R43", "R54", "R39"),
)
