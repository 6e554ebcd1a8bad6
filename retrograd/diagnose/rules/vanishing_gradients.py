"""R46: gradients shrink by orders of magnitude on the way to the first layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.model import NodeRun, Op, Site, Update
from retrograd.store.value import Value

_SMALL = 1
"""Weights that let less than all of the variance through are to blame, not the activation."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the mean gradient of the first weight matrix with the last one's."""
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    hits: list[tuple[Flow, Update, Update, float, float]] = []
    for flow in evidence.flows[:window]:
        matrices = in_order(flow)
        if len(matrices) < limits["layers"]:
            continue
        last, first = matrices[0], matrices[-1]
        near, far = size(last.gradient), size(first.gradient)
        if 0 < far < limits["ratio"] * near and far < limits["gradient"]:
            hits.append((flow, first, last, far, near))
    if len(hits) < limits["times"]:
        yield from _through_time(evidence, limits)
    else:
        flow, first, last, far, near = hits[0]
        names = evidence.parameters
        yield Hit(
            steps=tuple(flow.index for flow, *_ in hits),
            site=_squashing(evidence, flow, first) or first.site,
            event=first.index,
            message=message(
                "vanishing-gradients-found",
                first=names[first.parameter].name,
                last=names[last.parameter].name,
                far=f"{far:.2g}",
                near=f"{near:.2g}",
            ),
            parameters=frozenset({first.parameter}),
            evidence={"ratio": far / near},
        )


def _through_time(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the gradients at the last and at the first turn of a loop that a pass walks back."""
    seen: dict[int, list[Sighting[tuple[float, float]]]] = {}
    for flow in evidence.flows[: int(limits["window"])]:
        turns: dict[int, list[NodeRun]] = {}
        for run in flow.runs:
            op = flow.step.nodes[run.node].op
            made = None if op is None else flow.events[op]
            if isinstance(made, Op) and _squashes(flow, made) and made.site is not None:
                turns.setdefault(made.site.id, []).append(run)
        for line, runs in turns.items():
            near, far = (size(run.grad_outputs[0]) for run in (runs[0], runs[-1]))
            if len(runs) >= limits["turns"] and 0 < far < limits["decay"] * near:
                made = flow.events[flow.step.nodes[runs[0].node].op or 0]
                if isinstance(made, Op):
                    seen.setdefault(line, []).append(Sighting(flow, made, (far, near)))
    for hits in seen.values():
        if len(hits) >= limits["times"]:
            far, near = hits[0].what
            said = message("vanishing-gradients-found-time", far=f"{far:.2g}", near=f"{near:.2g}")
            small = _small_start(evidence, hits[0].flow, hits[0].op)
            site = small or evidence.layer_site(hits[0].op)
            yield hit(evidence, hits, said, {"ratio": far / near}, severity="hint", site=site)
            return


def _squashing(evidence: Evidence, flow: Flow, first: Update) -> Site | None:
    """Return where the weights start, or the activations are made where those are to blame.

    Weights that the program itself gave a start may be too small; those of PyTorch's layers are
    not, but a sigmoid passes on a quarter at most, layer after layer.
    """
    squashing = [op for op in flow.ops if _squashes(flow, op)]
    made = None
    own = evidence.own_start(first.parameter) is not None and _gain(first.before) < _SMALL
    if not own and len(squashing) > 2:
        module = squashing[0].module
        if module is None or evidence.definitions.is_own(module):  # called as functions
            made = Counter([op.site for op in squashing]).most_common(1)[0][0]
        else:
            made = evidence.repeated_site(module.type)
    return made or evidence.initial_site(first.parameter)


def _small_start(evidence: Evidence, flow: Flow, op: Op) -> Site | None:
    """Return where the program itself gave the weights of a recurrence a start that is small."""
    for index in flow.above(inputs(op)[0]):
        product = flow.events[index]
        for value in inputs(product) if isinstance(product, Op) else ():
            number = flow.parameter_behind(value)
            if number is not None and len(value.shape) == 2 and value.shape[0] == value.shape[1]:
                return evidence.own_start(number) if _gain(value) < _SMALL else None
    return None


def _gain(weight: Value | None) -> float:
    """Return by how much a square of weights makes the variance of what it takes larger."""
    figures = None if weight is None else weight.statistics
    inputs_of_each = 0 if weight is None else min(weight.shape[:2], default=0)
    return float(figures.std) ** 2 * inputs_of_each if figures is not None else 1.0


def _squashes(flow: Flow, op: Op) -> bool:
    return kind(op) in ("sigmoid", "tanh") and op.index in flow.loss_ops


def in_order(flow: Flow) -> list[Update]:
    """Return the updates of weight matrices, the last layer's first: as the pass reaches them."""
    order = {a.parameter: a.index for a in flow.accumulations}
    matrices = [
        u
        for u in flow.updates
        if u.gradient is not None and len(u.gradient.shape) > 1 and u.parameter in order
    ]
    return sorted(matrices, key=lambda update: order[update.parameter])


def size(value: Value | None) -> float:
    """Return the root mean square of a value."""
    figures = None if value is None else value.statistics
    count = value.slot.count if value is not None else 0
    return figures.norm / count**0.5 if figures is not None and count else 0.0


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 8)
y = (X.sum(1, keepdim=True) > 0).float()
layers = []
for _ in range(10):
    layers += [torch.nn.Linear(8, 8), torch.nn.Sigmoid()]
model = torch.nn.Sequential(*layers, torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R46",
    name="vanishing-gradients",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={
        "ratio": 1e-3,
        "gradient": 1e-4,
        "window": 8,
        "times": 5,
        "layers": 3,
        "turns": 8,
        "decay": 1e-6,
    },
    sources=("AutoTrainer", "SageMaker Debugger, built-in rules", "TheDeepChecker"),
    failing=FAILING,
    correct=FAILING.replace("range(10)", "range(2)").replace("Sigmoid", "ReLU"),
    explains=("R80", "R54", "R51", "R55", "R56", "R81"),
)
