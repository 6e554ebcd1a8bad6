"""R47: gradients grow by orders of magnitude on the way to the first layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retrograd.diagnose import nonfinite
from retrograd.diagnose.criteria import weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.vanishing_gradients import size
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the gradients that come to the results of the first layer and of later ones."""
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    seen = []
    for flow in evidence.flows[:window]:
        after, way = _way(flow, limits["layers"])
        if len(way) < 2:
            continue
        (first, far), (last, near) = way[0], min(way, key=lambda layer: layer[1])
        if far > limits["ratio"] * near > 0:
            # the gradient grows into a layer through the weights of the one after it
            seen.append(Sighting(flow, after[0], (first, last, far / near)))
    # a run that is thrown off at once has few steps in which it shows
    sound = [flow for flow in evidence.flows[:window] if not nonfinite.harmed(flow)]
    for hits in repeated(seen, min(limits["times"], max(len(sound), 1))):
        first, last, ratio = hits[0].what
        grown = hits[0].op.outputs[0]
        start = None if grown is None else evidence.start_site(hits[0].flow, grown)
        yield hit(
            evidence,
            hits,
            message(
                "exploding-gradients-found",
                first=_name(evidence, hits[0].flow, first),
                last=_name(evidence, hits[0].flow, last),
                ratio=f"{ratio:.3g}",
            ),
            {"ratio": ratio},
            site=start,
        )
        return


def _way(flow: Flow, least: float) -> tuple[list[Op], list[tuple[Op, float]]]:
    """Return the layers after a first one, and those its gradient must pass, with their sizes.

    What lies beside the way, such as the head of a second loss or a branch around which the values
    go too, may well get far smaller gradients. ``least``: layers that there must be in all.
    """
    gradients: dict[int, float] = {}
    for run in flow.runs:
        op = flow.step.nodes[run.node].op
        if op is not None and run.grad_outputs:
            gradients.setdefault(op, size(run.grad_outputs[0]))
    layers = {
        op.index: op for op in flow.ops if op.index in gradients and weight_of(flow, op) is not None
    }
    for first in layers.values():
        below = flow.below([out for out in first.outputs if out is not None]) & flow.loss_ops
        after = [op for index, op in layers.items() if index in below]
        if len(after) + 1 >= least:
            passed = [first, *_passages(flow, first, layers)]
            return after, [(op, gradients[op.index]) for op in passed]
    return [], []


def _passages(flow: Flow, first: Op, layers: Mapping[int, Op]) -> Iterator[Op]:
    """Yield the layers that every way from one to the loss takes."""
    at = flow.passages.get(first.index)
    while at is not None:
        if at in layers:
            yield layers[at]
        at = flow.passages.get(at)


def _name(evidence: Evidence, flow: Flow, op: Op) -> str:
    weight = weight_of(flow, op)
    number = flow.parameter_of(weight) if weight is not None else None
    return op.name if number is None else evidence.parameters[number].name


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 16)
y = X.sum(1, keepdim=True)
layers = [torch.nn.Linear(16, 16) for _ in range(6)] + [torch.nn.Linear(16, 1)]
for layer in layers[1:6]:
    torch.nn.init.normal_(layer.weight, std=1.3)
model = torch.nn.Sequential(*[m for layer in layers for m in (layer, torch.nn.LeakyReLU())][:-1])
optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R47",
    name="exploding-gradients",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"window": 8, "times": 5, "layers": 4, "ratio": 70},
    sources=("AutoTrainer", "torch-audit"),
    failing=FAILING,
    correct=FAILING.replace("std=1.3", "std=0.35").replace("lr=1e-6", "lr=0.01"),
    explains=("R53", "R40", "R49", "R63", "R80", "R57", "R59"),
)
