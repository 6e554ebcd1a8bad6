"""R07: backward() on a tensor with several elements, without a gradient for them."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Site

PATTERNS = (r"grad can be implicitly created only for (real )?scalar outputs",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Explain the error at the call that needs one number, or a vector, to start from."""
    found = errors.raised(evidence, *PATTERNS)
    if found is not None:
        site = _reduced(evidence, found[0].site) or found[0].site
        yield errors.at(found[0], site, message("non-scalar-backward-found"))


def _reduced(evidence: Evidence, called: Site | None) -> Site | None:
    """Return where a function of the program gives the loss back that lacks its mean."""
    ops = [] if evidence.tail is None else evidence.tail.ops
    made = next((op.site for op in reversed(ops) if op.grad and op.phase == "forward"), None)
    if made is None or called is None:
        return None
    return None if (made.function, made.path) == (called.function, called.path) else made


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
