"""R13: an optimizer holds a parameter that never gets a gradient."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for trained tensors whose gradient is None in every step of the run."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    parameters = evidence.parameters
    idle = {
        number
        for number in set(evidence.held) - evidence.graded
        if parameters[number].requires_grad
    }
    if not idle or idle == set(evidence.held):
        return
    update, step = next(
        (update, flow.index)
        for flow in evidence.flows
        for update in flow.updates
        if update.parameter in idle
    )
    yield Hit(
        steps=evidence.alike([step]),
        site=evidence.definition(min(idle)) or update.site,
        event=update.index,
        message=message("unused-parameter-found", names=evidence.names(idle), count=len(idle)),
        parameters=frozenset(idle),
    )


FAILING = """\
import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(3, 8)
        self.middle = torch.nn.Linear(8, 8)
        self.head = torch.nn.Linear(8, 1)

    def forward(self, x):
        x = torch.relu(self.hidden(x))
        return self.head(x)


torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1, keepdim=True)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R13",
    name="unused-parameter",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 3},
    sources=("torch-audit TA104, TA500", "TorchLens"),
    failing=FAILING,
    correct=FAILING.replace(
        "        return self", "        x = torch.relu(self.middle(x))\n        return self"
    ),
)
