"""R75: a comparison of predictions (N, 1) with targets (N,) compares all pairs."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.broadcast_loss import shown, spread
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for ``==`` that spreads a column and a row to a square, one of them predicted."""
    for seen in repeated(_sightings(evidence), 1):
        one, other = seen[0].what
        count = max(one.shape)
        said = message(
            "broadcast-accuracy-found",
            one=shown(one.shape),
            other=shown(other.shape),
            pairs=count * count,
            count=count,
        )
        yield hit(evidence, seen, said)


def _sightings(evidence: Evidence) -> Iterator[Sighting[tuple[Value, Value]]]:
    for flow in evidence.all_flows:
        for op in flow.ops:
            taken = inputs(op)
            if kind(op) not in ("eq", "ne") or len(taken) != 2:
                continue
            one, other = taken
            if spread(one, other) or spread(other, one):
                trained = [flow.trained(value) for value in taken]
                if trained[0] != trained[1]:
                    yield Sighting(flow, op, (one, other))


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = (X.sum(1) > 0).float()
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(10):
    logits = model(X)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.squeeze(1), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        correct = ((logits > 0).float() == y).sum()
    print(correct.item() / len(y))
"""

RULE = Rule(
    code="R75",
    name="broadcast-accuracy",
    kind="exact",
    severity="error",
    check=check,
    sources=("measured with PyTorch 2.13: an accuracy of 2.5",),
    failing=FAILING,
    correct=FAILING.replace("(logits > 0)", "(logits.squeeze(1) > 0)"),
)
