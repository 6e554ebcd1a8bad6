"""R45: Whole numbers stand where only floating point can be trained."""

from __future__ import annotations

from retrograd.diagnose import errors
from retrograd.diagnose.rule import Rule

PATTERNS = (
    r"Only Tensors of floating point and complex dtype can require gradients",
    r"only Tensors of floating point",
    r"must have the same dtype, but got .*(Long|Int|Byte)",
    r"(addmm|addmv|baddbmm|mm)\w*\" not implemented for .(Long|Int)",
    r"expected m1 and m2 to have the same dtype",
)


FAILING = """\
import torch

X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R45",
    name="integer-values",
    kind="exact",
    severity="error",
    check=errors.placed("integer-values", *PATTERNS),
    sources=("UMLAUT",),
    failing=FAILING,
    raises=PATTERNS,
    correct=FAILING.replace("[1, 1]])", "[1, 1]]).float()"),
)
