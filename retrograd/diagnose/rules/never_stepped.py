"""R17: backward passes fill ``.grad``, and no parameter is ever updated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import BackwardCall, Site

_OPTIMIZER = re.compile(r"(^|\.)optim\.[A-Z]\w*$|^(SGD|\w*Ada[a-z]\w*|NAdam|RAdam|RMSprop|LBFGS)$")
"""Classes of optimizers, as the source calls them."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a run with several backward passes and no update at all."""
    recording = evidence.recording
    passes = recording.meta.get("backward_passes") or 0
    if recording.steps or any(flow.updates for flow in evidence.all_flows):
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


def _unreached(evidence: Evidence, call: BackwardCall) -> Site | None:
    """Return the only call of an optimizer's ``step()`` in the source, which no step came to."""
    source = None if call.site is None else evidence.recording.sources.get(call.site.path)
    try:
        tree = ast.parse(source.text if source is not None else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    nodes = list(ast.walk(tree))
    optimizers = {
        ast.unparse(target)
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if _OPTIMIZER.search(ast.unparse(node.value.func))
        for target in node.targets
    }
    steps = [
        node
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "step"
        and ast.unparse(node.func.value) in optimizers
    ]
    if len(steps) != 1 or call.site is None:
        return None
    step = steps[0]
    span = (step.lineno, step.end_lineno, step.col_offset, step.end_col_offset)
    return Site(-1, call.site.path, "", *span, ast.unparse(step))


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
    sources=("torch-audit TA104",),
    failing=FAILING,
    correct=FAILING + "    optimizer.step()\n",
)
