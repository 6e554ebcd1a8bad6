"""R04: A second backward pass went through a graph whose values were freed."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.rule import Rule

PATTERNS = (r"backward through the graph a second time",)


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
scaled = weight * 2
for epoch in range(10):
    loss = ((X @ scaled - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R04",
    name="second-backward",
    kind="exact",
    severity="error",
    check=errors.placed("second-backward", *PATTERNS),
    sources=("documentation of torch.Tensor.backward",),
    failing=FAILING,
    correct=FAILING.replace(
        "scaled = weight * 2\nfor epoch in range(10):\n",
        "for epoch in range(10):\n    scaled = weight * 2\n",
    ),
)
