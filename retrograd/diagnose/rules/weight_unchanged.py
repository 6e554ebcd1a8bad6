"""R51: ``step()`` leaves a parameter exactly as it was, in every step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.finding import Severity
from retrograd.diagnose.flow import kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.messages.message import message
from retrograd.store.model import Update
from retrograd.store.value import Value

SEVERITY: Final[dict[str, Severity]] = {"rate": "error", "zero": "warning", "rounding": "hint"}
"""A bias below a normalisation has a gradient of nothing but rounding: that is no fault."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the bytes before and after each update that read a gradient."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    moved: set[int] = set()
    still: dict[int, list[Update]] = {}
    steps: dict[int, list[int]] = {}
    for flow in evidence.flows:
        for update in flow.updates:
            if update.gradient is None or update.parameter in moved:
                continue
            if same(update.before, update.after):
                still.setdefault(update.parameter, []).append(update)
                steps.setdefault(update.parameter, []).append(flow.index)
            else:
                moved.add(update.parameter)
    yield from _mostly(evidence, limits)
    yield from _put_back(evidence, limits)
    groups: dict[str, set[int]] = {}
    for parameter, updates in still.items():
        if parameter not in moved and len(updates) >= needed:
            groups.setdefault(_why(updates), set()).add(parameter)
    for why, parameters in groups.items():
        first = still[min(parameters)][0]
        # single gradients may cancel exactly: the last bias of a critic gets as much + as −
        lone = why == "zero" and bool(moved)
        yield Hit(
            steps=tuple(steps[min(parameters)]),
            site=evidence.rate_site(first) if why == "rate" else first.site,
            event=first.index,
            message=message("weight-unchanged-found", why=why, names=evidence.names(parameters)),
            parameters=frozenset(parameters),
            severity="hint" if lone else SEVERITY[why],
        )


def _mostly(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a rate that a schedule sets to 0 in nearly all steps, and not from one on.

    ``step // total`` does so: it is 0, and then 1.
    """
    rates = [
        (flow.index, update, update.hyperparameters.get("lr"))
        for flow in evidence.flows
        for update in flow.updates[:1]
        if update.gradient is not None and not update.manual
    ]
    off = [(step, update) for step, update, rate in rates if rate == 0]
    early = [step for step, _ in off[:2]] == [step for step, *_ in rates[:2]]
    if early and limits["off"] * len(rates) < len(off) < len(rates) and len(off) >= limits["long"]:
        update = off[0][1]
        moved = {u.parameter for flow in evidence.flows for u in flow.updates}
        yield Hit(
            steps=tuple(step for step, _ in off),
            site=evidence.rate_site(update),
            event=update.index,
            message=message(
                "weight-unchanged-found-mostly", count=len(off), all=len(rates), name=update.name
            ),
            parameters=frozenset(moved),
        )


def _put_back(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for weights that move, and that something else sets to what they were, again and again.

    A model that is trained several times from one start has another optimizer each time.
    """
    starts: dict[tuple[int | None, bytes], list[tuple[int, Update]]] = {}
    last: bytes | None = None
    for flow in evidence.flows:
        updates = [u for u in flow.updates if u.before is not None and not u.manual]
        state = _state([u.before for u in updates])
        if state is not None and state != last:
            starts.setdefault((updates[0].optimizer, state), []).append((flow.index, updates[0]))
        last = _state([u.after for u in updates])
    rounds = (evidence.flows[-1].index - evidence.flows[0].index + 1) / limits["back"]
    for hits in starts.values():
        late = evidence.flows[-1].index - hits[-1][0] < rounds  # to the end, not for a while
        if len(hits) >= limits["back"] and late:
            step, update = hits[1]
            flow = evidence.flow(step)
            copied = [op for op in flow.ops if kind(op) == "copy_" and not op.grad]
            yield Hit(
                steps=tuple(index for index, _ in hits[1:]),
                site=copied[0].site if copied else update.site,
                event=copied[0].index if copied else update.index,
                message=message("weight-unchanged-found-back", count=len(hits) - 1),
                parameters=frozenset(u.parameter for u in flow.updates),
                fix=message("weight-unchanged-fix-back"),
            )
            return


def _state(values: list[Value | None]) -> bytes | None:
    """Return what tells one state of all weights from another; None where that is not known."""
    found = [value.statistics for value in values if value is not None]
    if not found or any(figures is None or figures.norm == 0 for figures in found):
        return None
    return repr(found).encode()


def same(before: Value | None, after: Value | None) -> bool:
    """Tell whether two values hold the same bytes; False where that is not known."""
    if before is None or after is None:
        return False
    if before.index == after.index:
        return True
    one, other = before.array, after.array
    return one is not None and other is not None and np.array_equal(one, other, equal_nan=True)


def _why(updates: list[Update]) -> str:
    if all(update.hyperparameters.get("lr") == 0 for update in updates):
        return "rate"
    figures = [u.gradient.statistics for u in updates if u.gradient is not None]
    counts = [u.gradient.slot.count for u in updates if u.gradient is not None]
    if all(f is not None and f.zeros == n for f, n in zip(figures, counts, strict=True)):
        return "zero"
    return "rounding"


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R51",
    name="weight-unchanged",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 3, "off": 0.8, "long": 10, "back": 5},
    sources=("SageMaker Debugger, built-in rules", "MindInsight"),
    failing=FAILING,
    correct=FAILING.replace("lr=0.0", "lr=0.1"),
    explains=("R80", "R54"),
)
