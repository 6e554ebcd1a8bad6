"""R30: probabilities go into a cross-entropy that takes the softmax itself."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value

_SOFTMAX = ("_softmax", "softmax")


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a log-softmax in the loss whose input comes straight from a softmax."""
    for seen in repeated(_sightings(evidence), 1):
        value = inputs(seen[0].op)[0]
        classes = value.shape[1] if len(value.shape) > 1 else value.shape[0]
        floor = -math.log(math.e / (math.e + classes - 1))
        said = message(
            "softmax-before-cross-entropy-found",
            line=evidence.line(seen[0].what.site),
            classes=classes,
            floor=f"{floor:.3f}",
        )
        made = seen[0].what
        mixed = kind(made) not in (*_SOFTMAX, "div")  # then the loss is where they are one
        site = None if mixed else evidence.applied_site(made)
        yield hit(evidence, seen, said, {"classes": classes, "least_loss": floor}, site=site)


def _sightings(evidence: Evidence) -> Iterator[Sighting[Op]]:
    for flow in evidence.all_flows:
        for op in flow.ops:
            if kind(op) not in ("_log_softmax", "log_softmax") or not op.grad:
                continue
            made = flow.origin(inputs(op)[0])
            if made is None or op.index not in flow.loss_ops:
                continue
            if kind(made) in _SOFTMAX or _probabilities(inputs(op)[0]):
                yield Sighting(flow, op, made)


def _probabilities(value: Value) -> bool:
    """Tell whether each row is made of positive numbers whose sum is 1, as of mixed softmaxes."""
    rows = value.array
    if rows is None or rows.ndim != 2 or rows.shape[1] < 2:
        return False
    return bool((rows > 0).all() and np.allclose(rows.sum(1, dtype=np.float64), 1.0, atol=1e-5))


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.argmax(dim=1)
model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Softmax(dim=1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(20):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R30",
    name="softmax-before-cross-entropy",
    kind="exact",
    severity="error",
    check=check,
    sources=("Karpathy, A Recipe for Training Neural Networks", "NeuraLint", "torcheck"),
    failing=FAILING,
    correct=FAILING.replace(", torch.nn.Softmax(dim=1))", ")"),
    explains=("R39",),
)
