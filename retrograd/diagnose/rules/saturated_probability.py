"""R43: BCELoss got probabilities of exactly 0 or 1 that are wrong: 100 each, and no gradient."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Count elements whose probability is exactly wrong, in steps at the end of the run."""
    seen: dict[int, list[tuple[Flow, Op, int, int]]] = {}
    for flow in evidence.flows:
        for op in flow.ops:
            if kind(op) == "binary_cross_entropy" and op.index in flow.loss_ops:
                wrong, count = _wrong(op)
                if wrong and not _of_one(flow, op):
                    key = op.site.id if op.site else -1
                    seen.setdefault(key, []).append((flow, op, wrong, count))
    last = evidence.flows[-1].index if evidence.flows else -1
    for hits in seen.values():
        if len(hits) < limits["steps"] or hits[-1][0].index != last:
            continue
        flow, op, wrong, count = hits[-1]
        yield Hit(
            steps=tuple(flow.index for flow, *_ in hits),
            site=_limited(evidence, *hits[0][:2]),
            event=hits[0][1].index,
            message=message("saturated-probability-found", wrong=wrong, count=count),
            evidence={"saturated": wrong, "of": count, "loss_of_each": 100},
        )


def _limited(evidence: Evidence, flow: Flow, op: Op) -> Site | None:
    """Return what gave the model its numbers, if it starts so; else the activation to leave out."""
    given = op.arguments.get("self")
    made = flow.origin(given) if isinstance(given, Value) else None
    if made is None or kind(made) != "sigmoid":
        return op.site
    if flow.index == 0:
        start = evidence.scaled_site(flow, inputs(made)[0])
        start = start or evidence.start_site(flow, inputs(made)[0])
        return start or evidence.layer_site(made)
    driven = [update for update in flow.updates if not update.manual]  # steps took it there
    return evidence.rate_site(driven[0]) if driven else evidence.layer_site(made)


def _of_one(flow: Flow, op: Op) -> bool:
    """Tell whether a softmax over one score is to blame, which R81 tells."""
    given = op.arguments.get("self")
    made = flow.origin(given) if isinstance(given, Value) else None
    return made is not None and kind(made) in ("_softmax", "softmax")


def _wrong(op: Op) -> tuple[int, int]:
    given, target = op.arguments.get("self"), op.arguments.get("target")
    if not isinstance(given, Value) or not isinstance(target, Value):
        return 0, 0
    p, y = given.array, target.array
    if p is None or y is None or p.shape != y.shape:
        return 0, 0
    wrong = ((p == 0) & (y > 0)) | ((p == 1) & (y < 1))
    return int(wrong.sum()), p.size


FAILING = """\
import torch

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=1000.0)
for epoch in range(20):
    loss = torch.nn.functional.binary_cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R43",
    name="saturated-probability",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 3},
    sources=("measured with PyTorch 2.13: BCELoss clamps the logarithm at −100",),
    failing=FAILING,
    correct=FAILING.replace("lr=1000.0", "lr=1.0"),
    explains=("R51", "R80", "R56", "R81"),
)
