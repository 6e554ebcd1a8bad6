"""R42: a finite loss, and a derivative that is infinite: sqrt(0), a norm of zeros, where()."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import nonfinite
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun, Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a node that was given finite gradients and sent out others."""
    found = nonfinite.origin(evidence)
    if found is None:
        return
    if isinstance(found.event, Op) and _hidden(found.flow, found.event):
        expression = found.event.site.expression if found.event.site else found.event.name
        yield Hit(
            steps=(found.flow.index,),
            site=found.event.site,
            event=found.event.index,
            message=message("infinite-derivative-found-hidden", expression=expression),
            evidence={
                "nans": nonfinite.nans(found.value),
                "infs": nonfinite.infinities(found.value),
            },
        )
        return
    if found.cause != "backward" or not isinstance(found.event, NodeRun):
        return
    node = found.flow.step.nodes[found.event.node]
    event = found.event
    yield Hit(
        steps=(found.flow.index,),
        site=event.site,
        event=event.index,
        message=message(
            "infinite-derivative-found",
            node=node.name,
            expression=event.site.expression if event.site else node.name,
        ),
        evidence={
            "nans": nonfinite.nans(found.value),
            "infs": nonfinite.infinities(found.value),
        },
    )


def _hidden(flow: Flow, op: Op) -> bool:
    """Tell whether where() leaves out what is not finite: the loss is finite all the same."""
    below = flow.below([out for out in op.outputs if out is not None])
    return "where" in flow.kinds(below) and not any(map(nonfinite.bad, flow.roots))


FAILING = """\
import torch

X = torch.tensor([[0.0], [1.0], [4.0], [9.0]])
y = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
weight = torch.ones(1, 1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(5):
    loss = ((torch.sqrt(X @ weight) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R42",
    name="infinite-derivative",
    kind="exact",
    severity="error",
    check=check,
    sources=("measured with PyTorch 2.13: the derivative of sqrt at 0 is infinite",),
    failing=FAILING,
    correct=FAILING.replace("X @ weight)", "X @ weight + 1e-3)"),
    explains=("R40",),
)
