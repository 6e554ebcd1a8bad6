"""Where the first NaN or infinity that did harm came from, and what it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.store.model import NodeRun, Op, Update
from retrograd.store.value import Value

Cause = Literal["data", "log", "backward", "overflow", "op", "update"]
_LOGS: Final = frozenset({"log", "log2", "log10", "log1p"})
_UNWRITTEN: Final = frozenset({"empty", "empty_like", "empty_strided", "new_empty", "resize_"})
"""Ops that give memory as it lay there."""
_OVERWRITING: Final = frozenset(
    {"uniform_", "normal_", "zero_", "fill_", "copy_", "bernoulli_", "random_", "exponential_"}
)
"""Ops that do not read what they change."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The first event that gave a NaN or an infinity from finite numbers."""

    flow: Flow
    event: Op | NodeRun | Update
    value: Value  # what it gave, or what it was given where the data hold it
    cause: Cause
    chain: tuple[Op | NodeRun | Update, ...]  # from the cause to the first NaN, in order


def nans(value: Value | None) -> int:
    """Return how many elements are NaN."""
    figures = None if value is None else value.statistics
    return 0 if figures is None else max(figures.nans, 0)


def infinities(value: Value | None) -> int:
    """Return how many elements are infinite."""
    figures = None if value is None else value.statistics
    return 0 if figures is None else max(figures.infs, 0)


def bad(value: Value | None) -> bool:
    """Tell whether a value holds a NaN or an infinity."""
    return bool(nans(value) or infinities(value))


def first_step(evidence: Evidence) -> int | None:
    """Return the first step whose loss is not finite, light ones included."""
    steps = [i.step for i in evidence.recording.incidents if i.kind == "nonfinite"]
    losses = evidence.losses
    steps += [int(step) for step in losses.steps[~np.isfinite(losses.values)][:1]]
    known = [step for step in steps if step is not None]
    return min(known) if known else None


def stays(evidence: Evidence) -> bool:
    """Tell whether the loss was not finite at the end."""
    values = evidence.losses.values[-2:]
    return bool(len(values)) and not np.isfinite(values).any()


def origin(evidence: Evidence) -> Origin | None:
    """Return where the first harm began, None where none is seen in a full step."""
    numbers = set(evidence.chosen)
    first = first_step(evidence)
    if first is not None:
        full = evidence.recording.full_steps
        numbers |= {step for step in full if first - 2 <= step <= first}
    flows = [evidence.flow(number) for number in sorted(numbers)]
    if evidence.tail is not None:
        flows.append(evidence.tail)
    for flow in flows:
        if harmed(flow):
            found = _in_step(flow)
            if found is not None:
                return found
    return None


def harmed(flow: Flow) -> bool:
    """Tell whether a loss, or a parameter after its update, is not finite."""
    if any(bad(update.after) for update in flow.updates):
        return True
    # a loss scaled until it overflows is GradScaler's way to find the largest scale
    scaled = any(kind(op) == "_amp_foreach_non_finite_check_and_unscale_" for op in flow.ops)
    return not scaled and any(bad(root) for root in flow.roots)


def _in_step(flow: Flow) -> Origin | None:
    overflowed = any(infinities(root) and not nans(root) for root in flow.roots)
    # a loss that is infinite was so before its gradients became NaN
    for test in (infinities, nans) if overflowed else (nans, infinities):
        for event in flow.events:
            if isinstance(event, Op):
                if kind(event) in _UNWRITTEN:
                    continue
                given, made = inputs(event), [*event.outputs]
                if kind(event) in _OVERWRITING:
                    given = given[1:]
            elif isinstance(event, NodeRun):
                given = [value for value in event.grad_outputs if value is not None]
                made = [*event.grad_inputs]
            else:
                continue
            if event.index not in _relevant(flow, event):
                continue
            wrong = bad if isinstance(event, NodeRun) else test
            spoilt = [value for value in given if wrong(value)]
            if spoilt:
                if isinstance(event, Op) and spoilt[0].slot.external:
                    return Origin(flow, event, spoilt[0], "data", (event,))
                continue
            for value in made:
                if value is not None and wrong(value):
                    return _explained(flow, event, value)
    for update in flow.updates:
        read = (update.before, update.gradient, *update.state_before.values())
        if update.after is not None and bad(update.after) and not any(map(bad, read)):
            return Origin(flow, update, update.after, "update", (update,))
    return None


def _relevant(flow: Flow, event: Op | NodeRun) -> frozenset[int]:
    """Return the events that lead to a loss or a gradient: an unused NaN does no harm."""
    if isinstance(event, NodeRun):
        return frozenset({event.index})
    return flow.loss_ops


def _explained(flow: Flow, event: Op | NodeRun, value: Value) -> Origin:
    if isinstance(event, NodeRun):
        return Origin(flow, event, value, "backward", (event,))
    chain = _infinite_chain(flow, event)
    first = chain[0]
    if kind(first) in _LOGS and all(_least(item) == 0 for item in inputs(first)):
        return Origin(flow, event, value, "log", tuple(chain))
    if not flow.trained(value) and not flow.index:  # later, the training itself computes it
        return Origin(flow, event, value, "data", tuple(chain))
    if not nans(value) or len(chain) > 1:
        return Origin(flow, event, value, "overflow", tuple(chain))
    return Origin(flow, event, value, "op", tuple(chain))


def _infinite_chain(flow: Flow, event: Op) -> list[Op]:
    """Return the ops that handed an infinity on to an op, from where it was made."""
    chain = [event]
    for _ in range(32):
        infinite = [value for value in inputs(chain[0]) if infinities(value)]
        maker = flow.producers.get(infinite[0].index) if infinite else None
        if maker is None:
            break
        chain.insert(0, maker)
    return chain


def _least(value: Value) -> float:
    figures = value.statistics
    return figures.min if figures is not None else np.inf
