"""R82: the accuracy falls while the loss falls: they do not measure the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.model import Op

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Correlate the share of right predictions with the loss of the same step."""
    needed = int(limits["points"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    if len(evidence.optimizers) > 1:
        return
    lines: dict[int, list[Sighting[tuple[float, float]]]] = {}
    for flow in evidence.flows:
        loss = flow.roots[-1].number if flow.roots else None
        for op, share in _accuracies(flow):
            if loss is not None and np.isfinite(loss):
                site = op.site.id if op.site else -1
                lines.setdefault(site, []).append(Sighting(flow, op, (loss, share)))
    for hits in lines.values():
        if len(hits) < needed:
            continue
        losses, shares = np.array([seen.what for seen in hits]).T
        third = max(len(hits) // 3, 1)
        falls = losses[-third:].mean() < (1 - limits["fall"]) * losses[:third].mean()
        lost = shares[:third].mean() - shares[-third:].mean()
        if _still(losses, shares, third, limits):
            flow = hits[-1].flow
            made = flow.producers.get(flow.roots[-1].index)
            blind = made is not None and not any(True for _ in criteria(flow))
            said = message(
                "metric-disagrees-found-still",
                **{"from": f"{losses[:third].mean():.3g}", "to": f"{losses[-third:].mean():.3g}"},
                last=f"{100 * shares[-third:].mean():.0f}",
            )
            # a loss of no known kind may not see the targets at all
            yield hit(evidence, hits, said, site=made.site if blind and made else None)
            continue
        if falls and _inverted(hits, losses, shares, third):
            said = message(
                "metric-disagrees-found-still",
                **{"from": f"{losses[:third].mean():.3g}", "to": f"{losses[-third:].mean():.3g}"},
                last=f"{100 * shares[-third:].mean():.0f}",
            )
            yield hit(evidence, hits, said)
            continue
        if not falls or lost < limits["lost"] or np.std(shares) == 0:
            continue
        together = float(np.corrcoef(losses, shares)[0, 1])
        if together > limits["correlation"]:
            said = message(
                "metric-disagrees-found",
                first=f"{100 * shares[:third].mean():.0f}",
                last=f"{100 * shares[-third:].mean():.0f}",
            )
            yield hit(evidence, hits, said, {"correlation": together})


def _inverted(
    hits: list[Sighting[tuple[float, float]]], losses: Numbers, shares: Numbers, third: int
) -> bool:
    """Tell whether a loss far below that of guessing goes with fewer right ones than by guessing.

    What the loss has learned must then show in the predictions; that it does not is no chance.
    """
    flow = hits[-1].flow
    guesses = [found.guess for found in criteria(flow) if found.measure != "squared"]
    guess = guesses[0] if len(guesses) == 1 else None
    labels = [value.array for value in inputs(hits[-1].op) if not flow.trained(value)]
    if guess is None or not labels or labels[0] is None:
        return False
    frequent = np.unique(labels[0], return_counts=True)[1].max() / labels[0].size
    return bool(losses[-third:].mean() < guess / 2 and shares[-third:].mean() < frequent / 2)


def _still(losses: Numbers, shares: Numbers, third: int, limits: Limits) -> bool:
    """Tell whether a loss fell to a small part while few predictions are right, and no more."""
    fallen = 0 <= losses[-third:].mean() < limits["part"] * losses[0]
    low = max(shares[:third].mean(), shares[-third:].mean()) < limits["low"]
    return bool(fallen and low and shares[-third:].mean() < shares[:third].mean() + limits["gain"])


def _accuracies(flow: Flow) -> Iterator[tuple[Op, float]]:
    """Yield comparisons of predictions with data, and the share that is equal."""
    for op in flow.ops:
        taken = inputs(op)
        if kind(op) != "eq" or len(taken) != 2 or not op.outputs or op.outputs[0] is None:
            continue
        array = op.outputs[0].array
        if array is None or array.size < 4 or taken[0].shape != taken[1].shape:
            continue
        if flow.trained(taken[0]) != flow.trained(taken[1]):
            yield op, float(array.mean())


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(96, 4)
y = (X.sum(1) > 0).long()
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(30):
    scores = model(X)
    loss = torch.nn.functional.cross_entropy(scores, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    accuracy = (scores.argmin(dim=1) == y).float().mean()
    print(loss.item(), accuracy.item())
"""

RULE = Rule(
    code="R82",
    name="metric-disagrees",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={
        "points": 8,
        "fall": 0.1,
        "lost": 0.1,
        "correlation": 0.5,
        "part": 0.1,
        "low": 0.5,
        "gain": 0.05,
    },
    sources=("TheDeepChecker",),
    failing=FAILING,
    correct=FAILING.replace("argmin", "argmax"),
)
