"""R60: two layers follow each other without a function between them, or a ReLU comes twice."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import ACTIVATIONS, AFFINE, before_bias, data_of, weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import RESHAPING, Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op

_LINEAR = AFFINE | RESHAPING | {"add", "add_", "sub", "mul", "div", "neg"}
_MAKING = frozenset({"randn", "rand", "empty", "uniform_", "normal_", "zeros", "ones", "linspace"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Follow the input of each layer back to the op that computed it."""
    seen = [
        Sighting(flow, op, (what, before))
        for flow in evidence.flows[: int(limits["steps"])]
        for op in flow.ops
        if op.index in flow.loss_ops and op.grad
        for what, before in _pair(flow, op)
    ]
    for hits in repeated(seen, 1):
        flow, op = hits[0].flow, hits[0].op
        what, before = hits[0].what
        # where nothing else is there either, the whole model is one linear map
        out = op.outputs[0]
        alone = (
            what == "linear"
            and out is not None
            and flow.kinds(flow.above(out)) <= _LINEAR | _MAKING
        )
        dropped = _dropped(flow, op) if what == "linear" else None
        yield hit(
            evidence,
            hits,
            message("missing-nonlinearity-found", what=what, line=evidence.line(before.site)),
            site=None if dropped is None else dropped.site,
            severity="warning" if alone and _only(flow, op) else None,
        )


def _dropped(flow: Flow, op: Op) -> Op | None:
    """Return the activation of what a layer takes, if nothing reads what comes out of it."""
    data = data_of(flow, op)
    for user in () if data is None else flow.consumers.get(data.index, ()):
        if kind(user) in ACTIVATIONS and user.index not in flow.loss_ops:
            return user
    return None


def _pair(flow: Flow, op: Op) -> Iterator[tuple[str, Op]]:
    if kind(op).rstrip("_") == "relu":
        made = flow.origin(inputs(op)[0])
        if made is not None and kind(made).rstrip("_") == "relu" and made.index != op.index:
            yield "relu", made
        return
    data, weight = data_of(flow, op), weight_of(flow, op)
    made = before_bias(flow, data) if data is not None else None
    earlier = weight_of(flow, made) if made is not None else None
    if made is None or data is None or weight is None or earlier is None or weight is earlier:
        return
    users = {
        user.index
        for user in flow.consumers.get(data.index, ())
        if user.grad and user.index in flow.loss_ops  # what is dropped changes nothing
    }
    if kind(made) != kind(op) or len(users) != 1 or kind(op) == "convolution":
        return
    ends = min(set(earlier.shape) - {data.shape[-1]} or {data.shape[-1]})
    after = min(set(weight.shape) - {data.shape[-1]} or {data.shape[-1]})
    if data.shape[-1] >= min(ends, after):  # a narrow middle is a factorisation that is meant
        yield "linear", made


def _only(flow: Flow, op: Op) -> bool:
    """Tell whether nothing but linear ops leads on to the loss either."""
    below = flow.below([out for out in op.outputs if out is not None]) & flow.loss_ops
    return not flow.kinds(below) & ACTIVATIONS - {"sigmoid"}


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(100):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R60",
    name="missing-nonlinearity",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 4},
    sources=("UMLAUT", "NeuraLint"),
    failing=FAILING,
    correct=FAILING.replace("(2, 16), ", "(2, 16), torch.nn.Tanh(), "),
    explains=("R72", "R80"),
)
