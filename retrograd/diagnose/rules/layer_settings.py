"""R62: more than half is dropped, or dropout or a bias stands before a batch normalisation."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.criteria import weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.evaluation_in_training_mode import NORMS, in_training
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look at every dropout and batch normalisation of the first steps."""
    found: dict[str, list[Sighting[str]]] = {}
    for flow in evidence.flows[: int(limits["steps"])]:
        for op in flow.ops:
            if op.grad:
                for what, shown in _odd(flow, op, limits):
                    found.setdefault(what, []).append(Sighting(flow, op, shown))
    for what, hits in found.items():
        said = message("layer-settings-found", what=what, number=hits[0].what)
        yield hit(evidence, hits[:1], said, site=_place(evidence, what, hits[0]))


def _place(evidence: Evidence, what: str, seen: Sighting[str]) -> Site | None:
    """Return where the share is written, where the order is, or where the bias's layer is made."""
    if what == "dropout":
        return evidence.setting_site(seen.op, dropped(seen.op))
    before = seen.flow.origin(inputs(seen.op)[0])
    if what == "bias" and before is not None:
        return evidence.layer_site(before)
    return evidence.applied_site(seen.op)


def _odd(flow: Flow, op: Op, limits: Limits) -> Iterator[tuple[str, str]]:
    share = dropped(op)
    if share is not None and share > limits["dropout"]:
        yield "dropout", f"{share:.2g}"
    if kind(op) not in NORMS or not in_training(op) or op.index not in flow.loss_ops:
        return
    made = flow.origin(inputs(op)[0])
    if made is None or made.index == op.index:
        return
    if kind(made) == "native_dropout" or _drops(flow, made):
        yield "order", ""
    elif weight_of(flow, made) is not None and _biased(made):
        yield "bias", ""


def _biased(op: Op) -> bool:
    return kind(op) == "addmm" or isinstance(op.arguments.get("bias"), Value)


def dropped(op: Op) -> float | None:
    """Return the share that a dropout layer drops, None for other ops."""
    share = op.arguments.get("p")
    if not isinstance(share, (int, float)) or isinstance(share, bool):
        return None
    if kind(op) == "native_dropout" and op.arguments.get("train") is not False:
        return float(share)
    module = op.module.type if op.module is not None else ""
    if kind(op) == "bernoulli_" and "Dropout" in module:
        return 1 - float(share)
    return None


def _drops(flow: Flow, op: Op) -> bool:
    """Tell whether an op multiplies with a dropout's mask."""
    if kind(op) != "mul" or op.module is None or "Dropout" not in op.module.type:
        return False
    return any("bernoulli_" in flow.kinds(flow.above(value)) for value in inputs(op)[1:])


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = (X.sum(1) > 0).long()
model = torch.nn.Sequential(
    torch.nn.Linear(4, 64), torch.nn.ReLU(), torch.nn.Dropout(0.9), torch.nn.Linear(64, 2)
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(20):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R62",
    name="layer-settings",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 2, "dropout": 0.5},
    sources=("UMLAUT", "NeuraLint", "torch-audit TA400", "Li et al. 2019, arXiv:1801.05134"),
    failing=FAILING,
    correct=FAILING.replace("Dropout(0.9)", "Dropout(0.2)"),
    style=True,
)
