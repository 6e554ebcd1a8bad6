"""R56: a sigmoid or tanh works where its derivative is nearly 0."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from retrograd.diagnose.criteria import weights_follow
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, back_to_onset, hit, repeated
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Count inputs beyond a limit in hidden layers; a confident output may well be saturated."""
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    look = partial(_sightings, limits=limits)
    late = [found for flow in evidence.flows[-window:] for found in look(flow)]
    for seen in repeated(late, limits["times"]):
        share = seen[0].what
        seen = back_to_onset(evidence, seen, look)
        said = message(
            "saturated-activation-found", op=kind(seen[0].op), percent=f"{100 * share:.0f}"
        )
        flow, op = seen[0].flow, seen[0].op
        start = None
        if flow.index == 0:
            given = inputs(op)[0]
            start = evidence.scaled_site(flow, given) or evidence.start_site(flow, given)
        made = start or evidence.layer_site(op)
        yield hit(evidence, seen, said, {"saturated_share": share}, structural=False, site=made)


def _sightings(flow: Flow, limits: Limits) -> Iterator[Sighting[float]]:
    for op in flow.ops:
        if kind(op) not in ("sigmoid", "tanh") or op.index not in flow.loss_ops or not op.grad:
            continue
        given = inputs(op)[0]
        array = given.elements
        if array is None or array.size < limits["elements"] or not weights_follow(flow, op):
            continue
        share = float((np.abs(array) > limits["input"]).mean())
        if share > limits["share"]:
            yield Sighting(flow, op, share)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = torch.sin(3 * X.sum(1, keepdim=True))
model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
torch.nn.init.normal_(model[0].weight, std=300.0)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R56",
    name="saturated-activation",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"input": 5.0, "share": 0.5, "window": 8, "times": 5, "elements": 16},
    sources=("DeepDiagnosis", "SageMaker Debugger, built-in rules"),
    failing=FAILING,
    correct=FAILING.replace("std=300.0", "std=0.5"),
    explains=("R46", "R80", "R51", "R54", "R81"),
)
