"""R73: dropout or batch normalisation ran in training mode during an evaluation."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.program import last_name
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value

NORMS = frozenset(
    {
        "native_batch_norm",
        "cudnn_batch_norm",
        "_native_batch_norm_legit",
        "_batch_norm_with_update",
        "miopen_batch_norm",
        "batch_norm",  # as one op under inference_mode()
    }
)
_SWITCHED = frozenset({"native_dropout", "dropout", "feature_dropout", "alpha_dropout"})
DROPOUTS = _SWITCHED | {"bernoulli_", "bernoulli"}
_READING = frozenset({"_local_scalar_dense", "item"})
_SAMPLES = 3
"""So many passes of the same examples are made to see how much dropout changes."""
JUDGING = frozenset(
    {"_local_scalar_dense", "argmax", "eq", "gt", "ge", "lt", "max", "topk", "mse_loss"}
    | {"nll_loss_forward", "binary_cross_entropy", "binary_cross_entropy_with_logits", "l1_loss"}
    | {"item", "cross_entropy_loss", "nll_loss", "nll_loss_nd"}
)
"""Ops that turn predictions into a figure."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for such ops with gradients off, whose result is judged and not trained on."""
    trains = any(flow.updates for flow in evidence.flows)
    seen: dict[int, list[tuple[Flow, Op]]] = {}
    before: Flow | None = None
    for flow in evidence.all_flows if trains else ():
        earlier, before = before, flow
        for op in flow.ops:
            if op.grad or not in_training(op) or op.index in flow.loss_ops:
                continue
            if op.phase == "optimizer" or not _module(evidence, op):
                continue
            below = flow.below([out for out in op.outputs if out is not None])
            judged = flow.kinds(below) & JUDGING
            if not judged or below & flow.loss_ops or not flow.trained(inputs(op)[0]):
                continue
            if kind(op) in DROPOUTS and _sampled(flow, op):
                continue
            if judged <= _READING and _examples(flow, op) <= _learned(flow) | _learned(earlier):
                continue  # a figure of what was just trained on, such as how it spreads
            seen.setdefault(op.site.id if op.site else -1, []).append((flow, op))
    if seen:
        hits = min(seen.values(), key=lambda found: (found[0][0].index, found[0][1].index))
        flow, op = hits[0]
        layer = op.module
        yield Hit(
            steps=tuple(sorted({flow.index for flow, _ in hits})),
            site=_uncalled(evidence)
            or (op.site if _untold(evidence, op) else evidence.outer_site(flow, op)),
            event=op.index,
            message=message(
                "evaluation-in-training-mode-found",
                layer="dropout" if kind(op) in DROPOUTS else "norm",
                name=layer.path if layer is not None else kind(op),
            ),
        )


def _sampled(flow: Flow, op: Op) -> bool:
    """Tell whether a dropout runs on the same data again and again: how its results spread."""
    again = [other for other in flow.ops if other.site == op.site and other.name == op.name]
    if len(again) < _SAMPLES:
        return False
    given = _examples(flow, op)
    return bool(given) and sum(_examples(flow, o) == given for o in again) >= _SAMPLES


def _examples(flow: Flow, op: Op) -> frozenset[str]:
    """Return the values that nothing trained went into, of those that layers before an op take."""
    before = [event for i in flow.above(inputs(op)[0]) if isinstance(event := flow.events[i], Op)]
    layers = [inputs(other) for other in before if any(map(flow.trained, inputs(other)))]
    return frozenset(_told(v) for taken in layers for v in taken if not flow.trained(v))


def _learned(flow: Flow | None) -> frozenset[str]:
    """Return the values that go into the loss of a step."""
    if flow is None:
        return frozenset()
    ops = [event for i in flow.loss_ops if isinstance(event := flow.events[i], Op) and event.grad]
    return frozenset(_told(value) for op in ops for value in inputs(op))


def _told(value: Value) -> str:
    """Return what tells a value from others, in other steps too where its numbers are known."""
    figures = value.statistics
    return str(value.index) if figures is None else f"{value.shape} {figures}"


def in_training(op: Op) -> bool:
    """Tell whether an op is a dropout that drops, or a normalisation by its batch."""
    name = kind(op)
    if name in NORMS:
        return op.arguments.get("train", op.arguments.get("training")) is True
    if name in _SWITCHED:
        return op.arguments.get("train") is not False
    return name in DROPOUTS


def _uncalled(evidence: Evidence) -> Site | None:
    """Return where the source says ``model.eval`` and does not call it."""
    named = [
        node.value
        for node in evidence.program.nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute)
        if node.value.attr == "eval"
    ]
    return evidence.program.site(named[0]) if named else None


def _untold(evidence: Evidence, op: Op) -> bool:
    """Tell whether dropout is called as a function that is not told whether the model trains."""
    call = evidence.program.at(op.site)
    layer = op.module is not None and "Dropout" in op.module.type
    return (
        not layer
        and isinstance(call, ast.Call)
        and (last_name(call.func) or "").endswith("dropout")
        and len(call.args) < 3
        and all(word.arg != "training" for word in call.keywords)
    )


def _module(evidence: Evidence, op: Op) -> bool:
    """Tell whether a layer made the op: ``bernoulli_`` alone may be anything."""
    kinds = ("Dropout", "BatchNorm", "AlphaDropout")
    if kind(op) not in ("bernoulli_", "bernoulli"):
        return True
    if _untold(evidence, op):
        return True
    return op.module is not None and any(name in op.module.type for name in kinds)


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = (X.sum(1) > 0).long()
model = torch.nn.Sequential(
    torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(16, 2)
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    model.train()
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        accuracy = (model(X).argmax(dim=1) == y).float().mean()
        print(accuracy.item())
"""

RULE = Rule(
    code="R73",
    name="evaluation-in-training-mode",
    kind="exact",
    severity="warning",
    check=check,
    sources=("mldoct", "Karpathy, A Recipe for Training Neural Networks", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace("    with torch.no_grad", "    model.eval()\n    with torch.no_grad"),
)
