"""R24: nearly every step the gradients are cut to the limit, far below what they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import GradChange, Op
from retrograd.store.value import Value

_CUTTING = frozenset(
    {"_foreach_mul_", "mul_", "clamp_", "clamp_min_", "clamp_max_"}
    | {"_foreach_clamp_min_", "_foreach_clamp_max_"}
)
"""Ops that make gradients smaller in place."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the norm of all gradients before and after they were scaled in place."""
    flows = [flow for flow in evidence.flows if flow.index >= limits["warmup"]]
    if len(flows) < limits["steps"]:
        count = int(limits["steps"] + limits["warmup"])
        raise NotChecked("diagnose-needs-full-steps", count=count)
    seen = [Sighting(flow, op, norms) for flow in flows for op, norms in _scaled(flow)]
    for hits in repeated(seen, limits["steps"]):
        cut = [s for s in hits if s.what[1] < limits["ratio"] * s.what[0]]
        after = np.array([s.what[1] for s in cut])
        if len(cut) <= limits["share"] * len(flows) or np.ptp(after) > 0.05 * after.mean():
            continue  # a division by a number is no limit: what is left then varies
        before = float(np.median([s.what[0] for s in cut]))
        said = message(
            "clipping-hides-found",
            percent=f"{100 * len(cut) / len(flows):.0f}",
            norm=f"{before:.3g}",
            limit=f"{float(after.mean()):.3g}",
        )
        numbers = {"norm_before": before, "norm_after": float(after.mean())}
        # an optimizer that divides by the usual size of a gradient does not mind
        plain = all(update.name == "SGD" for flow in flows for update in flow.updates)
        deep = plain and after.mean() < limits["deep"] * before
        site = evidence.number_site(cut[0].op)
        yield hit(evidence, cut, said, numbers, "warning" if deep else None, site=site)


def _scaled(flow: Flow) -> Iterator[tuple[Op, tuple[float, float]]]:
    """Yield, of each line that cuts gradients, an op, and the norm of all before and after."""
    lines: dict[int, tuple[Op, dict[int, Value | None], dict[int, Value | None]]] = {}
    for event in flow.ledger:
        op = flow.events[event.op] if isinstance(event, GradChange) and event.op else None
        if isinstance(event, GradChange) and isinstance(op, Op) and kind(op) in _CUTTING:
            site = op.site.id if op.site else -1
            _, before, after = lines.setdefault(site, (op, {}, {}))
            before.setdefault(event.parameter, event.before)
            after[event.parameter] = event.after
    for op, before, after in lines.values():
        yield op, (_norm(before.values()), _norm(after.values()))


def _norm(values: Iterable[Value | None]) -> float:
    figures = [value.statistics for value in values if value is not None]
    return float(np.sqrt(sum(f.norm**2 for f in figures if f is not None)))


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = 10 * X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(60):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
"""

RULE = Rule(
    code="R24",
    name="clipping-hides",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"warmup": 10, "steps": 8, "share": 0.5, "ratio": 0.5, "deep": 0.01},
    explains=("R54", "R80"),
    sources=("TorchLens", "share, ratio and deep are chosen here"),
    failing=FAILING,
    correct=FAILING.replace("(), 1.0)", "(), 100.0)"),
)
