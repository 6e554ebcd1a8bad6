"""R63: weights grow many times over and go on growing, while the loss does not fall."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.penalty_dominates import of_parameters
from retrograd.messages.message import message
from retrograd.store.model import Site


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the norm of each weight matrix at the start, before the end, and at the end."""
    needed = int(limits["steps"])
    losses = evidence.losses.values
    if len(losses) < needed:
        raise NotChecked("diagnose-needs-steps", count=needed)
    start, end = float(np.median(losses[:3])), float(np.median(losses[-3:]))
    if len(evidence.optimizers) > 1 or not np.isfinite(losses).all():
        return
    # a loss that falls to many times its size below zero has no minimum
    endless = end < -limits["times"] * max(abs(start), float(np.abs(losses[:3]).max()))
    if end < start and not endless:
        return
    found: dict[int, float] = {}
    for parameter in evidence.parameters:
        series = known_norms(evidence, parameter.name) if len(parameter.shape) > 1 else None
        if series is None or len(series) < needed or not series[0] > 0:
            continue
        late = series[-max(len(series) // 4, 2) :]
        if series[-1] > limits["times"] * series[0] and late[-1] > limits["still"] * late[0]:
            found[parameter.id] = float(series[-1] / series[0])
    if found:
        site = _rewarded(evidence.flows[0]) or next(
            u.site for flow in evidence.flows[::-1] for u in flow.updates if u.parameter in found
        )
        steps = evidence.losses.steps
        yield Hit(
            steps=(int(steps[0]), int(steps[-1])),
            site=site,
            message=message(
                "weights-diverge-found",
                endless="yes" if endless else "no",
                names=evidence.names(found),
                times=f"{max(found.values()):.3g}",
            ),
            parameters=frozenset(found),
            evidence={"ratio": max(found.values())},
        )


def _rewarded(flow: Flow) -> Site | None:
    """Return where a term of parameters alone lowers the loss the more, the larger they are."""
    for op in flow.ops:
        taken = inputs(op)
        if op.index not in flow.loss_ops or len(taken) != 2 or kind(op) not in ("add", "sub"):
            continue
        alone = [of_parameters(flow, value) for value in taken]
        numbers = [value.number for value in taken]
        if alone != [False, True] and alone != [True, False]:
            continue
        term = numbers[alone.index(True)]
        minus = kind(op) == "sub" and alone[1]
        if term is not None and term != 0 and (term < 0) != minus:
            return op.site
    return None


def known_norms(
    evidence: Evidence, name: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """Return the norms of a parameter that are known and finite, in order."""
    series = evidence.series(f"weight_norm/{name}")
    return None if series is None else series.values[np.isfinite(series.values)]


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = (X.sum(1, keepdim=True) > 0).float()
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(12):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for p in model.parameters():
            p += 0.5 * p.abs()
"""

RULE = Rule(
    code="R63",
    name="weights-diverge",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"steps": 10, "times": 10, "still": 1.2},
    sources=("TheDeepChecker", "AutoTrainer"),
    failing=FAILING,
    correct=FAILING.replace("p += 0.5 * p.abs()", "p -= 0.01 * p"),
    explains=("R80", "R49", "R56", "R81"),
    symptom=True,
)
