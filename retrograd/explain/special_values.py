"""What is special in the numbers of one event: NaN and Inf, saturation, cut logarithms, ties.

A formula says what happens in general. Here stand the sentences for numbers where floating-point
arithmetic or PyTorch goes its own way, each with how many elements it concerns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from retrograd.explain.arguments import tensors
from retrograd.explain.functions.attention import bag_frequencies
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.model import NodeRun, Op, Update
from retrograd.store.value import Value

_LARGEST: Final = {
    "float64": "1.8·10³⁰⁸",
    "float32": "3.4·10³⁸",
    "bfloat16": "3.4·10³⁸",
    "float16": "65504",
}


def name_of(op: Op) -> str:
    """Return an op's name without namespace, overload, and the mark of an in-place variant."""
    name = op.name.removeprefix("aten::").partition(".")[0]
    return name if name.startswith("__") else name.removesuffix("_")


def of_op(op: Op) -> Iterator[Message]:
    """Yield what is special in the numbers of a forward op."""
    born = [output for output in op.outputs if output is not None]
    given = list(tensors(op.arguments.values()))
    handed_over = any(isinstance(item, float) and math.isinf(item) for item in _plain(op))
    if given and born:
        yield from _not_finite(given, born, "value", _forward_causes(op), handed_over)
    find = _FORWARD.get(name_of(op))
    if find is not None:
        yield from find(op)


def of_run(op: Op | None, run: NodeRun) -> Iterator[Message]:
    """Yield what is special in the numbers of a node's gradients."""
    sent = [gradient for gradient in run.grad_inputs if gradient is not None]
    slope = message("special-slope")
    given = [] if op is None else [*tensors(op.arguments.values()), *op.outputs]
    yield from _not_finite([*run.grad_outputs, *given], sent, "gradient", (slope, slope))
    find = None if op is None else _BACKWARD.get(name_of(op))
    if op is not None and find is not None:
        yield from find(op)


def of_update(update: Update) -> Iterator[Message]:
    """Yield where a parameter gets NaN or infinities from."""
    if update.after is not None:
        given = [update.before, update.gradient, *update.state_before.values()]
        none = message("special-no-value")
        yield from _not_finite(given, [update.after], "value", (none, none))


def _plain(op: Op) -> Iterator[object]:
    for argument in op.arguments.values():
        yield from argument if isinstance(argument, tuple) else (argument,)


# -- NaN and Inf ----------------------------------------------------------------------------------


def _not_finite(
    given: Iterable[Value | None],
    made: Sequence[Value],
    side: str,
    causes: tuple[Message, Message],
    handed_over: bool = False,
) -> Iterator[Message]:
    """Yield where NaN and infinities began, or that they came in and travel on.

    ``causes`` say why finite numbers give NaN, and why infinities. Only the first one is said.
    """
    nans, infinities = _odd(made)
    if not nans and not infinities:
        return
    had_nans, had_infinities = _odd(given)
    total = sum(value.slot.count for value in made)
    said: list[Message] = []
    if nans:
        way = "travels" if had_nans else "born"
        yield message(f"special-nan-{way}-{side}", count=nans, total=total)
        if not had_nans:
            said.append(message("special-of-infinities") if had_infinities else causes[0])
    if infinities:
        way = "travels" if had_infinities or handed_over else "born"
        yield message(f"special-inf-{way}-{side}", count=infinities, total=total)
        if way == "born":
            said.append(causes[1])
    yield from said[:1]


def _odd(values: Iterable[Value | None]) -> tuple[int, int]:
    """Return how many elements are NaN, and how many infinite."""
    nans = infinities = 0
    for value in values:
        if value is None:
            continue
        array = value.array
        if array is None:
            figures = value.statistics
            nans += 0 if figures is None else figures.nans
            infinities += 0 if figures is None else figures.infs
        elif array.dtype.kind in "fc" and not np.isfinite(array).all():
            nans += int(np.isnan(array).sum())
            infinities += int(np.isinf(array).sum())
    return nans, infinities


def _forward_causes(op: Op) -> tuple[Message, Message]:
    """Return why finite numbers gave NaN, and why they gave an infinity."""
    name, array = name_of(op), _array(op, "self")
    if array is not None and array.dtype.kind in "fiu":
        if name in ("log", "log2", "log10"):
            return message("special-log-negative"), message("special-log-zero")
        if name in ("sqrt", "rsqrt") and (array < 0).any():
            return message("special-root-negative"), message("special-divided-by-zero")
    divisor = {"div": _array(op, "other"), "reciprocal": array, "rsqrt": array}.get(name)
    if divisor is not None and (divisor == 0).any():
        cause = message("special-divided-by-zero")
        return cause, cause
    made = next(output for output in op.outputs if output is not None)
    none, largest = message("special-no-value"), _LARGEST.get(made.dtype)
    if largest is None:
        return none, none
    return none, message("special-overflow", dtype=made.dtype, largest=largest)


# -- what the ops do ------------------------------------------------------------------------------


def _array(op: Op, name: str) -> Array | None:
    value = op.arguments.get(name)
    return value.array if isinstance(value, Value) else None


def _result(op: Op) -> Array | None:
    value = op.outputs[0] if op.outputs else None
    return None if value is None else value.array


def _counted(id: str, where: Array | None) -> Iterator[Message]:
    """Yield a message if there is any such element."""
    if where is not None and where.any():
        yield message(id, count=int(where.sum()), total=where.size)


def _wrong_and_certain(op: Op) -> Array | None:
    """Return where a probability is exactly 0 or 1 and the target is another."""
    given, target = _array(op, "self"), _array(op, "target")
    if given is None or target is None:
        return None
    return np.asarray(((given == 0) | (given == 1)) & (given != target))


def _saturated(op: Op) -> Iterator[Message]:
    result = _result(op)
    if result is not None:
        yield from _counted("special-saturated-sigmoid", (result == 0) | (result == 1))


def _saturated_tanh(op: Op) -> Iterator[Message]:
    result = _result(op)
    yield from _counted("special-saturated-tanh", None if result is None else np.abs(result) == 1)


def _rectified(op: Op) -> Iterator[Message]:
    """Read the result: relu in place has overwritten what went in."""
    result = _result(op)
    yield from _counted("special-relu-off", None if result is None else result == 0)


def _ties(op: Op) -> Iterator[Message]:
    """Count the results that several elements have in common."""
    if "other" in op.arguments:
        yield from _equal(op)
        return
    array, result = _array(op, "self"), _result(op)
    if array is None or result is None or not array.size:
        return
    dim = op.arguments.get("dim", ())
    axes = tuple([int(str(each)) for each in (dim if isinstance(dim, tuple) else (dim,))])
    if result.ndim < array.ndim and result.ndim:
        result = np.expand_dims(result, axes)
    equal = (array == result).sum(axis=axes or None)
    yield from _counted("special-ties", np.asarray(equal > 1))


def _equal(op: Op) -> Iterator[Message]:
    one, other = _array(op, "self"), _array(op, "other")
    if one is not None and other is not None:
        yield from _counted("special-equal", np.asarray(one == other))


def _of_other_rows(op: Op) -> Iterator[Message]:
    """Count the indices of bags whose gradient PyTorch divides by another row's count."""
    indices = _array(op, "indices")
    summed = op.arguments.get("mode") != 2  # the largest is taken without counts
    if indices is not None and summed and op.arguments.get("scale_grad_by_freq"):
        divisors, counts = bag_frequencies(indices)
        yield from _counted("special-counts-of-others", divisors != counts)


Find = Callable[[Op], Iterator[Message]]

_FORWARD: Final[Mapping[str, Find]] = {
    "binary_cross_entropy": lambda op: _counted("special-log-cut", _wrong_and_certain(op)),
}
_BACKWARD: Final[Mapping[str, Find]] = {
    "binary_cross_entropy": lambda op: _counted("special-steepest", _wrong_and_certain(op)),
    "_embedding_bag": _of_other_rows,
    "sigmoid": _saturated,
    "tanh": _saturated_tanh,
    "relu": _rectified,
    "maximum": _equal,
    "minimum": _equal,
    **dict.fromkeys(("max", "min", "amax", "amin"), _ties),
}
