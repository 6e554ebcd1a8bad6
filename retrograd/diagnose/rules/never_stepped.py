"""R17: backward passes fill ``.grad``, and no parameter is ever updated."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a run with several backward passes and no update at all."""
    recording = evidence.recording
    passes = recording.meta.get("backward_passes") or 0
    if recording.steps or any(flow.updates for flow in evidence.all_flows):
        return
    if not evidence.recording.complete or evidence.error is not None:
        raise NotChecked("diagnose-run-ended-early")
    flow = evidence.tail
    if flow is None or not flow.accumulations or passes < limits["passes"]:
        return
    call = flow.passes[0]
    repeats = sum(1 for other in flow.passes if other.site == call.site)
    if repeats < limits["passes"]:
        return
    yield Hit(
        steps=(flow.index,),
        site=call.site,
        event=call.index,
        message=message("never-stepped-found", count=passes),
        evidence={"passes": passes, "updates": 0},
        parameters=frozenset(evidence.reached),
    )


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X), y)
    loss.backward()
"""

RULE = Rule(
    code="R17",
    name="never-stepped",
    kind="exact",
    severity="error",
    check=check,
    limits={"passes": 3},
    sources=("torch-audit TA104",),
    failing=FAILING,
    correct=FAILING + "    optimizer.step()\n",
)
