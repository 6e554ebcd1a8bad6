"""R12: losses are added up with their graphs, which keeps every step's graph alive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrograd.diagnose import patch
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a sum of this step's loss and a tensor of earlier steps that has a graph."""
    seen: dict[int, list[tuple[Flow, Op]]] = {}
    for flow in evidence.all_flows:
        roots = {root.index for root in flow.roots}
        for op in flow.ops:
            if kind(op) not in ("add", "add_") or not op.grad or op.index in flow.loss_ops:
                continue
            taken = inputs(op)
            old = [v for v in taken if _old(v)]
            if old and len(taken) > 1 and all(_old(v) or v.index in roots for v in taken):
                seen.setdefault(op.site.id if op.site else -1, []).append((flow, op))
    for hits in seen.values():
        if len(hits) < limits["steps"]:
            continue
        flow, op = hits[0]
        yield Hit(
            steps=evidence.alike(flow.index for flow, _ in hits),
            site=op.site,
            event=op.index,
            message=message("loss-kept-with-graph-found"),
            patch=_patched(evidence, op),
        )


def _old(value: Value) -> bool:
    """Tell whether a value was made in an earlier step and has its graph still."""
    slot = value.slot
    return slot.external and slot.requires_grad and not slot.leaf and value.shape in ((), (1,))


def _patched(evidence: Evidence, op: Op) -> str | None:
    if op.site is None or not re.fullmatch(r"[\w.]+ *\+= *[\w.]+", op.site.expression):
        return None
    return patch.replace(evidence.recording, op.site, f"{op.site.expression}.item()")


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = 0
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total += loss
"""

RULE = Rule(
    code="R12",
    name="loss-kept-with-graph",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 3},
    sources=("mldoct", "https://discuss.pytorch.org/t/43284", "https://discuss.pytorch.org/t/6741"),
    failing=FAILING,
    correct=FAILING.replace("total += loss", "total += loss.item()"),
)
