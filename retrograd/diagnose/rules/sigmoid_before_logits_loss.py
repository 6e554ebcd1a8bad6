"""R31: probabilities go into a binary cross-entropy that takes the sigmoid itself."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import kind, tensors
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for binary_cross_entropy_with_logits whose input comes straight from a sigmoid."""
    for seen in repeated(_sightings(evidence), 1):
        made = seen[0].what
        said = message(
            "sigmoid-before-logits-loss-found",
            line=evidence.line(made.site),
            op=kind(made).lstrip("_"),
        )
        yield hit(evidence, seen, said, {"least_probability": 0.5, "greatest_probability": 0.731})


def _sightings(evidence: Evidence) -> Iterator[Sighting[Op]]:
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) != "binary_cross_entropy_with_logits" or not op.grad:
                continue
            for value in tensors(op.arguments.get("self")):
                made = flow.origin(value)
                if made is not None and kind(made) in ("sigmoid", "_softmax"):
                    yield Sighting(flow, op, made)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 2)
y = (X.sum(1, keepdim=True) > 0).float()
model = torch.nn.Linear(2, 1)
criterion = torch.nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(20):
    output = torch.sigmoid(model(X))
    loss = criterion(output, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R31",
    name="sigmoid-before-logits-loss",
    kind="exact",
    severity="error",
    check=check,
    sources=("documentation of torch.nn.BCEWithLogitsLoss",),
    failing=FAILING,
    correct=FAILING.replace("torch.sigmoid(model(X))", "model(X)"),
    explains=("R39",),
)
