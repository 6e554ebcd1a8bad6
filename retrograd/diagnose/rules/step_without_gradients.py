"""R18: ``step()`` ran while every gradient was None, because no backward pass had run."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import StepCall, Update


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for steps whose updates all read None, with no backward pass before them."""
    seen: dict[int, list[tuple[Flow, StepCall]]] = {}
    for flow in evidence.flows:
        for call, updates in steps_of(flow):
            empty = bool(updates) and all(update.gradient is None for update in updates)
            if empty and above_backward(flow, call):
                seen.setdefault(call.optimizer, []).append((flow, call))
    for hits in seen.values():
        flow, call = hits[0]
        steps = tuple([flow.index for flow, _ in hits])
        yield Hit(
            steps=steps,
            site=call.site,
            event=call.index,
            message=message("step-without-gradients-found", name=call.name, count=len(steps)),
            parameters=frozenset(u.parameter for u in dict(_pairs(flow))[call.index]),
            # once, before the first pass, it costs nothing: the steps are only shifted by one
            severity="error" if len(steps) > 1 or len(evidence.flows) == 1 else "hint",
        )


def above_backward(flow: Flow, call: StepCall) -> bool:
    """Tell whether no pass ran before a call, or only passes that stand below it in the source."""
    passes = [p for p in flow.passes if p.index < call.index and p.api == "backward"]
    sites = [(p.site, call.site) for p in passes]
    return all(
        a is not None
        and b is not None
        and (a.path, a.function) == (b.path, b.function)
        and (a.line or 0) > (b.line or 0)
        for a, b in sites
    )


def steps_of(flow: Flow) -> Iterator[tuple[StepCall, list[Update]]]:
    """Yield every call of ``step()`` with its updates."""
    call: StepCall | None = None
    updates: list[Update] = []
    for event in flow.ledger:
        if isinstance(event, StepCall):
            if call is not None:
                yield call, updates
            call, updates = event, []
        elif isinstance(event, Update) and call is not None and event.optimizer == call.optimizer:
            updates.append(event)
    if call is not None:
        yield call, updates


def _pairs(flow: Flow) -> Iterator[tuple[int, list[Update]]]:
    yield from ((call.index, updates) for call, updates in steps_of(flow))


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.step()
    loss.backward()
    optimizer.zero_grad()
"""

RULE = Rule(
    code="R18",
    name="step-without-gradients",
    kind="exact",
    severity="error",
    check=check,
    sources=("measured with PyTorch 2.13: step() is silent when every gradient is None",),
    failing=FAILING,
    correct=FAILING.replace("    optimizer.step()\n", "", 1).replace(
        "    optimizer.zero", "    optimizer.step()\n    optimizer.zero"
    ),
    explains=("R51", "R16", "R13"),
)
