"""R35: the output cannot take the values that the loss compares it with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from retrograd.diagnose import errors
from retrograd.diagnose.criteria import Criterion, criteria
from retrograd.diagnose.endings import endings, name, op_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import Message, message
from retrograd.store.model import NodeRun, Op, Site
from retrograd.store.value import Value

PATTERNS = (r"Target (-?\d+) is out of bounds",)
_RANGES: Final = {
    "sigmoid": (0.0, 1.0),
    "_softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "softplus": (0.0, math.inf),
}


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the range of each output, or of its loss, with the targets'."""
    beyond = errors.raised(evidence, *PATTERNS)
    if beyond is not None:
        told = message("target-out-of-reach-found-class", label=beyond[1][1])
        yield replace(errors.hit(evidence, beyond[0], told), severity="error")
        return
    needed = int(limits["times"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    seen = [
        Sighting(flow, found.op, said)
        for flow in evidence.flows
        for found in criteria(flow)
        if (said := _judged(found, limits)) is not None
    ]
    said = message("target-out-of-reach-found-one")
    seen += [Sighting(flow, op, said) for flow in evidence.flows for op in _single(flow)]
    yield from _alone(evidence, limits)
    for hits in repeated(seen, needed):
        yield hit(evidence, hits, hits[0].what, site=_limiting(evidence, hits[0]))


def _alone(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a softmax over one score, which is 1 whatever the score."""
    for seen, _ in endings(evidence, _of_one):
        if len(seen) >= min(limits["times"], len(evidence.flows)):
            first = seen[0]
            site = first.site(evidence)
            assert first.op is not None  # it is a softmax
            yield Hit(
                steps=evidence.alike(ending.flow.index for ending in seen),
                site=site,
                event=first.op.index,
                message=message(
                    "target-out-of-reach-found-alone",
                    expression=site.expression if site else first.name,
                    names=evidence.names(first.behind),
                ),
                parameters=first.behind,
                fix=message("target-out-of-reach-fix-alone"),
                severity="error",
            )


def _of_one(flow: Flow, run: NodeRun) -> bool:
    op = op_of(flow, run) if name(flow, run) == "Softmax" else None
    dim = None if op is None else op.arguments.get("dim")
    if op is None or not isinstance(dim, int) or op.outputs[0] is None:
        return False
    return op.outputs[0].shape[dim : dim + 1 or None] == (1,)


def _limiting(evidence: Evidence, seen: Sighting[Message]) -> Site | None:
    """Return where what keeps the output within its range is made: its activation, or the loss."""
    for found in criteria(seen.flow):
        made = seen.flow.origin(found.prediction)
        limited = found.op is seen.op and found.measure in ("squared", "absolute")
        if limited and made is not None:
            return evidence.layer_site(made)
    return evidence.layer_site(seen.op)


def _single(flow: Flow) -> Iterator[Op]:
    """Yield the log-softmaxes of a loss that have one class to choose from."""
    for op in flow.ops:
        axis = op.arguments.get("dim")
        if kind(op) == "_log_softmax" and op.grad and op.index in flow.loss_ops:
            shape = inputs(op)[0].shape
            if isinstance(axis, int) and len(shape) > 1 and shape[axis] == 1:
                yield op


def _judged(found: Criterion, limits: Limits) -> Message | None:
    figures = found.target.statistics
    if figures is None or found.measure == "classes":
        return None
    if found.measure in ("bce", "logits"):
        name, (low, high) = "BCE", (0.0, 1.0)
    else:
        limited = _range(found.flow, found.prediction)
        if limited is None:
            return None
        name, low, high = limited
    if _share_outside(found, low, high) <= limits["share"]:
        return None
    return message(
        "target-out-of-reach-found",
        op=name,
        low=f"{low:g}",
        high="∞" if high == math.inf else f"{high:g}",
        least=f"{figures.min:.3g}",
        most=f"{figures.max:.3g}",
    )


def _range(flow: Flow, value: Value) -> tuple[str, float, float] | None:
    """Return the activation that a value comes from, and between what it keeps it."""
    made = flow.origin(value)
    if made is None:
        return None
    name = kind(made).rstrip("_")
    if name in _RANGES:
        return name.lstrip("_"), *_RANGES[name]
    inner = _range(flow, inputs(made)[0]) if name == "mul" and inputs(made) else None
    factor = made.arguments.get("other")
    if isinstance(factor, Value):
        factor = None if flow.trained(factor) else factor.number
    if inner is None or isinstance(factor, bool) or not isinstance(factor, (int, float)):
        return None
    low, high = sorted((inner[1] * factor, inner[2] * factor))
    return inner[0], low, high


def _share_outside(found: Criterion, low: float, high: float) -> float:
    """Return the share of targets beyond a range, allowing for rounding."""
    margin = 1e-3
    figures, array = found.target.statistics, found.target.array
    if array is not None and array.size:
        return float(((array < low - margin) | (array > high + margin)).mean())
    if figures is None:
        return 0.0
    return float(figures.min < low - margin or figures.max > high + margin)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = 5 * X.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(4, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R35",
    name="target-out-of-reach",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 3, "share": 0.1},
    sources=("AutoTrainer", "DeepDiagnosis", "NeuraLint"),
    raises=PATTERNS,
    failing=FAILING,
    correct=FAILING.replace(", torch.nn.Sigmoid())", ")"),
    explains=("R37", "R36", "R51", "R56", "R80", "R81", "R54", "R39", "R43"),
)
