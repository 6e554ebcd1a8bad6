"""R76: a share was computed with ``//``: whole numbers leave 0 of it."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import patch
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for one number divided down to 0 that says how good the predictions are."""
    seen = []
    for flow in evidence.all_flows:
        for op in flow.ops:
            floors = kind(op) == "floor_divide" or op.arguments.get("rounding_mode") in (
                "floor",
                "'floor'",
            )
            pair = _pair(op) if floors else None
            if pair is not None and 0 < pair[0] < pair[1] and _counted(flow, op):
                seen.append(Sighting(flow, op, pair))
    for hits in repeated(seen, limits["times"]):
        op, (part, whole) = hits[0].op, hits[0].what
        found = hit(
            evidence, hits, message("floor-division-found", part=f"{part:g}", whole=f"{whole:g}")
        )
        expression = op.site.expression if op.site is not None else ""
        if expression.count("//") == 1:
            fixed = patch.replace(evidence.recording, op.site, expression.replace("//", "/"))
            yield Hit(found.steps, found.site, found.message, found.event, patch=fixed)
        else:
            yield found


def _pair(op: Op) -> tuple[float, float] | None:
    """Return the single numbers that an op divides."""
    found = []
    for argument in (op.arguments.get("self"), op.arguments.get("other")):
        number = argument.number if isinstance(argument, Value) else argument
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return None
        found.append(float(number))
    return found[0], found[1]


def _counted(flow: Flow, op: Op) -> bool:
    """Tell whether the number counts comparisons with what parameters predicted."""
    first = inputs(op)[0]
    compared = flow.kinds(flow.above(first)) & {"eq", "ne", "gt", "lt", "ge", "le"}
    return bool(compared) and flow.trained(first)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.argmax(dim=1)
model = torch.nn.Linear(4, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    scores = model(X)
    loss = torch.nn.functional.cross_entropy(scores, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    correct = (scores.argmax(dim=1) == y).sum()
    print("accuracy:", correct // len(y))
"""

RULE = Rule(
    code="R76",
    name="floor-division",
    kind="exact",
    severity="warning",
    check=check,
    limits={"times": 2},
    sources=("measured with PyTorch 2.13: 3 // 4 is 0",),
    failing=FAILING,
    correct=FAILING.replace("correct // len(y)", "(correct / len(y)).item()"),
)
