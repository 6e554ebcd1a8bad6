"""R57: activations grow or shrink by orders of magnitude from the first layer to the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrograd.diagnose.criteria import ACTIVATIONS
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the standard deviations of the first and the last activation."""
    needed = int(limits["times"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    seen = []
    for flow in evidence.flows[: 2 * needed]:
        found = _spreads(flow)
        if len(found) < limits["layers"] or found[0][1] == 0:
            continue
        (_, first), (op, last) = found[0], found[-1]
        if not _near((first, last), limits["factor"]):
            seen.append(Sighting(flow, op, (first, last)))
    far = [s for s in seen if s.flow.index == 0 and not _near(s.what, limits["start"])]
    # biases may soon hide what the first numbers do: a start far off is enough
    for hits in repeated(seen, 1 if far else needed):
        first, last = hits[0].what
        said = message("activation-scale-found", first=f"{first:.2g}", last=f"{last:.2g}")
        start = evidence.start_site(hits[0].flow, inputs(hits[0].op)[0])
        told = hit(evidence, hits, said, {"ratio": last / first}, site=start)
        yield replace(told, event=min(hits[0].flow.loss_ops))  # it begins with the first layer


def _near(spreads: tuple[float, float], factor: float) -> bool:
    first, last = spreads
    return first / factor < last < first * factor


def _spreads(flow: Flow) -> list[tuple[Op, float]]:
    """Return the activations on the way to the loss and the spread of what they give."""
    found = []
    for op in flow.ops:
        if kind(op) in ACTIVATIONS and op.index in flow.loss_ops and op.grad:
            out = op.outputs[0]
            figures = out.statistics if out is not None else None
            if figures is not None:
                found.append((op, figures.std))
    return found


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 16)
y = X.sum(1, keepdim=True)
layers = []
for _ in range(5):
    linear = torch.nn.Linear(16, 16)
    torch.nn.init.normal_(linear.weight, std=1.0)
    layers += [linear, torch.nn.ReLU()]
model = torch.nn.Sequential(*layers, torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-9)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R57",
    name="activation-scale",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"times": 3, "layers": 3, "factor": 50, "start": 500},
    sources=("TheDeepChecker", "He et al. 2015, arXiv:1502.01852"),
    failing=FAILING,
    correct=FAILING.replace("std=1.0", "std=0.35").replace("lr=1e-9", "lr=0.01"),
    explains=("R59", "R46", "R50", "R54", "R55", "R80", "R81"),
)
