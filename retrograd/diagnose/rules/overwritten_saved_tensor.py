"""R05: A value that an op keeps for its backward formula was changed in place."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message

PATTERNS = (r"modified by an inplace operation",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for PyTorch's error, and for its cause in the step that raised."""
    found = errors.raised(evidence, *PATTERNS)
    if found is not None:
        yield errors.hit(evidence, found[0], message("overwritten-saved-tensor-found"))


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
    check=check,
    sources=("https://discuss.pytorch.org/t/169583",),
    failing=FAILING,
    correct=FAILING.replace("output += 1", "output = output + 1"),
)
