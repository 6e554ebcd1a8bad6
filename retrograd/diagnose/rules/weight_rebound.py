"""R09: an update by hand gave the weight's name to a new tensor that is no longer trained."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import detours, errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for ``w = w - lr * w.grad`` before an error, or where it ends the training silently."""
    found = errors.raised(
        evidence, errors.NO_GRAPH, r"NoneType", r"backward through the graph a second time"
    )
    for flow in (*evidence.flows[-2:], *([evidence.tail] if evidence.tail else [])):
        place = errors.rebound(evidence, flow)
        if place is None:
            continue
        op, value = place
        if found is None and op.grad is False and evidence.error is None:
            continue
        yield _hit(evidence, flow, op, frozenset({value.slot.parameter or 0}), "name")
        return
    yield from _nowhere(evidence, limits["times"])
    yield from _replaced(evidence)


def _replaced(evidence: Evidence) -> Iterator[Hit]:
    """Look for a name that is given a new tensor, made without a graph, after a step.

    The optimizer keeps the old one, which gets no gradient any more.
    """
    for number in evidence.held:
        reached = evidence.reached.get(number)
        if not reached or len(evidence.flows) < 3 or evidence.flows[-1].index < reached[-1] + 2:
            continue
        name = evidence.parameters[number].name
        for flow in evidence.flows:
            if flow.index not in (reached[-1], reached[-1] + 1):
                continue
            for op in flow.ops:
                plain = not op.grad and not op.mutates and op.phase != "optimizer"
                taken = [value.slot.parameter for value in inputs(op)] if plain else []
                if number in taken and evidence.program.assigns(op.site, name):
                    yield _hit(evidence, flow, op, frozenset({number}), "name")
                    return


def _nowhere(evidence: Evidence, times: float) -> Iterator[Hit]:
    """Look for steps into tensors that nothing takes, while the parameter stays as it was."""
    moved = set(evidence.held)
    moved |= {update.parameter for flow in evidence.all_flows for update in flow.updates}
    seen: dict[int, list[tuple[Flow, Op, int]]] = {}
    for flow in evidence.all_flows:
        for op, value in detours.steps_aside(flow):
            number = value.slot.parameter
            used = any(out and out.index in flow.consumers for out in op.outputs)
            if number is not None and number not in moved and not used and op.site is not None:
                seen.setdefault(op.site.id, []).append((flow, op, number))
    for hits in seen.values():
        numbers = frozenset(number for _, _, number in hits)
        if len(hits) >= times * len(numbers):
            flow, op, _ = hits[0]
            yield _hit(evidence, flow, op, numbers, "copy" if op.mutates else "nothing")


def _hit(evidence: Evidence, flow: Flow, op: Op, numbers: frozenset[int], what: str) -> Hit:
    expression = op.site.expression if op.site else evidence.names(numbers)
    return Hit(
        steps=(flow.index,),
        site=op.site,
        event=op.index,
        message=message(
            "weight-rebound-found",
            what=what,
            expression=expression,
            names=evidence.names(numbers),
        ),
        parameters=numbers,
    )


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
for epoch in range(10):
    loss = ((X @ weight - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        weight = weight - 0.1 * weight.grad
"""

RULE = Rule(
    code="R09",
    name="weight-rebound",
    kind="exact",
    severity="error",
    check=check,
    limits={"times": 2},
    sources=("measured with PyTorch 2.13: the new tensor is no leaf, or requires no gradient",),
    failing=FAILING,
    correct=FAILING.replace("weight = weight - 0.1 * weight.grad", "weight -= 0.1 * weight.grad")
    + "    weight.grad = None\n",
    explains=("R01", "R02", "R04", "R08", "R17"),
)
