"""R77: an evaluation built a graph that no backward pass ever uses."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.evaluation_in_training_mode import JUDGING
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for layers that ran with gradients on, and whose results were only judged."""
    needed = int(limits["times"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    seen = [
        Sighting(flow, op, None) for flow in evidence.flows if flow.updates for op in _idle(flow)
    ]
    for hits in repeated(seen, needed):
        site = evidence.outer_site(hits[0].flow, hits[0].op)
        yield hit(
            evidence, hits, message("evaluation-with-graph-found", count=len(hits)), site=site
        )
        return


def _idle(flow: Flow) -> Iterator[Op]:
    """Yield layers with a graph from which no backward pass starts, in this step or later."""
    for op in flow.ops:
        if not op.grad or op.index in flow.loss_ops or op.phase == "optimizer":
            continue
        if op.node is not None or weight_of(flow, op) is None:
            continue
        below = flow.below([out for out in op.outputs if out is not None])
        if flow.kinds(below) & JUDGING and not below & flow.loss_ops:
            yield op


FAILING = """\
import torch

torch.manual_seed(0)
X, X_test = torch.randn(64, 4), torch.randn(32, 4)
y, y_test = X.sum(1, keepdim=True), X_test.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(torch.nn.functional.mse_loss(model(X_test), y_test).item())
"""

RULE = Rule(
    code="R77",
    name="evaluation-with-graph",
    kind="exact",
    severity="hint",
    check=check,
    limits={"times": 3},
    sources=("documentation of torch.no_grad",),
    failing=FAILING,
    style=True,  # it costs memory and time, and changes no number
    correct=FAILING.replace("    print(torch", "    with torch.no_grad():\n        print(torch"),
)
