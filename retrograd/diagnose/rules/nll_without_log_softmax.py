"""R33: nll_loss got scores or probabilities where it takes log-probabilities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import AFFINE, before_bias, picked
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import CHOOSING, Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.diagnose.signs import terms
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value

_SOFTMAX = ("_softmax", "softmax")


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Test whether the probabilities of each row add up to 1."""
    for seen in repeated(_sightings(evidence, limits), 1):
        what, made = seen[0].what
        site = None if made is None else evidence.applied_site(made)
        said = message("nll-without-log-softmax-found", what=what)
        yield hit(evidence, seen, said, site=site)


def _sightings(evidence: Evidence, limits: Limits) -> Iterator[Sighting[tuple[str, Op | None]]]:
    for flow in evidence.flows[:8] + evidence.flows[-2:]:
        yield from _by_hand(flow)
        for op in flow.ops:
            given = op.arguments.get("self")
            if kind(op) not in ("nll_loss_forward", "nll_loss2d_forward"):
                continue
            if isinstance(given, Value) and op.index in flow.loss_ops:
                made = _maker(flow, given)
                if made is not None and _sound(made):
                    if _across(made):
                        yield Sighting(flow, op, ("across", made))
                    continue
                what = _what(given, limits)
                if what is not None:
                    taken = what == "probabilities" and made is not None and kind(made) in _SOFTMAX
                    yield Sighting(flow, op, (what, made if taken else None))


def _maker(flow: Flow, value: Value) -> Op | None:
    """Return the op that computed what a loss takes, perhaps only some rows of it."""
    made = flow.origin(value)
    while made is not None and kind(made) in CHOOSING and len(inputs(made)) > 0:
        made = flow.origin(inputs(made)[0])
    return made


def _by_hand(flow: Flow) -> Iterator[Sighting[tuple[str, Op | None]]]:
    """Look for ``-scores[range(n), y].mean()`` of what a layer gives, without a log-softmax."""
    turned = [term.op for root in flow.roots for term in terms(flow, root) if term.turned]
    for op in flow.ops:
        scores = picked(flow, op)[0] if op.index in flow.loss_ops else None
        made = None if scores is None else before_bias(flow, scores)
        if made in turned and made is not None and kind(made) in AFFINE:
            yield Sighting(flow, op, ("picked", None))


def _sound(made: Op) -> bool:
    return kind(made) in ("_log_softmax", "log_softmax")


def _across(made: Op) -> bool:
    """Tell whether a log-softmax of a table goes over the examples, not over the classes."""
    out = made.outputs[0] if made.outputs else None
    return made.arguments.get("dim") in (0, -2) and out is not None and len(out.shape) == 2


def _what(given: Value, limits: Limits) -> str | None:
    array = given.array
    if array is None:
        figures = given.statistics
        return "scores" if figures is not None and figures.max > limits["tolerance"] else None
    wide = array.astype(np.float64)
    axis = 1 if wide.ndim > 1 else 0
    if not np.isfinite(wide.max(initial=-np.inf)):
        return None
    with np.errstate(over="ignore"):
        total = np.exp(wide).sum(axis=axis)
    if (np.abs(total - 1) <= limits["tolerance"]).all():
        return None
    bounded = bool((wide >= 0).all() and (wide <= 1).all())
    if bounded and (np.abs(wide.sum(axis=axis) - 1) <= limits["tolerance"]).all():
        return "probabilities"
    return "scores"


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.argmax(dim=1)
model = torch.nn.Linear(4, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    loss = torch.nn.functional.nll_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R33",
    name="nll-without-log-softmax",
    kind="exact",
    severity="error",
    check=check,
    limits={"tolerance": 0.01},
    sources=("measured with PyTorch 2.13: the loss is negative",),
    failing=FAILING,
    correct=FAILING.replace("nll_loss", "cross_entropy"),
    explains=("R39",),
)
