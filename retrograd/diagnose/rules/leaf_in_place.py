"""R06: A parameter was changed in place while autograd watched."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message

PATTERNS = (r"leaf Variable that requires grad (is being used|has been moved)",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for PyTorch's error, and for its cause in the step that raised."""
    found = errors.raised(evidence, *PATTERNS)
    if found is not None:
        yield errors.hit(evidence, found[0], message("leaf-in-place-found"))


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
    check=check,
    sources=("documentation of torch.no_grad",),
    failing=FAILING,
    correct=FAILING.replace(
        "    weight -= 0.1 * weight.grad\n",
        "    with torch.no_grad():\n        weight -= 0.1 * weight.grad\n",
    ),
)
