"""R15: ``step()`` reads gradients that an earlier ``step()`` has already used."""

from __future__ import annotations

from collections.abc import Iterator

from retrograd.diagnose import patch
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, Rule
from retrograd.messages.message import message
from retrograd.store.model import (
    Accumulation,
    BackwardCall,
    GradChange,
    Site,
    StepCall,
    Update,
    ZeroGrad,
)
from retrograd.store.value import Value

CLEAN, USED, MIXED = "clean", "used", "mixed"


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Follow each ``.grad``: used by a step, added to without being cleared, used again."""
    state: dict[int, str] = {}
    seen: dict[int, list[int]] = {}
    last = -2
    alone = len(evidence.optimizers) == 1 and not any(
        update.manual for flow in evidence.flows for update in flow.updates
    )
    for flow in evidence.flows:
        if flow.index != last + 1:
            # a step of the only optimizer is over when it has read every gradient
            state = dict.fromkeys(evidence.held, USED) if alone and flow.index else {}
        last = flow.index
        for parameter in _mixed(flow, state):
            steps = seen.setdefault(parameter, [])
            if flow.index not in steps:
                steps.append(flow.index)
    repeated = {number for number, steps in seen.items() if len(steps) >= limits["times"]}
    if repeated:
        together = sorted({step for number in repeated for step in seen[number]})
        yield _hit(evidence, frozenset(repeated), tuple(together))


def _mixed(flow: Flow, state: dict[int, str]) -> Iterator[int]:
    """Advance the state of every ``.grad`` by a step; yield parameters that read used ones."""
    for event in flow.ledger:
        if isinstance(event, Accumulation):
            held = _holds(event.before)
            if held and state.get(event.parameter) == USED:
                state[event.parameter] = MIXED
            elif not held:
                state[event.parameter] = CLEAN
        elif isinstance(event, ZeroGrad):
            for change in event.changes:
                if not _holds(change.after):
                    state[change.parameter] = CLEAN
        elif isinstance(event, GradChange):
            if event.before is None or not _holds(event.after) or event.cause != "op":
                state[event.parameter] = CLEAN
        elif isinstance(event, Update) and _holds(event.gradient):
            if state.get(event.parameter) == MIXED:
                yield event.parameter
            state[event.parameter] = USED


def _holds(gradient: Value | None) -> bool:
    if gradient is None:
        return False
    figures = gradient.statistics
    return figures is None or figures.zeros < gradient.slot.count or gradient.slot.count == 0


def _hit(evidence: Evidence, parameters: frozenset[int], steps: tuple[int, ...]) -> Hit:
    flow = _filled(evidence, parameters, steps[0])
    call = [event for event in flow.passes if event.api == "backward"][-1:]
    site = call[0].site if call else None
    number = min(parameters)
    numbers = {}
    for event in flow.accumulations:
        if event.parameter == number and event.before is not None and event.contribution:
            held, added = event.before.statistics, event.contribution.statistics
            if held and added:
                numbers = {"norm_before": held.norm, "norm_added": added.norm}
    calls = [event for event in flow.ledger if isinstance(event, StepCall)]
    owner = _owner(calls[0]) if calls else None
    return Hit(
        steps=evidence.alike(steps),
        site=_twice(flow) or _mistaken(evidence, flow, parameters) or site,
        event=call[0].index if call else None,
        message=message("zero-grad-missing-found", names=evidence.names(parameters), step=steps[0]),
        evidence=numbers,
        patch=_patched(evidence, call[0], owner) if call and owner else None,
        parameters=parameters,
    )


def _twice(flow: Flow) -> Site | None:
    """Return the second of two calls that clear the same gradients: it was to clear others."""
    cleared: set[str] = set()
    for event in flow.ledger:
        if isinstance(event, ZeroGrad) and event.site is not None:
            if event.site.expression in cleared:
                return event.site
            cleared.add(event.site.expression)
        elif isinstance(event, Accumulation):
            cleared.clear()
    return None


def _mistaken(evidence: Evidence, flow: Flow, parameters: frozenset[int]) -> Site | None:
    """Return what clears others just before a pass, although it did so for a pass of theirs.

    Of two players each has its gradients cleared before its own pass.
    """
    if len(evidence.optimizers) < 2:
        return None
    last: ZeroGrad | None = None
    before: Site | None = None
    for event in flow.ledger:
        if isinstance(event, ZeroGrad):
            last = event
        elif isinstance(event, Accumulation) and event.parameter in parameters:
            before = last.site if last is not None else None
    places = {
        event.site.id
        for near in evidence.flows[:4]
        for event in near.ledger
        if isinstance(event, ZeroGrad) and event.site is not None and before is not None
        if event.site.expression == before.expression
    }
    return before if len(places) > 1 else None


def _filled(evidence: Evidence, parameters: frozenset[int], step: int) -> Flow:
    """Return the step that filled what another one read: a second optimizer steps alone."""
    for flow in reversed([flow for flow in evidence.flows if flow.index <= step]):
        if any(event.parameter in parameters for event in flow.accumulations):
            return flow
    return evidence.flow(step)


def _owner(call: StepCall) -> str | None:
    """Return what the program calls the optimizer: ``opt`` of ``opt.step()``."""
    expression = call.site.expression if call.site else ""
    name, _, rest = expression.rpartition(".step(")
    return name if rest.startswith(")") and name.replace(".", "").isidentifier() else None


def _patched(evidence: Evidence, call: BackwardCall, owner: str) -> str | None:
    return patch.insert_before(evidence.recording, call.site, f"{owner}.zero_grad()")


FAILING = """\
import torch

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [1.0]])
model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(20):
    loss = torch.nn.functional.binary_cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R15",
    name="zero-grad-missing",
    kind="exact",
    severity="error",
    check=check,
    limits={"times": 2},
    sources=("mldoct", "Karpathy, A Recipe for Training Neural Networks"),
    failing=FAILING,
    correct=FAILING.replace("    loss.b", "    optimizer.zero_grad()\n    loss.b"),
)
