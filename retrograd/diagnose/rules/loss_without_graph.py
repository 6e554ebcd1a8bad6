"""R01: ``backward()`` on a loss that no tensor requiring a gradient leads to."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import detours, errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Explain the error of a backward pass without a graph, where nothing cut one."""
    found = errors.raised(evidence, errors.NO_GRAPH)
    if found is None or evidence.tail is None:
        return
    flow = evidence.tail
    if errors.rebound(evidence, flow) or not flow.roots:
        return
    if any(True for _ in errors.cuts(flow, flow.roots[-1])) or detours.returned(flow) is not None:
        return
    site = evidence.frozen_site or found[0].site
    yield errors.at(found[0], site, message("loss-without-graph-found"))


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1)
for epoch in range(10):
    loss = ((X @ weight - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        weight -= 0.1 * weight.grad
    weight.grad = None
"""

RULE = Rule(
    code="R01",
    name="loss-without-graph",
    kind="exact",
    severity="error",
    check=check,
    sources=("https://github.com/pytorch/pytorch/issues/82017",),
    failing=FAILING,
    correct=FAILING.replace("zeros(1, 1)", "zeros(1, 1, requires_grad=True)"),
)
