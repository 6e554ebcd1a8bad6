"""R72: a linear model has found its best, and it is no better than guessing."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import AFFINE, criteria, weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import RESHAPING, Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message

_LINEAR = AFFINE | RESHAPING | {"add", "add_", "sub", "sigmoid"}


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for vanishing gradients at the end, a loss near that of guessing, and no activation."""
    needed = int(limits["steps"])
    if len(evidence.losses.values) < needed or not evidence.flows:
        raise NotChecked("diagnose-needs-steps", count=needed)
    seen = []
    for flow in evidence.flows[-int(limits["window"]) :]:
        for found in criteria(flow):
            loss, guess = found.loss, found.guess
            if loss is None or guess is None or not math.isfinite(loss) or not flow.updates:
                continue
            norms = [u.gradient.statistics for u in flow.updates if u.gradient is not None]
            norm = float(np.sqrt(sum(f.norm**2 for f in norms if f is not None)))
            above = flow.above(found.prediction)
            kinds = flow.kinds(above)
            linear = kinds <= _LINEAR and kinds & AFFINE and flow.trained(found.prediction)
            if linear and loss > limits["guess"] * guess and norm < limits["gradient"]:
                seen.append(Sighting(flow, found.op, (loss, guess, _weight(flow, above))))
    for hits in repeated(seen, limits["times"]):
        loss, guess, weight = hits[-1].what
        said = message("linear-model-stuck-found", loss=f"{loss:.4g}", guess=f"{guess:.4g}")
        made = None if weight is None else evidence.parameters[weight].site
        yield hit(evidence, hits, said, {"loss_last": loss, "guessing": guess}, site=made)


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
    limits={"steps": 30, "window": 8, "times": 5, "guess": 0.95, "gradient": 0.02},
    sources=("Minsky and Papert 1969, Perceptrons",),
    failing=FAILING,
    correct=FAILING.replace(
        "torch.nn.Linear(2, 1)",
        "torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))",
    ),
    explains=("R80", "R81", "R54"),
)
