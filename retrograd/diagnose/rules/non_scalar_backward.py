"""R07: backward() on a tensor with several elements, without a gradient for them."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.rule import Rule

PATTERNS = (r"grad can be implicitly created only for (real )?scalar outputs",)


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
for epoch in range(10):
    loss = (X @ weight - y) ** 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R07",
    name="non-scalar-backward",
    kind="exact",
    severity="error",
    check=errors.placed("non-scalar-backward", *PATTERNS),
    sources=("documentation of torch.Tensor.backward",),
    failing=FAILING,
    correct=FAILING.replace("(X @ weight - y) ** 2", "((X @ weight - y) ** 2).mean()"),
)
