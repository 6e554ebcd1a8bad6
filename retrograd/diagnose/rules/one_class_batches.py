"""R68: nearly every batch holds one class only: the data are sorted and not shuffled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for batches of equal labels, where the labels of the batches differ."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    if len(evidence.optimizers) > 1:
        return  # of two players each has a class of its own
    batches: list[Sighting[Array]] = []
    for flow in evidence.flows:
        found = [item for item in criteria(flow) if item.measure in ("classes", "bce", "logits")]
        labels = _labels(found[0].target) if len(found) == 1 else None
        if labels is not None and labels.size >= limits["batch"] and np.isfinite(labels).all():
            batches.append(Sighting(flow, found[0].op, labels.reshape(-1)))
    if len(batches) < needed:
        return
    alone = [seen for seen in batches if len(np.unique(seen.what)) == 1]
    classes = {float(seen.what[0]) for seen in alone}
    if len(classes) > 1 and len(alone) >= limits["share"] * len(batches):
        said = message("one-class-batches-found", how="one", count=len(alone), batches=len(batches))
        numbers = {"batches": len(batches), "classes": len(classes)}
        site = evidence.batches_site(alone[0].op)
        yield hit(evidence, alone, said, numbers, site=site)
    elif _sorted(batches, limits):
        said = message(
            "one-class-batches-found", how="sorted", count=len(batches), batches=len(batches)
        )
        site = evidence.batches_site(batches[0].op)
        yield hit(evidence, batches, said, {"batches": len(batches)}, site=site)


def _labels(target: Value) -> Array | None:
    """Return the labels of a batch; of one whose elements were not kept, the only one of all."""
    figures = target.statistics
    if target.array is None and figures is not None and figures.min == figures.max:
        return np.full(target.slot.count, figures.min)
    return target.array


def _sorted(batches: list[Sighting[Array]], limits: Limits) -> bool:
    """Tell whether the labels rise within each batch and from one to the next, but for new rounds.

    Of two classes that would be no wonder.
    """
    if any((np.diff(seen.what) < 0).any() for seen in batches):
        return False
    if len(np.unique(np.concatenate([seen.what for seen in batches]))) < limits["classes"]:
        return False
    pairs = [
        (one.what, other.what)
        for one, other in pairwise(batches)
        if other.flow.index == one.flow.index + 1
    ]
    rising = [one[-1] <= other[0] for one, other in pairs]
    return len(rising) >= limits["batch"] and sum(rising) >= limits["share"] * len(rising)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(96, 4)
y = (X[:, 0] > 0).long()
order = y.argsort()
X, y = X[order], y[order]
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    for start in range(0, 96, 8):
        rows = slice(start, start + 8)
        loss = torch.nn.functional.cross_entropy(model(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""

RULE = Rule(
    code="R68",
    name="one-class-batches",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"steps": 8, "share": 0.8, "batch": 4, "classes": 4},
    sources=("Humbatova et al. 2020", "Karpathy, A Recipe for Training Neural Networks"),
    failing=FAILING,
    correct=FAILING.replace("y.argsort()", "torch.randperm(96)"),
    explains=("R53", "R80", "R49", "R67"),
)
