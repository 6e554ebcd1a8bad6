"""R04: A second backward pass went through a graph whose values were freed."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message

PATTERNS = (r"backward through the graph a second time",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for PyTorch's error, and for its cause in the step that raised."""
    found = errors.raised(evidence, *PATTERNS)
    if found is not None:
        yield errors.hit(evidence, found[0], message("second-backward-found"))


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
    check=check,
    sources=("documentation of torch.Tensor.backward",),
    failing=FAILING,
    correct=FAILING.replace(
        "scaled = weight * 2\nfor epoch in range(10):\n",
        "for epoch in range(10):\n    scaled = weight * 2\n",
    ),
)
