"""R04: A second backward pass went through a graph whose values were freed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrograd.diagnose import errors
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import alike, inputs
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.graph_grows import carrier
from retrograd.messages.message import message
from retrograd.store.model import Site

PATTERNS = (r"backward through the graph a second time",)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Explain the error at what carries the graph on, or at what had it freed too soon."""
    found = errors.raised(evidence, *PATTERNS)
    if found is not None:
        told = errors.hit(evidence, found[0], message("second-backward-found"))
        site = _shared(evidence) or _freed(evidence) or told.site
        yield replace(told, site=evidence.once_site(site))


def _freed(evidence: Evidence) -> Site | None:
    """Return the pass of the same step that freed what the next one needs once more."""
    tail = evidence.tail
    if tail is None or len(tail.passes) < 2 or carrier(tail) is not None:
        return None  # what is carried on from an earlier step was freed there
    return tail.passes[-2].site


def _shared(evidence: Evidence) -> Site | None:
    """Return where another step took, undetached, what the step that raised needs once more.

    So a discriminator takes what the generator made. What a step takes where the one before did
    too is a state that is carried on: another fault.
    """
    tail, before = evidence.tail, evidence.flows[-1] if evidence.flows else None
    if tail is None or before is None:
        return None
    sites = {op.site.id for op in before.ops if op.site is not None}
    for op in tail.ops:
        for value in inputs(op) if op.site is not None and op.site.id not in sites else ():
            if not value.slot.external or value.slot.leaf or not value.slot.requires_grad:
                continue
            for user in before.ops:
                if user.index in before.loss_ops and any(
                    item.index in before.producers and alike(item, value) for item in inputs(user)
                ):
                    return user.site
    return None


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
