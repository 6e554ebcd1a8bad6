"""R13: an optimizer holds a parameter that never gets a gradient."""

from __future__ import annotations

import re
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
    ways = (_forgotten, _overwritten, _mistaken, _dropped)
    missed = next((site for way in ways if (site := way(evidence, idle)) is not None), None)
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


def _mistaken(evidence: Evidence, idle: set[int]) -> Site | None:
    """Return where another tensor is used again that is called nearly as an idle one is.

    Of several places it is the one that speaks of the idle one, else the last.
    """
    unused = [evidence.parameters[number] for number in sorted(idle)]
    sites: dict[int, dict[int, Site]] = {}
    flow = evidence.flows[0]
    for op in flow.ops:
        for number in {flow.parameter_of(value) for value in inputs(op)} - {None, *idle}:
            if number is not None and op.site is not None:
                sites.setdefault(number, {})[op.site.id] = op.site
    for number, found in sites.items():
        used = evidence.parameters[number]
        for missed in unused if len(found) > 1 else ():
            words = _apart(missed.name, used.name)
            if words is not None and missed.shape == used.shape:
                told = [s for s in found.values() if any(w in s.expression for w in words)]
                return (told or [*found.values()])[-1]
    return None


def _apart(missed: str, used: str) -> set[str] | None:
    """Return the words of a dotted name that another one lacks, if they differ in a single part."""
    one, two = missed.split("."), used.split(".")
    apart = [pair for pair in zip(one, two, strict=False) if pair[0] != pair[1]]
    if len(one) != len(two) or len(apart) != 1:
        return None
    first, second = (set(re.findall(r"[A-Za-z]+", part)) for part in apart[0])
    return first - second


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
