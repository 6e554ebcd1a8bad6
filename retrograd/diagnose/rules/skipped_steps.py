"""R28: many backward passes, far more than before, go by without a step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import BackwardCall


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the backward passes of each step with the usual number."""
    needed = int(limits["steps"])
    trained = [flow for flow in evidence.flows if flow.updates]
    if len(trained) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    usual = float(np.median([len(_passes(flow)) for flow in trained]))
    for flow in evidence.all_flows:
        calls = _passes(flow)
        if len(calls) >= limits["passes"] and len(calls) > limits["times"] * max(usual, 1):
            call = calls[-1]
            yield Hit(
                steps=(flow.index,),
                site=call.site,
                event=call.index,
                message=message(
                    "skipped-steps-found", count=len(calls), usual=round(usual), step=flow.index
                ),
                evidence={"passes": len(calls)},
            )
            return


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
    limits={"steps": 3, "times": 4, "passes": 8},
    sources=("TorchLens, watchdog",),
    failing=FAILING,
    correct=FAILING.replace("    if loss > 1.0:\n        opt", "    opt"),
)
