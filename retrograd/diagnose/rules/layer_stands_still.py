"""R50: one layer hardly moves, while the others do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.update_too_large import ratio
from retrograd.messages.message import message
from retrograd.store.model import Update


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare each matrix's relative update with the median of all of them."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    seen: dict[int, list[tuple[Update, float]]] = {}
    for flow in evidence.flows:
        for update in flow.updates:
            moved = ratio(update)
            if moved is not None and moved > 0:
                seen.setdefault(update.parameter, []).append((update, moved))
    typical = {
        number: float(np.median([moved for _, moved in found]))
        for number, found in seen.items()
        if len(found) >= needed
    }
    if len(typical) < 2:
        return
    usual = float(np.median(list(typical.values())))
    small = {n for n, moved in typical.items() if moved < limits["ratio"]}
    small = {n for n in small if typical[n] < limits["others"] * usual}
    if small:
        number = min(small)
        update = seen[number][0][0]
        yield Hit(
            steps=(evidence.flows[0].index, evidence.flows[-1].index),
            site=evidence.optimizer_site(update),
            event=update.index,
            message=message(
                "layer-stands-still-found",
                names=evidence.names(small),
                ratio=f"{typical[number]:.1e}",
                usual=f"{usual:.1e}",
            ),
            parameters=frozenset(small),
            evidence={"ratio": typical[number]},
        )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
hidden, middle, head = torch.nn.Linear(4, 16), torch.nn.Linear(16, 16), torch.nn.Linear(16, 1)
optimizer = torch.optim.SGD(
    [
        {"params": hidden.parameters(), "lr": 5e-6},
        {"params": middle.parameters()},
        {"params": head.parameters()},
    ],
    lr=0.05,
)
for epoch in range(20):
    h = torch.relu(middle(torch.relu(hidden(X))))
    loss = torch.nn.functional.mse_loss(head(h), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R50",
    name="layer-stands-still",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 8, "ratio": 1e-5, "others": 1e-2},
    sources=("MindInsight", "TheDeepChecker", "SageMaker Debugger, built-in rules"),
    failing=FAILING,
    correct=FAILING.replace("5e-6", "5e-2"),
)
