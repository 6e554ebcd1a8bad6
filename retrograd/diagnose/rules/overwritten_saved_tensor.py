"""R05: A value that an op keeps for its backward formula was changed in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.graph_grows import carrier
from retrograd.store.model import StepCall

PATTERNS = (r"modified by an inplace operation",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Read the error; where an optimizer did it, look for the state that kept the old graph."""
    found = list(errors.placed("overwritten-saved-tensor", *PATTERNS)(evidence, limits))
    flow = evidence.tail
    op = None if flow is None or not found else carrier(flow)
    stepped = found and any(
        isinstance(event, StepCall) and event.site == found[0].site
        for each in evidence.flows[-2:]
        for event in each.ledger
    )
    if flow is not None and op is not None and stepped:
        yield replace(found[0], site=evidence.outer_site(flow, op))
    else:
        yield from found


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(10):
    output = torch.exp(X @ weight)
    output += 1
    loss = ((output - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R05",
    name="overwritten-saved-tensor",
    kind="exact",
    severity="error",
    check=check,
    sources=("https://discuss.pytorch.org/t/169583",),
    failing=FAILING,
    correct=FAILING.replace("output += 1", "output = output + 1"),
)
