"""R81: the model predicts the same for every example of a batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose import sameness
from retrograd.diagnose.criteria import AFFINE, Criterion, criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message

_ZERO = 0.01
"""Weights below this size have hardly left the zeros that they started from."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare how predictions spread over the batch with how large they and the targets are."""
    window = int(limits["window"])
    if len(evidence.flows) < window + limits["warmup"]:
        raise NotChecked("diagnose-needs-full-steps", count=int(window + limits["warmup"]))
    seen = [
        Sighting(flow, found.op, found.prediction)
        for flow in evidence.flows[-window:]
        for found in criteria(flow)
        if _constant(found, limits) and not _at_zero(flow)
    ]
    for hits in repeated(seen, limits["times"]):
        op = sameness.levelled(hits[0].flow, hits[0].what)
        # a layer with weights is not to blame for what comes to it
        site = op.site if op is not None and kind(op) in AFFINE else None
        site = evidence.layer_site(op) if op is not None and site is None else site
        yield hit(evidence, hits, message("constant-output-found"), site=site)


def _at_zero(flow: Flow) -> bool:
    """Tell whether all weights are still next to zero: then any model is constant."""
    known = [u.before.statistics for u in flow.updates if u.before is not None]
    sizes = [max(abs(item.min), abs(item.max)) for item in known if item is not None]
    return bool(sizes) and max(sizes) < _ZERO


def _constant(found: Criterion, limits: Limits) -> bool:
    prediction, target = found.prediction.array, found.target.array
    if prediction is None or target is None or prediction.ndim < 1 or target.ndim < 1:
        return False
    rows = len(prediction)
    if rows < limits["rows"] or len(target) != rows or (target == target[:1]).all():
        return False
    wide = prediction.astype(np.float64)
    if not np.isfinite(wide).all():
        return False
    numbers = target.astype(np.float64)
    size = np.sqrt(np.mean(wide**2))
    if found.measure in ("squared", "absolute"):
        size = max(size, float(numbers.std()))
    return bool(wide.std(axis=0).max() < limits["spread"] * size)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(25):
    mean = X.mean(0, keepdim=True).expand(64, 4)  # over the examples, not over features
    loss = torch.nn.functional.mse_loss(model(mean), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R81",
    name="constant-output",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"window": 8, "times": 5, "warmup": 10, "rows": 4, "spread": 1e-3},
    sources=("TheDeepChecker",),
    failing=FAILING,
    correct=FAILING.replace("model(mean)", "model(X)"),
    explains=("R80", "R54", "R51", "R22", "R39", "R55"),
    symptom=True,
)
