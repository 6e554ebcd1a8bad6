"""R06: A parameter was changed in place while autograd watched."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.rule import Rule

PATTERNS = (r"leaf Variable that requires grad (is being used|has been moved)",)


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
for epoch in range(10):
    loss = ((X @ weight - y) ** 2).mean()
    loss.backward()
    weight -= 0.1 * weight.grad
    weight.grad = None
"""

RULE = Rule(
    code="R06",
    name="leaf-in-place",
    kind="exact",
    severity="error",
    check=errors.placed("leaf-in-place", *PATTERNS),
    sources=("documentation of torch.no_grad",),
    failing=FAILING,
    correct=FAILING.replace(
        "    weight -= 0.1 * weight.grad\n",
        "    with torch.no_grad():\n        weight -= 0.1 * weight.grad\n",
    ),
)
