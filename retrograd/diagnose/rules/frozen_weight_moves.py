"""R22: a weight whose gradient is always zero still moves, by decay or momentum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from retrograd.diagnose.endings import empty
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.rules.weight_unchanged import same
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Accumulation, GradChange, Site, Update, ZeroGrad


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for updates by zeros that change a parameter, in every step or from one step on."""
    needed = int(limits["steps"])
    if len(evidence.flows) < needed:
        raise NotChecked("diagnose-needs-full-steps", count=needed)
    seen: dict[int, list[tuple[int, Update]]] = {}
    alive: set[int] = set()
    for flow in evidence.flows:
        came = {a.parameter for a in flow.accumulations if not empty(a.after)}
        for update in flow.updates:
            if update.gradient is None:
                continue
            if not empty(update.gradient):
                alive.add(update.parameter)
                seen.pop(update.parameter, None)
            elif update.parameter in alive and update.parameter not in came | flow.frozen:
                continue  # nothing came by itself, as for a unit that is off
            elif not same(update.before, update.after) and update.before is not None:
                seen.setdefault(update.parameter, []).append((flow.index, update))
    yield from _in_part(evidence, needed)
    found = {n for n, hits in seen.items() if len(hits) >= needed}
    for number in alive & found:  # to the end of the run, not just for a while
        if evidence.flows[-1].index != seen[number][-1][0]:
            found.remove(number)
    if found:
        step, update = seen[min(found)][0]
        decay = bool(update.hyperparameters.get("weight_decay"))
        zeroed = _zeroed(evidence.flow(step), update.parameter)
        yield Hit(
            steps=tuple(index for index, _ in seen[min(found)]),
            site=zeroed or (evidence.optimizer_site(update) if decay else update.site),
            event=update.index,
            message=message(
                "frozen-weight-moves-found",
                names=evidence.names(found),
                why="decay" if decay else "momentum",
                optimizer=update.name,
            ),
            parameters=frozenset(found),
        )


def _in_part(evidence: Evidence, needed: int) -> Iterator[Hit]:
    """Look for elements whose gradient the program sets to 0, always the same, and that move."""
    masks: dict[int, NDArray[np.bool_]] = {}
    last: dict[int, tuple[int, Update, Array]] = {}
    seen: dict[int, list[tuple[int, Update]]] = {}
    for flow in evidence.flows:
        for update in flow.updates:
            read = None if update.manual else update.gradient
            gradient = None if read is None else read.array
            parts = [] if gradient is None else flow.contributions(update.parameter)
            # several may cancel, but for rounding
            if gradient is None or len(parts) != 1 or parts[0].shape != gradient.shape:
                continue
            mask = (gradient == 0) & (parts[0] != 0)
            known = masks.get(update.parameter, np.zeros_like(mask))
            before = None if update.before is None else update.before.array
            if before is None or not gradient.any() or not (mask | known).any():
                continue
            if (gradient[known] != 0).any():
                seen[update.parameter] = []  # drawn anew in each step, or over
            elif update.parameter in last:
                step, earlier, held = last[update.parameter]
                if (before != held)[known].any():  # and nobody has put them back
                    seen.setdefault(update.parameter, []).append((step, earlier))
            masks[update.parameter] = mask | known
            last[update.parameter] = (flow.index, update, before)
    for number, hits in seen.items():
        if len(hits) >= needed:
            update = hits[0][1]
            decay = bool(update.hyperparameters.get("weight_decay"))
            share = 100 * float(masks[number].mean())
            yield Hit(
                steps=tuple(index for index, _ in hits),
                site=evidence.optimizer_site(update) if decay else update.site,
                event=update.index,
                message=message(
                    "frozen-weight-moves-found-part",
                    names=evidence.names([number]),
                    percent=f"{share:.0f}",
                    why="decay" if decay else "momentum",
                    optimizer=update.name,
                ),
                fix=message("frozen-weight-moves-fix-part"),
                parameters=frozenset({number}),
            )


def _zeroed(flow: Flow, parameter: int) -> Site | None:
    """Return what made the gradient of a parameter zeros, where None would let it rest."""
    came = False
    zeroed: list[Site | None] = []
    after: list[Site | None] = []
    for event in flow.ledger:
        if isinstance(event, Accumulation):
            came = came or event.parameter == parameter
        elif isinstance(event, ZeroGrad):
            if any(change.parameter == parameter for change in event.changes):
                (after if came else zeroed).append(event.site)
        elif isinstance(event, GradChange) and event.parameter == parameter and came:
            after.append(event.site)
    if after:
        return after[-1]
    return zeroed[0] if zeroed and parameter in flow.frozen else None


FAILING = """\
import torch

torch.manual_seed(0)
X = torch.randn(32, 3)
y = X.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.1)
for epoch in range(10):
    loss = torch.nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    for parameter in model[0].parameters():  # meant to stay as they are
        parameter.grad.zero_()
    optimizer.step()
"""

RULE = Rule(
    code="R22",
    name="frozen-weight-moves",
    kind="exact",
    severity="warning",
    check=check,
    limits={"steps": 3},
    sources=("measured with PyTorch 2.13", "TorchLens"),
    failing=FAILING,
    correct=FAILING.replace("parameter.grad.zero_()", "parameter.grad = None"),
)
