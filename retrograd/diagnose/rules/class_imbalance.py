"""R67: one class is many times as frequent as another, and the loss weighs them all the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import Criterion, criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Count the labels of all steps looked at."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    if len(evidence.optimizers) > 1:
        return
    seen = []
    counts: dict[int, int] = {}
    for flow in evidence.flows:
        found = [item for item in criteria(flow) if _unweighted(item, limits)]
        target = found[0].target if len(found) == 1 else None
        array = None if target is None else target.array
        if target is not None and target.sample is not None:  # the pixels of many images
            for label, count in _pixels(target).items():
                counts[label] = counts.get(label, 0) + count
            seen.append(Sighting(flow, found[0].op, None))
            continue
        if array is None or not np.isin(array, range(int(limits["classes"]))).all():
            continue
        for label, count in zip(*np.unique(array, return_counts=True), strict=True):
            counts[int(label)] = counts.get(int(label), 0) + int(count)
        seen.append(Sighting(flow, found[0].op, None))
    if len(seen) < needed or len(counts) < 2 or sum(counts.values()) < limits["labels"]:
        return
    most, least = max(counts, key=lambda c: counts[c]), min(counts, key=lambda c: counts[c])
    ratio = counts[most] / counts[least]
    if ratio > limits["ratio"]:
        said = message(
            "class-imbalance-found", most=str(most), least=str(least), ratio=f"{ratio:.3g}"
        )
        made = evidence.layer_site(seen[0].op)  # that takes weights
        yield hit(evidence, seen, said, {"ratio": ratio}, site=made)


def _pixels(target: Value) -> dict[int, int]:
    """Count zeros and ones by the figures of a target that is too large to be kept whole."""
    figures = target.statistics
    if figures is None or figures.min < 0 or figures.max > 1:
        return {}
    return {0: figures.zeros, 1: target.slot.count - figures.zeros}


def _unweighted(found: Criterion, limits: Limits) -> bool:
    if found.measure not in ("classes", "bce", "logits"):
        return False
    if found.op.arguments.get("weight") is not None:
        return False
    return found.op.arguments.get("pos_weight") is None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(400, 4)
y = (X[:, 0] > 2).long()
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R67",
    name="class-imbalance",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 3, "classes": 20, "labels": 100, "ratio": 10},
    sources=("SageMaker Debugger, built-in rules",),
    style=True,  # the data may be so: whatever else is found comes first
    failing=FAILING,
    correct=FAILING.replace("cross_entropy(model(X), y)", "cross_entropy(model(X), y, w)").replace(
        "model = ", "w = 200 / torch.bincount(y)\nmodel = "
    ),
)
