"""R19: the optimizer holds tensors that the model no longer uses."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.not_in_optimizer import left_out, listed, replaced
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for tensors that get gradients, with twins in the optimizer that never get any."""
    left = left_out(evidence, limits["steps"]) | _replaced_each_time(evidence)
    named = {n for n in left if not listed(evidence, n)}
    pairs = replaced(evidence, named)
    if not pairs:
        return
    steps = evidence.reached[min(pairs)]
    flow = evidence.flow(steps[0])
    update = [event for event in flow.updates if event.parameter in pairs.values()]
    yield Hit(
        steps=evidence.alike(steps),
        site=evidence.called_site(evidence.optimizer_site(update[0])) if update else None,
        event=update[0].index if update else None,
        message=message("stale-optimizer-found", names=evidence.names(pairs), count=len(pairs)),
        parameters=frozenset(pairs) | frozenset(pairs.values()),
    )


def _replaced_each_time(evidence: Evidence) -> frozenset[int]:
    """Return parameters of modules that got gradients in one step alone: others took the place."""
    once = left_out(evidence, 1) - left_out(evidence, 2)
    return frozenset({n for n in once if evidence.parameters[n].module is not None})


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
model[2] = torch.nn.Linear(8, 1)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R19",
    name="stale-optimizer",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 2},
    sources=("measured with PyTorch 2.13: a replaced Parameter is another tensor",),
    failing=FAILING,
    correct=FAILING.replace("model[2] = torch.nn.Linear(8, 1)\n", ""),
    explains=("R51", "R80", "R13", "R15"),
)
