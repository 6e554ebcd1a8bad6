"""R78: the loss on other data rises again, while the training loss falls on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import evaluations
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op, Site


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Follow the losses that are only looked at, line by line, beside the training loss."""
    needed = int(limits["points"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    for line in _evaluated(evidence).values():
        if len(line) < needed:
            continue
        values = np.array([value for _, _, value in line])
        best = int(values.argmin())
        if best > len(values) - 4:
            continue
        flow, op, _ = line[best]
        before, after = _training(evidence, flow.index), _training(evidence, None)
        rises = (values[-3:] > (1 + limits["rise"]) * values[best]).all()
        if not after < before or not values[-1] > (1 + limits["rise"]) * after:
            continue
        if not rises and not (values[best] > limits["gap"] * after and _guesses(flow, op, limits)):
            continue
        yield Hit(
            steps=tuple(flow.index for flow, *_ in line[best:]),
            site=_rounds(evidence) or op.site,
            event=op.index,
            message=message(
                "overfitting-found",
                how="rises" if rises else "apart",
                step=flow.index,
                best=f"{values[best]:.4g}",
                last=f"{values[-1]:.4g}",
                before=f"{before:.4g}",
                after=f"{after:.4g}",
            ),
            evidence={"loss_first": float(values[best]), "loss_last": float(values[-1])},
        )


def _guesses(flow: Flow, op: Op, limits: Limits) -> bool:
    """Tell whether an evaluated loss is not far below that of guessing."""
    return any(
        found.op is op
        and found.loss is not None
        and found.guess is not None
        and found.loss > limits["unlearned"] * found.guess
        for found in evaluations(flow)
    )


def _rounds(evidence: Evidence) -> Site | None:
    """Return the loop over the rounds of the training, which goes on for too long."""
    updates = [update for flow in evidence.flows[:1] for update in flow.updates]
    return evidence.rounds_site(updates[0]) if updates else None


def _evaluated(evidence: Evidence) -> dict[int, list[tuple[Flow, Op, float]]]:
    """Return the mean of each evaluated loss at each step, by its line."""
    found: dict[int, list[tuple[Flow, Op, float]]] = {}
    for flow in evidence.all_flows:
        here: dict[int, list[tuple[Op, float]]] = {}
        for item in evaluations(flow):
            loss = item.loss
            if loss is not None and np.isfinite(loss) and not item.op.grad:
                here.setdefault(item.op.site.id if item.op.site else -1, []).append((item.op, loss))
        for site, items in here.items():
            mean = float(np.mean([loss for _, loss in items]))
            found.setdefault(site, []).append((flow, items[0][0], mean))
    return found


def _training(evidence: Evidence, step: int | None) -> float:
    """Return the training loss around a step, or at the end."""
    losses = evidence.losses
    at = len(losses.steps) if step is None else int(np.searchsorted(losses.steps, step)) + 1
    return float(np.mean(losses.values[max(at - 3, 0) : at]))


FAILING = """\
import torch

torch.manual_seed(0)
X, X_test = torch.randn(16, 20), torch.randn(64, 20)
y = (X[:, 0] + torch.randn(16) > 0).long()
y_test = (X_test[:, 0] + torch.randn(64) > 0).long()
model = torch.nn.Sequential(torch.nn.Linear(20, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(60):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        print(torch.nn.functional.cross_entropy(model(X_test), y_test).item())
"""

RULE = Rule(
    code="R78",
    name="overfitting",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"points": 8, "rise": 0.1, "gap": 20, "unlearned": 0.3},
    sources=("SageMaker Debugger, built-in rules", "UMLAUT", "AutoTrainer"),
    failing=FAILING,
    correct=FAILING.replace("(16", "(512").replace("range(60)", "range(12)"),
)
