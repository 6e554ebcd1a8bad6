"""R84: a penalty on the weights is larger than the loss that it is added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from retrograd.diagnose.criteria import criteria
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.sightings import Sighting, hit, repeated
from retrograd.messages.message import message
from retrograd.store.model import Op, Update
from retrograd.store.value import Value


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Split the loss into what is made of parameters alone and the rest."""
    window = int(limits["window"])
    if len(evidence.flows) < window:
        raise NotChecked("diagnose-needs-full-steps", count=window)
    yield from _decay(evidence, limits)
    yield from _summed(evidence, limits)
    first = [each for flow in evidence.flows[:window] for each in _larger(flow, limits)]
    last = [
        each
        for flow in evidence.flows[-window:]
        for each in _larger(flow, limits)
        if _guesses(flow, limits["unlearned"])
    ]
    for hits in list(repeated(first, limits["times"])) or repeated(last, limits["times"]):
        penalty, loss = hits[0].what
        said = message("penalty-dominates-found", penalty=f"{penalty:.4g}", loss=f"{loss:.4g}")
        site = evidence.number_site(hits[0].op)
        yield hit(evidence, hits, said, {"ratio": penalty / loss}, site=site)


def _larger(flow: Flow, limits: Limits) -> Iterator[Sighting[tuple[float, float]]]:
    for root in flow.roots:
        op = flow.producers.get(root.index)
        parts = _parts(flow, op) if op is not None else None
        if op is not None and parts is not None and parts[0] > limits["times_loss"] * parts[1]:
            yield Sighting(flow, op, parts)


def _guesses(flow: Flow, share: float) -> bool:
    """Tell whether all losses of a step are at least such a share of what guessing would cost."""
    known = [found for found in criteria(flow) if found.loss is not None]
    return bool(known) and all(
        found.guess is not None and found.loss is not None and found.loss > share * found.guess
        for found in known
    )


def _summed(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for a term summed over the batch beside a mean that is no better than guessing."""
    seen = []
    for flow in evidence.flows[-int(limits["window"]) :]:
        known = [found for found in criteria(flow) if found.loss is not None and found.target.shape]
        if len(known) != 1 or not _guesses(flow, limits["unlearned"]):
            continue
        rows = known[0].target.shape[0]
        for op in flow.ops:
            given = inputs(op)[0] if kind(op) == "sum" and inputs(op) else None
            out = op.outputs[0] if op.outputs else None
            if given is None or out is None or out.shape or given.shape[:1] != (rows,) or rows < 2:
                continue
            if op.index not in flow.loss_ops or not op.grad:
                continue
            below = flow.below([out]) & flow.loss_ops
            alone = known[0].op.index not in flow.above(out) | below
            if alone and "mean" not in flow.kinds(below) and not _divided(flow, below):
                seen.append(Sighting(flow, op, rows))
    for hits in repeated(seen, limits["times"]):
        said = message("penalty-dominates-found-summed", rows=hits[0].what)
        told = hit(evidence, hits, said, severity="warning")
        yield replace(told, fix=message("penalty-dominates-fix-summed"))


def _divided(flow: Flow, below: set[int]) -> bool:
    """Tell whether a term is made ten times smaller, or more, on its way to the loss."""
    for index in below:
        op = flow.events[index]
        by = op.arguments.get("other") if isinstance(op, Op) else None
        if isinstance(op, Op) and kind(op) == "div":
            return True
        if isinstance(op, Op) and kind(op) == "mul" and isinstance(by, float) and abs(by) < 0.1:
            return True
    return False


def _decay(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare what the optimizer's weight decay adds to the gradients with the gradients."""
    yield from _shrunk(evidence, limits)
    strong: list[tuple[Flow, Update, float]] = []
    flows = evidence.flows[: int(limits["window"])]
    for flow in flows:
        sizes = [size for update in flow.updates if (size := _decayed(update)) is not None]
        gradient, decay = (float(np.linalg.norm([size[i] for size in sizes])) for i in (0, 1))
        if gradient > 0 and decay > limits["times_gradient"] * gradient:
            strong.append((flow, flow.updates[0], decay / gradient))
    if len(strong) >= limits["times"] and len(strong) == len(flows):
        flow, update, ratio = strong[0]
        given = update.hyperparameters.get("weight_decay")
        yield Hit(
            steps=tuple(flow.index for flow, *_ in strong),
            site=evidence.optimizer_site(update),
            event=update.index,
            message=message(
                "penalty-dominates-found-decay",
                decay=f"{given:g}" if isinstance(given, (int, float)) else "?",
                times=f"{ratio:.3g}",
            ),
            evidence={"ratio": ratio},
        )


def _shrunk(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for weights that each step makes so much smaller that the model stays near guessing."""
    shrinking: list[tuple[Flow, Update, float]] = []
    for flow in evidence.flows:
        for update in flow.updates[:1]:
            rate, decay = (
                update.hyperparameters.get("lr"),
                update.hyperparameters.get("weight_decay"),
            )
            if not isinstance(rate, (int, float)) or not isinstance(decay, (int, float)):
                return
            share = rate * decay
            if update.name in ("SGD", "AdamW") and share > limits["shrink"]:
                shrinking.append((flow, update, share))
    late = evidence.flows[-8:]
    guessed = all(_guesses(flow, limits["guess"]) for flow in late)
    if len(shrinking) == len(evidence.flows) and late and guessed:
        flow, update, share = shrinking[0]
        said = message("penalty-dominates-found-shrink", percent=f"{100 * share:.3g}")
        yield Hit(
            steps=tuple(flow.index for flow, *_ in shrinking),
            site=evidence.option_site(
                update, "weight_decay", update.hyperparameters.get("weight_decay")
            ),
            event=update.index,
            message=said,
            evidence={"share": share},
            severity="warning",
        )


def _decayed(update: Update) -> tuple[float, float] | None:
    """Return the norms of an update's gradient and of the decay that is added to it."""
    decay = update.hyperparameters.get("weight_decay")
    if update.before is None or update.gradient is None or not isinstance(decay, (int, float)):
        return None
    figures = update.gradient.statistics, update.before.statistics
    if figures[0] is None or figures[1] is None:
        return None
    # apart from the gradient, as AdamW's is, it is no part of it
    apart = update.name == "AdamW" or update.hyperparameters.get("decoupled_weight_decay") is True
    return None if apart else (figures[0].norm, abs(decay) * figures[1].norm)


def _parts(flow: Flow, op: Op) -> tuple[float, float] | None:
    """Return (penalty, loss) of an op that adds them."""
    taken = inputs(op)
    if kind(op) not in ("add", "add_") or len(taken) != 2:
        return None
    numbers = [value.number for value in taken]
    alone = [of_parameters(flow, value) for value in taken]
    if alone[0] == alone[1] or numbers[0] is None or numbers[1] is None:
        return None
    penalty, loss = numbers if alone[0] else numbers[::-1]
    assert penalty is not None and loss is not None
    return (penalty, loss) if penalty > 0 and loss > 0 else None


def of_parameters(flow: Flow, value: Value) -> bool:
    """Tell whether a value is made of parameters and of nothing else but single numbers."""
    waiting, seen, found = [value], {value.index}, False
    while waiting:
        item = waiting.pop()
        if flow.parameter_of(item) is not None:
            found = True
            continue
        op = flow.producers.get(item.index)
        if op is None or (not inputs(op) and item.slot.count > 1):
            return False  # data, given or made by the step itself, such as random ones
        new = [taken for taken in inputs(op) if taken.index not in seen]
        seen |= {taken.index for taken in new}
        waiting += new
    return found


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(64, 4)
y = X.sum(1, keepdim=True)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
for epoch in range(30):
    penalty = sum(p.square().sum() for p in model.parameters())
    loss = torch.nn.functional.mse_loss(model(X), y) + 100 * penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

RULE = Rule(
    code="R84",
    name="penalty-dominates",
    kind="heuristic",
    severity="hint",
    check=check,
    limits={
        "window": 8,
        "times": 5,
        "times_loss": 2,
        "times_gradient": 5,
        "shrink": 0.01,
        "guess": 0.5,
        "unlearned": 0.1,
    },
    sources=("TheDeepChecker",),
    failing=FAILING,
    correct=FAILING.replace("100 * penalty", "1e-4 * penalty").replace("1e-4)", "0.05)"),
    explains=("R49", "R50", "R54", "R56", "R80", "R81"),
)
