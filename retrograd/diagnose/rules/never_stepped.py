"""R17: backward passes fill ``.grad``, and no parameter is ever updated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.program import assigned
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.not_in_optimizer import left_out
from retrograd.messages.message import message
from retrograd.store.model import BackwardCall, Site

_OPTIMIZER = re.compile(r"(^|\.)optim\.[A-Z]\w*$|^(SGD|\w*Ada[a-z]\w*|NAdam|RAdam|RMSprop|LBFGS)$")
"""Classes of optimizers, as the source calls them."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a run with several backward passes and no update, of all or of one optimizer."""
    recording = evidence.recording
    passes = recording.meta.get("backward_passes") or 0
    if recording.steps or any(flow.updates for flow in evidence.all_flows):
        yield from _one(evidence, limits)
        return
    if not evidence.recording.complete or evidence.error is not None:
        raise NotChecked("diagnose-run-ended-early")
    flow = evidence.tail
    if flow is None or not flow.accumulations or passes < limits["passes"]:
        return
    call = flow.passes[0]
    repeats = sum(1 for other in flow.passes if other.site == call.site)
    if repeats < limits["passes"]:
        return
    yield Hit(
        steps=(flow.index,),
        site=_unreached(evidence, call) or call.site,
        event=call.index,
        message=message("never-stepped-found", count=passes),
        evidence={"passes": passes, "updates": 0},
        parameters=frozenset(evidence.reached),
    )


def _one(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for an optimizer of several that clears gradients, and that the source never steps."""
    left = left_out(evidence, limits["passes"])
    if not left:
        return
    uses = _uses(evidence)
    idle = [name for name, seen in uses.items() if {use.attr for use in seen} == {"zero_grad"}]
    if len(uses) < 2 or len(idle) != 1 or _passed_on(evidence, idle[0]):
        return
    flow = evidence.flow(evidence.reached[min(left)][0])
    call = flow.passes[-1]
    yield Hit(
        steps=evidence.alike(evidence.reached[min(left)]),
        site=call.site,
        event=call.index,
        message=message("never-stepped-found-one", optimizer=idle[0], names=evidence.names(left)),
        parameters=left | _instead(flow, left),
    )


def _instead(flow: Flow, left: frozenset[int]) -> frozenset[int]:
    """Return what the next optimizer that steps moves after a pass to what is never stepped.

    It uses what that pass left in its gradients too.
    """
    filled = [event.index for event in flow.accumulations if event.parameter in left]
    after = [update for update in flow.updates if filled and update.index > filled[-1]]
    return frozenset(update.parameter for update in after)


def _unreached(evidence: Evidence, call: BackwardCall) -> Site | None:
    """Return the only ``step`` of an optimizer in the source, which was not called."""
    steps = [use for seen in _uses(evidence).values() for use in seen if use.attr == "step"]
    if not steps:  # of one that a function is given, what is named and not called
        called = {id(node.func) for node in evidence.program.calls}
        named = [node for node in evidence.program.nodes if isinstance(node, ast.Attribute)]
        steps = [node for node in named if node.attr == "step" and id(node) not in called]
    if len(steps) != 1 or call.site is None:
        return None
    calls = [node for node in evidence.program.calls if node.func is steps[0]]
    return evidence.program.site(calls[0] if calls else steps[0])


def _uses(evidence: Evidence) -> dict[str, list[ast.Attribute]]:
    """Return the attributes that the source takes of each optimizer it makes."""
    nodes = evidence.program.nodes
    found: dict[str, list[ast.Attribute]] = {
        ast.unparse(target): []
        for node in nodes
        for target, value in assigned(node)
        if isinstance(value, ast.Call) and _OPTIMIZER.search(ast.unparse(value.func))
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node.value)) in found:
            found[name].append(node)
    return found


def _passed_on(evidence: Evidence, name: str) -> bool:
    """Tell whether an optimizer is used in another way than by its methods."""
    held = {id(node.value) for node in evidence.program.nodes if isinstance(node, ast.Attribute)}
    return any(
        isinstance(node, (ast.Name, ast.Attribute))
        and isinstance(node.ctx, ast.Load)
        and id(node) not in held
        and ast.unparse(node) == name
        for node in evidence.program.nodes
    )


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X), y)
    loss.backward()
"""

RULE = Rule(
    code="R17",
    name="never-stepped",
    kind="exact",
    severity="error",
    check=check,
    limits={"passes": 3},
    explains=("R15", "R21"),
    sources=("torch-audit TA104",),
    failing=FAILING,
    correct=FAILING + "    optimizer.step()\n",
)
