"""R09: an update by hand gave the weight's name to a new tensor that is no longer trained."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for ``w = w - lr * w.grad`` before an error, or where it ends the training silently."""
    found = errors.raised(
        evidence, errors.NO_GRAPH, r"NoneType", r"backward through the graph a second time"
    )
    for flow in (*evidence.flows[-2:], *([evidence.tail] if evidence.tail else [])):
        place = errors.rebound(evidence, flow)
        if place is None:
            continue
        op, value = place
        if found is None and op.grad is False and evidence.error is None:
            continue
        name = evidence.parameters[value.slot.parameter or 0].name
        expression = op.site.expression if op.site else name
        yield Hit(
            steps=(flow.index,),
            site=op.site,
            event=op.index,
            message=message("weight-rebound-found", expression=expression),
            parameters=frozenset({value.slot.parameter or 0}),
        )
        return


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
for epoch in range(10):
    loss = ((X @ weight - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        weight = weight - 0.1 * weight.grad
"""

RULE = Rule(
    code="R09",
    name="weight-rebound",
    kind="exact",
    severity="error",
    check=check,
    sources=("measured with PyTorch 2.13: the new tensor is no leaf, or requires no gradient",),
    failing=FAILING,
    correct=FAILING.replace("weight = weight - 0.1 * weight.grad", "weight -= 0.1 * weight.grad")
    + "    weight.grad = None\n",
    explains=("R01", "R02", "R04", "R08", "R17"),
)
