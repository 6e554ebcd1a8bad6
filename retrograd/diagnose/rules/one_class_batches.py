"""R68: nearly every batch holds one class only: the data are sorted and not shuffled."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for batches of equal labels, where the labels of the batches differ."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    if len(evidence.optimizers) > 1:
        return  # of two players each has a class of its own
    batches: list[Sighting[float]] = []
    for flow in evidence.flows:
        found = [item for item in criteria(flow) if item.measure in ("classes", "bce", "logits")]
        figures = found[0].target.statistics if len(found) == 1 else None
        if figures is None or found[0].target.slot.count < limits["batch"]:
            continue
        batches.append(
            Sighting(flow, found[0].op, figures.min if figures.min == figures.max else -1.0)
        )
    alone = [seen for seen in batches if seen.what >= 0]
    classes = {seen.what for seen in alone}
    if len(batches) >= needed and len(classes) > 1 and len(alone) >= limits["share"] * len(batches):
        said = message("one-class-batches-found", count=len(alone), batches=len(batches))
        yield hit(
            evidence,
            alone,
            said,
            {"batches": len(batches), "classes": len(classes)},
            site=evidence.batches_site(alone[0].op),
        )


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
    limits={"steps": 8, "share": 0.8, "batch": 4},
    sources=("Humbatova et al. 2020", "Karpathy, A Recipe for Training Neural Networks"),
    failing=FAILING,
    correct=FAILING.replace("y.argsort()", "torch.randperm(96)"),
    explains=("R53", "R80", "R49", "R67"),
)
