"""R38: the loss is a sum over the batch, so its gradient grows with the batch."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import RESHAPING, Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op

_MASKING = frozenset({"masked_fill", "where", "index", "masked_select", *RESHAPING})
_SCALING = frozenset({"div", "div_", "mul", "mul_", "mean"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for losses that are summed over examples and never divided by their number."""
    seen = []
    for flow in evidence.flows:
        for found in criteria(flow):
            op = found.op
            rows = found.target.shape[0] if found.target.shape else 1
            summing = op if op.arguments.get("reduction") == 2 else _summed(flow, op)
            if rows > limits["rows"] and summing is not None and not _divided(flow, summing):
                seen.append(Sighting(flow, summing, rows))
    for hits in repeated(seen, limits["times"]):
        yield hit(
            evidence,
            hits,
            message("summed-loss-found", rows=hits[0].what),
            site=evidence.layer_site(hits[0].op),
        )


def _summed(flow: Flow, op: Op) -> Op | None:
    """Return the op that sums a loss of each element, None where it is averaged."""
    out = op.outputs[0] if op.outputs else None
    users = [] if out is None else flow.consumers.get(out.index, [])
    for _ in range(4):  # what is padded does not count
        masking = [user for user in users if kind(user) in _MASKING and user.index in flow.loss_ops]
        if len(masking) != 1 or masking[0].outputs[0] is None:
            break
        users = flow.consumers.get(masking[0].outputs[0].index, [])
    summing = [user for user in users if kind(user) == "sum" and user.index in flow.loss_ops]
    if not summing or len(inputs(summing[0])[0].shape) == 0 or not summing[0].outputs:
        return None
    total = summing[0].outputs[0]
    return summing[0] if total is not None and total.slot.count == 1 else None


def _divided(flow: Flow, op: Op) -> bool:
    below = flow.below([out for out in op.outputs if out is not None]) & flow.loss_ops
    return bool(flow.kinds(below) & _SCALING)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y, reduction="sum")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R38",
    name="summed-loss",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"times": 3, "rows": 1},
    sources=("TheDeepChecker",),
    failing=FAILING,
    correct=FAILING.replace(', reduction="sum"', ""),
    explains=("R40", "R47", "R49", "R53", "R55", "R63"),
)
