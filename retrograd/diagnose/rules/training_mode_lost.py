"""R74: training goes on in evaluation mode: ``train()`` was not called after ``eval()``."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.evaluation_in_training_mode import DROPOUTS, NORMS, in_training
from retrograd.messages.message import message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for layers that train in early steps and only evaluate in all later ones."""
    flows = [flow for flow in evidence.flows if flow.updates and flow.roots]
    yield from _never(evidence, flows, limits)
    last: dict[str, Flow] = {}  # layer -> last step in which it ran in training mode
    site: dict[str, Op] = {}
    for flow in flows:
        for op in flow.ops:
            if op.grad and kind(op) in NORMS | DROPOUTS and in_training(op) and op.module:
                last[op.module.path] = flow
                site[op.module.path] = op
    found: dict[str, Flow] = {}
    for path, step in last.items():
        later = [flow for flow in flows if flow.index > step.index]
        taught = {update.parameter for update in step.updates}
        same = [
            flow
            for flow in later
            if _passes_by(flow, site[path])
            and not taught.isdisjoint(update.parameter for update in flow.updates)
        ]
        # of another model that the same lines train, all else must be the same
        same = same or [flow for flow in later if _steps(flow, path) == _steps(step, path)]
        if len(same) >= limits["steps"] and len(same) == len(later):
            found[path] = later[0]
    if found:
        path = min(found, key=lambda name: found[name].index)
        flow, op = found[path], site[path]
        losses = [seen.op for seen in criteria(flow)]
        yield Hit(
            steps=tuple(f.index for f in flows if f.index >= flow.index),
            site=evidence.evaluation_site(losses[0] if losses else op),
            event=None,
            message=message(
                "training-mode-lost-found",
                names=", ".join(sorted(found)[:4]),
                step=flow.index,
            ),
        )


def _steps(flow: Flow, layer: str) -> list[tuple[str, Site | None]]:
    """Return the ops that lead to the loss and their lines, one layer left out."""
    return [
        (kind(op), op.site)
        for op in flow.ops
        if op.index in flow.loss_ops and op.grad
        if op.module is None or op.module.path != layer
        if any(out is not None and out.index in flow.requires for out in op.outputs)
    ]


def _never(evidence: Evidence, flows: list[Flow], limits: Limits) -> Iterator[Hit]:
    """Look for normalisations that go by the figures that they were made with, in all steps."""
    found: dict[str, list[tuple[Flow, Op]]] = {}
    for flow in flows:
        for op in flow.ops:
            if op.grad and kind(op) in NORMS and op.index in flow.loss_ops and _blank(op):
                name = op.module.path if op.module is not None else kind(op)
                found.setdefault(name, []).append((flow, op))
    names = [name for name, seen in found.items() if len(seen) >= max(limits["steps"], len(flows))]
    if names:
        flow, op = found[names[0]][0]
        losses = [seen.op for seen in criteria(flow)]
        yield Hit(
            steps=tuple(flow.index for flow in flows),
            site=evidence.evaluation_site(losses[0] if losses else op),
            event=op.index,
            message=message("training-mode-lost-found-never", names=", ".join(sorted(names)[:4])),
        )


def _blank(op: Op) -> bool:
    """Tell whether a normalisation evaluates by a mean of 0 and a variance of 1 throughout."""
    if in_training(op):
        return False
    for name, number in (("running_mean", 0.0), ("running_var", 1.0)):
        given = op.arguments.get(name)
        figures = given.statistics if isinstance(given, Value) else None
        if figures is None or not figures.min == figures.max == number:
            return False
    return True


def _passes_by(flow: Flow, op: Op) -> bool:
    """Tell whether a step trains the same model: it calls modules on the line of the layer."""
    line = op.site.line if op.site else None
    path = op.site.path if op.site else None
    return any(
        other.grad and other.site and (other.site.path, other.site.line) == (path, line)
        for other in flow.ops
    )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = (X.sum(1) > 0).long()
model = torch.nn.Sequential(
    torch.nn.Linear(4, 16), torch.nn.BatchNorm1d(16), torch.nn.ReLU(), torch.nn.Linear(16, 2)
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model.train()
for epoch in range(10):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 3 == 2:
        model.eval()
        with torch.no_grad():
            print((model(X).argmax(dim=1) == y).float().mean().item())
"""

RULE = Rule(
    code="R74",
    name="training-mode-lost",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 3},
    sources=("Karpathy, A Recipe for Training Neural Networks",),
    failing=FAILING,
    correct=FAILING.replace("model.train()\n", "").replace(
        "    loss = torch", "    model.train()\n    loss = torch"
    ),
)
