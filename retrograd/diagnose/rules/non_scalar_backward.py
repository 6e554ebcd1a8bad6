"""R07: backward() on a tensor with several elements, without a gradient for them."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message

PATTERNS = (r"grad can be implicitly created only for (real )?scalar outputs",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Explain the error at the call that needs one number, or a vector, to start from."""
    found = errors.raised(evidence, *PATTERNS)
    if found is not None:
        yield errors.at(found[0], found[0].site, message("non-scalar-backward-found"))


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
    check=check,
    sources=("documentation of torch.Tensor.backward",),
    failing=FAILING,
    correct=FAILING.replace("(X @ weight - y) ** 2", "((X @ weight - y) ** 2).mean()"),
)
