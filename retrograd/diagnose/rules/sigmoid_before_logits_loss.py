"""R31: probabilities go into a binary cross-entropy that takes the sigmoid itself."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind, tensors
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for binary_cross_entropy_with_logits whose input comes straight from a sigmoid."""
    for seen in repeated(_sightings(evidence), 1):
        made = seen[0].what
        said = message(
            "sigmoid-before-logits-loss-found",
            line=evidence.line(made.site),
            op="softmax" if kind(made) == "_softmax" else "sigmoid",
        )
        numbers = {"least_probability": 0.5, "greatest_probability": 0.731}
        yield hit(evidence, seen, said, numbers, site=evidence.applied_site(made))


def _sightings(evidence: Evidence) -> Iterator[Sighting[Op]]:
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) != "binary_cross_entropy_with_logits" or not op.grad:
                continue
            for value in tensors(op.arguments.get("self")):
                made = [flow.origin(part) for part in _parts(flow, value)]
                found = [each for each in made if each is not None and _squashed(flow, each)]
                if found and len(found) == len(made):
                    yield Sighting(flow, op, found[0])


def _parts(flow: Flow, value: Value) -> list[Value]:
    """Return what a value is joined from, such as the scores of real and of false pairs."""
    made = flow.origin(value)
    return inputs(made) if made is not None and kind(made) in ("cat", "stack") else [value]


def _squashed(flow: Flow, made: Op) -> bool:
    return kind(made) in ("sigmoid", "_softmax") or _by_hand(flow, made)


def _by_hand(flow: Flow, made: Op) -> bool:
    """Tell whether an op is the end of ``1 / (1 + exp(-z))``, or of ``exp(z) / (1 + exp(z))``."""
    for _ in range(2):  # 1 / s may be a reciprocal, and that times 1
        if kind(made) == "mul" and len(inputs(made)) == 1:
            made = flow.origin(inputs(made)[0]) or made
    if kind(made) not in ("reciprocal", "div"):
        return False
    under = flow.origin(inputs(made)[-1])
    one = None if under is None else under.arguments.get("other")
    number = one.number if isinstance(one, Value) else one
    if under is None or kind(under) not in ("add", "rsub") or number != 1:
        return False
    grown = flow.origin(inputs(under)[0])
    return grown is not None and kind(grown) == "exp"


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
