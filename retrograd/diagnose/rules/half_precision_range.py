"""R44: float16 values come near its largest number, or gradients sink below its smallest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from retrograd.diagnose import nonfinite
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import NodeRun, Op, Update

_MOST: Final = float(np.finfo(np.float16).max)
_LEAST: Final = float(np.finfo(np.float16).tiny)  # below it lie the subnormal numbers


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look at every float16 value of the forward and of the backward pass."""
    divided = list(_divided(evidence))
    if divided:
        yield from divided
        return
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    seen = [s for flow in evidence.flows[-window:] for s in _strained(flow, limits)]
    for hits in repeated(seen, limits["times"]):
        what, number = hits[0].what
        said = message("half-precision-range-found", what=what, number=number)
        yield hit(evidence, hits, said, site=evidence.half_site(hits[0].op.site))
        return


def _divided(evidence: Evidence) -> Iterator[Hit]:
    """Look for an optimizer's small number that is 0 in float16: what it divides by is 0 too."""
    found = nonfinite.origin(evidence)
    update = found.event if found is not None else None
    if found is None or not isinstance(update, Update) or found.value.dtype != "float16":
        return
    small = update.hyperparameters.get("eps")
    if isinstance(small, float) and np.float16(small) == 0:
        yield Hit(
            steps=(found.flow.index,),
            site=evidence.optimizer_site(update),
            event=update.index,
            message=message("half-precision-range-found", what="eps", number=f"{small:g}"),
            parameters=frozenset({update.parameter}),
            severity="error",
        )


def _strained(flow: Flow, limits: Limits) -> Iterator[Sighting[tuple[str, str]]]:
    if "_amp_foreach_non_finite_check_and_unscale_" in flow.kinds(range(len(flow.events))):
        return  # a loss scale looks for the limit by itself
    for event in flow.events:
        if isinstance(event, Op) and event.index in flow.loss_ops:
            for out in event.outputs:
                figures = out.statistics if out is not None and out.dtype == "float16" else None
                if figures is not None:
                    most = max(abs(figures.min), abs(figures.max))
                    if most > limits["headroom"] * _MOST or figures.infs:
                        yield Sighting(flow, event, ("large", f"{most:.4g}"))
        elif isinstance(event, NodeRun):
            node = flow.step.nodes[event.node]
            op = flow.events[node.op] if node.op is not None else None
            shares = [_subnormal(value) for value in event.grad_inputs]
            share = max([*shares, _lost(event)], default=0.0)
            if isinstance(op, Op) and share > limits["subnormal"]:
                yield Sighting(flow, op, ("small", f"{100 * share:.0f}"))


def _subnormal(value: object) -> float:
    """Return the share of a float16 gradient's elements, zeros aside, that are subnormal."""
    array = getattr(value, "array", None)
    if array is None or array.dtype != np.float16 or not np.count_nonzero(array):
        return 0.0
    size = np.abs(array[array != 0].astype(np.float64))
    return float((size < _LEAST).mean())


def _lost(run: NodeRun) -> float:
    """Return the share of a gradient's elements that are too small for float16, and became 0."""
    for given in run.grad_outputs:
        for made in run.grad_inputs:
            if given is None or made is None or given.shape != made.shape:
                continue
            before, after = given.statistics, made.statistics
            if (given.dtype, made.dtype) == ("float32", "float16") and before and after:
                numbers = given.slot.count - before.zeros
                if before.norm < _LEAST * np.sqrt(given.slot.count) and numbers > 0:
                    return float(after.zeros - before.zeros) / numbers
    return 0.0


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4).half()
y = X.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(4, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1)).half()
optimizer = torch.optim.SGD(model.parameters(), lr=100.0)
for epoch in range(20):
    loss = 1e-3 * torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R44",
    name="half-precision-range",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"window": 8, "times": 5, "headroom": 0.9, "subnormal": 0.1},
    sources=("TorchLens", "Micikevicius et al. 2018, arXiv:1710.03740"),
    failing=FAILING,
    correct=FAILING.replace(".half()", "").replace("lr=100.0", "lr=50.0"),
    explains=("R40", "R48", "R51", "R46", "R80"),
)
