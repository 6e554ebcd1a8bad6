"""R49: updates are large beside the weights that they change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import Update


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the norm of each update with the norm of the weights, after a few steps."""
    needed = int(limits["window"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    flows = evidence.flows[min(int(limits["warmup"]), len(evidence.flows) - needed) :]
    large: list[tuple[int, Update, float]] = []
    for flow in flows:
        ratios = [(ratio(update), update) for update in flow.updates]
        known = [pair for pair in ratios if pair[0] is not None and np.isfinite(pair[0])]
        if known:
            median = float(np.median([r for r, _ in known if r is not None]))
            if median > limits["ratio"]:
                large.append((flow.index, known[0][1], median))
    losses = evidence.losses.values
    falls = len(losses) > 1 and losses[-1] < losses[0] * limits["fallen"]
    if len(large) >= limits["share"] * len(flows) and not falls:
        step, update, _ = large[0]
        typical = float(np.median([value for *_, value in large]))
        rate = update.hyperparameters.get("lr")
        yield Hit(
            steps=tuple(index for index, *_ in large),
            site=evidence.rate_site(update),
            event=update.index,
            message=message(
                "update-too-large-found",
                percent=f"{100 * typical:.3g}",
                rate=f"{rate:g}" if isinstance(rate, (int, float)) else "?",
                step=step,
            ),
            evidence={"ratio": typical},
        )


def ratio(update: Update) -> float | None:
    """Return ‖after − before‖ / ‖before‖ of an update, None where that is not known."""
    if update.before is None or update.after is None:
        return None
    before, after = update.before.array, update.after.array
    if before is None or after is None or before.ndim < 2:
        return None
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(before.astype(np.float64)))
        change = float(np.linalg.norm(after.astype(np.float64) - before))
    return change / norm if norm > 0 else None


FAILING = """\
import torch

torch.manual_seed(0)
model = torch.nn.Linear(8, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=2.0)
for step in range(60):
    X = torch.randn(8, 8)
    y = torch.sin(3 * X.sum(1, keepdim=True))
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R49",
    name="update-too-large",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"ratio": 0.1, "window": 8, "share": 0.6, "warmup": 10, "fallen": 0.5},
    sources=("MindInsight", "SageMaker Debugger, built-in rules", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace("lr=2.0", "lr=0.001"),
    explains=("R52", "R53", "R55", "R56", "R80"),
    symptom=True,
)
