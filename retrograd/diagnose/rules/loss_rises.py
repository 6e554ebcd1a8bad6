"""R53: the loss climbs far above its best value again and again: the learning rate is too high."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look at the last quarter: is it worse than the start by far, or after a far higher peak?"""
    losses = evidence.losses
    needed = int(limits["steps"])
    if len(losses.values) < needed:
        raise NotChecked("diagnose-needs-steps", count=needed)
    values = losses.values
    if not np.isfinite(values).all() or (values <= 0).any() or len(evidence.optimizers) > 1:
        return  # infinity has a rule of its own; a negative loss, or two players, may rise
    # among few steps of small batches the middle one may be low by chance
    start = max(float(values[0]), float(np.median(values[: max(3, needed // 5)])))
    end = float(np.median(values[-(len(values) // 4) :]))
    if values.max() > limits["peak"] * values[0] and end > values[0]:
        start = float(values[0])  # thrown far off by the first steps, and not back yet
    elif end <= limits["times"] * start:
        return
    updates = [update for flow in evidence.flows[-1:] for update in flow.updates]
    yield Hit(
        steps=(int(losses.steps[int(np.argmax(values))]),),
        site=evidence.rate_site(updates[0]) if updates else None,
        message=message("loss-rises-found", start=f"{start:.4g}", end=f"{end:.4g}"),
        evidence={"loss_first": start, "loss_last": end},
    )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X @ torch.tensor([[1.0], [-2.0], [0.5], [3.0]])
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1.2)
for epoch in range(30):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R53",
    name="loss-rises",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 2.0, "peak": 50, "steps": 15},
    sources=("TheDeepChecker", "Cockpit"),
    failing=FAILING,
    correct=FAILING.replace("lr=1.2", "lr=0.05"),
    explains=("R49", "R52", "R55", "R56", "R63", "R80"),
    symptom=True,
)
