"""R83: batch normalisation has too few values to average over, or is used twice in one model."""

from __future__ import annotations

import math
from collections.abc import Iterator

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.evaluation_in_training_mode import NORMS, in_training
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Count the values of each channel, and the runs of each normalisation in a forward pass."""
    seen = []
    for flow in evidence.flows:
        norms = [op for op in flow.ops if _normalises(flow, op)]
        for op in norms:
            shape = inputs(op)[0].shape
            values = shape[0] * math.prod(shape[2:])
            if values < limits["values"]:
                seen.append(Sighting(flow, op, ("small", values)))
            elif any(_again(flow, earlier, op) for earlier in norms if earlier.index < op.index):
                seen.append(Sighting(flow, op, ("again", values)))
    for hits in repeated(seen, limits["times"]):
        what, values = hits[0].what
        layer = hits[0].op.module
        said = message(
            "small-batch-norm-found",
            what=what,
            name=layer.path if layer is not None else kind(hits[0].op),
            values=values,
        )
        made = None
        if what == "small":  # of a loader that gives so few, or of the layer that cannot do with it
            losses = [found.op for found in criteria(hits[0].flow)]
            made = evidence.batch_size_site(losses[0]) if losses else None
            made = made or evidence.layer_site(hits[0].op)
        yield hit(evidence, hits, said, site=made)


def _normalises(flow: Flow, op: Op) -> bool:
    return kind(op) in NORMS and in_training(op) and op.index in flow.loss_ops


def _again(flow: Flow, earlier: Op, op: Op) -> bool:
    """Tell whether an op is the same layer as an earlier one whose result it takes."""
    if op.module is None or earlier.module is None or op.module.id != earlier.module.id:
        return False
    return earlier.index in flow.above(inputs(op)[0])


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Sequential(
    torch.nn.Linear(4, 16, bias=False),
    torch.nn.BatchNorm1d(16),
    torch.nn.ReLU(),
    torch.nn.Linear(16, 1),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(2):
    for start in range(0, 64, 4):
        rows = slice(start, start + 4)
        loss = torch.nn.functional.mse_loss(model(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""

RULE = Rule(
    code="R83",
    name="small-batch-norm",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"times": 3, "values": 8},
    sources=("torch-audit TA304, TA501", "Wu and He 2018, arXiv:1803.08494"),
    failing=FAILING,
    correct=FAILING.replace("torch.nn.BatchNorm1d(16)", "torch.nn.GroupNorm(4, 16)"),
)
