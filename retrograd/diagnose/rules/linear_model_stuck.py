"""R72: a linear model has found its best, and it is no better than guessing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from retrograd.diagnose.criteria import AFFINE, criteria, weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import CHOOSING, RESHAPING, Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.elements import Array

_LINEAR = AFFINE | RESHAPING | CHOOSING | {"add", "add_", "sub", "sigmoid", "randperm"}


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for vanishing gradients at the end, a loss near that of guessing, and no activation."""
    needed = int(limits["steps"])
    passes = sum(len(flow.passes) for flow in evidence.flows)  # of LBFGS, several a step
    if max(len(evidence.losses.values), passes) < needed:
        raise NotChecked("diagnose-needs-steps", count=needed)
    seen = []
    still = _still(evidence.flows[-int(limits["mean"]) :], limits["gradient"])
    for flow in evidence.flows[-int(limits["window"]) :]:
        for found in criteria(flow):
            loss, guess = found.loss, found.guess
            if loss is None or guess is None or not math.isfinite(loss) or not flow.updates:
                continue
            above = flow.above(found.prediction)
            kinds = flow.kinds(above)
            linear = kinds <= _LINEAR and kinds & AFFINE and flow.trained(found.prediction)
            if linear and limits["guess"] * guess < loss < 1.5 * guess and still:
                seen.append(Sighting(flow, found.op, (loss, guess, _weight(flow, above))))
    for hits in repeated(seen, limits["times"]):
        loss, guess, weight = hits[-1].what
        said = message("linear-model-stuck-found", loss=f"{loss:.4g}", guess=f"{guess:.4g}")
        made = None if weight is None else evidence.parameters[weight].site
        yield hit(evidence, hits, said, {"loss_last": loss, "guessing": guess}, site=made)


def _still(flows: Sequence[Flow], least: float) -> bool:
    """Tell whether the gradient is next to zero as a whole: what batches add cancels out."""
    sums: dict[int, Array] = {}
    sizes = 0.0
    for flow in flows:
        for update in flow.updates:
            gradient = None if update.gradient is None else update.gradient.array
            if gradient is not None:
                wide = gradient.astype(np.float64)
                if not np.isfinite(wide).all():
                    return False
                sums[update.parameter] = sums.get(update.parameter, np.zeros_like(wide)) + wide
                sizes += float((wide**2).sum())
    mean = float(np.sqrt(sum((total**2).sum() for total in sums.values()))) / len(flows)
    noise = float(np.sqrt(sizes)) / len(flows)  # of as many gradients that point anywhere
    return mean < least or (len(flows) >= 16 and mean < 2 * noise)


def _weight(flow: Flow, above: set[int]) -> int | None:
    """Return the last matrix that a prediction was multiplied with."""
    for op in reversed(flow.ops):
        weight = weight_of(flow, op) if op.index in above else None
        if weight is not None:
            return flow.parameter_of(weight)
    return None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(400):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R72",
    name="linear-model-stuck",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"steps": 30, "window": 8, "times": 5, "guess": 0.95, "gradient": 0.02, "mean": 60},
    sources=("Minsky and Papert 1969, Perceptrons",),
    failing=FAILING,
    correct=FAILING.replace(
        "torch.nn.Linear(2, 1)",
        "torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))",
    ),
    explains=("R80", "R81", "R54"),
)
