"""R37: a loss falls for ever: a log-likelihood without its minus, kl_div without its logarithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.diagnose.signs import terms
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value

_LOGS = frozenset({"log", "log1p", "_log_softmax", "log_sigmoid_forward"})
_PROBABILITIES = frozenset({"sigmoid", "_softmax", "softmax"})
_PICKING = frozenset({"index", "gather", "take_along_dim"})
_SUMMING = frozenset({"mean", "sum", "add"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Follow the sign from the log of a probability to a negative loss."""
    needed = int(limits["times"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    yield from _divergences(evidence, needed)
    yield from _subtracted(evidence, needed)
    if len(evidence.optimizers) > 1:
        return  # of two players one may well lower a likelihood
    yield from _unlimited(evidence, limits)
    seen = []
    for flow in evidence.flows:
        for root in flow.roots:
            number = root.number
            if number is None or not number < 0:
                continue
            op = _likelihood(flow, root)
            if op is not None:
                seen.append(Sighting(flow, op, number))
    for hits in repeated(seen, needed):
        first, last = hits[0].what, hits[-1].what
        if last > first:
            continue
        yield hit(
            evidence,
            hits,
            message("likelihood-minimised-found", first=f"{first:.4g}", last=f"{last:.4g}"),
            {"loss_first": first, "loss_last": last},
        )


def _unlimited(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for distances between trained values that a loss makes larger, without any limit."""
    losses = evidence.losses.values
    if len(losses) < limits["losses"] or not np.isfinite(losses).all():
        return
    part = len(losses) // 5
    middle, last = (float(np.mean(losses[k * part : (k + 1) * part])) for k in (2, 4))
    if not last < min(limits["deeper"] * middle, -limits["deeper"] * abs(float(losses[0]))):
        return
    seen = []
    for flow in evidence.flows:
        found = [term for root in flow.roots for term in terms(flow, root)]
        apart = [term.op for term in found if term.turned and _distance(flow, term.op)]
        ends = [flow.origin(root) for root in flow.roots]
        if apart and ends[-1] is not None:
            seen.append(Sighting(flow, ends[-1], apart[0]))
    for hits in repeated(seen, limits["times"]):
        said = message(
            "likelihood-minimised-found-unlimited",
            expression=hits[0].what.site.expression if hits[0].what.site else hits[0].what.name,
            first=f"{losses[0]:.4g}",
            last=f"{losses[-1]:.4g}",
        )
        found_here = hit(evidence, hits, said, {"loss_last": float(losses[-1])})
        yield replace(found_here, fix=message("likelihood-minimised-fix-unlimited"))


def _distance(flow: Flow, op: Op) -> bool:
    """Tell whether an op squares the difference of two trained values."""
    made = flow.origin(inputs(op)[0]) if kind(op) in ("pow", "square") else None
    taken = inputs(made) if made is not None and kind(made) == "sub" else []
    return len(taken) == 2 and all(flow.trained(value) for value in taken)


def _divergences(evidence: Evidence, needed: int) -> Iterator[Hit]:
    """Look for kl_div, target · log target − target · input, with probabilities for its input."""
    seen = []
    for flow in evidence.flows:
        for op in flow.ops:
            if kind(op) == "sub" and op.index in flow.loss_ops and _without_log(flow, op):
                seen.append(Sighting(flow, op, None))
    for hits in repeated(seen, needed):
        found = hit(evidence, hits, message("likelihood-minimised-found-kl"), severity="error")
        yield replace(found, fix=message("likelihood-minimised-fix-kl"))


def _subtracted(evidence: Evidence, needed: int) -> Iterator[Hit]:
    """Look for exp(v) with a minus beside v with a plus: a divergence that is made larger."""
    seen = []
    for flow in evidence.flows:
        found = [term for root in flow.roots for term in terms(flow, root)]
        added = {term.op.index for term in found if not term.turned}
        for term in found:
            made = (
                flow.origin(inputs(term.op)[0]) if term.turned and kind(term.op) == "exp" else None
            )
            if made is not None and made.index in added:
                seen.append(Sighting(flow, term.op, None))
    for hits in repeated(seen, needed):
        found_here = hit(evidence, hits, message("likelihood-minimised-found-divergence"))
        yield replace(found_here, fix=message("likelihood-minimised-fix-divergence"))


def _without_log(flow: Flow, op: Op) -> bool:
    taken = inputs(op)
    made = [flow.producers.get(value.index) for value in taken]
    if len(made) != 2 or made[0] is None or made[1] is None:
        return False
    if (kind(made[0]), kind(made[1])) != ("xlogy", "mul") or made[0].site != made[1].site:
        return False
    target = {value.index for value in inputs(made[0])}
    rest = [value for value in inputs(made[1]) if value.index not in target]
    given = flow.origin(rest[0]) if len(target) == len(rest) == 1 else None
    return given is not None and kind(given) in _PROBABILITIES


def _likelihood(flow: Flow, root: Value) -> Op | None:
    """Return the op that ends the loss where logs of chosen probabilities reach it unturned.

    The logs are chosen by the labels: multiplied with numbers from 0 to 1, or picked by index.
    """
    waiting = [(root, False)]
    while waiting:
        value, chosen = waiting.pop()
        op = flow.origin(value)
        if op is None:
            continue
        name, taken = kind(op), inputs(op)
        if name in _LOGS and chosen and _probable(flow, op):
            return flow.origin(root)
        if name in _SUMMING:
            waiting += [(item, chosen) for item in taken]
        elif name in _PICKING:
            waiting.append((taken[0], True))
        elif name == "mul" and len(taken) == 2:
            for item, factor in (taken, taken[::-1]):
                if _label(flow, factor):
                    waiting.append((item, True))
        elif name == "div" and len(taken) == 1 and _positive(op.arguments.get("other")):
            waiting.append((taken[0], chosen))
    return None


def _probable(flow: Flow, op: Op) -> bool:
    made = flow.origin(inputs(op)[0])
    if made is not None and kind(made) in ("clamp", "add"):
        made = flow.origin(inputs(made)[0])
    return kind(op) not in ("log", "log1p") or (made is not None and kind(made) in _PROBABILITIES)


def _label(flow: Flow, value: Value) -> bool:
    figures = value.statistics
    return figures is not None and 0 <= figures.min <= figures.max <= 1 and not flow.trained(value)


def _positive(number: object) -> bool:
    return isinstance(number, (int, float)) and number > 0


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 3)
y = (X.sum(1, keepdim=True) > 0).float()
model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(20):
    p = model(X)
    loss = (y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R37",
    name="likelihood-minimised",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 3, "losses": 20, "deeper": 2},
    sources=("AutoTrainer",),
    failing=FAILING,
    correct=FAILING.replace("loss = (y", "loss = -(y"),
    explains=("R41", "R40", "R43"),
)
