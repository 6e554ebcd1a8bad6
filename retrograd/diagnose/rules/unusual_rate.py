"""R52: the learning rate lies far outside of what the optimizer works with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message

_ADAPTIVE = ("Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop", "Adagrad")


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Read the rates of all steps, where the loss does not fall by itself."""
    needed = int(limits["steps"])
    values = evidence.losses.values
    if len(values) < needed or not evidence.flows:
        raise NotChecked("diagnose-needs-steps", count=needed)
    first, last = float(np.median(values[:3])), float(np.median(values[-3:]))
    # steps that threw the loss far off say the same, even where it came back
    thrown = bool(values.max() > limits["thrown"] * abs(values[0]))
    if len(evidence.optimizers) > 1 or (0 < last < limits["fallen"] * first and not thrown):
        return
    rates: list[float] = []
    for flow in evidence.flows:
        for update in flow.updates:
            rate = update.hyperparameters.get("lr")
            if update.manual or isinstance(rate, bool) or not isinstance(rate, (int, float)):
                return
            rates.append(rate)
    if not rates:
        return
    update = evidence.flows[0].updates[0]
    highest = limits["adaptive" if update.name in _ADAPTIVE else "plain"]
    # a warm-up starts below, a decay ends there: the highest rate counts
    if limits["lowest"] <= max(rates) <= highest:
        return
    yield Hit(
        steps=evidence.alike([evidence.flows[0].index]),
        site=evidence.rate_site(update),
        event=update.index,
        message=message(
            "unusual-rate-found",
            way="low" if max(rates) < limits["lowest"] else "high",
            rate=f"{max(rates):g}",
            optimizer=update.name,
        ),
    )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4, dtype=torch.float64)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1).double()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-8)
for epoch in range(15):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R52",
    name="unusual-rate",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={
        "steps": 10,
        "fallen": 0.5,
        "thrown": 10,
        "lowest": 1e-7,
        "adaptive": 0.05,
        "plain": 10,
    },
    sources=("UMLAUT (0.01 for Adam; small models bear more)", "DeepDiagnosis"),
    failing=FAILING,
    correct=FAILING.replace("lr=1e-8", "lr=1e-2"),
    explains=("R55",),
    symptom=True,
)
