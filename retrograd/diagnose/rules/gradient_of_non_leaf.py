"""R08: ``.grad`` of a tensor that is no leaf was read: it is None."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for PyTorch's warning."""
    for incident in evidence.warnings(".grad attribute of a Tensor that is not a leaf")[:1]:
        yield Hit(
            steps=(incident.step or 0,),
            site=incident.site,
            event=incident.event,
            message=message("gradient-of-non-leaf-found"),
        )


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(10):
    output = X @ weight
    loss = ((output - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    print(output.grad)
    optimizer.step()
"""

RULE = Rule(
    code="R08",
    name="gradient-of-non-leaf",
    kind="exact",
    severity="warning",
    check=check,
    sources=("documentation of torch.Tensor.is_leaf",),
    failing=FAILING,
    correct=FAILING.replace("X @ weight\n", "X @ weight\n    output.retain_grad()\n"),
)
