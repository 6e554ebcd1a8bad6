"""R55: most units of a ReLU layer are zero for every example, step after step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, back_to_onset, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op, Site


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Count units that are zero in the whole batch, at the end of the run."""
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    look = partial(_sightings, limits=limits)
    late = [found for flow in evidence.flows[-window:] for found in look(flow)]
    for seen in repeated(late, limits["times"]):
        share = seen[0].what
        seen = back_to_onset(evidence, seen, look)
        said = message("dead-relu-found", percent=f"{100 * share:.0f}")
        flow, op = seen[0].flow, seen[0].op  # units that never lived were born so
        start = evidence.start_site(flow, inputs(op)[0]) if flow.index == 0 else None
        made = start or _killed(evidence, flow, op, share) or evidence.layer_site(op)
        yield hit(evidence, seen, said, {"dead_units": share}, structural=False, site=made)


def _killed(evidence: Evidence, flow: Flow, op: Op, share: float) -> Site | None:
    """Return where the rate of the one update is written that units did not survive."""
    before = next((each for each in evidence.flows if each.index == flow.index - 1), None)
    for twin in () if before is None else before.ops:
        lived = twin.site == op.site and twin.name == op.name and (_dead(twin) or 0) < share / 2
        if before is not None and lived and twin.index in before.loss_ops and before.updates:
            return evidence.rate_site(before.updates[0])
    return None


def _sightings(flow: Flow, limits: Limits) -> Iterator[Sighting[float]]:
    for op in flow.ops:
        if kind(op) not in ("relu", "relu_") or op.index not in flow.loss_ops or not op.grad:
            continue
        share = _dead(op)
        if share is not None and share > limits["units"]:
            yield Sighting(flow, op, share)


def _dead(op: Op) -> float | None:
    """Return the share of units, along the second dimension, that no example switches on."""
    out = op.outputs[0] if op.outputs else None
    array = None if out is None else out.array
    if array is None:
        figures = None if out is None else out.statistics
        if out is None or figures is None:
            return None
        return 1.0 if figures.zeros == out.slot.count else 0.0
    if array.ndim < 2 or array.shape[0] < 4:
        return None
    axes = tuple(axis for axis in range(array.ndim) if axis != (1 if array.ndim != 3 else 2))
    return float((array == 0).all(axis=axes).mean())


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.rand(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
torch.nn.init.constant_(model[0].bias, -5.0)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R55",
    name="dead-relu",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"units": 0.5, "window": 8, "times": 5},
    sources=("SageMaker Debugger, built-in rules", "DeepDiagnosis"),
    failing=FAILING,
    correct=FAILING.replace("torch.nn.init.constant_(model[0].bias, -5.0)\n", ""),
    explains=("R51", "R52", "R80", "R46", "R54", "R81"),
)
