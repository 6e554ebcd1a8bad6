"""R26: gradients were clipped while a loss scale was still in them."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import GradChange, Op

_CLIPPING = frozenset({"_foreach_mul_", "mul_", "clamp_", "_foreach_clamp_min_", "clamp_min_"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for ops that change gradients before GradScaler divides by its scale."""
    hits: list[tuple[Flow, GradChange, Op]] = []
    for flow in evidence.flows:
        unscaling = [
            op for op in flow.ops if kind(op) == "_amp_foreach_non_finite_check_and_unscale_"
        ]
        if not unscaling:
            continue
        for event in flow.ledger:
            if not isinstance(event, GradChange) or event.op is None:
                continue
            op = flow.events[event.op]
            if isinstance(op, Op) and kind(op) in _CLIPPING and op.index < unscaling[0].index:
                hits.append((flow, event, op))
                break
    if len(hits) >= limits["steps"]:
        flow, event, op = hits[0]
        yield Hit(
            steps=tuple(flow.index for flow, *_ in hits),
            site=op.site,
            event=event.index,
            message=message("clipping-before-unscaling-found"),
        )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cpu")
for epoch in range(10):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X), y)
    scaler.scale(loss).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
"""

RULE = Rule(
    code="R26",
    name="clipping-before-unscaling",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 2},
    sources=("TorchLens", "documentation of torch.amp"),
    failing=FAILING,
    correct=FAILING.replace(
        "    torch.nn.utils", "    scaler.unscale_(optimizer)\n    torch.nn.utils"
    ),
)
