"""R84: a penalty on the weights is larger than the loss that it is added to."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Split the loss into what is made of parameters alone and the rest."""
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    seen = []
    for flow in evidence.flows[:window]:
        for root in flow.roots:
            op = flow.producers.get(root.index)
            parts = _parts(flow, op) if op is not None else None
            if op is not None and parts is not None and parts[0] > limits["times_loss"] * parts[1]:
                seen.append(Sighting(flow, op, parts))
    for hits in repeated(seen, limits["times"]):
        penalty, loss = hits[0].what
        said = message("penalty-dominates-found", penalty=f"{penalty:.4g}", loss=f"{loss:.4g}")
        yield hit(evidence, hits, said, {"ratio": penalty / loss})


def _parts(flow: Flow, op: Op) -> tuple[float, float] | None:
    """Return (penalty, loss) of an op that adds them."""
    taken = inputs(op)
    if kind(op) not in ("add", "add_") or len(taken) != 2:
        return None
    numbers = [value.number for value in taken]
    alone = [_of_parameters(flow, value) for value in taken]
    if alone[0] == alone[1] or numbers[0] is None or numbers[1] is None:
        return None
    penalty, loss = numbers if alone[0] else numbers[::-1]
    assert penalty is not None and loss is not None
    return (penalty, loss) if penalty > 0 and loss > 0 else None


def _of_parameters(flow: Flow, value: Value) -> bool:
    """Tell whether a value is made of parameters and of nothing else."""
    events = flow.above(value)
    made = {
        out.index
        for index in events
        if isinstance(op := flow.events[index], Op)
        for out in op.outputs
        if out is not None
    }
    taken = [
        item
        for index in events
        if isinstance(op := flow.events[index], Op)
        for item in inputs(op)
        if item.index not in made
    ]
    return bool(taken) and all(flow.parameter_of(item) is not None for item in taken)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
for epoch in range(30):
    penalty = sum(p.square().sum() for p in model.parameters())
    loss = torch.nn.functional.mse_loss(model(X), y) + 100 * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R84",
    name="penalty-dominates",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"window": 8, "times": 5, "times_loss": 2},
    sources=("TheDeepChecker",),
    failing=FAILING,
    correct=FAILING.replace("100 * penalty", "1e-4 * penalty").replace("1e-4)", "0.05)"),
    explains=("R50", "R54", "R56", "R80", "R81"),
)
