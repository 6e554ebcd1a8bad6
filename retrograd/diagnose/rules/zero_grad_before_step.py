"""R16: the gradients of a backward pass were cleared before ``step()`` could read them."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.diagnose.rules.step_without_gradients import above_backward, steps_of
from retrograd.messages.message import message
from retrograd.store.model import Accumulation, GradChange, StepCall, Update, ZeroGrad
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for steps that read nothing although a pass had just filled what they read."""
    seen: dict[tuple[int, int], list[tuple[Flow, ZeroGrad | GradChange, StepCall]]] = {}
    for flow in evidence.flows:
        for call, updates in steps_of(flow):
            clearing = _clearing(flow, call, updates)
            if clearing is not None:
                key = (call.optimizer, clearing.site.id if clearing.site else -1)
                seen.setdefault(key, []).append((flow, clearing, call))
    yield from _unread(evidence, limits["times"])
    for hits in seen.values():
        if len(hits) < min(limits["times"], len(evidence.flows)):
            continue
        flow, clearing, call = hits[0]
        yield Hit(
            steps=evidence.alike(flow.index for flow, _, _ in hits),
            site=clearing.site,
            event=clearing.index,
            message=message("zero-grad-before-step-found", step=evidence.line(call.site)),
        )


def _unread(evidence: Evidence, times: float) -> Iterator[Hit]:
    """Look for passes all of whose gradients are cleared before anything has read them.

    Another pass of the same step fills them anew, so that the step reads something.
    """
    seen: dict[int, list[tuple[Flow, ZeroGrad]]] = {}
    for flow in evidence.flows:
        if flow.tries_points:
            continue  # LBFGS tries several points in a step
        taken = {value.index for op in flow.ops for value in inputs(op)}
        waiting: dict[int, Value] = {}
        filled = False  # by a pass, and nothing of it read since
        for event in flow.ledger:
            if isinstance(event, Accumulation) and event.after is not None:
                filled = filled or not waiting
                waiting[event.parameter] = event.after
            elif (isinstance(event, Update) and event.parameter in waiting) or isinstance(
                event, GradChange
            ):
                waiting, filled = {}, False
            elif isinstance(event, ZeroGrad) and waiting:
                cleared = {c.parameter for c in event.changes if _empty(c.after)}
                unread = not any(value.index in taken for value in waiting.values())
                again = [e for e in flow.ledger if e.index > event.index]
                used = {e.parameter for e in again if isinstance(e, Update)}
                filled_anew = {e.parameter for e in again if isinstance(e, Accumulation)}
                if filled and unread and waiting.keys() <= cleared and used & filled_anew & cleared:
                    seen.setdefault(event.site.id if event.site else -1, []).append((flow, event))
                waiting, filled = {}, False
    for hits in seen.values():
        if len(hits) >= max(times, 2):
            flow, clearing = hits[0]
            after = [c for c in flow.ledger if isinstance(c, StepCall)]
            yield Hit(
                steps=evidence.alike(flow.index for flow, _ in hits),
                site=clearing.site,
                event=clearing.index,
                message=message(
                    "zero-grad-before-step-found-other",
                    step=evidence.line(after[-1].site) if after else "?",
                ),
            )


def _clearing(flow: Flow, call: StepCall, updates: list[Update]) -> ZeroGrad | GradChange | None:
    if not updates or not all(_empty(update.gradient) for update in updates):
        return None
    if above_backward(flow, call):  # the order is wrong, and said so by another rule
        return None
    wanted = {update.parameter for update in updates}
    filled: set[int] = set()
    found: ZeroGrad | GradChange | None = None
    for event in flow.ledger:
        if event.index >= call.index:
            break
        if isinstance(event, Accumulation):
            filled.add(event.parameter)
        elif isinstance(event, Update):
            filled.discard(event.parameter)
        elif isinstance(event, ZeroGrad):
            cleared = {c.parameter for c in event.changes if _empty(c.after)} & filled & wanted
            found = event if cleared else found
        elif isinstance(event, GradChange) and event.parameter in filled & wanted:
            found = event if _empty(event.after) else found
    return found


def _empty(gradient: Value | None) -> bool:
    figures = None if gradient is None else gradient.statistics
    return gradient is None or (figures is not None and figures.zeros == gradient.slot.count)


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
"""

RULE = Rule(
    code="R16",
    name="zero-grad-before-step",
    kind="exact",
    severity="error",
    check=check,
    limits={"times": 2},
    sources=("https://velog.io/@rhss10", "measured with PyTorch 2.13"),
    failing=FAILING,
    correct=FAILING.replace("    optimizer.zero_grad()\n", "").replace(
        "    loss.b", "    optimizer.zero_grad()\n    loss.b"
    ),
    explains=("R51", "R18", "R13", "R22"),
)
