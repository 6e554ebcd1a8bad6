"""R79: examples that the model is judged on are among those that it was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from retrograd.diagnose.criteria import criteria, data_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.evaluation_in_training_mode import JUDGING
from retrograd.diagnose.rules.inputs_not_scaled import first_inputs
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the rows that go into the first layer when training and when judging."""
    needed, flows = int(limits["steps"]), evidence.flows
    if len(flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    yield from _labels(evidence, limits)
    yield from _numbers(evidence, limits)
    learned = [{row for _, data in first_inputs(f) for row in _rows(data, limits)} for f in flows]
    everything: set[bytes] = set().union(*learned)
    before: set[bytes] = set()  # where a policy acts it learns later, which is no leak
    seen = []
    for flow, rows_here in zip(evidence.all_flows, [*learned, set()], strict=False):
        for op, data in _judged(flow) if before else ():
            rows = set(_rows(data, limits))
            shared = len(rows & before) / len(rows) if rows else 0.0
            # to judge all of the training data is to measure the training
            if limits["share"] < shared and not rows >= everything:
                seen.append(Sighting(flow, op, shared))
        before |= rows_here
    for hits in repeated(seen, limits["times"]):
        percent = f"{100 * hits[0].what:.0f}"
        site = evidence.split_site(hits[0].flow, hits[0].op)
        yield hit(evidence, hits, message("leaked-validation-found", percent=percent), site=site)


def _labels(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a column of the input that has one number for each class."""
    pairs = []
    for flow in evidence.flows:
        found = [item for item in criteria(flow) if item.measure in ("classes", "bce", "logits")]
        taken = [Sighting(flow, op, data) for op, data in first_inputs(flow)]
        if len(found) != 1 or len(taken) != 1:
            return
        rows, target = taken[0].what.array, found[0].target.array
        if rows is None or target is None or rows.ndim != 2 or target.size != len(rows):
            return
        pairs.append((taken[0], rows, target.ravel()))
    if len({rows.shape[1] for _, rows, _ in pairs}) != 1:
        return
    rows = np.concatenate([rows for _, rows, _ in pairs])
    target = np.concatenate([labels for *_, labels in pairs])
    classes = np.unique(target)
    examples = len(np.unique(rows, axis=0))
    if rows.shape[1] < limits["features"] or examples < limits["examples"] or len(classes) < 2:
        return
    for column, values in enumerate(rows.T):
        kinds = np.unique(np.stack([values.astype(np.float64), target.astype(np.float64)]), axis=1)
        if (kinds.shape[1] == len(classes) == len(np.unique(values))) or _told(values, target):
            said = message("leaked-validation-found-label", column=column)
            seen = [sighting for sighting, *_ in pairs]
            made = evidence.read_site(seen[0].op, seen[0].what, column)
            told = hit(evidence, seen, said, site=made)
            yield replace(told, fix=message("leaked-validation-fix-label"))
            return


def _numbers(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a column of the input that is the number to predict."""
    seen: list[Sighting[Value]] = []
    equal: set[int] | None = None
    numbers: set[float] = set()
    for flow in evidence.flows:
        found = [item for item in criteria(flow) if item.measure in ("squared", "absolute")]
        taken = list(first_inputs(flow))
        rows = taken[0][1].array if len(taken) == 1 else None
        target = found[0].target.array if len(found) == 1 else None
        if rows is None or target is None or rows.ndim != 2 or target.size != len(rows):
            return
        if rows.shape[1] < limits["features"]:
            return
        wanted = target.reshape(-1, 1)
        same = set(np.flatnonzero((rows == wanted).all(axis=0)).tolist())
        equal = same if equal is None else equal & same
        if not equal:
            return
        seen.append(Sighting(flow, *taken[0]))
        numbers |= set(target.ravel().tolist())
    if equal and len(numbers) >= limits["examples"]:
        column = min(equal)
        said = message("leaked-validation-found-number", column=column)
        made = evidence.data_site(seen[0].op, seen[0].what, column)
        told = hit(evidence, seen, said, site=made)
        yield replace(told, fix=message("leaked-validation-fix-label"))


def _told(values: Array, target: Array) -> bool:
    """Tell whether a column holds one number for one of two classes, and never for the other."""
    classes = np.unique(target)
    if len(classes) != 2:
        return False
    one, other = (values[target == label] for label in classes)
    for alone, rest in ((one, other), (other, one)):
        if len(alone) > 20 and len(np.unique(alone)) == 1 < len(np.unique(rest)):
            return not np.isin(alone[0], rest)
    return False


def _rows(data: Value, limits: Limits) -> list[bytes]:
    """Return each example as bytes; few numbers may well coincide."""
    array = data.array
    if array is None or array.ndim < 2 or array[0].size < limits["features"]:
        return []
    return [row.tobytes() for row in array]


def _judged(flow: Flow) -> Iterator[tuple[Op, Value]]:
    for op in flow.ops:
        data = data_of(flow, op) if not op.grad and op.index not in flow.loss_ops else None
        if data is None or op.phase == "optimizer" or flow.trained(data):
            continue
        below = flow.below([out for out in op.outputs if out is not None])
        if flow.kinds(below) & JUDGING and data.dtype.startswith("float"):
            yield op, data


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(96, 4)
y = (X.sum(1) > 0).long()
X_test, y_test = X[64:], y[64:]
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        print((model(X_test).argmax(1) == y_test).float().mean().item())
"""

RULE = Rule(
    code="R79",
    name="leaked-validation",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={"steps": 3, "times": 2, "share": 0.05, "features": 3, "examples": 50},
    sources=("UMLAUT",),
    failing=FAILING,
    correct=FAILING.replace("model(X), y)", "model(X[:64]), y[:64])"),
)
