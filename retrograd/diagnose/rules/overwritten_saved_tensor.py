"""R05: A value that an op keeps for its backward formula was changed in place."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.rule import Rule

PATTERNS = (r"modified by an inplace operation",)


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(10):
    output = torch.exp(X @ weight)
    output += 1
    loss = ((output - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R05",
    name="overwritten-saved-tensor",
    kind="exact",
    severity="error",
    check=errors.placed("overwritten-saved-tensor", *PATTERNS),
    sources=("https://discuss.pytorch.org/t/169583",),
    failing=FAILING,
    correct=FAILING.replace("output += 1", "output = output + 1"),
)
