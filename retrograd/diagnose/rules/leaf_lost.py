"""R10: a parameter was moved or scaled after ``requires_grad=True``: its name is no leaf."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import RESHAPING, Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import Message, message
from retrograd.store.model import Op

PATTERNS = (r"can't optimize a non-leaf Tensor",)
_MOVING = (RESHAPING - {"detach", "copy_", "lift_fresh"}) | {"mul", "div", "add", "sub", "neg"}


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for ``w.grad`` of a ``w`` that one op made from a leaf which nothing else uses."""
    refused = errors.raised(evidence, *PATTERNS)
    if refused is not None:
        failure = errors.failure(evidence)
        if failure is not None:
            yield errors.at(refused[0], failure.cause, failure.facts[0].message)
        return
    for incident in evidence.warnings(".grad attribute of a Tensor that is not a leaf"):
        read = incident.site.expression if incident.site is not None else ""
        name = read.removesuffix(".grad")
        for flow in evidence.all_flows[:1]:
            op = _made(flow, name) or _nameless(evidence, flow)
            if op is not None:
                yield Hit(
                    steps=(flow.index,),
                    site=op.site,
                    event=op.index,
                    message=_said(op, name),
                )
                return
    # the warning may be silenced: then nothing is updated at all
    if not any(flow.updates for flow in evidence.all_flows):
        for flow in evidence.all_flows[:1]:
            op = _nameless(evidence, flow)
            if op is not None:
                yield Hit(steps=(flow.index,), site=op.site, event=op.index, message=_said(op))


def _said(op: Op, name: str | None = None) -> Message:
    out = op.outputs[0] if op.outputs else None
    return message(
        "leaf-lost-found",
        name=name or (out.name if out is not None and out.name else op.name),
        expression=op.site.expression if op.site else op.name,
    )


def _nameless(evidence: Evidence, flow: Flow) -> Op | None:
    """Return the op that moved a leaf which gets gradients, and which no variable holds any more.

    It ran once, and several backward passes came to it.
    """
    passes = evidence.recording.meta.get("backward_passes") or 0
    updated = {update.parameter for each in evidence.all_flows for update in each.updates}
    for parameter in evidence.parameters:
        number = parameter.id
        if number in updated or number in evidence.held or passes < 2:
            continue
        if parameter.name != f"parameter{number}" or number not in evidence.reached:
            continue
        uses = [
            op
            for each in evidence.all_flows
            for op in each.ops
            if any(value.slot.parameter == number for value in inputs(op))
        ]
        if len(uses) == 1 and uses[0] in flow.ops and kind(uses[0]) in _MOVING:
            return uses[0]
    return None


def _made(flow: Flow, name: str) -> Op | None:
    """Return the op that made the value of a name from a leaf, where the leaf has no other use."""
    named = [op for op in flow.ops if any(o is not None and o.name == name for o in op.outputs)]
    op = named[0] if named else None
    for _ in range(8):
        taken = inputs(op) if op is not None else []
        if op is None or kind(op) not in _MOVING or len(taken) != 1:
            return None
        if taken[0].slot.leaf and taken[0].slot.requires_grad:
            uses = [each for each in flow.ops if taken[0].index in {v.index for v in inputs(each)}]
            return op if len(uses) == 1 else None
        op = flow.producers.get(taken[0].index)
    return None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.randn(1, 1, requires_grad=True) * 0.1
for epoch in range(10):
    loss = ((X @ weight - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        weight -= 0.1 * weight.grad
        weight.grad = None
"""

RULE = Rule(
    code="R10",
    name="leaf-lost",
    kind="exact",
    severity="error",
    check=check,
    sources=("documentation of torch.Tensor.is_leaf", "measured with PyTorch 2.13"),
    failing=FAILING,
    raises=PATTERNS,
    correct=FAILING.replace(
        "torch.randn(1, 1, requires_grad=True) * 0.1",
        "(torch.randn(1, 1) * 0.1).requires_grad_()",
    ),
    explains=("R08", "R04", "R09", "R13", "R17", "R21"),
)
