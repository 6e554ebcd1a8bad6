"""R49: updates are large beside the weights that they change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.detours import steps_aside
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Update


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the norm of each update with the norm of the weights, after a few steps."""
    needed = int(limits["window"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    yield from _aside(evidence, limits)
    losses = evidence.losses.values
    if len(losses) > 1 and losses[-1] < losses[0] * limits["fallen"]:
        return
    warmup = int(limits["warmup"])
    flows = evidence.flows[min(warmup, len(evidence.flows) - needed) :]
    large = [found for flow in flows if (found := _typical(flow)) and found[2] > limits["ratio"]]
    # steps far larger than the weights throw a model where it may hardly move any more
    early = [_typical(flow) for flow in evidence.flows[:warmup]]
    thrown = [found for found in early if found and found[2] > limits["jump"]]
    rushed = [found for found in early if found and found[2] > limits["rush"]]
    if len(rushed) >= limits["share"] * warmup:
        thrown += rushed
    if len(large) < limits["share"] * len(flows):
        large = []
    each = {found[0]: found for found in (*thrown, *large)}
    large = [each[index] for index in sorted(each)]
    if large:
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


def _aside(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for steps into other tensors, as in meta-learning, that are larger than the weights."""
    seen = []
    for flow in evidence.flows:
        for op, value in steps_aside(flow):
            before, out = value.array, op.outputs[0]
            after = None if out is None else out.array
            if before is not None and after is not None and before.ndim > 1:
                size = float(np.linalg.norm(after - before)) / (float(np.linalg.norm(before)) or 1)
                seen.append(Sighting(flow, op, size))
    for hits in repeated(seen, limits["window"]):
        large = [sighting for sighting in hits if sighting.what > 1]
        if len(large) >= limits["share"] * len(hits):
            typical = float(np.median([sighting.what for sighting in large]))
            said = message(
                "update-too-large-found-aside",
                expression=hits[0].op.site.expression if hits[0].op.site else hits[0].op.name,
                percent=f"{100 * typical:.3g}",
            )
            site = evidence.number_site(hits[0].op)
            yield hit(evidence, large, said, {"ratio": typical}, structural=False, site=site)


def _typical(flow: Flow) -> tuple[int, Update, float] | None:
    """Return the step, its first update, and the median of its updates' relative sizes."""
    ratios = [(ratio(update), update) for update in flow.updates]
    if flow.tries_points:
        return None  # LBFGS goes several steps in one, and tries how far
    known = [(r, update) for r, update in ratios if r is not None and np.isfinite(r)]
    return (flow.index, known[0][1], float(np.median([r for r, _ in known]))) if known else None


def ratio(update: Update) -> float | None:
    """Return ‖after − before‖ / ‖before‖ of an update, None where that is not known."""
    if update.before is None or update.after is None:
        return None
    if len(update.before.shape) < 2:
        return None
    before, after = update.before.elements, update.after.elements
    if before is None or after is None or before.shape != after.shape:
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
    limits={
        "ratio": 0.1,
        "window": 8,
        "share": 0.6,
        "warmup": 10,
        "fallen": 0.5,
        "jump": 2,
        "rush": 0.3,
    },
    sources=("MindInsight", "SageMaker Debugger, built-in rules", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace("lr=2.0", "lr=0.001"),
    explains=("R40", "R52", "R53", "R55", "R56", "R80", "R81"),
    symptom=True,
)
