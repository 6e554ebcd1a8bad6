"""R66: a feature, or the target, is the same in every example."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.inputs_not_scaled import first_inputs
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for columns of the data, and targets, that never differ in any batch."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    yield from _targets(evidence, limits)
    batches = [
        Sighting(flow, op, data)
        for flow in evidence.flows
        for op, data in list(first_inputs(flow))[:1]
        if data.array is not None and data.array.ndim == 2
    ]
    arrays = [batch.what.array for batch in batches if batch.what.array is not None]
    widths = {array.shape[1] for array in arrays}
    if len(batches) < needed or len(widths) != 1 or max(widths) > limits["columns"]:
        return
    still = _still(arrays, limits["rows"])
    if still:
        listed = ", ".join(map(str, still[:6])) + (", …" if len(still) > 6 else "")
        said = message("constant-data-found", what="feature", columns=listed)
        made = evidence.data_site(batches[0].op, batches[0].what)
        yield hit(evidence, batches, said, site=made)


def _still(batches: list[Array], rows: float) -> list[int]:
    """Return columns that hold one number everywhere; a column of ones stands for a bias."""
    if sum(len(batch) for batch in batches) < rows:
        return []
    first = batches[0][0]
    same = np.all([(batch == first).all(axis=0) for batch in batches], axis=0)
    return [int(column) for column in np.flatnonzero(same & (first != 1))]


def _targets(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    if len(evidence.optimizers) > 1:
        return  # of two players each has a target of its own
    seen: list[Sighting[tuple[float, Value]]] = []
    for flow in evidence.flows:
        found = list(criteria(flow))
        figures = found[0].target.statistics if len(found) == 1 else None
        if figures is None or found[0].target.slot.count < limits["rows"]:
            return
        if figures.min != figures.max or (seen and seen[0].what[0] != figures.min):
            return
        if figures.min == 0 and found[0].measure in ("squared", "absolute"):
            return  # a residual is to vanish
        made = flow.producers.get(found[0].target.index)
        if made is not None and made.grad and flow.index > 0:
            return  # made by the step itself, such as zeros: meant
        seen.append(Sighting(flow, found[0].op, (figures.min, found[0].target)))
    if seen:
        number, target = seen[0].what
        said = message("constant-data-found", what="target", columns=f"{number:g}")
        yield hit(evidence, seen, said, site=evidence.data_site(seen[0].op, target))


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
X[:, 2] = 7.0
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R66",
    name="constant-data",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 3, "rows": 16, "columns": 64},
    sources=("TheDeepChecker", "torch-audit TA302"),
    failing=FAILING,
    correct=FAILING.replace("X[:, 2] = 7.0\n", ""),
)
