"""R80: the loss does not fall over the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the losses of the first and the last fifth."""
    losses = evidence.losses
    values = losses.values
    needed = int(limits["steps"])
    if len(values) < needed:
        raise NotChecked("diagnose-needs-steps", count=needed)
    if len(evidence.optimizers) > 1 or not np.isfinite(values).all() or (values <= 0).any():
        return  # two players have no common loss; a negative loss has no scale
    part = max(len(values) // 5, 1)
    first, last = float(np.mean(values[:part])), float(np.mean(values[-part:]))
    spread = float(np.std(values))
    noisy = spread > limits["noise"] * abs(first)
    if last < first * (1 - limits["fall"]) or noisy or first < limits["small"]:
        return
    site = next((f.passes[-1].site for f in evidence.flows[-1:] if f.passes), None)
    yield Hit(
        steps=(int(losses.steps[0]), int(losses.steps[-1])),
        site=site,
        message=message(
            "loss-stands-still-found",
            first=f"{first:.4g}",
            last=f"{last:.4g}",
            steps=len(values),
        ),
        evidence={"loss_first": first, "loss_last": last},
    )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(2000, 4)
y = torch.randn(2000, 1)
y -= y.mean()
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
torch.nn.init.zeros_(model[2].weight)
torch.nn.init.zeros_(model[2].bias)
optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
for epoch in range(40):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R80",
    name="loss-stands-still",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"steps": 30, "fall": 0.01, "noise": 0.1, "small": 1e-4},
    sources=("SageMaker Debugger, built-in rules", "AutoTrainer"),
    failing=FAILING,
    correct=FAILING.replace("torch.randn(2000, 1)", "X.sum(1, keepdim=True)"),
    symptom=True,
)
