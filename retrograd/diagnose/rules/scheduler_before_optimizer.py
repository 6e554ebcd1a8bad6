"""R23: ``scheduler.step()`` ran before the first ``optimizer.step()``."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for PyTorch's warning."""
    for incident in evidence.warnings("lr_scheduler.step()", "before", "optimizer.step()")[:1]:
        yield Hit(
            steps=(incident.step or 0,),
            site=incident.site,
            event=incident.event,
            message=message("scheduler-before-optimizer-found"),
        )


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=5)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    scheduler.step()
    optimizer.step()
"""

RULE = Rule(
    code="R23",
    name="scheduler-before-optimizer",
    kind="exact",
    severity="warning",
    check=check,
    sources=("documentation of torch.optim.lr_scheduler",),
    failing=FAILING,
    correct=FAILING.replace("    scheduler.step()\n", "") + "    scheduler.step()\n",
)
