"""R03: round(), floor() or sign() lies between a parameter and the loss: its derivative is 0."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import NodeRun, Op, Site
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
            place = run.site.id if run.site else -1
            if behind and all(empty(value) for value in run.grad_inputs):
                seen.setdefault(place, []).append((flow, run, behind))
            else:
                open_sites.add(place)
    for place, hits in seen.items():
        flow, run, behind = hits[0]
        steps = limits["steps"] if _name(flow, run) in NODES else limits["flat"]
        if len(hits) < min(steps, len(evidence.flows)):
            continue
        if _name(flow, run) not in NODES and place in open_sites:
            continue
        what, site = _what(flow, run), _site(evidence, flow, run)
        yield Hit(
            steps=evidence.alike(flow.index for flow, *_ in hits),
            site=site,
            event=run.index,
            message=message(
                "zero-derivative-found",
                what=what,
                expression=site.expression if site else _name(flow, run),
                names=evidence.names(behind),
            ),
            parameters=behind,
            fix=None if what == "jumps" else message(f"zero-derivative-fix-{what}"),
            severity=None if what in ("jumps", "alone") else "warning",
        )


def _alone(flow: Flow, run: NodeRun) -> bool:
    """Tell whether a node is a softmax over one score, which is 1 whatever the score."""
    node = flow.step.nodes[run.node]
    op = None if node.op is None else flow.events[node.op]
    dim = op.arguments.get("dim") if isinstance(op, Op) else None
    return (
        isinstance(op, Op)
        and _name(flow, run) == "Softmax"
        and isinstance(dim, int)
        and op.outputs[0] is not None
        and op.outputs[0].shape[dim : dim + 1 or None] == (1,)
    )


def _name(flow: Flow, run: NodeRun) -> str:
    return flow.step.nodes[run.node].name.partition("Backward")[0]


def _site(evidence: Evidence, flow: Flow, run: NodeRun) -> Site | None:
    """Return where the layer is made whose op it is, else where the op is called."""
    node = flow.step.nodes[run.node]
    op = None if node.op is None else flow.events[node.op]
    made = evidence.layer_site(op) if isinstance(op, Op) else None
    return made or run.site or _place(flow, run)


def _place(flow: Flow, run: NodeRun) -> Site | None:
    """Return the site of the op that took the result of a custom function."""
    for node in flow.step.nodes:
        if node.op is not None and any(e is not None and e.node == run.node for e in node.next):
            return flow.events[node.op].site
    return None


def _flat(flow: Flow, run: NodeRun) -> bool:
    known = _name(flow, run) in NODES + _LIMITING
    return flow.step.nodes[run.node].opaque or known or _alone(flow, run)


def _what(flow: Flow, run: NodeRun) -> str:
    if _name(flow, run) in NODES:
        return "jumps"
    if _alone(flow, run):
        return "alone"
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
    explains=("R51", "R80", "R81", "R22", "R43", "R54", "R39"),
)
