"""R59: a layer starts with weights of another size than its number of inputs asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from retrograd.diagnose.criteria import data_of, weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules import activation_scale
from retrograd.messages.message import message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the variance of each hidden layer's first weights with 1 / fan-in."""
    if not evidence.flows or evidence.flows[0].index != 0:
        raise NotChecked("diagnose-needs-full-steps", count=1)
    flow = evidence.flows[0]
    found: list[tuple[Op, Value, float]] = []
    for op in flow.ops:
        weight, data = weight_of(flow, op), data_of(flow, op)
        if weight is None or data is None or op.index not in flow.loss_ops or not op.grad:
            continue
        figures = weight.statistics
        inputs = _fan_in(weight, data)
        if figures is None or inputs < limits["inputs"] or figures.std == 0:
            continue
        gain = figures.std**2 * inputs
        if not limits["least"] < gain < limits["most"] and _hidden(flow, op):
            found.append((op, weight, gain))
    if not found:
        yield from _by_name(evidence)
    if found:
        op, weight, gain = found[0]
        number = flow.parameter_of(weight)
        figures = weight.statistics
        assert number is not None
        yield Hit(
            steps=(0,),
            site=evidence.own_start(number) or evidence.initial_site(number) or op.site,
            event=_after(flow, op),
            message=message(
                "initial-scale-found",
                name=evidence.parameters[number].name,
                std=f"{figures.std if figures is not None else 0:.2g}",
                usual=f"{math.sqrt(2 / _fan_in(weight, data_of(flow, op) or weight)):.2g}",
            ),
            evidence={"gain": gain},
            parameters=frozenset({number}),
        )


def _after(flow: Flow, op: Op) -> int:
    """Return the op that takes what a layer gives: there its size is seen."""
    out = op.outputs[0] if op.outputs else None
    users = [] if out is None else flow.consumers.get(out.index, [])
    return users[0].index if users else op.index


def _by_name(evidence: Evidence) -> Iterator[Hit]:
    """Look for a scheme that is made for other activations, where the signal fades or grows."""
    limits = activation_scale.RULE.limits
    if len(evidence.flows) < limits["times"]:
        return
    for told in activation_scale.check(evidence, limits):
        expression = told.site.expression if told.site is not None else ""
        flow = evidence.flows[0]
        kinds = flow.kinds(flow.loss_ops)
        relu = bool(kinds & {"relu", "relu_", "leaky_relu", "gelu"})
        other = re.search(r"xavier|glorot|kaiming.*\ba\s*=", expression)
        if told.site is not None and relu and other:
            yield Hit(
                steps=(0,),
                site=told.site,
                message=message("initial-scale-found-scheme", expression=expression),
                evidence=told.evidence,
            )


def _fan_in(weight: Value, data: Value) -> int:
    """Return how many numbers each unit adds up."""
    return math.prod(weight.shape[1:]) if len(weight.shape) > 2 else data.shape[-1]


def _hidden(flow: Flow, op: Op) -> bool:
    """Tell whether another layer comes after: the last one may well start small."""
    below = flow.below([out for out in op.outputs if out is not None])
    return any(
        weight_of(flow, later) is not None
        for index in below & flow.loss_ops
        if isinstance(later := flow.events[index], Op)
    )


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 64)
y = X[:, :8].sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))
torch.nn.init.normal_(model[0].weight, std=1.0)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R59",
    name="initial-scale",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"inputs": 8, "least": 0.01, "most": 20},
    sources=("Glorot and Bengio 2010", "He et al. 2015, arXiv:1502.01852", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace("torch.nn.init.normal_(model[0].weight, std=1.0)\n", ""),
    explains=("R39", "R46", "R57", "R80", "R81"),
)
