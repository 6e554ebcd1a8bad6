"""R27: weight decay of plain Adam goes through the adaptive rates, where it hardly decays."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message

_ADAPTIVE = frozenset({"Adam", "NAdam", "RAdam", "Adamax", "Adagrad", "RMSprop"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Read the settings of the optimizers."""
    for flow in evidence.flows:
        for update in flow.updates:
            decay = update.hyperparameters.get("weight_decay")
            decoupled = update.hyperparameters.get("decoupled_weight_decay") is True
            if update.name not in _ADAPTIVE or decoupled or not isinstance(decay, (int, float)):
                continue
            if decay >= limits["decay"]:
                yield Hit(
                    steps=evidence.alike([flow.index]),
                    site=evidence.optimizer_site(update),
                    event=update.index,
                    message=message(
                        "decay-in-adam-found", optimizer=update.name, decay=f"{decay:g}"
                    ),
                    evidence={"decay": decay},
                )
                return


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.01)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R27",
    name="decay-in-adam",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"decay": 1e-3},
    sources=("torch-audit TA401", "Loshchilov and Hutter 2019, arXiv:1711.05101"),
    failing=FAILING,
    correct=FAILING.replace("optim.Adam(", "optim.AdamW("),
)
