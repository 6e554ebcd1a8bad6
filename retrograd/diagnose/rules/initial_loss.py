"""R39: the first loss of a classifier is far from that of guessing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value

_BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the mean loss of the first step with the logarithm of the number of classes."""
    if not evidence.flows or evidence.flows[0].index != 0:
        raise NotChecked("diagnose-needs-full-steps", count=1)
    flow = evidence.flows[0]
    for op in flow.ops:
        if op.index not in flow.loss_ops or op.arguments.get("reduction") != 1:
            continue
        classes = _classes(flow, op)
        loss = op.outputs[0].number if op.outputs and op.outputs[0] is not None else None
        if classes is None or loss is None or not math.isfinite(loss):
            continue
        expected = math.log(classes)
        if loss > expected * (1 + limits["error"]):
            yield Hit(
                steps=(0,),
                site=evidence.start_site(flow, inputs(op)[0]) or op.site,
                event=op.index,
                message=message(
                    "initial-loss-found", loss=f"{loss:.4g}", expected=f"{expected:.4g}"
                ),
                evidence={"loss_first": loss, "guessing": expected},
            )
            return


def _classes(flow: Flow, op: Op) -> int | None:
    given = op.arguments.get("self")
    if not isinstance(given, Value):
        return None
    if kind(op) in _BINARY:
        return 2
    if kind(op) in ("nll_loss_forward", "nll_loss2d_forward") and len(given.shape) > 1:
        made = flow.origin(given)
        return given.shape[1] if made is not None and kind(made) == "_log_softmax" else None
    return None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 8)
y = X[:, :4].argmax(dim=1)
model = torch.nn.Linear(8, 4)
torch.nn.init.normal_(model.weight, std=10.0)
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
for epoch in range(20):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R39",
    name="initial-loss",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"error": 0.5},
    sources=("Karpathy, A Recipe for Training Neural Networks", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace("torch.nn.init.normal_(model.weight, std=10.0)\n", ""),
    symptom=True,
)
