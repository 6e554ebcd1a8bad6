"""R25: updates go along the gradient, not against it, and the loss rises."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from retrograd.diagnose.criteria import criteria, weight_of
from retrograd.diagnose.evidence import Evidence
from retrograd.diagnose.flow import Flow, inputs, kind
from retrograd.diagnose.rule import Hit, Limits, NotChecked, Rule
from retrograd.diagnose.signs import terms
from retrograd.messages.message import message
from retrograd.store.elements import Array
from retrograd.store.model import Op, Update

LOSSES = frozenset(
    {
        "mse_loss",
        "l1_loss",
        "smooth_l1_loss",
        "huber_loss",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "nll_loss_forward",
        "nll_loss2d_forward",
        "_log_softmax",
        "pow",
    }
)
"""Ops whose result is to get smaller."""


_DISTANCES = LOSSES - {"pow", "_log_softmax"}
_OPTIMIZERS = frozenset(
    {"Adadelta", "Adafactor", "Adagrad", "Adam", "Adamax", "AdamW", "ASGD", "LBFGS", "Muon"}
    | {"NAdam", "RAdam", "RMSprop", "Rprop", "SGD", "SparseAdam"}
)
"""PyTorch's own: they go downhill unless asked."""
_ACTIONS = frozenset({"gather", "index"})
_LOGS = frozenset({"_log_softmax", "logsumexp", "log"})
_REWARD = re.compile(
    r"(^|[_.])(adv|advantages?|rewards?|rews?|returns?|rets?|gains?)(_|\d|$)", re.I
)
"""What is to grow, as programs call it: no number tells a reward from a cost."""


def check(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Look for updates along the gradient, and for a policy that unlearns what is rewarded."""
    yield from _updates(evidence, limits)
    yield from _negated(evidence, limits["steps"])
    yield from _policy(evidence, limits["steps"])
    yield from _bound(evidence, limits["steps"])


def _negated(evidence: Evidence, times: float) -> Iterator[Hit]:
    """Look for a known loss that the one optimizer of the weights is to make larger.

    What is added to the input may well be moved so: to attack a model.
    """
    seen: list[tuple[Flow, Op]] = []
    for flow in evidence.flows:
        made = flow.producers.get(flow.roots[0].index) if len(flow.roots) == 1 else None
        if made is None:
            continue
        if any(update.hyperparameters.get("maximize") is True for update in flow.updates):
            continue
        known = [t for t in terms(flow, flow.roots[0]) if kind(t.op) in _DISTANCES]
        weights = {w.index for op in flow.ops if (w := weight_of(flow, op)) is not None}
        numbers = {flow.parameter_of(flow.step.values[index]) for index in weights}
        moved = {update.parameter for update in flow.updates}
        if known and all(term.turned for term in known) and numbers & moved:
            seen.append((flow, made))
    losses = evidence.losses.values
    alone = len(evidence.optimizers) < 2 and len(seen) == len(evidence.flows) >= times
    if alone and losses[-1] < losses[0]:
        flow, op = seen[0]
        yield Hit(
            steps=evidence.alike(flow.index for flow, _ in seen),
            site=op.site if kind(op) == "neg" else flow.passes[0].site,
            event=op.index,
            message=message(
                "uphill-found", how="minus", first=f"{-losses[0]:.4g}", last=f"{-losses[-1]:.4g}"
            ),
            evidence={"loss_first": float(losses[0]), "loss_last": float(losses[-1])},
        )


def _policy(evidence: Evidence, times: float) -> Iterator[Hit]:
    """Follow the sign from the log-probabilities of drawn actions, times a reward, to the loss."""
    seen: list[tuple[Flow, Op, str]] = []
    for flow in evidence.flows:
        if any(update.hyperparameters.get("maximize") is True for update in flow.updates):
            return
        if not any(kind(op) == "multinomial" for op in flow.ops):
            continue
        for root in flow.roots:
            joined = flow.origin(root)
            if joined is None or kind(joined) not in ("mean", "sum"):
                continue
            product = flow.origin(inputs(joined)[0])
            name = _rewarded(flow, product) if product is not None else None
            if name is not None:
                seen.append((flow, joined, name))
    if len(seen) >= times:
        flow, op, name = seen[0]
        yield Hit(
            steps=evidence.alike(flow.index for flow, _, _ in seen),
            site=op.site,
            event=op.index,
            message=message("uphill-found", how="policy", first=name, last=""),
            severity="warning",
        )


def _rewarded(flow: Flow, product: Op) -> str | None:
    """Return what a reward is called that log-probabilities of actions are multiplied with."""
    taken = inputs(product)
    if kind(product) != "mul" or len(taken) != 2:
        return None
    for likely, reward in (taken, taken[::-1]):
        chosen, made = flow.origin(likely), flow.origin(reward)
        if chosen is None or kind(chosen) not in _ACTIONS or (made and kind(made) == "neg"):
            continue
        name = reward.name or flow.source(reward).name or ""
        if _REWARD.search(name) and not flow.kinds(flow.above(likely)).isdisjoint(_LOGS):
            return name
    return None


def _bound(evidence: Evidence, times: float) -> Iterator[Hit]:
    """Look for a score minus the logsumexp of scores by the same layer, which a run lowers.

    It is the logarithm of a probability, or a lower bound of an information: it is to grow.
    """
    losses = evidence.losses.values
    flows = [flow for flow in evidence.flows if flow.updates]
    if (
        len(evidence.optimizers) > 1
        or min(len(flows), len(losses)) < times
        or not losses[-1] < losses[0]
    ):
        return
    if all(_lowered(flow) for flow in flows):
        call = flows[0].passes[0]
        yield Hit(
            steps=evidence.alike(flow.index for flow in flows),
            site=call.site,
            event=call.index,
            message=message(
                "uphill-found", how="bound", first=f"{losses[0]:.4g}", last=f"{losses[-1]:.4g}"
            ),
            evidence={"loss_first": float(losses[0]), "loss_last": float(losses[-1])},
            severity="warning",
        )


def _lowered(flow: Flow) -> bool:
    if any(update.hyperparameters.get("maximize") is True for update in flow.updates):
        return False
    found = [term for root in flow.roots for term in terms(flow, root)]
    sums = [term for term in found if kind(term.op) in ("logsumexp", "logcumsumexp")]
    if not sums or not all(term.turned for term in sums):
        return False
    summed = [flow.origin(inputs(term.op)[0]) for term in sums]
    layers = {_layer(flow, op) for op in summed if op is not None}
    return any(_layer(flow, t.op) in layers for t in found if not t.turned and t not in sums)


def _layer(flow: Flow, op: Op) -> int:
    """Return the weights that a score is made with, else the op that makes it."""
    weight = weight_of(flow, op)
    return -1 - op.index if weight is None else weight.index


def _updates(evidence: Evidence, limits: Limits) -> Iterator[Hit]:
    """Compare the sign of each plain update with its gradient's, and look at the loss."""
    losses = evidence.losses.values
    if len(evidence.flows) < limits["steps"]:
        raise NotChecked("diagnose-needs-full-steps", count=int(limits["steps"]))
    if len(losses) < limits["steps"] or not (losses[0] < losses[-1] or np.isnan(losses[-1])):
        return
    hits: list[tuple[Flow, Update]] = []
    for flow in evidence.flows:
        plain = [update for update in flow.updates if flow.gradient_read(update) is not None]
        if not plain or not _to_fall(flow):
            continue
        turned = any(_turned(flow, op) for op in flow.ops if op.index in flow.loss_ops)
        if turned and not _upright(flow):
            return  # the loss is made of something that is to grow
        if all(_up(update, flow.gradient_read(update)) for update in plain):
            hits.append((flow, plain[0]))
    if len(hits) < limits["steps"] or len(hits) < len(evidence.flows) / 2:
        return
    flow, update = hits[0]
    yield Hit(
        steps=evidence.alike(flow.index for flow, _ in hits),
        site=evidence.option_site(update, "maximize", True),
        event=update.index,
        message=message(
            "uphill-found",
            how="hand" if update.manual else "maximize",
            first=f"{losses[0]:.4g}",
            last=f"{losses[-1]:.4g}",
        ),
        evidence={"loss_first": float(losses[0]), "loss_last": float(losses[-1])},
    )


def _to_fall(flow: Flow) -> bool:
    """Tell whether what the passes start at is to get smaller: a distance, or a known loss."""
    names = flow.kinds(flow.loss_ops)
    if not names.isdisjoint(LOSSES) or any(True for _ in criteria(flow)):
        return True
    # log(1 + exp(z)) is the price of a wrong sign; below 0 it is part of something else
    numbers = [root.number for root in flow.roots]
    return "softplus" in names and all(number is not None and number >= 0 for number in numbers)


def _upright(flow: Flow) -> bool:
    """Tell whether the distances in a loss reach it without a minus, or with two of them."""
    found = [term for root in flow.roots for term in terms(flow, root)]
    distances = [term for term in found if kind(term.op) in LOSSES]
    return bool(distances) and not any(term.turned for term in distances)


def _turned(flow: Flow, op: Op) -> bool:
    """Tell whether an op turns the sign of something trained."""
    return kind(op) == "neg" and any(flow.trained(value) for value in inputs(op))


def _up(update: Update, gradient: Array | None) -> bool:
    if update.hyperparameters.get("maximize") is True:
        return True
    own = not update.manual and update.name not in _OPTIMIZERS
    if not (own or update.manual) or update.before is None or update.after is None:
        return False
    before, after = update.before.array, update.after.array
    if before is None or after is None or gradient is None:
        return False
    change, along = after.astype(float) - before, gradient.astype(float)
    size = np.linalg.norm(change) * np.linalg.norm(along)
    # decay may point there too by chance: the gradient itself was added, or what adapts it
    return bool((change * along).sum() > (0.2 if own else 0.9) * size > 0)


FAILING = """\
import torch

X = torch.linspace(-1, 1, 32).unsqueeze(1)
y = 3 * X
weight = torch.zeros(1, 1, requires_grad=True)
for epoch in range(20):
    loss = ((X @ weight - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        weight += 0.1 * weight.grad
    weight.grad = None
"""

RULE = Rule(
    code="R25",
    name="uphill",
    kind="exact",
    severity="error",
    check=check,
    limits={"steps": 3},
    sources=("TheDeepChecker",),
    failing=FAILING,
    correct=FAILING.replace("weight += 0.1", "weight -= 0.1"),
    explains=("R40", "R53", "R80", "R49"),
)
