"""R64: the inputs of the first layer are far from 0 and 1, or features differ in scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from retrograd.diagnose.criteria import criteria, data_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.finding import Severity
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import Message, message
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look at the data that go into the first layers."""
    needed = int(limits["times"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    seen = [
        Sighting(flow, op, (said, data))
        for flow in evidence.flows
        for op, data in first_inputs(flow)
        if (said := _said(data, limits)) is not None
    ]
    seen += [
        Sighting(flow, op, (said, data))
        for flow in evidence.flows
        for op, data in _added(flow)
        if (said := _said(data, limits)) is not None
    ]
    for hits in repeated(seen, needed):
        said, data = hits[0].what
        # what the loss bears is worth a hint; where it does not fall, this may be why
        severity: Severity | None = "hint" if _settled(evidence, limits) else None
        made = evidence.data_site(hits[0].op, data, _largest(data))
        yield hit(evidence, hits, said, severity=severity, site=made)
        return
    if not _settled(evidence, limits):
        far = [found for flow in evidence.flows if (found := _far(flow, limits)) is not None]
        # from the first step to the last: the model has not come near
        if far and len(far) == len(evidence.flows):
            said, target = far[0].what
            made = evidence.data_site(far[0].op, target)
            told = hit(evidence, far, said, site=made)
            yield replace(told, fix=message("inputs-not-scaled-fix-target"))


def _largest(data: Value) -> int | None:
    """Return the column of a table with the largest number, None of what is no table."""
    array = data.array
    return None if array is None or array.ndim != 2 else int(np.abs(array).max(axis=0).argmax())


def _far(flow: Flow, limits: Limits) -> Sighting[tuple[Message, Value]] | None:
    """Return a loss whose targets are far larger than all predictions, and what to say of it."""
    for found in criteria(flow):
        made, wanted = found.prediction.statistics, found.target.statistics
        if found.measure in ("squared", "absolute") and made is not None and wanted is not None:
            count = found.target.slot.count
            reach = max(abs(made.min), abs(made.max), 1.0)
            if count and wanted.norm / count**0.5 > limits["most"] * reach:
                most = max(abs(wanted.min), abs(wanted.max))
                said = message(
                    "inputs-not-scaled-found",
                    what="target",
                    least=f"{reach:.3g}",
                    most=f"{most:.3g}",
                )
                return Sighting(flow, found.op, (said, found.target))
    return None


def _settled(evidence: Evidence, limits: Limits) -> bool:
    """Tell whether the loss fell far below the first one, and below that of guessing."""
    values = evidence.losses.values
    if len(values) < limits["losses"]:
        return True  # too early to say
    known = [found.guess for found in criteria(evidence.flows[0])]
    start = min([float(values[0]), *(guess for guess in known if guess is not None)])
    return float(np.median(values[-3:])) < limits["fallen"] * start


def first_inputs(flow: Flow) -> Iterator[tuple[Op, Value]]:
    """Yield the layers on the way to the loss that take data, and the data."""
    for op in flow.ops:
        data = data_of(flow, op) if op.index in flow.loss_ops and op.grad else None
        real = data is not None and data.dtype.startswith(("float", "bfloat"))
        if data is not None and real and not flow.trained(data):
            yield op, data


def _added(flow: Flow) -> Iterator[tuple[Op, Value]]:
    """Yield what is added to trained values before a layer takes them, such as positions."""
    for op in flow.ops:
        data = data_of(flow, op) if op.index in flow.loss_ops and op.grad else None
        made = None if data is None else flow.origin(data)
        taken = inputs(made) if made is not None and kind(made) == "add" else []
        trained = [flow.trained(value) for value in taken]
        if made is not None and sorted(trained) == [False, True]:
            given = taken[trained.index(False)]
            if given.slot.count > 1 and given.dtype.startswith(("float", "bfloat")):
                yield made, given


def _said(data: Value, limits: Limits) -> Message | None:
    figures, array = data.statistics, data.array
    if figures is None:
        return None
    most = max(abs(figures.min), abs(figures.max))
    if most > limits["most"]:
        return message(
            "inputs-not-scaled-found",
            what="large",
            least=f"{figures.min:.3g}",
            most=f"{figures.max:.3g}",
        )
    if array is None or array.ndim != 2 or len(array) < limits["rows"]:
        return None
    spreads = array.std(axis=0)
    moving = spreads[np.ptp(array, axis=0) > 0]  # equal numbers may have a spread of rounding
    if moving.size > 1 and moving.max() > limits["features"] * moving.min():
        return message(
            "inputs-not-scaled-found",
            what="uneven",
            least=f"{moving.min():.2g}",
            most=f"{moving.max():.2g}",
        )
    return None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.rand(64, 4) * 1000
y = X.sum(1, keepdim=True) / 1000
model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for epoch in range(30):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R64",
    name="inputs-not-scaled",
    kind="heuristic",
    severity="warning",
    check=check,
    limits={"times": 3, "most": 50, "features": 1000, "rows": 8, "fallen": 0.5, "losses": 10},
    sources=("torch-audit TA301", "UMLAUT", "SageMaker Debugger, built-in rules"),
    failing=FAILING,
    correct=FAILING.replace("(X)", "(X / 1000)").replace("lr=0.001", "lr=0.1"),
    explains=(
        "R53",
        "R56",
        "R55",
        "R80",
        "R49",
        "R47",
        "R40",
        "R54",
        "R63",
        "R46",
        "R57",
        "R39",
        "R81",
    ),
)
