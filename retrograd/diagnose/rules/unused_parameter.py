"""R13: an optimizer holds a parameter that never gets a gradient."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import evaluations
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import inputs
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import Site


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
    missed = _forgotten(evidence, idle) or _overwritten(evidence, idle) or _dropped(evidence, idle)
    yield Hit(
        steps=evidence.alike([step]),
        site=missed or evidence.definition(min(idle)) or update.site,
        event=update.index,
        message=message("unused-parameter-found", names=evidence.names(idle), count=len(idle)),
        parameters=frozenset(idle),
    )


def _forgotten(evidence: Evidence, idle: set[int]) -> Site | None:
    """Return where the losses are joined, if one that idle tensors lead to is left out."""
    for flow in evidence.flows[:4]:
        taken = [
            value
            for op in flow.ops
            for value in (inputs(op) if op.grad else ())
            if any(evidence.is_starved(flow, value, number) for number in idle)
        ]
        left = {found.op.index for found in evaluations(flow) if found.op.grad}
        joined = flow.producers.get(flow.roots[-1].index) if flow.roots else None
        if joined is not None and not left.isdisjoint(flow.below(taken)):
            return evidence.root_site(flow.passes[-1], joined)
    return None


def _overwritten(evidence: Evidence, idle: set[int]) -> Site | None:
    """Return what takes the place of what idle tensors computed, before anything reads it."""
    for flow in evidence.flows[:4]:
        for op in flow.ops:
            values = inputs(op) if op.grad else []
            if any(evidence.is_starved(flow, value, number) for value in values for number in idle):
                site = evidence.overwritten_site(op)
                if site is not None:
                    return site
    return None


def _dropped(evidence: Evidence, idle: set[int]) -> Site | None:
    """Return where the last is computed of what idle tensors lead to, which nothing reads."""
    for flow in evidence.flows[:1]:
        started = [
            out
            for op in flow.ops
            if op.grad and any(flow.parameter_of(value) in idle for value in inputs(op))
            for out in op.outputs
            if out is not None
        ]
        after = flow.below(started) | {flow.producers[value.index].index for value in started}
        ends = [
            op
            for op in flow.ops
            if op.index in after
            and not any(flow.consumers.get(out.index) for out in op.outputs if out is not None)
        ]
        if ends:
            return ends[-1].site
    return None


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
