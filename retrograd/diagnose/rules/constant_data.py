"""R66: a feature, or the target, is the same in every example."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import CHOOSING, Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.inputs_not_scaled import first_inputs
from retrograd.diagnose.sightings import Sighting, hit
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.value import Value

_CUTTING = CHOOSING | {"slice", "select"}
_SCALING = frozenset({"div", "sub", "mul", "add"})


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for columns of the data, and targets, that never differ in any batch."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    yield from _targets(evidence, limits)
    yield from _one_part(evidence, limits)
    taken = [(flow, op, data) for flow in evidence.flows for op, data in first_inputs(flow)]
    batches: list[Sighting[Value]] = []
    arrays: list[Array] = []
    for flow, op, data in taken:
        first = not batches or batches[-1].flow is not flow
        if first and data.array is not None and data.array.ndim == 2:
            batches.append(Sighting(flow, op, data))
            arrays.append(data.array)
    widths = {array.shape[1] for array in arrays}
    if len(batches) < needed or len(widths) != 1 or sum(map(len, arrays)) < limits["rows"]:
        return
    made = evidence.data_site(batches[0].op, batches[0].what)
    # what the model itself made alike is another fault
    given = all(_given(flow, data, _SCALING) for flow, _, data in taken if flow.index > 0)
    if given and len(taken) == len(batches) and _one_example(arrays, limits):
        said = message("constant-data-found", what="example", columns="")
        yield hit(evidence, batches, said, severity="error", site=made)
        return
    biased = _biased(batches[0])
    narrow = max(widths) <= limits["columns"]
    still = _still(arrays, limits["background"], biased) if narrow else []
    if still:
        listed = ", ".join(map(str, still[:6])) + (", …" if len(still) > 6 else "")
        said = message("constant-data-found", what="feature", columns=listed)
        yield hit(evidence, batches, said, site=made)


def _one_part(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a slice of the data that every step cuts anew, and always the same one."""
    seen: list[Sighting[tuple[Value, Value]]] = []
    for flow in evidence.flows:
        for _, data in first_inputs(flow):
            made = flow.producers.get(data.index)
            cut = None if made is None or kind(made) != "slice" else made
            whole = None if cut is None else inputs(cut)[0]
            if cut is None or whole is None or whole.name is None or data.array is None:
                return
            if not whole.shape or len(data.array) * limits["parts"] > whole.shape[0]:
                return
            seen.append(Sighting(flow, cut, (whole, data)))
    if len(seen) < limits["repeats"]:
        return
    whole, data = seen[0].what
    if any(not np.array_equal(data.array, other.what[1].array) for other in seen):  # type: ignore[arg-type]
        return
    cuts = {(one.flow.index, one.op.index) for one in seen}
    for flow in evidence.all_flows:
        for op in flow.ops:
            named = [v for v in inputs(op) if v.name == whole.name and v.shape == whole.shape]
            if not named or (flow.index, op.index) in cuts or _alike(op, seen[0].op):
                continue
            rows = kind(op) in _CUTTING and op.arguments.get("dim", 0) == 0
            if rows or flow.index > 0:
                return  # the rest of it is for something else
    said = message(
        "constant-data-found",
        what="part",
        columns=whole.name or "?",
        count=len(data.array) if data.array is not None else 0,
        all=whole.shape[0],
    )
    yield hit(evidence, seen, said, severity="hint")


def _alike(op: Op, other: Op) -> bool:
    """Tell whether two slices take the same rows."""
    bounds = ("dim", "start", "end", "step")
    return kind(op) == kind(other) and all(
        op.arguments.get(name) == other.arguments.get(name) for name in bounds
    )


def _one_example(batches: list[Array], limits: Limits) -> bool:
    """Tell whether all examples of all batches are the same; one may well fit a single one."""
    first = batches[0][:1]
    several = first.shape[1] > 1 and min(map(len, batches)) >= limits["batch"]
    return several and all(bool((batch == first).all()) for batch in batches)


def _biased(seen: Sighting[Value]) -> bool:
    """Tell whether the layer that takes the data adds a bias of its own."""
    weights = [v for v in inputs(seen.op) if seen.flow.parameter_behind(v) is not None]
    users = [u for out in seen.op.outputs if out for u in seen.flow.consumers.get(out.index, ())]
    added = [v for u in users if kind(u) in ("add", "add_") for v in inputs(u)]
    return len(weights) > 1 or any(seen.flow.parameter_behind(v) is not None for v in added)


def _still(batches: list[Array], background: float, biased: bool) -> list[int]:
    """Return columns that hold one number everywhere.

    A column of ones stands for a bias where the layer adds none, and what is common in other
    columns too, such as the 0 of an image's rim, says no more than that nothing is there.
    """
    first = batches[0][0]
    same = np.all([(batch == first).all(axis=0) for batch in batches], axis=0)
    same &= biased | (first != 1)
    if same.all():
        return []  # no columns of data, such as a state that starts from zeros
    others = np.concatenate([batch[:, ~same] for batch in batches])
    return [
        int(column)
        for column in np.flatnonzero(same)
        if (others == first[column]).mean() < background
    ]


def _targets(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    if len(evidence.optimizers) > 1:
        return  # of two players each has a target of its own
    seen: list[Sighting[tuple[float, Value]]] = []
    numbers: set[float] = set()
    for flow in evidence.flows:
        found = list(criteria(flow))
        figures = found[0].target.statistics if len(found) == 1 else None
        if figures is None:
            return
        numbers |= {figures.min, figures.max}
        if len(numbers) > 1:
            return
        if figures.min == 0 and found[0].measure in ("squared", "absolute"):
            return  # a residual is to vanish
        if flow.index > 0 and not _given(flow, found[0].target):
            return  # made by the step itself, such as zeros: meant
        if found[0].target.slot.count >= limits["rows"]:  # not the rest of an epoch
            seen.append(Sighting(flow, found[0].op, (figures.min, found[0].target)))
    if seen:
        number, target = seen[0].what
        said = message("constant-data-found", what="target", columns=f"{number:g}")
        made = evidence.data_site(seen[0].op, target)
        yield hit(evidence, seen, said, severity="warning", site=made)


def _given(flow: Flow, data: Value, others: frozenset[str] = frozenset()) -> bool:
    """Tell whether data come from outside of the step, by choosing rows and some other ops."""
    value = flow.source(data)
    for _ in range(8):
        op = flow.producers.get(value.index)
        if op is None:
            return True
        if kind(op) not in CHOOSING | others:
            return False
        value = flow.source(inputs(op)[0])
    return False


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
X[:, 2] = 7.0
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(20):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R66",
    name="constant-data",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={
        "steps": 3,
        "rows": 16,
        "columns": 64,
        "batch": 4,
        "background": 0.1,
        "parts": 2,
        "repeats": 8,
    },
    sources=("TheDeepChecker", "torch-audit TA302"),
    failing=FAILING,
    correct=FAILING.replace("X[:, 2] = 7.0\n", ""),
)
