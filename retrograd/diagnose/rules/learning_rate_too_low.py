"""R54: the weights hardly move and the loss hardly falls, although there are gradients."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.update_too_large import ratio
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Update


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare updates with weights, and the losses of the first and the last fifth."""
    values = evidence.losses.values
    needed = int(limits["steps"])
    if len(values) < needed or not evidence.flows:
        raise NotChecked("diagnose-needs-steps", count=needed)
    if len(evidence.optimizers) > 1 or not np.isfinite(values).all() or (values <= 0).any():
        return
    pairs = [(u, r) for f in evidence.flows for u in f.updates if (r := ratio(u)) is not None]
    if not pairs:
        return
    part = max(len(values) // 5, 1)
    first, last = float(np.mean(values[:part])), float(np.mean(values[-part:]))
    worn = _worn_out(evidence, limits)
    if worn is not None and last > limits["left"] * float(values[0]):
        update, most, since, rate = worn
        yield Hit(
            steps=tuple(flow.index for flow in evidence.flows if flow.index >= since),
            site=evidence.definitions.scheduler(update.name, update.site)
            or evidence.rate_site(update),
            event=update.index,
            message=message(
                "learning-rate-too-low-found-worn",
                most=f"{most:g}",
                rate=f"{rate:g}",
                step=since,
                last=f"{last:.4g}",
            ),
            evidence={"rate_first": most, "rate_last": rate, "loss_last": last},
        )
        return
    if last < first * (1 - limits["fall"]) or last > first * (1 + limits["fall"]):
        return
    typical = float(np.median([r for _, r in pairs]))
    straight = _straightness(evidence)
    moved = typical < limits["unlikely"] and _way(evidence) < limits["way"]
    if not (0 < typical < limits["ratio"] or straight >= limits["straight"] or moved):
        return
    update = pairs[0][0]
    given = update.hyperparameters.get("lr")
    yield Hit(
        steps=(int(evidence.losses.steps[0]), int(evidence.losses.steps[-1])),
        site=evidence.rate_site(update),
        event=update.index,
        message=message(
            "learning-rate-too-low-found",
            rate=f"{given:g}" if isinstance(given, (int, float)) else "?",
            ratio=f"{typical:.1e}",
            first=f"{first:.4g}",
            last=f"{last:.4g}",
        ),
        evidence={"ratio": typical, "loss_first": first, "loss_last": last},
    )


def _worn_out(evidence: Evidence, limits: Limits) -> tuple[Update, float, int, float] | None:
    """Find a schedule that took nearly all of the rate away for good in the first half of the run.

    With the first update that has so little comes the highest rate, that step, and the last rate.
    """
    rates = [
        (flow.index, update, rate)
        for flow in evidence.flows
        for update in flow.updates[:1]
        if not update.manual and isinstance(rate := update.hyperparameters.get("lr"), (int, float))
    ]
    if len(rates) < limits["steps"]:
        return None
    most = max(rate for *_, rate in rates)
    ends_low = takewhile(lambda item: item[2] < limits["worn"] * most, reversed(rates))
    low = [*ends_low][::-1]  # for good: a schedule with restarts is as low at times
    peak = next(step for step, _, rate in rates if rate == most)
    if not low or low[0][0] < peak:
        return None  # a warm-up begins so
    if low[0][0] > (rates[0][0] + rates[-1][0]) / 2:
        return None
    return low[0][1], most, low[0][0], low[-1][2]


def _way(evidence: Evidence) -> float:
    """Return how far all weights together have gone in the whole run, as a share of their size."""
    first: dict[int, Array] = {}
    last: dict[int, Array] = {}
    for flow in evidence.flows:
        for update in flow.updates:
            before = None if update.before is None else update.before.array
            after = None if update.after is None else update.after.array
            if before is None or after is None or before.shape != after.shape:
                return 1.0
            first.setdefault(update.parameter, before.astype(np.float64))
            last[update.parameter] = after.astype(np.float64)
    size = sum(float((array**2).sum()) for array in first.values())
    way = sum(float(((last[number] - array) ** 2).sum()) for number, array in first.items())
    return float(np.sqrt(way / size)) if size > 0 else 1.0


def _straightness(evidence: Evidence) -> float:
    """Return the cosine between the first gradient and the last: 1 where nothing has changed."""
    sides = []
    for flow in (evidence.flows[0], evidence.flows[-1]):
        found = {u.parameter: u.gradient.array for u in flow.updates if u.gradient is not None}
        sides.append({number: array for number, array in found.items() if array is not None})
    common = sorted(sides[0].keys() & sides[1].keys())
    if not common:
        return 0.0
    one, other = (
        np.concatenate([side[number].astype(np.float64).ravel() for number in common])
        for side in sides
    )
    if one.shape != other.shape:
        return 0.0
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / length if length > 0 else 0.0


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-7)
for epoch in range(40):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R54",
    name="learning-rate-too-low",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={
        "steps": 20,
        "fall": 0.05,
        "ratio": 1e-5,
        "straight": 0.999,
        "unlikely": 1e-4,
        "way": 0.01,
        "worn": 0.01,
        "left": 0.2,
    },
    sources=("TheDeepChecker", "MindInsight"),
    failing=FAILING,
    correct=FAILING.replace("lr=1e-7", "lr=0.05"),
    explains=("R50", "R52", "R80"),
    symptom=True,
)
