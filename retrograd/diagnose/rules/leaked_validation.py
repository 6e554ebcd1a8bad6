"""R79: examples that the model is judged on are among those that it was trained on."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import data_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.evaluation_in_training_mode import JUDGING
from retrograd.diagnose.rules.inputs_not_scaled import first_inputs
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the rows that go into the first layer when training and when judging."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    trained: set[bytes] = set()
    for flow in evidence.flows:
        for _, data in first_inputs(flow):
            trained |= set(_rows(data, limits))
    seen = []
    for flow in evidence.all_flows if trained else ():
        for op, data in _judged(flow):
            rows = set(_rows(data, limits))
            shared = len(rows & trained) / len(rows) if rows else 0.0
            # to judge all of the training data is to measure the training
            if limits["share"] < shared and not rows >= trained:
                seen.append(Sighting(flow, op, shared))
    for hits in repeated(seen, limits["times"]):
        percent = f"{100 * hits[0].what:.0f}"
        yield hit(evidence, hits, message("leaked-validation-found", percent=percent))


def _rows(data: Value, limits: Limits) -> list[bytes]:
    """Return each example as bytes; few numbers may well coincide."""
    array = data.array
    if array is None or array.ndim < 2 or array[0].size < limits["features"]:
        return []
    return [row.tobytes() for row in array]


def _judged(flow: Flow) -> Iterator[tuple[Op, Value]]:
    for op in flow.ops:
        data = data_of(flow, op) if not op.grad and op.index not in flow.loss_ops else None
        if data is None or op.phase == "optimizer" or flow.trained(data):
            continue
        below = flow.below([out for out in op.outputs if out is not None])
        if flow.kinds(below) & JUDGING and data.dtype.startswith("float"):
            yield op, data


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(96, 4)
y = (X.sum(1) > 0).long()
X_test, y_test = X[64:], y[64:]
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        print((model(X_test).argmax(1) == y_test).float().mean().item())
"""

RULE = Rule(
    code="R79",
    name="leaked-validation",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 3, "times": 2, "share": 0.05, "features": 3},
    sources=("UMLAUT",),
    failing=FAILING,
    correct=FAILING.replace("model(X), y)", "model(X[:64]), y[:64])"),
)
