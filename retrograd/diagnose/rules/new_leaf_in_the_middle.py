"""R14: a copy with ``requires_grad=True`` hides a cut: it is a new leaf in mid-graph."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.graph_cut import new_leaf, silent_cuts
from retrograd.messages.message import message


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for cuts below parameters of an optimizer whose result is a leaf again."""
    for cut in silent_cuts(evidence):
        if new_leaf(cut):
            op = cut.back
            yield Hit(
                steps=evidence.alike([cut.flow.index]),
                site=op.site,
                event=op.index,
                message=message(
                    "new-leaf-in-the-middle-found",
                    expression=op.site.expression if op.site is not None else op.name,
                    names=evidence.names(cut.parameters),
                ),
                parameters=cut.parameters,
            )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 4)
y = X.sum(1, keepdim=True)
encoder = torch.nn.Linear(4, 8)
head = torch.nn.Linear(8, 1)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.05)
for epoch in range(10):
    code = torch.relu(encoder(X)).detach().requires_grad_()
    loss = torch.nn.functional.mse_loss(head(code), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R14",
    name="new-leaf-in-the-middle",
    kind="exact",
    severity="error",
    check=check,
    sources=("https://github.com/pytorch/pytorch/issues/92586",),
    failing=FAILING,
    correct=FAILING.replace(".detach().requires_grad_()", ""),
    explains=("R02", "R13", "R18", "R51", "R21"),
)
