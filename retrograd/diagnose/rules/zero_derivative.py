"""R03: round(), floor() or sign() lies between a parameter and the loss: its derivative is 0."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun, Site
from retrograd.store.value import Value

NODES = ("Round", "Floor", "Ceil", "Trunc", "Frac", "Sign", "Sgn", "Heaviside")
_LIMITING = ("Clamp", "ClampMin", "ClampMax", "Hardtanh", "Hardsigmoid")
"""Flat outside of their limits, whether or not any value lies within."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for such a node that stops a gradient, and parameters behind it that get only zeros."""
    seen: dict[int, list[tuple[Flow, NodeRun, frozenset[int]]]] = {}
    open_sites: set[int] = set()  # where something came through at times
    for flow in evidence.flows:
        zero = {a.parameter for a in flow.accumulations if empty(a.contribution)}
        for run in flow.runs:
            if not _flat(flow, run) or all(empty(value) for value in run.grad_outputs):
                continue
            behind = flow.parameter_nodes[run.node] & zero
            site = run.site.id if run.site else -1
            if behind and all(empty(value) for value in run.grad_inputs):
                seen.setdefault(site, []).append((flow, run, behind))
            else:
                open_sites.add(site)
    for site, hits in seen.items():
        flow, run, behind = hits[0]
        steps = limits["steps"] if _name(flow, run) in NODES else limits["flat"]
        if len(hits) < min(steps, len(evidence.flows)):
            continue
        if _name(flow, run) not in NODES and site in open_sites:
            continue
        what = _what(flow, run)
        yield Hit(
            steps=evidence.alike(flow.index for flow, *_ in hits),
            site=run.site or _place(flow, run),
            event=run.index,
            message=message(
                "zero-derivative-found",
                what=what,
                expression=run.site.expression if run.site else _name(flow, run),
                names=evidence.names(behind),
            ),
            parameters=behind,
            fix=None if what == "jumps" else message(f"zero-derivative-fix-{what}"),
            severity=None if what == "jumps" else "warning",
        )


def _name(flow: Flow, run: NodeRun) -> str:
    return flow.step.nodes[run.node].name.partition("Backward")[0]


def _place(flow: Flow, run: NodeRun) -> Site | None:
    """Return the site of the op that took the result of a custom function."""
    for node in flow.step.nodes:
        if node.op is not None and any(e is not None and e.node == run.node for e in node.next):
            return flow.events[node.op].site
    return None


def _flat(flow: Flow, run: NodeRun) -> bool:
    return flow.step.nodes[run.node].opaque or _name(flow, run) in NODES + _LIMITING


def _what(flow: Flow, run: NodeRun) -> str:
    if _name(flow, run) in NODES:
        return "jumps"
    return "own" if flow.step.nodes[run.node].opaque else "limits"


def empty(value: Value | None) -> bool:
    """Tell whether a gradient is None or all zeros."""
    figures = None if value is None else value.statistics
    return value is None or (figures is not None and figures.zeros == value.slot.count)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1, keepdim=True).round()
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(torch.round(model(X)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R03",
    name="zero-derivative",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 2, "flat": 5},
    sources=("measured with PyTorch 2.13: the gradient is exactly 0, silently",),
    failing=FAILING,
    correct=FAILING.replace("torch.round(model(X))", "model(X)"),
    explains=("R51", "R80", "R81", "R22", "R54"),
)
