"""Losses as the rules see them: what was predicted, and what it was compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from retrograd.diagnose.flow import RESHAPING, Flow, inputs, kind
from retrograd.store.model import Op
from retrograd.store.value import Value

Measure = Literal["squared", "absolute", "bce", "logits", "classes"]

_MEASURES: Final[dict[str, Measure]] = {
    "mse_loss": "squared",
    "l1_loss": "absolute",
    "smooth_l1_loss": "absolute",
    "huber_loss": "absolute",
    "binary_cross_entropy": "bce",
    "binary_cross_entropy_with_logits": "logits",
    "nll_loss_forward": "classes",
    "nll_loss2d_forward": "classes",
    "cross_entropy_loss": "classes",  # as one op under inference_mode()
    "nll_loss_nd": "classes",
    "nll_loss": "classes",
}
AFFINE: Final = frozenset(
    {"addmm", "mm", "mv", "baddbmm", "convolution", "linear"}
    | {"matmul", "conv1d", "conv2d", "conv3d"}  # under inference_mode()
)
"""Ops that multiply with a weight."""
_SUMMING: Final = frozenset({"neg", "mean", "sum"})
ACTIVATIONS: Final = frozenset(
    {"relu", "relu_", "leaky_relu", "leaky_relu_", "gelu", "silu", "silu_", "elu", "elu_"}
    | {"sigmoid", "sigmoid_", "tanh", "tanh_", "softplus", "hardtanh", "hardtanh_", "mish"}
)
"""Element-wise functions between layers."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One loss: predictions compared with targets."""

    flow: Flow
    op: Op  # that compares
    measure: Measure
    prediction: Value  # scores, where a log-softmax stands between them and the op
    target: Value

    @property
    def loss(self) -> float | None:
        """The mean over the batch, None for a loss of each element or a sum."""
        out = self.op.outputs[0] if self.op.outputs else None
        if self.by_hand:
            return self._mean()
        return out.number if out is not None and self.op.arguments.get("reduction") == 1 else None

    @property
    def by_hand(self) -> bool:
        """Whether the program puts the loss together from ops of its own."""
        return kind(self.op) not in _MEASURES

    def _mean(self) -> float | None:
        """Return the mean of the squares of a difference, as a program writes it."""
        one, other = self.prediction.array, self.target.array
        if self.measure != "squared" or one is None or other is None or one.shape != other.shape:
            return None
        return float(np.mean((one.astype(np.float64) - other) ** 2))

    @property
    def guess(self) -> float | None:
        """The loss of guessing by the frequencies of the targets, None where that is not known."""
        array = self.target.array
        if array is None or not array.size or self.measure == "absolute":
            return None
        if self.measure == "squared":
            return float(np.var(array.astype(np.float64))) or None
        counts = np.unique(array, return_counts=True)[1] / array.size
        return float(-(counts * np.log(counts)).sum()) or None


def criteria(flow: Flow) -> Iterator[Criterion]:
    """Yield the losses that a step trains on."""
    for found in _all(flow):
        if found.op.index in flow.loss_ops and found.op.grad:
            yield found


def evaluations(flow: Flow) -> Iterator[Criterion]:
    """Yield the losses that are only looked at."""
    for found in _all(flow):
        if found.op.index not in flow.loss_ops and flow.trained(found.prediction):
            yield found


def _all(flow: Flow) -> Iterator[Criterion]:
    for op in flow.ops:
        measure = _MEASURES.get(kind(op))
        if measure is not None:
            prediction, target = op.arguments.get("self"), op.arguments.get("target")
        elif kind(op) in ("pow", "square", "abs") and _power(op) == 2.0:
            measure = "absolute" if kind(op) == "abs" else "squared"
            prediction, target = _difference(flow, op)
        elif kind(op) == "mul" and len(taken := inputs(op)) == 2:
            same = taken[0].index == taken[1].index  # error * error
            measure = "squared" if same else "bce"
            prediction, target = _difference(flow, op) if same else _likelihood(flow, *taken)
        elif kind(op) in ("gather", "index"):
            measure = "classes"
            prediction, target = _chosen(flow, op)
        else:
            continue
        if isinstance(prediction, Value) and isinstance(target, Value):
            yield Criterion(flow, op, measure, _scores(flow, prediction), target)


def _power(op: Op) -> object:
    return op.arguments.get("exponent") if kind(op) == "pow" else 2.0


def _difference(flow: Flow, op: Op) -> tuple[Value | None, Value | None]:
    """Return (prediction, target) of ``prediction - target``, in either order."""
    made = flow.producers.get(inputs(op)[0].index)
    taken = inputs(made) if made is not None and kind(made) == "sub" else []
    if len(taken) != 2 or taken[0].slot.count != taken[1].slot.count:
        return None, None
    trained = [flow.trained(value) for value in taken]
    if trained[0] == trained[1]:
        return None, None
    return (taken[0], taken[1]) if trained[0] else (taken[1], taken[0])


def _likelihood(flow: Flow, one: Value, other: Value) -> tuple[Value | None, Value | None]:
    """Return (prediction, target) of ``y * log(p)``, as in a binary cross-entropy by hand."""
    for target, log in ((one, other), (other, one)):
        made, given = flow.origin(log), flow.origin(target)
        if made is None or kind(made) != "log" or target.slot.count != log.slot.count:
            continue
        if given is not None and kind(given) in ("rsub", "sub"):
            continue  # 1 - y: the other half says the same
        prediction = inputs(made)[0]
        for _ in range(4):  # kept away from 0
            kept = flow.origin(prediction)
            if kept is None or kind(kept) not in ("clamp", "clamp_min", "add"):
                break
            prediction = inputs(kept)[0]
        if not _other_half(flow, inputs(made)[0], prediction):
            continue  # of one logarithm alone: counts by Poisson, or another likelihood
        if flow.trained(prediction) and not flow.trained(target):
            return prediction, target
    return None, None


def _other_half(flow: Flow, *given: Value) -> bool:
    """Tell whether a step takes the logarithm of 1 − p too, for one of some values p."""
    indices = {value.index for value in given}
    for op in flow.ops:
        made = flow.origin(inputs(op)[0]) if kind(op) in ("log", "log1p") else None
        for _ in range(4):
            if made is None or kind(made) not in ("clamp", "clamp_min", "add"):
                break
            made = flow.origin(inputs(made)[0])
        turned = made is not None and kind(made) in ("rsub", "sub", "neg")
        if made is not None and turned and not indices.isdisjoint(v.index for v in inputs(made)):
            return True
    return False


def _chosen(flow: Flow, op: Op) -> tuple[Value | None, Value | None]:
    """Return (scores, labels) of ``-log_softmax(z)[range(n), y].mean()``, and of ``gather``."""
    scores, labels = picked(flow, op)
    made = None if scores is None else flow.origin(scores)
    return (scores, labels) if made is not None and kind(made) == "_log_softmax" else (None, None)


def picked(flow: Flow, op: Op) -> tuple[Value | None, Value | None]:
    """Return (scores, labels) where an op picks each example's label, for a loss as it is."""
    taken = inputs(op)
    if kind(op) not in ("gather", "index") or len(taken) not in (2, 3):
        return None, None
    labels = flow.source(taken[-1])
    if taken[0].shape[:1] != labels.shape[:1] or not labels.dtype.startswith("int"):
        return None, None
    for out in op.outputs:  # what is weighed by something else may be a policy
        waiting = [] if out is None else [out]
        for _ in range(4):
            users = [user for value in waiting for user in flow.consumers.get(value.index, ())]
            if any(kind(user) not in _SUMMING | RESHAPING for user in users):
                return None, None
            waiting = [made for user in users for made in user.outputs if made is not None]
    return taken[0], labels


def _scores(flow: Flow, prediction: Value) -> Value:
    made = flow.origin(prediction)
    return inputs(made)[0] if made is not None and kind(made) == "_log_softmax" else prediction


def weight_of(flow: Flow, op: Op) -> Value | None:
    """Return the trained tensor that an affine op multiplies with."""
    if kind(op) not in AFFINE:
        return None
    for value in inputs(op)[::-1]:
        source = flow.source(value)
        if len(source.shape) > 1 and flow.parameter_of(source) is not None:
            return source
    return None


def data_of(flow: Flow, op: Op) -> Value | None:
    """Return what an affine op multiplies with its weight."""
    weight = weight_of(flow, op)
    for value in inputs(op):
        if len(value.shape) > 1 and weight is not None and flow.source(value) is not weight:
            return value
    return None


def before_bias(flow: Flow, value: Value) -> Op | None:
    """Return the op that computed a value, looking through an added bias: ``x @ w + b``."""
    made = flow.origin(value)
    if made is not None and kind(made) in ("add", "add_"):
        rest = [v for v in inputs(made) if flow.parameter_behind(v) is None]
        if len(rest) == 1 and len(inputs(made)) == 2:
            return flow.origin(rest[0])
    return made


def weights_follow(flow: Flow, op: Op) -> bool:
    """Tell whether the results of an op go into a layer with weights, attention among them."""
    below = flow.below([out for out in op.outputs if out is not None])
    return bool(flow.kinds(below) & (AFFINE | {"bmm"}))
