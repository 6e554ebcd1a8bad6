"""R02: an op between a parameter and the loss cuts the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrograd.diagnose import detours, errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import Message, message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value

COPYING = frozenset({"detach", "_to_copy", "clone", "lift_fresh", "alias"})
"""Ops that copy a tensor's numbers."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a cut behind the loss: where a pass failed, or where trained tensors get nothing."""
    found = errors.raised(evidence, errors.NO_GRAPH)
    tail = evidence.tail
    if found is not None and tail is not None and tail.roots:
        if errors.rebound(evidence, tail) is None:
            op = _cause(tail, tail.roots[-1])
            if op is not None:
                yield errors.at(found[0], _site(evidence, op), _said(evidence, op, None))
        return
    yield from _silent(evidence)


def _cause(flow: Flow, root: Value) -> Op | None:
    """Return the op to blame: the first computed with gradients off, else the last that cut."""
    cut = list(errors.cuts(flow, root))
    off = [op for op in cut if not op.grad]
    if cut:
        return off[-1] if off else cut[0]
    returned = detours.returned(flow)
    return None if returned is None else returned.left


def _silent(evidence: Evidence) -> Iterator[Hit]:
    for cut in silent_cuts(evidence):
        if not new_leaf(cut):  # which has a rule of its own
            yield Hit(
                steps=evidence.alike([cut.flow.index]),
                site=_site(evidence, cut.op),
                event=cut.op.index,
                message=_said(evidence, cut.op, cut.parameters),
                parameters=cut.parameters,
            )


@dataclass(frozen=True, slots=True)
class Cut:
    """Where parameters of an optimizer lose the loss."""

    flow: Flow
    op: Op
    back: Op  # where the numbers came back, where they had left PyTorch; else the same op
    parameters: frozenset[int]


def silent_cuts(evidence: Evidence) -> Iterator[Cut]:
    """Yield cuts that leave parameters of an optimizer without any gradient in the whole run."""
    if not any(flow.accumulations or _begins_anew(flow) for flow in evidence.flows):
        return
    starved = set(evidence.held) - evidence.graded
    starved = {n for n in starved if evidence.parameters[n].requires_grad}
    for flow in evidence.flows:
        if not starved:
            return
        by_place: dict[tuple[int, int], set[int]] = {}
        for number in sorted(starved):
            place = _between(evidence, flow, number)
            if place is not None:
                by_place.setdefault((place[0].index, place[1].index), set()).add(number)
        for (index, returned), numbers in by_place.items():
            op, back = flow.events[index], flow.events[returned]
            assert isinstance(op, Op)
            assert isinstance(back, Op)
            starved -= numbers
            yield Cut(flow, op, back, frozenset(numbers))


def _begins_anew(flow: Flow) -> bool:
    """Tell whether a backward pass began at a leaf, and so ended there."""
    return any(root.slot.leaf and root.slot.requires_grad for root in flow.roots)


def new_leaf(cut: Cut) -> bool:
    """Tell whether what a cut leaves requires gradients again: a leaf in the middle."""
    values = [value for value in cut.back.outputs if value is not None]
    for _ in range(4):
        if any(value.slot.requires_grad and value.slot.leaf for value in values):
            return True
        users = [user for value in values for user in cut.flow.consumers.get(value.index, ())]
        values = [out for user in users if kind(user) in COPYING for out in user.outputs if out]
    return False


def _between(evidence: Evidence, flow: Flow, parameter: int) -> tuple[Op, Op] | None:
    """Return the first op below a parameter that cuts it from the roots it leads to.

    With it comes the op by which the numbers came back, where they went through Python.
    """
    starts = [
        value
        for op in flow.ops
        for value in inputs(op)
        if op.phase != "optimizer" and evidence.is_starved(flow, value, parameter)
    ]
    if not starts:
        return None
    below = flow.below(starts)
    for index in sorted(below & flow.loss_ops):
        op = flow.events[index]
        if isinstance(op, Op) and flow.cuts(op) and kind(op) != "_local_scalar_dense":
            return op, op
    if below & flow.loss_ops:
        return None
    returned = detours.returned(flow, below)
    return None if returned is None else (returned.left, returned.back)


def _site(evidence: Evidence, op: Op) -> Site | None:
    """Return where an op cuts the graph: what switched gradients off for it, else the op."""
    return op.site if op.grad else evidence.switch_site(op)


def _said(evidence: Evidence, op: Op, parameters: frozenset[int] | None) -> Message:
    ways = {
        "detach": "detach",
        "_local_scalar_dense": "item",
        "lift_fresh": "item",
        "argmax": "argmax",
    }
    way = ways.get(kind(op), "other") if op.grad else "no-grad"
    expression = op.site.expression if op.site is not None else op.name
    if parameters is None:
        return message("graph-cut-found-all", way=way, expression=expression)
    names = evidence.names(parameters)
    return message("graph-cut-found", way=way, expression=expression, names=names)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
encoder = torch.nn.Linear(4, 8)
head = torch.nn.Linear(8, 1)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.05)
for epoch in range(10):
    code = torch.relu(encoder(X)).detach()
    loss = torch.nn.functional.mse_loss(head(code), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R02",
    name="graph-cut",
    kind="exact",
    severity="error",
    check=check,
    sources=("Humbatova et al. 2020, Taxonomy of Real Faults in Deep Learning Systems",),
    failing=FAILING,
    correct=FAILING.replace(".detach()", ""),
    explains=("R13", "R18", "R51", "R01"),
)
