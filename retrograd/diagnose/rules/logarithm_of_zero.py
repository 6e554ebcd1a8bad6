"""R41: a logarithm of zero made the loss infinite or NaN."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import nonfinite
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import inputs
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a log of zero at the beginning of the chain."""
    found = nonfinite.origin(evidence)
    if found is None or found.cause != "log":
        return
    log = found.chain[0]
    assert isinstance(log, Op)
    given = inputs(log)[0]
    figures = given.statistics
    least = figures.min if figures is not None else 0.0
    yield Hit(
        steps=(found.flow.index,),
        site=log.site,
        event=log.index,
        message=message(
            "logarithm-of-zero-found",
            expression=log.site.expression if log.site else "log",
            least=f"{least:.4g}",
            zeros=figures.zeros if figures is not None else 1,
        ),
        evidence={"least_input": least},
    )


FAILING = """\
import torch

X = torch.tensor([[-20.0], [-1.0], [1.0], [20.0]])
y = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
weight = torch.full((1, 1), 10.0, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(5):
    p = torch.sigmoid(X @ weight)
    loss = -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R41",
    name="logarithm-of-zero",
    kind="exact",
    severity="error",
    check=check,
    sources=("measured with PyTorch 2.13: 0 · log 0 is NaN",),
    failing=FAILING,
    correct=FAILING.replace("torch.sigmoid(X @ weight)", "X @ weight").replace(
        "-(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()",
        "torch.nn.functional.binary_cross_entropy_with_logits(p, y)",
    ),
    explains=("R40",),
)
