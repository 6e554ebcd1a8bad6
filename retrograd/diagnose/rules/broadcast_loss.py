"""R29: predictions (N, 1) meet targets (N,), and every prediction meets every target."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value

_PAIRING = frozenset({"sub", "rsub", "add", "mul", "div", "expand", "where", "pow"})
_FIRST_OF_LOSS = frozenset(
    {"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss"}
)


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a column of predictions and a row of targets that were spread to a square."""
    for seen in repeated(_sightings(evidence), 1):
        column, row = seen[0].what
        count = row.shape[0]
        trained, other = (column, row) if _learning(seen[0].flow, column) else (row, column)
        said = message(
            "broadcast-loss-found",
            one=shown(trained.shape),
            other=shown(other.shape),
            square=shown((count, count)),
            pairs=count * count,
            count=count,
        )
        yield hit(evidence, seen, said, {"rows": count, "pairs": count * count})


def _sightings(evidence: Evidence) -> Iterator[Sighting[tuple[Value, Value]]]:
    for flow in evidence.all_flows:
        for op in flow.ops:
            pair = _pair(flow, op)
            if pair is not None and op.index in flow.loss_ops:
                yield Sighting(flow, op, pair)


def _pair(flow: Flow, op: Op) -> tuple[Value, Value] | None:
    """Return (column, row) that an op spreads over each other, one with a graph and one without."""
    if not op.grad or not op.outputs or op.outputs[0] is None:
        return None
    taken = inputs(op)
    if kind(op) in _FIRST_OF_LOSS and len(taken) >= 2:  # spread beforehand, by expand
        taken = [_before_expand(flow, value) for value in taken[:2]]
    elif kind(op) in _PAIRING - {"expand"}:  # a loss made of several ops spreads them itself
        taken = [_before_expand(flow, value, op) for value in taken]
    else:
        return None
    for column in taken:
        for row in taken:
            # what a second network gives is a target too, where gradients are off
            if spread(column, row) and _learning(flow, column) != _learning(flow, row):
                return None if _meant(flow, op, column) else (column, row)
    return None


def _learning(flow: Flow, value: Value) -> bool:
    return value.index in flow.requires


def spread(column: Value, row: Value) -> bool:
    """Tell whether a column (N, 1) and a row (N,) would be spread to a square."""
    if len(row.shape) != 1 or len(column.shape) != 2:
        return False
    return column.shape[1] == 1 and column.shape[0] == row.shape[0] > 1


def _before_expand(flow: Flow, value: Value, user: Op | None = None) -> Value:
    """Return what was spread; where a user is given, only what the same call spread."""
    op = flow.producers.get(value.index)
    if op is None or kind(op) != "expand" or (user is not None and op.site != user.site):
        return value
    return inputs(op)[0]


def _meant(flow: Flow, op: Op, column: Value) -> bool:
    """Tell whether the line itself made the column: ``x[:, None] - c`` means all pairs."""
    made = flow.producers.get(column.index)
    if made is None or kind(made) not in ("unsqueeze", "view", "reshape", "expand"):
        return False
    return made.site is not None and op.site is not None and made.site.line == op.site.line


def shown(shape: tuple[int, ...]) -> str:
    """Return ``32×1``, or ``32`` for one dimension."""
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]}"


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X @ torch.tensor([1.0, -2.0, 0.5])
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    prediction = model(X)
    loss = ((prediction - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R29",
    name="broadcast-loss",
    kind="exact",
    severity="error",
    check=check,
    sources=("https://github.com/pytorch/pytorch/issues/1939", "pytorch#16045", "pytorch#19699"),
    failing=FAILING,
    correct=FAILING.replace("prediction - y)", "prediction.squeeze(1) - y)"),
    explains=("R39", "R75"),
)
